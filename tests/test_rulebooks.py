"""The Dutch rulebook against the table it was made from, and what rules say about days."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from levensloop.ages import add_months, day_number
from levensloop.errors import UserError
from levensloop.rule import Rule
from levensloop.rulebooks import SEGMENTS, Rulebook, rulebook
from levensloop.schema import words
from levensloop.spans import NO_DAY

NORMS = Path(__file__).parents[2] / "shared" / "research" / "norms.csv"
RULES = rulebook("nl")
DERIVED = {"tree_total"}
GOOD = """
[care]
nl = "Hulp tot 20 jaar."
en = "Care until 20."
kind = "age_limit"
value = 20
unit = "years"
valid_from = 2030-01-01
sectors = ["youth_care"]
cutoff = "birthday"
limit = true
source = "an example"
certainty = "C"
checked_on = 2030-01-01
"""


def days(*texts):
    return np.array(texts, "M8[D]").astype(np.int64)


def iso(numbers):
    return numbers.astype("M8[D]").astype(str).tolist()


def coded(*names):
    known = sorted({name for name in names if name})
    return np.array([known.index(name) if name else -1 for name in names], np.int64), known


def norm(sector, care_type, segment, start):
    found = RULES.norm_days(coded(sector), coded(care_type), coded(segment), days(start))
    at, length = int(found.rule[0]), int(found.days[0])
    return (None if at < 0 else RULES.rules[at].id), length


def law(care_type, start, birth):
    born = None if birth is None else days(birth)
    found = RULES.statutory(coded("work_income"), coded(care_type), days(start), born)
    at, length = int(found.rule[0]), int(found.days[0])
    return (None if at < 0 else RULES.rules[at].id), length


def made(**changes):
    values = {
        "id": "care",
        "domain": "youth_care",
        "nl": "Hulp.",
        "en": "Care.",
        "kind": "norm",
        "value": 6,
        "unit": "weeks",
        "source": "an example",
        "certainty": "B",
        "checked_on": date(2030, 1, 1),
        "sectors": ("youth_care",),
        "segment": "whole",
    }
    return Rule(**(values | changes))


def faults_of(**changes):
    with pytest.raises(UserError) as raised:
        made(**changes)
    return {fault.column for fault in raised.value.faults}


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
        ("health", "gp", "whole", "2020-01-01", (None, -1)),
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


def test_an_unknown_rule_is_a_key_error():
    with pytest.raises(KeyError, match="nope"):
        RULES["nope"]


def test_a_rulebook_is_read_once():
    assert rulebook("nl") is rulebook("nl")


@pytest.mark.parametrize("country", ["xx", ".", "../rules"])
def test_a_country_without_rules(country):
    with pytest.raises(UserError, match=r"there are rules for nl"):
        rulebook(country)


def test_another_country_is_a_folder(tmp_path):
    folder = tmp_path / "zz"
    folder.mkdir()
    (folder / "youth_care.toml").write_text(GOOD, "utf-8")
    (folder / "notes.txt").write_text("not a rule", "utf-8")
    book = Rulebook.from_folder(folder)
    assert book.country == "zz"
    assert [rule.id for rule in book] == ["care"]
    assert book["care"].domain == "youth_care"
    assert iso(book.cutoff(book["care"], days("2015-06-01"))) == ["2035-06-01"]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match="not there"):
        Rulebook.from_folder(tmp_path / "zz")


def test_every_fault_of_every_file_is_told_at_once(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD.replace("value = 20", 'value = "20"\nspare = 1'), "utf-8")
    (tmp_path / "b.toml").write_text(
        GOOD.replace("[care]", "[other]").replace("limit = true", "limit = 1"), "utf-8"
    )
    (tmp_path / "c.toml").write_text("[care\n", "utf-8")
    (tmp_path / "d.toml").write_text("care = 1\n", "utf-8")
    (tmp_path / "e.toml").write_text(GOOD.replace('source = "an example"\n', ""), "utf-8")
    (tmp_path / "f.toml").write_text(GOOD.replace("youth_care", "yuoth_care"), "utf-8")
    (tmp_path / "g.toml").write_text(GOOD, "utf-8")
    (tmp_path / "h.toml").write_text(GOOD, "utf-8")
    (tmp_path / "i.toml").write_text(GOOD.replace('["youth_care"]', "[1]"), "utf-8")
    (tmp_path / "j.toml").write_bytes(b"\xff")
    with pytest.raises(UserError) as raised:
        Rulebook.from_folder(tmp_path)
    assert [(fault.file, fault.column) for fault in raised.value.faults] == [
        ("a.toml", "spare"),
        ("a.toml", "value"),
        ("b.toml", "limit"),
        ("c.toml", None),
        ("d.toml", None),
        ("e.toml", "source"),
        ("f.toml", "sectors"),
        ("i.toml", "sectors"),
        ("j.toml", None),
        ("h.toml", None),
    ]
    assert {fault.code for fault in raised.value.faults} == {"bad_rule"}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"kind": "custom"}, {"kind"}),
        ({"unit": "fortnights"}, {"unit", "segment"}),
        ({"unit": "working_days"}, {"segment"}),
        ({"segment": "half"}, {"segment"}),
        ({"sectors": ()}, {"segment"}),
        ({"value": 0}, {"value"}),
        ({"below_age": 0}, {"below_age"}),
        ({"source": " "}, {"source"}),
        ({"certainty": ""}, {"certainty"}),
        ({"en": ""}, {"nl"}),
        ({"valid_from": date(2020, 1, 2), "valid_to": date(2020, 1, 1)}, {"valid_to"}),
        ({"kind": "age_limit"}, {"unit"}),
        ({"cutoff": "birthday"}, {"cutoff"}),
        ({"limit": True}, {"limit"}),
        ({"statutory": True}, {"segment"}),
        ({"segment": None, "statutory": True, "unit": "working_days"}, {"statutory"}),
        ({"care_types": ("a",), "except_care_types": ("b",)}, {"except_care_types"}),
        ({"value": -1, "source": ""}, {"value", "source"}),
    ],
)
def test_a_rule_checks_its_own_values(changes, fields):
    assert faults_of(**changes) == fields


def test_a_rule_of_one_day_is_a_rule():
    assert made(valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 1)).holds_on(date(2020, 1, 1))


@pytest.mark.parametrize(
    "other",
    [
        {"segment": "to_intake"},
        {"sectors": ("health",)},
        {"care_types": ("residential",)},
        {"valid_from": date(2031, 1, 1)},
    ],
)
def test_norms_that_differ_stand_side_by_side(other):
    first = made(valid_to=date(2030, 12, 31))
    assert len(Rulebook((first, made(id="other", **other)))) == 2


def test_norms_for_other_care_types_stand_side_by_side():
    assert len(Rulebook((made(care_types=("a",)), made(id="other", care_types=("b",))))) == 2


def test_two_norms_for_one_wait_are_a_fault():
    with pytest.raises(UserError, match="both the norm for the same wait"):
        Rulebook((made(valid_to=date(2030, 12, 31)), made(id="other", valid_from=date(2030, 12, 31))))


def test_months_are_those_of_the_calendar():
    start = days("2023-01-31", "2024-01-31", "2023-01-15", "2023-12-31")
    assert iso(add_months(start, 1)) == ["2023-03-01", "2024-03-01", "2023-02-15", "2024-01-31"]
