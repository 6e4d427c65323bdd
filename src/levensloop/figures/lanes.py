"""What lies in the lanes, and in which row: bars, waits and ticks, packed by interval colouring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from levensloop.figures.axis import Scale
from levensloop.figures.case import Fact, Run, Seen
from levensloop.figures.pages import Page
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler, shorten
from levensloop.schema import vocabulary

NOT_IN_VIEW: Final = frozenset({"home", "other"})


@dataclass(frozen=True)
class Item:
    """One thing in a lane, in pixels: possible cover [low, high], sure cover [sure_low, sure_high].

    `ticks` are places and whether the day is exact. `left` and `right` are what it takes with its label; `side` is where that stands: ``in``,
    ``left``, ``right`` or ``none``. `before` and `after` tell that it goes on outside the page.
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
    ticks: tuple[tuple[float, bool], ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lane:
    """A sector's lane: its items with their rows, and how many rows."""

    sector: str
    items: tuple[Item, ...]
    rows: int
    merged: tuple[Item, ...] = ()


def sector_order(sectors: Iterable[str]) -> list[str]:
    """Sectors in the order of the vocabulary; unknown ones last, by name."""
    known = list(vocabulary()["sectors"])
    return sorted(set(sectors), key=lambda s: (known.index(s) if s in known else len(known), s))


def care_sectors(runs: Sequence[Run]) -> frozenset[str]:
    """The sectors that ever gave this youth care."""
    return frozenset(run.sector for run in runs if run.role == "care" and run.about == "youth")


def hatched(seen: Seen, runs: Sequence[Run], shown: Iterable[str]) -> frozenset[str]:
    """The lanes that a gap concerns."""
    if seen.detector == "Gap":
        return frozenset([seen.sector]) if seen.sector else care_sectors(runs)
    if seen.detector == "OutOfView":
        return frozenset(shown) - NOT_IN_VIEW
    return frozenset()


def wait_sector(seen: Seen, facts: Sequence[Fact]) -> str:
    """The lane of a wait: its sector, else that of the fact that opened it."""
    sectors = {fact.id: fact.sector for fact in facts}
    return seen.sector or next((sectors[e] for e in seen.evidence if e in sectors), "other")


class Packer:
    """Makes the items of a page and packs them.

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
        self, runs: Sequence[Run], seen: Sequence[Seen], ticked: Sequence[Fact], facts: Sequence[Fact]
    ) -> list[Item]:
        """Bars of runs, outlines of waits and ticks of the facts that have no box."""
        told = [s for s in seen if s.detector == "Waiting"]
        openers = {event for s in told for event in s.evidence}
        found: list[Item] = []
        for run in runs:
            if run.end <= self._page.start or run.first >= self._page.end:
                continue
            if run.role == "wait":
                if run.start_event not in openers:
                    found.append(self._wait_run(run))
            else:
                found.append(self._bar(run))
        here = (s for s in told if s.end > self._page.start and s.start < self._page.end)
        found += [self._wait(s, wait_sector(s, facts)) for s in here]
        groups: dict[tuple[str, str], list[Fact]] = {}
        for fact in ticked:
            groups.setdefault((fact.sector, fact.agency), []).append(fact)
        found += [self._ticks(sector, agency, group) for (sector, agency), group in groups.items()]
        return found

    def _bar(self, run: Run) -> Item:
        x = self._scale.x
        label = run.agency
        if run.about != "youth":
            about = self._words.say("about_other", {"about": self._words.label("abouts", run.about)})
            label = f"{label} {about}"
        sure = run.sure_first < run.sure_end
        middle = x((run.first + run.end) / 2)
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

    def _ticks(self, sector: str, agency: str, facts: Sequence[Fact]) -> Item:
        ticks = tuple(sorted((self._scale.middle(fact.first, fact.last), fact.exact) for fact in facts))
        places = [x for x, _ in ticks]
        half = 3 * self._unit
        item = Item(
            "ticks", sector, agency, places[0] - half, places[0], places[-1], places[-1] + half, "",
            ticks=ticks, events=tuple(fact.id for fact in facts),
        )  # fmt: skip
        count = f"×{len(facts)}"  # noqa: RUF001 - times
        names = (f"{agency} {count}", count) if len(facts) > 1 else (agency, count)
        return self._labelled(item, names)

    def _labelled(self, item: Item, labels: Sequence[str]) -> Item:
        """Where the label goes: in the bar, else beside it, else shortened."""
        unit, scale = self._unit, self._scale
        gap = 8 * unit
        plain = replace(item, left=item.low - 2 * unit, right=item.high + 2 * unit)
        for label in labels:
            if item.kind != "ticks" and inside(item, self._ruler.width(label), unit):
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
        if inner >= rooms[side] - gap and item.kind != "ticks":
            short = shorten(label, inner, self._ruler)
            return replace(item, label=short, side="in" if short else "none")
        short = shorten(label, rooms[side] - 2 * gap, self._ruler)
        if item.kind == "ticks" and short != label:
            return replace(item, label=label, side="over")
        edge = self._ruler.width(short) + 2 * gap
        if side == "left":
            return replace(item, label=short, side=side, left=item.low - edge)
        return replace(item, label=short, side=side, right=item.high + edge)

    def pack(self, items: Sequence[Item], sectors: Iterable[str], most: int) -> list[Lane]:
        """The lanes, with together at most `most` rows (and always one each)."""
        names = sector_order([*sectors, *(item.sector for item in items)])
        caps: dict[str, int] = {}
        lanes = [self._lane(name, items, None) for name in names]
        while sum(lane.rows for lane in lanes) > max(most, len(lanes)):
            largest = max(lanes, key=lambda lane: (lane.rows, -names.index(lane.sector)))
            caps[largest.sector] = largest.rows - 1
            lanes = [
                self._lane(lane.sector, items, caps[lane.sector]) if lane is largest else lane
                for lane in lanes
            ]
        return lanes

    def _lane(self, sector: str, items: Sequence[Item], cap: int | None) -> Lane:
        own = sorted(
            (i for i in items if i.sector == sector), key=lambda i: (i.left, i.right, i.kind, i.agency)
        )
        ends: list[float] = []
        placed: list[Item] = []
        for item in own:
            row = next((at for at, end in enumerate(ends) if item.left >= end), len(ends))
            ends[row : row + 1] = [item.right + 4 * self._unit]
            placed.append(replace(item, row=row))
        if cap is None or len(ends) <= cap:
            return Lane(sector, tuple(placed), max(1, len(ends)))
        kept = tuple(item for item in placed if item.row < cap - 1)
        rest = [item for item in placed if item.row >= cap - 1]
        return Lane(sector, (*kept, *self._union(rest, cap - 1)), cap, tuple(rest))

    def _union(self, rest: Sequence[Item], row: int) -> list[Item]:
        """Bars without a name, those that overlap drawn as one, and all their ticks with one count."""
        bars = sorted((i for i in rest if i.kind != "ticks"), key=lambda i: (i.low, i.high))
        merged: list[Item] = []
        for bar in bars:
            last = merged[-1] if merged else None
            if last is not None and bar.low <= last.high:
                after = bar.after if bar.high > last.high else last.after
                high = max(last.high, bar.high)
                sure = _whole(last) and _whole(bar)
                low, sure_high = (last.low, high) if sure else (last.low, last.low)
                merged[-1] = replace(
                    last,
                    high=high,
                    sure_low=low,
                    sure_high=sure_high,
                    after=after,
                    events=last.events + bar.events,
                )
            else:
                middle = (bar.low + bar.high) / 2
                low, high = (bar.low, bar.high) if _whole(bar) else (middle, middle)
                merged.append(
                    replace(bar, kind="bar", sure_low=low, sure_high=high, label="", side="none", row=row)
                )
        ticks = sorted(tick for item in rest for tick in item.ticks)
        events = tuple(event for item in rest if item.kind == "ticks" for event in item.events)
        count = len(bars) + len(ticks)
        label = f"×{count}"  # noqa: RUF001 - times
        low = min(item.low for item in rest)
        high = max(item.high for item in rest)
        first = rest[0]
        total = Item(
            "ticks", first.sector, "", low, low, high, high, "", ticks=tuple(ticks), events=events, row=row
        )
        return [*merged, replace(self._labelled(total, (label,)), row=row)]


def _whole(item: Item) -> bool:
    """Whether a bar is sure from its first day to its last."""
    return item.sure_low <= item.low and item.sure_high >= item.high


def regions(item: Item, unit: float) -> list[tuple[float, float, bool]]:
    """The stretches of a bar on which text can stand, and whether they are sure cover."""
    inset = 10 * unit
    if item.kind == "wait":
        return [(item.low + inset, item.high - inset, False)]
    sure = item.sure_high > item.sure_low
    before = (22 if item.before else 10) * unit
    after = (22 if item.after else 10) * unit
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
