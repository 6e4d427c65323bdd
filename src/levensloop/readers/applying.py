"""Apply a layout: delivered rows become rows of the default layout, one or several each.

All of it is done on columns; codes and aliases are looked up once for each distinct value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrow import filled, numbers
from levensloop.cells import constant, encoded, lists, recoded
from levensloop.errors import Fault, fault
from levensloop.readers.checking import closest
from levensloop.readers.layouts import EventLayout, TableLayout
from levensloop.readers.raw import Raw
from levensloop.schema import DEFAULT_COLUMNS, PERSON_COLUMNS, REQUIRED_COLUMNS

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
#: Without one of these a fact would be another fact, so the file is not used.
_DECISIVE: Final = (*REQUIRED_COLUMNS, "end", "about")
_NAMES: Final = ("agency", "to_agency", "shared_with")


@dataclass(frozen=True)
class Applied:
    """Rows in the default layout.

    Parameters
    ----------
    table : pyarrow.Table
        A row an event; None if the file cannot be used.
    rows : numpy.ndarray
        Row by row of `table`: the index of the delivered row.
    part : numpy.ndarray
        Row by row: which of the events of the delivered row; 0 if it makes one.
    columns : mapping
        From default column to the name in the file.
    faults : tuple of Fault
        Columns that are missing, and those of the default layout that are there twice.
    """

    table: pa.Table | None
    rows: Ints
    part: Ints
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    faults: tuple[Fault, ...] = ()


def columns_for(targets: Sequence[str], table: TableLayout, rows: pa.Table) -> list[str]:
    """The columns of a file from which default columns are made, such as those that hold keys of persons."""
    found = [_resolved(event, table, rows.column_names)[0] for event in table.events]
    return sorted({names[target] for names in found for target in targets if target in names})


def usable_rows(raw: Raw) -> tuple[Mask, Mask]:
    """Which rows can be used, and which hold nothing at all."""
    blank = np.ones(raw.rows.num_rows, bool)
    for column in raw.rows.columns:
        blank &= ~_filled(column)
        if not blank.any():
            break
    good = ~blank
    good[list(raw.rejects)] = False
    blank[list(raw.rejects)] = False
    return good, blank


def apply(rows: pa.Table, good: Mask, table: TableLayout, file: str) -> Applied:
    """Make rows of the default layout.

    Parameters
    ----------
    rows : pyarrow.Table
        As delivered.
    good : numpy.ndarray of bool
        Which of them can be used.
    table : TableLayout
        How they are laid out.
    file : str
        What faults call the file.
    """
    none = np.array([], np.int64)
    faults: dict[tuple[str, str], Fault] = {}
    pieces: list[tuple[pa.Table, dict[str, str]]] = []
    for event in table.events:
        names, missing = _resolved(event, table, rows.column_names)
        required = ("person",) if table.persons_only else REQUIRED_COLUMNS
        unnamed = [name for name in required if name not in names and name not in event.constants]
        for target, name in [*missing.items(), *((name, name) for name in unnamed if name not in missing)]:
            faults[target, name] = _missing(file, target, name, rows.column_names, table)
        if not any(target in _decisive(table) for target in [*missing, *unnamed]):
            pieces.append((_piece(rows, event, names, table), names))
        if table.default:
            guessed = [name for target, name in names.items() if target not in event.columns]
            faults |= {("", name): _double(file, name) for name in _twice(guessed, rows.column_names)}
    if len(pieces) < len(table.events):
        return Applied(None, none, none, {}, tuple(faults.values()))
    joined, index, part = _join([piece for piece, _ in pieces], good)
    return Applied(joined, index, part, _labels([names for _, names in pieces]), tuple(faults.values()))


def _decisive(table: TableLayout) -> Sequence[str]:
    return ("person",) if table.persons_only else _DECISIVE


def _resolved(
    event: EventLayout, table: TableLayout, present: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """From default column to the column in the file: those that are there, and those that are not."""
    plain = {_plain(name): name for name in reversed(present)}
    found: dict[str, str] = {}
    missing: dict[str, str] = {}
    for target, name in event.columns.items():
        real = name if name in present else plain.get(_plain(name))
        if real is None:
            missing[target] = name
        else:
            found[target] = real
    if table.default:
        names = {
            name: plain[name] for name in DEFAULT_COLUMNS if name in plain and name not in event.constants
        }
        found = {**names, **found}
    return found, missing


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _twice(names: Sequence[str], present: Sequence[str]) -> list[str]:
    """Those of some columns beside which another has the same name, numbered by the reader or not."""
    plain = [_plain(name).removesuffix(" (2)") for name in present]
    return [name for name in names if plain.count(_plain(name)) > 1]


def _double(file: str, name: str) -> Fault:
    return fault("duplicate_column", file, column=name, detail="the first was read")


def _missing(file: str, target: str, name: str, present: Sequence[str], table: TableLayout) -> Fault:
    """The names that are there are shown only if they are alike: without a header they are data."""
    hint = closest(name, present)
    if not hint and table.default:
        hint = "give the file a layout; `levensloop layout FILE` proposes one"
    elif not hint:
        hint = f"name the column for {target} in the layout, or give its value under [constants]"
    message = "the column is missing"
    if target in _decisive(table):
        message += ", and without it no row of this file can be used"
    return Fault(file, None, name, "missing_column", message, hint)


def _piece(rows: pa.Table, event: EventLayout, names: Mapping[str, str], table: TableLayout) -> pa.Table:
    """The rows as one of their events."""
    columns: dict[str, Any] = {}
    for target in DEFAULT_COLUMNS:
        if table.persons_only and target not in PERSON_COLUMNS:
            continue
        if target in names:
            columns[target] = _translated(rows.column(names[target]), target, event)
        elif target in event.constants:
            columns[target] = constant(event.constants[target], rows.num_rows)
    return pa.table(columns)


def _translated(column: pa.ChunkedArray, target: str, event: EventLayout) -> "pa.Array | pa.ChunkedArray":
    """A column with its codes and its aliases replaced."""
    codes = _plain_keys(event.codes.get(target, {}))
    alias = _plain_keys(event.aliases.get("agency", {})) if target in _NAMES else {}
    alias |= _plain_keys(event.aliases.get(target, {}))
    if target == "shared_with" and (codes or alias):
        return _each(lists(column), {**alias, **codes})
    result: pa.Array | pa.ChunkedArray = column
    for words in (codes, alias):
        if words:
            result = _looked_up(encoded(result), words)
    return result


def _plain_keys(words: Mapping[str, str]) -> dict[str, str]:
    return {_plain(key): word for key, word in words.items()}


def _looked_up(codes: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Each distinct value through `words`, whatever its case; another stays as it is."""
    values = codes.dictionary.to_pylist()
    new = [None if value is None else words.get(_plain(value), value) for value in values]
    return recoded(codes, pa.array(new, pa.string()))


def _each(column: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Lists of names, each name through `words`."""
    filled = pc.fill_null(column, pa.scalar([], column.type))
    items = _looked_up(encoded(filled.flatten()), words).cast(pa.string())
    return pa.ListArray.from_arrays(filled.offsets, items, mask=column.is_null())


def _join(pieces: Sequence[pa.Table], good: Mask) -> tuple[pa.Table, Ints, Ints]:
    """The events of all rows, in the order of the rows; a row without any start stays one event."""
    if len(pieces) == 1:
        rows = np.flatnonzero(good)
        whole = pieces[0] if good.all() else pieces[0].filter(pa.array(good))
        return whole, rows, np.zeros(rows.size, np.int64)
    masks = np.stack([_filled(piece.column("start")) & good for piece in pieces])
    count = masks.sum(axis=0)
    masks[0] |= good & (count == 0)
    number = np.where(count > 1, np.cumsum(masks, axis=0), 0)
    tables = [piece.filter(pa.array(mask)) for piece, mask in zip(pieces, masks, strict=True)]
    rows = np.concatenate([np.flatnonzero(mask) for mask in masks])
    part = np.concatenate([line[mask] for line, mask in zip(number, masks, strict=True)])
    joined = pa.concat_tables(_same_types(tables), promote_options="default")
    order = np.lexsort((part, rows))
    return joined.take(pa.array(order)), rows[order], part[order]


def _filled(column: pa.ChunkedArray) -> Mask:
    """Which cells hold more than white space."""
    if pa.types.is_date(column.type):
        return numbers(column.is_valid())
    if pa.types.is_dictionary(column.type):
        codes = encoded(column)
        told = np.append(_filled(pa.chunked_array([codes.dictionary])), False)
        return told[filled(codes.indices)]
    texts = column if pa.types.is_string(column.type) else column.cast(pa.string())
    return numbers(pc.fill_null(pc.match_substring_regex(texts, r"\S"), fill_value=False))


def _same_types(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """Tables whose columns can be put under one another: what differs becomes text."""
    kinds: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for field_ in table.schema:
            kinds.setdefault(field_.name, set()).add(field_.type)
    result: list[pa.Table] = []
    for table in tables:
        columns = [
            column
            if len(kinds[name]) == 1 and not pa.types.is_dictionary(column.type)
            else column.cast(pa.string())
            for name, column in zip(table.column_names, table.columns, strict=True)
        ]
        result.append(pa.table(columns, names=table.column_names))
    return result


def _labels(names: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What faults call a column: all its names, if the events of a row take it from several."""
    labels: dict[str, list[str]] = {}
    for mapping in names:
        for target, name in mapping.items():
            if name not in labels.setdefault(target, []):
                labels[target].append(name)
    return {target: " / ".join(found) for target, found in labels.items()}
