"""The days on which agencies observe youths: inside their windows, and inside the ages that a source sees."""

from typing import NamedTuple

import numpy as np

from levensloop.arrays import View, birthday
from levensloop.sorting import distinct_rows
from levensloop.spans import FAR, NO_DAY, Bools, Ints, Spans, ranges, subtract, union


class _Watches(NamedTuple):
    """Stretches on which agencies observe somebody, by agency: those of several sources made one for equal ages.

    `first` is the first row of each agency, and behind it the end. `ageless` are the agencies of which every
    source sees every age; `shut` are the days on which these see nobody, and `first_shut` the first row there of each.
    """

    start: Ints
    end: Ints
    ages: Ints
    first: Ints
    ageless: Bools
    shut: Spans
    first_shut: Ints
    distinct_ages: tuple[tuple[int, int], ...]


def _watches(view: View) -> _Watches:
    windows, size = view.windows, len(view.agencies)
    keys, place = distinct_rows([windows.agency, windows.age_from, windows.age_until])
    made = union(place, windows.start, windows.end)
    agency, age_from, age_until = (key[made.group] for key in keys)
    (low, high), ages = distinct_rows([age_from, age_until])
    ageless = np.ones(size, bool)
    ageless[agency[age_from >= 0]] = False
    every = np.flatnonzero(ageless)
    far = np.full(every.size, FAR)
    at, start, end = subtract(every, -far, far, union(agency, made.start, made.end))
    number = np.arange(size + 1)
    return _Watches(
        start=made.start,
        end=made.end,
        ages=ages,
        first=np.searchsorted(agency, number),
        ageless=ageless,
        shut=Spans(every[at], start, end),
        first_shut=np.searchsorted(every[at], number),
        distinct_ages=tuple(zip(low.tolist(), high.tolist(), strict=True)),
    )


def observed(view: View, youth: Ints, agency: Ints) -> tuple[Ints, Ints, Ints]:
    """The stretches in which pairs of a youth and an agency are surely observed.

    A day counts when it lies in a window of the agency and inside the ages that the source sees,
    whatever the youth's day of birth.

    Returns
    -------
    pair, start, end : arrays
        `pair` is the place in the given arrays.
    """
    watches = view.once(_watches)
    pair, row = ranges(watches.first[agency], watches.first[agency + 1])
    start, end = watches.start[row], watches.end[row]
    for place, (first, last) in enumerate(watches.distinct_ages):
        if first < 0:
            continue
        here = np.flatnonzero(watches.ages[row] == place)
        whose = youth[pair[here]]
        known = view.birth_max[whose] != NO_DAY
        start[here] = np.where(known, np.maximum(start[here], birthday(view.birth_max[whose], first)), FAR)
        end[here] = np.minimum(end[here], birthday(view.birth_min[whose], last))
    real = end > start
    return (pair, start, end) if real.all() else (pair[real], start[real], end[real])


def unobserved(view: View, group: Ints, youth: Ints, agency: Ints, domain: Spans) -> Spans:
    """The days of each group's domain that at least one of its agencies does not observe.

    Parameters
    ----------
    view : View
    group, youth, agency : arrays
        Distinct triples: the agencies that count for a group, and its youth.
    domain : Spans
        At most one span per group, sorted by group.
    """
    place = np.full(int(max(group.max(initial=-1), domain.group.max(initial=-1))) + 1, -1)
    place[domain.group] = np.arange(domain.group.size)
    inside = np.flatnonzero(place[group] >= 0)
    group, youth, agency = group[inside], youth[inside], agency[inside]
    first, last = domain.start[place[group]], domain.end[place[group]]
    watches = view.once(_watches)
    # The days on which an agency sees nobody are the same for every youth, where none of its sources sees some ages.
    plain = np.flatnonzero(watches.ageless[agency])
    pair, row = ranges(watches.first_shut[agency[plain]], watches.first_shut[agency[plain] + 1])
    pair = plain[pair]
    shut = (
        pair,
        np.maximum(watches.shut.start[row], first[pair]),
        np.minimum(watches.shut.end[row], last[pair]),
    )
    rest = np.flatnonzero(~watches.ageless[agency])
    seen = union(*observed(view, youth[rest], agency[rest]))
    index, start, end = subtract(np.arange(rest.size), first[rest], last[rest], seen)
    both = zip(shut, (rest[index], start, end), strict=True)
    pair, start, end = (np.concatenate(parts) for parts in both)
    dark = np.flatnonzero(end > start)
    return union(group[pair[dark]], start[dark], end[dark])
