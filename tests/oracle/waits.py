"""Waiting, opener by opener: which start, refusal or end closes which wait."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from oracle.model import Cohort, Episode, Event, Found, Youth, cover, order, possible, sure

OPENERS = ("referral", "report", "application", "indication", "waitlist")
# "Only care, care_start, school, school_start, work and benefit start an episode here."
STARTERS = ("care", "care_start", "school", "school_start", "work", "benefit")
ANSWERS = ("contact", "intake", "assessment")


@dataclass(frozen=True)
class Wait:
    """One wait: its opener, its target, and the bounds of the day that closed it."""

    opener: Event
    target: str
    outcome: str
    close_min: int
    close_max: int
    sector: str | None
    doubtful: bool  # an episode by the target possibly covers a day on which the opener may lie
    closer: Event | Episode | None = None
    intakes: tuple[Event, ...] = ()  # those by the target, of the same line, whenever they were

    @property
    def care_type(self) -> str | None:
        """That of the opener, else of what closed the wait."""
        closer = self.closer.start if isinstance(self.closer, Episode) else self.closer
        return self.opener.care_type or (closer.care_type if closer else None)

    @property
    def days_min(self) -> int:
        # "days_min = max(0, close.start_min - open.start_max)"
        return max(0, self.close_min - self.opener.start_max)

    @property
    def days_max(self) -> int:
        # "days_max = close.start_max - open.start_min"
        return self.close_max - self.opener.start_min

    def certain(self, min_days: int) -> bool:
        # "`certain` if days_min >= min_days"
        return self.days_min >= min_days and not self.doubtful

    def days(self) -> set[int]:
        # "The waits meant here are [open.start_min, close.start_max)"
        return cover(self.opener.start_min, self.close_max)


def waits(youth: Youth, cohort: Cohort, min_days: int = 1) -> list[Wait]:
    """Every wait of a youth of at least `min_days`, possible or certain."""
    lines: dict[tuple[str, str | None], list[Event]] = defaultdict(list)
    for event in youth.events:
        if event.about == "youth" and event.kind in OPENERS:
            # "The target of an opener is its to_agency, else its agency. Per youth, target and care_id
            # (openers without one share one line per target, closed by any start)"
            lines[event.to_agency or event.agency, event.care_id].append(event)
    found = []
    for (target, care_id), openers in lines.items():
        found += _line(sorted(openers, key=Event.key), target, care_id, youth, cohort)
    # "reported if days_max >= min_days"
    return [wait for wait in found if wait.days_max >= min_days]


def _line(openers: list[Event], target: str, care_id: str | None, youth: Youth, cohort: Cohort) -> list[Wait]:
    mine = [
        episode
        for episode in youth.episodes
        if episode.about == "youth"
        and episode.role in ("care", "school", "work")
        and episode.agency == target
        and care_id in (None, episode.care_id)
    ]
    made: list[Wait] = []
    closed_at = None  # where, in the order, the wait that is open now was closed
    for opener in openers:
        # "an opener begins a wait if none is open [...]; later openers join it"
        if made and (closed_at is None or opener.key() < closed_at):
            continue
        # "and no episode by the target (role care, school or work) of that line surely covers its start_min"
        if any(opener.start_min in sure(episode) for episode in mine):
            continue
        around = cover(opener.start_min, opener.start_max + 1)
        doubtful = any(possible(episode) & around for episode in mine)
        wait, closed_at = _close(
            opener, target, doubtful, _closers(opener, target, care_id, youth), youth, cohort
        )
        intakes = [event for event in youth.events if event.kind == "intake" and event.about == "youth"]
        intakes = [e for e in intakes if e.agency == target and care_id in (None, e.care_id)]
        made.append(replace(wait, intakes=tuple(intakes)))
    return made


def _closers(
    opener: Event, target: str, care_id: str | None, youth: Youth
) -> list[tuple[str, Event | Episode]]:
    """What could close a wait of this opener, each with the outcome that it gives."""
    found: list[tuple[str, Event | Episode]] = []
    for episode in youth.episodes:
        # "the first start of such an episode by the target (or with the same care_id)"
        in_line = episode.agency == target if care_id is None else episode.care_id == care_id
        if episode.about == "youth" and in_line and episode.start and episode.start.kind in STARTERS:
            found.append(("started", episode))
    for event in youth.events:
        if event.about != "youth" or event.agency != target or care_id not in (None, event.care_id):
            continue
        # "a refusal by the target as `refused`"
        if event.kind == "refusal":
            found.append(("refused", event))
        # "(a `report` is also answered by the first contact, intake or assessment by the target)"
        if event.kind in ANSWERS and opener.kind == "report":
            found.append(("started", event))
    # "on or after it"; "A start whose bounds overlap the opener's (start_max >= open.start_min > start_min) closes it"
    found = [(outcome, item) for outcome, item in found if item.start_max >= opener.start_min]
    return sorted(found, key=lambda pair: pair[1].key())


def _close(
    opener: Event,
    target: str,
    doubtful: bool,
    closers: list[tuple[str, Event | Episode]],
    youth: Youth,
    cohort: Cohort,
) -> tuple[Wait, tuple | None]:
    delivered = cohort.delivers.get(target, opener.sector)
    if closers:
        outcome, first = closers[0]
        sector = first.sector if first.agency == target else delivered
        wait = Wait(opener, target, outcome, first.start_min, first.start_max, sector, doubtful, first)
        return wait, first.key()
    if opener.end_min is not None and opener.end_max is not None:
        # "the opener's own end date, if nothing else did, as `ended`"
        wait = Wait(opener, target, "ended", opener.end_min, opener.end_max, delivered, doubtful)
        return wait, order(opener.end_min, opener.end_max)
    # "at the end of the target's window (U if the target delivered nothing) it is `ongoing`"
    ends = [source.end for source in cohort.sources if target in source.agencies]
    end = max(ends) if ends else youth.until
    if youth.cut_short:
        end = min(end, youth.until)
    return Wait(opener, target, "ongoing", end, end, delivered, doubtful), None


def waiting(cohort: Cohort, min_days: int = 1) -> Iterable[Found]:
    """The findings of `Waiting` but for their norms."""
    for youth in cohort.youths:
        for wait in waits(youth, cohort, min_days):
            yield found_of(youth, wait, min_days)


def found_of(youth: Youth, wait: Wait, min_days: int) -> Found:
    """A wait as a finding."""
    return Found(
        youth=youth.id,
        detector="Waiting",
        outcome=wait.outcome,
        certainty="certain" if wait.certain(min_days) else "possible",
        start=wait.opener.start_min,
        end=wait.close_max,
        days_min=wait.days_min,
        days_max=wait.days_max,
        ongoing=wait.outcome == "ongoing",
        # "agency = the target."
        agency=wait.target,
        sector=wait.sector,
    )
