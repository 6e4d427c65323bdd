"""Corrections and withdrawals, whatever the order of files and rows."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import events, row


def told(*sources):
    read = ll.Events.concat([events(rows, name) for name, rows in sources])
    return ll.merge(read, ll.link(read))


def starts(cohort):
    return [str(one["start_min"]) for one in cohort.events.to_arrow().to_pylist()]


def fates(cohort):
    rows = cohort.records.to_arrow().to_pylist()
    return {f"{r['source']}:{r['record']}": (r["fate"], r["reason"], r["event"]) for r in rows}


def test_a_withdrawal_takes_back_one_row_from_an_earlier_or_a_later_file():
    start = row("care_start", "2005-03-01", care_id="t1")
    for sources in ([("a", [start]), ("b", [start | {"status": "withdrawn"}])],
                    [("a", [start | {"status": "withdrawn"}]), ("b", [start])]):  # fmt: skip
        cohort = told(*sources)
        assert starts(cohort) == []
        assert sorted(reason for _, reason, _ in fates(cohort).values()) == ["withdrawal", "withdrawn"]
        assert len(cohort.episodes) == 0


def test_delivered_again_after_a_withdrawal_it_stands():
    start = row("care_start", "2005-03-01", care_id="t1")
    cohort = told(("a", [start, start | {"status": "withdrawn"}, start]))
    assert starts(cohort) == ["2005-03-01"]


def test_a_change_replaces_what_was_new_under_the_same_reference():
    cohort = told(
        ("a", [row("care_start", "2005-03-01", care_id="t1"), row("care_start", "2005-03-01", care_id="t2")]),
        ("b", [row("care_start", "2005-04-01", care_id="t1", status="changed")]),
    )
    assert starts(cohort) == ["2005-03-01", "2005-04-01"]
    assert fates(cohort)["a:1"] == ("ignored", "replaced", None)
    assert fates(cohort)["b:1"] == ("event", None, "b:1")


def test_a_change_without_a_reference_replaces_nothing():
    cohort = told(("a", [row("signal", "2005-03-01"), row("signal", "2005-04-01", status="changed")]))
    assert len(starts(cohort)) == 2


def test_a_withdrawal_of_what_says_other_days_takes_nothing_back():
    cohort = told(("a", [row("signal", "2005-03-01"), row("signal", "2005-03-02", status="withdrawn")]))
    assert starts(cohort) == ["2005-03-01"]


@pytest.mark.parametrize("status", ["verwijderd", "delete"])
def test_an_unknown_status_rejects_the_row(status):
    read = events([row("signal", "2005-03-01", status=status)])
    assert [fault.code for fault in read.faults] == ["unknown_code"]
    assert len(read) == 0


ROW = st.builds(
    lambda at, ref, status, what: row("care_start", str(dt.date(2005, 3, at)), care_id=ref, status=status, what=what),
    st.integers(1, 3), st.sampled_from(["x", "y", None]), st.sampled_from(["new", "changed", "withdrawn", None]),
    st.sampled_from(["p", "q"]),
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=7), st.randoms())
def test_no_order_shows_and_every_row_keeps_a_fate(rows, random):
    first = told(("a", rows))
    assert len(first.records) == len(rows)
    assert {r for one in first.events.to_arrow().column("sources").to_pylist() for r in one} == {
        name for name, (fate, _, _) in fates(first).items() if fate in {"event", "merged"}
    }
    mixed = list(rows)
    random.shuffle(mixed)
    again = told(("a", mixed))
    columns = ["start_min", "start_max", "care_id", "what"]
    one, other = (cohort.events.to_arrow().select(columns).to_pylist() for cohort in (first, again))
    assert one == other
