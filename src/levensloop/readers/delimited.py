"""Delimited text: every cell as the text that stands there, nothing guessed, nothing dropped."""

import re
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from levensloop.errors import Fault
from levensloop.readers.decoding import decode
from levensloop.readers.parsing import LARGEST_BLOCK, Shape, parse, ragged
from levensloop.readers.raw import Raw, UnreadableError, empty, kind_of_bytes, no_rows, unique_names, whole
from levensloop.readers.scanning import delimiter_of, rows_of, scan

_BLOCK: Final = 1 << 20
_HEAD: Final = 1 << 20
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_SEP: Final = re.compile(r"sep=(.)\s*$", re.IGNORECASE)


def read(
    path: Path,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    skip_rows: int = 0,
) -> Raw:
    """Read delimited text; what the layout leaves out is detected and noted.

    Parameters
    ----------
    path : Path
        The file.
    delimiter, encoding : str, optional
        As the layout names them.
    skip_rows : int
        Lines above the header.

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
    found = scan(path)
    if kind is not None:
        raise UnreadableError(
            whole(
                file,
                "not_what_it_says",
                f"the file is named as text but is {kind}",
                "give it the extension that belongs to it, or save it again as CSV",
            )
        )
    decoded = decode(path, found, encoding)
    names, delimiter, offset, notes, faults = _header(file, decoded.buffer, delimiter, skip_rows)
    block = min(max(_BLOCK, 4 * found.longest + 64), LARGEST_BLOCK)
    parsed = parse(decoded.buffer.slice(offset), Shape(names, delimiter, block))
    faults = (*decoded.faults, *faults, *ragged(file, parsed))
    if not parsed.table.num_rows:
        faults = (*faults, no_rows(file))
    return Raw(
        rows=parsed.table,
        record=np.arange(1, parsed.table.num_rows + 1, dtype=np.int64),
        rejects=parsed.rejects,
        faults=faults,
        notes=(*decoded.notes, *notes),
        found={"delimiter": delimiter, "encoding": decoded.encoding},
    )


def _header(
    file: str, buffer: pa.Buffer, told: str | None, skip_rows: int
) -> tuple[list[str], str, int, tuple[str, ...], tuple[Fault, ...]]:
    """Names, delimiter, the byte at which the rows begin, notes and faults."""
    head = buffer.slice(0, min(_HEAD, buffer.size)).to_pybytes()
    lines = [found.group() for found in _LINE.finditer(head)]
    at, offset = _first_line(lines, skip_rows)
    if at >= len(lines):
        raise UnreadableError(empty(file))
    texts = [line.decode("utf-8", "replace") for line in lines[at:]]
    notes: tuple[str, ...] = ()
    if separator := _SEP.match(texts[0]):
        told, offset = told or separator[1], offset + len(lines[at])
        del lines[: at + 1], texts[0]
        at = 0
    delimiter = told or delimiter_of(texts)
    if told is None:
        notes = (f"{file}: delimiter {delimiter!r}, found in its first lines",)
    used, cells = _header_cells(texts, delimiter)
    offset += sum(len(line) for line in lines[at : at + used])
    width = _width(texts[used:], delimiter)
    if width == len(cells) + 1:  # every row ends in a delimiter that the header lacks
        cells = [*cells, ""]
    return unique_names(cells), delimiter, offset, notes, _one_cell(file, cells, told, texts)


def _first_line(lines: list[bytes], skip_rows: int) -> tuple[int, int]:
    at = min(skip_rows, len(lines))
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at, sum(len(line) for line in lines[:at])


def _header_cells(texts: list[str], delimiter: str) -> tuple[int, list[str]]:
    used = 1
    while sum(text.count('"') for text in texts[:used]) % 2 and used < len(texts):
        used += 1
    if used == len(texts):  # a quote that never closes: take the line as it stands
        return 1, texts[0].strip("\r\n").replace('"', "").split(delimiter)
    return used, rows_of(["".join(texts[:used])], delimiter)[0]


def _width(texts: list[str], delimiter: str) -> int:
    """The number of cells of the first row, if its last one is empty."""
    cells = next(iter(rows_of(texts[:1], delimiter)), [])
    return len(cells) if cells and not cells[-1].strip() else 0


def _one_cell(file: str, cells: list[str], told: str | None, texts: list[str]) -> tuple[Fault, ...]:
    if told is None or len(cells) > 1:
        return ()
    better = delimiter_of(texts)
    if better == told or better not in texts[0]:
        return ()
    message = f"the layout names the delimiter {told!r}, which the header does not hold"
    return (whole(file, "bad_layout", message, f"try delimiter = {better!r}"),)
