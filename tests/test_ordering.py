"""Bounds from order: nothing possible is excluded, and what can be known is known."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from levensloop.ordering import OWN, Order, chained, tightened

LIVES = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=n, max_size=n),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=5),
    )
)


def worlds(bounds, pairs):
    for days in itertools.product(*(range(low, low + more + 1) for low, more in bounds)):
        if all(days[first] <= days[then] for first, then in pairs):
            yield days


@given(LIVES)
def test_bounds_are_exactly_those_of_all_worlds_that_keep_the_order(life):
    bounds, pairs = life
    low = np.array([first for first, _ in bounds])
    high = low + np.array([more for _, more in bounds])
    first, then = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    found = tightened(low, high, Order(first, then))
    possible = list(worlds(bounds, pairs))
    if not possible:
        assert found.clash[0].size
        for early, late in zip(*found.clash, strict=True):
            assert low[early] > high[late]
        return
    assert not found.clash[0].size
    assert found.low.tolist() == [min(days) for days in zip(*possible, strict=True)]
    assert found.high.tolist() == [max(days) for days in zip(*possible, strict=True)]
    for by, bound, own in ((found.low_by, found.low, low), (found.high_by, found.high, high)):
        for at, cause in enumerate(by.tolist()):
            assert bound[at] == own[at if cause == OWN else cause]


def test_a_contradiction_names_its_two_facts_and_leaves_the_rest_alone():
    low, high = np.array([10, 0, 3, 0, 8]), np.array([12, 20, 5, 9, 9])
    order = Order(np.array([0, 1, 3]), np.array([1, 2, 4]))
    found = tightened(low, high, order)
    assert [side.tolist() for side in found.clash] == [[0], [2]]
    assert found.low.tolist() == low.tolist()
    assert found.high.tolist() == high.tolist()


def test_a_list_is_a_chain_per_youth():
    order = chained(np.array([0, 0, 1, 0]), np.array([3, 1, 9, 2]))
    assert list(zip(order.first.tolist(), order.then.tolist(), strict=True)) == [(1, 3), (3, 0)]
