"""The runner of mutants on a toy of a function."""

import importlib.util
from types import FunctionType

import pytest

from conftest import ROOT

TOY = '''
def middle(low, high):
    """The middle of two numbers."""
    if low > high:
        raise ValueError(f"{low} over {high}")
    return (low + high) // 2
'''


@pytest.fixture(scope="module")
def mutation():
    spec = importlib.util.spec_from_file_location("mutation", ROOT / "benchmarks" / "mutation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def of(mutation, change):
    """The toy with one change."""
    site = next(one for one in mutation.sites(TOY) if one.change == change)
    return FunctionType(mutation.mutated(TOY, site, "toy.py"), {})


def test_each_place_is_found_once(mutation):
    assert [(one.line, one.change) for one in mutation.sites(TOY)] == [
        (4, "condition reversed"), (4, "Gt -> GtE"), (6, "FloorDiv -> Mult"), (6, "Add -> Sub"), (6, "constant 2"),
    ]  # fmt: skip


def test_a_mutant_has_that_one_change(mutation):
    assert of(mutation, "Add -> Sub")(2, 8) == -3
    assert of(mutation, "constant 2")(2, 10) == 4
    with pytest.raises(ValueError, match="2 over 8"):
        of(mutation, "condition reversed")(2, 8)
    with pytest.raises(ValueError, match="2 over 2"):
        of(mutation, "Gt -> GtE")(2, 2)


def test_the_interval_holds_the_share(mutation):
    low, high = mutation.interval(8, 10)
    assert (round(low, 2), round(high, 2)) == (0.49, 0.94)
    assert mutation.interval(0, 0) == (0.0, 1.0)


def test_tests_are_taken_while_they_fit(mutation):
    tests = [(1.0, "a"), (2.0, "b"), (5.0, "c")]
    assert [name for _, name in mutation.within(tests, 4)] == ["a", "b"]
    assert [name for _, name in mutation.within(tests, 0.5)] == ["a"]


def test_what_no_test_calls_survives(mutation, tmp_path):
    file = tmp_path / "toy.py"
    file.write_text(TOY)
    site = mutation.sites(TOY)[0]
    assert list(mutation.outcomes([(file, site)], {}, 1)) == [(file, site, False)]
    assert (
        list(mutation.table([(file, site, False)], {file: 5}))[2] == "| toy.py | 5 | 1 | 0 | 0% | 0% to 79% |"
    )
