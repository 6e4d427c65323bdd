"""The eight quality aspects: what speaks to each, for how many, and where nothing does."""

import numpy as np

import levensloop as ll
from levensloop.detectors import BUILT_IN
from levensloop.measures.aspects import known
from levensloop.measures.suppressing import small

SKETCH = """
window 2000-01-01..2006-12-31
youth a; birth 1990-01-01
ggz care 2004-01-01..2004-06-30 no_show
ggz care 2005-02-01..2005-03-31 goal_reached
youth b; birth 1991-01-01
ggz care 2004-01-01..2004-06-30 goal_reached
"""


def _states(told, youth):
    return {row["aspect"]: row["state"] for row in told.to_arrow().to_pylist() if row["youth"] == youth}


def test_every_built_in_detector_speaks_to_an_aspect():
    spoken = {name for aspect in known().values() for name in aspect.detectors}
    assert spoken == {detector.__name__ for detector in BUILT_IN}


def test_a_finding_no_finding_and_nobody_who_could_look_are_three():
    cohort = ll.testing.sketch(SKETCH)
    told = ll.aspects(ll.detect(cohort, ll.Gap(min_days=90)), cohort, least=0)
    assert _states(told, "a")["continuity"] == "found"
    assert _states(told, "b")["continuity"] == "nothing_found"
    assert _states(told, "a")["reach"] == "nothing_speaks"
    chain = {row["aspect"]: row for row in told.chain.to_arrow().to_pylist()}
    assert (
        chain["continuity"]["youths"],
        chain["continuity"]["certain"],
        chain["continuity"]["assessed"],
    ) == (1, 1, 2)
    assert chain["reach"]["state"] == "nothing_speaks"
    assert told.tell("en")[4] == "Reach: nothing in the data speaks to this."
    assert told.tell("en")[5] == "Continuity: findings on 1 of 2 youths."


def test_small_counts_are_not_shown_of_a_chain():
    cohort = ll.testing.sketch(SKETCH)
    told = ll.aspects(ll.detect(cohort, ll.Gap(min_days=90)), cohort)
    (row,) = (r for r in told.chain.to_arrow().to_pylist() if r["aspect"] == "continuity")
    assert row["youths"] is None
    assert "too few" in told.tell("en")[5]
    assert small(np.array([4, 5]), np.array([100, 100])).tolist() == [True, False]


def test_every_finding_is_counted_once_a_side():
    cohort = ll.testing.sketch(SKETCH)
    found = ll.detect(cohort)
    told = ll.aspects(found, cohort, least=0).to_arrow()
    total = sum(sum(told.column(name).to_pylist()) for name in ("certain", "possible", "well"))
    assert total == len(found)
