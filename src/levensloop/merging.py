"""One timeline per youth: exact duplicates made one, starts and ends paired, nothing lost."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.across import across, content
from levensloop.arrays import codes, days, names_in, one, row_of
from levensloop.choices import Choice, choices_of, pairings, unexplained
from levensloop.cohort import Cohort, Parts
from levensloop.corrections import corrected
from levensloop.episodes import episodes_of
from levensloop.errors import LevensloopError
from levensloop.events import Events
from levensloop.identities import Identities
from levensloop.joining import joined
from levensloop.reasoning import Reasoned, order_of_records, reasoned
from levensloop.resolving import Policy
from levensloop.samefacts import Family, families
from levensloop.schema import AGENCIES, EVENTS, RECORDS, YOUTHS, conform, kinds_of
from levensloop.sorting import distinct, order_of, packed
from levensloop.spans import NO_DAY, Ints, runs
from levensloop.telling import Telling
from levensloop.views import departed, event_columns


def merge(
    events: Events,
    people: Identities,
    *,
    policy: Policy | None = None,
    same: Mapping[str, Family] | None = None,
) -> Cohort:
    """Merge delivered events into one timeline per youth.

    Rows that say exactly the same of a youth, from whatever source, become one event with every
    record in `sources`; its id is that of the first record by source name and row. So do facts of
    different sources that tell the same with another date or other words, such as a referral that one
    sent and another received: columns on which they differ are in `disputed`. Start and end
    events are paired into episodes.

    Parameters
    ----------
    events : Events
        What was read.
    people : Identities
        Which records are one youth, as `link` tells.
    policy : Policy, optional
        Which value stands where sources differ; that of the most precise dates if none is given.
    same : mapping of str to Family, optional
        Which kinds of different sources can be one fact, and how far apart; those of
        ``samefacts.families()`` if none are given, ``{}`` for exact duplicates only.

    Returns
    -------
    Cohort
        With `events`, `episodes`, `youths`, `sources`, `records` and `identities`.

    Raises
    ------
    LevensloopError
        If a record has no youth: the identities are of other events.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["a", "a"], "agency": ["GP", "GP"], "kind": ["care_start", "care_end"],
    ...     "start": ["2005-03-01", "2005-04-30"]})
    >>> events = ll.Events(table)
    >>> len(ll.merge(events, ll.link(events)).episodes)
    1
    """
    ids = one(people.persons.to_arrow().column("youth"))
    delivered, youth = events, _youth_of(events.origin.to_arrow(), people.to_arrow(), ids)
    events, youth = corrected(delivered, youth)
    told = _told(events, people, youth, families() if same is None else same, policy or Policy())
    sources, persons = events.sources.to_arrow(), people.persons.to_arrow()
    bounds = _windows(sources, names_in(sources.column("source")))
    opened, closed = (
        told.telling.bound(bounds[side], len(told.events), least=side == "start") for side in ("start", "end")
    )
    episodes, made, parts = joined(*episodes_of(told.events, opened), told.telling, closed)
    ids = one(told.events.column("event"))
    whole = Choice("joined", parts[0], *(ids.take(pa.array(row)) for row in parts))
    conflicts = pa.concat_tables([people.conflicts.to_arrow(), told.conflicts])
    return Cohort(
        Parts(
            events=told.events,
            episodes=episodes,
            youths=_observed(persons, people.to_arrow(), told.events, sources),
            identities=people.to_arrow(),
            sources=sources,
            records=_fates(events.records.to_arrow(), events.to_arrow(), told.events, told.place),
            agencies=_agencies(delivered.to_arrow(), delivered.origin.to_arrow(), sources),
            conflicts=conflicts.sort_by([(name, "ascending") for name in ("youth", "column")]),
            choices=choices_of(told.events, [*told.chosen, whole, *pairings(told.events, made)]),
        )
    )


class _Told(NamedTuple):
    """The facts that are told, in their order, and what was chosen to come to them.

    `place` is the row of each delivered event, `telling` says which sources tell each.
    """

    events: pa.Table
    place: Ints
    telling: Telling
    chosen: tuple[Choice, ...]
    conflicts: pa.Table


def _told(
    events: Events, people: Identities, youth: Ints, known: Mapping[str, Family], policy: Policy
) -> _Told:
    """One row a fact: exact duplicates, then what several sources tell, then what the order tells of days."""
    delivered, origin, persons = events.to_arrow(), events.origin.to_arrow(), people.persons.to_arrow()
    ids = one(persons.column("youth"))
    names = names_in(events.sources.to_arrow().column("source"))
    source = codes(origin.column("source"), names)
    order, run, heads = _same(delivered, origin, youth, source)
    facts = _merged(delivered, ids, youth, order, heads)
    telling = Telling.of(run, source[order], len(names))
    merged, place = across(facts, telling, names, known, policy)
    row = np.empty(order.size, np.int64)
    row[order] = place[run]
    known_order, unmet = order_of_records(origin, delivered, youth, source)
    own = one(merged.column("youth")).indices.to_numpy(zero_copy_only=False)
    found = reasoned(merged, days(persons.column("birth_min"))[own], known_order.moved(row))
    at = _in_order(found)
    table = found.events.take(pa.array(np.argsort(at))) if found.rows.size else merged
    chosen = (
        _apart(facts, table, at[place]),
        Choice(
            "tightened", at[found.rows], *(one(merged.column("event")).take(pa.array(found.rows)), found.why)
        ),
        unexplained("unknown_reference", table, distinct(at[row[unmet]])),
    )
    return _Told(table, at[row], telling.moved(at[place]), chosen, found.conflicts)


def _in_order(found: Reasoned) -> Ints:
    """Where each event stands when days have moved."""
    size = len(found.events)
    if not found.rows.size:
        return np.arange(size)
    youth = one(found.events.column("youth")).indices.to_numpy(zero_copy_only=False).astype(np.int64)
    at = np.empty(size, np.int64)
    at[order_of(content(found.events, youth))] = np.arange(size)
    return at


def _youth_of(origin: pa.Table, identities: pa.Table, ids: pa.Array) -> Ints:
    """The youth of each delivered event, by its source and record."""
    sources = names_in(origin.column("source"), identities.column("source"))
    key = [
        (codes(table.column("source"), sources) << 40) + one(table.column("record")).to_numpy()
        for table in (identities, origin)
    ]
    order = np.argsort(key[0], kind="stable")
    at = np.searchsorted(key[0][order], key[1])
    found = np.minimum(at, max(order.size - 1, 0))
    if key[1].size and (not order.size or (key[0][order][found] != key[1]).any()):
        raise LevensloopError("some records have no youth: link and merge the same events")
    return codes(identities.column("youth"), ids.to_pylist())[order][found]


def _same(delivered: pa.Table, origin: pa.Table, youth: Ints, source: Ints) -> tuple[Ints, Ints, Ints]:
    """The order of rows by content, the number of the fact that each is, and the first row of each."""
    told = packed(content(delivered, youth))
    record, part = (one(origin.column(name)).to_numpy() for name in ("record", "part"))
    order = order_of([*told, source, record, part])
    run, heads = runs(*(key[order] for key in told))
    return order, run, heads


def _merged(delivered: pa.Table, ids: pa.Array, youth: Ints, order: Ints, heads: Ints) -> pa.Table:
    """One row a fact: that of its leading record, with the records of all."""
    lead = order[heads]
    table = delivered.take(pa.array(lead))
    records = one(delivered.column("sources")).take(pa.array(order)).flatten()
    offsets = pa.array(np.append(heads, order.size).astype(np.int32))
    whose = pa.DictionaryArray.from_arrays(pa.array(youth[lead].astype(np.int32)), ids)
    at = table.column_names.index("sources")
    table = table.set_column(at, "sources", pa.ListArray.from_arrays(offsets, records))
    return conform(table.append_column("youth", whose), EVENTS)


def _apart(facts: pa.Table, merged: pa.Table, place: Ints) -> Choice:
    """Facts that became part of another."""
    several = np.flatnonzero((np.bincount(place, minlength=len(merged)) > 1)[place])
    ids = one(merged.column("event"))
    event, other = one(facts.column("event")).take(pa.array(several)), ids.take(pa.array(place[several]))
    gone = pc.not_equal(event, other).to_numpy(zero_copy_only=False)
    return Choice(
        "same_fact", place[several][gone], event.filter(pa.array(gone)), other.filter(pa.array(gone))
    )


def _windows(sources: pa.Table, names: Sequence[str]) -> dict[str, Ints]:
    """The first day of the window of each source, and the first after it."""
    place = codes(sources.column("source"), names)
    window = one(sources.column("window"))
    bounds = {side: np.full(len(names), NO_DAY, np.int64) for side in ("start", "end")}
    for side, bound in bounds.items():
        bound[place] = days(pa.chunked_array([pc.struct_field(window, side)]))
    return bounds


def _fates(records: pa.Table, delivered: pa.Table, merged: pa.Table, fact: Ints) -> pa.Table:
    """The records, with `merged` and the leading event where a row became part of another's event."""
    named = one(records.column("event"))
    ids = one(delivered.column("event"))
    if named.drop_null().equals(ids):  # rows in the order in which they were read
        there = named.is_valid().to_numpy(zero_copy_only=False)
        row = np.where(there, np.cumsum(there) - 1, -1)
    else:
        row = row_of(named, ids)
    told = row >= 0
    facts = np.where(told, fact[np.maximum(row, 0)] if fact.size else 0, 0)
    event = (
        one(merged.column("event")).take(pa.array(facts, mask=~told))
        if len(merged)
        else pa.nulls(len(row), pa.string())
    )
    joined = pc.fill_null(pc.not_equal(event, one(records.column("event"))), fill_value=False)
    fate = pc.if_else(joined, "merged", one(records.column("fate")).cast(pa.string())).dictionary_encode()
    columns = {name: records.column(name) for name in records.column_names}
    return conform(pa.table({**columns, "fate": fate, "event": event}), RECORDS)


def _observed(persons: pa.Table, identities: pa.Table, merged: pa.Table, sources: pa.Table) -> pa.Table:
    """The youths, with from when until when their sources tell of them."""
    ids: list[str] = persons.column("youth").to_pylist()
    names = names_in(sources.column("source"))
    told = Telling.of(
        codes(identities.column("youth"), ids), codes(identities.column("source"), names), len(names)
    )
    bounds = [
        told.bound(bound, len(ids), least=side == "start") for side, bound in _windows(sources, names).items()
    ]
    columns = event_columns(merged, (ids, (), (), pa.array([], pa.string())))
    gone = departed(columns, len(ids))
    bounds[1] = np.where(gone != NO_DAY, gone, bounds[1])
    for name, bound in zip(("observed_from", "observed_until"), bounds, strict=True):
        day = pa.array(bound.astype(np.int32), mask=bound == NO_DAY).cast(pa.date32())
        persons = persons.append_column(name, day)
    return conform(persons, YOUTHS)


def _agencies(delivered: pa.Table, origin: pa.Table, sources: pa.Table) -> pa.Table:
    """What each agency delivers in each source; one that delivered an empty file has no rows."""
    care = kinds_of("care")
    plain = pa.table(
        {
            "agency": delivered.column("agency").cast(pa.string()),
            "source": origin.column("source").cast(pa.string()),
            "sector": delivered.column("sector").cast(pa.string()),
            "cares": pa.array(codes(delivered.column("kind"), care) >= 0),
        }
    )
    groups = plain.group_by(["agency", "source", "sector"], use_threads=False)
    counted = groups.aggregate([("cares", "any"), ("cares", "count")])
    counted = counted.rename_columns(["agency", "source", "sector", "cares", "rows"])
    lists = one(sources.column("agencies"))
    named = pa.table(
        {
            "agency": lists.flatten(),
            "source": one(sources.column("source")).take(pc.list_parent_indices(lists)),
        }
    )
    silent = named.join(counted.select(["agency", "source"]), ["agency", "source"], join_type="left anti")
    zeros = np.zeros(len(silent), np.int64)
    silent = silent.append_column("rows", pa.array(zeros)).append_column("cares", pa.array(zeros > 0))
    whole = pa.concat_tables([conform(counted, AGENCIES), conform(silent, AGENCIES)])
    return whole.sort_by([(name, "ascending") for name in ("agency", "source", "sector")])
