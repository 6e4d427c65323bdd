"""Kernels against sets of days."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from levensloop import spans

SPAN = st.tuples(st.integers(0, 3), st.integers(-20, 40), st.integers(-3, 15))


def _arrays(rows):
    table = np.array(sorted(rows), np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 1] + table[:, 2]


def _days(group, start, end):
    return {(g, d) for g, s, e in zip(group, start, end, strict=True) for d in range(s, e)}


@given(st.lists(SPAN))
def test_union_covers_the_same_days_in_disjoint_spans(rows):
    group, start, end = _arrays(rows)
    made = spans.union(group, start, end)
    assert _days(*made) == _days(group, start, end)
    assert all(made.end > made.start)
    for one in range(1, made.group.size):
        assert made.group[one] > made.group[one - 1] or made.start[one] > made.end[one - 1]


@given(st.lists(SPAN), st.lists(SPAN))
def test_subtract_leaves_maximal_uncovered_pieces(rows, covers):
    group, start, end = _arrays(rows)
    cover = spans.union(*_arrays(covers))
    index, low, high = spans.subtract(group, start, end, cover)
    covered = _days(*cover)
    for one in range(group.size):
        here = index == one
        own = _days(group[one : one + 1], start[one : one + 1], end[one : one + 1]) - covered
        assert _days(np.full(here.sum(), group[one]), low[here], high[here]) == own
        assert all(low[here][1:] > high[here][:-1])


@given(st.lists(SPAN), st.lists(SPAN))
def test_days_within_counts_covered_days(rows, covers):
    group, start, end = _arrays(rows)
    cover = spans.union(*_arrays(covers))
    counted = spans.days_within(cover, group, start, end)
    for one in range(group.size):
        own = _days(group[one : one + 1], start[one : one + 1], end[one : one + 1])
        assert counted[one] == len(own & _days(*cover))


@given(st.lists(SPAN), st.lists(SPAN))
def test_how_many_counts_overlapping_spans(rows, asked):
    group, start, end = _arrays(rows)
    at = spans.Spans(*_arrays(asked))
    counted = spans.how_many(group, start, end, at)
    for one in range(at.group.size):
        own = _days(at.group[one : one + 1], at.start[one : one + 1], at.end[one : one + 1])
        hits = sum(
            bool(own & _days(group[i : i + 1], start[i : i + 1], end[i : i + 1])) for i in range(group.size)
        )
        assert counted[one] == hits


@given(st.lists(SPAN, min_size=0), st.lists(st.tuples(st.integers(0, 4), st.integers(-30, 60))))
def test_first_reaching_is_the_first_in_order(rows, asked):
    group, _, reach = _arrays(rows)
    at_group = np.array([one[0] for one in asked], np.int64)
    at = np.array([one[1] for one in asked], np.int64)
    found = spans.first_reaching(group, reach, at_group, at)
    for one in range(at.size):
        naive = [i for i in range(group.size) if group[i] == at_group[one] and reach[i] >= at[one]]
        assert found[one] == (naive[0] if naive else -1)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-9, 9))), st.booleans())
def test_best_is_the_extreme_of_each_group(rows, least):
    group = np.array([one[0] for one in rows], np.int64)
    value = np.array([one[1] for one in rows], np.int64)
    found = spans.best(group, value, 5, least=least, empty=99)
    for one in range(5):
        own = [v for g, v in rows if g == one]
        assert found[one] == ((min if least else max)(own) if own else 99)
