"""Rows of delimited text: the good ones at once, ragged and swallowed ones mended in their places."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from levensloop.arrow import numbers
from levensloop.errors import Fault
from levensloop.readers.scanning import rows_of

LARGEST_BLOCK: Final = (1 << 31) - 1
_HEAD: Final = 1 << 20
_DEEPEST: Final = 20
#: Where the cells of a row go that its header has no column for.
BEYOND: Final = "beyond the header"


@dataclass(frozen=True)
class Shape:
    """How the text is laid out: names of the columns, delimiter, size of the longest line."""

    names: list[str]
    delimiter: str
    block: int


@dataclass(frozen=True)
class Parsed:
    """Rows in their order, and which of them cannot be used."""

    table: pa.Table
    rejects: dict[int, str]


def parse(buffer: pa.Buffer, shape: Shape, depth: int = 0) -> Parsed:
    """The rows of a text without its header, ragged and swallowed rows in their places."""
    names, delimiter = shape.names, shape.delimiter
    bad: dict[int, str] = {}

    def keep(row: pa_csv.InvalidRow) -> str:
        bad[row.number - 1] = row.text
        return "skip"

    if not buffer.slice(0, min(_HEAD, buffer.size)).to_pybytes().strip(b"\r\n"):
        return Parsed(pa.table({name: pa.array([], pa.string()) for name in names}), {})
    table = _read_csv(buffer, shape, keep)
    good = np.ones(table.num_rows + len(bad), bool)
    good[list(bad)] = False
    places = np.flatnonzero(good)
    for index in _swallowers(table, delimiter).tolist():
        cells = [str(column[index].as_py()) for column in table.columns]
        bad[int(places[index])] = '"' + delimiter.join(cells).replace('"', "")  # the quote that was lost
    if not bad:
        return Parsed(table, {})
    good[list(bad)] = False
    kept = good[places]
    pieces = [(Parsed(table.filter(pa.array(kept)), {}), places[kept]), *_mended(bad, shape, depth)]
    return _in_order(pieces)


def _read_csv(buffer: pa.Buffer, shape: Shape, keep: Callable[[pa_csv.InvalidRow], str]) -> pa.Table:
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
            if block >= min(buffer.size + 1, LARGEST_BLOCK):
                raise
            block = min(buffer.size + 1, LARGEST_BLOCK)


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
            found |= numbers(pc.match_substring_regex(column, row))
    return np.flatnonzero(found)


def _mended(bad: dict[int, str], shape: Shape, depth: int) -> list[tuple[Parsed, np.ndarray]]:
    """Rows that do not fit their header, with their places: plain ones together, open quotes one by one."""
    quoted = {place: text for place, text in sorted(bad.items()) if text.count('"') % 2}
    plain = {place: text for place, text in sorted(bad.items()) if place not in quoted}
    pieces: list[tuple[Parsed, np.ndarray]] = []
    if plain:
        rows = _cells(list(plain.values()), shape.delimiter)
        pieces.append((_fitted(rows, shape), np.array(list(plain))))
    for place, text in quoted.items():
        piece = _reread(text, shape, depth)
        pieces.append((piece, np.full(piece.table.num_rows, place)))
    return pieces


def _cells(texts: list[str], delimiter: str) -> list[list[str]]:
    """The cells of each row; a quote that is open at the end of one must not swallow the next."""
    rows = rows_of(texts, delimiter)
    return rows if len(rows) == len(texts) else [rows_of([text], delimiter)[0] for text in texts]


def _reread(text: str, shape: Shape, depth: int) -> Parsed:
    """After a quote that never closes: its line is lost, the lines that it swallowed are read again."""
    first, _, rest = text.partition("\n")
    if not rest or first.count('"') % 2 == 0 or depth >= _DEEPEST:
        return _fitted(_cells([text], shape.delimiter), shape)
    cells = first.rstrip("\r").replace('"', "").split(shape.delimiter)
    head = Parsed(_table([cells], shape), {0: "open_quote"})
    tail = parse(pa.py_buffer(rest.encode("utf-8")), shape, depth + 1)
    return _in_order([(head, np.zeros(1, int)), (tail, np.arange(1, 1 + tail.table.num_rows))])


def _fitted(rows: list[list[str]], shape: Shape) -> Parsed:
    """Cells as rows; empty cells beyond the header lose nothing, other misfits are faults."""
    width = len(shape.names)
    spare = [len(cells) > width and not any(cell.strip() for cell in cells[width:]) for cells in rows]
    table = _table([cells[:width] if over else cells for cells, over in zip(rows, spare, strict=True)], shape)
    return Parsed(table, {place: "ragged_row" for place, over in enumerate(spare) if not over})


def _table(rows: list[list[str]], shape: Shape) -> pa.Table:
    width = len(shape.names)
    columns = {
        name: [cells[place] if place < len(cells) else None for cells in rows]
        for place, name in enumerate(shape.names)
    }
    if any(len(cells) > width for cells in rows):
        columns[BEYOND] = [shape.delimiter.join(cells[width:]) or None for cells in rows]
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def _in_order(pieces: list[tuple[Parsed, np.ndarray]]) -> Parsed:
    """Pieces put together by the places of their rows; rows of one place keep their order."""
    table = pa.concat_tables([piece.table for piece, _ in pieces], promote_options="default")
    order = np.argsort(np.concatenate([places for _, places in pieces]), kind="stable")
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    starts = np.cumsum([0, *(piece.table.num_rows for piece, _ in pieces)])
    rejects = {
        int(place[start + index]): code
        for start, (piece, _) in zip(starts, pieces, strict=False)
        for index, code in piece.rejects.items()
    }
    return Parsed(table.take(pa.array(order)), rejects)


def ragged(file: str, parsed: Parsed) -> tuple[Fault, ...]:
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
