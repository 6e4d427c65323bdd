"""WentWell on exact days, from its definition alone, with the references for handovers and waits."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from oracle.age_limits import cutoff, holds, speaks_of
from oracle.handovers import Passed, passes
from oracle.model import Cohort, Event, Found, Youth, possible
from oracle.norms import judged
from oracle.worlds import Told, Told1

Off = Callable[[date], bool]


def went_well(youth: Youth, _cohort: Cohort, rules: object, answer_days: int, ends: tuple[int, int]) -> Told:
    """Each signal answered, limit bridged and care evaluated, of a youth whose days are all known."""
    return [*_answered(youth, answer_days), *_bridged(youth, rules, ends), *_evaluated(youth)]


def taken_over(cohort: Cohort, rules: object, off: Off) -> Iterator[Found]:
    """Each warm handover and each wait within its norm, under dates that may be in doubt."""
    for youth in cohort.youths:
        # "a handover (as `Handover` tells, within 180 days) arrived and was warm"
        for passed in passes(youth, cohort, 180):
            if passed.first_care and dict(passed.found.measures).get("warm"):
                yield _warm(youth, passed)
    # "a wait (as `Waiting` tells) started, and was not surely longer than its norm"
    for one in judged(cohort, rules, off):
        if one.outcome == "started" and one.over_norm in ("no", "possible"):
            # "certain if its order is sure and it is within the norm for all bounds"
            certain = one.certainty == "certain" and one.over_norm == "no"
            yield replace(
                one,
                detector="WentWell",
                outcome="wait_within_norm",
                certainty="certain" if certain else "possible",
                measures=(),
            )


def _warm(youth: Youth, passed: Passed) -> Found:
    # "certain if it is, and care by the first agency surely covers or touches every possible first day at the next"
    old = [
        item
        for item in youth.episodes
        if item.about == "youth" and item.role == "care" and item.agency == passed.found.agency
    ]
    new = passed.first_care
    touched = all(
        any(item.start_max <= day <= item.end_min for item in old)
        for day in range(new.start_min, new.start_max + 1)
    )
    certain = passed.found.certainty == "certain" and touched
    return replace(
        passed.found,
        detector="WentWell",
        outcome="warm_handover",
        certainty="certain" if certain else "possible",
        measures=(),
    )


def _found(youth: str, outcome: str, days: int, **rest: object) -> Found:
    bounds = {"days_min": days, "days_max": days, "ongoing": False, "certainty": "certain"}
    return Found(youth=youth, detector="WentWell", outcome=outcome, **bounds, **rest)


def _acts(youth: Youth) -> list[tuple[int, str, str]]:
    # "an act is an assessment, a diagnosis, or the start of an episode of care or of a measure, by any agency
    # outside the sector home"
    acts = [
        (event.start_min, event.agency, event.id)
        for event in youth.events
        if event.about == "youth" and event.kind in ("assessment", "diagnosis") and event.sector != "home"
    ]
    acts += [
        (item.start_min, item.agency, (item.start or item.end).id)
        for item in youth.episodes
        if item.about == "youth" and item.role in ("care", "measure") and item.sector != "home"
    ]
    return sorted(acts)


def _answered(youth: Youth, answer_days: int) -> Iterator[Told1]:
    # "came at most `answer_days` (60) after a signal or report"
    for signal in youth.events:
        if signal.about != "youth" or signal.kind not in ("signal", "report"):
            continue
        after = [act for act in _acts(youth) if act[0] >= signal.start_min]
        if not after or after[0][0] - signal.start_min > answer_days:
            continue
        first = {act[1] for act in after if act[0] == after[0][0]}
        days = after[0][0] - signal.start_min
        found = _found(
            youth.id, "signal_answered", days, start=signal.start_min, end=after[0][0] + 1,
            agency=signal.agency, to_agency=min(first) if len(first) == 1 else None,
        )  # fmt: skip
        yield found, frozenset({signal.id})


def _bridged(youth: Youth, rules: object, ends: tuple[int, int]) -> Iterator[Told1]:
    if youth.first_birth is None:
        return
    care = [item for item in youth.episodes if item.about == "youth" and item.role == "care"]
    limits = rules.limits()
    for rule in limits:
        c = cutoff(rule, youth.first_birth, ends)
        if not holds(rule, limits, youth.first_birth, c):
            continue
        for item in care:
            # "care of which a limit speaks, begun before the cut-off, ended less than 90 days from it"
            end = item.end_min
            if item.open or not speaks_of(rule, item.sector, item.care_type):
                continue
            if item.start_min >= c or abs(end - c) >= 90:
                continue
            # "and other care ran on or began at most 90 days later"
            rest = [other for other in care if other is not item]
            if any(end in possible(other) for other in rest):
                days = 0
            else:
                starts = [other.start_min for other in rest if end <= other.start_min <= end + 90]
                if not starts:
                    continue
                days = min(starts) - end
            found = _found(
                youth.id, "limit_bridged", days, start=end, end=end + max(days, 1), agency=item.agency,
                sector=item.sector, rule=rule.id,
            )  # fmt: skip
            yield found, frozenset({(item.end or item.start).id})


def _evaluated(youth: Youth) -> Iterator[Told1]:
    # "an evaluation or review lies in an agency's care"; "Care at home is left out"
    held: dict[str, set[Event]] = {}
    for event in youth.events:
        if event.about == "youth" and event.kind in ("evaluation", "review"):
            for agency in {event.agency, event.to_agency} - {None}:
                cared = any(
                    event.start_min in possible(item)
                    for item in youth.episodes
                    if item.about == "youth" and item.role == "care" and item.agency == agency
                    if item.sector != "home"
                )
                if cared:
                    held.setdefault(agency, set()).add(event)
    for agency, events in held.items():
        # "It runs from the earliest day of one of these up to the earliest day by which one surely lay there"
        first = min(event.start_min for event in events)
        found = _found(
            youth.id, "evaluated", 0, start=first, end=first + 1, agency=agency,
            measures=(("evaluations", len(events)),),
        )  # fmt: skip
        yield found, frozenset()
