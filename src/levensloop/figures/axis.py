"""The time scale of a page and the strip of years, months or days above its lanes."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from levensloop.figures.case import Case
from levensloop.figures.scene import Line, Mark, Rect, Text
from levensloop.figures.style import STRIP, WHITE, Size
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure

_YEARS_FROM: Final = 700
_MONTHS_FROM: Final = 70
_STEPS: Final = (1, 2, 5, 10, 20, 50)
_SOFT: Final = "#C9D2DA"


@dataclass(frozen=True)
class Scale:
    """Days to pixels: the axis [start, end) over [left, right]."""

    start: int
    end: int
    left: float
    right: float

    def x(self, day: float) -> float:
        """Where a day begins, kept on the axis."""
        part = (min(max(day, self.start), self.end) - self.start) / (self.end - self.start)
        return self.left + part * (self.right - self.left)

    def middle(self, first: int, last: int) -> float:
        """The middle of the days `first` up to and including `last`."""
        return self.x((first + last + 1) / 2)


@dataclass(frozen=True)
class Cell:
    """A stretch of the strip with what may be written in it, best first."""

    start: int
    end: int
    labels: tuple[str, ...]


def _years(scale: Scale, words: Words, case: Case, *, ages_only: bool) -> list[Cell]:
    cells: list[Cell] = []
    first, last = date.fromordinal(scale.start), date.fromordinal(scale.end - 1)
    for year in range(first.year, last.year + 1):
        start, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        age = _age(year, words, case)
        labels = (age,) if ages_only else ((f"{year} · {age}",) if age else ()) + (str(year),)
        cells.append(Cell(max(start, scale.start), min(end, scale.end), labels))
    return cells


def _age(year: int, words: Words, case: Case) -> str:
    """The age reached in a year."""
    if case.birth is None:
        return ""
    low = year - date.fromordinal(case.birth[1]).year
    high = year - date.fromordinal(case.birth[0]).year
    if high < 0:
        return ""
    if high == 0:
        return words.say("born")
    if low == high:
        return words.say("age", {"age": low})
    return words.say("age_range", {"low": max(0, low), "high": high})


def _months(scale: Scale, words: Words) -> list[Cell]:
    cells: list[Cell] = []
    day = date.fromordinal(scale.start).replace(day=1)
    while day.toordinal() < scale.end:
        after = (day + timedelta(days=32)).replace(day=1)
        low, high = max(day.toordinal(), scale.start), min(after.toordinal(), scale.end)
        cells.append(Cell(low, high, (words.month(day),)))
        day = after
    return cells


def _month_years(scale: Scale, words: Words) -> list[Cell]:
    months = _months(scale, words)
    names = [date.fromordinal(cell.start) for cell in months]
    return [
        Cell(cell.start, cell.end, (f"{words.month(day)} {day.year}", words.month(day)))
        for cell, day in zip(months, names, strict=True)
    ]


def _days(scale: Scale) -> list[Cell]:
    days = range(scale.start, scale.end)
    return [Cell(day, day + 1, (str(date.fromordinal(day).day),)) for day in days]


def rows(scale: Scale, words: Words, case: Case) -> tuple[list[Cell], list[Cell]]:
    """The upper and lower row of the strip: years and ages, years and months, or months and days."""
    span = scale.end - scale.start
    if words.years or span >= _YEARS_FROM:
        return (
            [Cell(c.start, c.end, c.labels[-1:]) for c in _years(scale, words, case, ages_only=False)],
            _years(scale, words, case, ages_only=True),
        )
    if span >= _MONTHS_FROM:
        return _years(scale, words, case, ages_only=False), _months(scale, words)
    return _month_years(scale, words), _days(scale)


@dataclass(frozen=True)
class _Pen:
    scale: Scale
    measure: Measure
    size: Size

    def step(self, cells: list[Cell], *, bold: bool) -> int:
        """1 if every label fits in its cell, else every how many-th cell can have one."""
        inner = [cell for cell in cells[1:-1] if any(cell.labels)]
        letter = self.letter(bold=bold)
        return (
            1
            if all(self._fit(cell, letter, bold=bold) for cell in inner)
            else self._step(cells, letter, bold=bold)
        )

    def letter(self, *, bold: bool) -> float:
        """Letter height of the upper (bold) and the lower row."""
        return self.size.small * (1.08 if bold else 1.0)

    def written(self, cells: list[Cell], y: float, step: int, *, bold: bool) -> list[Mark]:
        """Labels in the middle of every `step`-th cell; at the ends kept on the strip."""
        letter = self.letter(bold=bold)
        marks: list[Mark] = []
        end = self.scale.left
        for cell in cells[::step]:
            label = self._fit(cell, letter, bold=bold) if step == 1 else cell.labels[-1]
            half = self.measure.width(label, letter, bold=bold) / 2 + 3 * self.size.unit
            middle = (self.scale.x(cell.start) + self.scale.x(cell.end)) / 2
            middle = min(max(middle, self.scale.left + half), self.scale.right - half)
            if label.strip() and middle - half >= end:
                colour = WHITE if bold else _SOFT
                # One thin figure alone is too thin for a small sheet.
                thick = bold or len(label) == 1
                marks.append(Text(middle, y, label, letter, colour, thick, "center", "strip"))
                end = middle + half
        return marks

    def _fit(self, cell: Cell, letter: float, *, bold: bool) -> str:
        room = self.scale.x(cell.end) - self.scale.x(cell.start) - 10 * self.size.unit
        fitting = (t for t in cell.labels if self.measure.width(t, letter, bold=bold) <= room)
        if not any(cell.labels):
            return " "
        return next(fitting, "")

    def _step(self, cells: list[Cell], letter: float, *, bold: bool) -> int:
        widest = max(self.measure.width(cell.labels[-1], letter, bold=bold) for cell in cells)
        places = [(self.scale.x(cell.start) + self.scale.x(cell.end)) / 2 for cell in cells]
        for step in _STEPS:
            taken = places[::step]
            least = min((b - a for a, b in pairwise(taken)), default=float("inf"))
            if least >= widest + 10 * self.size.unit:
                return step
        return max(len(cells), 1)


def strip_height(size: Size) -> float:
    """Height of the strip."""
    return 66 * size.unit


def strip(scale: Scale, case: Case, y: float, words: Words, tools: tuple[Measure, Size]) -> list[Mark]:
    """The marks of the strip with its upper edge at `y`."""
    measure, size = tools
    u = size.unit
    height = strip_height(size)
    upper, lower = rows(scale, words, case)
    pen = _Pen(scale, measure, size)
    width = scale.right - scale.left
    marks: list[Mark] = [Rect(scale.left, y, width, height, fill=STRIP, role="strip")]
    for cells, top in ((upper, y), (lower, y + height / 2)):
        if cells is lower and len(lower) == len(upper):
            continue
        for cell in cells[1:]:
            x = scale.x(cell.start)
            marks.append(Line(((x, top), (x, y + height)), GRID_DARK, u, role="strip"))
    steps = [pen.step(upper, bold=True), pen.step(lower, bold=False)]
    if len(upper) == len(lower):
        steps = [max(steps)] * 2
    alone = not any(label.strip() for cell in lower for label in cell.labels)
    marks += pen.written(upper, y + (43 if alone else 29) * u, steps[0], bold=True)
    marks += pen.written(lower, y + 57 * u, steps[1], bold=False)
    return marks


GRID_DARK: Final = "#5B6975"


def grid(scale: Scale, case: Case, words: Words) -> list[float]:
    """Where the lines of the years (or months, or days) run through the lanes."""
    upper, lower = rows(scale, words, case)
    cells = upper if words.years or scale.end - scale.start >= _YEARS_FROM else lower
    most = 40
    return [scale.x(cell.start) for cell in cells[1:]] if len(cells) <= most else []
