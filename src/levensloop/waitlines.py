"""Which openers can begin a wait, and what can close it: line by line, before any wait is made of them.

Source of the definition: design section 6, *Waiting*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from levensloop.arrays import EventColumns, View, among
from levensloop.schema import ROLES, kinds_of, words
from levensloop.sorting import distinct_rows, order_of, places_of
from levensloop.spans import Bools, Ints, days_within, first_reaching, holds, pack, ranges, touches, union

#: Kinds that start an episode by which a wait can end.
STARTS: Final = ("care", "care_start", "school", "school_start", "work", "benefit")
#: Kinds that answer a report, though they start nothing.
ANSWERS: Final = ("contact", "intake", "assessment")


@dataclass(frozen=True, slots=True)
class Lines:
    """Openers and what may close them, by line: a youth, a target and, where given, a care reference."""

    line: Ints
    opener: Ints
    doubt: Bools
    closer_line: Ints
    closer: Ints
    answer: Bools


@dataclass(frozen=True, slots=True)
class Asked:
    """Every opener and what may close a wait, by line.

    `target` is that of each line. `covered` is whether the target surely cares on the first day that an opener may have,
    `never` whether on every such day, and `doubt` whether perhaps on one.
    """

    target: Ints
    line: Ints
    opener: Ints
    covered: Bools
    never: Bools
    doubt: Bools
    closer_line: Ints
    closer: Ints
    answer: Bools


def of_kinds(events: EventColumns, kinds: tuple[str, ...]) -> Bools:
    """Whether each event is of one of some kinds."""
    return among(events.kind, words("kinds"), kinds)


def target_of(events: EventColumns, rows: Ints) -> Ints:
    """The agency that each of some events is addressed to, else the one that recorded it."""
    to = events.to_agency[rows]
    return np.where(to >= 0, to, events.agency[rows])


def episode_of(view: View) -> Ints:
    """The place of the episode that each event began; -1 for none."""
    return view.once(_episode_of)


def _episode_of(view: View) -> Ints:
    events, episodes = view.events, view.episodes
    began = np.full(events.row.size, -1)
    begun = np.flatnonzero(episodes.start_row >= 0)
    row = episodes.start_row[begun]
    whole = events.row.size == 0 or events.row[-1] + 1 == events.row.size
    began[row if whole else np.searchsorted(events.row, row)] = begun
    return began


def care_of(view: View) -> Ints:
    """The places of the episodes that are care, in order."""
    return view.once(_care_of)


def _care_of(view: View) -> Ints:
    return np.flatnonzero(view.episodes.role == ROLES.index("care"))


def lines_of(view: View) -> Lines:
    """The openers that may begin a wait, line by line in order, and the closers of each line."""
    every = asked(view)
    free = ~every.covered
    own = (every.line[free], every.opener[free], every.doubt[free])
    return Lines(*own, every.closer_line, every.closer, every.answer)


def asked(view: View) -> Asked:
    """The openers of a cohort, line by line in order, and the closers of each line."""
    return view.once(_asked)


def _asked(view: View) -> Asked:
    events = view.events
    opener = np.flatnonzero(of_kinds(events, kinds_of("wait")))
    keys, line = distinct_rows([events.youth[opener], target_of(events, opener), events.care_id[opener]])
    cover = _covered(view, keys, line, opener)
    order = np.argsort(pack(line, opener), kind="stable")
    closer = np.flatnonzero(of_kinds(events, (*STARTS, *ANSWERS, "refusal")))
    found: list[tuple[Ints, Ints]] = []
    plain, full = np.flatnonzero(keys[2] < 0), np.flatnonzero(keys[2] >= 0)
    own = [events.youth[closer], events.agency[closer]]
    found.append(_join([key[plain] for key in keys[:2]], plain, own, closer))
    if full.size:
        bound = [key[full] for key in keys]
        care_id = _care_id(view)
        start = among(events.kind[closer], words("kinds"), STARTS)
        starts = closer[start & (care_id[closer] >= 0)]
        found.append(_join([bound[0], bound[2]], full, [events.youth[starts], care_id[starts]], starts))
        rest = closer[~start & (events.care_id[closer] >= 0)]
        found.append(
            _join(bound, full, [events.youth[rest], events.agency[rest], events.care_id[rest]], rest)
        )
    closer_line = np.concatenate([pair[0] for pair in found])
    closer = np.concatenate([pair[1] for pair in found])
    by_line = np.argsort(pack(closer_line, closer), kind="stable")
    closer = closer[by_line]
    covered, never, doubt = (one[order] for one in cover)
    own = (line[order], opener[order], covered, never, doubt)
    answer = among(events.kind[closer], words("kinds"), ANSWERS)
    return Asked(keys[1], *own, closer_line[by_line], closer, answer)


def _care_id(view: View) -> Ints:
    """The care reference of each event; that of its episode where only the end gives one."""
    began = episode_of(view)
    return np.where(began >= 0, np.append(view.episodes.care_id, -1)[began], view.events.care_id)


def _join(keys: Sequence[Ints], lines: Ints, columns: Sequence[Ints], rows: Ints) -> tuple[Ints, Ints]:
    """Every line with every row that has its key; keys may stand in several lines, and none is negative."""
    line_key, row_key = keys[0], columns[0]
    for of_line, of_row in zip(keys[1:], columns[1:], strict=True):
        size = max(int(of_line.max(initial=0)), int(of_row.max(initial=0))) + 2
        line_key, row_key = line_key * size + of_line, row_key * size + of_row % size
    order = order_of([line_key])
    low, high = places_of(line_key[order], row_key)
    there = np.flatnonzero(high > low)
    row, at = ranges(low[there], high[there])
    return lines[order[at]], rows[there[row]]


def _covered(view: View, keys: tuple[Ints, ...], line: Ints, opener: Ints) -> tuple[Bools, Bools, Bools]:
    """Whether the target surely cares on the first day of an opener, surely on each, and perhaps on one."""
    episodes, events = view.episodes, view.events
    rows = np.flatnonzero(among(episodes.role, ROLES, ("care", "school", "work")))
    own = [episodes.youth[rows], episodes.agency[rows], episodes.care_id[rows]]
    plain, full = np.flatnonzero(keys[2] < 0), np.flatnonzero(keys[2] >= 0)
    pairs = [_join([key[plain] for key in keys[:2]], plain, own[:2], rows)]
    if full.size:
        pairs.append(_join([key[full] for key in keys], full, own, rows))
    group = np.concatenate([pair[0] for pair in pairs])
    row = np.concatenate([pair[1] for pair in pairs])
    start, end = episodes.start_max[row], episodes.end_min[row]
    sure = union(group, start, end)
    vague = np.flatnonzero((episodes.start_min[row] < start) | (end < episodes.end_max[row]))
    of_vague = row[vague]
    doubt = union(group[vague], episodes.start_min[of_vague], episodes.end_max[of_vague])
    first, last = events.start_min[opener], events.start_max[opener]
    covered = holds(sure, line, first)
    never, perhaps = covered.copy(), covered | touches(line, first, last + 1, doubt)
    # Only an opener of which the day is in doubt can come on other days than the first.
    some = np.flatnonzero(first < last)
    days = days_within(sure, line[some], first[some], last[some] + 1)
    never[some] = days == (last + 1 - first)[some]
    perhaps[some] |= days > 0
    return covered, never, perhaps


def first_closer(events: EventColumns, lines: Lines) -> Ints:
    """What closes a wait of each opener: the first of its line, in order, that may come on or after it; else -1."""
    plain = np.flatnonzero(~lines.answer)
    own = (lines.line, lines.opener)
    found = reaching(events, (lines.closer_line[plain], lines.closer[plain]), own)
    report = np.flatnonzero(events.kind[lines.opener] == words("kinds").index("report"))
    own = (lines.line[report], lines.opener[report])
    found[report] = reaching(events, (lines.closer_line, lines.closer), own)
    return found


def reaching(events: EventColumns, closers: tuple[Ints, Ints], openers: tuple[Ints, Ints]) -> Ints:
    """The first of some closers that may come on or after each of some openers, all given with their lines; else -1."""
    (closer_line, closer), (line, opener) = closers, openers
    at = first_reaching(closer_line, events.start_max[closer], line, events.start_min[opener])
    return np.append(closer, -1)[at]


def without(lines: Lines, some: Ints, gone: Ints) -> Lines:
    """Some of the openers, each on a line of its own that has the same closers but for one."""
    ends = (np.searchsorted(lines.closer_line, lines.line[some], side=side) for side in ("left", "right"))
    of, at = ranges(*ends)
    kept = lines.closer[at] != gone[of]
    of, at = of[kept], at[kept]
    return Lines(
        np.arange(some.size), lines.opener[some], lines.doubt[some], of, lines.closer[at], lines.answer[at]
    )
