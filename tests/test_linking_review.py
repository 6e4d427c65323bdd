"""A reviewer's word about pairs of records, and settings of one's own."""

import csv

import pytest

import levensloop as ll
from helpers import events, row

ANNA = {
    "birth": "1990-02-11",
    "sex": "f",
    "surname": "De Vries",
    "given_names": "Anna",
    "postcode": "7811 AP",
}


def _person(key, **more):
    return row("contact", "2005", person=key, **more)


def _review(tmp_path, *rows):
    path = tmp_path / "pairs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a", "b", "verdict"), *rows])
    return path


def test_a_reviewer_overrides_keys_rules_and_births(tmp_path):
    rows = [_person("k", **ANNA), _person("x", **ANNA), _person("z", birth="1980-01-02")]
    path = _review(
        tmp_path,
        ("a:1", "a:2", "different"),
        ("a:3", "a:1", "Same "),
        ("a:2", "a:3", ""),
        ("a:1", "a:1", "same"),
    )
    people = ll.link(events(rows), how="rules", review=path)
    assert people.to_arrow()["youth"].to_pylist() == ["k", "x", "k"]
    assert people.conflicts.to_arrow()["column"].to_pylist() == ["birth"]
    assert "review" in people.to_arrow()["matched_by"].to_pylist()
    assert "review" in people.pairs.to_arrow()["why"].to_pylist()
    keyed = ll.link(
        events([_person("k", **ANNA), _person("k", birth="1991")]),
        review=_review(tmp_path, ("a:1", "a:2", "different")),
    )
    assert keyed.to_arrow()["youth"].to_pylist() == ["k", "k~2"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("a:1", "a:9", "same")], "no such record"),
        ([("a:1", "b", "same")], "no such record"),
        ([("a:1", "a:2", "perhaps")], "row 2: a verdict is"),
        ([("a:1", "a:1", "different")], "tell the same of the person"),
        ([("a:1", "a:2", "same"), ("a:2", "a:3", "same"), ("a:1", "a:3", "different")], "contradicts itself"),
    ],
)
def test_a_review_that_cannot_be_is_told_row_by_row(tmp_path, rows, told):
    table = events([_person(key, birth=f"199{place}-01-02") for place, key in enumerate("kxz")])
    with pytest.raises(ll.UserError, match=told):
        ll.link(table, review=_review(tmp_path, *rows))


def test_a_review_that_is_no_table_is_told(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("")
    with pytest.raises(ll.UserError, match="no column a, b, verdict"):
        ll.link(events([_person("k")]), review=path)
    with pytest.raises(ll.UserError, match="cannot be read"):
        ll.link(events([_person("k")]), review=tmp_path)


def test_settings_and_strengths_that_do_not_exist_are_told(tmp_path):
    table = events([_person("k")])
    with pytest.raises(ll.UserError, match="how is one of exact, rules, probable"):
        ll.link(table, how="magic")
    with pytest.raises(ll.UserError, match="cannot be read as TOML"):
        ll.link(table, how="rules", settings=tmp_path / "none.toml")
    with pytest.raises(ll.UserError, match="nothing"):
        ll.link(table, on=())
    own = tmp_path / "own.toml"
    own.write_text("join = 0.5\n")
    with pytest.raises(ll.UserError, match="lacks sure, rule"):
        ll.link(table, how="rules", settings=own)
    own.write_text('join = 0.5\nsure = 0.5\n[[rule]]\nname = "x"\non = ["shoe"]\nscore = 1\n')
    with pytest.raises(ll.UserError, match="the rules use shoe"):
        ll.link(table, how="rules", settings=own)


def test_a_row_that_tells_of_two_persons_is_two_records(tmp_path):
    (tmp_path / "raad.csv").write_text(
        "kind1;kind2;d1;d2\nx;y;2005-01-02;2005-01-03\nx;x;2006-01-02;2006-01-03\n"
    )
    (tmp_path / "raad.toml").write_text(
        '[constants]\nagency = "Raad"\nkind = "contact"\n'
        '[[event]]\ncolumns = {person = "kind1", start = "d1"}\n'
        '[[event]]\ncolumns = {person = "kind2", start = "d2"}\n'
    )
    table = ll.read(tmp_path / "raad.csv", layout=str(tmp_path / "raad.toml"), pseudonymise=False)
    people = ll.link(table)
    assert [(line["record"], line["person"]) for line in people.to_arrow().to_pylist()] == [
        (1, "x"),
        (1, "y"),
        (2, "x"),
    ]
    with pytest.raises(ll.UserError, match="tells of two persons"):
        ll.link(table, review=_review(tmp_path, ("raad:1", "raad:2", "same")))
