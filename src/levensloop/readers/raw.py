"""What every reader returns: the rows as delivered, and what was wrong with the file."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.cells import holds_bytes, readable
from levensloop.errors import Fault

_CHUNK: Final = 1 << 22
_CODED: Final = pa.dictionary(pa.int32(), pa.string())

#: First bytes of files that are no text, and what such a file is.
MAGIC: Final = (
    (b"PK\x03\x04", "a zip or Excel file"),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file or a file with a password"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf", "a 7-Zip file"),
    (b"Rar!", "a RAR file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)


@dataclass(frozen=True)
class Raw:
    """The rows of one file as delivered.

    Parameters
    ----------
    rows : pyarrow.Table
        Columns of text, plain or as codes; date columns stay dates where the format has them.
    record : numpy.ndarray
        Number of each row: 1 is the first row under the header.
    rejects : dict
        Index of a row that cannot be read, and the code of its fault.
    faults : tuple of Fault
        What was wrong.
    notes : tuple of str
        What was found out about the file and is no fault.
    found : dict
        What a layout could say of it: delimiter, encoding, sheet, element.
    keys : tuple of pyarrow.Array
        The distinct keys for which pseudonyms stand: no fault may show one.
    """

    rows: pa.Table
    record: np.ndarray
    rejects: dict[int, str] = field(default_factory=dict[int, str])
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    found: dict[str, str] = field(default_factory=dict[str, str])
    keys: tuple[pa.Array, ...] = ()


class UnreadableError(Exception):
    """A file cannot be read at all; caught by `read` and turned into its faults."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def whole(file: str, code: str, message: str, hint: str) -> Fault:
    """A fault of a whole file."""
    return Fault(file=file, row=None, column=None, code=code, message=message, hint=hint)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def kind_of_bytes(path: Path) -> str | None:
    """What a file is by its first bytes; None if it may be text, "" if it is empty."""
    with path.open("rb") as stream:
        head = stream.read(64)
    if not head:
        return ""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((name for magic, name in MAGIC if start.startswith(magic.lower())), None)


def empty(file: str) -> Fault:
    """The fault of a file without a byte in it."""
    return whole(
        file, "empty_file", "the file is empty", "ask for the file again, or leave it out of the delivery"
    )


def misnamed(file: str, named: str, kind: str | None) -> Fault:
    """The fault of a file that is something else than its name says."""
    message = f"the file is named as {named} but is {kind or 'plain text'}"
    return whole(file, "not_what_it_says", message, "give it the extension that belongs to it")


def no_rows(file: str) -> Fault:
    """The fault of a file with a header and nothing under it."""
    return whole(
        file,
        "no_rows",
        "the file has a header and no rows",
        "check whether the extract was made with the right selection",
    )


def unique_names(names: Sequence[str]) -> list[str]:
    """Names with their outer white space gone; an empty or repeated one is numbered.

    Examples
    --------
    >>> unique_names(["key", " key ", ""])
    ['key', 'key (2)', 'column 3']
    """
    seen: set[str] = set()
    result: list[str] = []
    for place, name in enumerate(names, 1):
        base = " ".join(name.replace("\ufeff", "").split()) or f"column {place}"
        unique, count = base, 1
        while unique in seen:
            count += 1
            unique = f"{base} ({count})"
        seen.add(unique)
        result.append(unique)
    return result


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any Arrow column as text: whole floats without ".0", midnights as days.

    Examples
    --------
    >>> as_text(pa.chunked_array([[1.0, 2.5]])).to_pylist()
    ['1', '2.5']
    """
    column = readable(column)
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        return _moments(column)
    if pa.types.is_floating(kind):
        return _numbers(column)
    flat = pa.types.is_list(kind) and not pa.types.is_nested(kind.value_type)
    if flat:
        return pc.binary_join(column.cast(pa.list_(pa.string())), ";")
    odd = pa.types.is_nested(kind) or holds_bytes(kind)
    return _nested(column) if odd else column.cast(pa.string())


def _moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    wall = pc.local_timestamp(column) if column.type.tz else column
    days = wall.cast(pa.date32(), safe=False)
    midnight = pc.equal(days.cast(wall.type), wall)
    return pc.if_else(midnight, days.cast(pa.string()), wall.cast(pa.string()))


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    exact = pc.and_(pc.is_finite(column), pc.less(pc.abs(column), 2.0**53))
    is_whole = pc.and_(exact, pc.equal(pc.floor(column), column))
    integers = pc.if_else(is_whole, column, pa.scalar(0, column.type)).cast(pa.int64())
    return pc.if_else(is_whole, integers.cast(pa.string()), column.cast(pa.string()))


def _nested(column: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = [None if value is None else json.dumps(value, default=str) for value in column.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string())])


def text_table(table: pa.Table) -> pa.Table:
    """Every column of a table as text."""
    return pa.table([as_text(column) for column in table.columns], names=table.column_names)


def tidy(table: pa.Table) -> pa.Table:
    """Text for every column but the dates, with names that are told apart; texts that are codes stay codes."""
    columns = [
        column if pa.types.is_date(column.type) or column.type == _CODED else as_text(column)
        for column in table.columns
    ]
    return pa.table(columns, names=unique_names(table.column_names))


def numbered(table: pa.Table) -> np.ndarray:
    """1, 2, 3 ... for the rows of a table."""
    return np.arange(1, table.num_rows + 1, dtype=np.int64)
