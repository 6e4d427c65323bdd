"""Files to findings on disk, held against the same in memory: seconds, and the most memory of all processes.

Writes the events of many youths as 40 Parquet files of eight agencies; then, each in processes of its own:
`read`, `link`, `merge` and `detect` with the five core detectors in memory; and `run` with `--memory`. Memory is
the memory of the process and its children, of files once, looked at twenty times a second. Leaves with 1 if
the findings differ.

    python benchmarks/outofcore.py [--events 2800000] [--memory 2GB] [--without-memory]
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import levensloop as ll
from levensloop.scale.partition import name_of

FILES = 40
_COUNTED = ["days_max", "certainty"]
AGENCIES = ("ggz", "jeugdzorg", "school", "huisarts", "politie", "uwv", "gemeente", "wijkteam")
SECTORS = (
    "mental_health",
    "youth_care",
    "education",
    "health",
    "justice",
    "work_income",
    "municipality",
    "youth_care",
)
KINDS = ("care_start", "care_end", "referral", "signal", "contact", "intake", "care_start", "care_end")


def write(folder: Path, events: int, each: int = 10) -> None:
    """So many events a youth, in 40 files; each file holds youths of all sorts."""
    people, size = max(1, events // each), events // FILES
    rng = np.random.default_rng(2009)
    birth = rng.integers(5478, 5478 + 15 * 365, people)
    for number in range(FILES):
        who = rng.integers(0, people, size)
        at = number % len(AGENCIES)
        kind = rng.choice(len(KINDS), size)
        day = birth[who] + rng.integers(1500, 6800, size)
        to = np.where(np.isin(kind, [2]), rng.integers(0, len(AGENCIES), size), -1)
        table = {
            "person": pa.array(np.char.add("P", who.astype("U9"))),
            "birth": pa.array(birth[who].astype("M8[D]")),
            "agency": pa.array(np.full(size, AGENCIES[at])),
            "sector": pa.array(np.full(size, SECTORS[at])),
            "kind": pa.array(np.array(KINDS)[kind]),
            "start": pa.array(day.astype("M8[D]")),
            "to_agency": pa.array([*AGENCIES, None]).take(pa.array(np.where(to < 0, len(AGENCIES), to))),
        }
        pq.write_table(pa.table(table), folder / f"{AGENCIES[at]}_{number:02d}.parquet")


def core() -> tuple[object, ...]:
    """The five core detectors."""
    return ll.Gap(), ll.OutOfView(), ll.Waiting(), ll.Handover(), ll.AgeLimit()


def counted(found: ll.Findings) -> dict[str, int]:
    """How many findings of each sort, and their days."""
    return _counted(found.to_arrow().select(_COUNTED))


def _counted(table: pa.Table) -> dict[str, int]:
    certain = pc.equal(table.column("certainty").cast(pa.string()), "certain")
    return {
        "findings": len(table),
        "days": pc.sum(table.column("days_max")).as_py(),
        "certain": pc.sum(certain).as_py(),
    }


def in_memory(folder: str, _out: str, _memory: str) -> dict[str, int]:
    """Four verbs."""
    events = ll.read(folder)
    return counted(ll.detect(ll.merge(events, ll.link(events)), *core()))


def on_disk(folder: str, out: str, memory: str) -> dict[str, int]:
    """One verb."""
    made = ll.run(folder, out, *core(), memory=memory)
    return {"parts": made.parts, **counted_of(made)}


def counted_of(made: ll.Dataset) -> dict[str, int]:
    """The same counts, part by part."""
    total = {"findings": 0, "days": 0, "certain": 0}
    for part in range(made.parts):
        path = made.path / name_of(part) / "findings.parquet"
        own = _counted(pq.ParquetFile(path).read(columns=_COUNTED))
        total = {name: total[name] + own[name] for name in total}
    return total


def share(pid: int) -> float:
    """The memory of a process and its children, in kB: what each has for itself, and what they have of files once.

    The system tells the proportional share as well, and takes a third of a processor for it at this rate: it walks
    through all pages, for which the process that is measured waits.
    """
    held = list(_held(pid))
    page = os.sysconf("SC_PAGE_SIZE") / 1e3
    return page * (sum(own for own, _ in held) + max((files for _, files in held), default=0))


def _held(pid: int) -> Iterator[tuple[int, int]]:
    """The pages of a process and of each of its children that are its own, and that are of files."""
    try:
        resident, files = map(int, Path(f"/proc/{pid}/statm").read_text("ascii").split()[1:3])
    except (OSError, ValueError):  # it has ended
        return
    yield resident - files, files
    for child in children(pid):
        yield from _held(child)


def children(pid: int) -> list[int]:
    """The processes that the threads of a process started and that still run."""
    found = ""
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += path.read_text("ascii") + " "
        except OSError:  # the thread has ended
            continue
    return [int(child) for child in found.split()]


def tree(pid: int) -> float:
    """Seconds of processor of a process and of all that came of it, those that run and those that ended."""
    try:
        return busy(pid) + sum(map(tree, children(pid)))
    except OSError:  # it has ended, and who waited for it has its seconds
        return 0.0


def busy(pid: int) -> float:
    """Seconds of processor of a process and the children that it waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def measured(work: object, *given: str) -> dict[str, float]:
    """What a piece of work gives, in a process of its own, with its seconds and memory."""
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_child, args=(work, theirs, given))
    most, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.05):
            most = max(most, share(process.pid or 0))

    process.start()
    theirs.close()  # so that a child that fails ends the waiting
    watcher = threading.Thread(target=watch)
    watcher.start()
    found = mine.recv()
    done.set()
    watcher.join()
    process.join()
    return {**found, "GB": most / 1e6}


def _child(work: object, pipe: object, given: tuple[str, ...]) -> None:
    start = time.perf_counter()
    found = work(*given)  # type: ignore[operator]
    seconds = time.perf_counter() - start
    pipe.send({**found, "seconds": seconds, "busy": busy(os.getpid()) / seconds})  # type: ignore[attr-defined]


def main() -> int:
    """Print both, and their ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=2_800_000)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--without-memory", action="store_true", help="do not run it in memory")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        folder.mkdir()
        write(folder, given.events)
        works = [on_disk] if given.without_memory else [in_memory, on_disk]
        found = {
            work.__name__: measured(work, str(folder), str(Path(name) / "out"), given.memory)
            for work in works
        }
    for work, told in found.items():
        print(work, json.dumps({key: round(value, 2) for key, value in told.items()}))
    if given.without_memory:
        return 0
    one, other = found["in_memory"], found["on_disk"]
    print(
        f"on disk takes {other['seconds'] / one['seconds']:.2f} times the time and {other['GB'] / one['GB']:.2f} times the memory"
    )
    return int(any(one[key] != other[key] for key in ("findings", "days", "certain")))


if __name__ == "__main__":
    sys.exit(main())
