"""The tables beside the facts: whose each row is, what became of it, and who is observed by whom."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.accounts import fates_of, retold, row_of_event
from levensloop.arrays import any_of, codes, dates, days, encoded, names_in, one
from levensloop.arrow import filled, nullable, numbers
from levensloop.errors import LevensloopError
from levensloop.events import Events
from levensloop.gathering import ordered
from levensloop.naming import Names
from levensloop.schema import AGENCIES, TEXT, YOUTHS, conform, kinds_of, nothing
from levensloop.sorting import distinct_rows
from levensloop.spans import NO_DAY, Ints, runs
from levensloop.tables import Table
from levensloop.telling import Telling


def youth_of(origin: pa.Table, identities: pa.Table, youth: Ints) -> Ints:
    """The youth of each delivered event, by its source and record; `youth` is that of each of the identities."""
    by = ["source", "record"]
    if origin.select(by).equals(identities.select(by)):  # each record as it was linked
        return youth
    sources = names_in(origin.column("source"), identities.column("source"))
    key = [
        (codes(table.column("source"), sources) << 40) + numbers(table.column("record"))
        for table in (identities, origin)
    ]
    order = np.argsort(key[0], kind="stable")
    at = np.searchsorted(key[0][order], key[1])
    found = np.minimum(at, max(order.size - 1, 0))
    if key[1].size and (not order.size or (key[0][order][found] != key[1]).any()):
        raise LevensloopError("some records have no youth: link and merge the same events")
    return youth[order][found]


def windows(sources: pa.Table, names: Sequence[str]) -> dict[str, Ints]:
    """The first day of the window of each source, and the first after it."""
    place = codes(sources.column("source"), names)
    window = one(sources.column("window"))
    bounds = {side: np.full(len(names), NO_DAY, np.int64) for side in ("start", "end")}
    for side, bound in bounds.items():
        bound[place] = days(pa.chunked_array([pc.struct_field(window, side)]))
    return bounds


def fates(table: Table, names: Names, lead: Ints) -> Table:
    """The records, with `merged` and the leading event where a row became part of another's event.

    `names` are those of the delivered rows, and `lead` the row after which the event of each is named.
    """
    told = fates_of(table)
    row = row_of_event(told, names.origin)
    entry = np.flatnonzero(row >= 0)
    gone = lead[row[entry]] != row[entry]
    entry, row = entry[gone], row[entry[gone]]
    place = np.full(len(told), -1, np.int32)
    place[entry] = np.arange(entry.size)
    leads = (
        names.events(lead[row]).take(nullable(place, place < 0)) if entry.size else nothing(len(told), TEXT)
    )
    return retold(table, {"fate": _fate(told.column("fate"), entry), "lead": leads})


def _fate(column: pa.ChunkedArray, joined: Ints) -> pa.DictionaryArray:
    """The fates, with `merged` for the rows that joined another's event."""
    told = encoded(column)
    fates = [*told.dictionary.to_pylist(), "merged"]
    number = numbers(told.indices).astype(np.int32)
    number[joined] = fates.index("merged")
    return pa.DictionaryArray.from_arrays(pa.array(number), pa.array(dict.fromkeys(fates), pa.string()))


def observed(
    persons: pa.Table, told: tuple[pa.ChunkedArray, Ints], gone: Ints, sources: pa.Table
) -> pa.Table:
    """The youths, with from when until when their sources tell of them.

    `told` is the source and the youth of each of the identities, `gone` the day on which each youth left.
    """
    names = names_in(sources.column("source"))
    source, youth = told
    telling = Telling.of(youth, codes(source, names), len(names))
    bounds = [
        telling.bound(bound, np.arange(len(persons)), least=side == "start")
        for side, bound in windows(sources, names).items()
    ]
    bounds[1] = np.where(gone != NO_DAY, gone, bounds[1])
    for name, bound in zip(("observed_from", "observed_until"), bounds, strict=True):
        persons = persons.append_column(name, dates(bound))
    return conform(persons, YOUTHS)


def agencies_of(events: Events) -> pa.Table:
    """What each agency delivers in each source; one that delivered an empty file has no rows."""
    delivered, origin, sources = (
        events.held,
        events.origin.to_arrow(),
        events.sources.to_arrow(),
    )
    columns = delivered.column("agency"), origin.column("source"), delivered.column("sector")
    coded = [encoded(column) for column in columns]
    # Most files are of one agency: rows after each other that are alike count as one.
    code = [filled(array.indices) for array in coded]
    run, heads = runs(*code)
    which, place = distinct_rows([each[heads] for each in code])
    rows = np.bincount(place, np.diff(heads, append=run.size)).astype(np.int64)
    told = [
        array.dictionary.take(nullable(number, number < 0))
        for array, number in zip(coded, which, strict=True)
    ]
    cares = np.zeros(which[0].size, bool)
    cares[place[run[any_of(delivered.column("kind"), kinds_of("care"))]]] = True
    counted = pa.table([*told, pa.array(cares), pa.array(rows)], AGENCIES.names)
    delivering = set(zip(told[0].to_pylist(), told[1].to_pylist(), strict=True))
    silent = [
        {"agency": agency, "source": row["source"], "cares": False, "rows": 0}
        for row in sources.select(["source", "agencies"]).to_pylist()
        for agency in row["agencies"] or ()
        if (agency, row["source"]) not in delivering
    ]
    whole = pa.concat_tables([conform(counted, AGENCIES), pa.Table.from_pylist(silent, AGENCIES)])
    return ordered(whole, ("agency", "source", "sector"))
