"""Waiting: from what asks for care to the care itself."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.rulebooks import Coded, Rulebook, Terms, rulebook
from levensloop.schema import words
from levensloop.seen import OVER
from levensloop.spans import Ints
from levensloop.terms import lengths
from levensloop.waits import ONGOING, OUTCOMES, Waits, waits

_OVER = [OVER.index(word) for word in ("no_rule", "certain", "possible", "no")]


@dataclass(frozen=True)
class Waiting:
    """A wait, from a referral, report, application, indication or place on a waiting list.

    The target of an opener is its `to_agency`, else its agency. The first start of care, school,
    work or benefit by the target on or after the opener closes the wait as `started`, a refusal as
    `refused`; a report is also answered by the first contact, intake or assessment. Failing these
    the opener's own end closes it as `ended`; else it is `ongoing` at the end of the target's
    window. Later openers join a wait that is open; one that may have come after it closed begins a
    wait that is `possible`. `days_min` and `days_max` are the bounds of its length; it is `certain`
    if `days_min` is at least `min_days`.

    Parameters
    ----------
    rules : Rulebook, optional
        Norms on waiting; the Dutch rulebook if none is given.
    min_days : int
        The least length in days.

    Notes
    -----
    `over_norm` compares with the norm in force on the latest day of the opener: `certain`,
    `possible`, `no`, or `no_rule`. `norm_days` is in days of the calendar; a norm in working days or
    in months is longer or shorter with the day on which the wait begins, and `possible` looks at the
    earliest. Where a law imposes a wait the days that it surely takes are in the measure `statutory_days`.

    Where an intake by the target divides the wait, both parts are in the measures too, with the norm for
    each: `to_intake_min`, `to_intake_max`, `to_intake_norm`, and the same for `intake_to_care`. Norm and
    outcome of the finding are those of the whole. `agency` is the target. Source of the definition:
    design section 6.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = Waiting().detect(sketch(Waiting.EXAMPLES[0].sketch)).to_arrow()
    >>> found.column("days_min").to_pylist(), found.column("over_norm").to_pylist()
    ([120], ['certain'])
    """

    rules: Rulebook | None = None
    min_days: int = 1

    NEEDS: ClassVar[tuple[Need, ...]] = (
        Need(
            kinds=("referral", "report", "application", "indication", "waitlist"),
            delivered=True,
            why="no source records referrals or applications",
        ),
    )
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "gp referral 2006-01-01 > ggz\nggz care 2006-05-01..2006-12-31 as_planned",
            ({"outcome": "started", "certainty": "certain", "agency": "ggz", "days_min": 120, "days_max": 120,
              "norm_days": 98, "over_norm": "certain"},),
            "Fourteen weeks is the norm for mental health; it took 120 days.",
        ),
        Example(
            "window 2000-01-01..2006-12-31\ngp referral 2006-01-01 > ggz\nggz intake 2006-02-01",
            ({"outcome": "ongoing", "certainty": "certain", "days_min": 365, "ongoing": True},),
            "An intake is not yet care.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "gp referral 2006-01-01 > ggz\nggz intake 2006-01-20\nggz care 2006-05-01..2006-12-31 as_planned",
            ({"days_min": 120, "over_norm": "certain",
              "measures": {"to_intake_min": 19, "to_intake_max": 19, "to_intake_norm": 28,
                           "intake_to_care_min": 101, "intake_to_care_max": 101,
                           "intake_to_care_norm": 70}},),
            "The intake came in time; the ten weeks from intake to treatment were passed.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "school referral 2006-12-22 > gp type=gp\ngp care 2006-12-30..2007-01-10",
            ({"sector": "health", "days_min": 8, "rule": "tree_gp", "norm_days": 7, "over_norm": "certain"},),
            "Three working days after the Friday before Christmas are Wednesday to Friday: seven days.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "gp referral 2006 > ggz\nggz care 2006-05-01..2006-12-31 as_planned",
            ({"certainty": "possible", "days_min": 0, "days_max": 120},),
            "Only the year of the referral is known: the wait has bounds.",
        ),
        Example(
            "window 2000-01-01..2006-12-31\n"
            "ggz waitlist 2006-01-01..2006-03\ngp referral 2006-03-20 > ggz",
            ({"outcome": "ended", "certainty": "certain", "days_min": 60, "days_max": 90},
             {"outcome": "ongoing", "certainty": "possible", "start": "2006-03-20"}),
            "The place on the list ended in March: the referral came while it stood, or began another wait.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-05-01..2006-12-31 as_planned\ngp referral 2006-01-01 > ggz",
            (),
            "Who is in care already does not wait for it.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The waits of every youth of a cohort."""
        view = cohort.view
        rules = rulebook() if self.rules is None else self.rules
        found = waits(view)
        low = np.maximum(0, found.close_min - found.open_max)
        high = found.close_max - found.open_min
        keep = np.flatnonzero(high >= max(self.min_days, 1))
        low, high = low[keep], high[keep]
        norm, latest, statutory = _terms(view, rules, found)
        rule, norm, latest = norm.rule[keep], norm.days[keep], latest[keep]
        events = view.events
        row = events.row
        closer = found.closer[keep]
        return Findings.of_seen(
            view,
            Seen(
                youth=found.youth[keep],
                outcome=found.outcome[keep],
                outcomes=OUTCOMES,
                certain=found.sure[keep] & (low >= self.min_days),
                start=found.open_min[keep],
                end=found.close_max[keep],
                days_min=low,
                days_max=high,
                ongoing=found.outcome[keep] == ONGOING,
                agency=found.target[keep],
                sector=found.sector[keep],
                rule=rule,
                rules=[rule.id for rule in rules],
                norm=norm,
                over=np.select([norm < 0, low > norm, high > latest], _OVER[:3], _OVER[3]),
                measures={"statutory_days": statutory[keep]}
                | {name: days[keep] for name, days in _parts(view, rules, found).items()},
                evidence=(
                    row[found.opener[keep]],
                    np.where(closer >= 0, row[closer] if row.size else -1, -1),
                ),
            ),
        )


def _terms(view: View, rules: Rulebook, found: Waits) -> tuple[Terms, Ints, Ints]:
    """The norm for each wait, the days that it has from the earliest opener, and those that a law imposes."""
    sector, care_type = _matter(view, found)
    segment = (found.answered.astype(np.int64), ("whole", "to_intake"))
    norm = rules.norm_days(sector, care_type, segment, found.open_max)
    latest = lengths(rules.rules, rules.calendar, norm.rule, found.open_min)
    # Of a birth with bounds the earliest: the law imposes at least those days.
    imposed = rules.statutory(sector, care_type, found.open_max, view.birth_min[found.youth])
    return norm, latest, imposed.days


def _parts(view: View, rules: Rulebook, found: Waits) -> dict[str, Ints]:
    """The days to the intake and from there on, with the norm for each; -1 where no intake divides the wait."""
    sector, care_type = _matter(view, found)
    divided = found.intake >= 0
    if not divided.any():
        return {}
    first = np.maximum(view.events.start_min[found.intake], found.open_min)
    last = np.minimum(view.events.start_max[found.intake], found.close_max)
    measures: dict[str, Ints] = {}
    for segment, begin, end in (
        ("to_intake", (found.open_min, found.open_max), (first, last)),
        ("intake_to_care", (first, last), (found.close_min, found.close_max)),
    ):
        norm = rules.norm_days(sector, care_type, (np.zeros_like(last), (segment,)), begin[1])
        measures[f"{segment}_min"] = np.where(divided, np.maximum(0, end[0] - begin[1]), -1)
        measures[f"{segment}_max"] = np.where(divided, end[1] - begin[0], -1)
        measures[f"{segment}_norm"] = np.where(divided, norm.days, -1)
    return measures


def _matter(view: View, found: Waits) -> tuple[Coded, Coded]:
    """The sector and the care type of each wait."""
    return (found.sector, words("sectors")), (found.care_type, view.care_types)
