import pickle
from datetime import date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.errors import LevensloopError, UserError, fault
from levensloop.events import Events, SourceBatch, assemble
from levensloop.normalise import Options, normalise, persons
from levensloop.pseudonyms import pseudonyms
from levensloop.schema import DELIVERED, ORIGIN, PERSONS, RECORDS, SOURCES

ROWS = {
    "person": ["a", "b", "c"],
    "agency": ["GGZ", "School", "GGZ"],
    "kind": ["care", "contact", "care"],
    "start": ["2005-03-02", "2005-06", "2005-02-30"],
    "end": ["2006-01-31", None, None],
    "note": ["x", None, ""],
}


def batch(cells=None, **other):
    """A batch of three rows, of which the last makes no event."""
    raw = pa.table(ROWS if cells is None else cells)
    source = other.pop("source", "ggz")
    number = np.asarray(other.pop("raw_record", np.arange(1, raw.num_rows + 1)))
    ignored = np.asarray(other.pop("ignored", np.zeros(raw.num_rows, bool)))
    early = other.pop("early_rejects", {})
    at = np.setdiff1d(np.flatnonzero(~ignored), list(early)).astype(int)
    normal = other.pop("normal", None) or normalise(
        raw.take(at), record=number[at], part=at * 0, options=Options(source, f"{source}.csv")
    )
    return SourceBatch(
        source=source,
        file=f"{source}.csv",
        sha256=other.pop("sha256", "00"),
        normal=normal,
        raw=raw,
        raw_record=number,
        ignored=ignored,
        early_rejects=early,
        rows_read=raw.num_rows,
        **other,
    )


def fates(events):
    columns = ("record", "part", "fate", "event", "reason")
    return [tuple(row[name] for name in columns) for row in events.records.to_arrow().to_pylist()]


@pytest.mark.parametrize("frame", [pa.table, pd.DataFrame, pl.DataFrame, pa.RecordBatch.from_pydict])
def test_anything_that_speaks_arrow_goes_in(frame):
    events = Events(frame(ROWS))
    assert events.to_arrow().schema == DELIVERED
    assert events.origin.to_arrow().schema == ORIGIN
    assert events.persons.to_arrow().schema == PERSONS
    assert events.sources.to_arrow().schema == SOURCES
    assert events.records.to_arrow().schema == RECORDS
    assert events.to_arrow()["event"].to_pylist() == ["events:1", "events:2"]
    assert [one.code for one in events.faults] == ["impossible_date"]


@pytest.mark.parametrize(
    "kind", [pl.Categorical, pl.Enum(["", *{word for column in ROWS.values() for word in column if word}])]
)
def test_categories_of_polars_are_kept_as_delivered_too(kind):
    told, plain = (Events(pl.DataFrame(ROWS).with_columns(pl.all().cast(each))) for each in (kind, pl.String))
    assert told.records == plain.records
    assert told.faults == plain.faults


def test_codes_and_texts_in_pieces_of_unlike_length_go_in():
    """Of a piece without rows the codes come over the stream with no buffer, though they begin further on."""
    table = pa.table(ROWS)
    agency, note = (table.column(name) for name in ("agency", "note"))
    table = table.set_column(1, "agency", agency.dictionary_encode())
    cut = pa.chunked_array([note.chunk(0)[:1], note.chunk(0)[:0], note.chunk(0)[1:]])
    assert Events(table.set_column(5, "note", cut)).records == Events(pa.table(ROWS)).records


def test_words_of_rows_that_were_left_out_of_a_frame_are_left_out_of_all():
    frame = pd.DataFrame({**ROWS, "what": ["one", "two", "three"], "kind": ["care", "hers", "odd"]})
    some = Events(frame.astype("category").iloc[[0, 2]])
    assert [(one.code, one.message.count("'")) for one in some.faults] == [
        ("unknown_code", 2),
        ("impossible_date", 0),
    ]
    assert "odd" in some.faults[0].message
    assert some.held.column("what").combine_chunks().dictionary.to_pylist() == ["one", "three"]
    assert some.held.column("person").combine_chunks().dictionary.to_pylist() == ["a", "c"]


def test_a_frame_with_an_index_and_dates():
    frame = pd.DataFrame({**ROWS, "start": pd.to_datetime(["2005-03-02", "2005-06-01", None]), "end": None})
    events = Events(frame.set_index(pd.Index([7, 8, 9])))
    assert events.to_arrow()["start_min"].to_pylist() == [date(2005, 3, 2), date(2005, 6, 1)]
    assert all("index" not in name for name, _ in events.records.to_arrow()["row"].to_pylist()[0])


TEXT = st.none() | st.text(max_size=4)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=6), st.integers(0, 3))
def test_cells_stand_in_the_records_as_they_were_delivered(cells, cut):
    names = ["person", "note", "what"]
    rows = [dict(zip(names, row, strict=True)) for row in cells]
    shape = pa.schema([(name, pa.string()) for name in names])
    table = pa.Table.from_pylist(rows, shape).slice(cut)
    filled = {"agency": "GP", "kind": "contact", "start": "2005"}
    for name, value in filled.items():
        table = table.append_column(name, pa.array([value] * len(table), pa.string()))
    told = [
        [(name, text) for name, text in {**row, **filled}.items() if text is not None] for row in rows[cut:]
    ]
    assert Events(table).records.to_arrow()["row"].to_pylist() == told


def test_every_row_is_kept_as_delivered():
    events = Events(pa.table({**ROWS, "shared_with": [["x", "y"], None, []], "number": [1, 2, 3]}))
    rows = [dict(row) for row in events.records.to_arrow()["row"].to_pylist()]
    assert rows[0] == {
        **{name: column[0] for name, column in ROWS.items()}, "shared_with": "x;y", "number": "1",
    }  # fmt: skip
    assert rows[1] == {
        "person": "b",
        "agency": "School",
        "kind": "contact",
        "start": "2005-06",
        "number": "2",
    }
    assert rows[2]["note"] == ""
    assert fates(events) == [
        (1, 0, "event", "events:1", None),
        (2, 0, "event", "events:2", None),
        (3, 0, "rejected", None, "impossible_date"),
    ]


def test_a_column_that_is_no_text_is_told():
    events = Events(pa.table({**ROWS, "odd": [{"a": 1}, None, None]}))
    assert [(one.code, one.column) for one in events.faults] == [
        ("impossible_date", "start"),
        ("unused_column", "odd"),
    ]


@pytest.mark.parametrize(
    ("given_options", "first", "after"),
    [
        ({}, date(2005, 3, 2), date(2006, 2, 1)),
        ({"until": date(2007, 6, 30)}, date(2005, 3, 2), date(2007, 7, 1)),
        ({"until": date(2004, 6, 30)}, date(2004, 6, 30), date(2004, 7, 1)),
        ({"window": (date(1998, 1, 1), date(2007, 6, 30))}, date(1998, 1, 1), date(2007, 7, 1)),
        (
            {"window": (date(1998, 1, 1), date(2007, 6, 30)), "until": date(2009, 1, 1)},
            date(1998, 1, 1),
            date(2007, 7, 1),
        ),
    ],
)
def test_the_window(given_options, first, after):
    events = Events(pa.table(ROWS), **given_options)
    (source,) = events.sources.to_arrow().to_pylist()
    assert source["window"] == {"start": first, "end": after}
    assert events.until == given_options.get("until")


def test_a_window_without_ends_runs_to_the_last_first_day():
    events = Events(pa.table({name: ROWS[name][1:2] for name in ("person", "agency", "kind", "start")}))
    assert events.sources.to_arrow()["window"].to_pylist() == [
        {"start": date(2005, 6, 1), "end": date(2005, 7, 1)}
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": ("1998-01-01", "2007-06-30")},
        {"window": (date(1998, 1, 1),)},
        {"window": (date(2007, 6, 30), date(1998, 1, 1))},
        {"until": "2007-06-30"},
        {"until": 2007},
    ],
)
def test_days_that_are_none_are_told(wrong):
    with pytest.raises(UserError, match="window"):
        Events(pa.table(ROWS), **wrong)


def test_days_may_have_a_time_of_day():
    first, last = pd.Timestamp("1998-01-01 09:00"), datetime(2007, 6, 30, 23)  # noqa: DTZ001 - a day
    told = Events(pa.table(ROWS), window=(first, last), until=last)
    days = date(1998, 1, 1), date(2007, 6, 30)
    assert told.sources == Events(pa.table(ROWS), window=days, until=days[1]).sources
    assert told.until == days[1]


def test_a_table_without_a_row_that_can_be_read_has_no_window():
    events = Events(pa.table({name: ["?"] for name in ("person", "agency", "kind", "start")}))
    (source,) = events.sources.to_arrow().to_pylist()
    assert (source["window"], source["accepted"], source["rejected"], source["agencies"]) == (None, 0, 1, [])
    assert len(Events(pa.table({name: pa.array([], pa.string()) for name in ROWS}))) == 0


@pytest.mark.parametrize("given_table", [[1], {"person": ["a"]}, "ggz.csv"])
def test_what_is_no_table_is_refused(given_table):
    with pytest.raises(UserError, match="is no table"):
        Events(given_table)


def test_tables_that_cannot_be_read_are_refused_without_their_contents():
    with pytest.raises(UserError) as caught:
        Events(pd.DataFrame({**ROWS, "start": [date(2005, 3, 2), "secret", 3]}))
    assert "secret" not in str(caught.value)
    with pytest.raises(UserError, match="column 'kind': the column is missing"):
        Events(pa.table({"person": ["a"], "agency": ["b"], "start": ["2005"]}))
    with pytest.raises(UserError, match="column 'what': the column is there twice"):
        Events(pa.table([["a"]] * 2, names=["what", "what"]))
    with pytest.raises(UserError, match="window ends before"):
        Events(pa.table(ROWS), window=(date(2005, 1, 2), date(2005, 1, 1)))


def test_events_of_several_tables():
    first = Events(pa.table(ROWS), source="one", until=date(2007, 1, 1))
    second = Events(pa.table({**ROWS, "agency": ["GP"] * 3}), source="two")
    both = Events.concat([first, second])
    assert len(both) == 4
    assert both.to_arrow()["agency"].to_pylist() == ["GGZ", "School", "GP", "GP"]
    assert both.origin.to_arrow()["source"].to_pylist() == ["one", "one", "two", "two"]
    assert both.to_arrow().schema == DELIVERED
    assert (len(both.persons), len(both.records), len(both.sources), len(both.faults)) == (4, 6, 2, 2)
    assert both.until == date(2007, 1, 1)
    assert Events.concat([second]).until is None
    assert len(Events.concat([])) == 0
    with pytest.raises(UserError, match="one: two sources have the same name"):
        Events.concat([first, second, first])


def test_events_left_out_are_still_accounted_for():
    events = Events(pa.table(ROWS))
    some = events.where(pc.equal(events.to_arrow()["agency"], "School"))
    assert isinstance(some, Events)
    assert some.origin.to_arrow()["record"].to_pylist() == [2]
    assert fates(some) == [
        (1, 0, "ignored", None, "left_out"),
        (2, 0, "event", "events:2", None),
        (3, 0, "rejected", None, "impossible_date"),
    ]
    assert some.faults == events.faults


def test_events_survive_pickling():
    events = Events(pa.table(ROWS))
    copy = pickle.loads(pickle.dumps(events))  # noqa: S301 - made on the line itself
    assert copy == events
    assert copy.records == events.records
    assert copy.faults == events.faults


def test_assembling_tells_what_became_of_every_row():
    cells = {name: [*values, *values] for name, values in ROWS.items()}
    events = assemble(
        [batch(cells, ignored=[False] * 4 + [True, False], early_rejects={5: "ragged_row"})],
        faults=[fault("ragged_row", "ggz.csv", row=6)],
    )
    assert fates(events)[2:] == [
        (3, 0, "rejected", None, "impossible_date"),
        (4, 0, "event", "ggz:4", None),
        (5, 0, "ignored", None, "not_used"),
        (6, 0, "rejected", None, "ragged_row"),
    ]
    (source,) = events.sources.to_arrow().to_pylist()
    assert [source[name] for name in ("rows_read", "accepted", "rejected")] == [6, 3, 2]
    assert [one.code for one in events.faults] == ["ragged_row", "impossible_date"]


def test_a_source_says_who_delivered_what_for_whom():
    events = assemble([batch(agencies=["Quiet"], ages=(0, 18), window=(date(1998, 1, 1), date(2007, 6, 30)))])
    (source,) = events.sources.to_arrow().to_pylist()
    assert source["agencies"] == ["GGZ", "Quiet", "School"]
    assert source["ages"] == {"start": 0, "end": 18}
    assert (source["file"], source["sha256"]) == ("ggz.csv", "00")


def test_a_row_of_several_events_has_an_entry_for_each():
    table = pa.table({name: [values[0]] * 3 for name, values in ROWS.items()})
    table = table.set_column(table.column_names.index("start"), "start", [["2005-01-01", "?", "2005-03-01"]])
    normal = normalise(
        table, record=np.array([1, 1, 1]), part=np.array([1, 2, 3]), options=Options("ggz", "ggz.csv")
    )
    events = assemble([batch({name: values[:1] for name, values in ROWS.items()}, normal=normal)])
    assert fates(events) == [
        (1, 1, "event", "ggz:1.1", None),
        (1, 2, "rejected", None, "unreadable_date"),
        (1, 3, "event", "ggz:1.3", None),
    ]
    (source,) = events.sources.to_arrow().to_pylist()
    assert (source["accepted"], source["rejected"]) == (1, 0)
    assert events.to_arrow()["sources"].to_pylist() == [["ggz:1"], ["ggz:1"]]


def test_rows_that_only_tell_who_a_person_is():
    cells = {"person": ["a", None], "birth": ["1990", "1991"]}
    normal = persons(pa.table(cells), record=np.array([1, 2]), options=Options("who", "who.csv"))
    events = assemble(
        [batch(cells, source="who", normal=normal, ignored=[True, True], ignored_reason="person")]
    )
    assert fates(events) == [(1, 0, "ignored", None, "person"), (2, 0, "rejected", None, "missing_value")]
    assert len(events.persons) == 1
    assert len(events) == 0


def test_a_source_may_come_in_batches():
    events = assemble([batch(), batch(raw_record=[4, 5, 6]), batch(source="other")], until=date(2008, 1, 1))
    assert events.sources.to_arrow()["source"].to_pylist() == ["ggz", "other"]
    assert events.sources.to_arrow()["rows_read"].to_pylist() == [6, 3]
    assert events.to_arrow()["event"].to_pylist() == [
        "ggz:1",
        "ggz:2",
        "ggz:4",
        "ggz:5",
        "other:1",
        "other:2",
    ]
    assert [(one.file, one.row, one.count) for one in events.faults] == [
        ("ggz.csv", 3, 2),
        ("other.csv", 3, 1),
    ]


def test_sources_without_columns_or_rows():
    empty = batch({name: pa.array([], pa.string()) for name in ROWS})
    events = assemble([empty])
    assert (len(events), len(events.records)) == (0, 0)
    assert len(assemble([])) == 0
    bare = pa.table({"person": pa.nulls(2, pa.string())}).select([])
    number, ignored = np.array([1, 2]), np.array([True, True])
    events = assemble([SourceBatch("x", "x.csv", "", empty.normal, bare, number, ignored, rows_read=2)])
    assert events.records.to_arrow()["row"].to_pylist() == [[], []]


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (lambda: [batch(), batch()], "a row number is not unique"),
        (lambda: [batch(), batch(raw_record=[4, 5, 6], sha256="11")], "two files"),
        (lambda: [batch(raw_record=[1, 1, 2])], "a row number is not unique"),
        (lambda: [batch(raw_record=[4, 5, 6], normal=batch().normal)], "was not delivered"),
        (
            lambda: [batch({name: values[:0] for name, values in ROWS.items()}, normal=batch().normal)],
            "not delivered",
        ),
        (lambda: [batch({n: [*v, *v] for n, v in ROWS.items()}, normal=batch().normal)], "a row has no fate"),
        (lambda: [batch(early_rejects={0: "ragged_row"}, normal=batch().normal)], "a part has two fates"),
        (lambda: [batch(source="x", normal=batch().normal)], "an event comes from another source"),
    ],
)
def test_a_row_that_would_be_lost_stops_everything(broken, law):
    with pytest.raises(LevensloopError, match=law):
        assemble(broken())


CELL = st.sampled_from(["a", "care", "contact", "2005", "2005-13", "", None])


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=10), st.data())
def test_no_row_is_ever_lost(rows, data):
    size = len(rows)
    names = ("person", "agency", "kind", "start")
    cells = {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)}
    ignored = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    early = data.draw(st.lists(st.integers(0, size - 1), unique=True)) if size else []
    number = data.draw(st.permutations(range(1, size + 1)))
    events = assemble(
        [
            batch(
                cells,
                ignored=np.array(ignored, bool),
                early_rejects=dict.fromkeys(early, "ragged_row"),
                raw_record=np.array(number, int),
            )
        ]
    )
    told = fates(events)
    assert [entry[0] for entry in told] == list(number)
    assert [entry[3] for entry in told if entry[2] == "event"] == events.to_arrow()["event"].to_pylist()
    (source,) = events.sources.to_arrow().to_pylist()
    left = sum(entry[2] == "ignored" for entry in told)
    assert source["accepted"] + source["rejected"] + left == source["rows_read"] == size


def test_what_is_said_is_text_when_it_is_shown_and_goes_with_its_rows():
    table = pa.table({"person": ["a", "b", "b"], "agency": ["GP"] * 3, "kind": ["contact"] * 3,
                      "start": ["2005", "2006", "2007"], "what": [" same ", "same", "of b alone"]})  # fmt: skip
    events = Events(table)
    assert events.to_arrow().schema == DELIVERED
    assert events.to_arrow().column("what").to_pylist() == ["same", "same", "of b alone"]
    assert len(events.held.column("what").combine_chunks().dictionary) == 2
    kept = events.where(pc.equal(events.to_arrow().column("person").cast(pa.string()), "a"))
    assert kept.held.column("what").combine_chunks().dictionary.to_pylist() == ["same"]
    assert Events.concat([kept, Events(table, source="other")]).to_arrow().schema == DELIVERED


CITIZENS = ["999990019", "999990020", "999990032", "999990044"]


def citizens(keys):
    rows = {"person": keys, "agency": ["GP"] * 4, "kind": ["contact"] * 4, "start": ["2005"] * 4}
    return pa.table(rows)


@pytest.mark.parametrize(
    "keys",
    [CITIZENS, [int(key) for key in CITIZENS], [" 9999.90.019", *CITIZENS[1:]], pa.array(CITIZENS).dictionary_encode()],
)  # fmt: skip
def test_keys_that_look_like_citizen_service_numbers_are_warned_of_once_and_not_shown(keys):
    with pytest.warns(UserWarning, match="look like citizen service numbers") as told:
        events = Events(citizens(keys))
    (one,) = told
    assert one.filename == __file__
    assert "Hint: " in str(one.message)
    assert "99999" not in str(one.message)
    assert len(events) == 4


def test_keys_of_another_sort_are_not_warned_of():
    Events(citizens(["123456789", "234567891", "345678912", "456789123"]))
    Events(citizens(pseudonyms(pa.array(CITIZENS), b"ours")))
    Events(citizens([None] * 4))


def test_what_is_made_of_events_does_not_warn_again(tmp_path):
    with pytest.warns(UserWarning, match="citizen"):
        table = Events(citizens(CITIZENS))
    folder = tmp_path / "files"
    folder.mkdir()
    pq.write_table(citizens(CITIZENS), folder / "gp.parquet")
    read = ll.read(folder, pseudonymise=False)
    both = Events.concat([table.where(pa.array([True, True, True, True])), pickle.loads(pickle.dumps(read))])  # noqa: S301 - made on the line itself
    cohort = ll.merge(both, ll.link(both))
    cohort.save(tmp_path / "kept")
    assert len(ll.update(ll.load(tmp_path / "kept"), read)) == 4
