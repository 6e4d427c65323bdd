"""A country of youths from files to findings: levensloop beside the floor, duckdb, polars, pandas and loops.

Writes made-up events as 40 Parquet files (see `country_data.py` for what they leave out); then, each engine in a process
of its own and one after another: reading, linking on exact keys, joining exact copies (preparing), and the five core
detectors (detecting). The floor is measured in the process of levensloop: reading the columns, one packed sort of 64-bit
keys, one copy in the order of the sort; the coding of the keys of youths, which the sort needs, is told apart. Loops
are given a few youths and compared per event. Seconds of processors are those of the whole process: where other work
runs on the machine they say more than the others. Leaves with 1 if an engine finds other things; at most 300,000 events
the first differences are printed.

    python benchmarks/country.py [events] [--engines duckdb polars pandas loop apply] [--texts] [--best 3] [--youths 1000]
"""

import argparse
import importlib
import os
import sys
import tempfile
import time
import zlib
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from country_data import COLUMNS, NAMES, SCHEMA, TEXTS, write, write_rules

import levensloop as ll
from levensloop.arrow import numbers

ENGINES = ("duckdb", "polars", "pandas", "loop", "apply")
LOOPS = ("loop", "apply")
SMALL = 300_000
_MIX = np.uint64(0x9E3779B97F4A7C15)


def ours(folder: Path, *, texts: bool) -> tuple[dict[str, float], pa.Table]:
    """Four verbs; reading takes the texts or leaves them."""
    rules = ll.Rulebook.from_folder(folder.parent / "rules")
    detectors = (ll.Gap(), ll.OutOfView(), ll.Waiting(rules), ll.Handover(), ll.AgeLimit(rules))
    assert texts == ("what" in pq.read_schema(next(folder.glob("*.parquet"))).names)
    begun, start = time.process_time(), time.perf_counter()
    events = ll.read(folder)
    cohort = ll.merge(events, ll.link(events), same={})
    prepared = time.perf_counter()
    found = ll.detect(cohort, *detectors, errors="raise")
    end = time.perf_counter()
    took = {"prepare": prepared - start, "detect": end - prepared, "GB": peak()}
    kept = len(cohort.events)
    table = found.to_arrow().select(NAMES).cast(SCHEMA)
    took["busy"] = time.process_time() - begun
    del events, cohort, found
    return {**took, "events": kept, **floor(folder, texts=texts)}, table


def floor(folder: Path, *, texts: bool) -> dict[str, float]:
    """Seconds of what no engine can leave out."""
    start = time.perf_counter()
    columns = [*COLUMNS, *(TEXTS if texts else ())]
    words = ["agency", "sector", "kind", "to_agency", "reason"]  # a few words each: their codes are copied
    files = sorted(folder.glob("*.parquet"))
    table = pa.concat_tables(pq.ParquetFile(path, read_dictionary=words).read(columns) for path in files)
    table = table.unify_dictionaries()
    read = time.perf_counter()
    person = table.column("person")
    youth = pc.index_in(person, value_set=pc.unique(person))
    coded = time.perf_counter()
    bits = len(table).bit_length()
    packed = numbers(youth).astype(np.int64) << (16 + bits)
    packed |= numbers(table.column("start").cast(pa.int32())).astype(np.int64) << bits
    packed |= np.arange(len(table))
    packed.sort()
    order = pa.array(packed & ((1 << bits) - 1))
    ordered = time.perf_counter()
    copy = table.set_column(0, "person", youth).take(order)
    assert len(copy) == len(table)
    end = time.perf_counter()
    told = {"read": read - start, "code": coded - read, "sort": ordered - coded, "copy": end - ordered}
    return {**told, "floor": end - start - told["code"]}


def peak() -> float:
    """The most memory that this process has held, in GB; `getrusage` would count what its parent held."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e6


def checked(found: pa.Table) -> dict[str, tuple[int, int]]:
    """For each detector how many findings, and a number that follows from all their cells in any order."""
    mixed = np.zeros(len(found), np.uint64)
    for column in found.cast(SCHEMA).columns:
        if pa.types.is_string(column.type):
            coded = column.combine_chunks().dictionary_encode()
            words = np.array(
                [zlib.crc32(word.encode()) for word in coded.dictionary.to_pylist()] + [7], np.uint64
            )
            cells = words[pc.fill_null(coded.indices, len(words) - 1).to_numpy()]
        else:
            whole = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
            cells = whole.to_numpy().astype(np.int64).view(np.uint64)
        mixed = (mixed ^ cells) * _MIX
        mixed ^= mixed >> np.uint64(29)
    told = {}
    for name in ("Gap", "OutOfView", "Waiting", "Handover", "AgeLimit"):
        own = mixed[numbers(pc.equal(found.column("detector"), name))]
        told[name] = own.size, int(own.sum(dtype=np.uint64))
    return told


def _work(name: str, folder: Path, out: Path, how: tuple[bool, int]) -> dict[str, float]:
    texts, youths = how
    begun = time.process_time()
    if name == "levensloop":
        took, found = ours(folder, texts=texts)
    elif name in LOOPS:
        took, found = getattr(importlib.import_module("engines_loops"), name)(folder, youths, texts=texts)
    else:
        took, found = importlib.import_module(f"engines_{name}").run(folder, texts=texts)
    took.setdefault("GB", peak())
    took.setdefault("busy", time.process_time() - begun)
    pq.write_table(found.cast(SCHEMA), out)
    return took


def _touch(size: int) -> None:
    """Write on so much memory, and give it back."""
    np.ones(size, np.uint8)


def measured(name: str, folder: Path, out: Path, how: tuple[bool, int], best: int) -> dict[str, float]:
    """What an engine takes in a process of its own, the shortest of a number of times; its findings go to a file.

    A virtual machine hands memory that was idle back to its host, and who first asks for it again waits for it. So that no
    engine pays that for the next, as much as the largest needs is written on before each.
    """
    found: list[dict[str, float]] = []
    for _ in range(best):
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        with get_context("spawn").Pool(1) as pool:
            pool.apply(_touch, (free * 2 // 3,))
        with get_context("spawn").Pool(1) as pool:
            found.append(pool.apply(_work, (name, folder, out, how)))
    return min(found, key=lambda took: took["prepare"] + took["detect"])


def compared(name: str, theirs: pa.Table, mine: pa.Table, *, tell: bool) -> bool:
    """Whether an engine finds the same; prints what differs."""
    if name in LOOPS:
        mine = mine.filter(pc.is_in(mine.column("youth"), pc.unique(theirs.column("youth"))))
    one, other = checked(mine), checked(theirs)
    wrong = [detector for detector in one if one[detector] != other[detector]]
    for detector in wrong:
        print(f"  {name} differs in {detector}: {other[detector][0]:,} findings, not {one[detector][0]:,}")
        if tell:
            sides = [
                Counter(tuple(row.values()) for row in table.to_pylist() if row["detector"] == detector)
                for table in (mine, theirs)
            ]
            for side, rows in zip(
                ("levensloop", name), (sides[0] - sides[1], sides[1] - sides[0]), strict=True
            ):
                for row in sorted(rows, key=str)[:3]:
                    print(f"    only {side}: {', '.join(map(str, row))}")
    return not wrong


def told(name: str, took: dict[str, float], mine: dict[str, float]) -> str:
    """A row of the table: seconds, memory, and how many times those of levensloop."""
    share = 1.0 if name not in LOOPS else took["events"] / mine["events"]
    detect = took["detect"] / (mine["detect"] * share)
    whole = (took["prepare"] + took["detect"]) / ((mine["prepare"] + mine["detect"]) * share)
    per = (took["prepare"] + took["detect"]) / (mine["events"] * share) * 1e6
    return (
        f"| {name} | {took['prepare']:.2f} | {took['detect']:.2f} | {took['prepare'] + took['detect']:.2f} "
        f"| {took['busy']:.2f} | {took['GB']:.2f} | {per:,.2f} | {detect:,.1f} | {whole:,.1f} |"
    )


def main() -> int:
    """Print a table of all engines, and whether they agree."""
    parser = argparse.ArgumentParser()
    parser.add_argument("events", type=int, nargs="?", default=2_800_000)
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--texts", action="store_true", help="with four columns of text")
    parser.add_argument(
        "--best", type=int, default=1, help="of how many runs of each engine the shortest counts"
    )
    parser.add_argument("--youths", type=int, default=1000, help="how many youths the loops are given")
    given = parser.parse_args()
    same = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        folder.mkdir()
        write(folder, given.events, texts=given.texts)
        write_rules(Path(name) / "rules")
        how, mine = (given.texts, given.youths), Path(name) / "mine.parquet"
        took = measured("levensloop", folder, mine, how, given.best)
        print(f"{given.events:,} events in 40 files, {took['events']:,} without copies, texts: {given.texts}")
        print(
            "| engine | prepare, s | detect, s | whole, s | processors, s | peak GB | us an event | detect, times | whole, times |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        print(told("levensloop", took, took), flush=True)
        for engine in given.engines:
            path = Path(name) / f"{engine}.parquet"
            print(told(engine, measured(engine, folder, path, how, given.best), took), flush=True)
            same &= compared(engine, pq.read_table(path), pq.read_table(mine), tell=given.events <= SMALL)
        whole = took["prepare"] + took["detect"]
        print(
            f"floor {took['floor']:.2f} s (reading {took['read']:.2f}, sorting {took['sort']:.2f}, "
            f"copying {took['copy']:.2f}; coding keys {took['code']:.2f} beside it): levensloop takes "
            f"{whole / took['floor']:.2f} times the floor, {whole / (took['floor'] + took['code']):.2f} with the coding"
        )
        if given.events <= SMALL:
            print(tally(pq.read_table(mine)))
    print("all engines find the same" if same else "ENGINES DIFFER")
    return int(not same)


def tally(found: pa.Table) -> str:
    """How many findings of each outcome."""
    rows = zip(
        *(found.column(name).to_pylist() for name in ("detector", "outcome", "certainty")), strict=True
    )
    return "\n".join(f"  {' '.join(key):40} {count:8,}" for key, count in sorted(Counter(rows).items()))


if __name__ == "__main__":
    sys.exit(main())
