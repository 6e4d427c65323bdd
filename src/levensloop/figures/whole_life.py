"""The whole life on one sheet: its periods below each other, with one headline and one legend."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from levensloop.errors import UserError
from levensloop.figures import legend, telling
from levensloop.figures.case import Case
from levensloop.figures.fit import Desk, Fit, Way, legend_height
from levensloop.figures.fitting import Fitter
from levensloop.figures.headlines import page_agencies
from levensloop.figures.options import Options
from levensloop.figures.pages import Page, extent, split
from levensloop.figures.printable import printable
from levensloop.figures.scene import Decision, Line, Mark, Poly, Scene, Stop, Text, crisp
from levensloop.figures.sheet import Place, Sheet, header
from levensloop.figures.sizes import panel
from levensloop.figures.stamp import stamped
from levensloop.figures.style import Size
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure, Ruler, masker, shorten
from levensloop.schema import vocabulary

_PANELS: Final = 3
_BETWEEN: Final = 10
_LOWEST: Final = 200
_STEP: Final = 8
_LEAST: Final = 80
_TIGHT: Final = Way(letters=1, tag_rows=1)
_SIGNS: Final = (
    "gap",
    "wait",
    "handover",
    "fuzzy",
    "limit",
    "counted",
    "ticks",
    "follows",
    "maybe",
    "remark",
)


class _PanelWords(Words):
    """The words of a panel: no sheet of its own, and what has no box is told in the figure's table."""

    def say(self, key: str, values: Mapping[str, object] | None = None) -> str:
        own = f"panel_{key}"
        return super().say(key if self.find(own) is None else own, values)


def compose(case: Case, measure: Measure, options: Options) -> Scene:
    """The scene of a whole life.

    Parameters
    ----------
    case : Case
        Whose life course.
    measure : Measure
        The font.
    options : Options
        Its `pages` tell where the panels turn: at most three of them, unless dates are given.
    """
    told, lost = printable(case, measure)
    hide = masker(case.youth, case.initial)
    desk = Desk(
        told, options.sheet, _PanelWords(options.lang, case.years), measure, hide, options.view == "findings"
    )
    for count in range(_PANELS, 0, -1):
        pages = split(told, options.pages, count)
        panels = _Panels(desk, pages).fitted()
        if panels is not None:
            return stamped(_Sheet(desk, panels).scene(lost, options.number), desk)
    raise UserError("the sheet is too small for its letters. Hint: a larger sheet, or fewer pages.")


@dataclass(frozen=True)
class _Panel:
    """A period that fits, on a strip of `high` pixels; its subtitle stands beside its headline."""

    fit: Fit
    desk: Desk

    @property
    def lifted(self) -> float:
        """What the subtitle leaves."""
        return self.fit.head_lines * 1.4 * self.desk.size.small

    @property
    def net(self) -> float:
        """Its height without margins, without a legend of its own."""
        size = self.desk.size
        return size.height - 2 * size.margin - legend_height(size, len(self.fit.legend)) - self.lifted


@dataclass(frozen=True)
class _Panels:
    """Finds the heights of panels: each what its boxes need, and an equal part of what is left."""

    desk: Desk
    pages: Sequence[Page]

    def fitted(self) -> list[_Panel] | None:
        """The panels, or nothing if so many of them cannot stand on the sheet."""
        least = [self._least(page) for page in self.pages]
        free = _room(self.desk.size) - (len(least) - 1) * _BETWEEN
        used = sum(panel.net for panel in least if panel is not None)
        if used <= free and None not in least:
            more = (free - used) / len(least)
            return [self._roomy(panel, more) for panel in least if panel is not None]
        high = int(free / len(least)) + 2 * self.desk.size.margin
        most = [self._most(page, high) for page in self.pages]
        return [panel for panel in most if panel is not None] if None not in most else None

    def _try(self, page: Page, high: float, share: float, *ways: Way) -> _Panel | None:
        """The page with a part of its boxes, on a panel of a height."""
        desk = replace(self.desk, size=panel(self.desk.size, int(high)))
        fitter = Fitter(desk, page)
        ranked = fitter.ranked()
        for way in ways:
            fit = fitter.fit(ranked[: math.ceil(share * len(ranked))], way)
            if fit is not None:
                return _Panel(fit, desk)
        return None

    def _least(self, page: Page) -> _Panel | None:
        """The lowest panel with a box for every event."""
        low, high, best = _LOWEST, self.desk.size.height, None
        while high - low > _STEP:
            middle = (low + high) // 2
            found = self._try(page, middle, 1, _TIGHT)
            low, high, best = (low, middle, found) if found else (middle, high, best)
        return best

    def _roomy(self, least: _Panel, more: float) -> _Panel:
        """The panel with more room: larger letters and more findings where they fit in it."""
        high = least.desk.size.height + more
        return self._try(least.fit.page, high, 1, Way(tag_rows=3), Way(tag_rows=2), _TIGHT) or least

    def _most(self, page: Page, high: int) -> _Panel | None:
        """The panel of a height with as many boxes as it holds; the other events have numbers."""
        found = (self._try(page, high, part / 8, replace(_TIGHT, brief=True)) for part in range(8, -1, -1))
        return next((panel for panel in found if panel is not None), None)


def _top(size: Size) -> int:
    """Under the headline of the sheet, beside which its counts stand."""
    return round(size.margin + size.head * 1.15 + 6)


def _room(size: Size) -> float:
    """Between the headline and a legend of one line."""
    return size.height - _top(size) - size.margin - legend_height(panel(size, size.height), 1)


@dataclass(frozen=True)
class _Sheet:
    desk: Desk
    panels: Sequence[_Panel]

    def scene(self, lost: Mapping[str, int], number: int) -> Scene:
        """The panels below each other, between headline and legend."""
        size = self.desk.size
        head = self._head()
        made = [self._drawn(panel, at, lost) for at, panel in enumerate(self.panels, 1)]
        white = _room(size) - sum(one.net for one in self.panels)
        marks: list[Mark] = [*head, *self._legend()]
        stops: list[Stop] = []
        down = float(_top(size) - size.margin)
        for one, scene in zip(self.panels, made, strict=True):
            by = round(down)
            said = telling.said(scene.decisions, self.desk.words, 0)
            marks += [moved(mark, by) for mark in self._beside(scene.marks, one.desk.size.small, len(said))]
            marks += [moved(m, by - one.lifted) for m in scene.marks if m.role not in {"title", "subtitle"}]
            stops += [replace(stop, y=stop.y + by - one.lifted) for stop in scene.stops]
            down += one.net + min(2 * _BETWEEN, white / max(1, len(made) - 1))
        title = head[0].text
        return Scene(
            size.width,
            size.height,
            title,
            " ".join([f"{title}.", *(scene.description for scene in made)]),
            crisp(marks),
            tuple(_added([decision for scene in made for decision in scene.decisions])),
            tuple(foot for scene in made for foot in scene.feet),
            tuple(stops),
            self.desk.words.say("caption", {"number": number, "text": title}),
            self.desk.words.lang,
        )

    def _drawn(self, panel: _Panel, at: int, lost: Mapping[str, int]) -> Scene:
        size = panel.desk.size
        low = size.height - legend_height(size, len(panel.fit.legend))
        desk = replace(panel.desk, size=replace(size, height=int(low)))
        return Sheet(desk, replace(panel.fit, legend=[]), Place(at, 1, at, lost=lost)).scene()

    def _beside(self, marks: Sequence[Mark], small: float, said: int = 0) -> list[Text]:
        """Headline and subtitle on one line; where that is too long the counts go, and not what is `said` last."""
        size, measure = self.desk.size, self.desk.measure
        title, *subs = [m for m in marks if isinstance(m, Text) and m.role in {"title", "subtitle"}]
        left = title.x + measure.width(title.text, title.size, bold=True) + 2 * small
        room = size.width - size.margin - left
        if room < _LEAST or not subs:
            return [title]
        parts = [part for sub in subs for part in sub.text.split("  ·  ")]
        while len(parts) > said + 1 and measure.width(" · ".join(parts), small) > room:
            del parts[-said - 1]
        text = shorten(" · ".join(parts), room, Ruler(measure, small, room))
        return [title, replace(subs[0], x=left, y=title.y, text=text)]

    def _head(self) -> list[Text]:
        case, words = self.desk.case, self.desk.words
        first, last = extent(case)
        start, end = (date.fromordinal(day).year for day in (first, last - 1))
        years = {"youth": case.initial, "start": start, "end": end}
        title = words.say("life_title", years)
        agencies = page_agencies(replace(self.panels[0].fit.page, facts=case.facts))
        counts = [
            words.ages(first, last - 1, case),
            words.count("count_events", len(case.facts)),
            words.count("count_agencies", agencies),
        ]
        if self.desk.findings and case.seen:
            counts.append(words.count("count_findings", len(case.seen)))
        return self._beside(header(self.desk, [title], [counts], 1), self.desk.size.small)

    def _legend(self) -> list[Mark]:
        """Every sign of the panels once."""
        desk, size = self.desk, panel(self.desk.size, self.desk.size.height)
        shown = {entry.text for one in self.panels for line in one.fit.legend for entry in line}
        every = legend.entries(vocabulary()["initiatives"], _SIGNS, desk.words, size.unit)
        ruler = Ruler(desk.measure, size.small, size.width)
        used = [entry for entry in every if entry.text in shown]
        lines = legend.lines(used, size.width - 2 * size.margin, ruler)
        return legend.legend(lines, size.margin, size.height - size.margin, size, ruler)


def _added(decisions: list[Decision]) -> list[Decision]:
    """The decisions of the panels as those of one sheet."""
    found: dict[str, Decision] = {}
    for decision in decisions:
        if decision.kind in {"smaller", "split"}:
            continue
        before = found.get(decision.kind, Decision(decision.kind, 0))
        found[decision.kind] = Decision(
            decision.kind, before.count + decision.count, before.events + decision.events
        )
    return list(found.values())


def moved(mark: Mark, down: float) -> Mark:
    """The mark lower on its sheet.

    Examples
    --------
    >>> moved(Line(((0, 0), (1, 0)), "#000000", 1), 10).points
    ((0, 10), (1, 10))
    """
    if isinstance(mark, Line | Poly):
        return replace(mark, points=tuple((x, y + down) for x, y in mark.points))
    return replace(mark, y=mark.y + down)
