"""Waiting: from what asks for care to the care itself."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.rulebooks import Rulebook, rulebook
from levensloop.schema import words
from levensloop.spans import NO_DAY, Bools, Ints
from levensloop.waits import ONGOING, OUTCOMES, Waits, waits


@dataclass(frozen=True)
class Waiting:
    """A wait, from a referral, report, application, indication or place on a waiting list.

    The target of an opener is its `to_agency`, else its agency. The first start of care, school,
    work or benefit by the target on or after the opener closes the wait as `started`, a refusal as
    `refused`; a report is also answered by the first contact, intake or assessment. Failing these
    the opener's own end closes it as `ended`; else it is `ongoing` at the end of the target's
    window. Later openers join a wait that is open. `days_min` and `days_max` are the bounds of its
    length; it is `certain` if `days_min` is at least `min_days`.

    Parameters
    ----------
    rules : Rulebook, optional
        Norms on waiting; the Dutch rulebook if none is given.
    min_days : int
        The least length in days.

    Notes
    -----
    `over_norm` compares with the norm in force on the latest day of the opener: `certain`,
    `possible`, `no`, or `no_rule`. Where a law imposes a wait its days are in the measure
    `statutory_days`. `agency` is the target. Source of the definition: design section 6.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = Waiting().detect(sketch(Waiting.EXAMPLES[0].sketch)).to_arrow()
    >>> found.column("days_min").to_pylist(), found.column("over_norm").to_pylist()
    ([120], ['certain'])
    """

    rules: Rulebook | None = None
    min_days: int = 1

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
            "gp referral 2006 > ggz\nggz care 2006-05-01..2006-12-31 as_planned",
            ({"certainty": "possible", "days_min": 0, "days_max": 120},),
            "Only the year of the referral is known: the wait has bounds.",
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
        term, norm, statutory = _terms(view, rules, found)
        events = view.events
        row = events.row
        closer = found.closer[keep]
        return Findings.of_seen(
            view,
            Seen(
                youth=found.youth[keep],
                outcome=np.array(OUTCOMES)[found.outcome[keep]],
                certain=found.sure[keep] & (low >= self.min_days),
                start=found.open_min[keep],
                end=found.close_max[keep],
                days_min=low,
                days_max=high,
                ongoing=found.outcome[keep] == ONGOING,
                agency=found.target[keep],
                sector=found.sector[keep],
                rule=term[keep],
                rules=[rule.id for rule in rules],
                norm=norm[keep],
                over=_over(low, high, norm[keep]),
                measures={"statutory_days": statutory[keep]},
                evidence=(
                    row[found.opener[keep]],
                    np.where(closer >= 0, row[closer] if row.size else -1, -1),
                ),
            ),
        )


def _over(low: Ints, high: Ints, norm: Ints) -> NDArray[np.str_]:
    return np.select([norm < 0, low > norm, high > norm], ["no_rule", "certain", "possible"], "no")


def _terms(view: View, rules: Rulebook, found: Waits) -> tuple[Ints, Ints, Ints]:
    """The rule and its norm for each wait, and the days that a law imposes."""
    sector = (found.sector, words("sectors"))
    care_type = (found.care_type, view.care_types)
    segment = (found.answered.astype(np.int64), ("whole", "to_intake"))
    norm = rules.norm_days(sector, care_type, segment, found.open_max)
    born: Bools = view.birth_min == view.birth_max
    birth = np.where(born, view.birth_max, NO_DAY)[found.youth]
    imposed = rules.statutory(sector, care_type, found.open_max, birth)
    return norm.rule, norm.days, imposed.days
