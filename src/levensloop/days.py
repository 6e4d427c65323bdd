"""The days of events: starts and ends as four bounds and one precision."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import cells
from levensloop.arrow import filled, nullable, numbers
from levensloop.dates import PRECISIONS, Bounds, parse
from levensloop.edtf_text import EPOCH
from levensloop.options import Mask, Options, Tally
from levensloop.schema import vocabulary


def _kind_mask(kind: pa.Array, kinds: Sequence[str]) -> Mask:
    wanted = numbers(pc.is_in(kind.dictionary, pa.array(kinds, pa.string())))
    return np.append(wanted, False)[filled(kind.indices)]


@cache
def _lasting() -> tuple[str, ...]:
    """The kinds that are an episode by themselves, so that an empty end says something."""
    kinds = vocabulary()["kinds"].items()
    return tuple(kind for kind, entry in kinds if entry.get("role", "wait") != "wait" and "edge" not in entry)


@cache
def _endings() -> tuple[str, ...]:
    return tuple(kind for kind, entry in vocabulary()["kinds"].items() if entry.get("edge") == "end")


def days_of(table: pa.Table, kind: pa.Array, tally: Tally, options: Options) -> dict[str, Any]:
    """The four bounds and the precision of every row, with the faults in its dates."""
    start = parse(table.column("start"), options.date_formats)
    _by_order(start, table, options)
    tally.add("missing_value", "start", ~start.valid & (start.faults < 0), reject=True)
    tally.add_dates("start", start, reject=True)
    if options.end_exclusive:
        # The date of an ending is the first day without; the tables hold the last day with.
        ends = _kind_mask(kind, _endings())
        start.min[ends] -= 1
        start.max[ends] -= 1
    end, is_open = _ends(table, options)
    tally.add_dates("end", end, reject=True)
    after = 0 if options.end_exclusive else 1
    end_min, end_max, ended = end.min + after, end.max + after, end.valid.copy()
    tally.add("end_before_start", "end", ended & start.valid & (end_max <= start.min), reject=True)
    start_max = np.where(ended, np.minimum(start.max, end_max - 1), start.max)
    end_min = np.maximum(end_min, start.min + 1)
    some_end = ended
    if options.unknown_end:
        some_end = ended | (~is_open & _kind_mask(kind, _lasting()))
        end_min = np.where(ended, end_min, start.min + 1)
    precision = np.maximum(np.maximum(start.precision, end.precision), 0).astype(np.int32)
    return {
        "start_min": dates(start.min),
        "start_max": dates(start_max),
        "end_min": dates(end_min, some_end),
        "end_max": dates(end_max, ended),
        "precision": pa.DictionaryArray.from_arrays(pa.array(precision), pa.array(PRECISIONS, pa.string())),
    }


def _by_order(start: Bounds, table: pa.Table, options: Options) -> None:
    """Give a row without a date, of which the order is known, all days that its source tells of."""
    if options.window is not None:
        first, last = (day.toordinal() - EPOCH for day in options.window)
    elif start.valid.any():
        first, last = start.min[start.valid].min(), start.max[start.valid].max()
    else:
        return
    told = np.full(table.num_rows, options.ordered)
    for name in ("after", "before"):
        if name in table.column_names:
            told |= numbers(cells.lists(table.column(name)).is_valid())
    told &= ~start.valid & (start.faults < 0)
    start.min[told], start.max[told] = first, last
    start.precision[told] = PRECISIONS.index("range")
    start.valid[told] = True


def _ends(table: pa.Table, options: Options) -> tuple[Bounds, Mask]:
    """The ends, and the rows that say in so many words (``..``) that there is none yet."""
    is_open = np.zeros(table.num_rows, bool)
    if "end" not in table.column_names:
        return Bounds.empty(table.num_rows), is_open
    column = table.column("end")
    if not pa.types.is_temporal(column.type):
        column = cells.names(column)
        is_open = _kind_mask(column, ("..",))
        if is_open.any():
            values = column.dictionary
            column = cells.recoded(column, pc.if_else(pc.equal(values, ".."), "", values))
    return parse(column, options.date_formats), is_open


def dates(days: npt.NDArray[np.int32], known: Mask | None = None) -> pa.Array:
    """Days since 1970-01-01 as dates; null where they are not `known`.

    Examples
    --------
    >>> dates(np.array([0, 1], np.int32), np.array([True, False])).to_pylist()
    [datetime.date(1970, 1, 1), None]
    """
    days = days.astype(np.int32, copy=False)
    return (pa.array(days) if known is None else nullable(days, ~known)).view(pa.date32())
