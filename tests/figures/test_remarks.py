"""What people say is a layer of its own in the figure: marked, told, and changing nothing."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

import levensloop as ll
from figures import drawing, samples
from figures.quality import quality
from levensloop.figures import Remark
from levensloop.figures.style import FINDINGS, FINDINGS_LIGHT, GREY, SECTORS

DAY = date(2026, 3, 2)
JORIEN = Path(__file__).parents[2] / "data" / "sample" / "jorien"


def remark(number, target, stance="comment", *, about="fact", text="Zo ging het volgens ons niet."):
    return Remark(
        number=number, about=about, target=target, stance=stance, author="school", date=DAY, text=text
    )


@pytest.fixture(scope="module")
def jorien():
    read = ll.read(JORIEN, pseudonymise=False)
    merged = ll.merge(read, ll.link(read))
    return merged["jorien"], ll.detect(merged)


@pytest.fixture(scope="module")
def remarks(jorien):
    """Two on one fact, one on each of several other facts and findings, on the case, and on what is not there."""
    timeline, findings = jorien
    events = timeline.events.to_arrow()["event"].to_pylist()
    rows = findings.to_arrow().to_pylist()
    gap = next(
        at for at, row in enumerate(rows) if row["detector"] == "Gap" and row["certainty"] == "certain"
    )
    return (
        remark(1, events[2], "dispute", text="Zij was toen al vier, en wij vroegen er zelf om. " * 30),
        remark(2, events[2], "confirm", text=""),
        remark(3, events[12], "explain"),
        remark(4, gap, "dismiss", about="finding"),
        remark(5, next(at for at, row in enumerate(rows) if row["detector"] == "Waiting"), about="finding"),
        remark(6, None, about="case"),
        remark(7, None, "comment"),
    )


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(("size", "floor"), [("wall", 24), ("a4", 11)])
def test_pages_with_notes_are_fit_to_be_read(jorien, remarks, size, floor, lang):
    pages = ll.figures.life_course(*jorien, size=size, lang=lang, remarks=remarks)
    for page in pages:
        if any(page.scene.of("remark")):
            assert quality(page, min_px=floor) == {}, page.scene.title
    marked = {mark.text for page in pages if page.scene.kind == "page" for mark in numbers(page.scene)}
    assert {"1\u20132", "3", "4", "5"} <= marked
    (*_, told) = pages
    assert told.scene.kind == "remarks"
    listed = [mark.text for page in pages if page.scene.kind == "remarks" for mark in numbers(page.scene)]
    assert listed == ["1", "2", "3", "4", "5", "6", "7"]
    assert any(
        one.kind == "shortened"
        for page in pages
        if page.scene.kind == "remarks"
        for one in page.scene.decisions
    )


def test_a_whole_life_with_notes_is_fit_to_be_read(jorien, remarks):
    drawn = ll.figures.whole_life(*jorien, remarks=remarks)
    assert quality(drawn, min_px=11) == {}
    table = ll.figures.figure_table(drawn).to_arrow().to_pylist()
    assert [row["number"] for row in table if row["layer"] == "note"] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [row["said"] for row in table if row["layer"] == "fact" and row["said"]] == [[1, 2], [3]]


def numbers(scene):
    return [mark for mark in scene.of("remark") if hasattr(mark, "text")]


def life():
    events = [
        samples.event(1, "2003-02-01", "GGZ", "mental_health", "care_start", "Begint"),
        samples.event(2, "2004-02-01", "School", "education", "contact", "Gesprek"),
    ]
    found = samples.found(
        [samples.finding("Gap", "unexplained", "2003-03-01", "2004-01-01", evidence=["s:1"])]
    )
    care = [
        samples.episode("care", "GGZ", "mental_health", "2003-02-01", "2003-03-01"),
        samples.episode("care", "GGZ", "mental_health", "2004-01-01", "2004-06-01"),
    ]
    return samples.line(events, care, birth="1990-01-01", until="2005-01-01"), found


def page(*remarks, view="findings"):
    return ll.figures.scenes(*life(), remarks=remarks, view=view)[0]


def test_a_note_has_a_sign_of_its_own_in_a_colour_of_no_sector():
    (shape, number) = page(remark(1, "s:1")).of("remark")
    assert number.text == "1"
    assert shape.stroke == GREY
    assert GREY not in SECTORS.values()
    box = next(mark for mark in page(remark(1, "s:1")).of("box") if mark.events == ("s:1",))
    assert box.x < min(x for x, _ in shape.points)
    assert max(x for x, _ in shape.points) < box.x + box.width


def test_a_disputed_fact_stays_and_says_so():
    plain, noted = drawing.texts(page()), drawing.texts(page(remark(1, "s:1", "dispute")))
    assert "Begint" in plain
    assert "Begint (tegengesproken)" in noted
    assert "tegengesproken" not in plain


def test_a_dismissed_finding_stays_lighter_and_is_no_headline():
    plain, noted = page(), page(remark(1, 0, "dismiss", about="finding"))
    (before,) = [mark for mark in plain.of("tag") if hasattr(mark, "text")]
    (after,) = [mark for mark in noted.of("tag") if hasattr(mark, "text")]
    assert after.text == f"vervallen: {before.text}"
    assert {mark.colour for mark in plain.of("bracket") if hasattr(mark, "colour")} == {FINDINGS}
    assert {mark.colour for mark in noted.of("bracket") if hasattr(mark, "colour")} == {FINDINGS_LIGHT}
    assert len(list(plain.of("hatch"))) > len(list(noted.of("hatch"))) > 0
    assert "Geen hulp" in plain.title
    assert "geen hulp" not in noted.title.lower()


def test_facts_only_are_shown_without_notes():
    assert page(remark(1, "s:1", "dispute"), view="facts") == page(view="facts")
    assert len(ll.figures.scenes(*life(), remarks=[remark(1, "s:1")], view="facts")) == 1


def test_the_legend_tells_the_sign_only_where_it_stands():
    words = "opmerking: zie de lijst"
    assert words in drawing.texts(page(remark(1, "s:1")))
    assert words not in drawing.texts(page())
    assert words not in drawing.texts(page(remark(1, None, about="case")))


def test_a_note_is_told_aloud_where_it_is_marked():
    scene = page(remark(1, "s:1"), remark(2, 0, "dismiss", about="finding"))
    told = [stop.text for stop in scene.stops]
    assert any(text.endswith("Begint (opmerking 1)") for text in told)
    assert any(text.startswith("vervallen") and text.endswith("(opmerking 2)") for text in told)


def test_notes_on_what_has_no_box_are_counted_and_stand_in_the_table():
    line, found = samples.made(150, seed=150)
    events = line.events.to_arrow()["event"].to_pylist()
    said = [remark(at, event) for at, event in enumerate(events, 1)]
    drawn = ll.figures.scenes(line, found, remarks=said)
    unmarked = {event for s in drawn for d in s.decisions if d.kind == "ticks" for event in d.events}
    counted = sum(d.count for s in drawn for d in s.decisions if d.kind == "remarks")
    assert counted >= len(unmarked) > 0
    rows = [mark for s in drawn if s.kind == "table" for mark in numbers(s)]
    assert len(rows) >= len(unmarked)
    for scene in drawn:
        if scene.kind == "remarks":
            assert all(stop.y >= 0 and stop.y + stop.height <= scene.height for stop in scene.stops)


def test_remarks_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        remark(1, "s:1").stance = "confirm"
