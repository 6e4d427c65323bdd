"""Cohorts as folders of files, and taken up again."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import levensloop as ll
from helpers import TWO, cohort, events, row
from levensloop.schema import EPISODES, EVENTS, conform


def test_saved_and_loaded_it_is_the_same(two, tmp_path):
    two.save(tmp_path / "x.lvl")
    again = ll.load(tmp_path / "x.lvl")
    assert again == two
    assert ll.detect(again) == ll.detect(two)


@pytest.mark.parametrize("cut", [lambda made: made["a"], lambda made: made.part(0, 1)])
def test_a_part_is_saved_without_rows_keys_and_words_of_others(tmp_path, cut):
    said = {"what": "SAID", "why": "SAID", "care_id": "SAID"}
    told = events(
        [*TWO, row("contact", "2006", person="zKEY", municipality="SAID", care_type="SAID", **said)]
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
    made = cohort(events([*TWO, row("evaluation", "2005-01-15", person="b")]))
    before, after = made["a"], tmp_path / "one"
    before.save(after)
    again = ll.load(after)
    assert again.recorded == made.recorded
    again.save(after)
    assert ll.load(after).recorded == made.recorded
    assert ll.detect(again) == ll.detect(before)
    assert ll.detect(again).assessed == ll.detect(before).assessed
    cohort(events(TWO)).save(after)
    assert "kind:evaluation" not in ll.load(after).recorded["a"]


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


def test_what_is_no_saved_cohort_is_told(tmp_path):
    with pytest.raises(ll.UserError, match="no saved cohort: events"):
        ll.load(tmp_path)
