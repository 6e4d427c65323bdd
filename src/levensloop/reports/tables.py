"""The layers of a case as tables of text, the first row of each with headings."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from levensloop.measures.aspects import known
from levensloop.reports.discussion import Topic
from levensloop.reports.notes import Note, Notes
from levensloop.rulebooks import rulebook
from levensloop.schema import vocabulary
from levensloop.text import day, days, named, say

Rows = tuple[tuple[str, ...], ...]


def finding_rows(
    rows: Sequence[dict[str, Any]], keys: Sequence[str], notes: Notes, lang: str, *, years: bool = False
) -> Rows:
    """What was found; what was said of it if anything was."""
    columns = ("when", "finding", "certainty", "agency", "length", "rule")
    table = [
        (
            span(row["start"], row["end"], lang, years=years),
            finding_name(row, lang),
            say(f"certainty.{row['certainty']}", lang),
            " → ".join(part for part in (row["agency"], row["to_agency"]) if part),
            days(row["days_min"], row["days_max"], lang),
            _rule(row["rule"], lang),
        )
        for row in rows
    ]
    return _with_notes(_heads(columns, lang), table, _said(notes, keys, lang, years=years), lang)


def fact_rows(rows: Sequence[dict[str, Any]], notes: Notes, lang: str, *, years: bool = False) -> Rows:
    """The facts in order of time; what was said of them if anything was."""
    columns = ("when", "agency", "kind", "what", "why", "by_whom", "result", "initiative", "sources")
    initiatives = vocabulary()["initiatives"]
    table = [
        (
            dates(row, lang, years=years),
            row["agency"],
            fact_name(row, lang),
            *(row[key] or "" for key in ("what", "why", "by_whom", "result")),
            initiatives[row["initiative"]][lang] if row["initiative"] else "",
            ", ".join(row["sources"]),
        )
        for row in rows
    ]
    said = _said(notes, [row["event"] for row in rows], lang, years=years)
    return _with_notes(_heads(columns, lang), table, said, lang)


def topic_rows(topics: Sequence[Topic], lang: str) -> Rows:
    """What to talk about, by aspect."""
    rows = [(aspect_name(one.aspect, lang), one.sentence, one.question) for one in topics]
    return (_heads(("aspect", "finding", "ask"), lang), *rows)


def note_rows(notes: Notes, called: dict[str, str], lang: str, *, years: bool = False) -> Rows:
    """Every note under its number: of what it speaks, in words, and what it says.

    A note whose target is not there says so.
    """
    rows = [
        (
            str(number),
            say("case.whole", lang)
            if note.target is None
            else called.get(note.target, say("case.unknown_target", lang)),
            say(f"stance.{note.stance}", lang),
            note.text,
            note.author,
            when(note.date, lang, years=years),
        )
        for number, note in enumerate(notes, 1)
    ]
    return (_heads(("number", "about", "stance", "words", "author", "date"), lang), *rows)


def _rule(name: str | None, lang: str) -> str:
    """A rule by what it says; one of a rulebook of one's own by its name."""
    book = rulebook()
    return "" if not name else getattr(book[name], lang) if name in book else name.replace("_", " ")


def finding_name(row: dict[str, Any], lang: str) -> str:
    """A finding by its detector and outcome."""
    return f"{named('detector', row['detector'], lang)}: {named('outcome', row['outcome'], lang)}"


def fact_name(row: dict[str, Any], lang: str) -> str:
    """A fact by its kind."""
    return vocabulary()["kinds"][row["kind"]][lang]


def aspect_name(aspect: str, lang: str) -> str:
    """An aspect by its name."""
    return say("case.other", lang) if aspect == "other" else known()[aspect].names[lang]


def told(note: Note, lang: str, *, years: bool = False) -> str:
    """A note in one line."""
    head = f"{say(f'stance.{note.stance}', lang)} ({note.author}, {when(note.date, lang, years=years)})"
    return f"{head}: {note.text}" if note.text else head


def when(known: date | tuple[date, date], lang: str, *, years: bool = False) -> str:
    """A day, or what is known of it, in words; or its years.

    Examples
    --------
    >>> when(date(2005, 3, 1), "en"), when((date(2005, 3, 1), date(2005, 4, 1)), "en", years=True)
    ('1 March 2005', '2005')
    """
    if not years:
        return day(known, lang)
    first, last = (known, known) if isinstance(known, date) else known
    return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"  # noqa: RUF001 - a span


def span(start: date, end: date, lang: str, *, years: bool = False) -> str:
    """Half-open days in words."""
    last = _before(end)
    if start >= last or years:
        return when((start, max(start, last)), lang, years=years)
    return say("case.span", lang, {"first": day(start, lang), "last": day(last, lang)})


def filled(rows: Rows) -> Rows:
    """A table without the columns that hold nothing but their heading.

    Examples
    --------
    >>> filled((("when", "why", "what"), ("2005", "", "care"), ("2006", "", "")))
    (('when', 'what'), ('2005', 'care'), ('2006', ''))
    """
    kept = [at for at in range(len(rows[0])) if any(row[at] for row in rows[1:])]
    return tuple(tuple(row[at] for at in kept) for row in rows) if kept else rows


def _heads(columns: Sequence[str], lang: str) -> tuple[str, ...]:
    return tuple(say(f"case.{key}", lang) for key in columns)


def _with_notes(
    heads: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    said: Sequence[str] | None,
    lang: str,
) -> Rows:
    if said is None:
        return (heads, *rows)
    return ((*heads, say("case.said", lang)), *((*row, text) for row, text in zip(rows, said, strict=True)))


def _said(notes: Notes, targets: Sequence[str], lang: str, *, years: bool) -> list[str] | None:
    """What was said of each target; nothing at all if there are no notes."""
    if not len(notes):
        return None
    return ["\n".join(told(note, lang, years=years) for note in notes.of(target)) for target in targets]


def dates(row: dict[str, Any], lang: str, *, years: bool = False) -> str:
    """What is known of when a fact was, in words."""
    start = when((row["start_min"], row["start_max"]), lang, years=years)
    if row["end_max"] is None:
        return start
    last = [_before(row[name]) for name in ("end_min", "end_max")]
    if [row["start_min"], row["start_max"]] == last:
        return start
    end = when((last[0], last[1]), lang, years=years)
    if years and end == start:
        return start
    return say("case.span", lang, {"first": start, "last": end})


def _before(when: date) -> date:
    return when - timedelta(days=1)
