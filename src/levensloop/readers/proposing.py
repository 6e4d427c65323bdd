"""Propose a layout from the names of columns and from their values, with doubts as comments.

A proposal is a start: it can be loaded as it stands, and a person reads it before it is used.
"""

import json
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.errors import UserError
from levensloop.readers.checking import LISTS
from levensloop.readers.formats import read_raw
from levensloop.readers.layouts import TableLayout
from levensloop.readers.raw import Raw, UnreadableError, as_text
from levensloop.readers.recognising import FEW_CODES, Found, bare, events_of, kind_of, look
from levensloop.schema import DEFAULT_COLUMNS, vocabulary

_SHORT: Final = 40


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
    found = look(raw.rows)
    starts, pairs = events_of(found)
    reason = found.columns.pop("reason", None) if any(end for *_, end in pairs) else None
    body = [*_head(path, raw, found)]
    undated = "start" not in found.columns and not starts
    lonely = undated and not {"kind", "end"} & set(found.columns)
    if lonely:
        body += ["# No date says when something happened: these rows seem to tell only who a person is.",
                 "[[table]]", f"file = {_quoted(path.name)}", "persons_only = true", ""]  # fmt: skip
    prefix = "table." if lonely else ""
    body += _constants(path, found, starts, prefix) if not lonely else []
    when = [_NO_START] if undated and not lonely else []
    body += [f"[{prefix}columns]", *_columns(found), *when, ""]
    body += _codes(raw.rows, {**found.columns, **({"reason": reason} if reason else {})}, prefix)
    several = "kind" not in found.columns
    body += [line for pair in pairs for line in _event(pair, reason, several=several)]
    return "\n".join(body).rstrip() + "\n"


_NO_START: Final = '# start = ""   # unsure: which column tells when it happened?'


def _head(path: Path, raw: Raw, found: Found) -> list[str]:
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


def _constants(path: Path, found: Found, starts: list[str], prefix: str) -> list[str]:
    """What no column tells."""
    lines: list[str] = []
    if "agency" not in found.columns:
        lines.append(f"agency = {_quoted(path.stem)}   # unsure: whose file is it?")
    if "sector" not in found.columns:
        lines.append(
            'sector = "other"   # unsure: education, health, mental_health, youth_care, justice, ...'
        )
    if "kind" not in found.columns and len(starts) == 1:
        kind = kind_of(starts[0]) or ("care" if "end" in found.columns else "contact")
        lines.append(f'kind = "{kind}"   # unsure: care, school, referral, contact, signal, ...')
    return [f"[{prefix}constants]", *lines, ""] if lines else []


def _columns(found: Found) -> list[str]:
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
        if len(values) > FEW_CODES or any(len(value) > _SHORT for value in values):
            lines += [f"# unsure: {_quoted(name)} holds too many words to be a code for {target}", ""]
            continue
        words = vocabulary()[LISTS[target]]
        labels = {
            bare(text): word for word, entry in words.items() for text in (word, entry["nl"], entry["en"])
        }
        new = [value for value in values if value.lower() not in words]
        if new:
            lines += [
                f"[{prefix}codes.{target}]",
                *(_code(value, labels.get(bare(value))) for value in new),
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
