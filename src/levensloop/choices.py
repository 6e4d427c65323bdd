"""What merging chose where the data leave a choice: listed, so that it can be defended."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, one
from levensloop.episodes import Made
from levensloop.schema import CHOICES, ROLES, conform, kinds_of
from levensloop.spans import Ints

_CHOICES: Final = ("same_fact", "joined", "by_order", "unknown_start")


def choices_of(merged: pa.Table, made: Made, apart: pa.Table, parts: tuple[Ints, Ints]) -> pa.Table:
    """The choices behind events and episodes.

    Parameters
    ----------
    merged : pyarrow.Table
        Columns as in ``schema.EVENTS``.
    made : Made
        The events behind each episode.
    apart : pyarrow.Table
        ``event``, the id of a fact that became part of another, and the ``row`` of that other.
    parts : pair of numpy.ndarray of int
        The events of episodes that became part of another, and of that other.

    Returns
    -------
    pyarrow.Table
        Columns as in ``schema.CHOICES``. Choices are ``same_fact`` (two sources tell one fact),
        ``joined`` (two sources tell one episode in pieces), ``by_order`` (a start and an end without a
        common reference belong together) and ``unknown_start`` (an end to which no start was
        found: it began somewhere in the window).
    """
    ids = one(merged.column("event"))
    references = one(merged.column("care_id")).dictionary_encode().indices
    reference = pc.fill_null(references, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    ends = codes(merged.column("kind"), [kind for role in ROLES for kind in kinds_of(role, "end")]) >= 0
    start, end = made.start, made.end
    tied = (reference[start] == reference[end]) & (reference[start] >= 0)
    ordered = np.flatnonzero((start >= 0) & (end >= 0) & ends[end] & ~tied) if start.size else start
    stray = np.flatnonzero(start < 0)
    row = one(apart.column("row")).to_numpy()
    # A fact that became part of another has no row of its own: its youth is that of the other.
    place = [row, parts[0], start[ordered], end[stray]]
    event = [one(apart.column("event")), *(ids.take(pa.array(at)) for at in place[1:])]
    other = [
        *(ids.take(pa.array(at)) for at in (row, parts[1], end[ordered])),
        pa.nulls(stray.size, pa.string()),
    ]
    whose = np.concatenate(place)
    columns = {
        "youth": one(merged.column("youth")).take(pa.array(whose)),
        "choice": pa.DictionaryArray.from_arrays(
            pa.array(np.repeat(np.arange(4, dtype=np.int32), [at.size for at in place])), pa.array(_CHOICES)
        ),
        "event": pa.concat_arrays(event),
        "other": pa.concat_arrays(other),
    }
    return conform(pa.table(columns), CHOICES).take(pa.array(np.argsort(whose, kind="stable")))
