"""Chronologies of reviews, known by their headings, so that nobody has to name their layout."""

from dataclasses import replace
from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.readers.delivery import Job
from levensloop.readers.formats import TEXTS
from levensloop.readers.layouts import TableLayout, load
from levensloop.readers.raw import Raw
from levensloop.schema import REQUIRED_COLUMNS

_BETWEEN: Final = " / "
#: An apostrophe before what a spreadsheet would take for a formula.
_QUOTED: Final = r"^'('*[=+\-@\t\r])"


def recognised(job: Job, raw: Raw) -> tuple[Job, Raw]:
    """A file as the chronology that its headings say it is, if no layout says otherwise.

    Headings stand in both languages, as a chronology is saved, or in one of them.

    Parameters
    ----------
    job : Job
    raw : Raw
        Its rows as delivered.

    Returns
    -------
    job : Job
        With the layout of the chronology.
    raw : Raw
        With headings in both languages, and without the apostrophes that keep cells from being run.
    """
    if job.table.default:
        chronology = _chronology()
        named = _headings(chronology, raw.rows.column_names)
        if named is not None:
            table = replace(chronology, window=job.table.window, ages=job.table.ages)
            job = replace(job, table=table)
            raw = replace(raw, rows=raw.rows.rename_columns(named))
    if job.table.retells and job.path.suffix.lower() in TEXTS:
        raw = replace(raw, rows=_bare(raw.rows))
    return job, raw


@cache
def _chronology() -> TableLayout:
    """The layout that every file without one is held against."""
    return load("chronology").tables[0]


def _headings(chronology: TableLayout, names: list[str]) -> list[str] | None:
    """The names of the columns as the layout calls them; None if these are not those of a chronology."""
    columns = chronology.events[0].columns
    known = {
        part.strip().casefold(): heading
        for heading in columns.values()
        for part in (heading, *heading.split(_BETWEEN))
    }
    called = [known.get(name.strip().casefold(), name) for name in names]
    # A file with the default columns is no chronology, and one name cannot stand twice.
    default = set(REQUIRED_COLUMNS) <= {name.strip().casefold() for name in names}
    needed = {columns[name] for name in REQUIRED_COLUMNS}
    return called if not default and needed <= set(called) and len(set(called)) == len(called) else None


def _bare(rows: pa.Table) -> pa.Table:
    for at, name in enumerate(rows.column_names):
        column = rows.column(at)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            rows = rows.set_column(at, name, pc.replace_substring_regex(column, _QUOTED, r"\1"))
    return rows
