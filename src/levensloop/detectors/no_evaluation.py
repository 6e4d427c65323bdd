"""NoEvaluation: care that went on for long and was not evaluated."""

from dataclasses import dataclass
from typing import ClassVar

from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.sandwich import beyond, care_on, carers, evaluations, sandwich
from levensloop.spans import union, without


@dataclass(frozen=True)
class NoEvaluation:
    """Care by one agency that lasted longer than `months` without an evaluation.

    The days on which an agency cares are cut by each evaluation or review that the agency recorded
    or that was addressed to it. Surely without one are the days of its sure cover that are no possible
    day of an evaluation; possibly without one those of its possible cover that are not the
    known day of one. A stretch counts when it ends later than `months` calendar months after it began.

    Parameters
    ----------
    months : int
        How long care may go without an evaluation.

    Notes
    -----
    Outcome `no_evaluation`; `agency` is who cares. Where no source records evaluations or reviews at
    all, nobody can be assessed: silence then tells nothing. Source of the definition: the inspectorates'
    aspect *systematic evaluation* (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = NoEvaluation().detect(sketch(NoEvaluation.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("days_min").to_pylist()
    [669]
    """

    months: int = 12

    NEEDS: ClassVar[tuple[Need, ...]] = (
        Need(kinds=("evaluation", "review"), why="no source records evaluations"),
    )
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2004-01-01..2006-10-31 goal_reached\nggz evaluation 2004-12-31",
            ({"outcome": "no_evaluation", "certainty": "certain", "agency": "ggz", "start": "2005-01-01",
              "end": "2006-11-01", "days_min": 669, "days_max": 669, "ongoing": False},),
            "Evaluated after a year, and then no more for 22 months.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2004-01-01..2005-12-31 goal_reached\nggz evaluation 2004-12-31",
            (),
            "Once in the middle, and no stretch is longer than a year.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2004-01-01..2005-12-31 goal_reached\nggz evaluation 2005",
            ({"certainty": "possible", "start": "2004-01-01", "end": "2006-01-01", "days_min": 366,
              "days_max": 731},),
            "Evaluated somewhere in the second year: perhaps late, perhaps not.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nggz care 2004-01-01..2005-12-31 goal_reached",
            (),
            "Nobody records evaluations here: it cannot be assessed.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The care without evaluation of every youth of a cohort."""
        view = cohort.view
        group, at = evaluations(view)
        events, size = view.events, len(view.agencies)
        care = carers(view)
        low, high = events.start_min[at], events.start_max[at]
        known = low == high
        found = sandwich(
            without(care.sure, union(group, low, high + 1)),
            without(care.possible, union(group[known], low[known], high[known] + 1)),
            beyond(self.months),
        )
        youth = found.group // size
        return Findings.of_seen(
            view,
            Seen(
                youth=youth,
                outcome="no_evaluation",
                certain=found.certain,
                start=found.start,
                end=found.end,
                days_min=found.days_min,
                days_max=found.days_max,
                ongoing=found.end == view.until[youth],
                agency=found.group % size,
                evidence=(care_on(view, care, found.group, found.start),),
            ),
        )
