"""How fast linking on exact keys and merging are, held against reading the same columns once and sorting once.

Three agencies know the same youths by one key. What was read of them is written as Parquet; then, each in a
process of its own: one read of the columns that hold something and one sort by youth and day; and reading
the same, `link` and `merge`. Linking and merging are counted, that second reading and the loading of modules
are not.

    python benchmarks/merging_speed.py [events]
"""

import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from linking_speed import planted

import levensloop as ll
from levensloop.assembling import EventParts
from levensloop.spans import pack

PARTS = ("delivered", "origin", "persons", "sources", "records")


def written(folder: Path, events: int, people: int) -> None:
    """Write the tables of what was read of three agencies."""
    tables = planted(events, people)
    read = ll.Events.concat([ll.Events(table, source=table["agency"][0].as_py()) for table in tables])
    own = (read, read.origin, read.persons, read.sources, read.records)
    for name, table in zip(PARTS, own, strict=True):
        pq.write_table(table.to_arrow(), folder / f"{name}.parquet")
    told = read.to_arrow()
    told = told.select([name for name in told.column_names if told.column(name).null_count < len(told)])
    pq.write_table(told, folder / "columns.parquet")


def read_and_sort(folder: Path) -> dict[str, float]:
    """One read of the columns and one sort: what the rest is held against."""
    start = time.perf_counter()
    table = pq.ParquetFile(folder / "columns.parquet").read()
    youth = table.column("person").combine_chunks().dictionary_encode()
    rank = pc.rank(youth.dictionary).to_numpy().astype(np.int64)[youth.indices.to_numpy()]
    day = table.column("start_min").cast(pa.int32()).to_numpy().astype(np.int64)
    table = table.take(pa.array(np.argsort(pack(rank, day), kind="stable")))
    return {"base": time.perf_counter() - start}


def linked_and_merged(folder: Path) -> dict[str, float]:
    """Seconds to link and to merge, and the most memory of the process in GB."""
    few = ll.Events(pa.concat_tables(planted(30, 5)))
    ll.merge(few, ll.link(few))  # loads what is loaded once a process
    events = ll.Events.of(EventParts(*(pq.ParquetFile(folder / f"{name}.parquet").read() for name in PARTS)))
    start = time.perf_counter()
    people = ll.link(events)
    linked = time.perf_counter()
    cohort = ll.merge(events, people)
    merged = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {
        "events": len(events), "youths": len(cohort), "link": linked - start, "merge": merged - linked, "peak": peak,
    }  # fmt: skip


def main() -> int:
    """Print the times."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for task, rest in (
            (written, (events, events // 10)),
            (read_and_sort, ()),
            (linked_and_merged, ()),
        ):
            with ProcessPoolExecutor(1, get_context("spawn")) as own:
                found |= own.submit(task, Path(name), *rest).result() or {}
    both = found["link"] + found["merge"]
    print(
        f"{found['events']:,} events of {found['youths']:,} youths: link {found['link']:.2f} s, merge {found['merge']:.2f} s; "
        f"one read and one sort {found['base']:.2f} s; {both / found['base']:.2f} times; {found['peak']:.2f} GB at most"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
