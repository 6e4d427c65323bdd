"""The pairs that linking held against each other: what ties each record, and how much doubt is left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from levensloop.arrow import nullable
from levensloop.clusters import REVIEW, Links
from levensloop.nodes import Nodes
from levensloop.schema import PAIRS, conform
from levensloop.sorting import numbered, order_of
from levensloop.spans import NO_DAY, Bools, Ints, runs

#: The reason of pairs whose given names tell them apart.
TWINS: Final = REVIEW - 1
#: Why two records are not one youth though they are tied: places in what is told once, and other reasons.
_WHY: Final = {0: "birth", 1: "death", TWINS: "twins", REVIEW: "review"}
#: Joined by a key or surely alike, while two days do not agree: half of a full doubt.
_IN_CONFLICT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score on a pair is joined, and from which on nobody need look at it; who are twins."""

    join: float = 0
    sure: float = 0
    twins: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))


@dataclass(frozen=True, slots=True)
class Held:
    """The links with what became of them; `torn` are the nodes of clusters with two deaths or stays."""

    links: Links
    joins: Bools
    firm: Bools
    why: Ints
    torn: Bools


def tied_by(links: Links, joins: Bools, nodes: Nodes, label: Ints) -> tuple[pa.DictionaryArray, np.ndarray]:
    """By what each node shares its cluster with another key or source, and how sure the surest link that joins is."""
    own = nodes.own
    order = order_of([own, label])
    unit = np.empty(nodes.size, np.int64)
    unit[order], heads = runs(own[order], label[order])
    count = heads.size
    crossing = joins & (own[links.left] != own[links.right])
    tied = np.zeros((len(links.names), count), bool)
    score = np.full(count, -1.0)
    for side in (links.left, links.right):
        ends = unit[side[crossing]]
        np.maximum.at(score, ends, links.score[crossing])
        tied[links.by[crossing], ends] = True
    number = numbered(list(np.packbits(tied, axis=0)))  # eight links in a number
    first = np.full(int(number.max(initial=-1)) + 1, -1, np.int64)
    first[number] = np.arange(count)
    names = np.array(links.names, object)
    words = ["; ".join(names[row]) or "alone" for row in tied.T[first]]
    return _coded(number[unit], pa.array(words, pa.string())), score[unit]


def pairs_of(held: Held, nodes: Nodes, youths: tuple[Sequence[str], Ints], limits: Thresholds) -> pa.Table:
    """Every link as a row that one can read (`schema.PAIRS`), those of the least node first."""
    order = order_of([held.links.left, held.links.right, held.links.by])
    held = Held(held.links.some(order), held.joins[order], held.firm[order], held.why[order], held.torn)
    links = held.links
    place = np.full(REVIEW + 2, -1, np.int64)  # the last is where -1 leads
    place[list(_WHY)] = np.arange(len(_WHY))
    doubt = _doubt(held, nodes, limits)
    references = nodes.references(np.arange(nodes.size))
    youth = youths[1]
    ids = pa.array(youths[0], pa.string())
    names = sorted(set(links.names))
    by = np.array([names.index(name) for name in links.names], np.int64)
    columns = {
        "a": _coded(links.left, references),
        "b": _coded(links.right, references),
        "matched_by": _coded(by[links.by], pa.array(names, pa.string())),
        "score": pa.array(links.score),
        "joined": pa.array(youth[links.left] == youth[links.right]),
        "why": _coded(place[held.why], pa.array(list(_WHY.values()), pa.string())),
        "doubt": nullable(doubt, doubt < 0),
        "youth_a": _coded(youth[links.left], ids),
        "youth_b": _coded(youth[links.right], ids),
    }
    return conform(pa.table(columns), PAIRS)


def _coded(place: Ints, values: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(nullable(place.astype(np.int32), place < 0), values)


def _doubt(held: Held, nodes: Nodes, limits: Thresholds) -> np.ndarray:
    """How much each pair asks to be looked at, told once a pair; -1 where it does not, or was reviewed."""
    left, right, score = held.links.left, held.links.right, held.links.score
    if not left.size:
        return score
    pair, heads = runs(left, right)
    surest = np.maximum.reduceat(score, heads)[pair]
    doubt = np.where(surest < limits.sure, 1 - np.abs(2 * surest - 1), -1)
    known = (nodes.birth_min[left] != NO_DAY) & (nodes.birth_min[right] != NO_DAY)
    latest = np.maximum(nodes.birth_min[left], nodes.birth_min[right])
    clash = known & (latest > np.minimum(nodes.birth_max[left], nodes.birth_max[right]))
    doubt = np.where(held.joins & (held.torn[left] | clash), np.maximum(doubt, _IN_CONFLICT), doubt)
    doubt = np.where(held.why >= 0, 1, doubt)
    if (doubt < 0).all():
        return doubt
    decided = np.logical_or.reduceat(held.firm | (held.why == REVIEW), heads)[pair]
    first = np.zeros(left.size, bool)
    first[np.lexsort((-doubt, pair))[heads]] = True  # the row of each pair that leaves most doubt
    return np.where(first & ~decided, doubt, -1)
