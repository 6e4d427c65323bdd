"""Every benchmark runs at a small size, answers are compared, and differing answers are told."""

import importlib.util
import re
import subprocess
import sys
from datetime import date

import pyarrow as pa
import pytest

from conftest import ROOT

FOLDER = ROOT / "benchmarks"


def run(name, *arguments):
    done = subprocess.run(
        [sys.executable, FOLDER / name, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def country(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("country", FOLDER / "country.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_engines_find_the_same_things_of_many_outcomes():
    code, told = run("country.py", 6000, "--texts", "--youths", 5)
    assert code == 0, told
    assert "all engines find the same" in told
    # Every outcome of the five detectors but a wait that its opener ends: all openers are points here.
    found = set(re.findall(r"^  (\w+ \w+) (?:certain|possible) ", told, re.MULTILINE))
    assert {name for name in found if name.startswith("Gap")} == {
        f"Gap {outcome}" for outcome in ("after_goal", "unexplained", "unobserved", "waiting")
    }
    assert {"OutOfView unexplained", "Waiting refused", "Waiting started", "Waiting ongoing"} <= found
    assert {f"Handover {outcome}" for outcome in ("arrived", "lost", "pending", "refused")} <= found
    assert {f"AgeLimit {outcome}" for outcome in ("dropped", "returned", "too_young")} <= found


def test_one_cell_that_differs_is_told(country, capsys):
    row = {
        "youth": "P1", "detector": "Gap", "outcome": "waiting", "certainty": "certain", "start": date(2001, 1, 1),
        "end": date(2001, 7, 15), "days_min": 195, "days_max": 195, "agency": None, "to_agency": None,
    }  # fmt: skip
    mine = pa.Table.from_pylist([row, {**row, "detector": "Waiting", "agency": "ggz"}], country.SCHEMA)
    assert country.compared("duckdb", mine.take([1, 0]), mine, tell=True)
    for name, value in (("outcome", "unexplained"), ("youth", "P2"), ("days_max", 196), ("agency", "bjz")):
        other = pa.Table.from_pylist([{**one, name: value} for one in mine.to_pylist()], country.SCHEMA)
        assert not country.compared("duckdb", other, mine, tell=True)
        assert str(value) in capsys.readouterr().out
    assert not country.compared("duckdb", mine.take([0, 1, 1]), mine, tell=False)


def test_what_the_kernels_find_and_peers_that_are_not_there(tmp_path):
    code, told = run("peers.py", "--youths", 200, "--few", 20, "--peers", tmp_path)
    assert code == 0, told
    assert "not there, skipped: bioframe, piso, portion, staircase, pm4py, aces" in told
    assert told.count("| levensloop | 6,000 |") == 4


def test_memory_of_two_sizes():
    code, told = run("memory.py", 1000, 4000)
    assert code == 0, told
    assert "both ways find the same" in told
    assert told.count("| 4,000 |") == 2


def test_what_imports_cost():
    _, told = run("imports.py", 1)  # a busy machine misses the targets
    assert (
        len(re.findall(r"^(?:import levensloop|read) +-?\d+ ms +-?\d+ ms +\d+ ms$", told, re.MULTILINE)) == 2
    ), told
    assert " loads " not in told
