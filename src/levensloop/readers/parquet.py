"""Parquet: dates stay dates, texts become codes where they are read, everything else becomes text."""

from pathlib import Path

import pyarrow as pa

from levensloop.readers.raw import (
    Raw,
    UnreadableError,
    empty,
    kind_of_bytes,
    misnamed,
    no_rows,
    numbered,
    tidy,
    whole,
)


def read(path: Path) -> Raw:
    """Read a Parquet file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Raw

    Raises
    ------
    UnreadableError
        If nothing of the file can be read; it holds the faults.
    """
    from pyarrow.parquet import ParquetFile

    file = path.name
    kind = kind_of_bytes(path)
    if kind == "":
        raise UnreadableError(empty(file))
    if kind != "a Parquet file":
        raise UnreadableError(misnamed(file, "Parquet", kind))
    try:
        with ParquetFile(path) as parquet:
            columns = parquet.schema_arrow
        texts = [column.name for column in columns if pa.types.is_string(column.type)]
        with ParquetFile(path, read_dictionary=texts) as parquet:  # as codes: a file holds most texts as such
            table = tidy(parquet.read().unify_dictionaries())
        for column in table.columns:  # bytes that are no text would stop who takes them for text
            coded = pa.types.is_dictionary(column.type) and column.num_chunks
            (column.chunk(0).dictionary if coded else column).validate(full=True)
    except (pa.ArrowException, OSError) as error:
        message = "the Parquet file is damaged or was cut off"
        raise UnreadableError(whole(file, "not_what_it_says", message, "ask for the file again")) from error
    return Raw(table, numbered(table), faults=() if table.num_rows else (no_rows(file),))
