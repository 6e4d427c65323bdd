"""Why records are one youth, and which pairs to look at first."""

import pytest

import levensloop as ll
from helpers import events, row


def _person(key, **more):
    return row("contact", "2005", person=key, **more)


def _chain():
    """Three keys: a and c by name and address, c and d by name alone, with a missing postcode."""
    told = {"birth": "1990-02-11", "sex": "f", "surname": "De Vries"}
    return events([
        _person("d", **told, given_names="Anna"),
        _person("c", **told, given_names="A.", postcode="7811 AP"),
        _person("a", **told | {"sex": "m", "surname": "Vries-Bos"}, given_names="A", postcode="7811AP"),
        _person("z", birth="1999-01-02"),
    ])  # fmt: skip


def test_the_chain_starts_at_the_least_key_and_holds_all():
    people = ll.link(_chain(), how="rules")
    chain = people.explain("a").to_arrow().to_pylist()
    assert [(link["a"], link["b"], link["score"]) for link in chain] == [
        ("a:3", "a:2", 0.99),
        ("a:2", "a:1", 0.99),
    ]
    assert {link["matched_by"] for link in chain} == {"birth, sex, name", "birth, name, address"}
    assert len(people.explain("z")) == 0


def test_scores_are_those_of_the_surest_link():
    rows = ll.link(_chain(), how="rules").to_arrow().to_pylist()
    assert {row["person"]: row["score"] for row in rows} == {"a": 0.99, "c": 0.99, "d": 0.99, "z": None}
    assert {row["person"]: row["matched_by"] for row in rows}["z"] == "alone"


def test_a_youth_who_is_not_there_is_told_without_the_key():
    with pytest.raises(ll.UserError, match="no such youth") as caught:
        ll.link(_chain()).explain("secret")
    assert "secret" not in str(caught.value)


def test_doubtful_pairs_come_by_doubt():
    told = {"sex": "f", "surname": "De Vries", "given_names": "Anna", "postcode": "7811 AP"}
    rows = [
        _person("a", birth="1990-02-11", **told),
        _person("b", birth="1990-11-02", **told),  # day and month changed places
        _person("k", birth="1995-05-05", **told),
        _person("k", birth="1999-08-21", sex="m", surname="Bos", given_names="Tim"),
    ]
    people = ll.link(events(rows), how="rules")
    doubtful = people.doubtful().to_arrow().to_pylist()
    assert [(pair["a"], pair["b"], pair["joined"], pair["doubt"]) for pair in doubtful] == [
        ("a:3", "a:4", False, 1.0),
        ("a:1", "a:2", True, 0.5),
    ]


def test_a_reviewed_pair_is_doubtful_no_more(tmp_path):
    table = events([_person("k", birth="1990-02-11"), _person("k", birth="1999-08-21")])
    pairs = ll.link(table).doubtful().to_pandas()
    assert len(pairs) == 1
    pairs["verdict"] = "different"
    pairs.to_csv(tmp_path / "pairs.csv", index=False)
    people = ll.link(table, review=tmp_path / "pairs.csv")
    assert len(people.doubtful()) == 0
    assert sorted(people.to_arrow()["youth"].to_pylist()) == ["k", "k~2"]
