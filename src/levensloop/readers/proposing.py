"""Propose a layout from the names of columns and from their values, with doubts as comments.

A proposal is a start: it can be loaded as it stands, and a person reads it before it is used.
"""

import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.dates import parse
from levensloop.errors import UserError
from levensloop.readers.checking import LISTS
from levensloop.readers.formats import read_raw
from levensloop.readers.layouts import TableLayout
from levensloop.readers.raw import Raw, UnreadableError, as_text
from levensloop.schema import DEFAULT_COLUMNS, vocabulary

_FORMATS: Final = (
    "%d-%m-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "JJJJMM00",
    "%d %B %Y", "%d-%m-%y", "%d/%m/%y", "%d-%b-%Y", "excel",
)  # fmt: skip
#: Formats whose values may as well be numbers: only a name that says so makes them dates.
_NUMERIC: Final = ("%Y%m%d", "JJJJMM00", "excel")
_MOST: Final = 0.8
_FEW_CODES: Final = 40
_SHORT: Final = 40
_DATES: Final = ("birth", "start", "end")


@dataclass(frozen=True)
class _Dates:
    """A column of dates: the format that reads most of it, and doubts about that."""

    name: str
    format: str | None
    doubt: str = ""


@dataclass
class _Found:
    """What the columns seem to be."""

    columns: dict[str, str] = field(default_factory=dict[str, str])
    dates: list[_Dates] = field(default_factory=list[_Dates])
    rest: list[str] = field(default_factory=list[str])


def propose(path: str | Path) -> str:
    r"""A layout for a file, in TOML.

    Parameters
    ----------
    path : str or Path
        A file in any format that `read` reads.

    Returns
    -------
    str
        It can be loaded as it stands; comments say where it is unsure.

    Raises
    ------
    UserError
        If the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ggz.csv"
    >>> _ = path.write_text("Clientnr;Begindatum;Einddatum\n7;31-01-2005;02-03-2006\n")
    >>> print(propose(path).split("[columns]")[1].strip())
    person = "Clientnr"
    start = "Begindatum"
    end = "Einddatum"
    """
    path = Path(path)
    try:
        raw = read_raw(path, path.name, TableLayout())
    except UnreadableError as error:
        raise UserError(error.faults) from error
    found = _look(raw.rows)
    starts, pairs = _events(found)
    reason = found.columns.pop("reason", None) if any(end for *_, end in pairs) else None
    body = [*_head(path, raw, found)]
    lonely = "start" not in found.columns and not starts
    if lonely:
        body += ["# No date says when something happened: these rows seem to tell only who a person is.",
                 "[[table]]", f"file = {_quoted(path.name)}", "persons_only = true", ""]  # fmt: skip
    prefix = "table." if lonely else ""
    body += _constants(path, found, starts, prefix) if not lonely else []
    body += [f"[{prefix}columns]", *_columns(found), ""]
    body += _codes(raw.rows, {**found.columns, **({"reason": reason} if reason else {})}, prefix)
    several = "kind" not in found.columns
    body += [line for pair in pairs for line in _event(pair, reason, several=several)]
    return "\n".join(body).rstrip() + "\n"


@cache
def _synonyms() -> dict[str, Any]:
    text = (files("levensloop") / "data" / "synonyms.toml").read_text("utf-8")
    return tomllib.loads(text)


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def _look(rows: pa.Table) -> _Found:
    """Which column is what: by name, dates by their values too."""
    found = _Found()
    known = {_bare(word): target for target, words in _synonyms()["columns"].items() for word in words}
    known.update({_bare(name): name for name in DEFAULT_COLUMNS})
    order = {word: place for place, word in enumerate(known)}
    for name in sorted(rows.column_names, key=lambda name: order.get(_bare(name), len(order))):
        target = known.get(_bare(name))
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


def _child_or_sort(rows: pa.Table, found: _Found) -> None:
    """In Dutch a column named kind may hold children: then its values are too many to be sorts."""
    name = found.columns.get("kind")
    if name is None or _bare(name) != "kind" or "person" in found.columns:
        return
    if len(pc.unique(as_text(rows.column(name)))) > _FEW_CODES:
        found.columns["person"] = found.columns.pop("kind")


def _dates(column: pa.ChunkedArray, name: str, *, named: bool) -> _Dates | None:
    """How a column reads as dates; None if it seems to hold something else."""
    if pa.types.is_date(column.type):
        return _Dates(name, None)
    texts = pc.utf8_trim_whitespace(as_text(column))
    distinct = pc.unique(pc.drop_null(texts))
    distinct = distinct.filter(pc.not_equal(distinct, ""))
    if not len(distinct):
        return _Dates(name, None, "the column is empty") if named else None
    named = named or _hints(name)
    numbers = pc.all(pc.match_substring_regex(distinct, r"^[0-9.]+$")).as_py()
    if numbers and not named:
        return None
    plain = _share(distinct, ())
    shares = {form: _share(distinct, (form,)) for form in _FORMATS if named or form not in _NUMERIC}
    form = max(shares, key=lambda form: shares[form])
    best = shares[form]
    if max(plain, best) < _MOST:
        return None
    if plain >= best:
        return _Dates(name, None, "" if plain == 1 else "not every value is a date")
    doubts = [] if best == 1 else ["not every value is a date"]
    if form == "%d/%m/%Y" and shares["%m/%d/%Y"] == best:
        doubts.append("the month may come first: %m/%d/%Y reads every value too")
    return _Dates(name, form, "; ".join(doubts))


def _share(values: pa.Array, formats: tuple[str, ...]) -> float:
    return float(parse(values, formats).valid.mean())


def _hints(name: str) -> bool:
    bare = _bare(name)
    return any(part in bare for part in ("dat", "dob")) or _kind(name) is not None


def _kind(name: str) -> str | None:
    """The kind of event of which a date column tells, by its name."""
    bare, before = _bare(name), ""
    plain = sorted(_synonyms()["plain"]["parts"], key=len, reverse=True)
    while bare != before:
        before = bare
        bare = next((bare.removeprefix(part) for part in plain if bare.startswith(part)), bare)
    return next((kind for part, kind in _synonyms()["events"].items() if bare.startswith(part)), None)


def _ends(name: str) -> bool:
    bare = _bare(name)
    return any(part in bare for part in _synonyms()["ends"]["parts"])


def _events(found: _Found) -> tuple[list[str], list[tuple[str, str | None, str | None]]]:
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
    own = [(name, _kind(name)) for name in starts]
    lasting = [name for name, kind in own if kind in ("care", "school", None)] or starts[-1:]
    closing = dict(zip(lasting, ends, strict=False))
    found.columns.pop("start", None)
    found.columns.pop("end", None)
    return starts, [(name, kind, closing.get(name)) for name, kind in own]


def _head(path: Path, raw: Raw, found: _Found) -> list[str]:
    lines = [
        "# A proposal, made from the names and values of the columns: look at every line before you use it.",
        f"name = {_quoted(path.stem)}",
        *(f"{key} = {_quoted(value)}" for key, value in raw.found.items()),
    ]
    formats = list(dict.fromkeys(dates.format for dates in found.dates if dates.format))
    lines += [f"# unsure: {_quoted(dates.name)}: {dates.doubt}" for dates in found.dates if dates.doubt]
    if formats:
        lines.append(f"date_formats = [{', '.join(_quoted(form) for form in formats)}]")
    lines += [
        '# end = "exclusive"       # if an end is the first day after, rather than the last day',
        '# empty_end = "unknown"   # if an empty end does not mean that it goes on',
        "",
    ]
    return lines


def _constants(path: Path, found: _Found, starts: list[str], prefix: str) -> list[str]:
    """What no column tells."""
    lines: list[str] = []
    if "agency" not in found.columns:
        lines.append(f"agency = {_quoted(path.stem)}   # unsure: whose file is it?")
    if "sector" not in found.columns:
        lines.append(
            'sector = "other"   # unsure: education, health, mental_health, youth_care, justice, ...'
        )
    if "kind" not in found.columns and len(starts) == 1:
        kind = _kind(starts[0]) or ("care" if "end" in found.columns else "contact")
        lines.append(f'kind = "{kind}"   # unsure: care, school, referral, contact, signal, ...')
    return [f"[{prefix}constants]", *lines, ""] if lines else []


def _columns(found: _Found) -> list[str]:
    lines = [
        f"{target} = {_quoted(found.columns[target])}"
        for target in DEFAULT_COLUMNS
        if target in found.columns
    ]
    if "person" not in found.columns:
        lines.insert(0, '# person = ""   # unsure: which column tells whom the row is about?')
    used = set(found.columns.values()) | {dates.name for dates in found.dates}
    rest = [name for name in found.rest if name not in used]
    return [*lines, *(f"# not used: {_quoted(name)}" for name in rest)]


def _event(pair: tuple[str, str | None, str | None], reason: str | None, *, several: bool) -> list[str]:
    """One of several events of a row; why it ended goes with the end."""
    start, kind, end = pair
    named = {"start": start, "end": end, "reason": reason if end else None}
    columns = [f"{target} = {_quoted(name)}" for target, name in named.items() if name]
    lines = ["[[event]]"]
    if several or kind:
        lines.append(f'constants = {{ kind = "{kind or "care"}" }}' + ("" if kind else "   # unsure"))
    return [*lines, f"columns = {{ {', '.join(columns)} }}", ""]


def _codes(rows: pa.Table, columns: dict[str, str], prefix: str) -> list[str]:
    """The codes of columns with a closed list of words, translated where a label is the same."""
    lines: list[str] = []
    for target, name in columns.items():
        if target not in LISTS:
            continue
        values = sorted({text.strip() for text in pc.unique(as_text(rows.column(name))).to_pylist() if text})
        values = [value for value in values if value]
        if len(values) > _FEW_CODES or any(len(value) > _SHORT for value in values):
            lines += [f"# unsure: {_quoted(name)} holds too many words to be a code for {target}", ""]
            continue
        words = vocabulary()[LISTS[target]]
        labels = {
            _bare(text): word for word, entry in words.items() for text in (word, entry["nl"], entry["en"])
        }
        new = [value for value in values if value.lower() not in words]
        if new:
            lines += [
                f"[{prefix}codes.{target}]",
                *(_code(value, labels.get(_bare(value))) for value in new),
                "",
            ]
    return lines


def _code(value: str, word: str | None) -> str:
    if word is not None:
        return f'{_quoted(value)} = "{word}"'
    return f'# {_quoted(value)} = "..."   # unsure'


def _quoted(text: str) -> str:
    """Text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
