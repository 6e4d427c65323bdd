"""How well the same fact, told by two agencies, becomes one event: F1 on planted duplicates.

Run ``python benchmarks/merging.py [youths]``. A world of referrals, transfers, care and schools is
told by everyone concerned: dates that differ by days, ends that one of them lacks, other words.
Among them stand distinct facts that look alike. Exits with 1 when F1 is below 0.98, or
when facts of different families became one.
"""

import sys
import time
from typing import Final

import numpy as np
import pyarrow as pa

import levensloop as ll
from levensloop.samefacts import families

LEAST_F1: Final = 0.98
_AGENCIES: Final = ("GP", "School", "GGZ", "BJZ", "MEE")
_DAY0: Final = 11_000
_OFTEN: Final = 0.5
_SELDOM: Final = 0.2
#: The chance each day that the other side registers it; at most 14 days later.
_REGISTERED: Final = 0.3
Row = dict[str, object]


def _told(fact: int, youth: int, more: Row, day: int, source: str) -> Row:
    return {"fact": fact, "person": f"p{youth:06}", "day": day, "source": source, **more}


def _asked(
    draw: np.random.Generator, fact: int, youth: int, kind: str, day: int, who: list[str]
) -> list[Row]:
    """A referral or transfer, told by who sent it and by who received it; perhaps another beside it."""
    sender, receiver, third = who
    rows = [_told(fact, youth, {"kind": kind, "agency": sender, "to_agency": receiver}, day, sender)]
    if draw.random() < _OFTEN:
        received: Row = {"kind": kind, "agency": receiver, "what": "received"}
        # Half of the receivers write down who sent the youth.
        received |= {"agency": sender, "to_agency": receiver} if draw.random() < _OFTEN else {}
        late = min(int(draw.geometric(_REGISTERED)) - 1, 14)
        rows.append(_told(fact, youth, received, day + late, receiver))
    if draw.random() < _SELDOM:
        other: Row = {"kind": kind, "agency": third, "to_agency": receiver}
        rows.append(_told(-fact, youth, other, day + int(draw.integers(0, 10)), third))
    return rows


def _met(draw: np.random.Generator, fact: int, youth: int, kind: str, day: int, who: list[str]) -> list[Row]:
    """A consultation that both may write down, or a contact beside which another took place."""
    one, other, _ = who
    if kind == "consultation":
        rows = [_told(fact, youth, {"kind": kind, "agency": one, "to_agency": other}, day, one)]
        if draw.random() < _OFTEN:
            rows.append(_told(fact, youth, {"kind": kind, "agency": other, "to_agency": one}, day, other))
        return rows
    rows = [_told(fact, youth, {"kind": kind, "agency": one, "what": "a talk"}, day, one)]
    if draw.random() < _SELDOM:
        rows.append(
            _told(-fact, youth, {"kind": kind, "agency": one, "what": "a visit"}, day, "Municipality")
        )
    return rows


def _cared(
    draw: np.random.Generator, fact: int, youth: int, kind: str, day: int, who: list[str]
) -> list[Row]:
    """Care or its end, told by the agency and perhaps by the municipality that pays for it."""
    more: Row = {"kind": kind, "agency": who[0]}
    whole: Row = {"end": day + int(draw.integers(30, 300))} if kind == "care" else {}
    rows = [_told(fact, youth, {**more, **whole}, day, who[0])]
    if draw.random() < _OFTEN:
        late = min(int(draw.geometric(_REGISTERED)) - 1, 14)
        start: Row = {"kind": "care_start"} if kind == "care" else {}
        rows.append(_told(fact, youth, {**more, **start}, day + late, "Municipality"))
    return rows


_TELLERS: Final = {
    "referral": _asked, "transfer": _asked, "consultation": _met, "contact": _met, "care": _cared, "care_end": _cared,
}  # fmt: skip


def world(youths: int, seed: int = 2009) -> list[Row]:
    """Rows as told, each with the number of the fact behind it; a distinct one beside it is negative."""
    draw = np.random.default_rng(seed)
    rows: list[Row] = []
    fact = 0
    for youth in range(youths):
        day = _DAY0 + int(draw.integers(0, 1000))
        for _ in range(int(draw.integers(2, 8))):
            fact += 1
            day += int(draw.integers(3, 400))
            kind = str(draw.choice(list(_TELLERS)))
            who = draw.choice(_AGENCIES, 3, replace=False).tolist()
            rows += _TELLERS[kind](draw, fact, youth, kind, day, who)
    return rows


def read(rows: list[Row]) -> tuple[ll.Events, dict[str, int]]:
    """The rows as events, one source an agency, and the fact behind each record."""
    parts: list[ll.Events] = []
    facts: dict[str, int] = {}
    for source in sorted({str(row["source"]) for row in rows}):
        own = [row for row in rows if row["source"] == source]
        facts |= {f"{source}:{number}": int(str(row["fact"])) for number, row in enumerate(own, 1)}
        columns: dict[str, pa.Array] = {
            name: pa.array([row.get(name) for row in own], pa.string())
            for name in ("person", "agency", "kind", "to_agency", "what")
        }
        for name, key in (("start", "day"), ("end", "end")):
            columns[name] = pa.array([row.get(key) for row in own], pa.int32()).cast(pa.date32())
        parts.append(ll.Events(pa.table(columns), source=source))
    return ll.Events.concat(parts), facts


def pairs(groups: dict[int, list[str]]) -> set[tuple[str, str]]:
    """Every two records that are told to be one fact."""
    return {
        (one, other)
        for records in groups.values()
        for at, one in enumerate(sorted(records))
        for other in sorted(records)[at + 1 :]
    }


def main() -> int:
    """Print the score, and tell by the exit code whether it is high enough."""
    youths = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    events, facts = read(world(youths))
    people = ll.link(events)
    begun = time.perf_counter()
    cohort = ll.merge(events, people)
    seconds = time.perf_counter() - begun
    planted: dict[int, list[str]] = {}
    for record, fact in facts.items():
        planted.setdefault(fact, []).append(record)
    table = cohort.events.to_arrow()
    made = dict(enumerate(table.column("sources").to_pylist()))
    truth, found = pairs(planted), pairs(made)
    kind_of = dict(
        zip((s[0] for s in events.to_arrow().column("sources").to_pylist()),
            events.to_arrow().column("kind").to_pylist(), strict=True)
    )  # fmt: skip
    family = {kind: name for name, one in families().items() for kind in one.kinds}
    mixed = sum(family.get(kind_of[a], kind_of[a]) != family.get(kind_of[b], kind_of[b]) for a, b in found)
    right = len(truth & found)
    precision, recall = right / max(len(found), 1), right / max(len(truth), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(
        f"{'rows':>10} {'planted':>9} {'found':>9} {'precision':>10} {'recall':>8} {'F1':>7} {'mixed':>6} {'s':>6}"
    )
    print(
        f"{len(facts):>10,} {len(truth):>9,} {len(found):>9,} {precision:>10.4f} {recall:>8.4f} "
        f"{f1:>7.4f} {mixed:>6} {seconds:>6.2f}"
    )
    return 0 if f1 >= LEAST_F1 and not mixed else 1


if __name__ == "__main__":
    sys.exit(main())
