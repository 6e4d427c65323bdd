"""Two lists of stretches of time held against each other: which of the one is which of the other."""

from dataclasses import dataclass

import numpy as np

from levensloop.clusters import components
from levensloop.sorting import numbered, order_of
from levensloop.spans import NO_DAY, Bools, Ints, ranges, runs


@dataclass(frozen=True, slots=True)
class Marks:
    """What was marked, as arrays; codes of both lists are of the same words, and -1 is not said.

    `end` is exclusive, and `NO_DAY` where it is not said.
    """

    youth: Ints
    detector: Ints
    outcome: Ints
    agency: Ints
    to_agency: Ints
    sector: Ints
    certainty: Ints
    start: Ints
    end: Ints

    def some(self, rows: Ints | Bools) -> "Marks":
        """Some of them."""
        return Marks(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Fit:
    """When two marks can be one; None: it does not matter.

    Parameters
    ----------
    onset, offset : int or None
        How many days the starts and the ends may lie apart.
    overlap : float
        The least share of the days of either that are days of both.
    outcome : bool
        Whether the outcomes must be the same.
    """

    onset: int | None = 30
    offset: int | None = 30
    overlap: float = 0.0
    outcome: bool = True


def matched(found: Marks, planted: Marks, fit: Fit) -> tuple[Ints, Ints]:
    """Pairs of what was found and what was planted, one to one.

    Of all ways to pair them one with the most pairs is taken, and of those one whose starts and ends lie least
    apart.

    Returns
    -------
    found, planted : arrays
        Places in the given lists, in the order of the first.
    """
    left, right, apart = _candidates(found, planted, fit)
    size = found.youth.size
    label = components(size + planted.youth.size, left, size + right)[left]
    _, pair, count = np.unique(label, return_inverse=True, return_counts=True)
    alone = (count == 1)[pair.reshape(-1)]
    rest = np.flatnonzero(~alone)
    rest = rest[order_of([label[rest], left[rest], right[rest]])] if rest.size else rest
    taken = [np.flatnonzero(alone)]
    parts = np.split(rest, runs(label[rest])[1][1:]) if rest.size else []
    taken += [part[_best(left[part], right[part], apart[part])] for part in parts]
    rows = np.sort(np.concatenate(taken))
    order = np.argsort(left[rows], kind="stable")
    return left[rows][order], right[rows][order]


def _candidates(found: Marks, planted: Marks, fit: Fit) -> tuple[Ints, Ints, Ints]:
    """Pairs that may be one, and how many days they lie apart."""
    group = numbered(
        [np.concatenate([found.youth, planted.youth]), np.concatenate([found.detector, planted.detector])]
    )
    ours, theirs = group[: found.youth.size], group[found.youth.size :]
    order = np.argsort(theirs, kind="stable")
    low, high = (np.searchsorted(theirs[order], ours, side=side) for side in ("left", "right"))
    left, at = ranges(low, high)
    right = order[at]
    one, other = found.some(left), planted.some(right)
    ended = (one.end != NO_DAY) & (other.end != NO_DAY)
    begin = np.abs(one.start - other.start)
    finish = np.where(ended, np.abs(one.end - other.end), 0)
    good = np.ones(left.size, bool)
    if fit.onset is not None:
        good &= begin <= fit.onset
    if fit.offset is not None:
        good &= finish <= fit.offset
    shared = np.minimum(one.end, other.end) - np.maximum(one.start, other.start)
    either = np.maximum(one.end, other.end) - np.minimum(one.start, other.start)
    good &= ~ended | (np.maximum(shared, 0) >= fit.overlap * either)
    for name in ("outcome", "agency", "to_agency"):
        said = getattr(other, name)
        if name != "outcome" or fit.outcome:
            good &= (said < 0) | (said == getattr(one, name))
    return left[good], right[good], (begin + finish)[good]


def _best(left: Ints, right: Ints, apart: Ints) -> Ints:
    """The places of the pairs that are taken in one component."""
    import networkx as nx

    most = int(apart.max()) + 1
    graph: nx.Graph[tuple[int, int]] = nx.Graph()
    for place, (one, other, days) in enumerate(
        zip(left.tolist(), right.tolist(), apart.tolist(), strict=True)
    ):
        graph.add_edge((0, one), (1, other), weight=most - days, place=place)
    chosen = nx.max_weight_matching(graph, maxcardinality=True)
    return np.array(sorted(graph.edges[pair]["place"] for pair in chosen), np.int64)
