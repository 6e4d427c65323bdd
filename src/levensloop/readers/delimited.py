"""Delimited text: every cell as the text that stands there, nothing guessed, nothing dropped."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from levensloop.errors import Fault
from levensloop.readers.raw import Raw, UnreadableError, empty, kind_of_bytes, no_rows, unique_names, whole
from levensloop.readers.scanning import decode, delimiter_of, rows_of, scan

_BLOCK: Final = 1 << 20
_LARGEST_BLOCK: Final = (1 << 31) - 1
_HEAD: Final = 1 << 20
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_SEP: Final = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
_DEEPEST: Final = 20
#: Where the cells of a row go that its header has no column for.
BEYOND: Final = "beyond the header"


@dataclass(frozen=True)
class _Shape:
    """How the text is laid out: names of the columns, delimiter, size of the longest line."""

    names: list[str]
    delimiter: str
    block: int


@dataclass(frozen=True)
class _Parsed:
    """Rows in their order, and which of them cannot be used."""

    table: pa.Table
    rejects: dict[int, str]


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
    block = min(max(_BLOCK, 4 * found.longest + 64), _LARGEST_BLOCK)
    parsed = _parse(decoded.buffer.slice(offset), _Shape(names, delimiter, block), 0)
    faults = (*decoded.faults, *faults, *_ragged(file, parsed))
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


def _parse(buffer: pa.Buffer, shape: _Shape, depth: int) -> _Parsed:
    """The rows of a text without its header, ragged and swallowed rows in their places."""
    names, delimiter = shape.names, shape.delimiter
    bad: dict[int, str] = {}

    def keep(row: pa_csv.InvalidRow) -> str:
        bad[row.number - 1] = row.text
        return "skip"

    if not buffer.slice(0, min(_HEAD, buffer.size)).to_pybytes().strip(b"\r\n"):
        return _Parsed(pa.table({name: pa.array([], pa.string()) for name in names}), {})
    table = _read_csv(buffer, shape, keep)
    places = np.setdiff1d(np.arange(table.num_rows + len(bad)), np.array(list(bad), int))
    for index in _swallowers(table, delimiter).tolist():
        cells = [str(column[index].as_py()) for column in table.columns]
        bad[int(places[index])] = '"' + delimiter.join(cells).replace('"', "")  # the quote that was lost
    if not bad:
        return _Parsed(table, {})
    kept = ~np.isin(places, np.array(list(bad)))
    pieces = [_Parsed(table.filter(pa.array(kept)), {})]
    order = [np.stack([places[kept], np.zeros(kept.sum(), int)])]
    for place, text in sorted(bad.items()):
        piece = _mend(text, shape, depth)
        pieces.append(piece)
        order.append(np.stack([np.full(piece.table.num_rows, place), np.arange(piece.table.num_rows)]))
    return _in_order(pieces, np.concatenate(order, axis=1))


def _read_csv(buffer: pa.Buffer, shape: _Shape, keep: Callable[[pa_csv.InvalidRow], str]) -> pa.Table:
    """Read; a quoted cell over many lines may need a larger block than the longest line."""
    block = shape.block
    while True:
        try:
            return pa_csv.read_csv(
                pa.BufferReader(buffer),
                read_options=pa_csv.ReadOptions(
                    use_threads=False, column_names=shape.names, block_size=block
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=shape.delimiter, newlines_in_values=True, invalid_row_handler=keep
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(shape.names, pa.string()),
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            if block >= min(buffer.size + 1, _LARGEST_BLOCK):
                raise
            block = min(buffer.size + 1, _LARGEST_BLOCK)


def _swallowers(table: pa.Table, delimiter: str) -> np.ndarray:
    """Rows with a cell that holds a line that looks like a row: a quote before it was never closed."""
    width = table.num_columns
    found = np.zeros(table.num_rows, bool)
    if width < 3 or width > 1000:  # noqa: PLR2004 - free text looks like two cells; RE2 counts up to 1000
        return np.flatnonzero(found)
    mark = re.escape(delimiter)
    row = rf"\n[^{mark}\n]*(?:{mark}(?:[^{mark} \n][^{mark}\n]*)?){{{width - 1}}}(?:\n|$)"
    for column in table.columns:
        lines = pc.match_substring(column, "\n")
        if pc.any(lines).as_py():
            found |= pc.match_substring_regex(column, row).to_numpy()
    return np.flatnonzero(found)


def _mend(text: str, shape: _Shape, depth: int) -> _Parsed:
    """One row that does not fit its header, as one or (after an open quote) several rows."""
    first, _, rest = text.partition("\n")
    if rest and first.count('"') % 2 and depth < _DEEPEST:
        head = _row(first.rstrip("\r").replace('"', "").split(shape.delimiter), shape, "open_quote")
        tail = _parse(pa.py_buffer(rest.encode("utf-8")), shape, depth + 1)
        order = np.arange(1 + tail.table.num_rows)
        return _in_order([head, tail], np.stack([order, order]))
    cells = next(iter(rows_of([text], shape.delimiter)), [])
    surplus = cells[len(shape.names) :]
    if surplus and not any(cell.strip() for cell in surplus):
        return _row(cells[: len(shape.names)], shape, None)
    return _row(cells, shape, "ragged_row")


def _row(cells: list[str], shape: _Shape, code: str | None) -> _Parsed:
    width = len(shape.names)
    columns: dict[str, list[str | None]] = {
        name: [cells[place] if place < len(cells) else None] for place, name in enumerate(shape.names)
    }
    if len(cells) > width:
        columns[BEYOND] = [shape.delimiter.join(cells[width:])]
    table = pa.table({name: pa.array(value, pa.string()) for name, value in columns.items()})
    return _Parsed(table, {} if code is None else {0: code})


def _in_order(pieces: list[_Parsed], keys: np.ndarray) -> _Parsed:
    table = pa.concat_tables([piece.table for piece in pieces], promote_options="default")
    order = np.lexsort(keys[::-1])
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    starts = np.cumsum([0, *(piece.table.num_rows for piece in pieces)])
    rejects = {
        int(place[start + index]): code
        for start, piece in zip(starts, pieces, strict=False)
        for index, code in piece.rejects.items()
    }
    return _Parsed(table.take(pa.array(order)), rejects)


def _ragged(file: str, parsed: _Parsed) -> tuple[Fault, ...]:
    """One fault for each sort of row that cannot be used."""
    sentences = {
        "ragged_row": (
            "the row has more or fewer cells than the header",
            "look for a delimiter or a line end inside a cell that is not quoted",
        ),
        "open_quote": (
            "a quote in this row is not closed; the rows after it were read again without it",
            "close the quote, or double it where it stands for itself",
        ),
    }
    faults: list[Fault] = []
    for code, (message, hint) in sentences.items():
        rows = [index + 1 for index, found in parsed.rejects.items() if found == code]
        if rows:
            faults.append(Fault(file, min(rows), None, code, message, hint, len(rows)))
    return tuple(faults)
