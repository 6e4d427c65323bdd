"""Sheets that tell what people say: each remark under its number, with who says it, when, and of what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from levensloop.figures.case import Remark
from levensloop.figures.findingwords import tell
from levensloop.figures.fit import Desk
from levensloop.figures.remarks import balloon, width
from levensloop.figures.scene import Decision, Mark, Scene, Stop, Text, crisp
from levensloop.figures.sheet import Place, header
from levensloop.figures.style import GREY, INK
from levensloop.figures.wrap import ELLIPSIS, Ruler, clean, fill, runs, shorten
from levensloop.text import named

_COLUMNS: Final = 2
_LINE: Final = 1.3
#: At most so many lines of a remark; what is longer ends in an ellipsis, and is told to be shortened.
_MOST: Final = 8


@dataclass(frozen=True)
class _Row:
    remark: Remark
    lines: tuple[tuple[str, str, bool], ...]  # text, colour, bold
    events: tuple[str, ...]
    cut: bool


class RemarkSheets:
    """What people say of a case, on as few sheets as it needs.

    Parameters
    ----------
    desk : Desk
        What all pages share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        size, u = desk.size, desk.size.unit
        self._top = size.margin + size.head * 1.15 + 1.4 * size.small + 26 * u
        self._line = _LINE * size.small
        self._width = (size.width - 2 * size.margin - 40 * u) / _COLUMNS
        widest = [width(str(one.number), size.small, desk.measure) for one in desk.case.remarks]
        self._indent = max(widest, default=0.0) + 14 * u
        self._room = (self._width - self._indent) / 1.02
        self._ruler = Ruler(desk.measure, size.small, self._room)
        self.sheets = list(self._sheets([self._row(remark) for remark in desk.case.remarks]))

    def _row(self, remark: Remark) -> _Row:
        words, mask = self._desk.words, self._desk.mask
        day = words.when(remark.date.toordinal(), remark.date.toordinal())
        values = {
            "stance": named("stance", remark.stance, words.lang),
            "author": clean(remark.author),
            "date": day,
        }
        head = shorten(mask(words.say("remark_head", values)), self._room, self._ruler, bold=True)
        about, events = self._target(remark), self._desk.case.behind(remark)
        of = shorten(words.say("remark_about", {"text": mask(about)}), self._room, self._ruler)
        said, cut = self._broken(mask(clean(remark.text)))
        lines = ((head, INK, True), (of, GREY, False), *((line, INK, False) for line in said))
        return _Row(remark, lines, events, cut)

    def _target(self, remark: Remark) -> str:
        """Of what a remark speaks, in words."""
        words, case = self._desk.words, self._desk.case
        if remark.about == "case":
            return words.say("remark_case")
        for fact in case.facts if remark.about == "fact" else ():
            if fact.id == remark.target:
                when = words.when(fact.first, fact.last, fact.precision)
                what = clean(words.what(replace(fact, said=()), brief=True))
                return f"{when} {clean(fact.agency)}: {what}"
        for seen in case.seen if remark.about == "finding" else ():
            if seen.order == remark.target:
                return tell(seen, words, named=True)
        return words.say("remark_lost")

    def _broken(self, text: str) -> tuple[list[str], bool]:
        found = fill(self._ruler.pieces(text, bold=False), lambda _: self._room, self._ruler) if text else []
        lines = ["".join(part for part, _ in runs(line)) for line in found]
        if len(lines) <= _MOST:
            return lines, False
        last = lines[_MOST - 1] + " " + lines[_MOST]
        return [
            *lines[: _MOST - 1],
            shorten(last.removesuffix(ELLIPSIS) + ELLIPSIS, self._room, self._ruler),
        ], True

    def _sheets(self, rows: Sequence[_Row]) -> Iterator[list[list[_Row]]]:
        """The rows in columns, the columns on sheets."""
        size = self._desk.size
        most = int((size.height - size.margin - self._top) / self._line)
        columns: list[list[_Row]] = []
        used = most + 1
        for row in rows:
            need = len(row.lines) + 1
            if used + need > most + 1:
                columns.append([])
                used = 0
            columns[-1].append(row)
            used += need
        yield from (columns[at : at + _COLUMNS] for at in range(0, len(columns), _COLUMNS))

    def scenes(self, figure: int) -> list[Scene]:
        """The sheets, counted apart from the pages; `figure` is the number of the first figure."""
        count = len(self.sheets)
        return [
            self._scene(sheet, Place(at, count, figure + at - 1)) for at, sheet in enumerate(self.sheets, 1)
        ]

    def _scene(self, columns: Sequence[Sequence[_Row]], place: Place) -> Scene:
        desk, size, words = self._desk, self._desk.size, self._desk.words
        rows = [row for column in columns for row in column]
        cut = [row for row in rows if row.cut]
        said = [words.count("decision_shortened", len(cut))] if cut else []
        counts = [words.count("count_remarks", len(rows)), words.say("remarks_layer")]
        if place.pages > 1:
            counts.append(words.say("page_of", {"page": place.page, "pages": place.pages}))
        head = header(desk, [words.say("remarks_title")], [[*counts, *said]], 1)
        marks: list[Mark] = [*head]
        stops: list[Stop] = []
        for at, column in enumerate(columns):
            x, y = size.margin + at * (self._width + 40 * size.unit), self._top
            for row in column:
                marks += self._marks(row, x, y)
                told = " ".join(text for text, *_ in row.lines)
                high = len(row.lines) * self._line
                stops.append(Stop(f"{row.remark.number}. {told}", row.events, x, y, self._width, high))
                y += high + self._line
        title = head[0].text
        return Scene(
            size.width,
            size.height,
            title,
            " ".join([f"{title}.", *(stop.text for stop in stops)]),
            crisp(marks),
            (Decision("shortened", len(cut)),) if cut else (),
            stops=tuple(stops),
            caption=words.say("caption", {"number": place.figure, "text": title}),
            lang=words.lang,
            kind="remarks",
        )

    def _marks(self, row: _Row, x: float, y: float) -> list[Mark]:
        desk, small = self._desk, self._desk.size.small
        base = y + 0.98 * small
        marks = balloon(str(row.remark.number), x, base, small, desk.measure, row.events)
        for at, (text, colour, bold) in enumerate(row.lines):
            where = x + self._indent, base + at * self._line
            marks.append(Text(*where, text, small, colour, bold, role="row", events=row.events))
        return marks
