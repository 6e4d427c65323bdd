"""Gaps, overlaps, handovers and waits of 20,000 youths: levensloop's kernels beside the libraries that do one of them.

Each peer runs in a process and an environment of its own (`build/peers`, made with `--install` in the versions of
`peers.txt`); a peer that is not there is skipped by name. Rows go as Parquet; loading is not timed, sorting is. A peer
that goes youth by youth is given fewer youths, and is compared per row. Leaves with 1 if an answer differs that should
be the same, or if a peer is faster.

    python benchmarks/peers.py [--install] [--peers build/peers] [--youths 20000] [--few 500]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "peers"
LEAST = 180
AGENCIES = ("bjz", "gemeente", "ggz", "huisarts", "jeugdzorg", "politie", "school", "uwv")
KINDS = ("referral", "intake", "contact", "signal", "assessment", "evaluation", "plan", "review")
#: Each peer: its environment, its tasks, and whether it goes youth by youth.
PEERS = {
    "bioframe": ("intervals", ("gaps", "overlaps"), False),
    "piso": ("intervals", ("gaps",), True),
    "portion": ("intervals", ("gaps",), True),
    "staircase": ("intervals", ("gaps",), True),
    "pm4py": ("pm4py", ("handovers",), False),
    "aces": ("aces", ("waiting",), False),
}
MEANING = {
    "gaps": "At least 180 days between the merged intervals of a youth; all mean the same.",
    "overlaps": "Pairs of episodes of different agencies that share a day; both mean the same.",
    "handovers": "How often an event of one agency is followed by one of another. pm4py gives each pair as a share of all "
    "steps, made numbers again here; its network has neither dates nor youths, and what it calls a handover needs "
    "no care: levensloop's `Handover` asks for more.",
    "waiting": "From a referral to the next intake of the youth; both mean the same. ACES has no target and no refusal: "
    "levensloop's `Waiting` asks for more. pm4py averages all pairs of a referral and a later intake, another thing.",
}


def write(path: Path, youths: int) -> None:
    """Thirty rows a youth on thirty different days: 22 contacts of one day, and eight episodes."""
    rng = np.random.default_rng(2009)
    day = np.sort(rng.integers(0, 6000, (youths, 30)), axis=1) + np.arange(30)
    episode = rng.permuted(np.tile(np.arange(30) < 8, (youths, 1)), axis=1)
    length = np.where(episode, rng.integers(2, 400, day.shape), 1)
    youth = np.repeat(np.arange(youths), 30)
    order = rng.permutation(youth.size)
    table = {
        "youth": youth,
        "agency": np.array(AGENCIES)[rng.integers(0, len(AGENCIES), youth.size)],
        "kind": np.array(KINDS)[rng.integers(0, len(KINDS), youth.size)],
        "start": day.ravel(),
        "end": (day + length).ravel(),
        "episode": episode.ravel(),
    }
    pq.write_table(pa.table({name: column[order] for name, column in table.items()}), path)


def own(task: str, path: Path, youths: int) -> dict[str, object]:
    """A task with the kernels of levensloop, the best of three."""
    from levensloop.arrays import codes

    table = pq.read_table(path)
    few = table.column("youth").to_numpy() < youths
    rows = np.flatnonzero(few & table.column("episode").to_numpy() if task == "overlaps" else few)
    columns = {name: table.column(name).to_numpy()[rows] for name in ("youth", "start", "end")}
    columns["agency"] = codes(table.column("agency"), AGENCIES)[rows]
    columns["kind"] = codes(table.column("kind"), KINDS)[rows]
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        found = OWN[task](columns)
        seconds.append(time.perf_counter() - began)
    return {"seconds": min(seconds), "found": list(map(int, found)), "GB": peak(), "rows": int(few.sum())}


def gaps(columns: dict[str, np.ndarray]) -> tuple[int, int]:
    """Days between the unions of a youth."""
    from levensloop.spans import union

    cover = union(columns["youth"], columns["start"], columns["end"])
    free = (cover.start[1:] - cover.end[:-1])[cover.group[1:] == cover.group[:-1]]
    free = free[free >= LEAST]
    return free.size, free.sum()


def overlaps(columns: dict[str, np.ndarray]) -> tuple[int, int]:
    """Each episode with those of other agencies that begin before it ends."""
    from levensloop.spans import pack, ranges

    key = pack(columns["youth"], columns["start"])
    order = np.argsort(key)
    key, end, agency = key[order], columns["end"][order], columns["agency"][order]
    start, last = columns["start"][order], np.searchsorted(key, pack(columns["youth"][order], end))
    first, later = ranges(np.arange(key.size) + 1, last)
    other = agency[first] != agency[later]
    first, later = first[other], later[other]
    return first.size, (np.minimum(end[first], end[later]) - start[later]).sum()


def handovers(columns: dict[str, np.ndarray]) -> tuple[int, int]:
    """How often each agency follows each other one."""
    from levensloop.spans import pack

    order = np.argsort(pack(columns["youth"], columns["start"]))
    youth, agency, size = columns["youth"][order], columns["agency"][order], len(AGENCIES)
    step = youth[1:] == youth[:-1]
    pairs = np.bincount((agency[:-1] * size + agency[1:])[step], minlength=size**2)
    pairs = pairs[~np.eye(size, dtype=bool).ravel()]
    return np.count_nonzero(pairs), pairs.sum()


def waiting(columns: dict[str, np.ndarray]) -> tuple[int, int]:
    """From each referral to the next intake."""
    from levensloop.spans import first_reaching, pack

    youth, start = columns["youth"], columns["start"]
    asked, intake = (np.flatnonzero(columns["kind"] == KINDS.index(name)) for name in ("referral", "intake"))
    intake = intake[np.argsort(pack(youth[intake], start[intake]))]
    after = first_reaching(youth[intake], start[intake], youth[asked], start[asked] + 1)
    waited = (start[intake[after]] - start[asked])[after >= 0]
    return waited.size, waited.sum()


OWN = {"gaps": gaps, "overlaps": overlaps, "handovers": handovers, "waiting": waiting}


def peak() -> float:
    """The most memory that this process has held, in GB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e6


def python_of(peer: str, peers: Path) -> Path | None:
    """The interpreter of a peer's environment, if the peer is there."""
    python = peers / PEERS[peer][0] / "bin" / "python"
    code = f"import importlib.util as u, sys; sys.exit(u.find_spec({peer!r}) is None)"
    if not python.exists() or subprocess.run([python, "-c", code], check=False).returncode:  # noqa: S603 # our own
        return None
    return python


def theirs(python: Path, peer: str, task: str, rows: tuple[Path, int]) -> dict[str, object] | str:
    """A task by a peer; the last line of what it says where it fails."""
    path, youths = rows
    done = subprocess.run(  # noqa: S603 # our own code
        [python, Path(__file__).with_name("peers_tasks.py"), peer, task, path, str(youths)],
        capture_output=True,
        check=False,
        text=True,
    )
    lines = done.stdout.strip().splitlines()
    return json.loads(lines[-1]) if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def install(peers: Path) -> None:
    """Make the environments of `peers.txt`: a heading for each, with its versions below."""
    sections = Path(__file__).with_name("peers.txt").read_text().split("[")[1:]
    for section in sections:
        name, _, pins = section.partition("]")
        subprocess.run([sys.executable, "-m", "venv", peers / name], check=True)  # noqa: S603 # our own
        command = [peers / name / "bin" / "python", "-m", "pip", "install", "--quiet", *pins.split()]
        subprocess.run(command, check=True)  # noqa: S603 # the versions of our own file


def main() -> int:
    """Print a table for each task."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--install", action="store_true", help="make the environments of the peers first")
    parser.add_argument("--youths", type=int, default=20_000)
    parser.add_argument("--few", type=int, default=500, help="for peers that go youth by youth")
    parser.add_argument("--peers", type=Path, default=BUILD, help="where their environments are")
    given = parser.parse_args()
    if given.install:
        install(given.peers)
    good = True
    present = {peer: python_of(peer, given.peers) for peer in PEERS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        write(path, given.youths)
        for task, meaning in MEANING.items():
            print(f"\n{task}: {meaning}\n")
            print(
                "| library | rows | s | peak GB | us a row | found | times |\n|---|---|---|---|---|---|---|"
            )
            good &= _task(task, path, (given.youths, given.few), present)
    absent = [peer for peer, here in present.items() if not here]
    if absent:
        print(f"\nnot there, skipped: {', '.join(absent)} (python benchmarks/peers.py --install)")
    return int(not good)


def _task(task: str, path: Path, sizes: tuple[int, int], present: dict[str, Path | None]) -> bool:
    """Print the rows of a task; whether all agree and none is faster."""
    youths, few = sizes
    good, mine = True, {}
    for size in (youths, few):
        with get_context("spawn").Pool(1) as pool:
            mine[size] = pool.apply(own, (task, path, size))
    print(_row("levensloop", mine[youths], mine[youths]))
    for peer, (_, tasks, slow) in PEERS.items():
        python = present[peer]
        if task in tasks and python:
            size = few if slow else youths
            took = theirs(python, peer, task, (path, size))
            if isinstance(took, str):
                print(f"| {peer} | failed: {took} |")
                good = False
                continue
            print(_row(peer, took, mine[size]), flush=True)
            if took["found"] != mine[size]["found"]:
                print(f"  {peer} finds {took['found']}, levensloop {mine[size]['found']}")
                good = False
            good &= took["seconds"] > mine[size]["seconds"]
    return good


def _row(name: str, took: dict[str, object], mine: dict[str, object]) -> str:
    each = took["seconds"] / took["rows"] * 1e6
    return (
        f"| {name} | {took['rows']:,} | {took['seconds']:.3f} | {took['GB']:.2f} | {each:.2f} "
        f"| {took['found'][0]:,}, {took['found'][1]:,} | {took['seconds'] / mine['seconds']:,.1f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
