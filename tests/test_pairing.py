"""Starts and ends paired as brackets, against a stack."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from levensloop.pairing import pair


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=14))
def test_exact_days_pair_like_a_stack(rows):
    rows = sorted(rows, key=lambda one: one[0])
    group = np.array([one[0] for one in rows], np.int64)
    is_end = np.array([one[1] for one in rows], bool)
    day = np.arange(group.size)
    found = pair(group, is_end, day, day)
    stacks = {}
    expected = np.full(group.size, -1)
    for row in range(group.size):
        stack = stacks.setdefault(group[row], [])
        if not is_end[row]:
            stack.append(row)
        elif stack:
            expected[stack.pop()] = row
    assert found.end_of.tolist() == expected.tolist()
    assert found.unmatched.tolist() == (is_end & ~np.isin(np.arange(group.size), expected)).tolist()


def test_an_end_on_the_day_of_the_next_start_closes_the_earlier_start():
    found = pair(
        np.zeros(3, np.int64), np.array([False, True, False]), np.array([1, 5, 5]), np.array([1, 5, 5])
    )
    assert found.end_of.tolist() == [1, -1, -1]


def test_care_of_one_day_finds_its_own_end():
    found = pair(np.zeros(2, np.int64), np.array([True, False]), np.array([5, 5]), np.array([5, 5]))
    assert found.end_of.tolist() == [-1, 0]


def test_a_fuzzy_end_that_may_come_later_finds_its_start():
    found = pair(np.zeros(2, np.int64), np.array([True, False]), np.array([1, 5]), np.array([9, 5]))
    assert found.end_of.tolist() == [-1, 0]
