"""What findings say and where their tags stand: brackets packed over the axis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10
from typing import Final

from levensloop.figures.axis import Scale
from levensloop.figures.case import Seen
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler, clean, shorten

MOST_ROWS: Final = 4
_WEIGHTS: Final = {
    ("AgeLimit", "dropped"): 100,
    ("AgeLimit", "returned"): 80,
    ("AgeLimit", "too_young"): 85,
    ("AgeLimit", "refused_near_limit"): 82,
    ("Handover", "lost"): 90,
    ("Handover", "refused"): 70,
    ("Handover", "arrived"): 25,
    ("OutOfView", "unexplained"): 84,
    ("Gap", "unexplained"): 78,
    ("Gap", "waiting"): 72,
    ("Gap", "after_goal"): 35,
    ("Waiting", "started"): 55,
    ("Waiting", "ongoing"): 68,
    ("Waiting", "refused"): 66,
    ("Waiting", "ended"): 60,
}


@dataclass(frozen=True)
class Tag:
    """A finding on the page: bracket [low, high], its tag in the middle, its row."""

    seen: Seen
    text: str
    low: float
    high: float
    tag_left: float
    tag_right: float
    row: int = 0
    shortened: bool = False


def salience(seen: Seen) -> float:
    """How much a finding asks to be shown: by its kind, whether it is certain, its length."""
    weight = _WEIGHTS.get((seen.detector, seen.outcome), 20)
    if seen.over_norm == "certain":
        weight += 20
    length = log10(1 + max(0, seen.days[0]))
    return (weight if seen.certain else 0.6 * weight) + 2 * length


def _rule(seen: Seen, words: Words) -> str:
    age = words.say("age_limit", {"age": seen.age}) if seen.age is not None else seen.rule.replace("_", " ")
    return age or seen.detector


def tell(seen: Seen, words: Words, *, named: bool = False) -> str:
    """The sentence of a finding; with its bounds, and said to be possible where it is.

    With `named` an age limit is told with the whole name of its rule.
    """
    text = _told(seen, words)
    name = seen.rule_names.get(words.lang, seen.rule.replace("_", " "))
    if named and name and seen.detector == "AgeLimit":
        text = f"{text} · {name}"
    if seen.norm is not None and seen.detector == "Waiting":
        norm = words.days((seen.norm, seen.norm), ongoing=False)
        text = f"{text} {words.say('norm', {'norm': norm})}"
    return clean(text if seen.certain else words.say("possible", {"text": text}))


def _told(seen: Seen, words: Words) -> str:
    days = words.days(seen.days, ongoing=seen.ongoing)
    values = {"agency": seen.agency, "to": seen.to_agency, "days": days, "age": _rule(seen, words)}
    if seen.detector == "Gap":
        key = {"waiting": "gap_waiting", "after_goal": "gap_after_goal", "unobserved": "gap_unobserved"}
        text = words.say(key.get(seen.outcome, "gap_unexplained"), values)
        sector = words.label("sectors", seen.sector) if seen.sector else ""
        return words.say("in_sector", {"sector": sector, "text": text}) if sector else text
    if seen.detector == "OutOfView":
        return words.say("view_unobserved" if seen.outcome == "unobserved" else "view_unexplained", values)
    if seen.detector == "Waiting" and seen.outcome in {"started", "refused", "ended", "ongoing"}:
        return words.say(f"wait_{seen.outcome}", values)
    if seen.detector == "Handover" and seen.outcome in {"arrived", "lost", "refused", "pending"}:
        return words.say(f"handover_{seen.outcome}", values)
    if seen.detector == "AgeLimit" and (seen.detector, seen.outcome) in _WEIGHTS | {
        (seen.detector, "unobserved"): 0
    }:
        bridge = words.say("no_care_after")
        return words.say(f"limit_{seen.outcome}", {**values, "bridge": bridge})
    outcome = seen.outcome.replace("_", " ")
    return words.say("other_finding", {"name": seen.detector, "outcome": f"{outcome}, {days}"})


def on_page(seen: Sequence[Seen], start: int, end: int) -> list[Seen]:
    """The findings that have a day in [start, end)."""
    return [s for s in seen if s.start < end and s.end > start]


def place(
    seen: Sequence[Seen], scale: Scale, ruler: Ruler, words: Words, most: int = MOST_ROWS
) -> tuple[list[Tag], list[Seen]]:
    """Tags in at most `most` rows, and the findings that found no room."""
    unit = ruler.size / 24
    tags: list[Tag] = []
    ends: list[list[tuple[float, float]]] = [[] for _ in range(most)]
    left_out: list[Seen] = []
    for item in sorted(seen, key=lambda s: (-salience(s), s.start, s.order)):
        tag = _tag(item, scale, ruler, words, unit)
        low, high = min(tag.low, tag.tag_left) - 8 * unit, max(tag.high, tag.tag_right) + 8 * unit
        free = (
            row
            for row, taken in enumerate(ends)
            if all(high <= other[0] or low >= other[1] for other in taken)
        )
        row = next(free, None)
        if row is None:
            left_out.append(item)
        else:
            ends[row].append((low, high))
            tags.append(replace(tag, row=row))
    return tags, left_out


def _tag(seen: Seen, scale: Scale, ruler: Ruler, words: Words, unit: float) -> Tag:
    pad = 12 * unit
    low, high = scale.x(seen.start), scale.x(seen.end)
    if seen.detector == "AgeLimit" and seen.limit is not None:
        low = min(low, scale.x(seen.limit[0]))
        high = max(high, scale.x(seen.limit[1]))
    room = scale.right - scale.left - 2 * pad
    full = tell(seen, words, named=True)
    full = full if ruler.width(full, bold=True) <= room else tell(seen, words)
    text = shorten(full, room, ruler, bold=True)
    width = ruler.width(text, bold=True) + 2 * pad
    left = min(max((low + high - width) / 2, scale.left), scale.right - width)
    return Tag(seen, text, low, high, left, left + width, shortened=text != full)
