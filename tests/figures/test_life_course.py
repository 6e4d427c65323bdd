"""The life course, drawn and judged."""

import pytest

from figures import samples
from figures.quality import lab, quality
from levensloop import figures
from levensloop.errors import UserError
from levensloop.figures import style
from levensloop.figures.style import SECTORS, WALL, wall

TO = "\u2013"


def drawn(line, findings=None, **options):
    pages = figures.life_course(line, findings, **options)
    floor = {"wall": 24, "a3": 11, "a4": 11}[options.get("size", "wall")]
    for page in pages:
        assert quality(page, min_px=floor) == {}, page.scene.title
    return pages


def scenes(line, findings=None, **options):
    return figures.scenes(line, findings, **options)


@pytest.fixture(scope="module")
def jorien():
    return samples.jorien(), samples.jorien_findings()


def texts(scene):
    return " ".join(mark.text for mark in scene.marks if hasattr(mark, "text")).replace("\u00a0", " ")


def test_jorien_turns_at_secondary_school_and_at_the_school_leavers_office(jorien):
    pages = drawn(*jorien)
    found = [texts(page.scene) for page in pages]
    assert len(pages) == 3
    for text, period in zip(found, ((1989, 2001), (2001, 2005), (2005, 2007)), strict=True):
        assert f"Periode {period[0]}{TO}{period[1]}" in text
    assert "van voortgezet onderwijs tot RMC" in found[1]
    assert not any(page.scene.decisions for page in pages[:2])


def test_every_event_of_jorien_has_a_box_and_stands_inside_its_bounds(jorien):
    events = {}
    for scene in scenes(*jorien):
        for event, foot, low, high in scene.feet:
            events.setdefault(event, []).append(low - 1 <= foot <= high + 1)
    assert len(events) == 26
    assert all(all(inside) for inside in events.values())


def test_the_youth_is_one_initial_and_lengths_are_bounds(jorien):
    text = " ".join(texts(scene) for scene in scenes(*jorien))
    assert "jorien" not in text.lower()
    assert "Bevindingen" in text
    assert "mogelijk geen hulp: hooguit 3287 dagen" in text
    assert f"± 1993{TO}1996" in text
    assert "jorien" in texts(
        scenes(samples.line([samples.event(1, "1990", "a", "home", "birth", "Jorien")]), mask=False)[0]
    )


def test_the_facts_view_has_no_findings(jorien):
    pages = drawn(*jorien, view="facts", lang="en")
    assert all(not list(page.scene.of("tag")) and not list(page.scene.of("hatch")) for page in pages)


def test_the_same_case_gives_the_same_scenes(jorien):
    assert scenes(*jorien) == scenes(*jorien)


def test_pages_at_dates_and_years(jorien):
    given = scenes(*jorien, pages=[2001, samples.day("2005-07-02")])
    assert [len(scene.feet) for scene in given] == [11, 5, 10]


def test_a_cluster_on_one_day_is_ticked_with_its_number():
    events = [
        samples.event(n, "2003-05-06", f"Bureau {n % 3}", "justice", "contact", "Gesprek") for n in range(60)
    ]
    pages = drawn(samples.line(events))
    assert {d.kind for d in pages[0].scene.decisions} >= {"ticks"}
    assert [page.scene.kind for page in pages][-1] == "table"


def test_a_youth_without_events_has_an_empty_page():
    (page,) = drawn(samples.line([], until="2001-01-01"))
    assert page.scene.feet == ()


def test_a_character_that_no_font_has_is_told():
    (page,) = drawn(samples.line([samples.event(1, "2003", "Bureau", "home", "family", "samen \U0001f680")]))
    assert [d.count for d in page.scene.decisions if d.kind == "glyphs"] == [1]
    assert "1 teken niet af te drukken" in texts(page.scene)


def test_an_age_limit_is_a_line_or_a_band_when_the_birth_is_not_exact():
    found = samples.found([
        samples.finding(
            "AgeLimit", "dropped", "2007-03-01", "2007-09-01", agency="Crisisopvang", rule="youthcare_wjz"
        )
    ])  # fmt: skip
    events = [samples.event(1, "2006-02-03", "Crisisopvang", "youth_care", "care_start", "Begint")]
    runs = [samples.episode("care", "Crisisopvang", "youth_care", "2006-02-03", "2007-03-01")]
    for birth, edges in (("1989-03-02", 1), ("1989", 2)):
        (page,) = drawn(samples.line(events, runs, birth=birth, until="2008-01-01"), found)
        limits = list(page.scene.of("limit"))
        assert len([mark for mark in limits if hasattr(mark, "points")]) == edges
        assert "Jeugdzorg tot 18 jaar" in texts(page.scene)


def test_a_handover_and_a_certain_gap_are_drawn():
    found = samples.found([
        samples.finding("Handover", "arrived", "2001-03-01", "2001-05-01", agency="Huisarts", to_agency="GGZ"),
        samples.finding("Gap", "unexplained", "2001-03-01", "2001-05-01"),
        samples.finding("Gap", "unobserved", "2001-06-01", "2001-08-01", sector="health"),
        samples.finding("Waiting", "started", "2001-03-01", "2001-05-01", agency="GGZ", norm_days=42, over_norm="certain"),
    ])  # fmt: skip
    events = [samples.event(1, "2001-01-01", "Huisarts", "health", "care_start")]
    runs = [
        samples.episode("care", "Huisarts", "health", "2001-01-01", "2001-03-01"),
        samples.episode("care", "GGZ", "mental_health", "2001-05-01", None),
    ]
    (page,) = drawn(samples.line(events, runs, until="2002-01-01"), found, lang="en")
    text = texts(page.scene)
    assert page.scene.count("handover") == 2
    assert page.scene.count("hatch") > 4
    assert "from Huisarts to GGZ: 61 days" in text
    assert "(norm 42 days)" in text
    assert "Health: care cannot be seen here" in text


def test_wrong_options_are_told(jorien):
    for wrong in ({"size": "a0"}, {"view": "feelings"}, {"pages": "some"}, {"lang": "fr"}):
        with pytest.raises(UserError, match=r"no such size|no such view|pages is|no such language"):
            figures.scenes(*jorien, **wrong)


def test_findings_have_a_hue_of_their_own():
    own = lab(style.FINDINGS)
    assert min(float(((own - lab(hue)) ** 2).sum() ** 0.5) for hue in SECTORS.values()) >= 20


def test_letters_grow_with_the_distance(jorien):
    far = wall(6, 2.4)
    assert far.small > WALL.small
    for page in figures.life_course(*jorien, size=far):
        assert quality(page, min_px=far.small) == {}
