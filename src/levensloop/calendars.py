"""How a country counts its days: when its school year ends, its weekend and its holidays.

A calendar is data: the file ``country.toml`` beside the rules. What it does not say is not known;
a rule that needs it is then a fault, never a guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np

from levensloop.errors import Fault, UserError
from levensloop.spans import NO_DAY, Ints

WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: A year without a 29 February: a day of every year must exist in it.
_COMMON: Final = 2001


@dataclass(frozen=True, slots=True)
class Calendar:
    """The school year, the weekend and the holidays of a country.

    Parameters
    ----------
    school_year_ends : str
        Month and day of the last day of every school year, such as ``07-31``; empty: not known.
    weekend : tuple of str
        Days of the week on which nobody works.
    years : tuple of int
        The first and the last year of which the holidays are known; working days are counted in
        these only. Empty: they are not known.
    package, categories : str, tuple of str
        A country of the ``holidays`` package, and which of its categories count.
    holidays : tuple of str and date
        Other holidays: a month and day in every year, such as ``12-24``, or one date.

    Raises
    ------
    UserError
        With every fault in its values at once.

    Examples
    --------
    >>> calendar = Calendar(years=(2020, 2030), holidays=("12-24",))
    >>> friday = np.array(["2020-12-18"], "M8[D]").astype(np.int64)
    >>> calendar.working_days(friday, 5).tolist()
    [10]
    """

    school_year_ends: str = ""
    weekend: tuple[str, ...] = ("saturday", "sunday")
    years: tuple[int, ...] = ()
    package: str = ""
    categories: tuple[str, ...] = ("public",)
    holidays: tuple[str | date, ...] = ()

    def __post_init__(self) -> None:
        ends, whole = self.school_year_ends, set(self.weekend)
        checks = (
            ("school_year_ends", not ends or _is_yearly(ends), "a month and a day, such as '07-31'"),
            ("weekend", whole < set(WEEK), f"some of {', '.join(WEEK)}, and not all"),
            (
                "years",
                not self.years or _in_order(self.years),
                "the first and the last year, as in [1990, 2050]",
            ),
            ("package", bool(self.years) or not self.package, "say in which years its holidays count: years"),
            (
                "holidays",
                all(isinstance(day, date) or _is_yearly(day) for day in self.holidays),
                "dates, or a month and a day of every year, such as '12-24'",
            ),
        )
        if wrong := [(field, why) for field, holds, why in checks if not holds]:
            raise UserError(calendar_fault(field, why) for field, why in wrong)

    def school_year_end(self, days: Ints) -> Ints:
        """The first day after the school year in which each day lies; `NO_DAY` stays.

        Examples
        --------
        >>> days = np.array(["2008-07-31", "2008-08-01"], "M8[D]").astype(np.int64)
        >>> Calendar(school_year_ends="07-31").school_year_end(days).astype("M8[D]").astype(str).tolist()
        ['2008-08-01', '2009-08-01']
        """
        if not self.school_year_ends:
            raise ValueError("the calendar does not say when the school year ends")
        month, last = _month_day(self.school_year_ends)
        real = days != NO_DAY
        year = np.where(real, days, 0).astype("M8[D]").astype("M8[Y]")
        this, following = (
            ((when.astype("M8[M]") + (month - 1)).astype("M8[D]") + last).astype(np.int64)
            for when in (year, year + 1)
        )
        return np.where(real, np.where(this > days, this, following), NO_DAY)

    def working_days(self, start: Ints, count: int) -> Ints:
        """How many days after each day the `count`-th working day after it comes.

        The day itself does not count. It is -1 where the years end in which the holidays are known.
        """
        if not self.years:
            raise ValueError("the calendar does not say in which years its holidays are known")
        first, end = (
            np.datetime64(date(year, 1, 1), "D").astype(np.int64)
            for year in (self.years[0], self.years[1] + 1)
        )
        known = (start >= first) & (start < end)
        days = np.where(known, start, first).astype("M8[D]")
        # From a day off the count starts at the working day before it: the next working day is then the first.
        due = np.busday_offset(days, count, roll="backward", busdaycal=_working(self)).astype(np.int64)
        return np.where(known & (due < end), due - start, -1)

    def days_off(self) -> frozenset[date]:
        """The holidays of the years that are known, in a weekend or not.

        Examples
        --------
        >>> sorted(Calendar(years=(2020, 2021), holidays=("01-01",)).days_off())
        [datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)]
        """
        return (
            frozenset(_days_off(self, range(self.years[0], self.years[1] + 1))) if self.years else frozenset()
        )


def calendar_fault(field: str | None, why: str) -> Fault:
    """A fault in the file of a country."""
    return Fault("country.toml", None, field, "bad_rule", why, "correct the calendar")


@cache
def _working(calendar: Calendar) -> np.busdaycalendar:
    """The working days of a country, made once; numpy's own calendar cannot be pickled, so no field holds it."""
    mask = [name not in calendar.weekend for name in WEEK]
    return np.busdaycalendar(weekmask=mask, holidays=sorted(calendar.days_off()))


def _days_off(calendar: Calendar, years: range) -> Iterator[date]:
    for day in calendar.holidays:
        if isinstance(day, date):
            yield day
        else:
            yield from (date(year, *_month_day(day)) for year in years)
    if calendar.package:
        yield from _packaged(calendar, years)


def _packaged(calendar: Calendar, years: range) -> Iterator[date]:
    import holidays

    try:
        found = holidays.country_holidays(calendar.package, years=years, categories=calendar.categories)
    except (NotImplementedError, ValueError) as error:
        raise UserError(calendar_fault("package", f"the package holidays says: {error}")) from error
    if years.start < found.start_year or years.stop - 1 > found.end_year:
        why = f"the package holidays knows {found.start_year} to {found.end_year} of this country"
        raise UserError(calendar_fault("years", why))
    yield from found


def _month_day(text: str) -> tuple[int, int]:
    """The month and the day of a day of every year; a ValueError if there is no such day."""
    month, day = map(int, text.split("-"))
    date(_COMMON, month, day)
    return month, day


def _is_yearly(text: str) -> bool:
    try:
        _month_day(text)
    except ValueError:
        return False
    return True


def _in_order(years: tuple[int, ...]) -> bool:
    return len(years) == len(("first", "last")) and date.min.year <= years[0] <= years[1] < date.max.year
