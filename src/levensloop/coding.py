"""Words of closed lists, as they are delivered: known, unknown or missing."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import cells
from levensloop.arrow import filled, numbers
from levensloop.options import Tally
from levensloop.schema import NAME_COLUMNS, words

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
#: What may be a code: without spaces and long numbers.
_CODE_LIKE: Final = re.compile(r"(?!.*\d{5})\S{1,20}")
_SHOWN: Final = 5
_MANY: Final = 20


def codes_of(table: pa.Table, tally: Tally) -> dict[str, pa.Array]:
    """The columns with a closed list of words, as codes. Where none is told a sector is `other`, and it is about the youth.

    Examples
    --------
    >>> from levensloop.options import Options
    >>> tally = Tally(np.array([1, 2]), Options("gp", "gp.csv"))
    >>> codes = codes_of(pa.table({"kind": ["Care", "hug"]}), tally)
    >>> {name: column.to_pylist() for name, column in codes.items()}
    {'kind': ['care', None], 'sector': ['other', 'other'], 'about': ['youth', 'youth']}
    >>> [(one.code, one.row) for one in tally.faults]
    [('unknown_code', 2)]
    """
    columns: dict[str, pa.Array] = {}
    for name in _LISTS:
        if name in table.column_names:
            columns[name] = _coded(name, cells.names(table.column(name), lower=True), tally, table)
        elif name in _IF_EMPTY:
            columns[name] = cells.constant(_IF_EMPTY[name], table.num_rows)
    return columns


def _coded(name: str, column: pa.Array, tally: Tally, table: pa.Table) -> pa.Array:
    """The words of a closed list; of others the fault, and `other` where the list has it."""
    known = words(_LISTS[name])
    if name == "kind":
        tally.add("missing_value", name, cells.missing(column), reject=True)
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
