"""The odds that two records are one youth, as Splink fits them."""

import builtins
import importlib.util
import sys

import pyarrow as pa
import pytest

import levensloop as ll
from conftest import ROOT
from helpers import events, row
from levensloop.events import EventParts


@pytest.fixture(scope="module")
def planted():
    """Two thousand youths of the benchmark, at three agencies, and who they really are."""
    spec = importlib.util.spec_from_file_location("planted_linking", ROOT / "benchmarks" / "linking.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, *module.delivery(2000, 11)


def test_odds_find_planted_youths_back_and_the_same_ones_again(planted):
    pytest.importorskip("splink")
    module, told, truth = planted
    people = ll.link(told, how="probable")
    precision, recall = module.measured(people, told, truth)
    assert precision > 0.99
    assert recall > 0.96
    again = ll.link(told, how="probable")
    assert again.to_arrow()["youth"].equals(people.to_arrow()["youth"])
    pairs = people.pairs.to_arrow().to_pylist()
    assert {pair["matched_by"] for pair in pairs} == {"odds", "key of one source", "person"}
    assert all(0 <= pair["score"] <= 1 for pair in pairs)
    assert "twins" in {pair["why"] for pair in pairs}
    first = next(pair for pair in pairs if pair["joined"] and pair["matched_by"] == "odds")
    assert len(people.explain(first["youth_a"])) > 0


def test_exact_keys_and_rules_find_fewer_than_odds(planted):
    module, told, truth = planted
    exact = module.measured(
        ll.link(told, ["person", ("birth", "sex", "surname", "initial", "postcode")]), told, truth
    )
    rules = module.measured(ll.link(told, how="rules"), told, truth)
    assert exact[1] < 0.6
    assert rules[1] > 0.88
    assert rules[0] > 0.98


def _without(told, *columns):
    """The same events, of which some particulars are told nowhere."""
    parts = {name: getattr(told, name).to_arrow() for name in ("origin", "persons", "sources", "records")}
    for name in columns:
        place = parts["persons"].column_names.index(name)
        kind = parts["persons"].schema.field(name).type
        empty = pa.nulls(len(parts["persons"]), kind)
        parts["persons"] = parts["persons"].set_column(place, name, empty)
    return ll.Events.of(EventParts(delivered=told.to_arrow(), **parts))


def test_what_is_told_nowhere_is_left_out(planted):
    pytest.importorskip("splink")
    module, told, truth = planted
    for columns in (("postcode",), ("given_names",), ("sex",)):
        less = _without(told, *columns)
        precision, recall = module.measured(ll.link(less, how="probable"), less, truth)
        assert precision > 0.9
        assert recall > 0.8
    with pytest.raises(ll.UserError, match="too little of persons"):
        ll.link(_without(told, "postcode", "surname", "given_names"), how="probable")


def test_records_without_a_match_are_told():
    pytest.importorskip("splink")
    rows = [
        row("contact", "2005", person=f"p{n}", birth=f"{1950 + n % 60}-{1 + n % 12:02}-{1 + n % 28:02}", sex="f",
            surname=f"Naam{n}", given_names=f"{chr(65 + n % 26)}o", postcode=f"{1000 + n} AB")
        for n in range(520)
    ]  # fmt: skip
    with pytest.raises(ll.UserError, match="too little to fit a model"):
        ll.link(events(rows), how="probable")


def test_too_few_persons_are_told():
    pytest.importorskip("splink")
    with pytest.raises(ll.UserError, match="too little to fit a model"):
        ll.link(events([row("contact", "2005")]), how="probable")


def test_splink_that_is_not_installed_is_told(monkeypatch):
    real = builtins.__import__

    def none(name, *rest, **more):
        if name == "splink":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "splink", raising=False)
    monkeypatch.setattr(builtins, "__import__", none)
    with pytest.raises(ll.UserError, match=r"install levensloop\[link\]"):
        ll.link(events([row("contact", "2005")]), how="probable")
