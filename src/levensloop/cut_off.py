"""What was asked for near an age limit and had not begun before it, and which limit is the next.

Source of the definition: design section 6, *AgeLimit*.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from levensloop.ages import add_months
from levensloop.arrays import View
from levensloop.limits import Limit, spoken_of
from levensloop.schema import words
from levensloop.spans import FAR, NO_DAY, Bools, Ints, Spans, best, pack, runs, soonest
from levensloop.unanswered import Closers, left_open, starts_of
from levensloop.waitlines import asked
from levensloop.waits import ONGOING, unclosed, waits


class _Asks(NamedTuple):
    """What was asked for, reports left out, by line and order; each with the wait that it begins or joins, if any.

    `sure` is whether it surely does. `closed` is whether something may have closed that wait, and `settled` whether that is
    sure and lies on or after what was asked; else `stop` is by when one stops looking.
    """

    line: Ints
    opener: Ints
    wait: Ints
    sector: Ints
    care_type: Ints
    sure: Bools
    closed: Bools
    settled: Bools
    stop: Ints


class CutOff(NamedTuple):
    """What a limit cut off; `limit` is its place among the limits, `opener` the place of the first of the wait that counts.

    `wait` is a place among the waits, -1 for none.
    """

    limit: Ints
    opener: Ints
    wait: Ints
    target: Ints
    sector: Ints
    sure: Bools
    high: Ints
    first: Ints
    last: Ints


def cut_off(view: View, limits: list[Limit]) -> CutOff:
    """What was asked for in the year before each limit and had not begun before it.

    Parameters
    ----------
    view : View
    limits : list of Limit

    Returns
    -------
    CutOff
        One for each limit and wait: from the first that may have been asked in that year; `high` is its latest day, and
        the cut-off lies from `first` to `last`.
    """
    lines, years = asked(view), [_Year.of(limit) for limit in limits]
    asks = _asks(view, years)
    starts = starts_of(view, asks.line)
    parts = [np.zeros((6, 0), np.int64)]
    for place, (limit, spoken) in enumerate(spoken_of(view, limits, asks.sector, asks.care_type)):
        rows, within, sure = _near(view, years[place], (asks, spoken), starts)
        # One wait is told once, however often one asked again: from the first that lies in the year.
        wait, last = asks.wait[rows], view.events.start_max[asks.opener[rows]]
        run, head = runs(np.where(wait >= 0, wait, -1 - asks.opener[rows]))
        forced = best(run[within], last[within], head.size, least=True, empty=FAR)
        high = np.where(forced < FAR, forced, best(run, last, head.size, least=False, empty=FAR))
        certain = np.bincount(run[sure], minlength=head.size) > 0
        youth = view.events.youth[asks.opener[rows[head]]]
        days = (high, limit.first[youth], limit.last[youth])
        parts.append(np.stack([np.full(head.size, place), rows[head], certain, *days]))
    limit, rows, sure, *days = np.concatenate(parts, axis=1)
    target = lines.target[asks.line[rows]]
    return CutOff(limit, asks.opener[rows], asks.wait[rows], target, asks.sector[rows], sure > 0, *days)


class Ahead(NamedTuple):
    """The limit that may be the next after a day, `at` which; -1 where there may be none, and then `first` is the day."""

    at: Ints
    limit: Ints
    certain: Bools
    first: Ints
    last: Ints


def ahead_of(limits: list[Limit], day: Spans, spoken: Iterable[Ints]) -> Ahead:
    """Each limit that may be the first after each of some days.

    Parameters
    ----------
    limits : list of Limit
    day : Spans
        Of each day the youth, and its earliest and latest; in any order.
    spoken : iterable of arrays
        For each limit the days at which it speaks.
    """
    youth, low, high = day
    size = (len(limits) + 1, youth.size)
    first, last, sure, may = (
        np.zeros(size, np.int64),
        np.full(size, -FAR),
        np.zeros(size, bool),
        np.zeros(size, bool),
    )
    for place, (limit, rows) in enumerate(zip(limits, spoken, strict=True)):
        own = youth[rows]
        first[place, rows], last[place, rows] = limit.first[own], limit.last[own]
        sure[place, rows], may[place, rows] = limit.sure[own], limit.possible[own]
    may &= last > low
    # In each life all cut-offs hang on one birth: one that surely is in force and ahead goes before all that lie later.
    ahead = sure & (first > high)
    for place in range(len(limits)):
        same = (first == first[place]) & (last == last[place])
        earlier = (first <= first[place]) & (last <= last[place]) & ~same
        earlier[:place] |= same[:place]
        may[place] &= ~(ahead & earlier).any(axis=0)
    may[-1] = ~ahead.any(axis=0)
    first[-1], last[-1] = high, high + 1
    limit, at = np.nonzero(may)
    none = limit == len(limits)
    certain = (may.sum(axis=0) == 1)[at] & (none | ahead[limit, at])
    return Ahead(at, np.where(none, -1, limit), certain, first[limit, at], last[limit, at])


class _Year(NamedTuple):
    """A limit, and the first day of the year before it for each youth: the earliest and the latest."""

    limit: Limit
    first: Ints
    last: Ints

    @classmethod
    def of(cls, limit: Limit) -> "_Year":
        """The year before a limit."""
        return cls(limit, add_months(limit.first, -12), add_months(limit.last, -12))

    def may(self, view: View, opener: Ints) -> Bools:
        """Whether something may have been asked for in the year, and the limit was looked at."""
        events, limit = view.events, self.limit
        youth = events.youth[opener]
        looked = limit.possible & (view.until >= limit.first)
        may = looked[youth] & (events.start_min[opener] < limit.last[youth])
        return may & (events.start_max[opener] >= self.first[youth])


def _near(view: View, year: _Year, some: tuple[_Asks, Ints], starts: Closers) -> tuple[Ints, Bools, Bools]:
    """Which of what was asked for a limit may have cut off, and whether that surely was in its year, and surely did."""
    events, limit, (asks, rows) = view.events, year.limit, some
    rows = rows[year.may(view, asks.opener[rows])]
    youth, low, high = (day[asks.opener[rows]] for day in (events.youth, events.start_min, events.start_max))
    first, last = limit.first[youth], limit.last[youth]
    within = limit.sure[youth] & (low >= year.last[youth]) & (high < first) & (view.until[youth] >= last)
    within &= asks.sure[rows]
    line, stop = asks.line[rows], asks.stop[rows]
    begun = best(starts.group, starts.last, asked(view).target.size, least=False, empty=-1)[line]
    may = asks.closed[rows] | (stop >= first) | (begun >= first)
    may &= left_open(starts, Spans(line, low, high), (first - 1, last - 1), since=0)
    sure = within & (asks.settled[rows] | (stop >= last))
    sure &= soonest(starts.group, starts.last, starts.first, line, low) >= last
    return rows[may], within[may], sure[may]


def _asks(view: View, years: Sequence[_Year]) -> _Asks:
    """What may have been asked for in one of some years, but where care had surely begun already."""
    events, pairs, lines = view.events, waits(view), asked(view)
    row = np.flatnonzero(~lines.never & (events.kind[lines.opener] != words("kinds").index("report")))
    near = np.zeros(row.size, bool)
    for year in years:
        near |= year.may(view, lines.opener[row])
    row = row[near]
    line, opener = lines.line[row], lines.opener[row]
    line_of = np.full(events.row.size, -1)
    line_of[lines.opener] = lines.line
    began = pack(line_of[pairs.opener], pairs.opener)
    at = np.searchsorted(began, pack(line, opener), side="right") - 1
    own = (at >= 0) & (np.append(line_of[pairs.opener], -1)[at] == line)
    wait = np.where(own, at, -1)
    closer = np.append(pairs.closer, -1)[wait]
    closing = np.append(events.agency, -1)[closer] == lines.target[line]
    usual = view.agency_sector[lines.target[line]]
    usual = np.where(usual >= 0, usual, events.sector[opener])
    care_type = events.care_type[opener]
    until = np.append(pairs.close_min, 0)[wait]
    closed = np.append(pairs.outcome, ONGOING)[wait] != ONGOING
    return _Asks(
        line=line,
        opener=opener,
        wait=wait,
        sector=np.where(closing, np.append(events.sector, -1)[closer], usual),
        care_type=np.where(care_type < 0, np.append(events.care_type, -1)[closer], care_type),
        sure=np.append(pairs.sure, False)[wait] & ~lines.doubt[row] & ~lines.covered[row],
        closed=closed | (events.end_max[opener] != NO_DAY),
        settled=closed & (until >= events.start_max[opener]),
        stop=np.where(own & ~closed, until, unclosed(view, opener)),
    )
