"""Merging whole youths at a time: blocks of rows that are merged side by side and put together again.

What one youth's rows become rests on nobody else's. So the rows are parted into blocks of whole youths, small
enough that the arrays of a block stay near the processor, and every processor merges a block.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.across import across, content, reordered
from levensloop.arrays import codes, one
from levensloop.choices import Choice, choices_of, pairings, unexplained
from levensloop.episodes import Made, episodes_of
from levensloop.gathering import gathered
from levensloop.joining import joined
from levensloop.reasoning import order_of_records, reasoned
from levensloop.resolving import Policy
from levensloop.samefacts import Family
from levensloop.schema import EVENTS, conform
from levensloop.sorting import distinct, order_of, packed
from levensloop.spans import Ints, runs
from levensloop.telling import Telling

#: Rows in a block, but for a youth with more.
_ROWS: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Delivered:
    """Rows as delivered, with the place of each row's youth among `ids`.

    Parameters
    ----------
    events, origin : pyarrow.Table
        Columns as in ``schema.DELIVERED`` and ``schema.ORIGIN``.
    youth : numpy.ndarray of int
        Row by row.
    ids : pyarrow.Array
        The youths, in their order.
    born : numpy.ndarray of int
        The earliest day of birth of each youth, `NO_DAY` if unknown.
    """

    events: pa.Table
    origin: pa.Table
    youth: Ints
    ids: pa.Array
    born: Ints


@dataclass(frozen=True, slots=True)
class How:
    """What merging needs to know besides the rows.

    Parameters
    ----------
    names : sequence of str
        The names of the sources, in alphabetical order.
    windows : mapping of str to numpy.ndarray of int
        The ``start`` of each source's window, and its exclusive ``end``.
    known : mapping of str to Family
        Which kinds can be one fact.
    policy : Policy
        Which value stands where sources differ.
    """

    names: Sequence[str]
    windows: Mapping[str, Ints]
    known: Mapping[str, Family]
    policy: Policy


class Merged(NamedTuple):
    """What rows became: tables as in `schema`, the row of `events` that each of them is part of, and of which episodes are made."""

    events: pa.Table
    episodes: pa.Table
    choices: pa.Table
    conflicts: pa.Table
    place: Ints
    made: Made


def merged(rows: Delivered, how: How) -> Merged:
    """The facts, episodes and choices of delivered rows, youth by youth."""
    rows = replace(rows, events=_bare(rows.events))
    parts = list(_parts(rows))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        blocks = list(pool.map(lambda part: _block(_some(rows, *part), how), parts))
    if len(blocks) == 1:
        return blocks[0]
    place = np.empty(rows.youth.size, np.int64)
    made: list[Made] = []
    first = 0
    for (own, _, _), block in zip(parts, blocks, strict=True):
        place[own] = block.place + first
        made.append(Made(*(np.where(side < 0, -1, side + first) for side in block.made)))
        first += len(block.events)
    lows = [low for _, low, _ in parts]
    events, episodes, choices = (
        _together([block[at] for block in blocks], lows, rows.ids) for at in range(3)
    )
    conflicts = pa.concat_tables([block.conflicts for block in blocks])
    return Merged(
        events, episodes, choices, conflicts, place, Made(*map(np.concatenate, zip(*made, strict=True)))
    )


def _bare(events: pa.Table) -> pa.Table:
    """The columns that a fact is made of; where each event is its own only record, that is told once."""
    own = one(events.column("event")).equals(one(events.column("sources")).flatten())
    return events.drop_columns(["person", "sources"] if own else ["person"])


def _parts(rows: Delivered) -> Iterator[tuple[Ints, int, int]]:
    """Blocks of whole youths: which rows, from which youth on, and the first youth after it."""
    before = np.cumsum(np.bincount(rows.youth, minlength=len(rows.ids))) - 1
    block = np.maximum(before, 0) // _ROWS
    firsts = np.append(np.flatnonzero(np.diff(block, prepend=-1)), block.size).tolist()
    if len(firsts) <= 2:  # noqa: PLR2004 - where the one block begins and ends
        yield np.arange(rows.youth.size), 0, len(rows.ids)
        return
    number = np.repeat(np.arange(len(firsts) - 1, dtype=np.uint16), np.diff(firsts))[rows.youth]
    order = np.argsort(number, kind="stable")
    ends = np.cumsum(np.bincount(number, minlength=len(firsts) - 1))
    yield from zip(np.split(order, ends[:-1]), firsts[:-1], firsts[1:], strict=True)


def _some(rows: Delivered, own: Ints, low: int, high: int) -> Delivered:
    """The rows of the youths from `low` up to `high`."""
    if own.size == rows.youth.size:
        return rows
    events, origin = (gathered(table, own) for table in (rows.events, rows.origin))
    return Delivered(
        events, origin, rows.youth[own] - low, rows.ids.slice(low, high - low), rows.born[low:high]
    )


def _together(tables: Sequence[pa.Table], first: Sequence[int], ids: pa.Array) -> pa.Table:
    """The tables of all blocks as one, a chunk each, their youths among all."""
    whose = [
        pa.DictionaryArray.from_arrays(
            pc.add(one(table.column("youth")).indices, pa.scalar(low, pa.int32())), ids
        )
        for table, low in zip(tables, first, strict=True)
    ]
    rest = pa.concat_tables([table.drop_columns("youth") for table in tables]).unify_dictionaries()
    at = tables[0].column_names.index("youth")
    return rest.add_column(at, tables[0].schema.field("youth"), pa.chunked_array(whose))


def _block(rows: Delivered, how: How) -> Merged:
    """The facts of some youths, the episodes that they make, and what was chosen."""
    told = _told(rows, how)
    opened, closed = (
        told.telling.bound(how.windows[side], len(told.events), least=side == "start")
        for side in ("start", "end")
    )
    episodes, made, parts = joined(*episodes_of(told.events, opened), told.telling, closed)
    ids = one(told.events.column("event"))
    whole = Choice("joined", parts[0], *(ids.take(pa.array(row)) for row in parts))
    chosen = choices_of(told.events, [*told.chosen, whole, *pairings(told.events, made)])
    return Merged(told.events, episodes, chosen, told.conflicts, told.place, made)


class _Told(NamedTuple):
    """The facts that are told, in their order, and what was chosen to come to them.

    `place` is the row of each delivered event, `telling` says which sources tell each.
    """

    events: pa.Table
    place: Ints
    telling: Telling
    chosen: tuple[Choice, ...]
    conflicts: pa.Table


def _told(rows: Delivered, how: How) -> _Told:
    """One row a fact: exact duplicates, then what several sources tell, then what the order tells of days."""
    source = codes(rows.origin.column("source"), how.names)
    order, run, heads = _same(rows.events, rows.origin, rows.youth, source)
    facts = _merged(rows.events, rows.ids, rows.youth, order, heads)
    telling = Telling.of(run, source[order], len(how.names))
    merged, place = across(facts, telling, how.names, how.known, how.policy)
    row = np.empty(order.size, np.int64)
    row[order] = place[run]
    known_order, unmet = order_of_records(rows.origin, rows.events, rows.youth, source)
    own = one(merged.column("youth")).indices.to_numpy(zero_copy_only=False).astype(np.int64)
    found = reasoned(merged, rows.born[own], known_order.moved(row))
    order = at = np.arange(own.size)
    table = merged
    if found.rows.size:
        order = reordered(found.events, order, own, own[found.rows])
        at = np.empty(order.size, np.int64)
        at[order] = np.arange(order.size)
        table = gathered(found.events, order)
    ids = one(merged.column("event"))
    chosen = (
        _apart(facts, table, at[place]),
        Choice("tightened", at[found.rows], ids.take(pa.array(found.rows)), found.why),
        unexplained("unknown_reference", table, distinct(at[row[unmet]])),
    )
    return _Told(table, at[row], telling.moved(at[place]), chosen, found.conflicts)


def _same(delivered: pa.Table, origin: pa.Table, youth: Ints, source: Ints) -> tuple[Ints, Ints, Ints]:
    """The order of rows by content, the number of the fact that each is, and the first row of each."""
    told = packed(content(delivered, youth))
    record, part = (one(origin.column(name)).to_numpy() for name in ("record", "part"))
    order = order_of([*told, source, record, part])
    run, heads = runs(*(key[order] for key in told))
    return order, run, heads


def _merged(delivered: pa.Table, ids: pa.Array, youth: Ints, order: Ints, heads: Ints) -> pa.Table:
    """One row a fact: that of its leading record, with the records of all."""
    lead = order[heads]
    own = "sources" not in delivered.column_names  # no row made several events
    table = gathered(delivered.drop_columns(["event"] if own else ["event", "sources"]), lead)
    names = one(delivered.column("event"))
    records = (names if own else one(delivered.column("sources")).flatten()).take(pa.array(order))
    if own:
        names = records if lead.size == order.size else records.take(pa.array(heads))
    else:
        names = names.take(pa.array(lead))
    offsets = pa.array(np.append(heads, order.size).astype(np.int32))
    whose = pa.DictionaryArray.from_arrays(pa.array(youth[lead].astype(np.int32)), ids)
    table = table.append_column("event", names).append_column("youth", whose)
    return conform(
        table.append_column("sources", pa.ListArray.from_arrays(offsets, records)),
        EVENTS,
    )


def _apart(facts: pa.Table, merged: pa.Table, place: Ints) -> Choice:
    """Facts that became part of another."""
    several = np.flatnonzero((np.bincount(place, minlength=len(merged)) > 1)[place])
    ids = one(merged.column("event"))
    event, other = (
        one(facts.column("event")).take(pa.array(several)),
        ids.take(pa.array(place[several])),
    )
    gone = pc.not_equal(event, other).to_numpy(zero_copy_only=False)
    return Choice(
        "same_fact",
        place[several][gone],
        event.filter(pa.array(gone)),
        other.filter(pa.array(gone)),
    )
