"""Events: what sources delivered, normalised, with its origin, its persons and its faults."""

import warnings
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.accounts import fates_of, retold, row_of_event, together
from levensloop.arrow import nullable, numbers
from levensloop.assembling import EventParts, SourceBatch, assembled, joined
from levensloop.cells import one
from levensloop.errors import SENTENCES, Fault, UserError, expect, fault
from levensloop.frames import batch_of, days_given
from levensloop.naming import Names, as_read
from levensloop.pseudonyms import looks_like_citizen_numbers
from levensloop.said import shown
from levensloop.schema import DELIVERED, HELD, ORIGIN, PERSONS, SOURCES, conform
from levensloop.tables import Table, wrapped

_IGNORED, _LEFT_OUT = (pa.scalar(word, pa.string()) for word in ("ignored", "left_out"))

_CITIZEN_NUMBERS: Final = (
    f"{SENTENCES['citizen_number'][0]}. Hint: replace them first, by ll.privacy.pseudonyms(column, ll.privacy.secret(KEY)), "
    "or by reading the file with ll.read(file, pseudonymise=KEY)."
)

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

    Warns
    -----
    UserWarning
        When the keys look like citizen service numbers, on which `read` stops.

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
        window, until = days_given(window, until)
        self._fill(assembled([batch_of(table, source, window)], until, ()))
        if looks_like_citizen_numbers(self.held.column("person")):
            warnings.warn(_CITIZEN_NUMBERS, stacklevel=2)

    def _fill(self, parts: EventParts) -> None:
        #: The rows with what is said in them as codes, and without what they are called (`schema.HELD`).
        self.held: pa.Table = conform(parts.delivered, HELD)
        super().__init__(self.held)
        self.origin, self.persons = Table(parts.origin), Table(parts.persons)
        self.sources = Table(parts.sources)
        self.records = wrapped(parts.records)
        self.faults, self.until = parts.faults, parts.until

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow table; what is said in them, and what they are called, becomes text when first asked for."""
        if self._table is self.held:
            told = as_read(Names(self.origin.to_arrow()))
            columns = [*self.held.columns, *told.columns]
            self._table = conform(pa.table(columns, [*HELD.names, *told.column_names]), DELIVERED)
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
        parts = [events] if isinstance(events, Events) else list(events)
        for part in parts:
            expect(part, Events, "concat")
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
        # What is said and the keys are coded anew: those of the others are left behind.
        kept = shown(self.held.filter(mask))
        keys = one(kept.column("person")).cast(pa.string())
        kept = kept.set_column(
            kept.column_names.index("person"), DELIVERED.field("person"), keys.dictionary_encode()
        )
        told = fates_of(self.records)
        row = row_of_event(told, self.origin.to_arrow())
        gone = np.append(~numbers(pc.fill_null(mask, fill_value=False)), False)[row]
        why = _LEFT_OUT if reason is None else reason.take(nullable(row, row < 0))
        fate = one(told.column("fate")).cast(pa.string())
        changed = {
            "fate": pc.if_else(pa.array(gone), _IGNORED, fate).dictionary_encode(),
            "reason": pc.if_else(pa.array(gone), why, one(told.column("reason"))),
        }
        return type(self).of(
            EventParts(
                kept,
                self.origin.to_arrow().filter(mask),
                self.persons.to_arrow(),
                self.sources.to_arrow(),
                retold(self.records, changed),
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
