"""Between Arrow and numpy without pandas, which is loaded when a frame is asked for and not before.

pyarrow looks for pandas at its first conversion of anything, and so loads it: a quarter of a second for who asked no
frame. Here it looks once while pandas keeps out of sight, and is told of pandas as soon as anyone in this process loads
it. What is written in C++ (`to_numpy`, values of which the type is to be inferred) loads it even so: what runs when
files are read takes `numbers` in place of the one and names the type for the other.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from threading import get_ident
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def one(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    """A column as one array; dictionaries of chunks are made one first.

    Examples
    --------
    >>> one(pa.chunked_array([["a"], ["b"]])).to_pylist()
    ['a', 'b']
    """
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)  # combining would copy it
    if pa.types.is_dictionary(column.type) and column.num_chunks:
        values = column.chunk(0).dictionary
        if all(chunk.dictionary.equals(values) for chunk in column.chunks):  # unified already: no look-up
            indices = pa.concat_arrays([chunk.indices for chunk in column.chunks])
            return pa.DictionaryArray.from_arrays(indices, values)
        if column.type.index_type == pa.int32():
            return _in_one(column)
        column = column.unify_dictionaries()
    chunks = column.combine_chunks()
    return pa.concat_arrays(chunks.chunks) if isinstance(chunks, pa.ChunkedArray) else chunks


def _in_one(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Codes in pieces as one array; to unify dictionaries first, as pyarrow does, would copy all codes once more."""
    words = pa.concat_arrays([chunk.dictionary for chunk in column.chunks]).dictionary_encode()
    place, used = _numbers(words.indices), np.cumsum([0, *(len(chunk.dictionary) for chunk in column.chunks)])
    code, ends = np.empty(len(column), np.int32), np.cumsum([0, *map(len, column.chunks)])
    for at, chunk in enumerate(column.chunks):
        own = np.append(place[used[at] : used[at + 1]], np.int32(-1))  # the last for what is missing
        code[ends[at] : ends[at + 1]] = own[filled(chunk.indices)]
    missing = code < 0 if column.null_count else np.zeros(0, bool)
    return pa.DictionaryArray.from_arrays(nullable(code, missing), words.dictionary, safe=False)


def numbers(column: "pa.Array | pa.ChunkedArray") -> npt.NDArray[Any]:
    """Numbers or truths, none of them null, as `to_numpy` gives them.

    Examples
    --------
    >>> numbers(pa.chunked_array([pa.array([1, 2]), pa.array([3])])).tolist()
    [1, 2, 3]
    >>> numbers(pa.array([True, False])).tolist()
    [True, False]
    """
    return _numbers(one(column))


def filled(column: "pa.Array | pa.ChunkedArray") -> npt.NDArray[Any]:
    """Whole numbers, -1 where they are null; what pyarrow has for it takes ten times as long.

    Examples
    --------
    >>> filled(pa.array([7, None])).tolist()
    [7, -1]
    """
    array = one(column)
    code = held(array)
    return code | -numbers(array.is_null()).view(np.int8) if array.null_count else code


def nullable(values: npt.NDArray[Any], missing: npt.NDArray[np.bool_]) -> pa.Array:
    """Numbers as an array, null where they are missing; what pyarrow has for it takes thirty times as long.

    Examples
    --------
    >>> nullable(np.array([7, -1]), np.array([False, True])).to_pylist()
    [7, None]
    """
    if not missing.any():
        return pa.array(values)
    known = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), values.size, [known, data])


def _numbers(array: pa.Array) -> npt.NDArray[Any]:
    assert not array.null_count
    if array.type == pa.bool_():
        return _truths(array)
    return held(array)


def held(array: pa.Array) -> npt.NDArray[Any]:
    """The numbers of an array; where null, any.

    Examples
    --------
    >>> held(pa.array([7, 9], pa.int32())).tolist()
    [7, 9]
    """
    kind = np.dtype(str(array.type))
    if not len(array):
        return np.zeros(0, kind)
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * kind.itemsize)


def _truths(array: pa.Array) -> npt.NDArray[Any]:
    """Eight of them stand in a byte, the first lowest; the array may begin inside one."""
    if not len(array):
        return np.zeros(0, bool)
    first, skipped = divmod(array.offset, 8)
    there = skipped + len(array)
    held = np.frombuffer(array.buffers()[1], np.uint8, -(-there // 8), first)
    return np.unpackbits(held, count=there, bitorder="little")[skipped:].view(bool)


class _PandasLater(MetaPathFinder):
    """Hides pandas from one look of pyarrow, and has pyarrow look again when somebody loads it."""

    def __init__(self) -> None:
        self.looking: int | None = get_ident()

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if fullname != "pandas":
            return None
        if self.looking == get_ident():
            raise ModuleNotFoundError("pandas is not looked for yet", name=fullname)
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec is not None and spec.loader is not None:
            _and_then_look(spec.loader)
        return spec


def _and_then_look(loader: Any) -> None:  # noqa: ANN401 # any loader
    load = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        del loader.exec_module
        load(module)
        _ = pa.lib._pandas_api.pd  # noqa: SLF001 # asking for it makes pyarrow look

    loader.exec_module = exec_module


def _look_for_pandas_later() -> None:
    if "pandas" in sys.modules:
        return
    finder = _PandasLater()
    sys.meta_path.insert(0, finder)
    try:
        _ = pa.lib._pandas_api.have_pandas  # noqa: SLF001 # it looks, and remembers
    finally:
        finder.looking = None


_look_for_pandas_later()
