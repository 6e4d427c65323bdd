"""Fits the facts of a page on a sheet: which have a box, how high the lanes are, what is left."""

from collections.abc import Sequence
from typing import Final

from levensloop.figures import legend, tags
from levensloop.figures.arrange import Arranger
from levensloop.figures.axis import Scale, strip_height
from levensloop.figures.boxmarks import MOST_LEVELS, fan
from levensloop.figures.case import Fact, Seen
from levensloop.figures.fit import Desk, Fit, Way, findings_height, header_height, legend_height, tag_rows
from levensloop.figures.items import Maker
from levensloop.figures.lanes import pack
from levensloop.figures.notes import Note, Shaper, note
from levensloop.figures.pages import Page
from levensloop.figures.placing import Arrangement, Room
from levensloop.figures.sectors import hatched, hosts, wait_sector
from levensloop.figures.slots import Slot, slots
from levensloop.figures.ticks import Tick, numbered
from levensloop.figures.wrap import Ruler

MINOR: Final = 35
_BOXES: Final = 330  # the least height for boxes and leaders
_WHITE: Final = 7  # between the names of two rows, in pixels on any sheet
_ROOMY: Final = 36
_MANY: Final = 7
_PIECE: Final = 400
_WEIGHTS: Final = {
    "death": 95, "diagnosis": 90, "dropout": 88, "refusal": 86, "court": 75, "offence": 74, "signal": 72,
    "qualification": 70, "measure": 70, "voice": 120, "report": 68, "care": 66, "care_start": 66, "referral": 66,
    "assessment": 66, "transfer": 65, "school": 64, "school_start": 64, "application": 62, "benefit": 62,
    "birth": 60, "indication": 60, "coordination": 60, "move": 55, "waitlist": 55, "work": 55, "family": 50,
    "care_end": 46, "review": 45, "school_end": 42, "plan": 40, "intake": 40, "absence": 30, "evaluation": 25,
    "consultation": 20, "contact": 10,
}  # fmt: skip


def weigh(fact: Fact, evidence: frozenset[str]) -> float:
    """How much a fact asks for a box."""
    weight = _WEIGHTS.get(fact.kind, 15) + (5 if fact.what else 0) + (25 if fact.id in evidence else 0)
    weight += 40 if fact.said else 0
    if fact.initiative in {"parents", "youth"}:
        weight += 8
    return weight - (10 if fact.about != "youth" else 0)


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
        self.desk = desk
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
        hosted = hosts([f for f in page.facts if self.weights[f.id] < MINOR], desk.case.runs)
        self.hosted = frozenset(hosted)
        self._scale = self._axis()
        self._maker = Maker(page, self._scale, desk.ruler, desk.words, desk.size.unit)
        self._told: dict[bool, dict[str, Note]] = {}
        self._boxes: dict[bool, list[Shaper]] = {}
        self._placed: dict[int, tuple[list[tags.Tag], list[Seen]]] = {}

    def ranked(self) -> list[Fact]:
        """The facts of the page, those that most ask for a box first."""
        return sorted(self._page.facts, key=lambda f: (-self.weights[f.id], f.middle, f.order))

    def major(self) -> list[Fact]:
        """The facts that no bar of their own agency counts."""
        return [fact for fact in self.ranked() if fact.id not in self.hosted]

    def fit(self, boxed: Sequence[Fact], way: Way) -> Fit | None:
        """The page with a box for each of `boxed`, or nothing."""
        desk, page, size = self.desk, self._page, self.desk.size
        u = size.unit
        ids = {fact.id for fact in boxed}
        facts = [fact for fact in page.facts if fact.id in ids]
        rest = [fact for fact in page.facts if fact.id not in ids]
        ticks = numbered(rest, frozenset(f.id for f in rest if f.id in self.hosted))
        sectors = self._sectors()
        placed, left_out = self._tags(way.tag_rows or tag_rows(sectors, size))
        lines = self._legend(facts, ticks, placed)
        head_lines = 2 if rest and (way.brief or left_out) else 1
        free = size.height - self._fixed(head_lines, len(lines), placed)
        items = self._maker.items(desk.case.runs, self._seen, ticks, desk.case.facts)
        least = size.small + _WHITE
        packed = pack(self._maker, items, sectors, int((free - _BOXES * u) / least), u)
        rows = sum(lane.rows for lane in packed)
        row = max(_ROOMY * u, least) if rows <= _MANY else least
        places = slots(facts, self._scale)
        height = free - rows * row - self._fans(places)
        room = Room(size.margin, size.width - size.margin, height, u)
        arranger = Arranger([self._notes(way.brief)[fact.id] for fact in facts], places, room)
        made = arranger.best(self._shapers(way)[-way.letters :], cut=way.cut)
        if made is None or self._over(made, room, height + self._fans(places)):
            return None
        return Fit(
            page,
            self._scale,
            room,
            tuple(packed),
            row,
            tuple(placed),
            tuple(left_out),
            made,
            ticks,
            lines,
            head_lines,
        )

    def _tags(self, most: int) -> tuple[list[tags.Tag], list[Seen]]:
        if most not in self._placed:
            self._placed[most] = tags.place(self._seen, self._scale, self.desk.ruler, self.desk.words, most)
        return self._placed[most]

    def _notes(self, brief: bool) -> dict[str, Note]:  # noqa: FBT001 - the key of a cache
        if brief not in self._told:
            desk = self.desk
            self._told[brief] = {
                fact.id: note(fact, desk.words, desk.mask, brief=brief) for fact in self._page.facts
            }
        return self._told[brief]

    def _shapers(self, way: Way) -> list[Shaper]:
        if way.brief not in self._boxes:
            desk = self.desk
            rulers = [Ruler(desk.measure, letter, _PIECE * desk.size.unit) for letter in desk.size.body]
            self._boxes[way.brief] = [Shaper(ruler, desk.size) for ruler in rulers]
        return self._boxes[way.brief]

    def _over(self, made: Arrangement, room: Room, height: float) -> bool:
        fans = sum(fan([box for box in made.placed if box.side == side], room.unit) for side in (0, 1))
        return made.height(room) + fans > height + 1

    def _fans(self, places: Sequence[Slot]) -> float:
        u = self.desk.size.unit
        fuzzy = sorted((slot.low, slot.high) for slot in places if slot.high - slot.low > 2 * u)
        ends: list[float] = []
        for low, high in fuzzy:
            level = next((at for at, end in enumerate(ends) if low >= end + 6 * u), len(ends))
            ends[level : level + 1] = [high]
        return (60 + 7 * min(2 * MOST_LEVELS, len(ends) + 1)) * u

    def _fixed(self, head_lines: int, legend_lines: int, placed: Sequence[tags.Tag]) -> float:
        size = self.desk.size
        return (
            header_height(size, head_lines)
            + legend_height(size, legend_lines)
            + strip_height(size)
            + findings_height(size, placed, shown=self.desk.findings and bool(self._seen))
            + 2 * size.margin
            + 8 * size.unit
        )

    def _sectors(self) -> list[str]:
        page, case = self._page, self.desk.case
        own = {fact.sector for fact in page.facts}
        own |= {run.sector for run in case.runs if run.first < page.end and run.end > page.start}
        own |= {wait_sector(s, case.facts) for s in self._seen if s.detector == "Waiting"}
        for seen in self._seen:
            own |= hatched(seen, case.runs, own)
        return sorted(own) or ["other"]

    def _axis(self) -> Scale:
        size, words = self.desk.size, self.desk.words
        ruler = self.desk.ruler
        names = [words.label("sectors", sector) for sector in [*self._sectors()]]
        title = ruler.width(words.say("findings"), bold=True) - 34 * size.unit
        widest = max([*(ruler.width(name) for name in names), title if self._seen else 0.0])
        left = size.margin + widest + 58 * size.unit
        return Scale(self._page.start, self._page.end, left, size.width - size.margin)

    def _legend(
        self, facts: Sequence[Fact], ticks: Sequence[Tick], placed: Sequence[tags.Tag]
    ) -> list[list[legend.Entry]]:
        size = self.desk.size
        return legend.lines(self._keys(facts, ticks, placed), size.width - 2 * size.margin, self.desk.ruler)

    def _keys(
        self, facts: Sequence[Fact], ticks: Sequence[Tick], placed: Sequence[tags.Tag]
    ) -> list[legend.Entry]:
        shown: set[str] = set()
        gaps = [s for s in self._seen if s.detector in {"Gap", "OutOfView"}]
        page, runs = self._page, self.desk.case.runs
        here = [run for run in runs if run.first < page.end and run.end > page.start]
        shown |= {"gap"} if gaps else set()
        waits = any(run.role == "wait" for run in here) or any(s.detector == "Waiting" for s in self._seen)
        shown |= {"wait"} if waits else set()
        shown |= {"handover"} if any(s.detector == "Handover" for s in self._seen) else set()
        shown |= {"limit"} if any(s.limit is not None for s in self._seen) else set()
        shown |= {"fuzzy"} if any(not fact.exact for fact in facts) else set()
        fuzzy = any(r.first < r.sure_first or r.sure_end < r.end for r in here if r.role != "wait")
        shown |= {"maybe"} if fuzzy else set()
        shown |= {"ticks"} if any(tick.number for tick in ticks) else set()
        shown |= {"counted"} if any(not tick.number for tick in ticks) else set()
        shown |= {"follows"} if any(s.certain for s in self._seen) else set()
        shown |= {"maybe"} if any(not s.certain for s in self._seen) else set()
        said = any(fact.said for fact in facts) or any(tag.said for tag in placed)
        shown |= {"remark"} if said else set()
        used = {fact.initiative for fact in facts if fact.initiative}
        return legend.entries(used, shown, self.desk.words, self.desk.size.unit)
