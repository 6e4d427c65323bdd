"""The Dutch rulebook against the table it was made from, and what rules say about days."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from levensloop.ages import add_months, day_number
from levensloop.errors import UserError
from levensloop.rulebooks import SEGMENTS, Rulebook, rulebook
from levensloop.schema import words
from levensloop.spans import NO_DAY
from rulemaking import coded, days, iso, made

NORMS = Path(__file__).parents[2] / "shared" / "research" / "norms.csv"
RULES = rulebook("nl")
DERIVED = {"tree_total"}


def norm(sector, care_type, segment, start):
    found = RULES.norm_days(coded(sector), coded(care_type), coded(segment), days(start))
    at, length = int(found.rule[0]), int(found.days[0])
    return (None if at < 0 else RULES.rules[at].id), length


def law(care_type, start, birth):
    born = None if birth is None else days(birth)
    found = RULES.statutory(coded("work_income"), coded(care_type), days(start), born)
    at, length = int(found.rule[0]), int(found.days[0])
    return (None if at < 0 else RULES.rules[at].id), length


@pytest.fixture(scope="module")
def norms():
    if not NORMS.exists():
        pytest.skip("the table of norms is kept outside the project")
    with NORMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_table_of_norms_is_a_rule_with_equal_values(norms):
    before = {}
    for row in norms:
        rule = RULES[row["id"]]
        source = before["source"] if row["source"] == "same" else row["source"]
        before = row
        told = (
            rule.kind,
            rule.domain,
            str(rule.value),
            rule.unit,
            str(rule.valid_from or ""),
            str(rule.valid_to or ""),
            rule.source,
            rule.certainty,
            rule.text_as_of,
        )
        columns = ("kind", "domain", "value", "unit", "valid_from", "valid_to")
        expected = (*(row[name] for name in columns), source, row["certainty"], row["text_as_of"])
        assert told == expected, row["id"]
        assert row["condition"] in {"same", ""} or row["condition"] in rule.condition, row["id"]


def test_no_rule_is_added_but_the_derived_one(norms):
    assert {rule.id for rule in RULES} - {row["id"] for row in norms} == DERIVED
    assert len(RULES) == len(norms) + 1
    assert "derived" in RULES["tree_total"].condition


def test_every_rule_was_checked_on_one_day():
    assert {rule.checked_on for rule in RULES} == {date(2026, 11, 23)}


def test_every_sector_is_a_word_of_the_vocabulary():
    assert {sector for rule in RULES for sector in rule.sectors} <= set(words("sectors"))


def test_limits_are_ends_of_provisions_and_nothing_else():
    assert {rule.id for rule in RULES.limits()} == {
        "youthcare_wjhv", "youthcare_wjz", "youthcare_wjz_continued", "youthcare_jw", "youthcare_jw_continued",
        "foster_18", "foster_21_agreement", "foster_21_law", "secure_care_18plus", "jgz_18", "jgz_19",
        "mental_health_adult", "so_end", "vso_end_birthday", "vso_end", "pro_end",
    }  # fmt: skip


def test_a_birthday_on_29_february_falls_on_1_march():
    rule = RULES["youthcare_wjz"]
    assert iso(RULES.cutoff(rule, days("1988-02-29", "1988-02-28"))) == ["2006-03-01", "2006-02-28"]


def test_a_birthday_on_29_february_stays_in_a_leap_year():
    assert iso(RULES.cutoff(RULES["vso_end_birthday"], days("1988-02-29"))) == ["2008-02-29"]


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("1990-07-31", "2008-08-01"),
        ("1990-08-01", "2009-08-01"),
        ("1990-12-31", "2009-08-01"),
        ("1990-01-01", "2008-08-01"),
    ],
)
def test_a_school_year_ends_on_31_july(birth, expected):
    assert iso(RULES.cutoff(RULES["pro_end"], days(birth))) == [expected]


def test_months_after_18():
    found = RULES.cutoff(RULES["secure_care_18plus"], days("2000-01-15", "2000-08-31", "2000-08-29"))
    assert iso(found) == ["2018-07-15", "2019-03-01", "2019-03-01"]


def test_an_unknown_birth_has_no_cut_off():
    unknown = np.array([NO_DAY])
    for rule in RULES.limits():
        assert RULES.cutoff(rule, unknown).tolist() == [NO_DAY]
        assert RULES.in_force(rule, unknown).tolist() == [False]


def test_a_rule_without_an_age_has_no_cut_off():
    with pytest.raises(ValueError, match="names no age"):
        RULES.cutoff(RULES["jw_plan"], days("2000-01-01"))


def test_first_and_last_day_are_in_force():
    rule = RULES["foster_21_agreement"]
    around = days("2018-06-30", "2018-07-01", "2022-12-31", "2023-01-01")
    assert RULES.in_force(rule, around).tolist() == [False, True, True, False]
    assert [rule.holds_on(day) for day in around.astype("M8[D]").tolist()] == [False, True, True, False]


def test_without_a_first_day_the_beginning_is_not_known():
    rule = RULES["school_partial"]
    assert RULES.in_force(rule, days("1975-01-01", "2007-07-31", "2007-08-01")).tolist() == [
        True,
        True,
        False,
    ]


def test_on_a_day_are_the_rules_of_that_day():
    then = RULES.on(date(2007, 6, 30))
    assert "youthcare_wjz" in then
    assert RULES["youthcare_wjz"] in then
    assert "youthcare_jw" not in then
    assert then["school_partial"].value == 17
    assert len(then) < len(RULES)


def test_unverified_is_what_rests_on_own_knowledge_alone():
    assert [rule.id for rule in RULES if rule.unverified] == ["youthcare_wjhv"]


def test_the_qualification_duty_tells_of_its_transitional_law():
    rule = RULES["qualification_duty"]
    assert "2006-2007" in rule.condition
    assert "Overgangsrecht" in rule.nl
    assert "Transitional law" in rule.en


@pytest.mark.parametrize(
    ("care_type", "spoken_of"),
    [
        (None, {"youthcare_jw", "youthcare_jw_continued"}),
        ("residential", {"youthcare_jw", "youthcare_jw_continued"}),
        ("foster_care", {"youthcare_jw_continued", "foster_21_agreement"}),
        ("secure_care", {"secure_care_18plus"}),
    ],
)
def test_special_care_has_its_own_limits(care_type, spoken_of):
    limits = [rule for rule in RULES.on(date(2020, 1, 1)).limits() if rule.covers("youth_care", care_type)]
    assert {rule.id for rule in limits} == spoken_of


def test_covers_follows_the_words_of_each_row():
    sector = coded("youth_care", "youth_care", "health", None)
    care_type = coded("foster_care", None, "foster_care", "foster_care")
    assert RULES.covers(RULES["foster_21_law"], sector, care_type).tolist() == [True, False, False, False]
    assert RULES.covers(RULES["youthcare_jw"], sector, care_type).tolist() == [False, True, False, False]
    assert RULES.covers(RULES["majority"], sector, care_type).tolist() == [True] * 4


@pytest.mark.parametrize(
    ("sector", "care_type", "segment", "start", "expected"),
    [
        ("mental_health", None, "to_intake", "2006-01-01", ("tree_intake", 28)),
        ("mental_health", "addiction", "intake_to_care", "2006-01-01", ("tree_treatment", 70)),
        ("mental_health", None, "whole", "2006-01-01", ("tree_total", 98)),
        ("mental_health", None, "whole", "1999-12-31", (None, -1)),
        ("youth_care", None, "whole", "2007-12-31", (None, -1)),
        ("youth_care", "residential", "whole", "2008-01-01", ("wait_9_weeks", 63)),
        ("youth_care", "residential", "to_intake", "2008-01-01", (None, -1)),
        ("youth_care", "secure_care", "whole", "2008-01-01", (None, -1)),
        ("youth_care", None, "whole", "2015-01-01", (None, -1)),
        ("health", "speech_therapy", "whole", "2020-01-01", ("tree_paramedic", 7)),
        ("health", "hospital", "whole", "2020-01-01", ("tree_outpatient", 28)),
        ("health", None, "whole", "2020-01-01", (None, -1)),
        # Three working days: from New Year's Day that is Monday 6 January, over Christmas a week.
        ("health", "gp", "whole", "2020-01-01", ("tree_gp", 5)),
        ("health", "gp", "whole", "2020-12-23", ("tree_gp", 6)),
        ("health", "gp", "whole", "1999-12-31", (None, -1)),
        ("health", "gp", "whole", "2101-01-01", (None, -1)),
        ("health", "long_term_care", "whole", "2014-12-31", ("ciz_awbz", 42)),
        ("health", "long_term_care", "whole", "2015-01-01", ("ciz_wlz", 42)),
        ("work_income", "disability_benefit", "whole", "2010-12-31", (None, -1)),
        ("work_income", "disability_benefit", "whole", "2011-12-31", ("uwv_wajong_tmp", 98)),
        ("work_income", "disability_benefit", "whole", "2012-01-01", ("uwv_wajong", 98)),
        ("education", None, "whole", "2012-01-01", (None, -1)),
        (None, None, "whole", "2012-01-01", (None, -1)),
        ("mental_health", None, None, "2012-01-01", (None, -1)),
    ],
)
def test_the_norm_of_a_wait(sector, care_type, segment, start, expected):
    assert norm(sector, care_type, segment, start) == expected


def test_norms_of_many_waits_are_those_of_each():
    rng = np.random.default_rng(4)
    care_types = (
        "foster_care",
        "secure_care",
        "hospital",
        "paramedic",
        "disability_benefit",
        "long_term_care",
    )
    sector = rng.integers(-1, len(words("sectors")), 400)
    care_type = rng.integers(-1, len(care_types), 400)
    segment = rng.integers(-1, len(SEGMENTS), 400)
    start = rng.integers(day_number(date(1999, 1, 1)), day_number(date(2020, 1, 1)), 400)
    found = RULES.norm_days((sector, words("sectors")), (care_type, care_types), (segment, SEGMENTS), start)
    for row in range(400):
        names = (
            words("sectors")[sector[row]] if sector[row] >= 0 else None,
            care_types[care_type[row]] if care_type[row] >= 0 else None,
            SEGMENTS[segment[row]] if segment[row] >= 0 else None,
        )
        rule, length = norm(*names, iso(start[row : row + 1])[0])
        at = int(found.rule[row])
        assert (RULES.rules[at].id if at >= 0 else None, int(found.days[row])) == (rule, length)


def test_no_waits_no_norms():
    none = np.zeros(0, np.int64)
    assert RULES.norm_days((none, []), (none, []), (none, []), none).rule.size == 0
    assert Rulebook(()).norm_days(coded("health"), coded(None), coded("whole"), days("2020-01-01")).days == [
        -1
    ]


def test_a_named_care_type_goes_before_the_general_norm():
    general = made(id="general", value=9)
    named = made(id="named", value=2, unit="months", care_types=("residential",))
    for rules in ((general, named), (named, general)):
        book = Rulebook(rules)
        sector, segment = coded("youth_care", "youth_care"), coded("whole", "whole")
        found = book.norm_days(sector, coded("residential", None), segment, days("2031-01-15", "2031-01-15"))
        assert [book.rules[at].id for at in found.rule] == ["named", "general"]
        assert found.days.tolist() == [59, 63]


@pytest.mark.parametrize(
    ("care_type", "start", "birth", "expected"),
    [
        # Benefit not before 18: asked at 17 and nine months, the law imposes the rest.
        ("disability_benefit", "2006-10-01", "1989-01-01", ("wajong_old", 92)),
        ("disability_benefit", "2006-10-01", None, (None, -1)),
        ("disability_benefit", "2008-01-01", "1989-01-01", (None, -1)),
        ("disability_benefit", "2010-01-01", None, ("wajong_2010_wait", 112)),
        ("disability_benefit", "2015-01-01", "1998-01-01", (None, -1)),
        ("social_assistance", "2012-01-01", "1990-01-01", ("pw_search", 28)),
        ("social_assistance", "2012-01-01", "1985-01-01", (None, -1)),
        ("social_assistance", "2012-01-01", None, (None, -1)),
    ],
)
def test_the_wait_that_the_law_imposes(care_type, start, birth, expected):
    assert law(care_type, start, birth) == expected


def test_statutory_is_no_norm_and_no_norm_is_statutory():
    assert {rule.id for rule in RULES if rule.statutory} == {"wajong_old", "wajong_2010_wait", "pw_search"}
    assert not any(rule.segment for rule in RULES if rule.statutory)


def test_treeknormen_are_never_deadlines():
    assert {rule.kind for rule in RULES if rule.id.startswith("tree_")} == {"norm"}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_rule_can_be_explained(lang):
    for rule in RULES:
        told = RULES.explain(rule.id, date(2001, 5, 6), lang)
        assert rule.source in told
        assert "2026" in told


def test_an_explanation_tells_the_cut_off_and_whether_the_rule_held():
    told = RULES.explain("youthcare_wjhv", date(1989, 5, 6))
    assert "niet in een bron nagezien" in told
    assert "6 mei 2007 de eerste dag na de grens" in told
    assert told.endswith("Op die dag gold deze regel niet.")
    assert "onbekende dag" in RULES.explain("school_partial")
    assert "grens" not in RULES.explain("jw_plan", date(1989, 5, 6))


def test_an_explanation_tells_when_a_term_is_over():
    told = RULES.explain("gi_contact", lang="en", start=date(2024, 12, 24))
    assert told.endswith("From 24 December 2024 that is 3 January 2025, 10 days later.")
    told = RULES.explain("jw_plan", start=date(2024, 12, 24))
    assert told.endswith("Vanaf 24 december 2024 is dat 4 februari 2025, 42 dagen later.")


def test_an_explanation_tells_whether_a_rule_without_a_term_held():
    assert RULES.explain("absence_16h", lang="en", start=date(2016, 3, 1)).endswith("held on 1 March 2016.")
    assert "Source" in RULES.explain("absence_16h", lang="en")


def test_before_the_first_text_no_rule_is_known():
    assert "No rule is known" in RULES.explain("absence_16h", lang="en", start=date(2010, 7, 31))
    assert RULES.norm("mental_health", date(1999, 12, 31)) == ("no_rule", None)
    assert RULES.norm("mental_health", date(2000, 1, 1), "intake_to_care") == ("tree_treatment", 70)
    assert {rule.id for rule in RULES.on(date(1960, 1, 1))} == {"school_partial"}


@pytest.mark.parametrize("asked", [("mental", "whole"), ("health", "half")])
def test_a_norm_is_asked_for_with_words_of_the_vocabulary(asked):
    with pytest.raises(UserError, match=r"is none of"):
        RULES.norm(asked[0], date(2020, 1, 1), asked[1])


def test_an_unknown_rule_is_an_error_of_the_user_with_names_that_are_alike():
    with pytest.raises(UserError, match=r"no rule 'youthcare_jww'. Hint: did you mean youthcare_jw or"):
        RULES.explain("youthcare_jww")
    with pytest.raises(KeyError):
        RULES["nope"]


def test_a_rulebook_is_read_once():
    assert rulebook("nl") is rulebook("nl")


def test_months_are_those_of_the_calendar():
    start = days("2023-01-31", "2024-01-31", "2023-01-15", "2023-12-31")
    assert iso(add_months(start, 1)) == ["2023-03-01", "2024-03-01", "2023-02-15", "2024-01-31"]
