"""Mutation testing: mutmut changes one thing in the code and sees whether a test fails; this draws which, and counts.

What is changed, and by which tests it must be noticed, stands in `pyproject.toml` under `tool.mutmut`. There are
some 8,000 such changes, so a sample of them is drawn for each file. Each runs only the tests that call its
function, the quickest first, and of those no more than fit in `--seconds`. No change is taken out for being harmless.

    python benchmarks/mutation.py [--sample 16] [--seconds 30] [--seed 3]

`mutmut show NAME` shows a change. In `mutants/` is what is kept between runs; with `--again` it is used.
"""

import argparse
import json
import math
import random
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

MUTMUT = Path(sys.executable).with_name("mutmut")
STATS = Path("mutants/mutmut-stats.json")


def mutmut(*words: str) -> str:
    """What mutmut says."""
    done = subprocess.run([MUTMUT, *words], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        sys.exit(done.stdout[-5000:] + done.stderr[-5000:])
    return done.stdout


def mutants() -> dict[str, list[tuple[str, str]]]:
    """Every mutant and what became of it, by the name of its module."""
    found = defaultdict(list)
    for line in mutmut("results", "--all", "true").splitlines():
        name, _, fate = line.strip().partition(": ")
        found[name.removeprefix("levensloop.").removeprefix("detectors.").partition(".")[0]].append(
            (name, fate)
        )
    return found


def drawn(made: Mapping[str, Sequence[tuple[str, str]]], size: int, seed: int) -> list[str]:
    """So many mutants of each module, or all if it has no more."""
    dice = random.Random(seed)  # noqa: S311 - a sample, no secret
    return [name for own in made.values() for name, _ in dice.sample(sorted(own), min(size, len(own)))]


def quickest(tests: Sequence[str], took: Mapping[str, float], seconds: float) -> list[str]:
    """The quickest tests that fit in a number of seconds; one at least."""
    total, fit = 0.0, []
    for test in sorted(tests, key=lambda one: took[one]):
        total += took[test]
        if fit and total > seconds:
            break
        fit.append(test)
    return fit


def interval(killed: int, of: int) -> tuple[float, float]:
    """The 95 % interval of Wilson of a share."""
    if not of:
        return 0.0, 1.0
    z, p = 1.96, killed / of
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return max(middle - half, 0.0) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def table(fates: Mapping[str, Sequence[str]], made: Mapping[str, int]) -> Iterator[str]:
    """The share that was killed, per module and in all."""
    yield "| module | can be made | tried | killed | share | 95 % interval |"
    yield "|---|---|---|---|---|---|"
    whole = [fate for own in fates.values() for fate in own]
    for name, own, size in [
        *((name, fates[name], made[name]) for name in fates),
        ("all", whole, sum(made.values())),
    ]:
        killed = own.count("killed")
        low, high = interval(killed, len(own))
        yield f"| {name} | {size:,} | {len(own)} | {killed} | {killed / len(own):.0%} | {low:.0%} to {high:.0%} |"


def main() -> int:
    """Print a table of what was killed, and the names of what was not."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--sample", type=int, default=16, help="mutants a module")
    ask.add_argument("--seconds", type=float, default=30, help="of tests for a mutant")
    ask.add_argument("--seed", type=int, default=3)
    ask.add_argument("--again", action="store_true", help="keep which tests call what, from the run before")
    given = ask.parse_args()
    if not given.again:
        shutil.rmtree("mutants", ignore_errors=True)
    # The few of one module: they are made of all modules, and every test is run once.
    mutmut("run", "levensloop.detectors.handover.*")
    told = json.loads(STATS.read_text("utf-8"))
    calls, took = told["tests_by_mangled_function_name"], told["duration_by_test"]
    told["tests_by_mangled_function_name"] = {
        name: quickest(tests, took, given.seconds) for name, tests in calls.items()
    }
    STATS.write_text(json.dumps(told), "utf-8")
    made = mutants()
    tried = drawn(made, given.sample, given.seed)
    mutmut("run", "--max-children", "2", *tried)
    fates = {
        module: [(name, fate) for name, fate in own if name in tried] for module, own in mutants().items()
    }
    print(
        "\n".join(
            table(
                {name: [fate for _, fate in own] for name, own in fates.items()},
                {name: len(own) for name, own in made.items()},
            )
        )
    )
    print(*(f"{name}: {fate}" for own in fates.values() for name, fate in own if fate != "killed"), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
