"""What events and rows are called: held as the place of the row that they are named after, made text when it is shown."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import filled, numbers, one
from levensloop.schema import TEXTS

Ints = npt.NDArray[np.int64]
_DIGITS: Final = "0123456789"
#: With their type: of a bare value pyarrow infers it, and that loads pandas.
_NONE, _COLON, _DOT = (pa.scalar(text, pa.string()) for text in ("", ":", "."))
#: Rows whose names are made at once: an array of text holds at most 2 GB.
PIECE: Final = 1 << 22
#: Columns that tell where an event comes from, and so what it is called.
WHERE: Final = ("source", "record", "part")
_AS_READ: Final = pa.schema([("event", pa.string()), ("sources", TEXTS), ("disputed", TEXTS)])
#: Columns that hold the ids of events.
EVENT_COLUMNS: Final = ("event", "other", "start_event", "end_event")


@dataclass(frozen=True, slots=True, repr=False)
class Names:
    """What delivered rows and their events are called: ``source:record``, and ``source:record.part`` of one of several.

    Parameters
    ----------
    origin : pyarrow.Table
        The `source`, `record` and `part` of each event, as in ``schema.ORIGIN``.

    Examples
    --------
    >>> origin = {"source": pa.array(["ggz", "ggz"]).dictionary_encode(), "record": [7, 8], "part": [0, 2]}
    >>> names = Names(pa.table(origin))
    >>> names.events(np.array([1, 0])).to_pylist(), names.records(np.array([1])).to_pylist()
    (['ggz:8.2', 'ggz:7'], ['ggz:8'])
    """

    origin: pa.Table

    def __post_init__(self) -> None:
        # Each in one piece: to put pieces together for every look would cost more than the look.
        told = {name: one(self.origin.column(name)) for name in WHERE}
        object.__setattr__(self, "origin", pa.table(told))

    def __len__(self) -> int:
        return self.origin.num_rows

    def events(self, rows: "Ints | pa.Array | None" = None) -> pa.Array:
        """The ids of the events of some rows, or of all; null where the row is."""
        return _of_parts(self.records(rows), self._of("part", rows))

    def records(self, rows: "Ints | pa.Array | None" = None) -> pa.Array:
        """What some delivered rows are called, or all."""
        return _of_rows(self._of("source", rows), self._of("record", rows))

    def sources(self, rows: "Ints | pa.Array") -> pa.Array:
        """The sources of some rows, as codes."""
        return self._of("source", rows)

    def row(self, event: str) -> int:
        """The row of an event, by its id; -1 if there is none."""
        record, _, part = event.rpartition(":")[2].partition(".")
        if not record.isdecimal() or (part and not part.isdecimal()):
            return -1
        same = numbers(self.origin.column("record")) == int(record)
        same &= numbers(self.origin.column("part")) == int(part or 0)
        rows = np.flatnonzero(same)
        told = self.events(rows).to_pylist()
        return int(rows[told.index(event)]) if event in told else -1

    def _of(self, name: str, rows: "Ints | pa.Array | None") -> pa.Array:
        column = one(self.origin.column(name))
        return column if rows is None else column.take(rows if isinstance(rows, pa.Array) else pa.array(rows))


@dataclass(frozen=True, repr=False)
class Called:
    """The ids of the events of a table by their place there, made when they are asked for.

    Parameters
    ----------
    events : pyarrow.ChunkedArray
        Their ids, or the rows after which they are named.
    names : Names or None
        Of the rows, if these are held.

    Examples
    --------
    >>> Called(pa.chunked_array([["ggz:7", "ggz:8.2"]]), None).take(pa.array([1])).to_pylist()
    ['ggz:8.2']
    """

    events: pa.ChunkedArray
    names: Names | None

    @cached_property
    def _held(self) -> pa.Array:
        return one(self.events)

    def take(self, places: pa.Array) -> pa.Array:
        """The ids of some events; null where the place is."""
        held = self._held.take(places)
        return held if self.names is None else self.names.events(held)


def sources_in(lists: pa.Array, names: Names | None) -> pa.Array:
    """The sources of all records in lists of such, one after another, as codes.

    Examples
    --------
    >>> sources_in(pa.array([["ggz:12", "ggz_1:12.2"], ["a:b:3"]]), None).to_pylist()
    ['ggz', 'ggz_1', 'a:b']
    """
    if names is not None:
        return names.sources(lists.flatten())
    # Few are left, which end as the source does.
    told = pc.ascii_rtrim(lists.flatten(), _DIGITS).dictionary_encode()
    return pc.replace_substring_regex(told.dictionary, r":[^:]*$", "").take(told.indices).dictionary_encode()


def events_in(told: pa.Table) -> pa.Array:
    """The names of events by their `source`, `record` and `part`: of rows that make several parts are 1, 2, ..., else 0.

    Examples
    --------
    >>> source = pa.array(["ggz", "ggz"]).dictionary_encode()
    >>> events_in(pa.table({"source": source, "record": [7, 8], "part": [0, 2]})).to_pylist()
    ['ggz:7', 'ggz:8.2']
    """
    source, record, part = (one(told.column(name)) for name in WHERE)
    return _of_parts(_of_rows(source, record), part)


def _of_rows(source: pa.Array, record: pa.Array) -> pa.Array:
    start = pc.binary_join_element_wise(source.dictionary, _NONE, _COLON)
    return pc.binary_join_element_wise(start.take(source.indices), record.cast(pa.string()), _NONE)


def _of_parts(names: pa.Array, part: pa.Array) -> pa.Array:
    several = filled(part) > 0
    if not several.any():
        return names
    parts = pc.binary_join_element_wise(names, part.cast(pa.string()), _DOT)
    return pc.if_else(pa.array(several), parts, names)


def shown(table: pa.Table, names: Names | None) -> pa.Table:
    """A table with the names of events and records as text, where they are held as rows of `names`.

    Examples
    --------
    >>> origin = {"source": pa.array(["ggz", "ggz"]).dictionary_encode(), "record": [7, 8], "part": [0, 0]}
    >>> held = pa.table({"event": pa.array([1], pa.int32()), "sources": pa.array([[1, 0]], pa.list_(pa.int32()))})
    >>> shown(held, Names(pa.table(origin))).to_pylist()
    [{'event': 'ggz:8', 'sources': ['ggz:8', 'ggz:7']}]
    """
    if names is None:
        return table
    for place, name in enumerate(table.column_names):
        if name in EVENT_COLUMNS:
            chunks = [names.events(chunk) for chunk in table.column(name).chunks]
            table = table.set_column(place, name, pa.chunked_array(chunks, pa.string()))
        elif name == "sources":
            chunks = [_listed(chunk, names) for chunk in table.column(name).chunks]
            table = table.set_column(place, name, pa.chunked_array(chunks, TEXTS))
    return table


def _listed(lists: pa.ListArray, names: Names) -> pa.Array:
    starts = pc.subtract(lists.offsets, lists.offsets[0]) if len(lists) else lists.offsets
    return pa.ListArray.from_arrays(starts, names.records(lists.flatten()))


def as_read(names: Names) -> pa.Table:
    """The ids of all events as they were read, and the records behind each: its own.

    Examples
    --------
    >>> origin = {"source": pa.array(["ggz"]).dictionary_encode(), "record": [8], "part": [2]}
    >>> as_read(Names(pa.table(origin))).to_pylist()
    [{'event': 'ggz:8.2', 'sources': ['ggz:8'], 'disputed': []}]
    """
    pieces: list[pa.RecordBatch] = []
    for first in range(0, len(names), PIECE):
        some = Names(names.origin.slice(first, PIECE))
        each, none = np.arange(len(some) + 1, dtype=np.int32), np.zeros(len(some) + 1, np.int32)
        records = some.records()
        lists = pa.ListArray.from_arrays(pa.array(each), records)
        disputed = pa.ListArray.from_arrays(pa.array(none), pa.array([], pa.string()))
        events = _of_parts(records, one(some.origin.column("part")))
        pieces.append(pa.RecordBatch.from_arrays([events, lists, disputed], schema=_AS_READ))
    return pa.Table.from_batches(pieces, _AS_READ)
