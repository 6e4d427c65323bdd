"""Rows of a table in another order: nothing is done for columns without values, nor copied that is not asked for."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa

from levensloop.arrow import one
from levensloop.schema import nothing
from levensloop.spans import Ints


def gathered(table: pa.Table, rows: Ints) -> pa.Table:
    """Some rows of a table, in the order given; each column in one piece.

    Rows in ascending order are taken piece by piece: pyarrow would first put all pieces of a column together, and
    so copy a whole country for the rows of a few youths.

    Examples
    --------
    >>> gathered(pa.table({"a": [1, 2], "b": pa.nulls(2)}), np.array([1])).to_pylist()
    [{'a': 2, 'b': None}]
    """
    names = table.column_names
    told = table.select([name for name in names if table.column(name).null_count < len(table)])
    if (np.diff(rows) >= 0).all():
        told = _by_piece(told, rows)
        found = dict(zip(told.column_names, map(one, told.columns), strict=True))
    else:
        at = pa.array(rows)
        with ThreadPoolExecutor() as pool:
            taken = pool.map(lambda column: one(column).take(at), told.columns)
            found = dict(zip(told.column_names, taken, strict=True))
    columns = [
        found[field.name] if field.name in found else nothing(rows.size, field.type) for field in table.schema
    ]
    return pa.table(columns, schema=table.schema)


def _by_piece(table: pa.Table, rows: Ints) -> pa.Table:
    pieces = table.to_batches()
    first = np.cumsum([0, *map(len, pieces)])
    low = np.searchsorted(rows, first)
    taken = [piece.take(pa.array(rows[low[at] : low[at + 1]] - first[at])) for at, piece in enumerate(pieces)]
    return pa.Table.from_batches(taken, table.schema)
