"""A case in the letters that the fonts have."""

from dataclasses import replace

from levensloop.figures.case import Case
from levensloop.figures.wrap import Measure, clean


def printable(case: Case, measure: Measure) -> tuple[Case, dict[str, int]]:
    """The case with a sign for every character that no font has, and how many each fact had."""

    def text(value: str) -> str:
        value = clean(value)
        missing = measure.missing(value)
        return "".join("\ufffd" if letter in missing else letter for letter in value) if missing else value

    lost: dict[str, int] = {}
    for fact in case.facts:
        told = clean(fact.agency + fact.what)
        missing = measure.missing(told)
        if missing:
            lost[fact.id] = sum(1 for letter in told if letter in missing)

    facts = tuple(
        replace(
            fact,
            agency=text(fact.agency),
            to_agency=text(fact.to_agency),
            what=text(fact.what),
            why=text(fact.why),
        )
        for fact in case.facts
    )
    runs = tuple(replace(run, agency=text(run.agency)) for run in case.runs)
    seen = tuple(replace(s, agency=text(s.agency), to_agency=text(s.to_agency)) for s in case.seen)
    remarks = tuple(replace(one, author=text(one.author), text=text(one.text)) for one in case.remarks)
    youth = text(case.youth) or "X"
    return replace(case, youth=youth, facts=facts, runs=runs, seen=seen, remarks=remarks), lost
