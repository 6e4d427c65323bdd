"""Numpy views of a cohort's tables: what detectors compute on.

Codes and days are 64-bit integers; a missing code is -1. Only rows about the youth are in a
view; `row` leads back to the events table.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from levensloop.ages import add_months
from levensloop.arrow import filled, held, nullable, numbers, one
from levensloop.naming import Called
from levensloop.spans import NO_DAY, Bools, Ints, best

#: So many values are looked up at a time, on every processor.
_PIECE: Final = 1 << 20

Made = TypeVar("Made")
Kind = TypeVar("Kind", bound=np.generic)

#: Reasons for which a last end leaves no open need.
SETTLED: Final = ("goal_reached", "as_planned", "agreed", "moved", "died")


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events about the youth, in the cohort's order; a point has `end_min` = `NO_DAY`."""

    row: Ints
    youth: Ints
    agency: Ints
    to_agency: Ints
    sector: Ints
    kind: Ints
    care_type: Ints
    care_id: Ints
    reason: Ints
    initiative: Ints
    capacity: Ints
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints


@dataclass(frozen=True, slots=True)
class Told:
    """Which agencies were told of which events, sorted by both; `event` is a place among the events of a view."""

    event: Ints
    agency: Ints


@dataclass(frozen=True, slots=True)
class EpisodeColumns:
    """Episodes of the youth, in the cohort's order.

    [`start_max`, `end_min`) is the sure cover and [`start_min`, `end_max`) the possible one: the
    ends of open episodes and of unknown ends are already those of design section 6.
    """

    youth: Ints
    agency: Ints
    sector: Ints
    care_type: Ints
    care_id: Ints
    role: Ints
    reason: Ints
    open: Bools
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints
    start_row: Ints
    end_row: Ints


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of agencies, one row per agency and source; half-open."""

    agency: Ints
    start: Ints
    end: Ints
    age_from: Ints
    age_until: Ints
    cares: Bools


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """All of a cohort that detectors look at; where every birth is known to the day both bounds are one array."""

    ids: pa.Array
    birth_min: Ints
    birth_max: Ints
    until: Ints
    departed: Bools
    events: EventColumns
    told: Told
    episodes: EpisodeColumns
    windows: Windows
    agencies: tuple[str, ...]
    care_types: tuple[str, ...]
    agency_sector: Ints
    called: Called
    kept: dict[Any, Any] = field(default_factory=dict[Any, Any], repr=False, compare=False)

    @property
    def size(self) -> int:
        """The number of youths."""
        return len(self.ids)

    def window_end(self) -> Ints:
        """The last window end of each agency; `NO_DAY` where it delivered nothing."""
        return best(self.windows.agency, self.windows.end, len(self.agencies), least=False, empty=NO_DAY)

    def once(self, make: "Callable[[View], Made]") -> Made:
        """What a function computes of this view: computed once, however many detectors ask for it."""
        if make not in self.kept:
            self.kept[make] = make(self)
        return self.kept[make]


def days(column: pa.ChunkedArray, empty: int = NO_DAY) -> Ints:
    """Dates as days since 1970-01-01; `empty` for null.

    Examples
    --------
    >>> import datetime
    >>> days(pa.chunked_array([pa.array([datetime.date(1970, 1, 3), None], pa.date32())])).tolist()[0]
    2
    """
    if column.null_count == len(column):
        return np.full(len(column), empty, np.int64)
    array = one(column)
    day = held(array.view(pa.int32()))
    if array.null_count:
        known = numbers(array.is_valid()).view(np.int8)
        day = (day - np.int32(empty)) * known + np.int32(empty)  # a choice for each would be slow
    return day.astype(np.int64)


def dates(days: Ints) -> pa.Array:
    """Days since 1970-01-01 as dates; null for `NO_DAY`.

    Examples
    --------
    >>> dates(np.array([1, NO_DAY])).to_pylist()
    [datetime.date(1970, 1, 2), None]
    """
    return nullable(days.astype(np.int32), days == NO_DAY).view(pa.date32())


def codes(column: pa.ChunkedArray, names: Sequence[str]) -> Ints:
    """The place of each value in `names`; -1 for null and for a name that is not there.

    Examples
    --------
    >>> codes(pa.chunked_array([pa.array(["b", None, "z"])]), ("a", "b")).tolist()
    [1, -1, -1]
    """
    if column.null_count == len(column):
        return np.full(len(column), -1, np.int64)
    array = encoded(column)
    return placed(array, lookup(array.dictionary, names))


def encoded(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """A column as codes into its distinct values."""
    array = one(column)
    return array if pa.types.is_dictionary(array.type) else array.dictionary_encode()


def lookup(values: pa.Array, names: Sequence[str]) -> Ints:
    """The place of each of some distinct values in `names`, and -1 behind them, for what is missing."""
    known = {name: place for place, name in enumerate(names)}
    return np.array([*(known.get(value, -1) for value in values.to_pylist()), -1], np.int64)


def placed(array: pa.DictionaryArray, table: NDArray[Kind]) -> NDArray[Kind]:
    """What a table of the distinct values, such as `lookup` makes, says of each value of an array."""
    return table[filled(array.indices)]


def any_of(column: pa.ChunkedArray, names: Sequence[str]) -> Bools:
    """Whether each value of a column is one of some names; null is not.

    Examples
    --------
    >>> any_of(pa.chunked_array([["b", None, "z"]]), ("a", "b")).tolist()
    [True, False, False]
    """
    if column.null_count == len(column):
        return np.zeros(len(column), bool)
    array = encoded(column)
    return placed(array, lookup(array.dictionary, names) >= 0)


def told_apart(column: pa.ChunkedArray) -> Ints:
    """A number per value, equal where the values are; -1 for null.

    Examples
    --------
    >>> told_apart(pa.chunked_array([["b", None, "a", "b"]])).tolist()
    [0, -1, 1, 0]
    """
    if column.null_count == len(column):
        return np.full(len(column), -1, np.int64)
    return filled(encoded(column).indices).astype(np.int64)


def among(code: Ints, names: Sequence[str], some: Sequence[str]) -> Bools:
    """Whether each code is that of one of some names; a missing code, -1, is not.

    Examples
    --------
    >>> among(np.array([0, 1, -1]), ("a", "b"), ("b",)).tolist()
    [False, True, False]
    """
    return np.array([*(name in some for name in names), False])[code]


def places(column: pa.ChunkedArray, ids: pa.Array) -> Ints:
    """The place of each value among ids, -1 where it is none of them; no value is null.

    Distinct values that chunks share are looked up once, and the ids themselves never.

    Examples
    --------
    >>> places(pa.chunked_array([["b", "z"]]), pa.array(["a", "b"])).tolist()
    [1, -1]
    """
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    found = np.empty(len(coded), np.int64)
    values, at, first = ids, None, 0
    for chunk in coded.chunks:
        if not chunk.dictionary.equals(values):
            values = chunk.dictionary
            at = row_of(values, ids)
        indices = numbers(chunk.indices)
        found[first : first + len(chunk)] = indices if at is None else at[indices]
        first += len(chunk)
    return found


def names_in(*columns: pa.ChunkedArray) -> tuple[str, ...]:
    """The distinct values of columns, in alphabetical order.

    Examples
    --------
    >>> names_in(pa.chunked_array([pa.array(["b", "a", None])]))
    ('a', 'b')
    """
    found: set[Any] = set()
    for column in columns:
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        for chunk in coded.chunks:
            found.update(chunk.dictionary.to_pylist())
    return tuple(sorted(found - {None}))


def row_of(values: pa.Array | pa.ChunkedArray, among: pa.Array) -> Ints:
    """The row of each value among unique values; -1 for null.

    Examples
    --------
    >>> row_of(pa.array(["y", None]), pa.array(["x", "y"])).tolist()
    [1, -1]
    """
    if values.null_count == len(values):
        return np.full(len(values), -1, np.int64)
    if len(values) <= _PIECE:
        return _row_of(values, among)
    pieces = [values.slice(at, _PIECE) for at in range(0, len(values), _PIECE)]
    with ThreadPoolExecutor(min(len(pieces), os.cpu_count() or 1)) as pool:
        return np.concatenate(list(pool.map(lambda piece: _row_of(piece, among), pieces)))


def _row_of(values: pa.Array | pa.ChunkedArray, among: pa.Array) -> Ints:
    return filled(pc.index_in(values, among)).astype(np.int64)


def birthday(birth: Ints, years: int) -> Ints:
    """The day on which one born on `birth` turns `years`; 29 February falls on 1 March.

    Examples
    --------
    >>> day = np.array(["1988-02-29"], "M8[D]").astype(np.int64)
    >>> birthday(day, 18).astype("M8[D]").tolist()
    [datetime.date(2006, 3, 1)]
    """
    return add_months(birth, 12 * years)
