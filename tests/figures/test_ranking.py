"""Which findings are told first, and what a box says of an end."""

from dataclasses import replace

import levensloop as ll
from levensloop.figures.findingwords import less_likely
from levensloop.figures.reading import read_case
from levensloop.figures.words import Words

_CHANGES = """
birth 1990-01-01
north school 199X..2001-01-01
south school 1995/2000..2004-01-01
"""


def _seen(text):
    cohort = ll.testing.sketch(text)
    return read_case(cohort["a"], ll.detect(cohort, ll.SchoolBreaks()), mask=True).seen


def test_of_a_change_that_is_possible_both_ways_the_earlier_way_is_the_less_likely():
    changes = [seen for seen in _seen(_CHANGES) if seen.outcome == "changed"]
    assert {(s.agency, s.to_agency) for s in changes} == {("north", "south"), ("south", "north")}
    (left,) = less_likely(changes)
    (likely,) = (s for s in changes if s != left)
    assert left.start < likely.start


def test_what_is_certain_or_possible_one_way_only_is_never_left_out():
    changes = [seen for seen in _seen(_CHANGES) if seen.outcome == "changed"]
    assert not less_likely([replace(seen, certain=True) for seen in changes])
    assert not less_likely(changes[:1])


def test_a_box_at_the_start_says_until_when():
    cohort = ll.testing.sketch("birth 1990-01-01\nnorth school 1996-08-01..2002-07-31 as_planned")
    (fact,) = (f for f in read_case(cohort["a"], None, mask=True).facts if f.kind == "school")
    assert Words("en").what(fact) == "School until 31 Jul 2002: as planned"
    assert Words("en").what(replace(fact, ended=None)) == "School, ended: as planned"
    vague = (fact.ended[0] - 30, fact.ended[1])
    assert Words("en").what(replace(fact, ended=vague)) == "School, ended: as planned"
