"""Rows as delivered: laid out when asked for, and the same whichever way they come to hand."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import levensloop as ll
from levensloop.accounts import TOLD, Accounts, Delivered, together
from levensloop.schema import conform
from levensloop.tables import Table

ROWS = {
    "person": ["a", "b", "a", None],
    "agency": ["GP", "GP", "School", "GP"],
    "kind": ["contact", "care", "school", "contact"],
    "start": ["2005-03-01", "2005-13-01", "2004", "2005"],
    "what": [None, "first visit", "", "x"],
}


@pytest.fixture
def events():
    return ll.Events(pa.table(ROWS), source="gp")


def _laid(table):
    return [dict(row) for row in table.to_arrow()["row"].to_pylist()]


def test_every_row_keeps_every_cell_that_was_delivered(events):
    told = [{name: column[at] for name, column in ROWS.items() if column[at] is not None} for at in range(4)]
    assert isinstance(events.records, Accounts)
    assert _laid(events.records) == told
    assert len(events.records) == 4
    assert events.records.columns[-1] == "row"


def test_some_rows_are_laid_out_as_all_are(events):
    mask = pa.array([True, False, False, True])
    assert (
        events.records.where(mask).to_arrow().equals(events.records.to_arrow().filter(mask).combine_chunks())
    )


def test_rows_that_were_laid_out_and_rows_that_were_not_go_together(events):
    other = ll.Events(pa.table(ROWS), source="copy").records
    lazy = together([events.records, other])
    mixed = together([Table(events.records.to_arrow()), other])
    assert isinstance(lazy, Accounts)
    assert lazy == mixed


def test_merging_tells_other_fates_of_the_same_rows(events):
    cohort = ll.merge(events, ll.link(events))
    assert _laid(cohort.records) == _laid(events.records)
    assert cohort.trace("gp:1")[0]["row"] == {
        "person": "a",
        "agency": "GP",
        "kind": "contact",
        "start": "2005-03-01",
    }


def test_who_is_left_out_leaves_no_key(events):
    kept = events.where(pc.equal(events.to_arrow()["agency"], "School"))
    assert pc.unique(kept.to_arrow()["person"]).to_pylist() == ["a"]
    other = ll.Events(pa.table({**ROWS, "start": ["2005"] * 4}))
    kept = other.where(pc.equal(other.to_arrow()["kind"], "school"))
    (chunk,) = kept.to_arrow()["person"].chunks
    assert chunk.dictionary.to_pylist() == ["a"]


def test_cells_are_kept_in_columns_and_laid_out_as_they_would_have_been(events):
    days = {**ROWS, "start": pa.array([1, 2, None, 3], pa.date32()), "what": [None] * 4}
    other = ll.Events(
        pa.table({**days, "more": pa.array([None, None, "row.x", None])}), source="days"
    ).records
    for records in (events.records, other, events.records.where(pa.array([True, False, True, False]))):
        again = Accounts(records.told, [Delivered.of(records.cells())])
        assert _laid(again) == _laid(records)
    both = together([events.records, other])
    assert both.cells().column_names == ["record", *(f"row.{name}" for name in (*ROWS, "more"))]
    assert _laid(Accounts(both.told, [Delivered.of(both.cells())])) == _laid(both)


def test_rows_without_a_cell_are_kept_too(events):
    told = events.records.told
    bare = Accounts(told, [Delivered.of(told.select(["record"]))])
    assert _laid(bare) == [{}] * 4
    assert Accounts(told.slice(0, 0), []).cells().column_names == ["record"]


def test_what_became_of_rows_that_stay_elsewhere_is_filtered_all_the_same():
    told = conform(pa.table({"record": [1, 2]}), TOLD)
    assert Accounts(told, []).where(pa.array([False, True])).told.column("record").to_pylist() == [2]
