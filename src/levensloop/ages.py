"""What rules mean for arrays of days: ages, cut-off days and terms.

Days are counted from 1970-01-01; `NO_DAY` is an unknown day and stays one.
"""

from datetime import date
from typing import Final

import numpy as np

from levensloop.rule import TERMS, Rule
from levensloop.spans import NO_DAY, Bools, Ints

#: Months from 1 January to 1 August, on which the Dutch school year begins.
_AUGUST: Final = 7


def in_force(rule: Rule, days: Ints) -> Bools:
    """Whether `rule` held on each day (days since 1970-01-01); never on `NO_DAY`."""
    out = days != NO_DAY
    if rule.valid_from is not None:
        out &= days >= day_number(rule.valid_from)
    if rule.valid_to is not None:
        out &= days <= day_number(rule.valid_to)
    return out


def cutoff(rule: Rule, birth: Ints) -> Ints:
    """The first day on which one born on each day is past the age of `rule`; `NO_DAY` stays.

    A school year ends on 31 July, so that its cut-off is 1 August.
    """
    if rule.cutoff is None:
        raise ValueError(f"rule {rule.id!r} names no age at which it cuts off")
    if rule.cutoff == "months_after":
        return add_months(birth, 18 * 12 + rule.value)
    birthday = add_months(birth, 12 * rule.value)
    if rule.cutoff == "birthday":
        return birthday
    real = birthday != NO_DAY
    month = np.where(real, birthday, 0).astype("M8[D]").astype("M8[M]").astype(np.int64)
    first = month // 12 * 12 + _AUGUST
    end = np.where(month >= first, first + 12, first).astype("M8[M]").astype("M8[D]")
    return np.where(real, end.astype(np.int64), NO_DAY)


def term(rule: Rule, start: Ints) -> Ints:
    """The length in days of the term of `rule` that begins on each day."""
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
    date_ = np.where(real, days, 0).astype("M8[D]")
    month = date_.astype("M8[M]")
    first = (month + months).astype("M8[D]")
    following = (month + months + 1).astype("M8[D]")
    moved = np.minimum(first + (date_ - month.astype("M8[D]")), following)
    return np.where(real, moved.astype(np.int64), NO_DAY)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()
