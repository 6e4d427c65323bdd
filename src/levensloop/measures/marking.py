"""Tables of findings or of the truth as arrays, and the days that they cover."""

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, days
from levensloop.errors import UserError
from levensloop.measures.matching import Marks
from levensloop.spans import NO_DAY, Spans, days_within, union
from levensloop.tables import Table

#: Columns of words.
WORDS: Final = ("youth", "detector", "outcome", "agency", "to_agency", "sector", "certainty")
_NEEDED: Final = ("youth", "detector", "start")


def table_of(given: object, what: str) -> pa.Table:
    """The columns that count, as text and dates."""
    if isinstance(given, str | Path):
        from levensloop.testing.truth import read_truth

        given = read_truth(given)
    table: pa.Table = given.to_arrow() if isinstance(given, Table) else pa.table(given)
    missing = [name for name in _NEEDED if name not in table.column_names]
    if missing:
        raise UserError(f"{what} has no column {', '.join(missing)}. Hint: it needs {', '.join(_NEEDED)}.")
    size = len(table)
    columns: dict[str, pa.ChunkedArray] = {}
    for name in WORDS:
        column = (
            table.column(name)
            if name in table.column_names
            else pa.chunked_array([pa.nulls(size, pa.string())])
        )
        text = column.cast(pa.string())
        columns[name] = pc.if_else(pc.equal(text, ""), None, text)
    for name in ("start", "end"):
        column = (
            table.column(name)
            if name in table.column_names
            else pa.chunked_array([pa.nulls(size, pa.date32())])
        )
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = pc.if_else(pc.equal(column, ""), None, column)
        try:
            columns[name] = column.cast(pa.date32())
        except pa.ArrowInvalid as wrong:
            raise UserError(f"{what} has a {name} that is no date. Hint: write 2005-03-31.") from wrong
    if columns["start"].null_count or columns["youth"].null_count or columns["detector"].null_count:
        raise UserError(f"{what} has rows without {' or '.join(_NEEDED)}")
    return pa.table(columns)


def marks_of(table: pa.Table, names: dict[str, tuple[str, ...]]) -> Marks:
    """The rows of `table_of` as arrays, with the places of words among `names`."""
    coded = {name: codes(table.column(name), names[name]) for name in WORDS}
    return Marks(**coded, start=days(table.column("start")), end=days(table.column("end")))


def cover(marks: Marks) -> Spans:
    """The days that are marked, youth by youth; a mark without an end covers none."""
    ended = marks.end != NO_DAY
    return union(marks.youth[ended], marks.start[ended], marks.end[ended])


def length(cover: Spans) -> int:
    """How many days it is."""
    return int((cover.end - cover.start).sum())


def shared(one: Spans, other: Spans) -> int:
    """How many days are in both."""
    return int(days_within(other, one.group, one.start, one.end).sum()) if one.group.size else 0
