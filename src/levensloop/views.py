"""The arrays of a cohort's tables: how a `View` is made."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import EpisodeColumns, EventColumns, Told, View, any_of, codes, days, one, row_of
from levensloop.arrow import numbers
from levensloop.codebooks import Codebook
from levensloop.naming import Called, Names
from levensloop.schema import ROLES, words
from levensloop.sorting import distinct_rows
from levensloop.spans import NO_DAY, Ints, best


class Rows(NamedTuple):
    """A table of a cohort, the place of the youth of each row and, of an episode, the rows of its events if known."""

    table: pa.Table
    youth: Ints
    made: tuple[Ints, Ints] | None = None

    def about_youth(self) -> tuple["Rows", Ints]:
        """The rows about the youth, and which they are."""
        about = any_of(self.table.column("about"), ("youth",))
        row = np.flatnonzero(about)
        if row.size == about.size:
            return self, row
        made = self.made and (self.made[0][row], self.made[1][row])
        return Rows(self.table.filter(pa.array(about)), self.youth[row], made), row


def view_of(events: Rows, episodes: Rows, youths: pa.Table, book: Codebook, names: Names | None) -> View:
    """The arrays of a cohort's tables (shapes as in `schema`), with the names of the rows that these hold, if they do."""
    ids = one(youths.column("youth"))
    care_ids = pc.drop_null(pc.unique(events.table.column("care_id")))
    until = days(youths.column("observed_until"))
    births = days(youths.column("birth_min")), days(youths.column("birth_max"))
    exact = np.array_equal(*births)
    columns = _event_columns(events, book, care_ids)
    gone = departed(columns.youth, columns.kind, columns.reason, columns.start_max, len(ids))
    return View(
        ids=ids,
        birth_min=births[0],
        birth_max=births[0] if exact else births[1],
        until=until,
        departed=gone != NO_DAY,
        events=columns,
        told=_told(one(events.table.column("shared_with")), columns, book.agencies),
        episodes=_episode_columns(episodes, (events.table, care_ids), until, (book, names)),
        windows=book.windows,
        agencies=book.agencies,
        care_types=book.care_types,
        agency_sector=book.agency_sector,
        called=Called(events.table.column("event"), names),
    )


def _told(shared: pa.Array, events: EventColumns, names: Sequence[str]) -> Told:
    """The agencies that were told of each event about the youth, its own left out."""
    row = numbers(pc.list_parent_indices(shared)).astype(np.int64)
    agency = codes(pa.chunked_array([shared.flatten()]), names)
    place = np.minimum(np.searchsorted(events.row, row), max(events.row.size - 1, 0))
    keep = events.row[place] == row if events.row.size else np.zeros(row.size, bool)
    keep[keep] = (agency[keep] >= 0) & (agency[keep] != events.agency[place[keep]])
    return Told(*distinct_rows([place[keep], agency[keep]])[0])


def departed(youth: Ints, kind: Ints, reason: Ints, latest: Ints, size: int) -> Ints:
    """The first day after a youth's death or move out of the area; `NO_DAY` where neither is recorded.

    Parameters
    ----------
    youth, kind, reason, latest : arrays
        Of each event about the youth: whose, its codes, and the latest first day.
    size : int
        How many youths there are.

    Notes
    -----
    A move counts when its reason is `moved` and nothing of the youth was recorded after it.
    """
    dead = np.flatnonzero(kind == words("kinds").index("death"))
    out = best(youth[dead], latest[dead] + 1, size, least=False, empty=NO_DAY)
    left = np.flatnonzero(
        (kind == words("kinds").index("move")) & (reason == words("reasons").index("moved"))
    )
    if not left.size:
        return out
    last = best(youth, latest, size, least=False, empty=NO_DAY)
    left = left[latest[left] >= last[youth[left]]]
    moved = best(youth[left], latest[left] + 1, size, least=False, empty=NO_DAY)
    return np.where(out != NO_DAY, out, moved)


def _event_columns(events: Rows, book: Codebook, care_ids: pa.Array) -> EventColumns:
    own, row = events.about_youth()

    def coded(name: str, names: Sequence[str]) -> Ints:
        return book.codes(own.table, name, names)

    return EventColumns(
        row=row,
        youth=own.youth,
        agency=coded("agency", book.agencies),
        to_agency=coded("to_agency", book.agencies),
        sector=coded("sector", words("sectors")),
        kind=coded("kind", words("kinds")),
        care_type=coded("care_type", book.care_types),
        care_id=row_of(own.table.column("care_id"), care_ids),
        reason=coded("reason", words("reasons")),
        initiative=coded("initiative", words("initiatives")),
        capacity=coded("capacity", words("capacities")),
        **{name: days(own.table.column(name)) for name in ("start_min", "start_max", "end_min", "end_max")},
    )


def _episode_columns(
    episodes: Rows, behind: tuple[pa.Table, pa.Array], until: Ints, told: tuple[Codebook, Names | None]
) -> EpisodeColumns:
    """The arrays of the episodes; `behind` are the events and the references of care."""
    (table, youth, made), _ = episodes.about_youth()
    (events, care_ids), (book, names) = behind, told
    if made is None:
        ids = one(events.column("event"))
        made = row_of(table.column("start_event"), ids), row_of(table.column("end_event"), ids)
    start_row, end_row = (side.astype(np.int64) for side in made)
    start_min, end_min = days(table.column("start_min")), days(table.column("end_min"))
    end_max = days(table.column("end_max"))
    is_open = numbers(table.column("open"))
    opened = np.flatnonzero(is_open)
    window = book.window_end(_some(events.column("sources"), np.maximum(start_row[opened], 0)), names)
    sure = np.where(
        end_min[opened] == NO_DAY, window, end_min[opened]
    )  # told where several sources tell of it
    end_min[opened] = np.minimum(sure, until[youth[opened]])
    end_min = np.maximum(end_min, start_min + 1)
    end_max = np.maximum(np.where(end_max == NO_DAY, until[youth], end_max), end_min)
    return EpisodeColumns(
        youth=youth,
        agency=book.codes(table, "agency", book.agencies),
        sector=book.codes(table, "sector", words("sectors")),
        care_type=book.codes(table, "care_type", book.care_types),
        care_id=row_of(table.column("care_id"), care_ids),
        role=book.codes(table, "role", ROLES),
        reason=book.codes(table, "reason", words("reasons")),
        open=is_open,
        start_min=start_min,
        start_max=days(table.column("start_max")),
        end_min=end_min,
        end_max=end_max,
        start_row=start_row,
        end_row=end_row,
    )


def _some(column: pa.ChunkedArray, rows: Ints) -> pa.Array:
    """Some cells of a column in pieces, of which few are asked: no others are put together."""
    asked = np.zeros(len(column), bool)
    asked[rows] = True
    place = np.cumsum(asked) - 1
    return one(column.filter(pa.array(asked))).take(pa.array(place[rows]))
