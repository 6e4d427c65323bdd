"""What detectors saw: one row a finding, with evidence and certainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from levensloop.arrays import View
from levensloop.schema import ASSESSED, FINDINGS, conform, words
from levensloop.spans import Bools, Ints
from levensloop.tables import Table


@dataclass(frozen=True, slots=True)
class Example:
    """A sketch of a timeline and what a detector must find in it: documentation and test.

    Parameters
    ----------
    sketch : str
        Lines as ``levensloop.testing.sketch`` reads them.
    finds : tuple of mappings
        The findings, each by the columns that matter; empty: nothing may be found.
    note : str
        What the example shows.
    params : mapping
        Parameters of the detector other than its defaults.

    Examples
    --------
    >>> Example("birth 1990-01-01").finds
    ()
    """

    sketch: str
    finds: tuple[Mapping[str, object], ...] = ()
    note: str = ""
    params: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Seen:
    """Findings as arrays, equally long, with codes of a `View`; the engine makes the table of it.

    `agency`, `to_agency` and `sector` are -1 where none applies; `rule` is an index into `rules`;
    `norm` is -1 without a norm; `over` holds words; measures are left out of a row where negative;
    evidence holds rows of the events table, -1 where there is none.
    """

    youth: Ints
    outcome: NDArray[np.str_]
    certain: Bools
    start: Ints
    end: Ints
    days_min: Ints
    days_max: Ints
    ongoing: Bools
    agency: Ints | None = None
    to_agency: Ints | None = None
    sector: Ints | None = None
    rule: Ints | None = None
    rules: Sequence[str] = ()
    norm: Ints | None = None
    over: NDArray[np.str_] | None = None
    measures: Mapping[str, Ints] = field(default_factory=dict[str, Ints])
    evidence: tuple[Ints, ...] = ()


class Findings(Table):
    """A table of findings (columns as in ``schema.FINDINGS``) with what could be assessed beside it.

    Parameters
    ----------
    table : pyarrow.Table
    assessed : pyarrow.Table, optional
        Which detector could look at which youth, and why not.

    Examples
    --------
    >>> len(Findings.empty())
    0
    """

    __slots__ = ("assessed",)

    def __init__(self, table: pa.Table, assessed: pa.Table | None = None) -> None:
        super().__init__(table)
        self.assessed = Table(ASSESSED.empty_table() if assessed is None else assessed)

    @classmethod
    def empty(cls) -> "Findings":
        """No findings."""
        return cls(FINDINGS.empty_table())

    @classmethod
    def concat(cls, parts: "Sequence[Findings]") -> "Findings":
        """The findings of several, one after another."""
        if not parts:
            return cls.empty()
        return cls(
            pa.concat_tables([part.to_arrow() for part in parts]).unify_dictionaries(),
            pa.concat_tables([part.assessed.to_arrow() for part in parts]).unify_dictionaries(),
        )

    @classmethod
    def of_seen(cls, view: View, seen: Seen) -> "Findings":
        """The table of a detector's arrays; the engine adds detector and parameters."""
        size = seen.youth.size
        none = np.full(size, -1, np.int64)
        columns = {
            "youth": _words(seen.youth, view.ids),
            "outcome": pa.array(seen.outcome.tolist(), pa.string()).dictionary_encode(),
            "certainty": _words(np.where(seen.certain, 0, 1), ["certain", "possible"]),
            "start": _days(seen.start),
            "end": _days(seen.end),
            "days_min": pa.array(seen.days_min.astype(np.int32)),
            "days_max": pa.array(seen.days_max.astype(np.int32)),
            "ongoing": pa.array(seen.ongoing),
            "agency": _words(none if seen.agency is None else seen.agency, view.agencies),
            "to_agency": _words(none if seen.to_agency is None else seen.to_agency, view.agencies),
            "sector": _words(none if seen.sector is None else seen.sector, words("sectors")),
            "rule": _words(none if seen.rule is None else seen.rule, seen.rules),
            "measures": _measures(seen.measures, size),
            "evidence": _evidence(seen.evidence, view.event_ids, size),
        }
        if seen.norm is not None:
            columns["norm_days"] = pa.array(seen.norm.astype(np.int32), mask=seen.norm < 0)
        if seen.over is not None:
            columns["over_norm"] = pa.array(seen.over.tolist(), pa.string()).dictionary_encode()
        return cls(conform(pa.table(columns), FINDINGS))

    def of(self, youth: str) -> "Findings":
        """The findings on one youth."""
        table = self.to_arrow()
        assessed = self.assessed.to_arrow()
        return Findings(
            table.filter(pc.equal(table.column("youth").cast(pa.string()), youth)),
            assessed.filter(pc.equal(assessed.column("youth").cast(pa.string()), youth)),
        )

    def count(self, *columns: str) -> Table:
        """How many findings there are for each combination of `columns`, the most first.

        Parameters
        ----------
        *columns : str
            Names of columns, such as ``"detector", "agency"``; none counts all.

        Returns
        -------
        Table
            The columns, and ``findings``.
        """
        table = self.to_arrow().select(list(columns))
        plain = pa.table({name: _plain(table.column(name)) for name in columns})
        if not columns:
            return Table(pa.table({"findings": [len(self)]}))
        counted = plain.append_column("findings", pa.array(np.ones(len(self), np.int64)))
        total = counted.group_by(list(columns), use_threads=False).aggregate([("findings", "sum")])
        total = total.rename_columns([*columns, "findings"])
        order = [("findings", "descending"), *((name, "ascending") for name in columns)]
        return Table(total.sort_by(order))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _words(code: Ints, names: pa.Array | Sequence[str]) -> pa.DictionaryArray:
    values = names if isinstance(names, pa.Array) else pa.array(list(names), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(code.astype(np.int32), mask=code < 0), values)


def _days(day: Ints) -> pa.Array:
    return pa.array(day.astype(np.int32)).cast(pa.date32())


def _measures(measures: Mapping[str, Ints], size: int) -> pa.Array:
    if not measures:
        return pa.MapArray.from_arrays(
            pa.array(np.zeros(size + 1, np.int32)), pa.array([], pa.string()), pa.array([], pa.int32())
        )
    values = np.stack(list(measures.values()), 1)
    told = values >= 0
    offsets = np.concatenate([[0], np.cumsum(told.sum(1))]).astype(np.int32)
    names = np.broadcast_to(np.arange(len(measures)), values.shape)[told]
    keys = pa.array(list(measures)).take(pa.array(names))
    return pa.MapArray.from_arrays(pa.array(offsets), keys, pa.array(values[told].astype(np.int32)))


def _evidence(evidence: tuple[Ints, ...], ids: pa.Array, size: int) -> pa.Array:
    if not evidence:
        return pa.array([[]] * size, pa.list_(pa.string()))
    rows = np.sort(np.stack(evidence, 1), axis=1)
    told = rows >= 0
    told[:, 1:] &= rows[:, 1:] != rows[:, :-1]
    offsets = np.concatenate([[0], np.cumsum(told.sum(1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), ids.take(pa.array(rows[told])))
