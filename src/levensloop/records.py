"""The delivered records and the node of each: of whom a row tells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, one, places
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
    origin = events.origin.to_arrow()
    columns = ["source", "record"]
    made = pa.table(
        [*(origin.column(name) for name in columns), events.to_arrow().column("person")],
        names=[*columns, "person"],
    )
    told = events.persons.to_arrow().select([*columns, "person"])
    rows = pa.concat_tables([conform(made, _RECORD), conform(told, _RECORD)]).unify_dictionaries()
    source = codes(rows.column("source"), nodes.sources)
    record = numbers(rows.column("record"))
    known = np.empty(nodes.size, np.int64)
    known[nodes.row] = nodes.person
    person = np.concatenate([places(made.column("person"), nodes.persons), known])
    node = _node(nodes, source, record, person)
    keep = _once(source, record, person, len(made))
    as_read = np.array_equal(keep, np.arange(keep.size))
    table = rows.slice(0, keep.size) if as_read else rows.take(pa.array(keep))
    return Records(table, node[keep], node[: len(made)])


def _once(source: Ints, record: Ints, person: Ints, made: int) -> Ints:
    """The first of the entries that name one row and one key, in the order of rows and keys; `made` made events."""
    row = source * _MOST + record
    if (np.diff(row[:made]) > 0).all() and _told_before(source, record, person, made):
        return np.arange(made)
    order = np.argsort(row, kind="stable")  # rows come nearly in order, which this makes use of
    number, first = runs(row[order])
    if (person[order] != person[order[first]][number]).any():  # a row that tells of two persons
        order = np.lexsort((person, row))
        _, first = runs(row[order], person[order])
    return order[first]


def _told_before(source: Ints, record: Ints, person: Ints, made: int) -> bool:
    """Whether each entry from `made` on names a row and a key that one before it names."""
    most = np.zeros(int(source.max(initial=-1)) + 2, np.int64)
    np.maximum.at(most, source + 1, record + 1)
    ends = np.cumsum(most)
    if ends[-1] > _TABLE:
        return False
    place = ends[source] + record
    key = np.full(ends[-1], -1, np.int64)
    key[place[:made]] = person[:made]
    return np.array_equal(key[place[made:]], person[made:])


def _node(nodes: Nodes, source: Ints, record: Ints, person: Ints) -> Ints:
    """By the key; and by the record too, where a source gives the key several sets of particulars."""
    own = person * len(nodes.sources) + source
    if len(nodes.persons) * len(nodes.sources) <= _TABLE:
        first = np.zeros(len(nodes.persons) * len(nodes.sources), np.int64)
        first[nodes.own[::-1]] = np.arange(nodes.size)[::-1]
        node = first[own]
    else:
        node = np.searchsorted(nodes.own, own)
    lists = one(nodes.table.column("records"))
    if lists.null_count == len(lists):
        return node
    several = numbers(lists.is_valid())
    parent = np.flatnonzero(several)[_parents(lists.drop_null())]
    first = np.searchsorted(nodes.own, nodes.own[parent])
    known = first * _MOST + numbers(pc.list_flatten(lists))
    order = np.argsort(known, kind="stable")
    rows = np.flatnonzero(several[node])
    at = np.searchsorted(known[order], node[rows] * _MOST + record[rows])
    node[rows] = parent[order[at]]
    return node


def _parents(lists: pa.Array) -> Ints:
    return numbers(pc.list_parent_indices(lists)).astype(np.int64)
