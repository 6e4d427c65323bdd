"""What findings look like: hatches, arrows, age limits, and the lane of brackets and tags."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from levensloop.figures import remarks, signs
from levensloop.figures.barmarks import Grid
from levensloop.figures.case import Seen
from levensloop.figures.fit import Desk, Fit, findings_height
from levensloop.figures.items import Item
from levensloop.figures.lanemarks import Taken
from levensloop.figures.scene import Line, Mark, Point, Rect, Text
from levensloop.figures.sectors import hatched
from levensloop.figures.style import FINDINGS, FINDINGS_LANE, FINDINGS_LIGHT, GREY, WHITE, tint


class FindingMarks:
    """Draws the findings of a page.

    Parameters
    ----------
    desk : Desk
        What all pages share.
    fit : Fit
        What the page holds.
    grid : Grid
        Where lanes and rows lie.
    seen : sequence of Seen
        The findings of the page.
    """

    def __init__(self, desk: Desk, fit: Fit, grid: Grid, seen: Sequence[Seen]) -> None:
        self._desk = desk
        self._fit = fit
        self._grid = grid
        self._seen = seen
        self._unit = desk.size.unit
        self._top = grid.bottom

    def ground(self) -> list[Mark]:
        """The lane of the findings."""
        fit, size, u = self._fit, self._desk.size, self._unit
        height = findings_height(size, fit.tags, shown=bool(self._seen))
        if not height:
            return []
        y = self._top
        title = self._desk.words.say("findings")
        base = y + height / 2 + 8.5 * u
        return [
            Rect(size.margin, y, fit.scale.right - size.margin, height, FINDINGS_LANE, role="findings"),
            Text(size.margin + 6 * u, base, title, size.small, FINDINGS, True, "left", "findings"),  # noqa: FBT003
        ]

    def hatches(self) -> list[Mark]:
        """Gaps in the lanes that they concern: hatched if certain, outlined if possible or dismissed."""
        fit, u = self._fit, self._unit
        shown = [lane.sector for lane in fit.lanes]
        marks: list[Mark] = []
        for seen in sorted(self._seen, key=lambda s: s.sure):
            wanted = hatched(seen, self._desk.case.runs, shown)
            for inside, lanes in groupby(fit.lanes, key=lambda lane: lane.sector in wanted):
                if not inside:
                    continue
                sectors = [lane.sector for lane in lanes]
                low, high = fit.scale.x(seen.start), fit.scale.x(seen.end)
                y = self._grid.y(sectors[0])
                height = self._grid.y(sectors[-1], after=True) - y
                box = Rect(low, y + u, max(high - low, 3 * u), height - 2 * u, None, events=seen.evidence)
                if seen.sure:
                    marks += signs.hatch(box, u, FINDINGS)
                else:
                    marks.append(
                        replace(box, stroke=FINDINGS_LIGHT, stroke_width=1.8 * u, dash=(5, 4), role="hatch")
                    )
        return marks

    def _find_bar(self, agency: str, day: int) -> tuple[Item, float] | None:
        """The bar of an agency whose end or start is nearest to a day, with the middle of its row."""
        x = self._fit.scale.x(day)
        bars = [
            (item, self._grid.middle(lane.sector, item.row))
            for lane in self._fit.lanes
            for item in lane.items
            if item.agency == agency and item.kind == "bar"
        ]
        return min(bars, key=lambda bar: max(bar[0].low - x, x - bar[0].high, 0), default=None)

    def _lane_of(self, agency: str, seen: Seen) -> float | None:
        shown = {lane.sector for lane in self._fit.lanes}
        sectors = [f.sector for f in self._desk.case.facts if f.agency == agency and f.sector in shown]
        if seen.sector in shown:
            sectors.append(seen.sector)
        return self._grid.middle(sectors[0], 0) if sectors else None

    def _end(self, agency: str, day: int, seen: Seen) -> float | None:
        bar = self._find_bar(agency, day)
        return bar[1] if bar is not None else self._lane_of(agency, seen)

    def arrows(self, taken: Taken) -> list[Mark]:
        """Handovers, from bar to bar or lane to lane; dashed if nobody arrived or it is only possible."""
        u, scale, page = self._unit, self._fit.scale, self._fit.page
        marks: list[Mark] = []
        for seen in self._seen:
            if seen.detector != "Handover" or not page.start <= seen.start < page.end:
                continue
            y0, y1 = self._end(seen.agency, seen.start, seen), self._end(seen.to_agency, seen.end, seen)
            if y0 is None or y1 is None:
                continue
            x0, x1 = scale.x(seen.start), scale.x(seen.end)
            if abs(y0 - y1) < 1:
                x0, x1 = min(x0, x1 - 26 * u), max(x1, x0 + 26 * u)
                points: tuple[Point, ...] = ((max(x0, scale.left), y0), (min(x1, scale.right), y1))
                taken.add((x0 - 8 * u, y0 - 1), (x1 + 8 * u, y0 + 1))
            else:
                x1 = min(x1 + 8 * u, scale.right - 10 * u)
                x0 = min(x0, x1 - 14 * u)
                points = ((x0, y0), (x1, y0), (x1, y1))
                taken.add((x0 - 4 * u, y0 - 1), (x1 + 9 * u, y0 + 1))
                taken.add((x1 - 9 * u, min(y0, y1)), (x1 + 9 * u, max(y0, y1)))
            dash = () if seen.outcome == "arrived" and seen.sure else (2.0, 1.4)
            marks += signs.arrow(points, u, "handover", dash, seen.evidence)
        return marks

    def limits(self, taken: Taken) -> tuple[list[Mark], list[Mark]]:
        """Age limits: a band where the birth is not exact, and its dashed edge or edges."""
        u, scale = self._unit, self._fit.scale
        bands: list[Mark] = []
        edges: list[Mark] = []
        for low, high in sorted({s.limit for s in self._seen if s.limit is not None}):
            if high < scale.start or low >= scale.end:
                continue
            x0, x1 = scale.x(low), scale.x(high + 1 if high > low else high)
            top = self._grid.top
            bottom = self._top + findings_height(self._desk.size, self._fit.tags, shown=bool(self._seen))

            if high > low:
                bands.append(Rect(x0, top, x1 - x0, bottom - top, tint(FINDINGS, 0.16), role="limit"))
            for x in sorted({x0, x1}):
                edges.append(Line(((x, top), (x, bottom)), FINDINGS, 3 * u, (3, 2), "limit"))
                taken.add((x - 5 * u, top), (x + 5 * u, bottom))
        return bands, edges

    def tags(self) -> list[Mark]:
        """Brackets and their tags, lighter and dashed where they are only possible, lighter where dismissed."""
        fit, size, u = self._fit, self._desk.size, self._unit
        marks: list[Mark] = []
        for tag in fit.tags:
            y = self._top + (tag.row * 39 + 25) * u
            sure = tag.seen.certain
            hue = FINDINGS if tag.seen.sure else FINDINGS_LIGHT
            ink = GREY if tag.seen.dismissed else FINDINGS
            own = tag.seen.evidence
            marks.append(
                Line(((tag.low, y), (tag.high, y)), hue, 2.6 * u, () if sure else (4, 2), "bracket", own)
            )
            for x, inside in (
                (tag.low, tag.seen.start >= fit.page.start),
                (tag.high, tag.seen.end <= fit.page.end and not tag.seen.ongoing),
            ):
                if inside:
                    end = ((x, y - 9 * u), (x, y + 9 * u))
                    marks.append(Line(end, hue, 2.6 * u, role="bracket", events=own))
            width = tag.tag_right - tag.tag_left
            if tag.low >= tag.tag_left and tag.high <= tag.tag_right:
                # The tag hides its bracket: its length then stands under the tag.
                at, long = y + 19 * u, max(tag.high - tag.low, 4 * u)
                marks.append(Rect(tag.low, at - 2 * u, long, 5 * u, hue, role="bracket", events=own))
            marks.append(
                Rect(
                    tag.tag_left,
                    y - 17 * u,
                    width,
                    34 * u,
                    WHITE,
                    hue,
                    2 * u,
                    () if sure else (4, 2),
                    "tag",
                    own,
                )
            )
            measure = self._desk.measure
            # The text stands in the middle of what the balloon leaves.
            taken = remarks.width(tag.said, size.small, measure)
            middle = (tag.tag_left + tag.tag_right - (taken + 8 * u if taken else 0)) / 2
            text = self._desk.mask(tag.text)
            marks.append(
                Text(middle, y + 8.5 * u, text, size.small, ink, not tag.seen.dismissed, "center", "tag", own)
            )
            left = tag.tag_right - 8 * u - taken
            marks += remarks.balloon(tag.said, left, y + 8.5 * u, size.small, measure, own)
        return marks
