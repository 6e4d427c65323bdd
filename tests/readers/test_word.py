"""Documents: the tables that people filled in, with changes tracked, added rows, and files that are none."""

from zipfile import ZipFile

import pytest

from levensloop.readers.raw import UnreadableError
from levensloop.readers.word import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def cell(text):
    return text if text.startswith("<w:tc>") else f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def table(*rows):
    lines = ("".join(map(cell, row)) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def document(tmp_path, *tables, before=""):
    path = tmp_path / "form.docx"
    with ZipFile(path, "w") as packed:
        packed.writestr(
            "word/document.xml", f"{before}<w:document {W}><w:body>{''.join(tables)}</w:body></w:document>"
        )
    return path


def rows(path):
    return read(path).rows.to_pylist()


def test_tables_of_one_form_are_one_table(tmp_path):
    path = document(
        tmp_path,
        table(("role", "school"), ("date", "2026-03-02")),
        table(("no.", "what", "why"), ("1", "a", "b"), ("2", "c", "d"), ("", "new", ""), ("", "", "")),
        table(("key", "x", "y"), ("k", "no", "part")),
        table(("no.", "sector", "event"), ("2", "home", "e:2"), ("1", "health", "e:1")),
    )
    every = {"role": "school", "date": "2026-03-02"}
    assert rows(path) == [
        {"no.": "1", "what": "a", "why": "b", "sector": "health", "event": "e:1"} | every,
        {"no.": "2", "what": "c", "why": "d", "sector": "home", "event": "e:2"} | every,
        {"no.": "", "what": "new", "why": "", "sector": "", "event": ""} | every,
    ]


def test_what_was_inserted_counts_and_what_was_deleted_does_not(tmp_path):
    tracked = (
        "<w:tc><w:p><w:r><w:t>We </w:t></w:r><w:ins><w:r><w:t>did</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:r><w:br/><w:t>call</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>twice</w:t></w:r></w:p></w:tc>"
    )
    held = "<w:tc><w:p><w:sdt><w:sdtContent><w:r><w:t>chosen</w:t></w:r></w:sdtContent></w:sdt></w:p></w:tc>"
    days = "<w:tc><w:p><w:r><w:t>2001-01-01/</w:t><w:br/><w:t>2002</w:t></w:r></w:p></w:tc>"
    (row,) = rows(document(tmp_path, table(("a", "b", "c"), (tracked, held, days))))
    assert row == {"a": "We did\ncall\ntwice", "b": "chosen", "c": "2001-01-01/2002"}


def test_a_merged_cell_is_followed_by_empty_ones(tmp_path):
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
    assert rows(document(tmp_path, table(("a", "b", "c"), (wide, "y")))) == [{"a": "x", "b": "", "c": "y"}]


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda path: path.write_bytes(b""), "empty_file"),
        (lambda path: path.write_bytes(b"no zip"), "not_what_it_says"),
        (lambda path: ZipFile(path, "w").close(), "not_what_it_says"),
    ],
)
def test_what_is_no_document_is_told(tmp_path, made, code):
    path = tmp_path / "form.docx"
    made(path)
    with pytest.raises(UnreadableError) as told:
        read(path)
    assert [fault.code for fault in told.value.faults] == [code]


def test_a_document_that_declares_things_or_has_no_table_is_not_read(tmp_path):
    for content, before, code in (
        (table(("a", "b", "c")), '<!DOCTYPE w [<!ENTITY a "aaaa">]>', "not_what_it_says"),
        (table(("a", "b")), "", "no_table"),
    ):
        with pytest.raises(UnreadableError) as told:
            read(document(tmp_path, content, before=before))
        assert told.value.faults[0].code == code


def test_headings_alone_are_told(tmp_path):
    raw = read(document(tmp_path, table(("a", "b", "c"))))
    assert [fault.code for fault in raw.faults] == ["no_rows"]
