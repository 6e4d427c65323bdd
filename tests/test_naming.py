"""What events and rows are called."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.naming import Called, Names, as_read, shown, sources_in
from levensloop.schema import DELIVERED

ROW = st.tuples(st.sampled_from(["ggz", "a:b", "ggz_1", "x.2"]), st.integers(1, 10**12), st.integers(0, 3))


def names_of(rows):
    source, record, part = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {
        "source": pa.array(source, pa.string()).dictionary_encode(),
        "record": pa.array(record, pa.int64()),
        "part": pa.array(part, pa.int32()),
    }
    return Names(pa.table(columns))


def called(source, record, part):
    return f"{source}:{record}" + (f".{part}" if part else "")


@given(st.lists(ROW))
def test_names_are_those_of_a_loop(rows):
    names = names_of(rows)
    assert names.events().to_pylist() == [called(*row) for row in rows]
    assert names.records().to_pylist() == [f"{source}:{record}" for source, record, _ in rows]
    read = as_read(names)
    assert read.column("event").to_pylist() == names.events().to_pylist()
    assert read.column("sources").to_pylist() == [[name] for name in names.records().to_pylist()]
    assert read.column("disputed").to_pylist() == [[] for _ in rows]


@given(st.lists(ROW, min_size=1, unique=True), st.data())
def test_an_event_is_found_by_its_name_and_by_no_other(rows, data):
    names = names_of(rows)
    row = data.draw(st.integers(0, len(rows) - 1))
    assert names.row(called(*rows[row])) == row
    for other in ("nothing", "ggz:", f"no:{rows[row][1]}", called(*rows[row]).replace(":", ":0"), "ggz:1.x"):
        assert names.row(other) == -1


@given(st.lists(ROW, min_size=1), st.data())
def test_rows_of_a_slice_are_shown_as_those_of_the_whole(rows, data):
    names = names_of(rows)
    place = st.integers(0, len(rows) - 1)
    event = data.draw(st.lists(st.none() | place, min_size=2, max_size=9))
    lists = data.draw(
        st.lists(st.lists(place, min_size=1, max_size=3), min_size=len(event), max_size=len(event))
    )
    held = pa.table(
        {"end_event": pa.array(event, pa.int32()), "sources": pa.array(lists, pa.list_(pa.int32()))}
    )
    whole = shown(pa.concat_tables([held, held]), names)
    told = names.events().to_pylist(), names.records().to_pylist()
    assert whole.column("end_event").to_pylist() == [None if at is None else told[0][at] for at in event] * 2
    assert whole.column("sources").to_pylist() == [[told[1][at] for at in each] for each in lists] * 2
    assert shown(held.slice(1), names).equals(shown(held, names).slice(1))
    assert shown(held.slice(len(event)), names).num_rows == 0
    assert shown(held, None) is held


@given(st.lists(ROW, min_size=1))
def test_sources_of_records_are_told_with_and_without_their_names(rows):
    names = names_of(rows)
    lists = pa.array([[at] for at in range(len(rows))], pa.list_(pa.int32()))
    text = pa.array([[name] for name in names.records().to_pylist()])
    assert sources_in(lists, names).to_pylist() == [source for source, _, _ in rows]
    assert sources_in(text, None).to_pylist() == [source for source, _, _ in rows]


def test_events_of_a_table_in_pieces_are_taken_by_their_place():
    names = names_of([("ggz", 7, 0), ("ggz", 8, 2)])
    held = pa.chunked_array([pa.array([1], pa.int32()), pa.array([0], pa.int32())])
    text = pa.chunked_array([["ggz:8.2"], ["ggz:7"]])
    for one in (Called(held, names), Called(text, None)):
        assert one.take(pa.array([1, None, 0])).to_pylist() == ["ggz:7", None, "ggz:8.2"]


@pytest.fixture
def events():
    table = pa.table(
        {
            "person": ["a", "b", "a", "a"],
            "agency": ["GP", "GP", "GP", "GGZ"],
            "kind": ["contact", "nothing", "contact", "care"],
            "start": ["2005-03-01", "2005", "2005-03-01", "2006"],
        }
    )
    return ll.Events(table, source="gp")


def test_events_keep_their_names_through_all_that_is_done_with_them(events):
    assert events.to_arrow().schema == DELIVERED
    some = events.where(pa.array([False, True, True]))
    assert some.to_arrow().column("event").to_pylist() == ["gp:3", "gp:4"]
    assert some.records.to_arrow().column("event").to_pylist() == [None, None, "gp:3", "gp:4"]
    both = ll.Events.concat(
        [
            some,
            ll.Events(
                pa.table({"person": ["c"], "agency": ["GP"], "kind": ["contact"], "start": ["2004"]}),
                source="a",
            ),
        ]
    )
    assert both.to_arrow().column("event").to_pylist() == ["gp:3", "gp:4", "a:1"]
    cohort = ll.merge(events, ll.link(events))
    assert cohort.events.to_arrow().column("sources").to_pylist() == [["gp:1", "gp:3"], ["gp:4"]]
    assert cohort.records.to_arrow().column("event").to_pylist() == ["gp:1", None, "gp:1", "gp:4"]
    assert cohort.records.to_arrow().column("fate").to_pylist() == ["event", "rejected", "merged", "event"]
    assert [row["record"] for row in cohort.trace("gp:1")] == [1, 3]
    assert [row["fate"] for row in cohort.trace("gp:2")] == ["rejected"]
    with pytest.raises(ll.UserError, match="no event or row"):
        cohort.trace("gp:9")


def test_a_table_of_records_made_by_hand_is_told_what_became_of_its_rows(events):
    by_hand = ll.Events.of(
        ll.events.EventParts(
            events.to_arrow(),
            events.origin.to_arrow(),
            events.persons.to_arrow(),
            events.sources.to_arrow(),
            events.records.to_arrow().take(pa.array(np.arange(4)[::-1])),
        )
    )
    cohort = ll.merge(by_hand, ll.link(by_hand))
    told = cohort.records.to_arrow()
    assert told.column("event").to_pylist() == ["gp:4", "gp:1", None, "gp:1"]
    assert told.column("fate").to_pylist() == ["event", "merged", "rejected", "event"]
