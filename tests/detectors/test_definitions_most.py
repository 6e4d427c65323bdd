"""The page of definitions says what the detectors do."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "definitions_most.md"


def test_every_example_on_the_page_holds():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert tried > 25
    assert not failed
