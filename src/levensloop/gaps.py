"""Stretches of days that nothing covers: the ground of `Gap` and `OutOfView`.

Source of the definition: design section 6, *Gap*.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from levensloop.arrays import SETTLED, View, among
from levensloop.observing import unobserved
from levensloop.schema import words
from levensloop.sorting import distinct, order_of
from levensloop.spans import (
    FAR,
    NO_DAY,
    Bools,
    Covered,
    Ints,
    Spans,
    best,
    covered,
    days_within,
    first_reaching,
    pack,
    subtract,
    union,
)
from levensloop.waits import ONGOING, Waits

Trailing = Literal["need", "all", "none"]
OUTCOMES: Final = ("unobserved", "waiting", "after_goal", "unexplained")


class Items(NamedTuple):
    """What covers days, with the group that it counts for; `row` is its row in the events table."""

    group: Ints
    agency: Ints
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints
    reason: Ints
    row: Ints

    def in_order(self) -> "Items":
        """The same, sorted by group, first day and row."""
        order = order_of([self.group, self.start_min, self.start_max, self.row])
        return self if (order[1:] > order[:-1]).all() else Items(*(column[order] for column in self))


class Groups(NamedTuple):
    """The youth of each group, and the end of its domain for the latest and the earliest birth."""

    youth: Ints
    end: Ints
    early: Ints


class Needs(NamedTuple):
    """Signals, care starts and waits by group: they tell whether a last stretch leaves a need open."""

    signal: tuple[Ints, Ints, Ints]
    care: tuple[Ints, Ints, Ints]
    waits: Waits
    wait_group: Ints


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
    size, items = groups.youth.size, items.in_order()
    first = best(items.group, items.end_min, size, least=True, empty=FAR)
    inside = np.flatnonzero(groups.end > first)
    domain = Spans(inside, first[inside], groups.end[inside])
    possible = union(items.group, items.start_min, items.end_max)
    surely = covered(items.group, items.start_max, items.end_min)
    at, a, b = subtract(*domain, surely.spans)
    long = b - a >= min_days
    group, a, b = domain.group[at[long]], a[long], b[long]
    found = _pieces(items, possible, (group, a, b), min_days)
    last = b == groups.end[group]
    sure, may = _open_need(items, needs, size)
    told = {"need": may, "all": np.ones(size, bool), "none": np.zeros(size, bool)}[trailing]
    certainly = sure if trailing == "need" else told
    kept = ~last[found.of] | told[group[found.of]]
    of, start, end, days_min, days_max, base = found.take(kept)
    whose = group[of]
    triples = _distinct(items, groups)
    dark = unobserved(view, *triples, domain)
    dark_days = days_within(dark, whose, start, end)
    certain = base & (dark_days == 0) & (end <= groups.early[whose]) & (~last[of] | certainly[whose])
    waiting = days_within(
        union(needs.wait_group, needs.waits.open_min, needs.waits.close_max), whose, start, end
    )
    goal, before = _after_goal(items, surely, group, a)
    length = end - start
    outcome = np.select([dark_days == length, 2 * waiting >= length, goal[of]], [0, 1, 2], 3)
    return Stretches(
        group=whose,
        start=start,
        end=end,
        days_min=days_min,
        days_max=days_max,
        certain=certain,
        outcome=outcome,
        measures={"waiting_days": waiting, "unobserved_days": dark_days},
        evidence=(before[of], _next_row(items, whose, end)),
    )


def _pieces(items: Items, possible: Spans, spans: tuple[Ints, Ints, Ints], min_days: int) -> _Pieces:
    """The sure stretches within each span, else the span itself, and what else may be one."""
    group, a, b = spans
    piece, start, end = subtract(group, a, b, possible)
    length = end - start
    longest = best(piece, length, group.size, least=False, empty=0)
    sure = length >= min_days
    one, first, last = piece[sure], start[sure], end[sure]
    none = np.flatnonzero(longest < min_days)
    vague = items.start_max >= items.end_min
    doubt = union(items.group[vague], items.start_min[vague], items.end_max[vague])
    more = np.flatnonzero((longest >= min_days) & (days_within(doubt, group, a, b) > 0))
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


def _open_need(items: Items, needs: Needs, size: int) -> tuple[Bools, Bools]:
    """Whether each group surely, and possibly, has a need that its last care left open."""
    sure = np.zeros(size, bool)
    waits = needs.waits
    unclosed = (waits.outcome == ONGOING) & (waits.close_max > waits.open_min)
    surely = unclosed & waits.sure & (waits.close_min > waits.open_max)
    sure[needs.wait_group[surely]] = True
    may = sure.copy()
    may[needs.wait_group[unclosed]] = True
    last_min = best(needs.care[0], needs.care[1], size, least=False, empty=NO_DAY)
    last_max = best(needs.care[0], needs.care[2], size, least=False, empty=NO_DAY)
    group, low, high = needs.signal
    sure[group[low > last_max[group]]] = True
    may[group[high > last_min[group]]] = True
    settled = among(items.reason, words("reasons"), SETTLED) | (items.reason < 0)
    ends: dict[bool, tuple[Ints, Ints]] = {}
    for good in (False, True):
        here = np.flatnonzero(settled == good)
        low = best(items.group[here], items.end_min[here], size, least=False, empty=NO_DAY)
        ends[good] = (low, best(items.group[here], items.end_max[here], size, least=False, empty=NO_DAY))
    bad = ends[False][0] != NO_DAY
    sure |= bad & (ends[False][0] >= ends[True][1])
    may |= bad & (ends[False][1] >= ends[True][0])
    return sure, may | sure


def _distinct(items: Items, groups: Groups) -> tuple[Ints, Ints, Ints]:
    """The agencies that count for each group, and its youth."""
    size = int(items.agency.max(initial=0)) + 1
    pair = distinct(items.group * size + items.agency)
    return pair // size, groups.youth[pair // size], pair % size


def _after_goal(items: Items, surely: Covered, group: Ints, a: Ints) -> tuple[Bools, Ints]:
    """Whether all that ended last before each `a` ended with its goal reached, and a row of it.

    Each `a` is the least end of its group, or that of a span of sure cover: what ended last before it ended on it.
    """
    reached = items.reason == words("reasons").index("goal_reached")
    key = pack(group, a)
    goal, row = np.ones(group.size, bool), np.full(group.size, -1, np.int64)
    # Of what surely covers a day, the span that it lies in tells where it can be the last.
    rows, ends = surely.rows, pack(surely.spans.group, surely.spans.end)
    size = np.diff(np.append(surely.heads, rows.size))
    last = np.flatnonzero(pack(items.group[rows], items.end_min[rows]) == np.repeat(ends, size))
    whole = np.searchsorted(ends, key)
    there = np.minimum(whole, max(ends.size - 1, 0))
    known = ends[there] == key if ends.size else np.zeros(group.size, bool)
    span = np.repeat(np.arange(ends.size), size)[last]
    latest = best(span, items.row[rows[last]], ends.size, least=False, empty=-1)
    all_reached = np.ones(ends.size, bool)
    all_reached[span[~reached[rows[last]]]] = False
    goal[known], row[known] = all_reached[there[known]], latest[there[known]]
    vague = np.flatnonzero(items.end_min <= items.start_max)
    at = np.searchsorted(key, pack(items.group[vague], items.end_min[vague]))
    found = at < key.size
    found[found] = key[at[found]] == pack(items.group[vague], items.end_min[vague])[found]
    at, vague = at[found], vague[found]
    goal[at[~reached[vague]]] = False
    np.maximum.at(row, at, items.row[vague])
    return goal & (row >= 0), row


def _next_row(items: Items, group: Ints, end: Ints) -> Ints:
    """A row of what comes next after each stretch, or -1."""
    found = first_reaching(items.group, items.start_max, group, end)
    return np.where(found >= 0, items.row[found] if items.row.size else -1, -1)
