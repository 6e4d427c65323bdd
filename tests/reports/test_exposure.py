"""What in a file could tell who somebody is: each planted thing is found where it stands, and in a clean file nothing is."""

import base64
import json
import zlib
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pptx import Presentation

import levensloop as ll
from helpers import cohort, events, row
from levensloop.cli import main
from levensloop.errors import UserError
from levensloop.reports import exposed
from levensloop.reports.exposure import Trace
from levensloop.reports.levels import LEVELS
from levensloop.reports.unpacking import ENDINGS
from levensloop.text import LANGUAGES

PEOPLE = ll.privacy.Glossary({"Anja de Boer": "gezinsvoogd", "Truus": "tante"})
#: Of each kind a text that has it once; the values are made up, and the number is one for tests.
PLANTED = {
    "citizen_number": "nummer 9999.90.019 staat erop",
    "birth": "geboren op 14 mei 1992 in de winter",
    "postcode": "woont op 7811 AB nu",
    "mail": "mail iemand.anders@voorbeeld.nl hierover",
    "phone": "bel 06-12345678 na vijf uur",
    "name": "zegt Anja\u200b de  Boer vandaag",
    "key": "dossier pieter9 ligt hier",
    "rare_agency": "volgens Het Anker gaat het goed",
    "path": "uit C:\\Users\\ons gehaald",
}
CLEAN = (
    "Periode 1989\u20131996: 12.345.678 dagen, 0 tot 2191 dagen; wacht 2005 GGZ tot 2007; 123456789 is geen nummer, "
    "en op 12 mei 2005 was er overleg. Zie 1/2 en https://voorbeeld.nl/tmp, 2006-2007, art. 7.3.2, 10-11-12."
)


@pytest.fixture(scope="module")
def known():
    """Two youths: both know one agency, and one of them another."""
    rows = [
        row("contact", "2005-01-01", person="pieter9", agency="Het Anker"),
        row("contact", "2005-01-02", person="pieter9", agency="School", birth="1991-02-03"),
        row("contact", "2005-01-01", person="marie8", agency="School"),
    ]
    return cohort(events(rows))


def _html(path, text):
    page = f"<html><head><title>x</title></head><body><p>{text}</p></body></html>"
    path.write_text(page, "utf-8")
    return "text"


def _table(path, text):
    path.write_text(f"<table><tr><th>wat</th></tr><tr><td>{text}</td></tr></table>", "utf-8")
    return "row"


def _packed(path, text):
    page = f'<svg xmlns="http://www.w3.org/2000/svg"><g><title>{text}</title></g></svg>'
    data = {"packed": base64.b64encode(zlib.compress(json.dumps({"en/facts/0": page}).encode())).decode()}
    path.write_text(f'<p>x</p><script type="application/json" id="data">{json.dumps(data)}</script>', "utf-8")
    return "packed"


def _svg(path, text):
    words = "".join(f'<text x="1" y="2">{word}</text>' for word in text.split())
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{words}<path d="M999990019 0"/></svg>', "utf-8")
    return "text"


def _csv(path, text):
    path.write_text(f'wat;wie\nniets;"{text}"\n', "utf-8-sig")
    return "cell"


def _xlsx(path, text):
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("een").write_string(0, 0, "niets")
        book.add_worksheet("twee").write_string(3, 27, text)
    return "cell"


def _header(path, text):
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("een").set_footer(f"&L{text}")
    return "sheet"


def _pptx(path, text):
    deck = Presentation()
    deck.core_properties.author = deck.core_properties.last_modified_by = ""
    for words in ("niets", text):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = words
    deck.save(str(path))
    return "slide"


def _spoken(path, text):
    deck = Presentation()
    deck.core_properties.author = deck.core_properties.last_modified_by = ""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.notes_slide.notes_text_frame.text = text
    deck.save(str(path))
    return "notes"


def _docx(path, text):
    kind = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    half = len(text) // 2
    runs = "".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in (text[:half], text[half:]))
    with ZipFile(path, "w") as held:
        held.writestr(
            "word/document.xml", f'<w:document xmlns:w="{kind}"><w:p/><w:p>{runs}</w:p></w:document>'
        )
    return "paragraph"


def _pdf(path, text):
    with PdfPages(path, metadata={"Creator": None, "Producer": None, "CreationDate": None}) as pages:
        for words in ("niets", text):
            figure = Figure()
            figure.text(0.05, 0.5, words, parse_math=False)
            pages.savefig(figure)
    return "page"


WRITERS = {
    "page.html": _html, "table.html": _table, "packed.html": _packed, "one.svg": _svg, "one.csv": _csv, "one.xlsx": _xlsx,
    "foot.xlsx": _header, "one.pptx": _pptx, "notes.pptx": _spoken, "one.docx": _docx, "one.pdf": _pdf,
}  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("kind", PLANTED)
def test_each_planted_thing_is_found_where_it_stands(known, tmp_path, name, kind):
    text = PLANTED[kind].replace("\u200b", "") if name.endswith(".pdf") else PLANTED[kind]
    word = WRITERS[name](tmp_path / name, text)
    traces = exposed(tmp_path, glossary=PEOPLE, cohort=known)
    assert [(one.file, one.place.word, one.kind, one.count) for one in traces] == [(name, word, kind, 1)]


@pytest.mark.parametrize("name", WRITERS)
def test_bounds_between_which_a_birth_lies_are_no_date_of_birth(tmp_path, name):
    WRITERS[name](tmp_path / name, "De geboorte was tussen 1 januari 1990 en 31 december 1990.")
    assert exposed(tmp_path / name) == ()


@pytest.mark.parametrize("name", WRITERS)
def test_in_a_clean_file_nothing_is_found(known, tmp_path, name):
    WRITERS[name](tmp_path / name, CLEAN)
    assert exposed(tmp_path / name, glossary=PEOPLE, cohort=known) == ()


def test_places_are_told_and_values_are_not(known, tmp_path):
    _xlsx(tmp_path / "one.xlsx", " ".join(PLANTED.values()))
    for lang in LANGUAGES:
        lines = [one.tell(lang) for one in exposed(tmp_path / "one.xlsx", glossary=PEOPLE, cohort=known)]
        assert len(lines) == len(PLANTED)
        assert all("AB4" in line and "one.xlsx" in line for line in lines)
        told = " ".join(lines).lower()
        assert not any(
            word in told
            for word in ("99.90", "1992", "7811", "anders@", "12345678", "boer", "pieter9", "anker", "ons ")
        )


def test_a_birth_is_known_by_the_delivery_or_by_what_stands_beside_it(known, tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("geboortedatum;soort\n1988-07-09;contact\n", "utf-8")
    assert [one.kind for one in exposed(path)] == ["birth"]
    path.write_text("datum;soort\n1988-07-09;contact\n3-2-1991;contact\n", "utf-8")
    assert exposed(path) == ()
    assert [(one.kind, one.place.values["cell"]) for one in exposed(path, cohort=known)] == [("birth", "A3")]


def test_who_made_a_file_is_told(tmp_path):
    for name in ("one.xlsx", "one.pptx"):
        WRITERS[name](tmp_path / name, "niets")
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    book.properties.creator = "Iemand"
    book.save(tmp_path / "one.xlsx")
    with PdfPages(
        tmp_path / "one.pdf", metadata={"Author": "Iemand", "Title": f"/{'home'}/iemand/x"}
    ) as pages:
        pages.savefig(Figure())
    (tmp_path / "one.html").write_text('<meta name="author" content="Iemand"><p>niets</p>', "utf-8")
    svg = '<svg xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:creator>Iemand</dc:creator></metadata></svg>'
    (tmp_path / "one.svg").write_text(svg, "utf-8")
    kinds = {(one.file, one.kind) for one in exposed(tmp_path) if one.place.word == "metadata"}
    found = {(name, "author") for name in ("one.xlsx", "one.pdf", "one.html", "one.svg")}
    assert {one for one in kinds if one != ("one.pdf", "path")} == found
    assert ("one.pdf", "path") in kinds


def test_the_name_of_a_file_tells_too_and_is_not_repeated(known, tmp_path):
    (tmp_path / "brief_Truus_pieter9.csv").write_text("a;b\n", "utf-8")
    traces = exposed(tmp_path, glossary=PEOPLE, cohort=known)
    assert {(one.file, one.place.word, one.kind) for one in traces} == {
        ("file 1", "name", "key"),
        ("file 1", "name", "name"),
    }


def test_data_of_another_page_are_read_as_texts(tmp_path):
    script = '<script type="application/json">["bel 06-12345678", {"a@b.nl": 1}]</script>'
    (tmp_path / "other.html").write_text(
        f"<br/><td>los</td>{script}<script>var x = 'c@d.nl'</script>", "utf-8"
    )
    assert [(one.kind, one.place.word) for one in exposed(tmp_path)] == [("mail", "data"), ("phone", "data")]


def test_a_table_in_an_old_encoding_is_read(tmp_path):
    (tmp_path / "old.csv").write_bytes("naam,wie\nCliënt,Truus\n".encode("cp1252"))
    assert [one.kind for one in exposed(tmp_path, glossary=PEOPLE)] == ["name"]


@pytest.mark.parametrize("name", ["one.png", "broken.pdf", "broken.xlsx", "broken.docx", "broken.html"])
def test_what_cannot_be_looked_into_is_told(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xff\xfe not what it says")
    assert [(one.kind, one.place.word) for one in exposed(tmp_path)] == [("unread", "whole")]


def test_what_is_not_there_is_an_error(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        exposed(tmp_path / "none")


def test_every_kind_and_place_has_words_in_both_languages():
    from levensloop.text import catalogue

    for lang in LANGUAGES:
        words = catalogue(lang)
        for kind in (*PLANTED, "author", "unread"):
            assert f"check.{kind}" in words
            assert f"check.hint_{kind}" in words
    assert set(catalogue("nl")) == set(catalogue("en"))
    assert ".csv" in ENDINGS


def test_the_command_tells_and_leaves_with_1(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "a.csv").write_text(
        "person,agency,kind,start\npieter9,Het Anker,contact,2005\nmarie8,GGZ,contact,2005\n", "utf-8"
    )
    names = tmp_path / "names.csv"
    names.write_text("name;label\nTruus;tante\n", "utf-8")
    out = tmp_path / "out"
    run = CliRunner().invoke
    written = run(
        main, ["present", str(folder), "--youths", "pieter9", "--out", str(out), "--level", "training"]
    )
    assert written.exit_code == 0, written.output
    given = ["present", str(folder), "--check", str(out), "--glossary", str(names), "--lang", "en"]
    clean = run(main, given)
    assert (clean.exit_code, "Nothing was found" in clean.output) == (0, True), clean.output
    run(main, ["present", str(folder), "--youths", "pieter9", "--out", str(out)])
    (out / "brief.html").write_text("<p>Truus</p>", "utf-8")
    told = run(main, given)
    assert told.exit_code == 1
    assert "that one youth of the delivery alone has met" in told.output
    assert "brief.html, text of the page: a name of the glossary, 1x" in told.output
    assert "Truus" not in told.output


def test_levels_by_command(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "a.csv").write_text("person,agency,kind,start\npieter9,Het Anker,contact,2005-03-04\n", "utf-8")
    run = CliRunner().invoke
    given = ["present", str(folder), "--youths", "pieter9", "--lang", "en", "--out"]
    none = run(main, [*given, str(tmp_path / "a"), "--level", "publication"])
    assert none.exit_code == 2
    assert "needs a secret" in none.output
    done = run(
        main,
        [*given, str(tmp_path / "a"), "--level", "publication", "--secret", "env:LEVENSLOOP_TEST"],
        env={"LEVENSLOOP_TEST": "ours"},
    )
    assert done.exit_code == 0, done.output
    assert "2005-03" not in (tmp_path / "a" / "case-1.html").read_text("utf-8")
    shown = run(main, [*given, str(tmp_path / "b"), "--names"])
    assert shown.exit_code == 0, shown.output
    assert "pieter9" in (tmp_path / "b" / "case-1.html").read_text("utf-8")
    assert run(main, ["present", "--youths", "pieter9", "--out", str(tmp_path / "c")]).exit_code == 2
    assert run(main, ["present", str(folder), "--youths", "pieter9"]).exit_code == 2
    drawn = run(main, ["draw", str(folder), "pieter9", "--out", str(tmp_path / "d"), "--level", "training"])
    assert drawn.exit_code == 0, drawn.output
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["life-course-1.png"]


def test_the_command_knows_every_level():
    (level,) = (option for option in main.commands["present"].params if option.name == "level")
    assert tuple(level.type.choices) == LEVELS


def test_a_trace_is_told_in_one_line(tmp_path):
    (tmp_path / "one.csv").write_text("a;b\nx;bel 06-12345678\n", "utf-8")
    (trace,) = exposed(tmp_path)
    assert isinstance(trace, Trace)
    assert (
        trace.tell("en")
        == "one.csv, sheet 1, cell B2: what may be a telephone number, 1x. Leave it out of the text."
    )


def test_a_file_in_the_place_of_a_glossary_is_told(tmp_path):
    for wrong in ("names.csv", {"Truus": "tante"}):
        for ask in (exposed, lambda _, glossary: ll.reports.Disclosure(glossary=glossary)):
            with pytest.raises(ll.UserError, match=r"a glossary is asked for.+ Hint: ") as told:
                ask(tmp_path, glossary=wrong)
            assert "Truus" not in str(told.value)
