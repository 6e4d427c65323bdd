"""What other engines read of ours, and what they give us, without a conversion in between."""

import duckdb
import polars as pl
import pyarrow as pa
import pytest

import levensloop as ll

SKETCH = """
window 2000-01-01..2006-12-31
youth a; birth 1990-01-01
ggz care 2004-01-01..2004-06-30 no_show
gp referral 2004-07-01 > bjz
bjz care 2005-02-01..2005-03-31 no_show
"""
DELIVERED = {
    "person": ["a", "b"],
    "agency": ["GGZ", "GP"],
    "kind": ["care", "contact"],
    "start": ["2005-03-01", "2005-04-02"],
    "end": ["2005-05-31", None],
}


@pytest.fixture(scope="module")
def cohort():
    return ll.testing.sketch(SKETCH)


def tables(cohort):
    findings = ll.detect(cohort)
    return {
        "events": cohort.events, "episodes": cohort.episodes, "youths": cohort.youths, "sources": cohort.sources,
        "records": cohort.records, "identities": cohort.identities, "findings": findings,
        "assessed": findings.assessed,
    }  # fmt: skip


def test_polars_reads_every_table(cohort):
    for name, table in tables(cohort).items():
        frame = pl.DataFrame(table)
        assert frame.height == len(table), name
        assert tuple(frame.columns) == table.columns, name
    frame = pl.DataFrame(ll.detect(cohort))
    assert frame.filter(pl.col("detector") == "Gap")["start"].dtype == pl.Date


def test_duckdb_asks_every_table(cohort):
    for name, table in tables(cohort).items():
        rows = pa.RecordBatchReader.from_stream(table)
        with duckdb.connect() as base:
            base.register("ours", rows)
            assert base.sql("select count(*) from ours").fetchall() == [(len(table),)], name
    found = pa.RecordBatchReader.from_stream(ll.detect(cohort))
    with duckdb.connect() as base:
        base.register("found", found)
        asked = base.sql("select detector, sum(days_max) from found group by 1 order by 1").fetchall()
    counts = ll.detect(cohort).to_arrow().group_by("detector").aggregate([("days_max", "sum")]).to_pylist()
    assert dict(asked) == {row["detector"]: row["days_max_sum"] for row in counts}


def test_every_frame_goes_in():
    plain = ll.Events(pa.table(DELIVERED))
    frames = [pl.DataFrame(DELIVERED), pl.DataFrame(DELIVERED).to_pandas()]
    with duckdb.connect() as base:
        base.register("given", pa.table(DELIVERED))
        frames.append(base.sql("select * from given"))
        for frame in frames:
            assert ll.Events(frame).to_arrow().equals(plain.to_arrow()), type(frame)


@pytest.mark.parametrize("kind", [pl.Categorical, pl.Enum(["GGZ", "GP"])], ids=["categorical", "enum"])
def test_codes_of_polars_go_in_and_stand_in_the_rows_as_delivered(kind):
    told = {**DELIVERED, "shared_with": [["GP", "GGZ"], None]}
    frame = pl.DataFrame(told).with_columns(
        pl.col("agency").cast(kind), pl.col("shared_with").cast(pl.List(kind))
    )
    given = ll.Events(frame)
    assert given.faults == ()
    plain = ll.Events(pa.table(told))
    assert given.to_arrow().equals(plain.to_arrow())
    assert given.records.to_arrow().equals(plain.records.to_arrow())


def test_events_come_back_through_polars():
    there = pl.DataFrame(ll.Events(pa.table({**DELIVERED, "shared_with": [["bjz", "school"], ["gp"]]})))
    back = ll.Events(
        there.with_columns(start=pl.col("start_min")).select(
            "person", "agency", "kind", "start", "shared_with"
        )
    )
    assert back.faults == ()
    assert back.to_arrow()["shared_with"].to_pylist() == [["bjz", "school"], ["gp"]]


def test_a_stream_shares_the_buffers(cohort):
    ours = cohort.events.to_arrow()
    theirs = pa.table(cohort.events)
    addresses = [
        [
            buffer and buffer.address
            for chunk in table.column("start_min").chunks
            for buffer in chunk.buffers()
        ]
        for table in (ours, theirs)
    ]
    assert addresses[0] == addresses[1]
