"""AgeLimit for exact dates: what the definition says of one world."""

from collections.abc import Iterator
from datetime import date

from oracle.model import Cohort, Episode, Found, Youth, birthday, cover, unseen


def cutoff(rule: object, birth: date) -> int:
    # "the cut-off date c (birthday, or end of the school year)": the first day past it
    if rule.cutoff == "end_of_school_year":
        turns = date.fromordinal(birthday(birth, rule.value))
        return date(turns.year + (turns.month >= 8), 8, 1).toordinal()
    return birthday(birth, rule.value)


def in_force(rule: object, day: int) -> bool:
    first, last = rule.valid_from, rule.valid_to
    return (first is None or first.toordinal() <= day) and (last is None or day <= last.toordinal())


def speaks_of(rule: object, sector: str | None, care_type: str | None) -> bool:
    if sector not in rule.sectors or care_type in rule.except_care_types:
        return False
    return not rule.care_types or care_type in rule.care_types


def drop_outs(
    cohort: Cohort, limits: tuple, before_days: int = 90, after_days: int = 90, bridge_days: int = 180
) -> Iterator[Found]:
    """Findings `dropped`, `unobserved` and `returned`."""
    for youth in cohort.youths:
        if youth.first_birth is None:
            continue
        # "For each limit in force on the cut-off date c"
        for rule in limits:
            c = cutoff(rule, youth.first_birth)
            if in_force(rule, c):
                yield from _one(cohort, youth, rule, c, (before_days, after_days, bridge_days))


def _one(cohort: Cohort, youth: Youth, rule: object, c: int, days: tuple[int, int, int]) -> Iterator[Found]:
    before_days, after_days, bridge_days = days
    care = [e for e in youth.episodes if e.about == "youth" and e.role == "care"]
    # "care in the limit's sectors that surely covers a day in [c - before_days, c) and whose end lies in
    # [c - before_days, c + after_days)"
    leaving = [
        e
        for e in care
        if speaks_of(rule, e.sector, e.care_type)
        and not e.open
        and cover(e.start_max, e.end_min) & cover(c - before_days, c)
        and c - before_days <= e.end_min < c + after_days
    ]
    if not leaving:
        return
    end = max(e.end_min for e in leaving)
    # "care running at the end of the limit's care is an arranged transition and no finding"
    if any(e.start_min <= end < e.end_max for e in care):
        return
    later = [e for e in care if e.start_min > end]
    back = min((e.start_min for e in later), default=None)
    # "no care by anyone in bridge_days after that end"
    if back is not None and back < end + bridge_days:
        return
    yield Found(
        youth=youth.id,
        detector="AgeLimit",
        # "care resumed later: `returned`"; "`dropped` if some source of care observes the youth at that
        # age, else `unobserved`"
        outcome=_outcome(cohort, youth, end, later),
        certainty="certain",
        start=end,
        end=youth.until if back is None else back,
        days_min=0,
        days_max=0,
        ongoing=back is None,
        rule=rule.id,
    )


def _outcome(cohort: Cohort, youth: Youth, end: int, later: list[Episode]) -> str:
    if later:
        return "returned"
    carers = {e.agency for one in cohort.youths for e in one.episodes if e.role == "care"}
    seen = any(not unseen({end}, agency, youth, cohort.sources) for agency in carers)
    return "dropped" if seen else "unobserved"
