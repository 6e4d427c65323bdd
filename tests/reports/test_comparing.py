import pyarrow.compute as pc

import levensloop as ll
from levensloop.reports.comparing import _sentences, compare

FIRST = "birth 1990-01-01; ggz care 2004-01-01..2004-06-30 no_show"


def _version(text):
    cohort = ll.testing.sketch(text)
    return cohort["a"], ll.detect(cohort, ll.Gap())


def test_a_fact_that_came_is_added_and_one_that_went_is_withdrawn():
    first = _version(f"window 2000-01-01..2006-12-31; {FIRST}")
    second = _version(f"window 2000-01-01..2006-12-31; {FIRST}; ggz care 2006-02-01..2006-03-31")
    there, back = compare(first, second), compare(second, first)
    assert len(there.added) == 1
    assert there.added == back.withdrawn
    assert there.withdrawn == back.added == ()


def test_a_changed_fact_names_its_columns():
    first = _version(f"window 2000-01-01..2006-12-31; {FIRST}")
    second = _version(f"window 2000-01-01..2006-12-31; {FIRST.replace('no_show', 'client_left')}")
    told = compare(first, second)
    assert list(told.changed.values()) == [("reason",)]
    assert told.tell("en")[0] == "1 fact was changed."


def test_a_finding_that_goes_on_is_longer_and_one_without_a_match_is_new_or_gone():
    first = _version(f"window 2000-01-01..2005-12-31; {FIRST}")
    second = _version(f"window 2000-01-01..2006-12-31; {FIRST}")
    none = (first[0], first[1].where(pc.is_null(first[1].to_arrow()["start"])))
    told = compare(first, second)
    assert told.still == told.longer == ((0, 0),)
    assert compare(none, first).new == compare(first, none).gone == (0,)


def test_both_languages_have_every_sentence():
    assert _sentences()["nl"].keys() == _sentences()["en"].keys()
