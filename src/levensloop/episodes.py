"""Episodes made of events: one event with two dates, or a start and an end event."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import among, codes, dates, days, names_in, one, told_apart
from levensloop.arrow import nullable, numbers
from levensloop.pairing import pair
from levensloop.schema import HELD_EPISODES, ROLES, conform, kinds_of, vocabulary, words
from levensloop.sorting import numbered, order_of
from levensloop.spans import FAR, NO_DAY, Bools, Ints

_CODES: Final = ("youth", "about", "agency", "sector", "care_type")


class Made(NamedTuple):
    """Rows of the events table that make episodes: -1 where one side is not recorded."""

    start: Ints
    end: Ints


def episodes_of(events: pa.Table, opened: Callable[[Ints], Ints]) -> tuple[pa.Table, Made]:
    """The episodes of merged events.

    Parameters
    ----------
    events : pyarrow.Table
        Columns as in ``schema.FACTS``.
    opened : callable
        The first day of the windows of the sources of some rows of `events`, `NO_DAY` where they have none: an end
        without a start began somewhere after it.

    Returns
    -------
    table : pyarrow.Table
        Columns as in ``schema.HELD_EPISODES``, in the order of the events.
    made : Made
        The rows of `events` behind each.

    Notes
    -----
    Starts and ends belong together by `care_id`, else by agency and order. A referral, report,
    application, indication or waiting list is an episode only with an end of its own.
    """
    entries = vocabulary()["kinds"]
    kinds = words("kinds")
    role_of = np.array(
        [ROLES.index(entry["role"]) if "role" in entry else -1 for entry in entries.values()] + [-1]
    )
    kind = codes(events.column("kind"), kinds)
    role = role_of[kind]
    is_end = among(kind, kinds, (*kinds_of("care", "end"), *kinds_of("school", "end")))
    ended = numbers(one(events.column("end_min")).is_valid())
    whole = (role >= 0) & ~is_end & (ended | (role != ROLES.index("wait")))
    paired = among(role, ROLES, ("care", "school"))
    made = _made(events, whole, is_end, ended, np.where(paired, role, -1))
    return _table(events, opened, made, role)


def _made(events: pa.Table, whole: Bools, is_end: Bools, ended: Bools, role: Ints) -> Made:
    """Each start with its end: by care reference first, then by agency where one side gives none."""
    youth = numbers(one(events.column("youth")).indices)
    agency = codes(events.column("agency"), names_in(events.column("agency")))
    about = codes(events.column("about"), words("abouts"))
    care_id = told_apart(events.column("care_id"))
    low, high = days(events.column("start_min")), days(events.column("start_max"))
    end_of = np.full(len(events), -1, np.int64)
    free = (role >= 0) & ((whole & ~ended) | is_end)
    named = care_id >= 0
    for pick, new in ((named, named), (~is_end | ~named, ~named), (is_end | ~named, is_end & named)):
        rows = np.flatnonzero(free & pick)
        if not new[rows].any():  # nothing that was not held against the others already
            continue
        key = [youth[rows], about[rows], agency[rows], role[rows]]
        key += [care_id[rows]] if (care_id[rows] >= 0).all() else []
        group = numbered(key)
        found = pair(group, is_end[rows], low[rows], high[rows]).end_of
        got = found >= 0
        end_of[rows[got]] = rows[found[got]]
        free[rows[got]] = False
        free[rows[found[got]]] = False
    starts = np.flatnonzero(whole)
    strays = np.flatnonzero(free & is_end)
    return Made(
        start=np.concatenate([starts, np.full(strays.size, -1)]),
        end=np.concatenate([np.where(ended[starts], starts, end_of[starts]), strays]),
    )


def _table(events: pa.Table, opened: Callable[[Ints], Ints], made: Made, role: Ints) -> tuple[pa.Table, Made]:
    bounds = _bounds(events, opened, made, made.start == made.end)
    order = _order(events, made, role, bounds)
    made = Made(made.start[order], made.end[order])
    lead = np.where(made.start >= 0, made.start, made.end)
    started, first = nullable(made.start, made.start < 0), pa.array(lead)
    is_open = made.end < 0
    ended = nullable(made.end, is_open)
    columns: dict[str, Any] = {name: one(events.column(name)).take(first) for name in _CODES}
    columns["role"] = pa.DictionaryArray.from_arrays(
        pa.array(role[lead].astype(np.int32)), pa.array(ROLES, pa.string())
    )
    for name, day in ((name, day[order]) for name, day in bounds.items()):
        columns[name] = dates(day)
    columns["open"] = pa.array(is_open)
    columns["reason"] = one(events.column("reason")).take(ended)
    ids, event = one(events.column("care_id")), one(events.column("event"))
    columns["care_id"] = pc.coalesce(ids.take(first), ids.take(ended))
    columns["start_event"] = event.take(started)
    columns["end_event"] = event.take(ended)
    return conform(pa.table(columns), HELD_EPISODES), made


def _order(events: pa.Table, made: Made, role: Ints, bounds: dict[str, Ints]) -> Ints:
    """By youth and bounds; an episode that is open comes last, and of equal ones the event that stands first."""
    lead = np.where(made.start >= 0, made.start, made.end)
    is_open = made.end < 0
    youth = numbers(one(events.column("youth")).indices)[lead]
    end_min = np.where(is_open, FAR, bounds["end_min"])
    end_max = np.where(is_open | (bounds["end_max"] == NO_DAY), FAR, bounds["end_max"])
    reason = codes(events.column("reason"), names_in(events.column("reason")))[made.end]
    reason = np.where(is_open, -1, reason)
    return order_of(
        [youth, bounds["start_min"], bounds["start_max"], end_min, end_max, role[lead], lead, reason]
    )


def _bounds(events: pa.Table, opened: Callable[[Ints], Ints], made: Made, own: Bools) -> dict[str, Ints]:
    """The four bounds, tightened so that an episode ends after it starts."""
    day = {name: days(events.column(name)) for name in ("start_min", "start_max", "end_min", "end_max")}
    has_end = made.end >= 0
    end_min = np.where(own, day["end_min"][made.end], day["start_min"][made.end] + 1)
    end_max = np.where(own, day["end_max"][made.end], day["start_max"][made.end] + 1)
    end_min, end_max = np.where(has_end, end_min, NO_DAY), np.where(has_end, end_max, NO_DAY)
    start_min, start_max = day["start_min"][made.start], day["start_max"][made.start]
    stray = made.start < 0
    start_max[stray] = day["start_max"][made.end[stray]]
    earliest = day["start_min"][made.end[stray]]
    window = opened(made.end[stray])
    start_min[stray] = np.where(window == NO_DAY, earliest, np.minimum(window, earliest))
    known = end_max != NO_DAY
    start_max = np.where(known, np.minimum(start_max, end_max - 1), start_max)
    end_min = np.where(has_end, np.maximum(end_min, start_min + 1), end_min)
    return {"start_min": start_min, "start_max": start_max, "end_min": end_min, "end_max": end_max}
