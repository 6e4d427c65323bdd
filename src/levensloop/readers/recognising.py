"""Recognise columns: by their names, in Dutch and English, and dates by all their values."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.dates import parse
from levensloop.readers.raw import as_text
from levensloop.schema import DEFAULT_COLUMNS

_FORMATS: Final = (
    "%d-%m-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "JJJJMM00",
    "%d %B %Y", "%d-%m-%y", "%d/%m/%y", "%d-%b-%Y", "excel",
)  # fmt: skip
#: Formats whose values may as well be numbers: only a name that says so makes them dates.
_NUMERIC: Final = ("%Y%m%d", "JJJJMM00", "excel")
_MOST: Final = 0.8
#: Of a column that is called a date fewer will do: what is wrong in it is told when it is read.
_HALF: Final = 0.5
#: A column with more words than this holds no codes.
FEW_CODES: Final = 40
_DATES: Final = ("birth", "start", "end")


@dataclass(frozen=True)
class Dates:
    """A column of dates: the format that reads most of it, and doubts about that."""

    name: str
    format: str | None
    doubt: str = ""


@dataclass
class Found:
    """What the columns seem to be."""

    columns: dict[str, str] = field(default_factory=dict[str, str])
    dates: list[Dates] = field(default_factory=list[Dates])
    rest: list[str] = field(default_factory=list[str])


@cache
def _synonyms() -> dict[str, Any]:
    text = (files("levensloop") / "data" / "synonyms.toml").read_text("utf-8")
    return tomllib.loads(text)


def bare(name: str) -> str:
    """A name without capitals, accents, spaces and signs.

    Examples
    --------
    >>> bare("Cliënt-nummer")
    'clientnummer'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def look(rows: pa.Table) -> Found:
    """Which column is what: by name, dates by their values too."""
    found = Found()
    known = {bare(word): target for target, words in _synonyms()["columns"].items() for word in words}
    known.update({bare(name): name for name in DEFAULT_COLUMNS})
    order = {word: place for place, word in enumerate(known)}
    for name in sorted(rows.column_names, key=lambda name: order.get(bare(name), len(order))):
        target = known.get(bare(name))
        dates = _dates(rows.column(name), name, named=target in _DATES)
        if dates is not None:
            found.dates.append(dates)
        if target is None or target in found.columns or (target in _DATES and dates is None):
            found.rest.append(name)
        else:
            found.columns[target] = name
    _child_or_sort(rows, found)
    place = {name: number for number, name in enumerate(rows.column_names)}
    found.dates.sort(key=lambda dates: place[dates.name])
    found.rest.sort(key=lambda name: place[name])
    return found


def _child_or_sort(rows: pa.Table, found: Found) -> None:
    """In Dutch a column named kind may hold children: then its values are too many to be sorts."""
    name = found.columns.get("kind")
    if name is None or bare(name) != "kind" or "person" in found.columns:
        return
    if len(pc.unique(as_text(rows.column(name)))) > FEW_CODES:
        found.columns["person"] = found.columns.pop("kind")


def _dates(column: pa.ChunkedArray, name: str, *, named: bool) -> Dates | None:
    """How a column reads as dates; None if it seems to hold something else."""
    if pa.types.is_date(column.type):
        return Dates(name, None)
    texts = pc.utf8_trim_whitespace(as_text(column))
    distinct = pc.unique(pc.drop_null(texts))
    distinct = distinct.filter(pc.not_equal(distinct, ""))
    if not len(distinct):
        return Dates(name, None, "the column is empty") if named else None
    named = named or _hints(name)
    numbers = pc.all(pc.match_substring_regex(distinct, r"^[0-9.]+$")).as_py()
    if numbers and not named:
        return None
    plain = _share(distinct, ())
    shares = {form: _share(distinct, (form,)) for form in _FORMATS if named or form not in _NUMERIC}
    form = max(shares, key=lambda form: shares[form])
    best = shares[form]
    if max(plain, best) < (_HALF if named else _MOST):
        return None
    if plain >= best:
        return Dates(name, None, "" if plain == 1 else "not every value is a date")
    doubts = [] if best == 1 else ["not every value is a date"]
    if form == "%d/%m/%Y" and shares["%m/%d/%Y"] == best:
        doubts.append("the month may come first: %m/%d/%Y reads every value too")
    return Dates(name, form, "; ".join(doubts))


def _share(values: pa.Array, formats: tuple[str, ...]) -> float:
    return float(parse(values, formats).valid.mean())


def _hints(name: str) -> bool:
    short = bare(name)
    return any(part in short for part in ("dat", "dob")) or kind_of(name) is not None


def kind_of(name: str) -> str | None:
    """The kind of event of which a date column tells, by its name."""
    short, before = bare(name), ""
    plain = sorted(_synonyms()["plain"]["parts"], key=len, reverse=True)
    while short != before:
        before = short
        short = next((short.removeprefix(part) for part in plain if short.startswith(part)), short)
    return next((kind for part, kind in _synonyms()["events"].items() if short.startswith(part)), None)


def _ends(name: str) -> bool:
    short = bare(name)
    return any(part in short for part in _synonyms()["ends"]["parts"])


def events_of(found: Found) -> tuple[list[str], list[tuple[str, str | None, str | None]]]:
    """The dates on which something happened; if there are several, each with its kind and its end."""
    names = [dates.name for dates in found.dates if dates.name != found.columns.get("birth")]
    starts = [name for name in names if not _ends(name) and name != found.columns.get("end")]
    ends = [name for name in names if name not in starts]
    if len(starts) == 1:
        found.columns["start"] = starts[0]
        if ends:
            found.columns["end"] = ends[0]
    if len(starts) < 2:  # noqa: PLR2004 - one date of a start: one event a row
        return starts, []
    own = [(name, kind_of(name)) for name in starts]
    lasting = [name for name, kind in own if kind in ("care", "school", None)] or starts[-1:]
    closing = dict(zip(lasting, ends, strict=False))
    found.columns.pop("start", None)
    found.columns.pop("end", None)
    return starts, [(name, kind, closing.get(name)) for name, kind in own]
