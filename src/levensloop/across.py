"""Facts that different sources tell of a youth, as one row each, and the order in which rows stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from levensloop.arrays import codes, days, encoded, names_in, one, placed, told_apart
from levensloop.arrow import filled, numbers
from levensloop.gathering import Each, gathered, whole
from levensloop.naming import Names
from levensloop.resolving import Policy, resolved
from levensloop.said import unworded, worded
from levensloop.samefacts import Facts, Family, same_facts
from levensloop.schema import FACTS, TEXTS, conform, words
from levensloop.sorting import Keys, order_of
from levensloop.spans import FAR, Ints
from levensloop.telling import Telling

#: The order in which rows stand, and what must be equal for two rows to be one fact.
_ORDER: Final = (
    "start_min", "start_max", "end_min", "end_max", "kind", "agency", "to_agency", "reason", "sector",
    "care_type", "problem", "capacity", "about", "initiative", "precision", "care_id", "what", "why",
    "by_whom", "result", "shared_with",
)  # fmt: skip


def content(table: pa.Table, youth: Ints, each: Each = map) -> Keys:
    """What the order of a table rests on: the youth, and every column that tells rows apart; `each` as in `dealt`.

    A column tells none apart in which all is the same, or as in the column before: most days are known to the day.
    """
    told = [name for name in _ORDER if table.column(name).null_count < max(len(table), 1)]
    keys = [youth, *each(lambda name: _rank(table.column(name)), told)]
    return [
        key
        for before, key in zip([None, *keys], keys, strict=False)
        if before is None or not ((key == key[:1]).all() or np.array_equal(key, before))
    ]


def _rank(column: pa.ChunkedArray) -> NDArray[np.integer[Any]]:
    """A number per row in the order of its values, no wider than it need be; nothing recorded comes last."""
    if pa.types.is_date32(column.type):
        return days(column, empty=FAR).astype(np.int32)
    if pa.types.is_integer(column.type):
        rank = filled(column)
        return np.where(rank < 0, np.iinfo(np.int32).max, rank)
    told = whole(column)
    array = encoded(pc.binary_join(told.cast(TEXTS), "\x1f") if pa.types.is_list(column.type) else told)
    count = len(array.dictionary)
    place = np.empty(count + 1, np.min_scalar_type(count))
    place[numbers(pc.sort_indices(array.dictionary))] = np.arange(count)
    place[-1] = count
    return placed(array, place)


@dataclass(frozen=True, slots=True)
class How:
    """What merging needs to know besides the rows.

    Parameters
    ----------
    names : sequence of str
        The names of the sources, in alphabetical order.
    called : Names
        What rows are called.
    windows : mapping of str to numpy.ndarray of int
        The ``start`` of each source's window, and its exclusive ``end``.
    texts : mapping of str to pyarrow.Array
        What is said, as `ranked` gives it.
    known : mapping of str to Family
        Which kinds can be one fact.
    policy : Policy
        Which value stands where sources differ.
    """

    names: Sequence[str]
    called: Names
    windows: Mapping[str, Ints]
    texts: Mapping[str, pa.Array]
    known: Mapping[str, Family]
    policy: Policy


def across(facts: pa.Table, telling: Telling, how: How) -> tuple[pa.Table, Ints]:
    """Make the facts one that different sources tell.

    Parameters
    ----------
    facts : pyarrow.Table
        Columns as in ``schema.FACTS``, in their order.
    telling : Telling
        The sources of each.
    how : How
        What can be one fact, and which value stands.

    Returns
    -------
    table : pyarrow.Table
        One row a fact, in their order.
    place : numpy.ndarray of int
        The row in `table` of each of the given facts.
    """
    rows = np.arange(len(facts))
    if telling.size == 1 or not how.known:
        return facts, rows
    label = same_facts(_facts(facts, telling), how.known)
    many = np.isin(label, label[label != rows])
    if not many.any():
        return facts, rows
    first, other = rows[many & (label == rows)], rows[many]
    other = other[np.lexsort((other, label[other]))]
    cluster = np.searchsorted(first, label[other])
    source = telling.source[np.searchsorted(telling.pairs, other * telling.size)]
    told = _resolved(facts.take(pa.array(other)), cluster, np.array(how.names)[source].tolist(), how)
    alone = rows[~many]
    whose = one(facts.column("youth"))
    own = numbers(whose.indices).astype(np.int64)
    bare = [each.drop_columns("youth") for each in (facts, conform(told, FACTS))]
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
    return gathered(table, row[order]).add_column(1, FACTS.field("youth"), column), place


def _resolved(facts: pa.Table, cluster: Ints, source: list[str], how: How) -> pa.Table:
    """One row per cluster of facts; of records that are called the same one stands for all."""
    at, lists = facts.column_names.index("sources"), one(facts.column("sources"))
    row, record = lists.flatten(), how.called.records(lists.flatten())
    rows = facts.set_column(at, "sources", pa.ListArray.from_arrays(lists.offsets, record))
    told = unworded(resolved(worded(rows, how.texts), cluster, source, how.policy))
    lists = one(told.column("sources"))
    rows_told = row.take(pc.index_in(lists.flatten(), record))
    return told.set_column(at, "sources", pa.ListArray.from_arrays(lists.offsets, rows_told))


def reordered(table: pa.Table, row: Ints, youth: Ints, changed: Ints) -> Ints:
    """The order of rows by youth and content, where only those of some youths may not stand in it.

    Parameters
    ----------
    table : pyarrow.Table
        Columns as in ``schema.FACTS``; the youth is not asked for.
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
    return Facts(
        youth=numbers(youths.indices).astype(np.int64),
        about=codes(facts.column("about"), words("abouts")),
        kind=codes(facts.column("kind"), words("kinds")),
        agency=codes(facts.column("agency"), agencies),
        to_agency=codes(facts.column("to_agency"), agencies),
        care_type=codes(facts.column("care_type"), names_in(facts.column("care_type"))),
        care_id=told_apart(facts.column("care_id")),
        start_min=days(facts.column("start_min")),
        start_max=days(facts.column("start_max")),
        end_min=days(facts.column("end_min")),
        end_max=days(facts.column("end_max")),
        telling=telling,
    )
