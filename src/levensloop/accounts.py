"""The table of records: what became of each delivered row; the row itself and its event's name, laid out when asked for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import any_of, codes, lookup, names_in
from levensloop.arrow import numbers
from levensloop.cells import constant, one
from levensloop.ledger import FATES, Entries
from levensloop.naming import PIECE, WHERE, events_in
from levensloop.schema import RECORDS, TEXT, conform
from levensloop.sorting import numbered
from levensloop.tables import Table

Ints = npt.NDArray[np.int64]
_NULL: Final = pa.scalar(None, TEXT)
_CHUNK: Final = 1 << 17  # rows whose cells are laid out at once: text columns hold at most 2 GB
#: What is told of each delivered row, and the same without the name of an event: it is that of its row, and `lead` that of
#: the event of which it became part.
NAMED: Final = RECORDS.remove(RECORDS.get_field_index("row"))
TOLD: Final = NAMED.set(NAMED.get_field_index("event"), pa.field("lead", TEXT))
#: The fates of rows that made an event, of its own or as part of another's.
_MADE: Final = ("event", "merged")
#: What the name of a delivered column begins with where it stands beside others.
CELL: Final = "row."


class Delivered(NamedTuple):
    """Rows of a file as delivered.

    Parameters
    ----------
    raw : pyarrow.Table
        Columns of text, dates or codes.
    rows : numpy.ndarray of int, or None
        The places of the rows that are meant, in their order; None for all of them.
    """

    raw: pa.Table
    rows: Ints | None = None

    @classmethod
    def of(cls, cells: pa.Table) -> "Delivered":
        """The rows of which `Accounts.cells` tells."""
        names = [name for name in cells.column_names if name.startswith(CELL)]
        raw = cells.select(names).rename_columns([name.removeprefix(CELL) for name in names])
        return cls(raw, None if names else np.arange(len(cells)))

    def __len__(self) -> int:
        return self.raw.num_rows if self.rows is None else self.rows.size

    def some(self, mask: npt.NDArray[np.bool_]) -> "Delivered":
        """The rows for which `mask` holds."""
        return Delivered(self.raw, (np.arange(len(self)) if self.rows is None else self.rows)[mask])


class Accounts(Table):
    """What became of each delivered row (`schema.RECORDS`).

    The cells of a row weigh more than all that is known of its event, and few ever look at them: they stay in the
    columns in which they were read until someone asks for the whole table.

    Parameters
    ----------
    told : pyarrow.Table
        Columns as in `TOLD`.
    delivered : sequence of Delivered
        The rows, in the order of `told`.

    Examples
    --------
    >>> raw = pa.table({"key": ["a", "b"], "day": ["2005", None]})
    >>> told = conform(pa.table({"record": [1, 2]}), TOLD)
    >>> Accounts(told, [Delivered(raw)]).to_arrow()["row"].to_pylist()
    [[('key', 'a'), ('day', '2005')], [('key', 'b')]]
    """

    __slots__ = ("_laid", "delivered", "told")

    def __init__(self, told: pa.Table, delivered: Sequence[Delivered]) -> None:
        self.told = told
        self.delivered = tuple(delivered)
        self._laid: pa.Table | None = None

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow table; laid out once."""
        if self._laid is None:
            kind: Any = RECORDS.field("row").type
            chunks = [chunk for each in self.delivered for chunk in _laid_out(each)]
            table = named(self).append_column("row", pa.chunked_array(chunks, kind))
            self._laid = conform(table, RECORDS)
        return self._laid

    def __len__(self) -> int:
        return self.told.num_rows

    def cells(self) -> pa.Table:
        """The numbers of the rows and, beside them, their cells in the columns in which they were read."""
        pieces = [
            each.raw if each.rows is None else each.raw.take(pa.array(each.rows)) for each in self.delivered
        ]
        if len(pieces) > 1:  # one may hold as texts what another holds as codes
            pieces = [
                pa.table([_text(each) for each in piece.columns], piece.column_names) for piece in pieces
            ]
        told = self.told.select(["record"])
        cells = pa.concat_tables(pieces, promote_options="default") if pieces else told.select([])
        for name, column in zip(cells.column_names, cells.columns, strict=True):
            told = told.append_column(CELL + name, column)
        return told

    def where(self, mask: "pa.Array | pa.ChunkedArray") -> Self:
        """The rows for which `mask` holds; no other is laid out."""
        if not self.delivered:  # the rows themselves stay elsewhere
            return type(self)(self.told.filter(mask), ())
        kept = numbers(mask)
        cuts = np.cumsum([len(each) for each in self.delivered])[:-1]
        pieces = zip(self.delivered, np.split(kept, cuts), strict=True)
        return type(self)(self.told.filter(mask), [each.some(own) for each, own in pieces if own.any()])

    @classmethod
    def of(cls, told: pa.Table, delivered: Sequence[Delivered]) -> Self:
        """The rows of which `named` told what is told here."""
        merged = pa.array(any_of(told.column("fate"), ("merged",)))
        lead = pc.if_else(merged, one(told.column("event")), _NULL)
        return cls(conform(told.append_column("lead", lead), TOLD), delivered)


def fates_of(records: Table) -> pa.Table:
    """What is told of each delivered row: its `source`, `record`, `part`, `fate`, `reason`, and what else is there."""
    return records.told if isinstance(records, Accounts) else records.to_arrow()


def row_of_event(records: pa.Table, origin: pa.Table) -> Ints:
    """The row of the event that each record made, among all events; -1 where it made none.

    Parameters
    ----------
    records : pyarrow.Table
        As `fates_of` gives it.
    origin : pyarrow.Table
        Where each event comes from, as in ``schema.ORIGIN``.
    """
    made = any_of(records.column("fate"), _MADE)
    told, own = records.select(WHERE), origin.select(WHERE)
    if np.count_nonzero(made) == len(own) and _alike(told.filter(pa.array(made)), own):
        # Rows in the order in which they were read.
        return np.where(made, np.cumsum(made, dtype=np.int32) - 1, -1)
    sources = names_in(told.column("source"), own.column("source"))
    number = numbered(
        [
            np.concatenate([codes(table.column("source"), sources) for table in (told, own)]),
            *(np.concatenate([numbers(table.column(name)) for table in (told, own)]) for name in WHERE[1:]),
        ]
    )
    row = np.full(int(number.max(initial=-1)) + 1, -1, np.int64)
    row[number[made.size :]] = np.arange(len(own))
    return np.where(made, row[number[: made.size]], -1)


def _alike(told: pa.Table, own: pa.Table) -> bool:
    """Whether two tables of sources, records and parts say the same, row by row."""
    here, there = (one(table.column("source")) for table in (told, own))
    place = lookup(here.dictionary, there.dictionary.to_pylist())
    same = all(told.column(name).equals(own.column(name)) for name in WHERE[1:])
    return same and np.array_equal(place[numbers(here.indices)], numbers(there.indices))


def retold(records: Table, columns: Mapping[str, pa.Array]) -> Table:
    """Records of which other things are told: their `fate`, their `reason`, or their `lead`, null where they have none."""
    told = fates_of(records)
    for name, column in columns.items():
        rest = told.drop_columns([name]) if name in told.column_names else told
        told = rest.append_column(name, column)
    if isinstance(records, Accounts):
        return Accounts(conform(told, TOLD), records.delivered)
    event = one(told.column("event"))
    if "lead" in told.column_names:
        event = pc.coalesce(one(told.column("lead")), event)
    event = pc.if_else(pa.array(any_of(told.column("fate"), _MADE)), event, _NULL)
    return Table(conform(told.set_column(told.column_names.index("event"), "event", event), RECORDS))


def named(records: Table) -> pa.Table:
    """What is told of each delivered row, as `NAMED`: with the name of the event that it made or became part of."""
    if not isinstance(records, Accounts):
        return records.to_arrow().select(NAMED.names)
    pieces: list[pa.Array] = []
    for first in range(0, len(records), PIECE):
        some = records.told.slice(first, PIECE)
        made = pa.array(any_of(some.column("fate"), ("event",)))
        pieces.append(pc.if_else(made, events_in(some), one(some.column("lead"))))
    return conform(records.told.append_column("event", pa.chunked_array(pieces, TEXT)), NAMED)


def account(source: str, entries: Entries, raw: pa.Table) -> Accounts:
    """The entries of one source as a table, each with its row as delivered.

    Parameters
    ----------
    source : str
        The name of the source.
    entries : Entries
        What became of its rows.
    raw : pyarrow.Table
        Its rows as delivered.

    Returns
    -------
    Accounts
        A cell that was not delivered is not in `row`.
    """
    fate = pa.DictionaryArray.from_arrays(
        pa.array(entries.fate.astype(np.int32)), pa.array(FATES, pa.string())
    )
    told = {
        "source": constant(source, entries.record.size),
        "record": entries.record,
        "part": entries.part,
        "fate": fate,
        "reason": entries.reason,
    }
    whole = np.array_equal(entries.row, np.arange(raw.num_rows))
    return Accounts(conform(pa.table(told), TOLD), [Delivered(raw, None if whole else entries.row)])


def together(records: Sequence[Table]) -> Table:
    """Several tables of records as one."""
    if len(records) == 1:
        return records[0]
    lazy = [each for each in records if isinstance(each, Accounts)]
    if len(lazy) < len(records):
        tables = [RECORDS.empty_table(), *(each.to_arrow() for each in records)]
        return Table(pa.concat_tables(tables).unify_dictionaries())
    told = pa.concat_tables([TOLD.empty_table(), *(each.told for each in lazy)]).unify_dictionaries()
    return Accounts(told, [piece for each in lazy for piece in each.delivered])


def _laid_out(delivered: Delivered) -> list[pa.Array]:
    """One map per row, in pieces."""
    names = pa.array(delivered.raw.column_names, pa.string())
    if not len(names):  # a table without columns has lost how many rows it had
        none = pa.array([], pa.string())
        return [pa.MapArray.from_arrays(pa.array(np.zeros(len(delivered) + 1, np.int32)), none, none)]
    chunks: list[Any] = []
    for first in range(0, len(delivered), _CHUNK):
        if delivered.rows is None:
            piece = delivered.raw.slice(first, _CHUNK)
        else:
            piece = delivered.raw.take(pa.array(delivered.rows[first : first + _CHUNK]))
        chunks.append(_maps(piece, names))
    return chunks


def _maps(piece: pa.Table, names: pa.Array) -> pa.Array:
    """One map per row: the cells of all columns, laid row after row."""
    height, width = piece.num_rows, len(names)
    columns = [one(_text(column)) for column in piece.itercolumns()]
    there, size = np.empty((height, width), bool), np.empty((height, width), np.int32)
    for at, column in enumerate(columns):
        there[:, at] = numbers(column.is_valid())
        size[:, at] = np.diff(np.frombuffer(column.buffers()[1], np.int32, height + 1, column.offset * 4))
    # The cells of a row put together are the text of all cells, row after row: only where each ends is added.
    empty = pa.scalar("", pa.string())
    rows = pc.binary_join_element_wise(*columns, empty, null_handling="replace", null_replacement="")
    which = np.broadcast_to(np.arange(width, dtype=np.int32), there.shape)[there]
    cells = pa.StringArray.from_buffers(which.size, _ends(size[there]), rows.buffers()[2])
    offsets = pa.Array.from_buffers(pa.int32(), height + 1, [None, _ends(np.count_nonzero(there, axis=1))])
    return pa.MapArray.from_arrays(offsets, names.take(pa.array(which)), cells)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if column.type == pa.string() else column.cast(pa.string())


def _ends(size: npt.NDArray[np.integer[Any]]) -> pa.Buffer:
    """Where each of some things begins that lie after each other, and where the last ends."""
    ends = np.zeros(size.size + 1, np.int32)
    np.cumsum(size, out=ends[1:])
    return pa.py_buffer(ends)
