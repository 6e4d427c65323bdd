"""The layers of a case as they stand on paper and slides: findings in sentences with their evidence, and what to ask."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from levensloop.reports.discussion import discussion, sentences
from levensloop.reports.levels import years_only
from levensloop.reports.tables import Rows, aspect_name, filled, when
from levensloop.text import say

if TYPE_CHECKING:
    from levensloop.reports.case import Case

#: Of a learning point, room to write in lines.
_FORM: Final = 4
#: Of a finding on a slide, so many facts.
_BEHIND: Final = 5


@dataclass(frozen=True)
class Part:
    """A part of a case.

    Parameters
    ----------
    title, intro : str
    rows : tuple of tuple of str
        The first with headings; a row of one cell is a heading between the others.
    lines : int
        A row is at least so many lines high: room to write.
    """

    title: str
    intro: str
    rows: tuple[tuple[str, ...], ...]
    lines: int = 1


def parts(case: "Case", *, brief: bool = False) -> list[Part]:
    """The layers that are tables, each under its title; notes, and what changed, only if there are any.

    Parameters
    ----------
    case : Case
    brief : bool
        For slides: without the chronology, and of a finding only the most telling.
    """
    tables = case.tables(case.lang)
    rows = {
        "findings": filled(_findings(case, brief=brief)),
        "voices": tables["voices"],
        "discussion": _questions(case),
        "notes": tables["notes"],
        "learning": tables["learning"],
        "compared": tables.get("compared", ()),
        "chronology": () if brief else filled(tables["chronology"]),
    }
    if not len(case.notes):
        rows["notes"] = ()
    return [
        Part(
            say(f"case.{name}", case.lang),
            say(f"case.{name}_layer", case.lang),
            told,
            _FORM if name == "learning" and not brief else 1,
        )
        for name, told in rows.items()
        if told
    ]


def _findings(case: "Case", *, brief: bool) -> Rows:
    """What was found: when, by which rule, in a sentence, how certain, on which facts, and what was said of it."""
    names, *rows = case.tables(case.lang)["findings"]
    told = [say("case.told", case.lang), *sentences(case.timeline, case.seen, case.lang)]
    behind = [say("case.evidence", case.lang), *evidence(case, _BEHIND if brief else None)]
    whole = zip((names, *rows), told, behind, strict=True)
    if brief:
        return tuple((row[0], sentence, row[2], facts, *row[6:]) for row, sentence, facts in whole)
    return tuple((*row[:2], sentence, row[2], facts, *row[4:]) for row, sentence, facts in whole)


def evidence(case: "Case", most: int | None = None) -> list[str]:
    """Of each finding the facts on which it leans, a line each: a day and an agency.

    Parameters
    ----------
    case : Case
    most : int, optional
        Only so many, and the number of the others.
    """
    years = years_only(case.timeline)
    facts = {
        fact[
            "event"
        ]: f"{when((fact['start_min'], fact['start_max']), case.lang, years=years)} ({fact['agency']})"
        for fact in case.timeline.events.to_arrow().to_pylist()
    }
    told: list[str] = []
    for row in case.seen.to_arrow().column("evidence").to_pylist():
        lines = [facts[event] for event in row or () if event in facts]
        if most is not None and len(lines) > most:
            lines[most - 1 :] = [say("case.more", case.lang, {"n": len(lines) - most + 1})]
        told.append("\n".join(lines))
    return told


def _questions(case: "Case") -> Rows:
    """What to talk about, by aspect: sentences with their open questions."""
    rows: list[tuple[str, ...]] = [tuple(say(f"case.{name}", case.lang) for name in ("finding", "ask"))]
    topics = discussion(case.seen, case.timeline, lang=case.lang)
    for aspect, of in groupby(topics, lambda topic: topic.aspect):
        rows.append((aspect_name(aspect, case.lang),))
        rows += [(topic.sentence, topic.question) for topic in of]
    return tuple(rows)
