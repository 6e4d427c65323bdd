"""Working days, school years and months after birthdays against counting day by day."""

import calendar as common
from datetime import date, timedelta

import numpy as np
import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from levensloop.ages import cutoff, term
from levensloop.calendars import WEEK, Calendar
from levensloop.errors import UserError
from levensloop.rulebooks import Rulebook, rulebook
from levensloop.spans import NO_DAY
from rulemaking import days, iso, made

DUTCH = rulebook("nl").calendar
ONE = timedelta(1)
births = st.dates(date(1960, 1, 1), date(2015, 12, 31)) | st.sampled_from(
    [date(year, 2, 29) for year in range(1960, 2016, 4)]
)


def numbers(*when):
    return np.array([str(day) for day in when], "M8[D]").astype(np.int64)


def walked(start, count, off, weekend=(5, 6)):
    """The `count`-th working day after a day, found by walking."""
    day = start
    while count:
        day += ONE
        count -= day.weekday() not in weekend and day not in off
    return (day - start).days


def birthday(birth, age):
    """Every day from the birth on is looked at: the first on which the youth is that old."""
    day = date(birth.year + age, 1, 1)
    while (day.year - birth.year, day.month, day.day) < (age, birth.month, birth.day):
        day += ONE
    return day


def months_on(day, months):
    """The month is counted on, and the day of the month looked for from its first day."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    if day.day <= common.monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(year, month, common.monthrange(year, month)[1]) + ONE


@given(st.dates(date(1966, 1, 1), date(2099, 12, 31)), st.integers(1, 60))
def test_dutch_working_days_are_those_that_one_counts(start, count):
    years = range(start.year, start.year + 2)
    off = set(country_holidays("NL", years=years, categories=("public", "optional")))
    assert DUTCH.working_days(numbers(start), count).tolist() == [walked(start, count, off)]


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2021, 12, 31)), max_size=30),
    st.sets(st.sampled_from(WEEK), max_size=5),
    st.lists(st.dates(date(2020, 1, 1), date(2020, 6, 30)), min_size=1, max_size=5),
    st.integers(1, 40),
)
def test_working_days_of_any_calendar_are_those_that_one_counts(off, weekend, starts, count):
    made_up = Calendar(weekend=tuple(weekend), years=(2019, 2025), holidays=(*off, "05-17"))
    free = {*off, date(2020, 5, 17), date(2021, 5, 17)}
    places = {WEEK.index(name) for name in weekend}
    expected = [walked(start, count, free, places) for start in starts]
    assert made_up.working_days(numbers(*starts), count).tolist() == expected


@given(births, st.integers(12, 27), st.sampled_from(["07-31", "06-30", "12-31", "02-28", "08-01"]))
def test_a_school_year_ends_after_the_birthday_on_its_day(birth, age, ends):
    rule = made(
        kind="age_limit",
        unit="years_end_of_school_year",
        cutoff="end_of_school_year",
        value=age,
        segment=None,
    )
    day = birthday(birth, age)
    while f"{day:%m-%d}" != ends:
        day += ONE
    found = cutoff(rule, numbers(birth), Calendar(school_year_ends=ends))
    assert iso(found) == [str(day + ONE)]


@given(births, st.integers(12, 27))
def test_a_birthday_is_the_first_day_at_that_age(birth, age):
    rule = made(kind="age_limit", unit="years", cutoff="birthday", value=age, segment=None)
    assert iso(cutoff(rule, numbers(birth), Calendar())) == [str(birthday(birth, age))]


@given(births, st.integers(12, 23), st.integers(1, 30))
def test_months_after_a_birthday_count_from_that_birthday(birth, age, months):
    rule = made(
        kind="age_limit", unit=f"months_after_{age}", cutoff="months_after", value=months, segment=None
    )
    expected = months_on(birthday(birth, age), months)
    assert iso(cutoff(rule, numbers(birth), Calendar())) == [str(expected)]


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(1, 30))
def test_weeks_and_months_are_those_of_the_common_calendar(start, value):
    weeks, months = made(unit="weeks", value=value), made(unit="months", value=value)
    assert term(weeks, numbers(start), Calendar()).tolist() == [7 * value]
    assert term(months, numbers(start), Calendar()).tolist() == [(months_on(start, value) - start).days]


def test_half_a_year_after_a_birthday_on_29_february():
    rule = rulebook("nl")["secure_care_18plus"]
    assert iso(rulebook("nl").cutoff(rule, days("2000-02-29", "2000-02-28"))) == ["2018-09-01", "2018-08-28"]


def test_a_birthday_on_29_february_at_the_end_of_a_school_year():
    rule = made(
        kind="age_limit", unit="years_end_of_school_year", cutoff="end_of_school_year", value=18, segment=None
    )
    found = cutoff(rule, days("2000-02-29"), Calendar(school_year_ends="02-28"))
    assert iso(found) == ["2019-03-01"]


def test_dutch_holidays_are_those_of_the_act_on_terms():
    off = {day for day in DUTCH.days_off() if day.year == 2007}
    assert {day for day in off if day.weekday() < 5} == {
        date(2007, 1, 1), date(2007, 4, 6), date(2007, 4, 9), date(2007, 4, 30), date(2007, 5, 17),
        date(2007, 5, 28), date(2007, 12, 25), date(2007, 12, 26),
    }  # fmt: skip
    assert date(2006, 5, 5) in DUTCH.days_off()


def test_outside_the_known_years_working_days_are_not_counted():
    around = days("1965-12-31", "1966-01-01", "2100-12-24", "2100-12-31", "2101-01-01")
    assert (DUTCH.working_days(around, 3) >= 0).tolist() == [False, True, True, False, False]
    assert DUTCH.working_days(np.array([NO_DAY]), 3).tolist() == [-1]


def test_an_unknown_day_has_no_end_of_the_school_year():
    assert DUTCH.school_year_end(np.array([NO_DAY])).tolist() == [NO_DAY]


def test_a_calendar_that_does_not_say_it_does_not_guess():
    with pytest.raises(ValueError, match="school year"):
        Calendar().school_year_end(days("2020-01-01"))
    with pytest.raises(ValueError, match="holidays"):
        Calendar().working_days(days("2020-01-01"), 3)
    assert Calendar().days_off() == frozenset()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"package": "ZZ", "years": (2000, 2010)}, "ZZ not available"),
        ({"package": "NL", "years": (2000, 2010), "categories": ("lunch",)}, "lunch"),
        ({"package": "NL", "years": (1950, 2010)}, "1966 to 2100"),
    ],
)
def test_what_the_package_of_holidays_does_not_know_is_an_error_of_the_user(given, why):
    with pytest.raises(UserError, match=why):
        Calendar(**given).days_off()


def test_a_rulebook_made_by_hand_counts_as_its_country_does():
    rules = rulebook("nl")
    assert Rulebook((rules["pro_end"],)).calendar == rules.on(date(2020, 1, 1)).calendar == DUTCH
    with pytest.raises(UserError, match="school_year_ends"):
        Rulebook((rules["pro_end"],), "zz")


def test_a_million_norms_in_working_days_take_no_loop_over_waits():
    start = np.arange(1_000_000) % 20_000
    sector, none = (np.zeros_like(start), ["health"]), (np.zeros_like(start), ["gp"])
    found = rulebook("nl").norm_days(sector, none, (np.zeros_like(start), ["whole"]), start)
    again = {int(day): int(length) for day, length in zip(start, found.days, strict=True)}
    assert len(set(zip(start.tolist(), found.days.tolist(), strict=True))) == len(again) == 20_000
