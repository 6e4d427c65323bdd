"""The four verbs in ten lines, on the sample data of one youth."""

import levensloop as ll

events = ll.read("data/sample/jorien")  # a delivery: fourteen files, each with columns of its own
people = ll.link(events)  # which records are one youth, and why
cohort = ll.merge(events, people)  # one timeline per youth
findings = ll.detect(cohort)  # every built-in detector, with the Dutch rulebook

print(findings.count("detector", "certainty").to_pandas())
jorien = cohort["jorien"]
for number, page in enumerate(ll.figures.life_course(jorien, findings, lang="en"), 1):
    page.savefig(f"jorien-{number}.png")
ll.reports.case(jorien, findings, lang="en").save("jorien.html")
