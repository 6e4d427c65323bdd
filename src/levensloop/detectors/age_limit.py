"""AgeLimit: care that ends near an age limit, and refusals by age."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, NamedTuple

import numpy as np

from levensloop.ages import rights
from levensloop.arrays import View
from levensloop.cohort import Cohort
from levensloop.cut_off import CutOff, ahead_of, cut_off
from levensloop.findings import Example, Findings, Seen
from levensloop.limits import Limit, limits_of, spoken_of
from levensloop.needs import Need
from levensloop.observing import observed
from levensloop.rulebooks import Rulebook, rulebook
from levensloop.schema import ROLES, words
from levensloop.seen import OVER
from levensloop.spans import NO_DAY, Bools, Ints, Spans, days_within, first_reaching, how_many, union
from levensloop.waitlines import care_of
from levensloop.waits import waits

#: No episodes, and of none of them anything sure.
_NOBODY: Final = (np.zeros(0, np.int64), np.zeros(0, bool))


@dataclass(frozen=True)
class AgeLimit:
    """Care that stops near an age limit without care after it, and refusals that an age explains.

    For each limit in force on its cut-off date c: care in the limit's sectors that surely covers a
    day in [c - `before_days`, c) and whose end lies in [c - `before_days`, c + `after_days`). No care
    by anyone in the `bridge_days` after that end: `dropped` if a source of care observes the youth at
    that age, else `unobserved`; `returned` if care was resumed later. Asked for in the year before c
    and not started before c: `refused_near_limit`, once for each wait. Refused as too young: `too_young`, until the youth
    is old enough. Ending codes are not trusted: reaching eighteen is officially coded as planned.

    Parameters
    ----------
    rules : Rulebook, optional
        The limits; the Dutch rulebook if none is given.
    before_days, after_days : int
        How near to the limit care must end.
    bridge_days : int
        How long without care counts.

    Notes
    -----
    The measure `school_days` tells on how many days of the finding the youth may have been at school.
    The law may keep a right past the limit. That hides no drop-out, and is told in the measures:
    `continued_right_days`, on how many days of the finding the care could have gone on, because it began
    before the limit; `resumption_right_days`, on how many it could be resumed without a new ground; and
    `asked_in_time` is 1 where care that had not begun at the limit was asked for in time to begin after it.
    A refusal as too young to which no limit of the rulebook belongs has no rule and lasts the day on
    which it was given. Source of the definition: design section 6.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = AgeLimit().detect(sketch(AgeLimit.EXAMPLES[0].sketch)).to_arrow()
    >>> found.column("rule").to_pylist()
    ['youthcare_jw']
    """

    rules: Rulebook | None = None
    before_days: int = 90
    after_days: int = 90
    bridge_days: int = 180

    NEEDS: ClassVar[tuple[Need, ...]] = (
        Need(
            kinds=("care", "care_start", "care_end", "referral", "report", "application", "indication", "waitlist",
                   "refusal"),
            delivered=True,
            why="no source records care, or who asks for it",
        ),
    )  # fmt: skip
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "birth 2000-03-10\nwindow 2010-01-01..2020-12-31\n"
            "jeugdhulp care 2016-01-01..2018-03-09 as_planned",
            ({"outcome": "dropped", "certainty": "certain", "start": "2018-03-10", "rule": "youthcare_jw",
              "measures": {"school_days": 0, "continued_right_days": 1028, "resumption_right_days": 184}},),
            "Care stops the day before eighteen and nothing follows, whatever the code says; for half a year "
            "the law would have let it begin again.",
        ),
        Example(
            "birth 2000-03-10\nwindow 2010-01-01..2020-12-31\n"
            "jeugdhulp care 2016-01-01..2018-03-09 as_planned\nwmo care 2018-02-01..2019-12-31",
            (),
            "Care by another agency was already there: an arranged transition.",
        ),
        Example(
            "birth 2000-03-10\nwindow 2010-01-01..2020-12-31\nggz refusal 2017-06-01 too_young",
            ({"outcome": "too_young", "start": "2017-06-01", "end": "2018-03-10", "days_min": 282},),
            "Refused, and old enough 282 days later.",
        ),
        Example(
            "birth 2000-03-10\nwindow 2010-01-01..2020-12-31\n"
            "jeugdhulp referral 2017-01-10 > bjz; jeugdhulp referral 2017-09-01 > bjz; bjz care 2018-06-01..2018-12-31",
            ({"outcome": "refused_near_limit", "certainty": "certain", "agency": "bjz", "start": "2017-09-01",
              "end": "2018-03-10", "days_min": 190, "days_max": 190},),
            "Asked for again in the year before eighteen, and nobody came before it.",
        ),
        Example(
            "birth 2000-03-10\nwindow 2010-01-01..2020-12-31\n"
            "jeugdhulp referral 2017-09-01 > bjz; bjz refusal 2017-10-01; bjz care 2018-01-15..2020-12-31",
            (),
            "Refused at first, but it had started before eighteen.",
        ),
        Example(
            "birth 2000-03-10\nwindow 2010-01-01..2020-12-31\n"
            "jeugdhulp referral 2017-09-01/2017-09-30 > bjz; bjz care 2017-09-10..2017-09-20",
            ({"outcome": "refused_near_limit", "certainty": "possible", "start": "2017-09-01", "days_max": 190},),
            "Referred before that care, or after it and for nothing.",
        ),
        Example(
            "birth 2000-03-10\nwindow 2010-01-01..2020-12-31\nwonen refusal 2018-03 too_young sector=youth_care",
            ({"outcome": "too_young", "certainty": "possible", "rule": "youthcare_jw", "end": "2018-03-10"},
             {"outcome": "too_young", "certainty": "possible", "rule": "youthcare_jw_continued"}),
            "Refused before eighteen or after it: which limit was meant is not sure.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """What age limits explain, for every youth of a cohort."""
        view = cohort.view
        rules = rulebook() if self.rules is None else self.rules
        limits = limits_of(view, rules)
        seen = [self._ended(view, limits), _near(view, limits), _too_young(view, limits)]
        names = [rule.id for rule in rules]
        return Findings.of_seen(view, *(_told(view, replace(part, rules=names)) for part in seen))

    def assessable(self, view: View) -> tuple[Bools, str]:
        """A youth whose birth is not known reaches no age."""
        return view.birth_min != NO_DAY, "no date of birth"

    def _ended(self, view: View, limits: list[Limit]) -> Seen:
        """Care that ended near a limit with no care after it."""
        episodes = view.episodes
        care = care_of(view)
        ended = care[~episodes.open[care] & (episodes.end_min[care] > episodes.start_max[care])]
        spoken = spoken_of(view, limits, episodes.sector[ended], episodes.care_type[ended])
        found = [self._near_end(view, limit, ended[rows]) for limit, rows in spoken]
        rows, sure = (np.concatenate(both) for both in zip(_NOBODY, *found, strict=True))
        which = np.repeat(np.arange(len(limits)), [row.size for row, _ in found])
        concerned = np.zeros(view.size, bool)
        concerned[episodes.youth[rows]] = True
        care = care[concerned[episodes.youth[care]]]
        return self._bridged(view, care, _Ended(rows, sure, which), limits)

    def _near_end(self, view: View, limit: Limit, care: Ints) -> tuple[Ints, Bools]:
        """Care of which a limit speaks that ended near it, and whether that is sure."""
        episodes, before, after = view.episodes, self.before_days, self.after_days
        rows = care[limit.possible[episodes.youth[care]]]
        youth, high = episodes.youth[rows], episodes.end_max[rows]
        near = (high >= limit.first[youth] - before) & (episodes.end_min[rows] < limit.last[youth] + after)
        rows = rows[near]
        youth, s, high = episodes.youth[rows], episodes.start_max[rows], episodes.end_max[rows]
        first, last, low = limit.first[youth], limit.last[youth], episodes.end_min[rows]
        may = (s < last) & (low > first - before)
        sure = limit.sure[youth] & (s < first) & (low > last - before) & (high < first + after)
        return rows[may], sure[may]

    def _bridged(self, view: View, care: Ints, ended: "_Ended", limits: list[Limit]) -> Seen:
        """Of care that ended near a limit, what no care followed in time; `care` is that of these youths."""
        episodes, bridge = view.episodes, self.bridge_days
        group, begin, finish = episodes.youth[care], episodes.start_min[care], episodes.end_max[care]
        rows = ended.rows
        youth, low, high = episodes.youth[rows], episodes.end_min[rows], episodes.end_max[rows]
        cover = union(group, episodes.start_max[care], episodes.end_min[care])
        keep = days_within(cover, youth, high, np.maximum(low + bridge, high)) == 0
        keep &= ~(view.departed[youth] & (view.until[youth] < low + bridge))
        rows, sure, which = ended.rows[keep], ended.sure[keep], ended.which[keep]
        youth, low, high = youth[keep], low[keep], high[keep]
        others = how_many(group, begin, finish, Spans(youth, low, high + bridge)) - (high > low)
        seen = days_within(_seen_by_care(view, youth), youth, low, high + bridge)
        at = first_reaching(group, begin, youth, high)
        returned = at >= 0
        back = care[at] if care.size else at
        near, far = (
            np.where(returned, day[back], view.until[youth])
            for day in (episodes.start_min, episodes.start_max)
        )
        start, end = low, np.maximum(far, low + 1)
        kept = _kept_until(view, limits, which, youth, start)
        watched = returned | (seen == high + bridge - low)
        return Seen(
            youth=youth,
            outcome=np.select([returned, seen > 0], [0, 1], 2),
            outcomes=("returned", "dropped", "unobserved"),
            rule=np.array([limit.at for limit in limits], np.int64)[which],
            certain=sure & (others == 0) & watched & (near >= high),
            start=start,
            end=end,
            days_min=np.maximum(0, near - high),
            days_max=np.maximum(0, far - low),
            ongoing=~returned,
            agency=episodes.agency[rows],
            sector=episodes.sector[rows],
            measures={
                name: np.where(last == NO_DAY, -1, np.clip(last - start, 0, end - start))
                for name, last in zip(("continued_right_days", "resumption_right_days"), kept, strict=True)
            },
            evidence=(
                episodes.start_row[rows],
                episodes.end_row[rows],
                np.where(returned, episodes.start_row[back], -1),
            ),
        )


class _Ended(NamedTuple):
    """Care that ended near a limit: the episode, whether that is sure, and the place of the limit."""

    rows: Ints
    sure: Bools
    which: Ints


def _kept_until(view: View, limits: list[Limit], which: Ints, youth: Ints, ended: Ints) -> tuple[Ints, Ints]:
    """Until when care could surely go on, and be resumed; `NO_DAY` where that is not sure."""
    out = np.full(youth.size, NO_DAY), np.full(youth.size, NO_DAY)
    for place in np.unique(which).tolist():
        limit, here = limits[place], np.flatnonzero(which == place)
        rules, births = limit.rules, (view.birth_min[youth[here]], view.birth_max[youth[here]])
        both = [rights(limit.rule, rules.rules, birth, ended[here], rules.calendar) for birth in births]
        for whole, early, late in zip(out, *both, strict=True):
            whole[here] = np.minimum(early, late)
    return out


def _asked_in_time(view: View, limits: list[Limit], found: CutOff) -> Ints:
    """1 where what was asked for before the limit may surely begin after it, else -1."""
    events = view.events
    kind, youth = events.kind[found.opener], events.youth[found.opener]
    out = np.full(kind.size, -1, np.int64)
    for place in np.unique(found.limit).tolist():
        limit, here = limits[place], found.limit == place
        here &= events.start_max[found.opener] < limit.first[youth]
        for other in limit.rules:
            if limit.rule.id in other.extends:
                of_kind = np.isin(kind, [words("kinds").index(word) for word in other.asked])
                held = [limit.rules.in_force(other, day[youth]) for day in (limit.first, limit.last)]
                out[here & of_kind & held[0] & held[1]] = 1
    return out


def _near(view: View, limits: list[Limit]) -> Seen:
    """Care asked for in the year before a limit and not started before it."""
    events, found = view.events, cut_off(view, limits)
    youth, low = events.youth[found.opener], events.start_min[found.opener]
    closer = np.append(waits(view).closer, -1)[found.wait]
    return Seen(
        youth=youth,
        outcome="refused_near_limit",
        rule=np.array([limit.at for limit in limits], np.int64)[found.limit],
        certain=found.sure,
        start=low,
        end=np.maximum(found.last, low + 1),
        days_min=np.maximum(0, found.first - found.high),
        days_max=np.maximum(0, found.last - low),
        agency=found.target,
        sector=found.sector,
        measures={"asked_in_time": _asked_in_time(view, limits, found)},
        evidence=(events.row[found.opener], np.where(closer >= 0, np.append(events.row, -1)[closer], -1)),
    )


def _too_young(view: View, limits: list[Limit]) -> Seen:
    """Refusals as too young, until the first limit of their sector that comes after them."""
    events = view.events
    refusal = events.kind == words("kinds").index("refusal")
    rows = np.flatnonzero(refusal & (events.reason == words("reasons").index("too_young")))
    youth, low, high = events.youth[rows], events.start_min[rows], events.start_max[rows]
    spoken = (where for _, where in spoken_of(view, limits, events.sector[rows], events.care_type[rows]))
    ahead = ahead_of(limits, Spans(youth, low, high), spoken)
    rows, low, high = rows[ahead.at], low[ahead.at], high[ahead.at]
    return Seen(
        youth=youth[ahead.at],
        outcome="too_young",
        rule=np.array([*(limit.at for limit in limits), -1], np.int64)[ahead.limit],
        certain=ahead.certain,
        start=low,
        end=ahead.last,
        days_min=np.maximum(0, ahead.first - high),
        days_max=ahead.last - low,
        agency=events.agency[rows],
        sector=events.sector[rows],
        evidence=(events.row[rows],),
    )


def _seen_by_care(view: View, youth: Ints) -> Spans:
    """The days on which some source of care observes each of some youths."""
    carers = np.unique(view.windows.agency[view.windows.cares])
    youths = np.repeat(np.unique(youth), carers.size)
    pair, start, end = observed(view, youths, np.tile(carers, youths.size // max(carers.size, 1)))
    return union(youths[pair], start, end)


def _told(view: View, seen: Seen) -> Seen:
    """What is found with the days at school beside it, and said where no rule is known."""
    episodes = view.episodes
    concerned = np.zeros(view.size, bool)
    concerned[seen.youth] = True
    school = np.flatnonzero((episodes.role == ROLES.index("school")) & concerned[episodes.youth])
    cover = union(episodes.youth[school], episodes.start_min[school], episodes.end_max[school])
    return replace(
        seen,
        measures={"school_days": days_within(cover, seen.youth, seen.start, seen.end), **seen.measures},
        over=None if seen.rule is None else np.where(seen.rule < 0, OVER.index("no_rule"), -1),
    )
