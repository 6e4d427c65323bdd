"""Small writers of the file kinds that agencies send, the same bytes for the same rows."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

Row: TypeAlias = Mapping[str, Any]

_EPOCH: Final = date(1899, 12, 30)
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def write_text(path: Path, rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Write delimited text with a header; line ends are those of the country: CRLF for cp1252."""
    out = io.StringIO(newline="")
    end = "\r\n" if encoding == "cp1252" else "\n"
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))


def write_jsonl(path: Path, rows: Sequence[Row]) -> None:
    """Write one JSON object a line."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


def write_parquet(path: Path, rows: Sequence[Row]) -> None:
    """Write a Parquet file."""
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path, compression="zstd")


def write_xlsx(path: Path, rows: Sequence[Row], *, sheet: str) -> None:
    """Write one sheet; dates as the serial numbers that Excel keeps."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    data = "".join(_line(number, cells) for number, cells in enumerate(lines, start=1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_MIME}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_MIME}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_REL}"><sheets>'
        f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{data}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name), _HEAD + text, zipfile.ZIP_DEFLATED)


def _line(number: int, cells: Sequence[Any]) -> str:
    made = (_cell(f"{chr(65 + column)}{number}", value) for column, value in enumerate(cells))
    return f'<row r="{number}">{"".join(made)}</row>'


def _cell(where: str, value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f'<c r="{where}"><v>{(value - _EPOCH).days}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
