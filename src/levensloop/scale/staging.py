"""One delivered file, read and cut by youth: what each part of the dataset is made of."""

import json
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from levensloop import pseudonyms
from levensloop.accounts import TOLD, Accounts, Delivered, row_of_event
from levensloop.arrays import one
from levensloop.assembling import EventParts, joined
from levensloop.bookkeeping import agencies_of
from levensloop.errors import Fault, UserError
from levensloop.events import Events
from levensloop.readers.delivery import Delivery
from levensloop.readers.reading import Reading, check_together
from levensloop.said import shown
from levensloop.scale.hashing import parts_of
from levensloop.scale.store import made_whole, read_once, texts, write_once
from levensloop.schema import DELIVERED, HELD, ORIGIN, PERSONS, conform

_TOLD: Final = pa.schema([field for field in DELIVERED if field.name in HELD.names])
SCHEMAS: Final = {"delivered": _TOLD, "origin": ORIGIN, "persons": PERSONS, "records": TOLD}
_KEYS: Final = pa.schema([("key", pa.string())])
#: The folder of the dataset with the rows as delivered: they stay as they were staged.
ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class Step:
    """One file to stage.

    Parameters
    ----------
    number : int
        Its place among the files.
    delivery : Delivery
        With this file only.
    parts : int
        Into how many parts youths are divided.
    key : bytes or None
        By which keys of persons are hashed.
    guard : bool
        Whether citizen service numbers stop the reading.
    """

    number: int
    delivery: Delivery
    parts: int
    key: bytes | None
    guard: bool


def stage(step: Step, folder: Path) -> tuple[int, bool]:
    """Read a file and write its rows by part; how many rows it has, and whether it could be read.

    Raises
    ------
    UserError
        If keys look like citizen service numbers.
    """
    done = folder / f"{step.number:05d}.json"
    if done.is_file():
        told = json.loads(done.read_text("utf-8"))
        return told["rows"], told["readable"]
    reading = Reading(step.key, None, 1, guard=step.guard)
    events = reading.events(step.delivery, step.delivery.until)
    reading.check_keys()
    (folder.parent / ROWS).mkdir(exist_ok=True)
    for name, table, part in _parted(events, step.parts):
        home = folder.parent / ROWS if name == ROWS else folder
        with made_whole(home / f"{step.number:05d}.{name}.arrow") as path:
            _write(path, table, part, step.parts)
    for name, table in (("sources", events.sources.to_arrow()), ("agencies", agencies_of(events))):
        with made_whole(folder / f"{step.number:05d}.{name}.parquet") as path:
            pq.write_table(table, path)
    keys = pa.concat_arrays([pa.array([], pa.string()), *reading.seen])
    write_once(folder / f"{step.number:05d}.keys.arrow", pa.table({"key": keys}))
    rows: int = pc.sum(events.sources.to_arrow().column("rows_read")).as_py() or 0
    readable = reading.readable > 0
    told = {
        "rows": rows,
        "readable": readable,
        "records": len(events.records),
        "watched": reading.first,
        "proofs": int(np.count_nonzero(pseudonyms.eleven_proof(keys))),
        "faults": [retold(fault) for fault in events.faults],
    }
    with made_whole(done) as path:
        path.write_text(json.dumps(told), "utf-8")
    return rows, readable


def retold(fault: Fault) -> dict[str, Any]:
    """A fault in words and numbers, of which it can be made again."""
    return {name: getattr(fault, name) for name in Fault.__slots__}


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """What was wrong with the staged files."""
    told = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return tuple(Fault(**fault) for one in told for fault in one["faults"])


def check_keys(folder: Path) -> None:
    """Stop if the keys of the staged files look like citizen service numbers together, though those of none do alone.

    Raises
    ------
    UserError
        If they were watched at all.
    """
    told = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    first = next((one["watched"] for one in told if one["watched"]), None)
    if first is not None and any(one["proofs"] for one in told):  # else there is no need to look at millions
        keys = [read_once(path, _KEYS).column("key") for path in sorted(folder.glob("*.keys.arrow"))]
        check_together([chunk for column in keys for chunk in column.chunks], first)


def records_in(folder: Path) -> int:
    """How many entries the records of the staged files have."""
    return sum(json.loads(path.read_text("utf-8"))["records"] for path in folder.glob("*.json"))


def _parted(events: Events, parts: int) -> list[tuple[str, pa.Table, np.ndarray]]:
    """The tables of events with the part of each row; entries of rows that made no event are in a last part."""
    delivered, origin, records = shown(events.held), events.origin.to_arrow(), events.records
    assert isinstance(records, Accounts), "files are read into such"
    part = parts_of(delivered.column("person"), parts)
    whose = np.full(len(records), parts, np.int64)
    at = row_of_event(records.told, origin)
    whose[at >= 0] = part[at[at >= 0]]
    persons = events.persons.to_arrow()
    return [
        ("delivered", delivered, part),
        ("origin", origin, part),
        ("persons", persons, parts_of(persons.column("person"), parts)),
        ("records", records.told, whose),
        (ROWS, _narrow(records.cells(), parts), whose),
    ]


def _narrow(cells: pa.Table, parts: int) -> pa.Table:
    """Cells as text, rather than as codes with more words than a part has rows: who reads a part reads all words."""
    for place, column in enumerate(cells.columns):
        each = one(column)
        if pa.types.is_dictionary(each.type) and len(each.dictionary) * parts > len(each):
            cells = cells.set_column(place, cells.column_names[place], each.cast(pa.string()))
    return cells


def _write(path: Path, table: pa.Table, part: np.ndarray, parts: int) -> None:
    """A batch of rows for each part, and one for what is of no youth.

    Arrow's own files: to find one batch among many takes a tenth of what it takes in Parquet, whose footer tells
    of every column of every group.
    """
    # Narrow numbers are sorted many times faster.
    order = np.argsort(part.astype(np.min_scalar_type(parts)), kind="stable")
    cuts = np.append(0, np.cumsum(np.bincount(part, minlength=parts + 1))).tolist()
    plain = texts(
        table.select([name for name in table.column_names if table.column(name).null_count < len(table)])
    )
    rows = pa.RecordBatch.from_arrays([one(column) for column in plain.columns], schema=plain.schema)
    rows, nothing = rows.take(pa.array(order)), rows.take(pa.array([], pa.int64()))
    # What is kept is packed; what is read once is not, which takes half as long both ways.
    packed = pa.ipc.IpcWriteOptions(compression="zstd" if path.parent.name == ROWS else None)
    with pa.ipc.new_file(path, rows.schema, options=packed) as file:
        for first, last in pairwise(cuts):
            # Of a slice without rows all texts would be written.
            file.write_batch(rows.slice(first, last - first) if last > first else nothing)


def _batches(folder: Path, name: str, part: int) -> list[pa.Table]:
    """One batch of each staged file, in the order of the files; the last is -1."""
    found: list[pa.Table] = []
    for path in sorted(folder.glob(f"*.{name}.arrow")):
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        batch = reader.get_batch(part % reader.num_record_batches)
        if batch.num_rows:
            found.append(pa.Table.from_batches([batch]))
    return found


def rows_of(out: Path, part: int) -> list[Delivered]:
    """The rows as delivered of one part of a dataset, in the order of its records."""
    return [Delivered.of(table) for table in _batches(out / ROWS, ROWS, part)]


def told_in(folder: Path, name: str, part: int) -> pa.Table:
    """One of the staged tables of one part, of all files, in the order of the files."""
    schema = SCHEMAS[name]
    return joined([conform(table, schema) for table in _batches(folder, name, part)], schema)


def staged(folder: Path, part: int, sources: pa.Table, until: date | None) -> Events:
    """The events of one part, without the rows as delivered; `sources` tells of the whole files."""
    tables = {name: told_in(folder, name, part) for name in SCHEMAS}
    records = Accounts(tables.pop("records"), [])
    return Events.of(EventParts(**tables, records=records, sources=sources, until=until))


def whole(folder: Path, name: str) -> pa.Table:
    """A small table of all files."""
    return pa.concat_tables(
        [pq.ParquetFile(path).read() for path in sorted(folder.glob(f"*.{name}.parquet"))]
    )


def steps(deliveries: list[Delivery], parts: int, key: bytes | None, *, guard: bool) -> list[Step]:
    """One step a file; what is wrong with a delivery as a whole goes with its first."""
    found: list[Step] = []
    for delivery in deliveries:
        for place, job in enumerate(delivery.jobs):
            faults = () if place else delivery.faults
            # Who reads the file may stand in another folder.
            own = replace(delivery, jobs=(replace(job, path=job.path.absolute()),), faults=faults)
            found.append(Step(len(found), own, parts, key, guard))
    if not found:
        wrong = [fault for delivery in deliveries for fault in delivery.faults]
        raise UserError(wrong or ["there is no data file to read; look at the path, or add files"])
    return found
