"""The most memory against the number of events: in memory, and with `ll.run(..., memory=...)`.

Each size and way in processes of its own, on the files that `outofcore.py` writes. Told are seconds, the most
memory of the process and its children, of files once, and bytes an event: over what the least of the sizes took, so
that what any run needs (libraries, processes) does not count. Growth is linear if the bytes of each further event are
at most 1.3 times those of the step before. Leaves with 1 if it is not in memory, or if the sizes are answered with
different findings by the two ways.

    python benchmarks/memory.py [events ...] [--memory 2GB]
"""

import argparse
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from outofcore import in_memory, measured, on_disk, write

MOST = 1.3
WAYS = {"in memory": in_memory, "on disk": on_disk}


def sized(events: int, memory: str) -> dict[str, dict[str, float]]:
    """What each way takes for so many events."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        folder.mkdir()
        write(folder, events)
        return {
            way: measured(work, str(folder), str(Path(name) / "out"), memory) for way, work in WAYS.items()
        }


def main() -> int:
    """Print a table, and whether memory grows with the events and no faster."""
    parser = argparse.ArgumentParser()
    parser.add_argument("events", type=int, nargs="*", default=[300_000, 1_000_000, 3_000_000])
    parser.add_argument("--memory", default="2GB")
    given = parser.parse_args()
    sizes = sorted(given.events)
    found = {}
    print("| events | way | s | peak GB | bytes a further event |\n|---|---|---|---|---|")
    for at, size in enumerate(sizes):
        found[size] = sized(size, given.memory)
        for way, took in found[size].items():
            more = f"{_slope(found, way, sizes[at - 1], size):,.0f}" if at else ""
            print(f"| {size:,} | {way} | {took['seconds']:.1f} | {took['GB']:.2f} | {more} |", flush=True)
    same = all(
        one["in memory"][key] == one["on disk"][key] for one in found.values() for key in ("findings", "days")
    )
    linear = {}
    for way in WAYS:
        slopes = [_slope(found, way, low, high) for low, high in pairwise(sizes)]
        linear[way] = all(next_ <= MOST * max(before, 1) for before, next_ in pairwise(slopes))
        print(
            f"{way}: memory grows {'no faster than the events' if linear[way] else 'FASTER than the events'}"
        )
    print("both ways find the same" if same else "THE TWO WAYS DIFFER")
    return int(not (same and linear["in memory"]))


def _slope(found: dict[int, dict[str, dict[str, float]]], way: str, low: int, high: int) -> float:
    return (found[high][way]["GB"] - found[low][way]["GB"]) * 1e9 / max(high - low, 1)


if __name__ == "__main__":
    sys.exit(main())
