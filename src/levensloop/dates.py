"""Dates as files write them, read as bounds: the earliest and the latest day that are meant.

EDTF (ISO 8601-2) level 0 and 1, the timestamps that spreadsheets export, and the formats that a
layout names. What cannot be, or can be read in more than one way, is a fault and never a guess.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import filled, numbers, one
from levensloop.dateformats import MONTH_OF, check_formats, pattern_of
from levensloop.edtf_text import (
    AMBIGUOUS,
    DAY,
    DECEMBER,
    EPOCH,
    FAULTS,
    FIRST_YEAR,
    IMPOSSIBLE,
    LAST_YEAR,
    MONTH,
    PRECISIONS,
    TIME,
    YEAR,
    read_edtf,
)

__all__ = ["FAULTS", "PRECISIONS", "Bounds", "check_formats", "parse"]

_NONE: Final = -1
_FIRST_DAY: Final = date(FIRST_YEAR, 1, 1).toordinal() - EPOCH
_LAST_DAY: Final = date(LAST_YEAR, 12, 31).toordinal() - EPOCH
_PIVOT: Final = 69  # as POSIX reads a year of two digits
_SERIAL_OF_1970: Final = 25569
_NEVER_WAS: Final = 60

_ISO: Final = rf"^(?P<Y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}}){TIME}$"
_ISO_MONTH: Final = r"^(?P<Y>\d{4})-(?P<m>0[1-9]|1[0-2])$"
_ISO_YEAR: Final = r"^(?P<Y>\d{4})$"
_COMPACT: Final = r"^(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$"
_SERIAL: Final = r"^(?P<n>\d{1,7})(?:\.\d*)?$"

Days = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The earliest and the latest day of each cell; both belong to it.

    Parameters
    ----------
    min, max : numpy.ndarray of int32
        Days since 1970-01-01; 0 where `valid` is false.
    valid : numpy.ndarray of bool
        Whether the cell was read.
    precision : numpy.ndarray of int8
        Place in `PRECISIONS`; -1 where `valid` is false.
    faults : numpy.ndarray of int8
        Place in `FAULTS`; -1 where nothing is wrong. An empty cell is not valid and no fault.
    """

    min: Days
    max: Days
    valid: Mask
    precision: Codes
    faults: Codes

    @classmethod
    def empty(cls, length: int) -> "Bounds":
        """`length` empty cells."""
        days, codes = np.zeros(length, np.int32), np.full(length, _NONE, np.int8)
        return cls(days, days.copy(), np.zeros(length, bool), codes, codes.copy())

    def take(self, indices: Ints) -> "Bounds":
        """The cells at `indices`."""
        return Bounds(
            self.min[indices],
            self.max[indices],
            self.valid[indices],
            self.precision[indices],
            self.faults[indices],
        )


def parse(column: "pa.Array | pa.ChunkedArray", formats: Sequence[str] = ()) -> Bounds:
    """Read a column of dates.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray
        Text, dates, timestamps or numbers.
    formats : sequence of str
        As `datetime.strptime` names them (``%d-%m-%Y``; months by name in Dutch or English; a
        two-digit year is 1969 to 2068), and besides ``excel`` (serial numbers) and ``JJJJMM00``
        (``20070300`` is a month, ``20070000`` a year). A format goes before EDTF where a value
        fits both; two formats that read one value differently make it ambiguous.

    Returns
    -------
    Bounds
        Cell by cell.

    Examples
    --------
    >>> cells = pa.array(["1995-03-02", "1995-03", "3/4/1995", None])
    >>> bounds = parse(cells)
    >>> [PRECISIONS[code] if code >= 0 else None for code in bounds.precision]
    ['day', 'month', None, None]
    >>> parse(cells, ["%d/%m/%Y"]).valid.tolist()
    [True, True, True, False]
    """
    array = one(column)
    if pa.types.is_date(array.type) or pa.types.is_timestamp(array.type):
        return _parse_days(array)
    codes = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    distinct = codes.dictionary
    if pa.types.is_date(distinct.type) or pa.types.is_timestamp(distinct.type):
        bounds = _parse_days(distinct)
    else:
        bounds = _parse_texts(pc.utf8_trim_whitespace(distinct.cast(pa.string())), formats)
    return _spread(bounds, codes.indices)


def _spread(bounds: Bounds, indices: pa.Array) -> Bounds:
    """The bounds of distinct values, set out over the rows; an index that is null is an empty cell."""
    if not indices.null_count:
        return bounds.take(numbers(indices))
    at = numbers(pc.fill_null(indices.cast(pa.int64()), 0))
    known = numbers(indices.is_valid())
    if not len(bounds.min):
        return Bounds.empty(len(indices))
    out = bounds.take(at)
    out.min[~known] = out.max[~known] = 0
    out.valid[~known] = False
    out.precision[~known] = out.faults[~known] = _NONE
    return out


def _parse_days(array: pa.Array) -> Bounds:
    if pa.types.is_timestamp(array.type):
        local = array if array.type.tz is None else pc.local_timestamp(array)
        array = pc.floor_temporal(local, unit="day")
    days = filled(array.cast(pa.date32()).cast(pa.int32()))
    told = numbers(array.is_valid())
    good = told & (days >= _FIRST_DAY) & (days <= _LAST_DAY)
    days = days * good
    precision = np.where(good, np.int8(DAY), np.int8(_NONE))
    return Bounds(
        days, days.copy(), good, precision, np.where(told & ~good, np.int8(IMPOSSIBLE), np.int8(_NONE))
    )


def _parse_texts(texts: pa.Array, formats: Sequence[str]) -> Bounds:
    """Distinct texts: first the formats, then days in full, then the rest one by one."""
    out = Bounds.empty(len(texts))
    for name in formats:
        _add_reading(out, _NAMED[name](texts) if name in _NAMED else _read_format(texts, name))
    for pattern in (_ISO, _ISO_MONTH, _ISO_YEAR):
        _copy(out, _read_pattern(texts, pattern), where=_untouched(out))
    filled = numbers(pc.fill_null(pc.not_equal(texts, pa.scalar("", texts.type)), fill_value=False))
    rest = np.flatnonzero(_untouched(out) & filled)
    for place, text in zip(rest, texts.take(pa.array(rest)).to_pylist(), strict=True):
        found = read_edtf(text)
        if isinstance(found, int):
            out.faults[place] = found
        else:
            out.min[place], out.max[place], out.precision[place] = found
            out.valid[place] = True
    return out


def _untouched(out: Bounds) -> Mask:
    return ~out.valid & (out.faults == _NONE)


def _copy(out: Bounds, new: Bounds, where: Mask) -> None:
    for name in ("min", "max", "valid", "precision", "faults"):
        getattr(out, name)[where] = getattr(new, name)[where]


def _add_reading(out: Bounds, new: Bounds) -> None:
    """Add what one format makes of the cells; two formats that differ make a cell ambiguous."""
    differ = out.valid & new.valid & ((out.min != new.min) | (out.max != new.max))
    differ |= (new.faults == AMBIGUOUS) | (out.faults == AMBIGUOUS)
    _copy(out, new, where=~out.valid & (new.valid | _untouched(out)))
    _copy(out, Bounds.empty(len(differ)), where=differ)
    out.faults[differ] = AMBIGUOUS


def _built(length: int, at: Ints, low: Ints, high: Ints, precision: Ints) -> Bounds:
    """Cells `at` as read; a day outside the years that can be is impossible."""
    out = Bounds.empty(length)
    good = (low >= _FIRST_DAY) & (high <= _LAST_DAY)
    out.faults[at[~good]] = IMPOSSIBLE
    at = at[good]
    out.min[at], out.max[at], out.precision[at] = low[good], high[good], precision[good]
    out.valid[at] = True
    return out


def _read_pattern(texts: pa.Array, pattern: str, *, zeros: bool = False) -> Bounds:
    """Texts that `pattern` takes apart in Y or y, m or b, and d; with `zeros` a 0 is "not known"."""
    groups = pc.extract_regex(texts, pattern)
    at = np.flatnonzero(numbers(groups.is_valid()))
    parts = {field.name: groups.field(field.name).take(pa.array(at)) for field in groups.type}
    year, month, day = (_number(parts, name, at.size) for name in ("Y", "m", "d"))
    if "y" in parts:
        short = numbers(parts["y"].cast(pa.int64()))
        year = np.where(short < _PIVOT, 2000, 1900) + short
    if "b" in parts:
        names = pc.index_in(pc.utf8_lower(parts["b"]), pa.array(list(MONTH_OF)))
        month = np.array(list(MONTH_OF.values()))[numbers(names)]
    no_month, no_day = (
        np.full(at.size, "m" not in parts and "b" not in parts),
        np.full(at.size, "d" not in parts),
    )
    if zeros:
        no_month, no_day = (month == 0) & (day == 0), day == 0
    precision = np.where(no_month, YEAR, np.where(no_day, MONTH, DAY))
    first = np.where(no_month, 1, month)
    bad = (first < 1) | (first > DECEMBER) | (year < FIRST_YEAR) | (year > LAST_YEAR)
    start = np.where(bad, 0, (year - 1970) * 12 + first - 1)
    low, after = (month.astype("M8[M]").astype("M8[D]").astype(np.int64) for month in (start, start + 1))
    low, high = np.where(no_day, low, low + day - 1), np.where(no_day, after - 1, low + day - 1)
    high = np.where(no_month, (start + 12).astype("M8[M]").astype("M8[D]").astype(np.int64) - 1, high)
    bad |= ~no_day & ((day < 1) | (low >= after))
    return _built(len(texts), at, np.where(bad, _FIRST_DAY - 1, low), high, precision)


def _number(parts: dict[str, Any], name: str, length: int) -> Ints:
    return numbers(parts[name].cast(pa.int64())) if name in parts else np.zeros(length, np.int64)


def _read_format(texts: pa.Array, name: str) -> Bounds:
    return _read_pattern(texts, pattern_of(name))


def _read_compact(texts: pa.Array) -> Bounds:
    return _read_pattern(texts, _COMPACT, zeros=True)


def _read_serial(texts: pa.Array) -> Bounds:
    """Serial days of Excel, whose 1900 has a 29 February that never was (serial 60)."""
    groups = pc.extract_regex(texts, _SERIAL)
    at = np.flatnonzero(numbers(groups.is_valid()))
    serial = numbers(groups.field("n").take(pa.array(at)).cast(pa.int64()))
    days = np.where(serial < _NEVER_WAS, serial + 1, serial) - _SERIAL_OF_1970
    bad = (serial < 1) | (serial == _NEVER_WAS)
    days = np.where(bad, _FIRST_DAY - 1, days)
    out = _built(len(texts), at, days, days, np.full(at.size, DAY))
    # 1995 may be the year or a day in 1905: nobody can tell.
    year = at[(serial >= FIRST_YEAR) & (serial <= LAST_YEAR)]
    out.valid[year], out.precision[year], out.faults[year] = False, _NONE, AMBIGUOUS
    out.min[year] = out.max[year] = 0
    return out


_NAMED: Final[dict[str, Callable[[pa.Array], Bounds]]] = {
    "excel": _read_serial,
    "JJJJMM00": _read_compact,
    "YYYYMM00": _read_compact,
}
