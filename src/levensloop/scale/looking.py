"""What detectors find of the parts of a dataset: one function from table to table for every engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from levensloop.detecting import detect
from levensloop.scale.partition import cohort_of, recorded_in
from levensloop.schema import ASSESSED, FINDINGS
from levensloop.tables import plain

if TYPE_CHECKING:
    from levensloop.scale.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Look:
    """A function ``pyarrow.Table -> pyarrow.Table``: numbers of parts in, findings out.

    What rests on all sources together (windows, rows of an agency, what is recorded) is read beside the parts.

    Parameters
    ----------
    path : Path
        The folder of the dataset.
    detectors : tuple of Detector
        Every built-in one if there are none.
    assessed : bool
        Rather who could be assessed than what was found.
    """

    path: Path
    detectors: tuple[Any, ...] = ()
    assessed: bool = False

    @classmethod
    def of(cls, dataset: "Dataset", detectors: Sequence[Any], *, assessed: bool) -> "Look":
        """The function for a dataset; an absolute path, since others read it elsewhere."""
        return cls(dataset.path.absolute(), tuple(detectors), assessed)

    def __call__(self, parts: pa.Table) -> pa.Table:
        """The rows of `Findings`, of the parts whose numbers the column `part` holds."""
        recorded = recorded_in(self.path)
        tables = [plain((ASSESSED if self.assessed else FINDINGS).empty_table())]
        for part in parts.column("part").to_pylist():
            found = detect(cohort_of(self.path, part, recorded), *self.detectors)
            tables.append(plain((found.assessed if self.assessed else found).to_arrow()))
        return pa.concat_tables(tables)
