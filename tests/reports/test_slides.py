"""The case as slides: titles and tables that can be edited, and what the speaker reads."""

from datetime import date

import pytest

import levensloop as ll
from levensloop.text import say

pptx = pytest.importorskip("pptx")
SKETCH = """
window 2000-01-01..2006-12-31; birth 1990-01-01
gp signal 2003-06
ggz care 2004-01-01..2004-03-31 no_show
school contact 2005-02-01
ggz care 2005-08-01..2005-12-31 goal_reached
"""
LONG = " ".join(f"word{at}" for at in range(900))


@pytest.fixture(scope="module")
def made():
    cohort = ll.testing.sketch(SKETCH)
    found = ll.detect(cohort)
    key, *_ = ll.reports.finding_keys(found)
    note = ll.reports.Note("school", date(2026, 3, 2), LONG, "finding", key, "dispute")
    return ll.reports.case(cohort["a"], found, ll.reports.Notes((note,)), lang="en")


@pytest.fixture(scope="module")
def deck(made, tmp_path_factory):
    return pptx.Presentation(str(made.save(tmp_path_factory.mktemp("slides") / "case.pptx")))


def tables(deck, title):
    """The rows of the tables on the slides of a part."""
    for slide in deck.slides:
        if slide.shapes.title.text_frame.text.startswith(title):
            (frame,) = (shape for shape in slide.shapes if shape.has_table)
            yield [[cell.text_frame.text for cell in row.cells] for row in frame.table.rows]


def test_every_slide_has_a_title_notes_a_number_and_the_level(made, deck):
    count = len(deck.slides)
    assert count > len(made.pages) + 3
    for at, slide in enumerate(deck.slides, 1):
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame.text
        texts = [shape.text_frame.text for shape in flat(slide.shapes) if shape.has_text_frame]
        assert f"{at} / {count}" in texts
        assert any("Room: agencies stand here by name" in text for text in texts)
        ids = [one.get("id") for one in slide._element.iter("{*}cNvPr")]
        assert len(set(ids)) == len(ids)


def flat(shapes):
    for shape in shapes:
        if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.GROUP:
            yield from flat(shape.shapes)
        else:
            yield shape


def test_the_speaker_reads_events_and_what_is_not_certain(made, deck):
    notes = deck.slides[0].notes_slide.notes_text_frame.text
    assert notes.startswith(made.pages[0].scene.title)
    assert "In order of time:\n- Jun 2003, gp: Signal\n- 1 Jan 2004, ggz: Care" in notes
    assert "What is not certain:\n- date not exact: Jun 2003 (gp)\n" in notes
    assert notes.endswith("One youth does not represent a group.")


def test_findings_are_a_table_with_certainty_and_evidence(made, deck):
    rows = [row for table in tables(deck, "Findings") for row in table[1:]]
    assert len({tuple(row[:3]) for row in rows if row[0]}) == len(made.seen)
    assert {row[2] for row in rows if row[2]} <= {"certain", "possible"}
    assert any("1 January 2004 (ggz)" in row[3] for row in rows)


def test_questions_stand_under_their_aspects(deck):
    cells = [cell for table in tables(deck, "To discuss") for row in table[1:] for cell in row]
    assert sum(cell.endswith("?") for cell in cells) > 3
    merged = [
        cell
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
        if cell.is_merge_origin
    ]
    assert merged


def test_a_long_note_goes_on_over_slides_and_loses_nothing(deck):
    found = list(tables(deck, "Notes"))
    assert len(found) > 1
    assert " ".join(" ".join(row[3] for table in found for row in table[1:]).split()) == LONG


def test_learning_points_can_be_filled_in_and_pictures_are_told(deck):
    (rows,) = tables(deck, "Learning points")
    assert rows[0][1] == "What did we learn?"
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table or shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.GROUP:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_the_same_case_gives_the_same_file(made, tmp_path):
    one, other = (made.save(tmp_path / f"{name}.pptx").read_bytes() for name in "ab")
    assert one == other
    assert pptx.Presentation(str(tmp_path / "a.pptx")).core_properties.author == ""


@pytest.mark.parametrize("level", ["room", "training", "publication"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_slide_says_its_level_and_that_one_youth_is_no_group(tmp_path, level, lang):
    may = ll.reports.Disclosure(level, secret="of a test")  # noqa: S106
    made = ll.reports.case(ll.testing.sketch("gp contact 2005")["a"], level=may, lang=lang)
    for slide in pptx.Presentation(str(made.save(tmp_path / "case.pptx"))).slides:
        told = " ".join(text.text or "" for text in slide._element.iter() if text.tag.endswith("}t"))
        assert made.level in told
        assert say("reply.alone", lang) in told
