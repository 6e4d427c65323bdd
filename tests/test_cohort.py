"""Cohorts and timelines as mappings, frames and files."""

import pickle

import duckdb
import polars as pl
import pyarrow.compute as pc
import pytest

import levensloop as ll
from helpers import cohort, events, row

ROWS = [
    row("care", "2005-01-01", "2005-02-01", person="b", birth="1990-01-01"),
    row("care", "2005", person="a", reason="no_show"),
    row("referral", "2004-01", person="a", to_agency="bjz"),
]


@pytest.fixture
def two():
    return cohort(events(ROWS))


def test_a_cohort_is_a_mapping_of_timelines(two):
    assert list(two) == ["a", "b"]
    assert len(two) == 2
    assert "a" in two
    assert two["a"].id == "a"
    assert len(two["a"].events) == 2
    with pytest.raises(KeyError):
        two["nobody"]


def test_a_timeline_is_a_cohort_of_one(two):
    one = two["b"]
    assert isinstance(one, ll.Cohort)
    assert list(one) == ["b"]
    assert one["b"] == one
    assert repr(one) == "<Timeline: 1 events, 1 episodes>"
    assert "b" not in repr(two).replace("Cohort", "").split()


def test_saved_and_loaded_it_is_the_same(two, tmp_path):
    two.save(tmp_path / "x.lvl")
    again = ll.load(tmp_path / "x.lvl")
    assert again == two
    assert ll.detect(again) == ll.detect(two)


def test_what_is_no_saved_cohort_is_told(tmp_path):
    with pytest.raises(ll.UserError, match="no saved cohort: events"):
        ll.load(tmp_path)


@pytest.mark.parametrize("name", ["events", "episodes", "youths", "sources", "identities"])
def test_tables_speak_to_other_frames(two, name):
    table = getattr(two, name)
    assert pl.DataFrame(table).height == len(table)
    arrow = table.to_arrow()
    assert duckdb.sql("select count(*) from arrow").fetchall() == [(len(arrow),)]
    frame = table.to_pandas()
    assert list(frame.columns) == list(table.columns)
    assert len(frame) == len(table)


def test_dates_stay_dates_in_a_frame(two):
    assert str(two.events.to_pandas()["start_min"].dtype) == "date32[day][pyarrow]"


def test_a_table_compares_and_filters(two):
    table = two.youths
    assert table == two.youths
    assert table != two.events
    assert len(table.where(pc.equal(table.to_arrow()["youth"], "a"))) == 1
    assert repr(table) == "<Table: 2 rows, 8 columns>"


def test_detectors_and_rulebooks_survive_pickling():
    for detector in (ll.Gap(min_days=3), ll.Waiting(ll.rulebook("nl")), ll.AgeLimit()):
        assert pickle.loads(pickle.dumps(detector)) == detector  # noqa: S301 - our own bytes
