"""The delivered records and the node of each: of whom a row tells."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, lookup, one, row_of
from levensloop.arrow import numbers
from levensloop.events import Events
from levensloop.nodes import Nodes
from levensloop.schema import IDENTITIES, conform
from levensloop.spans import Ints, runs

_RECORD = pa.schema([IDENTITIES.field(name) for name in ("source", "record", "person")])
#: Numbers of rows are less than this.
_MOST = 1 << 36
#: A table of this many keys and sources is faster than a search, and fits in memory.
_TABLE = 1 << 26
#: Records that are looked up at once.
_BATCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Records:
    """One row a record and key, with its node; and the node of each event."""

    table: pa.Table
    node: Ints
    of_events: Ints

    def named(self, references: Sequence[str], nodes: Nodes) -> list[int]:
        """The node of each ``source:record``; -1 where there is none, or more than one."""
        source = codes(self.table.column("source"), nodes.sources)
        record = numbers(self.table.column("record"))
        places = {name: place for place, name in enumerate(nodes.sources)}
        found: list[int] = []
        for text in references:
            name, _, number = text.rpartition(":")
            row = int(number) if number.isdecimal() else -1
            here = np.unique(self.node[(source == places.get(name, -1)) & (record == row)])
            found.append(int(here[0]) if here.size == 1 else -1)
        return found


def records_of(events: Events, nodes: Nodes) -> Records:
    """The records that made events and those that only tell who a person is.

    Examples
    --------
    >>> table = pa.table({"person": ["b", "a"], "agency": ["GP", "GP"], "kind": ["contact"] * 2, "start": ["2005"] * 2})
    >>> from levensloop.nodes import nodes_of
    >>> events = Events(table)
    >>> records_of(events, nodes_of(events.persons.to_arrow())).node.tolist()
    [1, 0]
    """
    origin, persons = events.origin.to_arrow(), events.persons.to_arrow()
    made = pa.table(
        [origin.column("source"), origin.column("record"), events.held.column("person")], _RECORD.names
    )
    told = persons.select(_RECORD.names)
    row, person, node = _coded(made, nodes)
    _of_several(nodes, row, node)
    person_told, node_told = np.empty((2, nodes.size), np.int64)
    person_told[nodes.row] = nodes.person
    node_told[nodes.row] = np.arange(nodes.size)
    row_told = codes(told.column("source"), nodes.sources) * _MOST + numbers(told.column("record"))
    if (row[1:] > row[:-1]).all() and _told_before((row, person), (row_told, person_told)):
        return Records(conform(made, _RECORD), node, node)
    keep = _once(np.concatenate([row, row_told]), np.concatenate([person, person_told]))
    rows = pa.concat_tables([conform(made, _RECORD), conform(told, _RECORD)]).unify_dictionaries()
    return Records(rows.take(pa.array(keep)), np.concatenate([node, node_told])[keep], node)


def _coded(made: pa.Table, nodes: Nodes) -> tuple[Ints, Ints, Ints]:
    """Of each record that made an event: a number for its source and row, the place of its key, and its node by these."""
    source, person = one(made.column("source")), one(made.column("person"))
    of_source, of_person = lookup(source.dictionary, nodes.sources), row_of(person.dictionary, nodes.persons)
    record, source, person = numbers(made.column("record")), numbers(source.indices), numbers(person.indices)
    size, many, own = len(nodes.sources), len(nodes.persons), nodes.own
    first = None
    if many * size <= _TABLE:  # the keys of one source together: the records of one come together too
        first = np.zeros(many * size, np.int32)
        new = np.flatnonzero(np.diff(own, prepend=-1))
        first[nodes.source[new] * many + nodes.person[new]] = new
    row, who, node = np.empty((3, len(made)), np.int64)

    def fill(start: int) -> None:
        some = slice(start, start + _BATCH)
        place = of_source[source[some]]
        row[some], who[some] = place * _MOST + record[some], of_person[person[some]]
        if first is None:
            node[some] = np.searchsorted(own, who[some] * size + place)
        else:
            node[some] = first[place * many + who[some]]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(0, len(made), _BATCH)))
    return row, who, node


def _of_several(nodes: Nodes, row: Ints, node: Ints) -> None:
    """By the record too, where a source gives the key several sets of particulars."""
    lists = one(nodes.table.column("records"))
    if lists.null_count == len(lists):
        return
    several = numbers(lists.is_valid())
    parent = np.flatnonzero(several)[_parents(lists.drop_null())]
    first = np.searchsorted(nodes.own, nodes.own[parent])
    known = first * _MOST + numbers(pc.list_flatten(lists))
    order = np.argsort(known, kind="stable")
    rows = np.flatnonzero(several[node])
    at = np.searchsorted(known[order], node[rows] * _MOST + row[rows] % _MOST)
    node[rows] = parent[order[at]]


def _told_before(made: tuple[Ints, Ints], told: tuple[Ints, Ints]) -> bool:
    """Whether each entry names a row and a key that one which made an event names; these are in the order of rows."""
    (row, person), (row_told, person_told) = made, told
    at = np.searchsorted(row, row_told)
    if int(at.max(initial=-1)) == row.size:
        return False
    return np.array_equal(row[at], row_told) and np.array_equal(person[at], person_told)


def _once(row: Ints, person: Ints) -> Ints:
    """The first of the entries that name one row and one key, in the order of rows and keys."""
    order = np.argsort(row, kind="stable")  # rows come nearly in order, which this makes use of
    number, first = runs(row[order])
    if (person[order] != person[order[first]][number]).any():  # a row that tells of two persons
        order = np.lexsort((person, row))
        _, first = runs(row[order], person[order])
    return order[first]


def _parents(lists: pa.Array) -> Ints:
    return numbers(pc.list_parent_indices(lists)).astype(np.int64)
