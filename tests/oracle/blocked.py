"""Escalation and Deadlock, day by day and row by row, from their definitions alone."""

from collections.abc import Iterator
from itertools import combinations

from levensloop.schema import vocabulary
from oracle.model import Cohort, Episode, Event, Found, Youth, cover, unseen
from oracle.sharing import mine
from oracle.unanswered import closers_of, lines_of, may_wait
from oracle.waits import waits

Item = Event | Episode
REASONS = ("incompatible_provision", "missing_prerequisite")


def escalation(cohort: Cohort, tables: object, within_days: int) -> Iterator[tuple[Found, set[str]]]:
    """Each finding with its evidence; `tables` are those of the cohort, for the capacity in court."""
    capacity = {row["event"]: row["capacity"] for row in tables.events.to_arrow().to_pylist()}
    for youth in cohort.youths:
        for x in _escalations(youth, capacity):
            paired = list(_during_wait(cohort, youth, x))
            yield from paired
            yield from _left_open(cohort, youth, x, {name for _, names in paired for name in names})
            yield from _after_signals(youth, x, within_days)


def _escalations(youth: Youth, capacity: dict) -> list[Item]:
    # "the start of a measure, a court event, or the start of care of a type in the list `escalations`"
    found: list[Item] = [
        event
        for event in mine(youth.events)
        if event.kind == "court" and capacity[event.id] not in ("victim", "witness")
    ]
    found += [
        episode
        for episode in mine(youth.episodes)
        if episode.role == "measure"
        or (episode.role == "care" and episode.care_type in vocabulary()["escalations"])
    ]
    return [x for x in found if x.sector != "home"]


def _name(x: Item) -> str:
    return x.id if isinstance(x, Event) else (x.start or x.end).id


def _found(youth: Youth, x: Item, outcome: str, **rest: object) -> Found:
    return Found(
        youth=youth.id,
        detector="Escalation",
        outcome=outcome,
        end=x.start_max + 1,
        ongoing=False,
        to_agency=x.agency,
        sector=x.sector,
        **rest,
    )


def _during_wait(cohort: Cohort, youth: Youth, x: Item) -> Iterator[tuple[Found, set[str]]]:
    for wait in waits(youth, cohort):
        opener = wait.opener
        if wait.closer and wait.closer == getattr(x, "start", x):
            continue  # what closes the wait does not lie before itself
        if x.start_max > opener.start_min and x.start_min < wait.close_max:
            certain = wait.certain(1) and x.start_min > opener.start_max and x.start_max < wait.close_min
            found = _found(
                youth,
                x,
                "during_wait",
                certainty="certain" if certain else "possible",
                start=opener.start_min,
                days_min=max(1, x.start_min - opener.start_max),
                days_max=x.start_max - opener.start_min,
                agency=wait.target,
            )
            yield found, {opener.id, _name(x)}


def _left_open(cohort: Cohort, youth: Youth, x: Item, told: set[str]) -> Iterator[tuple[Found, set[str]]]:
    # "x may also lie between another opener of the line and what closes a wait from that, though `Waiting` does not
    # pair them so"
    for line, openers in lines_of(youth).items():
        if _name(x) in {event.id for event, _ in closers_of(youth, line, report=True)}:
            continue  # what closes the wait does not lie before itself
        left = [o for o in openers if may_wait(cohort, youth, line, o, cover(x.start_min, x.start_max + 1))]
        # "one for each line and escalation, from the first such opener; none if a wait from it or an earlier one is told"
        earlier = [o for o in openers if o.id in told]
        if not left or (earlier and earlier[0].key() <= left[0].key()):
            continue
        found = _found(
            youth,
            x,
            "during_wait",
            certainty="possible",
            start=left[0].start_min,
            days_min=max(1, x.start_min - max(o.start_max for o in (*left, *earlier))),
            days_max=x.start_max - left[0].start_min,
            agency=line[0],
        )
        yield found, {left[0].id, _name(x)}


def _acts(youth: Youth, x: Item) -> list[Item]:
    # "no act other than x itself"
    events = [event for event in mine(youth.events) if event.kind in ("assessment", "diagnosis")]
    episodes = [episode for episode in mine(youth.episodes) if episode.role in ("care", "measure")]
    return [act for act in (*events, *episodes) if act is not x and act.sector != "home"]


def _after_signals(youth: Youth, x: Item, within_days: int) -> Iterator[tuple[Found, set[str]]]:
    acts = _acts(youth, x)
    signals = [event for event in mine(youth.events) if event.kind in ("signal", "report")]
    for agency in sorted({event.agency for event in signals}):
        possible, sure = [], []
        for s in signals:
            if s.agency != agency:
                continue
            between = any(a.start_min >= s.start_max and a.start_max < x.start_min for a in acts)
            maybe_between = any(a.start_max >= s.start_min and a.start_min < x.start_max for a in acts)
            if s.start_min < x.start_max and s.start_max >= x.start_min - within_days and not between:
                possible.append(s)
            if s.start_max < x.start_min and s.start_min >= x.start_max - within_days and not maybe_between:
                sure.append(s)
        if possible:
            day = min(s.start_max for s in sure) if sure else max(s.start_max for s in possible)
            found = _found(
                youth,
                x,
                "after_signals",
                certainty="certain" if sure else "possible",
                start=min(s.start_min for s in possible),
                days_min=max(1, x.start_min - day),
                days_max=min(within_days, x.start_max - min(s.start_min for s in possible)),
                agency=agency,
                measures=(("signals", len(possible)),),
            )
            yield found, {_name(x), *(s.id for s in possible)}


def deadlock(cohort: Cohort, _tables: object, within_days: int) -> Iterator[tuple[Found, set[str]]]:
    """Each finding with its evidence."""
    for youth in cohort.youths:
        refusals = [e for e in mine(youth.events) if e.kind == "refusal" and e.reason in REASONS]
        for r in refusals:
            if r.reason == "incompatible_provision":
                yield from _incompatible(cohort, youth, r, within_days)
        for one, other in combinations(refusals, 2):
            if one.agency != other.agency:
                yield from _circular(cohort, youth, one, other, within_days)


def _incompatible(
    cohort: Cohort, youth: Youth, r: Event, within_days: int
) -> Iterator[tuple[Found, set[str]]]:
    # each as its agency, its first and last day, each with bounds, and its event
    others = [
        (
            event.to_agency or event.agency,
            event.start_min,
            event.start_max,
            event.start_min,
            event.start_max,
            event.id,
        )
        for event in mine(youth.events)
        if event.kind in ("application", "indication", "referral")
    ]
    others += [
        (item.agency, item.start_min, item.start_max, item.end_min - 1, item.end_max - 1, _name(item))
        for item in mine(youth.episodes)
        if item.role in ("care", "work")
    ]
    near = [
        (agency, name, start_max <= r.start_min and end_min >= r.start_max - within_days)
        for agency, start_min, start_max, end_min, end_max, name in others
        if agency != r.agency and start_min <= r.start_max and end_max >= r.start_min - within_days
    ]
    if near:
        whose = {agency for agency, _, _ in near}
        found = _no_way_out(
            cohort,
            youth,
            (r.start_min, r.start_max, {r.agency}),
            start=r.start_min,
            near_enough=any(sure for _, _, sure in near),
            within_days=within_days,
            outcome="incompatible",
            agency=r.agency,
            to_agency=min(whose) if len(whose) == 1 else None,
            sector=r.sector,
        )
        if found:
            yield found, {r.id, *(name for _, name, _ in near)}


def _circular(
    cohort: Cohort, youth: Youth, one: Event, other: Event, within_days: int
) -> Iterator[tuple[Found, set[str]]]:
    apart = max(one.start_max - other.start_min, other.start_max - one.start_min)
    least = max(one.start_min - other.start_max, other.start_min - one.start_max)
    if least <= within_days:
        names = sorted((one.agency, other.agency))
        low, high = max(one.start_min, other.start_min), max(one.start_max, other.start_max)
        found = _no_way_out(
            cohort,
            youth,
            (low, high, set(names)),
            start=min(one.start_min, other.start_min),
            near_enough=apart <= within_days,
            within_days=within_days,
            outcome="circular",
            agency=names[0],
            to_agency=names[1],
        )
        if found:
            yield found, {one.id, other.id}


def _no_way_out(
    cohort: Cohort,
    youth: Youth,
    refused: tuple[int, int, set[str]],
    *,
    start: int,
    near_enough: bool,
    within_days: int,
    **rest: object,
) -> Found | None:
    low, high, agencies = refused
    starts = [
        (episode.start_min, episode.start_max)
        for episode in mine(youth.episodes)
        if episode.role in ("care", "school", "work") and episode.agency in agencies
    ]
    # "It is absent if some start surely lies in that time"
    if any(s[0] >= high and s[1] <= low + within_days for s in starts):
        return None
    maybe = any(s[1] >= low and s[0] <= high + within_days for s in starts)
    last = cover(low, high + within_days + 1)
    seen = not any(unseen(last, agency, youth, cohort.sources) for agency in agencies)
    certain = near_enough and not maybe and seen and youth.until > high + within_days
    later = [s for s in starts if s[1] > low + within_days]
    sure = [s for s in starts if s[0] >= high]
    days_min = max(within_days + 1, min([s[0] for s in later], default=youth.until) - high)
    if sure:
        days_max = min(s[1] for s in sure) - low
    else:
        days_min = min(days_min, max(0, youth.until - high))
        days_max = max([youth.until, *(s[1] for s in later)]) - low
    return Found(
        youth=youth.id,
        detector="Deadlock",
        certainty="certain" if certain else "possible",
        start=start,
        end=max(low + days_max, high + 1),
        days_min=days_min,
        days_max=max(days_max, 0),
        ongoing=not later,
        **rest,
    )
