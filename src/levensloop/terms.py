"""Which rule speaks of which wait, and how many days it gives: array code for `rulebooks`.

There is a loop over the few rules and over the distinct pairs of a sector and a care type, never
over waits.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from levensloop import ages
from levensloop.calendars import Calendar
from levensloop.rule import Rule
from levensloop.spans import NO_DAY, Bools, Ints

#: Codes (-1 for unknown) and the names that they stand for.
Coded = tuple[Ints, Sequence[str]]


class Terms(NamedTuple):
    """For each wait the place of its rule in the rulebook (-1: no rule) and its term in days (-1)."""

    rule: Ints
    days: Ints


class Matter(NamedTuple):
    """What rows are about: their sectors and care types."""

    sector: Coded
    care_type: Coded

    def pair(self) -> Ints:
        """The place of each row in a flat table of sectors by care types, unknown being the last of either."""
        width = len(self.care_type[1]) + 1
        return (self.sector[0] % (len(self.sector[1]) + 1)) * width + self.care_type[0] % width

    def covered_by(self, rules: Sequence[Rule]) -> NDArray[np.bool_]:
        """For each rule and each pair, whether the rule speaks of it."""
        pairs = [(one, other) for one in (*self.sector[1], None) for other in (*self.care_type[1], None)]
        spoken = [[rule.covers(one, other) for one, other in pairs] for rule in rules]
        return np.array(spoken, np.bool_).reshape(len(rules), len(pairs))


def covers(rule: Rule, matter: Matter) -> Bools:
    """Whether `rule` speaks of each row."""
    return matter.covered_by([rule]).ravel()[matter.pair()]


def norms(rules: Sequence[Rule], calendar: Calendar, matter: Matter, segment: Coded, start: Ints) -> Terms:
    """The norm on waiting for each wait, in force on its first day; a named care type goes first."""
    order = [at for at, rule in enumerate(rules) if rule.segment is not None]
    order.sort(key=lambda at: bool(rules[at].care_types))
    codes, names = segment
    out = _nothing(start.size)
    for at, near in _candidates(rules, order, matter):
        rule = rules[at]
        same = np.array([*(name == rule.segment for name in names), False])
        rows = near[same[codes[near]] & ages.in_force(rule, start[near])]
        if not rows.size:
            continue
        length = ages.term(rule, start[rows], calendar)
        rows, length = rows[length >= 0], length[length >= 0]
        out.rule[rows] = at
        out.days[rows] = length
    return out


def lengths(rules: Sequence[Rule], calendar: Calendar, which: Ints, start: Ints) -> Ints:
    """The terms of some rules, one for each first day; -1 where there is no rule.

    Terms in months or in working days differ with the day on which they begin.
    """
    out = np.full(start.shape, -1, np.int64)
    for at in np.unique(which[which >= 0]).tolist():
        rows = np.flatnonzero(which == at)
        out[rows] = ages.term(rules[at], start[rows], calendar)
    return out


def imposed(
    rules: Sequence[Rule], calendar: Calendar, matter: Matter, start: Ints, birth: Ints | None
) -> Terms:
    """The least wait that the law itself imposes from the first day of each wait; the longest holds."""
    order = [at for at, rule in enumerate(rules) if rule.statutory]
    born = np.full(start.shape, NO_DAY, np.int64) if birth is None else birth
    out = _nothing(start.size)
    for at, near in _candidates(rules, order, matter):
        rule = rules[at]
        rows = near[ages.in_force(rule, start[near])]
        rows = rows[~ages.spared(rule.transitions, (born[rows], born[rows]))[1]]
        if rule.below_age is not None:
            limit = ages.add_months(born[rows], 12 * rule.below_age)
            rows = rows[(limit != NO_DAY) & (start[rows] < limit)]
        if rule.cutoff is None:
            length = ages.term(rule, start[rows], calendar)
        else:
            length = ages.cutoff(rule, born[rows], calendar) - start[rows]
        more = length > np.maximum(out.days[rows], 0)
        out.rule[rows[more]] = at
        out.days[rows[more]] = length[more]
    return out


def _candidates(rules: Sequence[Rule], order: list[int], matter: Matter) -> Iterator[tuple[int, Ints]]:
    """The rows of which each of some rules speaks, by sector and care type alone.

    Tables over the few distinct pairs keep this at one gather over all rows; after it each rule
    looks only at rows of which at least one of them speaks.
    """
    tables = matter.covered_by([rules[at] for at in order])
    pair = matter.pair()
    rows = np.flatnonzero(np.logical_or.reduce(tables)[pair])
    pair = pair[rows]
    for at, table in zip(order, tables, strict=True):
        yield at, rows[table[pair]]


def _nothing(size: int) -> Terms:
    return Terms(np.full(size, -1, np.int64), np.full(size, -1, np.int64))
