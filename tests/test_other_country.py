"""A country is a folder of TOML files: an invented one judges waits and age limits without a line of code."""

from datetime import date

import numpy as np
import pytest

import levensloop as ll
from levensloop.rulebooks import Rulebook
from levensloop.testing import sketch

COUNTRY = """
school_year_ends = "05-31"
weekend = ["friday", "saturday"]
years = [2000, 2030]
holidays = ["03-21", 2012-07-09]
"""
CARE = """
[care_20]
nl = "Hulp tot 20 jaar."
en = "Care until 20."
kind = "age_limit"
value = 20
unit = "years"
valid_from = 2010-01-01
sectors = ["youth_care"]
except_care_types = ["boarding"]
cutoff = "birthday"
limit = true
source = "Care act, article 3"
certainty = "A"
checked_on = 2026-11-23

[[care_20.transitions]]
age = 18
first = 2010-01-01
last = 2010-06-30
keeps = "care_19"
source = "Care act, article 90"

[care_19]
nl = "Hulp tot 19 jaar."
en = "Care until 19."
kind = "age_limit"
value = 19
unit = "years"
valid_to = 2009-12-31
sectors = ["youth_care"]
cutoff = "birthday"
limit = true
source = "old Care act"
certainty = "B"
checked_on = 2026-11-23

[boarding]
nl = "Verblijf tot het eind van het schooljaar waarin de jongere 18 wordt."
en = "Boarding until the end of the school year in which the youth turns 18."
kind = "age_limit"
value = 18
unit = "years_end_of_school_year"
sectors = ["youth_care"]
care_types = ["boarding"]
cutoff = "end_of_school_year"
limit = true
source = "Care act, article 4"
certainty = "A"
checked_on = 2026-11-23

[after_care]
nl = "Nazorg binnen 30 werkdagen na het einde."
en = "After-care within 30 working days of the end."
kind = "deadline"
value = 30
unit = "working_days"
sectors = ["youth_care"]
extends = ["care_20"]
source = "Care act, article 5"
certainty = "A"
checked_on = 2026-11-23
"""
WAITS = """
[first_talk]
nl = "Eerste gesprek binnen 3 werkdagen."
en = "First talk within 3 working days."
kind = "deadline"
value = 3
unit = "working_days"
sectors = ["mental_health"]
segment = "whole"
source = "Health act, article 7"
certainty = "A"
checked_on = 2026-11-23

[patience]
nl = "Uitkering niet binnen 2 weken."
en = "No benefit within 2 weeks."
kind = "deadline"
value = 2
unit = "weeks_min"
sectors = ["work_income"]
statutory = true
source = "Benefit act, article 1"
certainty = "A"
checked_on = 2026-11-23
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules") / "ruritania"
    folder.mkdir()
    for name, text in (("country", COUNTRY), ("care", CARE), ("waits", WAITS)):
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return Rulebook.from_folder(folder)


def found(detector, text):
    return detector.detect(sketch(text)).to_arrow().to_pylist()


def test_the_rulebook_is_that_of_the_folder(rules):
    assert repr(rules) == "<Rulebook ruritania: 6 rules>"
    assert rules.on(date(2009, 1, 1)).calendar.weekend == ("friday", "saturday")
    assert {rule.id for rule in rules.limits()} == {"care_20", "care_19", "boarding"}


def test_waits_are_held_against_its_own_working_days(rules):
    # From Thursday 5 July 2012: Sunday 8 is the first working day, Monday 9 a holiday, Wednesday 11 the third.
    text = "window 2000-01-01..2020-12-31; gp referral 2012-07-05 > ggz; ggz care {}..2012-12-31"
    day = {"2012-07-11": "no", "2012-07-12": "certain", "2012-07-11/2012-07-12": "possible"}
    for start, over in day.items():
        (one,) = found(ll.Waiting(rules), text.format(start))
        assert (one["rule"], one["norm_days"], one["over_norm"]) == ("first_talk", 6, over)


def test_outside_the_years_of_its_holidays_there_is_no_rule(rules):
    (one,) = found(ll.Waiting(rules), "window 1990-01-01..1999-12-31; gp referral 1995-07-05 > ggz")
    assert (one["rule"], one["norm_days"], one["over_norm"]) == (None, None, "no_rule")
    assert rules.norm("mental_health", date(1995, 7, 5)) == ("no_rule", None)


def test_its_law_imposes_waits(rules):
    (one,) = found(
        ll.Waiting(rules),
        "window 2000-01-01..2020-12-31; uwv application 2012-07-05; uwv benefit 2012-08-01..",
    )
    assert (one["over_norm"], dict(one["measures"])) == ("no_rule", {"statutory_days": 14})


def test_care_that_stops_at_its_own_limit_is_a_drop_out(rules):
    text = "birth 1994-03-01; window 2000-01-01..2020-12-31; bjz care 2012-01-01..2014-02-28 as_planned"
    (one,) = found(ll.AgeLimit(rules), text)
    assert (one["outcome"], one["rule"], str(one["start"])) == ("dropped", "care_20", "2014-03-01")
    # Thirty days from Sunday to Thursday (21 March is a Friday anyway) end on Thursday 10 April.
    assert dict(one["measures"]) == {"school_days": 0, "resumption_right_days": 40}
    assert found(ll.AgeLimit(), text) == []


def test_its_school_year_ends_in_may(rules):
    text = "birth 1994-09-10; window 2000-01-01..2020-12-31; bjz care 2012-01-01..2013-05-31 type=boarding"
    (one,) = found(ll.AgeLimit(rules), text)
    assert (one["outcome"], one["rule"], str(one["start"])) == ("dropped", "boarding", "2013-06-01")
    birth = np.array(["1995-05-31", "1995-06-01"], "M8[D]").astype(np.int64)
    assert rules.cutoff(rules["boarding"], birth).astype("M8[D]").astype(str).tolist() == [
        "2013-06-01",
        "2014-06-01",
    ]


def test_its_transitional_law_keeps_an_old_limit(rules):
    text = "birth 1992-03-01; window 2000-01-01..2020-12-31; bjz care 2009-01-01..2011-02-28"
    (one,) = found(ll.AgeLimit(rules), text)
    assert (one["outcome"], one["rule"]) == ("dropped", "care_19")
    told = rules.explain("care_20", date(1992, 3, 1), "en")
    assert told.endswith("(Care act, article 90). In its place: Care until 19.")


def test_every_detector_that_asks_the_rules_takes_it(rules):
    cohort = sketch("birth 1994-03-01; window 2000-01-01..2020-12-31; bjz care 2012-01-01..2014-02-28")
    findings = ll.detect(cohort, ll.Waiting(rules), ll.AgeLimit(rules))
    assert '"rules": "ruritania"' in findings.to_arrow()["params"].to_pylist()[0]
