"""Small shapes: who took the initiative, badges, arrows, hatches and lenses."""

from dataclasses import replace
from math import cos, hypot, pi, sin

from levensloop.figures.scene import Disc, Line, Mark, Point, Poly, Rect, Text
from levensloop.figures.style import INK, WHITE, colour


def _ring(
    x: float, y: float, radii: tuple[float, ...], count: int, turn: float = -pi / 2
) -> tuple[Point, ...]:
    step = 2 * pi / count
    return tuple(
        (
            x + radii[at % len(radii)] * cos(turn + at * step),
            y + radii[at % len(radii)] * sin(turn + at * step),
        )
        for at in range(count)
    )


def initiative(who: str, x: float, y: float, size: float, events: tuple[str, ...] = ()) -> list[Mark]:
    """The sign of who took the initiative, with (x, y) in its middle."""
    r = size / 2
    points = {
        "parents": _ring(x, y, (r,), 4),
        "youth": _ring(x, y, (1.1 * r, 0.45 * r), 10),
        "school": _ring(x, y, (1.15 * r,), 4, pi / 4),
        "gp": _ring(x, y + 0.15 * r, (1.1 * r,), 3),
        "municipality": _ring(x, y, (r,), 6),
        "court": _ring(x, y, (r,), 5),
        "other": _ring(x, y - 0.15 * r, (1.1 * r,), 3, pi / 2),
    }.get(who)
    if points is None:
        return [Disc(x, y, 0.85 * r, INK, INK, 0, "initiative", events)]
    return [Poly(points, fill=INK, role="initiative", events=events)]


def badge_side(size: float) -> float:
    """The side of a badge: the smaller its letter, the more white round it for a J that hangs low."""
    return 1.3 * size + max(0.0, 24 - size) / 6


def badge(letter: str, sector: str, corner: Point, size: float, events: tuple[str, ...] = ()) -> list[Mark]:
    """The letter of a sector at a letter height of `size`, white in its colour."""
    x, y = corner
    side = badge_side(size)
    base = y + side / 2 + (0.365 if letter != "J" else 0.265) * size  # a J hangs below its line
    return [
        Rect(x, y, side, side, fill=colour(sector), role="badge", events=events),
        Text(x + side / 2, base, letter, size, WHITE, True, "center", "badge", events),  # noqa: FBT003
    ]


def arrow(
    points: tuple[Point, ...],
    unit: float,
    role: str,
    dash: tuple[float, ...] = (),
    events: tuple[str, ...] = (),
) -> list[Mark]:
    """A line with a head at its last point, on a white halo."""
    (x0, y0), (x1, y1) = points[-2:]
    length = hypot(x1 - x0, y1 - y0) or 1.0
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    head, wing = 13 * unit, 6.5 * unit
    back = (x1 - dx * head, y1 - dy * head)
    tip = ((x1, y1), (back[0] - dy * wing, back[1] + dx * wing), (back[0] + dy * wing, back[1] - dx * wing))
    line = (*points[:-1], back)
    return [
        Line(points, WHITE, 7 * unit, role="halo"),
        Poly(tip, fill=INK, stroke=WHITE, stroke_width=1.5 * unit, role=role, events=events),
        Line(line, INK, 3 * unit, dash, role, events),
    ]


def hatch(box: Rect, unit: float, hue: str, role: str = "hatch") -> list[Mark]:
    """Slanted lines in a rectangle, cut off at its edges."""
    step = 16 * unit
    marks: list[Mark] = []
    low, high = box.x - box.height, box.x + box.width
    at = low - low % step
    while at < high:
        # From (at, bottom) to (at + height, top), the part between the left and right edge.
        x0, x1 = max(at, box.x), min(at + box.height, box.x + box.width)
        if x1 > x0:
            y0, y1 = box.y + box.height - (x0 - at), box.y + box.height - (x1 - at)
            marks.append(Line(((x0, y0), (x1, y1)), hue, 1.6 * unit, role=role))
        at += step
    return [*marks, replace(box, stroke=hue, stroke_width=1.6 * unit, role=role)]


def lens(low: float, high: float, at: float, y: float, look: tuple[float, str]) -> Poly:
    """A thin lens from the earliest to the latest day, thickest at `at`; `look` is its thickness and colour."""
    half, hue = look
    return Poly(((low, y), (at, y - half), (high, y), (at, y + half)), fill=hue, role="lens")
