"""Wait openers paired with what closes them: the ground of several detectors.

Source of the definition: design section 6, *Waiting*.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from levensloop.arrays import View
from levensloop.schema import words
from levensloop.spans import FAR, NO_DAY, Bools, Ints, Spans, heads, pack, union
from levensloop.waitlines import (
    ANSWERS,
    Lines,
    episode_of,
    first_closer,
    lines_of,
    of_kinds,
    reaching,
    target_of,
    without,
)

OUTCOMES: Final = ("started", "refused", "ended", "ongoing")
STARTED, REFUSED, ENDED, ONGOING = range(4)


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits in the order of their openers; `opener`, `closer` and `intake` are places in ``view.events``.

    A wait lasts [`open_min`, `close_max`) at most; `sure` is false where it leans on an order of
    days that is itself uncertain. `closer` is -1 where nothing closed it, and `intake` where no
    intake by the target came in between (the answer to a report ends the wait; it divides none).
    """

    youth: Ints
    target: Ints
    opener: Ints
    closer: Ints
    intake: Ints
    outcome: Ints
    open_min: Ints
    open_max: Ints
    close_min: Ints
    close_max: Ints
    sure: Bools
    sector: Ints
    care_type: Ints
    answered: Bools


def waits(view: View) -> Waits:
    """Every wait of a cohort, as ``Waiting(min_days=1)`` pairs them.

    Parameters
    ----------
    view : View

    Returns
    -------
    Waits
        Also waits of no days; detectors choose.
    """
    return view.once(_waits)


def waited(view: View) -> Spans:
    """The days on which each youth may have waited."""
    return view.once(_waited)


def _waited(view: View) -> Spans:
    every = waits(view)
    return union(every.youth, every.open_min, every.close_max)


def _waits(view: View) -> Waits:
    events = view.events
    lines = lines_of(view)
    close = first_closer(events, lines)
    begins, again, before = _begin(view, lines, close)
    close[again] = first_closer(events, without(lines, again, close[before]))
    begins = np.sort(np.concatenate([begins, again]))
    doubt = lines.doubt.copy()
    doubt[again] = True
    opener, closer = lines.opener[begins], close[begins]
    close_min, close_max, outcome = _close(view, opener, closer)
    intakes = np.flatnonzero(events.kind[lines.closer] == words("kinds").index("intake"))
    openers = (lines.line[begins], opener)
    intake = reaching(events, (lines.closer_line[intakes], lines.closer[intakes]), openers)
    between = (intake >= 0) & ~(of_kinds(events, ANSWERS)[closer] & (closer >= 0))
    # A day that closes a wait is in it; the end of a window, or of an opener, is the day after it.
    between[between] = events.start_min[intake[between]] < (close_max + (closer >= 0))[between]
    intake = np.where(between, intake, -1)
    ordered = (closer < 0) | (events.start_min[closer] >= events.start_min[opener])
    target = target_of(events, opener)
    own = (closer >= 0) & (events.agency[closer] == target)
    usual = view.agency_sector[target]
    sector = np.where(own, events.sector[closer], np.where(usual >= 0, usual, events.sector[opener]))
    care_type = events.care_type[opener]
    return Waits(
        youth=events.youth[opener],
        target=target,
        opener=opener,
        closer=closer,
        intake=intake,
        outcome=outcome,
        open_min=events.start_min[opener],
        open_max=events.start_max[opener],
        close_min=close_min,
        close_max=close_max,
        sure=ordered & ~doubt[begins],
        sector=sector,
        care_type=np.where((care_type < 0) & (closer >= 0), events.care_type[closer], care_type),
        answered=(closer >= 0) & of_kinds(events, ANSWERS)[closer],
    )


def _close(view: View, opener: Ints, closer: Ints) -> tuple[Ints, Ints, Ints]:
    """When each wait closes, and how."""
    events = view.events
    youth, target = events.youth[opener], target_of(events, opener)
    stop = view.window_end()[target] if len(view.agencies) else np.zeros(0, np.int64)
    until = view.until[youth]
    stop = np.where(stop == NO_DAY, until, np.where(view.departed[youth], np.minimum(stop, until), stop))
    low, high, outcome = stop, stop.copy(), np.full(opener.size, ONGOING)
    ended = np.flatnonzero(events.end_max[opener] != NO_DAY)
    low[ended], high[ended] = events.end_min[opener[ended]], events.end_max[opener[ended]]
    outcome[ended] = ENDED
    closed = np.flatnonzero(closer >= 0)
    row = closer[closed]
    low[closed], high[closed] = events.start_min[row], events.start_max[row]
    refused = events.kind[row] == words("kinds").index("refusal")
    outcome[closed] = np.where(refused, REFUSED, STARTED)
    return low, high, outcome


def unclosed(view: View, opener: Ints) -> Ints:
    """By when a wait is over that nothing closed: at the opener's own end, else where one stops looking."""
    return _close(view, opener, np.full(opener.size, -1))[1]


def _begin(view: View, lines: Lines, close: Ints) -> tuple[Ints, Ints, Ints]:
    """The openers that begin a wait, those that begin one if the wait before had closed by then, and that wait.

    The first of each line begins one, and then the first that surely comes after each wait. The loop runs as
    often as the line with the most waits has waits.
    """
    line, size = lines.line, lines.line.size
    may, sure = _after(view, lines, close)
    at = heads(line)
    begins: list[Ints] = [at]
    while at.size:
        inside = at[sure[at] < size]
        at = sure[inside]
        at = at[line[at] == line[inside]]
        begins.append(at)
    found = np.concatenate(begins)
    before = found[may[found] < sure[found]]
    before = before[line[may[before]] == line[before]]
    return found, may[before], before


def _after(view: View, lines: Lines, close: Ints) -> tuple[Ints, Ints]:
    """The first opener that may come after the wait of each opener, and the first that surely does.

    Where the closer started what surely lasts till then, an opener that came before it joined the wait and one that
    came after it begins none.
    """
    events, closed = view.events, close >= 0
    low, high, outcome = _close(view, lines.opener, close)
    start = pack(lines.line, events.start_min[lines.opener])

    def first_on(some: Ints, day: Ints) -> Ints:
        return np.searchsorted(start, pack(lines.line[some], day), side="left")

    may = np.searchsorted(pack(lines.line, lines.opener), pack(lines.line, close), side="right")
    left = np.flatnonzero(~closed)
    may[left] = first_on(left, np.where(outcome == ONGOING, FAR, low)[left])
    may = np.maximum(may, np.arange(close.size) + 1)
    sure = may.copy()
    vague = np.flatnonzero(low < high)
    # A day that closes a wait is in it; an end is the day after it.
    sure[vague] = np.maximum(may[vague], first_on(vague, (high + closed)[vague]))
    own = np.flatnonzero(closed)
    own = own[events.agency[close[own]] == target_of(events, lines.opener[own])]
    held = _held(view)[close[own]]
    later = held > low[own]
    own, held = own[later], held[later]
    may[own] = np.maximum(may[own], first_on(own, held))
    return may, sure


def _held(view: View) -> Ints:
    """For each event, and for none, the first day on which what it started may have ended; `NO_DAY` if it started nothing."""
    end = np.append(view.episodes.end_min, NO_DAY)
    return end[np.append(episode_of(view), -1)]
