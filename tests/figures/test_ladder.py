"""Where a page is too full: more pages, ticks with numbers, and a table that tells them."""

from pathlib import Path

import pytest

import levensloop as ll
from figures import drawing, samples
from levensloop.errors import UserError
from levensloop.figures.scene import Line, Text
from levensloop.figures.ticks import compressed

TO = "\u2013"
JORIEN = Path(__file__).parents[2] / "data" / "sample" / "jorien"


def full(number, **choices):
    return drawing.scenes(*samples.made(number, seed=number), **choices)


def test_as_many_pages_as_give_every_event_a_box():
    pages = full(40)
    assert all(page.kind == "page" for page in pages)
    assert sum(len(page.feet) for page in pages) == 40


def test_what_has_no_box_is_a_numbered_tick_and_a_row_of_the_table():
    line, findings = samples.made(150, seed=150)
    pages = drawing.scenes(line, findings, lang="en")
    assert len(pages) <= 6
    tables = [page for page in pages if page.kind == "table"]
    assert tables
    boxed = {event for page in pages for event, *_ in page.feet}
    rows = {event for page in tables for stop in page.stops for event in stop.events}
    assert boxed | rows >= set(line.events.to_arrow()["event"].to_pylist())
    assert not boxed & {event for page in tables for mark in page.of("number") for event in mark.events}
    for page in pages:
        ticks = next((d for d in page.decisions if d.kind == "ticks"), None)
        if ticks is not None:
            assert f"{ticks.count} without a box: see page " in drawing.texts(page)
            assert {e for mark in page.of("tick") for e in mark.events} == set(ticks.events)


def test_one_page_that_was_asked_for_keeps_every_event_too():
    line, findings = samples.made(40, seed=40)
    first, *rest = drawing.scenes(line, findings, pages="whole")
    assert [page.kind for page in rest] == ["table"] * len(rest)
    told = {event for event, *_ in first.feet}
    told |= {event for d in first.decisions if d.kind == "ticks" for event in d.events}
    assert told == set(line.events.to_arrow()["event"].to_pylist())


def test_a_minor_contact_is_counted_on_the_bar_of_its_agency():
    events = [samples.event(n, f"2003-0{n}-06", "GGZ", "mental_health", "contact") for n in range(1, 9)]
    events += [
        samples.event(20 + n, f"2003-{n:02}-{d}", "School", "education", "diagnosis", "Een lange tekst " * 9)
        for n in range(1, 13)
        for d in (10, 20)
    ]
    runs = [samples.episode("care", "GGZ", "mental_health", "2002-01-01", "2004-01-01")]
    page = drawing.scenes(samples.line(events, runs), pages="whole")[0]
    assert any(mark.text == f"GGZ {chr(215)}8" for mark in page.of("label"))


def test_a_handful_of_events_stays_on_one_sheet():
    (page,) = full(5)
    assert len(page.feet) == 5
    assert page.kind == "page"


def test_numbers_are_written_as_spans():
    assert compressed([3]) == "3"
    assert compressed([5, 1, 2, 9, 6]) == f"1{TO}2, 5{TO}6, 9"


def test_a_sheet_too_small_for_its_letters_is_told():
    from levensloop.figures.style import Size

    tiny = Size("tiny", 300, 160, 8, (12, 11), 11, 14)
    with pytest.raises(UserError, match="too small"):
        drawing.scenes(samples.jorien(), size=tiny)


def test_the_head_of_a_page_in_the_table_is_told_whole_and_its_line_runs_below_it():
    table = drawn_table()
    told = [mark for mark in table.of("row") if isinstance(mark, Text) and mark.bold]
    assert "Blad 1 \u00b7 Periode 1989\u20132001: van geboorte tot voortgezet onderwijs" in " ".join(
        mark.text for mark in told
    )
    under = sorted(mark.points[0][1] for mark in table.of("row") if isinstance(mark, Line))
    tails = [mark.y + 0.23 * mark.size for mark in told]
    assert not [tail for tail in tails for y in under if tail - 20 < y < tail]


def drawn_table():
    """The first sheet of the table of Jorien's pages."""
    events = ll.read(JORIEN, pseudonymise=False)
    cohort = ll.merge(events, ll.link(events))
    pages = drawing.scenes(cohort["jorien"], ll.detect(cohort), fonts=("DejaVu Sans",))
    return next(page for page in pages if page.kind == "table")
