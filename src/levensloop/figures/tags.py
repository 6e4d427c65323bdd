"""Where the tags of findings stand: brackets packed over the axis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from levensloop.figures.axis import Scale
from levensloop.figures.case import Seen
from levensloop.figures.findingwords import less_likely, ranked, tell
from levensloop.figures.remarks import label, with_stance
from levensloop.figures.remarks import width as balloon_width
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler, shorten

MOST_ROWS: Final = 4
_LENGTHS: Final = 3


@dataclass(frozen=True)
class Tag:
    """A finding on the page: bracket [low, high], its tag in the middle, its row.

    `said` are the numbers of what people say of it: their balloon stands in the tag, after the text.
    """

    seen: Seen
    text: str
    low: float
    high: float
    tag_left: float
    tag_right: float
    row: int = 0
    shortened: bool = False
    said: str = ""


def on_page(seen: Sequence[Seen], start: int, end: int) -> list[Seen]:
    """The findings that have a day in [start, end)."""
    return [s for s in seen if s.start < end and s.end > start]


def place(
    seen: Sequence[Seen], scale: Scale, ruler: Ruler, words: Words, most: int = MOST_ROWS
) -> tuple[list[Tag], list[Seen]]:
    """Tags in at most `most` rows, and the findings that found no room.

    Whole sentences first; where they leave findings out, shorter ones. A wait that its lane tells
    with its days comes last, and is not left out if it has no tag.
    """
    best: tuple[list[Tag], list[Seen]] | None = None
    for least in range(_LENGTHS):
        found = _placed(seen, least, most, Pen(scale, ruler, words))
        if best is None or len(found[1]) < len(best[1]):
            best = found
        if not found[1]:
            break
    return best or ([], [])


@dataclass(frozen=True)
class Pen:
    """What a tag is written with."""

    scale: Scale
    ruler: Ruler
    words: Words

    @property
    def unit(self) -> float:
        """A pixel of the wall."""
        return self.ruler.size / 24

    def texts(self, seen: Seen) -> list[str]:
        """What a tag may say, the whole sentence first."""
        told = (
            tell(seen, self.words, named=True),
            tell(seen, self.words),
            tell(seen, self.words, short=True),
        )
        return [with_stance(text, seen, self.words) for text in told]

    def balloon(self, said: str) -> float:
        """What the balloon takes of a tag, with the white before it."""
        return balloon_width(said, self.ruler.size, self.ruler.measure) + 8 * self.unit if said else 0.0


def _placed(seen: Sequence[Seen], least: int, most: int, pen: Pen) -> tuple[list[Tag], list[Seen]]:
    """Every finding in the first row with room: what people speak of, what went well, the most telling of the rest."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(most)]
    tags: list[Tag] = []
    left_out = [one for one in less_likely(seen) if not one.said]
    order = [one for one in ranked(seen) if one not in left_out]
    well = next((one for one in order if one.detector == "WentWell"), None)
    for item in sorted(order, key=lambda one: (not one.said, one is not well, _in_lane(one))):
        found = next(_places(item, least, taken, pen), None)
        if found is None and (item.said or not _in_lane(item)):
            left_out.append(item)
        elif found is not None:
            taken[found.row].append(_span(found, pen.unit))
            tags.append(found)
    return tags, left_out


def _in_lane(seen: Seen) -> bool:
    """Whether the outline in its lane says all of a finding: a wait that is not longer than a norm."""
    return seen.detector == "Waiting" and seen.over_norm != "certain"


def _span(tag: Tag, unit: float) -> tuple[float, float]:
    return min(tag.low, tag.tag_left) - 8 * unit, max(tag.high, tag.tag_right) + 8 * unit


def _places(
    seen: Seen, least: int, taken: Sequence[Sequence[tuple[float, float]]], pen: Pen
) -> Iterator[Tag]:
    for text in dict.fromkeys(pen.texts(seen)[least:]):
        for row, spans in enumerate(taken):
            for tag in _tags(seen, text, row, pen):
                low, high = _span(tag, pen.unit)
                if all(high <= span[0] or low >= span[1] for span in spans):
                    yield tag


def _tags(seen: Seen, text: str, row: int, pen: Pen) -> Iterator[Tag]:
    """A tag in the middle of its bracket, or where it is wider, at either end of that."""
    scale, pad = pen.scale, 12 * pen.unit
    low, high = scale.x(seen.start), scale.x(seen.end)
    if seen.limit is not None and seen.detector == "AgeLimit":
        low = min(low, scale.x(seen.limit[0]))
        high = max(high, scale.x(seen.limit[1]))
    said = label(seen.said)
    balloon = pen.balloon(said)
    room = scale.right - scale.left - 2 * pad - balloon
    told = shorten(text, room, pen.ruler, bold=True)
    width = pen.ruler.width(told, bold=True) + 2 * pad + balloon
    lefts = [(low + high - width) / 2]
    if width > high - low:
        lefts += [low, high - width]
    for left in lefts:
        at = min(max(left, scale.left), scale.right - width)
        yield Tag(seen, told, low, high, at, at + width, row, shortened=told != text, said=said)
