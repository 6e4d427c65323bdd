"""NoCoordinator: several agencies care at the same time and nobody has the lead."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.sandwich import Carers, care_on, carers, lasting, sandwich
from levensloop.schema import ROLES, words
from levensloop.spans import Ints, Spans, best, depth, pack, ranges, side_by_side, union, without

_MOST_EVIDENCE = 12


@dataclass(frozen=True)
class NoCoordinator:
    """A stretch in which at least `agencies` agencies care and nobody coordinates.

    Surely: so many agencies by their sure cover, and no lead possibly covers the day. Possibly: so many by
    their possible cover, and no lead surely covers it. Home is left out of both.

    Parameters
    ----------
    min_days : int
        The least length in days.
    agencies : int
        How many agencies must care at the same time.

    Notes
    -----
    Outcome `no_coordinator`. The measure `agencies` is the greatest number that possibly cared on one
    day of the finding. Source of the definition: the inspectorates' aspect *chain direction* (Werkende
    Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = NoCoordinator().detect(sketch(NoCoordinator.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("measures").to_pylist()
    [[('agencies', 3)]]
    """

    min_days: int = 90
    agencies: int = 3

    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-12-31\nbjz care 2005-03-01..2005-10-31\ngp care 2005-04-01..2005-08-31",
            ({"outcome": "no_coordinator", "certainty": "certain", "start": "2005-04-01", "end": "2005-09-01",
              "days_min": 153, "days_max": 153},),
            "Three at a time for five months.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-12-31\nbjz care 2005-03-01..2005-10-31\n"
            "gp care 2005-04-01..2005-08-31\nmunicipality coordination 2005-05-15..2005-12-31",
            (),
            "Somebody took the lead before it lasted long.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-12-31\nbjz care 2005-03-01..2005-10-31\n"
            "gp care 2005-04-01..2005-08-31\nmunicipality coordination 2005..2005-12-31",
            ({"certainty": "possible", "start": "2005-04-01", "end": "2005-09-01", "days_min": 0},),
            "Somebody took the lead in 2005, but perhaps only after it.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-12-31\nbjz care 2005-03-01..2005-10-31\n"
            "family care 2005-04-01..2005-08-31",
            (),
            "The family is no agency.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The care of many without a coordinator, for every youth of a cohort."""
        view = cohort.view
        care = carers(view, self.agencies)
        steps, count = _steps(view, care.possible)
        lead, episodes = _leads(view), view.episodes
        whose = episodes.youth[lead]
        may_lead = union(whose, episodes.start_min[lead], episodes.end_max[lead])
        leads = union(whose, episodes.start_max[lead], episodes.end_min[lead])
        found = sandwich(
            without(_at_least(*_steps(view, care.sure), self.agencies), may_lead),
            without(_at_least(steps, count, self.agencies), leads),
            lasting(self.min_days),
        )
        spans = Spans(found.group, found.start, found.end)
        return Findings.of_seen(
            view,
            Seen(
                youth=found.group,
                outcome="no_coordinator",
                certain=found.certain,
                start=found.start,
                end=found.end,
                days_min=found.days_min,
                days_max=found.days_max,
                ongoing=found.end == view.until[found.group],
                measures={"agencies": _most(spans, steps, count)},
                evidence=_evidence(view, care, spans),
            ),
        )


def _leads(view: View) -> Ints:
    """The episodes in which an agency has the lead."""
    episodes = view.episodes
    home = words("sectors").index("home")
    return np.flatnonzero((episodes.role == ROLES.index("lead")) & (episodes.sector != home))


def _steps(view: View, cover: Spans) -> tuple[Spans, Ints]:
    """How many agencies cover the days of each youth."""
    return depth(cover.group // max(len(view.agencies), 1), cover.start, cover.end)


def _at_least(steps: Spans, count: Ints, least: int) -> Spans:
    many = count >= least
    return union(steps.group[many], steps.start[many], steps.end[many])


def _most(found: Spans, steps: Spans, count: Ints) -> Ints:
    """The greatest number of agencies on a day of each finding."""
    low = np.searchsorted(pack(steps.group, steps.end), pack(found.group, found.start), side="right")
    high = np.searchsorted(pack(steps.group, steps.start), pack(found.group, found.end), side="left")
    of, at = ranges(low, high)
    return best(of, count[at], found.group.size, least=False, empty=0)


def _evidence(view: View, care: Carers, found: Spans) -> tuple[Ints, ...]:
    """The care that each agency possibly gives on the first day of each finding."""
    size = len(view.agencies)
    cover = care.possible
    low = np.searchsorted(cover.group, found.group * size, side="left")
    high = np.searchsorted(cover.group, (found.group + 1) * size, side="left")
    of, at = ranges(low, high)
    here = (cover.start[at] <= found.start[of]) & (cover.end[at] > found.start[of])
    of, at = of[here], at[here]
    rows = care_on(view, care, cover.group[at], found.start[of])
    return side_by_side(of, rows, found.group.size, _MOST_EVIDENCE)
