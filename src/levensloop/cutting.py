"""The tables of a cohort, cut by youth: what a part of it shares with the whole, and what is its own."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import choices, naming, said
from levensloop.accounts import fates_of
from levensloop.arrays import View, one
from levensloop.codebooks import Codebook
from levensloop.episodes import Made
from levensloop.lives import Slices
from levensloop.naming import Names
from levensloop.needs import Recorded, recorded
from levensloop.schema import CODE, SAID, TEXTS, nothing
from levensloop.tables import Table, wrapped
from levensloop.views import Rows, view_of

#: Tables with columns that are held as numbers and shown as text.
_SHOWN: Final = ("events", "episodes", "choices")
_OF_A_YOUTH: Final = ("events", "episodes", "youths", "identities", "conflicts", "choices")
#: How many distinct values the codes of a column tell apart; another one is left to stand for none.
_WIDTHS: Final = {pa.int8(): 127, pa.int16(): 32_767, pa.int32(): 2_147_483_647}
#: Names, of which there may be any number, and more where cohorts are put together; other codes are of closed lists.
_NAMES: Final = ("agency", "to_agency", "care_type", "problem")
_COLON: Final = pa.scalar(":", pa.string())


@dataclass(frozen=True, slots=True)
class Parts:
    """The tables of a cohort (columns as in `schema`); `agencies` tells who delivers what.

    What is said in `events` may stand there as codes, and events and records as rows of `Behind.names`: these become text
    when they are shown.
    """

    events: pa.Table
    episodes: pa.Table
    youths: pa.Table
    identities: pa.Table
    sources: pa.Table
    records: pa.Table | Table
    agencies: pa.Table
    conflicts: pa.Table
    choices: pa.Table


class Behind(NamedTuple):
    """What merging knows and no table tells: the rows of the events behind each episode, and after which rows all are named.

    Without `names` the tables hold events and records by their names.
    """

    made: Made
    names: Names | None


def at_rest(table: pa.Table) -> pa.Table:
    """A table whose codes are no wider than their words ask: a byte for a closed list, two for names, four for youths.

    Examples
    --------
    >>> kept = at_rest(pa.table({name: pa.array(["x"]).dictionary_encode() for name in ("kind", "agency")}))
    >>> [str(field.type.index_type) for field in kept.schema]
    ['int8', 'int16']
    """
    for place, field in enumerate(table.schema):
        if field.type == TEXTS and field.name == "shared_with":  # a cohort saved when these were no codes
            table = table.set_column(place, field.name, table.column(place).cast(pa.list_(CODE)))
        if field.name in ("youth", *SAID) or not pa.types.is_dictionary(field.type):
            continue
        column = table.column(place).unify_dictionaries()
        size = max((len(chunk.dictionary) for chunk in column.chunks), default=0)
        widths = list(_WIDTHS)[field.name in _NAMES :]
        kind = pa.dictionary(next(width for width in widths if size <= _WIDTHS[width]), field.type.value_type)
        if kind != field.type:
            empty = column.null_count == len(column)
            column = nothing(len(column), kind) if empty else column.cast(kind)
            table = table.set_column(place, field.name, column)
    return table


class Whole:
    """The tables of a cohort, each cut by youth when that is first asked for.

    Parameters
    ----------
    parts : Parts
    behind : Behind, optional
        Where merging knows it; else it is looked up.
    """

    def __init__(self, parts: Parts, behind: Behind | None = None) -> None:
        self._parts = replace(parts, events=at_rest(parts.events), episodes=at_rest(parts.episodes))
        narrow: Any = behind and [side.astype(np.int32) for side in behind.made]
        self._made: Made | None = narrow and Made(*narrow)
        #: After which rows events and records are named, where the tables hold these.
        self.names: Final = behind and behind.names
        self._slices: dict[str, Slices] = {}
        self._shown: dict[str, pa.Table] = {}

    def held(self, name: str) -> pa.Table:
        """One of the tables; what is shown as text may be numbers."""
        return wrapped(getattr(self._parts, name)).to_arrow()

    @property
    def behind(self) -> Behind | None:
        """What merging knows and no table tells."""
        return None if self._made is None else Behind(self._made, self.names)

    def table(self, name: str) -> pa.Table:
        """One of the tables, with columns as in `schema`; what was made text for it is kept."""
        if name not in _SHOWN:
            return self.held(name)
        if name not in self._shown:
            self._shown[name] = self.shown(name, self.held(name))
        return self._shown[name]

    def shown(self, name: str, rows: pa.Table) -> pa.Table:
        """Rows of one of the tables with columns as in `schema`."""
        if name == "choices":
            return choices.shown(rows, self.names)
        return said.shown(naming.shown(rows, self.names)) if name in _SHOWN else rows

    @property
    def records(self) -> Table:
        """What became of each delivered row."""
        return wrapped(self._parts.records)

    def sliced(self, name: str) -> Slices:
        """One of the tables of the youths, with the offset of each."""
        if name not in self._slices:
            self._slices[name] = Slices.of(self.held(name), one(self.held("youths").column("youth")))
        return self._slices[name]

    def made(self, first: int, last: int) -> Made | None:
        """The rows of the events behind each episode of some youths, counted from the first row of these."""
        if self._made is None:
            return None
        own, rows = (self.sliced(name).offsets[[first, last]] for name in ("episodes", "events"))
        sides = (side[own[0] : own[1]] for side in self._made)
        return Made(*(np.where(side < 0, -1, side - rows[0]) for side in sides))

    @cached_property
    def book(self) -> Codebook:
        """The names behind codes, and the windows of agencies."""
        return Codebook.of(*(self.held(name) for name in ("events", "episodes", "sources", "agencies")))

    @cached_property
    def recorded(self) -> Recorded:
        """What each source records at all."""
        return recorded(self.held("events"), self.names)


class Part:
    """The tables of some youths of a cohort, from one place up to another; what is of no youth is that of the whole.

    Parameters
    ----------
    whole : Whole
    first, last : int
    """

    def __init__(self, whole: Whole, first: int, last: int) -> None:
        self.whole = whole
        self.bounds: Final = (first, last)

    @property
    def all(self) -> bool:
        """Whether these are all youths."""
        return self.bounds == (0, self.whole.held("youths").num_rows)

    def part(self, first: int, last: int) -> "Part":
        """Some of these youths."""
        return Part(self.whole, self.bounds[0] + first, self.bounds[0] + last)

    def table(self, name: str) -> pa.Table:
        """One of the tables."""
        if name not in _OF_A_YOUTH or self.all:
            return self.whole.table(name)
        return self.whole.shown(name, self.whole.sliced(name).rows(*self.bounds))

    def size(self, name: str) -> int:
        """How many rows one of the tables of the youths has."""
        if self.all:
            return self.whole.held(name).num_rows
        offsets = self.whole.sliced(name).offsets
        return int(offsets[self.bounds[1]] - offsets[self.bounds[0]])

    def leaving(self, name: str) -> pa.Table:
        """One of the tables as it is given away: of a part without rows as delivered, and words, that are of others alone."""
        if self.all:
            return self.table(name)
        table = self._delivered() if name == "records" else self.table(name)
        for place, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                column = table.column(place).cast(field.type.value_type).dictionary_encode()
                table = table.set_column(place, field, column.cast(field.type))
        return table

    def _delivered(self) -> pa.Table:
        """The records of these youths."""
        told, own = (
            pc.binary_join_element_wise(
                *(rows.column(part).cast(pa.string()) for part in ("source", "record")), _COLON
            )
            for rows in (fates_of(self.whole.records), self.table("identities"))
        )
        return self.whole.records.where(pc.is_in(told, one(own))).to_arrow()

    def sliced(self, name: str) -> Slices:
        """One of the tables of the youths, with the offset of each."""
        return self.whole.sliced(name).part(*self.bounds)

    def cuts(self, rows: int) -> list[tuple[int, int]]:
        """The places of youths between which parts of about so many events lie."""
        offsets = self.sliced("events").offsets
        firsts = np.unique(np.searchsorted(offsets, np.arange(0, offsets[-1], rows), side="right") - 1)
        return list(pairwise([0, *firsts[firsts > 0].tolist(), offsets.size - 1]))

    def records_of(self, event: str) -> list[str]:
        """The names of the records behind an event; none if there is no such event."""
        rows, names = self.sliced("events").table, self.whole.names
        sought = event if names is None else names.row(event)
        own = rows.filter(pc.equal(rows.column("event"), pa.scalar(sought, rows.schema.field("event").type)))
        return self.whole.shown("events", own).column("sources").to_pylist()[0] if len(own) else []

    def view(self) -> View:
        """The arrays on which detectors compute."""
        events, episodes = (self.sliced(name) for name in ("events", "episodes"))
        rows = (
            Rows(events.table, events.youth),
            Rows(episodes.table, episodes.youth, self.whole.made(*self.bounds)),
        )
        return view_of(*rows, self.table("youths"), self.whole.book, self.whole.names)

    def __getstate__(self) -> object:
        """What is pickled: a part goes without the youths of the whole that are not its own."""
        made = self.whole.made(*self.bounds)
        tables = {field.name: self.table(field.name) for field in fields(Parts)}
        whole = Whole(Parts(**tables), made and Behind(made, None))
        vars(whole).update(book=self.whole.book, recorded=self.whole.recorded)
        return {"whole": whole, "bounds": (0, self.bounds[1] - self.bounds[0])}
