"""What became of every delivered row, and the law that none is lost."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from levensloop.arrow import numbers
from levensloop.errors import LevensloopError
from levensloop.normalise import Normal
from levensloop.schema import nothing
from levensloop.sorting import order_of

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
FATES: Final = ("event", "rejected", "ignored")
_EVENT, _REJECTED, _IGNORED = range(3)


@dataclass(frozen=True, slots=True)
class Entries:
    """One entry per row and part of a source, in the order of the rows.

    Parameters
    ----------
    record, part : numpy.ndarray of int
        The delivered row, and which of its events.
    fate : numpy.ndarray of int
        Place in (event, rejected, ignored).
    reason : pyarrow.Array
        Why it was rejected or ignored, or null.
    row : numpy.ndarray of int
        The place of the delivered row.
    """

    record: Ints
    part: Ints
    fate: Ints
    reason: pa.Array
    row: Ints

    def rows_with(self, fate: str) -> Mask:
        """Whether each delivered row has an entry with this fate."""
        found = np.zeros(int(self.row[-1]) + 1 if self.row.size else 0, bool)
        found[self.row[self.fate == FATES.index(fate)]] = True
        return found

    @property
    def accepted(self) -> int:
        """The number of rows that made at least one event."""
        return int(self.rows_with("event").sum())

    @property
    def rejected(self) -> int:
        """The number of rows of which nothing was accepted and something rejected."""
        return int((self.rows_with("rejected") & ~self.rows_with("event")).sum())


def entries_of(
    normal: Normal,
    raw_record: Ints,
    ignored: Mask,
    ignored_reason: str,
    early_rejects: dict[int, str],
) -> Entries:
    """The fate of every delivered row.

    Parameters
    ----------
    normal : Normal
        What normalising made of the rows that came so far.
    raw_record : numpy.ndarray of int
        The numbers of the delivered rows.
    ignored : numpy.ndarray of bool
        The delivered rows that make no event; one that has another fate keeps that.
    ignored_reason : str
        Why they make none.
    early_rejects : dict of int to str
        From the place of a delivered row to the fault for which it was never normalised.

    Returns
    -------
    Entries
    """
    if len(normal.delivered) == raw_record.size and np.array_equal(raw_record, normal.record):
        # One event a row, as most have.
        each, none = np.arange(raw_record.size), nothing(raw_record.size, pa.string())
        return Entries(raw_record, normal.part, np.full(each.size, _EVENT), none, each)
    made = np.flatnonzero(~normal.rejected) if normal.delivered.num_rows else np.empty(0, np.int64)
    lost = np.flatnonzero(normal.rejected)
    early = np.fromiter(early_rejects, np.int64, len(early_rejects))
    rows = [_places(raw_record, normal.record[at]) for at in (made, lost)]
    seen = np.zeros(raw_record.size, bool)
    seen[np.concatenate([*rows, early])] = True
    left = np.flatnonzero(ignored & ~seen)
    row = np.concatenate([*rows, early, left])
    none = np.zeros(early.size + left.size, np.int64)
    part = np.concatenate([normal.part[made], normal.part[lost], none])
    fate = np.repeat([_EVENT, _REJECTED, _IGNORED], [made.size, lost.size + early.size, left.size])
    reasons = [*normal.codes[lost], *early_rejects.values()]
    reason = pa.concat_arrays(
        [
            pa.nulls(made.size, pa.string()),
            pa.array(reasons, pa.string()),
            pa.repeat(pa.scalar(ignored_reason, pa.string()), left.size),
        ]
    )
    order = order_of([row, part])
    return Entries(raw_record[row[order]], part[order], fate[order], reason.take(pa.array(order)), row[order])


def _places(raw_record: Ints, record: Ints) -> Ints:
    """The place of each numbered row among the delivered ones."""
    if np.array_equal(raw_record, record):
        return np.arange(record.size)
    order = np.argsort(raw_record, kind="stable")
    place = np.searchsorted(raw_record, record, sorter=order)
    found = order[np.minimum(place, order.size - 1)] if order.size else place
    if record.size and not (order.size and np.array_equal(raw_record[found], record)):
        raise LevensloopError("an event names a row that was not delivered")
    return found


def check(source: str, entries: Entries, normal: Normal, raw_record: Ints) -> None:
    """Raise if a delivered row has no fate, a part has two, or the events are others than the entries name.

    Raises
    ------
    LevensloopError
        The conservation law does not hold: the program is at fault, not the file.
    """
    origin = {name: numbers(normal.origin.column(name)) for name in ("record", "part")}
    told = entries.fate == _EVENT
    record, part, rows = entries.record[told], entries.part[told], entries.row
    by_number = order_of([origin["record"], origin["part"].astype(np.int64)])
    by_entry = order_of([record, part])
    step = np.diff(rows)
    laws = {
        "a row number is not unique": unique(raw_record),
        "a row has no fate": (step <= 1).all() and _whole(rows, raw_record.size),
        "a part has two fates": ((step > 0) | (np.diff(entries.part) > 0)).all(),
        "an event has no row": len(normal.delivered) == len(normal.origin),
        "an event comes from another source": set(normal.origin.column("source").unique().to_pylist())
        <= {source},
        "entries and events differ": np.array_equal(record[by_entry], origin["record"][by_number])
        and np.array_equal(part[by_entry], origin["part"][by_number]),
    }
    broken = [law for law, holds in laws.items() if not holds]
    if broken:
        raise LevensloopError(f"source '{source}' does not add up: {'; '.join(broken)}")


def unique(record: Ints) -> bool:
    """Whether no row number stands there twice; most come in their order, and need not be sorted."""
    return bool((record[1:] > record[:-1]).all() or (np.diff(np.sort(record)) > 0).all())


def _whole(rows: Ints, size: int) -> bool:
    """Whether sorted places run from the first to the last of `size` rows."""
    return bool(rows[0] == 0 and rows[-1] == size - 1) if rows.size else size == 0
