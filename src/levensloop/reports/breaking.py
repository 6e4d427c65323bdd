"""Tables of text broken into lines and pages: nothing is cut, what is long goes on overleaf."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from levensloop.figures.wrap import Measure, Ruler, clean, fill, runs

_LONGEST_WORD: Final = 9  # of letter heights: a longer word may be broken
_KEPT: Final = 2  # a row of less than half a page is not broken
_LEAST: Final = 2
_MUCH: Final = 600  # letters: a longer text gets no wider column


@dataclass(frozen=True)
class Piece:
    """A row, or what stands of it on a page: the lines of each of its cells; `first` if it begins here.

    Of a heading between the rows there is one cell, as wide as the table.
    """

    row: int
    cells: tuple[tuple[str, ...], ...]
    first: bool = True

    @property
    def lines(self) -> int:
        """How many lines high it is."""
        return max((len(lines) for lines in self.cells), default=0)


def printed(text: str, measure: Measure) -> tuple[str, int]:
    r"""Lines of a text in the letters that the font has, and how many it had not.

    Examples
    --------
    >>> from levensloop.figures.fonts import FontMeasure
    >>> printed("one\n two\u202e\u4e2d", FontMeasure(("DejaVu Sans",)))
    ('one\ntwo\ufffd', 1)
    """
    lines = "\n".join(clean(line) for line in text.splitlines())
    missing = measure.missing(lines) - {"\n"}
    lost = sum(letter in missing for letter in lines)
    return "".join("\ufffd" if letter in missing else letter for letter in lines), lost


def broken(text: str, ruler: Ruler, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """A text in lines of at most `room` pixels; joined they are the text, but for hyphens in words that are too long."""
    made: list[str] = []
    for at, part in enumerate(text.split("\n")):
        lines = fill(ruler.pieces(part, bold=bold), lambda _: room, ruler)
        for number, line in enumerate(lines):
            if made:
                made[-1] += "\n" * bool(at and not number) or " " * (not line[0].glued)
            made.append("".join(text for text, _ in runs(line)))
    return tuple(made)


def widths(rows: Sequence[Sequence[str]], ruler: Ruler, room: float, pad: float) -> list[float]:
    """Widths of the columns of a table, the padding within: each as its longest word asks, the rest by what it tells.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first with headings.
    ruler : Ruler
    room : float
        The width of the table.
    pad : float
        On both sides of a cell together.
    """
    longest = _LONGEST_WORD * ruler.size
    count = len(rows[0])
    columns = [[row[at] for row in rows if len(row) == count] for at in range(count)]
    least = [
        pad + min(longest, max(_word(cell, ruler, bold=not at) for at, cell in enumerate(column)))
        for column in columns
    ]
    most = [
        pad
        + max(
            max(ruler.width(line, bold=not at) for line in cell.split("\n")) for at, cell in enumerate(column)
        )
        for column in columns
    ]
    weight = [math.sqrt(1 + min(_MUCH, max(map(len, column)))) for column in columns]
    found = [each * min(1.0, room / sum(least)) for each in least]
    spare = room - sum(found)
    # Who needs no more gives its share to the others.
    open_ = [at for at in range(count) if found[at] < most[at]]
    while open_ and spare > 1:
        share = spare / sum(weight[at] for at in open_)
        for at in open_:
            more = min(share * weight[at], most[at] - found[at])
            found[at] += more
            spare -= more
        open_ = [at for at in open_ if most[at] - found[at] > 1]
    return [each + max(0.0, spare) / count for each in found]


def _word(text: str, ruler: Ruler, *, bold: bool) -> float:
    return max((ruler.width(word, bold=bold) for word in text.split()), default=0.0)


def pieces(
    rows: Sequence[Sequence[str]], measure: Measure, size: float, rooms: Sequence[float]
) -> list[Piece]:
    """Rows in lines; `rooms` are the widths for the texts of the columns."""
    rulers = [Ruler(measure, size, room) for room in rooms]
    made: list[Piece] = []
    for at, row in enumerate(rows):
        if len(row) == 1 < len(rooms):
            wide = sum(rooms)
            cells = (broken(row[0], Ruler(measure, size, wide), wide, bold=True),)
        else:
            cells = tuple(
                broken(cell, ruler, ruler.widest, bold=not at)
                for cell, ruler in zip(row, rulers, strict=True)
            )
        made.append(Piece(at, cells))
    return made


def paginated(rows: Sequence[Piece], first: int, other: int) -> list[list[Piece]]:
    """Rows over pages of so many lines; a row takes half a line more than its text.

    A row that does not fit begins a new page; one that is higher than half a page is broken. A heading between
    rows does not stay behind alone.
    """
    pages: list[list[Piece]] = [[]]
    left = float(first)
    queue = [*rows][::-1]
    while queue:
        piece = queue.pop()
        heading = bool(pages[-1] and queue) and len(piece.cells) == 1 < len(queue[-1].cells)
        need = piece.lines + 0.5 + (min(queue[-1].lines, other // _KEPT) + 0.5 if heading else 0)
        if need <= left:
            pages[-1].append(piece)
            left -= piece.lines + 0.5
            continue
        fits = int(left - 0.5)
        if piece.lines > other // _KEPT and fits >= _LEAST and not heading:
            pages[-1].append(Piece(piece.row, tuple(lines[:fits] for lines in piece.cells), piece.first))
            piece = Piece(piece.row, tuple(lines[fits:] for lines in piece.cells), first=False)
        queue.append(piece)
        pages.append([])
        left = float(other)
    return pages
