"""A case as slides: the life course as shapes, the other layers as tables that can be edited, each slide with notes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from levensloop.figures.draw import LifeCourse
from levensloop.figures.findingwords import tell
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.letters import legal
from levensloop.figures.options import Options
from levensloop.figures.slides import EMU, TITLE_ONLY, slides, speak, write
from levensloop.figures.style import FINDINGS_LANE, GREY, INK, STRIP, WALL, WHITE
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler, masker
from levensloop.reports.breaking import Piece, paginated, pieces, printed, widths
from levensloop.reports.layers import Part, parts
from levensloop.reports.leaves import foot, footed, line, title
from levensloop.text import say

if TYPE_CHECKING:
    from levensloop.reports.case import Case

Shape = Any  # of python-pptx, which tells its types in part only
_LETTER: Final = 26
_BANDS: Final = (WHITE, "#F6F7F9")
_LINE: Final = 36
_PAD: Final = 12
_TOP: Final = 112  # of the table
_FOOT: Final = WALL.height - 1.4 * WALL.small


def save_slides(case: "Case", path: Path) -> None:
    """Write a case as a PPTX file.

    Parameters
    ----------
    case : Case
    path : Path
    """
    lang, told = case.lang, foot(case.timeline, case.lang)
    # What the notes say on sheets of their own stands in their table.
    drawn = [page for page in case.pages if page.scene.kind != "remarks"]
    tables = [page for part in parts(case, brief=True) for page in _Table(part).pages()]
    count, text = len(drawn) + len(tables), line(told, WALL, FontMeasure(Options().fonts))
    scenes = [footed(page.scene, WALL, text, f"{at} / {count}") for at, page in enumerate(drawn, 1)]
    deck: Shape = slides(scenes, drawn[0].families, [f"{notes(page)}\n\n{told[-1]}" for page in drawn])
    deck.core_properties.title = title(case.timeline, lang)
    for at, page in enumerate(tables, len(drawn) + 1):
        page.put(deck, drawn[0].families[0], (text, f"{at} / {count}"), lang)
    write(deck, path)


def notes(page: LifeCourse) -> str:
    """What the speaker reads at a page: its headline, its events, and what is not certain.

    Parameters
    ----------
    page : Figure
        Of `life_course`.
    """
    scene, case = page.scene, page.case
    if scene.kind == "table" or case is None:
        return f"{scene.title}\n{scene.description}"
    words, hide = Words(scene.lang, case.years), masker(case.youth, case.initial)
    told: dict[str, str] = {}
    for stop in scene.stops:
        for event in stop.events if len(stop.events) == 1 else ():
            told.setdefault(event, stop.text)
    boxed = {event for mark in scene.marks if mark.role in {"box", "tick"} for event in mark.events}
    facts = [fact for fact in case.facts if fact.id in boxed & told.keys()]
    possible = {hide(tell(seen, words, named=True)) for seen in case.seen if not seen.certain}
    rough = [
        f"{words.when(fact.first, fact.last, fact.precision)} ({hide(fact.agency)})"
        for fact in facts
        if not fact.exact
    ]
    doubts = [f"{say('case.not_exact', scene.lang)}: {'; '.join(rough)}"] if rough else []
    doubts += [told[fact.id] for fact in facts if fact.disputed]
    doubts += [stop.text for stop in scene.stops if stop.text in possible]
    lines = [scene.title, scene.caption, "", say("case.order", scene.lang)]
    lines += [f"- {told[fact.id]}" for fact in facts]
    if doubts:
        lines += ["", say("case.uncertain", scene.lang), *(f"- {doubt}" for doubt in doubts)]
    return "\n".join(lines)


class _Table:
    """A part of a case in lines, as they stand on slides."""

    def __init__(self, part: Part) -> None:
        measure = FontMeasure(Options().fonts)
        room = WALL.width - 2 * WALL.margin
        told = [[printed(cell, measure)[0] for cell in row] for row in part.rows]
        self.part = part
        self.widths = widths(told, Ruler(measure, _LETTER, room), room, 2 * _PAD)
        # A little less, for a machine with another font.
        rooms = [0.97 * (width - 2 * _PAD) for width in self.widths]
        self.rows = pieces(told, measure, _LETTER, rooms)

    def pages(self) -> "list[_Page]":
        """What stands on each slide."""
        hold = int((WALL.height - WALL.margin - _TOP) / _LINE) - self.rows[0].lines - 1
        return [_Page(self, rows, at) for at, rows in enumerate(paginated(self.rows[1:], hold, hold), 1)]

    def texts(self, piece: Piece) -> tuple[str, ...]:
        """The texts of a row: as they are, unless it is broken over slides."""
        if piece == self.rows[piece.row]:
            return tuple(map(legal, self.part.rows[piece.row]))
        return tuple("".join(lines).strip() for lines in piece.cells)


class _Page:
    """What stands of a part on one slide."""

    def __init__(self, table: _Table, rows: Sequence[Piece], number: int) -> None:
        self._table, self._rows, self._number = table, rows, number

    def put(self, deck: Shape, family: str, foots: tuple[str, str], lang: str) -> None:
        """Add the slide to a presentation."""
        part, pen, across = self._table.part, _Pen(family), WALL.width - 2 * WALL.margin
        slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        name = part.title if self._number == 1 else f"{part.title} ({self._number})"
        pen.place(slide.shapes.title, WALL.margin, WALL.margin - 8, across, 56)
        pen.write(slide.shapes.title.text_frame, name, WALL.head, INK, bold=True)
        self._rows_in(slide, pen, across)
        for text, left, width in zip(
            foots, (WALL.margin, WALL.width - WALL.margin - 200), (across - 200, 200), strict=True
        ):
            box = slide.shapes.add_textbox(0, 0, 0, 0)
            pen.place(box, left, _FOOT, width, 34)
            pen.write(box.text_frame, text, WALL.small, GREY, right=left > WALL.margin)
        told = [" | ".join(text.replace("\n", ", ") for text in self._table.texts(row)) for row in self._rows]
        speak(slide, "\n".join([name, part.intro, "", *told]), lang)

    def _rows_in(self, slide: Shape, pen: "_Pen", across: int) -> None:
        rows = [self._table.rows[0], *self._rows]
        high = [_LINE * (row.lines + 0.5) for row in rows]
        place = (round(EMU * pixels) for pixels in (WALL.margin, _TOP, across, sum(high)))
        frame = slide.shapes.add_table(len(rows), len(self._table.widths), *place)
        part = self._table.part
        frame.name = part.title
        frame._element._nvXxPr.cNvPr.set("descr", f"{part.title}. {part.intro}")  # noqa: SLF001 - no public way
        for column, width in zip(frame.table.columns, self._table.widths, strict=True):
            column.width = round(EMU * width)
        for at, (row, tall) in enumerate(zip(rows, high, strict=True)):
            frame.table.rows[at].height = round(EMU * tall)
            cells = [*frame.table.rows[at].cells]
            heading = len(row.cells) == 1 < len(cells)
            if heading:
                cells[0].merge(cells[-1])
            for cell in cells:
                pen.fill(cell, STRIP if not at else FINDINGS_LANE if heading else _BANDS[at % 2])
            for cell, text in zip(cells, self._table.texts(row), strict=not heading):
                pen.write(cell.text_frame, text, _LETTER, INK if at else WHITE, bold=heading or not at)


class _Pen:
    """Writes into shapes in one font."""

    def __init__(self, family: str) -> None:
        self._family = family

    def place(self, shape: Shape, *pixels: float) -> None:
        """Put a shape where it stands: left, top, width and height."""
        shape.left, shape.top, shape.width, shape.height = (round(EMU * pixel) for pixel in pixels)
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0

    def fill(self, cell: Shape, colour: str) -> None:
        """The ground of a cell, and its padding."""
        from pptx.dml.color import RGBColor

        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(colour[1:])
        cell.margin_left = cell.margin_right = round(EMU * _PAD)
        cell.margin_top = cell.margin_bottom = round(EMU * _LINE / 4)

    def write(
        self, frame: Shape, text: str, size: float, colour: str, *, bold: bool = False, right: bool = False
    ) -> None:
        """Put text in a frame, a paragraph a line."""
        from pptx.dml.color import RGBColor
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Emu

        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        for at, part in enumerate(legal(text).split("\n")):
            paragraph = frame.add_paragraph() if at else frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.line_spacing = Emu(round(EMU * size * _LINE / _LETTER))
            run = paragraph.add_run()
            run.text = part
            run.font.name, run.font.bold = self._family, bold
            run.font.size = Emu(round(EMU * size / 6350) * 6350)
            run.font.color.rgb = RGBColor.from_string(colour[1:])
