"""How a sample of mutants is drawn and counted."""

import importlib.util

import pytest

from conftest import ROOT


@pytest.fixture(scope="module")
def mutation():
    spec = importlib.util.spec_from_file_location("mutation", ROOT / "benchmarks" / "mutation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_interval_holds_the_share(mutation):
    low, high = mutation.interval(8, 10)
    assert (round(low, 2), round(high, 2)) == (0.49, 0.94)
    assert mutation.interval(0, 0) == (0.0, 1.0)


def test_the_quickest_tests_are_taken_while_they_fit(mutation):
    took = {"c": 5.0, "a": 1.0, "b": 2.0}
    assert mutation.quickest(["c", "b", "a"], took, 4) == ["a", "b"]
    assert mutation.quickest(["c", "b"], took, 0.5) == ["b"]


def test_the_same_seed_draws_the_same_of_each_module(mutation):
    made = {"many": [(str(at), "not checked") for at in range(50)], "few": [("x", "not checked")]}
    drawn = mutation.drawn(made, 5, 1)
    assert drawn == mutation.drawn(made, 5, 1) != mutation.drawn(made, 5, 2)
    assert (len(drawn), drawn[-1]) == (6, "x")


def test_what_was_not_killed_counts_as_alive(mutation):
    told = list(mutation.table({"toy": ["killed", "survived", "timeout", "no tests"]}, {"toy": 1000}))
    assert told[2:] == [
        "| toy | 1,000 | 4 | 1 | 25% | 5% to 70% |", "| all | 1,000 | 4 | 1 | 25% | 5% to 70% |",
    ]  # fmt: skip
