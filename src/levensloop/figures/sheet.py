"""Puts a page that fits on its sheet: every mark at its place, in the order of drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from levensloop.figures import tags, telling
from levensloop.figures.axis import grid, strip, strip_height
from levensloop.figures.barmarks import Grid, bars
from levensloop.figures.boxmarks import BoxMarks, Side, fan
from levensloop.figures.findingmarks import FindingMarks
from levensloop.figures.fit import Desk, Fit, findings_height, header_height, legend_height
from levensloop.figures.headlines import Head, subtitle
from levensloop.figures.lanemarks import LaneMarks
from levensloop.figures.legend import legend
from levensloop.figures.scene import Decision, Line, Mark, Scene, Text, crisp
from levensloop.figures.style import GREY, INK, STRIP
from levensloop.figures.wrap import ELLIPSIS, Ruler, shorten


@dataclass(frozen=True)
class Place:
    """Which sheet of how many this is, the number of its figure, and the sheet of its table."""

    page: int
    pages: int
    figure: int
    table: int = 0
    lost: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


class Sheet:
    """One page on its sheet.

    Parameters
    ----------
    desk : Desk
        What all pages share.
    fit : Fit
        What the page holds.
    place : Place
        Which sheet it is; `lost` tells of each event how many of its characters no font has.
    """

    def __init__(self, desk: Desk, fit: Fit, place: Place) -> None:
        self._desk = desk
        self._fit = fit
        self._place = place
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
        lanes_top = self._strip + strip_height(size)
        self._grid = Grid(fit.lanes, lanes_top, fit.row + grow, fit.scale.left, fit.scale.right)
        self._axis = self._grid.bottom + findings + 4 * u
        self._inner = (self._strip - fans[0], self._axis + fans[1])

    def scene(self) -> Scene:
        """Every mark of the page."""
        desk, fit, u = self._desk, self._fit, self._unit
        lanes = LaneMarks(self._grid, desk.size, desk.ruler, desk.words)
        found = FindingMarks(desk, fit, self._grid, self._seen)
        boxes = BoxMarks(fit.arrangement, fit.room, desk.words, desk.measure)
        below = self._axis
        drops, dots = lanes.dots(fit.arrangement.placed, self._strip + strip_height(desk.size), below)
        arrows = found.arrows(lanes.taken)
        bands, edges = found.limits(lanes.taken)
        labels = lanes.labels()
        decisions = self._decisions(len(lanes.nameless))
        said = telling.said(decisions, desk.words, self._place.table)
        told = [seen for seen in self._seen if not seen.dismissed]
        options = Head(desk.case, fit.page, desk.words).options(told)
        subs = subtitle(desk.case, fit.page, desk.words, (self._place.page, self._place.pages), said)
        head = header(desk, options, subs, fit.head_lines)
        marks: list[Mark] = [
            *head,
            *lanes.grounds(grid(fit.scale, desk.case, desk.words)),
            *found.ground(),
            *bands,
            *found.hatches(),
            *drops,
            *bars(self._grid, u),
            *edges,
            *arrows,
            *dots,
            *labels,
            *found.tags(),
            *strip(fit.scale, desk.case, self._strip, desk.words, (desk.measure, desk.size)),
            Line(((fit.scale.left, below), (fit.scale.right, below)), STRIP, 4 * u, role="axis"),
            *boxes.side(Side(0, self._strip, self._inner[0])),
            *boxes.side(Side(1, below, self._inner[1])),
            *legend(fit.legend, desk.size.margin, desk.size.height - desk.size.margin, desk.size, desk.ruler),
        ]
        title = head[0].text
        return Scene(
            desk.size.width,
            desk.size.height,
            title,
            telling.description(desk, fit, self._seen, title, said),
            crisp(marks),
            decisions,
            tuple((b.note.fact.id, b.foot, b.slot.low, b.slot.high) for b in fit.arrangement.placed),
            telling.stops(desk, fit, marks),
            telling.caption(desk, fit, self._place.figure),
            desk.words.lang,
        )

    def _decisions(self, nameless: int) -> tuple[Decision, ...]:
        fit, found = self._fit, list[Decision]()
        if fit.ticks:
            found.append(Decision("ticks", len(fit.ticks), tuple(tick.fact.id for tick in fit.ticks)))
        if fit.left_out:
            events = tuple(event for seen in fit.left_out for event in seen.evidence)
            found.append(Decision("findings", len(fit.left_out), events))
        unmarked = [remark for one in (*fit.ticked, *fit.left_out) for remark in one.said]
        if unmarked:
            found.append(Decision("remarks", len(unmarked)))
        cut = [box.note.fact.id for box in fit.arrangement.placed if box.shape.text.cut]
        cut_tags = sum(1 for tag in fit.tags if tag.shortened)
        cut_tags += sum(1 for lane in fit.lanes for item in lane.items if item.label.endswith(ELLIPSIS))
        if cut or cut_tags:
            found.append(Decision("shortened", len(cut) + cut_tags, tuple(cut)))
        terse = [box.note.fact.id for box in fit.arrangement.placed if box.note.terse]
        if terse:
            found.append(Decision("reasons", len(terse), tuple(terse)))
        if nameless:
            found.append(Decision("merged", nameless))
        lost = tuple(fact.id for fact in fit.page.facts if fact.id in self._place.lost)
        if lost:
            found.append(Decision("glyphs", sum(self._place.lost[event] for event in lost), lost))
        letter = fit.arrangement.shaper.metrics.letter
        if letter < self._desk.size.body[0]:
            found.append(Decision("smaller", round(letter)))
        if fit.page.part:
            found.append(Decision("split", fit.page.part))
        return tuple(found)


def header(desk: Desk, titles: Sequence[str], subs: Sequence[Sequence[str]], most: int) -> list[Text]:
    """Headline and subtitle: of each the fullest that fits."""
    size = desk.size
    room = size.width - 2 * size.margin
    ruler = Ruler(desk.measure, size.head, room)
    masked = [desk.mask(text) for text in titles]
    fitting = (text for text in masked if ruler.width(text, bold=True) <= room)
    title = next(fitting, shorten(masked[-1], room, ruler, bold=True))
    y = size.margin + 0.85 * size.head
    marks = [Text(size.margin, y, title, size.head, INK, True, "left", "title")]  # noqa: FBT003
    y = size.margin + size.head * 1.15 + size.small
    broken = [_broken([desk.mask(part) for part in sub], room, desk.ruler) for sub in subs]
    lines = next((lines for lines in broken if len(lines) <= most), broken[-1])
    kept = [*lines[: most - 1], _DOT.join(lines[most - 1 :])] if len(lines) > most else lines
    for line in kept:
        text = shorten(line, room, desk.ruler)
        marks.append(Text(size.margin, y, text, size.small, GREY, role="subtitle"))
        y += 1.4 * size.small
    return marks


_DOT = "  ·  "


def _broken(parts: Sequence[str], room: float, ruler: Ruler) -> list[str]:
    """The parts of a subtitle on lines, broken at its dots."""
    lines: list[str] = [""]
    for part in parts:
        joined = f"{lines[-1]}{_DOT}{part}" if lines[-1] else part
        if lines[-1] and ruler.width(joined) > room:
            lines.append(part)
        else:
            lines[-1] = joined
    return lines
