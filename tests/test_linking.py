"""Which records are one youth."""

import pytest

import levensloop as ll
from helpers import cohort, events, row


def _who(people):
    return dict(
        zip(
            people.to_arrow().column("person").to_pylist(),
            people.to_arrow().column("youth").to_pylist(),
            strict=True,
        )
    )


def test_one_key_in_two_sources_is_one_youth():
    people = ll.link(
        ll.Events.concat([events([row("contact", "2005")]), events([row("contact", "2006")], "b")])
    )
    assert set(_who(people).values()) == {"y"}
    assert people.to_arrow().column("matched_by").to_pylist() == ["person", "person"]


def test_a_key_in_one_source_is_alone():
    people = ll.link(events([row("contact", "2005")]))
    assert people.to_arrow().column("matched_by").to_pylist() == ["alone"]


def test_keys_join_through_each_other_to_the_least_key():
    rows = [
        row("contact", "2005", person="c", birth="1990-01-02", sex="f"),
        row("contact", "2005", person="b", birth="1990-01-02", sex="f", municipality="Emmen"),
        row("contact", "2005", person="a", municipality="Emmen", birth="1990-01"),
        row("contact", "2005", person="z"),
    ]
    people = ll.link(events(rows), on=["person", ("birth", "sex"), "municipality"])
    assert _who(people) == {"a": "a", "b": "a", "c": "a", "z": "z"}
    reasons = dict(
        zip(people.to_arrow()["person"].to_pylist(), people.to_arrow()["matched_by"].to_pylist(), strict=True)
    )
    assert reasons == {"a": "municipality", "b": "birth+sex; municipality", "c": "birth+sex", "z": "alone"}


def test_two_births_are_reported_and_both_stay_possible():
    rows = [row("contact", "2005", birth="1990-01-02"), row("contact", "2006", birth="1991")]
    found = cohort(events(rows))
    (conflict,) = found.conflicts.to_arrow().to_pylist()
    assert conflict == {
        "youth": "y",
        "column": "birth",
        "values": ["1990-01-02", "1991-01-01/1991-12-31"],
        "records": ["a:1", "a:2"],
    }
    (youth,) = found.youths.to_arrow().to_pylist()
    assert (youth["birth_min"].isoformat(), youth["birth_max"].isoformat()) == ("1990-01-02", "1991-12-31")


def test_a_coarser_birth_is_no_conflict():
    rows = [row("contact", "2005", birth="1990-03-02"), row("contact", "2006", birth="1990")]
    found = cohort(events(rows))
    assert len(found.conflicts) == 0
    (youth,) = found.youths.to_arrow().to_pylist()
    assert youth["birth_min"] == youth["birth_max"]


def test_an_unknown_key_column_is_told():
    with pytest.raises(ll.UserError, match="cannot join records on surname"):
        ll.link(events([row("contact", "2005")]), on=["surname"])


def test_what_is_told_most_counts():
    rows = [row("contact", str(2001 + n), sex=sex) for n, sex in enumerate(("m", "f", "f"))]
    assert cohort(events(rows)).youths.to_arrow().column("sex").to_pylist() == ["f"]
