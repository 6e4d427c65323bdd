"""The command line as a user runs it."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from levensloop.cli import main

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
CSV = (
    "person,birth,agency,kind,start,end,reason\nsecret-key,1990-02-01,GP,care,2005-01-01,2005-02-01,no_show\n"
)


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "gp.csv").write_text(CSV, encoding="utf-8")
    return folder


def test_demo_tells_where_everything_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "sample").mkdir(parents=True)
    shutil.copytree(SAMPLE / "jorien", tmp_path / "data" / "sample" / "jorien")
    done = run("demo", "--out", "here", "--lang", "en")
    assert done.exit_code == 0, done.output
    told = re.findall(r"^(?:figure|findings|report): (.+)$", done.output, re.MULTILINE)
    names = [Path(path).name for path in told]
    pages = names[:-2]
    # Three periods; a wide font leaves an event without a box, which a table then tells.
    assert len(pages) >= 3
    assert pages == [f"life-course-{number}.png" for number in range(1, len(pages) + 1)]
    assert names[-2:] == ["findings.csv", "case.html"]
    assert all((tmp_path / path).stat().st_size > 1000 for path in told)


def test_demo_without_the_sample_data_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("levensloop.cli.__file__", str(tmp_path / "a" / "b" / "cli.py"))
    monkeypatch.chdir(tmp_path)
    done = run("demo")
    assert done.exit_code == 1
    assert "clone of the project" in done.output


def test_run_writes_its_files_and_leaves_with_zero(delivery, tmp_path):
    done = run("run", delivery, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "events.parquet", "episodes.parquet", "findings.parquet", "findings.csv", "records.parquet", "summary.json",
    }  # fmt: skip
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["youths"] == 1
    assert "secret-key" not in done.output


def test_rejected_rows_are_accounted_for_and_no_failure_of_run(delivery, tmp_path):
    (delivery / "ggz.csv").write_text(CSV.replace("2005-01-01", "2005-13-01"), encoding="utf-8")
    assert run("run", delivery, "--out", tmp_path / "out").exit_code == 0
    done = run("check", delivery, "--lang", "en")
    assert done.exit_code == 1
    assert "ggz.csv, row 1, column 'start': impossible date." in done.output
    assert "secret-key" not in done.output


def test_a_source_that_cannot_be_read_is_one(delivery, tmp_path):
    (delivery / "ggz.csv").write_text("", encoding="utf-8")
    done = run("run", delivery, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert (tmp_path / "out" / "summary.json").exists()
    assert "ggz.csv: het bestand is leeg. Tip: " in done.output


def test_check_of_a_sound_delivery_is_zero(delivery):
    done = run("check", delivery, "--lang", "en")
    assert (done.exit_code, "No faults found." in done.output) == (0, True)


def test_births_that_exclude_each_other_are_told_with_their_records_and_no_key(delivery, tmp_path):
    (delivery / "ggz.csv").write_text(CSV.replace("1990-02-01", "1991-02-01"), encoding="utf-8")
    checked = run("check", delivery, "--lang", "en")
    ran = run("run", delivery, "--out", tmp_path / "out", "--lang", "en")
    assert (checked.exit_code, ran.exit_code) == (1, 0)
    for done in (checked, ran):
        told = done.output[done.output.index("days of birth that exclude each other") :]
        assert re.search(r"^  \w+:1, \w+:1$", told, re.MULTILINE)
        assert "secret-key" not in told


def test_check_compares_with_planted_truth():
    done = run("check", SAMPLE / "emmen", "--truth")
    assert done.exit_code == 1  # dirty rows are planted too
    for name in ("AgeLimit", "Gap", "Handover", "OutOfView", "Waiting"):
        assert re.search(rf"^ *{name} .* 1\.000 +1\.000$", done.output, re.MULTILINE), done.output


def test_draw_makes_a_page_a_period(delivery, tmp_path):
    done = run("draw", delivery, "secret-key", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "life-course-1.png").exists()


def test_draw_of_nobody_is_told_without_the_key(delivery):
    done = run("draw", delivery, "another-key", "--lang", "en")
    assert done.exit_code == 1
    assert "This youth is not in the data." in done.output
    assert "another-key" not in done.output


def test_layout_proposes_one_that_can_be_used(delivery):
    done = run("layout", delivery / "gp.csv")
    assert done.exit_code == 0
    assert 'person = "person"' in done.output


def test_what_is_no_delivery_is_wrong_use(tmp_path):
    assert run("run", tmp_path / "nowhere", "--out", tmp_path).exit_code == 2
    assert run("run").exit_code == 2


def test_nothing_to_read_is_told_without_a_traceback(tmp_path):
    done = run("check", tmp_path)
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_keys_that_look_like_citizen_numbers_stop_the_run(delivery, tmp_path):
    rows = "".join(
        CSV.splitlines(keepends=True)[1].replace("secret-key", str(n))
        for n in (999900006, 999900018, 999900031, 999900043)
    )
    (delivery / "gp.csv").write_text(CSV.splitlines(keepends=True)[0] + rows, encoding="utf-8")
    done = run("run", delivery, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()
    assert "9999000" not in done.output
    (tmp_path / "key").write_text("a key of some length", encoding="utf-8")
    done = run("run", delivery, "--out", tmp_path / "out", "--pseudonymise", tmp_path / "key")
    assert done.exit_code == 0, done.output
    assert "9999000" not in (tmp_path / "out" / "findings.csv").read_text("utf-8")


def test_what_cannot_be_written_is_a_sentence_and_no_traceback(delivery, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("no folder", encoding="utf-8")
    for command in (["run", delivery], ["draw", delivery, "secret-key"], ["demo"]):
        done = run(*command, "--out", taken, "--lang", "en")
        assert (done.exit_code, type(done.exception)) == (1, SystemExit)
        assert re.search(r"cannot be done:\n\S*taken\S*: .+ Hint: ", done.output)
        assert "secret-key" not in done.output


def test_a_truth_that_is_none_is_a_sentence(delivery):
    for given, told in (
        ("", "_truth.csv cannot be read"),
        (delivery / "gp.csv", "gp.csv has no column youth"),
    ):
        done = run("check", delivery, f"--truth={given}", "--lang", "en")
        assert (done.exit_code, type(done.exception)) == (1, SystemExit)
        assert told in done.output


def test_a_row_that_makes_several_events_is_told_as_one_row(tmp_path):
    (tmp_path / "team.csv").write_text(
        "nr,asked,began\na,2005-03-02,2005-04-01\nb,2005-03-02,2005-13-01\n", encoding="utf-8"
    )
    (tmp_path / "team.toml").write_text(
        'constants = { agency = "Team" }\ncolumns = { person = "nr" }\n'
        '[[event]]\nconstants = { kind = "application" }\ncolumns = { start = "asked" }\n'
        '[[event]]\nconstants = { kind = "care" }\ncolumns = { start = "began" }\n',
        encoding="utf-8",
    )
    done = run("check", tmp_path / "team.csv", "--layout", tmp_path / "team.toml", "--lang", "en")
    assert "2 rows became events, 1 row rejected" in done.output
