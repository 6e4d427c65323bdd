"""One date in EDTF (ISO 8601-2, level 0 and 1), read as its first and last day."""

import re
import warnings
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

#: From fine to coarse. The last two say more about doubt than about length: of two dates the
#: later word in this order is kept, so that an "about" is never hidden behind a plain year.
PRECISIONS: Final = ("day", "month", "season", "year", "decade", "range", "approximate")
#: What can be wrong with a cell.
FAULTS: Final = ("impossible_date", "ambiguous_date", "unreadable_date", "open_interval")
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200
#: A time of day, which says nothing here, may follow a date.
TIME: Final = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"

DAY, MONTH, SEASON, YEAR, DECADE, RANGE, APPROXIMATE = range(len(PRECISIONS))
IMPOSSIBLE, AMBIGUOUS, UNREADABLE, OPEN = range(len(FAULTS))
EPOCH: Final = date(1970, 1, 1).toordinal()
DECEMBER: Final = 12

#: The forms of EDTF that say what a case file can mean, with the precision of each.
_FORMS: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d"), DAY),
    (re.compile(r"\d{4}-2[1-4]"), SEASON),
    (re.compile(r"\d{4}-\d\d(-XX)?"), MONTH),
    (re.compile(r"\d{4}(-XX){0,2}"), YEAR),
    (re.compile(r"\d{3}X"), DECADE),
    (re.compile(r"\d{2}XX"), RANGE),
)
_SEASONS: Final = {21: 2, 22: 5, 23: 8, 24: 11}  # winter is that of the year in which it begins
_TWO_WAYS: Final = re.compile(r"\d{1,2}([-/. ])\d{1,2}\1(\d{2}|\d{4})" + TIME)


@lru_cache(maxsize=1 << 16)
def read_edtf(text: str) -> tuple[int, int, int] | int:
    """The first and last day (since 1970-01-01) and the precision of one text, or the fault in it.

    Parameters
    ----------
    text : str
        Without spaces around it.

    Returns
    -------
    tuple of int, or int
        A place in `PRECISIONS` comes third in the tuple; an int alone is a place in `FAULTS`.

    Examples
    --------
    >>> read_edtf("1970-01"), read_edtf("1970-01~")
    ((0, 30, 1), (-31, 58, 6))
    >>> FAULTS[read_edtf("03-04-95")]
    'ambiguous_date'
    """
    if _TWO_WAYS.fullmatch(text):
        return AMBIGUOUS
    if text == "..":
        return OPEN
    return _interval(text) if "/" in text else _single(text)


def _interval(text: str) -> tuple[int, int, int] | int:
    ends = [part.strip() for part in text.split("/")]
    if len(ends) != 2:  # noqa: PLR2004 - an interval has two ends
        return UNREADABLE
    if any(part in {"", ".."} for part in ends):
        return OPEN
    first, last = (_single(part) for part in ends)
    if isinstance(first, int):
        return first
    if isinstance(last, int):
        return last
    return (first[0], last[1], RANGE) if first[0] <= last[1] else IMPOSSIBLE


def _single(text: str) -> tuple[int, int, int] | int:
    body = text[:-1] if text.endswith(("~", "?", "%")) else text
    precision = next((code for form, code in _FORMS if form.fullmatch(body)), None)
    if precision is None:
        return UNREADABLE
    days = _whole(body)
    if days is None or not FIRST_YEAR <= days[0].year <= LAST_YEAR:
        return IMPOSSIBLE
    if body != text:
        days, precision = _widened(*days, one_day=precision == DAY), APPROXIMATE
    return days[0].toordinal() - EPOCH, days[1].toordinal() - EPOCH, precision


def _whole(text: str) -> tuple[date, date] | None:
    """The first and last day of a date without a mark of doubt; None if there is no such day."""
    if "X" in text:
        return _unspecified(text)
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if not FIRST_YEAR <= year <= LAST_YEAR or month > max(_SEASONS) or DECEMBER < month < min(_SEASONS):
        return None
    if month == 0:
        return (date(year, 1, 1), date(year, DECEMBER, 31)) if len(text) == len("1995") else None
    start = year * 12 + _SEASONS.get(month, month - 1)
    first, after = _first_of(start), _first_of(start + (3 if month in _SEASONS else 1))
    if len(text) < len("1995-03-02"):
        return first, after - timedelta(days=1)
    exact = first + timedelta(days=day - 1)
    return (exact, exact) if first <= exact < after and month <= DECEMBER else None


def _unspecified(text: str) -> tuple[date, date] | None:
    """The same of a date with digits left open, such as ``199X`` and ``1995-03-XX``."""
    with warnings.catch_warnings():
        # Its grammar draws diagnostics from pyparsing when these are asked for; they concern nobody here.
        warnings.simplefilter("ignore")
        from edtf import EDTFParseException, parse_edtf  # heavy, and seldom needed
    try:
        parsed: Any = parse_edtf(text)
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
