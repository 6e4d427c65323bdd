"""A folder of cases, and whose cases are proposed."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import levensloop as ll
from levensloop.cli import main
from levensloop.errors import UserError

JORIEN = Path(__file__).parents[2] / "data" / "sample" / "jorien"
SKETCH = """
window 2000-01-01..2006-12-31
youth much; birth 1990-01-01
ggz care 2004-01-01..2004-06-30 no_show
gp referral 2004-07-01 > bjz
bjz care 2005-02-01..2005-03-31 no_show
youth little; birth 1991-01-01
ggz care 2004-01-01..2004-06-30 no_show
youth none; birth 1992-01-01
gp contact 2004-01-01
"""


@pytest.fixture(scope="module")
def cohort():
    return ll.testing.sketch(SKETCH)


def test_the_index_leads_to_numbered_cases(cohort, tmp_path):
    paths = ll.reports.present(cohort, ll.detect(cohort), ["much", "little"], tmp_path, lang="en")
    assert [path.name for path in paths] == ["index.html", "case-1.html", "case-2.html"]
    text = paths[0].read_text("utf-8")
    assert 'href="case-1.html"' in text
    assert "The life course of M" in text
    assert "much" not in text
    assert "default-src 'none'" in text


def test_unknown_youths_are_told_by_number(cohort, tmp_path):
    with pytest.raises(UserError, match="number 2, 3 of the list") as told:
        ll.reports.present(cohort, ll.detect(cohort), ["much", "who", "whom"], tmp_path)
    assert "whom" not in str(told.value)
    with pytest.raises(UserError, match="name the youths"):
        ll.reports.present(cohort, ll.detect(cohort), [], tmp_path)


def test_what_else_than_a_list_of_ids_is_given_is_told_and_not_repeated(cohort, tmp_path):
    found = ll.detect(cohort)
    for wrong, told in (
        (lambda: ll.reports.present(cohort, found, "much", tmp_path / "out"), "takes a list of ids"),
        (lambda: ll.reports.present(cohort, found, None, tmp_path / "out"), "takes a list of ids"),
        (lambda: ll.reports.present(None, found, ["much"], tmp_path / "out"), "takes Cohort"),
        (
            lambda: ll.reports.present(cohort, found, ["much"], tmp_path / "out", before=cohort),
            "a version of a case is",
        ),
        (lambda: ll.reports.select_cases(found, cohort, purpose="review of last year"), "takes Cohort"),
        (lambda: ll.reports.select_cases(cohort, found, purpose=None), "for what purpose"),
    ):
        with pytest.raises(UserError, match=rf"{told}.* Hint: ") as error:
            wrong()
        assert "much" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_who_has_most_kinds_of_findings_is_proposed_first(cohort):
    chosen = ll.reports.select_cases(cohort, ll.detect(cohort), purpose="review of handovers in 2006")
    rows = chosen.to_arrow().to_pylist()
    assert [row["youth"] for row in rows][:2] == ["much", "little"]
    assert rows[0]["agencies"] == 3
    assert rows[0]["kinds"] > rows[1]["kinds"]
    assert chosen.tell("en")[0].endswith("review of handovers in 2006")
    assert "A person chooses" in chosen.tell("en")[-1]
    assert "much" not in " ".join(chosen.tell("en"))


@pytest.mark.parametrize(
    "purpose", [" ", "----------", "1234567890 12", "aaaaaaaaaaaa", "review review Review"]
)
def test_without_a_purpose_nobody_is_proposed(cohort, purpose):
    with pytest.raises(UserError, match="purpose"):
        ll.reports.select_cases(cohort, ll.detect(cohort), purpose=purpose)


def test_the_command_writes_cases_and_papers(tmp_path):
    done = CliRunner().invoke(
        main,
        [
            "present",
            str(JORIEN),
            "--youths",
            "jorien",
            "--papers",
            "--out",
            str(tmp_path),
            "--pseudonymise",
            "no",
        ],
    )
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html",
        "case-1.html",
        "case-1.pdf",
        "case-1-a3.pdf",
        "case-1.pptx",
        "case-1.xlsx",
        "case-1-chronology.xlsx",
        "case-1-chronology.docx",
        "case-1-replies",
    }
    assert len(list((tmp_path / "case-1-replies").glob("*.csv"))) > 10


def test_notes_are_shown_and_those_on_nothing_told(tmp_path):
    note = ll.reports.Note("school", date(2026, 3, 2), "It was another year.", "fact", "nowhere:1", "dispute")
    path = ll.reports.Notes((note,)).save(tmp_path / "notes.toml")
    given = ["present", str(JORIEN), "--pseudonymise", "no", "--lang", "en", "--notes", str(path)]
    done = CliRunner().invoke(main, [*given, "--youths", "jorien", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "It was another year." in (tmp_path / "out" / "case-1.html").read_text("utf-8")
    assert "a note speaks of a fact that is not there" in done.output


def test_rows_that_were_rejected_are_told(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text(
        "person,agency,kind,start\na,school,signal,2005-01-02\na,school,signal,2027-06-31\n", "utf-8"
    )
    given = ["present", str(path), "--pseudonymise", "no", "--lang", "en", "--youths", "a"]
    done = CliRunner().invoke(main, [*given, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "1 fault found. Rejected rows are not in the case; levensloop check says which." in done.stderr


def test_the_command_compares_with_the_time_before(tmp_path):
    old = tmp_path / "before"
    shutil.copytree(JORIEN, old)
    (old / "rmc.csv").unlink()
    said = ll.reports.Notes((), (ll.reports.Learning("reach", "Ask sooner"),)).save(
        tmp_path / "learning.toml"
    )
    given = ["present", str(JORIEN), "--pseudonymise", "no", "--lang", "en", "--compare", str(old)]
    given += ["--notes", str(said), "--youths", "jorien", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "case-1.html").read_text("utf-8")
    assert "Since the last time" in page
    assert "RMC" in page[page.index("Since the last time") :]
    assert "Ask sooner" in page
    done = CliRunner().invoke(main, [*given, "--compare-notes", str(said)])
    assert (
        "Learning point"
        not in (tmp_path / "out" / "case-1.html").read_text("utf-8").partition("Since the last")[2]
    )


def test_notes_are_about_one_case(cohort, tmp_path):
    with pytest.raises(UserError, match="about one case"):
        ll.reports.present(cohort, ll.detect(cohort), ["much", "little"], tmp_path, notes=ll.reports.Notes())


def test_the_command_proposes_for_a_purpose(tmp_path):
    given = ["present", str(JORIEN), "--propose", "3", "--out", str(tmp_path), "--lang", "en"]
    without = CliRunner().invoke(main, given)
    assert (without.exit_code, "for what purpose" in without.output) == (2, True)
    done = CliRunner().invoke(main, [*given, "--purpose", "yearly review of one case"])
    assert done.exit_code == 0, done.output
    assert "jorien" not in done.output.replace(str(tmp_path), "")
    with (tmp_path / "proposal.csv").open(encoding="utf-8") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["youth"], row["purpose"]) == ("jorien", "yearly review of one case")


def test_youths_or_a_proposal_are_asked_for_but_not_both(tmp_path):
    given = ["present", str(JORIEN), "--out", str(tmp_path), "--lang", "en"]
    for more in ([], ["--youths", " , "], ["--youths", "jorien", "--propose", "2"]):
        done = CliRunner().invoke(main, [*given, *more])
        assert done.exit_code == 2
        assert "not both" in done.output


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--youths", "jorien,anna", "--notes", str(JORIEN)], "about one case"),
        (["--youths", "jorien", "--compare-notes", str(JORIEN)], "goes with --compare"),
        (["--youths", "jorien", "--compare", str(JORIEN), "--level", "training"], "at the level room"),
        (["--youths", "jorien", "--names", "--level", "training"], "names cannot be shown"),
        (["--youths", "jorien", "--notes", "nowhere.toml"], "does not exist"),
        (["--check", "nowhere"], "does not exist"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_use_before_anything_is_read(more, told, tmp_path):
    given = ["present", str(JORIEN), "--out", str(tmp_path / "out"), "--lang", "en"]
    done = CliRunner().invoke(main, [*given, *more])
    assert (done.exit_code, told in done.output) == (2, True), done.output
    assert "jorien,anna" not in done.output
    assert not (tmp_path / "out").exists()


def test_a_youth_or_a_note_that_the_files_do_not_have_is_one(tmp_path):
    notes = tmp_path / "notes.toml"
    notes.write_text("[[note]]\n", encoding="utf-8")
    given = ["present", str(JORIEN), "--out", str(tmp_path / "out"), "--lang", "en", "--youths"]
    for more in (["another-key"], ["jorien", "--notes", str(notes)]):
        done = CliRunner().invoke(main, [*given, *more])
        assert done.exit_code == 1, done.output
        assert "another-key" not in done.output


def test_cases_of_another_time_do_not_stay_beside_these(cohort, tmp_path):
    found = ll.detect(cohort)
    ll.reports.present(cohort, found, ["much", "little"], tmp_path)
    ll.reports.present(cohort, found, ["little", "much"], tmp_path)
    with pytest.raises(UserError, match="1 other files"):
        ll.reports.present(cohort, found, ["much"], tmp_path)
