"""Handover: from one agency's care to another's, told by a referral or by the order of care."""

from dataclasses import dataclass
from typing import ClassVar

from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings
from levensloop.handovers import handovers
from levensloop.needs import Need


@dataclass(frozen=True)
class Handover:
    """Whether a youth who was passed on arrived, how soon, and whether care was still there.

    Explicit: a referral or transfer from A to another agency B. The first care start at B on or
    after it and within `within_days`: `arrived`; a refusal by B before that: `refused`; nothing,
    though B was observed for the whole time: `lost`; else `pending`. Implicit: care by A ends, the
    next care start is by another agency within `within_days`, nobody cares on the days between and
    no explicit handover led there: `arrived`. Each start that may be the next is told.

    Parameters
    ----------
    within_days : int
        How long an arrival may take.

    Notes
    -----
    `agency` is A, `to_agency` is B; `days_min` and `days_max` bound the lag. The style of an arrival
    is the measure that is 1: `warm` (care by A possibly covers or touches the first day at B),
    `cold` (it ended before) or `referral_only` (A never cared). Source of the definition: design
    section 6.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> Handover().detect(sketch(Handover.EXAMPLES[0].sketch)).to_arrow().column("days_max").to_pylist()
    [0]
    """

    within_days: int = 180

    NEEDS: ClassVar[tuple[Need, ...]] = (
        Need(
            kinds=("referral", "transfer", "care", "care_start", "care_end"),
            delivered=True,
            why="no source records referrals or care",
        ),
    )
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-03 transferred\nggz care 2005-06-04..2005-12-31 goal_reached",
            ({"outcome": "arrived", "certainty": "certain", "agency": "bjz", "to_agency": "ggz", "days_max": 0},),
            "Handed over on the 3rd, received on the 4th: no day between.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-05-31 transferred\nbjz referral 2005-05-20 > ggz",
            ({"outcome": "lost", "certainty": "certain", "agency": "bjz", "to_agency": "ggz"},),
            "Referred, and never seen there.",
        ),
        Example(
            "window 2000-01-01..2005-06-30\nbjz referral 2005-05-20 > ggz",
            ({"outcome": "pending"},),
            "Too early to tell.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-30; ggz care 2005-07-01/2005-07-20..2005-12-31; gp care 2005-07-10..2005-12-31",
            ({"outcome": "arrived", "certainty": "possible", "agency": "bjz", "to_agency": "gp", "days_min": 9, "days_max": 9},
             {"outcome": "arrived", "certainty": "possible", "agency": "bjz", "to_agency": "ggz", "days_max": 19}),
            "Which care was the next is not sure.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The handovers of every youth of a cohort."""
        view = cohort.view
        return Findings.of_seen(view, *handovers(view, self.within_days))
