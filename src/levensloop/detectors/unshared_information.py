"""UnsharedInformation: care or school begins while another agency holds what was not shared."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.consultations import consulted, pair_code
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.observing import observed
from levensloop.sandwich import started
from levensloop.schema import ROLES, words
from levensloop.spans import (
    FAR,
    NO_DAY,
    Bools,
    Ints,
    best,
    days_within,
    first_reaching,
    ranges,
    runs,
    soonest,
    union,
)


@dataclass(frozen=True)
class UnsharedInformation:
    """An agency began while another held a diagnosis, an assessment or a measure that it did not share.

    Agency B starts care or school on day b; agency A recorded a diagnosis, an assessment or the start of
    a measure before b. It is shared by a row of A that names B in `shared_with`, by a referral or
    transfer from A to B, and by a consultation between them, on or after the day of the information.
    `never_shared` if there is no such day up to U, `shared_late` if the first is later than b. For a
    piece of information and B only the first start after it counts. One finding for A and B: that of
    the earliest information that was not shared in time. Home is left out.

    Parameters
    ----------
    roles : tuple of str
        Roles of the episodes that B starts.

    Notes
    -----
    `agency` is A, who holds it; `to_agency` is B, who starts. The measure `items` counts the pieces of
    information of A that B did not have in time. `never_shared` lasts from b to U, `shared_late` from b to
    the day of sharing. Where nothing in the data tells of sharing at all, nobody can be assessed.
    Source of the definition: the inspectorates' aspect *information coordination* (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = UnsharedInformation().detect(sketch(UnsharedInformation.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("days_min").to_pylist()
    [153]
    """

    roles: tuple[str, ...] = ("care", "school")

    NEEDS: ClassVar[tuple[Need, ...]] = (
        Need(
            columns=("shared_with",),
            kinds=("consultation", "transfer"),
            why="no source records what was shared",
        ),
    )
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2005-12-31\nggz diagnosis 2004-05-01\n"
            "bjz care 2005-01-01..\nggz transfer 2005-06-03 > bjz",
            ({"outcome": "shared_late", "certainty": "certain", "agency": "ggz", "to_agency": "bjz",
              "start": "2005-01-01", "days_min": 153, "days_max": 153, "measures": {"items": 1}},),
            "Care began in January, and the diagnosis of last year came in June.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz diagnosis 2004-05-01; ggz assessment 2004-03-01\n"
            "bjz care 2005-01-01..\ngp contact 2005-06-03 shared_with=school",
            ({"outcome": "never_shared", "certainty": "certain", "agency": "ggz", "to_agency": "bjz",
              "ongoing": True, "days_min": 365, "measures": {"items": 2}},),
            "Two pieces of information, and neither was ever shared.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz diagnosis 2004-05-01 shared_with=bjz\nbjz care 2005-01-01..",
            (),
            "Shared before care began.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz diagnosis 2004-05-01\nbjz care 2005-01-01..\n"
            "bjz consultation 2005 > ggz",
            ({"outcome": "shared_late", "certainty": "possible", "days_min": 0, "days_max": 364},),
            "They consulted in the year in which care began: perhaps on that very day.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz diagnosis 2004-05-01\nbjz care 2005-01-01..",
            (),
            "No source tells of sharing: it cannot be assessed.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The information not shared in time, for every youth of a cohort."""
        view = cohort.view
        begun = _beginnings(view, self.roles)
        held, codes = _pairs(view, begun)
        told = _told(view, held, codes.size, _shares(view, codes))
        return Findings.of_seen(view, *(_seen(view, begun, codes, part) for part in told))


class _Beginnings(NamedTuple):
    """What agencies began, by `place`: youth * agencies + agency."""

    row: Ints
    place: Ints
    low: Ints
    high: Ints


def _not_home(sector: Ints) -> Bools:
    return sector != words("sectors").index("home")


def _beginnings(view: View, roles: tuple[str, ...]) -> _Beginnings:
    episodes = view.episodes
    wanted = np.isin(episodes.role, [ROLES.index(role) for role in roles]) & _not_home(episodes.sector)
    row = np.flatnonzero(wanted)
    place = episodes.youth[row] * len(view.agencies) + episodes.agency[row]
    order = np.argsort(place, kind="stable")
    row = row[order]
    return _Beginnings(row, place[order], episodes.start_min[row], episodes.start_max[row])


class _Pairs(NamedTuple):
    """Pieces of information, each with one other agency that began after it; `pair` numbers who and whom.

    `low` and `high` bound the information, `first` and `last` the start; `forced` says that there surely is one.
    """

    info: Ints
    place: Ints
    pair: Ints
    low: Ints
    high: Ints
    first: Ints
    last: Ints
    forced: Bools

    def take(self, rows: Ints | Bools) -> "_Pairs":
        """Some of the pairs."""
        return _Pairs(
            self.info[rows],
            self.place[rows],
            self.pair[rows],
            self.low[rows],
            self.high[rows],
            self.first[rows],
            self.last[rows],
            self.forced[rows],
        )


def _pairs(view: View, begun: _Beginnings) -> tuple[_Pairs, Ints]:
    """Every piece of information with each agency that possibly began after it; and who and whom as codes."""
    events, size = view.events, max(len(view.agencies), 1)
    kinds = [words("kinds").index(kind) for kind in ("diagnosis", "assessment", "measure")]
    info = np.flatnonzero(np.isin(events.kind, kinds) & _not_home(events.sector))
    places = np.unique(begun.place)
    bounds = [np.searchsorted(places, (events.youth[info] + more) * size) for more in (0, 1)]
    of, at = ranges(*bounds)
    info, place = info[of], places[at]
    other = place % size != events.agency[info]
    info, place = info[other], place[other]
    low, high = events.start_min[info], events.start_max[info]
    first = soonest(begun.place, begun.high, begun.low, place, low + 1)
    last = soonest(begun.place, begun.low, begun.high, place, high + 1)
    forced = last != FAR
    greatest = best(np.searchsorted(places, begun.place), begun.high, places.size, least=False, empty=NO_DAY)
    last = np.where(forced, last, greatest[at[other]])
    code = (events.youth[info] * size + events.agency[info]) * size + place % size
    after = first != FAR
    codes, pair = np.unique(code, return_inverse=True)
    found = _Pairs(info, place, pair, low, high, np.maximum(first, low + 1), last, forced)
    return found.take(after), codes


def _shares(view: View, codes: Ints) -> tuple[Ints, Ints]:
    """The events by which who shared with whom: the place in `codes`, and of the event."""
    events, told, size = view.events, view.told, max(len(view.agencies), 1)
    kinds = [words("kinds").index(kind) for kind in ("referral", "transfer")]
    sent = np.flatnonzero(np.isin(events.kind, kinds) & (events.to_agency >= 0))
    event = np.concatenate([sent, told.event])
    whom = np.concatenate([events.to_agency[sent], told.agency])
    code = (events.youth[event] * size + events.agency[event]) * size + whom
    place = np.minimum(np.searchsorted(codes, code), max(codes.size - 1, 0))
    known = codes[place] == code if codes.size else np.zeros(code.size, bool)
    who = codes // size
    both = pair_code(who, who // size * size + codes % size, size)
    between, pair = np.unique(both, return_inverse=True)
    of, at = consulted(view, between)
    order = np.argsort(pair, kind="stable")
    bounds = [np.searchsorted(pair[order], of, side=side) for side in ("left", "right")]
    nth, found = ranges(*bounds)
    return np.concatenate([place[known], order[found]]), np.concatenate([event[known], at[nth]])


class _Told(NamedTuple):
    """The pieces of information for which an outcome is possible, with bounds of its days."""

    outcome: str
    held: _Pairs
    certain: Bools
    days_min: Ints
    days_max: Ints
    end: Ints
    items: Ints


def _told(view: View, held: _Pairs, size: int, shares: tuple[Ints, Ints]) -> tuple[_Told, _Told]:
    """What was possibly never shared, and what possibly late; of each pair the earliest that was surely not in time."""
    of, at = shares
    low, high = view.events.start_min[at], view.events.start_max[at]
    sure = soonest(of, low, high, held.pair, held.high)
    may = soonest(of, high, low, held.pair, held.low)
    ever = best(of, high, size, least=False, empty=NO_DAY)[held.pair]
    never, late = sure == FAR, (sure > held.first) & (may != FAR) & (ever > held.first)
    items = np.bincount(held.pair[never | late], minlength=size)[held.pair]
    unshared = held.forced & (may > held.last)
    cut = best(held.pair[unshared], held.high[unshared], size, least=True, empty=FAR)
    stay = held.low <= cut[held.pair]
    never, late = never & stay, late & stay
    surely, not_never, not_late = (
        np.bincount(held.pair[one], minlength=size)[held.pair] > 0 for one in (unshared, late, never)
    )
    until = view.until[view.events.youth[held.info]]
    shared = np.where(sure == FAR, ever, sure)

    def one(outcome: str, rows: Bools, certain: Bools, ends: tuple[Ints, Ints]) -> _Told:
        least, most = np.maximum(0, ends[0] - held.last), np.maximum(0, ends[1] - held.first)
        end = ends[1] + (outcome == "shared_late")
        return _Told(outcome, held.take(rows), certain[rows], least[rows], most[rows], end[rows], items[rows])

    return (
        one("never_shared", never, surely & ~not_never, (until, until)),
        one("shared_late", late, surely & ~not_late, (may, shared)),
    )


def _seen(view: View, begun: _Beginnings, codes: Ints, told: _Told) -> Seen:
    """One finding for each pair of agencies."""
    held = told.held
    order = np.lexsort((held.info, held.pair))
    run, head = runs(held.pair[order])
    days_min, low, start = (
        best(run, day[order], head.size, least=True, empty=0) for day in (told.days_min, held.low, held.first)
    )
    days_max, last, end = (
        best(run, day[order], head.size, least=False, empty=0) for day in (told.days_max, held.last, told.end)
    )
    first = order[head]
    code, size = codes[held.pair[first]], max(len(view.agencies), 1)
    youth, agency = code // size // size, code // size % size
    never = told.outcome == "never_shared"
    at = first_reaching(begun.place, begun.high, held.place[first], held.low[first] + 1)
    return Seen(
        youth=youth,
        outcome=told.outcome,
        certain=told.certain[first] & _watched(view, youth, agency, (low, end if never else last)),
        start=start,
        end=np.maximum(end, start + 1),
        days_min=days_min,
        days_max=days_max,
        ongoing=np.full(youth.size, never),
        agency=agency,
        to_agency=code % size,
        sector=_sector(view, begun, held.place[first]),
        measures={"items": told.items[first]},
        evidence=(view.events.row[held.info[first]], started(view, begun.row[at])),
    )


def _watched(view: View, youth: Ints, agency: Ints, span: tuple[Ints, Ints]) -> Bools:
    """Whether each agency is observed on all days of a span."""
    at, start, end = observed(view, youth, agency)
    days = days_within(union(at, start, end), np.arange(youth.size), *span)
    return days >= span[1] - span[0]


def _sector(view: View, begun: _Beginnings, place: Ints) -> Ints:
    """The sector of what each agency began; -1 where it is not one."""
    run, head = runs(begun.place)
    sector = view.episodes.sector[begun.row]
    least, most = (best(run, sector, head.size, least=one, empty=-1) for one in (True, False))
    at = np.searchsorted(begun.place[head], place)
    return np.where(least == most, most, -1)[at]
