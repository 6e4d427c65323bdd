"""Sentences and open questions."""

import tomllib
from importlib.resources import files

import pyarrow as pa
import pytest

import levensloop as ll
from levensloop.detectors import BUILT_IN
from levensloop.measures.aspects import known
from levensloop.reports.discussion import aspect_of, questions

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
