"""Worlds: one exact day inside all bounds for each fact of a cohort, and what must hold in every one of them."""

import random
from dataclasses import fields
from datetime import date, timedelta

import pyarrow as pa

import levensloop as ll
from levensloop.cohort import Cohort, Parts
from levensloop.schema import EPISODES, EVENTS, YOUTHS

KEYS = ("youth", "detector", "outcome", "agency", "to_agency", "sector", "rule")
_LAST = date(9999, 1, 1)


def world(cohort, seed):
    """The same cohort with every day known; an event and the episode that it makes stay together."""
    dice = random.Random(seed)  # noqa: S311 - a choice of days, no secret
    events = {row["event"]: row for row in cohort.events.to_arrow().to_pylist()}
    episodes = cohort.episodes.to_arrow().to_pylist()
    until = {row["youth"]: row["observed_until"] for row in cohort.youths.to_arrow().to_pylist()}
    fixed = set()
    for episode in episodes:
        _episode(dice, episode, events, fixed, until[episode["youth"]])
    for name, event in events.items():
        if name not in fixed:
            _event(dice, event)
    youths = cohort.youths.to_arrow().to_pylist()
    for youth in youths:
        if youth["birth_min"]:
            youth["birth_min"] = youth["birth_max"] = _pick(dice, youth["birth_min"], youth["birth_max"])
    parts = {field.name: getattr(cohort, field.name).to_arrow() for field in fields(Parts)}
    parts["events"] = _table(sorted(events.values(), key=_order), EVENTS)
    parts["episodes"] = _table(sorted(episodes, key=lambda row: _episode_order(row, events)), EPISODES)
    parts["youths"] = _table(youths, YOUTHS)
    return Cohort(Parts(**parts))


def sound(cohort, detector, seed, blank=()):
    """Fail where a certain finding is missing in a world, or where a world has one that nobody foresaw.

    Columns in `blank` are not compared. Returns how certain what is found is.
    """
    keys = [key for key in KEYS if key not in blank]

    def told(one):
        rows = ll.detect(one, detector, errors="raise").to_arrow().to_pylist()
        return [(tuple(row[key] for key in keys), row) for row in rows]

    fuzzy, exact = told(cohort), told(world(cohort, seed))
    for key, row in fuzzy:
        if row["certainty"] == "certain":
            assert any(
                key == other and row["days_min"] <= real["days_max"] and real["days_min"] <= row["days_max"]
                for other, real in exact
            ), ("certain, but not in this world", row, exact)
    for key, real in exact:
        assert any(key == other and real["days_min"] <= row["days_max"] for other, row in fuzzy), (
            "in this world, but not foreseen",
            real,
            fuzzy,
        )
    return {row["certainty"] for _, row in fuzzy}


def _pick(dice, low, high):
    days = (high - low).days
    return low + timedelta(dice.choice([0, days, dice.randint(0, days)])) if days > 0 else low


def _at(event, start, end):
    event["start_min"] = event["start_max"] = start
    event["end_min"] = event["end_max"] = end


def _episode(dice, episode, events, fixed, until):
    start = _pick(dice, episode["start_min"], episode["start_max"])
    end = None
    if not episode["open"]:
        low = max(episode["end_min"], start + timedelta(1))
        end = _pick(dice, low, max(episode["end_max"] or until, low))
    one, other = episode["start_event"], episode["end_event"]
    if one:
        _at(events[one], start, end if one == other else None)
    if other and other != one:
        _at(events[other], end - timedelta(1), None)
    fixed.update({one, other})
    episode["start_min"] = episode["start_max"] = start
    episode["end_min"] = episode["end_max"] = end


def _event(dice, event):
    start = _pick(dice, event["start_min"], event["start_max"])
    end = None
    if event["end_min"] and event["end_max"]:
        end = _pick(dice, max(event["end_min"], start + timedelta(1)), event["end_max"])
    _at(event, start, end)


def _order(row):
    texts = (row["kind"], row["agency"], row["to_agency"] or "~", row["reason"] or "~", row["event"])
    return (row["youth"], row["start_min"], row["end_min"] or _LAST, *texts)


def _episode_order(row, events):
    start = events.get(row["start_event"]) or events[row["end_event"]]
    end = _LAST if row["open"] else row["end_min"]
    return (row["youth"], row["start_min"], end, row["role"], _order(start), row["reason"] or "~")


def _table(rows, schema):
    return pa.Table.from_pylist(rows, schema=schema)
