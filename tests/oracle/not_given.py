"""AgeLimit on care that an age kept from a youth, where every day is known: limit by limit, wait by wait."""

from collections.abc import Iterator

from oracle.age_limits import cutoff, holds, speaks_of
from oracle.ahead import later
from oracle.model import Cohort, Episode, Event, Found, Youth, sure
from oracle.unanswered import cared_for, closers_of, lines_of
from oracle.waits import STARTERS, Wait, waits


def refusals(
    youth: Youth, cohort: Cohort, limits: tuple, ends: tuple[int, int] = (7, 31)
) -> Iterator[tuple[Found, frozenset[str]]]:
    """Findings `refused_near_limit` and `too_young` of a youth whose days are all known."""
    mine = [event for event in youth.events if event.about == "youth"]
    # "For each limit in force on the cut-off date c": with no birth, none
    born = youth.first_birth
    cut = {rule: cutoff(rule, born, ends) for rule in limits} if born else {}
    cut = {rule: c for rule, c in cut.items() if holds(rule, limits, born, c)}
    for rule, c in cut.items():
        for wait in waits(youth, cohort, min_days=0) if youth.until >= c else ():
            yield from _near(youth, cohort, wait, (rule, c))
    for event in mine:
        # "Refused as too_young: `too_young`, to the date on which the youth is old enough": "the day on which the youth
        # reaches the limit of that sector"; the first that comes after it
        if event.kind == "refusal" and event.reason == "too_young":
            spoken = [
                (c, limits.index(rule))
                for rule, c in cut.items()
                if speaks_of(rule, event.sector, event.care_type)
            ]
            c, at = min(
                [pair for pair in spoken if pair[0] > event.start_min], default=(event.start_min + 1, -1)
            )
            # "If the rulebook knows no such limit, the finding names no rule and lasts the day of the refusal"
            rest = {"over_norm": "no_rule", "days_min": 0} if at < 0 else {"rule": limits[at].id}
            yield _told(youth, "too_young", (event.start_min, c), event.agency, event.sector, rest)


def _near(
    youth: Youth, cohort: Cohort, wait: Wait, limit: tuple[object, int]
) -> Iterator[tuple[Found, frozenset[str]]]:
    (rule, c), line = limit, (wait.target, wait.opener.care_id)
    here = [
        one.opener.key()
        for one in waits(youth, cohort, min_days=0)
        if (one.target, one.opener.care_id) == line
    ]
    after = min([key for key in here if key > wait.opener.key()], default=((True, 0),) * 9)
    covered = {day for item in cared_for(youth, line) for day in sure(item)}
    closer = wait.closer.start if isinstance(wait.closer, Episode) else wait.closer
    # "Referred in the year before c": the first time that one was, of all that are one wait; a report asks for no care
    near = [
        o
        for o in lines_of(youth)[line]
        if wait.opener.key() <= o.key() < after
        and o.start_min not in covered
        and o.kind != "report"
        and later(c, -12) <= o.start_min < c
        and speaks_of(
            rule, _sector(cohort, o, line[0], closer), o.care_type or (closer.care_type if closer else None)
        )
    ]
    # "and not started before c"; where nothing closed the wait, one must have looked until then
    starts = [e.start_min for e, _ in closers_of(youth, line, report=False) if e.kind in STARTERS]
    begun = any(near[0].start_min <= day < c for day in starts) if near else True
    if not begun and (wait.outcome != "ongoing" or wait.close_min >= c):
        days, sector = (near[0].start_min, c), _sector(cohort, near[0], line[0], closer)
        yield _told(youth, "refused_near_limit", days, wait.target, sector, {"rule": rule.id})


def _sector(cohort: Cohort, o: Event, target: str, closer: Event | None) -> str | None:
    """Of what is asked: that of the target's answer, else what it usually delivers, else that of who asked."""
    return closer.sector if closer and closer.agency == target else cohort.delivers.get(target, o.sector)


def _told(
    youth: Youth, outcome: str, days: tuple[int, int], agency: str, sector: str | None, rest: dict
) -> tuple[Found, frozenset[str]]:
    known = {"days_min": days[1] - days[0], "days_max": days[1] - days[0]}
    found = Found(
        youth=youth.id,
        detector="AgeLimit",
        outcome=outcome,
        certainty="certain",
        start=days[0],
        end=days[1],
        ongoing=False,
        agency=agency,
        sector=sector,
        **known | rest,
    )
    return found, frozenset()
