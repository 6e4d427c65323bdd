"""Tasks of `peers.py` as each peer does them; run by the Python of the peer's own environment, without levensloop.

    python benchmarks/peers_tasks.py PEER TASK events.parquet YOUTHS

Loads the file, does the task on the first YOUTHS youths, and prints as JSON the seconds of the task alone (the best of
three, as of levensloop), the peak of memory, and what was found: a number of things and a number of days, or for handovers the number of each pair.
"""

import json
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

LEAST = 180
#: Each task is done so many times, and the best one counts; once it took so many seconds it is not done again.
TIMES, PATIENCE = 3, 5
#: When the task began, and what was found.
Told = tuple[float, int, int]


def bioframe_gaps(table: pa.Table) -> Told:
    """Gaps between merged intervals, of which youths are the chromosomes."""
    import bioframe

    frame = table.to_pandas()
    frame = frame.assign(chrom=frame["youth"].astype(str))[["chrom", "start", "end"]]
    start = time.perf_counter()
    merged = bioframe.merge(frame).sort_values(["chrom", "start"])
    free = merged["start"] - merged.groupby("chrom")["end"].shift(1)
    free = free[free >= LEAST]
    return start, len(free), int(free.sum())


def bioframe_overlaps(table: pa.Table) -> Told:
    """Pairs of overlapping episodes of different agencies."""
    import bioframe

    frame = table.to_pandas()
    frame = frame[frame["episode"]].assign(chrom=lambda one: one["youth"].astype(str))
    frame = frame[["chrom", "start", "end", "agency"]].reset_index(drop=True)
    start = time.perf_counter()
    pairs = bioframe.overlap(frame, frame, how="inner", suffixes=("", "_"))
    pairs = pairs[pairs["agency"] < pairs["agency_"]]
    days = pairs[["end", "end_"]].min(axis=1) - pairs[["start", "start_"]].max(axis=1)
    return start, len(pairs), int(days.sum())


def piso_gaps(table: pa.Table) -> Told:
    """Union and complement of the intervals of one youth after another."""
    import pandas as pd
    import piso

    groups = [
        (one["start"].to_numpy(), one["end"].to_numpy()) for _, one in table.to_pandas().groupby("youth")
    ]
    start, number, days = time.perf_counter(), 0, 0
    for low, high in groups:
        spans = pd.arrays.IntervalArray.from_arrays(low, high, closed="left")
        free = piso.complement(spans, domain=pd.Interval(low.min(), high.max(), closed="left"))
        long = [length for length in free.length if length >= LEAST]
        number, days = number + len(long), days + int(sum(long))
    return start, number, days


def portion_gaps(table: pa.Table) -> Told:
    """Complement of the union of the intervals of one youth after another."""
    import portion

    groups = [(one["start"].tolist(), one["end"].tolist()) for _, one in table.to_pandas().groupby("youth")]
    start, number, days = time.perf_counter(), 0, 0
    for low, high in groups:
        cover = portion.Interval(*(portion.closedopen(*span) for span in zip(low, high, strict=True)))
        for free in portion.closedopen(min(low), max(high)) - cover:
            length = 0 if free.empty else free.upper - free.lower
            if length >= LEAST:
                number, days = number + 1, days + length
    return start, number, days


def staircase_gaps(table: pa.Table) -> Told:
    """Where the step function of one youth after another is zero."""
    import staircase

    groups = [
        (one["start"].to_numpy(), one["end"].to_numpy()) for _, one in table.to_pandas().groupby("youth")
    ]
    start, number, days = time.perf_counter(), 0, 0
    for low, high in groups:
        steps = staircase.Stairs(start=low, end=high).to_frame().iloc[1:-1]
        free = (steps["end"] - steps["start"])[steps["value"] == 0]
        free = free[free >= LEAST]
        number, days = number + len(free), days + int(free.sum())
    return start, number, days


def pm4py_handovers(table: pa.Table) -> Told:
    """The handover-of-work network: shares of all steps, made numbers again."""
    import pandas as pd
    import pm4py

    frame = table.to_pandas()
    log = pd.DataFrame(
        {
            "case:concept:name": frame["youth"].astype(str),
            "concept:name": frame["kind"],
            "org:resource": frame["agency"],
            "time:timestamp": pd.to_datetime(frame["start"], unit="D", utc=True),
        }
    )
    log = pm4py.format_dataframe(log)
    steps = len(log) - log["case:concept:name"].nunique()
    start = time.perf_counter()
    found = pm4py.discover_handover_of_work_network(log).connections
    pairs = {f"{one}>{other}": round(share * steps) for (one, other), share in found.items() if one != other}
    return start, len(pairs), sum(pairs.values())


ACES_CONFIG = """
predicates:
  referral:
    code: referral
  intake:
    code: intake
trigger: referral
windows:
  wait:
    start: trigger
    end: start -> intake
    start_inclusive: False
    end_inclusive: True
    index_timestamp: end
"""


def aces_waiting(table: pa.Table) -> Told:
    """From each referral to the next intake, as a window of a task."""
    import polars as pl
    from aces import config, predicates, query
    from omegaconf import DictConfig

    path = Path(sys.argv[3]).with_suffix(".yaml")
    path.write_text(ACES_CONFIG)
    day = pl.from_epoch(pl.Series(table.column("start").to_numpy()), time_unit="d").cast(pl.Datetime("us"))
    rows = {
        "subject_id": table.column("youth").to_numpy(),
        "timestamp": day,
        **{
            kind: pc.equal(table.column("kind"), kind).cast(pa.int64()).to_numpy()
            for kind in ("referral", "intake")
        },
    }
    source = path.with_suffix(".aces.parquet")
    pl.DataFrame(rows).write_parquet(source)
    task = config.TaskExtractorConfig.load(path)
    start = time.perf_counter()
    given = predicates.get_predicates_df(
        task, DictConfig({"path": str(source), "standard": "direct", "ts_format": None})
    )
    found = query.query(task, given)
    waited = (
        found.select((pl.col("index_timestamp") - pl.col("trigger")).dt.total_days()).to_series().drop_nulls()
    )
    return start, len(waited), int(waited.sum())


TASKS = {
    "bioframe": {"gaps": bioframe_gaps, "overlaps": bioframe_overlaps},
    "piso": {"gaps": piso_gaps},
    "portion": {"gaps": portion_gaps},
    "staircase": {"gaps": staircase_gaps},
    "pm4py": {"handovers": pm4py_handovers},
    "aces": {"waiting": aces_waiting},
}


def peak() -> float:
    """The most memory that this process has held, in GB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e6


def main() -> None:
    """Do one task and print what it took."""
    peer, task, path, youths = sys.argv[1:]
    table = pq.read_table(path)
    table = table.filter(pc.less(table.column("youth"), int(youths)))
    seconds: list[float] = []
    while len(seconds) < TIMES and sum(seconds) < PATIENCE:
        start, number, days = TASKS[peer][task](table)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": min(seconds), "found": [number, days], "GB": peak(), "rows": len(table)}))


if __name__ == "__main__":
    main()
