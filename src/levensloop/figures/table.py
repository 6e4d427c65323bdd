"""Pages that tell what has no box on the others: each event under its number, and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from levensloop.figures import signs
from levensloop.figures.case import Remark
from levensloop.figures.findingwords import tell
from levensloop.figures.fit import Desk, Fit
from levensloop.figures.headlines import from_to
from levensloop.figures.remarks import aloud, balloon, label, width, with_stance
from levensloop.figures.scene import Decision, Line, Mark, Scene, Stop, Text, crisp
from levensloop.figures.sheet import Place, header
from levensloop.figures.style import FINDINGS, GREY, INK
from levensloop.figures.ticks import Tick
from levensloop.figures.words import Words
from levensloop.figures.wrap import ELLIPSIS, Ruler, Word, fill, runs

MOST_LINES: Final = 3
_COLUMNS: Final = 2
_LINE: Final = 1.24
_DATES: Final = 0.2  # of a column; a longer date pushes its text to the right


@dataclass(frozen=True)
class Row:
    """One line or more of the table: a heading, an event or a finding."""

    page: int
    lines: tuple[str, ...]
    when: str = ""
    tick: Tick | None = None
    heading: bool = False
    events: tuple[str, ...] = ()
    cut: bool = False
    said: tuple[Remark, ...] = ()

    @property
    def told(self) -> str:
        """The row in one sentence."""
        return f"{self.when} {' '.join(self.lines)}".strip()


class Table:
    """The rows that the pages leave, on as few sheets as `lines` a row allow.

    Parameters
    ----------
    desk : Desk
        What all pages share.
    fits : sequence of Fit
        The pages.
    lines : int
        At most so many lines a row; longer texts end in an ellipsis.
    """

    def __init__(self, desk: Desk, fits: Sequence[Fit], lines: int = MOST_LINES) -> None:
        self._desk = desk
        self._lines = lines
        self._ruler = desk.ruler
        size, u = desk.size, desk.size.unit
        self._top = size.margin + size.head * 1.15 + 1.4 * size.small + 26 * u
        self._line = _line(desk)
        self._width = (size.width - 2 * size.margin - 40 * u) / _COLUMNS
        ticks = [tick for fit in fits for tick in fit.ticks]
        when = max((self._ruler.width(self._when(tick), bold=True) for tick in ticks), default=0.0)
        self._date = 92 * u
        self._usual = min(when, _DATES * self._width) + 14 * u
        rows = [row for at, fit in enumerate(fits) for row in self._rows(at + 1, fit)]
        # Findings alone make no sheet: the page says how many it does not draw, and its text names them.
        self.sheets = self._sheets(rows) if ticks else []
        self._first = {
            row.page: at
            for at, sheet in reversed([*enumerate(self.sheets)])
            for column in sheet
            for row in column
        }

    @staticmethod
    def capacity(desk: Desk) -> int:
        """How many lines a sheet holds."""
        size = desk.size
        high = size.height - 2 * size.margin - size.head * 1.15 - 1.4 * size.small - 26 * size.unit
        return _COLUMNS * int(high / _line(desk))

    def sheet_of(self, page: int) -> int:
        """On which of the sheets of the table the rows of a page begin."""
        return self._first.get(page, 0)

    def _when(self, tick: Tick) -> str:
        return self._desk.words.when(tick.fact.first, tick.fact.last, tick.fact.precision)

    def _start(self, when: str) -> float:
        """Where the text after a date begins."""
        return self._date + max(self._usual, self._ruler.width(when) + 10 * self._desk.size.unit)

    def _rows(self, page: int, fit: Fit) -> list[Row]:
        words, mask = self._desk.words, self._desk.mask
        rows: list[Row] = []
        known = {word: at for at, word in enumerate(lane.sector for lane in fit.lanes)}
        for tick in sorted(
            fit.ticks, key=lambda t: (known.get(t.fact.sector, 99), t.fact.middle, t.fact.order)
        ):
            who, what = mask(tick.fact.agency), mask(words.what(tick.fact))
            when = self._when(tick)
            said = tick.fact.said
            room = self._width - self._start(when) - self._balloon(said)
            lines, cut = self._broken(f"{who}: {what}" if who else what, room)
            rows.append(Row(page, lines, when, tick, events=(tick.fact.id,), cut=cut, said=said))
        if fit.left_out:
            rows.append(Row(page, (words.say("findings"),), heading=True))
        for seen in fit.left_out:
            text = mask(with_stance(tell(seen, words, named=True), seen, words))
            lines, cut = self._broken(text, self._width - self._date - self._balloon(seen.said))
            rows.append(Row(page, lines, events=seen.evidence, cut=cut, said=seen.said))
        if not rows:
            return []
        name = words.say("table_page", {"page": page})
        lines, cut = self._broken(f"{name} · {mask(from_to(fit.page, words))}", self._width, bold=True)
        return [Row(page, lines, heading=True, cut=cut), *rows]

    def _balloon(self, said: Sequence[Remark]) -> float:
        """What the balloon before a text takes."""
        taken = width(label(said), self._ruler.size, self._ruler.measure)
        return taken + 8 * self._desk.size.unit if taken else 0.0

    def _broken(self, text: str, room: float, *, bold: bool = False) -> tuple[tuple[str, ...], bool]:
        ruler = Ruler(self._desk.measure, self._ruler.size, room / 1.02)
        lines = fill(ruler.pieces(text, bold=bold), lambda _: room / 1.02, ruler)
        if len(lines) <= self._lines:
            return tuple(_text(line) for line in lines), text.endswith(ELLIPSIS)
        last = list(lines[self._lines - 1])
        dots = ruler.width(ELLIPSIS)
        while len(last) > 1 and ruler.width(_text(last), bold=bold) > room / 1.02 - dots:
            last.pop()
        kept = [*(_text(line) for line in lines[: self._lines - 1]), _text(last) + ELLIPSIS]
        return tuple(kept), True

    def _sheets(self, rows: Sequence[Row]) -> list[list[list[Row]]]:
        """The rows in columns, the columns on sheets; a heading never stands last."""
        size = self._desk.size
        most = int((size.height - size.margin - self._top) / self._line)
        total = sum(len(row.lines) for row in rows)
        # What is less than a sheet is spread over its columns.
        most = min(most, total // _COLUMNS + MOST_LINES) if total < _COLUMNS * most else most
        columns: list[list[Row]] = []
        used = most
        for at, row in enumerate(rows):
            if used + _together(rows[at:]) > most:
                columns.append([])
                used = 0
            columns[-1].append(row)
            used += len(row.lines)
        return [columns[at : at + _COLUMNS] for at in range(0, len(columns), _COLUMNS)]

    def scenes(self, place: Place) -> list[Scene]:
        """The sheets; `place` is that of the first."""
        return [
            self._scene(sheet, Place(place.page + at, place.pages, place.figure + at))
            for at, sheet in enumerate(self.sheets)
        ]

    def _scene(self, columns: Sequence[Sequence[Row]], place: Place) -> Scene:
        desk, size, u = self._desk, self._desk.size, self._desk.size.unit
        words = desk.words
        rows = [row for column in columns for row in column]
        cut = tuple(event for row in rows if row.cut for event in row.events)
        count = sum(1 for row in rows if row.cut)
        said = [words.count("decision_shortened", count)] if count else []
        sub = _subtitle(rows, words, place)
        head = header(desk, [words.say("table_title")], [[*sub, *said]], 1)
        marks: list[Mark] = [*head]
        stops: list[Stop] = []
        for at, column in enumerate(columns):
            x = size.margin + at * (self._width + 40 * u)
            y = self._top
            for row in column:
                marks += self._row(row, x, y)
                height = len(row.lines) * self._line
                stops.append(Stop(aloud(row.told, row.said, words), row.events, x, y, self._width, height))
                y += height
        decisions = (Decision("shortened", count, cut),) if count else ()
        told = ". ".join(row.told for row in rows)
        title = head[0].text
        return Scene(
            size.width,
            size.height,
            title,
            f"{words.say('alt_table')} {told}.",
            crisp(marks),
            decisions,
            stops=tuple(stops),
            caption=words.say("caption", {"number": place.figure, "text": title}),
            lang=words.lang,
            kind="table",
        )

    def _row(self, row: Row, x: float, y: float) -> list[Mark]:
        size, u = self._desk.size, self._desk.size.unit
        base = y + 0.98 * size.small
        if row.heading:
            under = y + len(row.lines) * self._line  # below the tails of its letters
            return [
                *(
                    Text(x, base + at * self._line, line, size.small, INK, bold=True, role="row")
                    for at, line in enumerate(row.lines)
                ),
                Line(((x, under), (x + self._width, under)), GREY, u, role="row"),
            ]
        marks: list[Mark] = []
        start = self._date
        if row.tick is not None:
            fact = row.tick.fact
            corner = (x, base - 0.365 * size.small - signs.badge_side(size.small) / 2)
            letter = self._desk.words.letter(fact.sector)
            marks += signs.badge(letter, fact.sector, corner, size.small, row.events)
            if row.tick.number:
                number = str(row.tick.number)
                at = x + self._date - 12 * u
                marks.append(Text(at, base, number, size.small, INK, True, "right", "number", row.events))  # noqa: FBT003
            marks.append(Text(x + start, base, row.when, size.small, GREY, role="row", events=row.events))
            start = self._start(row.when)
        marks += balloon(label(row.said), x + start, base, size.small, self._ruler.measure, row.events)
        start += self._balloon(row.said)
        colour = INK if row.tick is not None else FINDINGS
        for at, line in enumerate(row.lines):
            where = base + at * self._line
            marks.append(Text(x + start, where, line, size.small, colour, role="row", events=row.events))
        return marks


def _together(rows: Sequence[Row]) -> int:
    """How many lines stand in one column: of headings, with the first row under them."""
    last = next((at for at, row in enumerate(rows) if not row.heading), len(rows) - 1)
    return sum(len(row.lines) for row in rows[: last + 1])


def _line(desk: Desk) -> float:
    """Height of a line: of its letters, or of the badge beside them (these may just touch)."""
    return max(_LINE * desk.size.small, signs.badge_side(desk.size.small) - 1.5)


def _text(line: Sequence[Word]) -> str:
    return "".join(text for text, _ in runs(line))


def _subtitle(rows: Sequence[Row], words: Words, place: Place) -> list[str]:
    events = sum(1 for row in rows if row.tick is not None)
    findings = sum(1 for row in rows if row.tick is None and not row.heading)
    parts = [words.count("count_events", events)] if events else []
    parts += [words.count("count_findings", findings)] if findings else []
    return [*parts, words.say("page_of", {"page": place.page, "pages": place.pages})]
