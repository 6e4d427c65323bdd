"""Episodes of one agency that several sources tell in pieces, made one."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, days, names_in, one, row_of, source_names, window_bound
from levensloop.schema import EPISODES, conform
from levensloop.spans import FAR, NO_DAY, Ints, best, pack, runs

#: Episodes are one only where these are equal.
_ALIKE: Final = ("care_type", "sector", "agency", "about", "youth")
_ROLES: Final = ("care", "school")


def joined(episodes: pa.Table, events: pa.Table, sources: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Episodes whose sure covers overlap or touch, of one agency and care type, as one.

    Parameters
    ----------
    episodes, events, sources : pyarrow.Table
        Columns as in `schema`, the episodes in their order.

    Returns
    -------
    episodes : pyarrow.Table
        In their order.
    pairs : pyarrow.Table
        The leading ``event`` of an episode that was joined, and the ``other`` that it is part of now.

    Notes
    -----
    Two episodes of one source are two: an agency knows its own rows. Episodes are joined in the
    order of their first sure day; one that shares a source with those already joined stays apart.
    """
    lead = pc.coalesce(one(episodes.column("start_event")), one(episodes.column("end_event")))
    head = _heads(episodes, events, sources)
    heads, number = np.unique(head, return_inverse=True)
    rest = np.flatnonzero(head != np.arange(head.size))
    pairs = pa.table({"event": lead.take(pa.array(rest)), "other": lead.take(pa.array(head[rest]))})
    return (_as_one(episodes, number.reshape(-1), heads) if rest.size else episodes), pairs


def _heads(episodes: pa.Table, events: pa.Table, sources: pa.Table) -> Ints:
    """The place of the first episode that each is one with; its own, if none."""
    head = np.arange(len(episodes))
    low, high = days(episodes.column("start_max")), _sure_end(episodes, events, sources)
    roles = codes(episodes.column("role"), _ROLES)
    row = np.flatnonzero((roles >= 0) & (high > low))
    keys = [roles, *(codes(episodes.column(name), names_in(episodes.column(name))) for name in _ALIKE)]
    order = np.lexsort((row, low[row], *(key[row] for key in keys)))
    row = row[order]
    alike = runs(*(key[row] for key in keys))[0]
    if not row.size:
        return head
    reach = np.maximum.accumulate(pack(alike, high[row]))
    new = np.ones(row.size, bool)
    new[1:] = pack(alike[1:], low[row][1:]) > reach[:-1]
    chain = np.cumsum(new) - 1
    many = (np.bincount(chain) > 1)[chain]
    row, chain = row[many], np.unique(chain[many], return_inverse=True)[1].reshape(-1)
    episode, source = _sources_of(episodes, events, row)
    told = np.bincount(chain[episode], minlength=int(chain.max(initial=-1)) + 1)
    distinct = np.bincount(
        np.unique(np.stack([chain[episode], source], 1), axis=0)[:, 0], minlength=told.size
    )
    simple = (told == distinct)[chain]
    head[row[simple]] = row[runs(chain)[1]][chain][simple]
    mixed = np.flatnonzero(~simple & (distinct > 1)[chain])
    if mixed.size:
        _one_by_one(head, row, chain, mixed, (episode, source))
    return head


def _one_by_one(head: Ints, row: Ints, chain: Ints, mixed: Ints, told: tuple[Ints, Ints]) -> None:
    """Join the episodes of chains in which a source tells several, each with the first it may join."""
    wanted = np.isin(told[0], mixed)
    sources: dict[int, set[int]] = {}
    for at, source in zip(told[0][wanted].tolist(), told[1][wanted].tolist(), strict=True):
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


def _sources_of(episodes: pa.Table, events: pa.Table, row: Ints) -> tuple[Ints, Ints]:
    """Pairs of an episode, by its place in `row`, and a source that tells of its start or end."""
    ids = one(events.column("event"))
    at = [row_of(episodes.column(side).take(pa.array(row)), ids) for side in ("start_event", "end_event")]
    place = np.tile(np.arange(row.size), 2)
    event = np.concatenate(at)
    place, event = place[event >= 0], event[event >= 0]
    lists = one(events.column("sources")).take(pa.array(event))
    name = source_names(lists.flatten()).dictionary_encode()
    parent = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    source = name.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    pair = np.unique(np.stack([place[parent], source], 1), axis=0)
    return pair[:, 0], pair[:, 1]


def _sure_end(episodes: pa.Table, events: pa.Table, sources: pa.Table) -> Ints:
    """The first day after the sure cover; an open episode surely lasts to the end of its source's window."""
    end = days(episodes.column("end_min")).copy()
    is_open = one(episodes.column("open")).to_numpy(zero_copy_only=False).astype(bool)
    row = row_of(episodes.column("start_event").filter(pa.array(is_open)), one(events.column("event")))
    window = window_bound(one(events.column("sources")).take(pa.array(row)), sources, "end")
    end[is_open] = np.where(window == NO_DAY, days(episodes.column("start_min"))[is_open] + 1, window)
    return end


def _as_one(episodes: pa.Table, number: Ints, heads: Ints) -> pa.Table:
    """One row per number: from the earliest start to the latest end, and what is told of that end."""
    size = heads.size
    bounds = {name: days(episodes.column(name)) for name in ("start_min", "start_max", "end_min", "end_max")}
    is_open = one(episodes.column("open")).to_numpy(zero_copy_only=False).astype(bool)
    last = np.where(is_open, FAR, np.where(bounds["end_max"] == NO_DAY, FAR - 1, bounds["end_max"]))
    order = np.lexsort((np.arange(number.size), -bounds["end_min"], -last, number))
    tail = order[runs(number[order])[1]]
    columns: dict[str, Any] = {
        name: episodes.column(name).take(pa.array(heads)) for name in episodes.column_names
    }
    for name in ("open", "reason", "end_event"):
        columns[name] = episodes.column(name).take(pa.array(tail))
    for name in ("start_min", "start_max"):
        bounds[name] = best(number, bounds[name], size, least=True, empty=NO_DAY)
    ended = np.where(is_open, FAR, bounds["end_min"])
    end_min = best(number, ended, size, least=False, empty=NO_DAY)
    bounds["end_min"] = np.where(is_open[tail], NO_DAY, end_min)
    bounds["end_max"] = np.where(last[tail] >= FAR - 1, NO_DAY, last[tail])
    for name, day in bounds.items():
        columns[name] = pa.array(day.astype(np.int32), mask=day == NO_DAY).cast(pa.date32())
    day = bounds
    first = np.lexsort(
        (np.arange(size), last[tail], np.where(day["end_min"] == NO_DAY, FAR, day["end_min"]), day["start_max"],
         day["start_min"], codes(columns["youth"], names_in(columns["youth"])))
    )  # fmt: skip
    columns["care_id"] = pc.coalesce(
        one(columns["care_id"]), one(episodes.column("care_id").take(pa.array(tail)))
    )
    return conform(pa.table(columns), EPISODES).take(pa.array(first))
