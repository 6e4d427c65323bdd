"""The arrays of a cohort's tables: how a `View` is made."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import (
    EpisodeColumns,
    EventColumns,
    Names,
    Told,
    View,
    Windows,
    codes,
    days,
    names_in,
    one,
    row_of,
    source_names,
)
from levensloop.schema import ROLES, words
from levensloop.sorting import distinct_rows
from levensloop.spans import NO_DAY, Ints, best


def window_bound(lists: pa.Array, sources: pa.Table, side: str) -> Ints:
    """The earliest window `start` or latest window `end` among the sources behind each list of records."""
    bounds = days(pa.chunked_array([pc.struct_field(one(sources.column("window")), side)]))
    source = codes(pa.chunked_array([source_names(lists.flatten())]), sources.column("source").to_pylist())
    parent = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    known = source >= 0
    known[known] = bounds[source[known]] != NO_DAY
    return best(parent[known], bounds[source[known]], len(lists), least=side == "start", empty=NO_DAY)


def event_columns(table: pa.Table, names: Names) -> EventColumns:
    """The arrays of the events about the youth; `names` are those of youths, agencies, care types and care ids."""
    about = codes(table.column("about"), ("youth",)) == 0
    row = np.flatnonzero(about)
    sub = table if about.all() else table.filter(pa.array(about))
    youths, agencies, types, care_ids = names
    return EventColumns(
        row=row,
        youth=codes(sub.column("youth"), youths),
        agency=codes(sub.column("agency"), agencies),
        to_agency=codes(sub.column("to_agency"), agencies),
        sector=codes(sub.column("sector"), words("sectors")),
        kind=codes(sub.column("kind"), words("kinds")),
        care_type=codes(sub.column("care_type"), types),
        care_id=row_of(sub.column("care_id"), care_ids),
        reason=codes(sub.column("reason"), words("reasons")),
        initiative=codes(sub.column("initiative"), words("initiatives")),
        capacity=codes(sub.column("capacity"), words("capacities")),
        start_min=days(sub.column("start_min")),
        start_max=days(sub.column("start_max")),
        end_min=days(sub.column("end_min")),
        end_max=days(sub.column("end_max")),
    )


def view_of(
    events: pa.Table, episodes: pa.Table, youths: pa.Table, sources: pa.Table, agencies: pa.Table
) -> View:
    """The arrays of a cohort's tables (shapes as in `schema`)."""
    ids = one(youths.column("youth"))
    id_list: list[str] = ids.to_pylist()
    shared = one(events.column("shared_with"))
    told = pa.chunked_array([shared.flatten()])
    names = names_in(events.column("agency"), events.column("to_agency"), agencies.column("agency"), told)
    types = names_in(events.column("care_type"), episodes.column("care_type"))
    care_ids = pc.drop_null(pc.unique(events.column("care_id")))
    until = days(youths.column("observed_until"))
    lists = (id_list, names, types, care_ids)
    columns = event_columns(events, lists)
    event_ids = one(events.column("event"))
    windows, sector = _windows(agencies, sources, names)
    return View(
        ids=ids,
        birth_min=days(youths.column("birth_min")),
        birth_max=days(youths.column("birth_max")),
        until=until,
        departed=departed(columns, len(ids)) != NO_DAY,
        events=columns,
        told=_told(shared, columns, names),
        episodes=_episode_columns(events, episodes, sources, lists, until),
        windows=windows,
        agencies=names,
        care_types=types,
        agency_sector=sector,
        event_ids=event_ids,
    )


def _told(shared: pa.Array, events: EventColumns, names: Sequence[str]) -> Told:
    """The agencies that were told of each event about the youth, its own left out."""
    row = pc.list_parent_indices(shared).to_numpy(zero_copy_only=False).astype(np.int64)
    agency = codes(pa.chunked_array([shared.flatten()]), names)
    place = np.minimum(np.searchsorted(events.row, row), max(events.row.size - 1, 0))
    keep = events.row[place] == row if events.row.size else np.zeros(row.size, bool)
    keep[keep] = (agency[keep] >= 0) & (agency[keep] != events.agency[place[keep]])
    return Told(*distinct_rows([place[keep], agency[keep]])[0])


def departed(events: EventColumns, size: int) -> Ints:
    """The first day after a youth's death or move out of the area; `NO_DAY` where neither is recorded.

    A move counts when its reason is `moved` and nothing of the youth was recorded after it.
    """
    kinds = words("kinds")
    dead = events.kind == kinds.index("death")
    out = np.full(size, NO_DAY, np.int64)
    np.maximum.at(out, events.youth[dead], events.start_max[dead] + 1)
    left = (events.kind == kinds.index("move")) & (events.reason == words("reasons").index("moved"))
    last = best(events.youth, events.start_max, size, least=False, empty=NO_DAY)
    left &= events.start_max >= last[events.youth]
    moved = np.full(size, NO_DAY, np.int64)
    np.maximum.at(moved, events.youth[left], events.start_max[left] + 1)
    return np.where(out != NO_DAY, out, moved)


def _episode_columns(
    events: pa.Table,
    table: pa.Table,
    sources: pa.Table,
    names: Names,
    until: Ints,
) -> EpisodeColumns:
    about = codes(table.column("about"), ("youth",)) == 0
    table = table if about.all() else table.filter(pa.array(about))
    event_ids = one(events.column("event"))
    start_row = row_of(table.column("start_event"), event_ids)
    end_row = row_of(table.column("end_event"), event_ids)
    youth = codes(table.column("youth"), names[0])
    end_min, end_max = days(table.column("end_min")).copy(), days(table.column("end_max")).copy()
    is_open = one(table.column("open")).to_numpy(zero_copy_only=False).astype(bool)
    opened = np.flatnonzero(is_open)
    rows = pa.array(np.where(start_row[opened] >= 0, start_row[opened], 0))
    start_min = days(table.column("start_min"))
    window = window_bound(one(events.column("sources")).take(rows), sources, "end")
    end_min[opened] = np.minimum(window, until[youth[opened]])
    end_min = np.maximum(end_min, start_min + 1)
    end_max = np.maximum(np.where(end_max == NO_DAY, until[youth], end_max), end_min)
    return EpisodeColumns(
        youth=youth,
        agency=codes(table.column("agency"), names[1]),
        sector=codes(table.column("sector"), words("sectors")),
        care_type=codes(table.column("care_type"), names[2]),
        care_id=row_of(table.column("care_id"), names[3]),
        role=codes(table.column("role"), ROLES),
        reason=codes(table.column("reason"), words("reasons")),
        open=is_open,
        start_min=start_min,
        start_max=days(table.column("start_max")),
        end_min=end_min,
        end_max=end_max,
        start_row=start_row,
        end_row=end_row,
    )


def _windows(agencies: pa.Table, sources: pa.Table, names: Sequence[str]) -> tuple[Windows, Ints]:
    """The windows by agency, and the sector that each agency delivers most."""
    agency = codes(agencies.column("agency"), names)
    source = codes(agencies.column("source"), sources.column("source").to_pylist())
    sector = codes(agencies.column("sector"), sorted(words("sectors")))
    rows = one(agencies.column("rows")).to_numpy().astype(np.int64)
    window = one(sources.column("window"))
    ages = one(sources.column("ages"))

    def part(name: str) -> Ints:
        values = pc.fill_null(pc.struct_field(ages, name).cast(pa.int64()), -1)
        return values.to_numpy(zero_copy_only=False)[source]

    most = np.full(len(names), -1, np.int64)
    alphabetical = np.array([words("sectors").index(name) for name in sorted(words("sectors"))])
    totals = np.zeros((len(names), alphabetical.size), np.int64)
    np.add.at(totals, (agency, sector), rows)
    some = totals.sum(1) > 0
    most[some] = alphabetical[totals.argmax(1)][some]
    return Windows(
        agency=agency,
        start=days(pa.chunked_array([pc.struct_field(window, "start")]))[source],
        end=days(pa.chunked_array([pc.struct_field(window, "end")]))[source],
        age_from=part("start"),
        age_until=part("end"),
        cares=one(agencies.column("cares")).to_numpy(zero_copy_only=False).astype(bool),
    ), most
