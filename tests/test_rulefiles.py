"""Rules and calendars check themselves, one by one, as a set and in their files."""

from dataclasses import replace
from datetime import date

import pytest

from levensloop.calendars import WEEK, Calendar
from levensloop.errors import UserError
from levensloop.rule import Transition
from levensloop.rulebooks import Rulebook, rulebook
from rulemaking import GOOD, days, iso, made

SPARED = Transition(age=17, first=date(2006, 8, 1), last=date(2007, 7, 31), source="an example")
AGE = {"kind": "age_limit", "unit": "years", "cutoff": "birthday", "segment": None}
CUTOFF = {"years": "birthday", "months_after_16": "months_after"}


def faults_of(**changes):
    with pytest.raises(UserError) as raised:
        made(**changes)
    return {fault.column for fault in raised.value.faults}


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
        ({"unit": "hours"}, {"segment"}),
        ({"unit": "months_after_x"}, {"unit", "segment"}),
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
        ({"segment": None, "statutory": True, "unit": "hours"}, {"statutory"}),
        ({"care_types": ("a",), "except_care_types": ("b",)}, {"except_care_types"}),
        ({"extends": ("care_18",), "unit": "hours"}, {"extends", "segment"}),
        ({"asked": ("indication",)}, {"asked"}),
        ({"asked": ("diagnosis",), "extends": ("care_18",)}, {"asked"}),
        ({"transitions": (SPARED,)}, {"transitions"}),
        (AGE | {"transitions": (replace(SPARED, age=0),)}, {"transitions"}),
        (AGE | {"transitions": (replace(SPARED, last=date(2006, 7, 31)),)}, {"transitions"}),
        (AGE | {"transitions": (replace(SPARED, source=" "),)}, {"transitions"}),
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


@pytest.mark.parametrize("unit", ["years", "months_after_16"])
def test_a_rule_may_spare_those_who_reached_an_age(unit):
    assert made(**AGE | {"unit": unit, "cutoff": CUTOFF[unit], "transitions": (SPARED,)}).transitions == (
        SPARED,
    )


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"school_year_ends": "31-07"}, {"school_year_ends"}),
        ({"school_year_ends": "02-29"}, {"school_year_ends"}),
        ({"weekend": ("sun",)}, {"weekend"}),
        ({"weekend": WEEK}, {"weekend"}),
        ({"years": (2020,)}, {"years"}),
        ({"years": (2021, 2020)}, {"years"}),
        ({"years": (2021, 9999)}, {"years"}),
        ({"package": "NL"}, {"package"}),
        ({"holidays": ("tomorrow", date(2020, 1, 1))}, {"holidays"}),
    ],
)
def test_a_calendar_checks_its_own_values(given, fields):
    with pytest.raises(UserError) as raised:
        Calendar(**given)
    assert {fault.column for fault in raised.value.faults} == fields


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("years = [2020", None),
        ('years = "2020"', "years"),
        ("years = [2020, true]", "years"),
        ('school_ends = "07-31"', "school_ends"),
        ('school_year_ends = "7"', "school_year_ends"),
        ("holidays = [12]", "holidays"),
    ],
)
def test_faults_of_a_calendar_name_its_file(tmp_path, text, column):
    (tmp_path / "country.toml").write_text(text, "utf-8")
    (tmp_path / "care.toml").write_text(GOOD, "utf-8")
    with pytest.raises(UserError) as raised:
        Rulebook.from_folder(tmp_path)
    assert [(fault.file, fault.column) for fault in raised.value.faults] == [("country.toml", column)]


@pytest.mark.parametrize(
    ("unit", "missing"),
    [('unit = "years_end_of_school_year"', "school_year_ends"), ('unit = "working_days"', "years")],
)
def test_what_a_rule_needs_and_the_calendar_does_not_say_is_a_fault(tmp_path, unit, missing):
    text = GOOD.replace('unit = "years"', unit).replace('"birthday"', '"end_of_school_year"')
    if missing == "years":
        text = text.replace('kind = "age_limit"', 'kind = "deadline"').replace("limit = true\n", "")
        text = text.replace('cutoff = "end_of_school_year"\n', "")
    (tmp_path / "care.toml").write_text(text, "utf-8")
    with pytest.raises(UserError, match=missing):
        Rulebook.from_folder(tmp_path)
    (tmp_path / "country.toml").write_text('school_year_ends = "06-30"\nyears = [2020, 2040]\n', "utf-8")
    assert len(Rulebook.from_folder(tmp_path)) == 1


def test_a_rule_that_is_named_must_be_there(tmp_path):
    law = '[[care.transitions]]\nage = 17\nfirst = 2030-01-01\nlast = 2030-12-31\nsource = "an example"\n'
    (tmp_path / "care.toml").write_text(GOOD + 'extends = ["none"]\n' + law + 'keeps = "nil"\n', "utf-8")
    with pytest.raises(UserError, match=r"called 'none'[\s\S]*called 'nil'"):
        Rulebook.from_folder(tmp_path)


@pytest.mark.parametrize("law", ["transitions = [1]", "[[care.transitions]]\nage = 17", "transitions = 3"])
def test_transitional_law_must_be_whole(tmp_path, law):
    (tmp_path / "care.toml").write_text(GOOD + law + "\n", "utf-8")
    with pytest.raises(UserError) as raised:
        Rulebook.from_folder(tmp_path)
    assert [fault.column for fault in raised.value.faults] == ["transitions"]
