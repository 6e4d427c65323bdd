"""The same fact told by two agencies becomes one; two facts stay two."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import events, row
from levensloop.errors import UserError
from levensloop.resolving import Policy
from levensloop.samefacts import families


def told(*sources, **options):
    read = ll.Events.concat([events(rows, name) for name, rows in sources])
    made = ll.merge(read, ll.link(read), **options)
    return made, made.events.to_arrow().to_pylist()


def day(text):
    return dt.date.fromisoformat(text)


def test_a_referral_sent_and_received_is_one_event_from_sender_to_receiver():
    sent = row("referral", "2005-03-01", agency="GP", to_agency="GGZ", what="refers J")
    received = row("referral", "2005-03-05", agency="GGZ", what="registered")
    made, (event,) = told(("gp", [sent]), ("ggz", [received]))
    assert (event["agency"], event["to_agency"]) == ("GP", "GGZ")
    assert event["sources"] == ["ggz:1", "gp:1"]
    assert event["event"] == "ggz:1"
    assert event["disputed"] == ["start_min", "start_max", "what"]
    # Two days told with equal precision: neither is thrown away.
    assert (event["start_min"], event["start_max"]) == (day("2005-03-01"), day("2005-03-05"))
    fates = {(r["source"], r["fate"], r["event"]) for r in made.records.to_arrow().to_pylist()}
    assert fates == {("ggz", "event", "ggz:1"), ("gp", "merged", "ggz:1")}


def test_the_more_precise_date_stands_and_is_not_in_dispute():
    _, (event,) = told(
        ("a", [row("care_start", "2005-03", agency="GGZ")]),
        ("b", [row("care_start", "2005-03-09", agency="GGZ")]),
    )
    assert event["start_min"] == event["start_max"] == day("2005-03-09")
    assert event["disputed"] == []
    assert event["precision"] == "day"


def test_care_with_an_end_and_its_start_told_elsewhere_are_one_episode():
    made, (event,) = told(
        ("a", [row("care", "2005-03-01", "2005-06-30", agency="GGZ", reason="agreed")]),
        ("b", [row("care_start", "2005-03-04", agency="GGZ")]),
    )
    assert (event["kind"], event["end_max"], event["reason"]) == ("care", day("2005-07-01"), "agreed")
    assert len(made.episodes) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row("referral", "2005-03-01", agency="GP", to_agency="GGZ"), row("referral", "2005-03-01", agency="GP", to_agency="BJZ")),
        (row("referral", "2005-03-01", agency="GP", to_agency="GGZ"), row("referral", "2005-03-01", agency="S", to_agency="GGZ")),
        (row("referral", "2005-03-01", agency="GP", to_agency="GGZ"), row("referral", "2005-03-16", agency="GGZ")),
        (row("care_start", "2005-03-01", agency="GGZ"), row("care_end", "2005-03-01", agency="GGZ")),
        (row("care_start", "2005-03-01", agency="GGZ", care_type="residential"), row("care_start", "2005-03-01", agency="GGZ", care_type="foster_care")),
        (row("care", "2005-03-01", "2005-04-01", agency="GGZ"), row("care", "2005-03-02", "2006-04-01", agency="GGZ")),
        (row("contact", "2005-03-01", agency="GGZ", what="a"), row("contact", "2005-03-01", agency="GGZ", what="b")),
        (row("care_start", "2004", agency="GGZ"), row("care_start", "200X", agency="GGZ")),
        (row("referral", "2005-03-01", agency="GP", to_agency="GGZ", about="mother"), row("referral", "2005-03-01", agency="GGZ")),
    ],
)  # fmt: skip
def test_what_differs_in_kind_agency_type_or_time_stays_two(one, other):
    assert len(told(("a", [one]), ("b", [other]))[1]) == 2


def test_one_source_never_loses_a_row_to_another_of_its_own():
    rows = [row("care_start", f"2005-03-0{n}", agency="GGZ") for n in (1, 2, 3)]
    assert len(told(("a", rows))[1]) == 3
    assert len(told(("a", rows), ("b", [rows[1]]))[1]) == 3


def test_each_is_matched_with_the_nearest_so_that_all_have_a_partner():
    first = [row("care_start", text, agency="GGZ") for text in ("2005-03-01", "2005-03-12")]
    second = [row("care_start", text, agency="GGZ") for text in ("2005-03-10", "2005-03-20")]
    _, found = told(("a", first), ("b", second))
    assert [event["sources"] for event in found] == [["a:1", "b:1"], ["a:2", "b:2"]]


def test_three_sources_tell_one_fact():
    one = [row("care_start", text, agency="GGZ") for text in ("2005-03-01", "2005-03-02", "2005-03-04")]
    _, (event,) = told(*((name, [fact]) for name, fact in zip("abc", one, strict=True)))
    assert event["sources"] == ["a:1", "b:1", "c:1"]


def test_consultation_written_down_on_both_sides_is_one():
    _, found = told(
        ("a", [row("consultation", "2005-03-01", agency="GP", to_agency="GGZ")]),
        ("b", [row("consultation", "2005-03-01", agency="GGZ", to_agency="GP")]),
    )
    assert len(found) == 1


@pytest.mark.parametrize("others", [[], [None], ["gp"]])
def test_a_fact_that_nobody_was_told_of_has_no_list_whatever_others_were_told(others):
    made = [
        events([row("care_start", start) | {"shared_with": None}]
               + [row("care_start", start) | {"person": "z", "shared_with": list_} for list_ in others], name)
        for name, start in (("a", "2005-03-01"), ("b", "2005-03"))
    ]  # fmt: skip
    whole = ll.Events.concat(made)
    (own,) = ll.merge(whole, ll.link(whole))["y"].events.to_arrow().to_pylist()
    assert (own["sources"], own["shared_with"]) == (["a:1", "b:1"], None)


def test_policies_choose_per_column():
    rows = [
        ("a", [row("care", "2005-03", "2005-06-30", agency="GGZ", reason="no_show", result="x")]),
        ("b", [row("care", "2005-03-02", "2005-06-30", agency="GGZ", reason="agreed", result="y")]),
        ("c", [row("care", "2005-03-04", "2005-06-30", agency="GGZ", reason="no_show", result="z")]),
    ]
    policy = Policy(columns={"reason": "most_sources", "result": "source_order"}, order=("c", "a"))
    _, (event,) = told(*rows, policy=policy)
    assert (event["reason"], event["result"]) == ("no_show", "z")
    assert {"reason", "result", "start_min"} <= set(event["disputed"])
    _, (plain,) = told(*rows)
    assert (plain["reason"], plain["start_min"]) == ("agreed", day("2005-03-02"))
    _, (ordered,) = told(*rows, policy=Policy("source_order", order=("c",)))
    assert (ordered["start_min"], ordered["start_max"]) == (day("2005-03-04"), day("2005-03-04"))


def test_dates_that_leave_no_day_are_taken_from_one_record():
    _, (event,) = told(
        ("a", [row("care", "2005-03-01", "2005-03-02", agency="GGZ")]),
        ("b", [row("care", "2005-03-08", "2005-03-09", agency="GGZ")]),
        policy=Policy(columns={"start_min": "source_order", "start_max": "source_order"}, order=("b", "a")),
    )
    assert event["start_max"] < event["end_max"]


def test_a_wrong_policy_is_told_with_those_that_exist():
    with pytest.raises(UserError, match="no policy: loudest; no column: colour"):
        Policy("loudest", {"colour": "most_sources"})


def test_exact_duplicates_only_when_no_family_is_given():
    sent = row("referral", "2005-03-01", agency="GP", to_agency="GGZ")
    received = row("referral", "2005-03-05", agency="GGZ")
    assert len(told(("gp", [sent]), ("ggz", [received]), same={})[1]) == 2


FACT = st.builds(
    lambda kind, at, agency, to: row(kind, f"2005-03-{at:02}", agency=agency, to_agency=to),
    st.sampled_from(["referral", "care_start", "contact", "consultation", "transfer"]),
    st.integers(1, 28),
    st.sampled_from(["GGZ", "GP"]),
    st.sampled_from(["GGZ", "GP", "BJZ", None]),
)


@given(st.lists(st.lists(FACT, min_size=1, max_size=4), min_size=2, max_size=3), st.randoms())
def test_no_row_is_lost_no_kind_mixed_and_no_order_shows(sources, random):
    named = [(f"s{n}", rows) for n, rows in enumerate(sources)]
    made, found = told(*named)
    kinds = {f"{name}:{n}": one["kind"] for name, rows in named for n, one in enumerate(rows, 1)}
    assert sorted(record for event in found for record in event["sources"]) == sorted(kinds)
    for event in found:
        assert {kinds[record] for record in event["sources"]} == {event["kind"]}
    records = made.records.to_arrow().to_pylist()
    assert {r["fate"] for r in records} <= {"event", "merged"}
    assert {(r["event"], f"{r['source']}:{r['record']}") for r in records} == {
        (event["event"], record) for event in found for record in event["sources"]
    }
    random.shuffle(named)
    again = told(*named)[1]
    assert again == found


def test_families_name_kinds_once():
    kinds = [kind for family in families().values() for kind in family.kinds]
    assert len(kinds) == len(set(kinds))
    assert all(family.by in {"target", "agency", "both"} for family in families().values())
