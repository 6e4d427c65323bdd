"""Cells as they are delivered, made clean: spaces, empty cells, names and lists of names.

Everything is done on the distinct values of a column.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import numbers, one
from levensloop.schema import CODE, TEXTS

#: With their type: of a bare value pyarrow infers it, and that loads pandas.
EMPTY: Final = pa.scalar("", pa.string())
NULL: Final = pa.scalar(None, pa.string())
_SEPARATORS: Final = r"[;|]"
#: The two letters of each byte, and where they stand in a UUID.
_HEX: Final = np.frombuffer(bytes(range(256)).hex().encode(), np.uint8).reshape(256, 2)
_LETTERS: Final = np.flatnonzero(~np.isin(np.arange(36), (8, 13, 18, 23)))


def readable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of a type with a name of its own as what it holds, a UUID as text; what is not a number is no cell.

    Examples
    --------
    >>> readable(pa.chunked_array([[1.5, float("nan")]])).to_pylist()
    [1.5, None]
    """
    kind: Any = column.type
    if isinstance(kind, pa.UuidType):
        return pa.chunked_array([_uuids(chunk.storage) for chunk in column.chunks], pa.string())
    if isinstance(kind, pa.BaseExtensionType):
        return pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type)
    if not pa.types.is_floating(kind):
        return column
    column = column.cast(pa.float32()) if pa.types.is_float16(kind) else column
    return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)


def holds_bytes(kind: pa.DataType) -> bool:
    """Whether a column of a type holds bytes, which are no text."""
    types = pa.types
    large = types.is_large_binary(kind) or types.is_binary_view(kind)
    return large or types.is_binary(kind) or types.is_fixed_size_binary(kind)


def _uuids(stored: pa.Array) -> pa.Array:
    """UUIDs of 16 bytes as text."""
    size = len(stored)
    raw = np.frombuffer(stored.buffers()[1], np.uint8, 16 * size, 16 * stored.offset)
    letters = np.full((size, 36), ord("-"), np.uint8)
    letters[:, _LETTERS] = _HEX[raw].reshape(size, 32)
    ends = pa.py_buffer(np.arange(0, 36 * size + 1, 36, dtype=np.int32))
    told = pa.StringArray.from_buffers(size, ends, pa.py_buffer(letters))
    return pc.if_else(stored.is_valid(), told, NULL)


def missing(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Where nothing is delivered.

    Examples
    --------
    >>> missing(pa.array(["a", None])).tolist()
    [False, True]
    """
    return numbers(column.is_null())


def constant(word: str, length: int) -> pa.Array:
    """One word in all rows, as codes.

    Examples
    --------
    >>> constant("gp", 2).to_pylist()
    ['gp', 'gp']
    """
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(length, np.int32)), pa.array([word], pa.string()))


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
