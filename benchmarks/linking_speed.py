"""How fast linking on exact keys is, held against reading the same columns once and sorting once.

Makes events of youths that three agencies know by one key, writes the columns that linking uses to
Parquet, and measures in one run: one read of those columns and one sort by youth and day; and
`link(events)`.

    python benchmarks/linking_speed.py [--events 3000000] [--people 300000]
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import levensloop as ll

COLUMNS = ("person", "birth", "sex", "agency", "kind", "start")


def planted(events: int, people: int, seed: int = 7) -> list[pa.Table]:
    """The tables of three agencies, in the default layout with dates as dates."""
    rng = np.random.default_rng(seed)
    birth = rng.integers(3653, 3653 + 18 * 365, people).astype("M8[D]")
    sex = rng.choice(np.array(["m", "f"]), people)
    keys = pa.array([f"P{number:09d}" for number in rng.permutation(people)])
    tables: list[pa.Table] = []
    for agency in ("jeugdzorg", "ggz", "onderwijs"):
        size = events // 3
        who = np.sort(rng.integers(0, people, size))
        tables.append(
            pa.table(
                {
                    "person": keys.take(pa.array(who)),
                    "birth": pa.array(birth[who]),
                    "sex": pa.array(sex[who]),
                    "agency": pa.array([agency]).take(pa.array(np.zeros(size, np.int64))),
                    "kind": pa.array(
                        np.array(["contact", "care_start", "care_end"])[rng.integers(0, 3, size)]
                    ),
                    "start": pa.array(
                        (birth[who].astype(np.int64) + rng.integers(0, 6000, size)).astype("M8[D]")
                    ),
                }
            )
        )
    return tables


def timed(work: Callable[[], pa.Table]) -> tuple[float, pa.Table]:
    """Seconds, and what came of it."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def read_and_sort(paths: list[Path]) -> pa.Table:
    """One read of the columns and one sort: what the rest is held against."""
    table = pa.concat_tables([pq.ParquetFile(path).read(columns=list(COLUMNS)) for path in paths])
    order = pc.sort_indices(table, [("person", "ascending"), ("start", "ascending")])
    return table.take(order)


def main() -> int:
    """Print the times."""
    parser = argparse.ArgumentParser(description="How fast linking on exact keys is.")
    parser.add_argument("--events", type=int, default=3_000_000)
    parser.add_argument("--people", type=int, default=300_000)
    given = parser.parse_args()
    tables = planted(given.events, given.people)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{place}.parquet" for place in range(len(tables))]
        for path, table in zip(paths, tables, strict=True):
            pq.write_table(table, path)
        base, _ = timed(lambda: read_and_sort(paths))
    events = ll.Events.concat([ll.Events(table, source=table["agency"][0].as_py()) for table in tables])
    took, people = timed(lambda: ll.link(events))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{len(events):,} events of {len(people.persons):,} youths")
    print(f"one read of the columns and one sort {base:8.2f} s")
    print(f"link on exact keys                   {took:8.2f} s  ({took / base:.2f} times)")
    print(f"most memory                          {peak:8.2f} GB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
