"""What merging chose where the data leave a choice: listed, so that it can be defended."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import naming
from levensloop.arrays import any_of, one, told_apart
from levensloop.arrow import nullable, numbers
from levensloop.episodes import Made
from levensloop.naming import Names
from levensloop.reasoning import RULES
from levensloop.schema import CHOICES, HELD_CHOICES, ROLES, conform, kinds_of
from levensloop.spans import Ints


class Choice(NamedTuple):
    """One sort of choice: its word, the rows of events concerned, and the events that it names.

    Events are named by the rows that they are called after, -1 for none, and rules by their place in ``reasoning.RULES``.

    Words are ``same_fact`` (two sources tell one fact), ``joined`` (two sources tell one episode in
    pieces), ``by_order`` (a start and an end without a common reference belong together),
    ``unknown_start`` (an end to which no start was found: it began somewhere in the window),
    ``tightened`` (the days of the event are narrower because of the other, or of a rule) and
    ``unknown_reference`` (it refers to nothing that there is).
    """

    word: str
    row: Ints
    event: Ints
    other: Ints
    rule: Ints | None = None


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
    return Choice(word, row, event, np.full(row.size, -1))


def choices_of(merged: pa.Table, chosen: Sequence[Choice]) -> pa.Table:
    """The choices as a table (`schema.HELD_CHOICES`), youth by youth."""
    row = np.concatenate([choice.row for choice in chosen])
    other = np.concatenate([choice.other for choice in chosen])
    rule = np.concatenate([_none(choice) if choice.rule is None else choice.rule for choice in chosen])
    words = pa.array([choice.word for choice in chosen], pa.string())
    place = np.repeat(np.arange(len(chosen), dtype=np.int32), [choice.row.size for choice in chosen])
    code = nullable(rule.astype(np.int32), (rule < 0) | (other >= 0))
    table = pa.table(
        {
            "youth": one(merged.column("youth")).take(pa.array(row)),
            "choice": pa.DictionaryArray.from_arrays(pa.array(place), words),
            "event": np.concatenate([choice.event for choice in chosen]),
            "other": nullable(other, other < 0),
            "rule": pa.DictionaryArray.from_arrays(code, pa.array(RULES, pa.string()), safe=False),
        }
    )
    return conform(table, HELD_CHOICES).take(pa.array(np.argsort(row, kind="stable")))


def _none(choice: Choice) -> Ints:
    return np.full(choice.row.size, -1)


def shown(table: pa.Table, names: Names | None) -> pa.Table:
    """Choices with the names of events (`schema.CHOICES`), where they are held as rows of `names`."""
    if names is None:
        return table
    told = naming.shown(table.select(["youth", "choice", "event", "other"]), names)
    why = pc.coalesce(told.column("other"), table.column("rule").cast(pa.string()))
    return told.set_column(3, CHOICES.field("other"), why)
