"""Repetition, setback by setback, from its definition alone."""

from collections import defaultdict
from collections.abc import Iterator

from oracle.model import Cohort, Event, Found, Youth

# "with a known reason other than goal_reached, as_planned, agreed, moved, died, transferred, age_limit and other"
SETTLED = ("goal_reached", "as_planned", "agreed", "moved", "died", "transferred", "age_limit", "other")


def about_youth(items: tuple) -> list:
    return [item for item in items if item.about == "youth"]


def repetition(cohort: Cohort, min_days: int, min_times: int) -> Iterator[tuple[Found, set[str]]]:
    """Each finding with its evidence."""
    for youth in cohort.youths:
        for (sector, _), (sure, unsure) in _patterns(youth).items():
            every = sure + unsure
            least, most = min(one[0] for one in every), max(one[1] for one in every)
            times, certainty = _chain(sorted(sure), min_days), "certain"
            if times < min_times:
                # "Else it is `possible` if there are at least `min_times` setbacks and the greatest `start_max`
                # lies at least (`min_times` - 1) x `min_days` after the least `start_min`"
                if len(every) < min_times or most - least < (min_times - 1) * min_days:
                    continue
                times, certainty = len(every), "possible"
            days_min = max(one[0] for one in sure) - min(one[1] for one in sure) if sure else 0
            found = Found(
                youth=youth.id,
                detector="Repetition",
                outcome="repeated",
                certainty=certainty,
                start=least,
                end=most + 1,
                days_min=max(0, days_min),
                days_max=most - least,
                ongoing=False,
                sector=sector,
                measures=(("times", times),),
            )
            yield found, {one[2] for one in every}


def _patterns(youth: Youth) -> dict[tuple, tuple[list, list]]:
    """Sure and unsure setbacks, each as its first and last possible day and its event."""
    found: dict[tuple, tuple[list, list]] = defaultdict(lambda: ([], []))
    drops = [event for event in about_youth(youth.events) if event.kind == "dropout"]
    for event in about_youth(youth.events):
        if event.kind in ("refusal", "dropout") and event.reason not in (None, *SETTLED):
            found[event.sector, event.reason][0].append((event.start_min, event.start_max, event.id))
    for episode in about_youth(youth.episodes):
        if episode.role not in ("care", "school", "work") or episode.open:
            continue
        if episode.reason in (None, *SETTLED):
            continue
        low, high = episode.end_min - 1, episode.end_max - 1  # "the end (its last day)"
        same = [
            drop
            for drop in drops
            if (drop.agency, drop.sector, drop.reason) == (episode.agency, episode.sector, episode.reason)
        ]
        # "an end is left out if, on each of its possible days, a drop-out surely explains it, and is **sure** if
        # none possibly does"
        days = range(low, high + 1)
        explained = [any(max(_apart(day, drop)) <= 31 for drop in same) for day in days]
        if not all(explained):
            unsure = any(min(_apart(day, drop)) <= 31 for drop in same for day in days)
            closer = episode.end or episode.start
            found[episode.sector, episode.reason][unsure].append((low, high, closer.id))
    return found


def _apart(day: int, drop: Event) -> list[int]:
    return [abs(day - other) for other in range(drop.start_min, drop.start_max + 1)]


def _chain(sure: list, min_days: int) -> int:
    """How many follow each other, each surely `min_days` after the one before: every chain is tried."""
    longest = 0
    for at, one in enumerate(sure):
        later = [other for i, other in enumerate(sure) if i != at and other[0] - one[1] >= min_days]
        if min_days > 0 or not later:
            longest = max(longest, 1 + _chain(later, min_days))
    return longest
