"""Events: what sources delivered, normalised, with its origin, its persons and its faults."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.accounts import fates_of, retold, together
from levensloop.arrow import numbers
from levensloop.assembling import EventParts, SourceBatch, assembled, joined
from levensloop.cells import encoded, one, readable
from levensloop.errors import Fault, UserError, fault
from levensloop.normalise import Options, normalise
from levensloop.schema import (
    DEFAULT_COLUMNS,
    DELIVERED,
    HELD,
    NAME_COLUMNS,
    ORIGIN,
    PERSONS,
    SOURCES,
    conform,
)
from levensloop.tables import Table

#: Types of what is text.
_TEXTS: Final = (pa.string(), pa.large_string(), pa.string_view())

__all__ = ["EventParts", "Events", "SourceBatch", "assemble"]


class Events(Table):
    """Events of one or more sources, one row a fact, before records are linked to youths.

    Parameters
    ----------
    table : object
        Anything that speaks the Arrow C stream (pandas, polars, duckdb, pyarrow), in the default
        layout: `person`, `agency`, `kind`, `start` and any other of `schema.DEFAULT_COLUMNS`.
        Dates are dates or EDTF text.
    window : (date, date), optional
        The first and last day that the table tells of, both inclusive. Without it: from the first
        to the last recorded day.
    until : date, optional
        The day of extraction; the last day of the window if none is given.
    source : str, optional
        The name of the source.

    Attributes
    ----------
    origin, persons, sources, records : Table
        Where each event comes from, row by row; who the persons are; what was delivered; and what
        became of each delivered row.
    faults : tuple of Fault
        All that is wrong with what was delivered.
    until : date or None
        The day of extraction.

    Raises
    ------
    UserError
        When a required column is missing, or the table cannot be read at all.

    Examples
    --------
    >>> table = pa.table({
    ...     "person": ["a", "a"], "agency": ["GGZ", "GGZ"], "kind": ["care", "contact"],
    ...     "start": ["2005-03", "2005-02-30"], "end": ["2006", None],
    ... })
    >>> events = Events(table)
    >>> len(events), str(events.faults[0])
    (1, "events, row 2, column 'start': impossible date. Hint: correct the date in the extract.")
    """

    __slots__ = ("faults", "held", "origin", "persons", "records", "sources", "until")

    faults: tuple[Fault, ...]
    origin: Table
    persons: Table
    records: Table
    sources: Table
    until: date | None

    def __init__(
        self,
        table: object,
        *,
        window: tuple[date, date] | None = None,
        until: date | None = None,
        source: str = "events",
    ) -> None:
        if window is not None and window[1] < window[0]:
            raise UserError("the window ends before it starts; give (first day, last day)")
        self._fill(assembled([_batch(_arrow(table, source), source, window)], until, ()))

    def _fill(self, parts: EventParts) -> None:
        #: The rows with what is said in them as codes (`schema.HELD`).
        self.held: pa.Table = conform(parts.delivered, HELD)
        super().__init__(self.held)
        self.origin, self.persons = Table(parts.origin), Table(parts.persons)
        self.sources = Table(parts.sources)
        self.records = parts.records if isinstance(parts.records, Table) else Table(parts.records)
        self.faults, self.until = parts.faults, parts.until

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow table; what is said in them becomes text when this is first asked for."""
        if self._table is self.held:
            self._table = conform(self.held, DELIVERED)
        return self._table

    def __len__(self) -> int:
        return self.held.num_rows

    @classmethod
    def of(cls, parts: EventParts) -> Self:
        """Events of tables that are there already.

        Examples
        --------
        >>> from levensloop.schema import RECORDS
        >>> nothing = [shape.empty_table() for shape in (DELIVERED, ORIGIN, PERSONS, SOURCES, RECORDS)]
        >>> Events.of(EventParts(*nothing))
        <Events: 0 rows, 25 columns>
        """
        new = object.__new__(cls)
        new._fill(parts)
        return new

    @classmethod
    def concat(cls, events: "Iterable[Events]") -> "Events":
        """The events of several tables as one.

        Parameters
        ----------
        events : iterable of Events
            Each with sources of its own name.

        Raises
        ------
        UserError
            When two have a source of the same name.

        Examples
        --------
        >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]})
        >>> len(Events.concat([Events(table, source="gp"), Events(table, source="copy")]))
        2
        """
        parts = list(events)
        names = [name for one_of in parts for name in one_of.sources.to_arrow().column("source").to_pylist()]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise UserError(fault("duplicate_source", name) for name in double)
        return cls.of(
            EventParts(
                joined([part.held for part in parts], HELD),
                joined([part.origin.to_arrow() for part in parts], ORIGIN),
                joined([part.persons.to_arrow() for part in parts], PERSONS),
                joined([part.sources.to_arrow() for part in parts], SOURCES),
                together([part.records for part in parts]),
                tuple(one_fault for part in parts for one_fault in part.faults),
                max((part.until for part in parts if part.until is not None), default=None),
            )
        )

    def where(self, mask: "pa.Array | pa.ChunkedArray", reason: "pa.Array | None" = None) -> Self:
        """The events for which `mask` holds; the records tell that the others were left out.

        Parameters
        ----------
        mask : pyarrow array of bool
            One value an event.
        reason : pyarrow.Array, optional
            Why each event that is not kept is left out, for the records; ``left_out`` if none is given.

        Examples
        --------
        >>> table = pa.table({"person": ["a", "b"], "agency": "GP GGZ".split(), "kind": ["contact"] * 2,
        ...     "start": ["2005", "2006"]})
        >>> events = Events(table)
        >>> some = events.where(pc.equal(events.to_arrow()["agency"], "GP"))
        >>> some.records.to_arrow()["fate"].to_pylist()
        ['event', 'ignored']
        """
        kept = self.to_arrow().filter(mask)
        keys = one(kept.column("person")).cast(pa.string())  # coded anew: the others' keys are left behind
        kept = kept.set_column(
            kept.column_names.index("person"), DELIVERED.field("person"), keys.dictionary_encode()
        )
        records = fates_of(self.records)
        event = one(records.column("event"))
        gone = pc.and_(event.is_valid(), pc.invert(pc.is_in(event, one(kept.column("event")))))
        fate = pc.if_else(gone, "ignored", one(records.column("fate")).cast(pa.string())).dictionary_encode()
        columns = {name: records.column(name) for name in records.column_names}
        columns["fate"] = fate
        why: Any = "left_out"
        if reason is not None:
            why = reason.take(pc.index_in(event, one(self.to_arrow().column("event"))))
        columns["reason"] = pc.if_else(gone, why, one(records.column("reason")))
        columns["event"] = pc.if_else(gone, pa.scalar(None, pa.string()), event)
        return type(self).of(
            EventParts(
                kept,
                self.origin.to_arrow().filter(mask),
                self.persons.to_arrow(),
                self.sources.to_arrow(),
                retold(self.records, pa.table(columns)),
                self.faults,
                self.until,
            )
        )


def assemble(
    batches: Sequence[SourceBatch], until: date | None = None, faults: Iterable[Fault] = ()
) -> Events:
    """Events of files that were read and normalised.

    Parameters
    ----------
    batches : sequence of SourceBatch
        In the order in which they are to stand.
    until : date, optional
        The day of extraction.
    faults : iterable of Fault
        What reading found; the faults of the batches are added.

    Returns
    -------
    Events

    Raises
    ------
    LevensloopError
        When a delivered row would be lost: the program is at fault, not the file.
    """
    return Events.of(assembled(batches, until, faults))


def _arrow(table: object, source: str) -> pa.Table:
    """Whatever was given as a pyarrow table."""
    if not hasattr(table, "__arrow_c_stream__") and not hasattr(table, "__arrow_c_array__"):
        raise UserError(f"a {type(table).__name__} is no table; give a pandas, polars, duckdb or pyarrow one")
    try:
        found = pa.table(table)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        # Its words may hold what stands in a cell, so they are not passed on.
        raise UserError(
            f"{source}: a column mixes values of several types; make each column all text, or all dates"
        ) from None
    found = found.select(
        [place for place, name in enumerate(found.column_names) if not name.startswith("__index")]
    )
    double = sorted({name for name in found.column_names if found.column_names.count(name) > 1})
    if double:
        raise UserError(fault("duplicate_column", source, column=name) for name in double)
    return pa.table([_whole(column) for column in found.columns], found.column_names)


def _whole(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A column without pieces of no rows, which may lack buffers, and without the words that none of its rows has.

    A frame that was cut keeps the words of rows that are no longer there.
    """
    column = readable(pa.chunked_array([piece for piece in column.chunks if len(piece)], column.type))
    if not pa.types.is_dictionary(column.type) or column.type.value_type not in _TEXTS:
        return column
    array = encoded(column)
    there = np.zeros(len(array.dictionary) + 1, bool)
    there[numbers(pc.fill_null(array.indices, len(array.dictionary)))] = True
    if there[:-1].all():
        return array
    place = pa.array(np.cumsum(there, dtype=np.int32) - 1)
    values = array.dictionary.filter(pa.array(there[:-1]))
    return pa.DictionaryArray.from_arrays(place.take(array.indices), values)


def _batch(table: pa.Table, source: str, window: tuple[date, date] | None) -> SourceBatch:
    """A table in the default layout as the only batch of a source."""
    number = np.arange(1, table.num_rows + 1)
    options = Options(source, source, window=window)
    known = table.select([name for name in DEFAULT_COLUMNS if name in table.column_names])
    normal = normalise(known, record=number, part=np.zeros_like(number), options=options)
    kept = table.select([name for name in table.column_names if name not in NAME_COLUMNS])
    raw, unused = _as_text(kept, source)
    return SourceBatch(
        source=source,
        file=source,
        sha256="",
        normal=replace(normal, faults=(*normal.faults, *unused)),
        raw=raw,
        raw_record=number,
        ignored=np.zeros(number.size, bool),
        window=window,
        rows_read=table.num_rows,
    )


def _as_text(table: pa.Table, source: str) -> tuple[pa.Table, list[Fault]]:
    """The rows as text, and a fault for each column that cannot be."""
    columns: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            columns[name] = _text(column)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            faults.append(fault("unused_column", source, column=name))
    return pa.table(columns), faults


def _text(column: pa.ChunkedArray) -> pa.Array:
    array = one(column)
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        # Not by a cast of the list: there is none of the codes that polars gives.
        ends = numbers(pc.fill_null(pc.list_value_length(array), 0)).cumsum()
        values = encoded(pc.list_flatten(array)).cast(pa.string())
        offsets = pa.array(np.append(0, ends).astype(np.int32))
        return pc.binary_join(pa.ListArray.from_arrays(offsets, values, mask=array.is_null()), ";")
    return (encoded(array) if pa.types.is_dictionary(array.type) else array).cast(pa.string())
