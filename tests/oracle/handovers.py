"""Handover, referral by referral and ending by ending."""

from collections.abc import Iterator
from dataclasses import dataclass

from oracle.model import Cohort, Episode, Event, Found, Youth, cover, possible, sure, unseen


@dataclass(frozen=True)
class Passed:
    """A handover with the care at which it arrived, if it did."""

    found: Found
    first_care: Episode | None


def handover(cohort: Cohort, within_days: int = 180) -> Iterator[Found]:
    for youth in cohort.youths:
        yield from (passed.found for passed in passes(youth, cohort, within_days))


def passes(youth: Youth, cohort: Cohort, within_days: int) -> Iterator[Passed]:
    care = sorted((e for e in youth.episodes if e.about == "youth" and e.role == "care"), key=Episode.key)
    explicit = list(_explicit(youth, care, cohort, within_days))
    yield from explicit
    yield from _implicit(youth, care, explicit, within_days)


def _explicit(youth: Youth, care: list[Episode], cohort: Cohort, within_days: int) -> Iterator[Passed]:
    for ref in youth.events:
        # "Explicit: an event `referral` or `transfer` from A to to_agency B != A."
        named = ref.about == "youth" and ref.kind in ("referral", "transfer")
        if named and ref.to_agency is not None and ref.to_agency != ref.agency:
            yield _answer(ref, youth, care, cohort, within_days)


def _in_reach(ref: Event, item: Episode | Event, within_days: int) -> bool:
    # "on or after it and within within_days", for some choice of days
    return item.start_max >= ref.start_min and item.start_min <= ref.start_max + within_days


def _surely_in_reach(ref: Event, item: Episode | Event, within_days: int) -> bool:
    return item.start_min >= ref.start_max and item.start_max <= ref.start_min + within_days


def _answer(ref: Event, youth: Youth, care: list[Episode], cohort: Cohort, within_days: int) -> Passed:
    # "The first care start at B on or after it and within within_days: `arrived`, with lag;"
    starts = [c for c in care if c.agency == ref.to_agency and _in_reach(ref, c, within_days)]
    refusals = sorted(
        (
            e
            for e in youth.events
            if e.about == "youth"
            and e.kind == "refusal"
            and e.agency == ref.to_agency
            and _in_reach(ref, e, within_days)
        ),
        key=Event.key,
    )
    start = starts[0] if starts else None
    refusal = refusals[0] if refusals else None
    # "a refusal by B first: `refused`;"
    if refusal and (start is None or refusal.key() < start.key()):
        certain = _surely_in_reach(ref, refusal, within_days)
        # "Where the order of two events is itself uncertain (their bounds overlap) and the definition leans
        # on it, the finding is at most `possible`."
        certain = certain and not any(c.start_min < refusal.start_max for c in starts)
        return Passed(_finding(youth, ref, "refused", certain, refusal, ()), None)
    if start:
        certain = _surely_in_reach(ref, start, within_days)
        certain = certain and not any(e.start_min < start.start_max for e in refusals)
        style = ((_style(ref.agency, start, care), 1),)
        return Passed(_finding(youth, ref, "arrived", certain, start, style), start)
    # "nothing, though observed for the whole window: `lost`; else `pending`."
    return Passed(_unanswered(ref, youth, cohort, within_days), None)


def _style(agency: str, start: Episode, care: list[Episode]) -> str:
    mine = [c for c in care if c.agency == agency]
    # "style: `warm` if care by A possibly covers or touches the first day at B,"
    if any(c.start_min <= start.start_max and c.end_max >= start.start_min for c in mine):
        return "warm"
    # "`cold` if it ended before [...], `referral_only` if A never cared." (care by A that only begins
    # later is neither warm nor never)
    return "cold" if mine else "referral_only"


def _finding(
    youth: Youth, ref: Event, outcome: str, certain: bool, answer: Episode | Event, style: tuple
) -> Found:
    return Found(
        youth=youth.id,
        detector="Handover",
        outcome=outcome,
        certainty="certain" if certain else "possible",
        start=ref.start_min,
        end=max(answer.start_max, ref.start_min + 1),
        days_min=max(0, answer.start_min - ref.start_max),
        days_max=answer.start_max - ref.start_min,
        ongoing=False,
        agency=ref.agency,
        to_agency=ref.to_agency,
        sector=answer.sector,
        measures=style,
    )


def _unanswered(ref: Event, youth: Youth, cohort: Cohort, within_days: int) -> Found:
    # "(`lost` needs B's window, or U where B delivered nothing, to reach within_days)": on whatever day the
    # referral was, all days up to and including that day and within_days are observed
    choices = range(ref.start_min, ref.start_max + 1)
    seen = [_watched(cover(day, day + within_days + 1), ref.to_agency, youth, cohort) for day in choices]
    lost = all(seen)
    end = (
        ref.start_max + within_days
        if lost
        else min(ref.start_max + within_days, _watched_until(ref, youth, cohort))
    )
    return Found(
        youth=youth.id,
        detector="Handover",
        outcome="lost" if lost else "pending",
        # "certain if it holds for every choice of exact days inside the bounds, possible if for some"
        certainty="certain" if lost or not any(seen) else "possible",
        start=ref.start_min,
        end=max(end, ref.start_min + 1),
        days_min=max(0, end - ref.start_max),
        days_max=max(0, end - ref.start_min),
        ongoing=not lost,
        agency=ref.agency,
        to_agency=ref.to_agency,
        sector=cohort.delivers.get(ref.to_agency, ref.sector),
    )


def _watched(days: set[int], agency: str, youth: Youth, cohort: Cohort) -> bool:
    if any(agency in source.agencies for source in cohort.sources):
        return not unseen(days, agency, youth, cohort.sources)
    return youth.until > max(days)


def _watched_until(ref: Event, youth: Youth, cohort: Cohort) -> int:
    ends = [source.end for source in cohort.sources if ref.to_agency in source.agencies]
    end = max(ends, default=youth.until)
    return min(end, youth.until) if youth.cut_short else end


def _implicit(
    youth: Youth, care: list[Episode], explicit: list[Passed], within_days: int
) -> Iterator[Passed]:
    told = set()
    for old in care:
        for new in [] if old.open else _next_starts(old, care):
            passed = _follows(youth, care, old, new, within_days)
            # "and no explicit one fits"
            fits = any(p.first_care is new and p.found.agency == old.agency for p in explicit)
            # "care by A that ended twice on the same days is told once"
            once = (old.agency, old.end_min, old.end_max, new)
            if passed and not fits and once not in told:
                told.add(once)
                yield passed


def _next_starts(old: Episode, care: list[Episode]) -> Iterator[Episode]:
    """Each start that is the next after an end on some choice of days; of those on one day the first in order is."""
    later = [c for c in care if c is not old and c.start_max >= old.end_min]
    for at, new in enumerate(later):
        surely_before = [
            c
            for place, c in enumerate(later)
            if c.start_min >= old.end_max
            and (c.start_max < new.start_min or (c.start_max == new.start_min and place < at))
        ]
        if not surely_before:
            yield new


def _follows(
    youth: Youth, care: list[Episode], old: Episode, new: Episode, within_days: int
) -> Passed | None:
    # "Implicit: care by A ends, the next care start is by B != A within within_days,"
    lag_min, lag_max = max(0, new.start_min - old.end_max), new.start_max - old.end_min
    rest = [c for c in care if c is not old and c is not new]
    # "nobody covers the days between,"
    between = any(sure(c) & cover(old.end_max, new.start_min) for c in rest)
    if new.agency == old.agency or lag_min > within_days or between:
        return None
    certain = lag_max <= within_days and new.start_min >= old.end_max
    certain = certain and not any(possible(c) & cover(old.end_min, new.start_max) for c in rest)
    certain = certain and not any(
        c.start_max >= old.end_min and c.start_min <= new.start_max for c in rest if c.agency == old.agency
    )
    found = Found(
        youth=youth.id,
        detector="Handover",
        outcome="arrived",
        certainty="certain" if certain else "possible",
        start=old.end_min,
        end=max(new.start_max, old.end_min + 1),
        days_min=lag_min,
        days_max=lag_max,
        ongoing=False,
        agency=old.agency,
        to_agency=new.agency,
        sector=new.sector,
        # "`arrived`, `warm` if the lag can be 0, else `cold`."
        measures=(("warm" if lag_min == 0 else "cold", 1),),
    )
    return Passed(found, new)
