"""Who the rows are about: what a source says of each person, once for each set of particulars."""

from typing import Any, Final

import numpy as np
import pyarrow as pa

from levensloop import cells
from levensloop.arrays import days
from levensloop.arrow import filled, numbers
from levensloop.dates import Bounds, parse
from levensloop.days import dates
from levensloop.options import Ints, Mask, Options, Tally
from levensloop.schema import NAME_COLUMNS, PERSONS, conform
from levensloop.sorting import numbered, order_of

_PERSON: Final = ("sex", "municipality", "district", *NAME_COLUMNS)


def particulars_of(table: pa.Table, keys: pa.Array, tally: Tally, options: Options) -> pa.Table:
    """One row per key and set of particulars, with the first record that says so."""
    size = table.num_rows
    birth = Bounds.empty(size)
    if "birth" in table.column_names:
        birth = parse(table.column("birth"), options.date_formats)
        tally.add_dates("birth", birth, reject=False)
    columns: dict[str, Any] = {
        "person": keys,
        "birth_min": dates(birth.min, birth.valid),
        "birth_max": dates(birth.max, birth.valid),
        "record": tally.record,
    }
    columns.update({name: cells.names(table.column(name)) for name in _PERSON if name in table.column_names})
    rows = pa.table(columns)
    rows = rows.filter(pa.array(~tally.rejected)) if tally.rejected.any() else rows
    keys_of = {name: _keys(rows.column(name)) for name in columns}
    earlier = order_of([keys_of.pop("record")])
    said, firsts = _said(keys_of, earlier)
    new = np.zeros(earlier.size, bool)
    new[firsts] = True
    first = earlier[new[earlier]]
    found = rows.take(pa.array(first))
    several = np.bincount(keys_of["person"][first], minlength=1)[keys_of["person"][first]] > 1
    if several.any():  # they may be two persons
        found = found.append_column("records", _records(rows.column("record"), said, said[first], several))
    return conform(found.append_column("source", cells.constant(options.source, found.num_rows)), PERSONS)


def _said(keys: dict[str, Ints], earlier: Ints) -> tuple[Ints, Ints]:
    """A number for what each row says, and for each number the first row in the order of `earlier`, if any.

    Most sources say one thing of each person: then the key itself is such a number.
    """
    said = keys["person"]
    firsts = _first_of(said, earlier)
    same = firsts[said]
    if not all(np.array_equal(key, key[same]) for name, key in keys.items() if name != "person"):
        said = numbered(list(keys.values()))
        firsts = _first_of(said, earlier)
    return said, firsts[firsts >= 0]


def _first_of(said: Ints, earlier: Ints) -> Ints:
    """The first row with each number in an order of rows; -1 for a number without rows."""
    first = np.full(int(said.max(initial=-1)) + 1, -1, np.int64)
    first[said[earlier[::-1]]] = earlier[::-1]  # the last written is the first
    return first


def _keys(column: pa.ChunkedArray) -> Ints:
    """A number per row, equal where the values are; pyarrow's own grouping would load pyarrow.dataset."""
    if pa.types.is_integer(column.type):
        return numbers(column).astype(np.int64)
    if pa.types.is_date(column.type):
        return days(column)
    array = cells.one(column)
    array = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    return filled(array.indices).astype(np.int64) + 1


def _records(record: pa.ChunkedArray, said: Ints, sets: Ints, several: Mask) -> pa.ListArray:
    """All records that say each of the sets of particulars; null where a key has no other set."""
    place = np.full(int(said.max()) + 1, sets.size)
    place[sets[several]] = np.flatnonzero(several)
    row = np.argsort(place[said], kind="stable")
    counts = np.bincount(place[said], minlength=sets.size + 1)[:-1]
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    values = record.combine_chunks().take(pa.array(row[: ends[-1]]))
    return pa.ListArray.from_arrays(pa.array(ends), values, mask=pa.array(~several))
