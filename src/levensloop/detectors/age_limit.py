"""AgeLimit: care that ends near an age limit, and refusals by age."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from levensloop.ages import add_months, applies, rights
from levensloop.arrays import View, observed
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.rulebooks import Rule, Rulebook, rulebook
from levensloop.schema import ROLES, words
from levensloop.spans import FAR, NO_DAY, Bools, Ints, Spans, days_within, first_reaching, how_many, union
from levensloop.waits import ONGOING, STARTED, Waits, waits


@dataclass(frozen=True)
class AgeLimit:
    """Care that stops near an age limit without care after it, and refusals that an age explains.

    For each limit in force on its cut-off date c: care in the limit's sectors that surely covers a
    day in [c - `before_days`, c) and whose end lies in [c - `before_days`, c + `after_days`). No care
    by anyone in the `bridge_days` after that end: `dropped` if a source of care observes the youth at
    that age, else `unobserved`; `returned` if care was resumed later. Asked for in the year before c
    and not started before c: `refused_near_limit`. Refused as too young: `too_young`, until the youth
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
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """What age limits explain, for every youth of a cohort."""
        view = cohort.view
        rules = rulebook() if self.rules is None else self.rules
        limits = [_Limit.of(view, rules, at) for at, rule in enumerate(rules) if rule.limit]
        names = [rule.id for rule in rules]
        pairs = waits(view)
        parts: list[Seen] = []
        for limit in limits:
            parts.extend((self._ended(view, limit, names), _near(view, limit, pairs, names)))
        parts.append(_too_young(view, limits, names))
        return Findings.concat([Findings.of_seen(view, _told(view, part)) for part in parts])

    def assessable(self, view: View) -> tuple[Bools, str]:
        """A youth whose birth is not known reaches no age."""
        return view.birth_min != NO_DAY, "no date of birth"

    def _ended(self, view: View, limit: "_Limit", names: list[str]) -> Seen:
        """Care that ended near the limit with no care after it."""
        episodes = view.episodes
        care = np.flatnonzero(episodes.role == ROLES.index("care"))
        rows = care[
            limit.covers(view, episodes.sector[care], episodes.care_type[care]) & ~episodes.open[care]
        ]
        first, last = limit.first[episodes.youth[rows]], limit.last[episodes.youth[rows]]
        s, t = episodes.start_max[rows], episodes.end_min[rows]
        low, high = episodes.end_min[rows], episodes.end_max[rows]
        before, after = self.before_days, self.after_days
        may = limit.possible[episodes.youth[rows]] & (t > s)
        may &= (s < last) & (t > first - before) & (high >= first - before) & (low < last + after)
        sure = limit.sure[episodes.youth[rows]]
        sure &= (s < first) & (t > last - before) & (low >= last - before) & (high < first + after)
        rows, sure = rows[may], sure[may]
        return self._bridged(view, (limit, names), care, (rows, sure))

    def _bridged(
        self, view: View, rule: "tuple[_Limit, list[str]]", care: Ints, ended: tuple[Ints, Bools]
    ) -> Seen:
        """Of care that ended near a limit, what no care followed in time."""
        episodes = view.episodes
        rows, sure = ended
        youth, low, high = episodes.youth[rows], episodes.end_min[rows], episodes.end_max[rows]
        until, bridge = view.until[youth], self.bridge_days
        cover = union(episodes.youth[care], episodes.start_max[care], episodes.end_min[care])
        keep = days_within(cover, youth, high, np.maximum(low + bridge, high)) == 0
        keep &= ~(view.departed[youth] & (until < low + bridge))
        rows, sure, youth, low, high, until = (
            rows[keep],
            sure[keep],
            youth[keep],
            low[keep],
            high[keep],
            until[keep],
        )
        whole = Spans(youth, low, high + bridge)
        others = how_many(episodes.youth[care], episodes.start_min[care], episodes.end_max[care], whole)
        others = others - (high > low)
        seen = days_within(_seen_by_care(view, youth), youth, low, high + bridge)
        back = first_reaching(episodes.youth[care], episodes.start_min[care], youth, high)
        returned = back >= 0
        back = care[np.maximum(back, 0)] if care.size else back
        outcome = np.select([returned, seen > 0], ["returned", "dropped"], "unobserved")
        near, far = (
            np.where(returned, episodes.start_min[back], until),
            np.where(returned, episodes.start_max[back], until),
        )
        start, end = low, np.maximum(far, low + 1)
        kept = rule[0].kept_until(view, youth, start)
        watched = returned | (seen == high + bridge - low)
        return Seen(
            youth=youth,
            outcome=outcome,
            rule=np.full(youth.size, rule[0].at),
            rules=rule[1],
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


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit with each youth's earliest and latest cut-off date, and whether it is in force then."""

    rules: Rulebook
    at: int
    first: Ints
    last: Ints
    sure: Bools
    possible: Bools

    @classmethod
    def of(cls, view: View, rules: Rulebook, at: int) -> "_Limit":
        rule = rules.rules[at]
        first, last = rules.cutoff(rule, view.birth_min), rules.cutoff(rule, view.birth_max)
        births = view.birth_min, view.birth_max
        return cls(rules, at, first, last, *applies(rule, rules.rules, births, rules.calendar))

    @property
    def rule(self) -> Rule:
        """The limit itself."""
        return self.rules.rules[self.at]

    def covers(self, view: View, sector: Ints, care_type: Ints) -> Bools:
        """Whether the limit speaks of care of these sectors and types."""
        return self.rules.covers(self.rule, (sector, words("sectors")), (care_type, view.care_types))

    def kept_until(self, view: View, youth: Ints, ended: Ints) -> list[Ints]:
        """Until when care could surely go on, and be resumed; `NO_DAY` where that is not sure."""
        births = view.birth_min[youth], view.birth_max[youth]
        rules = self.rules
        both = [rights(self.rule, rules.rules, birth, ended, rules.calendar) for birth in births]
        return [np.minimum(early, late) for early, late in zip(*both, strict=True)]

    def asked_in_time(self, kind: Ints, youth: Ints) -> Ints:
        """1 where what was asked for before the limit may surely begin after it, else -1."""
        out = np.full(kind.shape, -1, np.int64)
        for other in self.rules:
            if self.rule.id in other.extends:
                asked = np.isin(kind, [words("kinds").index(word) for word in other.asked])
                held = [self.rules.in_force(other, day[youth]) for day in (self.first, self.last)]
                out[asked & held[0] & held[1]] = 1
        return out


def _near(view: View, limit: _Limit, pairs: Waits, names: list[str]) -> Seen:
    """Care asked for in the year before a limit and not started before it."""
    events = view.events
    kind = events.kind[pairs.opener]
    rows = np.flatnonzero(
        limit.covers(view, pairs.sector, pairs.care_type) & (kind != words("kinds").index("report"))
    )
    youth = pairs.youth[rows]
    first, last = limit.first[youth], limit.last[youth]
    low, high = pairs.open_min[rows], pairs.open_max[rows]
    year = [add_months(day, -12) for day in (first, last)]
    outcome = pairs.outcome[rows]
    told = (outcome == STARTED) | (outcome == ONGOING)
    late_sure = ~told | (pairs.close_min[rows] >= last)
    late_may = ~told | (pairs.close_max[rows] >= first)
    may = limit.possible[youth] & (high >= year[0]) & (low < last) & late_may & (view.until[youth] >= first)
    sure = limit.sure[youth] & (low >= year[1]) & (high < first) & late_sure & (view.until[youth] >= last)
    keep = np.flatnonzero(may)
    rows, youth, sure = rows[keep], youth[keep], sure[keep]
    low, high, first, last = low[keep], high[keep], first[keep], last[keep]
    closer = pairs.closer[rows]
    return Seen(
        youth=youth,
        outcome=np.full(rows.size, "refused_near_limit"),
        rule=np.full(youth.size, limit.at),
        rules=names,
        certain=sure & pairs.sure[rows],
        start=low,
        end=np.maximum(last, low + 1),
        days_min=np.maximum(0, first - high),
        days_max=np.maximum(0, last - low),
        ongoing=np.zeros(rows.size, bool),
        agency=pairs.target[rows],
        sector=pairs.sector[rows],
        measures={"asked_in_time": np.where(high < first, limit.asked_in_time(kind[rows], youth), -1)},
        evidence=(
            events.row[pairs.opener[rows]],
            np.where(closer >= 0, events.row[closer] if rows.size else -1, -1),
        ),
    )


def _too_young(view: View, limits: list[_Limit], names: list[str]) -> Seen:
    """Refusals as too young, until the first limit of their sector that comes after them."""
    events = view.events
    refusal = events.kind == words("kinds").index("refusal")
    rows = np.flatnonzero(refusal & (events.reason == words("reasons").index("too_young")))
    youth, low, high = events.youth[rows], events.start_min[rows], events.start_max[rows]
    first, last = np.full(rows.size, FAR), np.full(rows.size, FAR)
    rule, sure = np.full(rows.size, -1), np.ones(rows.size, bool)
    for limit in limits:
        here = limit.covers(view, events.sector[rows], events.care_type[rows]) & limit.possible[youth]
        here &= (limit.last[youth] > low) & (limit.last[youth] < last)
        first = np.where(here, limit.first[youth], first)
        last = np.where(here, limit.last[youth], last)
        rule = np.where(here, limit.at, rule)
        sure = np.where(here, limit.sure[youth] & (limit.first[youth] > high), sure)
    none = rule < 0
    return Seen(
        youth=youth,
        outcome=np.full(rows.size, "too_young"),
        rule=rule,
        rules=names,
        certain=sure,
        start=low,
        end=np.where(none, high + 1, np.maximum(last, low + 1)),
        days_min=np.where(none, 0, np.maximum(0, first - high)),
        days_max=np.where(none, high + 1 - low, last - low),
        ongoing=np.zeros(rows.size, bool),
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
    school = np.flatnonzero(episodes.role == ROLES.index("school"))
    cover = union(episodes.youth[school], episodes.start_min[school], episodes.end_max[school])
    unknown = np.zeros(0, bool) if seen.rule is None else seen.rule < 0
    return replace(
        seen,
        measures={"school_days": days_within(cover, seen.youth, seen.start, seen.end), **seen.measures},
        over=np.where(unknown, "no_rule", "no") if unknown.any() else None,
    )
