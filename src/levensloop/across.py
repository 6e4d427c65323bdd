"""Facts that different sources tell of a youth, as one row each, and the order in which rows stand."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, days, names_in, one, row_of, source_names
from levensloop.resolving import Policy, resolved
from levensloop.samefacts import Facts, Family, same_facts
from levensloop.schema import EVENTS, conform, words
from levensloop.spans import FAR, Ints, best

#: The order in which rows stand, and what must be equal for two rows to be one fact.
_ORDER: Final = (
    "start_min", "start_max", "end_min", "end_max", "kind", "agency", "to_agency", "reason", "sector",
    "care_type", "problem", "capacity", "about", "initiative", "precision", "care_id", "what", "why",
    "by_whom", "result", "shared_with",
)  # fmt: skip


def content(table: pa.Table, youth: Ints) -> list[Ints]:
    """What the order of a table rests on: the youth, and every column in which something is told."""
    told = [name for name in _ORDER if table.column(name).null_count < max(len(table), 1)]
    return [youth, *(rank(table.column(name)) for name in told)]


def _names(table: pa.Table) -> list[str]:
    """The ids of youths, in their order."""
    return one(table.column("youth")).dictionary.to_pylist()


def rank(column: pa.ChunkedArray) -> Ints:
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


def across(facts: pa.Table, known: Mapping[str, Family], policy: Policy) -> tuple[pa.Table, Ints]:
    """Make the facts one that different sources tell.

    Parameters
    ----------
    facts : pyarrow.Table
        Columns as in ``schema.EVENTS``, in their order.
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
    label, source = _labels(facts, known)
    rows = np.arange(label.size)
    many = np.isin(label, label[label != rows])
    if not many.any():
        return facts, rows
    first, other = rows[many & (label == rows)], rows[many]
    other = other[np.lexsort((other, label[other]))]
    cluster = np.searchsorted(first, label[other])
    told = resolved(facts.take(pa.array(other)), cluster, source.take(pa.array(other)).to_pylist(), policy)
    alone = rows[~many]
    table = pa.concat_tables([facts.take(pa.array(alone)), conform(told, EVENTS)]).unify_dictionaries()
    order = np.lexsort(content(table, codes(table.column("youth"), _names(table)))[::-1])
    at = np.empty(order.size, np.int64)
    at[order] = np.arange(order.size)
    place = np.empty(label.size, np.int64)
    place[alone], place[other] = at[: alone.size], at[alone.size :][cluster]
    return table.take(pa.array(order)), place


def _labels(facts: pa.Table, known: Mapping[str, Family]) -> tuple[Ints, pa.Array]:
    """Which facts are one, and the source of the leading record of each."""
    told = one(facts.column("sources"))
    source_of = source_names(told.flatten())
    names = pc.unique(source_of)
    names = names.take(pc.sort_indices(names))
    source = row_of(source_of, names)
    parent = pc.list_parent_indices(told).to_numpy(zero_copy_only=False).astype(np.int64)
    least = best(parent, source, len(facts), least=True, empty=-1)
    youths = _names(facts)
    agencies = names_in(facts.column("agency"), facts.column("to_agency"))
    ids = (
        youths,
        agencies,
        names_in(facts.column("care_type")),
        pc.unique(facts.column("care_id").drop_null()),
    )
    label = same_facts(
        Facts(
            youth=codes(facts.column("youth"), youths),
            about=codes(facts.column("about"), words("abouts")),
            kind=codes(facts.column("kind"), words("kinds")),
            agency=codes(facts.column("agency"), agencies),
            to_agency=codes(facts.column("to_agency"), agencies),
            care_type=codes(facts.column("care_type"), ids[2]),
            care_id=row_of(facts.column("care_id"), ids[3]),
            **{name: days(facts.column(name)) for name in ("start_min", "start_max", "end_min", "end_max")},
            source=least,
            telling=np.unique(parent * max(len(names), 1) + source),
            sources=max(len(names), 1),
        ),
        known,
    )
    return label, names.take(pa.array(least))
