import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from levensloop.gathering import gathered

TEXTS = st.one_of(st.none(), st.sampled_from(["", "a", "één", "b" * 40]))
PIECE = st.lists(st.tuples(TEXTS, TEXTS, st.none() | st.lists(TEXTS, max_size=2)), max_size=5)
SHAPE = pa.schema(
    [
        ("text", pa.string()),
        ("code", pa.dictionary(pa.int32(), pa.string())),
        ("texts", pa.list_(pa.string())),
    ]
)


def table(pieces):
    parts = [
        pa.table(
            [pa.array([row[at] for row in piece], SHAPE.field(at).type) for at in range(3)], schema=SHAPE
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


def test_a_table_in_which_nothing_is_told():
    assert (
        gathered(pa.table({"a": pa.nulls(3, pa.string())}), np.array([0, 2])).to_pylist() == [{"a": None}] * 2
    )
