"""What a rulebook says of one wait: the norm, whether it was passed, and its parts, day by day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from oracle.age_limits import in_force, speaks_of
from oracle.model import Cohort, Found, order
from oracle.waits import ANSWERS, Wait, found_of, waits

#: The sort of rulebook and the days off that the reference counts with.
Off = Callable[[date], bool]


def length(rule: object, start: int, off: Off) -> int:
    """The days of a term from a day on, found by walking."""
    first = date.fromordinal(start)
    if rule.unit == "months":
        month = first.year * 12 + first.month - 1 + rule.value
        try:
            return first.replace(year=month // 12, month=month % 12 + 1).toordinal() - start
        except ValueError:
            return date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal() - start
    if rule.unit == "working_days":
        left, day = rule.value, first
        while left:
            day += timedelta(1)
            left -= not off(day)
        return day.toordinal() - start
    return {"days": 1, "weeks": 7}[rule.unit] * rule.value


def norm(rules: object, wait: Wait, segment: str, start: int) -> object | None:
    # "The norm is the rule for that sector, care_type and segment (to intake, intake to care, whole) in force"
    held = [
        rule
        for rule in rules
        if rule.segment == segment and in_force(rule, start) and speaks_of(rule, wait.sector, wait.care_type)
    ]
    named = [rule for rule in held if rule.care_types]
    return (named or held or [None])[0]


def judged(cohort: Cohort, rules: object, off: Off) -> list[Found]:
    """The findings of `Waiting`, with what the rules say of them."""
    found = []
    for youth in cohort.youths:
        for wait in waits(youth, cohort):
            opener, answered = wait.opener, getattr(wait.closer, "kind", None) in ANSWERS
            # "in force on open.start_max"
            rule = norm(rules, wait, "to_intake" if answered else "whole", opener.start_max)
            over, days = "no_rule", None
            if rule is not None:
                days = length(rule, opener.start_max, off)
                late = [wait.days_min > days, wait.days_max > length(rule, opener.start_min, off)]
                over = "certain" if late[0] else "possible" if late[1] else "no"
            measures = () if answered else tuple(sorted(_parts(wait, rules, off).items()))
            name = None if rule is None else rule.id
            one = found_of(youth, wait, 1)
            found.append(replace(one, rule=name, norm_days=days, over_norm=over, measures=measures))
    return found


def _parts(wait: Wait, rules: object, off: Off) -> dict[str, int]:
    """The days to the first intake of the wait and from there on, least and most."""
    opener = wait.opener
    last = wait.close_max if wait.closer else wait.close_max - 1
    intakes = [
        event for event in wait.intakes if opener.start_min <= event.start_max and event.start_min <= last
    ]
    if not intakes:
        return {}
    intake = min(intakes, key=lambda event: order(event.start_min, event.start_max))
    begin, end = max(intake.start_min, opener.start_min), min(intake.start_max, wait.close_max)
    found = {
        "to_intake_min": max(0, begin - opener.start_max),
        "to_intake_max": end - opener.start_min,
        "intake_to_care_min": max(0, wait.close_min - end),
        "intake_to_care_max": wait.close_max - begin,
    }
    for segment, start in (("to_intake", opener.start_max), ("intake_to_care", end)):
        rule = norm(rules, wait, segment, start)
        if rule is not None:
            found[f"{segment}_norm"] = length(rule, start, off)
    return found
