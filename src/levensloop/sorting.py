"""Sorting rows by many keys at the cost of few: small keys packed together, ties alone sorted on."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from levensloop.spans import Ints

_ROOM: Final = 1 << 62
#: Numbers are dense where their range holds at most so many times as many.
_DENSE: Final = 8


def packed(keys: Sequence[Ints], most: int = _ROOM) -> list[Ints]:
    """Fewer keys that sort rows as the given ones do, the most significant first; below `most`, where one alone is.

    Examples
    --------
    >>> packed([np.array([1, 1, 0]), np.array([5, 3, 9])])[0].argsort().tolist()
    [2, 1, 0]
    """
    out: list[Ints] = []
    room = 0
    for key in keys:
        low = int(key.min(initial=0))
        span = int(key.max(initial=0)) - low + 1
        if out and span <= room:
            out[-1] = out[-1] * span + (key - low)
            room //= span
        else:
            out.append(key - low)
            room = most // span
    return out


def order_of(keys: Sequence[Ints]) -> Ints:
    """The stable order of rows by keys, the most significant first.

    Examples
    --------
    >>> order_of([np.array([1, 0, 1]), np.array([2, 9, 1])]).tolist()
    [1, 2, 0]
    """
    first, *rest = packed(keys, _ROOM >> keys[0].size.bit_length())  # so that the row fits beside it
    order = _sorted(first)
    if not rest:
        return order
    same = np.zeros(order.size, bool)
    same[1:] = first[order][1:] == first[order][:-1]
    tied = same.copy()
    tied[:-1] |= same[1:]
    at = np.flatnonzero(tied)
    group = np.cumsum(~same)[at]
    rows = order[at]
    order[at] = rows[np.lexsort((*(key[rows] for key in reversed(rest)), group))]
    return order


def _sorted(key: Ints) -> Ints:
    """The stable order of rows by one key; sorting key and row as one number is several times faster."""
    bits = key.size.bit_length()
    if (np.diff(key) >= 0).all():
        return np.arange(key.size)
    if int(key.max()) >= _ROOM >> bits:
        return np.argsort(key, kind="stable")
    both = np.left_shift(key, bits)
    both += np.arange(key.size)
    both.sort()
    both &= (1 << bits) - 1
    return both


def numbered(keys: Sequence[Ints]) -> Ints:
    """A number per row, equal where all keys are, in the order of the keys.

    Examples
    --------
    >>> numbered([np.array([7, 3, 7]), np.array([0, 0, 0])]).tolist()
    [1, 0, 1]
    """
    return distinct_rows(keys)[1]


def distinct_rows(keys: Sequence[Ints]) -> tuple[tuple[Ints, ...], Ints]:
    """The distinct rows of some columns in their order, column by column, and the place there of each row.

    Examples
    --------
    >>> rows, place = distinct_rows([np.array([7, 3, 7]), np.array([0, 0, 0])])
    >>> [column.tolist() for column in rows], place.tolist()
    ([[3, 7], [0, 0]], [1, 0, 1])
    """
    few = packed(keys)
    order = order_of(few)
    new = np.zeros(order.size, bool)
    new[:1] = True
    for key in few:
        new[1:] |= np.diff(key[order]) != 0
    place = np.empty(order.size, np.int64)
    place[order] = np.cumsum(new) - 1
    heads = order[new]
    return tuple(key[heads] for key in keys), place


def distinct(values: Ints) -> Ints:
    """The distinct values in their order.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    if high - low < _DENSE * values.size:  # marking is several times faster than sorting
        there = np.zeros(high - low + 1, bool)
        there[values - low] = True
        return np.flatnonzero(there) + low
    if (np.diff(values) < 0).any():
        values = np.sort(values)
    new = np.ones(values.size, bool)
    new[1:] = values[1:] != values[:-1]
    return values[new]
