"""Cohorts and timelines as mappings, frames and files."""

import pickle

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import levensloop as ll
from helpers import cohort, events, row
from levensloop.cutting import at_rest
from levensloop.schema import DELIVERED, EPISODES, EVENTS, conform

ROWS = [
    row("care", "2005-01-01", "2005-02-01", person="b", birth="1990-01-01"),
    row("care", "2005", person="a", reason="no_show"),
    row("referral", "2004-01", person="a", to_agency="bjz"),
]


@pytest.fixture
def two():
    return cohort(events(ROWS))


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


def test_saved_and_loaded_it_is_the_same(two, tmp_path):
    two.save(tmp_path / "x.lvl")
    again = ll.load(tmp_path / "x.lvl")
    assert again == two
    assert ll.detect(again) == ll.detect(two)


@pytest.mark.parametrize("cut", [lambda made: made["a"], lambda made: made.part(0, 1)])
def test_a_part_is_saved_without_rows_keys_and_words_of_others(tmp_path, cut):
    said = {"what": "SAID", "why": "SAID", "care_id": "SAID"}
    told = events(
        [*ROWS, row("contact", "2006", person="zKEY", municipality="SAID", care_type="SAID", **said)]
    )
    made = ll.merge(told, ll.link(told))
    cut(made).save(tmp_path)
    again = ll.load(tmp_path)
    for name in ("events", "episodes", "youths", "identities", "records", "conflicts", "choices"):
        table = getattr(again, name).to_arrow()
        words = [word for column in table.columns if pa.types.is_dictionary(column.type)
                 for chunk in column.chunks for word in chunk.dictionary.to_pylist()]  # fmt: skip
        assert not {"zKEY", "SAID"} & set(words), name
        assert "zKEY" not in str(table.to_pylist()), name
        assert table.schema == getattr(made, name).to_arrow().schema, name
    assert ll.detect(again) == ll.detect(made["a"])
    event = again.events.to_arrow()["event"][0].as_py()
    assert again.trace(event) == made.trace(event)


def test_a_part_that_is_saved_still_knows_what_its_sources_record(tmp_path):
    """Else nobody could tell that an evaluation, which the source records of others, is missing of this youth."""
    made = cohort(events([*ROWS, row("evaluation", "2005-01-15", person="b")]))
    before, after = made["a"], tmp_path / "one"
    before.save(after)
    again = ll.load(after)
    assert again.recorded == made.recorded
    again.save(after)
    assert ll.load(after).recorded == made.recorded
    assert ll.detect(again) == ll.detect(before)
    assert ll.detect(again).assessed == ll.detect(before).assessed
    cohort(events(ROWS)).save(after)
    assert "kind:evaluation" not in ll.load(after).recorded["a"]


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


def test_a_cohort_that_was_saved_with_wider_codes_is_the_same(two, tmp_path):
    two.save(tmp_path)
    for name, schema in (("events", EVENTS), ("episodes", EPISODES)):
        pq.write_table(conform(getattr(two, name).to_arrow(), schema), tmp_path / f"{name}.parquet")
    again = ll.load(tmp_path)
    assert again == two
    assert again.events.to_arrow().schema == two.events.to_arrow().schema


def test_a_cohort_saved_with_agencies_that_were_told_as_text_is_the_same(tmp_path):
    told = cohort(events([row("signal", "2005-01-01", shared_with="bjz|ggz"), row("signal", "2005-02-01")]))
    told.save(tmp_path)
    path = tmp_path / "events.parquet"
    table = told.events.to_arrow()
    place = table.schema.get_field_index("shared_with")
    pq.write_table(
        table.set_column(place, "shared_with", table["shared_with"].cast(pa.list_(pa.string()))), path
    )
    again = ll.load(tmp_path)
    assert again == told
    assert again.events.to_arrow().schema == told.events.to_arrow().schema


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


def test_what_is_no_saved_cohort_is_told(tmp_path):
    with pytest.raises(ll.UserError, match="no saved cohort: events"):
        ll.load(tmp_path)


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
