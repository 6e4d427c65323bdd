"""Notes: what people say of a case, checked, saved, read back, and never a change of a fact."""

import dataclasses
from datetime import date

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import levensloop as ll
from helpers import cohort, events, row
from levensloop.figures.letters import legal
from levensloop.reports import Note, Notes, finding_keys, read_notes
from levensloop.reports.chronology import COLUMNS
from levensloop.reports.notes import WORDS
from strategies import checked

DAY = date(2026, 3, 2)
SAID = "Jorien de Vries said this"
AT = {name: place for place, name in enumerate(COLUMNS, 1)}


@pytest.fixture(scope="module")
def rows():
    return [
        row("care", "2004-01-01", "2004-03-31", reason="no_show"),
        row("care", "2005-01-01", "2005-02-01", reason="no_show"),
        row("care", "2006-01-01", "2006-02-01", agency="bjz", sector="youth_care"),
        row("care", "2007-01-01", "2007-02-01", reason="no_show"),
        row("contact", "2004-02-01", person="z"),
    ]


@pytest.fixture(scope="module")
def whole(rows):
    return cohort(events(rows))


@pytest.fixture(scope="module")
def found(whole):
    return ll.detect(whole, ll.Gap(min_days=60), ll.Handover()).of("y")


def note(**more):
    given = {"author": "school", "date": DAY, "text": "we did call", "about": "case", "target": None}
    return Note(**(given | more))


# keys


def test_keys_are_the_same_for_any_order_of_rows_and_files(rows, found):
    turned = cohort(events(rows[2:], source="x"), events(rows[1::-1], source="w"))
    again = ll.detect(turned, ll.Gap(min_days=60), ll.Handover()).of("y")
    assert len(found) > 2
    assert finding_keys(again) == finding_keys(found)
    assert again.to_arrow()["evidence"].to_pylist() != found.to_arrow()["evidence"].to_pylist()


def test_keys_tell_the_findings_of_a_youth_apart_and_do_not_follow_from_the_youth(found):
    twice = ll.Findings(pa.concat_tables([found.to_arrow()] * 2))
    keys = finding_keys(twice)
    assert len(set(keys)) == len(keys)
    assert keys[len(found) :] == [f"{key}-2" for key in finding_keys(found)]
    names = pa.array(["someone else"] * len(found)).dictionary_encode()
    other = ll.Findings(found.to_arrow().set_column(0, "youth", names))
    assert finding_keys(other) == finding_keys(found)


def test_another_finding_has_another_key(found):
    table = found.to_arrow()
    for name in ("start", "end", "rule", "outcome", "agency", "to_agency", "sector"):
        kind = table.schema.field(name).type
        value = date(1999, 1, 1) if pa.types.is_date(kind) else "another"
        plain = kind if pa.types.is_date(kind) else pa.string()
        column = pa.array([value] * len(found), plain).cast(kind)
        changed = ll.Findings(table.set_column(table.column_names.index(name), name, column))
        assert not set(finding_keys(changed)) & set(finding_keys(found)), name


# a note


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"author": " "}, "who says it"),
        ({"author": "a\nb"}, "who says it"),
        ({"author": "x" * 81}, "who says it"),
        ({"date": "2026-03-02"}, "which day"),
        ({"text": ""}, "nothing is said"),
        ({"text": " ", "stance": "dispute", "about": "fact", "target": "a:1"}, "nothing is said"),
        ({"text": "", "stance": "dismiss", "about": "finding", "target": "Gap-1"}, "nothing is said"),
        ({"text": "a\x00"}, "no document may hold"),
        ({"target": "a:1"}, "of what it speaks"),
        ({"target": ""}, "of what it speaks"),
        ({"about": "fact", "target": 5}, "of what it speaks"),
        ({"about": "fact"}, "of what it speaks"),
        ({"stance": "dismiss"}, "only a finding"),
        ({"stance": "agree"}, "the stance"),
        ({"about": "youth"}, "the about"),
        ({"origin": "letter"}, "the origin"),
    ],
)
def test_a_note_that_says_too_little_is_refused_with_a_hint(wrong, told):
    with pytest.raises(ll.UserError, match=rf"{told}.*Hint: ") as refused:
        note(**wrong)
    assert "we did call" not in str(refused.value)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(ll.UserError) as refused:
        note(author="", text="", stance="agree", date=None)
    assert str(refused.value).count("Hint") == 4


def test_a_note_cannot_be_changed_and_who_confirms_needs_no_words():
    agreed = note(text="", stance="confirm")
    with pytest.raises(dataclasses.FrozenInstanceError):
        agreed.text = "other"


def test_notes_on_what_is_not_there_are_told_and_kept(whole, found):
    key, *_ = finding_keys(found)
    said = Notes(
        (
            note(about="fact", target="a:1"),
            note(about="finding", target=key),
            note(),
            note(about="fact", target="a:5"),
            note(about="fact", target=f"{SAID}:1"),
            note(about="finding", target="Gap-00000000"),
        )
    )
    faults = said.faults(whole["y"], ll.detect(whole, ll.Gap(min_days=60), ll.Handover()))
    assert [(one.code, one.row, one.count) for one in faults] == [
        ("unknown_fact", 4, 2),
        ("unknown_finding", 6, 1),
    ]
    assert SAID not in "".join(map(str, faults))
    assert len(said) == 6
    assert [one.target for one in said.of("a:1")] == ["a:1"]
    assert said.of(None) == (note(),)


# the truth


def test_what_people_confirm_is_the_truth_for_evaluating(found):
    keys = finding_keys(found)
    stances = (("confirm",), ("dismiss",), ("confirm", "dispute"))
    said = Notes(
        tuple(
            note(about="finding", target=key, stance=stance)
            for key, given in zip(keys, stances, strict=False)
            for stance in given
        )
    )
    truth, judged = said.truth(found).to_arrow(), said.judged(found)
    assert truth["start"].to_pylist() == found.to_arrow()["start"].to_pylist()[:1]
    assert len(judged) == 2
    scores = ll.evaluate(judged, truth, bootstrap=0).to_arrow().to_pylist()[0]
    assert (scores["planted"], scores["found"], scores["matched"]) == (1, 2, 1)


def test_nothing_judged_is_no_truth(found):
    said = Notes((note(), note(about="finding", target=finding_keys(found)[0], stance="explain")))
    assert len(said.truth(found)) == len(said.judged(found)) == 0


def test_no_note_changes_a_fact_or_a_finding(whole, found):
    before = whole["y"].events.to_arrow(), found.to_arrow()
    said = Notes((note(about="fact", target="a:1", stance="dispute"),))
    said.faults(whole["y"], found)
    said.truth(found)
    assert (whole["y"].events.to_arrow(), found.to_arrow()) == before


# files

TEXTS = st.text(max_size=60).map(legal).filter(str.strip)


@st.composite
def some_notes(draw):
    about = draw(st.sampled_from(WORDS["about"]))
    stances = [one for one in WORDS["stance"] if one != "dismiss" or about == "finding"]
    return Note(
        author=draw(TEXTS.filter(lambda text: "\n" not in text)),
        date=draw(st.dates()),
        text=draw(TEXTS),
        about=about,
        target=None if about == "case" else draw(TEXTS),
        stance=draw(st.sampled_from(stances)),
        origin=draw(st.sampled_from(WORDS["origin"])),
    )


@settings(parent=checked, max_examples=100)
@given(st.lists(some_notes(), max_size=4))
def test_notes_come_back_from_toml_as_they_went(tmp_path_factory, said):
    path = Notes(tuple(said)).save(tmp_path_factory.mktemp("notes") / "deep" / "notes.toml")
    assert tuple(read_notes(path)) == tuple(said)


def test_notes_of_several_files_follow_one_another(tmp_path):
    paths = [Notes((note(text=text),)).save(tmp_path / f"{text}.toml") for text in ("one", "two")]
    assert [one.text for one in read_notes(paths)] == ["one", "two"]
    assert read_notes(paths) == read_notes(paths[0]) + read_notes(str(paths[1]))


def test_notes_by_hand_may_leave_out_what_speaks_for_itself(tmp_path):
    path = tmp_path / "notes.toml"
    path.write_text('[[note]]\nauthor = "school"\ndate = 2026-03-02\nabout = "case"\ntext = "we did call"\n')
    assert tuple(read_notes(path)) == (note(),)


def test_every_fault_of_every_file_is_told_at_once_and_nothing_that_people_wrote(tmp_path):
    one, two, three = (tmp_path / f"{name}.toml" for name in ("one", "two", "three"))
    one.write_text(
        f'[[note]]\nauthor = "school"\ndate = "{SAID}"\nabout = "case"\ntext = "{SAID}"\n'
        f'[[note]]\nauthor = 7\ndate = 2026-03-02\nabout = "fact"\ntext = 8\nwhose = "{SAID}"\n'
    )
    two.write_text(f"[[note]\n{SAID}")
    three.write_text("title = 'x'\n")
    with pytest.raises(ll.UserError) as refused:
        read_notes([one, two, three, tmp_path / "four.toml", tmp_path / "five.csv"])
    told = {(fault.file, fault.row, fault.column) for fault in refused.value.faults}
    assert told == {
        ("one.toml", 1, "date"),
        ("one.toml", 2, None),
        ("one.toml", 2, "author"),
        ("one.toml", 2, "text"),
        ("one.toml", 2, "target"),
        ("two.toml", None, None),
        ("three.toml", None, None),
        ("four.toml", None, None),
        ("five.csv", None, None),
    }
    assert all(fault.hint for fault in refused.value.faults)
    assert SAID not in str(refused.value)


@pytest.mark.parametrize("text", ["note = 1", "note = ['a']"])
def test_a_file_without_notes_is_told(tmp_path, text):
    path = tmp_path / "notes.toml"
    path.write_text(text)
    with pytest.raises(ll.UserError, match="more than notes"):
        read_notes(path)


# comments in a chronology


def commented(timeline, findings, path, *cells, lang="nl"):
    """A chronology in which somebody filled in cells: (row, column, value)."""
    ll.reports.save_chronology(timeline, findings, path, lang=lang)
    book = openpyxl.load_workbook(path)
    for line, column, value in cells:
        book.active.cell(line + 1, AT[column], value).data_type = "d" if value is DAY else "s"
    book.save(path)
    return path


def by(line, text, **more):
    filled = {"comment": text, "author": "school", "date": "02-03-2026"} | more
    return [(line, column, value) for column, value in filled.items()]


def test_comments_in_a_chronology_become_notes(whole, found, tmp_path):
    ids = whole["y"].events.to_arrow()["event"].to_pylist()
    first, second, *_ = finding_keys(found)
    cells = [
        *by(1, "not this one either", stance="bevinding vervalt"),
        *by(2, f"{second} is no gap", stance="Finding dismissed", date=DAY),
        *by(3, None, action="a letter was sent", date="2026-03-02"),
        *by(4, "=we did call", stance="klopt niet"),
        *by(5, "one more", date="2 maart 2026"),
    ]
    path = commented(whole["y"], found, tmp_path / "chronology.xlsx", *cells)
    told = tuple(read_notes(path))
    saw = {"about": "finding", "stance": "dismiss", "origin": "chronology"}
    fact = {"about": "fact", "origin": "chronology"}
    assert told == (
        note(text="not this one either", target=first, **saw),
        note(text=f"{second} is no gap", target=second, **saw),
        note(text="a letter was sent", target=ids[2], stance="explain", **fact),
        note(text="=we did call", target=ids[3], stance="dispute", **fact),
        note(text="one more", origin="chronology"),
    )


def test_a_chronology_without_comments_holds_no_notes(whole, found, tmp_path):
    for name in ("chronology.xlsx", "chronology.csv"):
        path = ll.reports.save_chronology(whole["y"], found, tmp_path / name)
        assert len(read_notes(path)) == 0


def test_what_is_wrong_with_comments_is_told_by_row_and_heading(whole, tmp_path):
    cells = [
        *by(1, SAID, author=None, date=SAID),
        *by(2, None, stance="klopt niet"),
        *by(3, SAID, stance="bevinding vervalt"),
        *by(5, SAID, stance=SAID, date="2026-03"),
    ]
    path = commented(whole["y"], ll.Findings.empty(), tmp_path / "chronology.xlsx", *cells)
    with pytest.raises(ll.UserError) as refused:
        read_notes(path)
    told = {(fault.row, fault.count, fault.column) for fault in refused.value.faults}
    assert told == {
        (1, 1, "rol van wie dit zegt / role of who says this"),
        (1, 2, "op datum / on date"),
        (2, 1, "opmerking van de beoordelaar / comment of the reviewer"),
        (3, 1, "gebeurtenis / event"),
        (5, 1, "wat de opmerking is / what the comment is"),
    }
    assert SAID not in str(refused.value)


def test_a_sheet_of_another_sort_is_told(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(ll.UserError, match="the headings are not those"):
        read_notes(path)
