"""ParallelCare: two agencies care at the same time and nothing says that they consulted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.cohort import Cohort
from levensloop.consultations import consulted, pair_code
from levensloop.findings import Example, Findings, Seen
from levensloop.sandwich import care_on, carers, lasting, sandwich
from levensloop.spans import Ints, Spans, pack, ranges, union, without


@dataclass(frozen=True)
class ParallelCare:
    """A stretch in which two agencies both care, without a consultation between them.

    The days on which both surely care, less every possible day of a consultation between them, are sure;
    the days on which both possibly care, less the known days of one, are possible. A consultation is
    between all agencies that it names: the one that recorded it, the one that it is addressed to, and those
    with whom it was shared. One that names nobody else counts for every pair of its agency. Home is left out.

    Parameters
    ----------
    min_days : int
        The least length in days.

    Notes
    -----
    Outcome `parallel`; `agency` and `to_agency` are the two, by name. The measure `overlap_days` is the
    length of the stretch. Source of the definition: the inspectorates' aspect *information
    coordination* (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = ParallelCare().detect(sketch(ParallelCare.EXAMPLES[0].sketch))
    >>> found.to_arrow().select(["agency", "to_agency", "days_min"]).to_pylist()
    [{'agency': 'bjz', 'to_agency': 'ggz', 'days_min': 123}]
    """

    min_days: int = 90

    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-06-30\nbjz care 2005-02-28..2005-12-31",
            ({"outcome": "parallel", "certainty": "certain", "agency": "bjz", "to_agency": "ggz",
              "start": "2005-02-28", "end": "2005-07-01", "days_min": 123, "days_max": 123,
              "measures": {"overlap_days": 123}},),
            "Both for four months, and no word between them.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-06-30\nbjz care 2005-02-28..2005-12-31\n"
            "ggz consultation 2005-04-15 > bjz",
            (),
            "They consulted half-way.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-06-30\nbjz care 2005-02-28..2005-12-31\n"
            "municipality consultation 2005-04-15 shared_with=bjz|ggz",
            (),
            "A third brought both together.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-06-30\nbjz care 2005-02-28..2005-12-31\nggz consultation 2005",
            ({"certainty": "possible", "days_min": 0, "days_max": 123},),
            "They consulted in 2005, perhaps in these months; with whom is not told.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The care side by side of every youth of a cohort."""
        view = cohort.view
        care = carers(view, 2)
        size = len(view.agencies)
        one, other, possible = _together(care.possible, size)
        pairs, group = np.unique(pair_code(one, other, size), return_inverse=True)
        possible = union(group, possible.start, possible.end)
        one, other, sure = _together(care.sure, size)
        sure = union(np.searchsorted(pairs, pair_code(one, other, size)), sure.start, sure.end)
        of, at = consulted(view, pairs)
        low, high = view.events.start_min[at], view.events.start_max[at]
        known = low == high
        found = sandwich(
            without(sure, union(of, low, high + 1)),
            without(possible, union(of[known], low[known], high[known] + 1)),
            lasting(self.min_days),
        )
        pair = pairs[found.group]
        youth, first, last = pair // size**2, pair // size % size, pair % size
        return Findings.of_seen(
            view,
            Seen(
                youth=youth,
                outcome="parallel",
                certain=found.certain,
                start=found.start,
                end=found.end,
                days_min=found.days_min,
                days_max=found.days_max,
                ongoing=found.end == view.until[youth],
                agency=first,
                to_agency=last,
                measures={"overlap_days": found.end - found.start},
                evidence=tuple(
                    care_on(view, care, youth * size + agency, found.start) for agency in (first, last)
                ),
            ),
        )


def _together(cover: Spans, size: int) -> tuple[Ints, Ints, Spans]:
    """The days that the spans of two agencies share: each span is met by those that begin inside it."""
    youth = cover.group // max(size, 1)
    key = pack(youth, cover.start)
    order = np.argsort(key, kind="stable")
    key, group, start, end = key[order], cover.group[order], cover.start[order], cover.end[order]
    inside = np.searchsorted(key, pack(youth[order], end), side="left")
    one, other = ranges(np.arange(key.size) + 1, inside)
    shared = Spans(youth[order][one], start[other], np.minimum(end[one], end[other]))
    return group[one], group[other], shared
