"""AgeLimit for exact dates: what the definition says of one world."""

from collections.abc import Iterator
from datetime import date

from oracle.model import Cohort, Episode, Found, Youth, birthday, cover, unseen


def cutoff(rule: object, birth: date, ends: tuple[int, int] = (7, 31)) -> int:
    # "the cut-off date c (birthday, or end of the school year)": the first day past it
    turns = date.fromordinal(birthday(birth, rule.age))
    if rule.cutoff == "end_of_school_year":
        last = date(turns.year, *ends)
        return (last if turns <= last else date(turns.year + 1, *ends)).toordinal() + 1
    if rule.cutoff == "months_after":
        month = turns.year * 12 + turns.month - 1 + rule.value
        try:
            turns = turns.replace(year=month // 12, month=month % 12 + 1)
        except ValueError:
            turns = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return turns.toordinal()


def in_force(rule: object, day: int) -> bool:
    first, last = rule.valid_from, rule.valid_to
    return (first is None or first.toordinal() <= day) and (last is None or day <= last.toordinal())


def spared(law: object, birth: date) -> bool:
    return law.first.toordinal() <= birthday(birth, law.age) <= law.last.toordinal()


def holds(rule: object, rules: tuple, birth: date, c: int) -> bool:
    """In force on the cut-off date; transitional law spares it, or keeps it in the place of another."""
    kept = [law for other in rules for law in other.transitions if law.keeps == rule.id]
    if any(spared(law, birth) for law in kept):
        return True
    return in_force(rule, c) and not any(spared(law, birth) for law in rule.transitions)


def speaks_of(rule: object, sector: str | None, care_type: str | None) -> bool:
    if sector not in rule.sectors or care_type in rule.except_care_types:
        return False
    return not rule.care_types or care_type in rule.care_types


def drop_outs(
    cohort: Cohort,
    limits: tuple,
    days: tuple[int, int, int] = (90, 90, 180),
    ends: tuple[int, int] = (7, 31),
) -> Iterator[Found]:
    """Findings `dropped`, `unobserved` and `returned`."""
    for youth in cohort.youths:
        if youth.first_birth is None:
            continue
        # "For each limit in force on the cut-off date c"
        for rule in limits:
            c = cutoff(rule, youth.first_birth, ends)
            if holds(rule, limits, youth.first_birth, c):
                yield from _one(cohort, youth, rule, c, days)


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
