"""What merging chose where the data leave a choice: listed, so that it can be defended."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, one, row_of
from levensloop.schema import CHOICES, ROLES, conform, kinds_of
from levensloop.spans import Ints


def choices_of(merged: pa.Table, episodes: pa.Table, apart: pa.Table, parts: pa.Table) -> pa.Table:
    """The choices behind events and episodes.

    Parameters
    ----------
    merged, episodes : pyarrow.Table
        Columns as in ``schema.EVENTS`` and ``schema.EPISODES``.
    apart : pyarrow.Table
        ``event`` and ``other``: facts that became part of another event.
    parts : pyarrow.Table
        ``event`` and ``other``: episodes that became part of another.

    Returns
    -------
    pyarrow.Table
        Columns as in ``schema.CHOICES``. Choices are ``same_fact`` (two sources tell one fact),
        ``joined`` (two sources tell one episode in pieces), ``by_order`` (a start and an end without a
        common reference belong together) and ``unknown_start`` (an end to which no start was
        found: it began somewhere in the window).
    """
    start, end = one(episodes.column("start_event")), one(episodes.column("end_event"))
    ids = one(merged.column("event"))
    row = [row_of(side, ids) for side in (start, end)]
    reference = one(merged.column("care_id"))
    known = [reference.take(pa.array(np.maximum(at, 0), mask=at < 0)) for at in row]
    tied = pc.fill_null(pc.equal(*known), fill_value=False).to_numpy(zero_copy_only=False)
    ends = [kind for role in ROLES for kind in kinds_of(role, "end")]
    closes = codes(merged.column("kind").take(pa.array(np.maximum(row[1], 0))), ends) >= 0
    ordered = np.flatnonzero((row[0] >= 0) & (row[1] >= 0) & closes & ~tied)
    stray = np.flatnonzero(row[0] < 0)

    def at(side: pa.Array, rows: Ints) -> pa.Array:
        return side.take(pa.array(rows))

    listed = {
        "same_fact": (one(apart.column("event")), one(apart.column("other"))),
        "joined": (one(parts.column("event")), one(parts.column("other"))),
        "by_order": (at(start, ordered), at(end, ordered)),
        "unknown_start": (at(end, stray), pa.nulls(stray.size, pa.string())),
    }
    event = pa.concat_arrays([pair[0] for pair in listed.values()])
    other = pa.concat_arrays([pair[1] for pair in listed.values()])
    counts = [len(pair[0]) for pair in listed.values()]
    choice = pa.DictionaryArray.from_arrays(
        pa.array(np.repeat(np.arange(len(listed), dtype=np.int32), counts)), pa.array(list(listed))
    )
    # A fact that became part of another has no row of its own: its youth is that of the other.
    found = row_of(event, ids)
    found = np.where(found >= 0, found, row_of(other, ids))
    youth = one(merged.column("youth")).take(pa.array(found))
    table = conform(pa.table({"youth": youth, "choice": choice, "event": event, "other": other}), CHOICES)
    return table.take(pa.array(np.lexsort((found, youth.indices.to_numpy(zero_copy_only=False)))))
