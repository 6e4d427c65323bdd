"""Every figure has its table."""

import pytest

from figures import samples
from levensloop import figures
from levensloop.errors import UserError
from levensloop.figures.draw import draw


def test_each_event_and_each_finding_has_a_row():
    pages = figures.life_course(samples.jorien(), samples.jorien_findings(), lang="en")
    rows = figures.figure_table(pages).to_arrow().to_pylist()
    facts = [row for row in rows if row["layer"] == "fact"]
    assert len(facts) == 26
    assert {row["page"] for row in facts} == {1, 2, 3}
    assert len(rows) == 26 + 5
    assert {row["certainty"] for row in rows if row["layer"] == "finding"} == {"certain", "possible"}
    assert facts[0]["date"] == "1989"
    assert facts[0]["events"] == ["s:1"]


def test_numbers_are_those_in_the_lanes():
    line, found = samples.made(150, seed=7)
    pages = figures.life_course(line, found)
    rows = figures.figure_table(pages).to_arrow().to_pylist()
    boxed = {e for page in pages for mark in page.scene.of("box") for e in mark.events}
    numbered = [row for row in rows if row["number"]]
    assert numbered
    assert not any(set(row["events"]) & boxed for row in numbered)


def test_facts_only_tells_no_findings():
    page = figures.whole_life(samples.jorien(), samples.jorien_findings(), view="facts")
    layers = figures.figure_table(page).to_arrow().column("layer").to_pylist()
    assert set(layers) == {"fact"}


def test_the_key_is_masked_in_the_table():
    line = samples.line(
        [samples.event(1, "2001-02-03", "GGZ", "health", "contact", "kid77 belt")], youth="kid77"
    )
    rows = figures.figure_table(figures.life_course(line)).to_arrow().to_pylist()
    assert rows[0]["what"] == "K belt"


def test_a_figure_without_a_case_has_no_table():
    with pytest.raises(UserError, match="one life course"):
        figures.figure_table(draw(figures.scenes(samples.jorien())[0], ("DejaVu Sans",)))
    for wrong in ([], None, [None], samples.jorien()):
        with pytest.raises(UserError, match="figures of a life course are asked for"):
            figures.figure_table(wrong)
