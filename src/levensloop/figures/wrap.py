"""Text without drawing: cleaning, measuring behind an interface, and breaking into lines."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

ELLIPSIS: Final = "…"
_MARKS: Final = 1
_LONG: Final = 14


class Measure(Protocol):
    """What the layout asks of a font."""

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width in pixels of one line."""
        ...

    def missing(self, text: str) -> frozenset[str]:
        """The characters of `text` that no font has."""
        ...


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    r"""One line: white space folded, control characters gone, at most one mark on a letter.

    Examples
    --------
    >>> clean(" a\tb\n c\u0000 ")
    'a b c'
    """
    kept: list[str] = []
    stacked = 0
    for letter in unicodedata.normalize("NFC", text):
        category = unicodedata.category(letter)
        # An accent that is part of its letter counts as the first mark.
        stacked = stacked + 1 if category == "Mn" else int(bool(unicodedata.decomposition(letter)))
        if category[0] == "Z" or letter in "\t\n\r\v\f":
            kept.append(" ")
        elif category[0] != "C" and stacked <= _MARKS:
            kept.append(letter)
    return re.sub(" +", " ", "".join(kept)).strip()


def leftward(text: str) -> bool:
    """Whether a text is read from right to left: its first letter with a direction says so.

    Examples
    --------
    >>> leftward("2 \u05e9\u05dc\u05d5\u05dd"), leftward("ok")
    (True, False)
    """
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return next((way != "L" for way in ways if way in {"L", "R", "AL"}), False)


def masker(youth: str, initial: str) -> Callable[[str], str]:
    """A function that puts `initial` in the place of the youth's key.

    Examples
    --------
    >>> masker("jorien", "J")("Jorien wil naar huis")
    'J wil naar huis'
    """
    if len(youth) < 3 or youth == initial:  # noqa: PLR2004 - one or two letters are words of their own
        return lambda text: text
    pattern = re.compile(rf"(?<!\w){re.escape(youth)}(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(initial, text)


@dataclass(frozen=True)
class Word:
    """A piece that is not broken; `glued` if no space comes before it."""

    text: str
    bold: bool
    width: float
    glued: bool = False


@dataclass(frozen=True)
class Wrapped:
    """Lines of (text, bold) runs; `cut` if words are missing."""

    lines: tuple[tuple[tuple[str, bool], ...], ...]
    cut: bool = False


@dataclass(frozen=True)
class Ruler:
    """A measure at one letter height.

    Parameters
    ----------
    measure : Measure
        The font.
    size : float
        Letter height in pixels.
    widest : float
        No piece is wider: longer words are broken, evenly.
    """

    measure: Measure
    size: float
    widest: float

    def width(self, text: str, *, bold: bool = False) -> float:
        """Width in pixels."""
        return self.measure.width(text, self.size, bold=bold)

    def space(self, *, bold: bool) -> float:
        """Width of a space."""
        return self.width("x x", bold=bold) - self.width("xx", bold=bold)

    def pieces(self, text: str, *, bold: bool) -> list[Word]:
        """The words of a text; long ones may break after / and -, and anywhere if they must."""
        found: list[Word] = []
        for token in text.split(" "):
            parts = (
                re.findall(r"[^/\-\u2013]*[/\-\u2013]|[^/\-\u2013]+", token)
                if len(token) > _LONG
                else [token]
            )
            glued = False
            for part in parts:
                for piece in self._fitting(part, bold=bold):
                    found.append(Word(piece, bold, self.width(piece, bold=bold), glued))
                    glued = True
        return found

    def _fitting(self, part: str, *, bold: bool) -> list[str]:
        width = self.width(part, bold=bold)
        if width <= self.widest:
            return [part]
        hyphen = self.width("-", bold=bold)
        room = self.widest - 2 * hyphen
        count = int(width // room) + 1 if room > 0 else len(part)
        while count < len(part):
            step = -(-len(part) // count)
            pieces = [part[at : at + step] for at in range(0, len(part), step)]
            pieces = [piece + "-" for piece in pieces[:-1]] + pieces[-1:]
            if max(self.width(piece, bold=bold) for piece in pieces) <= self.widest:
                return pieces
            count += 1
        return list(part)


def fill(words: Sequence[Word], widths: Callable[[int], float], ruler: Ruler) -> list[list[Word]]:
    """Greedy lines; `widths` gives the room on each line."""
    lines: list[list[Word]] = [[]]
    used = 0.0
    for word in words:
        gap = 0.0 if word.glued or not lines[-1] else ruler.space(bold=word.bold)
        if lines[-1] and used + gap + word.width > widths(len(lines) - 1):
            lines.append([])
            used, gap = 0.0, 0.0
        lines[-1].append(word)
        used += gap + word.width
    return lines


def runs(line: Sequence[Word]) -> tuple[tuple[str, bool], ...]:
    """Words next to one another of one weight, joined."""
    joined: list[tuple[str, bool]] = []
    for word in line:
        glue = "" if word.glued or not joined else " "
        if joined and joined[-1][1] == word.bold:
            joined[-1] = (joined[-1][0] + glue + word.text, word.bold)
        else:
            joined.append((word.text, word.bold))
    return tuple(joined)


def shorten(text: str, room: float, ruler: Ruler, *, bold: bool = False) -> str:
    """`text`, cut with an ellipsis where it is wider than `room`; empty if nothing fits."""
    if ruler.width(text, bold=bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if ruler.width(text[:middle].rstrip() + ELLIPSIS, bold=bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS if low else ""
