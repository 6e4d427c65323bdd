"""Initiative: who took the first step to work together."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.schema import words
from levensloop.spans import FAR, Bools, Ints, best, side_by_side

_KINDS = ("consultation", "transfer", "referral", "coordination")
_OWN = ("youth", "parents")
_NAMED = 12
_UNTOLD = "nothing that says who took the initiative to work together"


@dataclass(frozen=True)
class Initiative:
    """Who started each cooperation, and the share that came from youth and parents.

    Cooperation is a consultation, transfer, referral or coordination, and anything that an agency addressed to
    another or shared with another, where the record says who took the initiative.

    Notes
    -----
    One finding for a youth: `youth_and_parents` if at least half of these came from youth or parents, else `others`;
    always `certain`, from the first to the last. Measures: how many each one started (by word of the
    vocabulary, where there are any), `known` (all of them) and `share` (the whole percent by youth and parents). Source of the definition:
    the legend *initiatief* of the inspectorates' life courses (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = Initiative().detect(sketch(Initiative.EXAMPLES[0].sketch)).to_arrow()
    >>> found.column("outcome").to_pylist(), dict(found.column("measures")[0].as_py())["share"]
    (['youth_and_parents'], 66)
    """

    NEEDS: ClassVar[tuple[Need, ...]] = (Need(columns=("initiative",)),)
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\ngp referral 2004-01-10 > ggz initiative=parents\n"
            "family consultation 2005-03-01 initiative=parents; ggz contact 2005-06-01 shared_with=school initiative=agency",
            ({"outcome": "youth_and_parents", "certainty": "certain", "start": "2004-01-10", "end": "2005-06-02",
              "measures": {"parents": 2, "agency": 1, "known": 3, "share": 66}},),
            "Two of three came from the parents.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\ngp referral 2004-01-10 > ggz initiative=gp",
            ({"outcome": "others", "measures": {"gp": 1, "known": 1, "share": 0, "youth": None}},),
            "The GP referred of his own accord.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\ngp referral 2004-01-10 > ggz; ggz contact 2004-02-01 initiative=parents",
            (),
            "Nobody says who started the referral; a contact is no cooperation.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nfamily consultation 2004 initiative=youth\n"
            "bjz consultation 2004-06-15 initiative=agency",
            ({"outcome": "youth_and_parents", "certainty": "certain", "start": "2004-01-01", "end": "2005-01-01",
              "days_min": 1, "days_max": 366},),
            "Half is enough, and it does not matter when.",
        ),
    )  # fmt: skip

    def assessable(self, view: View) -> tuple[Bools, str]:
        """The youths of whom some cooperation is told with who started it."""
        able = np.zeros(view.size, bool)
        able[view.events.youth[_cooperation(view)]] = True
        return able, _UNTOLD

    def detect(self, cohort: Cohort) -> Findings:
        """Who took the initiative in every life of a cohort."""
        view = cohort.view
        events, size = view.events, view.size
        names = words("initiatives")
        at = _cooperation(view)
        youth = events.youth[at]
        count = np.bincount(youth * len(names) + events.initiative[at], minlength=size * len(names))
        count = count.reshape(size, len(names)).astype(np.int64)
        own = np.isin(events.initiative[at], [names.index(name) for name in _OWN])
        known, theirs = count.sum(1), np.bincount(youth[own], minlength=size)
        told = np.flatnonzero(known)
        first, first_late = (
            best(youth, days[at], size, least=True, empty=FAR)[told]
            for days in (events.start_min, events.start_max)
        )
        last_early, last = (
            best(youth, days[at], size, least=False, empty=FAR)[told]
            for days in (events.start_min, events.start_max)
        )
        named = np.flatnonzero(own | (theirs[youth] == 0))
        named = named[np.argsort(youth[named], kind="stable")]
        known, theirs = known[told], theirs[told]
        return Findings.of_seen(
            view,
            Seen(
                youth=told,
                outcome=np.where(2 * theirs >= known, "youth_and_parents", "others"),
                start=first,
                end=last + 1,
                days_min=np.maximum(1, last_early + 1 - first_late),
                measures={
                    name: np.where(count[told, place], count[told, place], -1)
                    for place, name in enumerate(names)
                }
                | {"known": known, "share": 100 * theirs // np.maximum(known, 1)},
                evidence=side_by_side(
                    np.searchsorted(told, youth[named]), events.row[at[named]], told.size, _NAMED
                ),
            ),
        )


def _cooperation(view: View) -> Ints:
    """The places of the events in which agencies meet, where it is known who took the initiative."""
    events = view.events
    together = np.isin(events.kind, [words("kinds").index(kind) for kind in _KINDS])
    together |= (events.to_agency >= 0) & (events.to_agency != events.agency)
    together[view.told.event] = True
    return np.flatnonzero(together & (events.initiative >= 0))
