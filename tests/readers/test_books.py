import datetime as dt

import openpyxl
import pyarrow as pa
import pytest

from levensloop.readers import excel
from levensloop.readers.raw import UnreadableError


def book(path, sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def refusal(path, **told):
    with pytest.raises(UnreadableError) as caught:
        excel.read(path, **told)
    return caught.value.faults[0]


def test_dates_stay_dates_and_whole_numbers_lose_their_point(tmp_path):
    rows = [
        ["key", "start", "number", "mixed", "time"],
        [7, dt.datetime.fromisoformat("2005-01-02"), 2.5, dt.date(2005, 1, 2), dt.time(9, 30)],
        ["x", None, None, "1995-03", dt.datetime.fromisoformat("2005-01-02T09:30")],
        [True, dt.datetime.fromisoformat("2006-01-02"), 3, 38_354, dt.timedelta(days=1)],
    ]
    raw = excel.read(book(tmp_path / "a.xlsx", {"Blad1": rows}))
    assert raw.rows["start"].type == pa.date32()
    assert raw.rows["start"].to_pylist() == [dt.date(2005, 1, 2), None, dt.date(2006, 1, 2)]
    assert raw.rows["key"].to_pylist() == ["7", "x", "True"]
    assert raw.rows["number"].to_pylist() == ["2.5", "", "3"]
    assert raw.rows["mixed"].to_pylist() == ["2005-01-02", "1995-03", "38354"]
    assert raw.rows["time"].to_pylist()[0] == "09:30:00"
    assert raw.rows["time"].to_pylist()[1].startswith("2005-01-02T09:30")
    assert raw.found == {"sheet": "Blad1"}


def test_moments_of_the_day_are_text(tmp_path):
    rows = [
        ["start"],
        [dt.datetime.fromisoformat("2005-01-02")],
        [dt.datetime.fromisoformat("2005-01-02T09:30")],
    ]
    raw = excel.read(book(tmp_path / "a.xlsx", {"a": rows}))
    assert raw.rows["start"].type == pa.string()


def test_the_sheet_that_is_named_and_rows_above_the_header(tmp_path):
    path = book(tmp_path / "a.xlsx", {"First": [["x"], [1]], "Second": [["title"], ["key"], ["k"]]})
    raw = excel.read(path, sheet=" second ", skip_rows=1)
    assert raw.rows.to_pylist() == [{"key": "k"}]
    fault = refusal(path, sheet="Third")
    assert (fault.code, fault.hint) == ("missing_sheet", "its sheets are: First, Second")


def test_sheets_that_were_not_read_are_reported(tmp_path):
    path = book(tmp_path / "a.xlsx", {"Empty": [], "First": [["x"], [1]], "Second": [["y"], [2]]})
    raw = excel.read(path)
    assert raw.rows.to_pylist() == [{"x": "1"}]
    assert [fault.code for fault in raw.faults] == ["unread_sheet"]


def test_a_header_without_rows_and_a_book_without_anything(tmp_path):
    raw = excel.read(book(tmp_path / "a.xlsx", {"a": [["x", "y"]]}))
    assert (raw.rows.column_names, raw.rows.num_rows) == (["x", "y"], 0)
    assert [fault.code for fault in raw.faults] == ["no_rows"]
    assert refusal(book(tmp_path / "b.xlsx", {"a": []})).code == "empty_file"
    assert refusal(book(tmp_path / "c.xlsx", {"a": [["x"]]}), skip_rows=3).code == "empty_file"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"key;start\n1;2005\n", "not_what_it_says"),
        (b"<html><table>", "not_what_it_says"),
        (b"PK\x03\x04 but broken off", "not_what_it_says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_what_it_says"),
    ],
)
def test_files_that_are_no_workbook(tmp_path, data, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    assert refusal(path).code == code


def test_a_book_that_was_cut_off(tmp_path):
    path = book(tmp_path / "a.xlsx", {"a": [["x"], *([number] for number in range(500))]})
    data = path.read_bytes()
    for part in (0.3, 0.6, 0.95):
        path.write_bytes(data[: int(len(data) * part)])
        assert refusal(path).code == "not_what_it_says"
