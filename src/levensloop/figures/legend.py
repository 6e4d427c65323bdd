"""The legend: only the signs that the page shows, in at most two lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from levensloop.figures import remarks, signs
from levensloop.figures.scene import Line, Mark, Rect, Text
from levensloop.figures.style import FINDINGS, FINDINGS_LIGHT, GREY, INK, WHITE, Size, tint
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler

_ORDER = ("parents", "youth", "school", "gp", "agency", "municipality", "court", "other")


@dataclass(frozen=True)
class Entry:
    """A sign with its word; `width` is that of the sign, `draw` puts it at (x, middle)."""

    text: str
    width: float
    draw: Callable[[float, float], list[Mark]]
    bold: bool = False
    after: float = 0.0
    spare: bool = False


def _nothing(x: float, y: float) -> list[Mark]:
    del x, y
    return []


def _balloon(u: float, x: float, y: float) -> list[Mark]:
    return [replace(remarks.outline(x, x + 28 * u, y + 7 * u, 20 * u), role="legend")]


def _initiatives(used: Iterable[str], words: Words, unit: float) -> list[Entry]:
    shown = [who for who in _ORDER if who in set(used)]
    if not shown:
        return []
    entries = [Entry(words.say("legend_initiative"), 0, _nothing, bold=True)]
    for who in shown:

        def sign(x: float, y: float, who: str = who) -> list[Mark]:
            return signs.initiative(who, x + 10 * unit, y, 20 * unit)

        entries.append(Entry(words.label("initiatives", who), 28 * unit, sign))
    entries.append(Entry(words.say("legend_none"), 0, _nothing, after=14 * unit, spare=True))
    return entries


def entries(used: Iterable[str], shown: Iterable[str], words: Words, unit: float) -> list[Entry]:
    """What the legend must explain.

    Parameters
    ----------
    used : iterable of str
        Who took an initiative, in the boxes of this page.
    shown : iterable of str
        Which of ``gap``, ``wait``, ``handover``, ``fuzzy``, ``limit``, ``counted``, ``ticks``, ``follows``
        (certain findings), ``maybe`` (findings and cover that are only possible) and ``remark`` (what people
        say) the page shows.
    words : Words
        The language.
    unit : float
        A pixel of the wall.
    """
    u = unit
    wide = 50 * u

    def gap(x: float, y: float) -> list[Mark]:
        return signs.hatch(Rect(x, y - 10 * u, wide - 8 * u, 20 * u), u, FINDINGS, "legend")

    def wait(x: float, y: float) -> list[Mark]:
        return [Rect(x, y - 10 * u, wide - 8 * u, 20 * u, WHITE, INK, 2.4 * u, (1, 1.2), "legend")]

    def handover(x: float, y: float) -> list[Mark]:
        return signs.arrow(((x, y), (x + wide - 10 * u, y)), u, "legend")

    def fuzzy(x: float, y: float) -> list[Mark]:
        return [signs.lens(x, x + wide - 10 * u, x + wide / 2 - 5 * u, y, (5 * u, INK))]

    def limit(x: float, y: float) -> list[Mark]:
        return [Line(((x + 8 * u, y - 13 * u), (x + 8 * u, y + 13 * u)), FINDINGS, 3 * u, (3, 2), "legend")]

    def ticks(x: float, y: float) -> list[Mark]:
        return [Rect(x, y - 10 * u, 5 * u, 20 * u, INK, role="legend")]

    def counted(x: float, y: float) -> list[Mark]:
        bar = Rect(x, y - 9 * u, wide - 12 * u, 16 * u, GREY, role="legend")
        marks = [
            Rect(x + at * u, y + 1 * u, 6 * u, 9 * u, INK, WHITE, 1.2 * u, role="legend") for at in (8, 24)
        ]
        return [bar, *marks]

    def follows(x: float, y: float) -> list[Mark]:
        return [Rect(x, y - 9 * u, wide - 12 * u, 18 * u, WHITE, FINDINGS, 2.4 * u, role="legend")]

    def maybe(x: float, y: float) -> list[Mark]:
        light = tint(GREY, 0.25)
        return [Rect(x, y - 9 * u, wide - 12 * u, 18 * u, light, FINDINGS_LIGHT, 2 * u, (4, 2), "legend")]

    signs_of: dict[str, tuple[float, Callable[[float, float], list[Mark]]]] = {
        "gap": (wide, gap),
        "wait": (wide, wait),
        "handover": (wide, handover),
        "fuzzy": (wide, fuzzy),
        "limit": (20 * u, limit),
        "counted": (wide - 4 * u, counted),
        "ticks": (14 * u, ticks),
        "follows": (wide - 4 * u, follows),
        "maybe": (wide - 4 * u, maybe),
        "remark": (36 * u, partial(_balloon, u)),
    }
    present = set(shown)
    rest = [Entry(words.say(f"legend_{n}"), w, d) for n, (w, d) in signs_of.items() if n in present]
    return _initiatives(used, words, unit) + rest


def lines(found: list[Entry], room: float, ruler: Ruler) -> list[list[Entry]]:
    """Entries in lines no wider than `room`; what may be missed goes if that saves a line."""
    unit = ruler.size / 24
    full = _wrapped(found, room, ruler, unit)
    brief = _wrapped([entry for entry in found if not entry.spare], room, ruler, unit)
    return brief if len(brief) < len(full) else full


def _wrapped(found: list[Entry], room: float, ruler: Ruler, unit: float) -> list[list[Entry]]:
    wrapped: list[list[Entry]] = []
    used = 0.0
    for entry in found:
        width = entry.width + ruler.width(entry.text, bold=entry.bold) + 22 * unit + entry.after
        if not wrapped or used + width - 22 * unit > room:
            wrapped.append([])
            used = 0.0
        wrapped[-1].append(entry)
        used += width
    return wrapped


def legend(lines: list[list[Entry]], left: float, bottom: float, size: Size, ruler: Ruler) -> list[Mark]:
    """The marks of the legend with its last line standing on `bottom`."""
    unit = size.unit
    marks: list[Mark] = []
    for at, line in enumerate(lines):
        base = bottom - (len(lines) - 1 - at) * 36 * unit - 6 * unit
        x = left
        for entry in line:
            marks += entry.draw(x, base - 9 * unit)
            marks.append(
                Text(x + entry.width, base, entry.text, size.small, INK, entry.bold, "left", "legend")
            )
            x += entry.width + ruler.width(entry.text, bold=entry.bold) + 22 * unit + entry.after
    return marks
