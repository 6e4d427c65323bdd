"""Boxes, the room for them, and their exact places on one side: a separation problem, solved."""

from dataclasses import dataclass

from levensloop.figures.notes import Note, Shape, Shaper
from levensloop.figures.slots import FAST, Slot
from levensloop.figures.vpsc import InfeasibleError, solve


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


def side_by_side(
    room: Room, shapes: list[Shape], places: list[Slot], rows: list[int], inset: float
) -> tuple[list[float], list[float]] | None:
    """Left edges and ports of one side: the separation problem, written out and solved."""
    count = len(shapes)
    lefts = [slot.x - shape.width / 2 for slot, shape in zip(places, shapes, strict=True)]
    desired = [*lefts, *(slot.x for slot in places), room.left, room.right]
    weights = [1.0] * count + [2.0] * count + [FAST, FAST]
    wall = 2 * count
    rules: list[tuple[int, int, float]] = []
    last: dict[int, int] = {}
    before: int | None = None
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


def feet_under(ports: list[float], places: list[Slot]) -> list[float]:
    """Feet under their ports where the date allows it, never in another order than the ports."""
    feet: list[float] = []
    least = float("-inf")
    for at, (port, slot) in enumerate(zip(ports, places, strict=True)):
        most = min(later.high for later in places[at:])
        foot = min(max(port, slot.low, least), max(most, least))
        feet.append(foot)
        least = foot
    return feet


def distance(box: Placed, unit: float) -> float:
    """How far a box stands from its date, and how far out and how high."""
    middle = box.left + box.shape.width / 2
    away = max(0.0, abs(middle - box.foot) - box.shape.width / 2)
    lean = abs(box.port - box.foot)
    tall = max(0, len(box.shape.text.lines) - 5)
    return (away / (60 * unit)) ** 2 + (lean / (90 * unit)) ** 2 + 0.12 * box.row + 0.05 * tall
