"""The Scene: a page as a list of marks in pixels, from the top left, drawn in their order.

A mark knows nothing of matplotlib, SVG or slides. `role` says what it is (``box``,
``leader``, ``bar`` ...), `events` which recorded facts stand behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Literal

Point = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """A rectangle; `stroke` is the colour of its edge, `dash` the pattern of that edge."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 0.0
    dash: tuple[float, ...] = ()
    role: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    width: float
    dash: tuple[float, ...] = ()
    role: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Poly:
    """A closed shape."""

    points: tuple[Point, ...]
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 0.0
    dash: tuple[float, ...] = ()
    role: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Disc:
    """A circle round (x, y)."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str
    stroke_width: float
    role: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """One line of text; `y` is its base line, `anchor` the side of it that stands at `x`.

    `rtl` tells that it is read from right to left; the letters stand in the order of reading.
    """

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False
    anchor: Literal["left", "center", "right"] = "left"
    role: str = ""
    events: tuple[str, ...] = ()
    rtl: bool = False


Mark = Rect | Line | Poly | Disc | Text


def crisp(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks with every text where its letters are drawn sharpest: x whole, y half a pixel."""
    return tuple(
        replace(mark, x=float(round(mark.x)), y=floor(mark.y) + 0.5) if isinstance(mark, Text) else mark
        for mark in marks
    )


@dataclass(frozen=True)
class Decision:
    """What the layout had to do to fit everything in: a word, how many, which events.

    Words are ``ticks`` (events drawn as a numbered tick and told in the table, not in a box), ``shortened`` (texts that end
    in an ellipsis), ``reasons`` (boxes without their reason), ``merged`` (bars without a name of their own), ``findings`` (findings
    that are not on the page), ``remarks`` (what people say of events without a box and findings that are not on
    the page), ``smaller`` (letters below the largest height), ``glyphs``
    (characters that no font has) and ``split`` (a period over several pages).
    """

    kind: str
    count: int
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """One halt of who goes through the page by key or by ear: what is told there, and where it stands."""

    text: str
    events: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Scene:
    """One page.

    Parameters
    ----------
    width, height : int
        The canvas in pixels.
    title, description : str
        The headline, and the page in words for who cannot see it.
    marks : tuple of Mark
        In the order of drawing.
    decisions : tuple of Decision
        What had to be left small, short or without a box.
    feet : tuple
        Of each boxed event where it stands on the axis: (event, x, least x, greatest x).
    stops : tuple of Stop
        The boxes, the numbered events and the findings, each by date.
    caption : str
        What stands under the figure in a report: ``Figuur 1: Periode 1989-2001: van geboorte tot ...``.
    lang : str
        The language of the page.
    kind : str
        ``page``, ``table`` for a page that tells the events that have no box, or ``remarks`` for one that tells
        what people say.

    Examples
    --------
    >>> Scene(10, 10, "a", "b", (Disc(1, 1, 1, "#000000", "#000000", 1),)).count("box")
    0
    """

    width: int
    height: int
    title: str
    description: str
    marks: tuple[Mark, ...]
    decisions: tuple[Decision, ...] = ()
    feet: tuple[tuple[str, float, float, float], ...] = ()
    stops: tuple[Stop, ...] = ()
    caption: str = ""
    lang: str = "nl"
    kind: Literal["page", "table", "remarks"] = "page"

    def of(self, role: str) -> Iterator[Mark]:
        """The marks of one role, in their order."""
        return (mark for mark in self.marks if mark.role == role)

    def count(self, role: str) -> int:
        """How many marks have this role."""
        return sum(1 for _ in self.of(role))
