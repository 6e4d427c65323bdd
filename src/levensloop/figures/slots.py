"""Where facts stand on the axis before any box is placed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from levensloop.figures.axis import Scale
from levensloop.figures.case import Fact
from levensloop.figures.vpsc import solve

FAST: Final = 1e7  # the weight of what does not move


@dataclass(frozen=True)
class Slot:
    """Where a fact may stand on the axis: best at `x`, anywhere from `low` to `high`."""

    x: float
    low: float
    high: float


def slots(facts: Sequence[Fact], scale: Scale) -> list[Slot]:
    """Where facts stand, in the order given.

    Those with one and the same fuzzy interval are spread over it, as far as that order allows.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for at, fact in enumerate(facts):
        groups.setdefault((fact.first, fact.last), []).append(at)
    found: list[Slot] = [Slot(0, 0, 0)] * len(facts)
    for (first, last), members in groups.items():
        low, high = scale.x(first), scale.x(last + 1)
        for place, at in enumerate(members):
            exact = first == last
            part = 0.5 if exact else (place + 1) / (len(members) + 1)
            x = low + (high - low) * part
            found[at] = Slot(x, x, x) if exact else Slot(x, low, high)
    if not found:
        return found
    count = len(found)
    rules = [(at, at + 1, 0.0) for at in range(count - 1)]
    for at, slot in enumerate(found):
        if slot.high > slot.low:
            rules += [(count, at, slot.low), (at, count, -slot.high)]
    weights = [1.0 if slot.high > slot.low else 1e4 for slot in found]
    placed = solve([*(slot.x for slot in found), 0.0], [*weights, FAST], rules)
    return [replace(slot, x=min(max(x, slot.low), slot.high)) for slot, x in zip(found, placed, strict=False)]
