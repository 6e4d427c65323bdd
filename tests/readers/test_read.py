"""`read`: whole deliveries, good and bad."""

import datetime as dt
import logging
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.errors import UserError
from levensloop.readers import delivery, scanning

HEADER = "person;agency;kind;start;end"
CITIZENS = ["999990019", "999990020", "999990032", "999990044"]


def put(folder, **files):
    """Files by stem; text ends in _toml for layouts, else it is CSV."""
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        path = folder / (f"{stem}.{suffix}" if suffix in ("toml", "txt", "tsv") else f"{name}.csv")
        path.write_text(text, encoding="utf-8")
    return folder


def table(*rows):
    return "\n".join([HEADER, *rows]) + "\n"


def fates(events):
    columns = events.records.to_arrow().select(["source", "record", "part", "fate", "reason"]).to_pydict()
    return list(zip(*columns.values(), strict=True))


def codes(events):
    return sorted({fault.code for fault in events.faults})


def hurt(*args, **told):
    with pytest.raises(UserError) as caught:
        ll.read(*args, **told)
    return caught.value


def test_a_folder_without_a_delivery_reads_every_file(tmp_path):
    put(tmp_path, a=table("p;A;care;2005-01-01;"), b_txt=table("p;B;contact;2005-01-02;"), _truth="x;y\n1;2\n",
        notes_toml="", README_txt="nothing")  # fmt: skip
    (tmp_path / "truth.md").write_text("text")
    (tmp_path / "_hidden").mkdir()
    put(tmp_path / "_hidden", c=table("q;A;care;2005;"))
    (tmp_path / "more").mkdir()
    put(tmp_path / "more", d=table("r;A;care;2005;"))
    pq.write_table(
        pa.table({"person": ["p"], "agency": ["C"], "kind": ["care"], "start": [dt.date(2005, 1, 1)]}),
        tmp_path / "e.parquet",
    )
    events = ll.read(tmp_path)
    assert events.faults == ()
    assert sorted(events.to_arrow()["event"].to_pylist()) == ["a:1", "b:1", "d:1", "e:1"]
    assert events.sources.to_arrow()["file"].to_pylist() == ["a.csv", "b.txt", "more/d.csv", "e.parquet"]


def test_data_in_other_forms_is_reported(tmp_path):
    put(tmp_path, a=table("p;A;care;2005-01-01;"))
    (tmp_path / "b.sav").write_text("<a/>")
    (tmp_path / "figure.png").write_bytes(b"x")
    assert [(fault.file, fault.code) for fault in ll.read(tmp_path).faults] == [("b.sav", "unmatched_file")]


def test_what_delivery_toml_says(tmp_path):
    put(
        tmp_path,
        delivery_toml="""
            name = "Emmen 2007"
            until = 2007-06-30
            layout = "all.toml"
            [[source]]
            file = "ggz.csv"
            agency = "GGZ"
            sector = "mental_health"
            window = [1998-01-01, 2007-06-30]
            ages = [0, 18]
            columns = { kind = "soort" }
            [[source]]
            file = "school*.csv"
            layout = "school.toml"
            constants = { kind = "school" }
            [[source]]
            file = "zzzzz.parquet"
            [[source]]
            file = "ggs.csv"
        """,
        all_toml="columns = { person = 'Nr', start = 'Van', agency = 'x' }\nconstants = { kind = 'other' }\n",
        school_toml="columns = { person = 'Nr', start = 'Van', kind = 'k' }\nconstants = { agency = 'School' }\n",
        ggz="nr;van;Soort\n7;2005-01-02;care\n8;2005-02-31;care\n",
        school_1="Nr;Van\n7;1999-08-01\n",
        school_2="Nr;Van\n8;2000-08-01\n",
        other=table("p;A;care;2005;"),
    )
    events = ll.read(tmp_path)
    sources = {row["source"]: row for row in events.sources.to_arrow().to_pylist()}
    assert sources["ggz"]["window"] == {"start": dt.date(1998, 1, 1), "end": dt.date(2007, 7, 1)}
    assert sources["ggz"]["ages"] == {"start": 0, "end": 18}
    assert (sources["ggz"]["agencies"], sources["ggz"]["rejected"]) == (["GGZ"], 1)
    assert sources["school_1"]["window"] == {"start": dt.date(1999, 8, 1), "end": dt.date(2007, 7, 1)}
    assert events.until == dt.date(2007, 6, 30)
    told = {(fault.file, fault.code): fault.hint for fault in events.faults}
    assert told["zzzzz.parquet", "missing_file"].startswith("check the name")
    assert told["ggs.csv", "missing_file"] == "did you mean 'ggz.csv'?"
    assert ("other.csv", "unmatched_file") in told
    assert ("ggz.csv", "impossible_date") in told
    row = events.to_arrow().filter(pc.equal(events.to_arrow()["event"], "ggz:1")).to_pylist()[0]
    assert (row["agency"], row["sector"], row["kind"]) == ("GGZ", "mental_health", "care")


def test_the_layout_that_is_given_serves_files_whose_delivery_names_none(tmp_path):
    put(tmp_path, a="Nr;Van\n7;2005\n", b="Nr;Van\n8;2005\n",
        own_toml="columns = { person = 'Nr', start = 'Van' }\nconstants = { agency = 'A', kind = 'care' }\n",
        b_toml="columns = { person = 'Nr', start = 'Van' }\nconstants = { agency = 'B', kind = 'care' }\n",
        delivery_toml="[[source]]\nfile = 'a.csv'\n[[source]]\nfile = 'b.csv'\nlayout = 'b.toml'\n")  # fmt: skip
    events = ll.read(tmp_path, layout=tmp_path / "own.toml")
    assert events.to_arrow()["agency"].to_pylist() == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("nam = 1", "nam"),
        ("until = 'soon'", "until"),
        ("source = 3", "source"),
        ("[[source]]\nfile = 'a.csv'\n[[source]]\nagency = 'x'", "source[2].file"),
        ("layout = 3", "layout"),
    ],
)
def test_a_delivery_that_is_not_understood_is_reported(tmp_path, text, key):
    put(tmp_path, a=table("p;A;care;2005-01-01;"), delivery_toml=text)
    faults = ll.read(tmp_path).faults
    assert [(fault.file, fault.column, fault.code) for fault in faults] == [
        ("delivery.toml", key, "bad_layout")
    ]


@pytest.mark.parametrize(
    "entry",
    ["windw = [1998-01-01, 2007-06-30]", "agency = 'x'\ncolumns = { agency = 'y' }", "window = [2007-01-01]"],
)
def test_a_source_that_is_not_understood_is_not_used_and_the_others_are(tmp_path, entry):
    put(tmp_path, a=table("p;A;care;2005-01-01;"), b=table("p;A;care;2005-01-01;"),
        delivery_toml=f"[[source]]\nfile = 'a.csv'\n{entry}\n[[source]]\nfile = 'b.csv'\n")  # fmt: skip
    events = ll.read(tmp_path)
    assert fates(events) == [("a", 1, 0, "rejected", "bad_layout"), ("b", 1, 0, "event", None)]
    assert codes(events) == ["bad_layout"]


def test_a_delivery_toml_that_is_none_stops(tmp_path):
    put(tmp_path, a=table("p;A;care;2005-01-01;"), delivery_toml="x = ")
    assert hurt(tmp_path).faults[0].file == "delivery.toml"


def test_rows_with_several_events(tmp_path):
    put(
        tmp_path,
        own_toml="""
            date_formats = ["%d-%m-%Y"]
            constants = { agency = "A" }
            columns = { person = "Nr" }
            aliases.agency = { "g.g.z.  noord" = "GGZ", "school" = "School" }
            [[event]]
            constants = { kind = "referral" }
            columns = { start = "Aangemeld", to_agency = "Naar", shared_with = "Ook" }
            [[event]]
            constants = { kind = "care" }
            columns = { start = "Start", end = "Einde", reason = "Reden" }
            codes.reason = { "31" = "as_planned" }
        """,
        a="Nr;Aangemeld;Start;Einde;Reden;Naar;Ook\n"
        "1;01-02-2005;01-03-2005;01-04-2005; 31 ;G.G.Z. NOORD;school; gp\n"
        "1;01-02-2005;01-03-2005;01-04-2005; 31 ;G.G.Z. NOORD;school\n"
        "2;;01-03-2005;;;;\n"
        "3;01-02-2005;;;;GP;\n"
        "4;;;;;;\n"
        "5;01-02-2005;31-02-2005;;;;\n"
        ";;;;;;\n",
    )
    events = ll.read(tmp_path, layout=tmp_path / "own.toml")
    assert fates(events) == [
        ("a", 1, 0, "rejected", "ragged_row"),
        ("a", 2, 1, "event", None),
        ("a", 2, 2, "event", None),
        ("a", 3, 0, "event", None),
        ("a", 4, 0, "event", None),
        ("a", 5, 0, "rejected", "missing_value"),
        ("a", 6, 1, "event", None),
        ("a", 6, 2, "rejected", "impossible_date"),
        ("a", 7, 0, "ignored", "empty_row"),
    ]
    rows = {row["event"]: row for row in events.to_arrow().to_pylist()}
    assert sorted(rows) == ["a:2.1", "a:2.2", "a:3", "a:4", "a:6.1"]
    assert (rows["a:2.1"]["kind"], rows["a:2.1"]["to_agency"]) == ("referral", "GGZ")
    assert rows["a:2.1"]["shared_with"] == ["School"]
    assert (rows["a:2.2"]["reason"], rows["a:2.2"]["end_max"]) == ("as_planned", dt.date(2005, 4, 2))
    assert rows["a:3"]["end_max"] is None
    assert events.sources.to_arrow()["rows_read"].to_pylist() == [7]
    assert any("Aangemeld / Start" in str(fault) for fault in events.faults)


def test_tables_of_a_layout(tmp_path):
    put(
        tmp_path,
        own_toml="""
            constants = { agency = "A" }
            columns = { person = "Nr" }
            [[table]]
            file = "head*"
            persons_only = true
            columns = { birth = "DOB", sex = "S" }
            [[table]]
            file = "known*"
            ignore = true
            [[table]]
            file = "care.csv"
            constants = { kind = "care" }
            columns = { start = "Van" }
        """,
        head="Nr;DOB;S\n1;1989;v\n2;1990-02-31;m\n;1990;m\n",
        known="what;ever\n1;2\n",
        care="Nr;Van\n1;2005\n",
        strange="a;b\n1;2\n",
    )
    events = ll.read(tmp_path, layout=tmp_path / "own.toml")
    assert fates(events) == [
        ("care", 1, 0, "event", None),
        ("head", 1, 0, "ignored", "person"),
        ("head", 2, 0, "ignored", "person"),
        ("head", 3, 0, "rejected", "missing_value"),
        ("known", 1, 0, "ignored", "not_used"),
    ]
    assert events.persons.to_arrow()["birth_min"].to_pylist()[:2].count(dt.date(1989, 1, 1)) == 1
    assert codes(events) == ["impossible_date", "missing_value", "unmatched_file"]


def test_a_missing_column_costs_its_source_only_if_it_decides(tmp_path):
    own = (
        "constants = {{ agency = 'A', kind = 'care' }}\ncolumns = {{ person = 'Nr', start = 'Start', {} }}\n"
    )
    put(tmp_path, a="Nr;Strat\n1;2005\n2;2006\n", b="Nr;Start\n1;2005\n",
        one_toml=own.format("what = 'Wat'"), two_toml=own.format("end = 'Einde'"))  # fmt: skip
    events = ll.read(tmp_path, layout=tmp_path / "one.toml")
    assert fates(events)[:2] == [("a", row, 0, "rejected", "missing_column") for row in (1, 2)]
    hints = {(fault.file, fault.column): fault.hint for fault in events.faults}
    assert hints["a.csv", "Start"] == "did you mean 'Strat'?"
    assert "under [constants]" in hints["b.csv", "Wat"]
    assert len(events) == 1
    assert {fault.column for fault in hurt(tmp_path, layout=tmp_path / "two.toml").faults} == {
        "Start",
        "Einde",
    }


def test_without_a_layout_the_hint_is_to_propose_one(tmp_path):
    put(tmp_path, a="Clientnr;Start\n1;2005\n")
    error = hurt(tmp_path)
    assert {fault.column for fault in error.faults} == {"person", "agency", "kind"}
    assert "levensloop layout" in str(error)


def test_a_layout_that_does_not_exist_is_an_error(tmp_path):
    put(tmp_path, a=table("p;A;care;2005;"))
    assert hurt(tmp_path, layout="ssda930").faults[0].hint == "did you mean 'ssda903'?"


def test_bad_files_do_not_stop_the_good_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(scanning, "LONGEST_LINE", 1 << 16)
    put(
        tmp_path,
        good=table("p;A;care;2005-01-01;"),
        empty="",
        header=HEADER,
        long=table("x" * 70_000 + ";A;care;2005;"),
    )
    (tmp_path / "fake.xlsx").write_text(table("p;A;care;2005;"))
    (tmp_path / "zip.csv").write_bytes(b"PK\x03\x04")
    (tmp_path / "pdf.csv").write_bytes(b"%PDF-1.4")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    (tmp_path / "lines.jsonl").write_bytes(b"{")
    events = ll.read(tmp_path)
    told = {(fault.file, fault.code) for fault in events.faults}
    assert {
        ("empty.csv", "empty_file"), ("header.csv", "no_rows"), ("long.csv", "line_too_long"),
        ("fake.xlsx", "not_what_it_says"), ("zip.csv", "not_what_it_says"), ("pdf.csv", "not_what_it_says"),
        ("broken.parquet", "not_what_it_says"), ("lines.jsonl", "bad_json"),
    } <= told  # fmt: skip
    assert events.to_arrow()["event"].to_pylist() == ["good:1"]
    assert all(fault.hint for fault in events.faults)
    assert ("header", 0) in set(
        zip(*events.sources.to_arrow().select(["source", "rows_read"]).to_pydict().values(), strict=True)
    )


def test_nothing_to_read_is_an_error_that_says_so(tmp_path):
    assert "no data file" in str(hurt(tmp_path))
    assert hurt(tmp_path / "gone").faults[0].code == "missing_file"
    (tmp_path / "a.csv").touch()
    assert hurt(tmp_path).faults[0].code == "empty_file"
    for told in (pa.table({"a": [1]}), 7, [], [7]):
        assert "ll.Events" in str(hurt(told))


def test_sources_with_one_stem_are_told_apart(tmp_path):
    north, south = tmp_path / "north", tmp_path / "south"
    north.mkdir()
    south.mkdir()
    put(north, ggz=table("p;N;care;2005;"), ggz_txt=table("p;T;care;2005;"))
    put(south, ggz=table("p;S;care;2005;"))
    put(south, delivery_toml="until = 2007-06-30")
    events = ll.read([south, north])
    sources = events.sources.to_arrow().select(["source", "file"]).to_pylist()
    assert sources == [
        {"source": "ggz", "file": "north/ggz.csv"},
        {"source": "ggz-2", "file": "north/ggz.txt"},
        {"source": "ggz-3", "file": "south/ggz.csv"},
    ]
    again = ll.read([str(north), str(south)])
    assert again == events
    files = ll.read([south / "ggz.csv", north / "ggz.csv", north / "ggz.txt"])
    assert files.sources.to_arrow()["file"].to_pylist() == ["ggz.txt", "north/ggz.csv", "south/ggz.csv"]
    assert len(files) == 3


def test_a_number_after_a_name_does_not_meet_another_source():
    jobs = [delivery.Job(stem, Path(file), file, delivery.DEFAULT) for stem, file in [
        ("a", "1/a.csv"), ("a", "2/a.csv"), ("a-2", "a-2.csv")]]  # fmt: skip
    assert [job.source for job in delivery.named_apart(jobs)] == ["a", "a-3", "a-2"]


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_files_never_matters(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("order")
    for name in order:
        put(folder, **{name: table(f"p;{name};care;2005-01-01;", f"q;{name};care;2005-02-31;")})
    events = ll.read([folder / f"{name}.csv" for name in order])
    assert events.to_arrow()["event"].to_pylist() == ["a:1", "b:1", "c:1", "d:1"]
    assert events == ll.read(folder)
    assert [fault.file for fault in events.faults] == ["a.csv", "b.csv", "c.csv", "d.csv"]


def test_progress_and_notes(tmp_path, caplog):
    put(tmp_path, a=table("p;A;care;2005;"), b="")
    seen = []
    with caplog.at_level(logging.INFO, "levensloop.readers"):
        ll.read(tmp_path, progress=lambda *told: seen.append(told))
    assert seen == [(1, 2, "a.csv"), (2, 2, "b.csv")]
    assert "delimiter ';'" in caplog.text


def test_citizen_numbers_stop_the_reading(tmp_path):
    put(tmp_path, a=table(*(f"{key};A;care;2005;" for key in CITIZENS)), b=table("p;A;care;2005;"))
    error = hurt(tmp_path)
    assert [(fault.file, fault.column, fault.code) for fault in error.faults] == [
        ("a.csv", "person", "citizen_number")
    ]
    assert not any(key in str(error) for key in CITIZENS)
    assert "pseudonymise" in str(error)
    assert len(ll.read(tmp_path, pseudonymise=False)) == 5


def test_citizen_numbers_spread_over_files_stop_it_too(tmp_path):
    for number, key in enumerate(CITIZENS):
        put(tmp_path, **{f"a{number}": table(f"{key};A;care;2005;")})
    assert [fault.code for fault in hurt(tmp_path).faults] == ["citizen_number"]


def test_citizen_numbers_in_another_column_stop_it_and_are_hashed(tmp_path):
    rows = [f"p{number};A;care;2005;;{key}" for number, key in enumerate(CITIZENS)]
    (tmp_path / "a.csv").write_text("\n".join([HEADER + ";bsn", *rows]))
    assert [fault.column for fault in hurt(tmp_path).faults] == ["bsn"]
    events = ll.read(tmp_path, pseudonymise=b"a key of this test")
    assert not any(key in str(events.records.to_arrow()["row"].to_pylist()) for key in CITIZENS)


def test_a_key_takes_the_names_of_persons_away_everywhere(tmp_path):
    put(tmp_path, a=table("jorien;A;care;2005;", "jorien;A;care;2005-02-31;"))
    events = ll.read(tmp_path, pseudonymise="a key of this test")
    other = ll.read(tmp_path, pseudonymise="another key")
    person = events.to_arrow()["person"][0].as_py()
    assert len(person) == 64
    assert person != other.to_arrow()["person"][0].as_py()
    for one in (events.to_arrow(), events.records.to_arrow(), events.persons.to_arrow()):
        assert "jorien" not in str(one.to_pylist())
    assert {dict(row)["person"] for row in events.records.to_arrow()["row"].to_pylist()} == {person}
    assert "key" in str(hurt(tmp_path, pseudonymise=True))


def test_no_fault_shows_a_key_for_which_a_pseudonym_stands(tmp_path):
    (tmp_path / "a.csv").write_text("person,agency,kind,start\nK-7,GGZ,k-7,2005\nq,GGZ,hulp,2005\n")
    (one,) = ll.read(tmp_path, pseudonymise="a key of this test").faults
    assert one.message.endswith("('hulp', 1 more)")


def test_faults_never_hold_a_key(tmp_path):
    put(
        tmp_path,
        a=table("jorien;A;care;2005-02-31;", "jorien;A;nonsense;2005;", "jorien;A", 'jorien;"A;care;2005;'),
    )
    events = ll.read(tmp_path)
    assert not any("jorien" in str(fault) for fault in events.faults)


def test_a_large_file_is_read_by_columns(tmp_path):
    size = 50_000
    numbers = np.arange(size).astype(str)
    columns = {
        "person": numbers,
        "agency": ["A"] * size,
        "kind": ["care"] * size,
        "start": ["2005-01-01"] * size,
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    events = ll.read(tmp_path)
    assert len(events) == size
    assert len(events.records) == size


def test_of_a_column_that_is_there_twice_the_first_is_read_and_that_is_told(tmp_path):
    path = tmp_path / "gp.csv"
    path.write_text(
        "person,agency,kind,start,Kind,note,note\nk1,GP,contact,2003-02-03,care,a,b\n", encoding="utf-8"
    )
    events = ll.read(path)
    assert [(one.column, one.code, one.count) for one in events.faults] == [("kind", "duplicate_column", 1)]
    assert events.to_arrow()["kind"].to_pylist() == ["contact"]
