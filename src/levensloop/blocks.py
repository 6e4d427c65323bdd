"""Merging whole youths at a time: blocks of rows that are merged side by side and put together again.

What one youth's rows become rests on nobody else's. So the rows are parted into blocks of whole youths, small
enough that the arrays of a block stay near the processor, and every processor merges a block.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.across import How, across, reordered
from levensloop.arrays import any_of, codes, days, one
from levensloop.arrow import numbers
from levensloop.choices import Choice, choices_of, pairings, unexplained
from levensloop.dealing import Block, Delivered, Part, parted
from levensloop.episodes import Made, episodes_of
from levensloop.gathering import gathered
from levensloop.joining import joined
from levensloop.reasoning import order_of_records, reasoned
from levensloop.schema import FACTS, conform, words
from levensloop.sorting import distinct
from levensloop.spans import Ints
from levensloop.telling import Telling
from levensloop.views import departed

#: Rows in a block, but for a youth with more.
_ROWS: Final = 1 << 18


class Merged(NamedTuple):
    """What rows became: tables as in `schema`, the row of `events` that each of them is part of, and of which episodes are made.

    `gone` is the day on which each youth died or left, as `departed` tells.
    """

    events: pa.Table
    episodes: pa.Table
    choices: pa.Table
    conflicts: pa.Table
    place: Ints
    made: Made
    gone: Ints


def merged(rows: Delivered, how: How) -> Merged:
    """The facts, episodes and choices of delivered rows, youth by youth."""
    parts = list(_parts(rows))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        blocks = list(pool.map(lambda block: _block(block, how), parted(rows, parts, how.names, pool.map)))
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
    gone = np.concatenate([block.gone for block in blocks])
    whole = Made(*map(np.concatenate, zip(*made, strict=True)))
    return Merged(events, episodes, choices, conflicts, place, whole, gone)


def _parts(rows: Delivered) -> Iterator[Part]:
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


def _block(block: Block, how: How) -> Merged:
    """The facts of some youths, the episodes that they make, and what was chosen."""
    told = _told(block, how)
    opened, closed = (
        partial(told.telling.bound, how.windows[side], least=side == "start") for side in ("start", "end")
    )
    episodes, made, parts = joined(*episodes_of(told.events, opened), told.telling, closed)
    rows = numbers(told.events.column("event"))
    whole = Choice("joined", parts[0], *(rows[row] for row in parts))
    chosen = choices_of(told.events, [*told.chosen, whole, *pairings(told.events, made)])
    gone = _gone(told.events, len(block.ids))
    return Merged(told.events, episodes, chosen, told.conflicts, told.place, made, gone)


def _gone(events: pa.Table, size: int) -> Ints:
    """The day on which each of so many youths died or left; of most youths no row tells of either."""
    youth = numbers(one(events.column("youth")).indices)
    some = np.zeros(size, bool)
    some[youth[any_of(events.column("kind"), ("death", "move"))]] = True
    rows = np.flatnonzero(some[youth])
    told = gathered(events.select(["about", "kind", "reason", "start_max"]), rows)
    own = any_of(told.column("about"), ("youth",))
    kind, reason = (codes(told.column(name), words(f"{name}s"))[own] for name in ("kind", "reason"))
    return departed(youth[rows][own], kind, reason, days(told.column("start_max"))[own], size)


class _Told(NamedTuple):
    """The facts that are told, in their order, and what was chosen to come to them.

    `place` is the row of each delivered event, `telling` says which sources tell each.
    """

    events: pa.Table
    place: Ints
    telling: Telling
    chosen: tuple[Choice, ...]
    conflicts: pa.Table


def _told(block: Block, how: How) -> _Told:
    """One row a fact: exact duplicates, then what several sources tell, then what the order tells of days."""
    order, run, *_ = block.same
    facts = _facts(block)
    telling = Telling.of(run, block.source[order], len(how.names))
    merged, place = across(facts, telling, how)
    row = np.empty(order.size, np.int64)
    row[order] = place[run]
    known_order, unmet = order_of_records(block.origin, block.named, block.youth, block.source)
    own = numbers(one(merged.column("youth")).indices).astype(np.int64)
    found = reasoned(merged, block.born[own], known_order.moved(row), how.called)
    order = at = np.arange(own.size)
    table = merged
    if found.rows.size:
        order = reordered(found.events, order, own, own[found.rows])
        at = np.empty(order.size, np.int64)
        at[order] = np.arange(order.size)
        table = gathered(found.events, order)
    named = np.append(numbers(merged.column("event")), -1)  # where no event is the cause, none is named
    chosen = (
        _apart(facts, table, at[place]),
        Choice("tightened", at[found.rows], named[found.rows], named[found.cause], found.rule),
        unexplained("unknown_reference", table, distinct(at[row[unmet]])),
    )
    return _Told(table, at[row], telling.moved(at[place]), chosen, found.conflicts)


def _facts(block: Block) -> pa.Table:
    """One row a fact: that of its leading record, with the records of all."""
    order, _, heads, lead = block.same
    offsets, none = np.append(heads, order.size), np.zeros(heads.size + 1)
    youth = pa.array(block.youth[order[heads]].astype(np.int32))
    columns = {
        "event": pa.array(lead.astype(np.int32)),
        "youth": pa.DictionaryArray.from_arrays(youth, block.ids),
        "sources": _lists(offsets, pa.array(block.record.astype(np.int32))),
        "disputed": _lists(none, pa.array([], pa.string())),
    }
    table = block.facts
    for name, column in columns.items():
        table = table.append_column(name, column)
    return conform(table, FACTS)


def _lists(offsets: npt.NDArray[Any], values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)


def _apart(facts: pa.Table, merged: pa.Table, place: Ints) -> Choice:
    """Facts that became part of another."""
    several = np.flatnonzero((np.bincount(place, minlength=len(merged)) > 1)[place])
    event = numbers(facts.column("event"))[several]
    other = numbers(merged.column("event"))[place[several]]
    gone = event != other
    return Choice("same_fact", place[several][gone], event[gone], other[gone])
