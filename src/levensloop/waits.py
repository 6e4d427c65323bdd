"""Wait openers paired with what closes them: the ground of several detectors.

Source of the definition: design section 6, *Waiting*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from levensloop.arrays import EventColumns, View, among
from levensloop.schema import ROLES, kinds_of, words
from levensloop.sorting import distinct_rows
from levensloop.spans import FAR, NO_DAY, Bools, Ints, days_within, first_reaching, pack, ranges, union

OUTCOMES: Final = ("started", "refused", "ended", "ongoing")
STARTED, REFUSED, ENDED, ONGOING = range(4)
#: Kinds that start an episode by which a wait can end.
STARTS: Final = ("care", "care_start", "school", "school_start", "work", "benefit")
#: Kinds that answer a report, though they start nothing.
ANSWERS: Final = ("contact", "intake", "assessment")


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


@dataclass(frozen=True, slots=True)
class _Lines:
    """Openers and what may close them, by line: a youth, a target and, where given, a care reference."""

    line: Ints
    opener: Ints
    doubt: Bools
    closer_line: Ints
    closer: Ints
    answer: Bools


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


def _waits(view: View) -> Waits:
    events = view.events
    lines = _lines(view)
    report = events.kind[lines.opener] == words("kinds").index("report")
    plain = ~lines.answer
    close = np.where(report, _first(events, lines, lines.answer | plain), _first(events, lines, plain))
    close_min, close_max, outcome = _close(view, lines.opener, close)
    intake = _first(events, lines, _is(events, ("intake",))[lines.closer])
    between = (intake >= 0) & ~(_is(events, ANSWERS)[close] & (close >= 0))
    # A day that closes a wait is in it; the end of a window, or of an opener, is the day after it.
    between[between] = events.start_min[intake[between]] < (close_max + (close >= 0))[between]
    last_open = np.where(outcome == ONGOING, FAR, np.where(outcome == ENDED, close_max - 1, close_max))
    begins = _begin(lines.line, events.start_min[lines.opener], last_open)
    opener, closer = lines.opener[begins], close[begins]
    close_min, close_max, outcome = close_min[begins], close_max[begins], outcome[begins]
    intake = np.where(between, intake, -1)[begins]
    ordered = (closer < 0) | (events.start_min[closer] >= events.start_min[opener])
    target = _target(events)[opener]
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
        sure=ordered & ~lines.doubt[begins],
        sector=sector,
        care_type=np.where((care_type < 0) & (closer >= 0), events.care_type[closer], care_type),
        answered=(closer >= 0) & _is(events, ANSWERS)[closer],
    )


def _is(events: EventColumns, kinds: tuple[str, ...]) -> Bools:
    return among(events.kind, words("kinds"), kinds)


def _target(events: EventColumns) -> Ints:
    return np.where(events.to_agency >= 0, events.to_agency, events.agency)


def _lines(view: View) -> _Lines:
    """The openers that may begin a wait, line by line in order, and the closers of each line."""
    events = view.events
    opener = np.flatnonzero(_is(events, kinds_of("wait")))
    keys, line = distinct_rows([events.youth[opener], _target(events)[opener], events.care_id[opener]])
    covered, doubt = _covered(view, keys, line, opener)
    order = np.argsort(pack(line, opener), kind="stable")
    order = order[~covered[order]]
    start, answer = _is(events, STARTS), _is(events, ANSWERS)
    refusal = _is(events, ("refusal",))
    closer = np.flatnonzero(start | refusal | answer)
    found: list[tuple[Ints, Ints]] = []
    plain, full = np.flatnonzero(keys[2] < 0), np.flatnonzero(keys[2] >= 0)
    own = [events.youth[closer], events.agency[closer]]
    found.append(_join([key[plain] for key in keys[:2]], plain, own, closer))
    if full.size:
        bound = [key[full] for key in keys]
        care_id = _care_id(view)
        starts = closer[start[closer] & (care_id[closer] >= 0)]
        found.append(_join([bound[0], bound[2]], full, [events.youth[starts], care_id[starts]], starts))
        rest = closer[~start[closer] & (events.care_id[closer] >= 0)]
        found.append(
            _join(bound, full, [events.youth[rest], events.agency[rest], events.care_id[rest]], rest)
        )
    closer_line = np.concatenate([pair[0] for pair in found])
    closer = np.concatenate([pair[1] for pair in found])
    by_line = np.argsort(pack(closer_line, closer), kind="stable")
    closer = closer[by_line]
    return _Lines(line[order], opener[order], doubt[order], closer_line[by_line], closer, answer[closer])


def _care_id(view: View) -> Ints:
    """The care reference of each event; that of its episode where only the end gives one."""
    events, episodes = view.events, view.episodes
    care_id = events.care_id.copy()
    begun = np.flatnonzero(episodes.start_row >= 0)
    care_id[np.searchsorted(events.row, episodes.start_row[begun])] = episodes.care_id[begun]
    return care_id


def _join(keys: Sequence[Ints], lines: Ints, columns: Sequence[Ints], rows: Ints) -> tuple[Ints, Ints]:
    """Every line with every row that has its key; keys may stand in several lines, and none is negative."""
    line_key, row_key = keys[0], columns[0]
    for of_line, of_row in zip(keys[1:], columns[1:], strict=True):
        size = max(int(of_line.max(initial=0)), int(of_row.max(initial=0))) + 2
        line_key, row_key = line_key * size + of_line, row_key * size + of_row % size
    order = np.argsort(line_key, kind="stable")
    line_key = line_key[order]
    low = np.searchsorted(line_key, row_key, side="left")
    there = np.flatnonzero(np.append(line_key, -1)[low] == row_key)
    low = low[there]
    row, at = ranges(low, np.searchsorted(line_key, row_key[there], side="right"))
    return lines[order[at]], rows[there[row]]


def _covered(view: View, keys: tuple[Ints, ...], line: Ints, opener: Ints) -> tuple[Bools, Bools]:
    """Whether the target surely cares already when an opener comes, and whether it possibly does."""
    episodes, events = view.episodes, view.events
    rows = np.flatnonzero(among(episodes.role, ROLES, ("care", "school", "work")))
    own = [episodes.youth[rows], episodes.agency[rows], episodes.care_id[rows]]
    plain, full = np.flatnonzero(keys[2] < 0), np.flatnonzero(keys[2] >= 0)
    pairs = [_join([key[plain] for key in keys[:2]], plain, own[:2], rows)]
    if full.size:
        pairs.append(_join([key[full] for key in keys], full, own, rows))
    group = np.concatenate([pair[0] for pair in pairs])
    row = np.concatenate([pair[1] for pair in pairs])
    sure = union(group, episodes.start_max[row], episodes.end_min[row])
    possible = union(group, episodes.start_min[row], episodes.end_max[row])
    first, last = events.start_min[opener], events.start_max[opener]
    covered = days_within(sure, line, first, first + 1) > 0
    return covered, days_within(possible, line, first, last + 1) > 0


def _first(events: EventColumns, lines: _Lines, which: Bools) -> Ints:
    """The first closer of each opener's line, in order, that may come on or after it; else -1."""
    rows = np.flatnonzero(which)
    found = first_reaching(
        lines.closer_line[rows],
        events.start_max[lines.closer[rows]],
        lines.line,
        events.start_min[lines.opener],
    )
    return np.where(found >= 0, lines.closer[rows[np.maximum(found, 0)]] if rows.size else -1, -1)


def _close(view: View, opener: Ints, closer: Ints) -> tuple[Ints, Ints, Ints]:
    """When each wait closes, and how."""
    events = view.events
    has_end = events.end_max[opener] != NO_DAY
    youth, target = events.youth[opener], _target(events)[opener]
    stop = view.window_end()[target] if len(view.agencies) else np.zeros(0, np.int64)
    until = view.until[youth]
    stop = np.where(stop == NO_DAY, until, np.where(view.departed[youth], np.minimum(stop, until), stop))
    refused = (events.kind[closer] == words("kinds").index("refusal")) if opener.size else np.zeros(0, bool)
    outcome = np.select([closer >= 0, has_end], [np.where(refused, REFUSED, STARTED), ENDED], ONGOING)
    low = np.select([closer >= 0, has_end], [events.start_min[closer], events.end_min[opener]], stop)
    high = np.select([closer >= 0, has_end], [events.start_max[closer], events.end_max[opener]], stop)
    return low, high, outcome


def _begin(line: Ints, start: Ints, last_open: Ints) -> Ints:
    """The openers that begin a wait: the first of each line, then the first after each wait.

    The loop runs as often as the line with the most waits has waits.
    """
    key = pack(line, start)
    at = np.flatnonzero(np.append(True, line[1:] != line[:-1])[: line.size])
    begins: list[Ints] = []
    while at.size:
        begins.append(at)
        after = np.searchsorted(key, pack(line[at], last_open[at]), side="right")
        inside = after < line.size
        at, after = at[inside], after[inside]
        at = after[line[after] == line[at]]
    return np.sort(np.concatenate(begins)) if begins else np.zeros(0, np.int64)
