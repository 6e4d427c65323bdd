"""A table that is made when it is asked for, and once."""

import pickle

import pyarrow as pa
import pytest

from levensloop.tables import Later, Table

ROWS = pa.table({"youth": ["a", "b"]})


@pytest.fixture
def made():
    return []


@pytest.fixture
def later(made):
    def make():
        made.append(True)
        return ROWS

    return Later(make)


def test_it_is_made_when_it_is_asked_for_and_once(later, made):
    assert not made
    assert len(later) == len(ROWS)
    assert pa.table(later) == ROWS
    assert later == Table(ROWS)
    assert made == [True]


def test_some_rows_are_a_table(later):
    assert later.where(pa.array([False, True])).to_arrow().to_pylist() == [{"youth": "b"}]


def test_it_travels_as_a_table(later):
    assert pickle.loads(pickle.dumps(later)) == Table(ROWS)  # noqa: S301 - what was written here


def test_a_fault_in_making_is_told_again():
    later = Later(lambda: pa.table({"youth": [1, "a"]}))
    for _ in range(2):
        with pytest.raises(pa.ArrowInvalid):
            later.to_arrow()
