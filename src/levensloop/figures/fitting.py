"""Fits the facts of a page on a sheet: which have a box, how high the lanes are, what is left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from levensloop.figures import lanes, legend, tags
from levensloop.figures.arrange import Arrangement, Arranger, Room, Slot, slots
from levensloop.figures.axis import Scale, strip_height
from levensloop.figures.boxmarks import MOST_LEVELS, fan
from levensloop.figures.case import Case, Fact, Seen
from levensloop.figures.lanes import Lane, Packer
from levensloop.figures.notes import Shaper, note
from levensloop.figures.pages import Page
from levensloop.figures.style import Size
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure, Ruler

MINOR: Final = 35
_TALL: Final = 1500
_WEIGHTS: Final = {
    "death": 95, "diagnosis": 90, "dropout": 88, "refusal": 86, "court": 75, "offence": 74, "signal": 72,
    "qualification": 70, "measure": 70, "voice": 70, "report": 68, "care": 66, "care_start": 66, "referral": 66,
    "assessment": 66, "transfer": 65, "school": 64, "school_start": 64, "application": 62, "benefit": 62,
    "birth": 60, "indication": 60, "coordination": 60, "move": 55, "waitlist": 55, "work": 55, "family": 50,
    "care_end": 46, "review": 45, "school_end": 42, "plan": 40, "intake": 40, "absence": 30, "evaluation": 25,
    "consultation": 20, "contact": 10,
}  # fmt: skip


def weigh(fact: Fact, evidence: frozenset[str]) -> float:
    """How much a fact asks for a box."""
    weight = _WEIGHTS.get(fact.kind, 15) + (5 if fact.what else 0) + (25 if fact.id in evidence else 0)
    if fact.initiative in {"parents", "youth"}:
        weight += 8
    return weight - (10 if fact.about != "youth" else 0)


@dataclass(frozen=True)
class Desk:
    """What every page of a figure shares."""

    case: Case
    size: Size
    words: Words
    measure: Measure
    mask: Callable[[str], str]
    findings: bool

    @property
    def ruler(self) -> Ruler:
        """The font of everything outside the boxes."""
        return Ruler(self.measure, self.size.small, self.size.width)


@dataclass(frozen=True)
class Way:
    """How hard to try.

    Parameters
    ----------
    brief : bool
        Leave out the reasons of facts that have a text of their own.
    tag_rows : int or None
        At most so many rows of findings.
    cut : bool
        Let long texts end in an ellipsis.
    """

    brief: bool = False
    tag_rows: int | None = None
    cut: bool = False


@dataclass(frozen=True)
class Fit:
    """A page that fits."""

    page: Page
    scale: Scale
    room: Room
    lanes: tuple[Lane, ...]
    row: float
    tags: tuple[tags.Tag, ...]
    left_out: tuple[Seen, ...]
    arrangement: Arrangement
    ticked: tuple[Fact, ...]
    legend: list[list[legend.Entry]]
    head_lines: int


class Fitter:
    """Tries to fit one page.

    Parameters
    ----------
    desk : Desk
        Size, language and font.
    page : Page
        Which facts, over which days.
    """

    def __init__(self, desk: Desk, page: Page) -> None:
        self._desk = desk
        self._page = page
        seen = tags.on_page(desk.case.seen, page.start, page.end) if desk.findings else []
        self._seen = seen
        evidence = (
            frozenset(event for s in desk.case.seen for event in s.evidence)
            if desk.findings
            else frozenset[str]()
        )
        turns = {turn.fact for turn in (page.opens, page.closes) if turn is not None}
        self.weights = {f.id: weigh(f, evidence) + (100 if f.id in turns else 0) for f in page.facts}
        self._notes = {
            brief: {fact.id: note(fact, desk.words, desk.mask, brief=brief) for fact in page.facts}
            for brief in (False, True)
        }
        widest = 400 * desk.size.unit
        rulers = [Ruler(desk.measure, letter, widest) for letter in desk.size.body]
        self._shapers = {brief: [Shaper(ruler, desk.size) for ruler in rulers] for brief in (False, True)}

    def ranked(self) -> list[Fact]:
        """The facts of the page, those that most ask for a box first."""
        return sorted(self._page.facts, key=lambda f: (-self.weights[f.id], f.middle, f.order))

    def major(self) -> list[Fact]:
        """The facts that are more than a contact."""
        return [fact for fact in self.ranked() if self.weights[fact.id] >= MINOR]

    def fit(self, boxed: Sequence[Fact], way: Way = Way()) -> Fit | None:
        """The page with a box for each of `boxed`, or nothing."""
        desk, page, size = self._desk, self._page, self._desk.size
        u = size.unit
        ids = {fact.id for fact in boxed}
        facts = [fact for fact in page.facts if fact.id in ids]
        ticked = tuple(fact for fact in page.facts if fact.id not in ids)
        scale = self._scale()
        packer = Packer(page, scale, desk.ruler, desk.words, u)
        items = packer.items(desk.case.runs, self._seen, ticked, desk.case.facts)
        sectors = self._sectors()
        placed, left_out = tags.place(
            self._seen, scale, desk.ruler, desk.words, way.tag_rows or _tag_rows(sectors, size)
        )
        keys = self._keys(facts, ticked)
        lines = legend.lines(keys, size.width - 2 * size.margin, desk.ruler)
        head_lines = 2 if ticked or left_out or way.brief else 1
        free = size.height - self._fixed(head_lines, len(lines), placed)
        most = int((free - 340 * u) / (32 * u))
        packed = packer.pack(items, sectors, most)
        rows = sum(lane.rows for lane in packed)
        row = (36 if rows <= 8 else 32) * u  # noqa: PLR2004 - rows that leave room for boxes
        places = slots(facts, scale)
        height = free - rows * row - self._fans(places)
        room = Room(size.margin, size.width - size.margin, height, u)
        arranger = Arranger([self._notes[way.brief][fact.id] for fact in facts], places, room)
        made = arranger.best(self._shapers[way.brief], cut=way.cut)
        if made is None or self._over(made, room, height + self._fans(places)):
            return None
        return Fit(
            page,
            scale,
            room,
            tuple(packed),
            row,
            tuple(placed),
            tuple(left_out),
            made,
            ticked,
            lines,
            head_lines,
        )

    def _over(self, made: Arrangement, room: Room, height: float) -> bool:
        fans = sum(fan([box for box in made.placed if box.side == side], room.unit) for side in (0, 1))
        return made.height(room) + fans > height + 1

    def _fans(self, places: Sequence[Slot]) -> float:
        u = self._desk.size.unit
        fuzzy = sorted((slot.low, slot.high) for slot in places if slot.high - slot.low > 2 * u)
        ends: list[float] = []
        for low, high in fuzzy:
            level = next((at for at, end in enumerate(ends) if low >= end + 6 * u), len(ends))
            ends[level : level + 1] = [high]
        return (64 + 8 * min(2 * MOST_LEVELS, len(ends) + 1)) * u

    def _fixed(self, head_lines: int, legend_lines: int, placed: Sequence[tags.Tag]) -> float:
        size = self._desk.size
        return (
            header_height(size, head_lines)
            + legend_height(size, legend_lines)
            + strip_height(size)
            + findings_height(size, placed, shown=self._desk.findings and bool(self._seen))
            + 2 * size.margin
            + 8 * size.unit
        )

    def _sectors(self) -> list[str]:
        page, case = self._page, self._desk.case
        own = {fact.sector for fact in page.facts}
        own |= {run.sector for run in case.runs if run.first < page.end and run.end > page.start}
        own |= {lanes.wait_sector(s, case.facts) for s in self._seen if s.detector == "Waiting"}
        for seen in self._seen:
            own |= lanes.hatched(seen, case.runs, own)
        return sorted(own) or ["other"]

    def _scale(self) -> Scale:
        size, words = self._desk.size, self._desk.words
        ruler = self._desk.ruler
        names = [words.label("sectors", sector) for sector in [*self._sectors()]]
        title = ruler.width(words.say("findings"), bold=True) - 34 * size.unit
        widest = max([*(ruler.width(name) for name in names), title if self._seen else 0.0])
        left = size.margin + widest + 58 * size.unit
        return Scale(self._page.start, self._page.end, left, size.width - size.margin)

    def _keys(self, facts: Sequence[Fact], ticked: Sequence[Fact]) -> list[legend.Entry]:
        shown: set[str] = set()
        gaps = [s for s in self._seen if s.detector in {"Gap", "OutOfView"}]
        page, runs = self._page, self._desk.case.runs
        here = [run for run in runs if run.first < page.end and run.end > page.start]
        shown |= {"gap"} if any(s.certain for s in gaps) else set()
        shown |= {"gap_possible"} if any(not s.certain for s in gaps) else set()
        waits = any(run.role == "wait" for run in here) or any(s.detector == "Waiting" for s in self._seen)
        shown |= {"wait"} if waits else set()
        shown |= {"handover"} if any(s.detector == "Handover" for s in self._seen) else set()
        shown |= {"limit"} if any(s.limit is not None for s in self._seen) else set()
        shown |= {"fuzzy"} if any(not fact.exact for fact in facts) else set()
        fuzzy = any(r.first < r.sure_first or r.sure_end < r.end for r in here if r.role != "wait")
        shown |= {"possible"} if fuzzy else set()
        shown |= {"ticks"} if ticked else set()
        used = {fact.initiative for fact in facts if fact.initiative}
        return legend.entries(used, shown, self._desk.words, self._desk.size.unit)


def _tag_rows(sectors: Sequence[str], size: Size) -> int:
    """Rows for findings: fewer where many lanes leave less room."""
    if size.height > _TALL * size.unit:
        return 4
    return 4 if len(sectors) < 6 else 3 if len(sectors) < 8 else 2  # noqa: PLR2004


def header_height(size: Size, lines: int) -> float:
    """Headline, subtitle and the white under them."""
    return size.head * 1.15 + lines * 1.4 * size.small + 16 * size.unit


def legend_height(size: Size, lines: int) -> float:
    """The legend and the white above it."""
    return (36 * lines + 12) * size.unit if lines else 0.0


def findings_height(size: Size, placed: Sequence[tags.Tag], *, shown: bool) -> float:
    """The lane of the findings."""
    rows = 1 + max((tag.row for tag in placed), default=0)
    return (rows * 42 + 10) * size.unit if shown else 0.0
