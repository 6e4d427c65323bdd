"""Consultations, and the pairs of agencies that they are between.

Source of the definition: docs/definitions_most.md, *Consultations*.
"""

from typing import NamedTuple

import numpy as np

from levensloop.arrays import View
from levensloop.schema import words
from levensloop.sorting import distinct_rows
from levensloop.spans import Ints, ranges


def pair_code(one: Ints, other: Ints, size: int) -> Ints:
    """One number for a youth and two agencies; both given as youth * agencies + agency."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return low * size + high % max(size, 1)


class _Named(NamedTuple):
    """Consultations with the agencies that each names, sorted by both."""

    event: Ints
    agency: Ints


def _named(view: View) -> _Named:
    events, told = view.events, view.told
    held = np.flatnonzero(events.kind == words("kinds").index("consultation"))
    sent = held[events.to_agency[held] >= 0]
    shared = np.isin(told.event, held)
    event = np.concatenate([held, sent, told.event[shared]])
    agency = np.concatenate([events.agency[held], events.to_agency[sent], told.agency[shared]])
    return _Named(*distinct_rows([event, agency])[0])


def consulted(view: View, pairs: Ints) -> tuple[Ints, Ints]:
    """The consultations between pairs of agencies.

    A consultation is between all agencies that it names; one that names only its own counts for
    every pair of it.

    Parameters
    ----------
    view : View
    pairs : array
        Sorted and unique, each as `pair_code` makes it.

    Returns
    -------
    pair, event : arrays
        The place of a pair in `pairs`, and of a consultation of it among the events.
    """
    size = max(len(view.agencies), 1)
    named = _named(view)
    last = np.searchsorted(named.event, named.event, side="right")
    one, other = ranges(np.arange(last.size) + 1, last)
    at = named.event[one]
    whose = view.events.youth[at] * size
    code = pair_code(whose + named.agency[one], whose + named.agency[other], size)
    place = np.minimum(np.searchsorted(pairs, code), max(pairs.size - 1, 0))
    real = pairs[place] == code if pairs.size else np.zeros(code.size, bool)
    found = [(place[real], at[real])]
    alone = named.event[last - np.searchsorted(named.event, named.event, side="left") == 1]
    whose = view.events.youth[alone] * size + view.events.agency[alone]
    for side in (pairs // size, pairs // size**2 * size + pairs % size):
        order = np.argsort(side, kind="stable")
        bounds = [np.searchsorted(side[order], whose, side=edge) for edge in ("left", "right")]
        of, nth = ranges(*bounds)
        found.append((order[nth], alone[of]))
    return np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found])
