"""What became of every delivered row: the table of records, and the law that none is lost."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import numbers
from levensloop.cells import one
from levensloop.errors import LevensloopError
from levensloop.normalise import Normal, event_ids
from levensloop.schema import RECORDS, conform
from levensloop.sorting import order_of

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_FATES: Final = ("event", "rejected", "ignored")
_EVENT, _REJECTED, _IGNORED = range(3)
_CHUNK: Final = 1 << 17  # rows whose cells are laid out at once: text columns hold at most 2 GB


@dataclass(frozen=True, slots=True)
class Entries:
    """One entry per row and part of a source, in the order of the rows.

    Parameters
    ----------
    record, part : numpy.ndarray of int
        The delivered row, and which of its events.
    fate : numpy.ndarray of int
        Place in (event, rejected, ignored).
    event : pyarrow.Array
        The event's id, or null.
    reason : pyarrow.Array
        Why it was rejected or ignored, or null.
    row : numpy.ndarray of int
        The place of the delivered row.
    """

    record: Ints
    part: Ints
    fate: Ints
    event: pa.Array
    reason: pa.Array
    row: Ints

    def rows_with(self, fate: str) -> Mask:
        """Whether each delivered row has an entry with this fate."""
        found = np.zeros(int(self.row[-1]) + 1 if self.row.size else 0, bool)
        found[self.row[self.fate == _FATES.index(fate)]] = True
        return found

    @property
    def accepted(self) -> int:
        """The number of rows that made at least one event."""
        return int(self.rows_with("event").sum())

    @property
    def rejected(self) -> int:
        """The number of rows of which nothing was accepted and something rejected."""
        return int((self.rows_with("rejected") & ~self.rows_with("event")).sum())


def entries_of(
    normal: Normal,
    raw_record: Ints,
    ignored: Mask,
    ignored_reason: str,
    early_rejects: dict[int, str],
) -> Entries:
    """The fate of every delivered row.

    Parameters
    ----------
    normal : Normal
        What normalising made of the rows that came so far.
    raw_record : numpy.ndarray of int
        The numbers of the delivered rows.
    ignored : numpy.ndarray of bool
        The delivered rows that make no event; one that has another fate keeps that.
    ignored_reason : str
        Why they make none.
    early_rejects : dict of int to str
        From the place of a delivered row to the fault for which it was never normalised.

    Returns
    -------
    Entries
    """
    made = np.flatnonzero(~normal.rejected) if normal.delivered.num_rows else np.empty(0, np.int64)
    lost = np.flatnonzero(normal.rejected)
    early = np.fromiter(early_rejects, np.int64, len(early_rejects))
    rows = [_places(raw_record, normal.record[at]) for at in (made, lost)]
    seen = np.zeros(raw_record.size, bool)
    seen[np.concatenate([*rows, early])] = True
    left = np.flatnonzero(ignored & ~seen)
    row = np.concatenate([*rows, early, left])
    none = np.zeros(early.size + left.size, np.int64)
    part = np.concatenate([normal.part[made], normal.part[lost], none])
    fate = np.repeat([_EVENT, _REJECTED, _IGNORED], [made.size, lost.size + early.size, left.size])
    reasons = [*normal.codes[lost], *early_rejects.values()]
    event = one(normal.delivered.column("event"))
    if row.size > made.size:
        event = pa.concat_arrays([event, pa.nulls(row.size - made.size, pa.string())])
    reason = pa.concat_arrays(
        [
            pa.nulls(made.size, pa.string()),
            pa.array(reasons, pa.string()),
            pa.repeat(pa.scalar(ignored_reason, pa.string()), left.size),
        ]
    )
    order = order_of([row, part])
    if not np.array_equal(order, np.arange(order.size)):  # else the ids of the events serve as they are
        event, reason = event.take(pa.array(order)), reason.take(pa.array(order))
    return Entries(raw_record[row[order]], part[order], fate[order], event, reason, row[order])


def _places(raw_record: Ints, record: Ints) -> Ints:
    """The place of each numbered row among the delivered ones."""
    order = np.argsort(raw_record, kind="stable")
    place = np.searchsorted(raw_record, record, sorter=order)
    found = order[np.minimum(place, order.size - 1)] if order.size else place
    if record.size and not (order.size and np.array_equal(raw_record[found], record)):
        raise LevensloopError("an event names a row that was not delivered")
    return found


def check(source: str, entries: Entries, normal: Normal, raw_record: Ints) -> None:
    """Raise if a delivered row has no fate, a part has two, or the events are others than the entries name.

    Raises
    ------
    LevensloopError
        The conservation law does not hold: the program is at fault, not the file.
    """
    origin = {name: numbers(one(normal.origin.column(name))) for name in ("record", "part")}
    told = entries.fate == _EVENT
    record, part, rows = entries.record[told], entries.part[told], entries.row
    by_number = order_of([origin["record"], origin["part"].astype(np.int64)])
    by_entry = order_of([record, part])
    of_rows = event_ids(source, origin["record"], np.zeros_like(origin["part"]))
    named = of_rows if not origin["part"].any() else event_ids(source, origin["record"], origin["part"])
    as_told = np.array_equal(record, origin["record"]) and np.array_equal(part, origin["part"])
    step = np.diff(rows)
    laws = {
        "a row number is not unique": (np.diff(np.sort(raw_record)) > 0).all(),
        "a row has no fate": (step <= 1).all() and _whole(rows, raw_record.size),
        "a part has two fates": ((step > 0) | (np.diff(entries.part) > 0)).all(),
        "an entry names another event": entries.event.drop_null().equals(
            named if as_told else event_ids(source, record, part)
        ),
        "an event comes from another row": one(normal.delivered.column("event")).equals(named),
        "entries and events differ": np.array_equal(record[by_entry], origin["record"][by_number])
        and np.array_equal(part[by_entry], origin["part"][by_number]),
        "an event has other sources": pc.list_flatten(one(normal.delivered.column("sources"))).equals(
            of_rows
        ),
    }
    broken = [law for law, holds in laws.items() if not holds]
    if broken:
        raise LevensloopError(f"source '{source}' does not add up: {'; '.join(broken)}")


def records_of(source: str, entries: Entries, raw: pa.Table) -> pa.Table:
    """The entries as a table (`schema.RECORDS`), each with its row as delivered.

    Parameters
    ----------
    source : str
        The name of the source.
    entries : Entries
        What became of its rows.
    raw : pyarrow.Table
        Its rows as delivered, as text.

    Returns
    -------
    pyarrow.Table
        A cell that was not delivered is not in `row`.
    """
    size = entries.record.size
    fate = pa.DictionaryArray.from_arrays(
        pa.array(entries.fate.astype(np.int32)), pa.array(_FATES, pa.string())
    )
    table = pa.table(
        {
            "source": pa.DictionaryArray.from_arrays(
                pa.array(np.zeros(size, np.int32)), pa.array([source], pa.string())
            ),
            "record": entries.record,
            "part": entries.part,
            "fate": fate,
            "event": entries.event,
            "reason": entries.reason,
            "row": _cells(raw, entries.row),
        }
    )
    return conform(table, RECORDS)


def _whole(rows: Ints, size: int) -> bool:
    """Whether sorted places run from the first to the last of `size` rows."""
    return bool(rows[0] == 0 and rows[-1] == size - 1) if rows.size else size == 0


def _cells(raw: pa.Table, rows: Ints) -> pa.ChunkedArray:
    kind: Any = RECORDS.field("row").type
    names = pa.array(raw.column_names, pa.string())
    in_order = np.array_equal(rows, np.arange(raw.num_rows))
    chunks: list[Any] = []
    for first in range(0, rows.size, _CHUNK):
        at = rows[first : first + _CHUNK]
        piece = raw.slice(first, at.size) if in_order else raw.take(pa.array(at))
        chunks.append(_maps(piece, names))
    return pa.chunked_array(chunks, kind)


def _maps(piece: pa.Table, names: pa.Array) -> pa.Array:
    """One map per row: the cells of all columns, laid row after row."""
    height, width = piece.num_rows, len(names)
    if not width:
        none = pa.array([], pa.string())
        return pa.MapArray.from_arrays(pa.array(np.zeros(height + 1, np.int32)), none, none)
    columns = [one(column.cast(pa.string())) for column in piece.itercolumns()]
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


def _ends(size: npt.NDArray[np.integer[Any]]) -> pa.Buffer:
    """Where each of some things begins that lie after each other, and where the last ends."""
    ends = np.zeros(size.size + 1, np.int32)
    np.cumsum(size, out=ends[1:])
    return pa.py_buffer(ends)
