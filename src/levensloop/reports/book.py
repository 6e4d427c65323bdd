"""Tables as sheets of one workbook or as CSV, every cell a text: what begins with ``=`` is no formula."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from levensloop.errors import UserError
from levensloop.figures.letters import legal

_MOST: Final = 32_767  # letters in a cell, by the format
_WIDE, _NARROW, _LONG = 48, 14, 40
_LAST_ROW: Final = 1_048_575
#: What a spreadsheet takes for a formula, with the apostrophes that may stand before it already.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_NO_CHOICES: Final[Mapping[str, Sequence[str]]] = MappingProxyType({})


def book(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[str]]],
    choices: Mapping[str, Sequence[str]] = _NO_CHOICES,
    *,
    level: str = "",
) -> None:
    """Write tables as an XLSX file, the first row of each with headings.

    A text that is longer than a cell can hold goes on in the cells below it, in rows of its own.

    Parameters
    ----------
    path : Path
    sheets : mapping
        From the name of a sheet to its rows.
    choices : mapping
        From a heading to the words among which the cells below it let one choose.
    level : str
        What may be seen of it: printed above and below every sheet.

    Raises
    ------
    UserError
        Without the extra ``report``.
    """
    try:
        import xlsxwriter
    except ImportError as missing:
        raise UserError(
            "an .xlsx needs the extra report. Hint: pip install 'levensloop[report]'."
        ) from missing
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        plain = made.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        head = made.add_format(
            {
                "bold": True,
                "bg_color": "#22303C",
                "font_color": "#FFFFFF",
                "valign": "top",
                "text_wrap": True,
            }
        )
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            if level:
                # An ampersand begins a code there.
                line = level.replace("&", "&&")
                sheet.set_header(f"&L{line}")
                sheet.set_footer(f"&L{line}&R&P/&N")
            sheet.freeze_panes(1, 0)
            for at, cells in enumerate(zip(*rows, strict=True)):
                sheet.set_column(at, at, _WIDE if max(map(len, cells)) > _LONG else _NARROW, plain)
                if cells[0] in choices:
                    allowed = {"validate": "list", "source": list(choices[cells[0]])}
                    sheet.data_validation(1, at, _LAST_ROW, at, allowed)
            _write(sheet, rows, head, plain)


def _write(sheet: Any, rows: Sequence[Sequence[str]], head: object, plain: object) -> None:  # noqa: ANN401
    place = 0
    for row in rows:
        parts = [_pieces(legal(cell)) for cell in row]
        for piece in range(max(map(len, parts))):
            for at, texts in enumerate(parts):
                text = texts[piece] if piece < len(texts) else ""
                sheet.write_string(place, at, text, plain if place else head)
            place += 1


def _pieces(text: str) -> list[str]:
    return [text[at : at + _MOST] for at in range(0, len(text), _MOST)] or [""]


def comma_separated(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write a table as CSV, as spreadsheets open it: with semicolons, in UTF-8, and nothing that runs."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        written.writerows([[quoted(legal(cell)) for cell in row] for row in rows])


def quoted(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what begins like one.

    Examples
    --------
    >>> quoted("=1+1"), quoted("one"), quoted("'=1")
    ("'=1+1", 'one', "''=1")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unquoted(text: str) -> str:
    """The text that `quoted` was given.

    Examples
    --------
    >>> unquoted("'=1+1"), unquoted("'t Kompas")
    ('=1+1', "'t Kompas")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
