"""Sheets of paper: every mark on them knows to which part of the document it belongs, and each has a foot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from levensloop.cohort import Timeline
from levensloop.errors import UserError
from levensloop.figures.letters import legal
from levensloop.figures.options import Options
from levensloop.figures.scene import Scene, Text
from levensloop.figures.style import GREY, Size
from levensloop.figures.wrap import Measure
from levensloop.reports.levels import initial, level_told
from levensloop.text import say

#: A place in the tree of the document: names of PDF, each with a number that tells siblings apart.
Path = tuple[tuple[str, int], ...]
#: Sheets on which a case can be printed.
SHEETS: Final = ("a4", "a3")
_BAND: Final = 1.7
_NUMBER: Final = 6  # of a letter height: the width of the number of a page
_IN_MARGIN: Final = 0.3
_NO_ALTS: Final[Mapping[Path, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Leaf:
    """One sheet of paper.

    Parameters
    ----------
    scene : Scene
    owners : tuple of Path or None
        Of each mark its place in the document; None if it only adorns the sheet.
    alts : mapping of Path to str
        What is told to who cannot see a figure.
    bookmarks : tuple of (int, str)
        That lead to this sheet: how deep, and what they say.
    """

    scene: Scene
    owners: tuple[Path | None, ...]
    alts: Mapping[Path, str] = field(default_factory=lambda: _NO_ALTS)
    bookmarks: tuple[tuple[int, str], ...] = ()


def paper(sheet: str) -> Size:
    """A sheet by its name.

    Examples
    --------
    >>> paper("a4").width
    1169
    """
    if sheet not in SHEETS:
        raise UserError(f"a case is printed on {' or '.join(SHEETS)}. Hint: sheet='{SHEETS[0]}'.")
    return Options(size=sheet).sheet


def above_foot(size: Size) -> Size:
    """What the foot leaves of a sheet.

    Examples
    --------
    >>> above_foot(paper("a4")).height
    808
    """
    return replace(size, height=size.height - round(_BAND * size.small))


def foot(timeline: Timeline, lang: str) -> tuple[str, ...]:
    """What stands at the foot of every page of a case: what may be seen of it, whose it is, and what it is not.

    Examples
    --------
    >>> import levensloop as ll
    >>> foot(ll.testing.sketch("gp contact 2005")["a"], "en")
    ('', 'The life course of A.', 'One youth does not represent a group.')
    """
    return level_told(timeline.shown, lang), f"{title(timeline, lang)}.", say("reply.alone", lang)


def line(foot: Sequence[str], size: Size, measure: Measure) -> str:
    """As much of a foot as stands on one line of a sheet: the first sentence always does, and the last before others.

    Examples
    --------
    >>> from levensloop.figures.fonts import FontMeasure
    >>> line(("Room.", 80 * "Very long. ", "One youth does not represent a group."), paper("a4"), FontMeasure())
    'One youth does not represent a group. Room.'
    """
    level, *others = foot
    room = size.width - 2 * size.margin - _NUMBER * size.small
    for left in range(len(others) + 1):
        text = " ".join(part for part in (*others[left:], level) if part)
        if left == len(others) or measure.width(text, size.small) <= room:
            return text
    return level


def title(timeline: Timeline, lang: str) -> str:
    """What a case is called."""
    return legal(say("case.title", lang, {"youth": initial(timeline)}))


def footed(scene: Scene, size: Size, text: str, page: str) -> Scene:
    """The scene on its whole sheet, with a foot: a text, in which the level is told, and the number of the page.

    Where the scene leaves no room for it, it stands in the margin: a screen has all of that.
    """
    base = size.height - (size.margin if scene.height < size.height else _IN_MARGIN * size.small)
    foots = (
        Text(size.margin, base, text, size.small, GREY, role="foot"),
        Text(size.width - size.margin, base, page, size.small, GREY, anchor="right", role="foot"),
    )
    marks = (*(mark for mark in scene.marks if mark.role != "level"), *foots)
    return replace(scene, width=size.width, height=size.height, marks=marks)
