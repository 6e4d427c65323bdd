from datetime import date

import pyarrow.compute as pc
import pytest

import levensloop as ll
from levensloop.errors import UserError
from levensloop.reports import Learning, Note, Notes
from levensloop.reports.comparing import _sentences, compare, compared_rows

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


def test_a_fact_that_stands_in_another_row_now_is_the_same():
    first = _version(
        f"window 2000-01-01..2006-12-31; {FIRST}; school signal 2004-08-01; school contact 2004-09-01"
    )
    second = _version(
        f"window 2000-01-01..2006-12-31; {FIRST}; school contact 2004-09-01; school signal 2004-08-01"
    )
    ids = [version[0].events.to_arrow()["event"].to_pylist() for version in (first, second)]
    kinds = [version[0].events.to_arrow()["kind"].to_pylist() for version in (first, second)]
    assert dict(zip(*(ids[0], kinds[0]), strict=True)) != dict(zip(*(ids[1], kinds[1]), strict=True))
    told = compare(first, second)
    assert (told.added, told.withdrawn, told.changed) == ((), (), {})


def test_notes_and_learning_points_that_came_are_told():
    version = _version(f"window 2000-01-01..2006-12-31; {FIRST}")
    old = Note("school", date(2026, 3, 2), "As it was.", "case", None)
    new = Note("school", date(2026, 3, 3), "We did call.", "case", None)
    before = (*version, Notes((old,), (Learning("reach", "Ask"),)))
    after = (*version, Notes((old, new, old), (Learning("reach", "Ask"), Learning("reach", "Ask again"))))
    told = compare(before, after)
    assert told.notes == (new, old)
    assert told.learning == (Learning("reach", "Ask again"),)
    assert told.tell("en")[-2:] == ("2 notes were added.", "1 learning point was added.")
    rows = compared_rows(told, before, after, "en")
    assert [row[:2] for row in rows[1:]] == [("Note", "new"), ("Note", "new"), ("Learning point", "new")]
    assert "We did call." in rows[1][3]
    assert compare(after, before).notes == ()


def test_every_difference_is_told_in_words():
    first = _version(f"window 2000-01-01..2005-12-31; {FIRST}; school signal 2004-08-01")
    second = _version(
        f"window 2000-01-01..2006-12-31; {FIRST.replace('no_show', 'client_left')}; gp contact 2006-08-01"
    )
    told = compare(first, second)
    rows = compared_rows(told, first, second, "en")
    assert {row[:2] for row in rows[1:]} == {
        ("Fact", "added"),
        ("Fact", "no longer there"),
        ("Fact", "changed"),
        ("Finding", "lasts longer"),
    }
    changed = next(row for row in rows if row[1] == "changed")
    assert changed[3] == "ggz: care (reason of end or refusal)"
    assert all(all(row[2:]) for row in rows[1:])


def test_what_is_no_version_is_told():
    cohort = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    version = cohort["a"], ll.detect(cohort)
    for wrong in (
        cohort,
        None,
        (cohort["a"],),
        version[::-1],
        (*version, "notes.toml"),
        (*version, Notes(), 1),
    ):
        for ask in (lambda wrong=wrong: compare(wrong, version), lambda wrong=wrong: compare(version, wrong)):
            with pytest.raises(UserError, match=r"a version of a case is .+ Hint: "):
                ask()
    with pytest.raises(UserError, match="a version of a case is"):
        ll.reports.case(*version, before=cohort)
