"""XML as agencies deliver it: nested, flat, damaged, in odd encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.readers import markup
from levensloop.readers.raw import UnreadableError

NESTED = """<?xml version="1.0" encoding="{encoding}"?>
<d:Delivery xmlns:d="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd" agency="Zórg">
  <d:Child><d:Key>k1</d:Key>
    <d:Episode id="7"><d:Start>2005-01-10</d:Start><d:End>2005-03-01</d:End><d:Place><d:Type>foster_care</d:Type></d:Place></d:Episode>
    <d:Episode id="8"><d:Start>2006-03-01</d:Start><d:Told>School</d:Told><d:Told>GP</d:Told><d:End xsi:nil="true"/></d:Episode>
    <d:Birth>1989-05</d:Birth>
  </d:Child>
  <d:Child><d:Key>k2</d:Key></d:Child>
</d:Delivery>
"""
LAYOUT = """
element = "Episode"
[constants]
kind = "care"
[columns]
person = "Child.Key"
birth = "Child.Birth"
agency = "Delivery.agency"
start = "Start"
end = "End"
care_type = "Place.Type"
shared_with = "Told"
"""


@pytest.fixture
def write(tmp_path):
    def written(text, name="a.xml", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return path

    return written


def refusal(path, **told):
    with pytest.raises(UnreadableError) as caught:
        markup.read(path, **told)
    return caught.value.faults[0]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16", "iso-8859-1"])
def test_what_stands_around_a_row_stands_in_it(write, encoding):
    raw = markup.read(write(NESTED.format(encoding=encoding), encoding=encoding))
    first, second, none = raw.rows.to_pylist()
    assert first == {
        "Delivery.agency": "Zórg",
        "Child.Key": "k1",
        "Child.Birth": "1989-05",
        "id": "7",
        "Start": "2005-01-10",
        "End": "2005-03-01",
        "Place.Type": "foster_care",
        "Told": None,
    }
    assert (second["id"], second["Told"], second["End"]) == ("8", "School;GP", None)
    assert {name: value for name, value in none.items() if value} == {
        "Delivery.agency": "Zórg",
        "Child.Key": "k2",
    }
    assert raw.found == {"element": "Episode"}
    assert not raw.faults
    assert raw.notes[1] == "several values in one row, with ';' between them: Told"


def test_another_element_may_be_the_row(write):
    raw = markup.read(write(NESTED.format(encoding="utf-8")), element="Child")
    assert raw.rows.column("Episode.id").to_pylist() == ["7;8", None]
    assert raw.rows.column("Key").to_pylist() == ["k1", "k2"]
    fault = refusal(write(NESTED.format(encoding="utf-8")), element="Stay")
    assert fault.code == "missing_element"
    assert fault.hint == "elements that hold others: Child, Episode, Place"


def test_a_layout_makes_events_of_it_and_nobody_is_lost(write):
    layout = write(LAYOUT, "a.toml")
    events = ll.read(write(NESTED.format(encoding="utf-8")), layout=layout)
    rows = events.to_arrow().to_pylist()
    assert [(row["person"], row["agency"], row["care_type"]) for row in rows] == [
        ("k1", "Zórg", "foster_care"),
        ("k1", "Zórg", None),
    ]
    assert rows[1]["shared_with"] == ["School", "GP"]
    assert [(fault.row, fault.column, fault.code) for fault in events.faults] == [
        (3, "Start", "missing_value")
    ]
    fates = events.records.to_arrow().column("fate").to_pylist()
    assert fates == ["event", "event", "rejected"]


def test_attributes_are_columns_and_a_default_layout_needs_none(write):
    text = """<rows><row person="k1" agency="School" kind="school" start="2000-08-01" end="2004-07-01"/>
              <row person="k2" agency="School" kind="school" start="2000-08-32"/></rows>"""
    events = ll.read(write(text))
    assert events.to_arrow().column("person").to_pylist() == ["k1"]
    assert [(fault.row, fault.column, fault.code) for fault in events.faults] == [
        (2, "start", "impossible_date")
    ]


def test_a_group_inside_a_row_is_no_row_and_a_single_row_is_one(write):
    text = "<data>{}</data>"
    row = "<row><key>k</key><name><first>A</first></name></row>"
    for many in (1, 3):
        raw = markup.read(write(text.format(row * many)))
        assert raw.rows.to_pylist() == [{"key": "k", "name.first": "A"}] * many
    raw = markup.read(write("<data><a>1</a><a>2</a></data>"))
    assert raw.rows.to_pylist() == [{"text": "1"}, {"text": "2"}]


def test_a_file_that_breaks_off_gives_what_stands_before_it(write):
    text = NESTED.format(encoding="utf-8")
    raw = markup.read(write(text[: text.index("<d:Told>")]))
    assert raw.rows.column("id").to_pylist() == ["7", "8"]
    assert raw.rejects == {1: "bad_xml"}
    (fault,) = raw.faults
    assert (fault.row, fault.code) == (2, "bad_xml")
    assert str(fault).startswith(
        "a.xml, row 2: the XML is damaged at line 5: what stands behind it was not read."
    )


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (b"", "empty_file", "the file is empty"),
        ("person,agency", "not_what_it_says", "the file is named as XML but is plain text"),
        (b"PAR1....", "not_what_it_says", "the file is named as XML but is a Parquet file"),
        ("<a", "not_what_it_says", "the XML is damaged at line 1: what stands behind it was not read"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><x><y>&a;</y></x>', "not_what_it_says",
         "the file declares entities, which can stand for anything"),
        ('<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "not_what_it_says",
         "the file is a workbook that was saved as XML"),
        ('<?xml version="1.0" encoding="klingon"?><x/>', "encoding", "the text cannot be decoded"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(write, text, code, message):
    fault = refusal(write(text))
    assert (fault.file, fault.code, fault.message) == ("a.xml", code, message)


def test_a_file_without_rows_says_so(write):
    (fault,) = markup.read(write("<data/>")).faults
    assert fault.code == "no_rows"


VALUE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=6)


@given(
    st.lists(st.fixed_dictionaries({}, optional={"a": VALUE, "b": VALUE, "c": VALUE}), min_size=2, max_size=5)
)
def test_values_come_back_as_they_were_written(tmp_path_factory, rows):
    from xml.sax.saxutils import escape

    cells = ["".join(f"<{name}>{escape(value)}</{name}>" for name, value in row.items()) for row in rows]
    path = tmp_path_factory.mktemp("made") / "a.xml"
    path.write_text("<data>" + "".join(f"<row>{cell}</row>" for cell in cells) + "</data>", "utf-8")
    raw = markup.read(path, element="row")
    told = [{name: value for name, value in row.items() if value is not None} for row in raw.rows.to_pylist()]
    assert told == rows if any(rows) else raw.rows.num_columns == 0
