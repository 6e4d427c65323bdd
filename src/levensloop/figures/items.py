"""What lies in the lanes: bars of care and school, outlines of waits, ticks with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from levensloop.figures.axis import Scale
from levensloop.figures.case import Fact, Run, Seen
from levensloop.figures.pages import Page
from levensloop.figures.sectors import hosts, wait_sector
from levensloop.figures.ticks import HALF, Cluster, Tick, clusters
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler, shorten


@dataclass(frozen=True)
class Item:
    """One thing in a lane, in pixels: possible cover [low, high], sure cover [sure_low, sure_high].

    `ticks` are places, whether the day is exact, and the event. `left` and `right` are what it takes
    with its label; `side` is where that stands: ``in``, ``left``, ``right``, ``at`` (at `start`) or
    ``none``. `before` and `after` tell that it goes on outside the page.
    """

    kind: str
    sector: str
    agency: str
    low: float
    sure_low: float
    sure_high: float
    high: float
    label: str
    side: str = "in"
    left: float = 0.0
    right: float = 0.0
    row: int = 0
    before: bool = False
    after: bool = False
    ticks: tuple[tuple[float, bool, str], ...] = ()
    events: tuple[str, ...] = ()
    start: float = 0.0
    numbered: tuple[Tick, ...] = ()


class Maker:
    """Makes the items of a page.

    Parameters
    ----------
    page : Page
        Which facts, over which days.
    scale : Scale
        Days to pixels.
    ruler : Ruler
        The font of the labels.
    words : Words
        The language.
    unit : float
        A pixel of the wall.
    """

    def __init__(self, page: Page, scale: Scale, ruler: Ruler, words: Words, unit: float) -> None:
        self._page = page
        self._scale = scale
        self._ruler = ruler
        self._words = words
        self._unit = unit

    def items(
        self, runs: Sequence[Run], seen: Sequence[Seen], ticks: Sequence[Tick], facts: Sequence[Fact]
    ) -> list[Item]:
        """Bars of runs, outlines of waits and ticks of the facts that have no box."""
        told = [s for s in seen if s.detector == "Waiting"]
        openers = {event for s in told for event in s.evidence}
        counted = [tick.fact for tick in ticks if not tick.number]
        hosted = hosts(counted, runs)
        found: list[Item] = []
        for run in runs:
            if run.end <= self._page.start or run.first >= self._page.end:
                continue
            if run.role == "wait":
                if run.start_event not in openers:
                    found.append(self._wait_run(run))
            else:
                found.append(self._bar(run, [fact for fact in counted if hosted.get(fact.id) is run]))
        here = (s for s in told if s.end > self._page.start and s.start < self._page.end)
        found += [self._wait(s, wait_sector(s, facts)) for s in here]
        groups: dict[str, list[Tick]] = {}
        for tick in ticks:
            if tick.number:
                groups.setdefault(tick.fact.sector, []).append(tick)
        for sector, group in groups.items():
            found += self.ticked(sector, group)
        return found

    def ticked(self, sector: str, ticks: Sequence[Tick]) -> list[Item]:
        """Numbered ticks of one lane."""
        return [self._cluster(sector, found) for found in clusters(ticks, self._scale, self._ruler)]

    def _cluster(self, sector: str, found: Cluster) -> Item:
        half = HALF * self._unit
        low, high = found.places[0] - half, found.places[-1] + half
        return Item(
            "ticks", sector, "", low, low, high, high, found.label, "at", found.left, found.right,
            ticks=tuple(
                (x, tick.fact.exact, tick.fact.id) for x, tick in zip(found.places, found.ticks, strict=True)
            ),
            events=tuple(tick.fact.id for tick in found.ticks), start=found.start, numbered=found.ticks,
        )  # fmt: skip

    def _bar(self, run: Run, counted: Sequence[Fact]) -> Item:
        x = self._scale.x
        label = run.agency
        if run.about != "youth":
            about = self._words.say("about_other", {"about": self._words.label("abouts", run.about)})
            label = f"{label} {about}"
        if counted:
            label = f"{label} ×{len(counted)}"  # noqa: RUF001 - times
        sure = run.sure_first < run.sure_end
        middle = x((run.first + run.end) / 2)
        ticks = tuple((self._scale.middle(fact.first, fact.last), fact.exact, fact.id) for fact in counted)
        item = Item(
            kind="bar",
            sector=run.sector,
            agency=run.agency,
            low=x(run.first),
            sure_low=x(run.sure_first) if sure else middle,
            sure_high=x(run.sure_end) if sure else middle,
            high=x(run.end),
            label=label,
            before=run.first < self._page.start,
            after=run.end > self._page.end or run.open,
            events=tuple(event for event in (run.start_event, run.end_event) if event),
            ticks=ticks,
        )
        return self._labelled(item, (label,))

    def _outline(self, item: Item, days: tuple[int, int | None], *, ongoing: bool) -> Item:
        name = self._words.say("waiting_for", {"agency": item.agency})
        length = self._words.days(days, ongoing=ongoing)
        return self._labelled(item, (f"{name}: {length}", name))

    def _wait(self, seen: Seen, sector: str) -> Item:
        x = self._scale.x
        low, high = x(seen.start), x(seen.end)
        item = Item(
            "wait", sector, seen.agency, low, low, high, high, "", events=seen.evidence,
            before=seen.start < self._page.start, after=seen.end > self._page.end or seen.ongoing,
        )  # fmt: skip
        return self._outline(item, seen.days, ongoing=seen.ongoing)

    def _wait_run(self, run: Run) -> Item:
        x = self._scale.x
        item = Item(
            "wait", run.sector, run.agency, x(run.first), x(run.sure_first), x(run.sure_end), x(run.end), "",
            events=(run.start_event,), before=run.first < self._page.start,
            after=run.end > self._page.end or run.open,
        )  # fmt: skip
        least = max(0, run.sure_end - run.sure_first)
        return self._outline(item, (least, run.end - run.first), ongoing=run.open)

    def _labelled(self, item: Item, labels: Sequence[str]) -> Item:
        """Where the label goes: in the bar, else beside it, else shortened."""
        unit, scale = self._unit, self._scale
        gap = 8 * unit
        plain = replace(item, left=item.low - 2 * unit, right=item.high + 2 * unit)
        for label in labels:
            if inside(item, self._ruler.width(label), unit):
                return replace(plain, label=label)
        for label in labels:
            width = self._ruler.width(label) + gap
            if item.high + width <= scale.right:
                return replace(plain, label=label, side="right", right=item.high + width + gap)
            if item.low - width >= scale.left:
                return replace(plain, label=label, side="left", left=item.low - width - gap)
        return self._shortened(plain, labels[-1])

    def _shortened(self, item: Item, label: str) -> Item:
        """The label cut where most of it fits: in the bar or on one of its sides."""
        unit, scale = self._unit, self._scale
        gap = 8 * unit
        rooms = {"left": item.low - scale.left, "right": scale.right - item.high}
        side = max(rooms, key=lambda name: rooms[name])
        inner = max(room[1] - room[0] for room in regions(item, unit))
        if inner >= rooms[side] - gap:
            short = shorten(label, inner, self._ruler)
            return replace(item, label=short, side="in" if short else "none")
        short = shorten(label, rooms[side] - 2 * gap, self._ruler)
        edge = self._ruler.width(short) + 2 * gap
        if side == "left":
            return replace(item, label=short, side=side, left=item.low - edge)
        return replace(item, label=short, side=side, right=item.high + edge)

    def joined(self, bars: Sequence[Item], row: int) -> list[Item]:
        """Bars that share a row: those that overlap are drawn as one, under the names of all."""
        merged: list[Item] = []
        for bar in sorted(bars, key=lambda i: (i.kind, i.low, i.high)):
            last = merged[-1] if merged else None
            if last is not None and bar.kind == last.kind and bar.low <= last.high + 4 * self._unit:
                merged[-1] = _joined(last, bar)
            else:
                merged.append(replace(bar, label=bar.agency))
        solid = [item for item in merged if item.kind == "bar"]
        # The outline of a wait over a bar has no name, so that both can be seen.
        named = [
            replace(item, label="")
            if item.kind == "wait" and any(bar.low < item.high and bar.high > item.low for bar in solid)
            else item
            for item in merged
        ]
        return [self._inside(replace(item, row=row)) for item in named]

    def _inside(self, item: Item) -> Item:
        """A label that stands in its bar or not at all."""
        fits = inside(item, self._ruler.width(item.label), self._unit)
        return replace(item, side="in" if fits else "none", label=item.label if fits else "")


def _joined(one: Item, other: Item) -> Item:
    sure = _whole(one) and _whole(other)
    high = max(one.high, other.high)
    names = [*dict.fromkeys([*one.label.split(" + "), other.agency])]
    return replace(
        one,
        high=high,
        sure_low=one.low,
        sure_high=high if sure else one.low,
        after=other.after if other.high > one.high else one.after,
        events=one.events + other.events,
        ticks=one.ticks + other.ticks,
        label=" + ".join(names),
    )


def _whole(item: Item) -> bool:
    """Whether a bar is sure from its first day to its last."""
    return item.sure_low <= item.low and item.sure_high >= item.high


def regions(item: Item, unit: float) -> list[tuple[float, float, bool]]:
    """The stretches of a bar on which text can stand, and whether they are sure cover."""
    sure = item.sure_high > item.sure_low
    before = (22 if item.before else 10) * unit
    after = (22 if item.after else 10) * unit
    if item.kind == "wait":
        return [(item.low + before, item.high - after, False)]
    if not sure:
        return [(item.low + 16 * unit, item.high - 16 * unit, False)]
    found = [(item.sure_low + before, item.sure_high - after, True)]
    if item.sure_low > item.low:
        found.append((item.low + 16 * unit, item.sure_low - 4 * unit, False))
    if item.high > item.sure_high:
        found.append((item.sure_high + 4 * unit, item.high - 16 * unit, False))
    return found


def inside(item: Item, width: float, unit: float) -> bool:
    """Whether a label of this width fits in the bar."""
    return any(high - low >= width for low, high, _ in regions(item, unit))
