"""A dataset on disk is what the four verbs give in memory, in any number of parts; broken off, it goes on."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

import levensloop as ll
from levensloop.cli import main
from levensloop.errors import LevensloopError, UserError
from levensloop.readers import plan
from levensloop.scale import engines, outofcore, partition, staging
from levensloop.scale.hashing import parts_of
from levensloop.tables import plain

EMMEN = Path(__file__).parents[2] / "data" / "sample" / "emmen"
TABLES = ("events", "episodes", "youths", "identities", "conflicts", "choices", "sources", "agencies")


def rows(table):
    return sorted(map(repr, plain(table.to_arrow()).to_pylist()))


@pytest.fixture(scope="module")
def whole():
    events = ll.read(EMMEN)
    cohort = ll.merge(events, ll.link(events))
    return cohort, ll.detect(cohort), events


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    out = tmp_path_factory.mktemp("scale") / "emmen"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outofcore, "_ROW", 200_000)  # so that these few rows make several parts
        return ll.run(EMMEN, out, memory="2GB", processes=2)


def test_findings_and_what_was_assessed_are_those_in_memory(dataset, whole):
    assert dataset.parts > 1
    assert rows(dataset.findings()) == rows(whole[1])
    assert rows(dataset.findings().assessed) == rows(whole[1].assessed)


def test_parts_together_are_the_cohort(dataset, whole):
    cohorts = [dataset.part(number, records=True) for number in range(dataset.parts)]
    for name in TABLES[:6]:
        assert sorted(row for part in cohorts for row in rows(getattr(part, name))) == rows(
            getattr(whole[0], name)
        )
    rest = ll.scale.store.read_group(dataset.path / "records.parquet", whole[0].records.to_arrow().schema)
    own = [part.records.to_arrow() for part in cohorts]
    assert rows(ll.Findings(pa.concat_tables([rest, *own]))) == rows(whole[0].records)


def test_one_youth_is_the_same_from_disk(dataset, whole):
    assert sorted(dataset) == sorted(whole[0])
    assert len(dataset) == len(whole[0])
    for youth in list(whole[0])[::400]:
        for name in TABLES:
            assert rows(getattr(dataset[youth], name)) == rows(getattr(whole[0][youth], name)), name
        assert rows(dataset.findings(youth)) == rows(whole[1].of(youth))
        assert rows(ll.detect(dataset[youth])) == rows(ll.detect(whole[0][youth]))


def test_who_is_not_there_is_no_key(dataset):
    assert None not in dataset
    assert 5 not in dataset
    for key in ("", "nobody", "zzzz"):
        assert key not in dataset
        with pytest.raises(KeyError):
            dataset.findings(key)


def test_a_dataset_in_use_can_be_sent_elsewhere(dataset):
    youth = next(iter(dataset))
    assert len(dataset[youth].youths) == 1
    again = pickle.loads(pickle.dumps(dataset))  # noqa: S301 - its own bytes
    assert again[youth].events == dataset[youth].events


def test_conflicts_of_all_parts_stand_as_those_in_memory(tmp_path, monkeypatch):
    file = tmp_path / "gp.csv"
    lines = [f"y{number};{1990 + year};GP;contact;2005" for year in range(2) for number in range(40)]
    file.write_text("\n".join(["person;birth;agency;kind;start", *lines]))
    events = ll.read(file)
    monkeypatch.setattr(outofcore, "_ROW", 400_000_000)
    dataset = ll.run(file, tmp_path / "out", ll.Gap(), processes=1)
    assert dataset.parts > 1
    told = plain(dataset.conflicts.to_arrow())
    assert told.equals(plain(ll.merge(events, ll.link(events)).conflicts.to_arrow()))
    assert len(told) == 40


def test_the_summary_counts_every_row(dataset, whole):
    told = dataset.summary
    assert told["rows_read"] == sum(whole[2].sources.to_arrow()["rows_read"].to_pylist())
    assert sum(told["fates"].values()) == len(whole[0].records)
    assert sum(row["findings"] for row in told["findings"]) == len(whole[1])
    assert (told["youths"], told["events"]) == (len(whole[0]), len(whole[0].events))
    assert repr(dataset).startswith("<Dataset: 2,000 youths")


def test_it_opens_by_load_and_only_when_it_is_whole(dataset, tmp_path):
    assert len(ll.load(dataset.path)) == len(dataset)
    broken = tmp_path / "broken"
    shutil.copytree(dataset.path, broken)
    (broken / "dataset.json").unlink()
    with pytest.raises(UserError, match="no whole dataset"):
        ll.load(broken)


@pytest.mark.parametrize("where", ["merge_part", "detect_part", "stage"])
def test_a_run_that_was_broken_off_goes_on(where, dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(outofcore, "_ROW", 200_000)
    made, calls = getattr(outofcore, where), []

    def breaks(*given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return made(*given)

    monkeypatch.setattr(outofcore, where, breaks)
    with pytest.raises(KeyboardInterrupt):
        ll.run(EMMEN, tmp_path / "out", processes=1)
    with pytest.raises(UserError, match="no whole dataset"):
        ll.load(tmp_path / "out")
    again = []
    monkeypatch.setattr(outofcore, where, made)
    monkeypatch.setattr(staging, "_parted", lambda *given: again.append(given) or PARTED(*given))
    found = ll.run(EMMEN, tmp_path / "out", processes=1)
    assert rows(found.findings()) == rows(dataset.findings())
    assert len(again) == (0 if where != "stage" else len(found.summary["sources"]) - 1)
    assert not (tmp_path / "out" / "stage").exists()


PARTED = staging._parted


def test_the_same_run_again_does_nothing_and_another_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\na;GP;contact;2005-03-02\nb;GP;signal;2005-02-30\n")
    first = ll.run(file, tmp_path / "out", ll.Gap(), processes=1)
    assert first.summary["fates"] == {"event": 1, "rejected": 1}
    assert [one["code"] for one in first.summary["faults"]] == ["impossible_date"]
    monkeypatch.setattr(outofcore, "merge_part", None)
    assert len(ll.run(file, tmp_path / "out", ll.Gap(), processes=1)) == 1
    with pytest.raises(UserError, match="dataset of another run"):
        ll.run(file, tmp_path / "out", ll.Waiting(), processes=1)
    with pytest.raises(UserError, match="holds other files"):
        ll.run(file, tmp_path, processes=1)


def test_changed_files_begin_clean(tmp_path, monkeypatch):
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    monkeypatch.setattr(outofcore, "detect_part", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ll.run(file, tmp_path / "out", processes=1)
    monkeypatch.undo()
    file.write_text("person;agency;kind;start\nb;GP;contact;2005-03-02\nc;GP;contact;2005-03-02\n")
    assert sorted(ll.run(file, tmp_path / "out", processes=1)) == ["b", "c"]


def test_what_cannot_be_is_told_and_leaves_nothing(tmp_path):
    file = tmp_path / "gp.csv"
    file.write_text("name;agency\na;GP\n")
    with pytest.raises(UserError, match="the column is missing"):
        ll.run(file, tmp_path / "out", processes=1)
    assert not (tmp_path / "out").exists()
    for wrong, words in (("a lot", "memory is a number"), ("1MB", "at least 500MB")):
        with pytest.raises(UserError, match=words):
            ll.run(file, tmp_path / "out", memory=wrong)
    told = CliRunner().invoke(main, ["run", str(file), "--out", str(tmp_path / "out"), "--memory", "a lot"])
    assert (told.exit_code, "memory is a number of bytes" in told.output) == (2, True)
    with pytest.raises(UserError, match="not True"):
        ll.run(file, tmp_path / "out", pseudonymise=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UserError, match="no data file"):
        ll.run(empty, tmp_path / "out")


def test_what_is_no_detector_is_told_before_anything_is_read(tmp_path, monkeypatch):
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    monkeypatch.setattr(outofcore, "stage", None)
    with pytest.raises(UserError, match="no detector: type, int"):
        ll.run(file, tmp_path / "out", ll.Gap, 5, ll.Waiting(), processes=1)
    assert not (tmp_path / "out").exists()


def test_citizen_service_numbers_stop_it(tmp_path):
    numbers = [n for n in range(111_111_110, 111_113_500) if sum(
        int(d) * w for d, w in zip(str(n), (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0]  # fmt: skip
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\n" + "".join(f"{n};GP;contact;2005\n" for n in numbers))
    with pytest.raises(UserError, match="citizen"):
        ll.run(file, tmp_path / "out", processes=1)
    assert not (tmp_path / "out").exists()
    hashed = ll.run(file, tmp_path / "out", pseudonymise=b"0123456789abcdef0123456789abcdef", processes=1)
    assert len(hashed) == len(numbers)
    assert not any(str(n) in hashed for n in numbers)
    text = b"".join(path.read_bytes() for path in (tmp_path / "out").glob("*.json"))
    assert b"0123456789abcdef" not in text


def test_citizen_service_numbers_spread_over_files_stop_it_too(tmp_path):
    for at, number in enumerate(("999990019", "999990020", "999990032", "999990044")):
        (tmp_path / f"a{at}.csv").write_text(f"person;agency;kind;start\n{number};GP;contact;2005\n")
    files = sorted(tmp_path.glob("*.csv"))
    told = []
    for how in (lambda: ll.read(files), lambda: ll.run(files, tmp_path / "out", processes=1)):
        with pytest.raises(UserError, match="citizen") as caught:
            how()
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert not (tmp_path / "out").exists()
    assert len(ll.run(files, tmp_path / "out", pseudonymise=False, processes=1)) == 4


def test_lost_rows_are_a_fault_of_the_program(tmp_path, monkeypatch):
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    monkeypatch.setattr(outofcore, "records_in", lambda _: 2)
    with pytest.raises(LevensloopError, match="do not add up"):
        ll.run(file, tmp_path / "out", processes=1)


def test_the_command_with_memory(tmp_path):
    done = CliRunner().invoke(
        main, ["run", str(EMMEN), "--out", str(tmp_path / "out"), "--memory", "2GB", "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    assert "2,000" in done.output
    assert json.loads((tmp_path / "out" / "dataset.json").read_text())["summary"]["youths"] == 2000


def test_the_command_tells_the_same_faults_with_memory_and_without(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    head = "person;birth;agency;kind;start\n"
    (folder / "a.csv").write_text(head + "secret-key;;GP;contact;2005-13-01\n" * 700)
    (folder / "b.csv").write_text(
        head + "secret-key;1990;GP;contact;2005-03-02\nsecret-key;1991;GP;contact;2006\n"
        "secret-key;;GP;consult;2005\n"
    )
    (folder / "c.csv").write_text("person;agency\nsecret-key;GP\n")
    (folder / "d.parquet").write_bytes(b"PAR1 and no more")
    (folder / "notes.doc").write_text("nothing")
    given = ["run", str(folder), "--lang", "en", "--out"]
    plain, *on_disk = (
        CliRunner().invoke(main, [*given, str(tmp_path / out), *more])
        for out, more in (("plain", ()), ("disk", ("--memory", "2GB")), ("disk", ("--memory", "2GB")))
    )
    assert "a.csv, row 1 and 699 more rows, column 'start': impossible date. Hint: " in plain.stderr
    assert "days of birth that exclude each other" in plain.stderr
    told = [line for line in plain.stdout.splitlines() if "faults found" in line]
    for done in on_disk:  # the second time nothing is read
        assert (done.exit_code, done.stderr) == (plain.exit_code, plain.stderr) == (1, plain.stderr)
        assert [line for line in done.stdout.splitlines() if "faults found" in line] == told
        assert "secret-key" not in done.output


def test_a_sound_delivery_is_told_so_with_memory_too(tmp_path):
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    done = CliRunner().invoke(
        main, ["run", str(file), "--out", str(tmp_path / "out"), "--memory", "2GB", "--lang", "en"]
    )
    assert (done.exit_code, "No faults found." in done.stdout) == (0, True)


def test_faults_are_kept_with_the_dataset_as_they_were_read(dataset, whole):
    assert sorted(map(str, dataset.faults)) == sorted(map(str, whole[2].faults))
    assert ll.load(dataset.path).faults == dataset.faults != ()


def test_keys_are_spread_evenly_and_always_alike():
    keys = pa.array([f"P{number:09d}" for number in range(20_000)])
    part = parts_of(keys, 8)
    counts = [int((part == at).sum()) for at in range(8)]
    assert min(counts) > 2_300
    assert parts_of(keys.take(pa.array([17, 3])), 8).tolist() == [part[17], part[3]]
    assert parts_of(pa.chunked_array([["ø" * 90], [None]]), 5)[1] == -1
    # Kept on disk: another number would lose every youth that was written before.
    assert parts_of(pa.array(["", "a", "jorien"]), 1000).tolist() == KNOWN


KNOWN = [850, 150, 695]


def test_a_part_names_its_folder():
    assert partition.name_of(7) == "part-00007"


def test_processes_do_one_work_after_another_until_they_are_closed():
    with closing(engines.Local(2)) as local:
        first, second = ({pid for _, pid in local.map(os.getpid, [()] * 8)} for _ in range(2))
        assert first & second
        assert os.getpid() not in first | second
        local.close()
        assert not first & {pid for _, pid in local.map(os.getpid, [()] * 8)}


def test_no_part_is_left_over_for_one_worker(tmp_path):
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\n" + "a;GP;contact;2005-03-02\n" * 1_000)
    deliveries = plan(file)
    parts = [
        outofcore._parts(deliveries, 3, 3 * outofcore._PROCESS + rows * 3 * outofcore._ROW)
        for rows in (1_000, 300, 100, 50)
    ]
    assert parts[0] == 1
    assert all(number > 1 and number % 3 == 0 for number in parts[1:])


def test_rows_as_delivered_are_traced_from_disk(dataset, whole):
    part = dataset.part(0, records=True)
    event = part.events.to_arrow()["event"][0].as_py()
    assert part.trace(event) == whole[0].trace(event)


def test_rows_that_were_left_on_disk_are_told_so(dataset):
    youth = next(iter(dataset))
    for cohort in (dataset.part(0), dataset[youth]):
        event = cohort.events.to_arrow()["event"][0].as_py()
        with pytest.raises(UserError, match="left on disk"):
            cohort.trace(event)
        with pytest.raises(UserError, match="no event or row"):
            cohort.trace("nothing:1")


def test_a_damaged_file_does_not_stop_the_others(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "gp.csv").write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    (folder / "school.parquet").write_bytes(b"PAR1 and no more")
    dataset = ll.run(folder, tmp_path / "out", processes=1)
    assert len(dataset["a"].events) == 1
    assert [(told["file"], told["code"]) for told in dataset.summary["faults"]] == [
        (fault.file, fault.code) for fault in ll.read(folder).faults
    ]


def test_a_script_that_begins_the_run_again_in_each_process_is_told_what_to_do(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name in ("gp", "school"):
        (folder / f"{name}.csv").write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    script = tmp_path / "country.py"
    given = f"{str(folder)!r}, {str(tmp_path / 'out')!r}, processes=2"
    script.write_text(f"import levensloop as ll\nll.run({given})\n")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "BrokenOffError" in done.stderr.splitlines()[-1]
    assert "under `if __name__ == '__main__':`" in done.stderr
    assert done.stderr.count("Traceback") == 2  # of the process that is gone, and of the run
    script.write_text(f"import levensloop as ll\nif __name__ == '__main__':\n    ll.run({given})\n")
    subprocess.run([sys.executable, script], capture_output=True, check=True)
    assert list(ll.load(tmp_path / "out")) == ["a"]


@ll.detector
def asks_of_a_user(_timeline):
    """Nothing is known of what it looks at."""
    yield from ()


@pytest.mark.parametrize(
    ("detectors", "waits"),
    [
        ((ll.Gap(), ll.OutOfView(), ll.Waiting(), ll.Handover(), ll.AgeLimit()), False),
        ((ll.Gap(), ll.Repetition()), True),  # it asks what sources record for youths of other parts
        ((ll.Gap(), asks_of_a_user), True),
    ],
)
def test_parts_are_looked_at_when_they_are_merged_if_nothing_rests_on_others(
    tmp_path, monkeypatch, whole, detectors, waits
):
    monkeypatch.setattr(outofcore, "_ROW", 200_000)
    aside = []
    put_aside = partition._put_aside
    monkeypatch.setattr(
        partition, "_put_aside", lambda *given: (aside.append(given[1]), put_aside(*given))[1]
    )
    made = ll.run(EMMEN, tmp_path / "out", *detectors, memory="2GB", processes=1)
    assert aside == (list(range(made.parts)) if waits else [])
    found = ll.detect(whole[0], *detectors)
    assert rows(made.findings()) == rows(found)
    assert rows(made.findings().assessed) == rows(found.assessed)
