"""The layers of a case as they stand on paper and slides: findings in sentences with their evidence, and what to ask."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from levensloop.reports.discussion import discussion, sentences
from levensloop.reports.tables import Rows, aspect_name
from levensloop.text import day, say

if TYPE_CHECKING:
    from levensloop.reports.case import Case


def heads(columns: Sequence[str], lang: str) -> tuple[str, ...]:
    """The headings of columns."""
    return tuple(say(f"case.{name}", lang) for name in columns)


def told_findings(case: "Case") -> Rows:
    """What was found: when, by which rule of thumb, in a sentence, how certain, on which facts, and what was said of it."""
    lang = case.lang
    plain, *rows = case.tables(lang)["findings"]
    when = evidence(case)
    told = sentences(case.timeline, case.seen, lang)
    made = [
        (*row[:2], sentence, row[2], events, *row[4:])
        for row, sentence, events in zip(rows, told, when, strict=True)
    ]
    return ((*plain[:2], *heads(("told",), lang), plain[2], *heads(("evidence",), lang), *plain[4:]), *made)


def evidence(case: "Case") -> list[str]:
    """Of each finding the facts on which it leans: a day and an agency each."""
    facts = {
        fact["event"]: f"{day((fact['start_min'], fact['start_max']), case.lang)} ({fact['agency']})"
        for fact in case.timeline.events.to_arrow().to_pylist()
    }
    return [
        "\n".join(facts[event] for event in row or () if event in facts)
        for row in case.seen.to_arrow().column("evidence").to_pylist()
    ]


def asked(case: "Case") -> dict[str, Rows]:
    """What to talk about, by the name of its aspect: sentences with their open questions, each first with headings."""
    head = heads(("finding", "ask"), case.lang)
    found: dict[str, Rows] = {}
    for topic in discussion(case.seen, case.timeline, lang=case.lang):
        name = aspect_name(topic.aspect, case.lang)
        found[name] = (*found.get(name, (head,)), (topic.sentence, topic.question))
    return found
