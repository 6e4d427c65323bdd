"""Age limits as they fall for each youth of a cohort: the ground of detectors about ages.

Source of the definition: design section 6, *AgeLimit*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from levensloop.ages import reached
from levensloop.arrays import View
from levensloop.rulebooks import Rule, Rulebook
from levensloop.sandwich import started
from levensloop.schema import words
from levensloop.spans import Bools, Ints, Spans, days_within, first_reaching, how_many, soonest, union
from levensloop.terms import Matter
from levensloop.waitlines import care_of

#: How near to a limit care must end, and how soon other care must take over.
_NEAR: Final = 90
_FOLLOW: Final = 90


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit with each youth's earliest and latest cut-off date, and whether it is in force then."""

    rules: Rulebook
    at: int
    first: Ints
    last: Ints
    sure: Bools
    possible: Bools

    @classmethod
    def of(cls, view: View, rules: Rulebook, at: int) -> "Limit":
        """The limit that is rule `at` of a rulebook."""
        births = view.birth_min, view.birth_max
        return cls(rules, at, *reached(rules.rules[at], rules.rules, births, rules.calendar))

    @property
    def rule(self) -> Rule:
        """The limit itself."""
        return self.rules.rules[self.at]

    def covers(self, view: View, sector: Ints, care_type: Ints) -> Bools:
        """Whether the limit speaks of care of these sectors and types."""
        return self.rules.covers(self.rule, (sector, words("sectors")), (care_type, view.care_types))


def limits_of(view: View, rules: Rulebook) -> list[Limit]:
    """Every limit of a rulebook, for each youth of a cohort."""
    return [Limit.of(view, rules, at) for at, rule in enumerate(rules) if rule.limit]


def spoken_of(
    view: View, limits: Sequence[Limit], sector: Ints, care_type: Ints
) -> Iterator[tuple[Limit, Ints]]:
    """Each limit with the rows of whose sector and care type it speaks."""
    matter = Matter((sector, words("sectors")), (care_type, view.care_types))
    pair = matter.pair()
    found: dict[bytes, Ints] = {}
    for limit, table in zip(limits, matter.covered_by([limit.rule for limit in limits]), strict=True):
        key = table.tobytes()
        if key not in found:
            found[key] = np.flatnonzero(table[pair])
        yield limit, found[key]


class Bridged(NamedTuple):
    """Care that ended near a limit and after which other care was there: places among the episodes."""

    episode: Ints
    days_min: Ints
    days_max: Ints
    certain: Bools
    follower: Ints


def bridged(view: View, limit: Limit) -> Bridged:
    """Care of which a limit speaks that ended near it, while other care ran on or soon began.

    `follower` is the row of the events table that tells of the other care, -1 where it is not sure.
    """
    episodes = view.episodes
    care = care_of(view)
    near = care[limit.possible[episodes.youth[care]] & ~episodes.open[care]]
    near = near[limit.covers(view, episodes.sector[near], episodes.care_type[near])]
    youth, low, high = episodes.youth[near], episodes.end_min[near], episodes.end_max[near]
    first, last = limit.first[youth], limit.last[youth]
    may = (episodes.start_min[near] < last) & (high > first - _NEAR) & (low < last + _NEAR)
    sure = limit.sure[youth] & (episodes.start_max[near] < first)
    sure &= (low > last - _NEAR) & (high < first + _NEAR)
    return _followed(view, care, near[may], sure[may])


def _followed(view: View, care: Ints, ended: Ints, sure: Bools) -> Bridged:
    """Which ended care other care took over, and after how many days."""
    episodes = view.episodes
    care = care[np.isin(episodes.youth[care], episodes.youth[ended])]
    group, begin, end = episodes.youth[care], episodes.start_min[care], episodes.end_max[care]
    latest, least = episodes.start_max[care], episodes.end_min[care]
    youth, low, high = episodes.youth[ended], episodes.end_min[ended], episodes.end_max[ended]
    span, own = Spans(youth, low, high + 1), high > low
    perhaps = how_many(group, begin - _FOLLOW, end, span) - own
    taken = days_within(union(group, latest - _FOLLOW, least), *span) == high + 1 - low
    over = how_many(group, begin, end, span) - own > 0
    covered = days_within(union(group, latest, least), *span) == high + 1 - low
    days_min = np.where(over, 0, np.maximum(0, soonest(group, latest, begin, youth, low) - high))
    forced = soonest(group, begin, latest, youth, high)
    days_max = np.where(covered, 0, np.minimum(_FOLLOW, forced - low))
    at = first_reaching(group, end, youth, high + 1)
    row = np.where(at >= 0, started(view, care[at]) if care.size else at, -1)
    keep = perhaps > 0
    return Bridged(ended[keep], days_min[keep], days_max[keep], (sure & taken)[keep], row[keep])
