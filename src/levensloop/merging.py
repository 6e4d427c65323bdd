"""One timeline per youth: exact duplicates made one, starts and ends paired, nothing lost."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.across import across, content
from levensloop.arrays import codes, days, departed, event_columns, names_in, one, row_of
from levensloop.choices import choices_of
from levensloop.cohort import Cohort, Parts
from levensloop.episodes import episodes_of
from levensloop.errors import LevensloopError
from levensloop.events import Events
from levensloop.identities import Identities
from levensloop.joining import joined
from levensloop.resolving import Policy
from levensloop.samefacts import Family, families
from levensloop.schema import AGENCIES, EVENTS, RECORDS, YOUTHS, conform, kinds_of
from levensloop.sorting import order_of, packed
from levensloop.spans import NO_DAY, Ints, runs
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
    delivered = events.to_arrow()
    origin = events.origin.to_arrow()
    persons = people.persons.to_arrow()
    ids = one(persons.column("youth"))
    youth = _youth_of(origin, people.to_arrow(), ids)
    sources = events.sources.to_arrow()
    names = names_in(sources.column("source"))
    source = codes(origin.column("source"), names)
    order, run, heads = _same(delivered, origin, youth, source)
    facts = _merged(delivered, ids, youth, order, heads)
    telling = Telling.of(run, source[order], len(names))
    merged, place = across(facts, telling, names, families() if same is None else same, policy or Policy())
    told = telling.moved(place)
    opened, closed = (
        told.bound(bound, len(merged), least=side == "start")
        for side, bound in _windows(sources, names).items()
    )
    episodes, made, parts = joined(*episodes_of(merged, opened), told, closed)
    youths = _observed(persons, people.to_arrow(), merged, sources)
    return Cohort(
        Parts(
            events=merged,
            episodes=episodes,
            youths=youths,
            identities=people.to_arrow(),
            sources=sources,
            records=_fates(events.records.to_arrow(), delivered, merged, order, place[run]),
            agencies=_agencies(delivered, origin, sources),
            conflicts=people.conflicts.to_arrow(),
            choices=choices_of(merged, made, _apart(facts, merged, place), parts),
        )
    )


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


def _apart(facts: pa.Table, merged: pa.Table, place: Ints) -> pa.Table:
    """Facts that became part of another: the id of each, and the row of that other."""
    several = np.flatnonzero((np.bincount(place, minlength=len(merged)) > 1)[place])
    event = one(facts.column("event")).take(pa.array(several))
    stands = pc.equal(event, one(merged.column("event")).take(pa.array(place[several])))
    return pa.table({"event": event, "row": place[several]}).filter(pc.invert(stands))


def _windows(sources: pa.Table, names: Sequence[str]) -> dict[str, Ints]:
    """The first day of the window of each source, and the first after it."""
    place = codes(sources.column("source"), names)
    window = one(sources.column("window"))
    bounds = {side: np.full(len(names), NO_DAY, np.int64) for side in ("start", "end")}
    for side, bound in bounds.items():
        bound[place] = days(pa.chunked_array([pc.struct_field(window, side)]))
    return bounds


def _fates(records: pa.Table, delivered: pa.Table, merged: pa.Table, order: Ints, run: Ints) -> pa.Table:
    """The records, with `merged` and the leading event where a row became part of another's event."""
    fact = np.empty(order.size, np.int64)
    fact[order] = run
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
