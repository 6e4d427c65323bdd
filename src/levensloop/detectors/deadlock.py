"""Deadlock: refusals that hang on each other, or on another provision, and no way out."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.observing import observed
from levensloop.sandwich import started
from levensloop.schema import ROLES, words
from levensloop.spans import FAR, Bools, Ints, Spans, best, days_within, ranges, side_by_side, soonest, union

_REASONS = ("incompatible_provision", "missing_prerequisite")
_ASKED = ("application", "indication", "referral")
_NAMED = 11


@dataclass(frozen=True)
class Deadlock:
    """A refusal because provisions exclude each other, or two that wait for each other, and nothing starts.

    `incompatible`: an agency refused with the reason incompatible_provision, while something was asked of another agency
    (application, indication, referral) on that day or at most `within_days` before, or care, work or a benefit of another
    agency ran on one of these days. `circular`: two agencies refused, at most `within_days` apart, each with the reason
    incompatible_provision or missing_prerequisite. And no care, school, work or benefit by the agencies that
    refused started from the (later) refusal up to and with `within_days` after it.

    Parameters
    ----------
    within_days : int
        How near the other provision or refusal lies, and how soon a start is a way out.

    Notes
    -----
    For `incompatible` `agency` refused and `to_agency` is whose the other provision is, null if there (possibly) are
    several; `sector` is that of the refusal. For `circular` `agency` and `to_agency` are the two by name. Days count
    from the (later) refusal to the first start after, else to the end of what is observed. A finding is `certain` if all of it
    holds for all bounds, and those who refused are observed over the days in which nothing started. Source of the
    definition: Jorien's personal budget and her indication for long-term care (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = Deadlock().detect(sketch(Deadlock.EXAMPLES[0].sketch))
    >>> found.to_arrow().select(["outcome", "agency", "to_agency", "days_min"]).to_pylist()
    [{'outcome': 'incompatible', 'agency': 'pgb', 'to_agency': 'ciz', 'days_min': 275}]
    """

    within_days: int = 180

    NEEDS: ClassVar[tuple[Need, ...]] = (Need(kinds=("refusal",)), Need(columns=("reason",)))
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2006-12-31\nciz application 2006-01-10 health\n"
            "pgb refusal 2006-04-01 incompatible_provision work_income",
            ({"outcome": "incompatible", "certainty": "certain", "agency": "pgb", "to_agency": "ciz",
              "sector": "work_income", "start": "2006-04-01", "end": "2007-01-01", "days_min": 275,
              "days_max": 275, "ongoing": True},),
            "The one excludes the other, and nothing started.",
        ),
        Example(
            "window 2000-01-01..2006-12-31\nciz application 2006-01-10 health\n"
            "pgb refusal 2006-04-01 incompatible_provision work_income; pgb work 2006-06-01..",
            (),
            "Two months later it did start.",
        ),
        Example(
            "window 2000-01-01..2006-12-31\nschool refusal 2006-01-10 missing_prerequisite\n"
            "uwv refusal 2006-03-01 missing_prerequisite; uwv benefit 2006-11-01..",
            ({"outcome": "circular", "certainty": "certain", "agency": "school", "to_agency": "uwv",
              "start": "2006-01-10", "end": "2006-11-01", "days_min": 245, "days_max": 245, "ongoing": False},),
            "No enrolment without an income, no income without an enrolment; after 245 days there was one.",
        ),
        Example(
            "window 2000-01-01..2006-12-31\nschool refusal 2006-01-10 missing_prerequisite",
            (),
            "One missing prerequisite is no circle.",
        ),
        Example(
            "window 2000-01-01..2006-12-31\nciz application 2006 health\n"
            "pgb refusal 2006-04-01 incompatible_provision work_income",
            ({"outcome": "incompatible", "certainty": "possible", "days_min": 275, "days_max": 275},),
            "The application may have come after the refusal.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The deadlocks in every life of a cohort."""
        view = cohort.view
        refused = _refused(view)
        parts = [_incompatible(view, refused, self.within_days), _circular(view, refused, self.within_days)]
        return Findings.of_seen(view, *parts)


def _refused(view: View) -> Ints:
    """The places of the refusals for one of the reasons."""
    events = view.events
    reasons = [words("reasons").index(reason) for reason in _REASONS]
    return np.flatnonzero((events.kind == words("kinds").index("refusal")) & np.isin(events.reason, reasons))


class _Ahead(NamedTuple):
    """What becomes of refusals: the days to a start, the end, and whether nothing surely started in time."""

    days_min: Ints
    days_max: Ints
    end: Ints
    ongoing: Bools
    possible: Bools
    certain: Bools


def _ahead(view: View, who: tuple[Ints, ...], days: Spans, within: int) -> _Ahead:
    """What starts at some agencies after a day; `days` holds the youth, and the earliest and latest day."""
    episodes, size = view.episodes, len(view.agencies)
    roles = [ROLES.index(role) for role in ("care", "school", "work")]
    youth, low, high = days
    begun = np.flatnonzero(np.isin(episodes.role, roles) & _among(view, youth)[episodes.youth])
    group = episodes.youth[begun] * size + episodes.agency[begun]
    first, last = episodes.start_min[begun], episodes.start_max[begun]
    until = view.until[youth]
    near, soon, late, far = (np.full(youth.size, fill) for fill in (FAR, FAR, FAR, -FAR))
    watched = until > high + within
    for agency in who:
        at = youth * size + agency
        near = np.minimum(near, soonest(group, last, first, at, low))
        soon = np.minimum(soon, soonest(group, last, first, at, low + within + 1))
        late = np.minimum(late, soonest(group, first, last, at, high))
        far = np.maximum(far, -soonest(group, last, -last, at, np.full(at.size, -FAR)))
        pair, start, end = observed(view, youth, agency)
        seen = union(pair, start, end)
        watched &= days_within(seen, np.arange(youth.size), low, high + within + 1) == high + within + 1 - low
    forced, none = late != FAR, soon == FAR
    least = np.maximum(within + 1, soon - high)
    final = np.where(forced, late, np.where(none, until, np.maximum(until, far)))
    return _Ahead(
        days_min=np.where(forced, least, np.maximum(0, np.minimum(least, until - high))),
        days_max=np.maximum(0, final - low),
        end=np.maximum(final, high + 1),
        ongoing=none,
        possible=late - low > within,
        certain=(near > high + within) & watched,
    )


def _among(view: View, youth: Ints) -> Bools:
    """Whether each youth of a cohort is one of these."""
    out = np.zeros(view.size, bool)
    out[youth] = True
    return out


def _incompatible(view: View, refused: Ints, within: int) -> Seen:
    """Refusals because of another provision."""
    events = view.events
    at = refused[events.reason[refused] == words("reasons").index(_REASONS[0])]
    of, other, agency, sure = _others(view, at, within)
    size = at.size
    least, most = (best(of, agency, size, least=side, empty=-1) for side in (True, False))
    surely = np.zeros(size, bool)
    surely[of[sure]] = True
    youth = events.youth[at]
    days = Spans(youth, events.start_min[at], events.start_max[at])
    ahead = _ahead(view, (events.agency[at],), days, within)
    told = np.flatnonzero(ahead.possible & (most >= 0))
    return Seen(
        youth=youth[told],
        outcome="incompatible",
        certain=(ahead.certain & surely)[told],
        start=days.start[told],
        end=ahead.end[told],
        days_min=ahead.days_min[told],
        days_max=ahead.days_max[told],
        ongoing=ahead.ongoing[told],
        agency=events.agency[at[told]],
        to_agency=np.where(least == most, most, -1)[told],
        sector=events.sector[at[told]],
        evidence=(events.row[at[told]], *(row[told] for row in side_by_side(of, other, size, _NAMED))),
    )


def _others(view: View, at: Ints, within: int) -> tuple[Ints, Ints, Ints, Bools]:
    """What was asked of, or ran at, other agencies near each refusal: its place, row and agency; and whether surely."""
    events, episodes = view.events, view.episodes
    asked = np.flatnonzero(np.isin(events.kind, [words("kinds").index(kind) for kind in _ASKED]))
    roles = [ROLES.index(role) for role in ("care", "work")]
    these = _among(view, events.youth[at])
    ran = np.flatnonzero(np.isin(episodes.role, roles) & these[episodes.youth])
    asked = asked[these[events.youth[asked]]]
    target = np.where(events.to_agency >= 0, events.to_agency, events.agency)[asked]
    youth = np.concatenate([events.youth[asked], episodes.youth[ran]])
    order = np.argsort(youth, kind="stable")
    agency = np.concatenate([target, episodes.agency[ran]])[order]
    row = np.concatenate([events.row[asked], started(view, ran)])[order]
    low, high = (
        np.concatenate([events.start_min[asked], episodes.start_min[ran]])[order],
        np.concatenate([events.start_max[asked], episodes.start_max[ran]])[order],
    )
    # What was asked counts on its day; what runs up to its last day.
    over_low = np.concatenate([events.start_min[asked], episodes.end_min[ran] - 1])[order]
    over_high = np.concatenate([events.start_max[asked], episodes.end_max[ran] - 1])[order]
    bounds = [np.searchsorted(youth[order], events.youth[at], side=side) for side in ("left", "right")]
    of, nth = ranges(bounds[0], bounds[1])
    early, late = events.start_min[at][of], events.start_max[at][of]
    may = (agency[nth] != events.agency[at][of]) & (low[nth] <= late) & (over_high[nth] >= early - within)
    of, nth, early, late = of[may], nth[may], early[may], late[may]
    sure = (high[nth] <= early) & (over_low[nth] >= late - within)
    return of, row[nth], agency[nth], sure


def _circular(view: View, refused: Ints, within: int) -> Seen:
    """Two refusals by different agencies, near each other."""
    events = view.events
    youth, agency = events.youth[refused], events.agency[refused]
    order = np.argsort(youth, kind="stable")
    refused, youth, agency = refused[order], youth[order], agency[order]
    one, other = ranges(np.arange(youth.size) + 1, np.searchsorted(youth, youth, side="right"))
    low, high = events.start_min[refused], events.start_max[refused]
    gap_min = np.maximum(low[one] - high[other], low[other] - high[one])
    near = (agency[one] != agency[other]) & (gap_min <= within)
    one, other = one[near], other[near]
    surely = np.maximum(high[one] - low[other], high[other] - low[one]) <= within
    pair = np.minimum(agency[one], agency[other]), np.maximum(agency[one], agency[other])
    days = Spans(youth[one], np.maximum(low[one], low[other]), np.maximum(high[one], high[other]))
    ahead = _ahead(view, pair, days, within)
    told = np.flatnonzero(ahead.possible)
    return Seen(
        youth=youth[one][told],
        outcome="circular",
        certain=(ahead.certain & surely)[told],
        start=np.minimum(low[one], low[other])[told],
        end=ahead.end[told],
        days_min=ahead.days_min[told],
        days_max=ahead.days_max[told],
        ongoing=ahead.ongoing[told],
        agency=pair[0][told],
        to_agency=pair[1][told],
        evidence=(events.row[refused[one[told]]], events.row[refused[other[told]]]),
    )
