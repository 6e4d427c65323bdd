"""What is said in events: numbers in the order of the texts while events are merged, codes after, text when shown."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import encoded, one, placed
from levensloop.arrow import nullable, numbers
from levensloop.schema import CODE, SAID, nothing


def ranked(table: pa.Table) -> tuple[pa.Table, dict[str, pa.Array]]:
    """A table with the rank of each text in the place of what is said, and the texts of each column in their order.

    Examples
    --------
    >>> told, texts = ranked(pa.table({name: ["b", None, "a"] for name in SAID}))
    >>> told.column("what").to_pylist(), texts["what"].to_pylist()
    ([1, None, 0], ['a', 'b'])
    """
    texts: dict[str, pa.Array] = {}

    def rank(name: str, column: pa.ChunkedArray) -> pa.Array:
        if column.null_count == len(column):
            texts[name] = pa.array([], pa.string())
            return nothing(len(column), pa.int32())
        coded = encoded(column)
        order = pc.sort_indices(coded.dictionary)
        place = np.full(len(order) + 1, -1, np.int32)
        place[numbers(order)] = np.arange(len(order))
        code = placed(coded, place)
        texts[name] = coded.dictionary.take(order)
        return nullable(code, code < 0)

    return _each(table, rank), texts


def worded(table: pa.Table, texts: Mapping[str, pa.Array]) -> pa.Table:
    """A table with codes into the texts in the place of their ranks.

    Examples
    --------
    >>> worded(*ranked(pa.table({name: ["b", "a"] for name in SAID}))).column("why").to_pylist()
    ['b', 'a']
    """

    def codes(name: str, column: pa.ChunkedArray) -> pa.Array:
        if column.null_count == len(column):
            return nothing(len(column), CODE)
        return pa.DictionaryArray.from_arrays(one(column), texts[name], safe=False)

    return _each(table, codes)


def unworded(table: pa.Table) -> pa.Table:
    """A table with the ranks of texts in the place of the codes that `worded` gave.

    Examples
    --------
    >>> told, texts = ranked(pa.table({name: ["b", "a"] for name in SAID}))
    >>> unworded(worded(told, texts)).column("what").to_pylist()
    [1, 0]
    """
    return _each(table, lambda _, column: one(column).indices)


def shown(table: pa.Table) -> pa.Table:
    """A table with what is said in it, if anything is, as text.

    Examples
    --------
    >>> str(shown(worded(*ranked(pa.table({name: ["b", "a"] for name in SAID})))).schema.field("what").type)
    'string'
    """
    return _each(table, lambda _, column: column.cast(pa.string()))


def _each(table: pa.Table, made: Callable[[str, pa.ChunkedArray], pa.Array | pa.ChunkedArray]) -> pa.Table:
    """A table with another column in the place of each of what is said."""
    for place, name in enumerate(table.column_names):
        if name in SAID:
            table = table.set_column(place, name, made(name, table.column(name)))
    return table
