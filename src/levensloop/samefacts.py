"""Which facts of different sources are one fact: candidates, how well they agree, one-to-one.

A referral that one agency sent and another received, a start of care that two agencies
recorded: the same fact with other dates and words. Two facts of one source are never one,
unless every column is equal.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from levensloop.clusters import components
from levensloop.schema import words
from levensloop.sorting import order_of
from levensloop.spans import NO_DAY, Bools, Ints, pack, runs
from levensloop.telling import Telling

if TYPE_CHECKING:
    import networkx as nx

_BY: Final = ("target", "agency", "both")
#: What agreement on a column adds to the score, beside 1 for dates that are the same.
_AGREE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds that can tell one fact, and how far apart their dates may lie.

    Parameters
    ----------
    kinds : tuple of str
        The kinds.
    by : str
        ``target`` (who is asked), ``agency`` (who does it) or ``both``.
    days : int
        How many days may lie between two dates.
    coarse : int
        The widest date in days that is still held against another.
    """

    kinds: tuple[str, ...]
    by: str
    days: int
    coarse: int


@cache
def families() -> dict[str, Family]:
    """The families of kinds, from ``data/merging.toml``.

    Examples
    --------
    >>> families()["care"].kinds
    ('care', 'care_start')
    """
    text = (files("levensloop") / "data" / "merging.toml").read_text("utf-8")
    return {
        name: Family(tuple(entry["kinds"]), entry["by"], entry["days"], entry["coarse"])
        for name, entry in tomllib.loads(text).items()
    }


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about youths as arrays; a code of -1 is empty, and a day of `NO_DAY`.

    `telling` are the sources of each.
    """

    youth: Ints
    about: Ints
    kind: Ints
    agency: Ints
    to_agency: Ints
    care_type: Ints
    care_id: Ints
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints
    telling: Telling


def same_facts(facts: Facts, known: Mapping[str, Family]) -> Ints:
    """Number the facts so that those which are one have one number.

    Parameters
    ----------
    facts : Facts
        What is told, in the order of the cohort.
    known : dict of str to Family
        The families; kinds outside them are never one.

    Returns
    -------
    numpy.ndarray of int
        For each fact the place of the first fact that it is one with; its own, if none.

    Notes
    -----
    Candidates are facts of one youth, family and agencies, from sources that differ, whose dates
    overlap or lie at most `Family.days` apart. Every fact is matched with at most one of each
    other source, so that the sum of their scores is greatest; in a match of three, each two are
    candidates.
    """
    left, right = _candidates(facts, known)
    keep = _agree(facts, known, left, right)
    left, right = left[keep], right[keep]
    score = _score(facts, known, left, right)
    label = np.arange(facts.youth.size)
    degree = np.bincount(np.concatenate([left, right]), minlength=label.size)
    alone = (degree[left] == 1) & (degree[right] == 1)
    label[right[alone]] = left[alone]
    _match(label, left[~alone], right[~alone], score[~alone])
    return label


def _family(facts: Facts, known: Mapping[str, Family]) -> Ints:
    """The place of each fact's family; -1 outside them."""
    table = np.full(len(words("kinds")) + 1, -1, np.int64)
    for place, family in enumerate(known.values()):
        table[[words("kinds").index(kind) for kind in family.kinds]] = place
    return table[facts.kind]


def _candidates(facts: Facts, known: Mapping[str, Family]) -> tuple[Ints, Ints]:
    """Pairs of facts of one youth, family and agency whose dates overlap or are near."""
    family = _family(facts, known)
    width = facts.start_max - facts.start_min + 1
    coarse = np.array([one.coarse for one in known.values()] or [0])
    row = np.flatnonzero((family >= 0) & (width <= coarse[family]) & _with_others(facts))
    if not row.size:
        return row, row
    by = np.array([_BY.index(one.by) for one in known.values()])[family[row]]
    agency, start = facts.agency[row], facts.start_min[row]
    whom = np.where(facts.to_agency[row] >= 0, facts.to_agency[row], agency)
    first = np.select([by == 0, by == 1], [whom, agency], np.minimum(agency, whom))
    second = np.where(by == _BY.index("both"), np.maximum(agency, whom), -1)
    keys = [facts.youth[row], facts.about[row], family[row], first, second]
    order = order_of([*keys, start])
    group = runs(*(key[order] for key in keys))[0]
    reach = facts.start_max[row] + np.array([one.days for one in known.values()])[family[row]]
    low = np.arange(row.size) + 1
    high = np.searchsorted(pack(group, start[order]), pack(group, reach[order]), side="right")
    count = np.maximum(high - low, 0)
    left = np.repeat(low - 1, count)
    right = left + 1 + np.arange(left.size) - np.repeat(np.cumsum(count) - count, count)
    one, other = row[order[left]], row[order[right]]
    return np.minimum(one, other), np.maximum(one, other)


def _with_others(facts: Facts) -> Bools:
    """Whether the youth of each fact has facts of more than one source."""
    youth, source = facts.youth[facts.telling.row], facts.telling.source
    size = int(facts.youth.max(initial=-1)) + 1
    first = np.full(size, -1, np.int64)
    first[youth] = source
    many = np.zeros(size, bool)
    many[youth[source != first[youth]]] = True
    return many[facts.youth]


def _apart(facts: Facts, left: Ints, right: Ints) -> Bools:
    """Whether no source tells both facts."""
    telling = facts.telling
    pair, source = telling.of_rows(left)
    sought = right[pair] * telling.size + source
    at = np.searchsorted(telling.pairs[:-1], sought)  # the last is where all greater ones lead
    both = telling.pairs[at] == sought
    return np.bincount(pair[both], minlength=left.size) == 0


def _agree(facts: Facts, known: Mapping[str, Family], left: Ints, right: Ints) -> Bools:
    """Whether nothing that two facts tell keeps them from being one."""
    days = np.array([one.days for one in known.values()] or [0])[_family(facts, known)[left]]

    def at_odds(column: Ints) -> Bools:
        return (column[left] >= 0) & (column[right] >= 0) & (column[left] != column[right])

    mirrored = (facts.agency[left] == facts.to_agency[right]) & (facts.to_agency[left] == facts.agency[right])
    silent = (facts.to_agency[left] < 0) != (facts.to_agency[right] < 0)
    agencies = (facts.agency[left] == facts.agency[right]) & ~at_odds(facts.to_agency)
    ended = (facts.end_max[left] != NO_DAY) & (facts.end_max[right] != NO_DAY)
    gap = np.maximum(facts.end_min[left] - facts.end_max[right], facts.end_min[right] - facts.end_max[left])
    known_to_day = (facts.start_min == facts.start_max)[left] & (facts.start_min == facts.start_max)[right]
    begun = known_to_day & (facts.start_min[left] == facts.start_min[right])
    ends = ~ended | begun | (gap < days)
    return _apart(facts, left, right) & ~at_odds(facts.care_type) & (agencies | mirrored | silent) & ends


def _score(facts: Facts, known: Mapping[str, Family], left: Ints, right: Ints) -> NDArray[np.float64]:
    """How well two candidates agree: near and narrow dates first, then columns that say the same."""
    days = np.array([one.days for one in known.values()] or [0])[_family(facts, known)[left]]
    gap = np.maximum(
        facts.start_min[right] - facts.start_max[left], facts.start_min[left] - facts.start_max[right]
    )
    width = (facts.start_max - facts.start_min)[left] + (facts.start_max - facts.start_min)[right]
    score = 1 - np.maximum(gap, 0) / (days + 1) - width / (width + 365)
    for column in (facts.agency, facts.to_agency, facts.care_type, facts.care_id, facts.end_max):
        told = (column[left] != NO_DAY) & (column[left] != -1)
        score += _AGREE * (told & (column[left] == column[right]))
    for sent, received in ((left, right), (right, left)):
        silent = (facts.to_agency[sent] >= 0) & (facts.to_agency[received] < 0)
        # Nobody registers what was not yet sent, unless a date is wrong.
        score -= _AGREE * (silent & (facts.start_max[received] < facts.start_min[sent]))
    return score + 1


def _match(label: Ints, left: Ints, right: Ints, score: NDArray[np.float64]) -> None:
    """Match facts with several candidates, component by component, in rounds of pairs.

    Each round takes the pairs with the greatest sum of scores; a matched pair is one fact in the next,
    with the candidates that both have. So a third source joins two that agree. Facts are numbered anew in
    each component: of matches that are as good the same is taken, whoever else is in the cohort.
    """
    if not left.size:
        return
    import networkx as nx

    fact, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    ends = place.reshape(2, -1)
    part = components(fact.size, *ends)[ends[0]]
    order = order_of([part, *ends])
    for pairs in np.split(order, runs(part[order])[1][1:]):
        here, inside = np.unique(ends[:, pairs], return_inverse=True)
        graph: nx.Graph[int] = nx.Graph()
        graph.add_weighted_edges_from(
            zip(*inside.reshape(2, -1).tolist(), score[pairs].tolist(), strict=True)
        )
        own = list(range(here.size))
        while graph.number_of_edges():
            for kept, gone in sorted(sorted(pair) for pair in nx.max_weight_matching(graph)):
                _contract(graph, kept, gone)
                own = [kept if one == gone else one for one in own]
        label[fact[here]] = fact[here][own]


def _contract(part: "nx.Graph[int]", kept: int, gone: int) -> None:
    """Let one fact stand for two: its candidates are those of both, by their mean score."""
    for other in list(part[kept]):
        if other != gone and part.has_edge(gone, other):
            part[kept][other]["weight"] = (part[kept][other]["weight"] + part[gone][other]["weight"]) / 2
        else:
            part.remove_edge(kept, other)
    part.remove_node(gone)
