"""Many timelines as one set of tables; one timeline is a cohort of one."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from levensloop import naming, saving, tracing
from levensloop.arrays import View, birthday
from levensloop.cutting import Behind, Part, Parts, Whole
from levensloop.errors import path_given
from levensloop.keeping import Kept
from levensloop.lives import Episode, Event, Lives
from levensloop.needs import Recorded
from levensloop.tables import Later, Table, plain


class Cohort(Mapping[str, "Timeline"]):
    """Timelines by the youth's id, with the tables behind them.

    Parameters
    ----------
    parts : Parts
        The tables, as `merge` makes them.
    kept : Kept or str
        What `update` needs beside them, or why it is not there.
    behind : Behind, optional
        What merging knows beside the tables; else it is looked up.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]})
    >>> events = ll.Events(table)
    >>> list(ll.merge(events, ll.link(events)))
    ['a']
    """

    def __init__(
        self,
        parts: Parts | Part,
        kept: Kept | str = "it is a part of a cohort, or was made by hand",
        behind: Behind | None = None,
    ) -> None:
        self._part = parts if isinstance(parts, Part) else Part(Whole(parts, behind), 0, len(parts.youths))
        #: What `update` needs beside the tables, or why it is not there.
        self.kept: Final = kept

    @property
    def events(self) -> Table:
        """One row a fact."""
        return Later(partial(self._part.table, "events"), self._part.size("events"))

    @property
    def kinds(self) -> pa.ChunkedArray:
        """The kind of each event."""
        return self._part.sliced("events").table.column("kind")

    @property
    def episodes(self) -> Table:
        """One row an interval of care, wait, school, work, measure or lead."""
        return Later(partial(self._part.table, "episodes"), self._part.size("episodes"))

    @property
    def youths(self) -> Table:
        """One row a youth."""
        return Table(self._part.table("youths"))

    @property
    def identities(self) -> Table:
        """One row a record: its key, its youth and what joined it."""
        return Table(self._part.table("identities"))

    @property
    def sources(self) -> Table:
        """One row a delivered file."""
        return Table(self._part.table("sources"))

    @property
    def records(self) -> Table:
        """One row a delivered row and part: its fate."""
        return self._part.whole.records

    @property
    def agencies(self) -> Table:
        """One row per agency, source and sector: how many rows it delivers."""
        return Table(self._part.table("agencies"))

    @property
    def conflicts(self) -> Table:
        """Youths whose records exclude each other, as linking reported them."""
        return Table(self._part.table("conflicts"))

    @property
    def choices(self) -> Table:
        """What merging chose where the data leave a choice, with the events concerned."""
        return Later(partial(self._part.table, "choices"), self._part.size("choices"))

    def held(self) -> tuple[dict[str, pa.Table], Behind | None]:
        """The tables of the whole as they are held, and what merging knows beside them: for who puts them aside."""
        whole = self._part.whole
        return {
            field.name: whole.held(field.name) for field in fields(Parts) if field.name != "records"
        }, whole.behind

    def trace(self, event: str) -> list[dict[str, Any]]:
        """The delivered rows behind an event, with the file and the number of each.

        Parameters
        ----------
        event : str
            The id of an event, as in `events` and in the evidence of findings; or ``source:record``
            of any delivered row, whatever became of it.

        Returns
        -------
        list of dict
            ``file``, ``record`` (the number of the row under the header), ``fate``, ``event``, ``reason`` and
            ``row``, the cells as delivered.

        Raises
        ------
        UserError
            If no event or row has that name, or the rows are not here: a dataset's stay on disk unless asked for.

        Examples
        --------
        >>> from levensloop.testing import sketch
        >>> life = sketch("ggz care 2005-03-01..2005-04-30")
        >>> [(row["record"], row["fate"]) for row in life.trace(life.events.to_arrow()["event"][0].as_py())]
        [(1, 'event')]
        """
        return tracing.trace(self._part, event)

    @cached_property
    def view(self) -> View:
        """The arrays on which detectors compute."""
        return self._part.view()

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {
            youth: row for row, youth in enumerate(self._part.table("youths").column("youth").to_pylist())
        }

    @property
    def recorded(self) -> Recorded:
        """What each source records at all; of a part of a cohort, what it records for anyone there."""
        return self._part.whole.recorded

    @recorded.setter
    def recorded(self, told: Recorded) -> None:
        self._part.whole.recorded = told

    @cached_property
    def lives(self) -> Lives:
        """Events and episodes of each youth as objects."""
        events = self._part.sliced("events")
        return Lives(self.view, replace(events, table=naming.shown(events.table, self._part.whole.names)))

    def __getitem__(self, youth: str) -> "Timeline":
        place = self._ids.get(youth)
        if place is None:
            raise KeyError("no such youth")  # which is not said: it may be a person's key
        return Timeline(self._part.part(place, place + 1), youth)

    def part(self, first: int, last: int) -> "Cohort":
        """The youths from one place up to another, as a cohort of their own.

        Examples
        --------
        >>> import levensloop as ll
        >>> cohort = ll.testing.sketch("youth p; gp contact 2005; youth q; gp contact 2005; youth r; gp contact 2006")
        >>> list(cohort.part(1, 3))
        ['q', 'r']
        """
        return Cohort(self._part.part(first, last))

    def cuts(self, rows: int) -> list[tuple[int, int]]:
        """The places of youths between which parts of about so many events lie.

        Examples
        --------
        >>> import levensloop as ll
        >>> cohort = ll.testing.sketch("youth p; gp contact 2005; youth q; gp contact 2005; youth r; gp contact 2006")
        >>> cohort.cuts(2)
        [(0, 2), (2, 3)]
        """
        return self._part.cuts(rows)

    def timeline(self, youth: str) -> "Timeline":
        """The timeline of one youth, for many in turn: its objects are made of the arrays of the cohort.

        Parameters
        ----------
        youth : str
            The youth's id.
        """
        timeline = self[youth]
        timeline.among = (self.lives, self._ids[youth])
        return timeline

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return self._part.table("youths").num_rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cohort) and all(
            plain(getattr(self, field.name).to_arrow()).equals(plain(getattr(other, field.name).to_arrow()))
            for field in fields(Parts)
        )

    __hash__ = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} youths, {len(self.events):,} events>"

    def save(self, path: str | Path, *, names: bool = False) -> None:
        """Write the tables as a folder of Parquet files, with the rows as read so that it can be updated.

        Of a part of a cohort, such as one timeline, no rows as delivered of other youths go with it.

        Parameters
        ----------
        path : path
            The folder, such as ``emmen.lvl``; made when it is not there.
        names : bool
            Whether the names and postcodes by which records were linked go with it. Only a cohort that
            was linked by them needs them, and only for `update`.
        """
        saving.save(path_given(path, "save"), self._part, self.kept, names=names)


class Timeline(Cohort):
    """All events and episodes of one youth: a cohort of one.

    Parameters
    ----------
    parts : Parts
        The youth's own tables, and the sources, records and agencies of the whole cohort.
    youth : str
        The youth's id.
    """

    def __init__(self, parts: Parts | Part, youth: str) -> None:
        super().__init__(parts)
        self._youth = youth
        #: Whose arrays the objects are made of, and the place of the youth there.
        self.among: tuple[Lives, int] | None = None
        #: As what it is shown (`reports.disclose`): every page says so. Empty where nobody has decided.
        self.shown = ""

    @property
    def id(self) -> str:
        """The youth's id."""
        return self._youth

    @property
    def birth_min(self) -> date | None:
        """The earliest day of birth."""
        return self._part.table("youths").column("birth_min")[0].as_py()

    @property
    def birth_max(self) -> date | None:
        """The latest day of birth."""
        return self._part.table("youths").column("birth_max")[0].as_py()

    @property
    def until(self) -> date:
        """The first day after which nothing is observed any more."""
        return self._part.table("youths").column("observed_until")[0].as_py()

    def birthday(self, age: int) -> tuple[date, date] | None:
        """The earliest and the latest day on which the youth turns `age`; None if the birth is unknown.

        Examples
        --------
        >>> import levensloop as ll
        >>> [str(day) for day in ll.testing.sketch("birth 1989-05; gp contact 2005").birthday(18)]
        ['2007-05-01', '2007-05-31']
        """
        if self.birth_min is None or self.birth_max is None:
            return None
        born = np.array([self.birth_min, self.birth_max], "M8[D]").astype(np.int64)
        first, last = birthday(born, age).astype("M8[D]").tolist()
        return first, last

    def facts(self, *kinds: str, about: str | None = "youth") -> tuple[Event, ...]:
        """The events of some kinds, in order; of every kind if none is given.

        Parameters
        ----------
        *kinds : str
            Such as ``"signal", "report"``.
        about : str, optional
            About whom; None for anyone.

        Examples
        --------
        >>> import levensloop as ll
        >>> life = ll.testing.sketch("gp signal 2005-03-01; school absence 2005-01; gp contact 2006")
        >>> [(event.agency, event.kind) for event in life.facts("signal", "absence")]
        [('school', 'absence'), ('gp', 'signal')]
        """
        lives, place = self.among or (self.lives, 0)
        return tuple(
            event
            for event in lives.events(place)
            if (not kinds or event.kind in kinds) and about in (None, event.about)
        )

    def episodes_of(self, *roles: str) -> tuple[Episode, ...]:
        """The episodes about the youth, in order: care, wait, school, work, measure, lead; or some of these.

        Examples
        --------
        >>> import levensloop as ll
        >>> life = ll.testing.sketch("school school 2000-08-15..2005-07-31; ggz care 2004-01-01..2004-06-30")
        >>> [(one.role, one.agency) for one in life.episodes_of("school", "care")]
        [('school', 'school'), ('care', 'ggz')]
        """
        lives, place = self.among or (self.lives, 0)
        return tuple(one for one in lives.episodes(place) if not roles or one.role in roles)

    def care(self) -> tuple[Episode, ...]:
        """The episodes of care about the youth, in order."""
        return self.episodes_of("care")

    def __repr__(self) -> str:
        return f"<Timeline: {len(self.events):,} events, {len(self.episodes):,} episodes>"


def load(path: str | Path) -> Cohort:
    """Read a cohort that `Cohort.save` wrote.

    Parameters
    ----------
    path : path
        The folder.

    Returns
    -------
    Cohort

    Raises
    ------
    UserError
        If a table of the cohort is missing.
    """
    folder = Path(path)
    found = Cohort(*saving.saved_in(folder))
    if (told := saving.recorded_in(folder)) is not None:
        found.recorded = told
    return found
