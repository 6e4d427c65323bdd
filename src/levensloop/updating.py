"""A new delivery added to a cohort: all that one merge of everything gives, for the work on the youths concerned."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import codes, names_in, one, places
from levensloop.arrow import numbers
from levensloop.assembling import EventParts
from levensloop.bookkeeping import agencies_of, youth_of
from levensloop.cohort import Cohort, Parts, Timeline
from levensloop.errors import LevensloopError, UserError, expect
from levensloop.events import Events
from levensloop.gathering import ordered
from levensloop.identities import Identities
from levensloop.keeping import Kept
from levensloop.linking import link
from levensloop.merging import merge
from levensloop.naming import Names
from levensloop.nodes import HOW
from levensloop.resolving import Policy
from levensloop.samefacts import Family
from levensloop.schema import CHOICES, EPISODES, EVENTS, YOUTHS, conform
from levensloop.sorting import numbered
from levensloop.spans import Bools, Ints
from levensloop.tables import plain

#: Tables of a cohort that stand youth by youth, each youth's rows in an order of its own.
_BY_YOUTH: Final = {"events": EVENTS, "episodes": EPISODES, "youths": YOUTHS, "choices": CHOICES}
#: What merging writes in the records.
_FATE: Final = ("fate", "event", "reason")


def update(cohort: Cohort, events: Events) -> Cohort:
    """Add a new delivery to a cohort.

    The result is what reading, linking and merging all deliveries at once would give, with the keys and the
    policy of the cohort. Merged anew are only the youths of whom the delivery tells, and those that linking now
    joins or parts in another way; what stands of the others is taken over.

    Parameters
    ----------
    cohort : Cohort
        As `merge` made it, or `load` read it.
    events : Events
        The new delivery. A source that the cohort has already, with the same content, adds nothing.

    Returns
    -------
    Cohort
        A new one; the same if the delivery brings no new source.

    Raises
    ------
    UserError
        When the cohort does not keep what an update needs (a timeline, a part of a cohort, one saved without
        it), or when the cohort has a source of the same name with other content.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> def told(year, kind):
    ...     table = pa.table({"person": ["a"], "agency": ["GGZ"], "kind": [kind], "start": [f"{year}-03-01"]})
    ...     return ll.Events(table, source=f"ggz_{year}")
    >>> first = told(2005, "care_start")
    >>> cohort = ll.merge(first, ll.link(first))
    >>> ll.update(cohort, told(2006, "care_end")).episodes.to_arrow().column("open").to_pylist()
    [False]
    """
    expect(cohort, Cohort, "update")
    expect(events, Events, "update")
    kept = _kept(cohort)
    new = _new(cohort, kept, events)
    if not len(new.sources):
        return cohort
    whole = Events.concat([_as_read(cohort, kept), new])
    people = link(whole, **kept.link)
    concerned = _concerned(
        cohort.identities.to_arrow(),
        people,
        names_in(_names(cohort.sources.to_arrow())),
    )
    some, place = _of_youths(whole, people, concerned)
    fresh = merge(
        some,
        _people(people, concerned),
        policy=Policy(**kept.merge["policy"]),
        same={name: Family(**family) for name, family in kept.merge["same"].items()},
    )
    ids = one(people.persons.to_arrow().column("youth"))
    tables = {name: _spliced(cohort, fresh, name, ids, concerned) for name in _BY_YOUTH}
    parts = Parts(
        **tables,
        identities=people.to_arrow(),
        sources=whole.sources.to_arrow(),
        records=_with_fates(whole.records.to_arrow(), fresh.records.to_arrow(), place),
        agencies=_sorted(
            [cohort.agencies.to_arrow(), agencies_of(new)],
            ("agency", "source", "sector"),
        ),
        conflicts=_conflicts(cohort, fresh, people, ids.filter(pa.array(~concerned))),
    )
    origin, persons = whole.origin.to_arrow(), whole.persons.to_arrow()
    return Cohort(parts, replace(kept, delivered=whole.held, origin=origin, persons=persons))


def _kept(cohort: Cohort) -> Kept:
    """What the cohort keeps for an update, if it is enough."""
    kept = cohort.kept
    if isinstance(cohort, Timeline):
        raise UserError(
            "one timeline cannot be updated. Hint: update the cohort, and ask that for the youth."
        )
    if isinstance(kept, str):
        raise UserError(
            f"this cohort cannot be updated: {kept}. Hint: read, link and merge all deliveries once; that cohort can."
        )
    keys = {part for key in kept.link["on"] for part in key}
    if not kept.named and (kept.link["how"] != "exact" or keys & {*HOW, "surname_part"}):
        raise UserError(
            "this cohort was linked by names and saved without them. Hint: save it with names=True, "
            "or read, link and merge all deliveries."
        )
    return kept


def _names(sources: pa.Table) -> pa.ChunkedArray:
    return sources.column("source")


def _new(cohort: Cohort, kept: Kept, events: Events) -> Events:
    """The sources that the cohort does not have yet."""
    old = cohort.sources.to_arrow()
    known = set(names_in(_names(old)))
    again = [name for name in names_in(_names(events.sources.to_arrow())) if name in known]
    before, now = _parts(_as_read(cohort, kept)), _parts(events)
    other = [name for name in again if _content(before, name) != _content(now, name)]
    if other:
        raise UserError(
            f"the cohort has sources of the same name with other content or another window: {', '.join(other)}. "
            "Hint: give what comes beside them a name of its own, such as ggz_2007; if it replaces them, "
            "read, link and merge all files that are to stand."
        )
    return Events.of(_of_sources(now, again, inside=False)) if again else events


def _parts(events: Events) -> EventParts:
    own = (events.origin, events.persons, events.sources, events.records)
    return EventParts(events.held, *(table.to_arrow() for table in own))


def _of_sources(parts: EventParts, names: Sequence[str], *, inside: bool) -> EventParts:
    """The rows of some sources, or of all others."""

    def some(table: pa.Table, source: pa.ChunkedArray) -> pa.Table:
        found = pc.is_in(source.cast(pa.string()), pa.array(names, pa.string()))
        return table.filter(found if inside else pc.invert(found))

    own = ("origin", "persons", "sources", "records")
    tables = {name: some(getattr(parts, name), getattr(parts, name).column("source")) for name in own}
    return replace(parts, delivered=some(parts.delivered, parts.origin.column("source")), **tables)


def _content(parts: EventParts, name: str) -> object:
    """What a source tells, for comparison: by its checksum, or by its rows if it is no file."""
    found = _of_sources(parts, [name], inside=True)
    (row,) = found.sources.drop_columns(["file"]).to_pylist()
    if row["sha256"]:
        return row
    rows = Events.of(found).records.to_arrow().select(["record", "part", "row"])
    return row, [plain(table).to_pylist() for table in (found.delivered, found.origin, rows)]


def _as_read(cohort: Cohort, kept: Kept) -> Events:
    """What the cohort was made of; the records tell what became of the rows since."""
    sources, records = cohort.sources.to_arrow(), cohort.records.to_arrow()
    return Events.of(EventParts(kept.delivered, kept.origin, kept.persons, sources, records))


def _concerned(before: pa.Table, people: Identities, known: Sequence[str]) -> Bools:
    """Which youths are not what they were: other records, or another id."""
    ids, now = one(people.persons.to_arrow().column("youth")), people.to_arrow()
    old = codes(now.column("source"), known) >= 0
    youth, was = (places(table.column("youth"), ids) for table in (now, before))
    if not plain(now.filter(pa.array(old)).select(["source", "record", "person"])).equals(
        plain(before.select(["source", "record", "person"]))
    ):
        raise LevensloopError("linking lost a record that the cohort has")
    moved = was != youth[old]
    found = np.zeros(len(ids) + 1, bool)
    for some in (youth[~old], youth[old][moved], was[moved]):
        found[some] = True
    return found[:-1]


def _of_youths(whole: Events, people: Identities, concerned: Bools) -> tuple[Events, Ints]:
    """The events of some youths as they were read, and the entries of the records that tell of them."""
    origin, records = whole.origin.to_arrow(), whole.records.to_arrow()
    identities, ids = people.to_arrow(), one(people.persons.to_arrow().column("youth"))
    mine = concerned[youth_of(origin, identities, places(identities.column("youth"), ids))]
    size, sources = len(records), names_in(_names(whole.sources.to_arrow()))
    entry = numbered(
        [
            np.concatenate([codes(table.column("source"), sources) for table in (records, origin)]),
            *(
                np.concatenate([numbers(table.column(name)) for table in (records, origin)])
                for name in ("record", "part")
            ),
        ]
    )
    row = np.full(size + len(origin), -1, np.int64)
    row[entry[size:][mine]] = np.flatnonzero(mine)
    row = row[entry[:size]]
    place = np.flatnonzero(row >= 0)
    told = records.take(pa.array(place))
    fresh = {
        "fate": pa.array(["event"]).dictionary_encode().take(pa.array(np.zeros(place.size, np.int64))),
        "event": Names(origin).events(row[place]),
        "reason": pa.nulls(place.size, pa.string()),
    }
    for name, column in fresh.items():
        told = told.set_column(told.column_names.index(name), told.schema.field(name), column)
    keep = pa.array(mine)
    parts = _parts(whole)
    return Events.of(
        replace(
            parts,
            delivered=parts.delivered.filter(keep),
            origin=origin.filter(keep),
            records=told,
        )
    ), place


def _people(people: Identities, concerned: Bools) -> Identities:
    """The identities of some youths."""
    table, persons = people.to_arrow(), people.persons.to_arrow()
    own = concerned[places(table.column("youth"), one(persons.column("youth")))]
    return Identities(
        table.filter(pa.array(own)),
        persons.filter(pa.array(concerned)),
        method=people.method,
    )


def _spliced(cohort: Cohort, fresh: Cohort, name: str, ids: pa.Array, concerned: Bools) -> pa.Table:
    """A table with the rows of youths that are what they were, and the new rows of the others."""
    old, new = (conform(getattr(each, name).to_arrow(), _BY_YOUTH[name]) for each in (cohort, fresh))
    was, now = (places(table.column("youth"), ids) for table in (old, new))
    stays = (was >= 0) & ~concerned[was]
    youth = np.concatenate([was[stays], now])
    order = np.argsort(youth, kind="stable")
    rest = pa.concat_tables([old.drop_columns("youth").filter(pa.array(stays)), new.drop_columns("youth")])
    table = rest.unify_dictionaries().take(pa.array(order))
    field = old.schema.field("youth")
    whose = pa.DictionaryArray.from_arrays(pa.array(youth[order].astype(np.int32)), ids)
    return table.add_column(old.column_names.index("youth"), field, whose.cast(field.type))


def _with_fates(records: pa.Table, fresh: pa.Table, place: Ints) -> pa.Table:
    """The records, some with what became of them anew."""
    at = np.arange(len(records))
    at[place] = len(records) + np.arange(place.size)
    both = pa.concat_tables([records.select(_FATE), fresh.select(_FATE)]).unify_dictionaries()
    told = both.take(pa.array(at))
    for name in _FATE:
        records = records.set_column(
            records.column_names.index(name),
            records.schema.field(name),
            told.column(name),
        )
    return records


def _conflicts(cohort: Cohort, fresh: Cohort, people: Identities, others: pa.Array) -> pa.Table:
    """What linking found of all, and what the order of events tells of each youth."""
    old = cohort.conflicts.to_arrow()
    stays = pc.and_(pc.equal(old.column("column"), "order"), pc.is_in(old.column("youth"), others))
    tables = [
        people.conflicts.to_arrow(),
        old.filter(stays),
        fresh.conflicts.to_arrow(),
    ]
    return _sorted(tables, ("youth", "column"))


def _sorted(tables: Sequence[pa.Table], by: Sequence[str]) -> pa.Table:
    return ordered(pa.concat_tables(tables), by)
