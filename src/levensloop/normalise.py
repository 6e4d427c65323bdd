"""From a table in the default layout to events and persons with bounds, words and faults.

Every row has one fate: it makes an event, or it is rejected with a code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import cells
from levensloop.arrays import days
from levensloop.arrow import filled, numbers
from levensloop.dates import Bounds, check_formats, parse
from levensloop.days import dates, days_of
from levensloop.errors import Fault, UserError, fault
from levensloop.options import Ints, Mask, Options, Tally
from levensloop.schema import (
    DEFAULT_COLUMNS,
    HELD,
    NAME_COLUMNS,
    ORIGIN,
    PERSONS,
    REQUIRED_COLUMNS,
    SAID,
    conform,
    words,
)
from levensloop.sorting import numbered, order_of

__all__ = ["Normal", "Options", "normalise", "persons"]

#: Columns with a closed list of words, and that list.
_LISTS: Final = {
    "kind": "kinds",
    "sector": "sectors",
    "initiative": "initiatives",
    "reason": "reasons",
    "about": "abouts",
    "capacity": "capacities",
    "status": "statuses",
}
_REJECTING: Final = ("kind", "sector", "status")
_IF_EMPTY: Final = {"sector": "other", "about": "youth"}
_OPEN_WORDS: Final = ("care_type", "problem")
_NAMES: Final = ("agency", "to_agency")
_PERSON: Final = ("sex", "municipality", "district", *NAME_COLUMNS)
_CODE_LIKE: Final = re.compile(r"(?!.*\d{5})\S{1,20}")
_MANY_IN_ONE: Final = ("shared_with", "after", "before")
_SHOWN: Final = 5
_MANY: Final = 20


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
    persons = _persons(table, columns["person"], tally, options)
    origin = pa.table(
        {
            "source": _constant(options.source, kept.size),
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
    tally.add("missing_value", "person", _missing(keys), reject=True)
    found = _persons(table, keys, tally, options)
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
        tally.add("missing_value", name, _missing(columns[name]), reject=True)
    for name in _LISTS:
        if name in present:
            columns[name] = _coded(name, cells.names(table.column(name), lower=True), tally, table)
        elif name in _IF_EMPTY:
            columns[name] = _constant(_IF_EMPTY[name], table.num_rows)
    return columns


def _coded(name: str, column: pa.Array, tally: Tally, table: pa.Table) -> pa.Array:
    """The words of a closed list; of others the fault, and `other` where the list has it."""
    known = words(_LISTS[name])
    if name == "kind":
        tally.add("missing_value", name, _missing(column), reject=True)
    if name in _IF_EMPTY:
        column = _filled(column, _IF_EMPTY[name])
    values = column.dictionary
    strange = ~numbers(pc.is_in(values, pa.array(known, pa.string())))
    if not strange.any():
        return column
    place = filled(column.indices)
    rows = np.append(strange, False)[place]
    # A file may hold words of rows that were left out of it.
    there = np.bincount(place + 1, minlength=len(values) + 1)[1:] > 0
    detail = _shown(values.filter(pa.array(strange & there)).to_pylist(), table, tally.options.keys)
    tally.add("unknown_code", name, rows, reject=name in _REJECTING, detail=detail)
    other = "other" if "other" in known and name not in _REJECTING else None
    return cells.recoded(column, pc.if_else(pa.array(strange), pa.scalar(other, pa.string()), values))


def _filled(column: pa.Array, word: str) -> pa.Array:
    """Put `word` in empty cells."""
    if not column.null_count:
        return column
    values = pa.concat_arrays([column.dictionary, pa.array([word], pa.string())])
    indices = pc.fill_null(column.indices, len(column.dictionary))
    return cells.recoded(pa.DictionaryArray.from_arrays(indices, values), values)


def _shown(strange: list[str], table: pa.Table, keys: Sequence[pa.Array]) -> str:
    """A few unknown words, as far as they look like codes: no free text, and nothing that tells who it is."""
    codes = [] if len(strange) > _MANY else [word for word in strange if _CODE_LIKE.fullmatch(word)]
    if codes:  # in a file with shifted columns a key stands where a code is looked for
        about = [table.column(name) for name in ("person", *NAME_COLUMNS) if name in table.column_names]
        telling = (cells.names(column, lower=True).dictionary.to_pylist() for column in (*about, *keys))
        codes = list(set(codes).difference(*telling))
    shown = sorted(codes)[:_SHOWN]
    more = len(strange) - len(shown)
    counted = [f"{more:,} {'more' if shown else 'different'}"] if more else []
    return ", ".join([f"'{word}'" for word in shown] + counted)


def _missing(column: pa.Array) -> Mask:
    return numbers(column.is_null())


def _constant(word: str, length: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(length, np.int32)), pa.array([word], pa.string()))


def _persons(table: pa.Table, keys: pa.Array, tally: Tally, options: Options) -> pa.Table:
    """One row per key and set of particulars, with the first record that says so."""
    size = table.num_rows
    birth = Bounds.empty(size)
    if "birth" in table.column_names:
        birth = parse(table.column("birth"), options.date_formats)
        tally.add_dates("birth", birth, reject=False)
    columns: dict[str, Any] = {
        "person": keys,
        "birth_min": dates(birth.min, birth.valid),
        "birth_max": dates(birth.max, birth.valid),
        "record": tally.record,
    }
    columns.update({name: cells.names(table.column(name)) for name in _PERSON if name in table.column_names})
    rows = pa.table(columns)
    rows = rows.filter(pa.array(~tally.rejected)) if tally.rejected.any() else rows
    keys_of = {name: _keys(rows.column(name)) for name in columns}
    earlier = order_of([keys_of.pop("record")])
    said, firsts = _said(keys_of, earlier)
    new = np.zeros(earlier.size, bool)
    new[firsts] = True
    first = earlier[new[earlier]]
    found = rows.take(pa.array(first))
    several = np.bincount(keys_of["person"][first], minlength=1)[keys_of["person"][first]] > 1
    if several.any():  # they may be two persons
        found = found.append_column("records", _records(rows.column("record"), said, said[first], several))
    return conform(found.append_column("source", _constant(options.source, found.num_rows)), PERSONS)


def _said(keys: dict[str, Ints], earlier: Ints) -> tuple[Ints, Ints]:
    """A number for what each row says, and for each number the first row in the order of `earlier`, if any.

    Most sources say one thing of each person: then the key itself is such a number.
    """
    said = keys["person"]
    firsts = _first_of(said, earlier)
    same = firsts[said]
    if not all(np.array_equal(key, key[same]) for name, key in keys.items() if name != "person"):
        said = numbered(list(keys.values()))
        firsts = _first_of(said, earlier)
    return said, firsts[firsts >= 0]


def _first_of(said: Ints, earlier: Ints) -> Ints:
    """The first row with each number in an order of rows; -1 for a number without rows."""
    first = np.full(int(said.max(initial=-1)) + 1, -1, np.int64)
    first[said[earlier[::-1]]] = earlier[::-1]  # the last written is the first
    return first


def _keys(column: pa.ChunkedArray) -> Ints:
    """A number per row, equal where the values are; pyarrow's own grouping would load pyarrow.dataset."""
    if pa.types.is_integer(column.type):
        return numbers(column).astype(np.int64)
    if pa.types.is_date(column.type):
        return days(column)
    array = cells.one(column)
    array = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    return filled(array.indices).astype(np.int64) + 1


def _records(record: pa.ChunkedArray, said: Ints, sets: Ints, several: Mask) -> pa.ListArray:
    """All records that say each of the sets of particulars; null where a key has no other set."""
    place = np.full(int(said.max()) + 1, sets.size)
    place[sets[several]] = np.flatnonzero(several)
    row = np.argsort(place[said], kind="stable")
    counts = np.bincount(place[said], minlength=sets.size + 1)[:-1]
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    values = record.combine_chunks().take(pa.array(row[: ends[-1]]))
    return pa.ListArray.from_arrays(pa.array(ends), values, mask=pa.array(~several))
