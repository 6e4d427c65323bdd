"""Numpy views of a cohort's tables: what detectors compute on.

Codes and days are 64-bit integers; a missing code is -1. Only rows about the youth are in a
view; `row` leads back to the events table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.ages import add_months
from levensloop.schema import ROLES, words
from levensloop.spans import FAR, NO_DAY, Bools, Ints, Spans, best, subtract, union

#: Youths, agencies and care types by code, and the distinct references of care.
Names = tuple[Sequence[str], Sequence[str], Sequence[str], pa.Array]
#: Reasons for which a last end leaves no open need.
SETTLED: Final = ("goal_reached", "as_planned", "agreed", "moved", "died")


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events about the youth, in the cohort's order; a point has `end_min` = `NO_DAY`."""

    row: Ints
    youth: Ints
    agency: Ints
    to_agency: Ints
    sector: Ints
    kind: Ints
    care_type: Ints
    care_id: Ints
    reason: Ints
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints


@dataclass(frozen=True, slots=True)
class EpisodeColumns:
    """Episodes of the youth, in the cohort's order.

    [`start_max`, `end_min`) is the sure cover and [`start_min`, `end_max`) the possible one: the
    ends of open episodes and of unknown ends are already those of design section 6.
    """

    youth: Ints
    agency: Ints
    sector: Ints
    care_type: Ints
    care_id: Ints
    role: Ints
    reason: Ints
    open: Bools
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints
    start_row: Ints
    end_row: Ints


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of agencies, one row per agency and source; half-open."""

    agency: Ints
    start: Ints
    end: Ints
    age_from: Ints
    age_until: Ints
    cares: Bools


@dataclass(frozen=True, slots=True)
class View:
    """All of a cohort that detectors look at."""

    ids: pa.Array
    birth_min: Ints
    birth_max: Ints
    until: Ints
    departed: Bools
    events: EventColumns
    episodes: EpisodeColumns
    windows: Windows
    agencies: tuple[str, ...]
    care_types: tuple[str, ...]
    agency_sector: Ints
    event_ids: pa.Array

    @property
    def size(self) -> int:
        """The number of youths."""
        return len(self.ids)

    def window_end(self) -> Ints:
        """The last window end of each agency; `NO_DAY` where it delivered nothing."""
        return best(self.windows.agency, self.windows.end, len(self.agencies), least=False, empty=NO_DAY)


def one(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array; dictionaries of chunks are made one first."""
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    chunks = column.combine_chunks()
    return pa.concat_arrays(chunks.chunks) if isinstance(chunks, pa.ChunkedArray) else chunks


def days(column: pa.ChunkedArray, empty: int = NO_DAY) -> Ints:
    """Dates as days since 1970-01-01; `empty` for null.

    Examples
    --------
    >>> import datetime
    >>> days(pa.chunked_array([pa.array([datetime.date(1970, 1, 3), None], pa.date32())])).tolist()[0]
    2
    """
    return pc.fill_null(column.cast(pa.int32()).cast(pa.int64()), empty).to_numpy()


def codes(column: pa.ChunkedArray, names: Sequence[str]) -> Ints:
    """The place of each value in `names`; -1 for null and for a name that is not there.

    Examples
    --------
    >>> codes(pa.chunked_array([pa.array(["b", None, "z"])]), ("a", "b")).tolist()
    [1, -1, -1]
    """
    array = one(column)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    places = {name: place for place, name in enumerate(names)}
    table = np.array([places.get(name, -1) for name in array.dictionary.to_pylist()] or [-1], np.int64)
    indices = pc.fill_null(array.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.where(indices < 0, -1, table[indices])


def names_in(*columns: pa.ChunkedArray) -> tuple[str, ...]:
    """The distinct values of columns, in alphabetical order.

    Examples
    --------
    >>> names_in(pa.chunked_array([pa.array(["b", "a", None])]))
    ('a', 'b')
    """
    found: set[Any] = set()
    for column in columns:
        array = one(column)
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        found.update(encoded.dictionary.to_pylist())
    return tuple(sorted(found - {None}))


def row_of(values: pa.Array | pa.ChunkedArray, among: pa.Array) -> Ints:
    """The row of each value among unique values; -1 for null.

    Examples
    --------
    >>> row_of(pa.array(["y", None]), pa.array(["x", "y"])).tolist()
    [1, -1]
    """
    found = pc.index_in(values, among)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return pc.fill_null(found.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)


def source_names(records: pa.Array) -> pa.Array:
    """The source of each ``source:record`` text.

    Examples
    --------
    >>> source_names(pa.array(["ggz:12"])).to_pylist()
    ['ggz']
    """
    return pc.replace_substring_regex(records, r":[^:]*$", "")


def birthday(birth: Ints, years: int) -> Ints:
    """The day on which one born on `birth` turns `years`; 29 February falls on 1 March.

    Examples
    --------
    >>> day = np.array(["1988-02-29"], "M8[D]").astype(np.int64)
    >>> birthday(day, 18).astype("M8[D]").tolist()
    [datetime.date(2006, 3, 1)]
    """
    return add_months(birth, 12 * years)


def window_bound(lists: pa.Array, sources: pa.Table, side: str) -> Ints:
    """The earliest window `start` or latest window `end` among the sources behind each list of records."""
    bounds = days(pa.chunked_array([pc.struct_field(one(sources.column("window")), side)]))
    source = codes(pa.chunked_array([source_names(lists.flatten())]), sources.column("source").to_pylist())
    parent = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    known = source >= 0
    known[known] = bounds[source[known]] != NO_DAY
    return best(parent[known], bounds[source[known]], len(lists), least=side == "start", empty=NO_DAY)


def observed(view: View, youth: Ints, agency: Ints) -> tuple[Ints, Ints, Ints]:
    """The stretches in which pairs of a youth and an agency are surely observed.

    A day counts when it lies in a window of the agency and inside the ages that the source sees,
    whatever the youth's day of birth.

    Returns
    -------
    pair, start, end : arrays
        `pair` is the place in the given arrays.
    """
    windows = view.windows
    order = np.argsort(windows.agency, kind="stable")
    sorted_agency = windows.agency[order]
    low = np.searchsorted(sorted_agency, agency, side="left")
    count = np.searchsorted(sorted_agency, agency, side="right") - low
    pair = np.repeat(np.arange(agency.size), count)
    nth = np.arange(pair.size) - np.repeat(np.cumsum(count) - count, count)
    row = order[low[pair] + nth]
    start, end = windows.start[row].copy(), windows.end[row].copy()
    ages = np.unique(np.stack([windows.age_from[row], windows.age_until[row]], 1), axis=0) if row.size else []
    for first, last in ages:
        if first < 0:
            continue
        here = (windows.age_from[row] == first) & (windows.age_until[row] == last)
        whose = youth[pair[here]]
        known = view.birth_max[whose] != NO_DAY
        start[here] = np.where(
            known, np.maximum(start[here], birthday(view.birth_max[whose], int(first))), FAR
        )
        end[here] = np.minimum(end[here], birthday(view.birth_min[whose], int(last)))
    real = end > start
    return pair[real], start[real], end[real]


def unobserved(view: View, group: Ints, youth: Ints, agency: Ints, domain: Spans) -> Spans:
    """The days of each group's domain that at least one of its agencies does not observe.

    Parameters
    ----------
    view : View
    group, youth, agency : arrays
        Distinct triples: the agencies that count for a group, and its youth.
    domain : Spans
        At most one span per group, sorted by group.
    """
    place = np.searchsorted(domain.group, group)
    inside = np.minimum(place, max(domain.group.size - 1, 0))
    known = (domain.group[inside] == group) if domain.group.size else np.zeros(group.size, bool)
    group, youth, agency, place = group[known], youth[known], agency[known], place[known]
    seen = union(*observed(view, youth, agency))
    index, start, end = subtract(np.arange(group.size), domain.start[place], domain.end[place], seen)
    return union(group[index], start, end)


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
    names = names_in(events.column("agency"), events.column("to_agency"), agencies.column("agency"))
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
        episodes=_episode_columns(events, episodes, sources, lists, until),
        windows=windows,
        agencies=names,
        care_types=types,
        agency_sector=sector,
        event_ids=event_ids,
    )


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
