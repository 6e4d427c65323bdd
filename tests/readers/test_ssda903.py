"""England's return on looked-after children, made up by others: nothing of it may be lost."""

import csv
import datetime as dt
import itertools
from collections import Counter, defaultdict

import pyarrow.compute as pc
import pytest

import levensloop as ll
from levensloop.measures import consecutive


@pytest.fixture(scope="module")
def folder(shared):
    path = shared / "data" / "ssda903"
    if not path.is_dir():
        pytest.skip("the folder ../shared/data/ssda903 is not here")
    return path


@pytest.fixture(scope="module")
def events(folder):
    return ll.read(folder, layout="ssda903")


def test_every_episode_of_every_child_is_there(events):
    rows = events.to_arrow()
    care = rows.filter(pc.equal(rows["kind"], "care"))
    assert care.num_rows == 5050
    assert len(pc.unique(care["person"])) == 2123
    assert care["end_max"].null_count == 1413
    assert pc.max(care["end_max"]).as_py() == dt.date(2018, 4, 1)
    assert care["care_type"].null_count == care["why"].null_count == care["reason"].null_count == 0


def test_every_delivered_row_has_a_fate(events, folder):
    assert events.faults == ()
    records = events.records.to_arrow()
    rows = {path.stem: len(path.read_text("utf-8").splitlines()) - 1 for path in folder.glob("*.csv")}
    found = {(row["source"], row["record"]) for row in records.select(["source", "record"]).to_pylist()}
    assert Counter(source for source, _ in found) == rows
    assert set(pc.unique(records["fate"]).to_pylist()) == {"event", "ignored"}
    assert sum(events.sources.to_arrow()["rows_read"].to_pylist()) == sum(rows.values())


def test_an_episode_that_touches_the_next_leaves_no_day_between(events):
    rows = events.to_arrow()
    child = rows.filter(pc.and_(pc.equal(rows["person"], "566910"), pc.equal(rows["kind"], "care")))
    first, second = child.sort_by("start_min").to_pylist()[:2]
    assert first["end_max"] == second["start_min"] == dt.date(2017, 8, 14)


def test_children_are_known_by_birth_and_sex(events):
    persons = events.persons.to_arrow()
    header = persons.filter(pc.equal(persons["source"], "header"))
    assert header.num_rows == 2675
    assert header["birth_min"].null_count == header["sex"].null_count == 0
    assert set(pc.unique(header["sex"]).to_pylist()) == {"male", "female"}


def test_sources_see_the_collection_year(events):
    sources = events.sources.to_arrow()
    windows = {row["source"]: row["window"] for row in sources.to_pylist()}
    assert windows["episodes"] == {"start": dt.date(2017, 4, 1), "end": dt.date(2018, 4, 1)}
    assert windows["oc2"] is None


def _day(text):
    return dt.date.fromisoformat("-".join(reversed(text.split("/"))))


def test_gaps_and_overlaps_between_consecutive_episodes_equal_a_direct_count(events, folder):
    cohort = ll.merge(events, ll.link(events))
    counted = {row["relation"]: row for row in consecutive(cohort).to_arrow().to_pylist()}
    by_child = defaultdict(list)
    with (folder / "episodes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            first = _day(row["DECOM"])
            last = _day(row["DEC"] or "01/04/2018")
            by_child[row["CHILD"]].append((first, max(last, first + dt.timedelta(1))))
    days = [
        (two[0] - one[1]).days
        for spans in by_child.values()
        for one, two in itertools.pairwise(sorted(spans))
    ]
    assert counted["gap"]["pairs"] == sum(day > 0 for day in days)
    assert counted["gap"]["days"] == sum(day for day in days if day > 0)
    assert counted["touch"]["pairs"] == sum(day == 0 for day in days)
    assert counted["overlap"]["pairs"] == sum(day < 0 for day in days)
    assert counted["unsure"]["pairs"] == 0
    assert sum(row["pairs"] for row in counted.values()) == 5050 - 2123
