"""JSON Lines: an object a line; each name is a column."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.json as pa_json

from levensloop.errors import Fault
from levensloop.readers.decoding import decode
from levensloop.readers.raw import (
    Raw,
    UnreadableError,
    empty,
    kind_of_bytes,
    misnamed,
    no_rows,
    numbered,
    tidy,
    unique_names,
    whole,
)
from levensloop.readers.scanning import scan

#: Where a line goes that is no JSON object.
UNREAD: Final = "line as delivered"
_BLOCK: Final = 1 << 20


def read(path: Path, *, encoding: str | None = None) -> Raw:
    """Read JSON Lines, or a file that is one JSON list of objects.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str, optional
        As the layout names it.

    Returns
    -------
    Raw

    Raises
    ------
    UnreadableError
        If nothing of the file can be read; it holds the faults.
    """
    file = path.name
    kind = kind_of_bytes(path)
    if kind == "":
        raise UnreadableError(empty(file))
    if kind is not None:
        raise UnreadableError(misnamed(file, "JSON Lines", kind))
    found = scan(path)
    decoded = decode(path, found, encoding)
    start = decoded.buffer.slice(0, min(_BLOCK, decoded.buffer.size)).to_pybytes().lstrip()
    if not start:
        raise UnreadableError(empty(file))
    if start[:1] not in b"[{":
        message = "the file is named as JSON Lines but does not begin with an object"
        raise UnreadableError(
            whole(file, "not_what_it_says", message, "give it the extension that belongs to it")
        )
    table = None if start[:1] == b"[" else _fast(decoded.buffer, max(_BLOCK, 2 * found.longest + 64))
    if table is not None:
        return Raw(table, numbered(table), faults=decoded.faults, notes=decoded.notes)
    text = decoded.buffer.to_pybytes().decode("utf-8")
    table, rejects = _careful(text, one_list=start[:1] == b"[")
    faults = (*decoded.faults, *_bad_lines(file, rejects), *(() if table.num_rows else (no_rows(file),)))
    return Raw(table, numbered(table), rejects, faults, decoded.notes)


def _fast(buffer: pa.Buffer, block: int) -> pa.Table | None:
    """All lines at once; None if a line is damaged or a name holds values of several sorts."""
    options = pa_json.ReadOptions(block_size=min(block, (1 << 31) - 1))
    try:
        table = pa_json.read_json(pa.BufferReader(buffer), read_options=options)
        moments = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
        if moments:  # dates must stay the text that stands there
            text = pa.schema([(name, pa.string()) for name in moments])
            parse = pa_json.ParseOptions(explicit_schema=text)
            table = pa_json.read_json(pa.BufferReader(buffer), read_options=options, parse_options=parse)
        return tidy(table) if table.num_columns else None
    except pa.ArrowInvalid:
        return None


def _careful(text: str, *, one_list: bool) -> tuple[pa.Table, dict[int, str]]:
    """Line by line, for a damaged file: what cannot be read is kept beside the rest."""
    rows: list[dict[str, Any]] = []
    rejects: dict[int, str] = {}
    for value, line in _values(text, one_list=one_list):
        if isinstance(value, dict):
            rows.append(value)
        else:
            rejects[len(rows)] = "bad_json"
            rows.append({UNREAD: line})
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names]
    return pa.table(columns, names=unique_names(names)), rejects


def _values(text: str, *, one_list: bool) -> Iterator[tuple[Any, str]]:
    if one_list:
        values = _loads(text)
        if isinstance(values, list):
            yield from ((value, json.dumps(value)) for value in values)
            return
    for line in text.split("\n"):
        if line.strip():
            yield _loads(line), line


def _loads(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    return json.dumps(value)


def _bad_lines(file: str, rejects: dict[int, str]) -> tuple[Fault, ...]:
    if not rejects:
        return ()
    message = "the line is no JSON object"
    hint = "write one object a line, each complete"
    return (Fault(file, min(rejects) + 1, None, "bad_json", message, hint, len(rejects)),)
