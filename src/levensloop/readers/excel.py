"""Workbooks (xlsx, xls, ods): one sheet, dates as dates, whole numbers without a point."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from levensloop.errors import Fault
from levensloop.readers.raw import (
    Raw,
    UnreadableError,
    empty,
    kind_of_bytes,
    no_rows,
    numbered,
    unique_names,
    whole,
)

_CONTAINERS: Final = ("a zip or Excel file", "an old Office file or a file with a password")


def read(path: Path, *, sheet: str | None = None, skip_rows: int = 0) -> Raw:
    """Read one sheet of a workbook: the one that is named, or the first.

    Parameters
    ----------
    path : Path
        The file.
    sheet : str, optional
        Its name.
    skip_rows : int
        Rows above the header.

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
    if kind not in _CONTAINERS:
        message = f"the file is named as a workbook but is {kind or 'plain text'}"
        hint = "save it as a workbook, or give it the extension that belongs to it (.csv for delimited text)"
        raise UnreadableError(whole(file, "not_what_it_says", message, hint))
    try:
        with CalamineWorkbook.from_path(path) as book:
            name, faults = _choose(file, book, sheet)
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
    except CalamineError as error:
        message = "the workbook cannot be opened: it is damaged, has a password, or is no workbook"
        hint = "open it in a spreadsheet program and save it again without a password"
        raise UnreadableError(whole(file, "not_what_it_says", message, hint)) from error
    rows = rows[skip_rows:]
    if not rows:
        raise UnreadableError(*faults, empty(file))
    table = _table(rows)
    if not table.num_rows:
        faults = (*faults, no_rows(file))
    return Raw(table, numbered(table), faults=faults, found={"sheet": name})


def _choose(file: str, book: CalamineWorkbook, sheet: str | None) -> tuple[str, tuple[Fault, ...]]:
    """The sheet to read, and a fault if other sheets hold rows that nobody asked for."""
    names = book.sheet_names
    if sheet is not None:
        found = next((name for name in names if name.strip().lower() == sheet.strip().lower()), None)
        if found is None:
            hint = "its sheets are: " + ", ".join(names)
            raise UnreadableError(whole(file, "missing_sheet", f"the workbook has no sheet {sheet!r}", hint))
        return found, ()
    filled = [name for name in names if book.get_sheet_by_name(name).start is not None]
    if not filled:
        raise UnreadableError(empty(file))
    if len(filled) == 1:
        return filled[0], ()
    message = f"the sheet {filled[0]!r} was read; {len(filled) - 1} more hold rows that were not read"
    return filled[0], (whole(file, "unread_sheet", message, "name the sheet in the layout: sheet = '...'"),)


def _table(rows: list[list[Any]]) -> pa.Table:
    names = unique_names([_text(cell) or "" for cell in rows[0]])
    columns = list(zip(*rows[1:], strict=True)) or [()] * len(names)
    return pa.table([_column(cells) for cells in columns], names=names)


def _column(cells: tuple[Any, ...]) -> pa.Array:
    """Cells of one column: dates if all are whole days, else text."""
    filled = [cell for cell in cells if cell not in ("", None)]
    if filled and all(isinstance(cell, date) for cell in filled):
        days = [_day(cell) if isinstance(cell, date) else None for cell in cells]
        if days.count(None) == len(cells) - len(filled):
            return pa.array(days, pa.date32())
    if all(isinstance(cell, str) for cell in cells):
        return pa.array(cells, pa.string())
    return pa.array([_text(cell) for cell in cells], pa.string())


def _day(cell: date) -> date | None:
    if not isinstance(cell, datetime):
        return cell
    return cell.date() if cell.time() == time.min else None


def _text(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return (_day(cell) or cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return None if cell is None else str(cell)
