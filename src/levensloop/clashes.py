"""What no single person can have: two births, two deaths, stays in two places at once."""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa

from levensloop.arrays import any_of, codes, days, names_in
from levensloop.arrow import numbers
from levensloop.clusters import Told, clashing
from levensloop.naming import Names
from levensloop.nodes import Nodes
from levensloop.schema import CONFLICTS
from levensloop.sorting import numbered
from levensloop.spans import NO_DAY, Ints, best, pack, union


def deaths(table: pa.Table, node: Ints, size: int) -> Told:
    """The day on which each node died, as its events tell; all that they allow if they exclude each other."""
    dead = (codes(table.column("kind"), ("death",)) == 0) & (codes(table.column("about"), ("youth",)) == 0)
    who, low, high = node[dead], days(table.column("start_min"))[dead], days(table.column("start_max"))[dead]
    latest, earliest = (
        best(who, low, size, least=False, empty=NO_DAY),
        best(who, high, size, least=True, empty=NO_DAY),
    )
    fits = latest <= earliest
    first = np.where(fits, latest, best(who, low, size, least=True, empty=NO_DAY))
    last = np.where(fits, earliest, best(who, high, size, least=False, empty=NO_DAY))
    return Told("death", first, last)


def conflicts(table: pa.Table, node: Ints, nodes: Nodes, label: Ints, called: Names) -> pa.Table:
    """The clusters whose records exclude each other; `youth` is the least node, as text is made of it later.

    Parameters
    ----------
    table : pyarrow.Table
        Delivered events.
    node : array
        Of each event.
    nodes : Nodes
    label : array
        The least node of the cluster of each node.
    called : Names
        What the events are called.

    Returns
    -------
    pyarrow.Table
        As `schema.CONFLICTS`, but for `youth`: the number of the least node.
    """
    low, high = nodes.birth_min, nodes.birth_max
    torn = np.zeros(nodes.size, bool)  # clusters in which not all tell what the least node tells
    torn[label[(low != low[label]) | (high != high[label])]] = True
    told = np.flatnonzero(torn[label] & (low != NO_DAY))
    birth = Told("birth", low[told], high[told])
    found = _days(birth, label[told], lambda rows: nodes.references(told[rows]))
    dead = np.flatnonzero(any_of(table.column("kind"), ("death",)))
    dead = dead[any_of(table.column("about").take(pa.array(dead)), ("youth",))]
    low, high = (days(table.column(f"start_{side}").take(pa.array(dead))) for side in ("min", "max"))
    found += _days(Told("death", low, high), label[node[dead]], lambda rows: called.events(dead[rows]))
    found += _stays(table, node, label, called)
    shape = CONFLICTS.set(0, pa.field("youth", pa.int64()))
    return pa.Table.from_pylist(sorted(found, key=lambda row: (row["youth"], row["column"])), schema=shape)


def _days(told: Told, cluster: Ints, named: Callable[[Ints], pa.Array]) -> list[dict[str, Any]]:
    """Clusters in which days exclude each other: every value, and the first record that gives it."""
    at = np.flatnonzero(clashing(numbered([cluster]), told))
    if not at.size:  # to take no texts of many in pieces would put these together
        return []
    names = named(at).to_pylist()
    first, last = (bound[at].astype("M8[D]").astype(str).tolist() for bound in (told.low, told.high))
    values = [a if a == b else f"{a}/{b}" for a, b in zip(first, last, strict=True)]
    return _told(told.name, cluster[at].tolist(), values, names)


def _told(column: str, cluster: list[int], values: list[str], records: list[str]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, str]] = {}
    for who, value, record in sorted(zip(cluster, values, records, strict=True)):
        found.setdefault(who, {}).setdefault(value, record)
    return [
        {"youth": who, "column": column, "values": list(told), "records": list(told.values())}
        for who, told in found.items()
    ]


def _stays(table: pa.Table, node: Ints, label: Ints, called: Names) -> list[dict[str, Any]]:
    """Clusters with a sure stay at one agency on days of a sure stay at another."""
    settings = tomllib.loads((files("levensloop") / "data" / "linking" / "stays.toml").read_text("utf-8"))
    kept = any_of(table.column("care_type"), settings["care_types"])
    if not kept.any():
        return []
    kept &= any_of(table.column("kind"), ("care",)) & any_of(table.column("about"), ("youth",))
    kept &= numbers(table.column("end_min").is_valid())
    table, cluster = table.filter(pa.array(kept)), label[node[kept]]
    agencies = names_in(table.column("agency"))
    agency = codes(table.column("agency"), agencies)
    group = cluster * max(len(agencies), 1) + agency
    spans = union(group, days(table.column("start_max")), days(table.column("end_min")))
    who, where = spans.group // max(len(agencies), 1), spans.group % max(len(agencies), 1)
    order = np.lexsort((where, spans.end, spans.start, who))
    start, end, who, where = spans.start[order], spans.end[order], who[order], where[order]
    # Stays at one agency were made disjoint: what still overlaps lies at two agencies.
    if not who.size:
        return []
    least = end - settings["days"]
    over = np.zeros(who.size, bool)
    over[1:] = pack(who[1:], start[1:]) < np.maximum.accumulate(pack(who, least))[:-1]
    over[:-1] |= (who[1:] == who[:-1]) & (start[1:] < least[:-1])
    keys = zip(group.tolist(), days(table.column("start_max")).tolist(), strict=True)
    first = dict(zip(keys, called.events(np.flatnonzero(kept)).to_pylist(), strict=True))
    bounds = ((bound[over].astype("M8[D]").astype(str).tolist()) for bound in (start, end - 1))
    names = [agencies[place] for place in where[over].tolist()]
    values = [f"{name} {a}/{b}" for name, a, b in zip(names, *bounds, strict=True)]
    places = zip((who[over] * len(agencies) + where[over]).tolist(), start[over].tolist(), strict=True)
    records = [first[place] for place in places]
    return _told("stay", who[over].tolist(), values, records)
