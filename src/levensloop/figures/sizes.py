"""Sheets of any size: letters grow and shrink with the sheet, and never under what print needs."""

from numbers import Real
from typing import Any, Final

from levensloop.errors import UserError
from levensloop.figures.style import A3, WALL, Size

_FLOOR: Final = 11
_PANEL: Final = (2, 1, 0)


def sheet(size: str | Size | tuple[float, float]) -> str | Size:
    """A size by name or as it is; of a width and a height in pixels the sheet.

    Examples
    --------
    >>> sheet((1920, 1080)).small, sheet((800, 450)).small, sheet("a4")
    (24.0, 11.0, 'a4')
    """
    if isinstance(size, str | Size):
        return size
    if not _pixels(size):
        raise UserError("a size in pixels is a width and a height above nothing. Hint: size=(1920, 1080).")
    width, height = round(size[0]), round(size[1])
    by = max(min(width / WALL.width, height / WALL.height), _FLOOR / WALL.small)
    body = tuple(round(letter * by, 2) for letter in WALL.body)
    margin, head = round(WALL.margin * by), round(WALL.head * by, 2)
    return Size(f"{width}x{height}", width, height, margin, body, round(WALL.small * by, 2), head)


def _pixels(size: Any) -> bool:  # noqa: ANN401 - what a user may give
    """Whether it is a width and a height."""
    two = isinstance(size, list | tuple) and len(size) == 2  # noqa: PLR2004 - a width and a height
    return two and all(isinstance(side, Real) and float(side) > 0 for side in size)


def panel(size: Size, height: int) -> Size:
    """A strip over the whole width of a sheet, with its smallest letters.

    Examples
    --------
    >>> panel(A3, 350).small
    11.0
    """
    small = max(_FLOOR, round(size.small * _FLOOR / A3.small, 1))
    body = tuple(float(round(small) + more) for more in _PANEL)
    return Size(f"{size.name} panel", size.width, height, size.margin, body, float(small), 1.3 * small)
