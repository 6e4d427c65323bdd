"""What order and plain logic tell of the days of events."""

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import any_of, birthday, dates, days, one, row_of
from levensloop.arrow import filled, numbers
from levensloop.naming import Names
from levensloop.ordering import OWN, Order, chained, tightened
from levensloop.schema import CONFLICTS, kinds_of
from levensloop.sorting import distinct
from levensloop.spans import NO_DAY, Bools, Ints

_SCHOOL_AGE: Final = 4
#: Columns by which rows refer to others.
_REFERENCES: Final = ("after", "before")
#: Why a bound is what it is, when no other event is the cause.
RULES: Final = ("birth", "school_after_four")


class Reasoned(NamedTuple):
    """Events with tightened bounds, in the order in which they came.

    `rows` are those whose bounds are narrower now, `cause` is for each the row of the event that made them so, `OWN` where
    `rule`, a place in `RULES`, did.
    """

    events: pa.Table
    rows: Ints
    cause: Ints
    rule: Ints
    conflicts: pa.Table


def reasoned(events: pa.Table, born: Ints, order: Order, names: Names) -> Reasoned:
    """Tighten the first days of events by their order, the birth, and the age at which school begins.

    Parameters
    ----------
    events : pyarrow.Table
        Columns as in ``schema.FACTS``.
    born : numpy.ndarray of int
        The earliest day of birth of each event's youth, `NO_DAY` if unknown.
    order : Order
        Rows that did not begin after other rows.
    names : Names
        What rows are called.

    Returns
    -------
    Reasoned
        Where the order leaves no days, the bounds stay as they were, and the records are told.

    Notes
    -----
    Only dates that are not known to the day move. What is about the youth does not begin before the birth, and
    school not before the fourth birthday, unless its date says so.
    """
    low, high = days(events.column("start_min")), days(events.column("start_max"))
    floor, reason = _plain(events, born)
    raised = (floor > low) & (floor <= high)
    found = tightened(np.where(raised, floor, low), high, order)
    rows = np.flatnonzero((found.low != low) | (found.high != high))
    conflicts = _conflicts(events, (low, high), found.clash, names)
    cause = np.where(found.low_by != OWN, found.low_by, found.high_by)[rows]
    told = _with_bounds(events, found.low, found.high) if rows.size else events
    return Reasoned(told, rows, cause, reason[rows], conflicts)


def _plain(events: pa.Table, born: Ints) -> tuple[Ints, Ints]:
    """The first day that plain logic allows, and by which rule."""
    school = any_of(events.column("kind"), kinds_of("school"))
    known = any_of(events.column("about"), ("youth",)) & (born != NO_DAY)
    floor = np.where(known, born, NO_DAY)
    late = known & school
    floor[late] = birthday(born[late], _SCHOOL_AGE)
    return floor, late.astype(np.int64)


def _with_bounds(events: pa.Table, low: Ints, high: Ints) -> pa.Table:
    end_min = days(events.column("end_min"))
    bounds = {
        "start_min": low,
        "start_max": high,
        "end_min": np.where(end_min == NO_DAY, NO_DAY, np.maximum(end_min, low + 1)),
    }
    for name, day in bounds.items():
        events = events.set_column(events.column_names.index(name), events.schema.field(name), dates(day))
    return events


def _conflicts(
    events: pa.Table, bounds: tuple[Ints, Ints], clash: tuple[Ints, Ints], names: Names
) -> pa.Table:
    """The pairs whose days exclude their order; few, so told one by one."""
    told: list[dict[str, Any]] = []
    (low, high), youth = bounds, events.column("youth")
    for early, late in zip(*(side.tolist() for side in clash), strict=True):
        first = [lists[0].as_py() for lists in events.column("sources").take(pa.array([early, late]))]
        told.append(
            {
                "youth": youth[early].as_py(),
                "column": "order",
                "values": [str(np.datetime64(int(day), "D")) for day in (low[early], high[late])],
                "records": names.records(np.array(first)).to_pylist(),
            }
        )
    return pa.Table.from_pylist(told, schema=CONFLICTS)


def refers(origin: pa.Table) -> bool:
    """Whether any row of `origin` refers to another."""
    return any(origin.column(name).null_count < len(origin) for name in _REFERENCES)


def order_of_records(origin: pa.Table, named: pa.Table, youth: Ints, source: Ints) -> tuple[Order, Ints]:
    """The order that sources tell of their rows: by reference, or by the place in a list.

    Parameters
    ----------
    origin : pyarrow.Table
        Columns as in ``schema.ORIGIN``; no rows where nothing is told of their order.
    named : pyarrow.Table
        The `record` and the `care_id` of each row.
    youth, source : numpy.ndarray of int
        Row by row.

    Returns
    -------
    order : Order
        Of rows, by their place.
    unknown : numpy.ndarray of int
        Rows with a reference to nothing that there is.

    Notes
    -----
    A reference is the number of a row of the same source, ``source:row`` of any, or a care reference: every
    event of the same youth that bears it is meant.
    """
    firsts: list[Ints] = []
    thens: list[Ints] = []
    lost: list[Ints] = []
    for name in _REFERENCES:
        lists = one(origin.column(name))
        if lists.null_count == len(lists):
            continue
        row, target, unmet = _references(lists, named, youth)
        firsts.append(target if name == "after" else row)
        thens.append(row if name == "after" else target)
        lost.append(unmet)
    listed = np.flatnonzero(numbers(pc.fill_null(one(origin.column("ordered")), fill_value=False)))
    if listed.size:
        group = youth[listed] * (int(source.max()) + 1) + source[listed]
        rank = numbers(origin.column("record"))[listed]
        chain = chained(group, rank)
        firsts.append(listed[chain.first])
        thens.append(listed[chain.then])
    none = [np.zeros(0, np.int64)]
    order = Order(np.concatenate(firsts or none), np.concatenate(thens or none))
    return order, distinct(np.concatenate(lost or none))


def _references(lists: pa.Array, named: pa.Table, youth: Ints) -> tuple[Ints, Ints, Ints]:
    """Pairs of a row and one that it refers to, and the rows whose reference leads nowhere."""
    row = numbers(pc.list_parent_indices(lists)).astype(np.int64)
    token = lists.flatten()
    records = one(named.column("record"))
    prefix = pc.replace_substring_regex(records.take(pa.array(row)), r":[^:]*$", ":")
    number = pc.match_substring_regex(token, r"^\d+$")
    full = pc.if_else(number, pc.binary_join_element_wise(prefix, token, ""), token)
    by_record = _bearing(records, youth, full, youth[row])
    by_care = _bearing(one(named.column("care_id")), youth, token, youth[row])
    met = np.bincount(by_record[0], minlength=row.size) > 0
    cared = ~met[by_care[0]]
    place = np.concatenate([by_record[0], by_care[0][cared]])
    target = np.concatenate([by_record[1], by_care[1][cared]])
    other: Bools = row[place] != target
    unmet = ~met & (np.bincount(by_care[0], minlength=row.size) == 0)
    return row[place][other], target[other], row[unmet]


def _bearing(names: pa.Array, youth: Ints, wanted: pa.Array, whose: Ints) -> tuple[Ints, Ints]:
    """Pairs of a place in `wanted` and a row of the same youth that bears the name wanted there."""
    encoded = names.dictionary_encode()
    code = filled(encoded.indices).astype(np.int64)
    size = len(encoded.dictionary) + 1
    key = np.where(code >= 0, youth * size + code, -1)
    order = np.argsort(key, kind="stable")
    named = row_of(wanted, encoded.dictionary)
    sought = np.where(named >= 0, whose * size + named, -2)
    low = np.searchsorted(key[order], sought, side="left")
    count = np.searchsorted(key[order], sought, side="right") - low
    place = np.repeat(np.arange(sought.size), count)
    nth = np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
    return place, order[low[place] + nth]
