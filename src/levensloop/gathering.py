"""Rows of a table in another order: nothing is done for columns of no value or one, nor copied that is not asked for."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import numbers, one
from levensloop.schema import nothing
from levensloop.spans import Ints

#: Bytes. An array of text holds at most 2 GB: more than that is put together as the one with wider offsets.
_MOST: Final = (1 << 31) - 1
_WIDE: Final = {
    pa.string(): pa.large_string(),
    pa.list_(pa.string()): pa.list_(pa.large_string()),
}

Each = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


def gathered(table: pa.Table, rows: Ints) -> pa.Table:
    """Some rows of a table, in the order given; each column in one piece.

    Examples
    --------
    >>> gathered(pa.table({"a": [1, 2], "b": pa.nulls(2)}), np.array([1])).to_pylist()
    [{'a': 2, 'b': None}]
    """
    return dealt(table, [rows])[0]


def ordered(table: pa.Table, by: Sequence[str]) -> pa.Table:
    """The rows in the order of some columns; what pyarrow has for it would load pandas.

    Examples
    --------
    >>> ordered(pa.table({"a": ["y", "x"]}), ["a"]).to_pylist()
    [{'a': 'x'}, {'a': 'y'}]
    """
    return table.take(pc.sort_indices(table, [(name, "ascending") for name in by]))


def dealt(table: pa.Table, hands: Sequence[Ints], each: Each = map) -> list[pa.Table]:
    """Some rows of a table for each of several tables, as `gathered` gives them.

    A column at a time: taking rows of a column in pieces puts the pieces together first, and so would copy a
    whole country for each hand, or all of its columns at once.

    Parameters
    ----------
    table : pyarrow.Table
    hands : sequence of numpy.ndarray of int
        The rows of each.
    each : callable
        Works like `map`; that of a pool deals to several at once.

    Examples
    --------
    >>> [hand.to_pylist() for hand in dealt(pa.table({"a": [1, 2, 3]}), [np.array([2, 0]), np.array([1])])]
    [[{'a': 3}, {'a': 1}], [{'a': 2}]]
    """
    places = [pa.array(rows) for rows in hands]
    columns: list[Sequence[pa.Array]] = []
    for before, column in zip([None, *table.columns], table.columns, strict=False):
        # Most days are known to the day: then both their bounds are one.
        as_before = before is not None and pa.types.is_date32(column.type) and column.equals(before)
        columns.append(columns[-1] if as_before else _dealt(column, places, each))
    return [pa.table(list(hand), schema=table.schema) for hand in zip(*columns, strict=True)]


def _dealt(column: pa.ChunkedArray, places: Sequence[pa.Array], each: Each) -> list[pa.Array]:
    kind: Any = column.type
    most = max(map(len, places), default=0)
    if column.null_count == len(column):
        return [nothing(len(rows), kind) for rows in places]
    if (
        pa.types.is_list(kind)
        and not column.null_count
        and not any(len(one.flatten()) for one in column.chunks)
    ):
        offsets = pa.array(np.zeros(most + 1, np.int32))
        empty = pa.ListArray.from_arrays(offsets, pa.array([], kind.value_type))
        return [empty.slice(0, len(rows)) for rows in places]
    array = whole(column)
    if pa.types.is_dictionary(kind) and not array.null_count:
        code = numbers(array.indices)
        if (code == code[0]).all():
            filled = pa.array(np.full(most, code[0], np.int32))
            filled = pa.DictionaryArray.from_arrays(filled, array.dictionary, safe=False).cast(kind)
            return [filled.slice(0, len(rows)) for rows in places]
    return list(each(lambda rows: array.take(rows).cast(kind), places))


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array, of a wider type where there is too much text for its own.

    Examples
    --------
    >>> whole(pa.chunked_array([["a"], ["b"]])).to_pylist()
    ['a', 'b']
    """
    wide = _WIDE.get(column.type)
    return one(column.cast(wide) if wide is not None and column.nbytes > _MOST else column)
