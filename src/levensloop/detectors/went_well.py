"""WentWell: what the agencies did well, so that it is seen too."""

from dataclasses import dataclass, fields, replace
from typing import ClassVar

import numpy as np

from levensloop.answers import Answers, acts, answers
from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.handovers import handovers
from levensloop.limits import Limit, bridged, limits_of
from levensloop.rulebooks import Rulebook, rulebook
from levensloop.sandwich import carers, evaluations
from levensloop.schema import words
from levensloop.spans import FAR, Ints, best, days_within, runs, touches, union
from levensloop.terms import lengths
from levensloop.waitlines import care_of
from levensloop.waits import STARTED, waits

#: How long an arrival may take.
_ARRIVE = 180


@dataclass(frozen=True)
class WentWell:
    """Warm handovers, waits within the norm, signals answered, limits bridged, care evaluated.

    `warm_handover`: care by another agency followed on, as `Handover` tells. `wait_within_norm`: what
    was asked for started within the norm, as `Waiting` tells. `signal_answered`: a signal or report after
    which somebody acted (an assessment, a diagnosis, a start of care or a measure) within `answer_days`.
    `limit_bridged`: care that ended within 90 days of an age limit, while other care ran on or
    began within 90 days. `evaluated`: at least one evaluation lies in an agency's care.

    Parameters
    ----------
    rules : Rulebook, optional
        Norms and limits; the Dutch rulebook if none is given.
    answer_days : int
        How soon a signal must be answered.

    Notes
    -----
    The measure `evaluations` counts those that possibly lie in the agency's care. A finding is `certain` if it
    holds for all bounds. Source of the definition: what the inspectorates ask for in Werkende Ketens?
    (2009), turned to what went well.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = WentWell().detect(sketch(WentWell.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("outcome").to_pylist()
    ['warm_handover']
    """

    rules: Rulebook | None = None
    answer_days: int = 60

    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "bjz care 2005-01-01..2005-06-03 transferred\nggz care 2005-06-04..2005-12-31",
            ({"outcome": "warm_handover", "certainty": "certain", "agency": "bjz", "to_agency": "ggz",
              "days_max": 0},),
            "Handed over on the 3rd, received on the 4th.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\ngp referral 2006-01-01 > ggz\nggz care 2006-03-01..2006-12-31",
            ({"outcome": "wait_within_norm", "certainty": "certain", "agency": "ggz", "days_min": 59,
              "norm_days": 98, "over_norm": "no"},),
            "Fourteen weeks is the norm; it took 59 days.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2006-01-10; ggz assessment 2006-02",
            ({"outcome": "signal_answered", "certainty": "certain", "agency": "school", "to_agency": "ggz",
              "days_min": 22, "days_max": 49},),
            "An assessment in the next month.",
        ),
        Example(
            "birth 2000-03-10; window 2010-01-01..2020-12-31\n"
            "jeugdhulp care 2016-01-01..2018-03-09\nwmo care 2018-02-01..2019-12-31 sector=municipality",
            ({"outcome": "limit_bridged", "certainty": "certain", "agency": "jeugdhulp", "rule": "youthcare_jw",
              "start": "2018-03-10", "days_min": 0, "days_max": 0},),
            "At eighteen other care was there already.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nggz care 2005-01-01..2005-12-31; ggz evaluation 2005/2006",
            ({"outcome": "evaluated", "certainty": "possible", "agency": "ggz", "measures": {"evaluations": 1}},),
            "Evaluated perhaps during the care, perhaps after it.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nschool signal 2006-01-10; ggz assessment 2006-06-01",
            (),
            "Answered, but late.",
        ),
        Example(
            "window 2003-01-01..2003-09-01\ngp signal 2003-08-01/2003-09-05; gp care 2003-09-03..2003-10-26",
            ({"outcome": "signal_answered", "certainty": "possible", "end": "2003-09-04", "days_min": 0, "days_max": 33},),
            "The answer was recorded though nobody looked any more.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """What went well for every youth of a cohort."""
        view = cohort.view
        rules = rulebook() if self.rules is None else self.rules
        parts = [*(_warm(view, seen) for seen in handovers(view, _ARRIVE))]
        parts += [_in_time(view, rules), _answered(view, self.answer_days), _evaluated(view)]
        parts += [_bridged(view, limit) for limit in limits_of(view, rules)]
        return Findings.of_seen(view, *parts)


def _warm(view: View, seen: Seen) -> Seen:
    """Of handovers those that arrived warm; surely so if the other's care covers or touches every first day."""
    events, episodes, size = view.events, view.episodes, len(view.agencies)
    seen = _some(seen, np.flatnonzero(seen.measures["warm"] > 0))
    begun = seen.evidence[1]
    at = np.searchsorted(events.row, np.maximum(begun, 0))
    low, high = events.start_min[at], events.start_max[at]
    care = care_of(view)
    place = episodes.youth[care] * size + episodes.agency[care]
    touched = union(place, episodes.start_max[care], episodes.end_min[care] + 1)
    who = seen.youth * size + (seen.youth if seen.agency is None else seen.agency)
    sure = (begun >= 0) & (days_within(touched, who, low, high + 1) == high + 1 - low)
    return replace(seen, outcome="warm_handover", certain=seen.certain & sure, measures={})


def _some(seen: Seen, rows: Ints) -> Seen:
    """Some of what was seen."""
    columns = {field.name: getattr(seen, field.name) for field in fields(seen)}
    some = {name: value[rows] for name, value in columns.items() if isinstance(value, np.ndarray)}
    measures = {name: days[rows] for name, days in seen.measures.items()}
    return replace(seen, **some, measures=measures, evidence=tuple(row[rows] for row in seen.evidence))


def _in_time(view: View, rules: Rulebook) -> Seen:
    """Waits that ended with a start within the norm."""
    found, row = waits(view), view.events.row
    sector, care_type = (found.sector, words("sectors")), (found.care_type, view.care_types)
    segment = (found.answered.astype(np.int64), ("whole", "to_intake"))
    norm = rules.norm_days(sector, care_type, segment, found.open_max)
    latest = lengths(rules.rules, rules.calendar, norm.rule, found.open_min)
    low, high = np.maximum(0, found.close_min - found.open_max), found.close_max - found.open_min
    keep = np.flatnonzero((found.outcome == STARTED) & (norm.days >= 0) & (low <= norm.days) & (high >= 1))
    within = high[keep] <= latest[keep]
    return Seen(
        youth=found.youth[keep],
        outcome="wait_within_norm",
        certain=found.sure[keep] & (low[keep] >= 1) & within,
        start=found.open_min[keep],
        end=found.close_max[keep],
        days_min=low[keep],
        days_max=high[keep],
        agency=found.target[keep],
        sector=found.sector[keep],
        rule=norm.rule[keep],
        rules=[rule.id for rule in rules],
        norm=norm.days[keep],
        over=np.where(within, "no", "possible"),
        evidence=(row[found.opener[keep]], row[found.closer[keep]]),
    )


def _answered(view: View, within: int) -> Seen:
    """Signals after which somebody acted in time."""
    events = view.events
    kinds = [words("kinds").index(kind) for kind in ("signal", "report")]
    at = np.flatnonzero(np.isin(events.kind, kinds))
    answer = answers(acts(view), events.youth[at], events.start_min[at], events.start_max[at])
    soon = np.flatnonzero(answer.low - events.start_max[at] <= within)
    at, answer = at[soon], Answers(*(column[soon] for column in answer))
    low, high = events.start_min[at], events.start_max[at]
    forced = answer.high != FAR
    # What is recorded after `U` all the same may be the answer too.
    after = np.maximum(view.until[events.youth[at]], np.minimum(answer.last, high + within))
    late = np.where(forced, answer.high, after)
    return Seen(
        youth=events.youth[at],
        outcome="signal_answered",
        certain=forced & (late - low <= within),
        start=low,
        end=np.maximum(late, low) + 1,
        days_min=np.maximum(0, answer.low - high),
        days_max=np.maximum(0, late - low),
        agency=events.agency[at],
        to_agency=answer.agency,
        evidence=(events.row[at], answer.row),
    )


def _evaluated(view: View) -> Seen:
    """Agencies whose care was evaluated."""
    care, size = carers(view), max(len(view.agencies), 1)
    group, at = evaluations(view)
    low, high = view.events.start_min[at], view.events.start_max[at]
    may = touches(group, low, high + 1, care.possible)
    order = np.flatnonzero(may)[np.argsort(group[may], kind="stable")]
    group, at, low, high = group[order], at[order], low[order], high[order]
    sure = days_within(care.sure, group, low, high + 1) == high + 1 - low
    run, head = runs(group)
    start = best(run, low, head.size, least=True, empty=0)
    surely = best(run[sure], high[sure], head.size, least=True, empty=FAR)
    last = np.where(surely == FAR, best(run, high, head.size, least=False, empty=0), surely)
    return Seen(
        youth=group[head] // size,
        outcome="evaluated",
        certain=surely != FAR,
        start=start,
        end=last + 1,
        days_min=np.zeros(head.size, np.int64),
        days_max=last - start,
        agency=group[head] % size,
        measures={"evaluations": np.bincount(run, minlength=head.size)},
        evidence=(view.events.row[at[head]],),
    )


def _bridged(view: View, limit: Limit) -> Seen:
    """Care that ended near a limit while other care took over."""
    found, episodes = bridged(view, limit), view.episodes
    row = found.episode
    return Seen(
        youth=episodes.youth[row],
        outcome="limit_bridged",
        certain=found.certain,
        start=episodes.end_min[row],
        end=episodes.end_max[row] + np.maximum(found.days_max, 1),
        days_min=found.days_min,
        days_max=found.days_max,
        agency=episodes.agency[row],
        sector=episodes.sector[row],
        rule=np.full(row.size, limit.at),
        rules=[rule.id for rule in limit.rules],
        evidence=(episodes.end_row[row], found.follower),
    )
