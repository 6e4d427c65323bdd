"""LateResponse: a signal or report that was answered late, or by nobody."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from levensloop.answers import acts, answers, responses, signals
from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.observing import observed
from levensloop.schema import words
from levensloop.spans import Bools, Ints, Spans, days_within, ranges, union


@dataclass(frozen=True)
class LateResponse:
    """Somebody signalled, and it took long before anybody acted.

    A signal or report is answered by the first act on or after it: an assessment, a diagnosis, or the start of
    care or a measure. An answer is forced if it surely comes on or after the signal.

    Parameters
    ----------
    by : {"chain", "sector"}
        Whose acts count: those of everyone but home, or only those in the sector that the signal was
        addressed to: that of its addressee, else its own.
    min_days : int
        From how many days on an answer is late.

    Notes
    -----
    Outcomes `answered` and `unanswered`. `agency` is who signalled; `to_agency` who answered, null where the
    bounds leave that open. With ``by="sector"`` a finding is `certain` only if some agency of that sector observes
    the youth on all its days. Source of the definition: the inspectorates on Jorien, whose school saw it years
    before the diagnosis (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = LateResponse().detect(sketch(LateResponse.EXAMPLES[0].sketch))
    >>> found.to_arrow().select(["agency", "to_agency", "days_min"]).to_pylist()
    [{'agency': 'school', 'to_agency': 'ggz', 'days_min': 365}]
    """

    by: Literal["chain", "sector"] = "chain"
    min_days: int = 180

    NEEDS: ClassVar[tuple[Need, ...]] = (Need(kinds=("signal", "report")),)
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2005-01-10; ggz assessment 2006-01-10",
            ({"outcome": "answered", "certainty": "certain", "agency": "school", "to_agency": "ggz",
              "start": "2005-01-10", "end": "2006-01-10", "days_min": 365, "days_max": 365, "ongoing": False},),
            "An assessment after a year.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2005-01-10; ggz assessment 2005-03-10",
            (),
            "Within half a year.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nschool signal 2005-01-10; ggz contact 2005-02-10",
            ({"outcome": "unanswered", "certainty": "certain", "agency": "school", "to_agency": None,
              "end": "2006-01-01", "days_min": 356, "ongoing": True},),
            "A contact is recorded, but nobody assessed, diagnosed or helped.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nschool signal 2004-03; ggz assessment 2004",
            ({"outcome": "answered", "certainty": "possible", "days_min": 0, "days_max": 305},
             {"outcome": "unanswered", "certainty": "possible", "days_min": 641, "days_max": 671}),
            "The assessment may have come before the signal: then nobody answered it.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nschool signal 2004-03-01 > ggz; bjz care 2004-04-01..2004-12-31\n"
            "ggz care 2005-01-01..2005-06-30",
            ({"outcome": "answered", "certainty": "certain", "to_agency": "ggz", "sector": "mental_health",
              "days_min": 306},),
            "Another helped soon; the sector that was asked came later.",
            {"by": "sector"},
        ),
    )  # fmt: skip

    def __post_init__(self) -> None:
        if self.by not in ("chain", "sector"):
            raise ValueError(f"by is chain or sector, not {self.by!r}")

    def detect(self, cohort: Cohort) -> Findings:
        """The late answers to every youth's signals."""
        view = cohort.view
        events = view.events
        at, done = signals(view), acts(view)
        youth, low, high = events.youth[at], events.start_min[at], events.start_max[at]
        group, asked = youth, np.full(at.size, -1)
        if self.by == "sector":
            asked, size = _asked(view, at), len(words("sectors"))
            done, group = done.within(done.youth * size + done.sector), youth * size + asked
        until = view.until[youth]
        found = responses(Spans(youth, low, high), answers(done, group, low, high), until, self.min_days)
        of = found.at
        end = np.maximum(found.end, low[of] + 1)
        certain = found.certain
        if self.by == "sector":
            certain = certain & _watched(view, asked[of], Spans(youth[of], low[of], end))
        return Findings.of_seen(
            view,
            Seen(
                youth=youth[of],
                outcome=np.where(found.answered, "answered", "unanswered"),
                certain=certain,
                start=low[of],
                end=end,
                days_min=found.days_min,
                days_max=found.days_max,
                ongoing=~found.answered,
                agency=events.agency[at[of]],
                to_agency=found.agency,
                sector=asked[of],
                evidence=(events.row[at[of]], found.row),
            ),
        )


def _asked(view: View, at: Ints) -> Ints:
    """The sector that each signal was addressed to."""
    to = view.events.to_agency[at]
    usual = np.where(to >= 0, view.agency_sector[to], -1)
    return np.where(usual >= 0, usual, view.events.sector[at])


def _watched(view: View, sector: Ints, days: Spans) -> Bools:
    """Whether some agency of a sector observes the youth on every day of each span."""
    order = np.argsort(view.agency_sector, kind="stable")
    bounds = [np.searchsorted(view.agency_sector[order], sector, side=side) for side in ("left", "right")]
    of, nth = ranges(bounds[0], bounds[1])
    pair, start, end = observed(view, days.group[of], order[nth])
    seen = union(of[pair], start, end)
    return days_within(seen, np.arange(sector.size), days.start, days.end) == days.end - days.start
