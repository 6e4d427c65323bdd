"""Findings of known deliveries, row by row as they were last looked at.

A change of them is a change of what is told about youths: read the difference before you write them anew with
``LEVENSLOOP_GOLDEN=write python -m pytest tests/test_golden.py``.
"""

import csv
import os
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

import levensloop as ll
from conftest import ROOT
from strategies import (
    AGENCIES,
    CARE,
    DAYS,
    OTHERS,
    OUTSIDER,
    POINTS,
    REASONS,
    WAITS,
    Delivered,
    Delivery,
    cohort_of,
    day,
    written,
)

GOLDEN = Path(__file__).parent / "golden"
COLUMNS = (
    "youth", "detector", "outcome", "certainty", "start", "end", "days_min", "days_max", "ongoing", "agency",
    "to_agency", "sector", "rule", "norm_days", "over_norm", "measures", "evidence",
)  # fmt: skip
KINDS = (
    *CARE,
    *WAITS,
    *POINTS,
    *OTHERS,
    "diagnosis",
    "consultation",
    "qualification",
    "drop_out",
    "placement",
)
TYPES = ("crisis", "ambulatory", "residential", "primary_school", "secondary_school", None, None, None)
BREAKS = (*REASONS, "missing_prerequisite", "incompatible_provision", "no_show", "too_young", None, None)


def doubtful(youths: int = 120) -> ll.Cohort:
    """Youths near every limit, with dates of every exactness, from three sources with windows of their own."""
    dice = Random(2009)  # noqa: S311 - a world, no secret
    rows: dict[str, list[dict[str, str | None]]] = {name: [] for name in ("one", "two", "three")}
    for number in range(youths):
        born = date(2003 - dice.choice([4, 12, 17, 18, 18, 23]), dice.randint(1, 12), dice.randint(1, 28))
        for _ in range(dice.randint(3, 12)):
            source, low = dice.choice(list(rows)), dice.randrange(DAYS)
            rows[source].append(one_row(dice, f"y{number:03}", born, low))
    windows = {"one": (-10, DAYS + 50), "two": (0, DAYS), "three": (60, DAYS - 60)}
    return cohort_of(
        Delivery(
            tuple(
                Delivered(name, (day(windows[name][0]), day(windows[name][1])), tuple(held))
                for name, held in rows.items()
            )
        )
    )


def one_row(dice: Random, person: str, born: date, low: int) -> dict[str, str | None]:
    """One row of any kind."""
    agency, kind = dice.choice(list(AGENCIES)), dice.choice(KINDS)
    slack = dice.choice([0, 0, 0, 0, 3, 40, 200])
    end = None
    if (
        kind in ("care", "school", "work", "benefit", "measure", "absence", "waitlist")
        and dice.random() < 0.8
    ):
        last = low + dice.choice([0, 10, 40, 90, 180])
        end = written(day(last), day(last + dice.choice([0, 0, 5, 60])))
    others = [name for name in (*AGENCIES, OUTSIDER) if name != agency]
    sends = kind in (*WAITS, "transfer", "consultation", "signal") and dice.random() < 0.8
    return {
        "person": person,
        "birth": written(born, born + timedelta(dice.choice([0, 0, 0, 20]))),
        "agency": agency,
        "sector": AGENCIES[agency],
        "kind": kind,
        "start": written(day(low), day(low + slack)),
        "end": end,
        "to_agency": dice.choice(others) if sends else None,
        "shared_with": dice.choice(others) if dice.random() < 0.1 else None,
        "care_type": dice.choice(TYPES),
        "care_id": dice.choice([None, None, None, "k1"]),
        "reason": dice.choice(BREAKS) if end or kind in ("care_end", "school_end", "refusal") else None,
        "initiative": dice.choice(["youth", "parents", "school", None, None]),
        "about": dice.choice(["youth"] * 12 + ["mother"]),
    }


def sample(name: str) -> ll.Cohort:
    events = ll.read(ROOT / "data" / "sample" / name, pseudonymise=False)
    return ll.merge(events, ll.link(events))


WORLDS = {"jorien": lambda: sample("jorien"), "emmen": lambda: sample("emmen"), "doubtful": doubtful}


def cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(f"{part[0]}={part[1]}" if isinstance(part, tuple) else str(part) for part in value)
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", WORLDS)
def test_findings_are_those_that_were_looked_at(name):
    found = ll.detect(WORLDS[name](), errors="raise").to_arrow().to_pylist()
    rows = [list(COLUMNS), *([cell(row[column]) for column in COLUMNS] for row in found)]
    path = GOLDEN / f"{name}.csv"
    if os.environ.get("LEVENSLOOP_GOLDEN") == "write":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    with path.open(encoding="utf-8", newline="") as file:
        held = list(csv.reader(file))
    assert rows == held
