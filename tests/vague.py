"""The same delivery with a few dates in doubt, in every way in which a source can put it."""

import random
from dataclasses import replace
from datetime import date, timedelta

from strategies import Delivery

SEASONS = {3: 21, 4: 21, 5: 21, 6: 22, 7: 22, 8: 22, 9: 23, 10: 23, 11: 23}
#: Ways to put a day; the narrow ones come often, so that most lives have worlds few enough to try them all.
WAYS = (
    "range",
    "range",
    "range",
    "about",
    "about",
    "month",
    "month",
    "season",
    "year",
    "about month",
    "long",
)


def put(day: date, way: str, dice: random.Random) -> str:
    """A text in EDTF that leaves room for a day."""
    if way in ("range", "long"):
        far = {"range": (0, 2), "long": (10, 60)}[way]
        low, high = day - timedelta(dice.randint(*far)), day + timedelta(dice.randint(*far))
        return f"{low}/{high}" if low < high else f"{day}"
    if way == "season" and day.month in SEASONS:
        return f"{day.year}-{SEASONS[day.month]}"
    return {"about": f"{day}~", "year": f"{day.year}", "about month": f"{day:%Y-%m}~"}.get(
        way, f"{day:%Y-%m}"
    )


def vague(delivery: Delivery, seed: int, most: int = 3) -> Delivery:
    """At most so many dates of each person in doubt; each other date is the first of its days."""
    dice = random.Random(seed)  # noqa: S311 - a choice of words, no secret
    rows = [
        row | {name: row[name] and row[name][:10] for name in ("start", "end", "birth")}
        for source in delivery.sources
        for row in source.rows
    ]
    for person in sorted({row["person"] for row in rows}):
        own = [row for row in rows if row["person"] == person]
        dates = [(row, name) for row in own for name in ("start", "end") if row[name]]
        for row, name in dice.sample(dates, min(len(dates), dice.choice([0, *range(most + 1)]))):
            row[name] = put(date.fromisoformat(row[name]), dice.choice(WAYS), dice)
        if own[0]["birth"] and not dice.randint(0, 3):
            birth = put(date.fromisoformat(own[0]["birth"]), dice.choice(WAYS), dice)
            for row in own:
                row["birth"] = birth
    each = iter(rows)
    sources = tuple(replace(one, rows=tuple(next(each) for _ in one.rows)) for one in delivery.sources)
    return replace(delivery, sources=sources)
