"""The same run by the processes of this machine, by Dask and by Spark: seconds, processor, memory and what is shuffled.

Writes events of many youths as 40 Parquet files of eight agencies; then runs the five core detectors from files to
findings with each engine, each in a process of its own with two workers and the same number of parts. Told are the
seconds to start the engine and of each stage, seconds of processor of all processes together, the most memory (PSS),
and the bytes that lie between reading and merging. Leaves with 1 if the tables of any part differ from the local ones.

    python benchmarks/engines.py [--events 1500000] [--each 300] [--memory 2GB] [--only local dask]
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from outofcore import core, measured, tree, write

import levensloop as ll
from levensloop.tables import plain

WORKERS = 2
TABLES = ("events", "episodes", "youths", "identities", "records", "findings", "assessed")


@contextmanager
def local() -> Iterator[object]:
    """Two processes."""
    yield "local"


@contextmanager
def dask_threads() -> Iterator[object]:
    """Two threads of this process."""
    import dask

    with dask.config.set(num_workers=WORKERS):
        yield "dask"


@contextmanager
def dask_cluster() -> Iterator[object]:
    """Two processes of Dask's."""
    from distributed import Client, LocalCluster

    from levensloop.scale.dask import Dask

    with (
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        yield Dask(client)


@contextmanager
def spark() -> Iterator[object]:
    """Two tasks at a time in one Java process, each in a Python process."""
    from pyspark.sql import SparkSession

    from levensloop.scale.spark import Spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    build = SparkSession.builder.master(f"local[{WORKERS}]").config("spark.ui.enabled", "false")
    session = build.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield Spark(session)
    session.stop()


NEEDS = {"dask_threads": "distributed", "dask_cluster": "distributed", "spark": "pyspark"}
ENGINES = {one.__name__: one for one in (local, dask_threads, dask_cluster, spark)}


def done(name: str, folder: str, out: str, memory: str) -> dict[str, Any]:
    """One run: seconds of each stage, of processor, and a digest of all tables."""
    began, ends, told = time.perf_counter(), dict[str, float](), dict[str, Any]()

    def step(stage: str, count: int, total: int) -> None:
        ends[stage] = time.perf_counter()
        if stage == "merge" and count == total:
            told["shuffled"] = size(Path(out) / "stage")

    with ENGINES[name]() as engine:
        before, start = tree(os.getpid()), time.perf_counter()
        made = ll.run(folder, out, *core(), memory=memory, processes=WORKERS, engine=engine, progress=step)
        end = time.perf_counter()
        told["processor"] = tree(os.getpid()) - before
    return {
        **told,
        "start": start - began,
        "read": ends["read"] - start,
        "merge": ends["merge"] - ends["read"],
        "detect": end - ends["merge"],
        "all": end - start,
        "parts": made.parts,
        "rows": made.summary["rows_read"],
        "findings": sum(one["findings"] for one in made.summary["findings"]),
        "kept": size(Path(out)),
        "digest": digest(made),
    }


def size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def digest(made: ll.Dataset) -> str:
    """One number for all tables of all parts."""
    found = hashlib.sha256()
    for part in range(made.parts):
        for name in TABLES:
            path = made.path / f"part-{part:05d}" / f"{name}.parquet"
            table = plain(pq.ParquetFile(path).read()).combine_chunks()
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as stream:
                stream.write_table(table)
            found.update(sink.getvalue())
    return found.hexdigest()


def main() -> int:
    """Print a row for each engine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_500_000)
    parser.add_argument("--each", type=int, default=300, help="events a youth")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--only", nargs="*", choices=ENGINES, default=list(ENGINES))
    given = parser.parse_args()
    found: dict[str, dict[str, Any]] = {}
    print(
        "engine             rows start  read merge detect   all ratio processor ratio  GB shuffled    kept parts findings"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        folder.mkdir()
        write(folder, given.events, given.each)
        for engine in ["local", *(one for one in given.only if one != "local")]:
            if (needed := NEEDS.get(engine)) and find_spec(needed) is None:
                print(f"{engine}: left out, since {needed} is not installed")
                continue
            told = measured(done, engine, str(folder), str(Path(name) / engine), given.memory)
            found[engine] = told
            first = found["local"]
            print(
                f"{engine:13}{told['rows']:>10,}{told['start']:5.1f}{told['read']:6.1f}{told['merge']:6.1f}"
                f"{told['detect']:7.1f}{told['all']:6.1f}{told['all'] / first['all']:6.2f}"
                f"{told['processor']:9.1f}{told['processor'] / first['processor']:6.2f}{told['GB']:6.2f}"
                f"{told['shuffled'] / 1e6:6.0f} MB{told['kept'] / 1e6:6.0f} MB{told['parts']:4}{told['findings']:>10,}",
                flush=True,
            )
    return int(len({told["digest"] for told in found.values()}) > 1)


if __name__ == "__main__":
    sys.exit(main())
