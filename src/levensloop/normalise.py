"""From a table in the default layout to events and persons with bounds, words and faults.

Every row has one fate: it makes an event, or it is rejected with a code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from levensloop import cells
from levensloop.coding import codes_of
from levensloop.dates import check_formats
from levensloop.days import days_of
from levensloop.errors import Fault, UserError, fault
from levensloop.options import Ints, Mask, Options, Tally
from levensloop.particulars import particulars_of
from levensloop.schema import DEFAULT_COLUMNS, HELD, ORIGIN, REQUIRED_COLUMNS, SAID, conform

__all__ = ["Normal", "Options", "normalise", "persons"]

_OPEN_WORDS: Final = ("care_type", "problem")
_NAMES: Final = ("agency", "to_agency")
_MANY_IN_ONE: Final = ("shared_with", "after", "before")


@dataclass(frozen=True, slots=True)
class Normal:
    """What became of a table.

    Parameters
    ----------
    delivered : pyarrow.Table
        The events of the accepted rows (`schema.HELD`), in the order of the rows.
    origin : pyarrow.Table
        Beside it, where each comes from (`schema.ORIGIN`).
    persons : pyarrow.Table
        `schema.PERSONS`, of the accepted rows.
    rejected : numpy.ndarray of bool
        Row by row of the given table.
    codes : numpy.ndarray of object
        The first fault for which a row was rejected; None elsewhere.
    faults : tuple of Fault
        All that is wrong, also in rows that were kept.
    record, part : numpy.ndarray of int
        As given, row by row of the given table.
    """

    delivered: pa.Table
    origin: pa.Table
    persons: pa.Table
    rejected: Mask
    codes: npt.NDArray[np.object_]
    faults: tuple[Fault, ...]
    record: Ints
    part: Ints


def normalise(table: pa.Table, *, record: Ints, part: Ints, options: Options) -> Normal:
    """Make events and persons of a table in the default layout.

    Parameters
    ----------
    table : pyarrow.Table
        Some of `schema.DEFAULT_COLUMNS`, as text; dates may be dates or timestamps too.
    record, part : numpy.ndarray of int
        Row by row: the number of the delivered row, and which of its events this is (0 if one).
    options : Options
        How the source writes things down.

    Returns
    -------
    Normal

    Raises
    ------
    UserError
        When a column is missing without which no row makes an event, or a date format is no good.

    Examples
    --------
    >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005-03"]})
    >>> one = np.array([1])
    >>> done = normalise(table, record=one, part=one - 1, options=Options("gp", "gp.csv"))
    >>> done.delivered["start_max"].to_pylist()
    [datetime.date(2005, 3, 31)]
    """
    _check(table, REQUIRED_COLUMNS, options)
    record, part = np.asarray(record, np.int64), np.asarray(part, np.int64)
    tally = Tally(record, options)
    columns = _words_and_texts(table, tally)
    columns.update(days_of(table, columns["kind"], tally, options))
    kept = np.flatnonzero(~tally.rejected)
    full = pa.table(columns)
    delivered = full if kept.size == record.size else full.take(pa.array(kept))
    persons = particulars_of(table, columns["person"], tally, options)
    origin = pa.table(
        {
            "source": cells.constant(options.source, kept.size),
            "record": record[kept],
            "part": part[kept],
            "ordered": np.full(kept.size, options.ordered),
            **({"status": columns["status"].take(pa.array(kept))} if "status" in columns else {}),
            **{
                name: cells.lists(table.column(name)).take(pa.array(kept))
                for name in ("after", "before")
                if name in table.column_names
            },
        }
    )
    return Normal(
        conform(delivered, HELD),
        conform(origin, ORIGIN),
        persons,
        tally.rejected,
        tally.codes,
        tuple(tally.faults),
        record,
        part,
    )


def persons(table: pa.Table, *, record: Ints, options: Options) -> Normal:
    """Make persons only, of rows that tell who somebody is and make no event.

    Parameters
    ----------
    table : pyarrow.Table
        `person` and some of `birth`, `sex`, `municipality`, `district`.
    record : numpy.ndarray of int
        Row by row, the number of the delivered row.
    options : Options
        How the source writes things down.

    Returns
    -------
    Normal
        Without events; a row without a key is rejected.

    Examples
    --------
    >>> table = pa.table({"person": ["a", "a"], "birth": ["1989-05-01", "1989-05-01"]})
    >>> persons(table, record=np.array([1, 2]), options=Options("p", "p.csv")).persons.num_rows
    1
    """
    _check(table, ("person",), options)
    record = np.asarray(record, np.int64)
    tally = Tally(record, options)
    keys = cells.keys(table.column("person"))
    tally.add("missing_value", "person", cells.missing(keys), reject=True)
    found = particulars_of(table, keys, tally, options)
    return Normal(
        HELD.empty_table(),
        ORIGIN.empty_table(),
        found,
        tally.rejected,
        tally.codes,
        tuple(tally.faults),
        record,
        np.zeros_like(record),
    )


def _check(table: pa.Table, required: Sequence[str], options: Options) -> None:
    """All that makes a table as a whole useless, at once."""
    present = set(table.column_names)
    faults = [
        fault("missing_column", options.file, column=options.columns.get(name, name))
        for name in required
        if name not in present
    ]
    faults.extend(
        fault("unused_column", options.file, column=options.columns.get(column.name, column.name))
        for column in table.schema
        if column.name in DEFAULT_COLUMNS and _unreadable(column)
    )
    try:
        check_formats(options.date_formats)
    except ValueError as error:
        faults.append(fault("bad_layout", options.file, detail=str(error)))
    if faults:
        raise UserError(faults)


def _unreadable(column: pa.Field) -> bool:
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return column.name not in _MANY_IN_ONE or pa.types.is_nested(column.type.value_type)
    return pa.types.is_nested(column.type) or cells.holds_bytes(column.type)


def _words_and_texts(table: pa.Table, tally: Tally) -> dict[str, Any]:
    """All columns but the days."""
    columns: dict[str, Any] = {"person": cells.keys(table.column("person"))}
    present = [name for name in DEFAULT_COLUMNS if name in table.column_names]
    for name in (*_NAMES, *_OPEN_WORDS):
        if name in present:
            columns[name] = cells.names(table.column(name), lower=name in _OPEN_WORDS)
    if "care_id" in present:
        columns["care_id"] = cells.texts(table.column("care_id"))
    columns.update({name: cells.keys(table.column(name)) for name in SAID if name in present})
    if "shared_with" in present:
        columns["shared_with"] = cells.lists(table.column("shared_with"))
    for name in ("person", "agency"):
        tally.add("missing_value", name, cells.missing(columns[name]), reject=True)
    return columns | codes_of(table, tally)
