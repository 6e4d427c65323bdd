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


VALUE = st.tuples(st.integers(0, 3), st.integers(-20, 40), st.integers(-20, 40))


def _columns(rows, width=3):
    table = np.array(rows, np.int64).reshape(-1, width)
    return tuple(table[:, at] for at in range(width))


@given(st.lists(VALUE), st.lists(st.tuples(st.integers(0, 4), st.integers(-30, 60))))
def test_soonest_is_the_least_of_those_that_reach(rows, asked):
    found = spans.soonest(*_columns(rows), *_columns(asked, 2))
    for one, (group, at) in zip(found, asked, strict=True):
        assert one == min((v for g, reach, v in rows if g == group and reach >= at), default=spans.FAR)


@given(st.lists(SPAN))
def test_depth_counts_what_lies_on_each_other(rows):
    group, start, end = _arrays(rows)
    steps, count = spans.depth(group, start, end)
    days = {}
    for g, s, e, n in zip(*steps, count, strict=True):
        assert s < e
        days |= {(g, day): n for day in range(s, e)}
    expected = {}
    for g, s, e in zip(group, start, end, strict=True):
        for day in range(s, e):
            expected[g, day] = expected.get((g, day), 0) + 1
    assert days == expected
    assert sum(steps.end - steps.start) == len(days)


@given(st.lists(SPAN), st.lists(SPAN))
def test_without_leaves_the_other_days(rows, others):
    cover, taken = spans.union(*_arrays(rows)), spans.union(*_arrays(others))
    left = spans.without(cover, taken)
    assert _days(*left) == _days(*cover) - _days(*taken)
    shared = spans.touches(*cover, taken)
    assert shared.tolist() == [
        bool(_days(*(a[i : i + 1] for a in cover)) & _days(*taken)) for i in range(len(shared))
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 20), st.integers(-1, 9))), st.integers(1, 4))
def test_joined_closes_what_is_shorter_than_the_rule(rows, least):
    made = spans.joined(*_arrays(rows), least)
    cover = spans.union(*_arrays(rows))
    gaps = [
        (cover.group[at], cover.end[at], cover.start[at + 1])
        for at in range(cover.group.size - 1)
        if cover.group[at] == cover.group[at + 1]
    ]
    closed = {(g, day) for g, low, high in gaps if high - low < least for day in range(low, high)}
    assert _days(*made) == _days(*cover) | closed


@given(st.lists(st.tuples(st.integers(-5, 9), st.integers(-5, 9))))
def test_ranges_are_those_of_python(bounds):
    index, value = spans.ranges(*_columns(bounds, 2))
    expected = [(at, one) for at, (low, high) in enumerate(bounds) for one in range(low, high)]
    assert list(zip(index, value, strict=True)) == expected


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9))), st.integers(1, 3))
def test_side_by_side_holds_the_first_of_each_row(rows, most):
    rows = sorted(rows, key=lambda one: one[0])
    made = spans.side_by_side(*_columns(rows, 2), 5, most)
    assert len(made) == most
    for at in range(5):
        own = [value for index, value in rows if index == at]
        assert [column[at] for column in made] == (own + [-1] * most)[:most]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2))))
def test_runs_and_distinct_rows(rows):
    first = [at for at, row in enumerate(rows) if row not in rows[:at]]
    assert spans.distinct(*_columns(rows, 2)).tolist() == first
    rows = sorted(rows)
    run, head = spans.runs(*_columns(rows, 2))
    alike = sorted(set(rows))
    assert [alike.index(row) for row in rows] == run.tolist()
    assert [rows.index(row) for row in alike] == head.tolist()


def test_days_keep_their_place_far_from_1970():
    group, day = np.array([0, 3]), np.array([-700_000, 2_900_000])
    assert spans.unpack_day(spans.pack(group, day)).tolist() == day.tolist()
    assert spans.best(group, day, 4, least=False, empty=7).tolist() == [-700_000, 7, 7, 2_900_000]


@given(st.lists(SPAN), st.lists(SPAN), st.integers(1, 9))
def test_between_leaves_what_is_long_and_uncovered_and_tells_what_it_lies_behind(domains, covers, least):
    cover = spans.union(*_arrays(covers))
    once = {group: (group, start, length) for group, start, length in domains if length > 0}
    domain = spans.Spans(*_arrays(once.values()))
    index, start, end, behind = spans.between(domain, cover, least)
    at, low, high = spans.subtract(*domain, cover)
    long = high - low >= least
    assert [index.tolist(), start.tolist(), end.tolist()] == [a[long].tolist() for a in (at, low, high)]
    for group, first, span in zip(domain.group[index], start, behind, strict=True):
        over = [i for i in range(cover.group.size) if (cover.group[i], cover.end[i]) == (group, first)]
        assert span == (over[0] if over else -1)


@given(st.lists(SPAN), st.lists(st.tuples(st.integers(0, 4), st.integers(-30, 60))))
def test_a_union_holds_its_days(covers, asked):
    cover = spans.union(*_arrays(covers))
    group, day = (np.array([one[at] for one in asked], np.int64) for at in (0, 1))
    days = _days(*cover)
    assert spans.holds(cover, group, day).tolist() == [one in days for one in asked]


@given(
    st.lists(st.integers(-9, 9)),
    st.lists(st.integers(-9, 9)),
    st.booleans(),
    st.sampled_from(["left", "right"]),
)
def test_a_position_is_the_number_of_keys_before(keys, sought, in_order, side):
    keys, sought = (
        np.sort(np.array(keys, np.int64)),
        np.array(sorted(sought) if in_order else sought, np.int64),
    )
    before = [
        sum(key < day or (side == "right" and key == day) for key in keys.tolist()) for day in sought.tolist()
    ]
    assert spans.position(keys, sought, side).tolist() == before
