"""The two sample deliveries: what they hold, and what is found in them."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import levensloop as ll
from levensloop.schema import DEFAULT_COLUMNS
from levensloop.testing import compare, make_emmen

SAMPLES = Path(__file__).parents[1] / "data" / "sample"
START, END = date(1989, 1, 1), date(2007, 12, 31)


@pytest.fixture(scope="module")
def jorien():
    events = ll.read(SAMPLES / "jorien")
    assert events.faults == ()
    return ll.merge(events, ll.link(events))["jorien"]


@pytest.fixture(scope="module")
def jorien_findings(jorien):
    return ll.detect(jorien).to_arrow().to_pylist()


@pytest.fixture(scope="module")
def emmen():
    events = ll.read(SAMPLES / "emmen")
    return ll.merge(events, ll.link(events))


def told(cohort):
    return cohort.events.to_arrow().to_pylist()


def accounted(cohort):
    """The conservation law, in the open: each row has a fate, and each event its rows."""
    records = cohort.records.to_arrow().to_pylist()
    for source in cohort.sources.to_arrow().to_pylist():
        rows = {record["record"] for record in records if record["source"] == source["source"]}
        assert rows == set(range(1, source["rows_read"] + 1))
    assert {record["fate"] for record in records} <= {"event", "merged", "rejected", "ignored"}
    behind = {f"{row['source']}:{row['record']}" for row in records if row["fate"] in ("event", "merged")}
    assert behind == {name for event in told(cohort) for name in event["sources"]}


def test_jorien_has_many_agencies_and_every_row_is_accounted_for(jorien):
    agencies = {row["agency"] for row in told(jorien)}
    assert len(agencies) >= 9
    assert {
        "Audi-centrum",
        "Logopedist",
        "Huisarts",
        "GGZ",
        "Rechtbank",
        "Terra College",
        "RMC",
        "UWV",
    } <= agencies
    accounted(jorien)


def test_jorien_was_born_in_a_year_and_no_date_is_to_the_month(jorien):
    youth = jorien.youths.to_arrow().to_pylist()[0]
    assert (youth["birth_min"], youth["birth_max"]) == (START, date(1989, 12, 31))
    for row in told(jorien):
        assert row["start_max"] - row["start_min"] >= timedelta(364)
        assert row["precision"] in ("year", "range")


def test_jorien_in_the_words_of_the_vocabulary(jorien):
    rows = told(jorien)
    refused = {row["agency"]: row["reason"] for row in rows if row["kind"] == "refusal"}
    assert refused == {
        "Opleiding": "missing_prerequisite",
        "PGB werkbegeleiding": "incompatible_provision",
        "Begeleid wonen": "too_young",
    }
    assert {row["agency"] for row in rows if row["kind"] == "dropout"} == {"Terra College", "AKA-opleiding"}
    assert [row["agency"] for row in rows if row["initiative"] == "parents"] == ["Gezin"]
    assert [row["capacity"] for row in rows if row["kind"] == "court"] == ["victim"]
    (referral,) = [row for row in rows if row["kind"] == "referral"]
    assert (referral["agency"], referral["to_agency"], referral["initiative"]) == ("Huisarts", "GGZ", "gp")
    assert [row["agency"] for row in rows if row["kind"] == "review"] == ["ITJ"]


def test_jorien_waits_for_a_benefit_but_nobody_says_how_long(jorien_findings):
    (wait,) = [row for row in jorien_findings if row["detector"] == "Waiting" and row["agency"] == "UWV"]
    assert wait["outcome"] == "ongoing"
    assert wait["days_min"] <= 1
    assert wait["days_max"] - wait["days_min"] > 900
    assert wait["over_norm"] != "certain"


def test_jorien_is_too_young_and_nothing_is_said_about_eighteen(jorien_findings):
    limits = [row for row in jorien_findings if row["detector"] == "AgeLimit"]
    assert [(row["outcome"], row["agency"], row["rule"]) for row in limits] == [
        ("too_young", "Begeleid wonen", None)
    ]


def test_jorien_lacks_care_between_speech_therapy_and_mental_health_care(jorien_findings):
    gaps = [row for row in jorien_findings if row["detector"] == "Gap" and row["end"] <= date(2001, 1, 1)]
    assert {row["start"] for row in gaps} >= {date(1993, 1, 2)}
    assert all(row["days_min"] < row["days_max"] for row in gaps)
    # Treatment ended in 1999 at the latest and the other began in 2001 at the earliest.
    assert {(row["start"], row["end"]) for row in gaps if row["certainty"] == "certain"} <= {
        (date(2000, 1, 1), date(2001, 1, 1))
    }


def test_jorien_is_never_certainly_out_of_view(jorien_findings):
    seen = {row["certainty"] for row in jorien_findings if row["detector"] in ("OutOfView", "Handover")}
    assert seen == {"possible"}


def exact(row, rng):
    """A row of the default layout with one of the days that its bounds allow."""
    while True:
        start = row["start_min"] + timedelta(
            int(rng.integers((row["start_max"] - row["start_min"]).days + 1))
        )
        last = None
        if row["end_min"]:
            low = row["end_min"] - timedelta(1)
            last = low + timedelta(
                int(rng.integers(((row["end_max"] or date(2008, 1, 1)) - row["end_min"]).days + 1))
            )
        if last is None or last >= start:
            break
    texts = {name: row.get(name) for name in DEFAULT_COLUMNS if name != "shared_with"}
    return {**texts, "person": "jorien", "birth": "1989", "start": str(start), "end": last and str(last)}


def test_what_is_certain_of_jorien_holds_for_every_choice_of_days(jorien, jorien_findings):
    rng = np.random.default_rng(4)
    certain = [row for row in jorien_findings if row["certainty"] == "certain"]
    assert certain
    for _ in range(10):
        table = pa.Table.from_pylist([exact(row, rng) for row in told(jorien)])
        events = ll.Events(table, window=(START, END))
        found = ll.detect(ll.merge(events, ll.link(events))).to_arrow().to_pylist()
        for row in certain:
            alike = [
                one for one in found if one["detector"] == row["detector"] and one["agency"] == row["agency"]
            ]
            days = {one["days_min"] for one in alike}
            if row["detector"] == "Gap":
                assert any(one["start"] <= row["start"] and row["end"] <= one["end"] for one in alike)
            else:
                assert any(row["days_min"] <= length <= row["days_max"] for length in days), (row, alike)


def test_what_is_found_for_some_choice_of_days_is_at_least_possible(jorien, jorien_findings):
    rng = np.random.default_rng(5)
    for _ in range(10):
        table = pa.Table.from_pylist([exact(row, rng) for row in told(jorien)])
        events = ll.Events(table, window=(START, END))
        for one in ll.detect(ll.merge(events, ll.link(events))).to_arrow().to_pylist():
            assert any(
                (row["detector"], row["agency"]) == (one["detector"], one["agency"])
                and row["start"] < one["end"]
                and one["start"] < row["end"]
                for row in jorien_findings
            ), one


def test_emmen_is_what_the_generator_writes(tmp_path):
    make_emmen(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {
        path.name: path.read_bytes() for path in (SAMPLES / "emmen").iterdir() if path.name != "README.md"
    }
    assert written.keys() == kept.keys()
    # Another release of the Parquet writer stamps another name into its files.
    assert {name for name in kept if written[name] != kept[name]} <= {"onderwijs.parquet"}
    schools = [pq.read_table(folder / "onderwijs.parquet") for folder in (tmp_path, SAMPLES / "emmen")]
    assert schools[0].equals(schools[1])
    assert sum(len(data) for data in kept.values()) < 3_000_000


def test_every_planted_case_is_found_and_nothing_else_is_called_certain(emmen):
    planted = (ll.Gap(), ll.OutOfView(), ll.Waiting(), ll.Handover(), ll.AgeLimit())
    scores = compare(ll.detect(emmen, *planted), SAMPLES / "emmen")
    table = scores.to_arrow().to_pylist()
    assert {row["detector"] for row in table} == {"Gap", "OutOfView", "Waiting", "Handover", "AgeLimit"}
    assert scores.missed.to_arrow().to_pylist() == []
    assert scores.doubted.to_arrow().to_pylist() == []
    assert all(row["recall"] == 1.0 for row in table)
    assert all(row["certain_precision"] == 1.0 for row in table)
    assert scores.whole


def test_every_row_of_emmen_is_accounted_for(emmen, tmp_path):
    planted = make_emmen(tmp_path)
    accounted(emmen)
    sources = {row["source"]: row for row in emmen.sources.to_arrow().to_pylist()}
    assert {name: sources[name]["rejected"] for name in planted.rejected} == planted.rejected
    fates = emmen.records.to_arrow().column("fate").cast(pa.string())
    assert pc.sum(pc.equal(fates, "merged")).as_py() == planted.duplicates
    assert len(emmen) == planted.youths
