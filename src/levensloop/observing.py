"""The days on which agencies observe youths: inside their windows, and inside the ages that a source sees."""

from typing import NamedTuple

import numpy as np

from levensloop.arrays import View, birthday
from levensloop.sorting import distinct, distinct_rows
from levensloop.spans import FAR, NO_DAY, Bools, Ints, Spans, best, ranges, subtract, union


class _Watches(NamedTuple):
    """Stretches on which agencies observe somebody, by agency: those of several sources made one for equal ages.

    `first` is the first row of each agency, and behind it the end. An agency that sees every age is `plain` if it has one
    stretch at most, and then observes from `opened` to `closed`; of others these are no bounds.
    """

    start: Ints
    end: Ints
    ages: Ints
    first: Ints
    plain: Bools
    opened: Ints
    closed: Ints
    distinct_ages: tuple[tuple[int, int], ...]


def _watches(view: View) -> _Watches:
    windows, size = view.windows, len(view.agencies)
    keys, place = distinct_rows([windows.agency, windows.age_from, windows.age_until])
    made = union(place, windows.start, windows.end)
    agency, age_from, age_until = (key[made.group] for key in keys)
    (low, high), ages = distinct_rows([age_from, age_until])
    first = np.searchsorted(agency, np.arange(size + 1))
    plain = np.diff(first) <= 1
    plain[agency[age_from >= 0]] = False
    opened, closed = np.where(plain, FAR, -FAR), np.where(plain, -FAR, FAR)
    alone = np.flatnonzero(plain[agency])
    opened[agency[alone]], closed[agency[alone]] = made.start[alone], made.end[alone]
    return _Watches(
        start=made.start,
        end=made.end,
        ages=ages,
        first=first,
        plain=plain,
        opened=opened,
        closed=closed,
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


def unobserved(view: View, group: Ints, agency: Ints, youth: Ints, domain: Spans) -> Spans:
    """The days of each group's domain that at least one of its agencies does not observe.

    Parameters
    ----------
    view : View
    group, agency : arrays
        Pairs: the agencies that count for a group, as often as one likes.
    youth : array
        Of each group.
    domain : Spans
        At most one span per group, sorted by group.
    """
    watches, own = view.once(_watches), domain.group
    # Of agencies with one stretch for every age the last to open and the first to close tell all.
    opened = best(group, watches.opened[agency], youth.size, least=False, empty=-FAR)[own]
    closed = best(group, watches.closed[agency], youth.size, least=True, empty=FAR)[own]
    rest = np.flatnonzero(~watches.plain[agency])
    pair = distinct(group[rest] * len(view.agencies) + agency[rest])
    of, which = pair // len(view.agencies), pair % len(view.agencies)
    place = np.full(youth.size, -1)
    place[own] = np.arange(own.size)
    inside = place[of] >= 0
    of, which = of[inside], which[inside]
    seen = union(*observed(view, youth[of], which))
    at, start, end = subtract(np.arange(of.size), domain.start[place[of]], domain.end[place[of]], seen)
    group = np.concatenate([own, own, of[at]])
    start = np.concatenate([domain.start, np.maximum(closed, domain.start), start])
    return union(group, start, np.concatenate([np.minimum(opened, domain.end), domain.end, end]))
