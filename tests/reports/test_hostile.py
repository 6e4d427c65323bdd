"""One hostile delivery through every output: what it says stays text, and nothing is cut without being told."""

import csv
import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest

import levensloop as ll
from helpers import cohort, events, row
from levensloop.reports.paper import sheets
from reports.pictures import needs_poppler, text_of

SCRIPT, FORMULA = "<script>alert(1)</script>", "=cmd|' /C calc'!A0"
TEXTS = (
    SCRIPT,
    FORMULA,
    "@SUM(1+1)",
    "\u202eright to left\u202c and\u200bzero\ufeffwidth",
    "x" * 10_000,
    "\N{FAMILY} \N{WAVING WHITE FLAG}\ufe0f \N{GRINNING FACE}",
    "bell\x07 null\x00 escape\x1b[31m",
    '"><img src=x onerror=alert(1)> ]]> &amp; {{7*7}} ${7*7}',
    "שלום עולם",
)
#: Characters that no document of XML may hold are left out; the rest stays.
KEPT = tuple(re.sub("[\x00-\x08\x0b-\x1f]", "", text) for text in TEXTS)


@pytest.fixture(scope="module")
def made():
    rows = [
        row("care", f"200{at}-01-01", f"200{at}-03-01", what=text, why=text[::-1][:60], result=text[:50],
            agency=f"<b>GGZ</b> {FORMULA}" if at == 1 else "ggz", reason="no_show", birth="1990-01-01")
        for at, text in enumerate(TEXTS)
    ]  # fmt: skip
    whole = cohort(events(rows))
    found = ll.detect(whole)
    key, *_ = ll.reports.finding_keys(found)
    texts = (f"{SCRIPT} {FORMULA}", "y" * 3_000)
    said = [ll.reports.Note("school", date(2026, 3, 2), text, "finding", key, "dispute") for text in texts]
    return whole["y"], found, ll.reports.case(whole["y"], found, ll.reports.Notes(tuple(said)), lang="en")


@pytest.fixture(scope="module")
def slides(made, tmp_path_factory):
    return made[2].save(tmp_path_factory.mktemp("slides") / "case.pptx")


class Elements(HTMLParser):
    """The elements of a page, what runs in it, and its text."""

    def __init__(self):
        super().__init__()
        self.tags, self.handlers, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text.append(data)


def test_html(made, tmp_path):
    page = Elements()
    page.feed(made[2].save(tmp_path / "case.html").read_text("utf-8"))
    assert page.tags.count("script") == 2
    assert not {"img", "b", "iframe", "object"} & set(page.tags)
    assert page.handlers == []
    told = "".join(page.text)
    assert SCRIPT in told
    assert FORMULA in told
    assert "x" * 10_000 in told


def test_svg(made):
    for page in made[2].pages:
        root = ET.fromstring(page.svg())  # noqa: S314 - our own
        names = {node.tag.rpartition("}")[2] for node in root.iter()}
        assert names <= {"svg", "title", "desc", "g", "rect", "text", "polyline", "polygon", "circle"}
        assert not [name for node in root.iter() for name in node.attrib if name.startswith("on")]


def test_what_figures_cut_is_told_with_a_number(made):
    pages = made[2].pages
    assert not [mark for page in pages for mark in page.scene.of("box") if "x" * 10_000 in str(mark)]
    cut = sum(one.count for page in pages for one in page.scene.decisions if one.kind == "shortened")
    assert cut > 0
    ends = [mark.text for page in pages for mark in page.scene.marks if hasattr(mark, "text")]
    assert any(text.endswith("…") for text in ends)
    assert any(re.search(r"\d+ texts? shortened", text) for text in ends)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "docx"])
def test_chronologies(made, tmp_path, ending):
    timeline, found, _ = made
    path = ll.reports.save_chronology(timeline, found, tmp_path / f"chronology.{ending}", lang="en")
    back = ll.reports.read_chronology(path)
    assert back.faults == ()
    assert sorted(back.to_arrow()["what"].to_pylist()) == sorted(KEPT)
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for line in csv.reader(file, delimiter=";") for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_workbooks(made, tmp_path):
    timeline, found, case = made
    sheets = ll.reports.reply_sheets(timeline, found, tmp_path / "replies", lang="en")
    assert len(sheets) > 3
    for path in (case.save(tmp_path / "case.xlsx"), *(tmp_path / "replies").glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        kinds = {
            cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line if cell.value
        }
        assert kinds == {"s"}
    told = " ".join(
        str(cell.value)
        for line in openpyxl.load_workbook(tmp_path / "case.xlsx")["Chronology"]
        for cell in line
    )
    assert all(text in told for text in KEPT)


def test_documents_and_slides_run_and_fetch_nothing(made, slides, tmp_path):
    timeline, found, _ = made
    document = ll.reports.save_chronology(timeline, found, tmp_path / "chronology.docx", lang="en")
    for path in (document, slides):
        with ZipFile(path) as packed:
            for name in packed.namelist():
                content = packed.read(name)
                assert b'TargetMode="External"' not in content, name
                assert "vba" not in name.lower()
                if name.endswith(".xml"):
                    root = ET.fromstring(content)  # noqa: S314 - our own
                    names = {node.tag.rpartition("}")[2] for node in root.iter()}
                    assert not {"hlinkClick", "hyperlink", "instrText", "script"} & names, name


def test_slides(slides):
    from pptx import Presentation

    deck = Presentation(str(slides))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    assert SCRIPT in notes
    assert FORMULA in notes
    assert "x" * 10_000 in notes
    cells = "".join(
        cell.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for line in shape.table.rows
        for cell in line.cells
    )
    assert cells.count("y") >= 2 * 3_000


@needs_poppler
def test_pdf(made, tmp_path):
    path = made[2].save(tmp_path / "case.pdf")
    with pikepdf.open(path) as pdf:
        assert not [name for name in ("/OpenAction", "/AA", "/AcroForm", "/Names") if name in pdf.Root]
        assert not [page for page in pdf.pages if len(page.get("/Annots", []))]
    told = " ".join(text_of(path, "-raw").split())
    assert SCRIPT in told
    assert FORMULA in told
    assert "שלום" in told or "םולש" in told
    # Every letter stands there, over as many pages as it needs.
    leaves = sheets(made[2])
    marks = [pair for leaf in leaves for pair in zip(leaf.scene.marks, leaf.owners, strict=True)]
    cells = "".join(mark.text for mark, owner in marks if owner and owner[-1][0] == "TD")
    assert cells.count("x") >= 10_000
    assert cells.count("y") >= 2 * 3_000
    intros = " ".join(mark.text for mark, _ in marks if mark.role == "intro")
    assert re.search(r"\d+ characters? cannot be printed", intros)
