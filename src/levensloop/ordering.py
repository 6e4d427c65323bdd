"""Bounds from order: what is known only as "after the hearing test, before school" still has dates.

Of two facts in a known order the later one cannot begin before the earliest day of the earlier one, nor the
earlier after the latest day of the later. Passed on along every chain until nothing changes, that
gives each fact the narrowest bounds that the order alone allows. No day that is consistent with
all that is known is ever excluded.
"""

from typing import NamedTuple

import numpy as np

from levensloop.sorting import distinct
from levensloop.spans import Bools, Ints

#: Not another fact, but the bound itself.
OWN = -1


class Order(NamedTuple):
    """Pairs of facts: `first` did not begin after `then`."""

    first: Ints
    then: Ints

    def moved(self, place: Ints) -> "Order":
        """The same for facts that stand elsewhere; two that became one say nothing any more."""
        first, then = place[self.first], place[self.then]
        return Order(first[first != then], then[first != then])


class Tightened(NamedTuple):
    """Bounds after the order was taken into account.

    `low_by` and `high_by` name the fact from which a bound comes, -1 if it is its own. `clash` holds
    pairs of facts whose own bounds leave the order between them no days; the bounds of every fact that
    hangs together with one are as they were.
    """

    low: Ints
    high: Ints
    low_by: Ints
    high_by: Ints
    clash: tuple[Ints, Ints]


def tightened(low: Ints, high: Ints, order: Order) -> Tightened:
    """Tighten the bounds of facts by the order in which they began.

    Parameters
    ----------
    low, high : numpy.ndarray of int
        The earliest and the latest first day of each fact.
    order : Order
        Which did not begin after which, by place.

    Returns
    -------
    Tightened

    Examples
    --------
    >>> low, high = np.array([5, 0, 0]), np.array([9, 20, 7])
    >>> found = tightened(low, high, Order(np.array([0, 1]), np.array([1, 2])))
    >>> found.low.tolist(), found.high.tolist()
    ([5, 5, 5], [7, 7, 7])
    """
    least, low_by = _passed(low, order.first, order.then)
    most, high_by = _passed(-high, order.then, order.first)
    most = -most
    wrong = least > most
    if wrong.any():
        early = np.where(low_by[wrong] == OWN, np.flatnonzero(wrong), low_by[wrong])
        late = np.where(high_by[wrong] == OWN, np.flatnonzero(wrong), high_by[wrong])
        pairs = np.unique(np.stack([early, late], 1), axis=0)
        apart = _hangs_together(wrong, order)
        least, most = np.where(apart, low, least), np.where(apart, high, most)
        low_by, high_by = np.where(apart, OWN, low_by), np.where(apart, OWN, high_by)
        clash = (pairs[:, 0], pairs[:, 1])
    else:
        clash = (np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Tightened(least, most, low_by, high_by, clash)


def _passed(low: Ints, first: Ints, then: Ints) -> tuple[Ints, Ints]:
    """The greatest bound that reaches each fact along the order, and the fact that it comes from."""
    value, by = low.copy(), np.full(low.size, OWN, np.int64)
    active = np.ones(low.size, bool)
    while first.size and (moving := active[first]).any():
        source, target = first[moving], then[moving]
        better = value[source] > value[target]
        source, target = source[better], target[better]
        # Of several the greatest counts; of equals that which stands first, so that no order shows.
        order = np.lexsort((-source, value[source], target))
        source, target = source[order], target[order]
        last = np.ones(target.size, bool)
        last[:-1] = target[1:] != target[:-1]
        source, target = source[last], target[last]
        value[target] = value[source]
        by[target] = np.where(by[source] == OWN, source, by[source])
        active[:] = False
        active[target] = True
    return value, by


def _hangs_together(some: Bools, order: Order) -> Bools:
    """Whether each fact hangs together, through any number of others, with one of some."""
    reached = some.copy()
    while True:
        touched = reached[order.first] | reached[order.then]
        fresh = distinct(np.concatenate([order.first[touched], order.then[touched]]))
        if reached[fresh].all():
            return reached
        reached[fresh] = True


def chained(group: Ints, rank: Ints) -> Order:
    """The order of facts that stand in a list: each after the one before it in its group.

    Examples
    --------
    >>> chained(np.array([0, 1, 0]), np.array([2, 1, 1]))
    Order(first=array([2]), then=array([0]))
    """
    order = np.lexsort((rank, group))
    same = group[order][1:] == group[order][:-1]
    return Order(order[:-1][same], order[1:][same])
