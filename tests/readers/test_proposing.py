import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import levensloop as ll
from levensloop.errors import UserError
from levensloop.readers import propose
from levensloop.readers.layouts import parse


def proposal(path, text=None):
    """The text of a proposal and the table that it makes; it must load as it stands."""
    if text is not None:
        path.write_text(text, encoding="utf-8")
    told = propose(path)
    layout = parse(told, "proposal.toml")
    assert layout.faults == ()
    return told, layout.tables[0]


def test_dutch_names_dates_and_codes(tmp_path):
    path = tmp_path / "ggz.csv"
    told, table = proposal(
        path,
        "BSN;Geboortedatum;Instelling;Soort;Begindatum;Einddatum;Reden einde;Wijk;Iets\n"
        "a;31-01-1989;GGZ;Hulp;01-02-2005;03-04-2006;Doel bereikt;Noord;x\n"
        "b;01-12-1990;GGZ;XX;01-02-2005;;;Zuid;y\n",
    )
    assert table.events[0].columns == {
        "person": "BSN", "birth": "Geboortedatum", "district": "Wijk", "agency": "Instelling", "kind": "Soort",
        "start": "Begindatum", "end": "Einddatum", "reason": "Reden einde",
    }  # fmt: skip
    assert table.date_formats == ("%d-%m-%Y",)
    assert (table.delimiter, table.encoding) == (";", "utf-8")
    assert table.events[0].codes == {"kind": {"Hulp": "care"}, "reason": {"Doel bereikt": "goal_reached"}}
    assert '# "XX" = "..."   # unsure' in told
    assert '# not used: "Iets"' in told


def test_a_proposal_can_be_used(tmp_path):
    path = tmp_path / "ggz.csv"
    told, _ = proposal(path, "Cliëntnummer;Aanmelddatum;Intake;Start zorg;Einde zorg;Reden\n"
                             "7;01-02-2005;13-02-2005;01-03-2005;03-04-2006;Overleden\n")  # fmt: skip
    (tmp_path / "own.toml").write_text(told, encoding="utf-8")
    events = ll.read(path, layout=tmp_path / "own.toml")
    assert events.faults == ()
    rows = events.to_arrow().select(["kind", "start_min", "end_max", "reason"]).to_pylist()
    assert [row["kind"] for row in rows] == ["application", "intake", "care"]
    assert rows[2] == {
        "kind": "care", "start_min": dt.date(2005, 3, 1), "end_max": dt.date(2006, 4, 4), "reason": "died",
    }  # fmt: skip


def test_english_names_and_several_dates(tmp_path):
    _, table = proposal(tmp_path / "x.csv", "Child,DOB,Referred on,Date of assessment,Ceased\n"
                                            "1,15/06/2013,13/07/2014,14/08/2014,15/09/2014\n")  # fmt: skip
    kinds = [event.constants.get("kind") for event in table.events]
    assert kinds == ["referral", "assessment"]
    assert table.events[1].columns["end"] == "Ceased"


def test_a_kind_that_a_column_tells_is_not_told_twice(tmp_path):
    _, table = proposal(tmp_path / "x.csv", "key,kind,one date,two date\na,care,2005-01-01,2006-01-01\n")
    assert all("kind" not in event.constants for event in table.events)


@pytest.mark.parametrize(
    ("cells", "formats", "doubt"),
    [
        (["2005-01-02", "1995-03", "199X"], (), ""),
        (["01/02/2005", "03/04/2006"], ("%d/%m/%Y",), "the month may come first"),
        (["01/13/2005", "03/04/2006"], ("%m/%d/%Y",), ""),
        (["20050102", "20050300"], ("JJJJMM00",), ""),
        (["20050102", "20060304"], ("%Y%m%d",), ""),
        (["36285", "39543"], ("excel",), ""),
        (
            ["01-02-2005"] * 5 + ["31-12-2006", "13-12-2006", "14-12-2006", "15-12-2006", "soon"],
            ("%d-%m-%Y",),
            "not every",
        ),
        (
            ["2005-01-02", "2005-01-03", "2005-01-04", "2005-01-05", "2005-02-31", "2005-03-01"],
            (),
            "not every",
        ),
        (["", ""], (), "the column is empty"),
    ],
)
def test_dates_are_known_by_all_their_values(tmp_path, cells, formats, doubt):
    text = "key,startdatum\n" + "".join(f"{number},{cell}\n" for number, cell in enumerate(cells))
    told, table = proposal(tmp_path / "x.csv", text)
    assert table.date_formats == formats
    assert ("# unsure" in told.split("[constants]")[0]) == bool(doubt)
    assert doubt in told


def test_numbers_are_no_dates(tmp_path):
    told, table = proposal(tmp_path / "x.csv", "key,score,year\n1,36285,1995\n2,39543,1996\n")
    assert table.persons_only
    assert "tell only who a person is" in told


def test_dates_of_a_typed_file_need_no_format(tmp_path):
    pq.write_table(
        pa.table({"leerling": ["a"], "van": [dt.date(2005, 1, 1)], "tot": [dt.date(2006, 1, 1)]}),
        tmp_path / "x.parquet",
    )
    _, table = proposal(tmp_path / "x.parquet")
    assert table.events[0].columns == {"person": "leerling", "start": "van", "end": "tot"}
    assert table.date_formats == ()


def test_a_dutch_kind_is_a_child(tmp_path):
    rows = "".join(f"K{number};2005-01-01\n" for number in range(60))
    _, table = proposal(tmp_path / "x.csv", "kind;datum\n" + rows)
    assert table.events[0].columns == {"person": "kind", "start": "datum"}


def test_no_person_is_said(tmp_path):
    told, table = proposal(tmp_path / "x.csv", "soort;datum\ncare;2005-01-01\n")
    assert "# person = " in told
    assert "person" not in table.events[0].columns


def test_free_text_is_never_shown(tmp_path):
    secret = "Jorien said that she would rather not " * 2
    rows = "".join(f"{number};2005-01-01;{secret}{number}\n" for number in range(3))
    told, _ = proposal(tmp_path / "x.csv", "id;datum;reden\n" + rows)
    assert "Jorien" not in told
    assert "too many words" in told


def test_names_with_quotes_and_strange_signs(tmp_path):
    _, table = proposal(tmp_path / "x.csv", 'id,"a ""b"" \\ c\x7f",datum\n1,x,2005-01-01\n')
    assert table.events[0].columns["start"] == "datum"


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "x.csv").touch()
    with pytest.raises(UserError):
        propose(tmp_path / "x.csv")


def test_dates_with_a_mistake_among_them_are_dates_still(tmp_path):
    path = tmp_path / "ggz.csv"
    path.write_text(
        "person,kind,start,end\na,care,2003-02-03,\na,care,2004-11-01,\na,care,2004-13-01,\n",
        encoding="utf-8",
    )
    layout = tmp_path / "ggz.toml"
    layout.write_text(propose(path), encoding="utf-8")
    events = ll.read(path, layout=layout)
    assert len(events) == 2
    assert [one.code for one in events.faults] == ["impossible_date"]


def test_a_file_of_facts_without_a_date_is_no_list_of_persons(tmp_path):
    path = tmp_path / "ggz.csv"
    path.write_text("person,kind,when it was\na,care,long ago\nb,care,last year\n", encoding="utf-8")
    proposed = propose(path)
    assert "persons_only" not in proposed
    assert '# start = ""   # unsure' in proposed
    layout = tmp_path / "ggz.toml"
    layout.write_text(proposed, encoding="utf-8")
    with pytest.raises(ll.UserError, match="column 'start': the column is missing"):
        ll.read(path, layout=layout)
