"""Repetition: the same setback, for the same reason, again."""

from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

import numpy as np

from levensloop.arrays import SETTLED, View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.schema import ROLES, words
from levensloop.spans import FAR, Bools, Ints, best, days_within, pack, runs, side_by_side, touches, union

#: Reasons that are no setback, and `other`, which names no reason.
_NO_SETBACK: Final = (*SETTLED, "transferred", "age_limit", "other")
#: A drop-out explains an end of the same agency within so many days.
_SAME = 31
_NAMED = 12


@dataclass(frozen=True)
class Repetition:
    """The same setback returns: for the same reason, in the same sector.

    Setbacks are refusals, drop-outs, and ends of care, school or work (on their last day), with a reason other than goal_reached,
    as_planned, agreed, moved, died, transferred, age_limit and other. An end that a drop-out
    of the same agency for the same reason within 31 days explains is no second setback.

    Parameters
    ----------
    min_days : int
        How many days must lie from one to the next to count as again.
    min_times : int
        How often it must have happened.

    Notes
    -----
    Outcome `repeated`, one for a youth, sector and reason, from the first to the last of them. The measure `times` says
    how often: counted from the first on, each the first that is surely `min_days` after the one before; for a `possible` finding all
    of them. A finding is `certain` if that is often enough. It is `possible` if there are enough that are not surely explained by
    drop-outs, and from the first to the last there may be enough days. Source of the definition: Jorien, twice no
    internship and therefore no enrolment (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> Repetition().detect(sketch(Repetition.EXAMPLES[0].sketch)).to_arrow().column("days_min").to_pylist()
    [365]
    """

    min_days: int = 1
    min_times: int = 2

    NEEDS: ClassVar[tuple[Need, ...]] = (Need(columns=("reason",)),)
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\nschool refusal 2005-09-01 missing_prerequisite\n"
            "roc dropout 2006-09-01 missing_prerequisite education",
            ({"outcome": "repeated", "certainty": "certain", "sector": "education", "start": "2005-09-01",
              "end": "2006-09-02", "days_min": 365, "days_max": 365, "measures": {"times": 2}},),
            "No internship, so no enrolment; a year later no internship, so no diploma.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool refusal 2005-09-01 missing_prerequisite\n"
            "school refusal 2006-09-01 no_place",
            (),
            "Another reason.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool school 2004-08-01..2005-06-30 no_show\n"
            "school dropout 2005-07-10 no_show",
            (),
            "The drop-out tells why school ended: that is once.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nggz care 2004-01-01..2004-06-30 no_show; ggz care 2004/2005..2005-12-31 no_show\n"
            "ggz refusal 2006 no_show",
            ({"outcome": "repeated", "certainty": "certain", "days_min": 550, "days_max": 914,
              "measures": {"times": 3}},),
            "Three times, however the year is filled in.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nggz refusal 2006 no_place; bjz refusal 2006 no_place mental_health",
            ({"outcome": "repeated", "certainty": "possible", "days_min": 0, "days_max": 364},),
            "Perhaps both on one day.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The setbacks that returned in every life of a cohort."""
        view = cohort.view
        size = len(words("sectors")) * len(words("reasons"))
        setbacks = _setbacks(view)
        group = runs(setbacks.group)[0]
        setbacks = setbacks.of((np.bincount(group) >= self.min_times)[group])
        group, head = runs(setbacks.group)
        first = best(group, setbacks.low, head.size, least=True, empty=0)
        last = best(group, setbacks.high, head.size, least=False, empty=0)
        sure = setbacks.sure
        latest = best(group[sure], setbacks.low[sure], head.size, least=False, empty=-FAR)
        earliest = best(group[sure], setbacks.high[sure], head.size, least=True, empty=FAR)
        count = np.bincount(group, minlength=head.size)
        times = _times(group, setbacks, self.min_days, head.size)
        certain = times >= self.min_times
        told = np.flatnonzero(certain | (last - first >= self.min_days * (self.min_times - 1)))
        pattern = setbacks.group[head]
        return Findings.of_seen(
            view,
            Seen(
                youth=(pattern // size)[told],
                outcome="repeated",
                certain=certain[told],
                start=first[told],
                end=last[told] + 1,
                days_min=np.maximum(0, latest - earliest)[told],
                days_max=(last - first)[told],
                sector=(pattern % size // len(words("reasons")))[told],
                measures={"times": np.where(certain, times, count)[told]},
                evidence=tuple(row[told] for row in side_by_side(group, setbacks.row, head.size, _NAMED)),
            ),
        )


class _Setbacks(NamedTuple):
    """Setbacks by youth, sector and reason, and by day; `sure` where none is the other side of another."""

    group: Ints
    low: Ints
    high: Ints
    row: Ints
    sure: Bools

    def of(self, rows: Ints | Bools) -> "_Setbacks":
        """Some of them."""
        return _Setbacks(self.group[rows], self.low[rows], self.high[rows], self.row[rows], self.sure[rows])


def _setbacks(view: View) -> _Setbacks:
    """Refusals, drop-outs and ends, as far as they have a reason that is a setback."""
    events, episodes = view.events, view.episodes
    sectors, reasons = len(words("sectors")), len(words("reasons"))
    fine = [-1, *(words("reasons").index(reason) for reason in _NO_SETBACK)]
    kinds = [words("kinds").index(kind) for kind in ("refusal", "dropout")]
    roles = [ROLES.index(role) for role in ("care", "school", "work")]
    point = np.flatnonzero(np.isin(events.kind, kinds) & ~np.isin(events.reason, fine))
    ended = ~episodes.open & (episodes.end_row >= 0) & np.isin(episodes.role, roles)
    ended = np.flatnonzero(ended & ~np.isin(episodes.reason, fine))
    group = (events.youth[point] * sectors + events.sector[point]) * reasons + events.reason[point]
    over = (episodes.youth[ended] * sectors + episodes.sector[ended]) * reasons + episodes.reason[ended]
    drop = events.kind[point] == kinds[1]
    # An end stands for itself only if no drop-out possibly tells of it; it goes if one surely does.
    size = len(view.agencies)
    low, high = episodes.end_min[ended] - 1, episodes.end_max[ended] - 1
    early, late = events.start_min[point[drop]], events.start_max[point[drop]]
    both = np.concatenate([over * size + episodes.agency[ended], (group * size + events.agency[point])[drop]])
    # Numbered anew: the numbers of kernels stay below 2**31.
    number = np.unique(both, return_inverse=True)[1].astype(np.int64)
    whose, dropped = number[: over.size], number[over.size :]
    maybe = touches(whose, low, high + 1, union(dropped, early - _SAME, late + _SAME + 1))
    explained = union(dropped, late - _SAME, early + _SAME + 1)
    kept = days_within(explained, whose, low, high + 1) <= high - low
    every = _Setbacks(
        group=np.concatenate([group, over[kept]]),
        low=np.concatenate([events.start_min[point], low[kept]]),
        high=np.concatenate([events.start_max[point], high[kept]]),
        row=np.concatenate([events.row[point], episodes.end_row[ended[kept]]]),
        sure=np.concatenate([np.ones(point.size, bool), ~maybe[kept]]),
    )
    return every.of(np.lexsort((every.row, every.high, every.low, every.group)))


def _times(group: Ints, setbacks: _Setbacks, apart: int, size: int) -> Ints:
    """How many setbacks of each pattern are surely so many days apart, each from the one before.

    The next is the one that surely comes far enough and is over first. The loop runs as often as the pattern
    with the most setbacks has them.
    """
    rows = np.flatnonzero(setbacks.sure)
    rows = rows[np.argsort(pack(group[rows], setbacks.low[rows]), kind="stable")]
    times = np.zeros(size, np.int64)
    if not rows.size:
        return times
    key = pack(group[rows], setbacks.low[rows])
    # The one that is over first among those that begin on or after each.
    order = pack(group[rows], setbacks.high[rows])
    soon = np.minimum.accumulate(order[::-1])[::-1]
    at = np.searchsorted(group[rows], np.arange(size))
    of = np.arange(size)
    while of.size:
        inside = at < rows.size
        at, of = at[inside], of[inside]
        same = group[rows][at] == of
        at, of = at[same], of[same]
        times[of] += 1
        over = soon[at] + apart
        at = np.searchsorted(key, over, side="left")
    return times
