"""Orders and places against those of Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from levensloop import sorting

NUMBERS = st.lists(st.integers(0, 30), max_size=60)


@given(st.lists(NUMBERS.map(sorted), max_size=6), NUMBERS)
def test_sorted_tables_one_after_another_and_what_is_in_no_order_are_sorted_alike(tables, rest):
    first = np.array([*(one for table in tables for one in table), *rest], np.int64)
    second = (first * 7) % 3
    rows = list(zip(first.tolist(), second.tolist(), range(first.size), strict=True))
    assert sorting.order_of([first, second]).tolist() == [row for *_, row in sorted(rows)]


@given(NUMBERS.map(sorted), NUMBERS, st.integers(0, 1 << 40))
def test_places_are_where_values_stand(keys, asked, wide):
    low, high = sorting.places_of(np.array([*keys, wide + 99], np.int64), np.array(asked, np.int64))
    assert low.tolist() == [sum(key < one for key in keys) for one in asked]
    assert high.tolist() == [sum(key <= one for key in keys) for one in asked]
