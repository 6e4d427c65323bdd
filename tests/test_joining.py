"""Pieces of one episode that several sources tell are one episode; an agency's own rows stay apart."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import events, row


def told(*sources):
    read = ll.Events.concat([events(rows, name) for name, rows in sources])
    return ll.merge(read, ll.link(read))


def spans(cohort):
    names = ("start_min", "start_max", "end_min", "end_max", "reason")
    rows = cohort.episodes.to_arrow().to_pylist()
    return [
        tuple(v.isoformat() if isinstance(v, dt.date) else v for v in (r[n] for n in names)) for r in rows
    ]


def choices(cohort):
    return [(r["choice"], r["event"], r["other"]) for r in cohort.choices.to_arrow().to_pylist()]


def test_overlapping_pieces_of_two_sources_are_one_episode_and_the_choice_is_listed():
    cohort = told(
        ("a", [row("care", "2005-01-01", "2005-04-30")]),
        ("b", [row("care", "2005-03-15", "2005-08-31", reason="agreed")]),
    )
    assert spans(cohort) == [("2005-01-01", "2005-01-01", "2005-09-01", "2005-09-01", "agreed")]
    assert choices(cohort) == [("joined", "b:1", "a:1")]


def test_touching_pieces_are_one_and_a_day_between_keeps_two():
    first = row("care", "2005-01-01", "2005-04-30")
    assert len(spans(told(("a", [first]), ("b", [row("care", "2005-05-01", "2005-06-01")])))) == 1
    assert len(spans(told(("a", [first]), ("b", [row("care", "2005-05-02", "2005-06-01")])))) == 2


@pytest.mark.parametrize("more", [{"agency": "bjz"}, {"care_type": "foster_care"}, {"sector": "health"}])
def test_another_agency_type_or_sector_keeps_them_apart(more):
    plain = row("care", "2005-01-01", "2005-04-30", care_type="residential")
    cohort = told(("a", [plain]), ("b", [plain | {"start": "2005-03-15"} | more]))
    assert len(spans(cohort)) == 2


def test_possible_cover_alone_joins_nothing():
    cohort = told(
        ("a", [row("care", "2005-01", "2005-01")]),
        ("b", [row("care", "2005-01-20", "2005-06-30")]),
    )
    assert len(spans(cohort)) == 2


def test_an_open_piece_keeps_the_whole_open():
    cohort = told(
        ("a", [row("care", "2005-01-01", "2005-04-30", reason="agreed")]), ("b", [row("care", "2005-03-15")])
    )
    assert spans(cohort) == [("2005-01-01", "2005-01-01", None, None, None)]
    assert cohort.episodes.to_arrow().column("open").to_pylist() == [True]


def test_what_one_source_calls_open_is_sure_to_the_end_of_the_window_of_that_source():
    ggz, town = [row("care", "2005-01-01", "2005-04-30")], [row("care", "2005-03-20", None)]
    windows = {
        "ggz": (dt.date(2000, 1, 1), dt.date(2009, 12, 31)),
        "town": (dt.date(2000, 1, 1), dt.date(2005, 8, 31)),
    }
    parts = [events(rows, name, windows[name]) for name, rows in (("ggz", ggz), ("town", town))]
    read = ll.Events.concat(parts)
    cohort = ll.merge(read, ll.link(read))
    (one,) = cohort.episodes.to_arrow().to_pylist()
    assert (one["open"], one["end_min"], one["end_max"]) == (True, dt.date(2005, 9, 1), None)
    assert cohort.view.episodes.end_min.tolist() == [(dt.date(2005, 9, 1) - dt.date(1970, 1, 1)).days]
    (gap,) = ll.detect(cohort, ll.Gap(trailing="all")).to_arrow().to_pylist()
    assert (gap["certainty"], gap["start"]) == ("possible", dt.date(2005, 9, 1))


def test_an_end_without_a_start_and_an_open_piece_are_one_that_began_at_an_unknown_day():
    cohort = told(
        ("a", [row("care_end", "2005-03-10", care_id="x")]),
        ("b", [row("care_start", "2005-03-10", care_id="z")]),
    )
    (one,) = cohort.episodes.to_arrow().to_pylist()
    assert (one["open"], one["start_event"], one["end_event"]) == (True, "b:1", None)
    assert (str(one["start_min"]), str(one["start_max"])) == ("2000-01-01", "2005-03-10")


def test_two_rows_of_one_source_stay_two_and_another_source_joins_the_first():
    cohort = told(
        ("a", [row("care", "2005-01-01", "2005-04-30"), row("care", "2005-02-01", "2005-09-30")]),
        ("b", [row("care", "2005-03-20", "2005-05-31")]),
    )
    assert spans(cohort) == [
        ("2005-01-01", "2005-01-01", "2005-06-01", "2005-06-01", None),
        ("2005-02-01", "2005-02-01", "2005-10-01", "2005-10-01", None),
    ]


def test_pairs_by_order_and_ends_without_a_start_are_listed():
    cohort = told(
        (
            "a",
            [row("care_start", "2005-01-01"), row("care_end", "2005-03-01"), row("care_end", "2006-03-01")],
        ),
    )
    assert choices(cohort) == [("by_order", "a:1", "a:2"), ("unknown_start", "a:3", None)]
    tied = told(
        ("a", [row("care_start", "2005-01-01", care_id="x"), row("care_end", "2005-03-01", care_id="x")])
    )
    assert choices(tied) == []


def test_one_fact_of_two_sources_is_listed():
    cohort = told(
        ("a", [row("referral", "2005-01-01", agency="gp", to_agency="ggz")]),
        ("b", [row("referral", "2005-01-03")]),
    )
    assert choices(cohort) == [("same_fact", "b:1", "a:1")]


PIECE = st.builds(
    lambda first, length, agency: (first, length, agency),
    st.integers(1, 60), st.integers(0, 40), st.sampled_from(["ggz", "bjz"]),
)  # fmt: skip


@given(st.lists(st.lists(PIECE, max_size=4), min_size=2, max_size=3), st.randoms())
def test_the_days_in_care_stay_the_same_and_so_does_any_order(sources, random):
    base = dt.date(2005, 1, 1)
    named = [
        (f"s{n}", [
            row("care", str(base + dt.timedelta(f)), str(base + dt.timedelta(f + more)), agency=who, what=f"{n} {k}")
            for k, (f, more, who) in enumerate(pieces)
        ])
        for n, pieces in enumerate(sources)
        if pieces
    ]  # fmt: skip
    if not named:
        return
    cohort = told(*named)
    days = {}
    for pieces in sources:
        for first, more, who in pieces:
            days.setdefault(who, set()).update(range(first, first + more + 1))
    found = {}
    for episode in cohort.episodes.to_arrow().to_pylist():
        first, end = ((episode[name] - base).days for name in ("start_min", "end_max"))
        found.setdefault(episode["agency"], set()).update(range(first, end))
    # Starts of one care that differ by two weeks at most can be one fact: bounds then hold both.
    assert all(days[who] <= found[who] for who in days)
    random.shuffle(named)
    assert spans(told(*named)) == spans(cohort)


def test_from_an_event_to_its_rows_and_from_any_row_to_its_fate():
    sent = row("referral", "2005-01-01", agency="gp", to_agency="ggz")
    cohort = told(("a", [sent, row("contact", "2005-13-01")]), ("b", [row("referral", "2005-01-03")]))
    files = [(t["file"], t["record"], t["fate"]) for t in cohort.trace("a:1")]
    assert files == [("a", 1, "event"), ("b", 1, "merged")]
    assert cohort.trace("a:1")[0]["row"]["agency"] == "gp"
    assert [(t["fate"], t["event"]) for t in cohort.trace("b:1")] == [("merged", "a:1")]
    (lost,) = cohort.trace("a:2")
    assert (lost["fate"], lost["reason"], lost["event"]) == ("rejected", "impossible_date", None)
    with pytest.raises(ll.UserError, match="no event or row"):
        cohort.trace("a:9")
