from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levensloop import gathering
from levensloop.gathering import dealt, gathered
from levensloop.sorting import grouped

TEXTS = st.one_of(st.none(), st.sampled_from(["", "a", "één", "b" * 40]))
DAYS = st.none() | st.just(date(2005, 3, 2))
PIECE = st.lists(st.tuples(TEXTS, TEXTS, st.none() | st.lists(TEXTS, max_size=2), DAYS, DAYS), max_size=5)
SHAPE = pa.schema(
    [
        ("text", pa.string()),
        ("code", pa.dictionary(pa.int32(), pa.string())),
        ("texts", pa.list_(pa.string())),
        ("first", pa.date32()),
        ("last", pa.date32()),
    ]
)


def table(pieces):
    parts = [
        pa.table(
            [pa.array([row[at] for row in piece], SHAPE.field(at).type) for at in range(len(SHAPE))],
            schema=SHAPE,
        )
        for piece in pieces
    ]
    return pa.concat_tables([SHAPE.empty_table(), *parts]).unify_dictionaries()


@given(st.lists(PIECE, max_size=4), st.data())
def test_rows_are_those_asked_for_however_the_table_is_cut(pieces, data):
    whole = table(pieces)
    places = st.lists(st.integers(0, max(len(whole) - 1, 0)), max_size=8 if len(whole) else 0)
    rows = data.draw(places | places.map(sorted))
    found = gathered(whole, np.array(rows, np.int64))
    assert found.schema == whole.schema
    assert found.to_pylist() == [whole.to_pylist()[row] for row in rows]
    assert all(column.num_chunks == 1 for column in found.columns)


def test_what_is_the_same_in_all_rows_or_in_two_columns_is_there_once():
    day = date(2005, 3, 2)
    rows = [("x", "day", None, day, day), ("y", "day", None, None, None), ("z", "day", None, day, day)]
    one, other = dealt(table([rows[:1], rows[1:]]), [np.array([2, 0]), np.array([1])])
    assert one.to_pylist() == [dict(zip(SHAPE.names, rows[at], strict=True)) for at in (2, 0)]
    assert other.to_pylist() == [dict(zip(SHAPE.names, rows[1], strict=True))]
    names = ("code", "first", "last")
    codes, first, last = ([hand.column(name).chunk(0) for hand in (one, other)] for name in names)
    assert codes[0].indices.buffers()[1].address == codes[1].indices.buffers()[1].address
    assert first[0].buffers()[1].address == last[0].buffers()[1].address


def test_a_table_in_which_nothing_is_told():
    assert (
        gathered(pa.table({"a": pa.nulls(3, pa.string())}), np.array([0, 2])).to_pylist() == [{"a": None}] * 2
    )


@pytest.mark.parametrize("most", [gathering._MOST, 0])
def test_every_hand_has_its_rows_however_much_text_there_is(monkeypatch, most):
    monkeypatch.setattr(gathering, "_MOST", most)
    whole = table(
        [[("a", "b", ["c", None], None, None), (None, "é", None, None, None)], [("b", None, [], None, None)]]
    )
    hands = [np.array([2, 0, 0]), np.array([], np.int64), np.array([1])]
    found = dealt(whole, hands)
    assert [hand.schema for hand in found] == [whole.schema] * 3
    assert [hand.to_pylist() for hand in found] == [
        [whole.to_pylist()[row] for row in rows] for rows in hands
    ]


def test_lists_without_values_are_not_null():
    lists = pa.table({"a": pa.array([[], []], pa.list_(pa.string()))})
    assert gathered(lists, np.array([1, 0, 0])).to_pylist() == [{"a": []}] * 3


NUMBERS = st.integers(0, 2) | st.integers(-(1 << 61), 1 << 61)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=12), st.data())
def test_rows_that_are_alike_stand_together(values, data):
    columns = np.array(values, np.int64).reshape(-1, 4).T
    rows = data.draw(st.permutations(range(len(values))))
    order, run, heads = grouped([*columns[:2]], [*columns[2:]], np.array(rows, np.int64))
    told = [values[row] for row in rows]
    expected = sorted(range(len(rows)), key=told.__getitem__)
    assert order.tolist() == expected
    distinct = sorted({row[:2] for row in told})
    assert run.tolist() == [distinct.index(told[place][:2]) for place in expected]
    assert heads.tolist() == [run.tolist().index(number) for number in range(len(distinct))]
