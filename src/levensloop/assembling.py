"""From normalised batches to the tables of events, with every delivered row accounted for."""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import ledger
from levensloop.accounts import account, together
from levensloop.arrow import one
from levensloop.errors import Fault, LevensloopError, fold
from levensloop.normalise import Normal
from levensloop.schema import HELD, ORIGIN, PERSONS, SOURCES, conform
from levensloop.tables import Table

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """A delivered file, or a part of one, with what normalising made of it.

    Parameters
    ----------
    source, file, sha256 : str
        The name of the source, its file and the file's checksum. Batches with one name are parts
        of one source.
    normal : Normal
        What normalising made of the rows that came so far.
    raw : pyarrow.Table
        The rows as delivered.
    raw_record : numpy.ndarray of int
        Their numbers, from 1.
    ignored : numpy.ndarray of bool
        Which of them make no event on purpose.
    agencies : sequence of str
        The agencies that the delivery names; those of the events are added.
    window : (date, date) or None
        The first and last day that the source tells of, both inclusive.
    ages : (int, int) or None
        From which birthday up to which it tells of a youth.
    rows_read : int
        The number of rows in the file.
    early_rejects : mapping of int to str
        From the place of a row to the fault for which it was never normalised.
    ignored_reason : str
        Why rows were ignored.
    """

    source: str
    file: str
    sha256: str
    normal: Normal
    raw: pa.Table
    raw_record: npt.NDArray[np.int64]
    ignored: npt.NDArray[np.bool_]
    agencies: Sequence[str] = ()
    window: tuple[date, date] | None = None
    ages: tuple[int, int] | None = None
    rows_read: int = 0
    early_rejects: Mapping[int, str] = field(default_factory=dict[int, str])
    ignored_reason: str = "not_used"


@dataclass(frozen=True, slots=True)
class EventParts:
    """The tables of `Events` (columns as in `schema`), its faults and the day of extraction."""

    delivered: pa.Table
    origin: pa.Table
    persons: pa.Table
    sources: pa.Table
    records: pa.Table | Table
    faults: tuple[Fault, ...] = ()
    until: date | None = None


def joined(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Tables of one shape as one, with one dictionary per column.

    Examples
    --------
    >>> joined([], ORIGIN).num_rows
    0
    """
    if len(tables) == 1:
        return tables[0]
    whole = pa.concat_tables([schema.empty_table(), *tables])
    empty = [field.name for field in schema if whole.column(field.name).null_count == len(whole)]
    whole = whole.drop_columns(empty)
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # of texts there may be many different ones
        columns = list(threads.map(_in_one, whole.columns))
    return conform(pa.table(columns, whole.column_names), schema)


def _in_one(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A column in one piece, which whoever asks for it would make; texts, of which a piece holds so many, as they are."""
    if pa.types.is_string(column.type) or pa.types.is_list(column.type):
        return column.unify_dictionaries()
    return one(column)


def assembled(batches: Sequence[SourceBatch], until: date | None, faults: Iterable[Fault]) -> EventParts:
    """The tables of batches that were normalised, after a check that no row is lost.

    Raises
    ------
    LevensloopError
        When a delivered row would be lost: the program is at fault, not the file.
    """
    by_source: dict[str, list[SourceBatch]] = {}
    for batch in batches:
        by_source.setdefault(batch.source, []).append(batch)
    for source, group in by_source.items():
        if len({(batch.file, batch.sha256) for batch in group}) > 1:
            raise LevensloopError(f"two files were read as source '{source}'")
    normals = [batch.normal for group in by_source.values() for batch in group]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        delivered = threads.submit(joined, [normal.delivered for normal in normals], HELD)
        origin = threads.submit(joined, [normal.origin for normal in normals], ORIGIN)
        persons = threads.submit(joined, [normal.persons for normal in normals], PERSONS)
        told = list(threads.map(lambda group: _accounted(group, until), by_source.values()))
    records = [table for tables, _ in told for table in tables]
    sources = [row for _, row in told]
    return EventParts(
        delivered.result(),
        origin.result(),
        persons.result(),
        pa.Table.from_pylist(sources, schema=SOURCES),
        together(records),
        fold([*faults, *(one_fault for normal in normals for one_fault in normal.faults)]),
        until,
    )


def _accounted(group: Sequence[SourceBatch], until: date | None) -> tuple[list[Table], dict[str, Any]]:
    """The records of one source, and its row of `schema.SOURCES`."""
    entries = [_entries(batch) for batch in group]
    if not ledger.unique(np.concatenate([batch.raw_record for batch in group])):
        raise LevensloopError(f"source '{group[0].source}' does not add up: a row number is not unique")
    pairs = zip(entries, group, strict=True)
    return [account(batch.source, entry, batch.raw) for entry, batch in pairs], _source(group, entries, until)


def _entries(batch: SourceBatch) -> ledger.Entries:
    number = np.asarray(batch.raw_record, np.int64)
    entries = ledger.entries_of(
        batch.normal, number, batch.ignored, batch.ignored_reason, dict(batch.early_rejects)
    )
    ledger.check(batch.source, entries, batch.normal, number)
    return entries


def _source(
    group: Sequence[SourceBatch], entries: Sequence[ledger.Entries], until: date | None
) -> dict[str, Any]:
    """The row of `schema.SOURCES` of one source."""
    first = group[0]
    delivered = joined([batch.normal.delivered for batch in group], HELD)
    agencies = {name for batch in group for name in batch.agencies}
    agencies.update(pc.unique(delivered.column("agency")).to_pylist())
    window = first.window or _recorded(delivered, until)
    return {
        "source": first.source,
        "file": first.file,
        "sha256": first.sha256,
        "agencies": sorted(agencies),
        "window": window and {"start": window[0], "end": window[1] + _DAY},
        "ages": first.ages and {"start": first.ages[0], "end": first.ages[1]},
        "rows_read": sum(batch.rows_read for batch in group),
        "accepted": sum(entry.accepted for entry in entries),
        "rejected": sum(entry.rejected for entry in entries),
    }


def _recorded(delivered: pa.Table, until: date | None) -> tuple[date, date] | None:
    """The first and last recorded day; the last is that of extraction, where it is known."""
    if not delivered.num_rows:
        return None
    first: date = pc.min(delivered.column("start_min")).as_py()
    last: date = pc.max(delivered.column("start_max")).as_py()
    end: date | None = pc.max(delivered.column("end_max")).as_py()
    last = until or (last if end is None else max(last, end - _DAY))
    return min(first, last), last
