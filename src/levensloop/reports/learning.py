"""What a session learned: points under the eight aspects, saved with the case and shown the next time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from levensloop.figures.letters import legal
from levensloop.measures.aspects import known
from levensloop.text import LANGUAGES, say

#: The fields that people fill in, in the order of the form.
FILLED: Final = ("learned", "who", "when")


@dataclass(frozen=True, slots=True)
class Learning:
    """One thing that was learned, and what follows from it.

    Parameters
    ----------
    aspect : str
        One of the eight aspects, or ``other``.
    learned : str
        What.
    who : str
        Who does what, by role.
    when : str
        By when; in words or as a day.

    Examples
    --------
    >>> Learning("continuity", "Ask who takes over", who="behavioural scientist").when
    ''
    """

    aspect: str
    learned: str
    who: str = ""
    when: str = ""


def problems(given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is wrong with the fields of a learning point: which field, what, and a hint."""
    found: list[tuple[str, str, str]] = []
    aspects = (*known(), "other")
    if given["aspect"] not in aspects:
        found.append(("aspect", "it is under no aspect that is known", f"choose {', '.join(aspects)}"))
    if not isinstance(given["learned"], str) or not given["learned"].strip():
        found.append(("learned", "it is not told what was learned", "write it down, or leave the row empty"))
    for name in FILLED:
        text = given[name]
        if not isinstance(text, str):
            found.append((name, "it is no text", "write it between quotation marks"))
        elif legal(text) != text:
            found.append((name, "it holds a character that no document may hold", "take it out"))
    return found


def aspect_named(label: str) -> str:
    """The aspect that a label names in either language, or by its word; empty if none.

    Examples
    --------
    >>> aspect_named("Continuïteit"), aspect_named("continuity"), aspect_named("else")
    ('continuity', 'continuity', '')
    """
    names = {word.casefold(): word for word in (*known(), "other")}
    for lang in LANGUAGES:
        names |= {aspect.names[lang].casefold(): word for word, aspect in known().items()}
        names[say("case.other", lang).casefold()] = "other"
    return names.get(label.strip().casefold(), "")


def learning_rows(points: Sequence[Learning], lang: str) -> tuple[tuple[str, ...], ...]:
    """The form with what was learned so far: under every aspect its points, or an empty row."""
    heads = tuple(say(f"case.{key}", lang) for key in ("aspect", "learned", "who_does", "by_when"))
    rows: list[tuple[str, ...]] = []
    for word, name in aspects(lang):
        own = [point for point in points if point.aspect == word]
        rows += [(name, point.learned, point.who, point.when) for point in own]
        if not own and word != "other":
            rows.append((name, "", "", ""))
    return (heads, *rows)


def aspects(lang: str) -> list[tuple[str, str]]:
    """Every aspect with its name, ``other`` last."""
    return [*((word, one.names[lang]) for word, one in known().items()), ("other", say("case.other", lang))]
