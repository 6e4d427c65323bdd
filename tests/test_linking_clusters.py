"""Records joined by links, and clusters parted that cannot be one person."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levensloop.clusters import Links, Told, alike, components, excluded, parted
from levensloop.spans import NO_DAY


@given(st.integers(1, 30).flatmap(lambda size: st.tuples(
    st.just(size), st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=40)
)))  # fmt: skip
def test_components_are_those_of_networkx(drawn):
    size, pairs = drawn
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(pairs)
    least = {node: min(found) for found in nx.connected_components(graph) for node in found}
    assert components(size, ends[:, 0], ends[:, 1]).tolist() == [least[node] for node in range(size)]


def test_a_long_chain_is_one_component():
    order = np.random.default_rng(3).permutation(10_000)
    assert not components(10_000, order[:-1], order[1:]).any()


def _day(text):
    return int(np.datetime64(text, "D").astype(int))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001-03-12", "2001-12-03", True),  # day and month changed places
        ("2001-03-12", "2001-03-13", True),  # one digit
        ("2001-03-12", "2001-03-21", True),  # two neighbours changed places
        ("2001-03-12", "2001-01-01", True),  # what a system fills in
        ("2001-03-12", "2002-01-01", False),
        ("2001-03-12", "2003-07-29", False),
        ("2001-03-12", "2001-04-23", False),
    ],
)
def test_days_that_can_be_one_miswritten(one, other, same):
    assert alike(_day(one), _day(other)) is same
    assert alike(_day(other), _day(one)) is same


def test_exact_days_are_held_against_exact_days():
    year = (_day("2001-01-01"), _day("2001-12-31"))
    one, other = ((_day(text),) * 2 for text in ("2001-03-12", "2001-08-25"))
    assert excluded({one, year}, {other})
    assert not excluded({year}, {one, other})
    assert not excluded(set(), {one})


@given(
    st.lists(st.sampled_from([NO_DAY, 11_000, 12_345, 14_000]), min_size=2, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.9, 0.95, 1.0])), max_size=12),
)
def test_no_parted_cluster_holds_two_births(days, pairs):
    size = len(days)
    kept = sorted(
        {(min(a, b), max(a, b)): score for a, b, score in pairs if a != b and max(a, b) < size}.items()
    )
    left, right = (np.array([pair[side] for pair, _ in kept], np.int64) for side in (0, 1))
    scores = np.array([score for _, score in kept])
    links = Links(left, right, scores, np.zeros(left.size, np.int64), ["key"])
    born = np.array(days)
    none = np.empty((0, 3), np.int64)
    label, why = parted(
        components(size, left, right), links, [Told("birth", born, born)], none, np.zeros(left.size, bool)
    )
    for head in set(label.tolist()):
        assert len({day for day in born[label == head].tolist() if day != NO_DAY}) <= 1
        assert min(np.flatnonzero(label == head)) == head
    stands = why < 0
    assert (label[left[stands]] == label[right[stands]]).all()
    # What stands suffices: no cluster is held together by a link that was refused.
    assert components(size, left[stands], right[stands]).tolist() == label.tolist()
