"""The plain objects that the reference detectors read: one youth's items and the sources."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

Key = tuple[tuple[bool, int | str], ...]


@dataclass(frozen=True)
class Source:
    """One delivered file: whom it tells about, from when up to (not including) when, at what ages."""

    name: str
    agencies: tuple[str, ...]
    start: int
    end: int
    ages: tuple[int, int] | None = None


@dataclass(frozen=True)
class Event:
    """One recorded fact; days are ordinals, ends are exclusive and may be missing."""

    id: str
    agency: str
    sector: str | None
    kind: str
    start_min: int
    start_max: int
    end_min: int | None = None
    end_max: int | None = None
    to_agency: str | None = None
    care_type: str | None = None
    care_id: str | None = None
    reason: str | None = None
    about: str = "youth"
    initiative: str | None = None
    shared_with: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def key(self) -> Key:
        # "ties are broken by (start_min, start_max, end_min, end_max, kind, agency, to_agency, reason)"
        return order(
            self.start_min, self.start_max, self.end_min, self.end_max,
            self.kind, self.agency, self.to_agency, self.reason,
        )  # fmt: skip


@dataclass(frozen=True)
class Episode:
    """An interval with its four bounds resolved: an open one ends between its window's end and U."""

    agency: str
    sector: str | None
    care_type: str | None
    role: str
    start_min: int
    start_max: int
    end_min: int
    end_max: int
    open: bool = False
    reason: str | None = None
    care_id: str | None = None
    start: Event | None = None
    end: Event | None = None
    about: str = "youth"

    def key(self) -> Key:
        ends = (None, None) if self.open else (self.end_min, self.end_max)
        kind, to = (self.start.kind, self.start.to_agency) if self.start else (None, None)
        return order(self.start_min, self.start_max, *ends, kind, self.agency, to, self.reason)


@dataclass(frozen=True)
class Youth:
    """One youth: `until` is U, `last_birth` and `first_birth` the bounds of the birth, if known."""

    id: str
    until: int
    first_birth: date | None
    last_birth: date | None
    events: tuple[Event, ...]
    episodes: tuple[Episode, ...]
    cut_short: bool = False  # U comes from a death or a move out of the area


@dataclass(frozen=True)
class Cohort:
    """Every youth, every source, and the sector that each agency delivers."""

    youths: tuple[Youth, ...]
    sources: tuple[Source, ...]
    delivers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One finding without its evidence: what shuffling the rows may not change."""

    youth: str
    detector: str
    outcome: str
    certainty: str
    start: int
    end: int
    days_min: int
    days_max: int
    ongoing: bool
    agency: str | None = None
    to_agency: str | None = None
    sector: str | None = None
    rule: str | None = None
    norm_days: int | None = None
    over_norm: str | None = None
    measures: tuple[tuple[str, int], ...] = ()


def order(*values: int | str | None) -> Key:
    """A key in which a missing value comes last."""
    return tuple((value is None, 0 if value is None else value) for value in values)


def birthday(birth: date, age: int) -> int:
    # "A birthday on 29 February falls on 1 March in other years."
    try:
        return birth.replace(year=birth.year + age).toordinal()
    except ValueError:
        return date(birth.year + age, 3, 1).toordinal()


def runs(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The maximal intervals of a set of days, each half-open, in order."""
    start = last = None
    for day in sorted(days):
        if last is None or start is None:
            start = day
        elif day != last + 1:
            yield start, last + 1
            start = day
        last = day
    if start is not None and last is not None:
        yield start, last + 1


def cover(start: int, end: int) -> set[int]:
    """The days of a half-open interval; none if it is empty."""
    return set(range(start, end))


def sure(item: Episode | Event) -> set[int]:
    # "An episode surely covers [start_max, end_min) (empty if that is not positive)"
    return cover(item.start_max, item.end_min)


def possible(item: Episode | Event) -> set[int]:
    # "and possibly covers [start_min, end_max)."
    return cover(item.start_min, item.end_max)


def unseen(days: set[int], agency: str, youth: Youth, sources: Iterable[Source]) -> set[int]:
    # "A day is unobserved for an agency outside its sources' windows and ages"; "an agency's window
    # is the union of its sources' windows". Under a fuzzy birth: outside them for some birth.
    left = set(days)
    for source in sources:
        if agency in source.agencies:
            first, last = source.start, source.end
            if source.ages and youth.first_birth and youth.last_birth:
                first = max(first, birthday(youth.last_birth, source.ages[0]))
                last = min(last, birthday(youth.first_birth, source.ages[1]))
            elif source.ages:
                continue
            left -= cover(first, last)
    return left


def read(tables: object) -> Cohort:
    """The plain objects of a merged cohort, from its tables alone."""
    rows = {
        name: getattr(tables, name).to_arrow().to_pylist()
        for name in ("events", "episodes", "youths", "sources")
    }
    sources = {row["source"]: _source(row) for row in rows["sources"]}
    events: dict[str, list[Event]] = defaultdict(list)
    by_id: dict[str, Event] = {}
    behind: dict[str, list[Source]] = {}
    for row in rows["events"]:
        event = by_id[row["event"]] = _event(row)
        events[row["youth"]].append(event)
        behind[event.id] = [sources[text.rpartition(":")[0]] for text in row["sources"]]
    until = {row["youth"]: row["observed_until"].toordinal() for row in rows["youths"]}
    episodes: dict[str, list[Episode]] = defaultdict(list)
    for row in rows["episodes"]:
        episodes[row["youth"]].append(_episode(row, by_id, behind, until[row["youth"]]))
    youths = []
    for row in rows["youths"]:
        own = tuple(events[row["youth"]])
        ends = [source.end for event in own for source in behind[event.id]]
        youths.append(
            Youth(
                id=row["youth"],
                until=until[row["youth"]],
                first_birth=row["birth_min"],
                last_birth=row["birth_max"],
                events=own,
                episodes=tuple(episodes[row["youth"]]),
                cut_short=_cut_short(own, until[row["youth"]], max(ends)),
            )
        )
    return Cohort(tuple(youths), tuple(sources.values()), _delivers(tables.agencies.to_arrow().to_pylist()))


def _source(row: dict) -> Source:
    ages = (row["ages"]["start"], row["ages"]["end"]) if row["ages"] else None
    first, last = row["window"]["start"].toordinal(), row["window"]["end"].toordinal()
    return Source(row["source"], tuple(row["agencies"]), first, last, ages)


def _day(row: dict, name: str) -> int | None:
    return None if row[name] is None else row[name].toordinal()


def _event(row: dict) -> Event:
    names = (
        "agency", "sector", "kind", "to_agency", "care_type", "care_id", "reason", "about", "initiative",
    )  # fmt: skip
    days = {name: _day(row, name) for name in ("start_min", "start_max", "end_min", "end_max")}
    told = tuple(row["shared_with"] or ())
    own = tuple(text.rpartition(":")[0] for text in row["sources"])
    return Event(
        id=row["event"], shared_with=told, sources=own, **days, **{name: row[name] for name in names}
    )


def _episode(row: dict, by_id: dict[str, Event], behind: dict[str, list[Source]], until: int) -> Episode:
    start, end = by_id.get(row["start_event"]), by_id.get(row["end_event"])
    end_min, end_max = _day(row, "end_min"), _day(row, "end_max")
    if row["open"]:
        # "An open episode surely lasts to the end of its source's window and possibly to U."
        end_min = min(until, end_min or max(source.end for source in behind[row["start_event"]]))
    if end_max is None:
        end_max = max(until, end_min)
    start_min, start_max = _day(row, "start_min"), _day(row, "start_max")
    # "Bounds are first tightened so that start_max < end_max and end_min > start_min."
    end_min = max(end_min, start_min + 1)
    end_max = max(end_max, end_min)
    if _day(row, "end_max") is not None:
        start_max = min(start_max, end_max - 1)
    names = ("agency", "sector", "care_type", "role", "open", "reason", "care_id", "about")
    bounds = {"start_min": start_min, "start_max": start_max, "end_min": end_min, "end_max": end_max}
    return Episode(start=start, end=end, **bounds, **{name: row[name] for name in names})


def _cut_short(events: Iterable[Event], until: int, windows_end: int) -> bool:
    # "a recorded move out of the area or a death ends U"
    ends = [
        e
        for e in events
        if e.about == "youth" and (e.kind == "death" or (e.kind == "move" and e.reason == "moved"))
    ]
    return until != windows_end or any(event.start_max + 1 == until for event in ends)


def _delivers(rows: Iterable[dict]) -> dict[str, str]:
    """Of which sector an agency delivers most rows: of those that merging joined each counts."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for row in rows:
        if row["sector"]:
            counts[row["agency"]][row["sector"]] += row["rows"]
    return {agency: min(count, key=lambda name: (-count[name], name)) for agency, count in counts.items()}
