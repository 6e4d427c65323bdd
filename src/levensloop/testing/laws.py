"""Laws that every detector keeps, tried on made-up lives: each gives sentences that say where it does not."""

import pickle
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np

from levensloop.cohort import Cohort
from levensloop.detecting import detect
from levensloop.edtf_text import read_edtf
from levensloop.testing.sketching import sketch

_SEEDS: Final = (1, 2)
_CYCLE: Final = 28  # years after which days of the week and leap days return, between 1901 and 2099
_WINDOW: Final = "window 1998-01-01..2009-12-31"
_AGENCIES: Final = ("ggz", "bjz", "gp", "school", "court")
_REASONS: Final = ("goal_reached", "no_show", "age_limit", "client_left", "")
_KINDS: Final = (
    "care", "care", "care", "referral", "report", "signal", "school", "contact", "diagnosis", "consultation",
    "evaluation", "refusal", "dropout",
)  # fmt: skip
_TOKEN: Final = re.compile(r"\d{4}(?:-\d{2}){0,2}~?")
_KEY: Final = ("youth", "agency", "to_agency", "sector", "rule")
_TOLD: Final = (
    *_KEY,
    "outcome",
    "certainty",
    "start",
    "end",
    "days_min",
    "days_max",
    "ongoing",
    "norm_days",
    "over_norm",
)

#: Lines of a sketch, youth by youth.
Lives = Mapping[str, Sequence[str]]
Law = Callable[[Any, Lives], Iterator[str]]


def broken(detector: Any) -> list[str]:  # noqa: ANN401 - anything with `detect` or `detect_one`
    """What is wrong with a detector besides its examples: a sentence a law that it does not keep."""
    wrong: dict[str, str] = {}
    for seed in _SEEDS:
        lives = made(seed)
        for name, law in LAWS.items():
            if name not in wrong:
                told = next(_tried(law, detector, lives), None)
                wrong |= {name: f"  {name}: {told}"} if told else {}
    return list(wrong.values())


def _tried(law: Law, detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    try:
        yield from law(detector, lives)
    except Exception as error:  # noqa: BLE001 - whatever a detector of somebody's own raises is its fault, and told
        yield f"it raised {type(error).__name__}: {error}"


def made(seed: int, youths: int = 6) -> Lives:
    """Made-up lives with exact and vague dates.

    Examples
    --------
    >>> len(made(1)), made(1) == made(1)
    (6, True)
    """
    dice = random.Random(seed)  # noqa: S311 - made-up lives, no secrets
    return {
        f"y{at}": [f"birth {1988 + at}-0{1 + at}-15", *(_line(dice) for _ in range(9))]
        for at in range(youths)
    }


def _line(dice: random.Random) -> str:
    agency, kind = dice.choice(_AGENCIES), dice.choice(_KINDS)
    start = date(2000, 1, 1) + timedelta(dice.randint(0, 3000))
    text = _vague(dice, start)
    if kind in {"care", "school"}:
        text += f"..{_vague(dice, start + timedelta(dice.randint(32, 500)))} {dice.choice(_REASONS)}"
    if kind in {"referral", "report"}:
        text += f" > {dice.choice([name for name in _AGENCIES if name != agency])}"
    return f"{agency} {kind} {text}".strip()


def _vague(dice: random.Random, day: date) -> str:
    return dice.choice([day.isoformat(), day.isoformat(), day.isoformat()[:7]])


def _text(lives: Lives) -> str:
    parts = [_WINDOW, *(line for youth, lines in lives.items() for line in (f"youth {youth}", *lines))]
    return "\n".join(parts)


@lru_cache(maxsize=32)
def _cohort(text: str) -> Cohort:
    """Detectors are tried on the same lives, so that these are made once."""
    return sketch(text)


def _rows(cohort: Cohort, detector: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return detect(cohort, detector, errors="raise").to_arrow().to_pylist()


def _told(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = _TOLD) -> list[str]:
    return sorted(repr(tuple(row[name] for name in columns)) for row in rows)


def _order(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    dice = random.Random(0)  # noqa: S311
    turned = {youth: dice.sample(list(lines), len(lines)) for youth, lines in reversed(list(lives.items()))}
    if _told(_rows(_cohort(_text(lives)), detector)) != _told(_rows(_cohort(_text(turned)), detector)):
        yield "the order of rows changes what it finds"


def _alone(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    cohort = _cohort(_text(lives))
    whole = _rows(cohort, detector)
    columns = (*_TOLD, "evidence")
    for youth in cohort:
        own = [row for row in whole if row["youth"] == youth]
        if _told(own, columns) != _told(_rows(cohort[youth], detector), columns):
            yield "a youth alone has other findings than the same youth among others"


def _shifted(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    if is_dataclass(detector) and any("Rulebook" in str(one.type) for one in fields(detector)):
        return  # it leans on dated law
    moved = re.sub(r"\b(1\d{3}|20\d\d)(?=-)", lambda year: str(int(year[0]) - _CYCLE), _text(lives))
    here, there = _rows(_cohort(_text(lives)), detector), _rows(_cohort(moved), detector)
    for row in there:
        row["start"], row["end"] = (day.replace(year=day.year + _CYCLE) for day in (row["start"], row["end"]))
    if _told(here) != _told(there):
        yield f"with all dates {_CYCLE} years earlier it finds something else"


def _sure(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    vague = _rows(_cohort(_text(lives)), detector)
    certain = {_told([row], _KEY)[0] for row in vague if row["certainty"] == "certain"}
    foreseen = set(_told(vague, _KEY))
    for choice in (0.0, 1.0, None):
        dice = random.Random(7)  # noqa: S311
        exact = {youth: [_exact(line, choice, dice) for line in lines] for youth, lines in lives.items()}
        rows = _rows(_cohort(_text(exact)), detector)
        if certain - set(_told(rows, _KEY)):
            yield "something certain is gone once vague dates are known to the day"
        if {_told([row], _KEY)[0] for row in rows if row["certainty"] == "certain"} - foreseen:
            yield "something is certain once vague dates are known to the day, that was not even possible before"


def _exact(line: str, choice: float | None, dice: random.Random) -> str:
    """A line with each date known to the day: the first it can be, the last, or any."""
    if line.startswith("birth"):
        return line

    def day(found: "re.Match[str]") -> str:
        bounds = read_edtf(found[0])
        if isinstance(bounds, int):  # no date
            return found[0]
        low, high, _ = bounds
        share = dice.random() if choice is None else choice
        return str(np.datetime64(low + round((high - low) * share), "D"))

    return _TOKEN.sub(day, line)


def _pickled(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    made_of = getattr(detector, "function", type(detector))
    if "<locals>" in made_of.__qualname__ or made_of.__module__ in {"__main__", "builtins"}:
        return  # made inside a function or at a prompt: it stays in this process
    cohort = _cohort(_text(lives))
    again = pickle.loads(pickle.dumps(detector))  # noqa: S301 - made here
    if _told(_rows(cohort, detector)) != _told(_rows(cohort, again)):
        yield "pickled and read back it finds something else"


def _twice(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    cohort = _cohort(_text(lives))
    if _told(_rows(cohort, detector)) != _told(_rows(cohort, detector)):
        yield "asked twice it finds something else"


def _little(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    del lives
    for text in (_WINDOW, f"{_WINDOW}\ngp contact 2005-01-01", f"{_WINDOW}\nbirth 1990-01-01"):
        _rows(_cohort(text), detector)
    yield from ()


def _shape(detector: Any, lives: Lives) -> Iterator[str]:  # noqa: ANN401
    cohort = _cohort(_text(lives))
    whose = {
        row["event"]: row["youth"] for row in cohort.events.to_arrow().select(["event", "youth"]).to_pylist()
    }
    for row in _rows(cohort, detector):
        if not row["start"] < row["end"]:
            yield "a finding lasts at least a day: its end is the first day after it"
        if (
            row["days_min"] is not None
            and row["days_max"] is not None
            and not 0 <= row["days_min"] <= row["days_max"]
        ):
            yield "days_min is from 0 to days_max"
        if row["certainty"] not in {"certain", "possible"}:
            yield "a finding is certain or possible"
        if any(whose.get(event) != row["youth"] for event in row["evidence"]):
            yield "its evidence is no event of the youth"


#: The laws by name, in the order in which they are told.
LAWS: Final[Mapping[str, Law]] = {
    "little": _little,
    "shape": _shape,
    "twice": _twice,
    "order": _order,
    "alone": _alone,
    "shifted": _shifted,
    "certainty": _sure,
    "pickling": _pickled,
}
