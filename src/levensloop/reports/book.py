"""Tables as sheets of one workbook, every cell a text: what begins with ``=`` is no formula."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from levensloop.errors import UserError
from levensloop.figures.letters import legal

_MOST: Final = 32_767  # letters in a cell, by the format
_WIDE, _NARROW, _LONG = 48, 14, 40


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Write tables as an XLSX file, the first row of each with headings.

    A text that is longer than a cell can hold goes on in the cells below it, in rows of its own.

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
        plain = made.add_format({"text_wrap": True, "valign": "top"})
        head = made.add_format(
            {"bold": True, "bg_color": "#22303C", "font_color": "#FFFFFF", "valign": "top"}
        )
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.freeze_panes(1, 0)
            for at, cells in enumerate(zip(*rows, strict=True)):
                sheet.set_column(at, at, _WIDE if max(map(len, cells)) > _LONG else _NARROW)
            place = 0
            for row in rows:
                parts = [_pieces(legal(cell)) for cell in row]
                for piece in range(max(map(len, parts))):
                    for at, texts in enumerate(parts):
                        sheet.write_string(
                            place, at, texts[piece] if piece < len(texts) else "", plain if place else head
                        )
                    place += 1


def _pieces(text: str) -> list[str]:
    return [text[at : at + _MOST] for at in range(0, len(text), _MOST)] or [""]
