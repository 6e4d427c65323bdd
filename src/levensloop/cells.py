"""Cells as they are delivered, made clean: spaces, empty cells, names and lists of names.

Everything is done on the distinct values of a column.
"""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import numbers, one
from levensloop.schema import CODE, TEXTS

#: With their type: of a bare value pyarrow infers it, and that loads pandas.
EMPTY: Final = pa.scalar("", pa.string())
NULL: Final = pa.scalar(None, pa.string())
_SEPARATORS: Final = r"[;|]"


def encoded(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    """The column as codes into its distinct values, as text.

    Examples
    --------
    >>> encoded(pa.array([7, 7, None])).to_pylist()
    ['7', '7', None]
    """
    array = one(column)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    if array.type == CODE:
        return array
    values = array.dictionary
    values = values if values.type == pa.string() else values.cast(pa.string())
    return pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), values)


def recoded(codes: pa.Array, values: pa.Array) -> pa.Array:
    """`codes` with other distinct `values`; equal ones fall together and an empty text is null.

    Examples
    --------
    >>> recoded(encoded(pa.array(["a", "b", "c"])), pa.array(["x", "x", ""])).to_pylist()
    ['x', 'x', None]
    """
    values = pc.if_else(pc.equal(values, EMPTY), NULL, values).dictionary_encode()
    as_were = not values.indices.null_count and len(values.dictionary) == len(codes.dictionary)
    indices = codes.indices if as_were else values.indices.take(codes.indices)
    return pa.DictionaryArray.from_arrays(indices, values.dictionary, safe=False)


def texts(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    """Free text without spaces around it; an empty cell is null.

    Examples
    --------
    >>> texts(pa.array([" a ", " "])).to_pylist()
    ['a', None]
    """
    array = one(column)
    if pa.types.is_dictionary(array.type):
        return keys(array).cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(array if array.type == pa.string() else array.cast(pa.string()))
    empty = pc.equal(trimmed, EMPTY)
    return pc.if_else(empty, NULL, trimmed) if pc.any(empty).as_py() else trimmed


def keys(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    """Texts as codes, without spaces around them; an empty cell is null.

    Examples
    --------
    >>> keys(pa.array(["a  b ", " a  b", " "])).to_pylist()
    ['a  b', 'a  b', None]
    """
    codes = encoded(column)
    return recoded(codes, pc.utf8_trim_whitespace(codes.dictionary))


def names(column: "pa.Array | pa.ChunkedArray", *, lower: bool = False) -> pa.Array:
    """Names and words as codes, with single spaces inside and none around.

    Examples
    --------
    >>> names(pa.array(["G.G.Z.  Noord ", "G.G.Z. Noord", ""])).to_pylist()
    ['G.G.Z. Noord', 'G.G.Z. Noord', None]
    """
    codes = encoded(column)
    return recoded(codes, _tidy(codes.dictionary, lower=lower))


def lists(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    """Lists of names, from lists or from text split on ``;`` or ``|``; an empty list is null.

    Examples
    --------
    >>> lists(pa.array(["School; GGZ ", " ; ", None])).to_pylist()
    [['School', 'GGZ'], None, None]
    """
    array = one(column)
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), TEXTS)
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return _tidy_lists(array)
    codes = encoded(array)
    return _tidy_lists(pc.split_pattern_regex(codes.dictionary, _SEPARATORS)).take(codes.indices)


def _tidy(values: pa.Array, *, lower: bool = False) -> pa.Array:
    single = pc.utf8_trim_whitespace(pc.replace_substring_regex(values, r"\s+", " "))
    return pc.utf8_lower(single) if lower else single


def _tidy_lists(array: pa.Array) -> pa.Array:
    parents = numbers(pc.list_parent_indices(array))
    flat = names(pc.list_flatten(array))
    keep = numbers(flat.is_valid())
    counts = np.bincount(parents[keep], minlength=len(array))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    items = flat.filter(pa.array(keep)).cast(pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), items, mask=pa.array(counts == 0))
