"""Puts a page that fits on its sheet: every mark at its place, in the order of drawing."""

from collections.abc import Mapping

from levensloop.figures import signs, tags
from levensloop.figures.axis import grid, strip, strip_height
from levensloop.figures.boxmarks import BoxMarks, Side, fan
from levensloop.figures.case import Seen
from levensloop.figures.fitting import Desk, Fit, findings_height, header_height, legend_height
from levensloop.figures.headlines import Head, subtitle
from levensloop.figures.lanemarks import Grid, LaneMarks
from levensloop.figures.lanes import Item, hatched
from levensloop.figures.legend import legend
from levensloop.figures.scene import Decision, Line, Mark, Point, Rect, Scene, Text
from levensloop.figures.style import (
    FINDINGS,
    FINDINGS_LANE,
    FINDINGS_LIGHT,
    GREY,
    INK,
    STRIP,
    WHITE,
    tint,
)
from levensloop.figures.wrap import ELLIPSIS, Ruler, shorten


class Sheet:
    """One page on its sheet.

    Parameters
    ----------
    desk : Desk
        What all pages share.
    fit : Fit
        What the page holds.
    number : tuple of int
        Page and pages.
    lost : mapping
        From event to how many of its characters no font has.
    """

    def __init__(self, desk: Desk, fit: Fit, number: tuple[int, int], lost: Mapping[str, int]) -> None:
        self._desk = desk
        self._fit = fit
        self._number = number
        self._lost = lost
        self._unit = desk.size.unit
        self._seen = tags.on_page(desk.case.seen, fit.page.start, fit.page.end) if desk.findings else []
        self._lay()

    def _lay(self) -> None:
        """Heights from the top; what is left over goes to the lanes, then around the boxes."""
        fit, size, u = self._fit, self._desk.size, self._unit
        made, room = fit.arrangement, fit.room
        sides = [[box for box in made.placed if box.side == side] for side in (0, 1)]
        fans = [fan(side, u) for side in sides]
        stacks = [sum(h) + max(0, len(h) - 1) * room.gap for h in (made.heights(0), made.heights(1))]
        rows = sum(lane.rows for lane in fit.lanes)
        shown = self._desk.findings and bool(self._seen)
        findings = findings_height(size, fit.tags, shown=shown)
        top = size.margin + header_height(size, fit.head_lines)
        bottom = size.height - size.margin - legend_height(size, len(fit.legend))
        used = sum(fans) + sum(stacks) + strip_height(size) + rows * fit.row + findings + 8 * u
        spare = max(0.0, bottom - top - used)
        grow = min(0.6 * spare / rows, 0.6 * fit.row)
        spare -= grow * rows
        above = spare * (0.35 if sides[1] else 0.4)
        self._strip = top + above + stacks[0] + fans[0]
        self._inner = (self._strip - fans[0], 0.0)
        lanes_top = self._strip + strip_height(size)
        self._grid = Grid(fit.lanes, lanes_top, fit.row + grow, fit.scale.left, fit.scale.right)
        self._findings = self._grid.bottom
        self._axis = self._findings + findings + 4 * u
        self._inner = (self._strip - fans[0], self._axis + fans[1])

    def scene(self) -> Scene:
        """Every mark of the page."""
        desk, fit, u = self._desk, self._fit, self._unit
        lanes = LaneMarks(self._grid, desk.size, desk.ruler, desk.words)
        boxes = BoxMarks(fit.arrangement, fit.room, desk.words, desk.measure)
        below = self._axis
        drops, dots = lanes.dots(fit.arrangement.placed, self._strip + strip_height(desk.size), below)
        arrows = self._arrows(lanes)
        limits = self._limits(lanes)
        decisions = self._decisions()
        head = self._head(decisions)
        marks: list[Mark] = [
            *head,
            *lanes.grounds(grid(fit.scale, desk.case, desk.words)),
            *self._findings_ground(),
            *limits[0],
            *self._hatches(),
            *drops,
            *lanes.bars(),
            *limits[1],
            *arrows,
            *dots,
            *lanes.labels(),
            *self._tags(),
            *strip(fit.scale, desk.case, self._strip, desk.words, (desk.measure, desk.size)),
            Line(((fit.scale.left, below), (fit.scale.right, below)), STRIP, 4 * u, role="axis"),
            *boxes.side(Side(0, self._strip, self._inner[0])),
            *boxes.side(Side(1, below, self._inner[1])),
            *legend(fit.legend, desk.size.margin, desk.size.height - desk.size.margin, desk.size, desk.ruler),
        ]
        feet = tuple((b.note.fact.id, b.foot, b.slot.low, b.slot.high) for b in fit.arrangement.placed)
        title, under = (mark.text for mark in head[:2] if isinstance(mark, Text))
        told = "; ".join(f"{b.note.when} {b.note.who}: {b.note.what}" for b in fit.arrangement.placed)
        return Scene(
            desk.size.width, desk.size.height, title, f"{under}. {told}", tuple(marks), decisions, feet
        )

    def _head(self, decisions: tuple[Decision, ...]) -> list[Mark]:
        desk, size = self._desk, self._desk.size
        room = size.width - 2 * size.margin
        ruler = Ruler(desk.measure, size.head, room)
        options = Head(desk.case, self._fit.page, desk.words).options(self._seen)
        options = [desk.mask(text) for text in options]
        fitting = (text for text in options if ruler.width(text, bold=True) <= room)
        title = next(fitting, shorten(options[-1], room, ruler, bold=True))
        y = size.margin + 0.85 * size.head
        marks: list[Mark] = [Text(size.margin, y, title, size.head, INK, True, "left", "title")]  # noqa: FBT003
        small = desk.ruler
        y = size.margin + size.head * 1.15 + size.small
        subs = subtitle(desk.case, self._fit.page, desk.words, self._number, decisions)
        sub = next((s for s in subs if small.width(s) <= room * self._fit.head_lines * 0.97), subs[-1])
        for line in self._lines(sub, room):
            marks.append(Text(size.margin, y, line, size.small, GREY, role="subtitle"))
            y += 1.4 * size.small
        return marks

    def _lines(self, text: str, room: float) -> list[str]:
        """The subtitle, broken at its dots."""
        small = self._desk.ruler
        lines: list[str] = [""]
        for part in text.split("  ·  "):
            joined = f"{lines[-1]}  ·  {part}" if lines[-1] else part
            if small.width(joined) <= room or len(lines) == self._fit.head_lines:
                lines[-1] = joined
            else:
                lines.append(part)
        return [shorten(line, room, small) for line in lines]

    def _decisions(self) -> tuple[Decision, ...]:
        fit = self._fit
        found: list[Decision] = []
        if fit.ticked:
            found.append(Decision("ticks", len(fit.ticked), tuple(fact.id for fact in fit.ticked)))
        cut = [box.note.fact.id for box in fit.arrangement.placed if box.shape.text.cut]
        cut_tags = sum(1 for tag in fit.tags if tag.shortened)
        cut_tags += sum(1 for lane in fit.lanes for item in lane.items if item.label.endswith(ELLIPSIS))
        if cut or cut_tags:
            found.append(Decision("shortened", len(cut) + cut_tags, tuple(cut)))
        terse = [box.note.fact.id for box in fit.arrangement.placed if box.note.terse]
        if terse:
            found.append(Decision("reasons", len(terse), tuple(terse)))
        merged = [item for lane in fit.lanes for item in lane.merged if item.kind != "ticks"]
        if merged:
            found.append(Decision("merged", len(merged), tuple(e for item in merged for e in item.events)))
        if fit.left_out:
            found.append(Decision("findings", len(fit.left_out)))
        lost = tuple(fact.id for fact in fit.page.facts if fact.id in self._lost)
        if lost:
            found.append(Decision("glyphs", sum(self._lost[event] for event in lost), lost))
        letter = fit.arrangement.shaper.metrics.letter
        if letter < self._desk.size.body[0]:
            found.append(Decision("smaller", round(letter)))
        if fit.page.part:
            found.append(Decision("split", fit.page.part))
        return tuple(found)

    def _findings_ground(self) -> list[Mark]:
        fit, size, u = self._fit, self._desk.size, self._unit
        height = findings_height(size, fit.tags, shown=bool(self._seen))
        if not height:
            return []
        y = self._findings
        title = self._desk.words.say("findings")
        base = y + height / 2 + 8.5 * u
        return [
            Rect(size.margin, y, fit.scale.right - size.margin, height, FINDINGS_LANE, role="findings"),
            Text(size.margin + 6 * u, base, title, size.small, FINDINGS, True, "left", "findings"),  # noqa: FBT003
        ]

    def _hatches(self) -> list[Mark]:
        fit, u = self._fit, self._unit
        shown = [lane.sector for lane in fit.lanes]
        marks: list[Mark] = []
        for seen in sorted(self._seen, key=lambda s: s.certain):
            for sector in sorted(hatched(seen, self._desk.case.runs, shown) & set(shown)):
                lane = next(lane for lane in fit.lanes if lane.sector == sector)
                low, high = fit.scale.x(seen.start), fit.scale.x(seen.end)
                y, height = self._grid.y(sector), lane.rows * self._grid.row
                box = Rect(low, y + u, max(high - low, 3 * u), height - 2 * u, WHITE, events=seen.evidence)
                hue = FINDINGS if seen.certain else FINDINGS_LIGHT
                marks += signs.hatch(box, u, hue, sure=seen.certain)
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

    def _arrows(self, lanes: LaneMarks) -> list[Mark]:
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
                lanes.taken.add((x0 - 8 * u, y0 - 1), (x1 + 8 * u, y0 + 1))
            else:
                x1 = min(x1 + 8 * u, scale.right - 10 * u)
                x0 = min(x0, x1 - 14 * u)
                points = ((x0, y0), (x1, y0), (x1, y1))
                lanes.taken.add((x0 - 4 * u, y0 - 1), (x1 + 9 * u, y0 + 1))
                lanes.taken.add((x1 - 9 * u, min(y0, y1)), (x1 + 9 * u, max(y0, y1)))
            dash = () if seen.outcome == "arrived" and seen.certain else (2.0, 1.4)
            marks += signs.arrow(points, u, "handover", dash)
        return marks

    def _limits(self, lanes: LaneMarks) -> tuple[list[Mark], list[Mark]]:
        """Age limits: a band where the birth is not exact, and its dashed edge or edges."""
        u, scale = self._unit, self._fit.scale
        bands: list[Mark] = []
        edges: list[Mark] = []
        for low, high in sorted({s.limit for s in self._seen if s.limit is not None}):
            if high < scale.start or low >= scale.end:
                continue
            x0, x1 = scale.x(low), scale.x(high + 1 if high > low else high)
            top, bottom = self._grid.top, self._axis - 6 * u
            if high > low:
                bands.append(Rect(x0, top, x1 - x0, bottom - top, tint(FINDINGS, 0.16), role="limit"))
            for x in sorted({x0, x1}):
                edges.append(Line(((x, top), (x, bottom)), FINDINGS, 3 * u, (3, 2), "limit"))
                lanes.taken.add((x - 5 * u, top), (x + 5 * u, bottom))
        return bands, edges

    def _tags(self) -> list[Mark]:
        fit, size, u = self._fit, self._desk.size, self._unit
        marks: list[Mark] = []
        for tag in fit.tags:
            y = self._findings + (tag.row * 42 + 26) * u
            sure = tag.seen.certain
            hue = FINDINGS if sure else FINDINGS_LIGHT
            own = tag.seen.evidence
            marks.append(
                Line(((tag.low, y), (tag.high, y)), hue, 2.6 * u, () if sure else (4, 2), "bracket", own)
            )
            for x, inside in (
                (tag.low, tag.seen.start >= fit.page.start),
                (tag.high, tag.seen.end <= fit.page.end and not tag.seen.ongoing),
            ):
                if inside:
                    marks.append(Line(((x, y - 9 * u), (x, y + 9 * u)), hue, 2.6 * u, role="bracket"))
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
            middle = (tag.tag_left + tag.tag_right) / 2
            text = self._desk.mask(tag.text)
            marks.append(Text(middle, y + 8.5 * u, text, size.small, FINDINGS, True, "center", "tag", own))  # noqa: FBT003
        return marks
