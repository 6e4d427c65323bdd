"""What detectors saw: one row a finding, with evidence and certainty."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from levensloop.arrays import View
from levensloop.finding import Finding
from levensloop.schema import ASSESSED, FINDINGS, conform, words
from levensloop.settling import gathered
from levensloop.spans import Bools, Ints
from levensloop.tables import Table

if TYPE_CHECKING:
    from levensloop.cohort import Cohort

#: Whether a finding is over its norm.
OVER: Final = ("certain", "possible", "no", "no_rule")
#: How many rows become objects at a time.
_BATCH: Final = 1000


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

    Only `youth`, `start` and `end` must be given: a finding is then certain, and as long as it lasts.
    `outcome` is one word for all, one each, or an index into `outcomes`. `agency`, `to_agency` and `sector`
    are -1 where none applies; `rule` is an index into `rules`; `norm` is -1 without a norm; `over` holds words or
    indices into `OVER`, -1 where no norm is asked for; measures are left out of a row where negative; evidence
    holds rows of the events table, -1 where there is none.
    """

    youth: Ints
    start: Ints
    end: Ints
    outcome: NDArray[np.str_] | Ints | str = "found"
    outcomes: Sequence[str] = ()
    certain: Bools | None = None
    days_min: Ints | None = None
    days_max: Ints | None = None
    ongoing: Bools | None = None
    agency: Ints | None = None
    to_agency: Ints | None = None
    sector: Ints | None = None
    rule: Ints | None = None
    rules: Sequence[str] = ()
    norm: Ints | None = None
    over: NDArray[np.str_] | Ints | None = None
    measures: Mapping[str, Ints] = field(default_factory=dict[str, Ints])
    evidence: tuple[Ints, ...] = ()


class Findings(Table):
    """A table of findings (columns as in ``schema.FINDINGS``) with what could be assessed beside it.

    Parameters
    ----------
    table : pyarrow.Table
    assessed : pyarrow.Table, optional
        Which detector could look at which youth, and why not.
    facts : Cohort, optional
        What was looked at: with it a finding can say what would settle it. It is not saved.

    Examples
    --------
    >>> len(Findings.empty())
    0
    """

    __slots__ = ("assessed", "facts")

    def __init__(
        self, table: pa.Table, assessed: pa.Table | None = None, facts: "Cohort | None" = None
    ) -> None:
        super().__init__(table)
        self.assessed = Table(ASSESSED.empty_table() if assessed is None else assessed)
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return Findings, (self.to_arrow(), self.assessed.to_arrow())

    def __iter__(self) -> Iterator[Finding]:
        """The findings one by one, as small frozen objects."""
        table = self.to_arrow()
        for first in range(0, len(self), _BATCH):
            for row in table.slice(first, _BATCH).to_pylist():
                certain = row.pop("certainty") == "certain"
                row["measures"] = dict(row["measures"] or ())
                row["params"] = row["params"] or ""
                row["detector"] = row["detector"] or ""
                yield Finding(**row, certain=certain, facts=self.facts)

    def where(self, mask: "pa.Array | pa.ChunkedArray") -> "Findings":
        """The findings for which `mask` holds; what could be assessed stays."""
        return Findings(self.to_arrow().filter(mask), self.assessed.to_arrow(), self.facts)

    def requests(self) -> Table:
        """What would settle the possible findings, as one list: by agency, what helps most findings first.

        Returns
        -------
        Table
            `agency` (empty where anyone may know), `ask` (start, end, birth, extract, record), `kind`,
            `event` and `records` by which the agency finds it, `earliest` and `latest` day, the number of
            `findings` that it would help to settle, and of which `detectors`. No free text, and nobody's name.

        Examples
        --------
        >>> import levensloop as ll
        >>> youth = ll.testing.sketch('''
        ...     window 2000-01-01..2006-12-31; birth 1990-01-01
        ...     ggz care 2004-01-01..2004-12-31 no_show; bjz care 2005-03/2005-06..2005-12-31 goal_reached''')
        >>> ll.detect(youth, ll.Gap()).requests().to_arrow().select(["agency", "ask", "event"]).to_pylist()
        [{'agency': 'bjz', 'ask': 'start', 'event': 'bjz:1'}]
        """
        return gathered(
            self.where(pc.equal(self.to_arrow().column("certainty").cast(pa.string()), "possible"))
        )

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
    def of_seen(cls, view: View, *seen: Seen) -> "Findings":
        """The table of a detector's arrays, one after another; the engine adds detector and parameters."""
        tables = [_table(view, one) for one in seen]
        return cls(tables[0] if len(tables) == 1 else pa.concat_tables(tables).unify_dictionaries())

    @classmethod
    def of_findings(cls, findings: Iterable[Finding]) -> "Findings":
        """The table of findings that are objects.

        Examples
        --------
        >>> from datetime import date
        >>> Findings.of_findings([Finding(start=date(2005, 1, 1), end=date(2005, 1, 2))])
        <Findings: 1 rows, 18 columns>
        """
        rows = [
            {name: getattr(one, name) for name in FINDINGS.names if name != "measures"}
            | {"measures": list(one.measures.items())}
            for one in findings
        ]
        return cls(pa.Table.from_pylist(rows, schema=FINDINGS))

    def of(self, youth: str) -> "Findings":
        """The findings on one youth."""
        table = self.to_arrow()
        assessed = self.assessed.to_arrow()
        return Findings(
            table.filter(pc.equal(table.column("youth").cast(pa.string()), youth)),
            assessed.filter(pc.equal(assessed.column("youth").cast(pa.string()), youth)),
            self.facts,
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


def _table(view: View, seen: Seen) -> pa.Table:
    """The table of one set of arrays."""
    size = seen.youth.size
    none = np.full(size, -1, np.int64)
    length = (seen.end - seen.start).astype(np.int32)
    columns = {
        "youth": _words(seen.youth, view.ids),
        "outcome": _told(seen.outcome, seen.outcomes, size),
        "certainty": _words(
            np.zeros(size, np.int64) if seen.certain is None else np.where(seen.certain, 0, 1),
            ["certain", "possible"],
        ),
        "start": _days(seen.start),
        "end": _days(seen.end),
        "days_min": pa.array(length if seen.days_min is None else seen.days_min.astype(np.int32)),
        "days_max": pa.array(length if seen.days_max is None else seen.days_max.astype(np.int32)),
        "ongoing": pa.array(np.zeros(size, bool) if seen.ongoing is None else seen.ongoing),
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
        columns["over_norm"] = _told(seen.over, OVER, size)
    return conform(pa.table(columns), FINDINGS)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _words(code: Ints, names: pa.Array | Sequence[str]) -> pa.DictionaryArray:
    values = names if isinstance(names, pa.Array) else pa.array(list(names), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(code.astype(np.int32), mask=code < 0), values)


def _told(word: NDArray[np.str_] | Ints | str, words: Sequence[str], size: int) -> pa.DictionaryArray:
    """One word for all, one each, or indices into words."""
    if isinstance(word, str):
        return _words(np.zeros(size, np.int64), [word])
    if word.dtype.kind == "U":
        return pa.array(word.tolist(), pa.string()).dictionary_encode()
    return _words(word.astype(np.int64), words)


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
