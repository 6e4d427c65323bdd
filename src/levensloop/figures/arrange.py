"""Where the boxes go: side and row by a beam search, places exactly by least squares.

On each side boxes stand in the order of their feet on every row, and an outer row reaches the
axis through stubs that stand in the order of the inner row: so no two leaders cross.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from levensloop.figures.axis import Scale
from levensloop.figures.case import Fact
from levensloop.figures.notes import Note, Shape, Shaper
from levensloop.figures.vpsc import InfeasibleError, solve

BEAM: Final = 24
_FINALISTS: Final = 3
_WALL: Final = 1e7
_ROWS: Final = ((1, 1), (2, 1), (1, 2), (2, 2))


@dataclass(frozen=True)
class Slot:
    """Where a fact may stand on the axis: best at `x`, anywhere from `low` to `high`."""

    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Placed:
    """A box: its side (0 above, 1 below), row, left edge, port of its leader and foot."""

    note: Note
    shape: Shape
    side: int
    row: int
    left: float
    port: float
    foot: float
    slot: Slot


@dataclass(frozen=True)
class Room:
    """The walls for boxes, the height that they may use together, and the gaps between them."""

    left: float
    right: float
    height: float
    unit: float

    @property
    def gap(self) -> float:
        """Between two boxes."""
        return 14 * self.unit

    @property
    def stub(self) -> float:
        """Between a box and a leader that passes it."""
        return 10 * self.unit


@dataclass(frozen=True)
class Arrangement:
    """All boxes of a page at one letter height."""

    placed: tuple[Placed, ...]
    shaper: Shaper
    cost: float

    def heights(self, side: int) -> list[float]:
        """Height of each row of a side, from the axis outwards."""
        rows = sorted({box.row for box in self.placed if box.side == side})
        return [max(b.shape.height for b in self.placed if (b.side, b.row) == (side, row)) for row in rows]

    def height(self, room: Room) -> float:
        """Height that the rows of both sides take."""
        above, below = self.heights(0), self.heights(1)
        outer = max(0, len(above) - 1) + max(0, len(below) - 1)
        return sum(above) + sum(below) + outer * room.gap


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
    placed = solve([*(slot.x for slot in found), 0.0], [*weights, _WALL], rules)
    return [replace(slot, x=min(max(x, slot.low), slot.high)) for slot, x in zip(found, placed, strict=False)]


@dataclass(frozen=True)
class _State:
    cost: float
    edges: tuple[float, ...]
    chosen: tuple[int, ...]


class Arranger:
    """Searches the places of the boxes of one page.

    Parameters
    ----------
    notes, places : sequence of Note, sequence of Slot
        In the order of their slots.
    room : Room
        What the page leaves for boxes.
    """

    def __init__(self, notes: Sequence[Note], places: Sequence[Slot], room: Room) -> None:
        order = sorted(range(len(notes)), key=lambda at: places[at].x)
        self._notes = [notes[at] for at in order]
        self._slots = [places[at] for at in order]
        self._room = room

    def best(self, shapers: Sequence[Shaper], *, cut: bool = False) -> Arrangement | None:
        """The best arrangement: the largest letters whose boxes stand near their dates."""
        found: list[tuple[float, Arrangement]] = []
        count = max(1, len(self._notes))
        for step, shaper in enumerate(shapers):
            for rows in _ROWS:
                made = self._rows(shaper, rows, cut=cut)
                if made is None:
                    continue
                if made.cost < 0.35 * count:
                    return made
                found.append((made.cost + 0.4 * step * count, made))
            if found and min(cost for cost, _ in found) < 1.2 * count:
                break
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _rows(self, shaper: Shaper, rows: tuple[int, int], *, cut: bool) -> Arrangement | None:
        total = rows[0] + rows[1]
        free = self._room.height - (total - 2) * self._room.gap
        most = max((n for n in range(1, 9) if total * shaper.metrics.height(n) <= free), default=0)
        best: Arrangement | None = None
        for lines in sorted({min(most, 5), min(most, 4), most, min(most, 3)}):
            if lines < 2:  # noqa: PLR2004 - a box has a head and a body
                continue
            shapes = [shaper.shape(told, lines, cut=cut) for told in self._notes]
            known = [shape for shape in shapes if shape is not None]
            wide = sum(shape.width + self._room.gap for shape in known)
            if len(known) < len(shapes) or wide > total * (
                self._room.right - self._room.left + self._room.gap
            ):
                continue
            made = self._search(known, rows, shaper)
            if made is not None and (best is None or made.cost < best.cost):
                best = made
        return best

    def _search(self, shapes: list[Shape], rows: tuple[int, int], shaper: Shaper) -> Arrangement | None:
        kinds = [(0, row) for row in range(rows[0])] + [(1, row) for row in range(rows[1])]
        beam = [_State(0.0, tuple(self._room.left - self._room.gap for _ in kinds), ())]
        for shape, slot in zip(shapes, self._slots, strict=True):
            grown = [
                self._step(state, kinds, way, shape, slot) for state in beam for way in range(len(kinds))
            ]
            grown.sort(key=lambda state: (state.cost, state.chosen))
            beam = grown[:BEAM]
        best: Arrangement | None = None
        for state in beam[:_FINALISTS]:
            made = self._exact(state, kinds, shapes, shaper)
            if made is not None and (best is None or made.cost < best.cost):
                best = made
        return best

    def _step(
        self, state: _State, kinds: list[tuple[int, int]], way: int, shape: Shape, slot: Slot
    ) -> _State:
        room, unit = self._room, self._room.unit
        side, row = kinds[way]
        edges = list(state.edges)
        wish = min(max(slot.x - shape.width / 2, room.left), room.right - shape.width)
        left = max(wish, edges[way] + room.gap)
        cost = state.cost + ((left - wish) / (120 * unit)) ** 2
        if row:
            inner = kinds.index((side, 0))
            stub = max(slot.x, edges[inner] + room.stub)
            cost += 0.12 + ((stub - slot.x) / (120 * unit)) ** 2
            edges[inner] = max(edges[inner], stub + room.stub - room.gap)
            left = max(left, stub - shape.width + room.stub)
        over = left + shape.width - room.right
        if over > 0:
            cost += (over / (60 * unit)) ** 2
        if state.chosen and kinds[state.chosen[-1]][0] == side:
            cost += 0.03
        edges[way] = left + shape.width
        return _State(cost, tuple(edges), (*state.chosen, way))

    def _exact(
        self, state: _State, kinds: list[tuple[int, int]], shapes: list[Shape], shaper: Shaper
    ) -> Arrangement | None:
        placed: list[Placed] = []
        cost = 0.0
        for side in (0, 1):
            members = [at for at, way in enumerate(state.chosen) if kinds[way][0] == side]
            rows = [kinds[state.chosen[at]][1] for at in members]
            solved = self._side([shapes[at] for at in members], [self._slots[at] for at in members], rows)
            if solved is None:
                return None
            lefts, ports = solved
            feet = _feet(ports, [self._slots[at] for at in members])
            for at, row, left, port, foot in zip(members, rows, lefts, ports, feet, strict=True):
                box = Placed(self._notes[at], shapes[at], side, row, left, port, foot, self._slots[at])
                placed.append(box)
                cost += _cost(box, self._room.unit)
        placed.sort(key=lambda box: (box.foot, box.side, box.left))
        return Arrangement(tuple(placed), shaper, cost)

    def _side(
        self, shapes: list[Shape], places: list[Slot], rows: list[int]
    ) -> tuple[list[float], list[float]] | None:
        """Left edges and ports of one side: the separation problem, written out and solved."""
        room, count = self._room, len(shapes)
        lefts = [slot.x - shape.width / 2 for slot, shape in zip(places, shapes, strict=True)]
        desired = [*lefts, *(slot.x for slot in places), room.left, room.right]
        weights = [1.0] * count + [2.0] * count + [_WALL, _WALL]
        wall = 2 * count
        rules: list[tuple[int, int, float]] = []
        last: dict[int, int] = {}
        before: int | None = None
        inset = min(16 * room.unit, 0.2 * min((s.width for s in shapes), default=0))
        for at, (shape, row) in enumerate(zip(shapes, rows, strict=True)):
            port = count + at
            rules += [(at, port, inset), (port, at, inset - shape.width)]
            rules += [(wall, at, 0.0), (at, wall + 1, shape.width)]
            if row in last:
                rules.append((last[row], at, shapes[last[row]].width + room.gap))
            last[row] = at
            # The inner row: its boxes, and the stubs of the outer row between them.
            here, width = (at, shape.width) if row == 0 else (port, 0.0)
            if before is not None:
                was = shapes[before].width if before < count else 0.0
                rules.append((before, here, was + (room.gap if before < count and width else room.stub)))
            before = here
        try:
            found = solve(desired, weights, rules)
        except InfeasibleError:
            return None
        ports = found[count : 2 * count]
        outside = any(
            left < room.left - 0.5 or left + shape.width > room.right + 0.5
            for left, shape in zip(found[:count], shapes, strict=True)
        )
        return None if outside else (found[:count], ports)


def _feet(ports: list[float], places: list[Slot]) -> list[float]:
    """Feet under their ports where the date allows it, never in another order than the ports."""
    feet: list[float] = []
    least = float("-inf")
    for at, (port, slot) in enumerate(zip(ports, places, strict=True)):
        most = min(later.high for later in places[at:])
        foot = min(max(port, slot.low, least), max(most, least))
        feet.append(foot)
        least = foot
    return feet


def _cost(box: Placed, unit: float) -> float:
    middle = box.left + box.shape.width / 2
    away = max(0.0, abs(middle - box.foot) - box.shape.width / 2)
    lean = abs(box.port - box.foot)
    tall = max(0, len(box.shape.text.lines) - 5)
    return (away / (60 * unit)) ** 2 + (lean / (90 * unit)) ** 2 + 0.12 * box.row + 0.05 * tall
