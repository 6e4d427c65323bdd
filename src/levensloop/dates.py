"""Dates as files write them, read as bounds: the earliest and the latest day that are meant.

EDTF (ISO 8601-2) level 0 and 1, the timestamps that spreadsheets export, and the formats that a
layout names. What cannot be, or can be read in more than one way, is a fault and never a guess.
"""

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

#: From fine to coarse. The last three say more about doubt than about length: of two dates the
#: later word in this order is kept, so that an "about" is never hidden behind a plain year.
PRECISIONS: Final = ("day", "month", "season", "year", "decade", "range", "approximate")
#: What can be wrong with a cell; `Bounds.faults` counts in this order.
FAULTS: Final = ("impossible_date", "ambiguous_date", "unreadable_date", "open_interval")
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200

_DAY, _MONTH, _SEASON, _YEAR, _DECADE, _RANGE, _APPROXIMATE = range(len(PRECISIONS))
_IMPOSSIBLE, _AMBIGUOUS, _UNREADABLE, _OPEN = range(len(FAULTS))
_NONE: Final = -1
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = date(FIRST_YEAR, 1, 1).toordinal() - _EPOCH
_LAST_DAY: Final = date(LAST_YEAR, 12, 31).toordinal() - _EPOCH
_DECEMBER: Final = 12
_PIVOT: Final = 69  # as POSIX reads a year of two digits
_SERIAL_OF_1970: Final = 25569
_NEVER_WAS: Final = 60

_TIME: Final = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO: Final = rf"^(?P<Y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}}){_TIME}$"
_ISO_MONTH: Final = r"^(?P<Y>\d{4})-(?P<m>0[1-9]|1[0-2])$"
_ISO_YEAR: Final = r"^(?P<Y>\d{4})$"
_COMPACT: Final = r"^(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$"
_SERIAL: Final = r"^(?P<n>\d{1,7})(?:\.\d*)?$"
#: The forms of EDTF that say what a case file can mean, with the precision of each.
_FORMS: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d"), _DAY),
    (re.compile(r"\d{4}-2[1-4]"), _SEASON),
    (re.compile(r"\d{4}-\d\d(-XX)?"), _MONTH),
    (re.compile(r"\d{4}(-XX){0,2}"), _YEAR),
    (re.compile(r"\d{3}X"), _DECADE),
    (re.compile(r"\d{2}XX"), _RANGE),
)
_SEASONS: Final = {21: 2, 22: 5, 23: 8, 24: 11}  # winter is that of the year in which it begins
_TWO_WAYS: Final = re.compile(r"\d{1,2}([-/. ])\d{1,2}\1(\d{2}|\d{4})" + _TIME)
_MONTHS: Final = (
    ("jan", "januari", "january"), ("feb", "februari", "february"), ("mrt", "maart", "mar", "march"),
    ("apr", "april"), ("mei", "may"), ("jun", "juni", "june"), ("jul", "juli", "july"),
    ("aug", "augustus", "august"), ("sep", "sept", "september"), ("okt", "oktober", "oct", "october"),
    ("nov", "november"), ("dec", "december"),
)  # fmt: skip
_MONTH_OF: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES: Final = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_DIRECTIVES: Final = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "b": rf"(?P<b>{_NAMES})\.?",
    "B": rf"(?P<b>{_NAMES})\.?",
    "H": r"\d{1,2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "f": r"\d{1,9}",
    "%": "%",
}

Days = npt.NDArray[np.int32]
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

    def take(self, indices: npt.NDArray[np.int64]) -> "Bounds":
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
    array = _one(column)
    if pa.types.is_date(array.type) or pa.types.is_timestamp(array.type):
        return _parse_days(array)
    codes = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    distinct = codes.dictionary
    if pa.types.is_date(distinct.type) or pa.types.is_timestamp(distinct.type):
        bounds = _parse_days(distinct)
    else:
        bounds = _parse_texts(pc.utf8_trim_whitespace(distinct.cast(pa.string())), formats)
    return _spread(bounds, codes.indices)


def check_formats(formats: Sequence[str]) -> None:
    """Raise `ValueError` for a format that cannot be used.

    Examples
    --------
    >>> check_formats(["%d-%m-%Y", "excel"])
    """
    for name in formats:
        if name not in _NAMED:
            _pattern(name)


def _one(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    return (column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column).combine_chunks()


def _spread(bounds: Bounds, indices: pa.Array) -> Bounds:
    """The bounds of distinct values, set out over the rows; an index that is null is an empty cell."""
    if not indices.null_count:
        return bounds.take(indices.to_numpy())
    at = pc.fill_null(indices.cast(pa.int64()), 0).to_numpy()
    known = indices.is_valid().to_numpy(zero_copy_only=False)
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
    days = pc.fill_null(array.cast(pa.date32()).cast(pa.int32()), 0).to_numpy()
    at = np.flatnonzero(array.is_valid().to_numpy(zero_copy_only=False))
    return _built(len(array), at, days[at], days[at], np.full(at.size, _DAY))


def _parse_texts(texts: pa.Array, formats: Sequence[str]) -> Bounds:
    """Distinct texts: first the formats, then days in full, then the rest one by one."""
    out = Bounds.empty(len(texts))
    for name in formats:
        _add_reading(out, _NAMED[name](texts) if name in _NAMED else _read_format(texts, name))
    for pattern in (_ISO, _ISO_MONTH, _ISO_YEAR):
        _copy(out, _read_pattern(texts, pattern), where=_untouched(out))
    filled = pc.fill_null(pc.not_equal(texts, ""), fill_value=False).to_numpy(zero_copy_only=False)
    rest = np.flatnonzero(_untouched(out) & filled)
    for place, text in zip(rest, texts.take(pa.array(rest)).to_pylist(), strict=True):
        found = _read_edtf(text)
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
    differ |= (new.faults == _AMBIGUOUS) | (out.faults == _AMBIGUOUS)
    _copy(out, new, where=~out.valid & (new.valid | _untouched(out)))
    _copy(out, Bounds.empty(len(differ)), where=differ)
    out.faults[differ] = _AMBIGUOUS


def _built(length: int, at: Any, low: Any, high: Any, precision: Any) -> Bounds:
    """Cells `at` as read; a day outside the years that can be is impossible."""
    out = Bounds.empty(length)
    good = (low >= _FIRST_DAY) & (high <= _LAST_DAY)
    out.faults[at[~good]] = _IMPOSSIBLE
    at = at[good]
    out.min[at], out.max[at], out.precision[at] = low[good], high[good], precision[good]
    out.valid[at] = True
    return out


def _read_pattern(texts: pa.Array, pattern: str, *, zeros: bool = False) -> Bounds:
    """Texts that `pattern` takes apart in Y or y, m or b, and d; with `zeros` a 0 is "not known"."""
    groups = pc.extract_regex(texts, pattern)
    at = np.flatnonzero(groups.is_valid().to_numpy(zero_copy_only=False))
    parts = {field.name: groups.field(field.name).take(pa.array(at)) for field in groups.type}
    year, month, day = (_number(parts, name, at.size) for name in ("Y", "m", "d"))
    if "y" in parts:
        short = parts["y"].cast(pa.int64()).to_numpy()
        year = np.where(short < _PIVOT, 2000, 1900) + short
    if "b" in parts:
        names = pc.index_in(pc.utf8_lower(parts["b"]), pa.array(list(_MONTH_OF)))
        month = np.array(list(_MONTH_OF.values()))[names.to_numpy()]
    no_month, no_day = (
        np.full(at.size, "m" not in parts and "b" not in parts),
        np.full(at.size, "d" not in parts),
    )
    if zeros:
        no_month, no_day = (month == 0) & (day == 0), day == 0
    precision = np.where(no_month, _YEAR, np.where(no_day, _MONTH, _DAY))
    first = np.where(no_month, 1, month)
    bad = (first < 1) | (first > _DECEMBER) | (year < FIRST_YEAR) | (year > LAST_YEAR)
    start = np.where(bad, 0, (year - 1970) * 12 + first - 1)
    low, after = (month.astype("M8[M]").astype("M8[D]").astype(np.int64) for month in (start, start + 1))
    low, high = np.where(no_day, low, low + day - 1), np.where(no_day, after - 1, low + day - 1)
    high = np.where(no_month, (start + 12).astype("M8[M]").astype("M8[D]").astype(np.int64) - 1, high)
    bad |= ~no_day & ((day < 1) | (low >= after))
    return _built(len(texts), at, np.where(bad, _FIRST_DAY - 1, low), high, precision)


def _number(parts: dict[str, Any], name: str, length: int) -> npt.NDArray[np.int64]:
    return parts[name].cast(pa.int64()).to_numpy() if name in parts else np.zeros(length, np.int64)


def _read_format(texts: pa.Array, name: str) -> Bounds:
    return _read_pattern(texts, _pattern(name))


def _read_compact(texts: pa.Array) -> Bounds:
    return _read_pattern(texts, _COMPACT, zeros=True)


def _read_serial(texts: pa.Array) -> Bounds:
    """Serial days of Excel, whose 1900 has a 29 February that never was (serial 60)."""
    groups = pc.extract_regex(texts, _SERIAL)
    at = np.flatnonzero(groups.is_valid().to_numpy(zero_copy_only=False))
    serial = groups.field("n").take(pa.array(at)).cast(pa.int64()).to_numpy()
    days = np.where(serial < _NEVER_WAS, serial + 1, serial) - _SERIAL_OF_1970
    bad = (serial < 1) | (serial == _NEVER_WAS)
    days = np.where(bad, _FIRST_DAY - 1, days)
    out = _built(len(texts), at, days, days, np.full(at.size, _DAY))
    # 1995 may be the year or a day in 1905: nobody can tell.
    year = at[(serial >= FIRST_YEAR) & (serial <= LAST_YEAR)]
    out.valid[year], out.precision[year], out.faults[year] = False, _NONE, _AMBIGUOUS
    out.min[year] = out.max[year] = 0
    return out


_NAMED: Final[dict[str, Callable[[pa.Array], Bounds]]] = {
    "excel": _read_serial,
    "JJJJMM00": _read_compact,
    "YYYYMM00": _read_compact,
}


@cache
def _pattern(name: str) -> str:
    """The regular expression of a format such as ``%d-%m-%Y``; a time of day may follow."""
    pieces: list[str] = []
    used: list[str] = []
    for literal, directive in re.findall(r"([^%]+)|%(.?)", name):
        if literal:
            pieces.append(re.escape(literal))
        elif directive in _DIRECTIVES:
            pieces.append(_DIRECTIVES[directive])
            used.append({"B": "m", "b": "m", "y": "Y"}.get(directive, directive))
        else:
            raise ValueError(f"'%{directive}' is not known in the date format '{name}'")
    if used.count("Y") != 1 or used.count("m") > 1 or used.count("d") > used.count("m"):
        raise ValueError(f"the date format '{name}' needs one year, and a month with a day")
    return f"(?i)^{''.join(pieces)}{'' if 'H' in used else _TIME}$"


@lru_cache(maxsize=1 << 16)
def _read_edtf(text: str) -> tuple[int, int, int] | int:
    """Bounds and precision of one text, or the fault in it."""
    if _TWO_WAYS.fullmatch(text):
        return _AMBIGUOUS
    if text == "..":
        return _OPEN
    if "/" not in text:
        return _read_single(text)
    ends = [part.strip() for part in text.split("/")]
    if len(ends) != 2:  # noqa: PLR2004 - an interval has two ends
        return _UNREADABLE
    if any(part in {"", ".."} for part in ends):
        return _OPEN
    first, last = (_read_single(part) for part in ends)
    if isinstance(first, int):
        return first
    if isinstance(last, int):
        return last
    return (first[0], last[1], _RANGE) if first[0] <= last[1] else _IMPOSSIBLE


def _read_single(text: str) -> tuple[int, int, int] | int:
    body = text[:-1] if text.endswith(("~", "?", "%")) else text
    precision = next((code for form, code in _FORMS if form.fullmatch(body)), None)
    if precision is None:
        return _UNREADABLE
    days = _whole(body)
    if days is None or not FIRST_YEAR <= days[0].year <= LAST_YEAR:
        return _IMPOSSIBLE
    if body != text:
        days, precision = _widened(*days, one_day=precision == _DAY), _APPROXIMATE
    return days[0].toordinal() - _EPOCH, days[1].toordinal() - _EPOCH, precision


def _whole(text: str) -> tuple[date, date] | None:
    """The first and last day of a date without a mark of doubt; None if there is no such day."""
    if "X" in text:
        return _unspecified(text)
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    first = year * 12 + _SEASONS.get(month, month - 1)
    if month in _SEASONS:
        return _first_of(first), _first_of(first + 3) - timedelta(days=1)
    if month > _DECEMBER:
        return None
    start, after = _first_of(first), _first_of(first + 1)
    if not day:
        return start, after - timedelta(days=1)
    exact = start + timedelta(days=day - 1)
    return (exact, exact) if exact < after else None


def _unspecified(text: str) -> tuple[date, date] | None:
    """The same of a date with digits left open, such as ``199X`` and ``1995-03-XX``."""
    with warnings.catch_warnings():
        # Its grammar draws diagnostics from pyparsing when these are asked for; they concern nobody here.
        warnings.simplefilter("ignore")
        from edtf import EDTFParseException, parse_edtf  # heavy, and seldom needed
    try:
        parsed = parse_edtf(text)
        return date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3])
    except (EDTFParseException, ValueError):  # no such month, or the year 0
        return None


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _widened(first: date, last: date, *, one_day: bool) -> tuple[date, date]:
    """One unit of the precision to each side."""
    if one_day:
        return first - timedelta(days=1), last + timedelta(days=1)
    low, high = first.year * 12 + first.month - 1, last.year * 12 + last.month
    unit = high - low
    return _first_of(low - unit), _first_of(high + unit) - timedelta(days=1)
