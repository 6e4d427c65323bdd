"""Lanes as marks: grounds, hatches, bars, waits, ticks, dots and their labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from levensloop.figures import signs
from levensloop.figures.arrange import Placed
from levensloop.figures.lanes import Item, Lane, regions
from levensloop.figures.scene import Disc, Line, Mark, Point, Poly, Rect, Text
from levensloop.figures.style import INK, LANES, WHITE, Size, colour, tint
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler


@dataclass(frozen=True)
class Grid:
    """Where each lane and row lies."""

    lanes: tuple[Lane, ...]
    top: float
    row: float
    left: float
    right: float

    def y(self, sector: str) -> float:
        """The upper edge of a lane."""
        y = self.top
        for lane in self.lanes:
            if lane.sector == sector:
                return y
            y += lane.rows * self.row
        return y

    def middle(self, sector: str, row: int) -> float:
        """The middle of a row of a lane."""
        return self.y(sector) + (row + 0.5) * self.row

    @property
    def bottom(self) -> float:
        """The lower edge of the last lane."""
        return self.top + sum(lane.rows for lane in self.lanes) * self.row


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

    def grounds(self, lines: Sequence[float]) -> list[Mark]:
        """The lanes themselves, with badge and name, and the lines of the years."""
        grid, u, size = self.grid, self._unit, self._size
        marks: list[Mark] = []
        for at, lane in enumerate(grid.lanes):
            y, height = grid.y(lane.sector), lane.rows * grid.row
            marks.append(Rect(size.margin, y, grid.right - size.margin, height, LANES[at % 2], role="lane"))
            middle = y + height / 2
            corner = (size.margin + 4 * u, middle - signs.BADGE / 2 * size.small)
            marks += signs.badge(self._words.letter(lane.sector), lane.sector, corner, size.small)
            name = self._words.label("sectors", lane.sector)
            x = size.margin + 42 * u
            marks.append(Text(x, middle + 8.5 * u, name, size.small, INK, role="lane"))
        marks += [Line(((x, grid.top), (x, grid.bottom)), WHITE, 2 * u, role="grid") for x in lines]
        return marks

    def items(self) -> Iterable[tuple[Lane, Item, float]]:
        """Every item with its lane and the middle of its row."""
        for lane in self.grid.lanes:
            for item in lane.items:
                yield lane, item, self.grid.middle(lane.sector, item.row)

    def bars(self) -> list[Mark]:
        """Bars, waits and ticks without their labels."""
        marks: list[Mark] = []
        for _, item, y in self.items():
            if item.kind == "bar":
                marks += self._bar(item, y)
            elif item.kind == "wait":
                half = 0.4 * self.grid.row
                width = max(item.high - item.low, 3 * self._unit)
                hue = colour(item.sector)
                marks.append(
                    Rect(
                        item.low,
                        y - half,
                        width,
                        2 * half,
                        WHITE,
                        hue,
                        2.4 * self._unit,
                        (1, 1.2),
                        "wait",
                        item.events,
                    )
                )
        for _, item, y in self.items():
            marks += [self._tick(item, x, y, exact=exact) for x, exact in self._apart(item.ticks)]
        return marks

    def _apart(self, places: Sequence[tuple[float, bool]]) -> list[tuple[float, bool]]:
        """Ticks that would lie on one another are one tick; their number stands in the label."""
        kept: list[tuple[float, bool]] = []
        for x, exact in places:
            if not kept or x - kept[-1][0] >= 5 * self._unit:
                kept.append((x, exact))
        return kept

    def _tick(self, item: Item, x: float, y: float, *, exact: bool) -> Mark:
        """A tick; hollow if the date is not exact."""
        u = self._unit
        hue = colour(item.sector) if item.agency else INK
        if exact:
            return Rect(x - 2.5 * u, y - 11 * u, 5 * u, 22 * u, hue, WHITE, 1.2 * u, role="tick")
        return Rect(x - 3 * u, y - 10 * u, 6 * u, 20 * u, WHITE, hue, 1.8 * u, role="tick")

    def _bar(self, item: Item, y: float) -> list[Mark]:
        u, hue = self._unit, colour(item.sector)
        half = 0.4 * self.grid.row
        low, high = item.low, max(item.high, item.low + 3 * u)
        marks: list[Mark] = []
        blunt_left = item.before or item.sure_low <= item.low + 0.5
        blunt_right = item.after or item.sure_high >= item.high - 0.5
        if item.sure_high <= item.sure_low:
            blunt_left, blunt_right = item.before, item.after
        point = min(14 * u, (high - low) / 2)
        corners = [
            (low + (0 if blunt_left else point), y - half),
            (high - (0 if blunt_right else point), y - half),
        ]
        corners += [] if blunt_right else [(high, y)]
        corners += [
            (high - (0 if blunt_right else point), y + half),
            (low + (0 if blunt_left else point), y + half),
        ]
        corners += [] if blunt_left else [(low, y)]
        sure = item.sure_high - item.sure_low >= (high - low) - 1
        fill = hue if sure and item.sure_high > item.sure_low else tint(hue, 0.22)
        marks.append(Poly(tuple(corners), fill, hue, 1.6 * u, role="bar", events=item.events))
        if not sure and item.sure_high > item.sure_low:
            left = item.sure_low + (0 if blunt_left or item.sure_low - low > point else point)
            right = item.sure_high - (0 if blunt_right or high - item.sure_high > point else point)
            if right > left:
                marks.append(
                    Rect(left, y - half, right - left, 2 * half, hue, role="bar", events=item.events)
                )
        for shown, x, way in ((item.before, low + 5 * u, 1), (item.after, high - 5 * u, -1)):
            if shown and high - low > 24 * u:
                solid = item.sure_low <= item.low + 1 if way == 1 else item.sure_high >= item.high - 1
                solid = solid and item.sure_high > item.sure_low
                tip = ((x, y), (x + way * 8 * u, y - 7 * u), (x + way * 8 * u, y + 7 * u))
                marks.append(Poly(tip, WHITE if solid else hue, role="chevron"))
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
            lines.append(Line(((box.foot, start), (box.foot, y)), hue, 1.6 * u, (1, 1.6), "drop"))
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
        """The names in and beside the bars, where no dot, arrow or limit stands in their way."""
        backs: list[Mark] = []
        texts: list[Mark] = []
        for _, item, y in self.items():
            if not item.label:
                continue
            x, hue, ground = self._place(item, y)
            width = self._ruler.width(item.label)
            u = self._unit
            if ground is not None:
                backs.append(Rect(x - 4 * u, y - 15 * u, width + 8 * u, 30 * u, ground, role="ground"))
            texts.append(
                Text(x, y + 8.5 * u, item.label, self._size.small, hue, role="label", events=item.events)
            )
            self.taken.add((x, y - 1), (x + width, y + 1))
        return [*backs, *texts]

    def _place(self, item: Item, y: float) -> tuple[float, str, str | None]:
        """Where a label starts, its colour, and the ground under it if it needs one."""
        u, width = self._unit, self._ruler.width(item.label)
        at = [lane.sector for lane in self.grid.lanes].index(item.sector)
        ground = LANES[at % 2]
        if item.side == "right":
            return max(item.high, item.low + 3 * u) + 8 * u, INK, ground
        if item.side == "left":
            return item.low - 8 * u - width, INK, ground
        if item.side == "over":
            return item.low + 8 * u, INK, ground
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
        return (low + high - width) / 2, INK, tint(colour(item.sector), 0.22)

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
