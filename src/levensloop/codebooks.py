"""What all youths of a cohort share: the names behind codes, and the windows of agencies."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import Windows, codes, days, encoded, lookup, names_in, one, placed
from levensloop.arrow import numbers
from levensloop.naming import Names, sources_in
from levensloop.schema import CODE, words
from levensloop.spans import NO_DAY, Ints, best


@dataclass(frozen=True, slots=True)
class Codebook:
    """Names of agencies and care types, windows by agency and source, and the sector that each agency delivers most.

    `sources` are the names of the sources and `closed` the first day after the window of each. `tables` are the
    codes of the distinct values of columns that were looked up: the parts of a cohort have the same ones.
    """

    agencies: tuple[str, ...]
    care_types: tuple[str, ...]
    windows: Windows
    agency_sector: Ints
    sources: tuple[str, ...]
    closed: Ints
    tables: dict[str, tuple[pa.Array, Ints]] = field(
        default_factory=dict[str, tuple[pa.Array, Ints]], repr=False, compare=False
    )

    @classmethod
    def of(cls, events: pa.Table, episodes: pa.Table, sources: pa.Table, agencies: pa.Table) -> "Codebook":
        """What the tables of a cohort (shapes as in `schema`) share."""
        told = [events.column("agency"), events.column("to_agency"), agencies.column("agency")]
        told.append(
            pa.chunked_array([list_.flatten() for list_ in events.column("shared_with").chunks], CODE)
        )
        names = names_in(*told)
        windows, sector = _windows(agencies, sources, names)
        return cls(
            agencies=names,
            care_types=names_in(events.column("care_type"), episodes.column("care_type")),
            windows=windows,
            agency_sector=sector,
            sources=tuple(sources.column("source").to_pylist()),
            closed=days(pa.chunked_array([pc.struct_field(one(sources.column("window")), "end")])),
        )

    def codes(self, table: pa.Table, name: str, names: Sequence[str]) -> Ints:
        """The codes of a column of a cohort's table; -1 for null and for a name that is not there."""
        column = table.column(name)
        if column.null_count == len(column):
            return np.full(len(column), -1, np.int64)
        array = encoded(column)
        known = self.tables.get(name)
        if known is None or not known[0].equals(array.dictionary):
            known = self.tables[name] = (array.dictionary, lookup(array.dictionary, names))
        return placed(array, known[1])

    def window_end(self, lists: pa.Array, names: Names | None) -> Ints:
        """The latest window end among the sources behind each list of records; `NO_DAY` where there is none."""
        source = codes(pa.chunked_array([sources_in(lists, names)]), self.sources)
        parent = numbers(pc.list_parent_indices(lists)).astype(np.int64)
        known = source >= 0
        known[known] = self.closed[source[known]] != NO_DAY
        return best(parent[known], self.closed[source[known]], len(lists), least=False, empty=NO_DAY)


def _windows(agencies: pa.Table, sources: pa.Table, names: Sequence[str]) -> tuple[Windows, Ints]:
    """The windows by agency, and the sector that each agency delivers most."""
    agency = codes(agencies.column("agency"), names)
    source = codes(agencies.column("source"), sources.column("source").to_pylist())
    sector = codes(agencies.column("sector"), sorted(words("sectors")))
    rows = numbers(agencies.column("rows")).astype(np.int64)
    window = one(sources.column("window"))
    ages = one(sources.column("ages"))

    def part(name: str) -> Ints:
        values = pc.fill_null(pc.struct_field(ages, name).cast(pa.int64()), -1)
        return numbers(values)[source]

    most = np.full(len(names), -1, np.int64)
    alphabetical = np.array([words("sectors").index(name) for name in sorted(words("sectors"))])
    totals = np.zeros((len(names), alphabetical.size), np.int64)
    np.add.at(totals, (agency, sector), rows)
    some = totals.sum(1) > 0
    most[some] = alphabetical[totals.argmax(1)][some]
    return Windows(
        agency=agency,
        start=days(pa.chunked_array([pc.struct_field(window, "start")]))[source],
        end=days(pa.chunked_array([pc.struct_field(window, "end")]))[source],
        age_from=part("start"),
        age_until=part("end"),
        cares=numbers(agencies.column("cares")),
    ), most
