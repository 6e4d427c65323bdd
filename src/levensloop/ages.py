"""What rules mean for arrays of days: ages, cut-off days, transitional law and terms.

Days are counted from 1970-01-01; `NO_DAY` is an unknown day and stays one.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final

import numpy as np

from levensloop.calendars import Calendar
from levensloop.rule import TERMS, Rule, Transition
from levensloop.spans import FAR, NO_DAY, Bools, Ints

#: Months of a century.
_CENTURY: Final = 1200


def in_force(rule: Rule, days: Ints) -> Bools:
    """Whether `rule` held on each day (days since 1970-01-01); never on `NO_DAY`."""
    first, last = _validity(rule)
    return (days != NO_DAY) & (days >= first) & (days <= last)


def cutoff(rule: Rule, birth: Ints, calendar: Calendar) -> Ints:
    """The first day on which one born on each day is past the age of `rule`; `NO_DAY` stays."""
    if rule.cutoff is None or rule.age is None:
        raise ValueError(f"rule {rule.id!r} names no age at which it cuts off")
    reached = add_months(birth, 12 * rule.age)
    if rule.months:
        # A birthday on 29 February falls on 1 March in other years; the months after it count from there.
        reached = add_months(reached, rule.months)
    return calendar.school_year_end(reached) if rule.cutoff == "end_of_school_year" else reached


def applies(
    rule: Rule, rules: Sequence[Rule], births: tuple[Ints, Ints], calendar: Calendar
) -> tuple[Bools, Bools]:
    """Whether `rule` surely and whether it possibly holds on the cut-off date of one born between two days.

    Parameters
    ----------
    rule : Rule
        One with a cut-off.
    rules : sequence of Rule
        The rulebook: a rule in it may spare a youth and keep this one in its place.
    births : pair of arrays
        The earliest and the latest day of birth.
    calendar : Calendar

    Returns
    -------
    sure, possible : arrays of bool

    Examples
    --------
    >>> from levensloop.rulebooks import rulebook
    >>> rules = rulebook()
    >>> birth = np.array(["1989-08-01", "1990-08-01"], "M8[D]").astype(np.int64)
    >>> for name in ("qualification_duty", "school_partial"):
    ...     applies(rules[name], rules.rules, (birth, birth), rules.calendar)[0].tolist()
    [False, True]
    [True, False]
    """
    return reached(rule, rules, births, calendar)[2:]


def reached(
    rule: Rule, rules: Sequence[Rule], births: tuple[Ints, Ints], calendar: Calendar
) -> tuple[Ints, Ints, Bools, Bools]:
    """The earliest and the latest cut-off date of `rule`, and whether it surely and possibly holds on it.

    The parameters are those of `applies`.
    """
    low = cutoff(rule, births[0], calendar)
    high = low if births[0] is births[1] else cutoff(rule, births[1], calendar)
    known = low != NO_DAY
    first, last = _validity(rule)
    sure, possible = known & (low >= first) & (high <= last), known & (low <= last) & (high >= first)
    surely, perhaps = spared(rule.transitions, births)
    kept = spared([law for other in rules for law in other.transitions if law.keeps == rule.id], births)
    return low, high, (sure & ~perhaps) | kept[0], (possible & ~surely) | kept[1]


def spared(laws: Sequence[Transition], births: tuple[Ints, Ints]) -> tuple[Bools, Bools]:
    """Whether transitional law surely and whether it possibly spares one born between two days."""
    surely = perhaps = np.zeros(births[0].shape, np.bool_)
    for law in laws:
        low = add_months(births[0], 12 * law.age)
        high = low if births[0] is births[1] else add_months(births[1], 12 * law.age)
        first, last, known = day_number(law.first), day_number(law.last), low != NO_DAY
        surely = surely | (known & (low >= first) & (high <= last))
        perhaps = perhaps | (known & (low <= last) & (high >= first))
    return surely, perhaps


def rights(
    rule: Rule, rules: Sequence[Rule], birth: Ints, ended: Ints, calendar: Calendar
) -> tuple[Ints, Ints]:
    """The first days past the rights that go on past the limit `rule`, for care that ended on some days.

    Returns
    -------
    continued, resumed : arrays
        Until when care that began before the limit could go on, and until when it could be resumed;
        `NO_DAY` where no rule in force on the cut-off date, or on the day of the end, gives that right.

    Examples
    --------
    >>> from levensloop.rulebooks import rulebook
    >>> rules = rulebook()
    >>> birth, ended = (np.array([day], "M8[D]").astype(np.int64) for day in ("2000-03-10", "2018-03-10"))
    >>> until = rights(rules["youthcare_jw"], rules.rules, birth, ended, rules.calendar)
    >>> [str(day.astype("M8[D]")[0]) for day in until]
    ['2023-03-10', '2018-09-10']
    """
    past = cutoff(rule, birth, calendar)
    continued, resumed = np.full(birth.shape, NO_DAY), np.full(birth.shape, NO_DAY)
    for other in (other for other in rules if rule.id in other.extends):
        if other.cutoff is not None:
            until = np.where(in_force(other, past), cutoff(other, birth, calendar), NO_DAY)
            continued = np.maximum(continued, until)
        else:
            length = term(other, ended, calendar)
            until = np.where(in_force(other, ended) & (length >= 0), ended + length, NO_DAY)
            resumed = np.maximum(resumed, until)
    return continued, resumed


def term(rule: Rule, start: Ints, calendar: Calendar) -> Ints:
    """The length in days of the term of `rule` that begins on each day; -1 where it cannot be counted."""
    if rule.unit == "working_days":
        return calendar.working_days(start, rule.value)
    length = TERMS[rule.unit]
    if length is None:
        return add_months(start, rule.value) - start
    return np.full(start.shape, length * rule.value, np.int64)


def add_months(days: Ints, months: int) -> Ints:
    """The same day of the month, `months` later; where the month lacks it, the first of the next.

    Examples
    --------
    >>> birth = np.array(["1988-02-29"], "M8[D]").astype(np.int64)
    >>> add_months(birth, 18 * 12).astype("M8[D]").tolist()
    [datetime.date(2006, 3, 1)]
    """
    real = days != NO_DAY
    day = np.where(real, days, 0)
    room = 1 + abs(months) // _CENTURY
    early, late = ((1970 + int(bound) // 365) // 100 for bound in (day.min(initial=0), day.max(initial=0)))
    month_of, opens = _months(early - room, late + room + 1)
    since = day - opens[0]
    month = month_of[since]
    later = month + months
    moved = np.minimum(opens[later] + day - opens[month], opens[later + 1])
    return np.where(real, moved, NO_DAY)


@cache
def _months(first: int, last: int) -> tuple[Ints, Ints]:
    """The month of each day of some centuries, counted from their first, and the first day of each month."""
    opens = (
        np.arange(f"{100 * first:04}-01", f"{100 * last:04}-02", dtype="M8[M]")
        .astype("M8[D]")
        .astype(np.int64)
    )
    return np.repeat(np.arange(opens.size - 1), np.diff(opens)), opens


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _validity(rule: Rule) -> tuple[int, int]:
    """The first and the last day on which a rule held; without a last, or a known first, very far away."""
    first = -FAR if rule.valid_from is None else day_number(rule.valid_from)
    return first, FAR if rule.valid_to is None else day_number(rule.valid_to)
