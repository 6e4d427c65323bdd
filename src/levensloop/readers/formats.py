"""Which reader a file needs: by its extension, and by its first bytes where that says nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from levensloop.errors import Fault
from levensloop.readers.layouts import TableLayout
from levensloop.readers.raw import Raw, UnreadableError, kind_of_bytes, whole

_BOOKS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_LINES: Final = (".jsonl", ".ndjson", ".json")
_DOCUMENTS: Final = (".docx",)
_MARKUP: Final = (".xml",)
#: Endings of delimited text.
TEXTS: Final = (".csv", ".txt", ".tsv", ".tab")
_BY_BYTES: Final = {
    "a zip or Excel file": ".xlsx",
    "an old Office file or a file with a password": ".xls",
    "a Parquet file": ".parquet",
    "an XML file": ".xml",
}


def read_raw(path: Path, file: str, table: TableLayout) -> Raw:
    """The rows of a file as delivered.

    Parameters
    ----------
    path : Path
        Where the file is.
    file : str
        What faults call it.
    table : TableLayout
        How it is laid out.

    Raises
    ------
    UnreadableError
        If nothing of it can be read; it holds the faults.
    """
    try:
        raw = _read(path, table)
    except UnreadableError as error:
        raise UnreadableError(*_renamed(error.faults, path, file)) from error
    except OSError as error:
        message = "the file cannot be opened"
        hint = "check that it is there and that you may read it"
        raise UnreadableError(whole(file, "missing_file", message, hint)) from error
    except pa.ArrowException as error:
        message = "the contents do not fit the format that the name of the file promises"
        hint = "open the file, and save it again in that format"
        raise UnreadableError(whole(file, "not_what_it_says", message, hint)) from error
    return replace(raw, faults=_renamed(raw.faults, path, file))


def _read(path: Path, table: TableLayout) -> Raw:
    """Each reader brings its own library, so it is imported when a file asks for it."""
    suffix = path.suffix.lower()
    if suffix not in (*_BOOKS, *_LINES, *TEXTS, *_DOCUMENTS, *_MARKUP, ".parquet"):
        suffix = _BY_BYTES.get(kind_of_bytes(path) or "", ".csv")
    if suffix in _BOOKS:
        from levensloop.readers import excel

        return excel.read(path, sheet=table.sheet, skip_rows=table.skip_rows)
    if suffix == ".parquet":
        from levensloop.readers import parquet

        return parquet.read(path)
    if suffix in _DOCUMENTS:
        from levensloop.readers import word

        return word.read(path)
    if suffix in _MARKUP:
        from levensloop.readers import markup

        return markup.read(path, element=table.element, encoding=table.encoding)
    if suffix in _LINES:
        from levensloop.readers import jsonlines

        return jsonlines.read(path, encoding=table.encoding)
    from levensloop.readers import delimited

    return delimited.read(path, delimiter=table.delimiter, encoding=table.encoding, skip_rows=table.skip_rows)


def _renamed(faults: tuple[Fault, ...], path: Path, file: str) -> tuple[Fault, ...]:
    return tuple(replace(one, file=file) if one.file == path.name else one for one in faults)
