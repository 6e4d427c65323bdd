"""One timeline and its findings as small frozen objects: what the layout reads.

Days are ordinals (``date.toordinal``), ends exclusive. Nothing here draws or decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

_EPOCH: Final = date(1970, 1, 1).toordinal()


class Tabular(Protocol):
    """Anything with rows."""

    def to_arrow(self) -> pa.Table:
        """The rows."""
        ...


class TimelineLike(Protocol):
    """What a figure asks of a timeline."""

    @property
    def id(self) -> str:
        """The youth's key."""
        ...

    @property
    def events(self) -> Tabular:
        """The facts."""
        ...

    @property
    def episodes(self) -> Tabular:
        """The intervals."""
        ...

    @property
    def youths(self) -> Tabular:
        """One row on the youth."""
        ...


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One event: `first` and `last` are its earliest and latest first day."""

    id: str
    order: int
    agency: str
    sector: str
    kind: str
    first: int
    last: int
    precision: str
    to_agency: str
    care_type: str
    problem: str
    what: str
    why: str
    result: str
    initiative: str
    reason: str
    about: str
    disputed: bool

    @property
    def middle(self) -> float:
        """Half-way its bounds: where it stands, unless it may slide."""
        return (self.first + self.last) / 2

    @property
    def exact(self) -> bool:
        """Whether its day is known."""
        return self.first == self.last


@dataclass(frozen=True, kw_only=True)
class Run:
    """One episode: possible cover [first, end), sure cover [sure_first, sure_end)."""

    agency: str
    sector: str
    care_type: str
    role: str
    about: str
    first: int
    sure_first: int
    sure_end: int
    end: int
    open: bool
    start_event: str
    end_event: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One finding; `limit` is the first and last day on which its age limit may cut off."""

    order: int
    detector: str
    outcome: str
    certain: bool
    start: int
    end: int
    days: tuple[int, int | None]
    ongoing: bool
    agency: str
    to_agency: str
    sector: str
    rule: str
    rule_names: Mapping[str, str]
    age: int | None
    limit: tuple[int, int] | None
    norm: int | None
    over_norm: str
    measures: Mapping[str, int]
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A youth: an initial (or the key, if nobody asked for a mask), facts, runs and findings."""

    youth: str
    mask: bool
    birth: tuple[int, int] | None
    until: int
    facts: tuple[Fact, ...]
    runs: tuple[Run, ...]
    seen: tuple[Seen, ...]

    @property
    def initial(self) -> str:
        """How the youth is called in the figure."""
        first = next((letter for letter in self.youth if letter.isalnum()), "X")
        return first.upper() if self.mask else self.youth


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()


def _text(row: Mapping[str, Any], name: str) -> str:
    return row.get(name) or ""


def _facts(rows: list[dict[str, Any]]) -> tuple[Fact, ...]:
    facts = [
        Fact(
            id=row["event"],
            order=order,
            first=row["start_min"].toordinal(),
            last=row["start_max"].toordinal(),
            sector=row.get("sector") or "other",
            kind=row.get("kind") or "other",
            about=row.get("about") or "youth",
            disputed=bool(row.get("disputed")),
            **{
                name: _text(row, name)
                for name in ("agency", "precision", "to_agency", "care_type", "problem")
            },
            **{name: _text(row, name) for name in ("what", "why", "result", "initiative", "reason")},
        )
        for order, row in enumerate(rows)
    ]
    return tuple(sorted(facts, key=lambda f: (f.middle, f.first, f.last, f.order)))


def _runs(rows: list[dict[str, Any]], until: int) -> tuple[Run, ...]:
    runs: list[Run] = []
    for row in rows:
        first, sure_first = row["start_min"].toordinal(), row["start_max"].toordinal()
        latest = max(until, sure_first + 1)
        end = _day(row["end_max"]) or latest
        sure_end = latest if row["open"] else _day(row["end_min"]) or end
        runs.append(
            Run(
                first=first,
                sure_first=sure_first,
                sure_end=min(sure_end, end),
                end=end,
                open=bool(row["open"]),
                sector=row.get("sector") or "other",
                about=row.get("about") or "youth",
                **{
                    name: _text(row, name)
                    for name in ("agency", "care_type", "role", "start_event", "end_event")
                },
            )
        )
    return tuple(sorted(runs, key=lambda r: (r.first, r.sure_first, r.end, r.agency, r.start_event)))


@dataclass(frozen=True)
class _Limit:
    names: Mapping[str, str]
    age: int | None = None
    days: tuple[int, int] | None = None


def _limit(rule: str, birth: tuple[int, int] | None) -> _Limit:
    """The names of a rule, its age, and the days on which it may cut this youth off."""
    from levensloop.rulebooks import rulebook  # only where an age limit was found

    book = rulebook()
    if rule not in book or book[rule].cutoff is None:
        return _Limit({})
    found = book[rule]
    names = {"nl": found.nl.rstrip("."), "en": found.en.rstrip(".")}
    age = found.value if found.unit == "years" else None
    if birth is None:
        return _Limit(names, age)
    days = book.cutoff(found, np.array([day - _EPOCH for day in birth]))
    return _Limit(names, age, (int(days[0]) + _EPOCH, int(days[1]) + _EPOCH))


def _seen(rows: list[dict[str, Any]], birth: tuple[int, int] | None) -> tuple[Seen, ...]:
    seen: list[Seen] = []
    for order, row in enumerate(rows):
        limit = _limit(row["rule"] or "", birth) if row["detector"] == "AgeLimit" else _Limit({})
        start = row["start"].toordinal()
        seen.append(
            Seen(
                order=order,
                certain=row["certainty"] == "certain",
                start=start,
                end=max(start + 1, _day(row["end"]) or start + 1),
                days=(row["days_min"] or 0, row["days_max"]),
                ongoing=bool(row["ongoing"]),
                rule_names=limit.names,
                age=limit.age,
                limit=limit.days,
                norm=row["norm_days"],
                measures=dict(row["measures"] or ()),
                evidence=tuple(row["evidence"] or ()),
                **{name: _text(row, name) for name in ("detector", "outcome", "agency", "to_agency")},
                **{name: _text(row, name) for name in ("sector", "rule", "over_norm")},
            )
        )
    return tuple(sorted(seen, key=lambda s: (s.start, s.end, s.detector, s.order)))


def read_case(timeline: TimelineLike, findings: Tabular | None, *, mask: bool) -> Case:
    """What the figure needs of `timeline` and of the findings on this youth.

    Parameters
    ----------
    timeline : Timeline
        Any object with `id`, `events`, `episodes` and `youths`.
    findings : Findings or None
        Of one youth or of a whole cohort; only the youth's own are read.
    mask : bool
        Whether the youth is shown as one initial.
    """
    youth = timeline.youths.to_arrow().slice(0, 1).to_pylist()
    person = youth[0] if youth else {}
    births = (_day(person.get("birth_min")), _day(person.get("birth_max")))
    birth = (births[0], births[1]) if births[0] is not None and births[1] is not None else None
    facts = _facts(timeline.events.to_arrow().to_pylist())
    last = max((fact.last for fact in facts), default=date.today().toordinal())  # noqa: DTZ011 - no facts, any day
    until = _day(person.get("observed_until")) or last + 1
    found: list[dict[str, Any]] = []
    if findings is not None:
        found = [row for row in findings.to_arrow().to_pylist() if row["youth"] == timeline.id]
    return Case(
        youth=timeline.id,
        mask=mask,
        birth=birth,
        until=until,
        facts=facts,
        runs=_runs(timeline.episodes.to_arrow().to_pylist(), until),
        seen=_seen(found, birth),
    )
