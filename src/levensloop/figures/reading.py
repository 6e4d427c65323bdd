"""Reads a timeline and its findings into a `Case`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pyarrow as pa

from levensloop.errors import UserError
from levensloop.figures.case import Case, Fact, Remark, Run, Seen

if TYPE_CHECKING:
    from levensloop.rulebooks import Rulebook

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DISPUTES: Final = frozenset({
    "start_min", "start_max", "end_min", "end_max", "start", "end", "reason", "result", "agency", "sector",
    "care_type",
})  # fmt: skip
_NOTHING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


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


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()


def _text(row: Mapping[str, Any], name: str) -> str:
    return row.get(name) or ""


def _facts(
    rows: list[dict[str, Any]], versions: Mapping[str, tuple[str, ...]] = _NOTHING
) -> tuple[Fact, ...]:
    facts = [
        Fact(
            id=row["event"],
            order=order,
            first=row["start_min"].toordinal(),
            last=row["start_max"].toordinal(),
            sector=row.get("sector") or "other",
            kind=row.get("kind") or "other",
            about=row.get("about") or "youth",
            ended=_last_days(row),
            disputed=_disputes(row),
            versions=versions.get(row["event"], ()),
            said=(),
            **{
                name: _text(row, name)
                for name in ("agency", "precision", "to_agency", "care_type", "problem")
            },
            **{name: _text(row, name) for name in ("what", "why", "result", "initiative", "reason")},
        )
        for order, row in enumerate(rows)
    ]
    return tuple(sorted(facts, key=lambda f: (f.middle, f.first, f.last, f.order)))


def _last_days(row: Mapping[str, Any]) -> tuple[int, int] | None:
    """The earliest and latest last day, where the fact has both."""
    first, last = _day(row.get("end_min")), _day(row.get("end_max"))
    return None if first is None or last is None else (first - 1, last - 1)


def _disputes(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of which the records say different things; another text is no dispute."""
    return tuple(column for column in row.get("disputed") or () if column in _DISPUTES)


def _versions(rows: list[dict[str, Any]], records: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """What the records of each disputed event say in the columns on which they disagree."""
    disputed = {row["event"]: columns for row in rows if (columns := _disputes(row))}
    found: dict[str, dict[str, None]] = {}
    for record in records:
        delivered = dict(record["row"] or ())
        for column in disputed.get(record["event"], ()):
            value = delivered.get(column) or delivered.get(column.removesuffix("_min").removesuffix("_max"))
            if value:
                found.setdefault(record["event"], {})[value] = None
    return {event: tuple(values) for event, values in found.items() if len(values) > 1}


def _windows(timeline: TimelineLike) -> dict[str, int]:
    """Until when each agency is seen: the end of the latest window of its sources."""
    sources: Tabular | None = getattr(timeline, "sources", None)
    agencies: Tabular | None = getattr(timeline, "agencies", None)
    if sources is None or agencies is None:
        return {}
    ends = {row["source"]: _day((row["window"] or {}).get("end")) for row in sources.to_arrow().to_pylist()}
    seen: dict[str, int] = {}
    for row in agencies.to_arrow().to_pylist():
        end = ends.get(row["source"])
        if end is not None:
            seen[row["agency"]] = max(end, seen.get(row["agency"], end))
    return seen


def _runs(rows: list[dict[str, Any]], until: int, windows: Mapping[str, int]) -> tuple[Run, ...]:
    """Episodes; an open one is sure to the end of its agency's window and possible to `until`."""
    runs: list[Run] = []
    for row in rows:
        first, sure_first = row["start_min"].toordinal(), row["start_max"].toordinal()
        latest = max(until, sure_first + 1)
        end = _day(row["end_max"]) or latest
        seen = max(sure_first, windows.get(row["agency"], latest))
        sure_end = _day(row["end_min"]) or (seen if row["open"] else end)
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


def _limit(rule: str, birth: tuple[int, int] | None, rules: "Rulebook | None") -> _Limit:
    """The names of a rule, its age, and the days on which it may cut this youth off."""
    from levensloop.rulebooks import rulebook  # only where an age limit was found

    book = rulebook() if rules is None else rules
    if rule not in book or book[rule].cutoff is None:
        return _Limit({})
    found = book[rule]
    names = {"nl": found.nl.rstrip("."), "en": found.en.rstrip(".")}
    age = found.value if found.unit == "years" else None
    if birth is None:
        return _Limit(names, age)
    days = book.cutoff(found, np.array([day - _EPOCH for day in birth]))
    return _Limit(names, age, (int(days[0]) + _EPOCH, int(days[1]) + _EPOCH))


def _seen(
    rows: list[dict[str, Any]], birth: tuple[int, int] | None, rules: "Rulebook | None"
) -> tuple[Seen, ...]:
    seen: list[Seen] = []
    for order, row in enumerate(rows):
        limit = _limit(row["rule"], birth, rules) if row["rule"] else _Limit({})
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
                said=(),
                **{name: _text(row, name) for name in ("detector", "outcome", "agency", "to_agency")},
                **{name: _text(row, name) for name in ("sector", "rule", "over_norm")},
            )
        )
    return tuple(sorted(seen, key=lambda s: (s.start, s.end, s.detector, s.order)))


def read_case(
    timeline: TimelineLike, findings: Tabular | None, *, mask: bool, rules: "Rulebook | None" = None
) -> Case:
    """What the figure needs of `timeline` and of the findings on this youth.

    Parameters
    ----------
    timeline : Timeline
        Any object with `id`, `events`, `episodes` and `youths`.
    findings : Findings or None
        Of one youth or of a whole cohort; only the youth's own are read.
    mask : bool
        Whether the youth is shown as one initial.
    rules : Rulebook or None
        The age limits that the findings speak of; the Dutch ones if none is given.

    Raises
    ------
    UserError
        If it is not the timeline of one youth, or the findings are no table.
    """
    if not hasattr(timeline, "id") or not (findings is None or hasattr(findings, "to_arrow")):
        raise UserError(
            "a life course is drawn of the timeline of one youth, and of findings. Hint: life_course(cohort[youth], findings)."
        )
    youth = timeline.youths.to_arrow().slice(0, 1).to_pylist()
    person = youth[0] if youth else {}
    births = (_day(person.get("birth_min")), _day(person.get("birth_max")))
    birth = (births[0], births[1]) if births[0] is not None and births[1] is not None else None
    rows = timeline.events.to_arrow().to_pylist()
    disputed = any(_disputes(row) for row in rows)
    records: Tabular | None = getattr(timeline, "records", None) if disputed else None
    versions = {} if records is None else _versions(rows, records.to_arrow().to_pylist())
    facts = _facts(rows, versions)
    last = max((fact.last for fact in facts), default=date.today().toordinal())  # noqa: DTZ011 - no facts, any day
    until = _day(person.get("observed_until")) or last + 1
    found: list[dict[str, Any]] = []
    if findings is not None:
        found = [row for row in findings.to_arrow().to_pylist() if row["youth"] == timeline.id]
    shown: str = getattr(timeline, "shown", "")
    return Case(
        youth=timeline.id,
        mask=mask and shown != "names",
        shown=shown,
        birth=birth,
        until=until,
        facts=facts,
        runs=_runs(timeline.episodes.to_arrow().to_pylist(), until, _windows(timeline)),
        seen=_seen(found, birth, rules),
    )


def remarked(case: Case, remarks: Sequence[Remark]) -> Case:
    """The case with what people say of its facts and findings: a layer that leaves both as they are."""
    if not remarks:
        return case
    told: list[Any] = list(remarks)
    if not all(isinstance(one, Remark) for one in told):
        raise UserError(
            "remarks are ll.figures.Remark. Hint: of notes they are made by ll.reports.case(timeline, findings, notes)."
        )
    facts: dict[str | int | None, tuple[Remark, ...]] = {}
    seen: dict[str | int | None, tuple[Remark, ...]] = {}
    for remark in sorted(remarks, key=lambda one: one.number):
        said = facts if remark.about == "fact" else seen
        if remark.about != "case":
            said[remark.target] = (*said.get(remark.target, ()), remark)
    return replace(
        case,
        facts=tuple(replace(fact, said=facts.get(fact.id, ())) for fact in case.facts),
        seen=tuple(replace(one, said=seen.get(one.order, ())) for one in case.seen),
        remarks=tuple(sorted(remarks, key=lambda one: one.number)),
    )
