"""Bars, outlines of waits and ticks as marks."""

from collections.abc import Iterator
from dataclasses import dataclass

from levensloop.figures.items import Item
from levensloop.figures.lanes import Lane
from levensloop.figures.scene import Mark, Point, Poly, Rect
from levensloop.figures.style import INK, WHITE, colour, tint


@dataclass(frozen=True)
class Grid:
    """Where each lane and row lies."""

    lanes: tuple[Lane, ...]
    top: float
    row: float
    left: float
    right: float

    def y(self, sector: str, *, after: bool = False) -> float:
        """The upper edge of a lane, or the lower one."""
        y = self.top
        for lane in self.lanes:
            below = y + lane.rows * self.row
            if lane.sector == sector:
                return below if after else y
            y = below
        return y

    def middle(self, sector: str, row: int) -> float:
        """The middle of a row of a lane."""
        return self.y(sector) + (row + 0.5) * self.row

    @property
    def bottom(self) -> float:
        """The lower edge of the last lane."""
        return self.top + sum(lane.rows for lane in self.lanes) * self.row

    @property
    def half(self) -> float:
        """Half the height of a bar: some white between two rows, and room for a g in its name."""
        return max(0.4 * self.row, min(0.5 * self.row - self.row / 24, 14 * self.row / 31))

    def items(self) -> Iterator[tuple[Item, float]]:
        """Every item with the middle of its row."""
        for lane in self.lanes:
            for item in lane.items:
                yield item, self.middle(lane.sector, item.row)


def bars(grid: Grid, unit: float) -> list[Mark]:
    """Bars, waits and ticks without their labels."""
    marks: list[Mark] = []
    for item, y in grid.items():
        if item.kind == "bar":
            marks += _bar(item, y, grid.half, unit)
    for item, y in grid.items():
        if item.kind == "wait":
            marks += _wait(item, y, grid.half, unit)
    for item, y in grid.items():
        if item.kind == "ticks":
            marks += [_tick(item, tick, y, unit) for tick in apart(item, unit)]
        else:
            marks += [_mark(item, tick, y + grid.half, unit) for tick in apart(item, unit)]
    return marks


def apart(item: Item, unit: float) -> list[tuple[float, bool, tuple[str, ...]]]:
    """Ticks that would lie on one another are one tick, with all their events."""
    kept: list[tuple[float, bool, tuple[str, ...]]] = []
    for x, exact, event in item.ticks:
        if kept and x - kept[-1][0] < 5 * unit:
            kept[-1] = (kept[-1][0], kept[-1][1], (*kept[-1][2], event))
        else:
            kept.append((x, exact, (event,)))
    return kept


def _tick(item: Item, tick: tuple[float, bool, tuple[str, ...]], y: float, unit: float) -> Mark:
    """A numbered tick; hollow if the date is not exact."""
    (x, exact, events), hue, u = tick, colour(item.sector), unit
    if exact:
        return Rect(x - 2.5 * u, y - 11 * u, 5 * u, 22 * u, hue, WHITE, 1.2 * u, role="tick", events=events)
    return Rect(x - 3 * u, y - 10 * u, 6 * u, 20 * u, WHITE, hue, 1.8 * u, role="tick", events=events)


def _mark(item: Item, tick: tuple[float, bool, tuple[str, ...]], y: float, unit: float) -> Mark:
    """A contact on the lower edge of the bar that counts it."""
    (x, exact, events), hue, u = tick, colour(item.sector), unit
    fill, edge = (INK, WHITE) if exact else (WHITE, hue)
    return Rect(x - 3 * u, y - 6 * u, 6 * u, 9 * u, fill, edge, 1.2 * u, role="tick", events=events)


def _wait(item: Item, y: float, half: float, unit: float) -> list[Mark]:
    """The dotted outline of a wait, with an arrow where it goes on outside the page."""
    u, hue = unit, colour(item.sector)
    width = max(item.high - item.low, 3 * u)
    fill = WHITE if item.label else None
    box = Rect(item.low, y - half, width, 2 * half, fill, hue, 2.4 * u, (1, 1.2), "wait", item.events)
    return [box, *_chevrons(item, y, (hue, hue), u)]


def _bar(item: Item, y: float, half: float, unit: float) -> list[Mark]:
    """A bar: its sure cover full, its possible cover light, pointed where its date is not exact."""
    u, hue = unit, colour(item.sector)
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
            marks.append(Rect(left, y - half, right - left, 2 * half, hue, role="bar", events=item.events))
    full = item.sure_high > item.sure_low
    left_hue = WHITE if full and item.sure_low <= item.low + 1 else hue
    right_hue = WHITE if full and item.sure_high >= item.high - 1 else hue
    return [*marks, *_chevrons(item, y, (left_hue, right_hue), u)]


def _chevrons(item: Item, y: float, hues: tuple[str, str], unit: float) -> list[Mark]:
    """An arrowhead at each end that goes on outside the page or after the last day that is seen."""
    u, marks = unit, list[Mark]()
    if item.high - item.low <= 24 * u:
        return marks
    for shown, x, way, hue in (
        (item.before, item.low + 5 * u, 1, hues[0]),
        (item.after, item.high - 5 * u, -1, hues[1]),
    ):
        if shown:
            tip: tuple[Point, ...] = ((x, y), (x + way * 8 * u, y - 7 * u), (x + way * 8 * u, y + 7 * u))
            marks.append(Poly(tip, hue, role="chevron"))
    return marks
