"""Lanes as marks: grounds, dots and labels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from levensloop.figures import signs
from levensloop.figures.barmarks import Grid
from levensloop.figures.items import Item, regions
from levensloop.figures.placing import Placed
from levensloop.figures.scene import Disc, Line, Mark, Point, Rect, Text
from levensloop.figures.style import INK, LANES, WHITE, Size, colour, tint
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler


@dataclass
class Taken:
    """Stretches of rows where a label must not stand: (y from, y to, x from, x to)."""

    places: list[tuple[float, float, float, float]] = field(
        default_factory=list[tuple[float, float, float, float]]
    )

    def add(self, low: Point, high: Point) -> None:
        """Take the rectangle between two corners."""
        self.places.append((low[1], high[1], low[0], high[0]))

    def free(self, y: float, low: float, high: float) -> bool:
        """Whether a label at the height `y` from `low` to `high` is free."""
        return all(not (top <= y <= bottom and low < b and high > a) for top, bottom, a, b in self.places)


class LaneMarks:
    """Draws lanes on their grid.

    Parameters
    ----------
    grid : Grid
        Where rows lie.
    size : Size
        The sheet.
    ruler : Ruler
        The font of the labels.
    words : Words
        The names of the sectors.
    """

    def __init__(self, grid: Grid, size: Size, ruler: Ruler, words: Words) -> None:
        self.grid = grid
        self._size = size
        self._unit = size.unit
        self._ruler = ruler
        self._words = words
        self.taken = Taken()
        self.texts = Taken()
        self.nameless: list[Item] = []

    def grounds(self, lines: Sequence[float]) -> list[Mark]:
        """The lanes themselves, with badge and name, and the lines of the years."""
        grid, u, size = self.grid, self._unit, self._size
        marks: list[Mark] = []
        for at, lane in enumerate(grid.lanes):
            y, height = grid.y(lane.sector), lane.rows * grid.row
            marks.append(Rect(size.margin, y, grid.right - size.margin, height, LANES[at % 2], role="lane"))
            middle = y + height / 2
            corner = (size.margin + 4 * u, middle - signs.badge_side(size.small) / 2)
            marks += signs.badge(self._words.letter(lane.sector), lane.sector, corner, size.small)
            name = self._words.label("sectors", lane.sector)
            x = size.margin + 42 * u
            marks.append(Text(x, middle + 8.5 * u, name, size.small, INK, role="lane"))
        marks += [Line(((x, grid.top), (x, grid.bottom)), WHITE, 2 * u, role="grid") for x in lines]
        return marks

    def dots(self, boxes: Sequence[Placed], above: float, below: float) -> tuple[list[Mark], list[Mark]]:
        """Dotted lines from the feet into the lanes, and the dots at their ends."""
        u = self._unit
        lines: list[Mark] = []
        dots: list[Mark] = []
        for box in boxes:
            fact = box.note.fact
            y = self._dot(fact.sector, fact.agency, box.foot)
            if y is None:
                continue
            start = above if box.side == 0 else below
            hue = colour(fact.sector)
            lines.append(Line(((box.foot, start), (box.foot, y)), hue, 1.6 * u, (1, 1.6), "drop", (fact.id,)))
            dots.append(Disc(box.foot, y, 6 * u, hue, WHITE, 2 * u, "dot", (fact.id,)))
            self.taken.add((box.foot - 9 * u, y - 1), (box.foot + 9 * u, y + 1))
        return lines, dots

    def _dot(self, sector: str, agency: str, x: float) -> float | None:
        lane = next((lane for lane in self.grid.lanes if lane.sector == sector), None)
        if lane is None:
            return None
        own = [
            i for i in lane.items if i.agency == agency and i.kind == "bar" and i.low - 1 <= x <= i.high + 1
        ]
        if own:
            return self.grid.middle(sector, own[0].row)
        u = self._unit
        for row in range(lane.rows):
            if not any(i.row == row and i.left - 8 * u <= x <= i.right + 8 * u for i in lane.items):
                return self.grid.middle(sector, row)
        return self.grid.middle(sector, 0)

    def labels(self) -> list[Mark]:
        """The names in and beside the bars, where no dot, tick, arrow or limit stands in their way."""
        backs: list[Mark] = []
        texts: list[Mark] = []
        u = self._unit
        # Numbers stand where their ticks are; names make way for them.
        items = sorted(self.grid.items(), key=lambda pair: pair[0].side != "at")
        for item, y in items:
            place = self._place(item, y) if item.label else None
            if place is None:
                if item.kind != "ticks":
                    self.nameless.append(item)
                continue
            x, hue, ground = place
            width = self._ruler.width(item.label, bold=item.side == "at")
            if ground is not None:
                backs.append(Rect(x - 4 * u, y - 14 * u, width + 8 * u, 28 * u, ground, role="ground"))
            if item.side == "at":
                at = (x, y + 8.5 * u)
                texts.append(
                    Text(*at, item.label, self._size.small, hue, True, "left", "number", item.events)  # noqa: FBT003
                )
            else:
                texts.append(
                    Text(x, y + 8.5 * u, item.label, self._size.small, hue, role="label", events=item.events)
                )
            for taken in (self.taken, self.texts):
                taken.add((x, y - 1), (x + width, y + 1))
        return [*backs, *texts]

    def _place(self, item: Item, y: float) -> tuple[float, str, str | None] | None:
        """Where a label starts, its colour, and the ground under it if it needs one."""
        u, width = self._unit, self._ruler.width(item.label, bold=item.side == "at")
        at = [lane.sector for lane in self.grid.lanes].index(item.sector)
        ground = LANES[at % 2]
        if item.side == "at":
            for tick in item.ticks:
                self.taken.add((tick[0] - 4 * u, y - 1), (tick[0] + 4 * u, y + 1))
            return item.start, INK, ground
        if item.side == "right":
            return max(item.high, item.low + 3 * u) + 8 * u, INK, ground
        if item.side == "left":
            return item.low - 8 * u - width, INK, ground
        fitting = [place for place in regions(item, u) if place[1] - place[0] >= width]
        for low, high, sure in fitting:
            for x in _tries(low, high - width, 14 * u):
                if self.taken.free(y, x - 3 * u, x + width + 3 * u):
                    return x, WHITE if sure and item.kind == "bar" else INK, None
        for x in (item.high + 8 * u, item.low - 8 * u - width):
            inside = self.grid.left <= x and x + width <= self.grid.right
            if (
                inside
                and self._clear(item, x, x + width)
                and self.taken.free(y, x - 3 * u, x + width + 3 * u)
            ):
                return x, INK, ground
        low, high, _ = fitting[0]
        x = (low + high - width) / 2
        under = WHITE if item.kind == "wait" else tint(colour(item.sector), 0.22)
        return (x, INK, under) if self.texts.free(y, x, x + width) else None

    def _clear(self, item: Item, low: float, high: float) -> bool:
        """Whether nothing else lies in the row of `item` between `low` and `high`."""
        lane = next(lane for lane in self.grid.lanes if lane.sector == item.sector)
        others = (other for other in lane.items if other is not item and other.row == item.row)
        return all(other.right < low or other.left > high for other in others)


def _tries(low: float, high: float, step: float) -> list[float]:
    """The middle first, then further and further from it."""
    middle = (low + high) / 2
    tries = [middle]
    away = step
    while away <= (high - low) / 2:
        tries += [middle - away, middle + away]
        away += step
    return [*tries, low, high]
