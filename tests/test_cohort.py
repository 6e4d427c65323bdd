"""Cohorts and timelines as mappings and frames."""

import pickle

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import levensloop as ll
from helpers import cohort, events, row
from levensloop.cutting import at_rest
from levensloop.schema import DELIVERED, EVENTS


def test_a_cohort_is_a_mapping_of_timelines(two):
    assert list(two) == ["a", "b"]
    assert len(two) == 2
    assert "a" in two
    assert two["a"].id == "a"
    assert len(two["a"].events) == 2
    with pytest.raises(KeyError, match="no such youth"):
        two["nobody"]


def test_a_timeline_is_a_cohort_of_one(two):
    one = two["b"]
    assert isinstance(one, ll.Cohort)
    assert list(one) == ["b"]
    assert one["b"] == one
    assert repr(one) == "<Timeline: 1 events, 1 episodes>"
    assert "b" not in repr(two).replace("Cohort", "").split()


def test_nothing_shows_a_key_or_what_was_said_by_its_name_alone():
    made = cohort(events([row("care", "2005", person="KEY", what="SAID")]))
    parts = (
        made,
        made["KEY"],
        made.kept,
        made.view,
        made.lives,
        made.records,
        made.identities,
        ll.detect(made),
    )
    shown = "".join(map(repr, parts))
    assert "KEY" not in shown
    assert "SAID" not in shown


def test_an_event_is_kept_in_32_bytes_beside_its_texts(two):
    columns = [c for c in two.events.to_arrow().columns if c.null_count < len(c)]
    codes = [c.chunk(0).indices for c in columns if pa.types.is_dictionary(c.type)]
    bits = [array.type.bit_width for array in (*codes, *columns) if pa.types.is_primitive(array.type)]
    assert sorted(bits) == [8] * 5 + [16] * 2 + [32] * 5
    assert sum(bits) / 8 <= 32


@pytest.mark.parametrize(
    ("name", "words", "bits"),
    [
        ("kind", 127, 8),
        ("kind", 128, 16),
        ("agency", 1, 16),
        ("agency", 32_767, 16),
        ("agency", 32_768, 32),
        ("youth", 1, 32),
    ],
)
def test_codes_are_as_wide_as_their_words_ask(name, words, bits):
    table = pa.table({name: pa.array([*map(str, range(words)), None]).dictionary_encode()})
    kept = at_rest(table)
    assert kept.schema.field(name).type.index_type.bit_width == bits
    assert kept.column(name).to_pylist() == table.column(name).to_pylist()
    pieces = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert at_rest(pieces).column(name).combine_chunks().to_pylist() == table.column(name).to_pylist()


@pytest.mark.parametrize("schema", [DELIVERED, EVENTS])
def test_columns_of_events_have_the_types_of_the_design(schema):
    code = pa.types.is_dictionary
    texts = ("event", "care_id", "what", "why", "by_whom", "result")
    for field in schema:
        if field.name in texts:
            assert pa.types.is_string(field.type)
        elif field.name in ("sources", "disputed"):
            assert field.type == pa.list_(pa.string())
        elif field.name == "shared_with":
            assert pa.types.is_list(field.type)
            assert code(field.type.value_type)
        elif field.name.endswith(("_min", "_max")):
            assert field.type == pa.date32()
        else:
            assert code(field.type), field


@pytest.mark.parametrize("name", ["events", "episodes", "youths", "sources", "identities"])
def test_tables_speak_to_other_frames(two, name):
    table = getattr(two, name)
    assert pl.DataFrame(table).height == len(table)
    arrow = table.to_arrow()
    assert duckdb.sql("select count(*) from arrow").fetchall() == [(len(arrow),)]
    frame = table.to_pandas()
    assert list(frame.columns) == list(table.columns)
    assert len(frame) == len(table)


def test_dates_stay_dates_in_a_frame(two):
    assert str(two.events.to_pandas()["start_min"].dtype) == "date32[day][pyarrow]"


def test_a_table_compares_and_filters(two):
    table = two.youths
    assert table == two.youths
    assert table != two.events
    assert len(table.where(pc.equal(table.to_arrow()["youth"], "a"))) == 1
    assert repr(table) == "<Table: 2 rows, 8 columns>"


def test_detectors_and_rulebooks_survive_pickling():
    for detector in (ll.Gap(min_days=3), ll.Waiting(ll.rulebook("nl")), ll.AgeLimit()):
        assert pickle.loads(pickle.dumps(detector)) == detector  # noqa: S301 - our own bytes


def test_what_is_said_is_text_when_it_is_shown_and_nobody_elses():
    told = [
        row("contact", "2005", person="a", what="anna rang"),
        row("contact", "2005", person="b", what="bo came"),
    ]
    made = cohort(events([*told, row("contact", "2006", person="b")]))
    assert made.events.to_arrow().schema.field("what").type == pa.string()
    assert made.events.to_arrow().column("what").to_pylist() == ["anna rang", "bo came", None]
    alone = made["b"].events
    assert len(alone) == 2
    assert alone.to_arrow().schema.field("what").type == pa.string()
    assert alone.to_arrow().column("what").to_pylist() == ["bo came", None]
    assert b"anna rang" not in pickle.dumps(alone)
    assert b"anna rang" not in pickle.dumps(made["b"].view)
