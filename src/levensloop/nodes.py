"""Who the delivered records tell of: the nodes that linking joins, and what tells them apart or the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import names
from levensloop.arrays import codes, days, names_in
from levensloop.arrow import filled, numbers
from levensloop.cells import encoded, one
from levensloop.clusters import Links
from levensloop.gathering import gathered
from levensloop.schema import PERSONS
from levensloop.sorting import order_of
from levensloop.spans import NO_DAY, Ints

#: What a key of linking may be made of.
KEYS: Final = (
    "person", "birth", "birth_swapped", "birth_month", "birth_year", "sex", "municipality", "district",
    "surname", "surname_part", "surname_sound", "given_names", "initial", "postcode", "postcode4",
)  # fmt: skip
#: Parts that are made of names: of which column, and how.
HOW: Final = {
    "surname": ("surname", names.surname),
    "surname_sound": ("surname", names.sound),
    "given_names": ("given_names", names.given),
    "initial": ("given_names", names.initial),
    "postcode": ("postcode", lambda text: names.postcode(text) if len(names.postcode(text)) > 4 else ""),  # noqa: PLR2004
    "postcode4": ("postcode", lambda text: names.postcode(text)[:4]),
}
_ROOM: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Nodes:
    """One node for each source, key and set of particulars, in an order that rests on content alone.

    Parameters
    ----------
    table : pyarrow.Table
        `schema.PERSONS`; the least key first.
    sources : sequence of str
    persons : pyarrow.Array
        The distinct sources and keys, in alphabetical order.
    source, person : arrays
        Their places, node by node.
    row : array
        The row of each node in the table that nodes were made of.
    birth_min, birth_max : arrays
        Days; `NO_DAY` where no birth is told.
    """

    table: pa.Table
    sources: Sequence[str]
    persons: pa.Array
    source: Ints
    person: Ints
    row: Ints
    birth_min: Ints
    birth_max: Ints

    @property
    def size(self) -> int:
        """The number of nodes."""
        return self.table.num_rows

    @property
    def own(self) -> Ints:
        """A number that is equal for the nodes of one key in one source."""
        return self.person * len(self.sources) + self.source

    def references(self, rows: Ints) -> pa.Array:
        """``source:record`` of the first record of some nodes."""
        told = (one(self.table.column(name)).take(pa.array(rows)) for name in ("source", "record"))
        source, record = (column.cast(pa.string()) for column in told)
        return pc.binary_join_element_wise(source, record, pa.scalar(":", pa.string()))


def nodes_of(persons: pa.Table) -> Nodes:
    """The nodes of a table of persons.

    Examples
    --------
    >>> table = pa.table({"source": ["b", "a"], "record": [1, 1], "person": ["y", "x"]})
    >>> from levensloop.schema import conform
    >>> nodes_of(conform(table, PERSONS)).person.tolist()
    [0, 1]
    """
    sources, person = names_in(persons.column("source")), encoded(persons.column("person"))
    by_name = pc.sort_indices(person.dictionary)
    keys = person.dictionary.take(by_name)
    place = np.empty(len(keys), np.int64)
    place[numbers(by_name)] = np.arange(len(keys))
    rank = {
        "source": codes(persons.column("source"), sources),
        "person": place[numbers(person.indices)],
    }
    told = [name for name in PERSONS.names if name not in ("source", "person", "record", "records")]
    for name in told:
        column = persons.column(name)
        if column.null_count < len(column):
            rank[name] = (
                _from_first(column) if pa.types.is_date32(column.type) else codes(column, names_in(column))
            )
    if "birth_max" in rank and np.array_equal(rank["birth_min"], rank["birth_max"]):
        del rank["birth_max"]
    order = order_of([rank[name] for name in ("person", "source", *told) if name in rank])
    table = gathered(persons, order)
    return Nodes(
        table,
        sources,
        keys,
        rank["source"][order],
        rank["person"][order],
        order,
        days(table.column("birth_min")),
        days(table.column("birth_max")),
    )


def _from_first(column: pa.ChunkedArray) -> Ints:
    """Days counted from the first of them, which is 1; 0 for null."""
    first: int = pc.min(column.cast(pa.int32())).as_py()
    return days(column, first - 1) - (first - 1)


def tied(nodes: Nodes, key: Sequence[str], *, score: float = 1, name: str = "", reach: int = 1) -> Links:
    """Links between the nodes that agree on every part of a key; an empty part ties nothing.

    Parameters
    ----------
    nodes : Nodes
    key : sequence of str
        Some of `KEYS`.
    score : float
        How sure the key is.
    name : str
        What the links are called; the parts of the key if not told.
    reach : int
        How many neighbours each node is tied to, in the order of nodes: one makes a chain of those
        that agree, and with more every pair of a small group is there.

    Examples
    --------
    >>> table = pa.table({"source": ["a"] * 3, "record": [1, 2, 3], "person": list("xyz"), "surname": ["Bos", "Smit", "BOS"]})
    >>> from levensloop.schema import conform
    >>> found = tied(nodes_of(conform(table, PERSONS)), ["surname"])
    >>> found.left.tolist(), found.right.tolist()
    ([0], [2])
    """
    node, number = _numbers(nodes, key)
    order = np.argsort(number, kind="stable")
    node, number = node[order], number[order]
    pairs = [
        np.stack([node[:-step], node[step:]], 1)[number[:-step] == number[step:]]
        for step in range(1, min(reach, node.size - 1) + 1)
    ]
    found = np.concatenate([np.empty((0, 2), np.int64), *pairs])
    found = found[found[:, 0] != found[:, 1]]
    found.sort(axis=1)
    size = found.shape[0]
    by = np.zeros(size, np.int64)
    return Links(found[:, 0], found[:, 1], np.full(size, float(score)), by, [name or "+".join(key)])


def _numbers(nodes: Nodes, key: Sequence[str]) -> tuple[Ints, Ints]:
    """Nodes and a number that is equal where the key is; a node of several surnames stands several times."""
    node, number = np.arange(nodes.size), np.zeros(nodes.size, np.int64)
    for name in key:
        if name == "surname_part":
            place, code = _parts(nodes)
            counts = np.bincount(place, minlength=nodes.size)
            starts = np.cumsum(counts) - counts
            times = counts[node]
            first = np.repeat(starts[node] - (np.cumsum(times) - times), times)
            code = code[np.arange(times.sum()) + first]
            node, number = np.repeat(node, times), np.repeat(number, times)
        else:
            code = part(nodes, name)[node]
        told = code >= 0
        node, number, code = node[told], number[told], code[told]
        width = int(code.max(initial=0)) + 1
        if int(number.max(initial=0)) >= _ROOM // width:
            number = np.unique(number, return_inverse=True)[1].reshape(-1)
        number = number * width + code
    return node, number


def part(nodes: Nodes, name: str) -> Ints:
    """A code per node for one part of a key; -1 where it is empty, or not exact enough to tell.

    Examples
    --------
    >>> table = pa.table({"source": ["a"], "record": [1], "person": ["x"]})
    >>> from levensloop.schema import conform
    >>> part(nodes_of(conform(table, PERSONS)), "birth").tolist()
    [-1]
    """
    if name == "person":
        return nodes.person
    if name.startswith("birth"):
        return _birth(nodes, name)
    column, how = HOW.get(name, (name, None))
    cells = nodes.table.column(column)
    array = encoded(cells) if how is None else names.compared(cells, how)
    return filled(array.indices).astype(np.int64)


def _birth(nodes: Nodes, name: str) -> Ints:
    low, high = nodes.birth_min, nodes.birth_max
    first, last = (bound.astype("M8[D]").astype("M8[M]").astype(np.int64) for bound in (low, high))
    told = low != NO_DAY
    if name == "birth_year":
        year = first // 12
        return np.where(told & (year == last // 12), year + _YEARS, -1)
    if name == "birth_month":
        return np.where(told & (first == last), first + 12 * _YEARS, -1)
    exact = told & (low == high)
    if name == "birth":
        return np.where(exact, low + 366 * _YEARS, -1)
    day = low - first.astype("M8[M]").astype("M8[D]").astype(np.int64) + 1
    month = first % 12 + 1
    turned = (first // 12 + _YEARS) * 1024 + np.minimum(day, month) * 32 + np.maximum(day, month)
    return np.where(exact, turned, -1)


#: Added to years since 1970, so that no number of a day is negative.
_YEARS: Final = 2000


def _parts(nodes: Nodes) -> tuple[Ints, Ints]:
    """Each name of each surname, in the order of nodes: the node, and the code of the name."""
    array = names.compared(nodes.table.column("surname"), names.surname)
    lists = pc.split_pattern(array.dictionary, " ").take(array.indices)
    place = numbers(pc.list_parent_indices(lists)).astype(np.int64)
    flat = encoded(one(pc.list_flatten(lists)))
    return place, numbers(flat.indices).astype(np.int64)
