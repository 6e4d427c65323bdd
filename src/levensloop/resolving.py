"""One row for one fact that several sources tell: which value stands, and what they dispute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, dates, days, names_in, one, told_apart
from levensloop.arrow import numbers
from levensloop.errors import UserError
from levensloop.schema import EVENTS, SAID
from levensloop.sorting import distinct_rows, numbered, order_of
from levensloop.spans import NO_DAY, Bools, Ints, best, runs

POLICIES: Final = ("most_precise", "most_sources", "source_order")
#: Columns whose values belong together: they are taken from one record.
_TOGETHER: Final = (("agency", "sector", "to_agency"), ("kind", "end_min", "end_max"))
_BOUNDS: Final = ("start_min", "start_max", "end_min", "end_max")
#: Columns that sources need not agree on: a reference of their own, whom each of them told, how it puts a date.
_OWN: Final = ("event", "youth", "kind", "care_id", "precision", "shared_with", "sources", "disputed")


@dataclass(frozen=True, slots=True)
class Policy:
    """Which record's value stands where sources differ.

    Parameters
    ----------
    default : str
        ``most_precise`` (of the record with the narrowest dates), ``most_sources`` (told by most of them)
        or ``source_order`` (of the first source of `order`).
    columns : mapping of str to str
        Another policy for a column.
    order : sequence of str
        Sources, the most trusted first; those not named come last, by name.

    Raises
    ------
    UserError
        When a policy or a column does not exist.

    Examples
    --------
    >>> Policy(columns={"reason": "most_sources"}).of("reason")
    'most_sources'
    """

    default: str = "most_precise"
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    order: Sequence[str] = ()

    def __post_init__(self) -> None:
        wrong = sorted({self.default, *self.columns.values()} - set(POLICIES))
        unknown = sorted(set(self.columns) - set(EVENTS.names))
        if wrong or unknown:
            told = [f"no policy: {', '.join(wrong)}"] if wrong else []
            told += [f"no column: {', '.join(unknown)}"] if unknown else []
            raise UserError(f"{'; '.join(told)}. Hint: policies are {', '.join(POLICIES)}.")

    def of(self, column: str) -> str:
        """The policy of a column."""
        return self.columns.get(column, self.default)


def resolved(rows: pa.Table, cluster: Ints, source: Sequence[str], policy: Policy) -> pa.Table:
    """One row per cluster of rows that tell one fact.

    Parameters
    ----------
    rows : pyarrow.Table
        Columns as in ``schema.EVENTS``, sorted by cluster and then by content.
    cluster : numpy.ndarray of int
        The cluster of each row: 0, 1, 2, ...
    source : sequence of str
        The leading source of each row.
    policy : Policy
        Which value stands.

    Returns
    -------
    pyarrow.Table
        A row per cluster, with the values that stand; `sources` of all, and in `disputed` the
        columns on which they disagree.

    Notes
    -----
    Dates that overlap do not disagree: what both allow stands. Of dates that exclude each other the
    policy takes one; where under ``most_precise`` two are as narrow, both stay possible.
    """
    _, heads = runs(cluster)
    ranks = _Ranks(rows, cluster, source, policy)
    columns: dict[str, Any] = {}
    disputed: dict[str, Bools] = {}
    for names in _groups(rows.column_names):
        pick = ranks.pick(names)
        for name in names:
            columns[name] = rows.column(name).take(pa.array(pick))
            if name not in (*_OWN, *_BOUNDS):
                disputed[name] = _differ(rows.column(name), cluster, heads.size, said=name in SAID)
    told_to = codes(rows.column("to_agency"), names_in(rows.column("to_agency"))) >= 0
    sent = best(cluster, told_to.astype(np.int64), heads.size, least=True, empty=1) == 1
    for name in ("agency", "sector"):
        disputed[name] &= sent | ~_any(told_to, cluster, heads.size)
    bounds, apart = _dates(rows, cluster, ranks, policy)
    for name, day in bounds.items():
        columns[name] = dates(day)
    columns["event"] = rows.column("event").take(pa.array(ranks.leading()))
    for name in ("sources", "shared_with"):
        columns[name] = _together(one(rows.column(name)), cluster, heads.size)
    columns["disputed"] = _lists(disputed | apart, heads.size)
    return pa.table({name: columns[name] for name in rows.column_names})


def _groups(names: Sequence[str]) -> list[tuple[str, ...]]:
    grouped = {name for group in _TOGETHER for name in group}
    return [*_TOGETHER, *((name,) for name in names if name not in grouped)]


class _Ranks:
    """The order in which the rows of a cluster are asked for a value."""

    def __init__(self, rows: pa.Table, cluster: Ints, source: Sequence[str], policy: Policy) -> None:
        self._rows, self._cluster, self._policy = rows, cluster, policy
        places = {name: place for place, name in enumerate([*policy.order, *sorted(set(source))])}
        named = {name: policy.order.index(name) for name in policy.order}
        self._order = np.array([named.get(name, places[name]) for name in source])
        low, high = days(rows.column("start_min")), days(rows.column("start_max"))
        self.width = high - low
        self._source = np.unique(np.array(source), return_inverse=True)[1].reshape(-1)

    def pick(self, names: Sequence[str]) -> Ints:
        """The row of each cluster whose values of these columns stand."""
        column = self._rows.column(names[-1])
        empty = numbers(one(column).is_null())
        policy = self._policy.of(names[0])
        keys: list[Ints] = []
        if policy == "source_order":
            keys.append(self._order)
        else:
            keys.append(self.width)
        if policy == "most_sources":
            keys.append(-self._votes(column))
        order = order_of([self._cluster, empty.astype(np.int64), *reversed(keys)])
        return order[runs(self._cluster[order])[1]]

    def leading(self) -> Ints:
        """The row of each cluster whose source comes first by name."""
        order = order_of([self._cluster, self._source])
        return order[runs(self._cluster[order])[1]]

    def _votes(self, column: pa.ChunkedArray) -> Ints:
        """How many records of the cluster say what each row says."""
        value = _code(column)
        sources = numbers(pc.list_value_length(one(self._rows.column("sources")))).astype(np.int64)
        pair = numbered([self._cluster, value])
        return np.bincount(pair, weights=sources).astype(np.int64)[pair]


def _code(column: pa.ChunkedArray) -> Ints:
    """A number per row that is equal where the values are; -1 for none."""
    if pa.types.is_list(column.type):
        column = pa.chunked_array([pc.binary_join(one(column), "\x1f")])
    if pa.types.is_date32(column.type):
        return days(column)
    return told_apart(column)


def _any(mask: Bools, cluster: Ints, size: int) -> Bools:
    return np.bincount(cluster, weights=mask, minlength=size) > 0


def _differ(column: pa.ChunkedArray, cluster: Ints, size: int, *, said: bool) -> Bools:
    """Whether the rows of each cluster give two values; none given is no value, and of what is said case is no difference."""
    if said:
        column = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string())))
    value = _code(column)
    told = value >= 0
    least = best(cluster[told], value[told], size, least=True, empty=-1)
    most = best(cluster[told], value[told], size, least=False, empty=-1)
    return least != most


def _dates(
    rows: pa.Table, cluster: Ints, ranks: _Ranks, policy: Policy
) -> tuple[dict[str, Ints], dict[str, Bools]]:
    """The four bounds that all records allow, and where they exclude each other."""
    size = int(cluster[-1]) + 1
    given = {name: days(rows.column(name)) for name in _BOUNDS}
    found: dict[str, Ints] = {}
    disputed: dict[str, Bools] = {}
    for names in (_BOUNDS[:2], _BOUNDS[2:]):
        low, high = (given[name] for name in names)
        told = (low != NO_DAY) & (high != NO_DAY)
        agreed = (
            best(cluster[told], low[told], size, least=False, empty=NO_DAY),
            best(cluster[told], high[told], size, least=True, empty=NO_DAY),
        )
        clash = agreed[0] > agreed[1]
        pick = ranks.pick((names[1],))
        taken = low[pick], high[pick]
        if policy.of(names[0]) == "most_precise":
            narrowest = best(cluster[told], (high - low)[told], size, least=True, empty=0)
            rival = told & (high - low == narrowest[cluster])
            taken = (
                best(cluster[rival], low[rival], size, least=True, empty=NO_DAY),
                best(cluster[rival], high[rival], size, least=False, empty=NO_DAY),
            )
        some = _any(told, cluster, size)
        for at, name in enumerate(names):
            value = np.where(clash, taken[at], agreed[at])
            found[name] = np.where(some, value, given[name][pick])
            disputed[name] = clash
    return _tightened(found, given, ranks.pick(("precision",)), disputed), disputed


def _tightened(
    found: dict[str, Ints], given: dict[str, Ints], pick: Ints, disputed: dict[str, Bools]
) -> dict[str, Ints]:
    """Every end after its start; where sources leave no such days, all dates are of one record."""
    wrong = (found["end_max"] != NO_DAY) & (found["end_max"] <= found["start_min"])
    for name in _BOUNDS:
        disputed[name] = disputed[name] | (wrong & (given[name][pick] != found[name]))
        found[name] = np.where(wrong, given[name][pick], found[name])
    ended, begun = found["end_max"] != NO_DAY, found["end_min"] != NO_DAY
    start_max = np.where(ended, np.minimum(found["start_max"], found["end_max"] - 1), found["start_max"])
    end_min = np.where(begun, np.maximum(found["end_min"], found["start_min"] + 1), NO_DAY)
    return {**found, "start_max": start_max, "end_min": end_min}


def _together(lists: pa.Array, cluster: Ints, size: int) -> pa.Array:
    """The lists of each cluster as one, without what is in it twice, in alphabetical order; of empty ones none."""
    parent = numbers(pc.list_parent_indices(lists)).astype(np.int64)
    value = lists.flatten().cast(pa.string()).dictionary_encode()
    rank = numbers(pc.rank(value.dictionary)).astype(np.int64) if len(value) else np.zeros(0, np.int64)
    code = numbers(value.indices).astype(np.int64)
    (owner, _, held), _ = distinct_rows([cluster[parent], rank[code], code])
    offsets = np.searchsorted(owner, np.arange(size + 1)).astype(np.int32)
    none = pa.array(offsets[1:] == offsets[:-1])
    return pa.ListArray.from_arrays(pa.array(offsets), value.dictionary.take(pa.array(held)), mask=none)


def _lists(disputed: Mapping[str, Bools], size: int) -> pa.Array:
    """The names of the columns that are disputed, per cluster, in the order of the table."""
    names = [name for name in EVENTS.names if name in disputed]
    table = np.stack([disputed[name] for name in names], 1)
    offsets = np.concatenate([[0], np.cumsum(table.sum(1))]).astype(np.int32)
    at = np.nonzero(table)[1] if size else np.zeros(0, np.int64)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(names, pa.string()).take(pa.array(at)))
