"""Facts that different sources tell of a youth, as one row each, and the order in which rows stand."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, days, names_in, one
from levensloop.gathering import gathered
from levensloop.resolving import Policy, resolved
from levensloop.samefacts import Facts, Family, same_facts
from levensloop.schema import EVENTS, conform, words
from levensloop.sorting import order_of
from levensloop.spans import FAR, Ints
from levensloop.telling import Telling

#: The order in which rows stand, and what must be equal for two rows to be one fact.
_ORDER: Final = (
    "start_min", "start_max", "end_min", "end_max", "kind", "agency", "to_agency", "reason", "sector",
    "care_type", "problem", "capacity", "about", "initiative", "precision", "care_id", "what", "why",
    "by_whom", "result", "shared_with",
)  # fmt: skip


def content(table: pa.Table, youth: Ints) -> list[Ints]:
    """What the order of a table rests on: the youth, and every column in which something is told."""
    told = [name for name in _ORDER if table.column(name).null_count < max(len(table), 1)]
    return [youth, *(_rank(table.column(name)) for name in told)]


def _rank(column: pa.ChunkedArray) -> Ints:
    """A number per row in the order of its values; nothing recorded comes last."""
    if pa.types.is_date32(column.type):
        return days(column, empty=FAR)
    if pa.types.is_list(column.type):
        column = pa.chunked_array([pc.binary_join(one(column), "\x1f")])
    array = one(column)
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    place = np.empty(len(encoded.dictionary) + 1, np.int64)
    place[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(encoded.dictionary))
    place[-1] = len(encoded.dictionary)
    return place[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)]


def across(
    facts: pa.Table,
    telling: Telling,
    names: Sequence[str],
    known: Mapping[str, Family],
    policy: Policy,
) -> tuple[pa.Table, Ints]:
    """Make the facts one that different sources tell.

    Parameters
    ----------
    facts : pyarrow.Table
        Columns as in ``schema.EVENTS``, in their order.
    telling : Telling
        The sources of each.
    names : sequence of str
        The names of the sources, in alphabetical order.
    known : mapping of str to Family
        Which kinds can be one fact.
    policy : Policy
        Which value stands where sources differ.

    Returns
    -------
    table : pyarrow.Table
        One row a fact, in their order.
    place : numpy.ndarray of int
        The row in `table` of each of the given facts.
    """
    rows = np.arange(len(facts))
    if telling.size == 1 or not known:
        return facts, rows
    label = same_facts(_facts(facts, telling), known)
    many = np.isin(label, label[label != rows])
    if not many.any():
        return facts, rows
    first, other = rows[many & (label == rows)], rows[many]
    other = other[np.lexsort((other, label[other]))]
    cluster = np.searchsorted(first, label[other])
    source = telling.source[np.searchsorted(telling.pairs, other * telling.size)]
    told = resolved(facts.take(pa.array(other)), cluster, list(np.array(names)[source]), policy)
    alone = rows[~many]
    whose = one(facts.column("youth"))
    own = whose.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    bare = [each.drop_columns("youth") for each in (facts, conform(told, EVENTS))]
    table = pa.concat_tables(bare).unify_dictionaries()
    row, youth = (
        np.concatenate([alone, rows.size + np.arange(first.size)]),
        own[np.concatenate([alone, first])],
    )
    order = reordered(table, row, youth, own[first])
    at = np.empty(order.size, np.int64)
    at[order] = np.arange(order.size)
    place = np.empty(label.size, np.int64)
    place[alone], place[other] = at[: alone.size], at[alone.size :][cluster]
    column = pa.DictionaryArray.from_arrays(pa.array(youth[order].astype(np.int32)), whose.dictionary)
    return gathered(table, row[order]).add_column(1, EVENTS.field("youth"), column), place


def reordered(table: pa.Table, row: Ints, youth: Ints, changed: Ints) -> Ints:
    """The order of rows by youth and content, where only those of some youths may not stand in it.

    Parameters
    ----------
    table : pyarrow.Table
        Columns as in ``schema.EVENTS``; the youth is not asked for.
    row, youth : numpy.ndarray of int
        Which rows of the table, and of whom.
    changed : numpy.ndarray of int
        The youths whose rows are to be held against each other.
    """
    some = np.zeros(int(youth.max(initial=-1)) + 1, bool)
    some[changed] = True
    here = np.flatnonzero(some[youth])
    rank = np.zeros(youth.size, np.int64)
    rank[here[order_of(content(gathered(table, row[here]), youth[here]))]] = np.arange(here.size)
    return order_of([youth, rank])


def _facts(facts: pa.Table, telling: Telling) -> Facts:
    youths = one(facts.column("youth"))
    agencies = names_in(facts.column("agency"), facts.column("to_agency"))
    references = one(facts.column("care_id")).dictionary_encode()
    return Facts(
        youth=youths.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        about=codes(facts.column("about"), words("abouts")),
        kind=codes(facts.column("kind"), words("kinds")),
        agency=codes(facts.column("agency"), agencies),
        to_agency=codes(facts.column("to_agency"), agencies),
        care_type=codes(facts.column("care_type"), names_in(facts.column("care_type"))),
        care_id=pc.fill_null(references.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64),
        start_min=days(facts.column("start_min")),
        start_max=days(facts.column("start_max")),
        end_min=days(facts.column("end_min")),
        end_max=days(facts.column("end_max")),
        telling=telling,
    )
