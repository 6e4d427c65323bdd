"""Worlds of exact days inside the bounds of one youth, and what findings must be to hold in all of them.

An oracle tells what must be found where every day is known. Laid over all worlds that the bounds allow, it
says what may be called certain, what must at least be foreseen, and how long a finding can be.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from math import prod

from oracle.compare import same
from oracle.model import Cohort, Episode, Event, Found, Youth

#: What an oracle tells of a youth: each finding, with the events without which it would not be there.
Told1 = tuple[Found, frozenset[str]]
Told = list[Told1]
Oracle = Callable[[Youth, Cohort], Iterable[Told1]]
Days = tuple[int, int | None]
MOST = 80


@dataclass(frozen=True)
class Loose:
    """One fact of a youth whose days are not all known: its bounds, and what it is with days chosen."""

    start: tuple[int, int]
    end: tuple[int, int] | None
    at: Callable[[Days], object]

    def count(self) -> int:
        first, last = self.start
        if self.end is None:
            return max(1, last - first + 1)
        low, high = self.end
        return sum(max(1, high - max(low, day + 1) + 1) for day in range(first, max(first, last) + 1))

    def every(self) -> list[Days]:
        first, last = self.start
        starts = range(first, max(first, last) + 1)
        if self.end is None:
            return [(day, None) for day in starts]
        low, high = self.end
        ends = [range(max(low, day + 1), max(high, low, day + 1) + 1) for day in starts]
        return [(day, end) for day, own in zip(starts, ends, strict=True) for end in own]

    def some(self, dice: random.Random, marks: list[int]) -> Days:
        day = _near(dice, *self.start, marks)
        if self.end is None:
            return day, None
        low, high = self.end
        return day, _near(dice, max(low, day + 1), high, marks)


def _near(dice: random.Random, low: int, high: int, marks: list[int]) -> int:
    """A day inside bounds: mostly an outermost one or one beside another day that counts."""
    if low >= high:
        return low
    close = [day + step for day in marks for step in (-1, 0, 1) if low <= day + step <= high]
    return dice.choice([low, high, dice.randint(low, high), dice.choice(close or [low])])


def worlds(youth: Youth, dice: random.Random, most: int = MOST) -> tuple[list[Youth], bool]:
    """The exact worlds of a youth, and whether these are all; if there are too many, the outermost and some."""
    loose = list(_loose(youth))
    if prod(item.count() for item in loose) <= most:
        return [_made(youth, loose, days) for days in product(*(item.every() for item in loose))], True
    marks = [day for item in loose for day in (*item.start, *(item.end or ()))]
    ends = [tuple(_outer(item, side) for item in loose) for side in product((0, 1), repeat=2)]
    drawn = [tuple(item.some(dice, marks) for item in loose) for _ in range(most - len(ends))]
    return [_made(youth, loose, days) for days in dict.fromkeys([*ends, *drawn])], False


def _outer(item: Loose, side: tuple[int, int]) -> Days:
    day = max(item.start) if side[0] else item.start[0]
    if item.end is None:
        return day, None
    low = max(item.end[0], day + 1)
    return day, max(item.end[1], low) if side[1] else low


def _loose(youth: Youth) -> Iterator[Loose]:
    """Every fact of a youth; an event and the episode that it begins or ends stay together."""
    named = set()
    for item in youth.episodes:
        named |= {event.id for event in (item.start, item.end) if event}
        end = item.end_min, item.end_max
        yield Loose(_seen(youth, item), end, lambda days, item=item: _episode(item, *days))
    for event in youth.events:
        if event.id not in named:
            end = None if event.end_min is None else (event.end_min, event.end_max)
            yield Loose(_seen(youth, event), end, lambda days, event=event: _at(event, *days))
    if youth.first_birth and youth.last_birth:
        born = youth.first_birth.toordinal(), youth.last_birth.toordinal()
        yield Loose(born, None, lambda days: date.fromordinal(days[0]))


def _seen(youth: Youth, item: Episode | Event) -> tuple[int, int]:
    """The bounds of a first day: what was recorded had begun while one looked."""
    return item.start_min, max(item.start_min, min(item.start_max, youth.until - 1))


def _at(event: Event, start: int, end: int | None) -> Event:
    return replace(event, start_min=start, start_max=start, end_min=end, end_max=end)


def _episode(item: Episode, start: int, end: int) -> Episode:
    opened, closed = item.start, item.end
    if closed and closed == opened:
        opened = closed = _at(closed, start, end)
    else:
        opened = opened and _at(opened, start, None)
        closed = closed and _at(closed, end - 1, None)
    bounds = {"start_min": start, "start_max": start, "end_min": end, "end_max": end}
    return replace(item, start=opened, end=closed, **bounds)


def _made(youth: Youth, loose: list[Loose], days: tuple[Days, ...]) -> Youth:
    facts = [item.at(chosen) for item, chosen in zip(loose, days, strict=True)]
    episodes = tuple(fact for fact in facts if isinstance(fact, Episode))
    ends = {event.id: event for item in episodes for event in (item.start, item.end) if event}
    ends |= {fact.id: fact for fact in facts if isinstance(fact, Event)}
    born = next((fact for fact in facts if isinstance(fact, date)), None)
    return replace(
        youth,
        events=tuple(ends[event.id] for event in youth.events),
        episodes=episodes,
        first_birth=born,
        last_birth=born,
    )


@dataclass(frozen=True)
class Law:
    """How findings of one detector in an exact world answer to those under doubt.

    `stretch`: outcomes that are maximal runs of days, so that a certain one lies within those of the worlds;
    else those of the worlds lie within what is told under doubt. `unclear`: columns that are null where they are not the
    same in all worlds. `dated`: columns that hang on a day, and are compared where every day is known.
    """

    stretch: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    off: int = 0


SAME = ("outcome", "agency", "to_agency", "sector", "rule")


def foresees(told: Told1, real: Told1, law: Law) -> bool:
    """Whether a finding of the detector speaks of one of an exact world, and encloses its days."""
    (ours, evidence), (found, named) = told, real
    for name in SAME:
        said = getattr(ours, name)
        unclear = said is None and name in law.unclear
        if said != getattr(found, name) and name not in law.dated and not unclear:
            return False
    start, end = ours.start, ours.end
    if ours.outcome in law.stretch:  # the possible stretch around a certain one lasts its `days_max`
        start, end = end - ours.days_max, start + ours.days_max
    elif found.days_max < ours.days_min - law.off:
        return False
    within = start <= found.start and found.end <= end and found.days_min <= ours.days_max
    return within and named <= evidence


def fulfils(told: Told1, real: Told1, law: Law) -> bool:
    """Whether a finding of an exact world is what a certain one promised."""
    (ours, _), (found, _) = told, real
    if ours.outcome in law.stretch:
        # a longer stretch may be in doubt for days that we do not tell of
        longer = found.end - found.start > ours.end - ours.start
        within = found.start <= ours.start and ours.end <= found.end
        return within and (longer or found.certainty == "certain") and foresees(told, real, law)
    return found.certainty == "certain" and foresees(told, real, law)


def held(cohort: Cohort, ours: Told, oracle: Oracle, law: Law, seed: int) -> Counter:
    """Fail where findings break with a world; what was seen, as outcome, in how many worlds and certainty."""
    dice = random.Random(seed)  # noqa: S311 - a choice of days, no secret
    seen: Counter = Counter()
    for youth in cohort.youths:
        mine = [told for told in ours if told[0].youth == youth.id]
        made, every = worlds(youth, dice)
        there = [list(oracle(one, cohort)) for one in made]
        exact = made == [youth]
        if exact:
            # each column is what the definition says
            same([found for found, _ in there[0]], [found for found, _ in mine])
        for one, found in zip(made, there, strict=True):
            for real in found:
                foreseen = any(foresees(told, real, law) for told in mine)
                assert foreseen, ("in this world, but not foreseen", real, mine, one)
        for told in mine:
            within = [any(fulfils(told, real, law) for real in found) for found in there]
            if told[0].certainty == "certain" and not all(within):
                at = within.index(False)
                raise AssertionError(("certain, but not in this world", told, there[at], made[at]))
            some = any(foresees(told, real, law) for found in there for real in found)
            how = "all" if all(within) else "some" if some else "none"
            scope = "exact" if exact else how if every else f"drawn {how}"
            seen[told[0].outcome, scope, told[0].certainty] += 1
    return seen
