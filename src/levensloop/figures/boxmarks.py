"""Boxes, leaders, feet and lenses of an arrangement as marks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from levensloop.figures import remarks, signs
from levensloop.figures.notes import Metrics
from levensloop.figures.placing import Arrangement, Placed, Room
from levensloop.figures.scene import Disc, Line, Mark, Point, Rect, Text
from levensloop.figures.style import INK, WHITE, colour
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure, leftward

MOST_LEVELS = 4


def levels(boxes: Sequence[Placed], unit: float) -> dict[str, int]:
    """In which of the lines next to the axis the lens of each fuzzy fact lies."""
    ends: list[float] = []
    found: dict[str, int] = {}
    fuzzy = [box for box in boxes if box.slot.high - box.slot.low > 2 * unit]
    for box in sorted(fuzzy, key=lambda b: (b.slot.low, b.slot.high)):
        level = next((at for at, end in enumerate(ends) if box.slot.low >= end + 6 * unit), len(ends))
        if level < MOST_LEVELS:
            ends[level : level + 1] = [box.slot.high]
        else:
            level = min(range(MOST_LEVELS), key=lambda at: ends[at])
            ends[level] = max(ends[level], box.slot.high)
        found[box.note.fact.id] = level
    return found


def fan(boxes: Sequence[Placed], unit: float) -> float:
    """Height between the axis and the inner row: lenses, then room for leaders to lean."""
    if not boxes:
        return 8 * unit
    used = max(levels(boxes, unit).values(), default=-1) + 1
    return (30 + 7 * used) * unit


@dataclass(frozen=True)
class Side:
    """One side of the axis: 0 above, 1 below; `axis` and `boxes` are the y of the axis and of the inner row."""

    side: int
    axis: float
    boxes: float

    @property
    def way(self) -> int:
        """Upwards or downwards."""
        return -1 if self.side == 0 else 1


class BoxMarks:
    """Draws an arrangement.

    Parameters
    ----------
    arrangement : Arrangement
        The placed boxes.
    room : Room
        For the gap between rows.
    words : Words
        For the letters of the badges.
    measure : Measure
        For the words after a bold head.
    """

    def __init__(self, arrangement: Arrangement, room: Room, words: Words, measure: Measure) -> None:
        self._arrangement = arrangement
        self._room = room
        self._words = words
        self._measure = measure
        self._unit = room.unit

    def side(self, where: Side) -> list[Mark]:
        """The marks of one side: lenses, leaders, feet, boxes."""
        boxes = [box for box in self._arrangement.placed if box.side == where.side]
        heights = self._arrangement.heights(where.side)
        level = levels(boxes, self._unit)
        deep = (7 * (max(level.values(), default=-1) + 1) + 12) * self._unit
        edge = where.axis + where.way * deep
        lenses: list[Mark] = []
        lines: list[Mark] = []
        feet: list[Mark] = []
        frames: list[Mark] = []
        for box in boxes:
            fact = box.note.fact
            hue = colour(fact.sector)
            if fact.id in level:
                y = where.axis + where.way * (7 * level[fact.id] + 13) * self._unit
                look = (3 * self._unit, hue)
                lens = signs.lens(box.slot.low, box.slot.high, box.foot, y, look)
                lenses.append(replace(lens, events=(fact.id,)))
            out = where.boxes + where.way * sum(h + self._room.gap for h in heights[: box.row])
            lines.append(self._leader(box, where, edge, out))
            fill = WHITE if not fact.exact else hue
            feet.append(
                Disc(box.foot, where.axis, 7 * self._unit, fill, hue, 3 * self._unit, "foot", (fact.id,))
            )
            top = out - box.shape.height if where.side == 0 else out
            frames += self._box(box, top)
        return [*lenses, *lines, *feet, *frames]

    def _leader(self, box: Placed, where: Side, edge: float, out: float) -> Line:
        points: list[Point] = [
            (box.foot, where.axis),
            (box.foot, edge),
            (box.port, where.boxes),
            (box.port, out),
        ]
        kept = [points[0]]
        for point in points[1:]:
            if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 0.1:  # noqa: PLR2004 - no pixel
                kept.append(point)
        fact = box.note.fact
        return Line(tuple(kept), colour(fact.sector), 2.2 * self._unit, role="leader", events=(fact.id,))

    def _box(self, box: Placed, top: float) -> list[Mark]:
        fact, metrics = box.note.fact, self._arrangement.shaper.metrics
        hue, own = colour(fact.sector), (fact.id,)
        left = box.left
        width, height = box.shape.width, box.shape.height
        marks: list[Mark] = [
            Rect(left, top, width, height, WHITE, hue, 1.8 * self._unit, role="box", events=own),
            Rect(left, top, metrics.stripe, height, hue, role="stripe", events=own),
        ]
        x = left + metrics.stripe + metrics.pad
        y = top + 0.8 * metrics.pad + 0.98 * metrics.letter
        corner = (x, y - 0.365 * metrics.letter - metrics.badge / 2)
        marks += signs.badge(self._words.letter(fact.sector), fact.sector, corner, metrics.small, own)
        if fact.initiative:
            middle = left + width - metrics.pad - 0.4 * metrics.letter
            marks += signs.initiative(
                fact.initiative, middle, y - 0.36 * metrics.letter, 0.8 * metrics.letter, own
            )
        end = left + width - metrics.pad - (metrics.sign if fact.initiative else 0)
        start = end - remarks.width(box.note.said, metrics.letter, self._measure)
        marks += remarks.balloon(box.note.said, start, y, metrics.letter, self._measure, own)
        for at, line in enumerate(box.shape.text.lines):
            place = y + at * metrics.line
            if at and len(line) == 1 and leftward(line[0][0]):
                text, bold = line[0]
                end = left + width - metrics.pad
                marks.append(
                    Text(end, place, text, metrics.letter, INK, bold, "right", "text", own, rtl=True)
                )
            else:
                start = x + (metrics.indent if at == 0 else 0)
                marks += self._line(line, (start, place), metrics, own)
        return marks

    def _line(
        self, line: tuple[tuple[str, bool], ...], start: Point, metrics: Metrics, own: tuple[str, ...]
    ) -> list[Mark]:
        x, y = start
        marks: list[Mark] = []
        for text, bold in line:
            marks.append(Text(x, y, text, metrics.letter, INK, bold, "left", "text", own))
            x += self._measure.width(f"{text} ", metrics.letter, bold=bold)
        return marks
