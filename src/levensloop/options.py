"""How a source writes things down, and the tally of what is wrong with its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from levensloop.dates import FAULTS, Bounds
from levensloop.errors import Fault, fault

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Options:
    """How a source writes things down.

    Parameters
    ----------
    source, file : str
        The name of the source, and the file that faults name.
    end_exclusive : bool
        Whether an end is the first day after rather than the last day.
    unknown_end : bool
        Whether an empty end means "ended, not known when" rather than "open".
    ordered : bool
        Whether the rows of a person stand in the order in which they happened.
    window : (date, date), optional
        The first and the last day that the source tells of: a row that is dated by order alone lies there.
    date_formats : sequence of str
        See `dates.parse`.
    columns : mapping of str to str
        From a default column to the name by which faults call it.
    keys : tuple of pyarrow.Array
        Keys of persons for which pseudonyms stand in the table.

    Examples
    --------
    >>> Options("ggz", "ggz.csv", date_formats=("%d-%m-%Y",)).end_exclusive
    False
    """

    source: str
    file: str
    end_exclusive: bool = False
    unknown_end: bool = False
    ordered: bool = False
    window: tuple[date, date] | None = None
    date_formats: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    keys: tuple[pa.Array, ...] = ()

    def fault(self, code: str, column: str, rows: Ints, detail: str = "") -> Fault:
        """One fault for all `rows` (their record numbers) of a default column."""
        name = self.columns.get(column, column)
        return fault(code, self.file, row=int(rows.min()), column=name, detail=detail, count=int(rows.size))


class Tally:
    """Collects the faults of a table, and for which of them a row is rejected."""

    def __init__(self, record: Ints, options: Options) -> None:
        self.record, self.options = record, options
        self.codes: npt.NDArray[np.object_] = np.full(record.size, None, object)
        self.rejected: Mask = np.zeros(record.size, bool)
        self.faults: list[Fault] = []

    def add(self, code: str, column: str, rows: Mask, *, reject: bool, detail: str = "") -> None:
        """Note a fault of `rows`; a row that is rejected keeps the first code."""
        if not rows.any():
            return
        self.faults.append(self.options.fault(code, column, self.record[rows], detail))
        if reject:
            self.codes[rows & ~self.rejected] = code
            self.rejected |= rows

    def add_dates(self, column: str, bounds: Bounds, *, reject: bool) -> None:
        """Note all that is wrong with the dates of a column."""
        for place, code in enumerate(FAULTS):
            self.add(code, column, bounds.faults == place, reject=reject)
