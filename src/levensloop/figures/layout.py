"""From a case to Scenes: pages, the ladder where a page is too full, and where everything stands."""

from collections.abc import Sequence
from typing import Final

from levensloop.figures.case import Case
from levensloop.figures.fit import Desk, Fit
from levensloop.figures.ladder import Ladder
from levensloop.figures.options import Options
from levensloop.figures.pages import MOST_PAGES
from levensloop.figures.printable import printable
from levensloop.figures.remarksheet import RemarkSheets
from levensloop.figures.scene import Scene
from levensloop.figures.sheet import Place, Sheet
from levensloop.figures.stamp import stamped
from levensloop.figures.table import MOST_LINES, Table
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure, masker

_FEWEST: Final = 2


def layout(case: Case, measure: Measure, options: Options) -> list[Scene]:
    """The pages of a case as scenes; the same case gives the same scenes.

    Parameters
    ----------
    case : Case
        Whose life course.
    measure : Measure
        The font.
    options : Options
        Size, language, pages and view.

    Returns
    -------
    list of Scene
        One to six; more only if `options.pages` asks for them or if the table of the events
        without a box is longer. What people say follows on sheets of its own.
    """
    told, lost = printable(case, measure)
    hide = masker(case.youth, case.initial)
    desk = Desk(
        told, options.sheet, Words(options.lang, case.years), measure, hide, options.view == "findings"
    )
    fits, table = _pages(Ladder(desk, options.pages), desk)
    remarks = RemarkSheets(desk)
    total = len(fits) + len(table.sheets)
    scenes: list[Scene] = []
    for at, fit in enumerate(fits, 1):
        sheet = 1 + len(fits) + table.sheet_of(at) if table.sheets else 0
        scenes.append(Sheet(desk, fit, Place(at, total, options.number + at - 1, sheet, lost)).scene())
    scenes += table.scenes(Place(1 + len(fits), total, options.number + len(fits)))
    scenes += remarks.scenes(options.number + total)
    return [stamped(scene, desk) for scene in scenes]


def _pages(ladder: Ladder, desk: Desk) -> tuple[list[Fit], Table]:
    """The pages, and the table of what has no box on them; together at most six if that can be."""
    fits = ladder.whole()
    if fits is not None:
        table = Table(desk, fits)
        if ladder.fixed or len(fits) + len(table.sheets) <= MOST_PAGES:
            return fits, table
    return _fewer(ladder, desk, MOST_PAGES - 1)


def _fewer(ladder: Ladder, desk: Desk, count: int) -> tuple[list[Fit], Table]:
    """At most `count` pages and their table; fewer pages if that has no room then."""
    last = ladder.fixed or count == _FEWEST
    if last or ladder.lines(count) <= Table.capacity(desk) * (MOST_PAGES - count):
        fits = ladder.most(count)
        table = _table(desk, fits, MOST_PAGES - len(fits))
        if last or len(fits) + len(table.sheets) <= MOST_PAGES:
            return fits, table
    return _fewer(ladder, desk, count - 1)


def _table(desk: Desk, fits: Sequence[Fit], room: int) -> Table:
    """The table with as many lines a row as its sheets allow."""
    for lines in range(MOST_LINES, 1, -1):
        table = Table(desk, fits, lines)
        if len(table.sheets) <= room:
            return table
    return Table(desk, fits, 1)
