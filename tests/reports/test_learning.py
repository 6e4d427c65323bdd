"""What was learned: saved with the case, and there again the next time."""

import openpyxl
import pytest

import levensloop as ll
from levensloop.reports import Learning, Notes, read_notes
from levensloop.reports.learning import aspects
from levensloop.text import LANGUAGES, say

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \"\\\" \u202e\N{FAMILY}"
POINTS = (
    Learning("continuity", "Ask who takes over", "school and GGZ", "before summer"),
    Learning("reach", HOSTILE),
    Learning("reach", "Once more\non two lines", "", "2026-03-02"),
    Learning("other", "A fourth chair"),
)


@pytest.fixture(scope="module")
def version():
    cohort = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    return cohort["a"], ll.detect(cohort, ll.Gap())


def test_points_come_back_from_toml(tmp_path):
    assert read_notes(Notes((), POINTS).save(tmp_path / "notes.toml")) == Notes((), POINTS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_points_come_back_from_the_workbook_of_a_case(version, tmp_path, lang):
    path = ll.reports.case(*version, Notes((), POINTS), lang=lang).save(tmp_path / "case.xlsx")
    assert set(read_notes(path).learning) == set(POINTS)
    again = ll.reports.case(*version, path, lang=lang)
    assert set(again.notes.learning) == set(POINTS)
    form = again.tables(lang)["learning"]
    assert {row[1] for row in form[1:]} == {"", *(point.learned for point in POINTS)}
    assert [row[0] for row in form[1:]] == [
        name for word, name in aspects(lang) for _ in range(2 if word == "reach" else 1)
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_form_is_filled_in_and_read_back(version, tmp_path, lang):
    path = ll.reports.case(*version, lang=lang).save(tmp_path / "case.xlsx")
    assert read_notes(path) == Notes()
    book = openpyxl.load_workbook(path)
    sheet = book[say("case.learning", lang)]
    assert [sheet.cell(1, at).value for at in range(1, 5)] == [
        say(f"case.{name}", lang) for name in ("aspect", "learned", "who_does", "by_when")
    ]
    sheet.cell(3, 2).value = "What we learned"
    book.save(path)
    word, _ = aspects(lang)[1]
    assert read_notes(path).learning == (Learning(word, "What we learned"),)


def test_faults_name_row_and_column_and_nothing_that_was_written(version, tmp_path):
    path = ll.reports.case(*version, lang="en").save(tmp_path / "case.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Learning points"]
    sheet.cell(2, 1).value, sheet.cell(2, 2).value = "No aspect", "secret words"
    sheet.cell(4, 3).value = "somebody"
    book.save(path)
    with pytest.raises(ll.UserError) as refused:
        read_notes(path)
    assert {(one.row, one.column) for one in refused.value.faults} == {
        (1, "aspect"),
        (3, "what did we learn?"),
    }
    assert "secret" not in str(refused.value)


def test_toml_that_holds_something_else_is_told(tmp_path):
    path = tmp_path / "notes.toml"
    path.write_text('[[learning]]\naspect = "reach"\nlearned = 3\nmore = "x"\n', "utf-8")
    with pytest.raises(ll.UserError) as refused:
        read_notes(path)
    assert {(one.row, one.code) for one in refused.value.faults} == {
        (1, "unknown_key"),
        (1, "learning_learned"),
    }
    path.write_text('learning = "x"\n', "utf-8")
    with pytest.raises(ll.UserError, match="more than notes"):
        read_notes(path)


def test_a_publication_shows_no_learning_points_and_other_levels_mask_them(version):
    from levensloop.glossaries import Glossary

    said = Notes((), (Learning("reach", "Ask Kees sooner", "Kees"),))
    room = ll.reports.Disclosure(glossary=Glossary({"Kees": "mentor"}))
    shown = ll.reports.case(*version, said, level=room).notes.learning
    assert "Kees" not in str(shown)
    published = ll.reports.Disclosure("publication", secret=b"x" * 32)
    made = ll.reports.case(*version, said, level=published, lang="en")
    assert made.notes.learning == ()
    for name in ("discussion", "voices", "findings"):
        assert "May" not in str(made.tables("en")[name])
        assert "December" not in str(made.tables("en")[name])


def test_versions_are_compared_at_the_level_room_only(version):
    with pytest.raises(ll.UserError, match="level room"):
        ll.reports.case(*version, level="training", before=version)
