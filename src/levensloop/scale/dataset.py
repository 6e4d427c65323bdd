"""A dataset on disk: many parts of whole youths, of which one is read at a time."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from levensloop import cohort as cohorts
from levensloop.arrays import encoded
from levensloop.arrow import filled, nullable, numbers
from levensloop.cohort import Cohort, Parts, Timeline
from levensloop.errors import Fault, UserError, path_given
from levensloop.findings import Findings
from levensloop.gathering import ordered
from levensloop.needs import Recorded
from levensloop.scale.hashing import parts_of
from levensloop.scale.partition import (
    BY_YOUTH,
    cohort_of,
    findings_of,
    name_of,
    recorded_in,
    shared,
)
from levensloop.scale.store import GROUP, of_youth, read_group
from levensloop.schema import RECORDS, conform
from levensloop.sorting import distinct_rows
from levensloop.tables import Table

#: What a whole dataset has, and an unfinished one has not.
MANIFEST: Final = "dataset.json"


class Dataset(Mapping[str, Timeline]):
    """Timelines by the youth's id, on disk, with what was found.

    Parameters
    ----------
    path : path
        The folder that `run` wrote.

    Raises
    ------
    UserError
        If the folder is no whole dataset.

    Notes
    -----
    A youth is looked up by key: its part by a hash of the key, its group of rows by the first key of each
    group. Of the files of that part one group of rows is read.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        if not (self._path / MANIFEST).is_file():
            raise UserError(
                f"{self._path.name} is no whole dataset. Hint: `levensloop run --memory` goes on with what is there."
            )
        self._told: dict[str, Any] = json.loads((self._path / MANIFEST).read_text("utf-8"))
        self._files: dict[tuple[int, str], pq.ParquetFile] = {}

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    @property
    def summary(self) -> dict[str, Any]:
        """The counts of the run, as in ``summary.json``; no key and no free text."""
        return self._told["summary"]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong with what was delivered, as ``events.faults`` tells it."""
        return tuple(Fault(**one) for one in self._told.get("faults", ()))

    @property
    def conflicts(self) -> Table:
        """Youths whose records exclude each other, of all parts, as a cohort tells them."""
        paths = (self._path / name_of(part) / "conflicts.parquet" for part in range(self.parts))
        tables = [read_group(path, BY_YOUTH["conflicts"]) for path in paths]
        return Table(ordered(pa.concat_tables(tables), ("youth", "column")))

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return self._told["parts"]

    @cached_property
    def _recorded(self) -> Recorded:
        return recorded_in(self._path)

    @cached_property
    def _shared(self) -> dict[str, pa.Table]:
        return shared(self._path)

    @cached_property
    def _firsts(self) -> list[list[str]]:
        table = pq.ParquetFile(self._path / "groups.parquet").read()
        part, first = numbers(table.column("part")), table.column("first").to_pylist()
        return [[first[at] for at in np.flatnonzero(part == number)] for number in range(self.parts)]

    def part(self, number: int, *, records: bool = False) -> Cohort:
        """The youths of one part, as a cohort; their records only if asked for."""
        return cohort_of(self._path, number, self._recorded, records=records)

    def findings(self, youth: str | None = None) -> Findings:
        """What was found: of everyone, part by part, or of one youth.

        Raises
        ------
        KeyError
            If there is no such youth.
        """
        if youth is None:
            return Findings.concat([findings_of(self._path, part) for part in range(self.parts)])
        part, group = self._where(youth)
        if not len(of_youth(self._read(part, "youths", BY_YOUTH["youths"], group), youth)):
            raise KeyError("no such youth")
        found = findings_of(self._path, part, group)
        return Findings(*(of_youth(table.to_arrow(), youth) for table in (found, found.assessed)))

    def __getitem__(self, youth: str) -> Timeline:
        part, group = self._where(youth)
        tables = {
            name: of_youth(self._read(part, name, schema, group), youth) for name, schema in BY_YOUTH.items()
        }
        if not len(tables["youths"]):
            raise KeyError("no such youth")
        timeline = Timeline(Parts(**tables, **self._shared, records=RECORDS.empty_table()), youth)
        timeline.recorded = self._recorded
        return timeline

    def _where(self, youth: object) -> tuple[int, int]:
        if not isinstance(youth, str):
            raise KeyError("no such youth")
        part = int(parts_of(pa.array([youth]), self.parts)[0])
        group = bisect_right(self._firsts[part], youth.encode(), key=str.encode) - 1
        if group < 0:
            raise KeyError("no such youth")
        return part, group

    def _read(self, part: int, name: str, schema: pa.Schema, group: int) -> pa.Table:
        if (part, name) not in self._files:
            self._files[part, name] = pq.ParquetFile(self._path / name_of(part) / f"{name}.parquet")
        return conform(self._files[part, name].read_row_group(group, use_threads=False), schema)

    def __reduce__(self) -> tuple[Any, ...]:
        return Dataset, (self._path.absolute(),)  # files that are open stay here

    def __iter__(self) -> Iterator[str]:
        for part in range(self.parts):
            path = self._path / name_of(part) / "youths.parquet"
            yield from read_group(path, BY_YOUTH["youths"]).column("youth").to_pylist()

    def __len__(self) -> int:
        return self.summary["youths"]

    def __repr__(self) -> str:
        return f"<Dataset: {len(self):,} youths, {self.summary['events']:,} events, {self.parts} parts>"


def groups_of(out: Path, parts: int) -> pa.Table:
    """The first youth of each group of rows of each part."""
    tables: list[pa.Table] = []
    for part in range(parts):
        ids = pq.ParquetFile(out / name_of(part) / "youths.parquet").read(columns=["youth"]).column("youth")
        first = ids.take(pa.array(np.arange(0, len(ids), GROUP)))
        number = pa.array(np.full(len(first), part, np.int32))
        tables.append(pa.table({"part": number, "first": first.cast(pa.string())}))
    return pa.concat_tables(tables)


def load(path: str | Path) -> Cohort | Dataset:
    """Open what `Cohort.save` or `run` wrote.

    Parameters
    ----------
    path : path
        The folder.

    Returns
    -------
    Cohort or Dataset
        Of a cohort all is read; of a dataset nothing yet.

    Raises
    ------
    UserError
        If it is no path, a table of the cohort is missing, or the dataset is not whole.
    """
    folder = path_given(path, "load")
    if (folder / MANIFEST).is_file() or any(folder.glob("part-*")) or (folder / "plan.json").is_file():
        return Dataset(folder)
    return cohorts.load(folder)


def counted(out: Path, parts: int) -> list[dict[str, Any]]:
    """How many findings there are by detector, outcome and certainty."""
    by = ("detector", "outcome", "certainty")
    found: Counter[tuple[str | None, ...]] = Counter()
    for part in range(parts):
        told = pq.ParquetFile(out / name_of(part) / "findings.parquet").read(columns=list(by))
        coded = [encoded(column) for column in told.columns]
        which, place = distinct_rows([filled(each.indices) for each in coded])
        names = (
            each.dictionary.take(nullable(code, code < 0)).to_pylist()
            for each, code in zip(coded, which, strict=True)
        )
        found.update(dict(zip(zip(*names, strict=True), np.bincount(place).tolist(), strict=True)))
    order = sorted(found, key=lambda told: [(word is None, word or "") for word in told])
    return [dict(zip((*by, "findings"), (*told, found[told]), strict=True)) for told in order]
