"""The pages on linking, privacy, the case review, the aspects and writing detectors say what happens."""

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize(
    ("page", "least"),
    [
        ("linking.md", 12),
        ("privacy.md", 12),
        ("case_review.md", 5),
        ("review_notes.md", 20),
        ("aspects.md", 3),
        ("writing_detectors.md", 20),
    ],
)
def test_every_example_on_the_page_holds(page, least):
    failed, tried = doctest.testfile(str(DOCS / page), module_relative=False, encoding="utf-8")
    assert tried > least
    assert not failed
