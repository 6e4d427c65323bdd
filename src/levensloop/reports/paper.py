"""A case on paper: one PDF with all layers, to print on A4 or A3."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from levensloop import figures
from levensloop.errors import UserError
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.options import Options
from levensloop.figures.scene import Scene
from levensloop.figures.style import Size
from levensloop.reports.flowing import flowed
from levensloop.reports.layers import parts
from levensloop.reports.leaves import Leaf, above_foot, foot, footed, line, paper, title
from levensloop.reports.tagging import document
from levensloop.text import say

if TYPE_CHECKING:
    from levensloop.reports.case import Case


def save_paper(case: "Case", path: Path, sheet: str = "a4") -> None:
    """Write a case as a PDF: its life course, the whole life, and the other layers as tables.

    Parameters
    ----------
    case : Case
    path : Path
    sheet : {"a4", "a3"}
        Landscape. A life that does not fit on one sheet of A4 has a sheet of A3 among them.
    """
    font = FontMeasure(Options().fonts)
    leaves = sheets(case, sheet)
    path.write_bytes(document(leaves, font.families, title(case.timeline, case.lang), case.lang))


def sheets(case: "Case", sheet: str = "a4") -> list[Leaf]:
    """The sheets of a case in their order.

    Parameters
    ----------
    case : Case
    sheet : {"a4", "a3"}
    """
    size, font = paper(sheet), FontMeasure(Options().fonts)
    drawn = [(size, leaf) for leaf in _life(case, size)]
    drawn.append(_whole(case, sheet))
    for number, part in enumerate(parts(case), 2):
        drawn += [(size, leaf) for leaf in flowed(part, above_foot(size), font, number, case.lang)]
    told = foot(case.timeline, case.lang)
    return [
        _footed(leaf, on, line(told, on, font), f"{at} / {len(drawn)}")
        for at, (on, leaf) in enumerate(drawn, 1)
    ]


def _footed(leaf: Leaf, size: Size, text: str, page: str) -> Leaf:
    """The sheet with its foot, which only adorns it."""
    scene = footed(leaf.scene, size, text, page)
    own = dict(zip(map(id, leaf.scene.marks), leaf.owners, strict=True))
    return replace(leaf, scene=scene, owners=tuple(own.get(id(mark)) for mark in scene.marks))


def _life(case: "Case", size: Size) -> Iterator[Leaf]:
    """The pages of the life course; what the notes say on sheets of their own stands in their table."""
    pages = figures.scenes(
        case.timeline, case.seen, size=above_foot(size), lang=case.lang, remarks=case.remarks
    )
    for at, scene in enumerate(scene for scene in pages if scene.kind != "remarks"):
        whole = ((0, say("case.life", case.lang)),) if not at else ()
        yield _figure(scene, 0, at, (*whole, (1, scene.caption)))


def _whole(case: "Case", sheet: str) -> tuple[Size, Leaf]:
    """The whole life, on a larger sheet if it must."""
    name = say("case.whole_life", case.lang)
    size = paper(sheet)
    try:
        drawn = figures.whole_life(
            case.timeline, case.seen, size=above_foot(size), lang=case.lang, remarks=case.remarks
        )
    except UserError:
        if sheet == "a3":
            raise
        return _whole(case, "a3")
    return size, _figure(drawn.scene, 1, 0, ((0, name),))


def _figure(scene: Scene, section: int, at: int, bookmarks: tuple[tuple[int, str], ...]) -> Leaf:
    """A figure: its headline is a heading, all else is told in its description."""
    own = (("Document", 0), ("Sect", section))
    heading, figure = (*own, ("H1", 2 * at)), (*own, ("Figure", 2 * at + 1))
    owners = (heading, *(figure for _ in scene.marks[1:]))
    return Leaf(scene, owners, {figure: scene.description}, bookmarks)
