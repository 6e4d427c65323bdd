"""The job of `country.py` in vectorised pandas: nothing is done youth by youth.

As one who knows pandas would: Parquet is read by pyarrow, keys and words become numbers at once (`factorize` is slower than
Arrow's dictionaries), days are whole numbers, a youth and an agency are one key, and joins to the nearest day are
`merge_asof`. Frames of numbers in numpy are faster here than frames over Arrow.
"""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from country_data import AGENCIES, COLUMNS, ENDED, EPOCH, KINDS, LIMITS, REFUSED, TEXTS, UNTIL

NAMES = sorted(AGENCIES)
OPENED = np.array([(AGENCIES[name][1] - EPOCH).days for name in NAMES])
AGES = np.array([LIMITS.get(AGENCIES[name][0], -1) for name in NAMES])
KIND = {name: place for place, name in enumerate(KINDS)}
REASON = {name: place for place, name in enumerate([*ENDED, *REFUSED])}
SETTLED = [-1, *(REASON[name] for name in ("goal_reached", "as_planned", "agreed"))]
FOUND = ["youth", "outcome", "certainty", "start", "end", "days_min", "days_max", "agency", "to_agency"]
CARE, REFUSAL = KIND["care"], KIND["refusal"]


def _coded(column: pa.ChunkedArray, known: list[str] | None = None) -> tuple[np.ndarray, pa.Array]:
    """A column as numbers: places among the known words, or among those that occur; -1 if empty."""
    array = column.combine_chunks().dictionary_encode()
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    if known is None:
        return codes, array.dictionary
    places = {name: place for place, name in enumerate(known)}
    return np.array([*(places[name] for name in array.dictionary.to_pylist()), -1])[codes], array.dictionary


def prepare(folder: Path, *, texts: bool) -> tuple[pd.DataFrame, pa.Array]:
    """The events without copies, by youth and day, and the keys of the youths."""
    table = pa.concat_tables(
        pq.read_table(path, columns=[*COLUMNS, *(TEXTS if texts else ())])
        for path in sorted(folder.glob("*.parquet"))
    )
    youth, keys = _coded(table.column("person"))
    frame = pd.DataFrame(
        {
            "youth": youth,
            "start": table.column("start").cast(pa.int32()).to_numpy(),
            "stop": table.column("end").cast(pa.int32()).fill_null(-1).to_numpy() + 1,
            "birth": table.column("birth").cast(pa.int32()).to_numpy(),
            "agency": _coded(table.column("agency"), NAMES)[0].astype(np.int8),
            "to": _coded(table.column("to_agency"), NAMES)[0].astype(np.int8),
            "kind": _coded(table.column("kind"), list(KIND))[0].astype(np.int8),
            "reason": _coded(table.column("reason"), list(REASON))[0].astype(np.int8),
        }
    )
    sentences = {name: _coded(table.column(name)) for name in (TEXTS if texts else ())}
    for name, (codes, _) in sentences.items():
        frame[name] = codes
    frame = frame.drop_duplicates().sort_values(["youth", "start"], ignore_index=True)
    for name, (_, words) in sentences.items():
        frame[name] = pd.Categorical.from_codes(frame[name], words.to_pylist())
    return frame, keys


def birthday(birth: pd.Series, age: object) -> np.ndarray:
    """The day on which one is so old; of 29 February the first of March."""
    day = birth.to_numpy().astype("M8[D]")
    month = day.astype("M8[M]")
    moved = month + np.asarray(age) * 12
    rest = (day - month.astype("M8[D]")).astype(np.int64)
    return np.minimum(
        moved.astype("M8[D]").astype(np.int64) + rest, (moved + 1).astype("M8[D]").astype(np.int64)
    )


def told(frame: pd.DataFrame, detector: str, **columns: object) -> pd.DataFrame:
    """Findings, whose columns are taken from a frame unless they are given."""
    made = {name: columns.get(name, -1 if name.endswith("agency") else None) for name in FOUND}
    made = {
        name: frame[value] if isinstance(value, str) and value in frame else value
        for name, value in made.items()
    }
    return pd.DataFrame(made, index=frame.index).assign(detector=detector)


def shared(events: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What several detectors rest on."""
    care = events.loc[events.kind == CARE, ["youth", "birth", "agency", "start", "stop", "reason"]].copy()
    care["open"] = care.stop == 0
    care.loc[care.open, "stop"] = UNTIL
    first = care.sort_values(["youth", "start", "open", "stop", "agency"])
    grouped = first.groupby(["youth", "start"], sort=False)
    starts = pd.DataFrame({"agency": grouped.agency.first(), "reach": grouped.stop.max()}).reset_index()
    by = starts.groupby("youth", sort=False)
    starts["reach"] = by.reach.cummax()
    starts["next"] = by.start.shift(-1).fillna(-1).astype(np.int64)
    starts["next_agency"] = by.agency.shift(-1).fillna(-1).astype(np.int64)
    starts = starts.drop(columns="agency").rename(columns={"start": "begun"}).sort_values("begun")
    ended = pd.merge_asof(
        care[~care.open].sort_values("stop").astype({"stop": np.int64}),
        starts.astype({"begun": np.int64}),
        left_on="stop", right_on="begun", by="youth", allow_exact_matches=False,
    )  # fmt: skip
    asked = _asked(events, care)
    return {"care": care, "ended": ended, "asked": asked, "waits": _waits(asked)}


def _asked(events: pd.DataFrame, care: pd.DataFrame) -> pd.DataFrame:
    """Each opener while no care ran, with the first that closes it."""
    asked = events[events.kind.isin([KIND["referral"], KIND["application"]])]
    target = np.where(asked.to >= 0, asked.to, asked.agency)
    openers = pd.DataFrame({"pair": asked.youth * len(NAMES) + target, "start": asked.start})
    openers = openers.drop_duplicates().sort_values("start")
    pair = care.youth * len(NAMES) + care.agency
    running = care.stop.groupby([pair.rename("pair"), care.start]).max().rename("reach").reset_index()
    running["reach"] = running.groupby("pair").reach.cummax()
    free = pd.merge_asof(openers, running.sort_values("start"), on="start", by="pair")
    free = free[free.reach.isna() | (free.reach <= free.start)].drop(columns="reach")
    rows = events[(events.kind == CARE) | (events.kind == REFUSAL)]
    closers = pd.DataFrame(
        {"pair": rows.youth * len(NAMES) + rows.agency, "closed": rows.start, "started": rows.kind == CARE}
    )
    closers = closers.groupby(["pair", "closed"]).started.max().reset_index().sort_values("closed")
    waits = pd.merge_asof(free, closers, left_on="start", right_on="closed", by="pair", direction="forward")
    waits["closed"] = waits.closed.fillna(-1).astype(np.int64)
    return waits


def _waits(asked: pd.DataFrame) -> pd.DataFrame:
    """Openers with one closer are one wait."""
    waits = (
        asked.groupby(["pair", "closed"])
        .agg(start=("start", "min"), started=("started", "first"))
        .reset_index()
    )
    ongoing = waits.closed < 0
    return pd.DataFrame(
        {
            "youth": waits.pair // len(NAMES),
            "agency": waits.pair % len(NAMES),
            "start": waits.start,
            "stop": waits.closed.where(~ongoing, UNTIL),
            "outcome": np.select(
                [ongoing, waits.started.fillna(value=False).astype(bool)], ["ongoing", "started"], "refused"
            ),
        }
    )


def _spans(waits: pd.DataFrame) -> pd.DataFrame:
    """The days on which each youth waits, without overlap."""
    spans = waits[waits.stop > waits.start].sort_values(["youth", "start"])
    before = spans.groupby("youth").stop.cummax().groupby(spans.youth).shift(1)
    island = (before.isna() | (spans.start > before)).cumsum().rename("island")
    return spans.groupby(island).agg(youth=("youth", "first"), low=("start", "min"), high=("stop", "max"))


def _needs(events: pd.DataFrame, waits: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Whether each youth has a need that was left open, and from when all agencies observe the youth."""
    out = pd.DataFrame({"birth": events.groupby("youth").birth.first()})
    signal = (
        events[events.kind == KIND["signal"]].groupby("youth").start.max().reindex(out.index, fill_value=-1)
    )
    care = events[events.kind == CARE].groupby("youth").start.max().reindex(out.index, fill_value=-1)
    settled = items.reason.isin(SETTLED)
    good = items[settled].groupby("youth").stop.max().reindex(out.index, fill_value=-1)
    bad = items[~settled].groupby("youth").stop.max().reindex(out.index, fill_value=-1)
    waiting = out.index.isin(waits.youth[waits.outcome == "ongoing"])
    out["need"] = (signal > care) | ((bad >= 0) & (bad >= good)) | waiting
    opened = pd.Series(OPENED[items.agency], index=items.index).groupby(items.youth).max()
    return out.assign(opened=opened).dropna(subset="opened")


def stretches(
    items: pd.DataFrame, needs: pd.DataFrame, spans: pd.DataFrame, domain: pd.Series, days: int, name: str
) -> pd.DataFrame:
    """Days that no item covers: `Gap` and `OutOfView`."""
    items = items.sort_values(["youth", "start"], ignore_index=True)
    by = items.groupby("youth", sort=False)
    bare = pd.DataFrame(
        {"youth": items.youth, "start": by.stop.cummax(), "next": by.start.shift(-1).fillna(UNTIL)}
    )
    bare = bare[bare.next - bare.start >= days]
    gaps = bare.join(needs, on="youth").join(domain.rename("domain"), on="youth")
    gaps["stop"] = np.minimum(gaps.next, gaps.domain).astype(np.int64)
    gaps = gaps[(gaps.stop - gaps.start >= days) & ((gaps.stop < gaps.domain) | gaps.need)]
    ends = items[["youth", "stop"]].assign(goal=items.reason == REASON["goal_reached"])
    ends = ends[ends.youth.isin(gaps.youth)].groupby(["youth", "stop"]).goal.min().rename("goal")
    gaps = gaps.join(ends, on=["youth", "start"]).reset_index(drop=True)
    pairs = gaps[["youth", "start", "stop"]].reset_index().merge(spans, on="youth")
    overlap = np.minimum(pairs.stop, pairs.high) - np.maximum(pairs.start, pairs.low)
    waiting = overlap.clip(lower=0).groupby(pairs["index"]).sum().reindex(gaps.index, fill_value=0)
    length = gaps.stop - gaps.start
    outcome = np.select(
        [gaps.opened >= gaps.stop, 2 * waiting >= length, gaps.goal.astype(bool)],
        ["unobserved", "waiting", "after_goal"], "unexplained",
    )  # fmt: skip
    certainty = np.where(gaps.opened > gaps.start, "possible", "certain")
    return told(
        gaps, name, youth="youth", outcome=outcome, certainty=certainty, start="start", end="stop",
        days_min=length, days_max=length,
    )  # fmt: skip


def handovers(events: pd.DataFrame, care: pd.DataFrame, ended: pd.DataFrame) -> list[pd.DataFrame]:
    """`Handover`: by referral or transfer, and by the order of care."""
    size = len(NAMES)
    asked = events[events.kind.isin([KIND["referral"], KIND["transfer"]])]
    asked = asked[(asked.to >= 0) & (asked.to != asked.agency)].sort_values("start")
    asked = asked.assign(pair=asked.youth * size + asked.to)[["youth", "agency", "to", "start", "pair"]]
    no = events[events.kind == REFUSAL]
    for name, rows in (("came", care), ("refused", no)):
        days = pd.DataFrame({"pair": rows.youth * size + rows.agency, name: rows.start}).drop_duplicates()
        asked = pd.merge_asof(
            asked, days.sort_values(name), left_on="start", right_on=name, by="pair", direction="forward"
        )
        asked[name] = asked[name].where(asked[name] <= asked.start + 180).fillna(UNTIL * 2).astype(np.int64)
    refused, arrived = asked.refused < asked.came, asked.came <= UNTIL
    lost = (OPENED[asked.to] <= asked.start) & (asked.start + 181 <= UNTIL)
    outcome = np.select([refused, arrived, lost], ["refused", "arrived", "lost"], "pending")
    stop = np.select([refused, arrived], [asked.refused, asked.came], np.minimum(asked.start + 180, UNTIL))
    asked = asked.assign(stop=stop)
    explicit = told(
        asked, "Handover", youth="youth", outcome=outcome, certainty="certain", start="start",
        end=np.maximum(stop, asked.start + 1), days_min=stop - asked.start, days_max=stop - asked.start,
        agency="agency", to_agency="to",
    )  # fmt: skip
    key = ["youth", "agency", "next_agency", "next"]
    reached = (
        asked[outcome == "arrived"]
        .rename(columns={"to": "next_agency", "came": "next"})[key]
        .drop_duplicates()
    )
    implicit = ended[
        (ended.next >= 0) & (ended.next_agency != ended.agency) & (ended.next - ended.stop <= 180)
    ]
    implicit = implicit[(implicit.reach <= implicit.stop) | (implicit.next == implicit.stop)]
    implicit = implicit[[*key, "stop"]].drop_duplicates().merge(reached.assign(known=1), on=key, how="left")
    implicit = implicit[implicit.known.isna()]
    again = (
        care[["youth", "agency", "start"]].drop_duplicates().rename(columns={"start": "next"}).assign(again=1)
    )
    implicit = implicit.merge(again, on=["youth", "agency", "next"], how="left")
    lag = implicit.next - implicit.stop
    return [
        explicit,
        told(
            implicit, "Handover", youth="youth", outcome="arrived",
            certainty=np.where(implicit.again.isna(), "certain", "possible"), start="stop",
            end=np.maximum(implicit.next, implicit.stop + 1), days_min=lag, days_max=lag,
            agency="agency", to_agency="next_agency",
        ),
    ]  # fmt: skip


def age_limits(events: pd.DataFrame, given: dict[str, pd.DataFrame], births: pd.Series) -> list[pd.DataFrame]:
    """`AgeLimit`: care that ends near a limit, care asked for before it, and refusals as too young."""
    ended, care = given["ended"], given["care"]
    rows = ended[(ended.reach <= ended.stop) & ((ended.next < 0) | (ended.next >= ended.stop + 180))]
    rows = rows[AGES[rows.agency] >= 0]
    cut = birthday(rows.birth, AGES[rows.agency])
    rows = rows[(rows.start < cut) & (rows.stop > cut - 90) & (rows.stop < cut + 90)]
    back = rows.next.where(rows.next >= 0, UNTIL)
    outcome = np.select([rows.next >= 0, back > rows.stop], ["returned", "dropped"], "unobserved")
    certainty = np.where((rows.next >= 0) | (back - rows.stop >= 180), "certain", "possible")
    dropped = told(
        rows, "AgeLimit", youth="youth", outcome=outcome, certainty=certainty, start="stop",
        end=np.maximum(back, rows.stop + 1), days_min=back - rows.stop, days_max=back - rows.stop, agency="agency",
    )  # fmt: skip
    near = given["asked"]
    near = near.assign(youth=near.pair // len(NAMES), agency=near.pair % len(NAMES))
    near = near[AGES[near.agency] >= 0].join(births, on="youth")
    near["cut"] = birthday(near.birth, AGES[near.agency])
    before = birthday(near.birth, AGES[near.agency] - 1)
    near = near[(near.start >= before) & (near.start < near.cut) & (near.cut <= UNTIL)]
    near = near.groupby(["pair", "closed"], as_index=False)[["youth", "agency", "start", "cut"]].min()
    begun = pd.DataFrame({"pair": care.youth * len(NAMES) + care.agency, "begun": care.start})
    near = pd.merge_asof(
        near.sort_values("start"), begun.sort_values("begun"),
        left_on="start", right_on="begun", by="pair", direction="forward",
    )  # fmt: skip
    near = near[near.begun.isna() | (near.begun >= near.cut)]
    asked = told(
        near, "AgeLimit", youth="youth", outcome=np.full(len(near), "refused_near_limit"), certainty="certain", start="start",
        end="cut", days_min=near.cut - near.start, days_max=near.cut - near.start, agency="agency",
    )  # fmt: skip
    young = events[(events.kind == REFUSAL) & (events.reason == REASON["too_young"])]
    cut = birthday(young.birth, np.maximum(AGES[young.agency], 0))
    known = (AGES[young.agency] >= 0) & (cut > young.start)
    refused = told(
        young, "AgeLimit", youth="youth", outcome="too_young", certainty="certain", start="start",
        end=np.where(known, cut, young.start + 1), days_min=np.where(known, cut - young.start, 0),
        days_max=np.where(known, cut - young.start, 1), agency="agency",
    )  # fmt: skip
    return [dropped, asked, refused]


def detect(events: pd.DataFrame) -> pd.DataFrame:
    """The findings of the five detectors."""
    given = shared(events)
    care, ended, waits = given["care"], given["ended"], given["waits"]
    spans = _spans(waits)
    columns = ["youth", "agency", "start", "stop", "reason"]
    points = events.loc[events.kind != CARE, columns].copy()
    points["stop"] = points.start + 1
    every = pd.concat([care[columns], points], ignore_index=True)
    mine, all_ = _needs(events, waits, care), _needs(events, waits, every)
    grown = pd.Series(np.minimum(birthday(mine.birth, 23), UNTIL), index=mine.index)
    forever = pd.Series(UNTIL, index=all_.index)
    waiting = waits[waits.stop > waits.start]
    length = waiting.stop - waiting.start
    parts = [
        stretches(care[columns], mine, spans, grown, 90, "Gap"),
        stretches(every, all_, spans, forever, 180, "OutOfView"),
        told(
            waiting, "Waiting", youth="youth", outcome=waiting.outcome, certainty="certain", start="start", end="stop",
            days_min=length, days_max=length, agency="agency",
        ),
        *handovers(events, care, ended),
        *age_limits(events, given, events.groupby("youth").birth.first()),
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def run(folder: Path, *, texts: bool) -> tuple[dict[str, float], pa.Table]:
    """Seconds of preparing and of detecting, and the findings."""
    start = time.perf_counter()
    events, keys = prepare(folder, texts=texts)
    prepared = time.perf_counter()
    found = detect(events)
    end = time.perf_counter()
    return {"prepare": prepared - start, "detect": end - prepared}, as_arrow(found, keys)


def as_arrow(found: pd.DataFrame, keys: pa.Array) -> pa.Table:
    """The findings with their words."""
    names = pa.array([*NAMES, None])
    columns = {"youth": keys.take(pa.array(found.youth.to_numpy(np.int64)))}
    columns |= {
        name: pa.array(found[name].to_numpy(object), pa.string())
        for name in ("detector", "outcome", "certainty")
    }
    columns |= {name: pa.array(found[name].to_numpy(np.int32)).cast(pa.date32()) for name in ("start", "end")}
    columns |= {name: pa.array(found[name].to_numpy(np.int64)) for name in ("days_min", "days_max")}
    for name in ("agency", "to_agency"):
        places = found[name].to_numpy(np.int64)
        columns[name] = names.take(pa.array(np.where(places < 0, len(NAMES), places)))
    return pa.table(columns)
