"""Parquet and JSON Lines."""

import datetime as dt
import json
import uuid

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import levensloop as ll
from levensloop.errors import UserError
from levensloop.events import Events
from levensloop.readers import jsonlines, parquet
from levensloop.readers.formats import read_raw
from levensloop.readers.layouts import TableLayout
from levensloop.readers.raw import UnreadableError, as_text, text_table


def put(path, data):
    path.write_bytes(data)
    return path


def refusal(read, path):
    with pytest.raises(UnreadableError) as caught:
        read(path)
    return caught.value.faults[0]


def test_parquet_keeps_dates_and_makes_text_of_the_rest(tmp_path):
    moment = dt.datetime.fromisoformat("2005-01-02")
    table = pa.table(
        {
            "key": pa.array([7, 8]),
            "day": pa.array([dt.date(2005, 1, 2), None]),
            "midnight": pa.array([moment, None], pa.timestamp("us")),
            "moment": pa.array([moment + dt.timedelta(hours=9), None], pa.timestamp("us")),
            "there": pa.array([moment, None], pa.timestamp("us", "Europe/Amsterdam")),
            "float": pa.array([2.0, float("nan")]),
            "kind": pa.array(["care", None]).dictionary_encode(),
            "names": pa.array([["School", "GGZ"], None]),
            "odd": pa.array([{"a": 1}, None]),
            "deep": pa.array([[{"a": 1}], None]),
            "bytes": pa.array([b"x", None]),
            "no": pa.nulls(2),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw = parquet.read(tmp_path / "a.parquet")
    assert raw.rows["day"].type == pa.date32()
    assert text_table(raw.rows).to_pylist()[0] == {
        "key": "7", "day": "2005-01-02", "midnight": "2005-01-02", "moment": "2005-01-02 09:00:00.000000",
        "there": "2005-01-02 01:00:00.000000", "float": "2", "kind": "care", "names": "School;GGZ",
        "odd": '{"a": 1}', "deep": '[{"a": 1}]', "bytes": '"b\'x\'"', "no": None,
    }  # fmt: skip
    assert raw.rows["float"].to_pylist()[1] is None
    assert raw.record.tolist() == [1, 2]


def test_parquet_with_columns_of_bytes_and_names_of_their_own(tmp_path):
    keys = [uuid.UUID(int=7), None, uuid.UUID("12345678-9abc-def0-1234-56789abcdef0")]
    bytes_ = [b"\xff\xfe", None, b"ab"]
    table = pa.table(
        {
            "key": pa.array([key and key.bytes for key in keys], pa.uuid()),
            "told": pa.array(["{}", None, "[1]"], pa.json_()),
            "two": pa.array(bytes_, pa.binary(2)),
            "view": pa.array(bytes_, pa.binary_view()),
            "half": pa.array([1.5, None, 2], pa.float16()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    rows = text_table(parquet.read(tmp_path / "a.parquet").rows.slice(1))
    assert rows.to_pylist() == [
        dict.fromkeys(table.column_names),
        {"key": str(keys[2]), "told": "[1]", "two": "\"b'ab'\"", "view": "\"b'ab'\"", "half": "2"},
    ]
    made = {"person": table["key"], "agency": ["GP"] * 3, "kind": ["contact"] * 3, "start": ["2005"] * 3}
    events = Events(pa.table({**made, "what": table["told"]}))
    assert events.to_arrow()["person"].to_pylist() == [str(keys[0]), str(keys[2])]
    assert [dict(row)["what"] for row in events.records.to_arrow()["row"].to_pylist()[::2]] == ["{}", "[1]"]
    with pytest.raises(UserError, match="no text, number or date"):
        Events(pa.table({**made, "what": table["two"]}))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_parquet_with_bytes_that_are_no_text(tmp_path, kind):
    path, bad = (
        tmp_path / "a.parquet",
        pa.array([b"\xff\xfe"], pa.binary() if kind == pa.string() else pa.large_binary()),
    )
    pq.write_table(pa.table({"key": bad.view(kind)}), path)
    assert refusal(parquet.read, path).code == "not_what_it_says"


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_a_key_that_is_not_a_number_is_no_key(tmp_path, kind):
    """Else all youths without a key would be one."""
    table = pa.table({"person": pa.array([1, float("nan"), None], kind), "agency": ["GP"] * 3,
                      "kind": ["contact"] * 3, "start": ["2005"] * 3})  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    for events in (Events(table), ll.read(tmp_path / "a.parquet")):
        assert [(one.code, one.count) for one in events.faults] == [("missing_value", 2)]
        assert events.to_arrow()["person"].to_pylist() == ["1"]


def test_parquet_that_is_none(tmp_path):
    path = tmp_path / "a.parquet"
    assert refusal(parquet.read, put(path, b"")).code == "empty_file"
    assert refusal(parquet.read, put(path, b"a;b\n")).code == "not_what_it_says"
    assert refusal(parquet.read, put(path, b"PAR1 broken off")).code == "not_what_it_says"
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), path)
    assert [fault.code for fault in parquet.read(path).faults] == ["no_rows"]


def lines(*values):
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def test_json_lines_are_columns_and_dates_stay_as_written(tmp_path):
    text = lines(
        {"key": "é", "start": "2005-01-02", "n": 7}, {"start": "2005-01-02T09:30:00", "list": ["a", "b"]}
    )
    raw = jsonlines.read(put(tmp_path / "a.jsonl", text.encode()))
    assert raw.rows.to_pylist() == [
        {"key": "é", "start": "2005-01-02", "n": "7", "list": None},
        {"key": None, "start": "2005-01-02T09:30:00", "n": None, "list": "a;b"},
    ]
    assert raw.faults == ()


def test_names_with_values_of_several_sorts_and_damaged_lines(tmp_path):
    text = lines({"key": 7, "x": 1.0}, {"key": "é", "x": [1, 2]}, {"key": None, "x": ["a", "b"]})
    raw = jsonlines.read(put(tmp_path / "a.jsonl", (text + '\n{"key": 9\n[1]\n').encode("cp1252")))
    assert raw.rows["key"].to_pylist() == ["7", "é", None, None, None]
    assert raw.rows["x"].to_pylist()[:3] == ["1", "[1, 2]", "a;b"]
    assert raw.rows[jsonlines.UNREAD].to_pylist()[3:] == ['{"key": 9', "[1]"]
    assert raw.rejects == {3: "bad_json", 4: "bad_json"}
    assert [(fault.code, fault.row, fault.count) for fault in raw.faults] == [("bad_json", 4, 2)]


@pytest.mark.parametrize("text", ['[{"key": "a"}, {"key": "b"}, 3]', '[{"key": "a"},\n {"key": "b"},\n 3]\n'])
def test_one_list_of_objects_is_read_too(tmp_path, text):
    raw = jsonlines.read(put(tmp_path / "a.json", text.encode()))
    assert raw.rows["key"].to_pylist() == ["a", "b", None]
    assert raw.rejects == {2: "bad_json"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (b"key;start\n1;2005\n", "not_what_it_says"),
        (b"PAR1", "not_what_it_says"),
    ],
)
def test_json_that_is_none(tmp_path, data, code):
    assert refusal(jsonlines.read, put(tmp_path / "a.jsonl", data)).code == code


def test_a_broken_list_and_empty_objects(tmp_path):
    raw = jsonlines.read(put(tmp_path / "a.json", b'[{"key": "a"},\n{"key"'))
    assert raw.rejects == {0: "bad_json", 1: "bad_json"}
    nothing = jsonlines.read(put(tmp_path / "b.jsonl", b"{}\n{}\n"))
    assert nothing.rows.num_columns == 0
    assert [fault.code for fault in jsonlines.read(put(tmp_path / "c.json", b"[]")).faults] == ["no_rows"]


def test_a_file_without_a_known_extension_is_known_by_its_bytes(tmp_path):
    pq.write_table(pa.table({"a": ["1"]}), tmp_path / "x.data")
    assert read_raw(tmp_path / "x.data", "x.data", TableLayout()).rows.to_pylist() == [{"a": "1"}]
    plain = put(tmp_path / "y.data", b"a;b\n1;2\n")
    assert read_raw(plain, "y.data", TableLayout()).rows.to_pylist() == [{"a": "1", "b": "2"}]


def test_what_a_format_cannot_read_is_a_fault_with_the_name_of_the_delivery(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        read_raw(tmp_path / "gone.csv", "north/gone.csv", TableLayout())
    assert (caught.value.faults[0].file, caught.value.faults[0].code) == ("north/gone.csv", "missing_file")
    with pytest.raises(UnreadableError) as caught:
        read_raw(put(tmp_path / "a.csv", b""), "north/a.csv", TableLayout())
    assert caught.value.faults[0].file == "north/a.csv"


def test_text_of_any_column():
    assert as_text(pa.chunked_array([[1.0, 1e300, None]])).to_pylist() == ["1", "1e+300", None]


def test_a_file_that_its_library_refuses_is_a_fault(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise pa.ArrowInvalid("the cell holds jorien")

    monkeypatch.setattr("levensloop.readers.parsing.pa_csv.read_csv", refuse)
    with pytest.raises(UnreadableError) as caught:
        read_raw(put(tmp_path / "a.csv", b"a;b\n1;2\n"), "a.csv", TableLayout())
    assert caught.value.faults[0].code == "not_what_it_says"
    assert "jorien" not in str(caught.value)
