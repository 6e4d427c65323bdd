"""The chronology as a document: what is printed, and what a reviewer wrote in it comes back."""

from datetime import date

import pytest

import levensloop as ll
from helpers import cohort, events, row
from levensloop.reports.document import FORM, READ

docx = pytest.importorskip("docx")


@pytest.fixture
def path(tmp_path):
    rows = [
        row("care", "2004-01-01", "2004-03-31", reason="no_show", care_id="k"),
        row("signal", "2004-06~", agency="school", sector="education", what="<b>He & she</b>"),
        row("care", "2005-01-01", "2005-02-01", reason="agreed"),
    ]
    timeline = cohort(events(rows))["y"]
    return ll.reports.save_chronology(timeline, ll.detect(timeline), tmp_path / "chronology.docx", lang="en")


def fill(path, changes, role="school", day="2 March 2026"):
    """Write in the cells of the first wide table, by row and column; and above it who says so."""
    book = docx.Document(str(path))
    form, main, *_ = book.tables
    form.cell(1, 1).text, form.cell(2, 1).text = role, day
    columns = list(READ)
    for (at, name), text in changes.items():
        main.cell(at, columns.index(name)).text = text
    book.save(str(path))


def test_it_is_landscape_with_headings_and_numbers_on_every_page(path):
    book = docx.Document(str(path))
    (section,) = book.sections
    assert section.page_width > section.page_height
    form, main, *others = book.tables
    assert [one.cells[0].text.partition(" / ")[2] for one in form.rows] == [
        "youth", "role of who says this", "on date",
    ]  # fmt: skip
    assert [cell.text.partition(" / ")[2] for cell in main.rows[0].cells][:4] == [
        "no.", "date", "until (.. goes on)", "agency",
    ]  # fmt: skip
    assert len(main.columns) == len(READ)
    for table in (main, *others):
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    fields = section.footer._element.xpath(".//w:fldSimple/@w:instr")
    assert fields == ["PAGE", "NUMPAGES"]
    assert "Room: agencies stand here by name" in section.footer.paragraphs[0].text
    assert book.core_properties.author == ""
    assert sum(READ.values()) == pytest.approx(27.7)
    assert len({*READ, *FORM}) == len(READ) + len(FORM)


def test_what_the_findings_in_the_cells_are_is_told_below(path):
    _, main, findings, _ = docx.Document(str(path)).tables
    told = {line.cells[0].text for line in findings.rows[1:]}
    cited = {word for line in main.rows[1:] for word in line.cells[list(READ).index("finding")].text.split()}
    assert cited
    assert cited <= told


def test_comments_come_back_with_who_said_them_and_when(path):
    finding = docx.Document(str(path)).tables[1].cell(1, list(READ).index("finding")).text.split()[0]
    fill(
        path,
        {
            (1, "comment"): f"{finding} is no finding",
            (1, "stance"): "finding dismissed",
            (2, "comment"): "It was in May.\nWe know.",
            (2, "stance"): "not right",
            (3, "action"): "Nobody was asked.",
        },
    )
    notes = list(ll.reports.read_notes(path))
    assert {(note.author, note.date) for note in notes} == {("school", date(2026, 3, 2))}
    assert [(note.stance, note.target) for note in notes] == [
        ("dismiss", finding.strip("[]")),
        ("dispute", "a:2"),
        ("explain", "a:3"),
    ]
    assert notes[1].text == "It was in May.\nWe know."


def test_a_comment_of_nobody_is_told(path):
    fill(path, {(2, "comment"): "It was in May."}, role="", day="")
    with pytest.raises(ll.UserError, match="who says it") as told:
        ll.reports.read_notes(path)
    assert "May" not in str(told.value)


def test_corrections_and_added_rows_come_back_as_facts(path):
    fill(
        path,
        {
            (1, "end"): "2004-05-31",
            (1, "status"): "changed",
            (4, "agency"): "school",
            (4, "kind"): "contact",
            (4, "start"): "2004-07-01/2004-08-31",
        },
    )
    back = ll.reports.read_chronology(path)
    assert back.faults == ()
    rows = back.to_arrow().to_pylist()
    assert rows[0]["end_max"] == date(2004, 6, 1)
    assert rows[0]["care_id"] == "k"
    assert (rows[3]["person"], rows[3]["kind"], rows[3]["start_max"]) == ("Y", "contact", date(2004, 8, 31))


def test_the_same_chronology_gives_the_same_file(tmp_path):
    timeline = cohort(events([row("contact", "2004-01-01")]))["y"]
    one, other = (
        ll.reports.save_chronology(timeline, ll.Findings.empty(), tmp_path / f"{name}.docx") for name in "ab"
    )
    assert one.read_bytes() == other.read_bytes()
