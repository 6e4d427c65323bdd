"""Stretches that hold surely within stretches that hold possibly: the ground of several detectors.

Source of the definition: docs/definitions_most.md, *Sure within possible*.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from levensloop.ages import add_months
from levensloop.arrays import View
from levensloop.schema import words
from levensloop.spans import Bools, Ints, Spans, best, first_reaching, pack, union
from levensloop.waitlines import care_of

#: Whether each stretch, from its first day to its end, is long enough to tell.
Long: TypeAlias = Callable[[Ints, Ints], Bools]


class Sandwich(NamedTuple):
    """Stretches by group and start, with the bounds of their length."""

    group: Ints
    start: Ints
    end: Ints
    days_min: Ints
    days_max: Ints
    certain: Bools


def lasting(days: int) -> Long:
    """Long enough is this many days."""
    return lambda start, end: end - start >= days


def beyond(months: int) -> Long:
    """Long enough is more than this many calendar months.

    Examples
    --------
    >>> start = np.array(["2005-01-31", "2005-01-31"], "M8[D]").astype(np.int64)
    >>> beyond(12)(start, start + [365, 366]).tolist()
    [False, True]
    """
    return lambda start, end: end > add_months(start, months)


def sandwich(sure: Spans, possible: Spans, long: Long) -> Sandwich:
    """What is surely long enough, and what possibly is.

    Each maximal stretch of `sure` that is long enough is certain, with the stretch of `possible`
    around it as its greatest length. A maximal stretch of `possible` that is long enough and holds
    no certain one is possible: at least as long as the longest sure stretch in it, 0 if there is none.

    Parameters
    ----------
    sure, possible : Spans
        Disjoint, sorted, and not touching; each sure day is a possible one.
    long : callable
        Whether stretches are long enough: see `lasting` and `beyond`.

    Returns
    -------
    Sandwich

    Examples
    --------
    >>> zero = np.array([0, 0])
    >>> found = sandwich(union(zero, np.array([2, 20]), np.array([9, 22])),
    ...     union(zero, np.array([0, 18]), np.array([10, 30])), lasting(5))
    >>> found.start.tolist(), found.days_min.tolist(), found.days_max.tolist(), found.certain.tolist()
    ([2, 18], [7, 2], [10, 12], [True, False])
    """
    around = np.searchsorted(pack(possible.group, possible.start), pack(sure.group, sure.start), "right") - 1
    inner, outer = sure.end - sure.start, possible.end - possible.start
    longest = best(around, inner, possible.group.size, least=False, empty=0)
    told = np.flatnonzero(long(sure.start, sure.end))
    free = np.ones(possible.group.size, bool)
    free[around[told]] = False
    maybe = np.flatnonzero(long(possible.start, possible.end) & free)
    group = np.concatenate([sure.group[told], possible.group[maybe]])
    start = np.concatenate([sure.start[told], possible.start[maybe]])
    order = np.argsort(pack(group, start), kind="stable")
    return Sandwich(
        group=group[order],
        start=start[order],
        end=np.concatenate([sure.end[told], possible.end[maybe]])[order],
        days_min=np.concatenate([inner[told], longest[maybe]])[order],
        days_max=np.concatenate([outer[around[told]], outer[maybe]])[order],
        certain=(np.arange(group.size) < told.size)[order],
    )


class Carers(NamedTuple):
    """The care of each agency for each youth, home left out; a group is youth * agencies + agency."""

    rows: Ints
    group: Ints
    sure: Spans
    possible: Spans


def carers(view: View, least: int = 1) -> Carers:
    """The days on which each agency cares, for youths in whose lives at least `least` agencies did."""
    episodes, size = view.episodes, len(view.agencies)
    home = words("sectors").index("home")
    rows = care_of(view)
    rows = rows[episodes.sector[rows] != home]
    group = episodes.youth[rows] * size + episodes.agency[rows]
    if least > 1:
        many = np.bincount(np.unique(group) // max(size, 1), minlength=view.size) >= least
        keep = many[episodes.youth[rows]]
        rows, group = rows[keep], group[keep]
    return Carers(
        rows=rows,
        group=group,
        sure=union(group, episodes.start_max[rows], episodes.end_min[rows]),
        possible=union(group, episodes.start_min[rows], episodes.end_max[rows]),
    )


def evaluations(view: View) -> tuple[Ints, Ints]:
    """Whose care each evaluation or review is of: its agency's, and that of the one it is addressed to.

    Returns
    -------
    group, event : arrays
        Groups as those of `Carers`, and places among the events.
    """
    events, size = view.events, len(view.agencies)
    kinds = [words("kinds").index(kind) for kind in ("evaluation", "review")]
    held = np.flatnonzero(np.isin(events.kind, kinds))
    sent = held[(events.to_agency[held] >= 0) & (events.to_agency[held] != events.agency[held])]
    at = np.concatenate([held, sent])
    return events.youth[at] * size + np.concatenate([events.agency[held], events.to_agency[sent]]), at


def care_on(view: View, care: Carers, group: Ints, day: Ints) -> Ints:
    """The events row of the first care, in order, that each group's agency possibly gives on a day; else -1."""
    episodes = view.episodes
    order = np.argsort(care.group, kind="stable")
    rows = care.rows[order]
    found = first_reaching(care.group[order], episodes.end_max[rows], group, day + 1)
    row = rows[np.maximum(found, 0)] if rows.size else found
    return np.where(found >= 0, started(view, row), -1)


def started(view: View, episode: Ints) -> Ints:
    """The events row that tells of an episode: that of its start, else that of its end."""
    episodes = view.episodes
    if not episodes.youth.size:
        return episode
    return np.where(episodes.start_row[episode] >= 0, episodes.start_row[episode], episodes.end_row[episode])
