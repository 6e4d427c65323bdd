"""From a CSV of your own to a gap and a figure: the columns carry the default names, so no layout is needed."""

import sys
import tempfile
from pathlib import Path

import levensloop as ll

ROWS = """\
person,birth,agency,sector,kind,start,end,reason,what
youth-1,1990-04-12,Primary school,education,school,1996-08-19,2002-07-05,,Primary school
youth-1,1990-04-12,Youth team,youth_care,care,2003-02-03,2003-11-28,client_left,Help at home
youth-1,1990-04-12,Secondary school,education,absence,2004-03,,,Away for weeks
youth-1,1990-04-12,GP,health,referral,2004-06-14,,,Referred on
youth-1,1990-04-12,Clinic,mental_health,care,2004-11-01,2005-06-30,goal_reached,Treatment
"""


def main(folder: Path) -> None:
    """Write the CSV in a folder, read it, and leave a figure beside it."""
    file = folder / "own.csv"
    file.write_text(ROWS, encoding="utf-8")

    events = ll.read(file)
    for fault in events.faults:
        print(fault)
    cohort = ll.merge(events, ll.link(events))
    findings = ll.detect(cohort, ll.Gap(min_days=60))
    for finding in findings.to_arrow().to_pylist():
        last = finding["end"].fromordinal(finding["end"].toordinal() - 1)  # ends are the first day after
        print(f"{finding['certainty']} gap of {finding['days_min']} days: {finding['start']} to {last}")

    for number, page in enumerate(ll.figures.life_course(cohort["youth-1"], findings, lang="en"), 1):
        path = folder / f"youth-1-page-{number}.png"
        page.savefig(path)
        print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()))
