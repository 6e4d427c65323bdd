"""Figures: the life course of a youth, one page per period of life.

The layout is pure: a timeline becomes scenes, lists of marks in pixels, and every backend draws
the same scene: matplotlib (PNG, PDF), SVG and slides. A figure never hides what it could not
show: `figure.scene.decisions` tells it, and the subtitle says it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from levensloop.figures.case import Case, Remark
from levensloop.figures.draw import LifeCourse, draw
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.layout import layout
from levensloop.figures.options import Options
from levensloop.figures.reading import Tabular, TimelineLike, read_case, remarked
from levensloop.figures.saving import save, save_pages
from levensloop.figures.scene import Decision, Scene
from levensloop.figures.sizes import sheet
from levensloop.figures.strip import Strip, lanes, strip
from levensloop.figures.style import Size, wall
from levensloop.figures.tables import figure_table
from levensloop.figures.whole_life import compose

__all__ = [
    "Decision",
    "LifeCourse",
    "Options",
    "Remark",
    "Scene",
    "Size",
    "Strip",
    "figure_table",
    "lanes",
    "life_course",
    "save",
    "save_pages",
    "scenes",
    "strip",
    "wall",
    "whole_life",
]


def scenes(  # noqa: PLR0913 - seven ways to draw, each by name
    timeline: TimelineLike,
    findings: Tabular | None = None,
    *,
    size: str | Size | tuple[float, float] = "wall",
    lang: str = "nl",
    view: str = "findings",
    pages: str | Sequence[date | int] = "auto",
    mask: bool = True,
    remarks: Sequence[Remark] = (),
) -> list[Scene]:
    """The pages of a life course as marks in pixels, for any drawing backend.

    The parameters are those of `life_course`.
    """
    options = Options(size=sheet(size), lang=lang, view=view, pages=pages, mask=mask)
    return layout(_read(timeline, findings, options, remarks), FontMeasure(options.fonts), options)


def life_course(  # noqa: PLR0913 - seven ways to draw, each by name
    timeline: TimelineLike,
    findings: Tabular | None = None,
    *,
    size: str | Size | tuple[float, float] = "wall",
    lang: str = "nl",
    view: str = "findings",
    pages: str | Sequence[date | int] = "auto",
    mask: bool = True,
    remarks: Sequence[Remark] = (),
) -> list[LifeCourse]:
    """Draw the life course of one youth, one figure per period of life.

    Parameters
    ----------
    timeline : Timeline
        Whose life course.
    findings : Findings or None
        Of this youth or of a whole cohort.
    size : str, Size or tuple of float
        ``wall`` (1920 by 1080), ``a3``, ``a4``, a size of `wall`, or a width and a height in pixels.
    lang : str
        ``nl`` or ``en``; data text is never translated.
    view : str
        ``findings``, or ``facts`` for the same pages without findings.
    pages : "auto", "whole" or sequence of date or int
        A page per phase of life, one page, or pages that turn at these dates or years.
    mask : bool
        Whether the youth is shown as one initial.
    remarks : sequence of Remark
        What people say of facts and findings: each is marked where it belongs, and told on a sheet of its own. Facts
        only are shown without them.

    Returns
    -------
    list of matplotlib.figure.Figure
        Each with its marks and decisions in ``figure.scene``, and with ``figure.svg()``.

    Examples
    --------
    >>> import levensloop as ll
    >>> life = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30 goal_reached")
    >>> ll.figures.life_course(life["a"], lang="en")[0].scene.title
    'Care at ggz ends: goal reached; care begins at ggz'
    """
    options = Options(size=sheet(size), lang=lang, view=view, pages=pages, mask=mask)
    case = _read(timeline, findings, options, remarks)
    font = FontMeasure(options.fonts)
    return [draw(scene, font.families, _told(case, options)) for scene in layout(case, font, options)]


def whole_life(  # noqa: PLR0913 - seven ways to draw, each by name
    timeline: TimelineLike,
    findings: Tabular | None = None,
    *,
    size: str | Size | tuple[float, float] = "a3",
    lang: str = "nl",
    view: str = "findings",
    pages: str | Sequence[date | int] = "auto",
    mask: bool = True,
    remarks: Sequence[Remark] = (),
) -> LifeCourse:
    """Draw the whole life course on one sheet, its periods below each other.

    The parameters are those of `life_course`; there are at most three periods, unless `pages`
    tells where they turn. What has no box has a number, and `figure_table` tells it.

    Examples
    --------
    >>> import levensloop as ll
    >>> life = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30 goal_reached")
    >>> ll.figures.whole_life(life["a"], lang="en").scene.count("title")
    2
    """
    options = Options(size=sheet(size), lang=lang, view=view, pages=pages, mask=mask)
    case = _read(timeline, findings, options, remarks)
    font = FontMeasure(options.fonts)
    return draw(compose(case, font, options), font.families, _told(case, options))


def _read(
    timeline: TimelineLike, findings: Tabular | None, options: Options, remarks: Sequence[Remark]
) -> Case:
    case = read_case(timeline, findings, mask=options.mask, rules=options.rules)
    return remarked(case, remarks) if options.view == "findings" else case


def _told(case: Case, options: Options) -> Case:
    """The case as the figure shows it: without findings if it shows facts only."""
    return case if options.view == "findings" else replace(case, seen=())
