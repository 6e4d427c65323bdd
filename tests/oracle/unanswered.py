"""Requests that some days leave without an answer: every day that an opener may have, and all else as it may be then."""

from collections import defaultdict

from oracle.model import Cohort, Episode, Event, Youth, cover, sure
from oracle.waits import ANSWERS, OPENERS, STARTERS

Line = tuple[str, str | None]


def lines_of(youth: Youth) -> dict[Line, list[Event]]:
    """The openers of each target and care reference, in order."""
    lines: dict[Line, list[Event]] = defaultdict(list)
    for event in youth.events:
        if event.about == "youth" and event.kind in OPENERS:
            lines[event.to_agency or event.agency, event.care_id].append(event)
    return {line: sorted(openers, key=Event.key) for line, openers in lines.items()}


def closers_of(youth: Youth, line: Line, *, report: bool) -> list[tuple[Event, int]]:
    """What may close a wait on a line, each with the last day of the least time that it takes.

    A start by the target must be over when one begins to wait after it: else the target cares already.
    """
    target, care_id = line
    made = {item.start.id: item for item in youth.episodes if item.start}
    found = []
    for event in youth.events:
        item, own = made.get(event.id), event.agency == target
        named = item.care_id if item else event.care_id
        if event.about != "youth":
            continue
        if event.kind in STARTERS and (own if care_id is None else named == care_id):
            found.append((event, item.end_min - 1 if own and item else event.start_min))
        kinds = ("refusal", *ANSWERS) if report else ("refusal",)
        if event.kind in kinds and own and care_id in (None, event.care_id):
            found.append((event, event.start_min))
    return found


def cared_for(youth: Youth, line: Line) -> list[Episode]:
    """Care, school and work by the target of a line."""
    mine = [
        item for item in youth.episodes if item.about == "youth" and item.role in ("care", "school", "work")
    ]
    return [item for item in mine if item.agency == line[0] and line[1] in (None, item.care_id)]


def may_wait(cohort: Cohort, youth: Youth, line: Line, o: Event, when: set[int], since: int = 1) -> bool:
    """Whether, on some days, the opener lies at least `since` days before one of `when`, with nothing to close it up to then."""
    here = cared_for(youth, line)
    days = cover(o.start_min, o.start_max + 1)
    everything = closers_of(youth, line, report=True)
    begun = [item for item in here if item.start and item.start in {event for event, _ in everything}]
    loose = any(e.start_min < e.start_max for e, _ in everything) or any(i.end_min < i.end_max for i in begun)
    loose = loose or any(
        e.start_min < e.start_max or (e.end_max or 0) > (e.end_min or 0) for e in lines_of(youth)[line]
    )
    # "where every day on the line is known, there is none"; "the target does not surely care on each of its days"
    if not loose or days <= {day for item in here for day in sure(item)}:
        return False
    closers = closers_of(youth, line, report=o.kind == "report")
    stop = max([_over(cohort, youth, line[0], o), *(event.start_max for event, _ in closers)])
    return any(
        asked + since <= then < stop
        and all(least < asked or event.start_max > then for event, least in closers)
        for asked in days
        for then in when
    )


def _over(cohort: Cohort, youth: Youth, target: str, o: Event) -> int:
    """When a wait is over that nothing closed: the opener's own end, or where one stops looking."""
    if o.end_max is not None:
        return o.end_max
    end = max((source.end for source in cohort.sources if target in source.agencies), default=youth.until)
    return min(end, youth.until) if youth.cut_short else end
