"""OutOfView: a stretch in which no agency saw the youth."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.arrays import View, among
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.gaps import OUTCOMES, Groups, Items, Needs, stretches
from levensloop.schema import ROLES, kinds_of, words
from levensloop.spans import FAR, NO_DAY, Bools, Ints
from levensloop.waitlines import care_of, episode_of
from levensloop.waits import waited, waits


@dataclass(frozen=True)
class OutOfView:
    """A stretch of days in which nothing of the youth was recorded by anyone.

    As `Gap`, over every episode and every event of every agency: a point covers its day, waits do
    not count, and neither do the sectors home and other. D ends at U. The last end may be that of
    a point, with the reason that it gives.

    Parameters
    ----------
    min_days : int
        The least length in days.

    Notes
    -----
    Outcomes and measures are those of `Gap`. Source of the definition: design section 6.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = OutOfView().detect(sketch(OutOfView.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("days_min").to_pylist()
    [364]
    """

    min_days: int = 180

    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\ngp contact 2005-01-01\npolice offence 2006-01-01",
            ({"outcome": "unexplained", "certainty": "certain", "start": "2005-01-02", "end": "2006-01-01"},),
            "Two days a year apart, and nothing between.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "gp contact 2005-01-01\nschool school 2004-09-01..2006-07-31\npolice offence 2006-01-01",
            (),
            "At school all the time: in view.",
        ),
    )

    def detect(self, cohort: Cohort) -> Findings:
        """The stretches out of view of every youth of a cohort."""
        view = cohort.view
        groups = Groups(np.arange(view.size), view.until, np.full(view.size, FAR))
        found = stretches(view, _items(view), groups, _needs(view), self.min_days, "need")
        return Findings.of_seen(
            view,
            Seen(
                youth=found.group,
                outcome=found.outcome,
                outcomes=OUTCOMES,
                certain=found.certain,
                start=found.start,
                end=found.end,
                days_min=found.days_min,
                days_max=found.days_max,
                ongoing=found.end == view.until[found.group],
                measures=found.measures,
                evidence=found.evidence,
            ),
        )


def _left_out(sector: Ints) -> Bools:
    return among(sector, words("sectors"), ("home", "other"))


def _items(view: View) -> Items:
    """Every episode that is no wait, and every event as a point or, with an end of its own, a span."""
    events, episodes = view.events, view.episodes
    cover = np.flatnonzero((episodes.role != ROLES.index("wait")) & ~_left_out(episodes.sector))
    row = np.where(episodes.end_row >= 0, episodes.end_row, episodes.start_row)
    # An event that is an episode by itself adds nothing to it, where its day is known.
    alone = np.zeros(row.size + 1, bool)
    alone[cover] = row[cover] == episodes.start_row[cover]
    twice = alone[episode_of(view)] & (events.start_min == events.start_max)
    event = np.flatnonzero(~(_left_out(events.sector) | twice))
    start_min, start_max, end_min = events.start_min[event], events.start_max[event], events.end_min[event]
    roles = [kind for role in ROLES for kind in kinds_of(role)]
    point = among(events.kind[event], words("kinds"), roles) | (end_min == NO_DAY)
    end_min = np.where(point, start_min + 1, end_min)
    end_max = np.where(point, start_max + 1, events.end_max[event])
    end_max = np.where(end_max == NO_DAY, np.maximum(view.until[events.youth[event]], end_min), end_max)
    return Items(
        group=np.concatenate([episodes.youth[cover], events.youth[event]]),
        agency=np.concatenate([episodes.agency[cover], events.agency[event]]),
        start_min=np.concatenate([episodes.start_min[cover], start_min]),
        start_max=np.concatenate([episodes.start_max[cover], start_max]),
        end_min=np.concatenate([episodes.end_min[cover], end_min]),
        end_max=np.concatenate([episodes.end_max[cover], end_max]),
        reason=np.concatenate([episodes.reason[cover], events.reason[event]]),
        row=np.concatenate([row[cover], events.row[event]]),
    )


def _needs(view: View) -> Needs:
    events, episodes = view.events, view.episodes
    signal = np.flatnonzero(events.kind == words("kinds").index("signal"))
    care = care_of(view)
    care = care[~_left_out(episodes.sector[care])]
    pairs = waits(view)
    return Needs(
        signal=(events.youth[signal], events.start_min[signal], events.start_max[signal]),
        care=(episodes.youth[care], episodes.start_min[care], episodes.start_max[care]),
        waits=pairs,
        wait_group=pairs.youth,
        waited=waited(view),
    )
