"""Sentences and open questions."""

import tomllib
from importlib.resources import files

import pyarrow as pa
import pytest

import levensloop as ll
from levensloop.detectors import BUILT_IN
from levensloop.measures.aspects import known
from levensloop.reports.discussion import aspect_of, questions, spoken

NAMES = [detector.__name__ for detector in BUILT_IN]


def found(detector):
    """The pairs of detector and outcome in the examples of a detector."""
    return {
        (row["detector"], row["outcome"])
        for example in detector.EXAMPLES
        for row in ll.detect(ll.testing.sketch(example.sketch), detector()).to_arrow().to_pylist()
    }


@pytest.mark.parametrize("detector", BUILT_IN, ids=NAMES)
def test_every_outcome_has_a_question_of_its_own(detector):
    for name, outcome in found(detector):
        for lang in ("nl", "en"):
            assert questions()[lang][name][outcome].endswith("?")


def test_both_languages_ask_the_same():
    first, second = (
        {(name, word) for name, held in asked.items() for word in held} for asked in questions().values()
    )
    assert first == second
    assert {name for name, _ in first} == set(NAMES)
    locale = (files("levensloop") / "data" / "locale" / "en.toml").read_text("utf-8")
    assert {word for _, word in first} == set(tomllib.loads(locale)["outcome"])


def test_topics_stand_under_their_aspects_in_order():
    cohort = ll.testing.sketch("""
        window 2000-01-01..2006-12-31; birth 1990-01-01
        school signal 2002-01-01; ggz care 2004-01-01..2004-06-30 no_show
        gp referral 2004-07-01 > bjz; bjz care 2005-02-01..2005-12-31 goal_reached
    """)
    topics = ll.reports.discussion(ll.detect(cohort), cohort["a"], lang="en")
    order = [*known(), "other"]
    places = [order.index(topic.aspect) for topic in topics]
    assert places == sorted(places)
    assert len(set(places)) > 2
    rows = ll.detect(cohort).to_arrow().to_pylist()
    assert sorted(topic.finding for topic in topics) == list(range(len(rows)))
    for topic in topics:
        row = rows[topic.finding]
        assert topic.aspect == aspect_of(row["detector"], row["outcome"])
        assert list(topic.evidence) == row["evidence"]


def test_a_detector_of_ones_own_gets_a_general_question():
    assert aspect_of("LongCare", "long") == "other"
    cohort = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    table = ll.detect(cohort, ll.Gap()).to_arrow()
    place = table.schema.get_field_index("detector")
    own = ll.Findings(
        table.set_column(
            place,
            table.schema.field(place),
            pa.array(["LongCare"] * len(table)).cast(table.schema.field(place).type),
        )
    )
    topics = ll.reports.discussion(own, cohort["a"], lang="en")
    assert {(topic.aspect, topic.question) for topic in topics} == {
        ("other", "Do you recognise this? Who knew of it, and what would have been needed?")
    }


def told(text, *detectors, lang="en"):
    cohort = ll.testing.sketch(text)
    return spoken(cohort["a"], ll.detect(cohort, *detectors), lang)


def test_a_gap_is_told_with_its_days_and_what_was_waited_for():
    life = """
        window 2000-01-01..2008-12-31; birth 1990-01-01
        ggz care 2005-01-01..2006-03-11 no_show
        gp referral 2006-03-12 > bjz; bjz care 2006-10-05..2007-12-31 goal_reached
    """
    gap, *_ = told(life, ll.Gap(), ll.Waiting())
    assert gap == (
        "From 12 March 2006 to 4 October 2006 the data hold no care for A; the wait for bjz was going on."
    )
    gap, *_ = told(life, ll.Gap(), ll.Waiting(), lang="nl")
    assert gap == (
        "Van 12 maart 2006 tot en met 4 oktober 2006 staat in de gegevens geen hulp aan A; het wachten op bjz liep."
    )
    (alone,) = told(life, ll.Gap())
    assert alone == "From 12 March 2006 to 4 October 2006 the data hold no care for A."


def test_of_a_day_in_doubt_no_length_is_told():
    life = "window 2000-01-01..2008-12-31; birth 1990-01-01; gp referral 2005 > ggz; ggz contact 2004-01-01"
    (wait,) = told(life, ll.Waiting())
    assert wait.startswith("From 1 January 2005 or later, and not over on 31 December 2008: ")
    known = life.replace("referral 2005", "referral 2005-03-02")
    assert told(known, ll.Waiting())[0].startswith("From 2 March 2005, and not over on 31 December 2008: ")


@pytest.mark.parametrize("detector", BUILT_IN, ids=NAMES)
def test_what_is_possible_is_said_to_be(detector):
    for example in detector.EXAMPLES:
        cohort = ll.testing.sketch(example.sketch)
        found = ll.detect(cohort, detector())
        for youth in cohort:
            rows = found.of(youth).to_arrow().to_pylist()
            for lang, word in (("en", "possibl"), ("nl", "mogelijk")):
                sentences = spoken(cohort[youth], found.of(youth), lang)
                assert len(sentences) == len(rows)
                for row, sentence in zip(rows, sentences, strict=True):
                    assert sentence[0] == sentence[0].upper()
                    assert sentence.endswith(".")
                    assert (word in sentence) == (row["certainty"] == "possible")


def test_no_question_blames_or_is_answered_by_yes_or_no():
    opens = {
        "nl": ("Wie ", "Wat ", "Waar", "Welke ", "Hoe ", "Bij wie ", "Aan wie "),
        "en": ("Who ", "Whom ", "What ", "Where ", "Which ", "How ", "With whom ", "By what "),
    }
    blame = (
        "waarom",
        "schuld",
        "fout",
        "nagelaten",
        "verzuimd ",
        "why",
        "fault",
        "blame",
        "failed",
        "should",
    )
    for lang, held in questions().items():
        for asked in (question for outcomes in held.values() for question in outcomes.values()):
            last = asked.rsplit(". ", 1)[-1]
            assert last.startswith(opens[lang]), asked
            assert not [word for word in blame if word in asked.lower()], asked


def test_other_nouns_and_languages_are_told():
    cohort = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    found = ll.detect(cohort, ll.Gap())
    for wrong, told in (
        (
            lambda: ll.reports.discussion(cohort["a"], found),
            "discussion takes Findings and was given Timeline",
        ),
        (lambda: ll.reports.discussion(found, "a"), "discussion takes Timeline and was given str"),
        (lambda: ll.reports.discussion(found, cohort["a"], lang="de"), "no such language"),
        (lambda: ll.reports.finding_keys(cohort), "finding_keys takes Findings"),
    ):
        with pytest.raises(ll.UserError, match=told):
            wrong()
