"""Detecting part by part finds what detecting at once finds, whatever the size of a part."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop import sweeping
from levensloop.ages import add_months
from levensloop.arrays import one, row_of
from levensloop.needs import Lacks
from levensloop.observing import observed, unobserved
from levensloop.spans import NO_DAY, Spans, covered, subtract, union

LIFE = """
ggz care 200{0}-01..2004-0{1}-28 no_show
gp referral 2004-0{1}-20 > bjz
bjz refusal 2004-1{2} too_young
gp signal 2005
bjz care 2006-0{1}-01..200{3} goal_reached
school school 1998-08..2005-07 moved
police offence 2005-03/2005-09
"""


@pytest.fixture(scope="module")
def cohort():
    lives = [
        f"youth y{at:02}; birth {1988 + at % 6}-0{1 + at % 9}\n"
        + LIFE.format(at % 3, 1 + at % 8, at % 3, 7 + at % 2)
        for at in range(17)
    ]
    return ll.testing.sketch("window 1999-01-01..2009-12-31\n" + "\n".join(lives))


def _rows(findings):
    return findings.to_arrow().to_pylist(), findings.assessed.to_arrow().to_pylist()


@pytest.mark.parametrize("rows", [1, 20, 57])
def test_no_size_of_the_parts_changes_what_is_found(cohort, monkeypatch, rows):
    whole = _rows(ll.detect(cohort, errors="raise"))
    assert len(whole[0]) > len(cohort)
    monkeypatch.setattr(sweeping, "ROWS", rows)
    assert len(cohort.cuts(rows)) > 1
    assert _rows(ll.detect(cohort, errors="raise")) == whole


def test_parts_hold_every_youth_once(cohort):
    for rows in (1, 30, 10**6):
        cuts = cohort.cuts(rows)
        assert [youth for first, last in cuts for youth in cohort.part(first, last)] == list(cohort)
        assert all(first < last for first, last in cuts)


def test_what_fails_in_one_part_is_told_with_its_detector(cohort, monkeypatch):
    monkeypatch.setattr(sweeping, "ROWS", 20)
    monkeypatch.setattr(ll.Gap, "detect", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError) as caught:
        ll.detect(cohort, ll.Waiting(), ll.Gap())
    assert caught.value.__notes__[0].startswith("Gap, line ")


def test_detecting_loads_no_pandas(cohort, tmp_path):
    path = tmp_path / "cohort"
    path.write_bytes(pickle.dumps(cohort))
    code = (
        "import pickle, sys, levensloop as ll\n"
        "ll.detect(pickle.load(open(sys.argv[1], 'rb')), errors='raise')\n"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


def test_a_part_that_is_pickled_goes_without_the_others(cohort):
    one = cohort["y03"]
    again = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own bytes
    assert again == one
    assert again.recorded == cohort.recorded
    assert _rows(ll.detect(again)) == _rows(ll.detect(one))
    assert len(again._part.whole.table("events")) == len(one.events) < len(cohort.events)


def test_merging_tells_the_rows_that_a_look_up_finds(cohort):
    part = cohort.part(3, 9)
    episodes = part.view.episodes
    ids = one(part.events.to_arrow().column("event"))
    table = part.episodes.to_arrow()
    for name, row in (("start_event", episodes.start_row), ("end_event", episodes.end_row)):
        assert row.tolist() == row_of(table.column(name), ids).tolist()


@given(st.lists(st.integers(-80_000, 400_000), max_size=20), st.integers(-1500, 1500))
def test_months_are_added_as_a_calendar_does(days, months):
    when = np.array([*days, NO_DAY], np.int64)
    real = when[:-1].astype("M8[D]")
    month = real.astype("M8[M]")
    opens, follows = ((month + months + more).astype("M8[D]") for more in (0, 1))
    expected = np.minimum(opens + (real - month.astype("M8[D]")), follows).astype(np.int64)
    assert add_months(when, months).tolist() == [*expected.tolist(), NO_DAY]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(-2, 9))))
def test_each_span_of_a_union_is_made_of_its_own_rows(rows):
    group, start, length = np.array(rows, np.int64).reshape(-1, 3).T
    end = start + length
    found = covered(group, start, end)
    assert sorted(found.rows.tolist()) == np.flatnonzero(length > 0).tolist()
    own = np.split(found.rows, found.heads[1:])
    for at in range(found.heads.size):
        assert set(group[own[at]].tolist()) == {int(found.spans.group[at])}
        assert start[own[at]].min() == found.spans.start[at]
        assert end[own[at]].max() == found.spans.end[at]


def test_days_outside_every_window_or_age_are_dark():
    life = ll.testing.sketch("""
        birth 1990-01-01; window 2000-01-01..2009-12-31
        ggz care 2001-01-01..2002-01-01; school contact 2003-05-01; gp contact 2004""")
    view = life.view
    zero, agency = np.zeros(3, np.int64), np.arange(3)
    low, high = np.array([10_000]), np.array([16_000])
    domain = Spans(np.zeros(1, np.int64), low, high)
    dark = unobserved(view, zero, zero, agency, domain)
    pair, start, end = observed(view, zero, agency)
    index, first, last = subtract(np.arange(3), low.repeat(3), high.repeat(3), union(pair, start, end))
    naive = union(np.zeros_like(index), first, last)
    assert [column.tolist() for column in dark] == [column.tolist() for column in naive]
    nobody = unobserved(view, zero, zero, agency, Spans(*np.zeros((3, 0), np.int64)))
    assert nobody.group.size == 0


def test_all_that_is_missing_is_told_in_order():
    lacks = Lacks(np.ones(4, bool), np.full(4, -1), [])
    lacks = lacks.also(np.array([True, True, False, False]), "no reason")
    lacks = lacks.told((np.array([False, True, False, True]), "no birth")).failed({3: "it failed"})
    assert lacks.able.tolist() == [False, False, True, False]
    assert lacks.reasons.to_pylist() == ["no reason; no birth", "no reason", "no birth", "it failed"]
