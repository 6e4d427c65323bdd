"""Figures: the life course of a youth, one page per period of life.

The layout is pure: a timeline becomes scenes, lists of marks in pixels, and only `draw`
knows matplotlib. A figure never hides what it could not show: `figure.scene.decisions`
tells it, and the subtitle says it.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from levensloop.figures.case import Tabular, TimelineLike, read_case
from levensloop.figures.draw import LifeCourse, draw
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.layout import Options, layout
from levensloop.figures.scene import Decision, Scene
from levensloop.figures.style import SIZES, Size, wall

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Decision", "LifeCourse", "Scene", "Size", "life_course", "scenes", "wall"]


def _size(size: str | Size) -> Size:
    if isinstance(size, Size):
        return size
    if size not in SIZES:
        raise ValueError(f"no size {size!r}; there are {', '.join(SIZES)}")
    return SIZES[size]


def scenes(  # noqa: PLR0913 - six ways to draw, each by name
    timeline: TimelineLike,
    findings: Tabular | None = None,
    *,
    size: str | Size = "wall",
    lang: str = "nl",
    pages: str | Sequence[date | int] = "auto",
    view: str = "findings",
    mask: bool = True,
) -> list[Scene]:
    """The pages of a life course as marks in pixels, for any drawing backend.

    The parameters are those of `life_course`.
    """
    case = read_case(timeline, findings, mask=mask)
    return layout(case, FontMeasure(), Options(_size(size), lang, pages, view))


def life_course(  # noqa: PLR0913 - six ways to draw, each by name
    timeline: TimelineLike,
    findings: Tabular | None = None,
    *,
    size: str | Size = "wall",
    lang: str = "nl",
    pages: str | Sequence[date | int] = "auto",
    view: str = "findings",
    mask: bool = True,
) -> "list[Figure]":
    """Draw the life course of one youth, one figure per period of life.

    Parameters
    ----------
    timeline : Timeline
        Whose life course.
    findings : Findings or None
        Of this youth or of a whole cohort.
    size : str or Size
        ``wall`` (1920 by 1080), ``a3``, ``a4``, or a size of `wall`.
    lang : str
        ``nl`` or ``en``; data text is never translated.
    pages : "auto", "whole" or sequence of date or int
        A page per phase of life, one page, or pages that turn at these dates or years.
    view : str
        ``findings``, or ``facts`` for the same pages without findings.
    mask : bool
        Whether the youth is shown as one initial.

    Returns
    -------
    list of matplotlib.figure.Figure
        Each with its marks and decisions in ``figure.scene``.
    """
    drawn = scenes(timeline, findings, size=size, lang=lang, pages=pages, view=view, mask=mask)
    families = FontMeasure().families
    return [draw(scene, families) for scene in drawn]
