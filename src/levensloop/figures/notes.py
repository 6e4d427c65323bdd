"""What a box says, and the shapes that it can take: narrow and high, or wide and low."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from levensloop.figures.case import Fact
from levensloop.figures.remarks import label, width
from levensloop.figures.signs import badge_side
from levensloop.figures.style import Size
from levensloop.figures.words import Words
from levensloop.figures.wrap import ELLIPSIS, Ruler, Word, Wrapped, clean, fill, runs

MOST_LINES: Final = 8
_WIDEST: Final = 700
_PIECE: Final = 400
_PAD: Final = 5.5  # pixels on any sheet: a j leans to the left
_LONGEST: Final = 400
_LEAST_CUT: Final = 3


@dataclass(frozen=True)
class Metrics:
    """The measures of a box at one letter height."""

    letter: float
    unit: float
    small: float

    @property
    def pad(self) -> float:
        """White between edge and text."""
        return max(8 * self.unit, _PAD)

    @property
    def stripe(self) -> float:
        """The coloured band at the left."""
        return 8 * self.unit

    @property
    def line(self) -> float:
        """From base line to base line."""
        return 1.24 * self.letter

    @property
    def badge(self) -> float:
        """Side of the letter badge."""
        return badge_side(self.small)

    @property
    def indent(self) -> float:
        """What the badge takes of the first line."""
        return self.badge + 7 * self.unit

    @property
    def sign(self) -> float:
        """What the sign of the initiative takes of the first line."""
        return 0.8 * self.letter + 7 * self.unit

    @property
    def between(self) -> float:
        """White between the signs of the first line."""
        return 7 * self.unit

    @property
    def frame(self) -> float:
        """Width that is not text."""
        return self.stripe + 2 * self.pad

    def height(self, lines: int) -> float:
        """Height of a box with so many lines."""
        return lines * self.line + 1.6 * self.pad


@dataclass(frozen=True)
class Shape:
    """A box that fits its text."""

    width: float
    height: float
    text: Wrapped


@dataclass(frozen=True)
class Note:
    """The words of one box: when and who, then what; `said` are the numbers of what people say of it."""

    fact: Fact
    when: str
    who: str
    what: str
    terse: bool = False
    said: str = ""


def note(fact: Fact, words: Words, mask: Callable[[str], str], *, brief: bool = False) -> Note:
    """The words of a fact; with `brief` without its reason, if it has a text of its own."""
    when = words.when(fact.first, fact.last, fact.precision)
    what = mask(clean(words.what(fact, brief=brief)))
    terse = brief and words.what(fact, brief=True) != words.what(fact)
    cut = what if len(what) <= _LONGEST else what[:_LONGEST].rstrip() + ELLIPSIS
    when = when.replace(" ", "\u00a0")
    return Note(fact, when, mask(clean(fact.agency)), cut, terse, label(fact.said))


class Shaper:
    """Breaks the words of a note into boxes.

    Parameters
    ----------
    ruler : Ruler
        The font at the letter height of the boxes.
    size : Size
        The sheet.
    """

    def __init__(self, ruler: Ruler, size: Size) -> None:
        self.metrics = Metrics(ruler.size, size.unit, size.small)
        self._ruler = ruler
        self.measure = ruler.measure
        self._widest = _WIDEST * size.unit
        self._known: dict[tuple[str, int], Shape | None] = {}
        self._words: dict[str, tuple[list[Word], list[Word]]] = {}

    def shape(self, told: Note, lines: int, *, cut: bool = False) -> Shape | None:
        """The narrowest box of at most `lines` lines; with `cut` one that leaves words out."""
        key = (told.fact.id, lines)
        if key not in self._known:
            self._known[key] = self._narrowest(told, lines)
        shape = self._known[key]
        if shape is None and ((cut and lines >= _LEAST_CUT) or lines >= MOST_LINES):
            return self._cut(told, lines)
        return shape

    def _parts(self, told: Note) -> tuple[list[Word], list[Word]]:
        if told.fact.id not in self._words:
            head = f"{told.when} {told.who}".strip()
            self._words[told.fact.id] = (
                self._ruler.pieces(head, bold=True),
                self._ruler.pieces(told.what, bold=False) if told.what else [],
            )
        return self._words[told.fact.id]

    def _lines(self, told: Note, width: float) -> list[list[Word]]:
        head, body = self._parts(told)
        inner = (width - self.metrics.frame) / 1.01
        first = inner - self.metrics.indent - self._corner(told)
        lines = fill(head, lambda at: first if at == 0 else inner, self._ruler)
        return lines + (fill(body, lambda _: inner, self._ruler) if body else [])

    def _corner(self, told: Note) -> float:
        """What the signs at the top right take of the first line: of the initiative, and of what is said."""
        metrics = self.metrics
        balloon = width(told.said, metrics.letter, self.measure) + metrics.between if told.said else 0.0
        return balloon + (metrics.sign if told.fact.initiative else 0.0)

    def _least(self, told: Note) -> float:
        head, body = self._parts(told)
        first = head[0].width + self.metrics.indent + self._corner(told)
        widest = max([first, *(word.width for word in [*head, *body])])
        return widest * 1.01 + self.metrics.frame + 1

    def _narrowest(self, told: Note, lines: int) -> Shape | None:
        low = self._least(told)
        high = max(low, self._widest)
        if len(self._lines(told, high)) > lines:
            return None
        if len(self._lines(told, low)) > lines:
            while high - low > 2:  # noqa: PLR2004 - two pixels
                middle = (low + high) / 2
                if len(self._lines(told, middle)) > lines:
                    low = middle
                else:
                    high = middle
            low = high
        return self._made(self._lines(told, low), low, cut=told.what.endswith(ELLIPSIS))

    def _made(self, lines: list[list[Word]], width: float, *, cut: bool) -> Shape:
        text = Wrapped(tuple(runs(line) for line in lines), cut)
        return Shape(round(width), self.metrics.height(len(lines)), text)

    def _cut(self, told: Note, lines: int) -> Shape:
        width = max(self._least(told), 0.8 * self._widest)
        kept = self._lines(told, width)[:lines]
        dots = Word(ELLIPSIS, kept[-1][-1].bold, self._ruler.width(ELLIPSIS), glued=True)
        inner = (width - self.metrics.frame) / 1.01
        last = list(kept[-1])
        while (
            len(last) > 1 and sum(w.width for w in last) + len(last) * 0.4 * dots.width > inner - dots.width
        ):
            last.pop()
        return self._made([*kept[:-1], [*last, dots]], width + dots.width, cut=True)
