"""MissingPartner: a sector was asked, and nobody of it ever came in."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.observing import observed
from levensloop.schema import ROLES, kinds_of, words
from levensloop.spans import FAR, NO_DAY, Bools, Ints, best, days_within, pack, runs, side_by_side, union

_NAMED = 12


@dataclass(frozen=True)
class MissingPartner:
    """Someone asked an agency of another sector to come in, and nobody of that sector did.

    The need opens with the first signal or request (report, referral, application, indication, waiting list)
    that is addressed to an agency of another sector than the sender's. Who comes in is told by any row of that sector, or
    of an agency that mostly delivers that sector: an episode that runs on or after that day, or any event on or
    after it but signals, refusals and requests.

    Parameters
    ----------
    min_days : int
        For how long nobody must have come.

    Notes
    -----
    Outcome `nobody_came`, one for a youth and a sector, from the need to the end of what is observed; `agency` is who
    asked first and `to_agency` who was asked, null where it is not sure who was first. It is `certain` if nobody
    possibly came, the days suffice for all bounds, and each agency that was possibly asked first is observed for
    `min_days` from the need on. Source of the definition: the inspectorates' aspect *reach* (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = MissingPartner().detect(sketch(MissingPartner.EXAMPLES[0].sketch))
    >>> found.to_arrow().select(["agency", "to_agency", "sector", "days_min"]).to_pylist()
    [{'agency': 'school', 'to_agency': 'ggz', 'sector': 'mental_health', 'days_min': 356}]
    """

    min_days: int = 90

    NEEDS: ClassVar[tuple[Need, ...]] = (Need(columns=("to_agency",)),)
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2005-12-31\nggz contact 2001-01-01\nschool referral 2005-01-10 > ggz",
            ({"outcome": "nobody_came", "certainty": "certain", "agency": "school", "to_agency": "ggz",
              "sector": "mental_health", "start": "2005-01-10", "end": "2006-01-01", "days_min": 356,
              "days_max": 356, "ongoing": True},),
            "A contact years before; after the referral nothing.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz care 2001-01-01..2005-02-01\nschool referral 2005-01-10 > ggz",
            (),
            "Care ran already: somebody of that sector is there.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz waitlist 2005-02-01; ggz refusal 2005-03-01 no_place\n"
            "school referral 2005-01-10 > ggz",
            ({"outcome": "nobody_came", "certainty": "certain", "agency": "school", "days_min": 356},),
            "A place on a waiting list and a refusal bring nobody in.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz contact 2005\nschool referral 2005-01-10 > ggz",
            ({"certainty": "possible", "days_min": 356, "days_max": 356},),
            "The contact may have come before the referral.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nwindow ggz 2000-01-01..2005-02-28\nggz contact 2001-01-01\n"
            "school referral 2005-01-10 > ggz",
            ({"certainty": "possible", "days_min": 356},),
            "Nobody looked at the agency for long enough.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The sectors that were asked for every youth of a cohort and never came in."""
        view = cohort.view
        events, size = view.events, len(words("sectors"))
        needs = _needs(view, size)
        youth = needs.group // size
        until = view.until[youth]
        sure, may = _presence(view, size)
        came = sure[needs.group] >= needs.high
        low, high = np.maximum(0, until - needs.high), until - needs.low
        certain = (may[needs.group] < needs.low) & (low >= self.min_days)
        certain &= _seen(view, needs, self.min_days)
        found = np.flatnonzero(~came & (high >= max(self.min_days, 1)))
        return Findings.of_seen(
            view,
            Seen(
                youth=youth[found],
                outcome="nobody_came",
                certain=certain[found],
                start=needs.low[found],
                end=until[found],
                days_min=low[found],
                days_max=high[found],
                ongoing=np.ones(found.size, bool),
                agency=_only(needs, events.agency)[found],
                to_agency=_only(needs, events.to_agency)[found],
                sector=needs.group[found] % size,
                evidence=tuple(
                    row[found] for row in side_by_side(needs.of, events.row[needs.at], youth.size, _NAMED)
                ),
            ),
        )


class _Needs(NamedTuple):
    """Youths and sectors that were asked, as youth * sectors + sector, with the day of the first time.

    `at` are the requests that were possibly the first, and `of` the place of each one's need.
    """

    group: Ints
    low: Ints
    high: Ints
    of: Ints
    at: Ints


def _needs(view: View, size: int) -> _Needs:
    """What was asked of other sectors."""
    events = view.events
    asks = _asking(view)
    at = np.flatnonzero(asks & (events.to_agency >= 0))
    to = view.agency_sector[events.to_agency[at]]
    other = (to >= 0) & (to != events.sector[at])
    at, to = at[other], to[other]
    group = events.youth[at] * size + to
    order = np.argsort(pack(group, events.start_min[at]), kind="stable")
    at, group = at[order], group[order]
    of, head = runs(group)
    low = events.start_min[at[head]]
    high = best(of, events.start_max[at], head.size, least=True, empty=FAR)
    first = events.start_min[at] <= high[of]
    return _Needs(group[head], low, high, of[first], at[first])


def _asking(view: View) -> Bools:
    """Signals and requests."""
    return np.isin(view.events.kind, [words("kinds").index(kind) for kind in ("signal", *kinds_of("wait"))])


def _presence(view: View, size: int) -> tuple[Ints, Ints]:
    """The last day on which someone of each sector surely, and possibly, is there for each youth."""
    events, episodes = view.events, view.episodes
    point = np.flatnonzero(~_asking(view) & (events.kind != words("kinds").index("refusal")))
    lasting = np.flatnonzero(episodes.role != ROLES.index("wait"))
    youth = np.concatenate([events.youth[point], episodes.youth[lasting]])
    agency = np.concatenate([events.agency[point], episodes.agency[lasting]])
    low = np.concatenate([events.start_min[point], episodes.end_min[lasting] - 1])
    high = np.concatenate([events.start_max[point], episodes.end_max[lasting] - 1])
    usual = view.agency_sector[agency]
    own = np.concatenate([events.sector[point], episodes.sector[lasting]])
    out = np.full((2, view.size * size), NO_DAY)
    other = (usual >= 0) & (usual != own)
    for sector, rows in ((own, np.ones(own.size, bool)), (usual, other)):
        group = youth[rows] * size + sector[rows]
        np.maximum.at(out[0], group, low[rows])
        np.maximum.at(out[1], group, high[rows])
    return out[0], out[1]


def _seen(view: View, needs: _Needs, days: int) -> Bools:
    """Whether each agency that was possibly asked first is observed for so many days from the need on."""
    youth = view.events.youth[needs.at]
    pair, start, end = observed(view, youth, view.events.to_agency[needs.at])
    first, last = needs.low[needs.of], needs.high[needs.of] + days
    seen = days_within(union(pair, start, end), np.arange(youth.size), first, last) == last - first
    out = np.ones(needs.group.size, bool)
    out[needs.of[~seen]] = False
    return out


def _only(needs: _Needs, agency: Ints) -> Ints:
    """The one agency of the requests that were possibly the first; -1 where there are several."""
    least, most = (
        best(needs.of, agency[needs.at], needs.group.size, least=one, empty=-1) for one in (True, False)
    )
    return np.where(least == most, least, -1)
