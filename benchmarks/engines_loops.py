"""The job of `country.py` youth by youth: a plain loop over tuples, and `groupby(...).apply` that filters small frames.

Both are given the events of a few youths; what they take is told per event. Of the loop the making and sorting of
tuples is preparing; of `apply` nothing but the reading is.
"""

import time
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from country_data import AGENCIES, COLUMNS, LIMITS, NAMES, SCHEMA, TEXTS, closed, opened

UNTIL, OPENED = closed(), opened()
SETTLED = {None, "goal_reached", "as_planned", "agreed", "moved", "died"}
DAY = timedelta(1)


def read(folder: Path, youths: int, *, texts: bool) -> pa.Table:
    """The events of some youths, copies and all."""
    columns = [*COLUMNS, *(TEXTS if texts else ())]
    tables = [pq.read_table(path, columns=columns) for path in sorted(folder.glob("*.parquet"))]
    keys = pa.array([f"P{number}" for number in range(youths)])
    return pa.concat_tables([table.filter(pc.is_in(table.column("person"), keys)) for table in tables])


def birthday(birth: date, age: int) -> date:
    """The day on which one is so old; of 29 February the first of March."""
    if birth.month == 2 and birth.day == 29:
        birth += DAY
    return birth.replace(year=birth.year + age)


def finding(youth: str, detector: str, outcome: str, certainty: str, *rest: object) -> tuple[object, ...]:
    """A row of findings; `rest` is start, end, days, agency and to_agency, as far as there are."""
    start, end, days, *agencies = rest
    return (
        youth,
        detector,
        outcome,
        certainty,
        start,
        end,
        days,
        days,
        *agencies,
        *[None] * (2 - len(agencies)),
    )


def life(youth: str, rows: list[tuple]) -> list[tuple]:
    """The findings of one youth whose rows are sorted by day."""
    birth = rows[0][1]
    care = [
        (start, stop or UNTIL, agency, sector, reason, stop is None)
        for _, _, agency, sector, kind, start, stop, _, reason in rows
        if kind == "care"
    ]
    care.sort(key=lambda one: (one[0], one[5], one[1], one[2]))
    waits = waits_of(rows, care)
    signal = max((row[5] for row in rows if row[4] == "signal"), default=None)
    known = [(start, stop, agency, reason) for start, stop, agency, _, reason, _ in care]
    points = [(row[5], row[5] + DAY, row[2], row[8]) for row in rows if row[4] != "care"]
    last = max((one[0] for one in care), default=None)
    need = any(wait[4] == "ongoing" for wait in waits)
    need |= signal is not None and (last is None or signal > last)
    found = stretches(youth, "Gap", known, waits, (min(UNTIL, birthday(birth, 23)), 90, need))
    found += stretches(
        youth, "OutOfView", sorted(known + points, key=itemgetter(0, 1)), waits, (UNTIL, 180, need)
    )
    for agency, _, start, stop, outcome, _ in waits:
        if stop > start:
            found.append(
                finding(youth, "Waiting", outcome, "certain", start, stop, (stop - start).days, agency)
            )
    found += handovers(youth, rows, care)
    return found + age_limits(youth, rows, care, waits)


def waits_of(rows: list[tuple], care: list[tuple]) -> list[tuple]:
    """Agency, sector, first day, end and outcome of each wait, and each day on which it was asked for."""
    waits: list[tuple] = []
    lines: dict[str, set] = {}
    for _, _, agency, _, kind, start, _, to, _ in rows:
        if kind in ("referral", "application"):
            lines.setdefault(to or agency, set()).add(start)
    for agency, days in lines.items():
        closers = sorted(
            {(row[5], row[4] != "care") for row in rows if row[2] == agency and row[4] in ("care", "refusal")}
        )
        own = [one for one in care if one[2] == agency]
        over = None
        for day in sorted(days):
            if any(one[0] <= day < one[1] for one in own):
                continue
            if over is not None and day <= over:
                waits[-1][5].append(day)
                continue
            closer = next((one for one in closers if one[0] >= day), None)
            outcome = "ongoing" if closer is None else "refused" if closer[1] else "started"
            over = UNTIL if closer is None else closer[0]
            waits.append((agency, AGENCIES[agency][0], day, over, outcome, [day]))
    return waits


def stretches(youth: str, name: str, items: list[tuple], waits: list[tuple], how: tuple) -> list[tuple]:
    """Days that no item covers: `Gap` and `OutOfView`."""
    domain, least, need = how
    if not items:
        return []
    seen = max(OPENED[one[2]] for one in items)
    bad = max((one[1] for one in items if one[3] not in SETTLED), default=None)
    good = max((one[1] for one in items if one[3] in SETTLED), default=None)
    need |= bad is not None and (good is None or bad >= good)
    spans: list[list] = []
    for _, _, start, stop, *_ in sorted(waits, key=itemgetter(2, 3)):
        if spans and start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], stop)
        elif stop > start:
            spans.append([start, stop])
    found, reach = [], items[0][1]
    for begin, stop in [*((one[0], one[1]) for one in items[1:]), (domain, domain)]:
        end = min(begin, domain)
        days = (end - reach).days
        if days >= least and (end < domain or need):
            waiting = sum(max(0, (min(end, high) - max(reach, low)).days) for low, high in spans)
            if seen >= end:
                outcome = "unobserved"
            elif 2 * waiting >= days:
                outcome = "waiting"
            else:
                goal = all(one[3] == "goal_reached" for one in items if one[1] == reach)
                outcome = "after_goal" if goal else "unexplained"
            found.append(
                finding(youth, name, outcome, "possible" if seen > reach else "certain", reach, end, days)
            )
        reach = max(reach, stop)
    return found


def handovers(youth: str, rows: list[tuple], care: list[tuple]) -> list[tuple]:
    """`Handover`: by referral or transfer, and by the order of care."""
    found, reached = [], set()
    within = timedelta(180)
    for _, _, agency, _, kind, day, _, to, _ in rows:
        if kind not in ("referral", "transfer") or to is None or to == agency:
            continue
        came = min((one[0] for one in care if one[2] == to and day <= one[0] <= day + within), default=None)
        no = min(
            (
                row[5]
                for row in rows
                if row[4] == "refusal" and row[2] == to and day <= row[5] <= day + within
            ),
            default=None,
        )
        if no is not None and (came is None or no < came):
            outcome, stop = "refused", no
        elif came is not None:
            outcome, stop = "arrived", came
            reached.add((agency, to, came))
        else:
            watched = OPENED[to] <= day and day + within < UNTIL
            outcome, stop = "lost" if watched else "pending", min(day + within, UNTIL)
        days = (stop - day).days
        found.append(
            finding(youth, "Handover", outcome, "certain", day, max(stop, day + DAY), days, agency, to)
        )
    implicit = set()
    for _, stop, agency, _, _, is_open in care:
        after = next((one for one in care if one[0] >= stop), None)
        if is_open or after is None or after[2] == agency or after[0] - stop > within:
            continue
        begin, to = after[0], after[2]
        covered = begin > stop and any(one[0] < begin and one[1] > stop for one in care)
        if not covered and (agency, to, begin) not in reached:
            implicit.add((agency, to, stop, begin))
    for agency, to, stop, begin in implicit:
        again = any(one[0] == begin and one[2] == agency for one in care)
        sure, days = "possible" if again else "certain", (begin - stop).days
        found.append(
            finding(youth, "Handover", "arrived", sure, stop, max(begin, stop + DAY), days, agency, to)
        )
    return found


def age_limits(youth: str, rows: list[tuple], care: list[tuple], waits: list[tuple]) -> list[tuple]:
    """`AgeLimit`: care that ends near a limit, care asked for before it, and refusals as too young."""
    found, birth, near = [], rows[0][1], timedelta(90)
    cuts = {sector: birthday(birth, age) for sector, age in LIMITS.items()}
    for start, stop, agency, sector, _, is_open in care:
        cut = cuts.get(sector)
        if is_open or cut is None or not (start < cut and cut - near < stop < cut + near):
            continue
        if any(one[0] < stop + 2 * near and one[1] > stop for one in care):
            continue
        back = min((one[0] for one in care if one[0] >= stop), default=None)
        end, days = back or UNTIL, ((back or UNTIL) - stop).days
        outcome = "returned" if back else "dropped" if days > 0 else "unobserved"
        sure = "certain" if back or days >= 180 else "possible"
        found.append(finding(youth, "AgeLimit", outcome, sure, stop, max(end, stop + DAY), days, agency))
    for agency, sector, _, _, _, asked in waits:
        cut = cuts.get(sector)
        if cut is None or cut > UNTIL:
            continue
        year = birthday(birth, LIMITS[sector] - 1)
        start = min((day for day in asked if year <= day < cut), default=None)
        if start is None or any(one[2] == agency and start <= one[0] < cut for one in care):
            continue
        days = (cut - start).days
        found.append(finding(youth, "AgeLimit", "refused_near_limit", "certain", start, cut, days, agency))
    for _, _, agency, sector, kind, day, _, _, reason in rows:
        if kind == "refusal" and reason == "too_young":
            cut = cuts.get(sector)
            old = cut is not None and cut > day
            end, days = (cut, (cut - day).days) if old else (day + DAY, 0)
            row = finding(youth, "AgeLimit", "too_young", "certain", day, end, days, agency)
            found.append(row if old else (*row[:7], 1, *row[8:]))
    return found


def loop(folder: Path, youths: int, *, texts: bool) -> tuple[dict[str, float], pa.Table]:
    """A plain loop over tuples."""
    table = read(folder, youths, texts=texts)
    start = time.perf_counter()
    columns = [column.to_pylist() for column in table.columns]
    columns[6] = [None if day is None else day + DAY for day in columns[6]]
    rows = sorted((row[: len(COLUMNS)] for row in set(zip(*columns, strict=True))), key=itemgetter(0, 5))
    youths = [(youth, list(own)) for youth, own in groupby(rows, key=itemgetter(0))]
    prepared = time.perf_counter()
    found = [row for youth, own in youths for row in life(youth, own)]
    end = time.perf_counter()
    return {"prepare": prepared - start, "detect": end - prepared, "events": len(rows)}, as_table(found)


def apply(folder: Path, youths: int, *, texts: bool) -> tuple[dict[str, float], pa.Table]:
    """`groupby(...).apply`, with a filtered frame for each question, as such scripts are written."""
    frame = read(folder, youths, texts=texts).to_pandas(date_as_object=False)
    start = time.perf_counter()
    words = frame.select_dtypes("str").columns
    frame = frame.astype(dict.fromkeys(words, object))  # of small frames, compared several times faster
    frame = frame.drop_duplicates().sort_values(["person", "start"])
    frame["stop"] = frame["end"] + pd.Timedelta(days=1)
    prepared = time.perf_counter()
    found = [row for rows in frame.groupby("person")[[*COLUMNS, "stop"]].apply(of_frame) for row in rows]
    end = time.perf_counter()
    return {"prepare": prepared - start, "detect": end - prepared, "events": len(frame)}, as_table(found)


def of_frame(frame: pd.DataFrame) -> list[tuple]:
    """The findings of the frame of one youth."""
    care = frame[frame["kind"] == "care"].copy()
    care["open"] = care["stop"].isna()
    care["stop"] = care["stop"].fillna(pd.Timestamp(UNTIL))
    care = care.sort_values(["start", "open", "stop", "agency"])
    waits = waits_of_frame(frame, care)
    signals = frame.loc[frame["kind"] == "signal", "start"]
    need = (waits["outcome"] == "ongoing").any()
    need |= not signals.empty and (care.empty or signals.max() > care["start"].max())
    points = frame[frame["kind"] != "care"].copy()
    points["stop"] = points["start"] + pd.Timedelta(days=1)
    grown = min(UNTIL, birthday(frame["birth"].iloc[0].date(), 23))
    found = gaps_of_frame("Gap", care, waits, (pd.Timestamp(grown), 90, need))
    every = pd.concat([care, points]) if len(care) else points
    found += gaps_of_frame("OutOfView", every, waits, (pd.Timestamp(UNTIL), 180, need))
    youth = frame["person"].iloc[0]
    for wait in waits[waits["stop"] > waits["start"]].itertuples():
        days = (wait.stop - wait.start).days
        found.append(
            finding(youth, "Waiting", wait.outcome, "certain", wait.start, wait.stop, days, wait.agency)
        )
    return found + handovers_of_frame(frame, care) + limits_of_frame(frame, care, waits)


def waits_of_frame(frame: pd.DataFrame, care: pd.DataFrame) -> pd.DataFrame:
    """Each wait: agency, start, stop and outcome."""
    asked = frame[frame["kind"].isin(["referral", "application"])]
    waits = []
    for agency, own in asked.groupby(asked["to_agency"].fillna(asked["agency"])):
        closers = frame[(frame["agency"] == agency) & frame["kind"].isin(["care", "refusal"])]
        cared, over = care[care["agency"] == agency], None
        for day in sorted(own["start"].unique()):
            if ((cared["start"] <= day) & (cared["stop"] > day)).any():
                continue
            if over is not None and day <= over:
                waits[-1][4].append(day)
                continue
            after = closers[closers["start"] >= day]
            over = after["start"].min() if len(after) else pd.Timestamp(UNTIL)
            first = after[after["start"] == over]
            outcome = (
                "ongoing" if first.empty else "started" if (first["kind"] == "care").any() else "refused"
            )
            waits.append((agency, day, over, outcome, [day]))
    return pd.DataFrame(waits, columns=["agency", "start", "stop", "outcome", "asked"])


def gaps_of_frame(name: str, items: pd.DataFrame, waits: pd.DataFrame, how: tuple) -> list[tuple]:
    """Days that no item covers: `Gap` and `OutOfView`."""
    if items.empty:
        return []
    domain, least, need = how
    items = items.sort_values("start")
    seen = pd.Timestamp(max(OPENED[agency] for agency in items["agency"]))
    settled = items["reason"].isna() | items["reason"].isin([one for one in SETTLED if one])
    bad, good = items.loc[~settled, "stop"].max(), items.loc[settled, "stop"].max()
    need |= not pd.isna(bad) and (pd.isna(good) or bad >= good)
    reach = items["stop"].cummax()
    later = items["start"].shift(-1).fillna(domain).clip(upper=domain)
    found = []
    for start, end in zip(reach, later, strict=True):
        days = (end - start).days
        if days < least or (end == domain and not need):
            continue
        overlap = waits[(waits["start"] < end) & (waits["stop"] > start)].sort_values("start")
        low, high = overlap["start"].clip(lower=start), overlap["stop"].clip(upper=end)
        before = high.cummax().shift(1).fillna(start)
        waiting = (high - low.where(low > before, before)).dt.days.clip(lower=0).sum() if len(overlap) else 0
        goal = (items.loc[items["stop"] == start, "reason"] == "goal_reached").all()
        outcome = "unobserved" if seen >= end else "waiting" if 2 * waiting >= days else None
        outcome = outcome or ("after_goal" if goal else "unexplained")
        youth, sure = items["person"].iloc[0], "possible" if seen > start else "certain"
        found.append(finding(youth, name, outcome, sure, start, end, days))
    return found


def handovers_of_frame(frame: pd.DataFrame, care: pd.DataFrame) -> list[tuple]:
    """`Handover`: by referral or transfer, and by the order of care."""
    found, reached, within, until = [], set(), pd.Timedelta(days=180), pd.Timestamp(UNTIL)
    youth, one = frame["person"].iloc[0], pd.Timedelta(days=1)
    asked = frame[frame["kind"].isin(["referral", "transfer"]) & frame["to_agency"].notna()]
    for row in asked[asked["to_agency"] != asked["agency"]].itertuples():
        day, to = row.start, row.to_agency
        came = care.loc[(care["agency"] == to) & care["start"].between(day, day + within), "start"].min()
        refusals = frame[(frame["kind"] == "refusal") & (frame["agency"] == to)]
        no = refusals.loc[refusals["start"].between(day, day + within), "start"].min()
        if not pd.isna(no) and (pd.isna(came) or no < came):
            outcome, stop = "refused", no
        elif not pd.isna(came):
            outcome, stop = "arrived", came
            reached.add((row.agency, to, came))
        else:
            watched = pd.Timestamp(OPENED[to]) <= day and day + within < until
            outcome, stop = "lost" if watched else "pending", min(day + within, until)
        days = (stop - day).days
        found.append(
            finding(youth, "Handover", outcome, "certain", day, max(stop, day + one), days, row.agency, to)
        )
    implicit = set()
    for row in care[~care["open"]].itertuples():
        after = care[care["start"] >= row.stop]
        if after.empty:
            continue
        begin, to = after["start"].iloc[0], after["agency"].iloc[0]
        covered = begin > row.stop and ((care["start"] < begin) & (care["stop"] > row.stop)).any()
        if (
            to != row.agency
            and begin - row.stop <= within
            and not covered
            and (row.agency, to, begin) not in reached
        ):
            implicit.add((row.agency, to, row.stop, begin))
    for agency, to, stop, begin in implicit:
        again = ((care["start"] == begin) & (care["agency"] == agency)).any()
        sure, days = "possible" if again else "certain", (begin - stop).days
        found.append(
            finding(youth, "Handover", "arrived", sure, stop, max(begin, stop + one), days, agency, to)
        )
    return found


def limits_of_frame(frame: pd.DataFrame, care: pd.DataFrame, waits: pd.DataFrame) -> list[tuple]:
    """`AgeLimit`: care that ends near a limit, care asked for before it, and refusals as too young."""
    found, youth, birth = [], frame["person"].iloc[0], frame["birth"].iloc[0].date()
    near, one, until = pd.Timedelta(days=90), pd.Timedelta(days=1), pd.Timestamp(UNTIL)
    for sector, age in LIMITS.items():
        cut, before = pd.Timestamp(birthday(birth, age)), pd.Timestamp(birthday(birth, age - 1))
        mine = care[(care["sector"] == sector) & ~care["open"] & (care["start"] < cut)]
        for row in mine[(mine["stop"] > cut - near) & (mine["stop"] < cut + near)].itertuples():
            if ((care["start"] < row.stop + 2 * near) & (care["stop"] > row.stop)).any():
                continue
            back = care.loc[care["start"] >= row.stop, "start"].min()
            end = until if pd.isna(back) else back
            days = (end - row.stop).days
            outcome = "returned" if not pd.isna(back) else "dropped" if days > 0 else "unobserved"
            sure = "certain" if outcome == "returned" or days >= 180 else "possible"
            told = (row.stop, max(end, row.stop + one), days, row.agency)
            found.append(finding(youth, "AgeLimit", outcome, sure, *told))
        asked = (
            waits[waits["agency"].map(lambda name: AGENCIES[name][0]) == sector]
            if cut <= until
            else waits[:0]
        )
        for row in asked.itertuples():
            start = min((day for day in row.asked if before <= day < cut), default=cut)
            begun = care[(care["agency"] == row.agency) & (care["start"] >= start) & (care["start"] < cut)]
            if start < cut and begun.empty:
                told = (start, cut, (cut - start).days, row.agency)
                found.append(finding(youth, "AgeLimit", "refused_near_limit", "certain", *told))
    for row in frame[(frame["kind"] == "refusal") & (frame["reason"] == "too_young")].itertuples():
        cut = pd.Timestamp(birthday(birth, LIMITS[row.sector])) if row.sector in LIMITS else row.start
        old = cut > row.start
        days = (cut - row.start).days if old else 0
        told = (row.start, cut if old else row.start + one, days, row.agency)
        made = finding(youth, "AgeLimit", "too_young", "certain", *told)
        found.append(made if old else (*made[:7], 1, *made[8:]))
    return found


def as_table(found: list[tuple]) -> pa.Table:
    """Rows of findings as a table."""
    columns = list(zip(*found, strict=True)) if found else [[]] * len(NAMES)
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, SCHEMA.types, strict=True)], SCHEMA
    )
