"""Events without a box: ticks in their lane, with the numbers under which the table tells them.

A contact that is minor and falls in a bar of its own agency is a mark on that bar, and the bar
says how many there are. Every other one has a number of its own, counted per sector by date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from levensloop.figures.axis import Scale
from levensloop.figures.case import Fact
from levensloop.figures.wrap import Ruler

HALF: Final = 3.0
_GAP: Final = 6.0
_TO: Final = "\u2013"


@dataclass(frozen=True)
class Tick:
    """An event without a box; `number` is 0 for one that is counted on the bar of its agency."""

    fact: Fact
    number: int


@dataclass(frozen=True)
class Cluster:
    """Ticks of one lane that share a label: what they take, and where the label starts."""

    ticks: tuple[Tick, ...]
    places: tuple[float, ...]
    label: str
    start: float
    left: float
    right: float


def numbered(facts: Sequence[Fact], hosted: frozenset[str]) -> tuple[Tick, ...]:
    """The ticks of a page: numbered per sector, but for those that a bar counts."""
    counts: dict[str, int] = {}
    found: list[Tick] = []
    for fact in sorted(facts, key=lambda f: (f.middle, f.order)):
        if fact.id in hosted:
            found.append(Tick(fact, 0))
        else:
            counts[fact.sector] = counts.get(fact.sector, 0) + 1
            found.append(Tick(fact, counts[fact.sector]))
    return tuple(found)


def compressed(numbers: Iterable[int]) -> str:
    """Numbers as a reader writes them.

    Examples
    --------
    >>> compressed([1, 2, 3, 7, 9, 10]).replace("\u2013", "-")
    '1-3, 7, 9-10'
    """
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}{_TO}{high}" for low, high in spans)


def clusters(ticks: Sequence[Tick], scale: Scale, ruler: Ruler) -> list[Cluster]:
    """Ticks of one lane with their labels, so that no two of these overlap.

    Ticks whose labels have no room share one; it stands right of them, left of them at the end
    of the axis, or between them where they fill the axis.
    """
    unit = ruler.size / 24
    placed = sorted(
        ((scale.middle(tick.fact.first, tick.fact.last), tick) for tick in ticks),
        key=lambda pair: (pair[0], pair[1].number),
    )
    groups: list[list[tuple[float, Tick]]] = []
    for place in placed:
        if groups and place[0] - (HALF + _GAP) * unit < _end(groups[-1], ruler, unit):
            groups[-1].append(place)
        else:
            groups.append([place])
    while len(groups) > 1 and _end(groups[-1], ruler, unit) > scale.right:
        start = _start(groups[-1], ruler, unit)
        if start >= _end(groups[-2], ruler, unit) + _GAP * unit:
            break
        last = groups.pop()
        groups[-1].extend(last)
    return [_cluster(group, scale, ruler, unit) for group in groups]


def _label(group: Sequence[tuple[float, Tick]]) -> str:
    return compressed(tick.number for _, tick in group)


def _end(group: Sequence[tuple[float, Tick]], ruler: Ruler, unit: float) -> float:
    return group[-1][0] + (HALF + _GAP) * unit + ruler.width(_label(group), bold=True)


def _start(group: Sequence[tuple[float, Tick]], ruler: Ruler, unit: float) -> float:
    return group[0][0] - (HALF + _GAP) * unit - ruler.width(_label(group), bold=True)


def _cluster(group: Sequence[tuple[float, Tick]], scale: Scale, ruler: Ruler, unit: float) -> Cluster:
    label = _label(group)
    width, half = ruler.width(label, bold=True), HALF * unit
    places = tuple(x for x, _ in group)
    low, high = places[0] - half, places[-1] + half
    if _end(group, ruler, unit) <= scale.right:
        start = high + _GAP * unit
    elif _start(group, ruler, unit) >= scale.left:
        start = low - _GAP * unit - width
    else:
        edges = [scale.left, *places, scale.right]
        gap = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
        start = min(max((gap[0] + gap[1] - width) / 2, scale.left), scale.right - width)
    white = _GAP * unit
    return Cluster(
        tuple(tick for _, tick in group),
        places,
        label,
        start,
        min(low, start) - white,
        max(high, start + width) + white,
    )
