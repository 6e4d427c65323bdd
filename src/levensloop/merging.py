"""One timeline per youth: exact duplicates made one, starts and ends paired, nothing lost."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.across import across, content, reordered
from levensloop.arrays import codes, days, names_in, one
from levensloop.bookkeeping import agencies_of, fates, observed, windows, youth_of
from levensloop.choices import Choice, choices_of, pairings, unexplained
from levensloop.cohort import Cohort, Parts
from levensloop.corrections import corrected
from levensloop.episodes import episodes_of
from levensloop.events import Events
from levensloop.gathering import gathered
from levensloop.identities import Identities
from levensloop.joining import joined
from levensloop.keeping import Kept
from levensloop.reasoning import order_of_records, reasoned
from levensloop.resolving import Policy
from levensloop.samefacts import Family, families
from levensloop.schema import EVENTS, conform
from levensloop.sorting import distinct, order_of, packed
from levensloop.spans import Ints, runs
from levensloop.telling import Telling


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
    policy, known = policy or Policy(), families() if same is None else same
    ids = one(people.persons.to_arrow().column("youth"))
    delivered = events
    events, youth = corrected(delivered, youth_of(delivered.origin.to_arrow(), people.to_arrow(), ids))
    told = _told(events, people, youth, known, policy)
    sources, persons = events.sources.to_arrow(), people.persons.to_arrow()
    bounds = windows(sources, names_in(sources.column("source")))
    opened, closed = (
        told.telling.bound(bounds[side], len(told.events), least=side == "start") for side in ("start", "end")
    )
    with ThreadPoolExecutor() as pool:
        youths = pool.submit(observed, persons, people.to_arrow(), told.events, sources)
        records = pool.submit(fates, events.records.to_arrow(), events.to_arrow(), told.events, told.place)
        agencies = pool.submit(agencies_of, delivered)
        episodes, made, parts = joined(*episodes_of(told.events, opened), told.telling, closed)
        ids = one(told.events.column("event"))
        whole = Choice("joined", parts[0], *(ids.take(pa.array(row)) for row in parts))
        conflicts = pa.concat_tables([people.conflicts.to_arrow(), told.conflicts])
        return Cohort(
            Parts(
                events=told.events,
                episodes=episodes,
                youths=youths.result(),
                identities=people.to_arrow(),
                sources=sources,
                records=records.result(),
                agencies=agencies.result(),
                conflicts=conflicts.sort_by([(name, "ascending") for name in ("youth", "column")]),
                choices=choices_of(told.events, [*told.chosen, whole, *pairings(told.events, made)]),
            ),
            _kept(delivered, people, policy, known),
        )


def _kept(delivered: Events, people: Identities, policy: Policy, known: Mapping[str, Family]) -> Kept | str:
    """What `update` needs to merge more events in the same way."""
    if people.method is None:
        return "its identities were not made by `link`"
    how = {
        "policy": {**asdict(policy), "order": list(policy.order)},
        "same": {name: asdict(family) for name, family in known.items()},
    }
    origin, persons = delivered.origin.to_arrow(), delivered.persons.to_arrow()
    return Kept(delivered.to_arrow(), origin, persons, people.method, how)


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
    events: Events,
    people: Identities,
    youth: Ints,
    known: Mapping[str, Family],
    policy: Policy,
) -> _Told:
    """One row a fact: exact duplicates, then what several sources tell, then what the order tells of days."""
    delivered, origin, persons = (
        events.to_arrow(),
        events.origin.to_arrow(),
        people.persons.to_arrow(),
    )
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
    own = one(merged.column("youth")).indices.to_numpy(zero_copy_only=False).astype(np.int64)
    found = reasoned(merged, days(persons.column("birth_min"))[own], known_order.moved(row))
    order = at = np.arange(own.size)
    table = merged
    if found.rows.size:
        order = reordered(found.events, order, own, own[found.rows])
        at = np.empty(order.size, np.int64)
        at[order] = np.arange(order.size)
        table = gathered(found.events, order)
    chosen = (
        _apart(facts, table, at[place]),
        Choice(
            "tightened",
            at[found.rows],
            *(one(merged.column("event")).take(pa.array(found.rows)), found.why),
        ),
        unexplained("unknown_reference", table, distinct(at[row[unmet]])),
    )
    return _Told(table, at[row], telling.moved(at[place]), chosen, found.conflicts)


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
    table = gathered(delivered.drop_columns(["event", "sources"]), lead)
    names, records = (
        one(delivered.column("event")),
        one(delivered.column("sources")).flatten(),
    )
    same = names.equals(records)  # no row made several events
    records = records.take(pa.array(order))
    if same and lead.size == order.size:
        names = records
    else:
        names = records.take(pa.array(heads)) if same else names.take(pa.array(lead))
    offsets = pa.array(np.append(heads, order.size).astype(np.int32))
    whose = pa.DictionaryArray.from_arrays(pa.array(youth[lead].astype(np.int32)), ids)
    table = table.append_column("event", names).append_column("youth", whose)
    return conform(
        table.append_column("sources", pa.ListArray.from_arrays(offsets, records)),
        EVENTS,
    )


def _apart(facts: pa.Table, merged: pa.Table, place: Ints) -> Choice:
    """Facts that became part of another."""
    several = np.flatnonzero((np.bincount(place, minlength=len(merged)) > 1)[place])
    ids = one(merged.column("event"))
    event, other = (
        one(facts.column("event")).take(pa.array(several)),
        ids.take(pa.array(place[several])),
    )
    gone = pc.not_equal(event, other).to_numpy(zero_copy_only=False)
    return Choice(
        "same_fact",
        place[several][gone],
        event.filter(pa.array(gone)),
        other.filter(pa.array(gone)),
    )
