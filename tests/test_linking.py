"""Which records are one youth."""

import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import cohort, events, row
from levensloop import records


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
    with pytest.raises(ll.UserError, match="cannot join records on shoe"):
        ll.link(events([row("contact", "2005")]), on=["shoe"])


def test_what_is_told_most_counts():
    rows = [row("contact", str(2001 + n), sex=sex) for n, sex in enumerate(("m", "f", "f"))]
    assert cohort(events(rows)).youths.to_arrow().column("sex").to_pylist() == ["f"]


PERSONS = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["k1", "k2", "k3", "k4"]),
        "birth": st.sampled_from([None, "1990-02-11", "1990-11-02", "1990-02", "1996-07-20"]),
        "sex": st.sampled_from([None, "f", "m"]),
        "surname": st.sampled_from([None, "De Vries", "Vries, de", "Jansen-de Vries", "Bos"]),
        "given_names": st.sampled_from([None, "Anna", "A.", "Bram"]),
        "postcode": st.sampled_from([None, "7811 AP", "7811ap"]),
        "start": st.sampled_from(["2005", "2006-03-01"]),
        "kind": st.sampled_from(["contact", "contact", "death"]),
    }
)


def _partition(people, truth):
    """Which rows, by the text that each carries, are one youth, under which id."""
    table = people.to_arrow()
    found = {}
    for source, record, youth in zip(
        *(table[name].to_pylist() for name in ("source", "record", "youth")), strict=True
    ):
        found.setdefault(youth, set()).add(truth[source][record - 1])
    return found


@given(
    st.lists(st.tuples(st.sampled_from("ab"), PERSONS), min_size=1, max_size=8),
    st.sampled_from(["exact", "rules"]),
    st.integers(0, 9),
)
def test_the_order_of_files_and_rows_changes_nothing(rows, how, seed):
    numbered = [
        (source, person | {"agency": "ggz", "what": str(place)})
        for place, (source, person) in enumerate(rows)
    ]
    dice = random.Random(seed)  # noqa: S311 - a shuffle, no secret
    seen = []
    for _ in range(2):
        parts, truth = [], {}
        for source in dice.sample("ab", 2):
            own = [person for name, person in numbered if name == source]
            if own:
                parts.append(events(own, source))
                truth[source] = [person["what"] for person in own]
        people = ll.link(ll.Events.concat(parts), ["person", ("birth", "surname")], how)
        links = people.pairs.to_arrow().drop_columns(["a", "b"]).to_pylist()
        conflicts = [
            (found["youth"], found["column"], found["values"])
            for found in people.conflicts.to_arrow().to_pylist()
        ]
        seen.append(
            (
                _partition(people, truth),
                people.persons.to_arrow().to_pylist(),
                sorted(map(str, links)),
                conflicts,
            )
        )
        dice.shuffle(numbered)
    assert seen[0] == seen[1]


def _person(key, **more):
    return row("contact", "2005", person=key, **more)


ANNA = {
    "birth": "1990-02-11",
    "sex": "f",
    "surname": "De Vries",
    "given_names": "Anna",
    "postcode": "7811 AP",
}


def test_a_recycled_key_is_two_youths_by_rules_and_a_conflict_by_keys():
    rows = [_person("k", **ANNA), _person("k", birth="1996-07-20", sex="m", surname="Bos", given_names="Tim")]
    rows.append(rows[0])
    people = ll.link(events(rows), how="rules")
    assert people.to_arrow()["youth"].to_pylist() == ["k", "k~2", "k"]
    assert len(people.conflicts) == 0
    assert people.doubtful().to_arrow()["joined"].to_pylist() == [False]
    kept = ll.link(events(rows))
    assert set(kept.to_arrow()["youth"].to_pylist()) == {"k"}
    assert kept.conflicts.to_arrow()["column"].to_pylist() == ["birth"]
    assert kept.doubtful().to_arrow()["joined"].to_pylist() == [True]


def test_an_id_that_is_taken_is_passed_over():
    rows = [_person("k", **ANNA), _person("k", birth="1996-07-20"), _person("k~2", birth="1999-07-21")]
    people = ll.link(events(rows), how="rules")
    assert sorted(people.to_arrow()["youth"].to_pylist()) == ["k", "k~2", "k~3"]


def test_two_deaths_and_two_stays_at_once_are_reported():
    stay = {"sector": "youth_care", "care_type": "residential"}
    rows = [
        row("death", "2009-03-01"),
        row("death", "2009-08-20"),
        row("care", "2005-01-01", "2005-06-30", agency="A", **stay),
        row("care", "2005-06-30", "2005-08-01", agency="B", **stay),  # moved on the day
        row("care", "2007-01-01", "2007-06-30", agency="A", **stay),
        row("care", "2007-03-01", "2007-04-01", agency="B", **stay),
        row("care", "2008-03-01", "2008-04-01", agency="B", **stay),
    ]
    told = {found["column"]: found for found in ll.link(events(rows)).conflicts.to_arrow().to_pylist()}
    assert told["death"]["values"] == ["2009-03-01", "2009-08-20"]
    assert told["stay"]["values"] == ["A 2007-01-01/2007-06-30", "B 2007-03-01/2007-04-01"]
    assert told["stay"]["records"] == ["a:5", "a:6"]
    assert set(told) == {"death", "stay"}


def test_two_deaths_part_two_youths_by_rules():
    both = ll.Events.concat([
        events([_person("k", **ANNA), row("death", "2009-03-01", person="k", **ANNA)]),
        events([_person("x", **ANNA), row("death", "2006-08-20", person="x", **ANNA)], "b"),
    ])  # fmt: skip
    people = ll.link(both, how="rules")
    assert _who(people) == {"k": "k", "x": "x"}
    assert set(people.pairs.to_arrow()["why"].to_pylist()) == {"death"}


def test_a_search_finds_the_nodes_that_a_table_finds(monkeypatch):
    rows = [_person("k", **ANNA), _person("k", birth="1996-07-20"), _person("x"), _person("k", **ANNA)]
    whole = ll.Events.concat([events(rows), events(rows[::-1], "b")])
    before = ll.link(whole, how="rules")
    monkeypatch.setattr(records, "_TABLE", 0)
    assert ll.link(whole, how="rules") == before


def test_names_stay_behind():
    table = events([_person("k", **ANNA), _person("x", **ANNA | {"surname": "Vries, de"})])
    people = ll.link(table, how="rules")
    found = ll.merge(table, people)
    parts = [
        found.events,
        found.youths,
        found.identities,
        found.records,
        found.sources,
        found.conflicts,
        people.pairs,
    ]
    for text in ("Vries", "Anna", "7811"):
        assert not [part for part in parts if text in str(part.to_arrow().to_pylist())]
    assert isinstance(table.persons.to_arrow(), pa.Table)
