"""What detecting costs: seconds and seconds of processor of the view, of each core detector and of all five at once.

Ten events a youth from eight agencies, read once or taken from a saved cohort.

    python benchmarks/detecting.py [events, or the folder of a saved cohort]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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
        vars(cohort).pop("view", None) if name in ("all five", "view") else None
        wall, busy = cost(work)
        print(f"{name:12} {wall:7.2f} {busy:7.2f} {busy / size:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
