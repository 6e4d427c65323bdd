"""What detecting costs: seconds and seconds of processor of all five core detectors, of the view and of each by itself.

Ten events a youth from eight agencies, read once or taken from a saved cohort; and the bytes that an event takes at
rest, texts and list columns apart.

    python benchmarks/detecting.py [events, or the folder of a saved cohort]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from outofcore import core, write

import levensloop as ll


def cohort_of(given: str) -> ll.Cohort:
    """A saved cohort, or one of so many events."""
    if not given.isdigit():
        return ll.load(given)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), int(given))
        events = ll.read(folder)
        return ll.merge(events, ll.link(events))


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor."""
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - busy


def weight(table: pa.Table) -> int:
    """The bytes of the columns that hold anything, texts and lists apart; of coded ones those of the codes.

    Columns without a value share their memory, with each other and with those of other tables.
    """
    columns = [
        column
        for column in table.columns
        if not pa.types.is_string(column.type) and not pa.types.is_list(column.type)
    ]
    chunks = [chunk for column in columns if column.null_count < len(column) for chunk in column.chunks]
    codes = [chunk.indices if pa.types.is_dictionary(chunk.type) else chunk for chunk in chunks]
    return sum(array.nbytes for array in codes)


def main() -> int:
    """Print the costs, the whole first."""
    cohort = cohort_of(sys.argv[1] if len(sys.argv) > 1 else "1000000")
    size = len(cohort.events) / 1e6
    print(
        f"{size:.1f} million events of {len(cohort):,} youths; seconds, and of processor; processor a million"
    )
    works = {"all five": lambda: ll.detect(cohort, *core()), "view": lambda: cohort.view}
    works |= {type(one).__name__: lambda one=one: ll.detect(cohort, one) for one in core()}
    for name, work in works.items():
        vars(cohort).pop("view", None)
        wall, busy = cost(work)
        print(f"{name:12} {wall:7.2f} {busy:7.2f} {busy / size:7.2f}")
    for name in ("events", "episodes"):
        print(
            f"{name:12} {weight(getattr(cohort, name).to_arrow()) / len(cohort.events):7.1f} bytes an event at rest"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
