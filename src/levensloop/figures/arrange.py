"""Where the boxes go: side and row by a beam search.

On each side boxes stand in the order of their feet on every row, and an outer row reaches the
axis through stubs that stand in the order of the inner row: so no two leaders cross. The places themselves are exact: see `placing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, NamedTuple

from levensloop.figures.notes import MOST_LINES, Note, Shape, Shaper
from levensloop.figures.placing import Arrangement, Placed, Room, distance, feet_under, side_by_side
from levensloop.figures.slots import Slot

BEAM: Final = 20
_MANY: Final = 30
_FINALISTS: Final = 3
_NEAR: Final = 0.35
_FAR: Final = 1.2
_ROWS: Final = ((1, 1), (2, 1), (1, 2), (2, 2))


class _State(NamedTuple):
    """A part of the boxes on their rows.

    `edges` is where each row ends if every box stands where it wishes, `least` where it ends if all
    are pushed to the left, `chains` the same of what reaches the axis on each side: boxes of the
    inner row and stubs of the outer one. `chosen` tells who stands in which row.
    """

    cost: float
    chosen: tuple[int, ...]
    edges: tuple[float, ...]
    least: tuple[float, ...]
    chains: tuple[tuple[float, bool], ...]


@dataclass(frozen=True)
class _Plan:
    """The rows, the shapes that each box can take on each, and how far a port keeps from a corner."""

    kinds: tuple[tuple[int, int], ...]
    shapes: tuple[tuple[Shape | None, ...], ...]
    inset: float
    shaper: Shaper


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
                if made.cost < _NEAR * count:
                    return made
                found.append((made.cost + 0.4 * step * count, made))
            if found and min(cost for cost, _ in found) < _FAR * count:
                break
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _rows(self, shaper: Shaper, rows: tuple[int, int], *, cut: bool) -> Arrangement | None:
        """The best of the ways to share the lines of text between the rows."""
        kinds = tuple((side, row) for side in (0, 1) for row in range(rows[side]))
        room, total = self._room, len(kinds)
        white = (total - 2) * room.gap + total * shaper.metrics.height(0)
        lines = int((room.height - white) / shaper.metrics.line)
        most = min(lines // total, MOST_LINES)
        best: Arrangement | None = None
        for count in dict.fromkeys((min(most, 4), min(most, 5), most, min(most, 3))):
            best = _better(best, self._plan(shaper, kinds, (count,) * total, cut=cut))
            if best is not None and best.cost < _NEAR * len(self._notes):
                return best
        if best is None and total == len(rows):
            for low in (lines // 2, lines // 2 - 1, lines // 2 - 2):
                for plan in ((lines - low, low), (low, lines - low)):
                    if best is None and lines - low <= MOST_LINES and plan != (low, low):
                        best = self._plan(shaper, kinds, plan, cut=cut)
        return best

    def _plan(
        self, shaper: Shaper, kinds: tuple[tuple[int, int], ...], lines: tuple[int, ...], *, cut: bool
    ) -> Arrangement | None:
        """The best arrangement with at most so many lines of text on each row."""
        if min(lines) < 2:  # noqa: PLR2004 - a box has a head and a body
            return None
        room = self._room
        free = len(kinds) * (room.right - room.left + room.gap)
        shapes: dict[int, list[Shape | None]] = {n: [] for n in lines}
        least = inf
        for told in self._notes:
            for n, own in shapes.items():
                own.append(shaper.shape(told, n, cut=cut))
            narrowest = min((own[-1].width for own in shapes.values() if own[-1] is not None), default=inf)
            free -= narrowest + room.gap
            least = min(least, narrowest)
            if free < 0:
                return None
        inset = min(16 * room.unit, 0.2 * least)
        return self._search(_Plan(kinds, tuple(tuple(shapes[n]) for n in lines), inset, shaper))

    def _search(self, plan: _Plan) -> Arrangement | None:
        start = tuple(self._room.left - self._room.gap for _ in plan.kinds)
        beam = [_State(0.0, (), start, start, ((-inf, False), (-inf, False)))]
        ways = range(len(plan.kinds))
        # A sheet of paper with very many boxes leaves fewer choices, and each of them costs more.
        wide = BEAM if len(self._slots) <= _MANY else BEAM // 2
        for at in range(len(self._slots)):
            grown = [
                found
                for state in beam
                for way in ways
                if (found := self._step(state, plan, way, at)) is not None
            ]
            if not grown:
                return None
            grown.sort()
            beam = grown[:wide]
        best: Arrangement | None = None
        for state in beam[:_FINALISTS]:
            best = _better(best, self._exact(state, plan))
        return best

    def _step(self, state: _State, plan: _Plan, way: int, at: int) -> _State | None:
        """One more box on a row; nothing if it would not fit there however the others move."""
        shape, x = plan.shapes[way][at], self._slots[at].x
        if shape is None:
            return None
        room, unit, width = self._room, self._room.unit, shape.width
        side, row = plan.kinds[way]
        low = max(room.left, state.least[way] + room.gap)
        end, boxed = state.chains[side]
        if row:
            port = max(low + plan.inset, end + room.stub)
            low = max(low, port - width + plan.inset)
            chain = (port, False)
        else:
            low = max(low, end + (room.gap if boxed else room.stub))
            chain = (low + width, True)
        if low + width > room.right:
            return None
        wish = min(max(x - width / 2, room.left), room.right - width)
        left = max(wish, state.edges[way] + room.gap)
        cost = state.cost + ((left - wish) / (120 * unit)) ** 2
        edges = list(state.edges)
        if row:
            inner = plan.kinds.index((side, 0))
            stub = max(x, edges[inner] + room.stub)
            cost += 0.12 + ((stub - x) / (120 * unit)) ** 2
            edges[inner] = max(edges[inner], stub + room.stub - room.gap)
            left = max(left, stub - width + room.stub)
        over = left + width - room.right
        if over > 0:
            cost += (over / (60 * unit)) ** 2
        if state.chosen and plan.kinds[state.chosen[-1]][0] == side:
            cost += 0.03
        edges[way] = left + width
        least = (*state.least[:way], low + width, *state.least[way + 1 :])
        chains = (chain, state.chains[1]) if side == 0 else (state.chains[0], chain)
        return _State(cost, (*state.chosen, way), tuple(edges), least, chains)

    def _exact(self, state: _State, plan: _Plan) -> Arrangement | None:
        placed: list[Placed] = []
        cost = 0.0
        for side in (0, 1):
            members = [at for at, way in enumerate(state.chosen) if plan.kinds[way][0] == side]
            rows = [plan.kinds[state.chosen[at]][1] for at in members]
            chosen = [plan.shapes[state.chosen[at]][at] for at in members]
            shapes = [shape for shape in chosen if shape is not None]
            places = [self._slots[at] for at in members]
            solved = side_by_side(self._room, shapes, places, rows, plan.inset)
            if solved is None:
                return None
            lefts, ports = solved
            rows = rows if 0 in rows else [0] * len(rows)
            feet = feet_under(ports, places)
            for at, shape, row, left, port, foot in zip(
                members, shapes, rows, lefts, ports, feet, strict=True
            ):
                box = Placed(self._notes[at], shape, side, row, left, port, foot, self._slots[at])
                placed.append(box)
                cost += distance(box, self._room.unit)
        placed.sort(key=lambda box: (box.foot, box.side, box.left))
        return Arrangement(tuple(placed), plan.shaper, cost)


def _better(one: Arrangement | None, other: Arrangement | None) -> Arrangement | None:
    if one is None or other is None:
        return one or other
    return other if other.cost < one.cost else one
