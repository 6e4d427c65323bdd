"""A made-up municipality with planted truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from levensloop.testing import chains, gaps, limits, ordinary
from levensloop.testing.files import Row, write_text
from levensloop.testing.habits import BRP, HABITS, Habit
from levensloop.testing.life import GGZ, TEAM, UNTIL, Life, birthday
from levensloop.testing.truth import TRUTH

_BORN: Final = (date(1991, 1, 1), date(2019, 12, 31))


@dataclass(frozen=True)
class Planted:
    """What :func:`make_emmen` wrote.

    Parameters
    ----------
    youths : int
        How many.
    findings : dict of str to int
        Planted findings by detector and outcome, such as ``"Gap waiting"``.
    duplicates : int
        Facts that two sources tell.
    rejected : dict of str to int
        Rows by source that cannot be read.
    """

    youths: int
    findings: dict[str, int]
    duplicates: int
    rejected: dict[str, int]


@dataclass(frozen=True)
class _Story:
    tell: Callable[[Life], None]
    share: int  # youths of 2,000
    age: int = 16  # that must have been reached when the data end
    born: tuple[date, date] = _BORN


_STORIES: Final = (
    _Story(ordinary.plain, 665, 5),
    _Story(ordinary.born_about, 30, 5),
    _Story(ordinary.cared_for, 250, 14),
    _Story(ordinary.told_twice, 60, 16, (date(2003, 1, 1), date(2008, 12, 31))),
    _Story(ordinary.short_pause, 60),
    _Story(ordinary.overlap, 50),
    _Story(ordinary.vague, 40),
    _Story(ordinary.beyond_eighteen, 40, 20),
    _Story(ordinary.before_eighteen, 15, 19),
    _Story(ordinary.arranged, 30, 20),
    _Story(ordinary.kept_in_view, 20, 17),
    _Story(ordinary.after_twenty_three, 15, 25),
    _Story(ordinary.of_mother, 15),
    _Story(ordinary.died, 5),
    _Story(gaps.gap_unexplained, 50),
    _Story(gaps.gap_after_goal, 35),
    _Story(gaps.gap_waiting, 25),
    _Story(gaps.gap_two_agencies, 20),
    _Story(gaps.gap_to_the_end, 25),
    _Story(gaps.gap_after_signal, 15),
    _Story(gaps.gap_perhaps, 20, 17),
    _Story(gaps.gap_surely, 15, 17),
    _Story(gaps.gap_unobserved, 15, 19, (date(2001, 1, 1), date(2004, 12, 31))),
    _Story(gaps.unseen, 35, 18),
    _Story(gaps.unseen_perhaps, 15, 18),
    _Story(gaps.unseen_to_the_end, 15, 17),
    _Story(chains.passed_on, 25),
    _Story(chains.passed_on_cold, 30),
    _Story(chains.transferred, 35),
    _Story(chains.referred, 35),
    _Story(chains.referred_about, 15),
    _Story(chains.referred_on, 20),
    _Story(chains.lost_on_the_way, 20),
    _Story(chains.lost_referral, 20),
    _Story(chains.pending, 15, 6, (date(2009, 1, 1), date(2018, 1, 1))),
    _Story(chains.refused, 20),
    _Story(chains.registered, 40),
    _Story(chains.gave_up, 15),
    _Story(chains.waited_perhaps, 15),
    _Story(chains.reported, 15),
    _Story(chains.benefit, 20, 21),
    _Story(chains.benefit_waited_for, 10, 21),
    _Story(limits.dropped, 30, 19),
    _Story(limits.dropped_about, 10, 19, (date(1997, 6, 1), date(2005, 12, 31))),
    _Story(limits.dropped_from_foster_care, 10, 22, (date(1998, 1, 1), date(2002, 12, 31))),
    _Story(limits.returned, 20, 20),
    _Story(limits.bridged, 10, 20),
    _Story(limits.too_late, 10, 18),
    _Story(limits.unanswered, 10, 19),
    _Story(limits.too_young, 15, 17),
)
_DIRT: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "jeugdzorg": (
        {"kind": "care", "start": "31-02-2010"},
        {"kind": "care", "start": date(2012, 5, 1), "end": date(2011, 5, 1)},
        {"kind": "care", "start": date(2012, 5, 1), "person": ""},
        {"kind": "care", "start": ""},
    ),
    "ggz": (
        {"kind": "XXX", "start": date(2009, 3, 2)},
        {"kind": "care", "start": "03-04-09"},
        {"kind": "care", "start": date(2009, 3, 2), "person": None},
    ),
    "gemeente": (
        {"kind": "contact", "start": "2009-06-31", "agency": "RMC"},
        {"kind": "onbekend", "start": "2009-06-30", "agency": "RMC"},
        {"kind": "signal", "start": "", "agency": "RMC"},
    ),
    "jgz": ({"kind": "contact", "start": "2011-13"}, {"kind": "contact", "start": "2011-05", "person": ""}),
}
_DIRTY_YOUTHS: Final = 8


def make_emmen(out: Path | str, youths: int = 2000, seed: int = 2009) -> Planted:
    """Write the delivery of a made-up municipality, with the truth beside it.

    Eleven files, each with its agency's habits, hold ordinary lives and planted stories. What follows from a story
    by definition (design section 6) is in ``_truth.csv``; whatever is not there is not to be called certain.

    Parameters
    ----------
    out : Path or str
        Folder to write into; made if it is not there.
    youths : int, default 2000
        How many lives.
    seed : int, default 2009
        Of the random numbers: the same seed writes the same files.

    Returns
    -------
    Planted
        What was written, in numbers.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     planted = make_emmen(folder, youths=100)
    >>> planted.youths, planted.findings["Gap unexplained"] > 0
    (100, True)
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    lives = [_live(number, story, rng) for number, story in enumerate(_cast(youths, rng), start=1)]
    _write_persons(folder, lives, rng)
    rejected: dict[str, int] = {}
    for habit in HABITS:
        rows = [*_rows_of(habit, lives), *_dirt(habit, lives)]
        rejected[habit.stem] = sum("dirty" in row for row in rows)
        made = [habit.shape(rows[place]) for place in rng.permutation(len(rows))]
        if made:
            habit.write(folder / habit.file, made)
    _write_delivery(folder)
    truth = [found for life in lives for found in life.truth]
    _write_truth(folder / "_truth.csv", truth)
    names = [f"{found['detector']} {found['outcome']}" for found in truth]
    twice = sum("twice" in row for life in lives for row in life.rows)
    return Planted(len(lives), {name: names.count(name) for name in sorted(set(names))}, twice, rejected)


def _cast(youths: int, rng: np.random.Generator) -> list[_Story]:
    """One story a youth, each at least once for every youth of 2,000 that it should have, as far as they go."""
    total = sum(story.share for story in _STORIES)
    planted = [story for story in _STORIES for _ in range(round(story.share * youths / total))]
    planted += [_STORIES[0]] * max(0, youths - len(planted))
    return [planted[place] for place in rng.permutation(len(planted))[:youths]]


def _live(number: int, story: _Story, rng: np.random.Generator) -> Life:
    first, last = story.born
    latest = min(last, _years_before(UNTIL, story.age))
    birth = first + timedelta(int(rng.integers(0, (latest - first).days + 1)))
    life = Life(f"E{number:05}", birth, rng)
    story.tell(life)
    life.grow_up()
    return life


def _years_before(day: date, years: int) -> date:
    return birthday(day, -years) - timedelta(1)


def _rows_of(habit: Habit, lives: list[Life]) -> Iterator[dict[str, Any]]:
    for life in lives:
        for row in life.rows:
            if row["agency"] in habit.agencies or ("twice" in row and TEAM in habit.agencies):
                yield from _in_parts(row) if _is_split(row, life, habit) else (row,)


def _is_split(row: dict[str, Any], life: Life, habit: Habit) -> bool:
    """Whether the agency writes one row for the start of this care and one for its end."""
    exact = row["kind"] == "care" and isinstance(row["start"], date) and isinstance(row["end"], date)
    return exact and GGZ in habit.agencies and "twice" not in row and life.number % 4 == 0


def _in_parts(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {**row, "kind": "care_start", "end": None, "reason": ""}
    yield {**row, "kind": "care_end", "start": row["end"] - timedelta(1), "end": None}


def _dirt(habit: Habit, lives: list[Life]) -> Iterator[dict[str, Any]]:
    for place, row in enumerate(_DIRT.get(habit.stem, ()) * _DIRTY_YOUTHS):
        yield {"person": lives[place % len(lives)].key, "end": None, "agency": "", "dirty": True, **row}


def _write_persons(folder: Path, lives: list[Life], rng: np.random.Generator) -> None:
    rows: list[Row] = [
        BRP.shape(
            {
                "person": life.key,
                "born": f"{life.birth:%Y%m%d}" if not life.born else f"{life.born}0000",
                "sex": ("V", "M")[int(rng.integers(2))],
                "district": f"Wijk {int(rng.integers(1, 9))}",
            }
        )
        for life in lives
    ]
    BRP.write(folder / BRP.file, rows)


def _write_delivery(folder: Path) -> None:
    lines = ["# A made-up municipality: no row is about anyone.", 'name = "Emmen"', "until = 2024-12-31", ""]
    for habit in (BRP, *HABITS):
        if not (folder / habit.file).exists():
            continue
        lines += ["[[source]]", f'file = "{habit.file}"']
        if habit.layout:
            (folder / f"{habit.stem}.toml").write_bytes(habit.layout.encode())
            lines.append(f'layout = "{habit.stem}.toml"')
        lines += [f"window = [{habit.window[0]}, {habit.window[1]}]", habit.more]
    (folder / "delivery.toml").write_bytes("\n".join(lines).encode())


def _write_truth(path: Path, truth: list[dict[str, str]]) -> None:
    if truth:
        write_text(path, truth)
    else:
        path.write_bytes(f"{','.join(TRUTH.names)}\n".encode())
