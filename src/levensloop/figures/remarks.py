"""What people say, marked in the figure: a speech balloon with the number under which it is told.

The balloon is of a neutral colour and a shape of its own: colour means sector, and nothing here is blame.
"""

from collections.abc import Sequence
from typing import Final

from levensloop.figures.case import Remark, Seen, stances
from levensloop.figures.scene import Mark, Poly, Text
from levensloop.figures.style import GREY, INK, WHITE
from levensloop.figures.ticks import compressed
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure

_PAD: Final = 0.35  # of a letter, on both sides of the number
# Pixels on any sheet, beside and above the number: small letters too keep clear of the edge.
_LEAST: Final = 4.6
_CLEAR: Final = 3.6
_HALF: Final = 0.58
_TAIL: Final = 0.16


def label(said: Sequence[Remark]) -> str:
    """The numbers of remarks, as a balloon holds them; empty without any."""
    return compressed(remark.number for remark in said)


def width(text: str, letter: float, measure: Measure) -> float:
    """What a balloon with this text takes; nothing without text."""
    return measure.width(text, letter, bold=True) + 2 * max(_PAD * letter, _LEAST) if text else 0.0


def balloon(
    text: str, left: float, base: float, letter: float, measure: Measure, events: tuple[str, ...] = ()
) -> list[Mark]:
    """A balloon whose text stands on the line `base`, with its left edge at `left`.

    Parameters
    ----------
    text : str
        The numbers; without them there is no balloon.
    left, base, letter : float
        Where it stands, and its letter height.
    measure : Measure
        The font.
    events : tuple of str
        The facts behind it.
    """
    if not text:
        return []
    right = left + width(text, letter, measure)
    return [
        outline(left, right, base, letter, events),
        Text((left + right) / 2, base, text, letter, INK, True, "center", "remark", events),  # noqa: FBT003
    ]


def outline(left: float, right: float, base: float, letter: float, events: tuple[str, ...] = ()) -> Poly:
    """A balloon without a number."""
    middle, half = base - 0.365 * letter, max(_HALF * letter, 0.365 * letter + _CLEAR)
    top, bottom = middle - half, middle + half
    tail = (
        (left + 0.62 * letter, bottom), (left + 0.25 * letter, bottom + _TAIL * letter), (left + 0.25 * letter, bottom)
    )  # fmt: skip
    shape = ((left, top), (right, top), (right, bottom), *tail, (left, bottom))
    return Poly(shape, WHITE, GREY, 0.08 * letter, role="remark", events=events)


def with_stance(text: str, seen: Seen, words: Words) -> str:
    """The words of a finding, said to be dismissed or disputed where somebody does so.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> with_stance("no care", SimpleNamespace(said=(SimpleNamespace(stance="dismiss"),)), Words("en"))
    'dismissed: no care'
    """
    for stance in ("dismiss", "dispute"):
        if stance in stances(seen.said):
            return words.say(f"said_{stance}", {"text": text})
    return text


def aloud(text: str, said: Sequence[Remark], words: Words) -> str:
    """What a stop tells, and the numbers of what people say of it."""
    return f"{text} {words.say('said_numbers', {'numbers': label(said)})}" if said else text
