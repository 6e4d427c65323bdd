"""Waiting, opener by opener: which start, refusal or end closes which wait."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from oracle.model import Cohort, Episode, Event, Found, Youth, cover, possible, sure

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
    closer: Event | None = None
    intakes: tuple[Event, ...] = ()  # those by the target, of the same line, whenever they were

    @property
    def care_type(self) -> str | None:
        """That of the opener, else of what closed the wait."""
        return self.opener.care_type or (self.closer.care_type if self.closer else None)

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
    unsure: list[Wait] = []
    twice: set[Event] = set()  # openers of waits that have one of those
    for opener in openers:
        # "and no episode by the target (role care, school or work) of that line surely covers its start_min"
        if any(opener.start_min in sure(episode) for episode in mine):
            continue
        around = cover(opener.start_min, opener.start_max + 1)
        doubtful = any(possible(episode) & around for episode in mine)
        closers = _closers(opener, target, care_id, youth)
        # "an opener begins a wait if none is open [...]; later openers join it"
        comes = _comes(opener, made[-1]) if made else "after"
        if comes == "after":
            made.append(_close(opener, target, doubtful, closers, youth, cohort))
        elif comes == "unclear" and made[-1].opener not in twice and not _cared_for(opener, made[-1], mine):
            # "Where the order of two events is itself uncertain [...] the finding is at most `possible`":
            # one such opener begins a wait if the one before had closed, and the later ones join either.
            twice.add(made[-1].opener)
            others = [pair for pair in closers if pair[1] is not made[-1].closer]
            unsure.append(replace(_close(opener, target, doubtful, others, youth, cohort), doubtful=True))
    both = sorted(made + unsure, key=lambda wait: wait.opener.key())
    intakes = [event for event in youth.events if event.kind == "intake" and event.about == "youth"]
    own = tuple(e for e in intakes if e.agency == target and care_id in (None, e.care_id))
    return [replace(wait, intakes=own) for wait in both]


def _comes(opener: Event, wait: Wait) -> str:
    """`before` or `after` a wait has closed; where that is not sure, `unclear`."""
    if wait.outcome == "ongoing":
        return "before"
    if wait.closer is None:  # its own end, the first day after
        if opener.start_min < wait.close_min:
            return "before"
        return "after" if opener.start_min >= wait.close_max else "unclear"
    if opener.key() < wait.closer.key():
        return "before"
    known = wait.close_min == wait.close_max
    return "after" if known or opener.start_min > wait.close_max else "unclear"


def _cared_for(opener: Event, wait: Wait, mine: list[Episode]) -> bool:
    """Whether the target surely cares on the opener's day if the start that closed the wait came first."""
    begun = [episode for episode in mine if episode.start is wait.closer]
    return wait.closer is not None and any(opener.start_min < episode.end_min for episode in begun)


def _closers(opener: Event, target: str, care_id: str | None, youth: Youth) -> list[tuple[str, Event]]:
    """What could close a wait of this opener, each with the outcome that it gives."""
    named = {episode.start: episode.care_id for episode in youth.episodes if episode.start}
    found: list[tuple[str, Event]] = []
    for event in youth.events:
        if event.about != "youth":
            continue
        # "the first start of such an episode by the target (or with the same care_id)": each start that is
        # told, also one that merging made part of care that was there already.
        reference = named.get(event) or event.care_id
        in_line = event.agency == target if care_id is None else reference == care_id
        if event.kind in STARTERS and in_line:
            found.append(("started", event))
        if event.agency != target or care_id not in (None, event.care_id):
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
    closers: list[tuple[str, Event]],
    youth: Youth,
    cohort: Cohort,
) -> Wait:
    delivered = cohort.delivers.get(target, opener.sector)
    if closers:
        outcome, first = closers[0]
        sector = first.sector if first.agency == target else delivered
        return Wait(opener, target, outcome, first.start_min, first.start_max, sector, doubtful, first)
    if opener.end_min is not None and opener.end_max is not None:
        # "the opener's own end date, if nothing else did, as `ended`"
        return Wait(opener, target, "ended", opener.end_min, opener.end_max, delivered, doubtful)
    # "at the end of the target's window (U if the target delivered nothing) it is `ongoing`"
    ends = [source.end for source in cohort.sources if target in source.agencies]
    end = max(ends) if ends else youth.until
    if youth.cut_short:
        end = min(end, youth.until)
    return Wait(opener, target, "ongoing", end, end, delivered, doubtful)


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
