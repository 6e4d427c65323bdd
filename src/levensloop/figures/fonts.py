"""Fonts, resolved once: the first installed of a list, then DejaVu Sans for what it lacks."""

from functools import cache, lru_cache
from typing import Final

from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags

from levensloop.figures.style import WANTED

_FALLBACK: Final = "DejaVu Sans"


@cache
def family(wanted: tuple[str, ...] = WANTED) -> tuple[str, ...]:
    """The first installed font of `wanted`, and the one that fills its holes.

    Examples
    --------
    >>> family(("No Such Font",))
    ('DejaVu Sans',)
    """
    installed = set(fontManager.get_font_names())
    first = next((name for name in wanted if name in installed), _FALLBACK)
    return (first,) if first == _FALLBACK else (first, _FALLBACK)


@cache
def properties(families: tuple[str, ...], size_pt: float, *, bold: bool) -> FontProperties:
    """The matplotlib properties of a letter."""
    return FontProperties(family=list(families), weight="bold" if bold else "normal", size=size_pt)


@cache
def _font(families: tuple[str, ...], *, bold: bool) -> FT2Font:
    weight = "bold" if bold else "normal"
    paths = [fontManager.findfont(FontProperties(family=name, weight=weight)) for name in families]
    return get_font(paths)


@cache
def _letters(families: tuple[str, ...]) -> frozenset[int]:
    sets = (_font((name,), bold=bold).get_charmap() for name in families for bold in (False, True))
    regular = [frozenset(charmap) for charmap in sets]
    both = [regular[at] & regular[at + 1] for at in range(0, len(regular), 2)]
    return frozenset().union(*both)


@lru_cache(maxsize=65536)
def _width(families: tuple[str, ...], text: str, size: float, bold: bool) -> float:  # noqa: FBT001 - a cache key
    font = _font(families, bold=bold)
    font.set_size(size, 72)
    widths: list[float] = []
    for flags in (LoadFlags.NO_HINTING, LoadFlags.FORCE_AUTOHINT):
        font.set_text(text, 0, flags=flags)
        widths.append(font.get_width_height()[0] / 64)
    return max(widths)


class FontMeasure:
    """Widths of the installed fonts: hinted and unhinted, and the larger of the two.

    Parameters
    ----------
    wanted : tuple of str
        Names of fonts in order of preference.

    Examples
    --------
    >>> measure = FontMeasure(("DejaVu Sans",))
    >>> measure.width("wide", 24) > measure.width("i", 24)
    True
    """

    def __init__(self, wanted: tuple[str, ...] = WANTED) -> None:
        self.families = family(wanted)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width in pixels of one line."""
        return _width(self.families, text, size, bold)

    def missing(self, text: str) -> frozenset[str]:
        """The characters that no font of the list has."""
        letters = _letters(self.families)
        return frozenset(letter for letter in text if ord(letter) not in letters)
