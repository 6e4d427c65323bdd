"""A table of a case as sheets of paper: a title, what it is, and rows over as many pages as they need."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from levensloop.figures.scene import Line, Mark, Rect, Scene, Text
from levensloop.figures.style import FINDINGS_LANE, GREY, INK, STRIP, WHITE, Size
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure, Ruler, leftward
from levensloop.reports.breaking import Piece, broken, paginated, pieces, printed, widths
from levensloop.reports.layers import Part
from levensloop.reports.leaves import Leaf, Path

_LINE: Final = 1.32
_PAD: Final = 0.55  # of a letter height, on each side of a cell
_BEFORE: Final = 0.25  # of a line, above the text of a row


def flowed(part: Part, size: Size, measure: Measure, number: int, lang: str) -> list[Leaf]:
    """The part on sheets, without their foot.

    Parameters
    ----------
    part : Part
    size : Size
        What the foot leaves of a sheet.
    measure : Measure
    number : int
        Of the part in the document.
    lang : str
    """
    cells = [[printed(cell, measure) for cell in row] for row in part.rows]
    lost = sum(count for row in cells for _, count in row)
    told = [part.intro, *([f"{Words(lang).count('decision_glyphs', lost)}."] if lost else [])]
    made = _Made(part, size, measure, number, " ".join(told))
    return made.leaves([[text for text, _ in row] for row in cells], lang)


class _Made:
    """The measures of the sheets of one part, and their marks."""

    def __init__(self, part: Part, size: Size, measure: Measure, number: int, intro: str) -> None:
        self._part, self._size, self._measure = part, size, measure
        self._letter = size.body[1]
        self._line = _LINE * self._letter
        self._room = size.width - 2 * size.margin
        self._section: Path = (("Document", 0), ("Sect", number))
        self._intro = broken(intro, Ruler(measure, self._letter, self._room), self._room)
        self._top = size.margin + 1.5 * size.head
        self._marks: list[Mark] = []
        self._owners: list[Path | None] = []

    def leaves(self, rows: Sequence[Sequence[str]], lang: str) -> list[Leaf]:
        pad = 2 * _PAD * self._letter
        ruler = Ruler(self._measure, self._letter, self._room)
        self._widths = widths(rows, ruler, self._room, pad)
        head, *body = pieces(rows, self._measure, self._letter, [width - pad for width in self._widths])
        body = [self._tall(piece) for piece in body]
        high = self._size.height - self._size.margin - self._top
        other = int(high / self._line - head.lines - 2)
        pages = paginated(body, other - len(self._intro) - 1, other)
        return [self._leaf(head, page, at, lang) for at, page in enumerate(pages)]

    def _tall(self, piece: Piece) -> Piece:
        """A row with the room to write that it must have."""
        more = self._part.lines - piece.lines
        if more <= 0 or len(piece.cells) == 1:
            return piece
        return Piece(piece.row, (piece.cells[0] + ("",) * more, *piece.cells[1:]))

    def _leaf(self, head: Piece, page: Sequence[Piece], at: int, lang: str) -> Leaf:
        self._marks, self._owners = [], []
        size, first = self._size, at == 0
        title = self._part.title if first else f"{self._part.title} ({at + 1})"
        own = (*self._section, ("H1", 0)) if first else None
        self._put(
            Text(size.margin, size.margin + size.head, title, size.head, INK, bold=True, role="title"), own
        )
        down = self._top
        for line in self._intro if first else ():
            own = (*self._section, ("P", 0))
            self._put(Text(size.margin, down + self._letter, line, self._letter, GREY, role="intro"), own)
            down += self._line
        down += self._line if first else 0
        down = self._row(head, down, head=True, again=not first)
        for piece in page:
            down = self._row(piece, down)
        told = f"{title}. {self._part.intro}"
        scene = Scene(size.width, size.height, title, told, tuple(self._marks), lang=lang, kind="table")
        bookmarks = ((0, self._part.title),) if first else ()
        return Leaf(scene, tuple(self._owners), bookmarks=bookmarks)

    def _put(self, mark: Mark, owner: Path | None) -> None:
        self._marks.append(mark)
        self._owners.append(owner)

    def _row(self, piece: Piece, top: float, *, head: bool = False, again: bool = False) -> float:
        """The marks of a row; where the next begins."""
        size, heading = self._size, len(piece.cells) == 1 < len(self._widths)
        high = (piece.lines + 2 * _BEFORE) * self._line
        if head or heading:
            ground = STRIP if head else FINDINGS_LANE
            self._put(Rect(size.margin, top, self._room, high, ground, role="ground"), None)
        left = float(size.margin)
        row: Path = (*self._section, ("Table", 0), ("TR", piece.row))
        for at, (lines, width) in enumerate(zip(piece.cells, self._widths, strict=heading is False)):
            owner = None if again else (*row, ("TH" if head or heading else "TD", at))
            look = {"colour": WHITE if head else INK, "bold": head or heading}
            for number, line in enumerate(lines):
                base = top + (_BEFORE + number) * self._line + 0.98 * self._letter
                if line.strip():
                    self._put(replace(self._text(line, left, width), y=base, **look), owner)
            left += width
        under = top + high
        edge = ((size.margin, under), (size.margin + self._room, under))
        self._put(Line(edge, "#B9C0C8", max(0.6, 0.8 * size.unit), role="rule"), None)
        return under

    def _text(self, line: str, left: float, width: float) -> Text:
        """A line of a cell; what is read from the right stands at the right."""
        rtl, pad = leftward(line), _PAD * self._letter
        x = left + (width - pad if rtl else pad)
        side = "right" if rtl else "left"
        return Text(x, 0, line.replace("\n", " "), self._letter, INK, anchor=side, role="cell", rtl=rtl)
