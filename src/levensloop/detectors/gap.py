"""Gap: a stretch without care."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from levensloop.arrays import View, birthday
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.gaps import OUTCOMES, Groups, Items, Needs, Trailing, stretches
from levensloop.needs import Need
from levensloop.schema import words
from levensloop.spans import FAR, NO_DAY, Ints, union
from levensloop.waitlines import care_of
from levensloop.waits import waited, waits


@dataclass(frozen=True)
class Gap:
    """A stretch of days in which nobody in care saw the youth.

    Let S and P be the unions of the sure and the possible cover of the youth's care episodes, and
    D = [the least `end_min` of them, the first of U and the latest birthday at `until_age`). Each
    maximal interval [a, b) of D without S of at least `min_days` is looked at: the parts of it
    without P that are as long are `certain` findings; if there is none, [a, b) is one `possible`
    finding. A last interval counts only with open need: a wait that nothing closed, a signal after
    the last care start, or a last end for another reason than goal_reached, as_planned, agreed,
    moved or died.

    Parameters
    ----------
    min_days : int
        The least length in days.
    until_age : int
        Looked at until this birthday.
    by : {"youth", "sector"}
        All care together, or each sector by itself.
    trailing : {"need", "all", "none"}
        Whether an interval after the last care counts: with open need, always, never.

    Notes
    -----
    Outcomes: `unobserved` (no day of it is observed by every agency that ever cared), `waiting`
    (at least half of it may have been a wait), `after_goal` (the last care ended with its goal
    reached), `unexplained`. Measures, in days of the finding: `waiting_days`, `unobserved_days`.
    Source of the definition: design section 6.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = Gap().detect(sketch(Gap.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("days_min").to_pylist()
    [245]
    """

    min_days: int = 90
    until_age: int = 23
    by: Literal["youth", "sector"] = "youth"
    trailing: Trailing = "need"

    NEEDS: ClassVar[tuple[Need, ...]] = (
        Need(kinds=("care", "care_start", "care_end"), delivered=True, why="no source records care"),
    )
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-04-30 no_show\n"
            "ggz care 2006-01-01..2006-06-30 goal_reached",
            ({"outcome": "unexplained", "certainty": "certain", "start": "2005-05-01", "end": "2006-01-01",
              "days_min": 245, "days_max": 245},),
            "Nobody in care from May to December.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\nggz care 2005-01-01..2005-04-30 goal_reached",
            (),
            "Nothing follows, and nothing says that it should have.",
        ),
        Example(
            "window 2000-01-01..2005-12-31\nggz care 2005-01-01..2005-04-30 no_show",
            ({"certainty": "certain", "ongoing": True, "days_min": 245},),
            "The last care ended for a reason that leaves a need open.",
        ),
        Example(
            "window 2000-01-01..2010-12-31\n"
            "ggz care 2005-01-01..2005-04-30 no_show\n"
            "ggz care 2005-05-01..2006-06-30 goal_reached",
            (),
            "Handed over on the 30th, received on the 1st: no day between.",
        ),
    )  # fmt: skip

    def __post_init__(self) -> None:
        if self.by not in ("youth", "sector"):
            raise ValueError(f"by is youth or sector, not {self.by!r}")
        if self.trailing not in ("need", "all", "none"):
            raise ValueError(f"trailing is need, all or none, not {self.trailing!r}")

    def detect(self, cohort: Cohort) -> Findings:
        """The gaps of every youth of a cohort."""
        view = cohort.view
        groups = self._groups(view)
        found = stretches(view, self._items(view), groups, self._needs(view), self.min_days, self.trailing)
        youth = groups.youth[found.group]
        return Findings.of_seen(
            view,
            Seen(
                youth=youth,
                outcome=found.outcome,
                outcomes=OUTCOMES,
                certain=found.certain,
                start=found.start,
                end=found.end,
                days_min=found.days_min,
                days_max=found.days_max,
                ongoing=found.end == view.until[youth],
                sector=None if self.by == "youth" else found.group % len(words("sectors")),
                measures=found.measures,
                evidence=found.evidence,
            ),
        )

    def _of(self, youth: Ints, sector: Ints) -> Ints:
        """The group that each row counts for."""
        return youth if self.by == "youth" else youth * len(words("sectors")) + sector

    def _groups(self, view: View) -> Groups:
        times = 1 if self.by == "youth" else len(words("sectors"))
        latest, earliest = birthday(view.birth_max, self.until_age), birthday(view.birth_min, self.until_age)
        known = latest != NO_DAY
        end = np.where(known, np.minimum(view.until, latest), view.until)
        early = np.where(known, earliest, FAR)
        return Groups(np.repeat(np.arange(view.size), times), np.repeat(end, times), np.repeat(early, times))

    def _items(self, view: View) -> Items:
        episodes = view.episodes
        care = care_of(view)
        return Items(
            group=self._of(episodes.youth[care], episodes.sector[care]),
            agency=episodes.agency[care],
            start_min=episodes.start_min[care],
            start_max=episodes.start_max[care],
            end_min=episodes.end_min[care],
            end_max=episodes.end_max[care],
            reason=episodes.reason[care],
            row=np.where(episodes.end_row[care] >= 0, episodes.end_row[care], episodes.start_row[care]),
        )

    def _needs(self, view: View) -> Needs:
        events, episodes = view.events, view.episodes
        signal = np.flatnonzero(events.kind == words("kinds").index("signal"))
        care = care_of(view)
        pairs = waits(view)
        group = self._of(pairs.youth, pairs.sector)
        return Needs(
            signal=(
                self._of(events.youth[signal], events.sector[signal]),
                events.start_min[signal],
                events.start_max[signal],
            ),
            care=(
                self._of(episodes.youth[care], episodes.sector[care]),
                episodes.start_min[care],
                episodes.start_max[care],
            ),
            waits=pairs,
            wait_group=group,
            waited=waited(view) if self.by == "youth" else union(group, pairs.open_min, pairs.close_max),
        )
