"""One timeline per youth: exact duplicates made one, starts and ends paired, nothing lost."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pyarrow as pa

from levensloop.across import How
from levensloop.arrays import days, names_in, one, places
from levensloop.arrow import numbers
from levensloop.blocks import merged
from levensloop.bookkeeping import agencies_of, fates, observed, windows, youth_of
from levensloop.cohort import Cohort, Parts
from levensloop.corrections import corrected
from levensloop.cutting import Behind
from levensloop.dealing import Delivered
from levensloop.errors import expect
from levensloop.events import Events
from levensloop.gathering import ordered
from levensloop.identities import Identities
from levensloop.keeping import Kept
from levensloop.naming import Names
from levensloop.resolving import Policy
from levensloop.said import ranked, worded
from levensloop.samefacts import Family, families


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
    expect(events, Events, "merge")
    expect(people, Identities, "merge")
    policy, known = policy or Policy(), families() if same is None else same
    delivered, identities, persons = events, people.to_arrow(), people.persons.to_arrow()
    sources, ids = delivered.sources.to_arrow(), one(persons.column("youth"))
    whose = places(identities.column("youth"), ids)
    events, youth = corrected(delivered, youth_of(delivered.origin.to_arrow(), identities, whose))
    names = names_in(sources.column("source"))
    held, texts = ranked(events.held)
    origin = events.origin.to_arrow()
    rows = Delivered(held, origin, youth, ids, days(persons.column("birth_min")))
    called = Names(origin)
    told = merged(rows, How(names, called, windows(sources, names), texts, known, policy))
    lead = numbers(told.events.column("event"))[told.place]
    with ThreadPoolExecutor() as pool:
        youths = pool.submit(observed, persons, (identities.column("source"), whose), told.gone, sources)
        records = pool.submit(fates, events.records, called, lead)
        agencies = pool.submit(agencies_of, delivered)
        conflicts = pa.concat_tables([people.conflicts.to_arrow(), told.conflicts])
        return Cohort(
            Parts(
                events=worded(told.events, texts),
                episodes=told.episodes,
                youths=youths.result(),
                identities=identities,
                sources=sources,
                records=records.result(),
                agencies=agencies.result(),
                conflicts=ordered(conflicts, ("youth", "column")),
                choices=told.choices,
            ),
            _kept(delivered, people, policy, known),
            Behind(told.made, called),
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
    return Kept(delivered.held, origin, persons, people.method, how)
