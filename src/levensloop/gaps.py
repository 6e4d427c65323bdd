"""Stretches of days that nothing covers: the ground of `Gap` and `OutOfView`.

Source of the definition: design section 6, *Gap*.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from levensloop.arrays import SETTLED, View, among
from levensloop.observing import unobserved
from levensloop.schema import words
from levensloop.sorting import order_of
from levensloop.spans import (
    FAR,
    NO_DAY,
    Bools,
    Covered,
    Ints,
    Spans,
    best,
    between,
    covered,
    days_within,
    first_reaching,
    pack,
    ranges,
    subtract,
    union,
)
from levensloop.waits import ONGOING, Waits

Trailing = Literal["need", "all", "none"]
OUTCOMES: Final = ("unobserved", "waiting", "after_goal", "unexplained")


class Items(NamedTuple):
    """What covers days, in any order, with the group that it counts for; `row` is its row in the events table."""

    group: Ints
    agency: Ints
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints
    reason: Ints
    row: Ints

    def in_order(self) -> "_Line":
        """What is asked of them in the order of their groups, first days and rows."""
        order = order_of([self.group, self.start_min, self.start_max - self.start_min, self.row])
        own = (self.group, self.start_max, self.end_min, self.row)
        if (order[1:] > order[:-1]).all():
            return _Line(order, *own)
        return _Line(order, *(column[order] for column in own))


class _Line(NamedTuple):
    """Items in the order of their groups, first days and rows; `item` is the place of each among the items."""

    item: Ints
    group: Ints
    start_max: Ints
    end_min: Ints
    row: Ints


class Groups(NamedTuple):
    """The youth of each group, and the end of its domain for the latest and the earliest birth."""

    youth: Ints
    end: Ints
    early: Ints


class Needs(NamedTuple):
    """Signals, care starts and waits by group: they tell whether a last stretch leaves a need open; and the days of waiting."""

    signal: tuple[Ints, Ints, Ints]
    care: tuple[Ints, Ints, Ints]
    waits: Waits
    wait_group: Ints
    waited: Spans


@dataclass(frozen=True, slots=True)
class Stretches:
    """What is found: arrays of equal length; `outcome` is an index into `OUTCOMES`, `measures` as in design section 6."""

    group: Ints
    start: Ints
    end: Ints
    days_min: Ints
    days_max: Ints
    certain: Bools
    outcome: Ints
    measures: dict[str, Ints]
    evidence: tuple[Ints, ...]


class _Pieces(NamedTuple):
    """Parts of stretches [a, b) of the domain that nothing surely covers."""

    of: Ints
    start: Ints
    end: Ints
    days_min: Ints
    days_max: Ints
    sure: Bools

    def take(self, rows: Ints | Bools) -> "_Pieces":
        """Some of the parts, in the order of `rows`."""
        return _Pieces(
            self.of[rows],
            self.start[rows],
            self.end[rows],
            self.days_min[rows],
            self.days_max[rows],
            self.sure[rows],
        )


def stretches(
    view: View, items: Items, groups: Groups, needs: Needs, min_days: int, trailing: Trailing
) -> Stretches:
    """The stretches of at least `min_days` in which no item covers a day.

    Parameters
    ----------
    view : View
    items, groups, needs
        What covers, until when to look, and what tells of open need.
    min_days : int
        The least length in days.
    trailing : {"need", "all", "none"}
        Whether a stretch after the last cover counts.

    Returns
    -------
    Stretches
    """
    size, line = groups.youth.size, items.in_order()
    first = best(items.group, items.end_min, size, least=True, empty=FAR)
    inside = np.flatnonzero(groups.end > first)
    domain = Spans(inside, first[inside], groups.end[inside])
    surely = covered(line.group, line.start_max, line.end_min)
    at, a, b, behind = between(domain, surely.spans, max(min_days, 1))
    group = domain.group[at]
    found = _pieces(items, (group, a, b), min_days)
    last = b == groups.end[group]
    sure, may = _open_need(items, needs, size)
    told = {"need": may, "all": np.ones(size, bool), "none": np.zeros(size, bool)}[trailing]
    certainly = sure if trailing == "need" else told
    kept = ~last[found.of] | told[group[found.of]]
    of, start, end, days_min, days_max, base = found.take(kept)
    whose = group[of]
    dark = unobserved(view, items.group, items.agency, groups.youth, domain)
    dark_days = days_within(dark, whose, start, end)
    certain = base & (dark_days == 0) & (end <= groups.early[whose]) & (~last[of] | certainly[whose])
    waiting = days_within(needs.waited, whose, start, end)
    goal, before = _after_goal(items, line, surely, (group, a, behind))
    length = end - start
    outcome = np.where(goal[of], 2, 3)
    outcome[2 * waiting >= length] = 1
    outcome[dark_days == length] = 0
    return Stretches(
        group=whose,
        start=start,
        end=end,
        days_min=days_min,
        days_max=days_max,
        certain=certain,
        outcome=outcome,
        measures={"waiting_days": waiting, "unobserved_days": dark_days},
        evidence=(before[of], _next_row(line, surely, behind[of] + 1, (whose, end))),
    )


def _pieces(items: Items, spans: tuple[Ints, Ints, Ints], min_days: int) -> _Pieces:
    """The sure stretches within each span, else the span itself, and what else may be one.

    Nothing surely covers a day of the spans: what possibly does are rows with days in doubt alone.
    """
    group, a, b = spans
    doubt = _cover_of(items, (items.start_min < items.start_max) | (items.end_min < items.end_max))
    piece, start, end = subtract(group, a, b, doubt)
    if not doubt.group.size:
        return _Pieces(piece, start, end, end - start, end - start, np.ones(piece.size, bool))
    length = end - start
    longest = best(piece, length, group.size, least=False, empty=0)
    sure = length >= min_days
    one, first, last = piece[sure], start[sure], end[sure]
    none = np.flatnonzero(longest < min_days)
    vague = _cover_of(items, items.start_max >= items.end_min)
    more = np.flatnonzero((longest >= min_days) & (days_within(vague, group, a, b) > 0))
    rest, rest_start, rest_end = subtract(more, a[more], b[more], union(one, first, last))
    big = rest_end - rest_start >= min_days
    rest, rest_start, rest_end = more[rest[big]], rest_start[big], rest_end[big]
    of = np.concatenate([one, none, rest])
    out = _Pieces(
        of=of,
        start=np.concatenate([first, a[none], rest_start]),
        end=np.concatenate([last, b[none], rest_end]),
        days_min=np.concatenate([length[sure], longest[none], np.zeros(rest.size, np.int64)]),
        days_max=np.concatenate([(b - a)[one], (b - a)[none], rest_end - rest_start]),
        sure=np.arange(of.size) < one.size,
    )
    return out.take(order_of([of, out.start]))


def _cover_of(items: Items, some: Bools) -> Spans:
    """What some of the items possibly cover."""
    at = np.flatnonzero(some)
    return union(items.group[at], items.start_min[at], items.end_max[at])


def _open_need(items: Items, needs: Needs, size: int) -> tuple[Bools, Bools]:
    """Whether each group surely, and possibly, has a need that its last care left open."""
    sure = np.zeros(size, bool)
    waits = needs.waits
    unclosed = (waits.outcome == ONGOING) & (waits.close_max > waits.open_min)
    surely = unclosed & waits.sure & (waits.close_min > waits.open_max)
    sure[needs.wait_group[surely]] = True
    may = sure.copy()
    may[needs.wait_group[unclosed]] = True
    last_min, last_max = _last(*needs.care, size)
    group, low, high = needs.signal
    sure[group[low > last_max[group]]] = True
    may[group[high > last_min[group]]] = True
    settled = among(items.reason, words("reasons"), SETTLED) | (items.reason < 0)
    good, bad = np.flatnonzero(settled), np.flatnonzero(~settled)
    good_min, good_max = _last(items.group[good], items.end_min[good], items.end_max[good], size)
    bad_min, bad_max = _last(items.group[bad], items.end_min[bad], items.end_max[bad], size)
    left = bad_min != NO_DAY
    sure |= left & (bad_min >= good_max)
    may |= left & (bad_max >= good_min)
    return sure, may | sure


def _last(group: Ints, low: Ints, high: Ints, size: int) -> tuple[Ints, Ints]:
    """The latest of the earliest days of each group, and of the latest; `NO_DAY` where there is none."""
    latest = best(group, low, size, least=False, empty=NO_DAY)
    exact = np.array_equal(low, high)
    return latest, latest if exact else best(group, high, size, least=False, empty=NO_DAY)


def _after_goal(
    items: Items, line: _Line, surely: Covered, stretch: tuple[Ints, Ints, Ints]
) -> tuple[Bools, Ints]:
    """Whether all that ended last before each stretch ended with its goal reached, and a row of it.

    Each begins with its group's least end, or behind a span of sure cover (-1 for none): what ended last before it ended
    on that day.
    """
    group, a, behind = stretch
    reached = items.reason == words("reasons").index("goal_reached")
    goal, row = np.ones(group.size, bool), np.full(group.size, -1, np.int64)
    # Of what surely covers a day, only what lies in the span before can be the last.
    known = np.flatnonzero(behind >= 0)
    span = behind[known]
    of, at = ranges(surely.heads[span], np.append(surely.heads, surely.rows.size)[span + 1])
    last = np.flatnonzero(surely.ends[at] == surely.reach[span][of])
    of, rows = known[of[last]], surely.rows[at[last]]
    np.maximum.at(row, of, line.row[rows])
    goal[of[~reached[line.item[rows]]]] = False
    vague = np.flatnonzero(items.end_min <= items.start_max)
    key, ended = pack(group, a), pack(items.group[vague], items.end_min[vague])
    at = np.searchsorted(key, ended)
    found = np.append(key, -1)[at] == ended
    at, vague = at[found], vague[found]
    goal[at[~reached[vague]]] = False
    np.maximum.at(row, at, items.row[vague])
    return goal & (row >= 0), row


def _next_row(line: _Line, surely: Covered, follows: Ints, stretch: tuple[Ints, Ints]) -> Ints:
    """A row of what comes next after each stretch, or -1; `follows` is the span of sure cover that may begin where it ends."""
    group, end = stretch
    row, rest = np.full(end.size, -1), np.arange(end.size)
    rows, spans = surely.rows, surely.spans
    if rows.size == line.group.size and (rows[1:] > rows[:-1]).all():
        # All in the order of sure first days: the first of such a span is the next.
        inside = np.flatnonzero((follows > 0) & (follows < spans.group.size))
        span = follows[inside]
        at = (spans.start[span] == end[inside]) & (spans.group[span] == group[inside])
        row[inside[at]] = line.row[surely.heads[span[at]]]
        rest = np.flatnonzero(row < 0)
    first = first_reaching(line.group, line.start_max, group[rest], end[rest])
    found = np.flatnonzero(first >= 0)
    row[rest[found]] = line.row[first[found]]
    return row
