"""Colours and sizes: what every figure shares, and nothing that draws."""

from dataclasses import dataclass, replace
from typing import Final

INK: Final = "#16191D"
GREY: Final = "#4A525C"
STRIP: Final = "#22303C"
WHITE: Final = "#FFFFFF"
LANES: Final = ("#EEF1F4", "#E3E8ED")
FINDINGS: Final = "#3B3B6B"  # at least 27 dE76 from every sector, and it does not blame
FINDINGS_LIGHT: Final = "#8C8CAB"
FINDINGS_LANE: Final = "#F3F3F8"

WANTED: Final = ("Open Sans", "Noto Sans", "Source Sans 3", "Liberation Sans", "Arial", "DejaVu Sans")

SECTORS: Final = {
    "education": "#0B72D9",
    "health": "#005952",
    "mental_health": "#6B238C",
    "youth_care": "#A6624B",
    "justice": "#18181C",
    "work_income": "#806F06",
    "municipality": "#D9007E",
    "home": "#3E4C13",
    "housing": "#5A6472",
    "other": "#5A6472",
}


def colour(sector: str) -> str:
    """The colour of a sector; a sector that nobody named is drawn as ``other``.

    Examples
    --------
    >>> colour("health")
    '#005952'
    """
    return SECTORS.get(sector, SECTORS["other"])


def tint(hexadecimal: str, part: float) -> str:
    """A colour mixed with white: `part` of the colour is left.

    Examples
    --------
    >>> tint("#000000", 0.5)
    '#808080'
    """
    parts = (int(hexadecimal[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - value) * part):02X}" for value in parts)


@dataclass(frozen=True)
class Size:
    """A sheet in pixels with its letter heights.

    Parameters
    ----------
    name : str
        As the reader asks for it.
    width, height : int
        The canvas.
    margin : int
        White on every side.
    body : tuple of float
        Letter heights of the boxes that are tried, largest first; the last is the floor.
    small : float
        Letter height of everything else; every other measure follows from it.
    head : float
        Letter height of the headline.

    Examples
    --------
    >>> WALL.unit
    1.0
    """

    name: str
    width: int
    height: int
    margin: int
    body: tuple[float, ...]
    small: float
    head: float

    @property
    def unit(self) -> float:
        """One pixel of the wall in pixels of this sheet."""
        return self.small / 24


WALL: Final = Size("wall", 1920, 1080, 36, (28, 26, 24), 24, 40)
A3: Final = Size("a3", 1654, 1169, 26, (17, 15, 13), 13, 24)
A4: Final = Size("a4", 1169, 827, 18, (14, 12.5, 11), 11, 19)
SIZES: Final = {size.name: size for size in (WALL, A3, A4)}


def wall(distance_m: float = 5, image_width_m: float = 2.4) -> Size:
    """A wall sheet whose smallest letters can be read from `distance_m`.

    Parameters
    ----------
    distance_m : float
        From the image to the reader who sits farthest away.
    image_width_m : float
        Width of the projected image.

    Returns
    -------
    Size
        Never with smaller letters than the standard wall.

    Examples
    --------
    >>> wall(5, 2.4) == WALL, wall(6, 2.4).small
    (True, 28.8)
    """
    by = max(1.0, round(distance_m / 5 * 2.4 / image_width_m, 3))
    body = tuple(round(height * by, 2) for height in WALL.body)
    return replace(WALL, body=body, small=round(24 * by, 2), head=round(WALL.head * by, 2))
