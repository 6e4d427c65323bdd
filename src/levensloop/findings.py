"""What detectors saw: one row a finding, with evidence and certainty."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import View
from levensloop.errors import UserError
from levensloop.finding import Finding
from levensloop.schema import ASSESSED, FINDINGS
from levensloop.seen import Seen, table_of
from levensloop.settling import gathered
from levensloop.tables import Later, Table, wrapped

if TYPE_CHECKING:
    from levensloop.cohort import Cohort

#: How many rows become objects at a time.
_BATCH: Final = 1000
#: By what findings can be counted: a cell holds one value.
_COUNTED: Final = tuple(field.name for field in FINDINGS if not pa.types.is_nested(field.type))
_NONE, _NONE_ASSESSED = FINDINGS.empty_table(), ASSESSED.empty_table()


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


class Findings(Table):
    """A table of findings (columns as in ``schema.FINDINGS``) with what could be assessed beside it.

    Parameters
    ----------
    table : pyarrow.Table or Table
    assessed : pyarrow.Table, optional
        Which detector could look at which youth, and why not.
    facts : Cohort, optional
        What was looked at: with it a finding can say what would settle it. It is not saved.

    Examples
    --------
    >>> len(Findings.empty())
    0
    """

    __slots__ = ("_laid", "assessed", "facts", "seen")

    def __init__(
        self, table: pa.Table | Table, assessed: pa.Table | None = None, facts: "Cohort | None" = None
    ) -> None:
        self._laid = wrapped(table)
        self.assessed = Table(_NONE_ASSESSED if assessed is None else assessed)
        self.facts = facts
        #: The arrays of a detector, of which the table is made when it is asked for.
        self.seen: tuple[View, Sequence[Seen]] | None = None

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow table, without a copy."""
        return self._laid.to_arrow()

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
        return cls(_NONE)

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
        """A detector's arrays, one after another; the engine adds detector and parameters."""
        found = cls(Later(partial(table_of, view, seen)))
        found.seen = (view, seen)
        return found

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

        Raises
        ------
        UserError
            If there is no such column, or a cell of it holds several values.
        """
        if wrong := [str(name) for name in columns if name not in _COUNTED]:
            raise UserError(
                f"findings are not counted by {', '.join(wrong)}. Hint: by {', '.join(_COUNTED)}."
            )
        columns = tuple(dict.fromkeys(columns))
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
