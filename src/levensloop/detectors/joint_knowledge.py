"""JointKnowledge: from when the agencies together knew enough, and how long it took until somebody acted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.ages import add_months
from levensloop.answers import acts, answers, responses, signals
from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.spans import FAR, Ints, Spans, best, how_many, side_by_side, union

#: How many signals a finding names; the act comes beside them.
_NAMED = 11


@dataclass(frozen=True)
class JointKnowledge:
    """Together the agencies held enough signals, each perhaps only one, and the days until somebody acted.

    The earliest day is sought on which at least `signals` signals or reports, by at least `agencies` different
    agencies, had come in the `months` before it. From there the first act counts, as in `LateResponse`.

    Parameters
    ----------
    signals, agencies : int
        How many signals, of how many agencies, are enough.
    months : int
        For how many calendar months a signal counts.
    min_days : int
        From how many days without an act on it is told.

    Notes
    -----
    Outcomes `acted` and `not_acted`, at most one of each for a youth. `to_agency` is who acted, null where the
    bounds leave that open. The measures `signals` and `signallers` say how many there (possibly) were on that day. A
    finding is `certain` if the signals suffice for all bounds and the days for `min_days`. Source of
    the definition: the inspectorates' aspect *shared problem analysis* (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = JointKnowledge().detect(sketch(JointKnowledge.EXAMPLES[0].sketch))
    >>> found.to_arrow().select(["outcome", "to_agency", "days_min"]).to_pylist()
    [{'outcome': 'acted', 'to_agency': 'bjz', 'days_min': 306}]
    """

    signals: int = 3
    agencies: int = 2
    months: int = 24
    min_days: int = 1

    NEEDS: ClassVar[tuple[Need, ...]] = (Need(kinds=("signal", "report")),)
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2004-01-10; gp signal 2004-09-01\n"
            "school signal 2005-03-01; bjz care 2006-01-01..2006-12-31",
            ({"outcome": "acted", "certainty": "certain", "to_agency": "bjz", "start": "2005-03-01",
              "end": "2006-01-01", "days_min": 306, "days_max": 306,
              "measures": {"signals": 3, "signallers": 2}},),
            "The third signal made it enough; help came ten months later.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2004-01-10; school signal 2004-09-01\n"
            "school signal 2005-03-01",
            (),
            "Three signals, but one agency.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2003-03-01; gp signal 2004-09-01\n"
            "school signal 2005-03-01",
            (),
            "The first signal had been two years ago.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nschool signal 2004-01-10; gp signal 2004-09-01\npolice signal 2005",
            ({"outcome": "not_acted", "certainty": "certain", "start": "2005-01-01", "end": "2006-01-01",
              "days_min": 1, "days_max": 365, "measures": {"signals": 3, "signallers": 3}},),
            "Some day in 2005 it was enough, and nobody acted.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nschool signal 2003; gp signal 2004-09-01; police signal 2005-06-01",
            ({"outcome": "not_acted", "certainty": "possible", "days_min": 214, "days_max": 214},),
            "In June 2005 the school's signal counts only if it came after June 2003.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """What the agencies together knew of every youth of a cohort."""
        view = cohort.view
        heard = _Heard(view, signals(view), self.months)
        low = self._first(heard, heard.may, heard.may.start)
        high = self._first(heard, heard.sure, heard.sure.start)
        youth = np.flatnonzero(low != FAR)
        known = high[youth] != FAR
        last = best(heard.may.group, heard.sure.start, view.size, least=False, empty=FAR)
        low, high = low[youth], np.where(known, high[youth], last[youth])
        until = view.until[youth]
        found = responses(
            Spans(youth, low, high), answers(acts(view), youth, low, high), until, self.min_days
        )
        of = found.at
        count, agencies = heard.on(heard.may, youth, np.where(known, high, low))
        named = heard.named(youth, np.where(known, high, low))
        return Findings.of_seen(
            view,
            Seen(
                youth=youth[of],
                outcome=np.where(found.answered, "acted", "not_acted"),
                certain=found.certain & known[of],
                start=low[of],
                end=np.maximum(found.end, low[of] + 1),
                days_min=found.days_min,
                days_max=found.days_max,
                ongoing=~found.answered,
                to_agency=found.agency,
                measures={"signals": count[of], "signallers": agencies[of]},
                evidence=(*(row[of] for row in named), found.row),
            ),
        )

    def _first(self, heard: "_Heard", counting: Spans, day: Ints) -> Ints:
        """The earliest of some days, by youth, on which the signals that count suffice; `FAR` if none does."""
        count, agencies = heard.on(counting, counting.group, day)
        enough = (count >= self.signals) & (agencies >= self.agencies)
        return best(counting.group[enough], day[enough], heard.view.size, least=True, empty=FAR)


class _Heard:
    """Signals, and the days on which each counts: surely, and possibly."""

    def __init__(self, view: View, at: Ints, months: int) -> None:
        events = view.events
        self.view, self.agency, self.row = view, events.agency[at], events.row[at]
        youth, low, high = events.youth[at], events.start_min[at], events.start_max[at]
        self.may = Spans(youth, low, add_months(high, months))
        self.sure = Spans(youth, high, add_months(low, months))

    def on(self, counting: Spans, youth: Ints, day: Ints) -> tuple[Ints, Ints]:
        """How many signals count on a day, and of how many agencies."""
        size = max(len(self.view.agencies), 1)
        at = Spans(youth, day, day + 1)
        apart = union(counting.group * size + self.agency, counting.start, counting.end)
        return how_many(*counting, at), how_many(apart.group // size, apart.start, apart.end, at)

    def named(self, youth: Ints, day: Ints) -> tuple[Ints, ...]:
        """The first signals that possibly count on a day of each youth (both in order)."""
        when = np.full(self.view.size, -FAR)
        when[youth] = day
        then = when[self.may.group]
        rows = np.flatnonzero((self.may.start <= then) & (then < self.may.end))
        rows = rows[np.argsort(self.may.group[rows], kind="stable")]
        return side_by_side(np.searchsorted(youth, self.may.group[rows]), self.row[rows], youth.size, _NAMED)
