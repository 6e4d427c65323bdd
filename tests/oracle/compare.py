"""Findings of the package as plain objects, and one world out of all that the bounds allow."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from oracle.model import Cohort, Event, Found, Youth

PLAIN = ("youth", "detector", "outcome", "certainty", "days_min", "days_max", "ongoing", "agency",
         "to_agency", "sector", "rule", "norm_days", "over_norm")  # fmt: skip


def plain(findings: object) -> list[Found]:
    """Every finding without its evidence, in one order."""
    return sorted((found for found, _ in with_evidence(findings)), key=repr)


def with_evidence(findings: object) -> list[tuple[Found, frozenset[str]]]:
    """Every finding as a plain object, with the events that it rests on."""
    told = []
    for row in findings.to_arrow().to_pylist():
        start, end = row["start"].toordinal(), row["end"].toordinal()
        measures = tuple(sorted(row["measures"] or ()))
        found = Found(**{name: row[name] for name in PLAIN}, start=start, end=end, measures=measures)
        told.append((found, frozenset(row["evidence"])))
    return told


def same(ours: Iterable[Found], theirs: Iterable[Found], **blank: object) -> None:
    """Fail with what only one side says; columns in `blank` are set alike on both sides first."""
    left = sorted((replace(f, **blank) for f in ours), key=repr)
    right = sorted((replace(f, **blank) for f in theirs), key=repr)
    only_left = [f for f in left if f not in right]
    only_right = [f for f in right if f not in left]
    told = "\n".join(
        [
            *(f"only the oracle:   {say(f)}" for f in only_left),
            *(f"only the detector: {say(f)}" for f in only_right),
        ]
    )
    assert not told, f"\n{told}"
    assert left == right


def say(found: Found) -> str:
    """A finding with readable dates, without what is empty."""
    days = f"{date.fromordinal(found.start)}..{date.fromordinal(found.end)}"
    rest = {name: getattr(found, name) for name in (*PLAIN, "measures")}
    return f"{days} " + " ".join(f"{name}={value}" for name, value in rest.items() if value not in (None, ()))


def moved(found: Iterable[Found], days: int) -> list[Found]:
    return sorted((replace(f, start=f.start + days, end=f.end + days) for f in found), key=repr)


def _pick(dice: random.Random, low: int, high: int) -> int:
    # bounds may leave no day: an open episode whose window ends before its start
    return dice.choice([low, high, dice.randint(low, high)]) if low < high else low


def world(cohort: Cohort, seed: int) -> Cohort:
    """Exact days inside all bounds; an event and the episode that it begins or ends stay together."""
    dice = random.Random(seed)  # noqa: S311 - a choice of days, no secret
    return replace(cohort, youths=tuple(_world(youth, dice) for youth in cohort.youths))


def _world(youth: Youth, dice: random.Random) -> Youth:
    chosen: dict[str, Event] = {}
    episodes = []
    for episode in youth.episodes:
        start = _pick(dice, episode.start_min, episode.start_max)
        end = _pick(dice, max(episode.end_min, start + 1), episode.end_max)
        opened, closed = episode.start, episode.end
        if opened:
            both = opened == closed
            opened = _at(opened, start, end if both else None)
            chosen[opened.id] = opened
            closed = opened if both else closed
        if closed and closed != opened:
            closed = _at(closed, end - 1, None)
            chosen[closed.id] = closed
        bounds = {"start_min": start, "start_max": start, "end_min": end, "end_max": end}
        episodes.append(replace(episode, start=opened, end=closed, **bounds))
    for event in youth.events:
        if event.id not in chosen:
            start = _pick(dice, event.start_min, event.start_max)
            end = None
            if event.end_min is not None and event.end_max is not None:
                end = _pick(dice, max(event.end_min, start + 1), event.end_max)
            chosen[event.id] = _at(event, start, end)
    born = None
    if youth.first_birth and youth.last_birth:
        day = _pick(dice, youth.first_birth.toordinal(), youth.last_birth.toordinal())
        born = date.fromordinal(day)
    events = tuple(chosen[event.id] for event in youth.events)
    return replace(youth, events=events, episodes=tuple(episodes), first_birth=born, last_birth=born)


def _at(event: Event, start: int, end: int | None) -> Event:
    return replace(event, start_min=start, start_max=start, end_min=end, end_max=end)
