"""What the oracles of every world found in `SchoolBreaks` and `WentWell`, as a reader can check it."""

import levensloop as ll
from levensloop.testing import sketch

WINDOW = "window 2000-01-01..2009-12-31; "


def told(detector, outcome, text):
    """The certainty, agencies and days of each finding of one outcome."""
    rows = detector.detect(sketch(WINDOW + text)).to_arrow().to_pylist()
    return [
        (row["certainty"], row["agency"], row["to_agency"], row["days_min"], row["days_max"])
        for row in rows
        if row["outcome"] == outcome
    ]


def breaks(outcome, text):
    return told(ll.SchoolBreaks(), outcome, text)


def test_of_two_schools_that_begin_on_one_day_and_run_on_neither_is_surely_the_one_before():
    two = "birth 1992-05-01; a school 2003-03-03.. education; b school 2003-03-03.. education"
    assert breaks("changed", two) == [("possible", "b", "a", 0, 0), ("possible", "a", "b", 0, 0)]


def test_a_school_that_is_still_open_comes_after_one_that_ended():
    two = "birth 1992-05-01; a school 2003-03-03.. education; b school 2003-03-03..2003-06-30 education"
    assert breaks("changed", two) == [("certain", "b", "a", 0, 0)]


def test_a_first_school_that_began_one_cannot_say_when_leaves_no_time_out_of_school():
    assert not breaks("out_of_school", "birth 1992-05-01; a school 2003.. education")


def test_which_school_was_the_last_is_not_told_where_another_may_have_come_between():
    text = """birth 1992-05-01; a school 2002-09-02..2002-12-31 education; c school 2003-12-01.. education
        b school 2003-01-01/2003-11-30..2003-01-01/2003-11-30 education"""
    assert breaks("out_of_school", text) == [("possible", None, None, 0, 334)]


def test_without_a_birth_nobody_surely_left_before_the_23rd_birthday():
    assert breaks("no_qualification", "a dropout 2008-03-01 education") == [("possible", "a", None, 671, 671)]


def test_an_end_that_may_lie_far_from_a_drop_out_may_be_another_leaving():
    birth = "birth 1992-05-01; "
    near = "a dropout 2008-03-01 education; a school 2006-08-21..2008-03-15 education client_left"
    far = "a dropout 2008-03-01 education; a school 2006-08-21..2008 education client_left"
    assert [how for how, *_ in breaks("no_qualification", birth + near)] == ["certain"]
    assert [how for how, *_ in breaks("no_qualification", birth + far)] == ["certain", "possible"]


def test_a_bridge_runs_to_the_day_after_the_latest_end_that_other_care_covers():
    text = """birth 1985-08-05; bjz care 2003-04-01..2003-06-01/2003-08-31
        ggz care 2003-01-01..2004-12-31 mental_health"""
    rows = ll.WentWell().detect(sketch(WINDOW + text)).to_arrow().to_pylist()
    (row,) = [row for row in rows if row["outcome"] == "limit_bridged"]
    assert (str(row["start"]), str(row["end"]), row["days_max"]) == ("2003-06-02", "2003-09-02", 0)
