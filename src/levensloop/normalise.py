"""From a table in the default layout to events and persons with bounds, words and faults.

Every row has one fate: it makes an event, or it is rejected with a code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import cells
from levensloop.dates import FAULTS, PRECISIONS, Bounds, check_formats, parse
from levensloop.errors import Fault, UserError, fault
from levensloop.schema import (
    DEFAULT_COLUMNS,
    DELIVERED,
    ORIGIN,
    PERSONS,
    REQUIRED_COLUMNS,
    conform,
    vocabulary,
    words,
)

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
#: Columns with a closed list of words, and that list.
_LISTS: Final = {
    "kind": "kinds",
    "sector": "sectors",
    "initiative": "initiatives",
    "reason": "reasons",
    "about": "abouts",
    "capacity": "capacities",
}
_REJECTING: Final = ("kind", "sector")
_IF_EMPTY: Final = {"sector": "other", "about": "youth"}
_OPEN_WORDS: Final = ("care_type", "problem")
_NAMES: Final = ("agency", "to_agency")
_FREE: Final = ("care_id", "what", "why", "by_whom", "result")
_PERSON: Final = ("sex", "municipality", "district")
_SHORT: Final = 40
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Options:
    """How a source writes things down.

    Parameters
    ----------
    source, file : str
        The name of the source, and the file that faults name.
    end_exclusive : bool
        Whether an end is the first day after rather than the last day.
    unknown_end : bool
        Whether an empty end means "ended, not known when" rather than "open".
    date_formats : sequence of str
        See `dates.parse`.
    columns : mapping of str to str
        From a default column to the name by which faults call it.

    Examples
    --------
    >>> Options("ggz", "ggz.csv", date_formats=("%d-%m-%Y",)).end_exclusive
    False
    """

    source: str
    file: str
    end_exclusive: bool = False
    unknown_end: bool = False
    date_formats: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])

    def fault(self, code: str, column: str, rows: Ints, detail: str = "") -> Fault:
        """One fault for all `rows` (their record numbers) of a default column."""
        name = self.columns.get(column, column)
        return fault(code, self.file, row=int(rows.min()), column=name, detail=detail, count=int(rows.size))


@dataclass(frozen=True, slots=True)
class Normal:
    """What became of a table.

    Parameters
    ----------
    delivered : pyarrow.Table
        The events of the accepted rows (`schema.DELIVERED`), in the order of the rows.
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


class _Ledger:
    """Collects the faults of a table, and for which of them a row is rejected."""

    def __init__(self, record: Ints, options: Options) -> None:
        self.record, self._options = record, options
        self.codes: npt.NDArray[np.object_] = np.full(record.size, None, object)
        self.rejected: Mask = np.zeros(record.size, bool)
        self.faults: list[Fault] = []

    def add(self, code: str, column: str, rows: Mask, *, reject: bool, detail: str = "") -> None:
        if not rows.any():
            return
        self.faults.append(self._options.fault(code, column, self.record[rows], detail))
        if reject:
            self.codes[rows & ~self.rejected] = code
            self.rejected |= rows

    def add_dates(self, column: str, bounds: Bounds, *, reject: bool) -> None:
        for place, code in enumerate(FAULTS):
            self.add(code, column, bounds.faults == place, reject=reject)


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
    ledger = _Ledger(record, options)
    columns = _words_and_texts(table, ledger)
    columns.update(_days(table, columns["kind"], ledger, options))
    kept = np.flatnonzero(~ledger.rejected)
    full = pa.table(columns)
    delivered = full if kept.size == record.size else full.take(pa.array(kept))
    persons = _persons(table, columns["person"], ledger, options)
    origin = pa.table(
        {"source": _constant(options.source, kept.size), "record": record[kept], "part": part[kept]}
    )
    return Normal(
        _delivered(delivered, options.source, record[kept], part[kept]),
        conform(origin, ORIGIN),
        persons,
        ledger.rejected,
        ledger.codes,
        tuple(ledger.faults),
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
    ledger = _Ledger(record, options)
    keys = cells.texts(table.column("person"))
    ledger.add("missing_value", "person", _missing(keys), reject=True)
    found = _persons(table, keys, ledger, options)
    return Normal(
        DELIVERED.empty_table(),
        ORIGIN.empty_table(),
        found,
        ledger.rejected,
        ledger.codes,
        tuple(ledger.faults),
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
        if pa.types.is_nested(column.type) and column.name in DEFAULT_COLUMNS and column.name != "shared_with"
    )
    try:
        check_formats(options.date_formats)
    except ValueError as error:
        faults.append(fault("bad_layout", options.file, detail=str(error)))
    if faults:
        raise UserError(faults)


def _words_and_texts(table: pa.Table, ledger: _Ledger) -> dict[str, Any]:
    """All columns but the days."""
    columns: dict[str, Any] = {"person": cells.texts(table.column("person"))}
    present = [name for name in DEFAULT_COLUMNS if name in table.column_names]
    for name in (*_NAMES, *_OPEN_WORDS):
        if name in present:
            columns[name] = cells.names(table.column(name), lower=name in _OPEN_WORDS)
    columns.update({name: cells.texts(table.column(name)) for name in _FREE if name in present})
    if "shared_with" in present:
        columns["shared_with"] = cells.lists(table.column("shared_with"))
    for name in ("person", "agency"):
        ledger.add("missing_value", name, _missing(columns[name]), reject=True)
    for name in _LISTS:
        if name in present:
            columns[name] = _coded(name, cells.names(table.column(name), lower=True), ledger)
        elif name in _IF_EMPTY:
            columns[name] = _constant(_IF_EMPTY[name], table.num_rows)
    return columns


def _coded(name: str, column: pa.Array, ledger: _Ledger) -> pa.Array:
    """The words of a closed list; of others the fault, and `other` where the list has it."""
    known = words(_LISTS[name])
    if name == "kind":
        ledger.add("missing_value", name, _missing(column), reject=True)
    if name in _IF_EMPTY:
        column = _filled(column, _IF_EMPTY[name])
    values = column.dictionary
    strange = ~pc.is_in(values, pa.array(known)).to_numpy(zero_copy_only=False)
    if not strange.any():
        return column
    indices = pc.fill_null(column.indices, len(values)).to_numpy()
    rows = np.append(strange, [False])[indices]
    detail = _shown(values.filter(pa.array(strange)).to_pylist())
    ledger.add("unknown_code", name, rows, reject=name in _REJECTING, detail=detail)
    other = "other" if "other" in known and name not in _REJECTING else None
    return cells.recoded(column, pc.if_else(pa.array(strange), pa.scalar(other, pa.string()), values))


def _filled(column: pa.Array, word: str) -> pa.Array:
    """Put `word` in empty cells."""
    if not column.null_count:
        return column
    values = pa.concat_arrays([column.dictionary, pa.array([word])])
    indices = pc.fill_null(column.indices, len(column.dictionary))
    return cells.recoded(pa.DictionaryArray.from_arrays(indices, values), values)


def _shown(strange: list[str]) -> str:
    """A few unknown words, if they are short enough to be codes and no free text."""
    short = sorted(word for word in strange if len(word) <= _SHORT)[:_SHOWN]
    more = len(strange) - len(short)
    return ", ".join([f"'{word}'" for word in short] + ([f"{more:,} more"] if more else []))


def _missing(column: pa.Array) -> Mask:
    return column.is_null().to_numpy(zero_copy_only=False)


def _constant(word: str, length: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(length, np.int32)), pa.array([word]))


def _kind_mask(kind: pa.Array, kinds: Sequence[str]) -> Mask:
    wanted = pc.is_in(kind.dictionary, pa.array(kinds, pa.string())).to_numpy(zero_copy_only=False)
    indices = pc.fill_null(kind.indices, len(kind.dictionary)).to_numpy()
    return np.append(wanted, [False])[indices]


@cache
def _lasting() -> tuple[str, ...]:
    """The kinds that are an episode by themselves, so that an empty end says something."""
    kinds = vocabulary()["kinds"].items()
    return tuple(kind for kind, entry in kinds if entry.get("role", "wait") != "wait" and "edge" not in entry)


@cache
def _endings() -> tuple[str, ...]:
    return tuple(kind for kind, entry in vocabulary()["kinds"].items() if entry.get("edge") == "end")


def _days(table: pa.Table, kind: pa.Array, ledger: _Ledger, options: Options) -> dict[str, Any]:
    """The four bounds and the precision of every row, with the faults in its dates."""
    start = parse(table.column("start"), options.date_formats)
    ledger.add("missing_value", "start", ~start.valid & (start.faults < 0), reject=True)
    ledger.add_dates("start", start, reject=True)
    if options.end_exclusive:
        # The date of an ending is the first day without; the tables hold the last day with.
        ends = _kind_mask(kind, _endings())
        start.min[ends] -= 1
        start.max[ends] -= 1
    end, is_open = _ends(table, options)
    ledger.add_dates("end", end, reject=True)
    after = 0 if options.end_exclusive else 1
    end_min, end_max, ended = end.min + after, end.max + after, end.valid.copy()
    ledger.add("end_before_start", "end", ended & start.valid & (end_max <= start.min), reject=True)
    start_max = np.where(ended, np.minimum(start.max, end_max - 1), start.max)
    end_min = np.maximum(end_min, start.min + 1)
    some_end = ended
    if options.unknown_end:
        some_end = ended | (~is_open & _kind_mask(kind, _lasting()))
        end_min = np.where(ended, end_min, start.min + 1)
    precision = np.maximum(np.maximum(start.precision, end.precision), 0).astype(np.int32)
    return {
        "start_min": _dates(start.min),
        "start_max": _dates(start_max),
        "end_min": _dates(end_min, some_end),
        "end_max": _dates(end_max, ended),
        "precision": pa.DictionaryArray.from_arrays(pa.array(precision), pa.array(PRECISIONS)),
    }


def _ends(table: pa.Table, options: Options) -> tuple[Bounds, Mask]:
    """The ends, and the rows that say in so many words (``..``) that there is none yet."""
    is_open = np.zeros(table.num_rows, bool)
    if "end" not in table.column_names:
        return Bounds.empty(table.num_rows), is_open
    column = table.column("end")
    if not pa.types.is_temporal(column.type):
        column = cells.names(column)
        is_open = _kind_mask(column, ("..",))
        if is_open.any():
            values = column.dictionary
            column = cells.recoded(column, pc.if_else(pc.equal(values, ".."), "", values))
    return parse(column, options.date_formats), is_open


def _dates(days: npt.NDArray[np.int32], known: Mask | None = None) -> pa.Array:
    missing = None if known is None else ~known
    return pa.array(days.astype(np.int32, copy=False), mask=missing).view(pa.date32())


def _delivered(table: pa.Table, source: str, record: Ints, part: Ints) -> pa.Table:
    """Add what tells the events apart, and where they come from."""
    record_names = pc.binary_join_element_wise(source, pa.array(record).cast(pa.string()), ":")
    events = record_names
    if part.any():
        numbered = pc.binary_join_element_wise(record_names, pa.array(part).cast(pa.string()), ".")
        events = pc.if_else(pa.array(part > 0), numbered, record_names)
    each = pa.array(np.arange(record.size + 1, dtype=np.int32))
    none = pa.array(np.zeros(record.size + 1, np.int32))
    table = table.append_column("event", events)
    table = table.append_column("sources", pa.ListArray.from_arrays(each, record_names))
    table = table.append_column("disputed", pa.ListArray.from_arrays(none, pa.array([], pa.string())))
    return conform(table, DELIVERED)


def _persons(table: pa.Table, keys: pa.Array, ledger: _Ledger, options: Options) -> pa.Table:
    """One row per key and set of particulars, with the first record that says so."""
    size = table.num_rows
    birth = Bounds.empty(size)
    if "birth" in table.column_names:
        birth = parse(table.column("birth"), options.date_formats)
        ledger.add_dates("birth", birth, reject=False)
    columns: dict[str, Any] = {
        "person": keys,
        "birth_min": _dates(birth.min, birth.valid),
        "birth_max": _dates(birth.max, birth.valid),
        "record": ledger.record,
    }
    columns.update({name: cells.names(table.column(name)) for name in _PERSON if name in table.column_names})
    rows = pa.table(columns).filter(pa.array(~ledger.rejected))
    by = [name for name in columns if name != "record"]
    found = rows.group_by(by, use_threads=False).aggregate([("record", "min")])
    found = found.rename_columns(
        [name.removesuffix("_min") if name == "record_min" else name for name in found.column_names]
    )
    found = found.take(pc.sort_indices(found, [("record", "ascending")]))
    return conform(found.append_column("source", _constant(options.source, found.num_rows)), PERSONS)
