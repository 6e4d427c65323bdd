"""Escalation: crisis, placement or court while the youth waited, or after signals on which nobody acted."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from levensloop.answers import Acts, acts, signals
from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.sandwich import started
from levensloop.schema import ROLES, words
from levensloop.spans import (
    FAR,
    Bools,
    Ints,
    Spans,
    best,
    first_reaching,
    how_many,
    pack,
    ranges,
    runs,
    side_by_side,
    soonest,
)
from levensloop.unanswered import unanswered
from levensloop.waitlines import asked
from levensloop.waits import waits

_NAMED = 11


@dataclass(frozen=True)
class Escalation:
    """A measure, a court case or a placement during a wait, or after signals that nobody had answered.

    An escalation is the start of a measure, a court event (not as a victim or witness), or the start of care of a
    type in the vocabulary's `escalations`: crisis, foster, residential and secure care; home is left out.

    `during_wait`: it lies after the opener of a wait, as `Waiting` tells it, and before that wait closes; or some
    days leave another opener of that line without an answer up to it.
    `after_signals`: at most `within_days` before it an agency signalled or reported, and nobody acted from that
    signal up to the escalation: no assessment, diagnosis, or other start of care or a measure.

    Parameters
    ----------
    within_days : int
        How long before the escalation a signal counts.

    Notes
    -----
    `to_agency` is whose escalation it is, with its sector. `agency` is the one that was waited for, or the
    one that signalled: each signalling agency is a finding, from its earliest such signal on, with the measure
    `signals`: how many there (possibly) were. A finding is `certain` if the wait is and the order is for all bounds,
    or if one such signal surely went unanswered. Source of the definition: the inspectorates' question what happened
    while nobody acted (Werkende Ketens?, 2009).

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = Escalation().detect(sketch(Escalation.EXAMPLES[0].sketch))
    >>> found.to_arrow().select(["outcome", "agency", "days_min"]).to_pylist()
    [{'outcome': 'during_wait', 'agency': 'ggz', 'days_min': 120}]
    """

    within_days: int = 365

    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\ngp referral 2005-01-01 > ggz\nggz care 2005-09-01..2006-06-30\n"
            "bjz measure 2005-05-01..2006-04-30",
            ({"outcome": "during_wait", "certainty": "certain", "agency": "ggz", "to_agency": "bjz",
              "sector": "youth_care", "start": "2005-01-01", "end": "2005-05-02", "days_min": 120, "days_max": 120},),
            "A measure after four months of waiting.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2005-01-01; school signal 2005-02-01; gp signal 2005-03-01\n"
            "bjz care 2005-05-01..2005-12-31 type=secure_care",
            ({"outcome": "after_signals", "certainty": "certain", "agency": "school", "to_agency": "bjz",
              "days_min": 120, "days_max": 120, "measures": {"signals": 2}},
             {"outcome": "after_signals", "certainty": "certain", "agency": "gp", "days_min": 61,
              "measures": {"signals": 1}}),
            "Three signals of two agencies, and then a closed institution.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2005-01-01; ggz assessment 2005-03-01\n"
            "court court 2005-05-01",
            (),
            "The signal was answered before.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2005; court court 2005-05-01",
            ({"outcome": "after_signals", "certainty": "possible", "agency": "school", "days_min": 1,
              "days_max": 120},),
            "The signal may have come after it.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2005-01-01; court court 2005-05-01 capacity=victim",
            (),
            "The youth was the victim.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nschool report 2005-05-11 > ggz; ggz assessment 2005-04-30/2005-06-09\n"
            "court court 2005-06-20",
            ({"outcome": "during_wait", "certainty": "possible", "agency": "ggz", "to_agency": "court",
              "days_min": 40, "days_max": 40},
             {"outcome": "after_signals", "certainty": "possible", "agency": "school"}),
            "The assessment may have come before the report: then nobody had answered it.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nschool referral 2005-01-01/2005-02-10 > ggz; school referral 2005-01-05 > ggz\n"
            "ggz care 2005-01-08..2005-01-20; court court 2005-02-12",
            ({"outcome": "during_wait", "certainty": "possible", "agency": "ggz", "to_agency": "court",
              "days_min": 2, "days_max": 42},),
            "The first referral may have been the second.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """The escalations in every life of a cohort."""
        view = cohort.view
        steps = _steps(view)
        parts = [*_during(view, steps), _after(view, steps, self.within_days)]
        return Findings.of_seen(view, *parts)


class _Steps(NamedTuple):
    """Escalations by youth and first day; `act` where it is itself an act."""

    youth: Ints
    low: Ints
    high: Ints
    agency: Ints
    sector: Ints
    row: Ints
    act: Bools


def _steps(view: View) -> _Steps:
    """All escalations of a cohort."""
    events, episodes = view.events, view.episodes
    home = words("sectors").index("home")
    graver = [place for place, name in enumerate(view.care_types) if name in words("escalations")]
    aside = [words("capacities").index(name) for name in ("victim", "witness")]
    point = np.flatnonzero(
        (events.kind == words("kinds").index("court"))
        & ~np.isin(events.capacity, aside)
        & (events.sector != home)
    )
    care = (episodes.role == ROLES.index("care")) & np.isin(episodes.care_type, graver)
    begun = np.flatnonzero((care | (episodes.role == ROLES.index("measure"))) & (episodes.sector != home))
    every = _Steps(
        np.concatenate([events.youth[point], episodes.youth[begun]]),
        np.concatenate([events.start_min[point], episodes.start_min[begun]]),
        np.concatenate([events.start_max[point], episodes.start_max[begun]]),
        np.concatenate([events.agency[point], episodes.agency[begun]]),
        np.concatenate([events.sector[point], episodes.sector[begun]]),
        np.concatenate([events.row[point], started(view, begun)]),
        np.concatenate([np.zeros(point.size, bool), np.ones(begun.size, bool)]),
    )
    order = np.argsort(pack(every.youth, every.low), kind="stable")
    return _Steps(
        youth=every.youth[order],
        low=every.low[order],
        high=every.high[order],
        agency=every.agency[order],
        sector=every.sector[order],
        row=every.row[order],
        act=every.act[order],
    )


def _during(view: View, steps: _Steps) -> tuple[Seen, Seen]:
    """Escalations between the opener of a wait and what closes it; and where only doubt lets somebody wait."""
    found, events = waits(view), view.events
    key = pack(steps.youth, steps.low)
    begin = first_reaching(steps.youth, steps.high, found.youth, found.open_min + 1)
    end = np.searchsorted(key, pack(found.youth, found.close_max), side="left")
    of, at = ranges(np.where(begin < 0, end, begin), end)
    # What closes a wait does not lie before itself.
    closer = found.closer[of]
    itself = (closer >= 0) & (events.row[closer] == steps.row[at])
    real = (steps.high[at] > found.open_min[of]) & ~itself
    of, at = of[real], at[real]
    certain = found.sure[of] & (steps.low[at] > found.open_max[of]) & (steps.high[at] < found.close_min[of])
    paired = _waited(view, steps, (found.opener[of], found.open_max[of], at), certain)
    return paired, _waited(view, steps, _beside(view, steps, found.opener[of], at))


def _waited(view: View, steps: _Steps, found: tuple[Ints, Ints, Ints], certain: Bools | None = None) -> Seen:
    """Escalations `at` after openers, of which the last day is given."""
    events, (opener, last, at) = view.events, found
    return Seen(
        youth=events.youth[opener],
        outcome="during_wait",
        certain=np.zeros(at.size, bool) if certain is None else certain,
        start=events.start_min[opener],
        end=steps.high[at] + 1,
        days_min=np.maximum(1, steps.low[at] - last),
        days_max=steps.high[at] - events.start_min[opener],
        agency=np.where(events.to_agency[opener] >= 0, events.to_agency[opener], events.agency[opener]),
        to_agency=steps.agency[at],
        sector=steps.sector[at],
        evidence=(events.row[opener], steps.row[at]),
    )


def _beside(view: View, steps: _Steps, opener: Ints, at: Ints) -> tuple[Ints, Ints, Ints]:
    """Openers from which somebody may have waited up to an escalation, though they are not paired so."""
    events, lines = view.events, asked(view)
    more = unanswered(view, Spans(steps.youth, steps.low, steps.high), since=1)
    ends = np.isin(pack(more.line, steps.row[more.at]), pack(lines.closer_line, events.row[lines.closer]))
    line = np.zeros(events.row.size, np.int64)
    line[lines.opener] = lines.line
    told = opener.size
    opener, at = np.append(opener, more.opener[~ends]), np.append(at, more.at[~ends])
    # One for each line and escalation, from the first opener; none where a wait from that day on is told.
    order = np.lexsort((np.arange(at.size) >= told, opener, at, line[opener]))
    run, head = runs(line[opener][order], at[order])
    last = best(run, events.start_max[opener[order]], head.size, least=False, empty=FAR)
    new = order[head] >= told
    return opener[order[head[new]]], last[new], at[order[head[new]]]


def _after(view: View, steps: _Steps, within: int) -> Seen:
    """Escalations after signals on which nobody had acted, by who signalled."""
    events, done = view.events, acts(view)
    heard = signals(view)
    heard = heard[np.argsort(pack(events.youth[heard], events.start_min[heard]), kind="stable")]
    youth, low, high = events.youth[heard], events.start_min[heard], events.start_max[heard]
    # A signal counts if it may lie after the last act that is surely before the escalation.
    since = np.maximum(steps.low - within, _answered(done, steps) + 1)
    begin = first_reaching(youth, high, steps.youth, since)
    end = np.searchsorted(pack(youth, low), pack(steps.youth, steps.high), side="left")
    of, at = ranges(np.where(begin < 0, end, begin), end)
    real = high[at] >= since[of]
    of, at = of[real], at[real]
    between = how_many(done.youth, done.low, done.high + 1, Spans(steps.youth[of], low[at], steps.high[of]))
    own = steps.act[of] & (steps.low < steps.high)[of]
    sure = (high[at] < steps.low[of]) & (low[at] >= steps.high[of] - within) & (between == own)
    order = np.lexsort((at, events.agency[heard[at]], of))
    of, at, sure = of[order], at[order], sure[order]
    run, head = runs(of, events.agency[heard[at]])
    step, size = of[head], head.size
    first = best(run, low[at], size, least=True, empty=FAR)
    surely = best(run[sure], high[at[sure]], size, least=True, empty=FAR)
    latest = np.where(surely != FAR, surely, best(run, high[at], size, least=False, empty=FAR))
    return Seen(
        youth=steps.youth[step],
        outcome="after_signals",
        certain=surely != FAR,
        start=first,
        end=steps.high[step] + 1,
        days_min=np.maximum(1, steps.low[step] - latest),
        days_max=np.minimum(within, steps.high[step] - first),
        agency=events.agency[heard[at[head]]],
        to_agency=steps.agency[step],
        sector=steps.sector[step],
        measures={"signals": np.bincount(run, minlength=size)},
        evidence=(*side_by_side(run, events.row[heard[at]], size, _NAMED), steps.row[step]),
    )


def _answered(done: Acts, steps: _Steps) -> Ints:
    """The last day up to which a signal is surely answered before each escalation; long ago if there is none."""
    return -soonest(done.youth, -done.high, -done.low, steps.youth, 1 - steps.low)
