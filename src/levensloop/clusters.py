"""Records joined by links into clusters, and clusters parted that cannot be one person.

Joining is array code. Only the few clusters in which something excludes something else are grown
again link by link, the surest first.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np

from levensloop.spans import NO_DAY, Bools, Ints, best

#: The reason of a pair that a reviewer holds apart; reasons are greater than places in `told`.
REVIEW: Final = 100
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of nodes, the lesser left; `by` is a place in `names`, `score` from 0 to 1."""

    left: Ints
    right: Ints
    score: np.ndarray
    by: Ints
    names: Sequence[str]

    def some(self, which: "Bools | Ints") -> "Links":
        """The links at some places."""
        return Links(self.left[which], self.right[which], self.score[which], self.by[which], self.names)


@dataclass(frozen=True, slots=True)
class Told:
    """The first and last day on which something happened that happens once; `NO_DAY` if untold."""

    name: str
    low: Ints
    high: Ints


def joined(parts: Sequence[Links]) -> Links:
    """Links of several kinds as one.

    Examples
    --------
    >>> one = Links(np.array([0]), np.array([1]), np.array([1.0]), np.array([0]), ["key"])
    >>> joined([one, one]).by.tolist()
    [0, 1]
    """
    start = np.cumsum([0, *(len(part.names) for part in parts)])
    return Links(
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.by + low for part, low in zip(parts, start, strict=False)]),
        [name for part in parts for name in part.names],
    )


def components(size: int, left: Ints, right: Ints) -> Ints:
    """The least node of the connected component of each node.

    Roots hang themselves under lesser roots and every node follows its root, until all links lie
    inside one component: a few rounds, whatever the number of links.

    Examples
    --------
    >>> components(5, np.array([3, 1]), np.array([4, 3])).tolist()
    [0, 1, 2, 1, 1]
    """
    label = np.arange(size)
    while True:
        a, b = label[left], label[right]
        live = a != b
        if not live.any():
            return label
        left, right, a, b = left[live], right[live], a[live], b[live]
        np.minimum.at(label, np.maximum(a, b), np.minimum(a, b))
        while True:
            up = label[label]
            if np.array_equal(up, label):
                break
            label = up


def clashing(label: Ints, told: Told) -> Bools:
    """Of each node, whether its cluster tells days that exclude each other.

    Examples
    --------
    >>> day = np.array([4, 4, 9])
    >>> clashing(np.array([0, 0, 0]), Told("birth", day, day)).tolist()
    [True, True, True]
    """
    known = told.low != NO_DAY
    latest = best(label[known], told.low[known], label.size, least=False, empty=NO_DAY)
    earliest = best(label[known], told.high[known], label.size, least=True, empty=NO_DAY)
    return (latest > earliest)[label]


@cache
def alike(one: int, other: int) -> bool:
    """Whether one day can be the other written wrongly: a digit, two digits or day and month changed places.

    The first of January stands for any day of its year: it is what many systems fill in.

    Examples
    --------
    >>> day = lambda *ymd: date(*ymd).toordinal() - 719163
    >>> alike(day(1990, 2, 11), day(1990, 11, 2)), alike(day(1990, 2, 11), day(1991, 7, 20))
    (True, False)
    """
    if one == other:
        return True
    a, b = (date.fromordinal(day + _EPOCH) for day in (one, other))
    if a.year == b.year and (
        (a.month, a.day) == (b.day, b.month) or (1, 1) in ((a.month, a.day), (b.month, b.day))
    ):
        return True
    left, right = a.strftime("%Y%m%d"), b.strftime("%Y%m%d")
    wrong = [place for place, pair in enumerate(zip(left, right, strict=True)) if pair[0] != pair[1]]
    if len(wrong) <= 1:
        return True
    first, last = wrong[0], wrong[-1]
    turned = left[first] == right[last] and left[last] == right[first]
    return len(wrong) == last - first + 1 == 2 and turned  # noqa: PLR2004 - two neighbours


def parted(label: Ints, links: Links, told: Sequence[Told], apart: Ints, firm: Bools) -> tuple[Ints, Ints]:
    """Clusters grown again, the surest link first, where some of their nodes cannot be one person.

    Parameters
    ----------
    label : array
        The cluster of each node.
    links : Links
        The links that joined them.
    told : sequence of Told
        What happens once: births and deaths; days that are `alike` can be one.
    apart : array of three columns
        Pairs that are known to be two persons, the lesser node first, and the reason (`REVIEW` if a
        reviewer says so).
    firm : array of bool
        Of each link, whether a reviewer made it: then only another reviewer's word undoes it.

    Returns
    -------
    label, why : arrays
        The least node of each new cluster; and of each link why it does not stand: -1 if it does,
        else the place in `told`, or a reason of `apart`.
    """
    label, why = label.copy(), np.full(links.left.size, -1, np.int64)
    doubtful = np.zeros(label.size, bool)
    for fact in told:
        doubtful |= clashing(label, fact)
    apart = apart[label[apart[:, 0]] == label[apart[:, 1]]]
    doubtful |= np.isin(label, label[apart[:, 0]])
    inside = np.flatnonzero(doubtful[links.left])
    keys = (links.right, links.left, -links.score, ~firm, label[links.left])
    order = inside[np.lexsort([key[inside] for key in keys])]
    grown = _Grown(np.flatnonzero(doubtful), told, apart)
    ends = (links.left[order].tolist(), links.right[order].tolist(), firm[order].tolist())
    why[order] = [grown.join(a, b, firm=sure) for a, b, sure in zip(*ends, strict=True)]
    for node, root in grown.roots():
        label[node] = root
    return label, why


class _Grown:
    """Clusters that grow by links as long as none of their nodes exclude each other."""

    def __init__(self, nodes: Ints, told: Sequence[Told], apart: Ints) -> None:
        every = nodes.tolist()
        self._members = {node: [node] for node in every}
        self._root = {node: node for node in every}
        self._days: list[dict[int, tuple[int, int]]] = []
        for fact in told:
            bounds = zip(fact.low[nodes].tolist(), fact.high[nodes].tolist(), strict=True)
            self._days.append(
                {node: day for node, day in zip(every, bounds, strict=True) if day[0] != NO_DAY}
            )
        self._others: dict[int, dict[int, int]] = {}
        for a, b, reason in apart.tolist():
            self._others.setdefault(a, {})[b] = reason
            self._others.setdefault(b, {})[a] = reason

    def join(self, a: int, b: int, *, firm: bool) -> int:
        """Bring the clusters of two nodes together; else tell what holds them apart."""
        one, other = sorted((self._root[a], self._root[b]))
        if one == other:
            return -1
        why = self._apart(self._members[one], self._members[other], firm=firm)
        if why < 0:
            moved = self._members.pop(other)
            self._members[one] += moved
            self._root.update(dict.fromkeys(moved, one))
        return why

    def _apart(self, some: list[int], others: list[int], *, firm: bool) -> int:
        reasons = [
            self._others[a][b] for a in some if a in self._others for b in others if b in self._others[a]
        ]
        if REVIEW in reasons or (reasons and not firm):
            return REVIEW if REVIEW in reasons else min(reasons)
        for place, days in enumerate([] if firm else self._days):
            ours, theirs = ({days[node] for node in nodes if node in days} for nodes in (some, others))
            if excluded(ours, theirs):
                return place
        return -1

    def roots(self) -> list[tuple[int, int]]:
        """Each node with the least node of its cluster."""
        return list(self._root.items())


def excluded(ours: AbstractSet[tuple[int, int]], theirs: AbstractSet[tuple[int, int]]) -> bool:
    """Whether what two clusters tell of one day, each time within bounds, fits nowhere.

    Exact days are held against exact days alone, where both have one: a year that one record tells
    says nothing for two days of that year.

    Examples
    --------
    >>> excluded({(0, 30)}, {(12, 12)}), excluded({(0, 0), (0, 9000)}, {(5000, 5000)})
    (False, True)
    """
    if not ours or not theirs:
        return False
    exact = [{low for low, high in days if low == high} for days in (ours, theirs)]
    if all(exact):
        return not any(alike(a, b) for a in exact[0] for b in exact[1])
    return all(max(a[0], b[0]) > min(a[1], b[1]) for a in ours for b in theirs)
