"""ReEntry: care in the same sector again, soon after care that had reached its goal."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.sandwich import started
from levensloop.schema import words
from levensloop.spans import (
    FAR,
    Bools,
    Ints,
    Spans,
    best,
    days_within,
    distinct,
    first_reaching,
    how_many,
    pack,
    ranges,
    runs,
    soonest,
    union,
)
from levensloop.waitlines import care_of


@dataclass(frozen=True)
class ReEntry:
    """Care that ended as its goal was reached or as planned, and care in that sector again within a year.

    Let care X have ended for one of these reasons, with e the first day without it, and no other
    care in its sector cover e. The first start of care in that sector on or after e is a return if it lies at
    least `min_days` and at most `within_days` after e. Where care by several agencies
    starts on that first day, each is told; care by X's agency that ended twice on the same days is told once.

    Parameters
    ----------
    within_days : int
        How soon counts as a return.
    min_days : int
        How many days must lie between.

    Notes
    -----
    Outcome `returned`; `agency` is whose care had ended, `to_agency` who cares again. A start is
    possibly the first if it may lie on or after e and no other start surely lies between. It is
    `certain` if no other care possibly covers e, all starts that may be first are of one agency, and the
    number of days is right for all bounds. Source of the definition: the inspectorates' aspect
    *continuity* (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> ReEntry().detect(sketch(ReEntry.EXAMPLES[0].sketch)).to_arrow().column("days_min").to_pylist()
    [92]
    """

    within_days: int = 365
    min_days: int = 1

    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-30 goal_reached\ncjg care 2005-10-01..2006-03-31 youth_care",
            ({"outcome": "returned", "certainty": "certain", "agency": "bjz", "to_agency": "cjg",
              "sector": "youth_care", "start": "2005-07-01", "end": "2005-10-02", "days_min": 92,
              "days_max": 92},),
            "The goal was reached in June, and in October there was care again.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-30 goal_reached\nggz care 2005-10-01..2006-03-31",
            (),
            "Care in another sector is no return.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-30 goal_reached\ncjg care 2005-03-01..2005-12-31 youth_care\n"
            "bjz care 2006-02-01..2006-03-31",
            (),
            "Another agency still cared: it had not ended yet.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-30 as_planned\nbjz care 2006..2006-12-31",
            ({"certainty": "possible", "agency": "bjz", "to_agency": "bjz", "days_min": 184,
              "days_max": 548},),
            "Again in 2006: perhaps within a year, perhaps later.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-30 goal_reached; bjz care 2005-03-01..2005-06-30 as_planned\n"
            "bjz care 2005-10-01..2006-03-31",
            ({"certainty": "certain", "agency": "bjz", "to_agency": "bjz", "days_min": 92, "days_max": 92},),
            "Two kinds of help ended on one day: one return.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The returns to care of every youth of a cohort."""
        view = cohort.view
        care = _care(view)
        x, y, latest = self._next(care, _well_ended(view, care))
        agency = care.agency[y]
        order = np.lexsort((y, agency, x))
        x, y, latest, agency = x[order], y[order], latest[order], agency[order]
        run, head = runs(x, agency)
        first = best(run, care.start_min[y], head.size, least=True, empty=0)
        last = np.minimum(best(run, care.start_max[y], head.size, least=False, empty=0), latest[head])
        x, y = x[head], y[head]
        low, high = care.end_min[x], care.end_max[x]
        right = (last - low <= self.within_days) & (first - high >= self.min_days)
        certain = right & (latest[head] < FAR) & _alone(x) & (_others(care, x) == 0)
        found = np.flatnonzero((last - low >= self.min_days) & (first - high <= self.within_days))
        found = found[np.argsort(~certain[found], kind="stable")]
        x, y, first, last, low, high = x[found], y[found], first[found], last[found], low[found], high[found]
        one = distinct(care.group[x], care.agency[x], care.agency[y], low, high, first, last)
        x, y, first, last, low, high = x[one], y[one], first[one], last[one], low[one], high[one]
        sectors = len(words("sectors"))
        return Findings.of_seen(
            view,
            Seen(
                youth=care.group[x] // sectors,
                outcome="returned",
                certain=certain[found][one],
                start=low,
                end=last + 1,
                days_min=np.maximum(0, first - high),
                days_max=last - low,
                agency=care.agency[x],
                to_agency=care.agency[y],
                sector=care.group[x] % sectors,
                evidence=(view.episodes.end_row[care.row[x]], started(view, care.row[y])),
            ),
        )

    def _next(self, care: "_Care", ended: Ints) -> tuple[Ints, Ints, Ints]:
        """Every start that may be the first after each end and in time, and when the first surely was."""
        own, low, high = care.group[ended], care.end_min[ended], care.end_max[ended]
        key = pack(care.group, care.start_min)
        latest = soonest(care.group, care.start_min, care.start_max, own, high)
        begin = first_reaching(care.group, care.start_max, own, low)
        end = np.searchsorted(key, pack(own, np.minimum(high + self.within_days, latest)), side="right")
        at, y = ranges(np.where(begin < 0, end, begin), end)
        may = (care.start_max[y] >= low[at]) & (y != ended[at])
        return ended[at[may]], y[may], latest[at[may]]


class _Care(NamedTuple):
    """Care by group, a youth and a sector, in the order of its start; `row` is its place among the episodes."""

    row: Ints
    group: Ints
    agency: Ints
    start_min: Ints
    start_max: Ints
    end_min: Ints
    end_max: Ints


def _care(view: View) -> _Care:
    episodes = view.episodes
    row = care_of(view)
    group = episodes.youth[row] * len(words("sectors")) + episodes.sector[row]
    order = np.argsort(pack(group, episodes.start_min[row]), kind="stable")
    row = row[order]
    return _Care(
        row,
        group[order],
        episodes.agency[row],
        episodes.start_min[row],
        episodes.start_max[row],
        episodes.end_min[row],
        episodes.end_max[row],
    )


def _well_ended(view: View, care: _Care) -> Ints:
    """Care that ended well, with a day after it that no other care surely covers."""
    good = [words("reasons").index(reason) for reason in ("goal_reached", "as_planned")]
    well = np.isin(view.episodes.reason[care.row], good) & ~view.episodes.open[care.row]
    ended = np.flatnonzero(well)
    low, high = care.end_min[ended], care.end_max[ended] + 1
    sure = union(care.group, care.start_max, care.end_min)
    return ended[days_within(sure, care.group[ended], low, high) < high - low]


def _others(care: _Care, x: Ints) -> Ints:
    """How much other care possibly covers the first day after each end."""
    low, high = care.end_min[x], care.end_max[x]
    count = how_many(care.group, care.start_min, care.end_max, Spans(care.group[x], low, high + 1))
    return count - (high > low)


def _alone(x: Ints) -> Bools:
    """Whether each value stands only once among sorted ones."""
    run, head = runs(x)
    return (np.diff(np.append(head, x.size)) == 1)[run]
