"""A life in a few lines of text, for examples and tests."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

import pyarrow as pa

from levensloop.cohort import Cohort
from levensloop.events import EventParts, Events
from levensloop.linking import link
from levensloop.merging import merge
from levensloop.schema import DEFAULT_COLUMNS, SOURCES, words

Window: TypeAlias = tuple[date, date]

#: The sector of an agency that a sketch does not put elsewhere; any other is youth care.
SECTORS: Final = {
    "audi": "health",
    "cjg": "municipality",
    "court": "justice",
    "family": "home",
    "ggz": "mental_health",
    "gp": "health",
    "home": "home",
    "municipality": "municipality",
    "police": "justice",
    "rmc": "municipality",
    "school": "education",
    "speech": "health",
    "uwv": "work_income",
}
_SHORT: Final = {"type": "care_type", "id": "care_id"}
_WIDE: Final = (date(1990, 1, 1), date(2029, 12, 31))


@dataclass(frozen=True)
class Sketch:
    """What a sketch says, in the default layout: one table per agency.

    Parameters
    ----------
    tables : dict of str to pyarrow.Table
        Rows by agency; every column is text.
    windows : dict of str to tuple of datetime.date
        First and last observed day by agency, both inclusive.
    ages : dict of str to tuple of int
        The birthdays between which an agency sees a youth.
    """

    tables: dict[str, pa.Table]
    windows: dict[str, Window]
    ages: dict[str, tuple[int, int]]


@dataclass
class _Draft:
    window: Window = _WIDE
    windows: dict[str, Window] = field(default_factory=dict[str, Window])
    ages: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    births: dict[str, str] = field(default_factory=dict[str, str])
    rows: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


def parse_sketch(text: str) -> Sketch:
    """Read the lines of a sketch; nothing is computed.

    Parameters
    ----------
    text : str
        See :func:`sketch`.

    Returns
    -------
    Sketch

    Examples
    --------
    >>> said = parse_sketch("birth 1989-05-02; gp referral 2005-01-10 > ggz")
    >>> said.tables["gp"].select(["person", "kind", "start", "to_agency"]).to_pylist()
    [{'person': 'a', 'kind': 'referral', 'start': '2005-01-10', 'to_agency': 'ggz'}]
    """
    draft = _Draft()
    youth = "a"
    for line in _lines(text):
        match line:
            case ["youth", name]:
                youth = name
            case ["birth", date]:
                draft.births[youth] = date
            case ["window", span]:
                draft.window = _window(span)
            case ["window", agency, span]:
                draft.windows[agency] = _window(span)
            case ["ages", agency, span]:
                first, last = _pair(span)
                draft.ages[agency] = (int(first), int(last))
            case [agency, kind, dates, *rest]:
                draft.rows.append({"person": youth, **_event(agency, kind, dates), **_rest(rest)})
            case _:
                raise ValueError(f"a sketch cannot say {' '.join(line)!r}")
    return _finish(draft)


def sketch(text: str) -> Cohort:
    """Draw a life, or a few, in lines of text.

    Lines (or parts between ``;``) read ``agency kind dates``, then in any order ``> agency`` (to whom), a reason, a
    sector, and ``column=value``. Dates are EDTF; ``start..end`` gives both, inclusive, ``start..`` is still open. The
    lines ``birth DATE``, ``window FIRST..LAST``, ``window AGENCY FIRST..LAST``, ``ages AGENCY 0..18`` and
    ``youth NAME`` (whose lines follow) tell the rest. Each agency is a source of its own.

    Parameters
    ----------
    text : str
        The lines; ``#`` opens a comment.

    Returns
    -------
    Timeline or Cohort
        A Timeline if the sketch has one youth.

    Examples
    --------
    >>> life = sketch('''
    ...     birth 1989-05-02; window 1990-01-01..2010-12-31
    ...     gp referral 2005-01-10 > ggz
    ...     ggz care 2005-03-01..2005-09-30 goal_reached
    ... ''')
    >>> life.id, len(life.events), len(life.episodes)
    ('a', 2, 1)
    """
    said = parse_sketch(text)
    events = Events.concat(
        _with_ages(Events(table, window=said.windows[agency], source=agency), said.ages.get(agency))
        for agency, table in said.tables.items()
    )
    if events.faults:
        raise ValueError("\n".join(str(fault) for fault in events.faults))
    cohort = merge(events, link(events))
    return cohort[next(iter(cohort))] if len(cohort) == 1 else cohort


def _with_ages(events: Events, ages: tuple[int, int] | None) -> Events:
    """The events of one source that sees a youth between two birthdays only."""
    if ages is None:
        return events
    row: dict[str, Any] = events.sources.to_arrow().to_pylist()[0]
    sources = pa.Table.from_pylist([{**row, "ages": {"start": ages[0], "end": ages[1]}}], schema=SOURCES)
    return Events.of(
        EventParts(
            events.to_arrow(),
            events.origin.to_arrow(),
            events.persons.to_arrow(),
            sources,
            events.records,
            events.faults,
            events.until,
        )
    )


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        tokens = shlex.split(line.replace(";", " ; "), comments=True)
        while ";" in tokens:
            cut = tokens.index(";")
            if tokens[:cut]:
                yield tokens[:cut]
            tokens = tokens[cut + 1 :]
        if tokens:
            yield tokens


def _pair(span: str) -> tuple[str, str]:
    first, _, last = span.partition("..")
    return first, last


def _window(span: str) -> Window:
    first, last = _pair(span)
    return date.fromisoformat(first), date.fromisoformat(last)


def _event(agency: str, kind: str, dates: str) -> dict[str, str]:
    if kind not in words("kinds"):
        raise ValueError(f"{kind!r} is not a kind of event")
    start, end = _pair(dates)
    sector = SECTORS.get(agency, "youth_care")
    return {"agency": agency, "sector": sector, "kind": kind, "start": start, "end": end}


def _rest(tokens: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = iter(tokens)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == ">":
            found["to_agency"] = next(rest, "")
        elif equals and _SHORT.get(name, name) in DEFAULT_COLUMNS:
            found[_SHORT.get(name, name)] = value
        elif word in words("reasons"):
            found["reason"] = word
        elif word in words("sectors"):
            found["sector"] = word
        else:
            raise ValueError(f"{word!r} is not a reason, a sector or a column=value")
    return found


def _finish(draft: _Draft) -> Sketch:
    agencies = dict.fromkeys(row["agency"] for row in draft.rows)
    tables = {
        agency: pa.table(
            {
                column: pa.array(
                    [
                        (draft.births.get(row["person"]) if column == "birth" else row.get(column)) or None
                        for row in draft.rows
                        if row["agency"] == agency
                    ],
                    pa.string(),
                )
                for column in DEFAULT_COLUMNS
            }
        )
        for agency in agencies
    }
    windows = {agency: draft.windows.get(agency, draft.window) for agency in agencies}
    return Sketch(tables, windows, draft.ages)
