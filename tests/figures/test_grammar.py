"""Each element of the grammar says what the data say, and no more."""

import pytest

from figures import drawing, samples
from figures.drawing import texts
from levensloop.figures.case import Seen
from levensloop.figures.findingwords import salience, tell
from levensloop.figures.reading import read_case
from levensloop.figures.scene import Rect
from levensloop.figures.style import WHITE
from levensloop.figures.words import Words

NEW = [
    ("LateResponse", "answered"), ("LateResponse", "unanswered"), ("JointKnowledge", "acted"),
    ("JointKnowledge", "not_acted"), ("UnsharedInformation", "never_shared"), ("UnsharedInformation", "shared_late"),
    ("ParallelCare", "parallel"), ("NoCoordinator", "no_coordinator"), ("SchoolBreaks", "changed"),
    ("SchoolBreaks", "out_of_school"), ("SchoolBreaks", "no_qualification"), ("SchoolBreaks", "absent"),
    ("Repetition", "repeated"), ("Deadlock", "incompatible"), ("Deadlock", "circular"), ("ReEntry", "returned"),
    ("Escalation", "during_wait"), ("Escalation", "after_signals"), ("Initiative", "youth_and_parents"),
    ("Initiative", "others"), ("NoEvaluation", "no_evaluation"), ("MissingPartner", "nobody_came"),
    ("WentWell", "warm_handover"), ("WentWell", "wait_within_norm"), ("WentWell", "signal_answered"),
    ("WentWell", "limit_bridged"), ("WentWell", "evaluated"), ("UpcomingLimit", "nothing_arranged"),
    ("UpcomingLimit", "asked"),
]  # fmt: skip


def seen(detector, outcome, **rest):
    row = samples.finding(detector, outcome, "2003-01-01", "2003-03-01", **rest)
    line = samples.line([samples.event(1, "2003", "GGZ", "mental_health", "care_start")], birth="1990-01-01")
    (found,) = read_case(line, samples.found([row]), mask=True).seen
    return found


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(("detector", "outcome"), NEW)
def test_every_finding_has_a_sentence_with_and_without_agencies(detector, outcome, lang):
    words = Words(lang)
    named = {"agency": "De Linde", "to_agency": "GGZ", "sector": "education", "rule": "youthcare_jw"}
    measures = [("signals", 3), ("agencies", 2), ("times", 2), ("share", 75), ("known", 4)]
    for rest in (named, {**named, "measures": measures}, {}):
        found = seen(detector, outcome, **rest)
        for short in (False, True):
            told = tell(found, words, short=short)
            assert told
            assert "{" not in told
            assert not told.startswith(tell(seen(detector, "a_new_outcome"), words).split(":")[0] + ":")


def test_a_finding_of_a_detector_that_nobody_knows_is_told_by_its_name():
    told = tell(seen("LongIntake", "very_long", agency="GGZ"), Words("en"))
    assert told == "long intake: very long, GGZ, 59 days"
    assert tell(seen("LongIntake", "very_long", certainty="possible"), Words("en")).startswith("possibly ")


def test_what_went_well_is_as_salient_as_what_did_not():
    assert salience(seen("WentWell", "limit_bridged")) == salience(seen("AgeLimit", "returned"))
    assert isinstance(seen("WentWell", "evaluated"), Seen)


def test_certain_findings_follow_from_the_data_and_possible_ones_are_lighter():
    events = [samples.event(1, "2003-02-01", "GGZ", "mental_health", "care_start", "Begint")]
    runs = [samples.episode("care", "GGZ", "mental_health", "2003-02-01", "2003-04-01")]
    for certainty, text in (("certain", "volgt uit de gegevens"), ("possible", "licht: mogelijk")):
        found = samples.found([
            samples.finding("Gap", "unexplained", "2003-04-01", "2003-08-01", certainty=certainty)
        ])  # fmt: skip
        (page,) = drawing.scenes(samples.line(events, runs, until="2004-01-01"), found)
        assert text in texts(page)
        (tag,) = (mark for mark in page.of("tag") if not hasattr(mark, "text"))
        assert bool(tag.dash) == (certainty == "possible")
        assert ("mogelijk geen hulp" in texts(page)) == (certainty == "possible")
        lines = [mark for mark in page.of("hatch") if hasattr(mark, "points")]
        assert bool(lines) == (certainty == "certain")


def test_a_gap_is_hatched_in_the_lanes_that_it_concerns():
    events = [
        samples.event(1, "2003-02-01", "GGZ", "mental_health", "care_start", "Begint"),
        samples.event(2, "2003-05-01", "School", "education", "school_start", "Begint"),
    ]
    runs = [samples.episode("care", "GGZ", "mental_health", "2003-02-01", "2003-04-01")]
    found = samples.found([samples.finding("Gap", "unexplained", "2003-04-01", "2003-08-01")])
    (page,) = drawing.scenes(samples.line(events, runs, until="2004-01-01"), found)
    (frame,) = (mark for mark in page.of("hatch") if hasattr(mark, "width") and hasattr(mark, "height"))
    names = {mark.text: mark.y for mark in page.of("lane") if hasattr(mark, "text")}
    assert frame.y < names["GGZ"] < frame.y + frame.height
    assert not frame.y < names["Onderwijs"] < frame.y + frame.height


class Known(samples.Line):
    """A timeline that knows its sources, agencies and records."""


def known(line, windows, records=()):
    rows = [
        {"agency": agency, "source": agency, "sector": "health", "cares": True, "rows": 1}
        for agency in windows
    ]
    sources = [
        {
            "source": agency,
            "window": None if end is None else {"start": samples.day("2000-01-01"), "end": end},
        }
        for agency, end in windows.items()
    ]

    class Rows(list):
        def to_arrow(self):
            return self

        def to_pylist(self):
            return list(self)

    found = Known(line.id, line.events, line.episodes, line.youths)
    for name, table in (("agencies", rows), ("sources", sources), ("records", records)):
        object.__setattr__(found, name, Rows(table))
    return found


def test_an_open_episode_is_sure_to_the_end_of_its_window_and_goes_on():
    line = samples.line(
        [samples.event(1, "2003-02-01", "GGZ", "mental_health", "care_start", "Begint")],
        [samples.episode("care", "GGZ", "mental_health", "2003-02-01", None)],
        until="2006-01-01",
    )
    (run,) = read_case(known(line, {"GGZ": samples.day("2004-01-01")}), None, mask=True).runs
    assert (run.sure_end, run.end) == (
        samples.day("2004-01-01").toordinal(),
        samples.day("2006-01-01").toordinal(),
    )
    (open_end,) = read_case(known(line, {"GGZ": None}), None, mask=True).runs
    assert open_end.sure_end == open_end.end
    (page,) = drawing.scenes(known(line, {"GGZ": samples.day("2004-01-01")}))
    assert page.count("chevron") == 1
    assert len({mark.fill for mark in page.of("bar")}) == 2


def test_a_disputed_fact_shows_both_versions():
    told = samples.event(
        1, "2003-02-01", "GGZ", "mental_health", "diagnosis", "ASS", disputed=["reason", "what"]
    )
    line = samples.line([told], until="2004-01-01")
    records = [
        {"event": "s:1", "row": [("what", "ASS"), ("reason", "too_young")]},
        {"event": "s:1", "row": [("what", "ADHD"), ("reason", "no_place")]}, {"event": "s:2", "row": None},
    ]  # fmt: skip
    (page,) = drawing.scenes(known(line, {}, records))
    assert "(bronnen verschillen: ‘te jong’ / ‘geen plaats’)" in texts(page)  # noqa: RUF001 - quotation marks
    (plain,) = drawing.scenes(line)
    assert "(bronnen verschillen)" in texts(plain)
    told["disputed"] = ["what"]
    (agreed,) = drawing.scenes(samples.line([told]))
    assert "bronnen" not in texts(agreed)


def test_text_from_right_to_left_stands_at_the_right():
    events = [samples.event(1, "2003-02-01", "GGZ", "home", "voice", "שלום ילד עם משפחה")]
    (page,) = drawing.scenes(samples.line(events))
    (box,) = page.of("box")
    lines = [mark for mark in page.of("text") if mark.rtl]
    assert lines
    assert {mark.anchor for mark in lines} == {"right"}
    assert all(box.x + box.width - 20 < mark.x <= box.x + box.width for mark in lines)


def test_a_page_is_told_in_words_with_its_caption_and_stops():
    first, second, third = drawing.scenes(samples.jorien(), samples.jorien_findings())
    assert first.caption == "Figuur 1: Periode 1989\u20132001: van geboorte tot voortgezet onderwijs"
    assert second.caption.startswith("Figuur 2: Periode 2001\u20132005: van voortgezet onderwijs")
    assert "Mogelijk: geen hulp: hooguit 3287 dagen" in first.description
    assert "In volgorde van tijd: 1989, Gezin: J wordt geboren;" in first.description
    assert "jorien" not in third.description.lower()
    boxes = [stop for stop in first.stops if not stop.text.startswith("mogelijk")]
    assert len(boxes) == len(first.feet)
    assert boxes[0].text == "1989, Gezin: J wordt geboren"
    assert all(stop.width > 0 and stop.events for stop in boxes)
    assert drawing.scenes(samples.jorien(), number=4, lang="en")[0].caption.startswith(
        "Figure 4: Period 1989"
    )


def test_limits_come_from_the_rulebook_that_was_used():
    found = samples.found([
        samples.finding("AgeLimit", "dropped", "2007-03-01", "2007-09-01", agency="Hulp", rule="youthcare_wjz")
    ])  # fmt: skip
    events = [samples.event(1, "2006-02-03", "Hulp", "youth_care", "care_start", "Begint")]
    line = samples.line(events, birth="1989-03-02", until="2008-01-01")
    (page,) = drawing.scenes(line, found)
    assert page.count("limit") == 1
    (other,) = drawing.scenes(line, found, rules={})
    assert other.count("limit") == 0


def test_the_ground_of_a_name_on_a_wait_is_that_of_the_wait():
    page = drawing.scenes(*samples.made(12, seed=0), fonts=("DejaVu Sans",))[0]
    waits = [mark for mark in page.of("wait") if isinstance(mark, Rect)]
    grounds = [
        ground.fill
        for ground in page.of("ground")
        for wait in waits
        if wait.x <= ground.x <= wait.x + wait.width - ground.width and abs(wait.y - ground.y) < 14
    ]
    assert set(grounds) == {WHITE}
