"""What answers a signal: the first time that somebody did something after it.

Source of the definition: docs/definitions_more.md, *Acts and answers*.
"""

from typing import NamedTuple

import numpy as np

from levensloop.arrays import View
from levensloop.sandwich import started
from levensloop.schema import ROLES, words
from levensloop.spans import FAR, Bools, Ints, Spans, best, first_reaching, pack, ranges, soonest


class Acts(NamedTuple):
    """Assessments, diagnoses and starts of care or a measure, home left out; sorted by youth and first day."""

    youth: Ints
    agency: Ints
    sector: Ints
    low: Ints
    high: Ints
    row: Ints

    def within(self, group: Ints) -> "Acts":
        """The same acts by other groups than youths, sorted."""
        order = np.argsort(pack(group, self.low), kind="stable")
        return Acts(*(column[order] for column in self._replace(youth=group)))


class Answers(NamedTuple):
    """The first act after each day: `low` is the earliest that is possible, `high` the latest that is forced.

    Both are `FAR` where there is none. `last` is the latest day of an answer, forced or not. `agency` is whose it
    is, if there is one, -1 where that is not sure; `row` leads to the events table.
    """

    low: Ints
    high: Ints
    last: Ints
    agency: Ints
    row: Ints


def acts(view: View) -> Acts:
    """Everything in a cohort that answers."""
    return view.once(_acts)


def _acts(view: View) -> Acts:
    events, episodes = view.events, view.episodes
    home = words("sectors").index("home")
    kinds = [words("kinds").index(kind) for kind in ("assessment", "diagnosis")]
    roles = [ROLES.index(role) for role in ("care", "measure")]
    point = np.flatnonzero(np.isin(events.kind, kinds) & (events.sector != home))
    begun = np.flatnonzero(np.isin(episodes.role, roles) & (episodes.sector != home))
    columns = (
        np.concatenate([events.youth[point], episodes.youth[begun]]),
        np.concatenate([events.agency[point], episodes.agency[begun]]),
        np.concatenate([events.sector[point], episodes.sector[begun]]),
        np.concatenate([events.start_min[point], episodes.start_min[begun]]),
        np.concatenate([events.start_max[point], episodes.start_max[begun]]),
        np.concatenate([events.row[point], started(view, begun)]),
    )
    order = np.argsort(pack(columns[0], columns[3]), kind="stable")
    return Acts(*(column[order] for column in columns))


def answers(done: Acts, youth: Ints, low: Ints, high: Ints) -> Answers:
    """The first act on or after each day, known by its bounds.

    Parameters
    ----------
    done : Acts
    youth, low, high : arrays
        Whose day, and its earliest and latest.
    """
    soon = soonest(done.youth, done.high, done.low, youth, low)
    late = soonest(done.youth, done.low, done.high, youth, high)
    begin = first_reaching(done.youth, done.high, youth, low)
    end = np.searchsorted(pack(done.youth, done.low), pack(youth, late), side="right")
    of, at = ranges(np.where(begin < 0, end, begin), end)
    may = done.high[at] >= low[of]
    of, at = of[may], at[may]
    least, most = (best(of, done.agency[at], youth.size, least=one, empty=-1) for one in (True, False))
    row = np.where(begin >= 0, done.row[begin] if done.row.size else -1, -1)
    size = max(int(youth.max(initial=0)), int(done.youth.max(initial=0))) + 1
    final = best(done.youth, done.high, size, least=False, empty=FAR)[youth]
    last = np.where((late == FAR) & (soon != FAR), final, late)
    return Answers(soon, late, last, np.where(least == most, least, -1), row)


class Responses(NamedTuple):
    """What became of each question: `at` is its place, `answered` whether this row tells of an answer."""

    at: Ints
    answered: Bools
    certain: Bools
    days_min: Ints
    days_max: Ints
    end: Ints
    agency: Ints
    row: Ints


def signals(view: View) -> Ints:
    """The places of signals and reports among the events of a view."""
    return np.flatnonzero(
        np.isin(view.events.kind, [words("kinds").index(kind) for kind in ("signal", "report")])
    )


def responses(point: Spans, answer: Answers, until: Ints, min_days: int) -> Responses:
    """What answered late, and what nobody answered, with the days that it took.

    Parameters
    ----------
    point : Spans
        Of each question: its youth, and its earliest and latest day.
    answer : Answers
    until : array
        Up to when each is observed.
    min_days : int
        The least number of days to tell.
    """
    low, high = point.start, point.end
    forced, may = answer.high != FAR, answer.low != FAR
    took = (np.maximum(0, answer.low - high), answer.last - low)
    silent = (np.maximum(0, until - high), until - low)
    least = max(min_days, 1)
    told = np.flatnonzero(may & (took[1] >= least))
    none = np.flatnonzero(~forced & (silent[1] >= least))
    return Responses(
        at=np.concatenate([told, none]),
        answered=np.arange(told.size + none.size) < told.size,
        certain=np.concatenate(
            [(forced & (took[0] >= min_days))[told], (~may & (silent[0] >= min_days))[none]]
        ),
        days_min=np.concatenate([took[0][told], silent[0][none]]),
        days_max=np.concatenate([took[1][told], silent[1][none]]),
        end=np.concatenate([answer.last[told], until[none]]),
        agency=np.concatenate([answer.agency[told], np.full(none.size, -1)]),
        row=np.concatenate([answer.row[told], np.full(none.size, -1)]),
    )
