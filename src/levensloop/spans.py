"""Array kernels on grouped half-open spans of days.

A set of spans is three equally long arrays: `group` (0, 1, 2, ...; a youth, or a youth and a
sector), `start` and `end` (days since 1970-01-01; `end` is the first day after). Kernels never
loop over groups: a group and a day are packed into one 64-bit key, so that one sort or one
search serves all groups at once.
"""

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Days lie far inside +-2**30; the shift keeps a packed day positive.
_SHIFT: Final = 1 << 30
_BITS: Final = 32
#: How many times as many as the keys must be what is looked up, before the keys are looked up there.
_FEW: Final = 1.5
#: Later and earlier than any day; they leave room for adding lengths.
FAR: Final = 1 << 28
#: The day number of "no date" in arrays of days.
NO_DAY: Final = -FAR


class Spans(NamedTuple):
    """Spans sorted by group and start; of a union they are disjoint and do not touch."""

    group: Ints
    start: Ints
    end: Ints


def pack(group: Ints, day: Ints) -> Ints:
    """One sortable key of a group and a day.

    Examples
    --------
    >>> bool(pack(np.array([0]), np.array([5]))[0] < pack(np.array([1]), np.array([-5]))[0])
    True
    """
    key = np.left_shift(group, _BITS, dtype=np.int64)
    key += day
    key += _SHIFT
    return key


class Covered(NamedTuple):
    """A union, the rows that make it in the order of their spans, and the first of these of each span.

    `ends` has the packed group and end of each of the rows, and `reach` of each of the spans.
    """

    spans: Spans
    rows: Ints
    heads: Ints
    ends: Ints
    reach: Ints


def union(group: Ints, start: Ints, end: Ints) -> Spans:
    """The maximal spans covered by any of the given; empty ones cover nothing.

    Abutting spans become one: handed over on the 3rd, received on the 4th leaves no day.

    Examples
    --------
    >>> u = union(np.array([0, 0, 0]), np.array([1, 3, 9]), np.array([3, 5, 10]))
    >>> u.start.tolist(), u.end.tolist()
    ([1, 9], [5, 10])
    """
    return covered(group, start, end).spans


def covered(group: Ints, start: Ints, end: Ints) -> Covered:
    """The union of spans, and which of them make each of its spans.

    Examples
    --------
    >>> found = covered(np.array([0, 0, 0]), np.array([9, 3, 1]), np.array([10, 5, 3]))
    >>> found.rows.tolist(), found.heads.tolist()
    ([2, 1, 0], [0, 2])
    """
    begin, reach = pack(group, start), pack(group, end)
    rows = np.arange(group.size)
    if (reach <= begin).any():
        rows = np.flatnonzero(reach > begin)
        begin, reach = begin[rows], reach[rows]
    if (begin[1:] < begin[:-1]).any():
        order = np.argsort(begin, kind="stable")
        rows, begin, reach = rows[order], begin[order], reach[order]
    ends = reach
    if (reach[1:] < reach[:-1]).any():
        reach = np.maximum.accumulate(reach)
    first = np.ones(rows.size, bool)
    np.greater(begin[1:], reach[:-1], out=first[1:])
    heads = np.flatnonzero(first)
    begin, reach = begin[heads], reach[np.append(heads[1:], rows.size) - 1] if heads.size else reach
    return Covered(Spans(begin >> _BITS, unpack_day(begin), unpack_day(reach)), rows, heads, ends, reach)


def unpack_day(key: Ints) -> Ints:
    """The day of a packed key.

    Examples
    --------
    >>> unpack_day(pack(np.array([7]), np.array([-3]))).tolist()
    [-3]
    """
    day = key & ((1 << _BITS) - 1)
    day -= _SHIFT
    return day


def position(keys: Ints, sought: Ints, side: Literal["left", "right"] = "left") -> Ints:
    """How many of sorted keys are less than each of others; with `side` "right" those that are equal too.

    Fewer keys than there are others, if these are sorted as well, are looked up among them: a search takes ten times
    what it takes to count.

    Examples
    --------
    >>> position(np.array([3]), np.array([1, 3, 9])).tolist(), position(np.array([3]), np.array([1, 3, 9]), "right").tolist()
    ([0, 0, 1], [0, 1, 1])
    """
    if keys.size * _FEW > sought.size or (sought[1:] < sought[:-1]).any():
        return np.searchsorted(keys, sought, side=side)
    at = np.searchsorted(sought, keys, side="right" if side == "left" else "left")
    count = np.bincount(at, minlength=sought.size + 1)[:-1]
    return np.cumsum(count, out=count)


def subtract(group: Ints, start: Ints, end: Ints, cover: Spans) -> tuple[Ints, Ints, Ints]:
    """The pieces of each span that a union does not cover.

    Returns
    -------
    index, start, end : arrays
        `index` says of which given span each piece is; pieces come in order.

    Examples
    --------
    >>> cover = union(np.array([0]), np.array([3]), np.array([5]))
    >>> [a.tolist() for a in subtract(np.array([0]), np.array([0]), np.array([9]), cover)]
    [[0, 0], [0, 5], [3, 9]]
    """
    if not cover.group.size:
        real = np.flatnonzero(end > start)
        return real, start[real], end[real]
    low = position(pack(cover.group, cover.end), pack(group, start), "right")
    high = position(pack(cover.group, cover.start), pack(group, end))
    count = np.where(end > start, np.maximum(high - low, 0) + 1, 0)
    index, at = ranges(low, low + count)
    nth = at - low[index]
    piece_start, piece_end = start[index], end[index]
    inner = np.flatnonzero(nth > 0)
    piece_start[inner] = np.maximum(piece_start[inner], cover.end[at[inner] - 1])
    more = np.flatnonzero(nth < count[index] - 1)
    piece_end[more] = np.minimum(piece_end[more], cover.start[at[more]])
    real = piece_end > piece_start
    return index[real], piece_start[real], piece_end[real]


def between(domain: Spans, cover: Spans, least: int = 1) -> tuple[Ints, Ints, Ints, Ints]:
    """The stretches of a domain, at most one span a group, of at least so many days that a union does not cover.

    Returns
    -------
    index, start, end, behind : arrays
        In order: in which span of the domain each stretch lies, and which span of the union it begins behind; -1 where it
        begins with the domain.

    Examples
    --------
    >>> cover = union(np.array([0, 0]), np.array([3, 8]), np.array([5, 9]))
    >>> domain = Spans(np.array([0, 1]), np.array([0, 2]), np.array([8, 4]))
    >>> [a.tolist() for a in between(domain, cover)]
    [[0, 0, 1], [0, 5, 2], [3, 8, 4], [-1, 0, -1]]
    """
    size = int(max(domain.group.max(initial=-1), cover.group.max(initial=-1))) + 1
    place = np.full(size, -1)
    place[domain.group] = np.arange(domain.group.size)
    head = heads(cover.group)
    ends = np.zeros(cover.group.size, bool)  # the last of each group: nothing follows
    ends[head - 1] = True
    first = np.full(size, FAR)
    first[cover.group[head]] = cover.start[head]
    wide = ends.copy()
    wide[:-1] |= cover.start[1:] - cover.end[:-1] >= least
    after = np.flatnonzero(wide)
    after = after[place[cover.group[after]] >= 0]
    follows = np.append(cover.start[1:], FAR)[after]
    follows[ends[after]] = FAR
    fore = np.flatnonzero(first[domain.group] > domain.start)
    index = np.concatenate([fore, place[cover.group[after]]])
    start = np.concatenate([domain.start[fore], cover.end[after]])
    behind = np.concatenate([np.full(fore.size, -1), after])
    behind[start < domain.start[index]] = -1
    start = np.maximum(start, domain.start[index])
    end = np.concatenate([first[domain.group[fore]], follows])
    end = np.minimum(end, domain.end[index])
    real = np.flatnonzero(end - start >= least)
    if fore.size:
        real = real[np.argsort(pack(index[real], start[real]), kind="stable")]
    return index[real], start[real], end[real], behind[real]


def days_within(cover: Spans, group: Ints, start: Ints, end: Ints) -> Ints:
    """How many days of each [start, end) a union covers.

    Examples
    --------
    >>> cover = union(np.array([0, 0]), np.array([0, 8]), np.array([4, 9]))
    >>> days_within(cover, np.array([0, 1]), np.array([2, 2]), np.array([10, 10])).tolist()
    [3, 0]
    """
    if not cover.group.size:
        return np.zeros(group.size, np.int64)
    total = np.concatenate([[0], np.cumsum(cover.end - cover.start)])
    keys = pack(cover.group, cover.start)
    reach = np.concatenate([[0], pack(cover.group, cover.end)])

    def before(day: Ints) -> Ints:
        key = pack(group, day)
        at = position(keys, key)
        beyond = reach[at]  # of an earlier group it lies before the key
        beyond -= key
        return total[at] - np.maximum(beyond, 0, out=beyond)

    return np.maximum(before(np.maximum(start, end)) - before(start), 0)


def holds(cover: Spans, group: Ints, day: Ints) -> Bools:
    """Whether a union covers a day of each group.

    Examples
    --------
    >>> cover = union(np.array([0]), np.array([3]), np.array([5]))
    >>> holds(cover, np.array([0, 0, 0, 1]), np.array([2, 3, 5, 4])).tolist()
    [False, True, False, False]
    """
    key = pack(group, day)
    reach = np.concatenate([[0], pack(cover.group, cover.end)])
    return reach[position(pack(cover.group, cover.start), key, "right")] > key


def touches(group: Ints, start: Ints, end: Ints, by: Spans) -> Bools:
    """Whether any span of `by` (sorted by start, of any shape) shares a day with each span.

    Examples
    --------
    >>> by = union(np.array([0]), np.array([3]), np.array([5]))
    >>> touches(np.array([0, 0]), np.array([0, 4]), np.array([3, 9]), by).tolist()
    [False, True]
    """
    return days_within(by, group, start, end) > 0


def best(group: Ints, value: Ints, size: int, *, least: bool, empty: int) -> Ints:
    """The least or greatest value of each of `size` groups; `empty` where there is none.

    Examples
    --------
    >>> best(np.array([0, 0, 2]), np.array([4, 3, 1]), 3, least=True, empty=-1).tolist()
    [3, -1, 1]
    """
    extreme, choose = (FAR * 4, np.minimum) if least else (-FAR * 4, np.maximum)
    out = np.full(size, extreme, np.int64)
    if (group[1:] < group[:-1]).any():
        choose.at(out, group, value)
    elif group.size:  # the same at the same cost, but other threads go on meanwhile
        first = heads(group)
        out[group[first]] = choose.reduceat(value, first)
    out[out == extreme] = empty
    return out


def heads(group: Ints) -> Ints:
    """The first row of each group; rows are sorted by group.

    Examples
    --------
    >>> heads(np.array([4, 4, 7])).tolist()
    [0, 2]
    """
    return np.flatnonzero(np.append(True, group[1:] != group[:-1])[: group.size])


def first_reaching(group: Ints, reach: Ints, at_group: Ints, at: Ints) -> Ints:
    """The first row of the same group, in order, whose `reach` is at least `at`.

    Rows are sorted by group; within a group by any order. Returns -1 where there is none.

    Examples
    --------
    >>> group, reach = np.array([0, 0, 1]), np.array([5, 3, 9])
    >>> first_reaching(group, reach, np.array([0, 0, 1]), np.array([4, 6, 6])).tolist()
    [0, -1, 2]
    """
    if not group.size:
        return np.full(at_group.size, -1, np.int64)
    running = pack(group, reach)
    if (running[1:] < running[:-1]).any():
        running = np.maximum.accumulate(running)
    # A later group's first rows may reach less than an earlier group's last: the group part of
    # the key keeps them apart, so one running maximum serves all groups.
    found = position(running, pack(at_group, at))
    inside = np.minimum(found, group.size - 1)
    return np.where((found < group.size) & (group[inside] == at_group), found, -1)


def runs(*keys: NDArray[np.generic]) -> tuple[Ints, Ints]:
    """Number the runs of equal rows of sorted keys.

    Returns
    -------
    run, first : arrays
        The run of each row, and the row at which each run begins.

    Examples
    --------
    >>> [a.tolist() for a in runs(np.array([1, 1, 2]), np.array([5, 6, 6]))]
    [[0, 1, 2], [0, 1, 2]]
    """
    size = keys[0].size
    new = np.zeros(size, bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.cumsum(new) - 1, np.flatnonzero(new)


def how_many(group: Ints, start: Ints, end: Ints, at: Spans) -> Ints:
    """How many of some spans, which may overlap, share a day with each span of `at`.

    Examples
    --------
    >>> zero = np.array([0, 0])
    >>> how_many(zero, np.array([0, 4]), np.array([5, 9]), Spans(zero, zero, np.array([3, 5]))).tolist()
    [1, 2]
    """
    real = end > start
    begun, over = (np.sort(pack(group[real], day[real]), kind="stable") for day in (start, end))
    begun = position(begun, pack(at.group, at.end))
    over = position(over, pack(at.group, at.start), "right")
    return np.where(at.end > at.start, begun - over, 0)


def ranges(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Every whole number of each [low, high), and the range that it comes from.

    Examples
    --------
    >>> [a.tolist() for a in ranges(np.array([3, 7]), np.array([5, 7]))]
    [[0, 0], [3, 4]]
    """
    count = np.maximum(high - low, 0)
    first = np.cumsum(count) - count
    size = int(count.sum())
    # As many ranges as begin at or before a place: `repeat` takes twice as long, and holds back other threads.
    index = np.bincount(first, minlength=size + 1)[:size]
    np.cumsum(index, out=index)
    index -= 1
    at = (low - first)[index]
    at += np.arange(size)
    return index, at


def depth(group: Ints, start: Ints, end: Ints) -> tuple[Spans, Ints]:
    """On which days how many of some spans, which may overlap, lie on each other.

    Returns
    -------
    steps, count : Spans, array
        Spans of days with one and the same number, where it is not 0; steps may touch.

    Examples
    --------
    >>> zero = np.array([0, 0])
    >>> steps, count = depth(zero, np.array([0, 4]), np.array([5, 9]))
    >>> steps.start.tolist(), steps.end.tolist(), count.tolist()
    ([0, 4, 5], [4, 5, 9], [1, 2, 1])
    """
    real = end > start
    day = np.concatenate([pack(group[real], start[real]), pack(group[real], end[real])])
    step = np.where(np.arange(day.size) < day.size // 2, 1, -1)
    order = np.argsort(day, kind="stable")
    run, first = runs(day[order])
    count = np.cumsum(np.bincount(run, step[order], first.size).astype(np.int64))
    at = day[order][first]
    inside = np.flatnonzero(count > 0)
    steps = Spans(at[inside] >> _BITS, unpack_day(at[inside]), unpack_day(at[inside + 1]))
    return steps, count[inside]


def joined(group: Ints, start: Ints, end: Ints, min_days: int) -> Spans:
    """Episodes by a gap rule: what fewer than `min_days` free days part becomes one.

    Days are counted strictly between: from the first day after one (`end`, exclusive) up to the
    first day of the next (`start`, inclusive). Abutting spans leave 0 days and always become one.
    A rule "more than 7 days later", which compares two dates, leaves at least 7 free days between:
    ``min_days=7``. A `Gap` of the same `min_days` lies exactly between two such episodes.

    Examples
    --------
    1 and 4 May have 2 free days between them, 1 and 9 May have 7.

    >>> day = np.array([1, 4, 20, 28])
    >>> made = joined(np.array([0, 0, 1, 1]), day, day + 1, 7)
    >>> made.start.tolist(), made.end.tolist()
    ([1, 20, 28], [5, 21, 29])
    """
    wide = union(group, start, end + np.where(end > start, min_days - 1, 0))
    return Spans(wide.group, wide.start, wide.end - (min_days - 1))


def without(cover: Spans, days: Spans) -> Spans:
    """What is left of a union when the days of another are taken out.

    Examples
    --------
    >>> zero = np.array([0])
    >>> left = without(union(zero, zero, zero + 9), union(zero, zero + 3, zero + 5))
    >>> left.start.tolist(), left.end.tolist()
    ([0, 5], [3, 9])
    """
    index, start, end = subtract(*cover, days)
    return Spans(cover.group[index], start, end)


def side_by_side(index: Ints, value: Ints, size: int, most: int) -> tuple[Ints, ...]:
    """The first `most` values of each of `size` rows as columns; -1 where a row has no more.

    Parameters
    ----------
    index, value : array
        Values in order, and the row of each; rows ascend.
    size, most : int

    Examples
    --------
    >>> [c.tolist() for c in side_by_side(np.array([0, 0, 2]), np.array([7, 8, 9]), 3, 2)]
    [[7, -1, 9], [8, -1, -1]]
    """
    head = np.searchsorted(index, np.arange(size))
    nth = np.arange(index.size) - head[index]
    out = np.full((most, size), -1, np.int64)
    near = nth < most
    out[nth[near], index[near]] = value[near]
    return tuple(out)


def distinct(*columns: NDArray[np.generic]) -> Ints:
    """The first of rows that are alike, in the order of the rows.

    Examples
    --------
    >>> distinct(np.array([1, 2, 1]), np.array([5, 5, 5])).tolist()
    [0, 1]
    """
    order = np.argsort(columns[0], kind="stable") if len(columns) == 1 else np.lexsort(columns)
    return np.sort(order[runs(*(column[order] for column in columns))[1]])


def soonest(group: Ints, reach: Ints, value: Ints, at_group: Ints, at: Ints) -> Ints:
    """The least `value` among the rows of a group whose `reach` is at least `at`; `FAR` where there is none.

    Examples
    --------
    >>> zero = np.array([0, 0])
    >>> soonest(zero, np.array([5, 9]), np.array([3, 4]), zero, np.array([2, 6])).tolist()
    [3, 4]
    """
    key, least = pack(group, reach), pack(group, value)
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        group, key, least = group[order], key[order], least[order]
    if (least[1:] < least[:-1]).any():
        least = np.minimum.accumulate(least[::-1])[::-1]
    found = position(key, pack(at_group, at))
    known = found < key.size
    known[known] = group[found[known]] == at_group[known]
    out = np.full(at.size, FAR)
    out[known] = unpack_day(least[found[known]])
    return out
