"""Tables of anyone who speaks the Arrow C stream, in the default layout, as the only batch of a source."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import filled, numbers
from levensloop.assembling import SourceBatch
from levensloop.cells import encoded, one, readable
from levensloop.errors import Fault, UserError, fault
from levensloop.normalise import Options, normalise
from levensloop.schema import DEFAULT_COLUMNS, NAME_COLUMNS

#: Types of what is text.
_TEXTS: Final = (pa.string(), pa.large_string(), pa.string_view())


def days_given(
    window: tuple[date, date] | None, until: date | None
) -> tuple[tuple[date, date] | None, date | None]:
    """The days that were given, without a time of day.

    Raises
    ------
    UserError
        When they are no days, or the window ends before it starts.

    Examples
    --------
    >>> days_given(None, datetime(2007, 6, 30, 12))
    (None, datetime.date(2007, 6, 30))
    """
    given: list[Any] = [*(window or ()), *(() if until is None else (until,))]
    days = [day.date() if isinstance(day, datetime) else day for day in given]
    if (window is not None and len(window) != 2) or not all(isinstance(day, date) for day in days):  # noqa: PLR2004 - its first day and its last
        raise UserError("a window is two dates, and `until` is one; give date(1998, 1, 1), no text")
    if window is None:
        return None, until and days[-1]
    if days[1] < days[0]:
        raise UserError("the window ends before it starts; give (first day, last day)")
    return (days[0], days[1]), until and days[-1]


def _arrow(table: object, source: str) -> pa.Table:
    """Whatever was given as a pyarrow table."""
    if not hasattr(table, "__arrow_c_stream__") and not hasattr(table, "__arrow_c_array__"):
        raise UserError(f"a {type(table).__name__} is no table; give a pandas, polars, duckdb or pyarrow one")
    try:
        found = pa.table(table)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        # Its words may hold what stands in a cell, so they are not passed on.
        raise UserError(
            f"{source}: a column mixes values of several types; make each column all text, or all dates"
        ) from None
    found = found.select(
        [place for place, name in enumerate(found.column_names) if not name.startswith("__index")]
    )
    double = sorted({name for name in found.column_names if found.column_names.count(name) > 1})
    if double:
        raise UserError(fault("duplicate_column", source, column=name) for name in double)
    return pa.table([_whole(column) for column in found.columns], found.column_names)


def _whole(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A column without pieces of no rows, which may lack buffers, and without the words that none of its rows has.

    A frame that was cut keeps the words of rows that are no longer there.
    """
    column = readable(pa.chunked_array([piece for piece in column.chunks if len(piece)], column.type))
    if not pa.types.is_dictionary(column.type) or column.type.value_type not in _TEXTS:
        return column
    array = encoded(column)
    there = np.zeros(len(array.dictionary) + 1, bool)
    there[filled(array.indices)] = True
    if there[:-1].all():
        return array
    place = pa.array(np.cumsum(there, dtype=np.int32) - 1)
    values = array.dictionary.filter(pa.array(there[:-1]))
    return pa.DictionaryArray.from_arrays(place.take(array.indices), values)


def batch_of(given: object, source: str, window: tuple[date, date] | None) -> SourceBatch:
    """A table in the default layout as the only batch of a source."""
    table = _arrow(given, source)
    number = np.arange(1, table.num_rows + 1)
    options = Options(source, source, window=window)
    known = table.select([name for name in DEFAULT_COLUMNS if name in table.column_names])
    normal = normalise(known, record=number, part=np.zeros_like(number), options=options)
    kept = table.select([name for name in table.column_names if name not in NAME_COLUMNS])
    raw, unused = _as_text(kept, source)
    return SourceBatch(
        source=source,
        file=source,
        sha256="",
        normal=replace(normal, faults=(*normal.faults, *unused)),
        raw=raw,
        raw_record=number,
        ignored=np.zeros(number.size, bool),
        window=window,
        rows_read=table.num_rows,
    )


def _as_text(table: pa.Table, source: str) -> tuple[pa.Table, list[Fault]]:
    """The rows as text, and a fault for each column that cannot be."""
    columns: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            columns[name] = _text(column)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            faults.append(fault("unused_column", source, column=name))
    return pa.table(columns), faults


def _text(column: pa.ChunkedArray) -> pa.Array:
    array = one(column)
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        # Not by a cast of the list: there is none of the codes that polars gives.
        ends = numbers(pc.fill_null(pc.list_value_length(array), 0)).cumsum()
        values = encoded(pc.list_flatten(array)).cast(pa.string())
        offsets = pa.array(np.append(0, ends).astype(np.int32))
        return pc.binary_join(pa.ListArray.from_arrays(offsets, values, mask=array.is_null()), ";")
    return (encoded(array) if pa.types.is_dictionary(array.type) else array).cast(pa.string())
