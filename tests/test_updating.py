"""A cohort updated with a new delivery is the cohort that a full rebuild gives."""

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import cohort as merged
from helpers import events, row
from levensloop import updating
from levensloop.resolving import Policy
from strategies import checked
from untidy import ON, read, rebuilt, sources


@checked
@given(sources, st.sampled_from([{"on": ON}, {"how": "rules"}]), st.data())
def test_deliveries_one_after_the_other_give_what_all_give_at_once(delivered, how, data):
    names = data.draw(st.permutations([f"s{at}" for at in range(len(delivered))]))
    parts = [read(rows, name) for rows, name in zip(delivered, names, strict=True)]
    first = data.draw(st.integers(1, len(parts)))
    cohort = rebuilt(parts[:first], **how)
    for at in range(first, len(parts)):
        cohort = ll.update(cohort, parts[at])
    assert cohort == rebuilt(parts, **how)


@checked
@given(sources, st.data())
def test_several_sources_at_once_added_to_a_cohort_from_disk(tmp_path_factory, delivered, data):
    parts = [read(rows, f"s{at}") for at, rows in enumerate(delivered)]
    first = data.draw(st.integers(1, len(parts)))
    folder = tmp_path_factory.mktemp("saved")
    rebuilt(parts[:first]).save(folder)
    again = data.draw(st.integers(0, first))  # what is read again adds nothing
    assert ll.update(ll.load(folder), ll.Events.concat(parts[again:])) == rebuilt(parts)


@pytest.fixture
def counted(monkeypatch):
    """How many events each update merges anew."""
    sizes = []
    merge = updating.merge

    def counting(some, *rest, **options):
        sizes.append(len(some))
        return merge(some, *rest, **options)

    monkeypatch.setattr(updating, "merge", counting)
    return sizes


def contacts(*persons, **more):
    return [row("contact", "2005-03-01", person=person, **more) for person in persons]


def test_only_the_youths_concerned_are_merged_anew(counted):
    old = events(contacts(*(f"p{number:03}" for number in range(200))))
    new = events([*contacts("p007", what="again"), *contacts("q")], "b")
    found = ll.update(merged(old), new)
    assert counted == [3]
    assert found == merged(old, new)


def test_a_delivery_that_makes_two_youths_one_touches_both_and_no_other(counted):
    old = events([*contacts("a", birth="1990-01-02"), *contacts("b"), *contacts("c")])
    new = events(contacts("b", birth="1990-01-02", what="more"), "b")
    before = rebuilt([old])
    found = ll.update(before, new)
    assert (list(before), list(found)) == (["a", "b", "c"], ["a", "c"])
    assert counted == [3]
    assert found == rebuilt([old, new])


def test_corrections_and_order_in_a_later_delivery():
    care = row("care_start", "2005-03-01", care_id="k1")
    old = events([care, row("care_start", "2005", care_id="k2"), row("contact", "2006-05-04")])
    withdrawn = events([care | {"status": "withdrawn"}], "b")
    told = events([row("contact", "2005-06", before="a:3", after="k2", what="after")], "c")
    found = ll.update(ll.update(merged(old), withdrawn), told)
    assert found == merged(old, withdrawn, told)
    fates = [(one["fate"], one["reason"]) for one in found.records.to_arrow().to_pylist()]
    assert fates[0] == ("ignored", "withdrawn")
    assert fates[3] == ("ignored", "withdrawal")
    restored = events([care | {"status": "new"}], "d")
    assert ll.update(found, restored) == merged(old, withdrawn, told, restored)


@pytest.mark.parametrize(
    "policy", [Policy("source_order", order=["b"]), Policy(columns={"what": "most_sources"})]
)
@pytest.mark.parametrize("same", [None, {}])
def test_the_policy_and_the_families_stay_those_of_the_cohort(tmp_path, policy, same):
    one = events([row("care_start", "2005-03-01", what="x")], "a")
    two = events([row("care_start", "2005-03-05", what="y")], "b")
    ll.merge(one, ll.link(one), policy=policy, same=same).save(tmp_path)
    whole = ll.Events.concat([one, two])
    wanted = ll.merge(whole, ll.link(whole), policy=policy, same=same)
    assert ll.update(ll.load(tmp_path), two) == wanted
    assert len(wanted.events) == (1 if same is None else 2)


def test_the_same_delivery_again_changes_nothing(tmp_path):
    table = "person,agency,kind,start\na,GP,contact,2005-01-01\n,GP,contact,2005\n"
    (tmp_path / "gp.csv").write_text(table, "utf-8")
    first = ll.read(tmp_path / "gp.csv")
    assert first.sources.to_arrow()["sha256"][0].as_py()
    cohort = merged(first)
    assert ll.update(cohort, ll.read(tmp_path / "gp.csv")) is cohort
    (tmp_path / "gp.csv").write_text(table + "a,GP,contact,2006-01-01\n", "utf-8")
    with pytest.raises(ll.UserError, match=r"other content.*: gp\. Hint: give .* a name of its own"):
        ll.update(cohort, ll.read(tmp_path / "gp.csv"))


@pytest.mark.parametrize(
    "other",
    [
        events(contacts("a", what="other")),
        events(contacts("a"), window=(dt.date(2000, 1, 1), dt.date(2012, 12, 31))),
        events([*contacts("a"), row("contact", "nonsense", person="a")]),
    ],
)
def test_a_table_of_the_same_name_that_tells_something_else_is_refused(other):
    cohort = merged(events(contacts("a")))
    assert ll.update(cohort, events(contacts("a"))) is cohort
    with pytest.raises(ll.UserError, match="sources of the same name with other content"):
        ll.update(cohort, ll.Events.concat([other, events(contacts("b"), "b")]))


def test_what_cannot_be_updated_says_why(tmp_path):
    one, more = events(contacts("a", "b")), events(contacts("c"), "b")
    cohort = merged(one)
    with pytest.raises(ll.UserError, match="one timeline cannot be updated"):
        ll.update(cohort["a"], more)
    with pytest.raises(ll.UserError, match="a part of a cohort"):
        ll.update(cohort.part(0, 1), more)
    people = ll.link(one)
    by_hand = ll.Identities(people.to_arrow(), people.persons.to_arrow())
    with pytest.raises(ll.UserError, match="not made by `link`"):
        ll.update(ll.merge(one, by_hand), more)
    cohort.save(tmp_path)
    for name in ("delivered.parquet", "settings.json"):
        (tmp_path / name).unlink()
    older = ll.load(tmp_path)
    assert older == cohort
    with pytest.raises(ll.UserError, match=r"delivered\.parquet, settings\.json missing"):
        ll.update(older, more)


def test_a_folder_holds_nothing_of_the_cohort_that_was_there_before(tmp_path):
    cohort = merged(events(contacts("a", "b")))
    cohort.save(tmp_path)
    cohort.part(0, 1).save(tmp_path)
    with pytest.raises(ll.UserError, match=r"delivered\.parquet, origin\.parquet"):
        ll.update(ll.load(tmp_path), events(contacts("c"), "b"))


def test_names_are_saved_only_when_asked_for(tmp_path):
    born = {"birth": "1990-01-02", "sex": "f", "surname": "Jansen-Zeldzaam", "given_names": "Anna"}
    one, two = events(contacts("a", **born)), events(contacts("b", **born), "b")
    cohort = rebuilt([one], how="rules")
    cohort.save(tmp_path / "without")
    assert all(b"Zeldzaam" not in file.read_bytes() for file in (tmp_path / "without").iterdir())
    with pytest.raises(ll.UserError, match="saved without them"):
        ll.update(ll.load(tmp_path / "without"), two)
    cohort.save(tmp_path / "with", names=True)
    found = ll.update(ll.load(tmp_path / "with"), two)
    assert found == rebuilt([one, two], how="rules")
    assert list(found) == ["a"]
    assert ll.update(pickle.loads(pickle.dumps(cohort)), two) == found  # noqa: S301 - our own bytes
