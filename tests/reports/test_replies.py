"""The right of reply: who is asked what, and that answers come back as notes."""

import csv
from datetime import date

import openpyxl
import pytest

import levensloop as ll
from helpers import cohort, events, row
from levensloop.reports import Note, Notes, finding_keys, read_notes, reply_sheets
from levensloop.reports.replies import COLUMNS
from levensloop.text import LANGUAGES, say

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \u202e\u200b\N{FAMILY} " + "x" * 10_000
SAID = "what only the mother knows"


@pytest.fixture(scope="module")
def timeline():
    rows = [
        row("care", "2004-01-01", "2004-03-31", birth="1992-02-01", reason="no_show", by_whom="A. Bos"),
        row("signal", "2004-06-01", agency="school", sector="education"),
        row("referral", "2004-07-01", agency="school", sector="education", to_agency="bjz"),
        row("care", "2005-01-01", "2006-02-01", agency="bjz", sector="youth_care"),
        row("evaluation", "2005-06-01", agency="bjz", sector="youth_care"),
        row("voice", "2005-06-01", agency="bjz", sector="youth_care", what=HOSTILE),
        row("contact", "2005-07-01", agency="GP", sector="health"),
        row("move", "2005-08-01", agency="family", sector="home"),
    ]
    return cohort(events(rows))["y"]


@pytest.fixture(scope="module")
def found(timeline):
    return ll.detect(timeline, ll.Gap(min_days=60), ll.WentWell(), ll.Waiting())


def lines(sheet):
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in sheet.rows[1:]]


def keys(sheet, lang="nl"):
    parts = (say("reply.finding", lang), say("reply.went_well", lang))
    return {line["key"] for line in lines(sheet) if line["part"] in parts and line["key"]}


def test_each_agency_is_asked_what_concerns_it_and_the_family_everything(timeline, found):
    made = reply_sheets(timeline, found)
    sheets = {sheet.party: sheet for sheet in made}
    assert len(made) == len(sheets)
    assert list(sheets) == ["bjz", "ggz", "GP", "school", "Jongere", "Ouders"]
    table = found.to_arrow().to_pylist()
    of = dict(zip(finding_keys(found), table, strict=True))
    agency = {one["event"]: one["agency"] for one in timeline.events.to_arrow().to_pylist()}
    for party in ("bjz", "ggz", "GP", "school"):
        concern = {
            key
            for key, one in of.items()
            if party in (one["agency"], one["to_agency"], *(agency[event] for event in one["evidence"]))
        }
        assert keys(sheets[party]) == concern
    assert keys(sheets["Jongere"]) == keys(sheets["Ouders"]) == set(of)
    assert keys(sheets["GP"]) == set() != keys(sheets["ggz"])
    assert keys(sheets["ggz"]) != set(of)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_each_sheet_stand_what_went_well_the_voice_and_that_one_youth_is_no_group(timeline, found, lang):
    for sheet in reply_sheets(timeline, found, lang=lang):
        told = [line["told"] for line in lines(sheet)]
        parts = [line["part"] for line in lines(sheet)]
        assert say("reply.alone", lang) in told
        assert HOSTILE in told
        assert parts.index(say("reply.went_well", lang)) < parts.index(say("reply.voice", lang))
        assert parts[-1] == say("reply.more", lang)
        assert {line["role"] for line in lines(sheet)} == {sheet.party}
        assert not any(line["answer"] or line["words"] or line["date"] for line in lines(sheet))
        assert "Bos" not in str(sheet.rows)


def test_where_the_data_are_silent_the_sheet_says_so():
    silent = cohort(events([row("contact", "2005-01-01")]))["y"]
    for sheet in reply_sheets(silent, ll.Findings.empty(), lang="en"):
        told = [line["told"] for line in lines(sheet)]
        assert say("reply.nobody", "en") in told
        assert say("reply.no_good", "en") in told


def test_a_finding_is_told_in_plain_words_with_its_days(timeline, found):
    sheet = next(sheet for sheet in reply_sheets(timeline, found, lang="en") if sheet.party == "ggz")
    gap = next(line for line in lines(sheet) if line["key"].startswith("Gap"))
    assert gap["when"] == "1 April 2004 to 31 December 2004"
    assert gap["certainty"] == "certain"
    assert gap["told"][0].isupper()
    assert "care" in gap["told"]


def filled(path, *answers):
    """A sheet in which somebody filled in cells: key, column, value."""
    book = openpyxl.load_workbook(path)
    at = {name: place for place, name in enumerate(COLUMNS, 1)}
    rows = {cells[at["key"] - 1].value: cells[0].row for cells in book.active.iter_rows(min_row=2)}
    rows["last"] = book.active.max_row
    for key, column, value in answers:
        book.active.cell(rows[key], at[column]).value = value
    book.save(path)
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answers_come_back_as_notes(timeline, found, tmp_path, lang):
    reply_sheets(timeline, found, tmp_path, lang=lang)
    path = next(tmp_path.glob("06-*.xlsx"))
    key = finding_keys(found)[0]
    voice = next(one["event"] for one in timeline.events.to_arrow().to_pylist() if one["kind"] == "voice")
    filled(
        path,
        (key, "answer", say("stance.dispute", lang)),
        (key, "words", SAID),
        (key, "date", date(2026, 3, 2)),
        (voice, "answer", say("stance.confirm", lang)),
        (voice, "date", date(2026, 3, 3)),
        ("last", "words", "nobody asked"),
        ("last", "date", date(2026, 3, 4)),
    )
    parents = say("reply.parents", lang)
    told = {note.target: note for note in read_notes(path)}
    assert told == {
        key: Note(parents, date(2026, 3, 2), SAID, "finding", key, "dispute", "reply"),
        voice: Note(parents, date(2026, 3, 3), "", "fact", voice, "confirm", "reply"),
        None: Note(parents, date(2026, 3, 4), "nobody asked", "case", None, "comment", "reply"),
    }


def _files(folder):
    return sorted(folder.iterdir())


def test_an_answer_without_a_reason_a_day_or_a_known_word_is_told(timeline, found, tmp_path):
    reply_sheets(timeline, found, tmp_path)
    path = next(tmp_path.glob("05-*.xlsx"))
    first, second, *_ = [
        line["key"] for line in lines(reply_sheets(timeline, found).sheets[4]) if line["key"]
    ]
    filled(path, (first, "answer", "klopt niet"), (second, "answer", SAID), (second, "role", None))
    with pytest.raises(ll.UserError) as refused:
        read_notes(path)
    told = {(fault.column, fault.count) for fault in refused.value.faults}
    assert told == {
        ("in uw eigen woorden (als iets niet klopt: waarom)", 2),
        ("datum", 2),
        ("uw antwoord", 1),
        ("namens wie", 1),
    }
    assert SAID not in str(refused.value)


def test_empty_sheets_hold_no_notes_and_no_formula(timeline, found, tmp_path):
    reply_sheets(timeline, found, tmp_path)
    assert [path.name for path in _files(tmp_path)][:4] == [
        "01-bjz.csv",
        "01-bjz.xlsx",
        "02-ggz.csv",
        "02-ggz.xlsx",
    ]
    assert len(read_notes(_files(tmp_path))) == 0
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for line in csv.reader(file, delimiter=";") for cell in line]
        assert f"'{HOSTILE}" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    for path in tmp_path.glob("*.xlsx"):
        sheet = openpyxl.load_workbook(path).active
        assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}
        (choice,) = sheet.data_validations.dataValidation
        assert choice.formula1 == '"klopt,klopt niet,uitleg"'


def test_replies_are_the_truth_for_evaluating(timeline, found, tmp_path):
    reply_sheets(timeline, found, tmp_path, lang="en")
    path = next(tmp_path.glob("05-*.xlsx"))
    every = finding_keys(found)
    answers = [
        (key, column, value)
        for key in every
        for column, value in (("answer", "right"), ("date", "2026-03-02"))
    ]
    said = read_notes(filled(path, *answers))
    assert len(said) == len(every)
    scores = ll.evaluate(found, said.truth(found), bootstrap=0).to_arrow().to_pylist()[0]
    assert (scores["precision"], scores["recall"]) == (1.0, 1.0)


def test_the_whole_circle(timeline, found, tmp_path):
    """From a sheet that is filled in to a note that is drawn and to the truth for evaluating."""
    reply_sheets(timeline, found, tmp_path, lang="en")
    first, second, *others = finding_keys(found)
    day = ("date", "2026-03-02")
    ggz = filled(
        next(tmp_path.glob("02-*.xlsx")),
        *((first, *cell) for cell in (("answer", "right"), day)),
    )
    parents = filled(
        next(tmp_path.glob("06-*.xlsx")),
        *((second, *cell) for cell in (("answer", "not right"), ("words", SAID), day)),
        *((key, *cell) for key in others for cell in (("answer", "right"), day)),
    )
    said = read_notes([ggz, parents])
    assert said.faults(timeline, found) == ()

    made = ll.reports.case(timeline, found, said, lang="en")
    remarks = made.remarks
    assert {(one.target, one.stance, one.author) for one in remarks} == {
        (0, "confirm", "ggz"),
        (1, "dispute", "Parents"),
        (2, "confirm", "Parents"),
    }
    numbers = {
        mark.text
        for page in made.pages
        for mark in page.scene.of("remark")
        if hasattr(mark, "text") and page.scene.kind == "page"
    }
    assert numbers == {"1", "2", "3"}
    listed = " ".join(
        stop.text for page in made.pages for stop in page.scene.stops if page.scene.kind == "remarks"
    )
    assert SAID in listed
    assert SAID in made.save(tmp_path / "case.html").read_text("utf-8")

    kept = read_notes(said.save(tmp_path / "notes.toml"))
    assert kept == said
    judged, truth = kept.judged(found), kept.truth(found)
    assert len(judged) == len(truth.to_arrow()) == len(found) - 1
    scores = ll.evaluate(judged, truth, bootstrap=0).to_arrow().to_pylist()[0]
    assert (scores["precision"], scores["recall"]) == (1.0, 1.0)
    dismissed = Notes((*said, Note("reviewer", date(2026, 3, 3), "No.", "finding", second, "dismiss")))
    assert len(dismissed.truth(found).to_arrow()) == len(found) - 1


def test_an_agency_without_letters_in_its_name_has_a_file_too(tmp_path):
    odd = cohort(events([row("contact", "2005-01-01", agency="../<=>")]))["y"]
    reply_sheets(odd, ll.Findings.empty(), tmp_path / "deep" / "er")
    assert [path.name for path in _files(tmp_path / "deep" / "er")][:2] == ["01.csv", "01.xlsx"]
