"""Documents (docx): the tables of a form that people filled in, as one table.

A wide form stands in a document as several tables. The first of more than two columns gives the rows; one whose first
heading is the same adds columns to the rows of the same number; one of two columns says something of all rows.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

import pyarrow as pa

from levensloop.readers.raw import Raw, UnreadableError, empty, no_rows, numbered, unique_names, whole

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT: Final = "word/document.xml"
_BREAKS: Final = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
_FORM: Final = 2
#: Days between bounds, over two lines of a narrow column.
_BETWEEN: Final = re.compile(r"^([\dX?~-]+)/\n([\dX?~-]+)$")
Cells = list[list[str]]


def read(path: Path) -> Raw:
    """Read the tables of a document.

    Parameters
    ----------
    path : Path
        The file. What was inserted with changes tracked counts, what was deleted does not.

    Returns
    -------
    Raw

    Raises
    ------
    UnreadableError
        If nothing of the file can be read; it holds the faults.
    """
    file = path.name
    if not path.stat().st_size:
        raise UnreadableError(empty(file))
    tables = [[_cells(row) for row in table.findall(f"{_W}tr")] for table in _body(path).iter(f"{_W}tbl")]
    tables = [table for table in tables if table]
    wide = [table for table in tables if len(table[0]) > _FORM]
    if not wide:
        hint = "leave the tables of the document as they were made"
        raise UnreadableError(whole(file, "no_table", "the document holds no table of three columns", hint))
    rows = _joined(wide)
    for table in tables:
        for name, *values in table if len(table[0]) <= _FORM else ():
            for at, row in enumerate(rows):
                row.append("".join(values) if at else name)
    names, *filled = rows
    columns = [*zip(*filled, strict=True)] or [()] * len(names)
    made = pa.table([pa.array(cells, pa.string()) for cells in columns], names=unique_names(names))
    return Raw(made, numbered(made), faults=() if filled else (no_rows(file),))


def _body(path: Path) -> ET.Element:
    """The text of the document; what declares anything of its own is none."""
    try:
        with ZipFile(path) as packed:
            text = packed.read(_DOCUMENT)
        if b"<!DOCTYPE" in text:
            raise _unreadable(path)
        return ET.fromstring(text)  # noqa: S314 - without declarations there is nothing to expand or fetch
    except (BadZipFile, KeyError, ET.ParseError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> UnreadableError:
    message = "the document cannot be opened: it is damaged, has a password, or is no document"
    hint = "open it in a word processor and save it again as .docx"
    return UnreadableError(whole(path.name, "not_what_it_says", message, hint))


def _joined(tables: list[Cells]) -> Cells:
    """The rows of the first table, with what the others say of the row of the same number; rows without words go."""
    main, *others = tables
    width = len(main[0])
    rows = [_as_wide(row, width) for row in main if any(cell.strip() for cell in row)]
    for other in others:
        if other[0][0] != main[0][0]:
            continue
        more = {row[0].strip(): row[1:] for row in other if row[0].strip()}
        wide = len(other[0]) - 1
        for row in rows:
            row.extend(_as_wide(more.get(row[0].strip(), []), wide))
    return rows


def _as_wide(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _cells(row: ET.Element) -> list[str]:
    """The texts of a row; a cell that was merged over several columns is followed by empty ones."""
    cells: list[str] = []
    # A cell may stand inside a control that a word processor laid around it.
    for cell in row.iter(f"{_W}tc"):
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        text = "\n".join("".join(_letters(one)) for one in cell.iter(f"{_W}p"))
        cells.append(_BETWEEN.sub(r"\1/\2", text))
        cells += [""] * (int(span.get(f"{_W}val", "1")) - 1 if span is not None else 0)
    return cells


def _letters(paragraph: ET.Element) -> Iterator[str]:
    for one in paragraph.iter():
        if one.tag == f"{_W}t":
            yield one.text or ""
        elif one.tag in _BREAKS:
            yield _BREAKS[one.tag]
