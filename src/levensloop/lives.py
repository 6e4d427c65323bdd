"""The facts and episodes of one youth as small frozen objects: what a detector in plain Python looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from levensloop.arrays import View, one, places
from levensloop.schema import ROLES, words
from levensloop.spans import Ints, ranges

_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded fact; days are half-open, and an end of None says that none was recorded.

    Examples
    --------
    >>> import levensloop as ll
    >>> (told,) = ll.testing.sketch("gp signal 2005-03 why='absent often'").facts("signal")
    >>> told.agency, str(told.start_min), str(told.start_max), told.exact
    ('gp', '2005-03-01', '2005-03-31', False)
    """

    id: str
    kind: str
    agency: str
    sector: str
    start_min: date
    start_max: date
    end_min: date | None = None
    end_max: date | None = None
    to_agency: str | None = None
    care_type: str | None = None
    problem: str | None = None
    capacity: str | None = None
    care_id: str | None = None
    what: str | None = None
    why: str | None = None
    by_whom: str | None = None
    result: str | None = None
    initiative: str | None = None
    reason: str | None = None
    about: str = "youth"
    shared_with: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the first day is known."""
        return self.start_min == self.start_max


@dataclass(frozen=True, slots=True)
class Episode:
    """An interval of care, wait, school, work, measure or lead.

    It surely covers [`start_max`, `end_min`) and possibly [`start_min`, `end_max`). Open and unknown
    ends are filled in: an open episode surely lasts to the end of its source's window, and possibly to
    the day up to which the youth is observed.

    Examples
    --------
    >>> import levensloop as ll
    >>> (care,) = ll.testing.sketch("ggz care 2005-03..2005-09-30 goal_reached").care()
    >>> care.agency, care.days_min, care.days_max, care.reason
    ('ggz', 184, 214, 'goal_reached')
    """

    role: str
    agency: str
    sector: str
    start_min: date
    start_max: date
    end_min: date
    end_max: date
    open: bool = False
    care_type: str | None = None
    reason: str | None = None
    events: tuple[str, ...] = ()

    @property
    def days_min(self) -> int:
        """The days that it surely lasted; 0 where no day is sure."""
        return max(0, (self.end_min - self.start_max).days)

    @property
    def days_max(self) -> int:
        """The days that it can have lasted."""
        return (self.end_max - self.start_min).days


@dataclass(frozen=True, slots=True)
class Slices:
    """A table sorted by youth, with the offset of the first row of each youth, and of the end."""

    table: pa.Table
    offsets: Ints

    @classmethod
    def of(cls, table: pa.Table, ids: pa.Array) -> "Slices":
        """A table of which the column `youth` holds some of the ids.

        Examples
        --------
        >>> table = pa.table({"youth": ["b", "b"]})
        >>> Slices.of(table, pa.array(["a", "b"])).offsets.tolist()
        [0, 0, 2]
        """
        youth = places(table.column("youth"), ids)
        if (youth[1:] < youth[:-1]).any():
            order = np.argsort(youth, kind="stable")
            table, youth = table.take(pa.array(order)), youth[order]
        return cls(table, np.searchsorted(youth, np.arange(len(ids) + 1)))

    def rows(self, first: int, last: int) -> pa.Table:
        """The rows of the youths from one place up to another."""
        return self.table.slice(self.offsets[first], self.offsets[last] - self.offsets[first])

    def part(self, first: int, last: int) -> "Slices":
        """The same of these youths alone."""
        return Slices(self.rows(first, last), self.offsets[first : last + 1] - self.offsets[first])

    @property
    def youth(self) -> Ints:
        """The place of the youth of each row."""
        return ranges(self.offsets[:-1], self.offsets[1:])[0]


class Lives:
    """Events and episodes of any youth of a cohort, as objects, made when they are asked for.

    Parameters
    ----------
    view : View
        The arrays of the cohort.
    events : Slices
        Its events, with the names that they are called by.
    """

    __slots__ = ("_events", "_ids", "_rows", "_view")

    def __init__(self, view: View, events: Slices) -> None:
        self._view = view
        self._ids = one(events.table.column("event"))
        self._events = events
        self._rows = np.searchsorted(view.episodes.youth, np.arange(view.size + 1)).tolist()

    def events(self, place: int) -> tuple[Event, ...]:
        """The events of the youth at a place, about anyone, in order."""
        return tuple(_event(row) for row in self._events.rows(place, place + 1).to_pylist())

    def episodes(self, place: int) -> Iterator[Episode]:
        """The episodes about the youth at a place, in order."""
        view, episodes = self._view, self._view.episodes
        for row in range(self._rows[place], self._rows[place + 1]):
            ends = {int(at) for at in (episodes.start_row[row], episodes.end_row[row]) if at >= 0}
            yield Episode(
                role=ROLES[episodes.role[row]],
                agency=view.agencies[episodes.agency[row]],
                sector=words("sectors")[episodes.sector[row]],
                start_min=_day(episodes.start_min[row]),
                start_max=_day(episodes.start_max[row]),
                end_min=_day(episodes.end_min[row]),
                end_max=_day(episodes.end_max[row]),
                open=bool(episodes.open[row]),
                care_type=_word(view.care_types, episodes.care_type[row]),
                reason=_word(words("reasons"), episodes.reason[row]),
                events=tuple(self._ids[at].as_py() for at in sorted(ends)),
            )


def _event(row: dict[str, Any]) -> Event:
    kept = {
        name: value for name, value in row.items() if name not in ("event", "youth", "precision", "disputed")
    }
    kept["shared_with"] = tuple(row["shared_with"] or ())
    kept["sources"] = tuple(row["sources"] or ())
    return Event(id=row["event"], **kept)


def _day(day: int) -> date:
    return date.fromordinal(int(day) + _EPOCH)


def _word(names: tuple[str, ...], code: int) -> str | None:
    return names[code] if code >= 0 else None
