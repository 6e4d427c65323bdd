"""SchoolBreaks: changes of school, time out of school, school left without a qualification, absence."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from levensloop.arrays import View, birthday
from levensloop.cohort import Cohort
from levensloop.findings import Example, Findings, Seen
from levensloop.needs import Need
from levensloop.observing import observed
from levensloop.rulebooks import Rulebook, rulebook
from levensloop.sandwich import lasting, sandwich, started
from levensloop.schema import words
from levensloop.schools import Leavings, at_school_or_work, changes, leavings, qualified
from levensloop.spans import (
    FAR,
    NO_DAY,
    Bools,
    Ints,
    Spans,
    best,
    days_within,
    ranges,
    soonest,
    union,
    without,
)

_ADULT = 18
_TERMS = ("days", "weeks", "months")


@dataclass(frozen=True)
class SchoolBreaks:
    """What broke off a life at school.

    `changed`: another school than the one before it, and no step to a later type of school (where a
    type is not known: no start from July to October of the calendar year in which the youth turns 4,
    5, 12, 13, 16, 17 or 18). `out_of_school`: at least `min_days` without school or work, between the
    first school and the first of a qualification, the 18th birthday and U. `no_qualification`: a
    drop-out, or an end at school for a reason that settles nothing while no other school takes the pupil
    over within 90 days, with no qualification on or before it, and before the 23rd birthday; it lasts
    until the next school or work. `absent`: an absence of at least `absence_days` days.

    Parameters
    ----------
    min_days : int
        The least length of time out of school.
    absence_days : int
        The least length of an absence.
    rules : Rulebook, optional
        Norms on absence; the Dutch rulebook if none is given.

    Notes
    -----
    The measure `changes` is one more than the certain changes before it. For `changed`, `agency` is the
    school left and `to_agency` the new one. A day outside the windows of every education agency that the
    youth met is unobserved: being out of school is then at most possible. Source of the definition:
    the inspectorates' aspect *continuity* (Werkende Ketens?, 2009); Leerplichtwet for absence.

    Examples
    --------
    >>> from levensloop.testing import sketch
    >>> found = SchoolBreaks().detect(sketch(SchoolBreaks.EXAMPLES[0].sketch))
    >>> found.to_arrow().column("to_agency").to_pylist()
    ['linde']
    """

    min_days: int = 90
    absence_days: int = 28
    rules: Rulebook | None = None

    NEEDS: ClassVar[tuple[Need, ...]] = (
        Need(
            kinds=("school", "school_start", "school_end", "absence", "dropout"),
            why="no source records school",
        ),
    )
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "birth 1995-05-01; window 1998-01-01..2004-12-31\n"
            "eik school 1999-08-15..2002-02-28 education\nlinde school 2002-03-01.. education",
            ({"outcome": "changed", "certainty": "certain", "agency": "eik", "to_agency": "linde",
              "start": "2002-03-01", "measures": {"changes": 1}},),
            "To another school in the middle of the school year.",
        ),
        Example(
            "birth 1995-05-01; window 1998-01-01..2009-12-31\n"
            "eik school 1999-08-15..2007-07-31 education type=primary_school\n"
            "esdoorn school 2007-09-01.. education type=secondary_school",
            (),
            "From primary to secondary school is how it goes.",
        ),
        Example(
            "birth 1995-05-01; window 1998-01-01..2009-12-31\n"
            "eik school 1999-08-15..2007-07-31 education type=primary_school\n"
            "esdoorn school 2008-01-07.. education type=secondary_school",
            ({"outcome": "out_of_school", "certainty": "certain", "agency": "eik", "start": "2007-08-01",
              "end": "2008-01-07", "days_min": 159, "days_max": 159},),
            "Five months at home between two schools.",
        ),
        Example(
            "birth 1989-05-01; window 1998-01-01..2009-06-30\n"
            "roc school 2006-08-15..2008 education client_left\nroc dropout 2008 education",
            ({"outcome": "no_qualification", "certainty": "certain", "agency": "roc", "ongoing": True,
              "days_min": 182, "days_max": 547},),
            "Dropped out in 2008 without a qualification: two rows, one finding.",
        ),
        Example(
            "birth 1995-05-01; window 1998-01-01..2009-12-31\n"
            "eik school 2000-08-15..2007-07-31 education; eik absence 2006-01-02..2006-02-10 education\n"
            "linde school 2007-08-15.. education",
            ({"outcome": "absent", "certainty": "certain", "days_min": 40, "rule": None, "over_norm": "no_rule"},),
            "Forty days absent, before any text of a norm that was read; the change at twelve is a regular one.",
        ),
    )  # fmt: skip

    def detect(self, cohort: Cohort) -> Findings:
        """What broke off the school life of every youth of a cohort."""
        view = cohort.view
        rules = rulebook() if self.rules is None else self.rules
        parts = (
            _changed(view),
            _out(view, self.min_days),
            *(_left(view, left) for left in leavings(view)),
            _absent(view, rules, self.absence_days),
        )
        return Findings.of_seen(view, *parts)


def _changed(view: View) -> Seen:
    found, episodes = changes(view), view.episodes
    low, high = episodes.start_min[found.to], episodes.start_max[found.to]
    return Seen(
        youth=episodes.youth[found.to],
        outcome="changed",
        certain=found.certain,
        start=low,
        end=high + 1,
        days_min=np.zeros(low.size, np.int64),
        days_max=high - low,
        agency=episodes.agency[found.left],
        to_agency=episodes.agency[found.to],
        sector=episodes.sector[found.to],
        measures={"changes": found.number},
        evidence=(started(view, found.left), started(view, found.to)),
    )


def _out(view: View, min_days: int) -> Seen:
    """Time out of school."""
    episodes = view.episodes
    school, busy = at_school_or_work(view)
    soon, late = qualified(view)
    whose, begin, end = episodes.youth[busy], episodes.start_min[busy], episodes.end_max[busy]
    possible = union(whose, begin, end)
    sure = union(whose, episodes.start_max[busy], episodes.end_min[busy])
    born = view.birth_max != NO_DAY
    first, last = (
        np.minimum(view.until, np.where(born, birthday(day, _ADULT), FAR))
        for day in (view.birth_min, view.birth_max)
    )
    youth = np.unique(episodes.youth[school])
    # Before a school may have ended, either the first had not begun or one went there.
    starts = [
        best(episodes.youth[school], day[school], view.size, least=True, empty=FAR)[youth]
        for day in (episodes.end_min, episodes.start_max)
    ]
    found = sandwich(
        without(union(youth, starts[1], np.minimum(first, soon)[youth]), possible),
        without(union(youth, starts[0], np.minimum(last, late)[youth]), sure),
        lasting(min_days),
    )
    agency, row = _last_school(view, school, Spans(found.group, found.start, found.end))
    return Seen(
        youth=found.group,
        outcome="out_of_school",
        certain=found.certain & born[found.group] & _watched(view, found.group, found.start, found.end),
        start=found.start,
        end=found.end,
        days_min=found.days_min,
        days_max=found.days_max,
        ongoing=found.end == view.until[found.group],
        agency=agency,
        sector=np.full(found.group.size, words("sectors").index("education")),
        evidence=(row,),
    )


def _last_school(view: View, school: Ints, found: Spans) -> tuple[Ints, Ints]:
    """The school that ended last before each span, -1 where several may have; and a row that tells of it."""
    episodes = view.episodes
    order = school[np.lexsort((episodes.end_min[school], episodes.youth[school]))]
    low = np.searchsorted(episodes.youth[order], found.group, side="left")
    high = np.searchsorted(episodes.youth[order], found.group, side="right")
    of, at = ranges(low, high)
    before = episodes.end_min[order[at]] < found.end[of]
    of, row = of[before], order[at[before]]
    # What surely began before has ended when nobody is at school any more.
    size, over = found.group.size, episodes.start_max[row] <= found.start[of]
    latest = best(of[over], episodes.end_min[row[over]], size, least=False, empty=NO_DAY)
    near = episodes.end_max[row] >= latest[of]
    of, row = of[near], row[near]
    least = best(of, episodes.agency[row], size, least=True, empty=-1)
    most = best(of, episodes.agency[row], size, least=False, empty=-1)
    last = best(of, row, size, least=False, empty=-1)
    told = started(view, np.where(last >= 0, last, order[low]))
    return np.where(least == most, most, -1), told


def _watched(view: View, youth: Ints, start: Ints, end: Ints) -> Bools:
    """Whether on every day some education agency that the youth ever met is observed."""
    events, size = view.events, max(len(view.agencies), 1)
    met = np.flatnonzero(
        (events.sector == words("sectors").index("education")) & np.isin(events.youth, youth)
    )
    pair = np.unique(events.youth[met] * size + events.agency[met])
    at, first, last = observed(view, pair // size, pair % size)
    return days_within(union(pair[at] // size, first, last), youth, start, end) == end - start


def _left(view: View, found: Leavings) -> Seen:
    """School left without a qualification, until the next school or work."""
    episodes, busy = view.episodes, at_school_or_work(view)[1]
    low, high, until = found.low, found.high, view.until[found.youth]
    group, first, last = episodes.youth[busy], episodes.start_min[busy], episodes.start_max[busy]
    soon = soonest(group, last, first, found.youth, low)
    sure = soonest(group, first, last, found.youth, high)
    next_min, next_max = np.minimum(soon, until), np.where(sure == FAR, until, sure)
    return Seen(
        youth=found.youth,
        outcome="no_qualification",
        certain=found.certain,
        start=low,
        end=np.maximum(next_max, high + 1),
        days_min=np.maximum(0, next_min - high),
        days_max=np.maximum(0, next_max - low),
        ongoing=soon == FAR,
        agency=found.agency,
        sector=found.sector,
        evidence=(found.row,),
    )


def _absent(view: View, rules: Rulebook, least: int) -> Seen:
    """Long absence, and whether it was longer than the norm in force on its first day."""
    events = view.events
    at = np.flatnonzero((events.kind == words("kinds").index("absence")) & (events.end_min != NO_DAY))
    end = np.where(events.end_max[at] == NO_DAY, view.until[events.youth[at]], events.end_max[at])
    low = np.maximum(events.end_min[at] - events.start_max[at], 1)
    high = end - events.start_min[at]
    long = high >= least
    at, end, low, high = at[long], end[long], low[long], high[long]
    rule, norm = _norm(rules, events.start_max[at])
    return Seen(
        youth=events.youth[at],
        outcome="absent",
        certain=low >= least,
        start=events.start_min[at],
        end=end,
        days_min=low,
        days_max=high,
        ongoing=end == view.until[events.youth[at]],
        agency=events.agency[at],
        sector=events.sector[at],
        rule=rule,
        rules=[one.id for one in rules],
        norm=norm,
        over=np.select([norm < 0, low > norm, high > norm], ["no_rule", "certain", "possible"], "no"),
        evidence=(events.row[at],),
    )


def _norm(rules: Rulebook, start: Ints) -> tuple[Ints, Ints]:
    """The norm on absence in force on each day: one on education that is no norm on waiting."""
    at, days = np.full(start.size, -1), np.full(start.size, -1)
    for place, rule in enumerate(rules):
        if (
            rule.kind == "norm"
            and rule.segment is None
            and "education" in rule.sectors
            and rule.unit in _TERMS
        ):
            held = rules.in_force(rule, start)
            at[held], days[held] = place, rules.term(rule, start)[held]
    return at, days
