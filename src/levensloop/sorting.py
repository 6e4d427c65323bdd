"""Sorting rows by many keys at the cost of few: small keys packed together, ties alone sorted on."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from levensloop.spans import Bools, Ints

#: Numbers by which rows are sorted, of any width.
Keys = Sequence[NDArray[np.integer[Any]]]
Width = TypeVar("Width", bound=np.integer[Any])

_ROOM: Final = 1 << 62
#: Numbers are dense where their range holds at most so many times as many.
_DENSE: Final = 8
#: Rows in runs of so many on average are merged rather than sorted: where a few runs are long, that is several times faster.
_RUN: Final = 8


def packed(keys: Keys, most: int = _ROOM) -> list[Ints]:
    """Fewer keys that sort rows as the given ones do, the most significant first; below `most`, where one alone is.

    Examples
    --------
    >>> packed([np.array([1, 1, 0]), np.array([5, 3, 9])])[0].argsort().tolist()
    [2, 1, 0]
    """
    out: list[Ints] = []
    while keys:
        key, count = _leading(keys, most)
        out.append(key)
        keys = keys[count:]
    return out


def _leading(keys: Iterable[NDArray[np.integer[Any]]], most: int) -> tuple[Ints, int]:
    """As many of the first keys as go in one number below `most`, at least one; and how many they are."""
    out, room, count = np.zeros(0, np.int64), most, 0
    for key in keys:
        low = int(key.min(initial=0))
        span = int(key.max(initial=0)) - low + 1
        if count and span > room:
            break
        fine: Ints = np.subtract(key, low, dtype=np.int64) if low else np.asarray(key, np.int64)
        if count:
            out = out * span
            out += fine
        else:
            out = fine
        room //= span
        count += 1
    return out, count


def order_of(keys: Keys, finer: Callable[[Ints], Keys] | None = None) -> Ints:
    """The stable order of rows by keys, the most significant first; `finer` tells more keys of rows that may be alike in these.

    Examples
    --------
    >>> order_of([np.array([1, 0, 1]), np.array([2, 9, 1])]).tolist()
    [1, 2, 0]
    """
    return _ordered(keys, finer=finer)[0]


def grouped(keys: Keys, then: Keys, rows: Ints) -> tuple[Ints, Ints, Ints]:
    """Some rows with those together that are alike in all keys, each group in the order of `then`.

    Returns
    -------
    order, run, heads : arrays
        The places in `rows` in their order, the group of each, and the first place in that order of each group.

    Examples
    --------
    >>> key, then = np.array([9, 5, 3, 5]), np.array([0, 2, 0, 1])
    >>> [found.tolist() for found in grouped([key], [then], np.array([1, 2, 3]))]
    [[1, 2, 0], [0, 1, 1], [0, 1]]
    """
    order, new = _ordered(keys, then, rows)
    return order, np.cumsum(new) - 1, np.flatnonzero(new)


def _ordered(
    keys: Keys, then: Keys = (), rows: Ints | None = None, finer: Callable[[Ints], Keys] | None = None
) -> tuple[Ints, Bools]:
    """The order of rows, and which of them in it differ from the one before in `keys`.

    Few rows are alike in what goes in one number: only of these the other keys are looked at.
    """
    size = (keys[0] if rows is None else rows).size
    own = keys if rows is None else (key[rows] for key in keys)
    first, count = _leading(own, _ROOM >> size.bit_length())  # so that the row fits beside it
    order = _sorted(first)
    first = first[order]
    new = np.ones(order.size, bool)
    new[1:] = first[1:] != first[:-1]
    if count == len(keys) and not then and finer is None:
        return order, new
    tied = ~new
    tied[:-1] |= tied[1:]
    at = np.flatnonzero(tied)
    some = order[at] if rows is None else rows[order[at]]
    more = finer(some) if finer else ()
    told = packed([np.cumsum(new[at]), *(key[some] for key in keys[count:]), *more])
    by = np.lexsort([*packed([key[some] for key in then])[::-1], *told[::-1]])
    order[at] = order[at][by]
    new[at] = True
    new[at[1:]] = np.any([np.diff(key[by]) != 0 for key in told], axis=0)
    return order, new


def _sorted(key: Ints) -> Ints:
    """The stable order of rows by one key; sorting key and row as one number is several times faster."""
    bits = key.size.bit_length()
    breaks = np.count_nonzero(key[1:] < key[:-1])
    if not breaks:
        return np.arange(key.size)
    if int(key.max()) >= _ROOM >> bits:
        return np.argsort(key, kind="stable")
    both = np.left_shift(key, bits)
    both += np.arange(key.size)
    # Runs that are sorted already, such as several tables one after another, are only merged: many times faster.
    both.sort(kind="stable" if breaks < key.size // _RUN else None)
    both &= (1 << bits) - 1
    return both


def numbered(keys: Keys) -> Ints:
    """A number per row, equal where all keys are, in the order of the keys.

    Examples
    --------
    >>> numbered([np.array([7, 3, 7]), np.array([0, 0, 0])]).tolist()
    [1, 0, 1]
    """
    return _placed(packed(keys))[1]


def distinct_rows(keys: Sequence[NDArray[Width]]) -> tuple[tuple[NDArray[Width], ...], Ints]:
    """The distinct rows of some columns in their order, column by column, and the place there of each row.

    Examples
    --------
    >>> rows, place = distinct_rows([np.array([7, 3, 7]), np.array([0, 0, 0])])
    >>> [column.tolist() for column in rows], place.tolist()
    ([[3, 7], [0, 0]], [1, 0, 1])
    """
    heads, place = _placed(packed(keys))
    return tuple(key[heads] for key in keys), place


def _placed(keys: Keys) -> tuple[Ints, Ints]:
    """The first of each distinct row in their order, and the place among these of each row."""
    most = int(keys[0].max(initial=0)) + 1
    if len(keys) == 1 and most <= _DENSE * keys[0].size:  # marking is several times faster than sorting
        there = np.zeros(most, bool)
        there[keys[0]] = True
        place = (np.cumsum(there) - 1)[keys[0]]
        first = np.empty(np.count_nonzero(there), np.int64)
        first[place[::-1]] = np.arange(place.size)[::-1]  # the last written is the first
        return first, place
    order = order_of(keys)
    new = np.zeros(order.size, bool)
    new[:1] = True
    for key in keys:
        new[1:] |= np.diff(key[order]) != 0
    place = np.empty(order.size, np.int64)
    place[order] = np.cumsum(new) - 1
    return order[new], place


def distinct(values: Ints) -> Ints:
    """The distinct values in their order.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    if high - low < _DENSE * values.size:
        there = np.zeros(high - low + 1, bool)
        there[values - low] = True
        return np.flatnonzero(there) + low
    if (np.diff(values) < 0).any():
        values = np.sort(values)
    new = np.ones(values.size, bool)
    new[1:] = values[1:] != values[:-1]
    return values[new]


def places_of(keys: Ints, asked: Ints) -> tuple[Ints, Ints]:
    """Where each asked value stands among sorted keys: from the first place up to, not including, the second.

    Parameters
    ----------
    keys, asked : array
        Numbers, none of them negative.

    Examples
    --------
    >>> [a.tolist() for a in places_of(np.array([2, 2, 5]), np.array([5, 2, 3]))]
    [[2, 0, 2], [3, 2, 2]]
    """
    size = max(int(keys.max(initial=0)), int(asked.max(initial=0))) + 1
    if size > _DENSE * (keys.size + asked.size):
        return np.searchsorted(keys, asked, side="left"), np.searchsorted(keys, asked, side="right")
    count = np.bincount(keys, minlength=size)
    ends = np.cumsum(count)
    high = ends[asked]
    return high - count[asked], high
