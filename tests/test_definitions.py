"""The page of definitions says what the detectors do."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "definitions.md"


def test_every_example_on_the_page_holds():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert not failed
