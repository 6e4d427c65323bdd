"""Made-up events of many youths from eight agencies in 40 Parquet files, for `country.py`.

So that every engine can say what it finds in a few hundred lines, and all five core detectors find things of many
outcomes: days are exact; care is one row with its two days, or none where it goes on; births are known; each agency
has one window, and all windows end on one day; references of care, reports and openers with an end of their own are
left out. A youth's rows of one agency stand in one file, but for exact copies, of which there are four in a hundred.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FILES = 40
EPOCH = date(1970, 1, 1)
#: The last day of all windows, and the first day after it in days since 1970-01-01.
LAST = date(2012, 12, 31)
UNTIL = (LAST - EPOCH).days + 1
#: Each agency with its sector and the first day of its window.
AGENCIES = {
    "bjz": ("youth_care", date(1989, 1, 1)),
    "gemeente": ("municipality", date(1995, 1, 1)),
    "ggz": ("mental_health", date(1991, 1, 1)),
    "huisarts": ("health", date(1989, 1, 1)),
    "jeugdzorg": ("youth_care", date(1990, 7, 1)),
    "politie": ("justice", date(1989, 1, 1)),
    "school": ("education", date(1989, 1, 1)),
    "uwv": ("work_income", date(2002, 1, 1)),
}
#: The sectors in which care ends at an age, and the age; norms for waiting, in days.
LIMITS = {"mental_health": 18, "youth_care": 18, "work_income": 23}
NORMS = {"mental_health": 98, "youth_care": 63}
KINDS = {
    "care": 0.22, "contact": 0.33, "signal": 0.08, "referral": 0.10, "application": 0.04, "transfer": 0.04,
    "refusal": 0.07, "intake": 0.06, "assessment": 0.06,
}  # fmt: skip
ENDED = ("goal_reached", "as_planned", "agreed", "age_limit", "no_show", "client_left", "transferred")
REFUSED = ("too_young", "no_place", "missing_prerequisite", "too_old")
COLUMNS = ("person", "birth", "agency", "sector", "kind", "start", "end", "to_agency", "reason")
TEXTS = ("what", "why", "by_whom", "result")
#: What is compared of a finding.
NAMES = (
    "youth",
    "detector",
    "outcome",
    "certainty",
    "start",
    "end",
    "days_min",
    "days_max",
    "agency",
    "to_agency",
)
SCHEMA = pa.schema(
    [(name, pa.string()) for name in NAMES[:4]]
    + [(name, pa.date32()) for name in NAMES[4:6]]
    + [(name, pa.int64()) for name in NAMES[6:8]]
    + [(name, pa.string()) for name in NAMES[8:]]
)


def write(folder: Path, events: int, *, texts: bool = False) -> None:
    """Write 40 files, `delivery.toml` and the rulebook; 28 events a youth, some youths many more than others."""
    rng = np.random.default_rng(2009)
    people, shards = max(1, events // 28), FILES // len(AGENCIES)
    birth = rng.integers((date(1984, 1, 1) - EPOCH).days, (date(2000, 1, 1) - EPOCH).days, people)
    entries = [f'name = "country"\nuntil = {LAST}\n']
    for agency in AGENCIES:
        before = None
        for shard in range(shards):
            size = events // FILES
            copied = size // 50
            rows = _rows(rng, agency, birth, (shard, shards), size - 2 * copied)
            rows = pa.table({**rows, **(_texts(rng, len(rows["kind"])) if texts else {})})
            # Half of the copies stand in the file of their original, half in the next file of the agency.
            parts = [rows, rows.slice(0, copied), (rows if before is None else before).slice(copied, copied)]
            whole = pa.concat_tables(parts).take(pa.array(rng.permutation(sum(map(len, parts)))))
            name = f"{agency}_{shard}.parquet"
            pq.write_table(whole, folder / name)
            entries.append(f'[[source]]\nfile = "{name}"\nwindow = [{AGENCIES[agency][1]}, {LAST}]\n')
            before = rows
    (folder / "delivery.toml").write_text("\n".join(entries))


def _rows(
    rng: np.random.Generator, agency: str, birth: np.ndarray, part: tuple[int, int], size: int
) -> dict[str, pa.Array]:
    """Rows of one agency about the youths of one part."""
    shard, shards = part
    sector, window = AGENCIES[agency]
    own = np.arange(shard % birth.size, birth.size, shards)
    who = own[(own.size * rng.random(size) ** 1.4).astype(np.int64)]
    kind = rng.choice(len(KINDS), size, p=list(KINDS.values()))
    low = np.maximum(birth[who] + 1500, (window - EPOCH).days)
    high = np.minimum(birth[who] + 8900, UNTIL)
    day = low + (rng.random(size) * (high - low)).astype(np.int64)
    care, referral = kind == 0, kind == list(KINDS).index("refusal")
    end = day + rng.exponential(220, size).astype(np.int64)
    # Every seventh care begins within two years before an age of many limits, and ends near it.
    near = care & (rng.random(size) < 1 / 7)
    limit = (birth[who] + 365.25 * LIMITS.get(sector, 18)).astype(np.int64)
    day = np.where(near, np.clip(limit - rng.integers(100, 700, size), low, high - 1), day)
    end = np.where(near, np.maximum(day, limit + rng.integers(-85, 85, size)), end)
    end = np.minimum(end, UNTIL - 1)
    is_open = care & (rng.random(size) < 0.04)
    names = pa.array([*AGENCIES, None], pa.string())
    asked = np.isin(kind, [list(KINDS).index(name) for name in ("referral", "application", "transfer")])
    to = np.where(asked & (rng.random(size) < 0.8), rng.integers(0, len(AGENCIES), size), len(AGENCIES))
    reasons = pa.array([*ENDED, *REFUSED, None], pa.string())
    why = np.full(size, len(reasons) - 1)
    why[care & ~is_open] = rng.integers(0, len(ENDED), int((care & ~is_open).sum()))
    why[referral] = len(ENDED) + rng.integers(0, len(REFUSED), int(referral.sum()))
    why[rng.random(size) < 0.1] = len(reasons) - 1
    return {
        "person": pa.array(np.char.add("P", who.astype("U9"))),
        "birth": pa.array(birth[who].astype("M8[D]")),
        "agency": pa.array(np.full(size, agency)),
        "sector": pa.array(np.full(size, sector)),
        "kind": pa.array(list(KINDS), pa.string()).take(pa.array(kind)),
        "start": pa.array(day.astype("M8[D]")),
        "end": pa.array(end.astype("M8[D]"), mask=~care | is_open),
        "to_agency": names.take(pa.array(to)),
        "reason": reasons.take(pa.array(why)),
    }


def _texts(rng: np.random.Generator, size: int) -> dict[str, pa.Array]:
    """Four columns of text, some of them empty; twenty thousand sentences each."""
    filled = {"what": 1.0, "why": 0.5, "by_whom": 0.9, "result": 0.4}
    out = {}
    for name, share in filled.items():
        sentences = pa.array([f"{name} number {at} of what was told about it" for at in range(20_000)])
        out[name] = sentences.take(pa.array(rng.integers(0, 20_000, size), mask=rng.random(size) >= share))
    return out


def write_rules(folder: Path) -> None:
    """The same limits and norms as a rulebook of levensloop."""
    rules = [
        f'[limit_{sector}]\nnl = "x"\nen = "x"\nkind = "age_limit"\nvalue = {age}\nunit = "years"\n'
        f'valid_from = 1980-01-01\nsectors = ["{sector}"]\ncutoff = "birthday"\nlimit = true\n'
        for sector, age in LIMITS.items()
    ] + [
        f'[norm_{sector}]\nnl = "x"\nen = "x"\nkind = "norm"\nvalue = {days}\nunit = "days"\n'
        f'valid_from = 1980-01-01\nsectors = ["{sector}"]\nsegment = "whole"\n'
        for sector, days in NORMS.items()
    ]
    folder.mkdir(exist_ok=True)
    told = 'condition = "made up"\nsource = "made up"\ncertainty = "A"\nchecked_on = 2026-11-23\n'
    (folder / "country_rules.toml").write_text("\n".join(rule + told for rule in rules))


def opened() -> dict[str, date]:
    """The first day of each agency's window."""
    return {name: window for name, (_, window) in AGENCIES.items()}


def closed() -> date:
    """The first day after all windows."""
    return EPOCH + timedelta(UNTIL)
