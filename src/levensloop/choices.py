"""What merging chose where the data leave a choice: listed, so that it can be defended."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from levensloop.arrays import any_of, one, told_apart
from levensloop.episodes import Made
from levensloop.schema import CHOICES, ROLES, conform, kinds_of
from levensloop.spans import Ints


class Choice(NamedTuple):
    """One sort of choice: its word, the rows of events concerned, and the ids that it names.

    Words are ``same_fact`` (two sources tell one fact), ``joined`` (two sources tell one episode in
    pieces), ``by_order`` (a start and an end without a common reference belong together),
    ``unknown_start`` (an end to which no start was found: it began somewhere in the window),
    ``tightened`` (the days of the event are narrower because of the other, or of a rule) and
    ``unknown_reference`` (it refers to nothing that there is).
    """

    word: str
    row: Ints
    event: pa.Array
    other: pa.Array


def pairings(merged: pa.Table, made: Made) -> tuple[Choice, Choice]:
    """The choices behind episodes made of a start and an end.

    Parameters
    ----------
    merged : pyarrow.Table
        Columns as in ``schema.EVENTS``.
    made : Made
        The events behind each episode.
    """
    ids = one(merged.column("event"))
    reference = told_apart(merged.column("care_id"))
    ends = any_of(merged.column("kind"), [kind for role in ROLES for kind in kinds_of(role, "end")])
    start, end = made.start, made.end
    tied = (reference[start] == reference[end]) & (reference[start] >= 0)
    ordered = np.flatnonzero((start >= 0) & (end >= 0) & ends[end] & ~tied) if start.size else start
    stray = np.flatnonzero(start < 0)
    return (
        Choice("by_order", start[ordered], *(ids.take(pa.array(at[ordered])) for at in (start, end))),
        unexplained("unknown_start", merged, end[stray]),
    )


def unexplained(word: str, merged: pa.Table, row: Ints) -> Choice:
    """A choice that names no other event."""
    return Choice(word, row, one(merged.column("event")).take(pa.array(row)), pa.nulls(row.size, pa.string()))


def choices_of(merged: pa.Table, chosen: Sequence[Choice]) -> pa.Table:
    """The choices as a table (`schema.CHOICES`), youth by youth."""
    row = np.concatenate([choice.row for choice in chosen])
    words = pa.array([choice.word for choice in chosen], pa.string())
    place = np.repeat(np.arange(len(chosen), dtype=np.int32), [choice.row.size for choice in chosen])
    table = pa.table(
        {
            "youth": one(merged.column("youth")).take(pa.array(row)),
            "choice": pa.DictionaryArray.from_arrays(pa.array(place), words),
            "event": pa.concat_arrays([choice.event for choice in chosen]),
            "other": pa.concat_arrays([choice.other for choice in chosen]),
        }
    )
    return conform(table, CHOICES).take(pa.array(np.argsort(row, kind="stable")))
