"""The page of the rulebook says what the rules say."""

import doctest
from pathlib import Path

import levensloop as ll

PAGE = Path(__file__).parents[1] / "docs" / "rulebook.md"


def table(rules):
    """Every rule as a row of a Markdown table; the end of the page is this text."""
    rows = ["| rule | what it says | in force | source (certainty) |", "|---|---|---|---|"]
    for rule in rules:
        bounds = ("from", rule.valid_from), ("to", rule.valid_to)
        held = " ".join(f"{word} {day}" for word, day in bounds if day)
        rows.append(f"| `{rule.id}` | {rule.en} | {held} | {rule.source} ({rule.certainty}) |")
    return "\n".join(rows) + "\n"


def test_every_example_on_the_page_holds():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert tried > 30
    assert not failed


def test_the_table_on_the_page_is_that_of_the_rules():
    told = PAGE.read_text("utf-8").partition("## All rules\n\n")[2]
    assert told == table(ll.rulebook("nl"))
