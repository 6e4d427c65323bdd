"""Of each youth: its id, and what its records together say of birth, sex and place."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from levensloop.arrays import codes, dates, names_in
from levensloop.arrow import nullable
from levensloop.nodes import Nodes
from levensloop.schema import YOUTHS, conform
from levensloop.sorting import distinct_rows
from levensloop.spans import NO_DAY, Ints, best

_TEXTS: Final = ("sex", "municipality", "district")


def numbered(label: Ints, nodes: Nodes) -> tuple[list[str], Ints]:
    """The ids of the youths in alphabetical order, and the place among them of each node's youth.

    An id is the least key of the cluster. Where a key belongs to two youths, recycled by a source or
    used by two that number for themselves, the first keeps it and the next gets ``~2`` behind it.

    Parameters
    ----------
    label : array
        The least node of the cluster of each node.
    nodes : Nodes

    Returns
    -------
    ids : list of str
    youth : array
    """
    (heads,), cluster = distinct_rows([label])
    person = nodes.person[heads]
    ids: list[str] = nodes.persons.take(pa.array(person)).to_pylist()
    again = np.flatnonzero(person[1:] == person[:-1]) + 1
    taken: set[str] = set(nodes.persons.to_pylist()) if again.size else set()
    for place in again.tolist():
        key, count = ids[place], 2
        while f"{key}~{count}" in taken:
            count += 1
        ids[place] = f"{key}~{count}"
        taken.add(ids[place])
    if not again.size:
        return ids, cluster
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.empty(len(ids), np.int64)
    place[order] = np.arange(len(ids))
    return [ids[row] for row in order], place[cluster]


def youths(nodes: Nodes, youth: Ints, ids: Sequence[str]) -> pa.Table:
    """One row per youth: bounds of birth that all records allow, or that any gives if none fit all."""
    size = len(ids)
    told = nodes.birth_min != NO_DAY
    who, low, high = youth[told], nodes.birth_min[told], nodes.birth_max[told]
    latest_low = best(who, low, size, least=False, empty=NO_DAY)
    least_high = best(who, high, size, least=True, empty=NO_DAY)
    clash = latest_low > least_high
    bounds = {
        "birth_min": np.where(clash, best(who, low, size, least=True, empty=NO_DAY), latest_low),
        "birth_max": np.where(clash, best(who, high, size, least=False, empty=NO_DAY), least_high),
    }
    columns: dict[str, pa.Array | pa.ChunkedArray] = {"youth": pa.array(ids, pa.string())}
    for name, value in bounds.items():
        columns[name] = dates(value)
    for name in _TEXTS:
        columns[name] = _most_told(nodes.table.column(name), youth, size)
    return conform(pa.table(columns), YOUTHS).drop_columns(["observed_from", "observed_until"])


def _most_told(column: pa.ChunkedArray, youth: Ints, size: int) -> pa.DictionaryArray:
    """The value given most often for each youth; of equals the first of the alphabet."""
    names = names_in(column)
    code = codes(column, names)
    told = code >= 0
    width = max(len(names), 1)
    pair, count = np.unique(youth[told] * width + code[told], return_counts=True)
    order = np.lexsort((-pair, count))
    most = np.full(size, -1, np.int64)
    most[pair[order] // width] = pair[order] % width
    return pa.DictionaryArray.from_arrays(
        nullable(most.astype(np.int32), most < 0), pa.array(names, pa.string())
    )
