"""What a detector finds with other parameters."""

from datetime import date

import pytest

import levensloop as ll
from levensloop.errors import UserError

SKETCH = """
window 2000-01-01..2009-12-31
birth 1990-01-01
ggz care 2004-01-01..2004-06-30 no_show
ggz care 2004-09-15..2005-02-28 no_show
ggz care 2006-01-01..2006-03-31 goal_reached
"""


def test_a_row_for_each_value():
    told = ll.sensitivity(ll.testing.sketch(SKETCH), ll.Gap, min_days=[60, 90, 400]).to_arrow().to_pylist()
    assert [(row["min_days"], row["findings"], row["appeared"], row["gone"]) for row in told] == [
        (60, 2, 0, 0),
        (90, 1, 0, 1),
        (400, 0, 0, 2),
    ]
    assert told[0]["certain"] == 2
    assert told[0]["days_min"] == 76 + 306


def test_every_combination_of_several_parameters():
    told = ll.sensitivity(ll.testing.sketch(SKETCH), ll.Gap, min_days=[90, 60], trailing=["need", "all"])
    rows = told.to_arrow().to_pylist()
    assert [(row["min_days"], row["trailing"]) for row in rows] == [
        (90, "need"),
        (90, "all"),
        (60, "need"),
        (60, "all"),
    ]
    assert rows[1]["appeared"] == 1
    assert rows[1]["gone"] == 0


def test_a_function_detector():
    @ll.detector
    def contacts(timeline, least=1):
        """At least so many contacts."""
        if len(timeline.facts("contact")) >= least:
            yield ll.Finding(start=date(2005, 1, 1), end=date(2005, 1, 2))

    youth = ll.testing.sketch("gp contact 2005-01-01; gp contact 2005-02-01")
    told = ll.sensitivity(youth, contacts, least=[1, 2, 3]).to_arrow()
    assert told.column("findings").to_pylist() == [1, 1, 0]


def test_faults_name_what_there_is():
    youth = ll.testing.sketch("gp contact 2005-01-01")
    with pytest.raises(
        UserError, match=r"no parameter days; no list of values for min_days.*min_days, until_age"
    ):
        ll.sensitivity(youth, ll.Gap, days=[1], min_days=[])
    with pytest.raises(UserError, match="nothing to try"):
        ll.sensitivity(youth, ll.Gap)
