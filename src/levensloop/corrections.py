"""Rows that replace or withdraw others, applied by what they say and never by the order of files."""

from typing import Final

import numpy as np
import pyarrow as pa

from levensloop.across import content
from levensloop.arrays import codes, days, one, told_apart
from levensloop.events import Events
from levensloop.schema import words
from levensloop.sorting import numbered
from levensloop.spans import Ints

#: Which rows a correction speaks of: those that are equal in these.
_SAME: Final = ("agency", "kind", "care_id", "to_agency", "about")
_DATES: Final = ("start_min", "start_max", "end_min", "end_max")
_NEW, _CHANGED, _WITHDRAWN = range(3)


def corrected(events: Events, youth: Ints) -> tuple[Events, Ints]:
    """The events that stand after corrections and withdrawals.

    Parameters
    ----------
    events : Events
        What was read.
    youth : numpy.ndarray of int
        The youth of each event.

    Returns
    -------
    events : Events
        Without what was withdrawn or replaced, and without the withdrawals themselves; the records say why.
    youth : numpy.ndarray of int
        The youth of each that stands.

    Notes
    -----
    A row with the status ``withdrawn`` takes back one row of the same youth, agency, kind, reference and addressee that
    says the same dates; delivered again afterwards it stands again, for rows and withdrawals are counted. A row
    with the status ``changed`` replaces every ``new`` row of the same youth, agency, kind and reference, if it has a
    reference. Source of the rule: iJw, StatusAanlevering, and OP080 (the order of messages has no meaning).
    """
    origin = events.origin.to_arrow()
    if one(origin.column("status")).null_count == len(origin):
        return events, youth
    status = codes(origin.column("status"), words("statuses"))
    table = events.held
    what = numbered([youth, *(told_apart(table.column(name)) for name in _SAME)])
    says = numbered([what, *(days(table.column(name)) for name in _DATES)])
    gone = np.full(status.size, -1, np.int64)
    gone[status == _WITHDRAWN] = 0
    gone[_taken_back(says, status, numbered(content(table, youth)))] = 1
    changed = np.unique(what[(status == _CHANGED) & (gone < 0) & (told_apart(table.column("care_id")) >= 0)])
    gone[(status != _CHANGED) & (gone < 0) & np.isin(what, changed)] = 2
    reasons = pa.array(("withdrawal", "withdrawn", "replaced"))
    keep = gone < 0
    return events.where(pa.array(keep), reasons.take(pa.array(gone, mask=keep))), youth[keep]


def _taken_back(says: Ints, status: Ints, rank: Ints) -> Ints:
    """As many rows that say the same as there are withdrawals of it; changed ones before new ones."""
    left = np.bincount(says[status == _WITHDRAWN], minlength=int(says.max(initial=0)) + 1)
    rows = np.flatnonzero(status != _WITHDRAWN)
    rows = rows[np.lexsort((rows, rank[rows], -status[rows], says[rows]))]
    first = np.searchsorted(says[rows], says[rows])
    return rows[np.arange(rows.size) - first < left[says[rows]]]
