"""UpcomingLimit: a youth in care who soon reaches an age limit, and what is arranged for after it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.ages import add_months
from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.limits import Limit, limits_of
from levensloop.needs import Need
from levensloop.rulebooks import Rulebook, rulebook
from levensloop.sandwich import started
from levensloop.schema import kinds_of, words
from levensloop.spans import NO_DAY, Bools, Ints, best, distinct
from levensloop.waitlines import care_of

_YEAR = 365
#: Kinds that start what was asked for.
_STARTS = ("care", "care_start", "school", "school_start", "work", "benefit")


@dataclass(frozen=True)
class UpcomingLimit:
    """Care that runs today under a limit reached within some months, with nothing arranged for after it.

    Today is U. Let c be the cut-off of a limit that is in force on c, and U <= c < U + `within_months`;
    and let an agency give care of which the limit speaks, still open or with an end on c or later. If no
    care of which the limit does not speak is open or ends after c: `asked` if in the year before U
    something was asked of another agency (a referral, application, indication, place on a waiting list or
    transfer) that has neither ended nor been answered by a start or a refusal there; else
    `nothing_arranged`. Not for a youth who died or moved away.

    Parameters
    ----------
    rules : Rulebook, optional
        The limits; the Dutch rulebook if none is given.
    within_months : int
        How far to look ahead.

    Notes
    -----
    The finding lasts [U, c). An open episode is surely open where its source's window reaches U. Where
    something was only possibly asked, both outcomes are `possible`. Source of the definition: the inspectorates' aspect
    *continuity* (Werkende Ketens?, 2009), seen ahead.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = UpcomingLimit().detect(sketch(UpcomingLimit.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("days_min").to_pylist()
    [68]
    """

    rules: Rulebook | None = None
    within_months: int = 12

    NEEDS: ClassVar[tuple[Need, ...]] = (Need(birth=True, why="no date of birth"),)
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "birth 2000-03-10; window 2010-01-01..2017-12-31\njeugdhulp care 2016-01-01..",
            ({"outcome": "nothing_arranged", "certainty": "certain", "agency": "jeugdhulp", "start": "2018-01-01",
              "end": "2018-03-10", "rule": "youthcare_jw", "days_min": 68, "days_max": 68, "ongoing": False},),
            "Eighteen in ten weeks, and nothing for after that.",
        ),
        Example(
            "birth 2000-03-10; window 2010-01-01..2017-12-31\njeugdhulp care 2016-01-01..\n"
            "jeugdhulp referral 2017-10-01 > wmo",
            ({"outcome": "asked", "certainty": "certain", "agency": "jeugdhulp"},),
            "Asked, and not yet there.",
        ),
        Example(
            "birth 2000-03-10; window 2010-01-01..2017-12-31\njeugdhulp care 2016-01-01..\n"
            "wmo care 2017-11-01.. sector=municipality",
            (),
            "The next one cares already.",
        ),
        Example(
            "birth 2000; window 2010-01-01..2017-12-31\njeugdhulp care 2016-01-01..\n"
            "jeugdhulp referral 2016-10/2017-03 > wmo",
            ({"outcome": "asked", "certainty": "possible", "days_min": 0, "days_max": 364},
             {"outcome": "nothing_arranged", "certainty": "possible", "days_min": 0, "days_max": 364}),
            "Asked perhaps more than a year ago, and the birthday is not known.",
        ),
        Example(
            "birth 2002-03-10; window 2010-01-01..2017-12-31\njeugdhulp care 2016-01-01..",
            (),
            "Not yet within a year.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The limits ahead of every youth of a cohort."""
        view = cohort.view
        rules = rulebook() if self.rules is None else self.rules
        episodes = view.episodes
        care = care_of(view)
        care = care[episodes.open[care] | (episodes.end_max[care] >= view.until[episodes.youth[care]])]
        asked = _asked(view)
        parts: list[Seen] = []
        for limit in limits_of(view, rules):
            parts.extend(self._ahead(view, limit, care, asked))
        return Findings.of_seen(view, *parts)

    def _ahead(self, view: View, limit: Limit, care: Ints, asked: tuple[Ints, Ints]) -> list[Seen]:
        """Care under a limit that comes soon and after which nothing is arranged, by outcome."""
        episodes, until = view.episodes, view.until
        end = add_months(until, self.within_months)
        soon = limit.possible & ~view.departed & (limit.last >= until) & (limit.first < end)
        near = care[soon[episodes.youth[care]]]
        under = limit.covers(view, episodes.sector[near], episodes.care_type[near])
        running, other = near[under], near[~under]
        sure, may = _reaching(view, limit, running, 0)
        running, sure = running[may], sure[may]
        arranged = [
            np.isin(np.arange(view.size), episodes.youth[other[holds]])
            for holds in _reaching(view, limit, other, 1)
        ]
        youth = episodes.youth[running]
        sure &= (limit.sure & (limit.first >= until) & (limit.last < end) & ~arranged[1])[youth]
        keep = ~arranged[0][youth]
        order = np.flatnonzero(keep)[np.argsort(~sure[keep], kind="stable")]
        columns = (youth[order], episodes.agency[running[order]], episodes.sector[running[order]])
        order = order[distinct(*columns)]
        running, sure, youth = running[order], sure[order], youth[order]
        surely, perhaps = (_by_another(view, one, youth, episodes.agency[running]) for one in asked)
        return [
            self._seen(view, limit, running[told], (word, (sure & certain)[told]))
            for word, told, certain in (("asked", perhaps, surely), ("nothing_arranged", ~surely, ~perhaps))
        ]

    def _seen(self, view: View, limit: Limit, row: Ints, told: tuple[str, Bools]) -> Seen:
        youth = view.episodes.youth[row]
        until, first, last = view.until[youth], limit.first[youth], limit.last[youth]
        return Seen(
            youth=youth,
            outcome=told[0],
            certain=told[1],
            start=until,
            end=np.maximum(last, until + 1),
            days_min=np.maximum(0, first - until),
            days_max=last - until,
            agency=view.episodes.agency[row],
            sector=view.episodes.sector[row],
            rule=np.full(row.size, limit.at),
            rules=[rule.id for rule in limit.rules],
            evidence=(started(view, row),),
        )


def _reaching(view: View, limit: Limit, care: Ints, beyond: int) -> tuple[Bools, Bools]:
    """Whether care surely, and possibly, is open today or ends on the cut-off, or so many days after, or later."""
    episodes = view.episodes
    youth, is_open = episodes.youth[care], episodes.open[care]
    sure = np.where(
        is_open,
        episodes.end_min[care] >= view.until[youth],
        episodes.end_min[care] >= limit.last[youth] + beyond,
    )
    return sure, is_open | (episodes.end_max[care] >= limit.first[youth] + beyond)


def _asked(view: View) -> tuple[Ints, Ints]:
    """Whom something was surely, and possibly, asked of in the last year, unanswered: youth * agencies + agency."""
    events, size = view.events, len(view.agencies)
    kinds = [words("kinds").index(kind) for kind in (*kinds_of("wait"), "transfer") if kind != "report"]
    ends = [words("kinds").index(kind) for kind in (*_STARTS, "refusal")]
    at = np.flatnonzero(np.isin(events.kind, kinds) & (events.end_min == NO_DAY))
    until = view.until[events.youth[at]]
    at = at[events.start_max[at] >= until - _YEAR]
    until, low, high = view.until[events.youth[at]], events.start_min[at], events.start_max[at]
    target = np.where(events.to_agency[at] >= 0, events.to_agency[at], events.agency[at])
    place, run = np.unique(events.youth[at] * size + target, return_inverse=True)
    answer = np.flatnonzero(np.isin(events.kind, ends))
    answer = answer[np.isin(events.youth[answer], events.youth[at])]
    code = events.youth[answer] * size + events.agency[answer]
    answer, code = answer[np.isin(code, place)], code[np.isin(code, place)]
    whose = np.searchsorted(place, code)
    latest = [
        best(whose, day[answer], place.size, least=False, empty=NO_DAY)[run]
        for day in (events.start_min, events.start_max)
    ]
    sure = (low >= until - _YEAR) & (high <= until) & (latest[1] < low)
    may = (low <= until) & (latest[0] < high)
    return np.unique(place[run[sure]]), np.unique(place[run[may]])


def _by_another(view: View, asked: Ints, youth: Ints, agency: Ints) -> Bools:
    """Whether something was asked of another agency than the one that cares."""
    size = max(len(view.agencies), 1)
    count = np.bincount(asked // size, minlength=view.size)[youth]
    return count - np.isin(youth * size + agency, asked) > 0
