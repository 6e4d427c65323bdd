"""Findings against the truth: matching against every way to match, scores worked out by hand."""

from datetime import date, timedelta
from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import levensloop as ll
from levensloop.errors import UserError

DAY = date(2005, 1, 1)


def marks(*rows, **more):
    """Rows of (youth, detector, first day, length); more columns beside them."""
    columns = {
        "youth": [row[0] for row in rows],
        "detector": [row[1] for row in rows],
        "start": pa.array([DAY + timedelta(row[2]) for row in rows], pa.date32()),
        "end": pa.array(
            [None if row[3] is None else DAY + timedelta(row[2] + row[3]) for row in rows], pa.date32()
        ),
    }
    return pa.table(
        {
            name: pa.array(value, pa.string()) if name in ("youth", "detector") else value
            for name, value in columns.items()
        }
        | more
    )


def first(evaluation):
    return evaluation.to_arrow().to_pylist()[0]


def test_scores_by_hand():
    truth = marks(("a", "Gap", 0, 100), ("a", "Gap", 200, 100), ("b", "Gap", 0, 50), ("c", "Waiting", 0, 10))
    found = marks(("a", "Gap", 10, 100), ("b", "Gap", 40, 50), ("b", "Gap", 300, 10), ("d", "Other", 0, 1))
    told = ll.evaluate(found, truth, onset=15, offset=15, bootstrap=0)
    row = first(told)
    assert (row["planted"], row["found"], row["matched"]) == (4, 3, 1)
    assert (row["precision"], row["recall"]) == (1 / 3, 1 / 4)
    assert row["f1"] == pytest.approx(2 / 7)
    assert told.pairs.to_arrow().to_pylist() == [{"found": 0, "planted": 0}]
    by = {(r["by"], r["value"]): r for r in told.to_arrow().to_pylist()}
    assert by["detector", "Waiting"]["precision"] is None
    assert by["detector", "Waiting"]["recall"] == 0
    days = {r["detector"]: r for r in told.days.to_arrow().to_pylist()}
    assert (days["Gap"]["planted"], days["Gap"]["found"], days["Gap"]["matched"]) == (250, 160, 100)
    assert days[None]["recall"] == 100 / 260


def test_a_share_of_nothing_is_null():
    nothing = marks()
    row = first(ll.evaluate(nothing, nothing))
    assert (row["precision"], row["recall"], row["f1"], row["f1_low"]) == (None, None, None, None)


def test_collars_overlap_and_ends():
    truth = marks(("a", "Gap", 0, 10))
    late = marks(("a", "Gap", 5, 10))
    assert first(ll.evaluate(late, truth, onset=5, offset=5))["matched"] == 1
    assert first(ll.evaluate(late, truth, onset=4, offset=5))["matched"] == 0
    assert first(ll.evaluate(late, truth, onset=None, offset=4))["matched"] == 0
    assert first(ll.evaluate(late, truth, overlap=1 / 3))["matched"] == 1
    assert first(ll.evaluate(late, truth, overlap=0.34))["matched"] == 0
    assert first(ll.evaluate(marks(("a", "Gap", 5, 900)), marks(("a", "Gap", 0, None))))["matched"] == 1


def test_outcome_and_agency_count_where_the_truth_gives_them():
    found = marks(("a", "Handover", 0, 1), outcome=["lost"], agency=["GP"])
    assert first(ll.evaluate(found, marks(("a", "Handover", 0, 1))))["matched"] == 1
    other = marks(("a", "Handover", 0, 1), outcome=["arrived"])
    assert first(ll.evaluate(found, other))["matched"] == 0
    assert first(ll.evaluate(found, other, outcome=False))["matched"] == 1
    assert first(ll.evaluate(found, marks(("a", "Handover", 0, 1), agency=["GGZ"])))["matched"] == 0


def test_certainty_and_sector():
    found = marks(
        ("a", "Gap", 0, 10), ("b", "Gap", 0, 10), ("c", "Gap", 0, 10),
        certainty=["certain", "possible", "possible"], sector=["health", "health", "justice"],
    )  # fmt: skip
    truth = marks(("a", "Gap", 0, 10), ("b", "Gap", 0, 10))
    by = {(r["by"], r["value"]): r for r in ll.evaluate(found, truth, bootstrap=0).to_arrow().to_pylist()}
    assert (by["certainty", "certain"]["precision"], by["certainty", "certain"]["recall"]) == (1.0, 0.5)
    assert by["certainty", "possible"]["precision"] == 0.5
    assert by["sector", "justice"]["precision"] == 0
    assert by["sector", "health"]["recall"] is None  # the truth names no sector


places = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=5)


@settings(max_examples=60, deadline=None)
@given(places, places, st.integers(0, 4))
def test_matching_is_the_best_of_all_ways(ours, theirs, collar):
    found, truth = (marks(*(("a", "Gap", *row) for row in rows)) for rows in (ours, theirs))
    pairs = ll.evaluate(found, truth, onset=collar, offset=collar, bootstrap=0).pairs.to_arrow().to_pylist()
    assert len({p["found"] for p in pairs}) == len({p["planted"] for p in pairs}) == len(pairs)

    def apart(one, other):
        start, end = abs(one[0] - other[0]), abs(sum(one) - sum(other))
        return start + end if max(start, end) <= collar else None

    best = (0, 0)
    few, many, turned = (ours, theirs, False) if len(ours) <= len(theirs) else (theirs, ours, True)
    for way in permutations(range(len(many)), len(few)):
        days = [apart(few[at], many[other]) for at, other in enumerate(way)]
        made = [d for d in days if d is not None]
        best = min(best, (-len(made), sum(made)))
    got = [apart(ours[p["found"]], theirs[p["planted"]]) for p in pairs]
    assert (-len(got), sum(got)) == best
    assert turned in (True, False)


def test_intervals_hold_the_score_and_are_the_same_again():
    dice = np.random.default_rng(3)
    rows = [(f"y{at}", "Gap", int(dice.integers(0, 50)), 10) for at in range(80)]
    truth = marks(*rows)
    found = marks(*(row for row in rows if dice.random() < 0.7))
    one, again = (first(ll.evaluate(found, truth, bootstrap=100)) for _ in range(2))
    assert one == again
    assert one["recall_low"] < one["recall"] < one["recall_high"]
    assert (one["precision"], one["precision_low"]) == (1.0, 1.0)


def test_agreement_is_cohens_kappa():
    cohort = ll.testing.sketch("window 2005-01-01..2005-04-10\nyouth a\ngp contact 2005-01-05")
    one, other = marks(("a", "Gap", 0, 50)), marks(("a", "Gap", 25, 50))
    whole, gap = ll.agreement(one, other, cohort).to_arrow().to_pylist()
    assert whole["detector"] is None
    assert (gap["days"], gap["both"], gap["one"], gap["other"]) == (100, 25, 25, 25)
    assert gap["kappa"] == pytest.approx(0.0)
    assert ll.agreement(one, one, cohort).to_arrow().column("kappa").to_pylist() == [1.0, 1.0]
    assert ll.agreement(marks(("a", "Gap", 0, 100)), marks(("a", "Gap", -9, 200)), cohort).to_arrow().column(
        "kappa"
    ).to_pylist() == [None, None]


def test_a_truth_file_and_the_sample(tmp_path):
    path = tmp_path / "_truth.csv"
    path.write_text("youth,detector,start,end\na,Gap,2005-01-01,2005-02-01\n")
    assert first(ll.evaluate(marks(("a", "Gap", 0, 31)), path))["f1"] == 1.0


def test_faults_are_told_at_once():
    with pytest.raises(UserError, match=r"onset.*overlap"):
        ll.evaluate(marks(), marks(), onset=-1, overlap=2)
    with pytest.raises(UserError, match="truth has no column detector, start"):
        ll.evaluate(marks(), pa.table({"youth": ["a"]}))
    with pytest.raises(UserError, match="no date"):
        ll.evaluate(marks(), pa.table({"youth": ["a"], "detector": ["Gap"], "start": ["soon"]}))
    with pytest.raises(UserError, match="rows without"):
        ll.evaluate(marks(), pa.table({"youth": [""], "detector": ["Gap"], "start": ["2005-01-01"]}))


def test_it_reads_as_a_table():
    text = str(ll.evaluate(marks(("a", "Gap", 0, 10)), marks(("a", "Gap", 0, 10))))
    assert text.splitlines()[0].split() == [
        "by",
        "value",
        "planted",
        "found",
        "matched",
        "precision",
        "recall",
        "f1",
    ]
    assert "1.000 (1.000-1.000)" in text
