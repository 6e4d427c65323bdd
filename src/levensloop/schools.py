"""Changes of school, and school left without a qualification: the ground of `SchoolBreaks`.

Source of the definition: docs/definitions_most.md, *SchoolBreaks*.
"""

from typing import Final, NamedTuple

import numpy as np

from levensloop.arrays import SETTLED, View, birthday
from levensloop.schema import ROLES, vocabulary, words
from levensloop.spans import (
    FAR,
    NO_DAY,
    Bools,
    Ints,
    Spans,
    best,
    days_within,
    first_reaching,
    how_many,
    ranges,
    runs,
    touches,
    union,
)

#: Ages at which, in the year of that birthday, a youth goes from one type of school to the next.
AGES: Final = (4, 5, 12, 13, 16, 17, 18)
#: Birthday up to which leaving school without a qualification counts.
_UNTIL_AGE: Final = 23
#: Days within which another school takes a pupil over, and within which two rows tell of one end.
_TAKEN_OVER, _SAME_END = 90, 31


class Changes(NamedTuple):
    """Irregular changes; `left` and `to` are places among the episodes; each is at least the `number`-th."""

    left: Ints
    to: Ints
    number: Ints
    certain: Bools


class Leavings(NamedTuple):
    """School left without a qualification; `certain` where that holds for all bounds."""

    youth: Ints
    agency: Ints
    sector: Ints
    row: Ints
    low: Ints
    high: Ints
    certain: Bools

    def take(self, rows: Bools) -> "Leavings":
        """Some of them."""
        return Leavings(
            self.youth[rows],
            self.agency[rows],
            self.sector[rows],
            self.row[rows],
            self.low[rows],
            self.high[rows],
            self.certain[rows],
        )


def at_school_or_work(view: View) -> tuple[Ints, Ints]:
    """The episodes at school, and those at school or at work; a benefit is no work."""
    episodes, events = view.episodes, view.events
    school = episodes.role == ROLES.index("school")
    work = np.flatnonzero(episodes.role == ROLES.index("work"))
    kind = events.kind[np.searchsorted(events.row, episodes.start_row[work])] if work.size else work
    work = work[kind == words("kinds").index("work")]
    return np.flatnonzero(school), np.sort(np.concatenate([np.flatnonzero(school), work]))


def qualified(view: View) -> tuple[Ints, Ints]:
    """The earliest and the latest day of each youth's first qualification; `FAR` where there is none."""
    events = view.events
    held = np.flatnonzero(events.kind == words("kinds").index("qualification"))
    youth = events.youth[held]
    return (
        best(youth, events.start_min[held], view.size, least=True, empty=FAR),
        best(youth, events.start_max[held], view.size, least=True, empty=FAR),
    )


def changes(view: View) -> Changes:
    """The changes of school that are possibly no regular ones."""
    episodes = view.episodes
    rows = np.flatnonzero(episodes.role == ROLES.index("school"))
    low, high = _ranks(view, rows)
    to, before = _befores(episodes.youth[rows], low, high)
    ordered = high[before] < low[to]
    agency = episodes.agency[rows]
    order = np.lexsort((before, agency[before], to))
    to, before, ordered = to[order], before[order], ordered[order]
    sure, may = _irregular(view, rows[before], rows[to])
    run, head = runs(to, agency[before])
    only = np.bincount(to[head], minlength=rows.size)[to[head]] == 1
    other = agency[before[head]] != agency[to[head]]
    certain = only & _any(run, ordered, head.size) & ~_any(run, ~sure, head.size)
    keep = np.flatnonzero(other & _any(run, may, head.size))
    to, before, certain = to[head][keep], before[head][keep], certain[keep]
    sure = np.unique(to[certain])
    number = _surely_before(episodes.youth[rows], (sure, np.sort(high[sure])), to, low[to]) + 1
    return Changes(rows[before], rows[to], number, certain)


def _surely_before(youth: Ints, sure: tuple[Ints, Ints], to: Ints, rank: Ints) -> Ints:
    """How many of the certain changes of each youth (places and latest ranks, in order) come before a rank."""
    run, head = runs(youth)
    return np.searchsorted(sure[1], rank) - np.searchsorted(sure[0], head[run][to])


def _any(run: Ints, holds: Bools, size: int) -> Bools:
    """Whether it holds for a row of each run."""
    return np.bincount(run[holds], minlength=size) > 0


def _ranks(view: View, rows: Ints) -> tuple[Ints, Ints]:
    """The earliest and the latest place of each start among all starts, as numbers that one can compare.

    Starts on one known day have the order of their ends, where these are known; an open end comes last.
    """
    episodes = view.episodes
    youth, low, high = episodes.youth[rows], episodes.start_min[rows], episodes.start_max[rows]
    opened, end = episodes.open[rows], episodes.end_min[rows]
    known = (low == high) & (opened | (end == episodes.end_max[rows]))
    place = np.where(opened, FAR, end)
    first, last = np.where(known, place, -FAR), np.where(known, place, 2 * FAR)
    columns = (np.concatenate([first, last]), np.concatenate([low, high]), np.concatenate([youth, youth]))
    order = np.lexsort(columns)
    rank = np.empty(order.size, np.int64)
    rank[order] = runs(*(column[order] for column in columns))[0]
    return rank[: rows.size], rank[rows.size :]


def _befores(youth: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Each start with every one that may be the last before it: no other surely lies between."""
    by_end = np.argsort(high, kind="stable")
    reached = np.maximum.accumulate(low[by_end])
    at = np.searchsorted(high[by_end], low, side="left") - 1
    after = np.where(at >= 0, reached[np.maximum(at, 0)], 0) if low.size else low
    order = np.argsort(low, kind="stable")
    begin = first_reaching(youth[order], high[order], youth, after)
    end = np.searchsorted(low[order], high, side="right")
    to, place = ranges(np.where(begin < 0, end, begin), end)
    before = order[place]
    may = (
        (before != to)
        & (youth[before] == youth[to])
        & (high[before] >= after[to])
        & (high[to] >= low[before])
    )
    return to[may], before[may]


def _irregular(view: View, left: Ints, to: Ints) -> tuple[Bools, Bools]:
    """Whether each change is surely, and possibly, no step to a later type of school at its time."""
    episodes = view.episodes
    stage = _stages(view)
    old, new = stage[episodes.care_type[left]], stage[episodes.care_type[to]]
    typed = (old >= 0) & (new >= 0)
    sure, may = _timely(view, episodes.youth[to], episodes.start_min[to], episodes.start_max[to])
    return np.where(typed, new <= old, ~may), np.where(typed, new <= old, ~sure)


def _stages(view: View) -> Ints:
    """The stage of each care type; -1 where it is no type of school, and for a type that is not known."""
    entries = vocabulary()["school_types"]
    order = list(dict.fromkeys(entry["stage"] for entry in entries.values()))
    known = [order.index(entries[name]["stage"]) if name in entries else -1 for name in view.care_types]
    return np.array([*known, -1], np.int64)


def _timely(view: View, youth: Ints, low: Ints, high: Ints) -> tuple[Bools, Bools]:
    """Whether each day is surely, and possibly, in July to October of a year in which one changes school."""
    first, from_july, _ = _summer(low)
    last, _, to_october = _summer(high)
    born = view.birth_max[youth] != NO_DAY
    birth = [_summer(np.where(born, day[youth], 0))[0] for day in (view.birth_min, view.birth_max)]
    one = first + ~_summer(low)[2]
    other = last - ~_summer(high)[1]
    least, most = one - birth[1], other - birth[0]
    inside = np.isin(np.arange(-1, 131), AGES).cumsum()
    count = inside[np.clip(most, 0, 130) + 1] - inside[np.clip(least - 1, -1, 130) + 1]
    within = one <= other
    may = within & (~born | (count > 0))
    sure = born & from_july & to_october & (first == last) & (count == most - least + 1)
    return sure, may


def _summer(day: Ints) -> tuple[Ints, Bools, Bools]:
    """The year of each day; whether it lies on or after 1 July, and whether on or before 31 October."""
    month = day.astype("M8[D]").astype("M8[M]").astype(np.int64)
    return month // 12, month % 12 >= 6, month % 12 <= 9  # noqa: PLR2004 - July and October


def leavings(view: View) -> tuple[Leavings, Leavings]:
    """Drop-outs and ends that possibly left school without a qualification, before the 23rd birthday.

    An end is left out if each of its days is surely near a drop-out from the same school, or one of the days on
    which that can lie.
    """
    dropout, end = _dropouts(view), _ends(view)
    size = len(view.agencies)
    place, here = dropout.youth * size + dropout.agency, end.youth * size + end.agency
    low, high = dropout.low, dropout.high
    # An end is the day after the last one: of two dates "2008" it may be a day later than the drop-out.
    near = union(place, np.minimum(low, high - _SAME_END), np.maximum(high + 1, low + _SAME_END) + 1)
    around = union(place, low - _SAME_END, high + _SAME_END + 1)
    perhaps = touches(here, end.low, end.high + 1, around)
    same = days_within(near, here, end.low, end.high + 1) == end.high + 1 - end.low
    return dropout, end._replace(certain=end.certain & ~perhaps).take(~same)


def _dropouts(view: View) -> Leavings:
    events = view.events
    at = np.flatnonzero(events.kind == words("kinds").index("dropout"))
    low, high = events.start_min[at], events.start_max[at]
    sure = np.ones(at.size, bool)
    found = Leavings(events.youth[at], events.agency[at], events.sector[at], events.row[at], low, high, sure)
    return _unqualified(view, found)


def _ends(view: View) -> Leavings:
    """Ends at school for a reason that settles nothing, after which no other school takes the pupil over."""
    episodes = view.episodes
    fine = [words("reasons").index(reason) for reason in (*SETTLED, "transferred")]
    school = np.flatnonzero(episodes.role == ROLES.index("school"))
    reason = episodes.reason[school]
    at = school[~episodes.open[school] & (reason >= 0) & ~np.isin(reason, fine)]
    youth, low, high = episodes.youth[at], episodes.end_min[at], episodes.end_max[at]
    group = episodes.youth[school]
    taken = union(group, episodes.start_max[school] - _TAKEN_OVER, episodes.end_min[school])
    perhaps = how_many(
        group, episodes.start_min[school] - _TAKEN_OVER, episodes.end_max[school], Spans(youth, low, high + 1)
    )
    sure = perhaps - (high > low) == 0
    free = days_within(taken, youth, low, high + 1) < high + 1 - low
    found = Leavings(youth, episodes.agency[at], episodes.sector[at], episodes.end_row[at], low, high, sure)
    return _unqualified(view, found.take(free))


def _unqualified(view: View, left: Leavings) -> Leavings:
    """Those without a qualification on or before, and before the birthday up to which it counts."""
    soon, late = (day[left.youth] for day in qualified(view))
    first, last = (birthday(day, _UNTIL_AGE)[left.youth] for day in (view.birth_min, view.birth_max))
    known = last != NO_DAY
    may = (late > left.low) & (~known | (left.low < last))
    sure = left.certain & (soon > left.high) & known & (left.high < first)
    return left._replace(certain=sure).take(may)
