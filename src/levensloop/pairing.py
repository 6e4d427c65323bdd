"""Start and end events paired into episodes (array code, no loop over youths)."""

from typing import NamedTuple

import numpy as np

from levensloop.sorting import order_of
from levensloop.spans import Bools, Ints, runs


class Pairs(NamedTuple):
    """For each start the row of its end, or -1; and which ends were left without a start."""

    end_of: Ints
    unmatched: Bools


def pair(group: Ints, is_end: Bools, low: Ints, high: Ints) -> Pairs:
    """Pair ends with the latest open start before them, within a group.

    Parameters
    ----------
    group : array
        What belongs together: the youth, agency, role and reference of care.
    is_end : array of bool
        Whether the row is an end; the rest are starts.
    low, high : array
        Earliest and latest day of the start, or last day of the ended care.

    Returns
    -------
    Pairs
        `end_of` has one entry per row (of use for starts).

    Notes
    -----
    An end on the day of a start closes an earlier start first: one agency's care may end and begin
    again on one day. What is then left is tried once more with ends at their latest day and starts
    first, so that care of one day and fuzzy ends find their start.

    Examples
    --------
    >>> pair(np.zeros(4, int), np.array([False, False, True, True]), np.array([1, 5, 6, 9]),
    ...      np.array([1, 5, 6, 9])).end_of.tolist()
    [3, 2, -1, -1]
    """
    end_of = np.full(group.size, -1, np.int64)
    used = np.zeros(group.size, bool)
    for key, first in ((low, True), (np.where(is_end, high, low), False)):
        rest = np.flatnonzero(~used)
        ranked = is_end[rest] != first
        order = rest[order_of([group[rest], key[rest], ranked.astype(np.int64), (high - key)[rest]])]
        starts, ends = _brackets(group[order], is_end[order])
        end_of[order[starts]] = order[ends]
        used[order[starts]] = True
        used[order[ends]] = True
    return Pairs(end_of, is_end & ~used)


def _brackets(group: Ints, is_end: Bools) -> tuple[Ints, Ints]:
    """Match brackets within sorted groups: each end with the latest start that is still open."""
    step = np.where(is_end, -1, 1)
    depth = np.cumsum(step)
    run, heads = runs(group)
    base = np.concatenate([[0], depth])[heads][run] if group.size else depth
    local = depth - base
    # An end without an open start must not count: lift the depth by how far it ever sank below zero.
    sunk = np.minimum.accumulate(np.minimum(local, 0) - run * (group.size + 2)) + run * (group.size + 2)
    # `sunk` holds the running minimum of each group; the offset keeps groups apart.
    level = local - np.minimum(sunk, 0)
    stray = is_end & (
        np.minimum(local, 0) < np.concatenate([[0], sunk[:-1]]) * (np.concatenate([[-1], run[:-1]]) == run)
    )
    at = np.where(is_end, level + 1, level)
    kept = np.flatnonzero(~stray)
    order = kept[order_of([run[kept], at[kept]])]
    near = np.flatnonzero(
        ~is_end[order[:-1]]
        & is_end[order[1:]]
        & (at[order[:-1]] == at[order[1:]])
        & (run[order[:-1]] == run[order[1:]])
    )
    return order[near], order[near + 1]
