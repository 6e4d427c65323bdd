"""Requests that may still be without an answer on a day: what doubt about days leaves open beside ``waits``.

`waits` pairs each opener with one closer, whatever days both may have. Where days are in doubt, that closer may
have come before the opener, and a later opener may begin a wait of its own: on some days somebody still waits.
"""

from typing import NamedTuple

import numpy as np

from levensloop.arrays import EventColumns, View
from levensloop.schema import words
from levensloop.spans import (
    FAR,
    NO_DAY,
    Bools,
    Ints,
    Spans,
    best,
    days_within,
    first_reaching,
    pack,
    ranges,
    soonest,
    union,
)
from levensloop.waitlines import STARTS, asked, episode_of, of_kinds
from levensloop.waits import unclosed


class Unanswered(NamedTuple):
    """Openers that some days leave without an answer on a point in time; `opener` is a place among the events."""

    opener: Ints
    at: Ints
    line: Ints


class Closers(NamedTuple):
    """What may close a wait, by a group of such, from `first` to `last`.

    Where the opener lies after `over`, this may lie before it and be over.
    """

    group: Ints
    first: Ints
    last: Ints
    over: Ints


def unanswered(view: View, point: Spans, since: int) -> Unanswered:
    """Openers in doubt that may lie at least `since` days before a point, with nothing up to it that closed the wait.

    Parameters
    ----------
    view : View
    point : Spans
        Of each point its youth, and its earliest and latest day; sorted by youth and earliest day.
    since : int

    Returns
    -------
    Unanswered
        Openers on whose line every day is known are left out: there, ``waits`` tells all.
    """
    lines, events = asked(view), view.events
    every, unsure = _closers(view, lines.target, lines.closer_line, lines.closer)
    vague = np.zeros(lines.target.size, bool)
    vague[lines.line[_loose(events)[lines.opener]]] = True
    vague[lines.closer_line[unsure]] = True
    # Answers close the wait of a report alone; all else closes both kinds.
    both = np.concatenate([np.flatnonzero(~lines.answer), np.arange(lines.closer.size)])
    kind = np.repeat([0, 1], [both.size - lines.closer.size, lines.closer.size])
    closers = Closers(2 * every.group[both] + kind, *(column[both] for column in every[1:]))
    pick = vague[lines.line] & ~lines.never
    line, opener = lines.line[pick], lines.opener[pick]
    group = 2 * line + (events.kind[opener] == words("kinds").index("report"))
    low, high = events.start_min[opener], events.start_max[opener]
    latest = best(closers.group, closers.last, 2 * lines.target.size, least=False, empty=NO_DAY)[group]
    stop = np.maximum(latest, unclosed(view, opener))
    youth, first, last = point
    begin = first_reaching(youth, last, events.youth[opener], low + since)
    end = np.searchsorted(pack(youth, first), pack(events.youth[opener], stop), side="left")
    of, at = ranges(np.where(begin < 0, end, begin), end)
    free = left_open(
        closers, Spans(group[of], low[of], high[of]), (first[at], np.minimum(last[at], stop[of] - 1)), since
    )
    return Unanswered(opener[of[free]], at[free], line[of[free]])


def starts_of(view: View, lines: Ints) -> Closers:
    """What starts care that was asked for on some lines."""
    every = asked(view)
    some = np.zeros(every.target.size, bool)
    some[lines] = True
    start = np.flatnonzero(some[every.closer_line] & of_kinds(view.events, STARTS)[every.closer])
    return _closers(view, every.target, every.closer_line[start], every.closer[start])[0]


def left_open(closers: Closers, opener: Spans, point: tuple[Ints, Ints], since: int) -> Bools:
    """Whether an opener may lie at least `since` days before a point, with none of its closers on or after it up to that.

    Parameters
    ----------
    closers : Closers
    opener : Spans
        The group of closers of each opener, and its earliest and latest day.
    point : pair of arrays
        The earliest and the latest day of each point.
    since : int
    """
    (group, low, high), (first, last) = opener, point
    # The opener as late as it may be, and the point as soon after it as may be ...
    after = np.maximum(first, high + since)
    free = (last >= after) & (soonest(closers.group, closers.over, closers.last, group, high) > after)
    # ... or the point among the days of the opener, and the opener just before it.
    first, last = np.maximum(first, low + since), np.minimum(last, high + since - 1) + 1
    shut = union(closers.group, closers.last, closers.over + since + 1)
    return free | ((last > first) & (days_within(shut, group, first, last) < last - first))


def _loose(events: EventColumns) -> Bools:
    """Whether a day of each event is in doubt."""
    return (events.start_min < events.start_max) | (events.end_min < events.end_max)


def _closers(view: View, target: Ints, line: Ints, row: Ints) -> tuple[Closers, Bools]:
    """Closers by their lines, of which the targets are given; and whether a day of each is in doubt."""
    events, episodes = view.events, view.episodes
    # Care by the target that came before an opener must be over by then, or nobody begins to wait.
    care = np.where(events.agency[row] == target[line], episode_of(view)[row], -1)
    over = np.where(care >= 0, np.append(episodes.end_min, FAR)[care] - 1, events.start_min[row])
    unsure = _loose(events)[row] | ((care >= 0) & (over + 1 < np.append(episodes.end_max, FAR)[care]))
    return Closers(line, events.start_min[row], events.start_max[row], over), unsure
