"""Faults on the command line, in Dutch and in English."""

import datetime as dt
import re

import openpyxl
import pytest
from click.testing import CliRunner

from levensloop.cli import main
from levensloop.reports import Note, Notes

HEADER = "person,agency,kind,start,end\n"
SOUND = f"{HEADER}a,GP,care,2005-01-01,2005-02-01\n"
#: Words that stand in English sentences and in no Dutch one; names of keys and of columns stand between quotes.
ENGLISH = re.compile(
    r"\b(the|this|and|not|no|row|rows|column|hint|it|with|cannot|must|write|read|save|give|holds?|there|an|for|line"
    r"|more|less|but|did|you|correct|check|ask|look|empty|missing)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"'[^']*'|`[^`]*`|\[\[?\w+\]?\]|^[^:]*?\.\w+")
DELIVERY = {
    "delivery.toml": b"""
until = "soon"
size = 3
[[source]]
file = "ggz.csv"
[[source]]
file = "gps.csv"
[[source]]
file = "gp.csv"
ages = [18, 0]
window = [2007-01-01, 2006-01-01]
agency = 7
[[source]]
sector = "healht"
[[source]]
file = "team.csv"
layout = "team.toml"
[[source]]
file = "school.csv"
layout = "nowhere"
[[source]]
file = "*.txt"
[[source]]
file = "lines.jsonl"
[[source]]
file = "book.xlsx"
[[source]]
file = "broken.parquet"
[[source]]
file = "broken.xml"
""",
    "gp.csv": SOUND.encode(),
    "ggz.csv": b"""person,agency,kind,start,end,about
a,GGZ,care,2005-13-01,,
b,GGZ,zorg,2005-01-01,,
,GGZ,care,2005-01-01,,
c,GGZ,care,03-04-95,,
c,GGZ,care,2006-01-01,2005-01-01,
c,GGZ,care,some day,,stranger
c,GGZ,care,../2005,,
c,GGZ,care
c,GGZ,care,2005-01-01,"open,,
c,GGZ,care,2005-01-02,2005-01-03,
""",
    "team.csv": b"nr;wie\n1;x\n",
    "team.toml": b"""delimiter = ";;"
encoding = "wide"
end = "later"
date_formats = ["%q"]
skip_rows = -1
[colums]
person = "nr"
[constants]
kind = "zorg"
agency = [["a"]]
""",
    "school.csv": SOUND.encode(),
    "unlisted.csv": SOUND.encode(),
    "unlisted.zip": b"PK",
    "accents.txt": SOUND.replace("GP", "Jos\u00e9").encode() + "b,Ren\u00e9,care,2005-01-01,\n".encode("cp1252"),
    "zeros.txt": SOUND.encode() + b"b,GP,\0care,2005-01-01,\n",
    "nothing.txt": b"",
    "paper.txt": b"%PDF-1.7 and more",
    "header.txt": HEADER.encode(),
    "short.txt": b"person,kind\na,care\n",
    "twice.txt": b"person,person,agency,kind,start\na,b,GP,care,2005-01-01\n",
    "lines.jsonl": b'{"person": "a", "agency": "GP", "kind": "care", "start": "2005-01-01"}\n{"person"\n',
    "broken.parquet": b"PAR1 and no more",
    "broken.xml": b"<all><one a='1' b='2'/><one a='1' b='2'/><one",
}  # fmt: skip


def told(*arguments):
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert type(done.exception) in {SystemExit, type(None)}
    return done.stderr.splitlines()


def told_twice(*arguments):
    """What stands on the error stream, in Dutch and in English."""
    return tuple(told(*arguments, "--lang", lang) for lang in ("nl", "en"))


def assert_wholly_dutch(dutch, english):
    assert len(dutch) == len(english)
    for one, other in zip(dutch, english, strict=True):
        assert one != other
        assert ENGLISH.search(QUOTED.sub("", other)), other
        assert not ENGLISH.search(QUOTED.sub("", one)), one


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, content in DELIVERY.items():
        (folder / name).write_bytes(content)
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("More")):
        for line in SOUND.splitlines():
            sheet.append(line.split(","))
    book.save(folder / "book.xlsx")
    return folder


def test_every_fault_of_a_damaged_delivery_is_told_in_the_language(delivery, tmp_path):
    dutch, english = told_twice("check", delivery)
    assert len(english) > 40
    assert_wholly_dutch(dutch, english)
    assert told_twice("run", delivery, "--out", tmp_path / "out") == (dutch, english)
    assert "ggz.csv, rij 1, kolom 'start': onmogelijke datum. Tip: verbeter de datum in het extract." in dutch
    assert (
        "ggz.csv, row 1, column 'start': impossible date. Hint: correct the date in the extract." in english
    )
    assert "team.toml, kolom 'colums': een onbekend sleutelwoord. Tip: bedoelde u 'columns'?" in dutch


def test_what_stops_a_command_is_told_in_the_language(tmp_path):
    (tmp_path / "delivery.toml").write_text("until = \n", encoding="utf-8")
    dutch, english = told_twice("draw", tmp_path, "a")
    assert (dutch[0], english[0]) == ("Dit gaat niet:", "This cannot be done:")
    assert_wholly_dutch(dutch[1:], english[1:])
    assert dutch[1] == (
        "delivery.toml: geen geldige TOML: ongeldige waarde (regel 1, teken 9). Tip: verbeter de regel die genoemd is."
    )


def test_citizen_service_numbers_are_told_in_the_language(tmp_path):
    rows = "".join(f"{n},GP,care,2005-01-01,\n" for n in (999900006, 999900018, 999900031, 999900043))
    (tmp_path / "gp.csv").write_text(HEADER + rows, encoding="utf-8")
    dutch, _ = told_twice("check", tmp_path)
    assert dutch[1].startswith(
        "gp.csv, kolom 'person': de sleutels lijken op burgerservicenummers. Tip: geef met --"
    )


def test_notes_on_what_is_not_there_are_told_in_the_language(tmp_path):
    (tmp_path / "gp.csv").write_text(SOUND, encoding="utf-8")
    note = Note("school", dt.date(2026, 3, 2), "No.", "fact", "gp:7", "dispute")
    notes = Notes((note,)).save(tmp_path / "_notes.toml")
    given = ("present", tmp_path / "gp.csv", "--youths", "a", "--out", tmp_path / "out", "--notes")
    dutch, english = told_twice(*given, notes)
    assert_wholly_dutch(dutch, english)
    assert dutch[0].startswith(
        "notities, rij 1, kolom 'target': een notitie gaat over een feit dat er niet is;"
    )
    wrong = tmp_path / "_wrong.toml"
    wrong.write_text(
        '[[note]]\nauthor = ""\nstance = "dismiss"\nabout = "life"\nwho = "x"\n', encoding="utf-8"
    )
    dutch, english = told_twice(*given, wrong)
    assert_wholly_dutch(dutch, english)
