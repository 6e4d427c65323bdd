"""The job of `country.py` in polars: lazy frames, joins to the nearest day, running maxima over youths.

As one who knows polars would: keys of youths are numbers from the start, days are whole numbers, agencies and kinds are
enumerations, and one plan is made for all that the detectors share.
"""

import time
from pathlib import Path

import polars as pl
import pyarrow as pa
from country_data import AGENCIES, COLUMNS, ENDED, EPOCH, KINDS, LIMITS, NAMES, REFUSED, TEXTS, UNTIL

SETTLED = ("goal_reached", "as_planned", "agreed", "moved", "died")
AGENCY, KIND, REASON = pl.Enum(sorted(AGENCIES)), pl.Enum(list(KINDS)), pl.Enum([*ENDED, *REFUSED])


def prepare(folder: Path, *, texts: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events without copies, by youth and day, and the key of each youth's number."""
    events = (
        pl.scan_parquet(folder / "*.parquet")
        .select([*COLUMNS, *(TEXTS if texts else ())])
        .unique()
        .select(
            pl.col("person").cast(pl.Categorical).alias("youth"),
            pl.exclude("person", "agency", "to_agency", "kind", "reason", "start", "end"),
            pl.col("agency", "to_agency").cast(AGENCY),
            pl.col("kind").cast(KIND),
            pl.col("reason").cast(REASON),
            pl.col("start").to_physical(),
            (pl.col("end").to_physical() + 1).alias("stop"),
        )
        .collect()
    )
    names = events.select(pl.col("youth").to_physical(), key="youth").unique()
    return events.with_columns(pl.col("youth").to_physical()).sort("youth", "start"), names


def birthday(age: int | pl.Expr) -> pl.Expr:
    """The day on which one is so old; of 29 February the first of March."""
    birth = pl.col("birth")
    leap = (birth.dt.month() == 2) & (birth.dt.day() == 29)
    birth = pl.when(leap).then(birth + pl.duration(days=1)).otherwise(birth)
    return pl.date(birth.dt.year() + age, birth.dt.month(), birth.dt.day()).to_physical()


def shared(events: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """What several detectors rest on."""
    care = events.filter(pl.col("kind") == "care").select(
        "youth", "agency", "sector", "start", "reason",
        pl.col("stop").is_null().alias("open"), pl.col("stop").fill_null(UNTIL),
    )  # fmt: skip
    starts = (
        care.sort("youth", "start", "open", "stop", pl.col("agency").to_physical())
        .group_by("youth", "start", maintain_order=True)
        .agg(pl.col("stop").max().alias("reach"), pl.col("agency").first())
        .select(
            "youth", "start",
            pl.col("reach").cum_max().over("youth"),
            pl.col("start").shift(-1).over("youth").alias("next"),
            pl.col("agency").shift(-1).over("youth").alias("next_agency"),
        )
    )  # fmt: skip
    ended = (
        care.filter(~pl.col("open"))
        .sort("stop")
        .join_asof(
            starts.rename({"start": "begun"}).sort("begun"),
            left_on="stop", right_on="begun", by="youth", allow_exact_matches=False, check_sortedness=False,
        )
    )  # fmt: skip
    asked = _asked(events, care)
    waits = _waits(asked)
    later = pl.col("start") > pl.col("stop").cum_max().shift(1).over("youth")
    spans = (
        waits.filter(pl.col("stop") > pl.col("start"))
        .sort("youth", "start")
        .with_columns(later.fill_null(value=True).cum_sum().alias("island"))
        .group_by("youth", "island")
        .agg(pl.col("start").min().alias("from"), pl.col("stop").max().alias("to"))
    )
    need = events.group_by("youth").agg(
        pl.col("birth").first(),
        pl.col("start").filter(pl.col("kind") == "signal").max().alias("signal"),
        pl.col("start").filter(pl.col("kind") == "care").max().alias("last_care"),
    )
    waiting = waits.filter(pl.col("outcome") == "ongoing").select("youth", waits=True).unique()
    need = need.join(waiting, on="youth", how="left").with_columns(pl.col("waits").fill_null(value=False))
    frames = {"care": care, "ended": ended, "asked": asked, "waits": waits, "spans": spans, "need": need}
    return dict(zip(frames, map(pl.DataFrame.lazy, pl.collect_all(list(frames.values()))), strict=True))


def _asked(events: pl.LazyFrame, care: pl.LazyFrame) -> pl.LazyFrame:
    """Each opener while no care ran, with the first that closes it."""
    target = pl.coalesce("to_agency", "agency").alias("agency")
    openers = (
        events.filter(pl.col("kind").is_in(["referral", "application"]))
        .select("youth", target, "start")
        .unique()
    )
    running = (
        care.group_by("youth", "agency", "start")
        .agg(pl.col("stop").max().alias("reach"))
        .sort("start")
        .with_columns(pl.col("reach").cum_max().over("youth", "agency"))
    )
    closers = (
        events.filter(pl.col("kind").is_in(["care", "refusal"]))
        .group_by("youth", "agency", "start")
        .agg((pl.col("kind") == "care").any().alias("started"))
        .with_columns(pl.col("start").alias("closed"))
        .sort("start")
    )
    by = ["youth", "agency"]
    return (
        openers.sort("start")
        .join_asof(running, on="start", by=by, check_sortedness=False)
        .filter(pl.col("reach").is_null() | (pl.col("reach") <= pl.col("start")))
        .join_asof(closers, on="start", by=by, strategy="forward", check_sortedness=False)
    )


def _waits(asked: pl.LazyFrame) -> pl.LazyFrame:
    """Openers with one closer are one wait."""
    return (
        asked.group_by("youth", "agency", "closed")
        .agg(pl.col("start").min(), pl.col("started").first())
        .select(
            "youth", "agency", "start", pl.col("closed").fill_null(UNTIL).alias("stop"),
            outcome=pl.when(pl.col("closed").is_null()).then(pl.lit("ongoing"))
            .when("started").then(pl.lit("started")).otherwise(pl.lit("refused")),
        )
    )  # fmt: skip


def stretches(
    items: pl.LazyFrame, given: dict[str, pl.LazyFrame], domain: pl.Expr, days: int, name: str
) -> pl.LazyFrame:
    """Days that no item covers: `Gap` and `OutOfView`."""
    opened = pl.LazyFrame(
        {"agency": list(AGENCIES), "opened": [(first - EPOCH).days for _, first in AGENCIES.values()]},
        schema={"agency": AGENCY, "opened": pl.Int32},
    )
    good = pl.col("reason").is_null() | pl.col("reason").is_in(SETTLED)
    ends = (
        items.join(opened, on="agency")
        .group_by("youth")
        .agg(
            pl.col("opened").max(),
            pl.col("stop").filter(good).max().alias("good"),
            pl.col("stop").filter(~good).max().alias("bad"),
        )
        .join(given["need"], on="youth")
        .select(
            "youth", "opened", domain.alias("domain"),
            need=(pl.col("bad") >= pl.coalesce("good", "bad")).fill_null(value=False) | pl.col("waits")
            | (pl.col("signal") > pl.col("last_care")).fill_null(pl.col("signal").is_not_null()),
        )
    )  # fmt: skip
    gaps = (
        items.sort("youth", "start")
        .select("youth", pl.col("stop").cum_max().over("youth").alias("start"),
                pl.col("start").shift(-1).over("youth").alias("next"))
        .filter(pl.col("next").is_null() | (pl.col("next") - pl.col("start") >= days))
        .join(ends, on="youth")
        .with_columns(pl.min_horizontal("next", "domain").alias("stop"))
        .filter((pl.col("stop") - pl.col("start") >= days) & ((pl.col("stop") < pl.col("domain")) | pl.col("need")))
        .select("youth", "start", "stop", "opened")
    )  # fmt: skip
    gaps = gaps.collect().lazy()
    goals = (
        items.join(gaps, left_on=["youth", "stop"], right_on=["youth", "start"], how="semi")
        .group_by("youth", pl.col("stop").alias("start"))
        .agg((pl.col("reason") == "goal_reached").fill_null(value=False).all().alias("goal"))
    )
    length = pl.col("stop") - pl.col("start")
    waited = (
        gaps.join(given["spans"], on="youth")
        .filter((pl.col("from") < pl.col("stop")) & (pl.col("to") > pl.col("start")))
        .group_by("youth", "start")
        .agg((pl.min_horizontal("stop", "to") - pl.max_horizontal("start", "from")).sum().alias("waiting"))
    )
    return (
        gaps.join(goals, on=["youth", "start"], how="left")
        .join(waited, on=["youth", "start"], how="left")
        .select(
            "youth", detector=pl.lit(name),
            outcome=pl.when(pl.col("opened") >= pl.col("stop")).then(pl.lit("unobserved"))
            .when(2 * pl.col("waiting").fill_null(0) >= length).then(pl.lit("waiting"))
            .when("goal").then(pl.lit("after_goal")).otherwise(pl.lit("unexplained")),
            certainty=_certain(pl.col("opened") <= pl.col("start")),
            start="start", end="stop", days_min=length, days_max=length,
            agency=pl.lit(None, AGENCY), to_agency=pl.lit(None, AGENCY),
        )
    )  # fmt: skip


def _certain(when: pl.Expr) -> pl.Expr:
    return pl.when(when).then(pl.lit("certain")).otherwise(pl.lit("possible"))


def handovers(events: pl.LazyFrame, given: dict[str, pl.LazyFrame]) -> list[pl.LazyFrame]:
    """`Handover`: by referral or transfer, and by the order of care."""
    arrivals = given["care"].select("youth", to_agency="agency", came="start").unique().sort("came")
    refusals = events.filter(pl.col("kind") == "refusal").select("youth", to_agency="agency", refused="start")
    opened = pl.col("to_agency").replace_strict(
        {name: (first - EPOCH).days for name, (_, first) in AGENCIES.items()}, return_dtype=pl.Int32
    )
    by, start = ["youth", "to_agency"], pl.col("start")
    came, refused = (pl.when(pl.col(name) <= start + 180).then(pl.col(name)) for name in ("came", "refused"))
    no = (pl.col("refused") < pl.coalesce("came", pl.col("refused") + 1)).fill_null(value=False)
    explicit = (
        events.filter(
            pl.col("kind").is_in(["referral", "transfer"]) & (pl.col("to_agency") != pl.col("agency"))
        )
        .select("youth", "agency", "to_agency", "start")
        .sort("start")
        .join_asof(arrivals, left_on="start", right_on="came", by=by, strategy="forward", check_sortedness=False)
        .join_asof(
            refusals.unique().sort("refused"),
            left_on="start", right_on="refused", by=by, strategy="forward", check_sortedness=False,
        )
        .with_columns(came, refused)
        .with_columns(
            outcome=pl.when(no).then(pl.lit("refused")).when(pl.col("came").is_not_null()).then(pl.lit("arrived"))
            .when((opened <= start) & (start + 181 <= UNTIL)).then(pl.lit("lost")).otherwise(pl.lit("pending")),
            stop=pl.when(no).then("refused").otherwise(
                pl.coalesce("came", pl.min_horizontal(start + 180, pl.lit(UNTIL, pl.Int32)))
            ),
        )
    ).collect().lazy()  # fmt: skip
    reached = explicit.filter(pl.col("outcome") == "arrived").select(
        "youth", "agency", "to_agency", next="came"
    )
    again = given["care"].select("youth", "agency", next="start", again=True).unique()
    stop, next_ = pl.col("stop"), pl.col("next")
    implicit = (
        given["ended"]
        .filter(
            (pl.col("next_agency") != pl.col("agency"))
            & (next_ - stop <= 180)
            & ((pl.col("reach") <= stop) | (next_ == stop))
        )
        .select("youth", "agency", "stop", "next", to_agency="next_agency")
        .unique()
        .join(reached, on=["youth", "agency", "to_agency", "next"], how="anti")
        .join(again, on=["youth", "agency", "next"], how="left")
    )
    return [
        explicit.select(
            "youth", detector=pl.lit("Handover"), outcome="outcome", certainty=pl.lit("certain"), start="start",
            end=pl.max_horizontal("stop", start + 1), days_min=stop - start, days_max=stop - start,
            agency="agency", to_agency="to_agency",
        ),
        implicit.select(
            "youth", detector=pl.lit("Handover"), outcome=pl.lit("arrived"),
            certainty=_certain(pl.col("again").is_null()), start="stop",
            end=pl.max_horizontal("next", stop + 1), days_min=next_ - stop, days_max=next_ - stop,
            agency="agency", to_agency="to_agency",
        ),
    ]  # fmt: skip


def age_limits(events: pl.LazyFrame, given: dict[str, pl.LazyFrame]) -> list[pl.LazyFrame]:
    """`AgeLimit`: care that ends near a limit, care asked for before it, and refusals as too young."""
    births = given["need"].select("youth", "birth")
    ages = pl.col("sector").replace_strict(LIMITS, default=None, return_dtype=pl.Int32)
    sectors = pl.col("agency").replace_strict(
        {name: sector for name, (sector, _) in AGENCIES.items()}, return_dtype=pl.String
    )
    start, stop, cut, next_ = (pl.col(name) for name in ("start", "stop", "cut", "next"))
    back = next_.fill_null(UNTIL)
    dropped = (
        given["ended"]
        .filter((pl.col("reach") <= stop) & (next_.is_null() | (next_ >= stop + 180)))
        .with_columns(ages.alias("age"))
        .filter(pl.col("age").is_not_null())
        .join(births, on="youth")
        .with_columns(birthday(pl.col("age")).alias("cut"))
        .filter((start < cut) & (stop > cut - 90) & (stop < cut + 90))
    )
    arrivals = given["care"].select("youth", "agency", begun="start").sort("begun")
    asked = (
        given["asked"]
        .with_columns(sectors.alias("sector"))
        .with_columns(ages.alias("age"))
        .filter(pl.col("age").is_not_null())
        .join(births, on="youth")
        .with_columns(birthday(pl.col("age")).alias("cut"), birthday(pl.col("age") - 1).alias("before"))
        .filter((start >= pl.col("before")) & (start < cut) & (cut <= UNTIL))
        .group_by("youth", "agency", "closed", "cut")
        .agg(start.min())
        .sort("start")
        .join_asof(
            arrivals,
            left_on="start",
            right_on="begun",
            by=["youth", "agency"],
            strategy="forward",
            check_sortedness=False,
        )
        .filter((pl.col("begun") >= cut).fill_null(value=True))
    )
    young = (
        events.filter((pl.col("kind") == "refusal") & (pl.col("reason") == "too_young"))
        .with_columns(ages.alias("age"))
        .with_columns(birthday(pl.col("age")).alias("cut"))
        .with_columns(pl.when(cut > start).then(cut).alias("cut"))
    )
    told, none = pl.lit("AgeLimit"), pl.lit(None, AGENCY)
    return [
        dropped.select(
            "youth", detector=told,
            outcome=pl.when(next_.is_not_null()).then(pl.lit("returned"))
            .when(back > stop).then(pl.lit("dropped")).otherwise(pl.lit("unobserved")),
            certainty=_certain(next_.is_not_null() | (back - stop >= 180)), start=stop,
            end=pl.max_horizontal(back, stop + 1), days_min=back - stop, days_max=back - stop,
            agency="agency", to_agency=none,
        ),
        asked.select(
            "youth", detector=told, outcome=pl.lit("refused_near_limit"), certainty=pl.lit("certain"), start=start,
            end=cut, days_min=cut - start, days_max=cut - start, agency="agency", to_agency=none,
        ),
        young.select(
            "youth", detector=told, outcome=pl.lit("too_young"), certainty=pl.lit("certain"), start=start,
            end=pl.coalesce(cut, start + 1), days_min=(cut - start).fill_null(0), days_max=(cut - start).fill_null(1),
            agency="agency", to_agency=none,
        ),
    ]  # fmt: skip


def detect(frame: pl.DataFrame) -> pl.DataFrame:
    """The findings of the five detectors."""
    events = frame.lazy()
    given = shared(events)
    items = ("youth", "agency", "start", "stop", "reason")
    points = (
        events.filter(pl.col("kind") != "care")
        .with_columns((pl.col("start") + 1).alias("stop"))
        .select(items)
    )
    every, until = pl.concat([given["care"].select(items), points]), pl.lit(UNTIL, pl.Int32)
    start, stop = pl.col("start"), pl.col("stop")
    waiting = given["waits"].filter(stop > start)
    parts = [
        stretches(given["care"].select(items), given, pl.min_horizontal(until, birthday(23)), 90, "Gap"),
        stretches(every, given, until, 180, "OutOfView"),
        waiting.select(
            "youth", detector=pl.lit("Waiting"), outcome="outcome", certainty=pl.lit("certain"), start=start, end=stop,
            days_min=stop - start, days_max=stop - start, agency="agency", to_agency=pl.lit(None, AGENCY),
        ),
        *handovers(events, given),
        *age_limits(events, given),
    ]  # fmt: skip
    whole = pl.col("days_min", "days_max").cast(pl.Int64)
    day = pl.col("start", "end").cast(pl.Int32).cast(pl.Date)
    return pl.concat(pl.collect_all([part.select(NAMES).with_columns(whole, day) for part in parts]))


def run(folder: Path, *, texts: bool) -> tuple[dict[str, float], pa.Table]:
    """Seconds of preparing and of detecting, and the findings."""
    start = time.perf_counter()
    events, names = prepare(folder, texts=texts)
    prepared = time.perf_counter()
    found = detect(events)
    end = time.perf_counter()
    named = found.join(names, on="youth").with_columns(pl.col("key").alias("youth")).select(NAMES)
    return {"prepare": prepared - start, "detect": end - prepared}, named.to_arrow()
