"""Tables of whole youths on disk: files whose groups of rows begin and end with a youth."""

from collections.abc import Generator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from levensloop.arrays import places
from levensloop.cells import one
from levensloop.schema import NAME_COLUMNS, conform

#: Youths in a group: what is read to see one of them.
GROUP: Final = 512
#: The names and the cells of rows as delivered.
_CELLS: Final = ("row.key_value.key", "row.key_value.value")
#: How a name ends until the thing is whole.
UNFINISHED: Final = ".unfinished"


def unfinished(path: Path) -> Path:
    """A name beside that of a file or folder, for as long as it is not whole: no other worker has the same."""
    return path.with_name(f"{path.name}.{uuid4().hex}{UNFINISHED}")


@contextmanager
def made_whole(path: Path) -> Generator[Path]:
    """Where to write a file that gets its name when it is whole; of two workers that do so the last one stays."""
    made = unfinished(path)
    yield made
    made.replace(path)


def write_groups(path: Path, table: pa.Table, ids: pa.Array) -> None:
    """Write the rows of a table, those of each `GROUP` youths as one group; the rows stand by youth."""
    plain, at = texts(table), places(table.column("youth"), ids)
    if at.size and (np.diff(at) < 0).any():
        order = np.argsort(at, kind="stable")
        plain, at = plain.take(pa.array(order)), at[order]
    groups = max(1, -(-len(ids) // GROUP))
    cuts = np.searchsorted(at, np.arange(0, groups + 1) * GROUP).tolist()
    with pq.ParquetWriter(path, plain.schema, **packing(plain.schema)) as file:
        for first, last in pairwise(cuts):
            file.write_table(plain.slice(first, last - first), row_group_size=max(1, last - first))


def packing(schema: pa.Schema) -> dict[str, Any]:
    """How a table is written: only where words return are they kept apart, and only whose rows a group holds is told.

    Who looks for a youth is helped by the least and greatest youth of a group, and nobody by those of its dates.
    """
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    whose = [name for name in ("youth",) if name in schema.names]
    return {
        "compression": "lz4",
        "use_dictionary": [*words, *whose, *_CELLS],
        "write_statistics": whose,
    }


def texts(table: pa.Table) -> pa.Table:
    """A table whose columns of keys and names are texts: a piece of it is written without those of all others."""
    for name in ("youth", "person", *NAME_COLUMNS):
        if name in table.column_names and pa.types.is_dictionary(table.schema.field(name).type):
            place = table.column_names.index(name)
            table = table.set_column(place, name, table.column(name).cast(pa.string()))
    return table


def read_group(path: Path, schema: pa.Schema, group: int | None = None) -> pa.Table:
    """One group of a file, or all of it, with the columns of `schema`."""
    file = pq.ParquetFile(path)
    found = file.read(use_threads=False) if group is None else file.read_row_group(group, use_threads=False)
    return conform(found.unify_dictionaries(), schema)


def write_once(path: Path, table: pa.Table) -> None:
    """Write a table for whoever reads it next, as it is in memory."""
    filled = [name for name in table.column_names if table.column(name).null_count < len(table)]
    rows = pa.RecordBatch.from_arrays([one(table.column(name)) for name in filled], filled)
    packed = pa.ipc.IpcWriteOptions(compression="lz4")
    with made_whole(path) as made, pa.ipc.new_file(made, rows.schema, options=packed) as file:
        file.write_batch(rows)


def read_once(path: Path, schema: pa.Schema) -> pa.Table:
    """What `write_once` wrote, with the columns of `schema`."""
    return conform(_written(path), schema)


def read_held(path: Path, schema: pa.Schema) -> pa.Table:
    """What `write_once` wrote, with its own types, and the columns of `schema` that held nothing."""
    table = _written(path)
    own = [table.schema.field(field.name) if field.name in table.column_names else field for field in schema]
    return conform(table, pa.schema(own))


def _written(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def of_youth(table: pa.Table, youth: str) -> pa.Table:
    """The rows of one youth."""
    mask = pc.equal(one(table.column("youth")).cast(pa.string()), youth)
    return table.filter(mask)
