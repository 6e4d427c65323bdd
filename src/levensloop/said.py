"""What is said in events: numbers in the order of the texts while events are merged, codes after, text when shown."""

from collections.abc import Mapping

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
    for name in SAID:
        column = table.column(name)
        if column.null_count == len(column):
            texts[name], rank = pa.array([], pa.string()), nothing(len(column), pa.int32())
        else:
            coded = encoded(column)
            order = pc.sort_indices(coded.dictionary)
            place = np.full(len(order) + 1, -1, np.int32)
            place[numbers(order)] = np.arange(len(order))
            code = placed(coded, place)
            texts[name], rank = coded.dictionary.take(order), nullable(code, code < 0)
        table = table.set_column(table.column_names.index(name), name, rank)
    return table, texts


def worded(table: pa.Table, texts: Mapping[str, pa.Array]) -> pa.Table:
    """A table with codes into the texts in the place of their ranks.

    Examples
    --------
    >>> worded(*ranked(pa.table({name: ["b", "a"] for name in SAID}))).column("why").to_pylist()
    ['b', 'a']
    """
    for name in SAID:
        column = table.column(name)
        codes = (
            nothing(len(column), CODE)
            if column.null_count == len(column)
            else pa.DictionaryArray.from_arrays(one(column), texts[name], safe=False)
        )
        table = table.set_column(table.column_names.index(name), name, codes)
    return table


def unworded(table: pa.Table) -> pa.Table:
    """A table with the ranks of texts in the place of the codes that `worded` gave.

    Examples
    --------
    >>> told, texts = ranked(pa.table({name: ["b", "a"] for name in SAID}))
    >>> unworded(worded(told, texts)).column("what").to_pylist()
    [1, 0]
    """
    for name in SAID:
        codes = one(table.column(name))
        table = table.set_column(table.column_names.index(name), name, codes.indices)
    return table
