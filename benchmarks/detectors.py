"""What all detectors together cost, held against the five core detectors in the same run.

Ten events a youth from eight agencies, read once; then the five core detectors and all built-in ones, in turns, each the
best of two. Leaves with 1 if all cost more than eight times the five.

    python benchmarks/detectors.py [events]
"""

import sys
import tempfile
import time
from pathlib import Path

from outofcore import core, write

import levensloop as ll
from levensloop.detectors import BUILT_IN

MOST = 8


def seconds(cohort: ll.Cohort, detectors: tuple[object, ...]) -> float:
    """How long detecting takes."""
    start = time.perf_counter()
    ll.detect(cohort, *detectors, errors="raise")
    return time.perf_counter() - start


def main() -> int:
    """Print seconds, each detector apart and all together."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), events)
        read = ll.read(folder)
        cohort = ll.merge(read, ll.link(read))
    every = tuple(detector() for detector in BUILT_IN)
    few, many = [], []
    for _ in range(2):
        few.append(seconds(cohort, core()))
        many.append(seconds(cohort, every))
    for detector in every:
        print(f"{type(detector).__name__:20} {seconds(cohort, (detector,)):6.2f} s")
    ratio = min(many) / min(few)
    print(
        f"{len(cohort.events):,} events of {len(cohort):,} youths: five {min(few):.2f} s, "
        f"all {len(every)} {min(many):.2f} s, {ratio:.1f} times"
    )
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
