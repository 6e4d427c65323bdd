"""Numbers out of Arrow without pandas, and pyarrow that learns of pandas when it is loaded."""

import sys
from threading import get_ident

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from levensloop.arrow import _and_then_look, _PandasLater, filled, nullable, numbers


@pytest.mark.parametrize(
    "array",
    [
        pa.array([3, 1, 2], pa.int32()),
        pa.array([3, 1, 2], pa.int64()).slice(1),
        pa.array([1, 2, 3], pa.uint8()).slice(1, 1),
        pa.array([True, False] * 9).slice(3, 7),
        pa.array([0.5, 2.5]),
        pa.array([], pa.int32()),
        pa.array([], pa.bool_()),
        pa.chunked_array([[1, 2], [3]], pa.int32()),
        pa.chunked_array([[1, 2]], pa.int16()),
        pa.chunked_array([], pa.int32()),
        pa.chunked_array([[True], [], [False]]),
    ],
    ids=str,
)
def test_numbers_are_those_of_to_numpy(array):
    expected = (
        array.to_numpy() if isinstance(array, pa.ChunkedArray) else array.to_numpy(zero_copy_only=False)
    )
    found = numbers(array)
    assert found.dtype == expected.dtype
    assert np.array_equal(found, expected)


@pytest.mark.parametrize(
    "array",
    [
        pa.array([3, None, 2], pa.int32()),
        pa.array([3, None, 2, None], pa.int8()).slice(1),
        pa.array([None, None], pa.int64()),
        pa.array([7, 8]),
        pa.array([], pa.int16()),
        pa.chunked_array([[1, None], [], [3]], pa.int32()),
        pa.array([200, None], pa.uint8()),
    ],
    ids=str,
)
def test_what_is_null_is_filled(array):
    assert filled(array).tolist() == [-1 if value is None else value for value in array.to_pylist()]


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 100])
@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64, np.float64])
def test_what_is_missing_is_null(size, kind):
    dice = np.random.default_rng(size)
    values, missing = dice.integers(0, 9, 2 * size).astype(kind)[::2], dice.random(size) < 0.5
    array = nullable(values, missing)
    array.validate(full=True)
    assert array.equals(pa.array(values, mask=missing))
    assert array.null_count == np.count_nonzero(missing)


@pytest.mark.parametrize("first", range(10))
@pytest.mark.parametrize("size", [0, 1, 8, 17])
def test_truths_may_begin_inside_a_byte(first, size):
    told = np.random.default_rng(first).random(40) < 0.5
    found = numbers(pa.array(told).slice(first, size))
    assert np.array_equal(found, told[first : first + size])
    found[:] = False  # nobody else's


def test_numbers_have_no_null():
    with pytest.raises(AssertionError):
        numbers(pa.array([1, None]))


def test_pandas_is_hidden_from_one_thread_alone():
    finder = _PandasLater()
    assert finder.find_spec("json", None) is None
    with pytest.raises(ModuleNotFoundError):
        finder.find_spec("pandas", None)
    sys.meta_path.insert(0, finder)
    finder.looking = get_ident() + 1
    spec = finder.find_spec("pandas", None)
    assert finder not in sys.meta_path
    assert spec.name == "pandas"


def test_pyarrow_looks_when_the_module_is_there():
    told = []

    class Loader:
        def exec_module(self, module):
            told.append(module)

    loader = Loader()
    _and_then_look(loader)
    loader.exec_module(pd)
    assert told == [pd]
    assert "exec_module" not in vars(loader)
