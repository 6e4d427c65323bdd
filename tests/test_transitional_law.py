"""Transitional law, care that goes on past a limit and care that is resumed: in the rulebook and in AgeLimit."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.ages import add_months, applies, rights
from levensloop.calendars import Calendar
from levensloop.rule import Transition
from levensloop.rulebooks import Rulebook, rulebook
from levensloop.spans import NO_DAY
from levensloop.testing import sketch
from rulemaking import days, iso, made

RULES = rulebook("nl")
AGE = {"kind": "age_limit", "unit": "years", "cutoff": "birthday", "segment": None, "limit": True}
#: A limit at 18 for two years, that spares for a while and leaves an older one to those.
SPARED = Transition(age=17, first=date(2011, 3, 1), last=date(2011, 9, 30), keeps="old", source="an example")
BOOK = Rulebook(
    (
        made(**AGE, id="old", value=19, valid_to=date(2010, 12, 31)),
        made(**AGE, id="new", value=18, valid_from=date(2011, 1, 1), valid_to=date(2012, 12, 31), transitions=(SPARED,)),
    ),
    "zz",
)  # fmt: skip
born = st.dates(date(1990, 1, 1), date(1997, 12, 31))


def held(name, birth):
    sure, possible = applies(RULES[name], RULES.rules, (birth, birth), RULES.calendar)
    assert (sure == possible).all()
    return sure.tolist()


def turns(birth, age):
    return date(birth.year + age, birth.month, birth.day) if (birth.month, birth.day) != (2, 29) else None


def applied(name, birth):
    """Of one exact day of birth: in force on the cut-off date and not spared, or kept."""
    spared = date(2011, 3, 1) <= turns(birth, 17) <= date(2011, 9, 30)
    if name == "new":
        return turns(birth, 18).year in (2011, 2012) and not spared
    return turns(birth, 19).year <= 2010 or spared


@given(born, st.integers(0, 900), st.sampled_from(["old", "new"]))
def test_with_bounds_a_rule_holds_for_all_or_for_some_of_their_days(first, length, name):
    every = [first + timedelta(days) for days in range(length + 1)]
    each = [applied(name, birth) for birth in every if turns(birth, 17)]
    low, high = days(str(first)), days(str(every[-1]))
    sure, possible = applies(BOOK[name], BOOK.rules, (low, high), BOOK.calendar)
    assert bool(possible[0]) == any(each)
    if each:
        assert bool(sure[0]) == all(each)


@pytest.mark.parametrize(
    ("birth", "new", "old"),
    [
        # Seventeen before the school year 2006-2007: eighteen, or past it, before the new duty began.
        ("1989-07-31", False, True),
        ("1989-08-01", False, True),
        ("1990-07-31", False, True),
        ("1990-08-01", True, False),
    ],
)
def test_who_turned_17_in_school_year_2006_2007_kept_the_old_duty(birth, new, old):
    assert (held("qualification_duty", days(birth)), held("school_partial", days(birth))) == ([new], [old])


def test_jorien_never_fell_under_the_duty_to_qualify():
    year = np.arange(*days("1989-01-01", "1990-01-01").tolist())
    assert not any(held("qualification_duty", year))
    assert all(held("school_partial", year))
    told = RULES.explain("qualification_duty", date(1989, 9, 6), "en")
    assert "does not hold for one who turned 17 from 1 August 2006 until 31 July 2007" in told
    assert "Stb 2007,203, art V" in told
    assert told.endswith("In its place: Partial compulsory schooling until 17.")


def test_an_explanation_tells_of_the_old_rule_that_it_goes_on_to_hold():
    told = RULES.explain("school_partial", date(1989, 9, 6))
    assert "de regel blijft gelden voor wie van 1 augustus 2006" in told
    assert "gold deze regel niet" not in told
    assert RULES.explain("school_partial", date(1990, 9, 6)).endswith("Op die dag gold deze regel niet.")


def test_an_explanation_tells_what_goes_on_past_a_limit():
    told = RULES.explain("youthcare_jw", date(2000, 3, 10), "en")
    assert "For a birth on 10 March 2000 the first day past the limit is 10 March 2018." in told
    assert "Past this limit: Youth care until 23 if it began or was decided before 18" in told
    assert "Past this limit: Care resumed within 6 months" in told
    assert "Jeugdwet text 2026-01-01" in told
    assert "certainty A" in told
    assert "Past this limit" not in RULES.explain("jgz_18", date(2000, 3, 10), "en")


@pytest.mark.parametrize(
    ("name", "birth", "ended", "continued", "resumed"),
    [
        ("youthcare_jw", "2000-03-10", "2018-03-10", "2023-03-10", "2018-09-10"),
        ("youthcare_jw", "2000-02-29", "2018-03-01", "2023-03-01", "2018-09-01"),
        ("youthcare_wjz", "1990-05-06", "2008-05-06", "2013-05-06", "2008-11-06"),
        ("foster_18", "1990-05-06", "2008-05-06", "2013-05-06", "2008-11-06"),
        ("foster_18", "1998-05-06", "2016-05-06", "2021-05-06", "2016-11-06"),
        ("youthcare_wjhv", "1980-05-06", "1998-05-06", None, None),
        ("secure_care_18plus", "2000-03-10", "2018-09-10", None, None),
    ],
)
def test_the_law_keeps_rights_past_some_limits(name, birth, ended, continued, resumed):
    found = rights(RULES[name], RULES.rules, days(birth), days(ended), RULES.calendar)
    assert [iso(until)[0] if until[0] != NO_DAY else None for until in found] == [continued, resumed]


def test_rights_hold_only_where_a_rule_is_in_force():
    limit = made(**AGE, id="limit", value=18, valid_from=date(2000, 1, 1))
    until = made(
        id="until", **AGE | {"limit": False}, value=21, extends=("limit",), valid_from=date(2010, 1, 1)
    )
    again = made(
        id="again", kind="deadline", unit="working_days", value=5, segment=None, extends=("limit",),
        valid_from=date(2010, 1, 1),
    )  # fmt: skip
    book = Rulebook((limit, until, again), "zz", Calendar(years=(2000, 2012)))
    birth = days("1991-12-31", "1992-01-01", "1994-12-31")
    past = add_months(birth, 18 * 12)
    continued, resumed = rights(limit, book.rules, birth, past, book.calendar)
    assert continued.tolist() == [NO_DAY, *days("2013-01-01", "2015-12-31").tolist()]
    assert resumed.tolist() == [NO_DAY, days("2010-01-08")[0], NO_DAY]


def age_limit(text, **rest):
    return ll.AgeLimit(**rest).detect(sketch(text)).to_arrow().to_pylist()


def test_a_right_that_goes_on_is_told_and_hides_no_drop_out():
    (found,) = age_limit(
        "birth 1990-05-06; window 2000-01-01..2009-12-31; bjz care 2006-01-01..2008-05-05 as_planned"
    )
    assert (found["outcome"], found["rule"], str(found["start"])) == (
        "dropped",
        "youthcare_wjz",
        "2008-05-06",
    )
    assert dict(found["measures"]) == {
        "school_days": 0,
        "continued_right_days": (date(2010, 1, 1) - date(2008, 5, 6)).days,
        "resumption_right_days": (date(2008, 11, 6) - date(2008, 5, 6)).days,
    }


def test_rights_count_days_of_the_finding_itself():
    text = "birth 1990-05-06; window 2000-01-01..2018-12-31; bjz care 2006-01-01..2008-05-05; ggz care 2014-01-01.."
    (found,) = age_limit(text)
    assert (found["outcome"], str(found["end"])) == ("returned", "2014-01-01")
    assert dict(found["measures"])["continued_right_days"] == (date(2013, 5, 6) - date(2008, 5, 6)).days
    (found,) = age_limit(text.replace("2014-01-01", "2008-11-03"))
    assert dict(found["measures"])["resumption_right_days"] == (date(2008, 11, 3) - date(2008, 5, 6)).days


def test_of_a_birth_with_bounds_only_the_sure_rights_are_told():
    (found,) = age_limit(
        "birth 1990-05; window 2000-01-01..2018-12-31; bjz care 2006-01-01..2008-05-05 as_planned"
    )
    assert dict(found["measures"])["continued_right_days"] == (date(2013, 5, 1) - date(2008, 5, 6)).days


def test_without_such_a_rule_no_right_is_told():
    (found,) = age_limit("birth 1980-05-06; window 1990-01-01..2003-12-31; bjz care 1996-01-01..1998-05-05")
    assert (found["rule"], dict(found["measures"])) == ("youthcare_wjhv", {"school_days": 0})


@pytest.mark.parametrize(
    ("birth", "opener", "expected"),
    [
        ("1990-05-06", "application 2008-03-01", 1),
        ("1990-05-06", "referral 2008-03-01", None),
        ("2000-05-06", "indication 2018-03-01", 1),
        ("2000-05-06", "application 2018-03-01", None),
        ("1990-05-06", "application 2008-04", 1),
        ("1990-05-06", "application 2008-05", None),
    ],
)
def test_what_was_asked_for_in_time_may_begin_after_the_limit(birth, opener, expected):
    (found,) = age_limit(f"birth {birth}; window 1995-01-01..2020-12-31; bjz {opener}")
    assert found["outcome"] == "refused_near_limit"
    assert dict(found["measures"]).get("asked_in_time") == expected


def test_a_limit_does_not_hold_for_whom_transitional_law_spares():
    text = "window 2000-01-01..2014-12-31; bjz care 2008-01-01..{}"
    spared = f"birth 1994-04-05; {text.format('2012-04-04')}"
    assert age_limit(spared, rules=BOOK) == []
    kept = age_limit(spared.replace("2012-04-04", "2013-04-04"), rules=BOOK)
    assert [(one["outcome"], one["rule"]) for one in kept] == [("dropped", "old")]
    other = age_limit(f"birth 1994-02-05; {text.format('2012-02-04')}", rules=BOOK)
    assert [(one["outcome"], one["rule"]) for one in other] == [("dropped", "new")]


def test_a_wait_that_a_law_imposes_is_not_imposed_on_whom_it_spares():
    law = made(**AGE | {"limit": False}, id="law", value=18, statutory=True, transitions=(SPARED,))
    birth = days("1994-02-28", "1994-03-01")
    book = Rulebook((law,), "zz")
    sector, none = (np.zeros(2, np.int64), ["youth_care"]), (np.full(2, -1), [])
    found = book.statutory(sector, none, days("2011-06-01", "2011-06-01"), birth)
    assert found.days.tolist() == [(date(2012, 2, 28) - date(2011, 6, 1)).days, -1]
