import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levensloop.readers import delimited, parsing, scanning
from levensloop.readers.formats import read_raw
from levensloop.readers.layouts import TableLayout
from levensloop.readers.raw import UnreadableError


def rows_of(tmp_path, data, name="x.csv", **told):
    path = tmp_path / name
    path.write_bytes(data)
    return delimited.read(path, **told)


def refusal(tmp_path, data, **told):
    with pytest.raises(UnreadableError) as caught:
        rows_of(tmp_path, data, **told)
    return caught.value.faults[0]


def codes(raw):
    return [fault.code for fault in raw.faults]


def test_every_cell_stays_the_text_that_stands_there(tmp_path):
    raw = rows_of(tmp_path, b"key;n;date;empty\n007;1.0;2005-01-02;\nNA;null;true;NaN\n")
    assert raw.rows.to_pylist() == [
        {"key": "007", "n": "1.0", "date": "2005-01-02", "empty": ""},
        {"key": "NA", "n": "null", "date": "true", "empty": "NaN"},
    ]
    assert raw.record.tolist() == [1, 2]
    assert raw.faults == ()


@pytest.mark.parametrize("delimiter", scanning.DELIMITERS)
def test_the_delimiter_is_found_and_noted(tmp_path, delimiter):
    text = delimiter.join("abc") + "\n" + delimiter.join(["1", '"x;,\t|y"', "3"]) + "\n"
    raw = rows_of(tmp_path, text.encode())
    assert raw.rows.to_pylist() == [{"a": "1", "b": "x;,\t|y", "c": "3"}]
    assert raw.found["delimiter"] == delimiter
    assert repr(delimiter) in raw.notes[0]


def test_a_separator_line_of_a_spreadsheet_is_believed(tmp_path):
    raw = rows_of(tmp_path, b"sep=|\na|b\n1|2;3\n")
    assert raw.rows.to_pylist() == [{"a": "1", "b": "2;3"}]


def test_another_delimiter_than_the_layout_names_is_a_fault(tmp_path):
    raw = rows_of(tmp_path, b"a,b\n1,2\n", delimiter=";")
    assert raw.faults[0].hint == "try delimiter = ','"


def test_one_column_needs_no_delimiter(tmp_path):
    raw = rows_of(tmp_path, b"key\n1\n\n2\n", delimiter=";")
    assert raw.rows["key"].to_pylist() == ["1", "2"]
    assert raw.faults == ()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings_are_found(tmp_path, encoding):
    text = "cliënt;naam\n1;Renée\n2;José\n3;plain\n"
    raw = rows_of(tmp_path, text.encode(encoding))
    assert raw.rows.column_names == ["cliënt", "naam"]
    assert raw.rows["naam"].to_pylist() == ["Renée", "José", "plain"]
    assert raw.faults == ()


@given(
    st.lists(st.text(st.characters(codec="cp1252", exclude_characters='\r\n";\0'), min_size=1), min_size=1)
)
def test_what_is_written_is_read_in_any_encoding(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("encodings")
    text = "key;cell\n" + "".join(f"{number};{cell}\n" for number, cell in enumerate(cells))
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        raw = rows_of(path, data, encoding=encoding, delimiter=";")
        if encoding == "cp1252" and any(fault.code == "encoding" for fault in raw.faults):
            continue  # the bytes happen to be UTF-8, and are believed
        assert raw.rows["cell"].to_pylist() == cells


def test_an_encoding_that_the_layout_names_is_used(tmp_path):
    raw = rows_of(tmp_path, "a;b\nRené;1\n".encode("cp850"), encoding="cp850")
    assert raw.rows["a"].to_pylist() == ["René"]
    assert raw.faults == ()
    undefined = rows_of(tmp_path, b"a;b\nx\x81y;1\n", encoding="cp1252")
    assert undefined.rows["a"].to_pylist() == ["x\x81y"]


@pytest.mark.parametrize("data", ["a;b\né;1\n".encode(), "a;b\né;1\n".encode("utf-16")])
def test_bytes_that_contradict_the_layout_are_believed_and_reported(tmp_path, data):
    raw = rows_of(tmp_path, data, encoding="cp1252")
    assert raw.rows["a"].to_pylist() == ["é"]
    assert codes(raw) == ["encoding"]


def test_accents_of_another_code_page_are_doubted(tmp_path):
    raw = rows_of(tmp_path, "a;b\nRenée en José;1\n".encode("cp850"))
    assert codes(raw) == ["encoding"]
    assert "cp850" in raw.faults[0].hint


def test_lines_in_two_encodings_are_all_read_and_named(tmp_path):
    good, wrong = "é;1\n".encode(), "é;2\n".encode("cp1252")
    quoted = '"two\nlines é";3\n'.encode("cp1252")
    raw = rows_of(tmp_path, b"a;b\n" + good + wrong + quoted + b"x;4\n" + wrong * 12)
    assert raw.rows["a"].to_pylist()[:4] == ["é", "é", "two\nlines é", "x"]
    fault = raw.faults[0]
    assert (fault.code, fault.row, fault.count) == ("encoding", 2, 14)
    assert "2, 3, 5, 6" in fault.message
    assert "4 more" in fault.message


def test_a_header_in_another_encoding_is_named_too(tmp_path):
    raw = rows_of(tmp_path, b"\xe9;b\n" + "é;1\n".encode())
    assert raw.rows.column_names == ["é", "b"]
    assert "the header" in raw.faults[0].message


def test_a_broken_utf_8_file_with_a_mark_is_read(tmp_path):
    raw = rows_of(tmp_path, b"\xef\xbb\xbfa;b\n\xe9;1\n")
    assert raw.rows["a"].to_pylist() == ["é"]
    assert codes(raw) == ["encoding"]
    fault = refusal(tmp_path, "a;b\n1;2\n".encode("utf-16")[:-1])
    assert fault.code == "encoding"


def test_ragged_rows_are_kept_in_their_place(tmp_path):
    raw = rows_of(tmp_path, b"a;b;c\n1;2;3\n\n4;5\n6;7;8;9;10\n11;12;13\n")
    assert raw.rows["a"].to_pylist() == ["1", "4", "6", "11"]
    assert raw.rows[parsing.BEYOND].to_pylist() == [None, None, "9;10", None]
    assert raw.rejects == {1: "ragged_row", 2: "ragged_row"}
    assert (raw.faults[0].code, raw.faults[0].row, raw.faults[0].count) == ("ragged_row", 2, 2)


@pytest.mark.parametrize("rows", [b"1;2;\n3;4;\n", b"1;2\n3;4;;\n"])
def test_a_delimiter_at_the_end_loses_nothing(tmp_path, rows):
    raw = rows_of(tmp_path, b"a;b\n" + rows)
    assert raw.rows.select(["a", "b"]).to_pylist() == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert raw.faults == ()


@pytest.mark.parametrize(
    "text",
    [
        b'1;"2;3\n4;5;6\n7;8;9\n',  # swallows the rest of the file
        b'1;2;"3\n4;5;6\n7;8;9\n',  # and fits the header while doing so
        b'1;"2;3\r\n4;5;6\r\n7;8;9\r\n',
    ],
)
def test_a_quote_that_is_never_closed_costs_one_row(tmp_path, text):
    raw = rows_of(tmp_path, b"a;b;c\n" + text)
    assert raw.rows["a"].to_pylist() == ["1", "4", "7"]
    assert raw.rejects == {0: "open_quote"}
    assert codes(raw) == ["open_quote"]


def test_open_quotes_again_and_again(tmp_path):
    rows = b"".join(b'%d;"x;y\n%d;b;c\n' % (number, number) for number in range(1, 40, 2))
    raw = rows_of(tmp_path, b"a;b;c\n" + rows)
    assert raw.rows.num_rows > 20
    assert set(codes(raw)) <= {"open_quote", "ragged_row"}


def test_a_quote_that_is_open_at_the_end_of_a_ragged_row_takes_no_other_row(tmp_path):
    raw = rows_of(tmp_path, b'a;b;c\n1;x"y\n2;3\n4;z;"w;w"\n5;6;7;"8"\n')
    assert raw.rows["a"].to_pylist() == ["1", "2", "4", "5"]
    assert raw.rejects == {0: "ragged_row", 1: "ragged_row", 3: "ragged_row"}
    text = ['a"b;"c', "d;e"]
    assert len(parsing._cells(text, ";")) == 2


def test_text_over_several_lines_is_one_cell(tmp_path):
    raw = rows_of(tmp_path, b'a;b;c\n1;"one; two\nthree";3\n4;5;6\n')
    assert raw.rows["b"].to_pylist() == ["one; two\nthree", "5"]
    assert raw.faults == ()


def test_a_cell_larger_than_a_block_is_read(tmp_path):
    lines = "\n".join(["some words of a long report"] * 120_000)
    raw = rows_of(tmp_path, f'a;b\n1;"{lines}"\n2;x\n'.encode())
    assert raw.rows["a"].to_pylist() == ["1", "2"]
    long = rows_of(tmp_path, b"a;b\n" + b"x" * 3_000_000 + b";1\n2;3\n")
    assert long.rows.num_rows == 2


def test_a_line_that_is_too_long_is_found_before_it_is_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(scanning, "LONGEST_LINE", 1 << 20)
    monkeypatch.setattr(scanning, "_CHUNK", 1 << 16)
    fault = refusal(tmp_path, b"a;b\n1;2\n" + b"x" * (1 << 21) + b"\n3;4\n")
    assert fault.code == "line_too_long"
    assert "line 3" in fault.message


def test_lines_are_measured_over_the_edges_of_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(scanning, "_CHUNK", 7)
    path = tmp_path / "x.csv"
    path.write_bytes(b"a;b\n" + b"x" * 100 + b";y\n1;2\n")
    assert scanning.scan(path).longest >= 102


def test_zero_bytes_are_left_out_and_reported(tmp_path):
    raw = rows_of(tmp_path, b"a;b\n1\x00;2\n3;4\n")
    assert raw.rows["a"].to_pylist() == ["1", "3"]
    assert codes(raw) == ["zero_bytes"]
    patched = rows_of(tmp_path, b"a;b\n1\x00;\xe9\n3;4\n")
    assert patched.rows["b"].to_pylist() == ["é", "4"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\r\n \n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"PK\x03\x04rest of a workbook", "not_what_it_says"),
        (b"%PDF-1.7 rest", "not_what_it_says"),
        (gzip.compress(b"a;b", mtime=0), "not_what_it_says"),
        (b"<!DOCTYPE html><table>", "not_what_it_says"),
        (bytes(200) + b"a;b" * 10, "not_what_it_says"),
    ],
)
def test_files_that_hold_no_rows_at_all_say_so(tmp_path, data, code):
    fault = refusal(tmp_path, data)
    assert (fault.code, fault.file) == (code, "x.csv")
    assert fault.hint


@pytest.mark.parametrize("data", [b"a;b", b"a;b\n", b"a;b\n\n\r\n", b'"a\nb";c\n'])
def test_a_header_without_rows(tmp_path, data):
    raw = rows_of(tmp_path, data)
    assert raw.rows.num_rows == 0
    assert codes(raw) == ["no_rows"]


def test_a_quote_in_the_header_that_is_never_closed(tmp_path):
    raw = rows_of(tmp_path, b'"a;b\n1;2\n', delimiter=";")
    assert raw.rows.to_pylist() == [{"a": "1", "b": "2"}]


def test_names_are_told_apart_and_lines_above_the_header_skipped(tmp_path):
    raw = rows_of(tmp_path, b"Export of today\n\n key ;key;\n1;2;3\n", skip_rows=1)
    assert raw.rows.column_names == ["key", "key (2)", "column 3"]
    assert raw.rows.to_pylist() == [{"key": "1", "key (2)": "2", "column 3": "3"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, end):
    raw = rows_of(tmp_path, end.join(["a;b", "1;2", "3;4", ""]).encode())
    assert raw.rows.to_pylist() == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


@given(st.binary(max_size=300))
def test_no_bytes_make_a_traceback(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "x.csv"
    path.write_bytes(data)
    try:
        raw = read_raw(path, "x.csv", TableLayout())
    except UnreadableError as error:
        told = error.faults
    else:
        told = raw.faults
        assert raw.rows.num_rows == len(raw.record)
        assert all(0 <= place < len(raw.record) for place in raw.rejects)
    assert all(fault.file == "x.csv" and fault.hint for fault in told)


@given(st.text(alphabet='ab";\n\r\x00é', max_size=80))
def test_rows_are_numbered_without_holes(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("texts")
    raw = rows_of(path, ("h1;h2;h3\n" + text).encode(), delimiter=";")
    assert raw.record.tolist() == list(range(1, raw.rows.num_rows + 1))
    assert raw.rows.column_names[:3] == ["h1", "h2", "h3"]
