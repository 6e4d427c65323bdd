"""What merging chose where the data leave a choice: listed, so that it can be defended."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from levensloop.arrays import any_of, one, told_apart
from levensloop.arrow import nullable, numbers
from levensloop.episodes import Made
from levensloop.naming import Names
from levensloop.schema import CHOICES, ROLES, conform, kinds_of
from levensloop.spans import Ints


class Choice(NamedTuple):
    """One sort of choice: its word, the rows of events concerned, and the events that it names.

    Events are named by the rows that they are called after, and rules by words.

    Words are ``same_fact`` (two sources tell one fact), ``joined`` (two sources tell one episode in
    pieces), ``by_order`` (a start and an end without a common reference belong together),
    ``unknown_start`` (an end to which no start was found: it began somewhere in the window),
    ``tightened`` (the days of the event are narrower because of the other, or of a rule) and
    ``unknown_reference`` (it refers to nothing that there is).
    """

    word: str
    row: Ints
    event: Ints
    other: Ints | pa.Array


def pairings(merged: pa.Table, made: Made) -> tuple[Choice, Choice]:
    """The choices behind episodes made of a start and an end.

    Parameters
    ----------
    merged : pyarrow.Table
        Columns as in ``schema.FACTS``.
    made : Made
        The events behind each episode.
    """
    row = numbers(merged.column("event"))
    reference = told_apart(merged.column("care_id"))
    ends = any_of(merged.column("kind"), [kind for role in ROLES for kind in kinds_of(role, "end")])
    start, end = made.start, made.end
    tied = (reference[start] == reference[end]) & (reference[start] >= 0)
    ordered = np.flatnonzero((start >= 0) & (end >= 0) & ends[end] & ~tied) if start.size else start
    stray = np.flatnonzero(start < 0)
    return (
        Choice("by_order", start[ordered], *(row[at[ordered]] for at in (start, end))),
        unexplained("unknown_start", merged, end[stray]),
    )


def unexplained(word: str, merged: pa.Table, row: Ints) -> Choice:
    """A choice that names no other event."""
    event = numbers(merged.column("event"))[row]
    return Choice(word, row, event, np.full(row.size, -1, np.int32))


def choices_of(merged: pa.Table, chosen: Sequence[Choice], names: Names) -> pa.Table:
    """The choices as a table (`schema.CHOICES`), youth by youth."""
    row = np.concatenate([choice.row for choice in chosen])
    words = pa.array([choice.word for choice in chosen], pa.string())
    place = np.repeat(np.arange(len(chosen), dtype=np.int32), [choice.row.size for choice in chosen])
    table = pa.table(
        {
            "youth": one(merged.column("youth")).take(pa.array(row)),
            "choice": pa.DictionaryArray.from_arrays(pa.array(place), words),
            "event": names.events(np.concatenate([choice.event for choice in chosen])),
            "other": pa.concat_arrays([_named(choice.other, names) for choice in chosen]),
        }
    )
    return conform(table, CHOICES).take(pa.array(np.argsort(row, kind="stable")))


def _named(other: Ints | pa.Array, names: Names) -> pa.Array:
    return other if isinstance(other, pa.Array) else names.events(nullable(other, other < 0))
