"""Episodes of one agency that several sources tell in pieces, made one."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, dates, days, one
from levensloop.arrow import filled, nullable, numbers
from levensloop.episodes import Made
from levensloop.schema import HELD_EPISODES, conform
from levensloop.sorting import order_of
from levensloop.spans import FAR, NO_DAY, Ints, best, pack, runs
from levensloop.telling import Telling

Parts = tuple[Ints, Ints]

#: Episodes are one only where these are equal.
_ALIKE: Final = ("youth", "about", "agency", "sector", "care_type")
_ROLES: Final = ("care", "school")


def joined(
    episodes: pa.Table, made: Made, telling: Telling, closed: Callable[[Ints], Ints]
) -> tuple[pa.Table, Made, Parts]:
    """Episodes whose sure covers overlap or touch, of one agency and care type, as one.

    Parameters
    ----------
    episodes : pyarrow.Table
        Columns as in ``schema.HELD_EPISODES``, in their order.
    made : Made
        The events behind each.
    telling : Telling
        The sources of each event.
    closed : callable
        The first day after the windows of the sources of some events, `NO_DAY` where they have none.

    Returns
    -------
    episodes : pyarrow.Table
        In their order.
    made : Made
        The events behind each.
    parts : pair of numpy.ndarray of int
        The leading event of each episode that was joined, and that of the one it is part of now.

    Notes
    -----
    Two episodes of one source are two: an agency knows its own rows. Episodes are joined in the
    order of their first sure day; one that shares a source with those already joined stays apart.
    """
    none = np.zeros(0, np.int64)
    if telling.size == 1:
        return episodes, made, (none, none)
    lead = np.where(made.start >= 0, made.start, made.end)
    sure = _sure_end(episodes, made, closed)
    head = _heads(episodes, made, telling, sure)
    rest = np.flatnonzero(head != np.arange(head.size))
    if not rest.size:
        return episodes, made, (none, none)
    heads, number = np.unique(head, return_inverse=True)
    whole = _as_one(episodes, made, number.reshape(-1), heads, (sure, closed))
    return (*whole, (lead[rest], lead[head[rest]]))


def _heads(episodes: pa.Table, made: Made, telling: Telling, high: Ints) -> Ints:
    """The place of the first episode that each is one with, its own if none; `high` is where the sure cover of each ends."""
    head = np.arange(len(episodes))
    low = days(episodes.column("start_max"))
    roles = codes(episodes.column("role"), _ROLES)
    row = np.flatnonzero((roles >= 0) & (high > low))
    keys = [_coded(episodes.column(name))[row] for name in _ALIKE] + [roles[row]]
    order = order_of([*keys, low[row]])
    row = row[order]
    if not row.size:
        return head
    alike = runs(*(key[order] for key in keys))[0]
    reach = np.maximum.accumulate(pack(alike, high[row]))
    new = np.ones(row.size, bool)
    new[1:] = pack(alike[1:], low[row][1:]) > reach[:-1]
    chain = np.cumsum(new) - 1
    many = (np.bincount(chain) > 1)[chain]
    row, chain = row[many], np.unique(chain[many], return_inverse=True)[1].reshape(-1)
    told = _sources_of(made, telling, row)
    size = int(chain.max(initial=-1)) + 1
    count = np.bincount(chain[told.row], minlength=size)
    distinct = np.bincount(told.moved(chain).row, minlength=size)
    simple = (count == distinct)[chain]
    head[row[simple]] = row[runs(chain)[1]][chain][simple]
    mixed = np.flatnonzero(~simple & (distinct > 1)[chain])
    if mixed.size:
        _one_by_one(head, row, chain, mixed, told)
    return head


def _coded(column: pa.ChunkedArray) -> Ints:
    return filled(one(column).indices).astype(np.int64)


def _one_by_one(head: Ints, row: Ints, chain: Ints, mixed: Ints, told: Telling) -> None:
    """Join the episodes of chains in which a source tells several, each with the first it may join."""
    wanted = np.isin(told.row, mixed)
    sources: dict[int, set[int]] = {}
    for at, source in zip(told.row[wanted].tolist(), told.source[wanted].tolist(), strict=True):
        sources.setdefault(at, set()).add(source)
    groups: dict[int, list[tuple[int, set[int]]]] = {}
    for at in mixed.tolist():
        known = groups.setdefault(int(chain[at]), [])
        for first, seen in known:
            if not seen & sources[at]:
                head[row[at]] = first
                seen.update(sources[at])
                break
        else:
            known.append((int(row[at]), set(sources[at])))


def _sources_of(made: Made, telling: Telling, row: Ints) -> Telling:
    """The sources of the start and the end of some episodes."""
    pairs = [telling.of_rows(side[row]) for side in (made.start, made.end)]
    place, source = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return Telling.of(place, source, telling.size)


def _sure_end(episodes: pa.Table, made: Made, closed: Callable[[Ints], Ints]) -> Ints:
    """The first day after the sure cover; an open episode surely lasts to the end of its source's window."""
    end = days(episodes.column("end_min")).copy()
    is_open = numbers(episodes.column("open")).astype(bool)
    window = closed(made.start[is_open])
    end[is_open] = np.where(window == NO_DAY, days(episodes.column("start_min"))[is_open] + 1, window)
    return end


def _as_one(
    episodes: pa.Table, made: Made, number: Ints, heads: Ints, ends: tuple[Ints, Callable[[Ints], Ints]]
) -> tuple[pa.Table, Made]:
    """One row per number: from the earliest start to the latest end, and what is told of that end.

    An open one surely lasts as long as its pieces surely do. Where that is not to the end of the window of what began it,
    as another source tells that it is open, its `end_min` says till when.
    """
    size = heads.size
    bounds = {name: days(episodes.column(name)) for name in ("start_min", "start_max", "end_min", "end_max")}
    is_open = numbers(episodes.column("open")).astype(bool)
    last = np.where(is_open, FAR, np.where(bounds["end_max"] == NO_DAY, FAR - 1, bounds["end_max"]))
    order = np.lexsort((np.arange(number.size), -bounds["end_min"], -last, number))
    tail = order[runs(number[order])[1]]
    columns: dict[str, Any] = {
        name: episodes.column(name).take(pa.array(heads)) for name in episodes.column_names
    }
    for name in ("open", "reason", "end_event"):
        columns[name] = episodes.column(name).take(pa.array(tail))
    # An end without a start may be joined with what is open: the event that began it then stands for the start.
    known = made.start >= 0
    begun = best(number[known], np.flatnonzero(known), size, least=True, empty=-1)
    begun = np.where(made.start[heads] >= 0, heads, begun)
    columns["start_event"] = episodes.column("start_event").take(nullable(begun, begun < 0))
    start = np.where(begun >= 0, made.start[begun], -1)
    for name in ("start_min", "start_max"):
        bounds[name] = best(number, bounds[name], size, least=True, empty=NO_DAY)
    ended = np.where(is_open, FAR, bounds["end_min"])
    end_min = best(number, ended, size, least=False, empty=NO_DAY)
    sure, closed = ends
    lasting = best(number, sure, size, least=False, empty=NO_DAY)
    begun_by = np.flatnonzero(is_open[tail] & (start >= 0))
    lasting[begun_by[closed(start[begun_by]) == lasting[begun_by]]] = NO_DAY
    bounds["end_min"] = np.where(is_open[tail], lasting, end_min)
    bounds["end_max"] = np.where(last[tail] >= FAR - 1, NO_DAY, last[tail])
    for name, day in bounds.items():
        columns[name] = dates(day)
    end_min = np.where(is_open[tail] | (bounds["end_min"] == NO_DAY), FAR, bounds["end_min"])
    starts = [bounds["start_min"], bounds["start_max"]]
    order = order_of([_coded(columns["youth"]), *starts, end_min, last[tail]])
    columns["care_id"] = pc.coalesce(
        one(columns["care_id"]), one(episodes.column("care_id").take(pa.array(tail)))
    )
    table = conform(pa.table(columns), HELD_EPISODES).take(pa.array(order))
    return table, Made(start[order], made.end[tail][order])
