"""One timeline per youth, and nothing lost."""

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import WINDOW, cohort, events, row
from levensloop.errors import LevensloopError

NAMED_BY_ROW = ["event", "sources", "start_event", "end_event"]


def test_exact_duplicates_across_sources_become_one_event_with_all_sources():
    same = row("referral", "2005-03-01", to_agency="bjz", what="asks for help")
    found = cohort(events([row("contact", "2004-01-01"), same], "gp"), events([same], "bjz"))
    (event,) = [one for one in found.events.to_arrow().to_pylist() if one["kind"] == "referral"]
    assert event["sources"] == ["bjz:1", "gp:2"]
    assert event["event"] == "bjz:1"
    fates = {
        (r["source"], r["record"]): (r["fate"], r["event"]) for r in found.records.to_arrow().to_pylist()
    }
    assert fates["bjz", 1] == ("event", "bjz:1")
    assert fates["gp", 2] == ("merged", "bjz:1")


def test_rows_that_differ_in_one_word_stay_two():
    assert (
        len(cohort(events([row("contact", "2005", what="a"), row("contact", "2005", what="b")])).events) == 2
    )


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        ([row("care_start", "2005-01-01"), row("care_end", "2005-02-01", reason="agreed")],
         [("2005-01-01", "2005-02-02", False, "agreed")]),
        ([row("care_start", "2005-01-01")], [("2005-01-01", None, True, None)]),
        ([row("care_end", "2005-02-01")], [("2000-01-01", "2005-02-02", False, None)]),
        ([row("care", "2005-01-01"), row("care_end", "2005-02-01")], [("2005-01-01", "2005-02-02", False, None)]),
        ([row("care_start", "2005-01-01", care_id="x"), row("care_start", "2005-01-10", care_id="z"),
          row("care_end", "2005-02-01", care_id="x")],
         [("2005-01-01", "2005-02-02", False, None), ("2005-01-10", None, True, None)]),
        ([row("care_start", "2005-01-01", care_id="x"), row("care_end", "2005-02-01", care_id="z")],
         [("2000-01-01", "2005-02-02", False, None), ("2005-01-01", None, True, None)]),
        ([row("care_start", "2005-01-01", care_id="x"), row("care_end", "2005-02-01")],
         [("2005-01-01", "2005-02-02", False, None)]),
        ([row("referral", "2005-01-01"), row("waitlist", "2005-01-02", "2005-03-01")],
         [("2005-01-02", "2005-03-02", False, None)]),
    ],
)  # fmt: skip
def test_episodes(rows, spans):
    made = cohort(events(rows)).episodes.to_arrow().to_pylist()
    told = [
        (
            one["start_min"].isoformat(),
            one["end_max"] and one["end_max"].isoformat(),
            one["open"],
            one["reason"],
        )
        for one in made
    ]
    assert told == spans


def test_roles():
    rows = [
        row("school", "2001"),
        row("benefit", "2002"),
        row("measure", "2003"),
        row("coordination", "2004"),
    ]
    made = cohort(events(rows)).episodes.to_arrow().column("role").to_pylist()
    assert made == ["school", "work", "measure", "lead"]


def test_bounds_are_tightened():
    (one,) = (
        cohort(events([row("care_start", "2005"), row("care_end", "2005-03-01")]))
        .episodes.to_arrow()
        .to_pylist()
    )
    assert (one["start_max"], one["end_min"]) == (dt.date(2005, 3, 1), dt.date(2005, 3, 2))


def test_the_window_and_a_death_bound_what_is_observed():
    found = cohort(
        events([row("contact", "2005")], "a"),
        events([row("contact", "2005")], "b", (dt.date(1999, 1, 1), dt.date(2003, 1, 1))),
    )
    (youth,) = found.youths.to_arrow().to_pylist()
    assert (youth["observed_from"], youth["observed_until"]) == (dt.date(1999, 1, 1), dt.date(2011, 1, 1))
    (youth,) = cohort(events([row("death", "2005-06")])).youths.to_arrow().to_pylist()
    assert youth["observed_until"] == dt.date(2005, 7, 1)


def test_a_move_out_of_the_area_ends_what_is_observed_unless_something_follows():
    moved = row("move", "2005-06-01", reason="moved")
    (youth,) = cohort(events([moved])).youths.to_arrow().to_pylist()
    assert youth["observed_until"] == dt.date(2005, 6, 2)
    (youth,) = cohort(events([moved, row("contact", "2007")])).youths.to_arrow().to_pylist()
    assert youth["observed_until"] == dt.date(2011, 1, 1)


def test_identities_of_other_events_are_refused():
    with pytest.raises(LevensloopError, match="link and merge the same events"):
        ll.merge(events([row("contact", "2005")], "a"), ll.link(events([row("contact", "2005")], "b")))


def test_no_rows_at_all():
    empty = ll.Events(
        pa.table({n: pa.array([], pa.string()) for n in ("person", "agency", "kind", "start")}), window=WINDOW
    )
    found = ll.merge(empty, ll.link(empty))
    assert len(found) == len(found.events) == 0
    assert len(ll.detect(found)) == 0


KIND = st.sampled_from(
    ["care_start", "care_end", "care", "referral", "school", "contact", "signal", "refusal"]
)
DATE = st.sampled_from(["2005-01-01", "2005-01", "2005", "2006-03-01", "2007~", "nonsense"])
ROW = st.builds(
    lambda kind, start, agency, who: row(kind, start, agency=agency, person=who),
    KIND, DATE, st.sampled_from(["ggz", "bjz"]), st.sampled_from(["y", "z", ""]),
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_shuffled_rows_and_files_give_equal_tables(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    half = len(rows) // 2
    one = cohort(events(rows))
    two = cohort(events(shuffled[half:], "b"), events(shuffled[:half], "a"))
    for name in ("events", "episodes"):
        tables = [getattr(each, name).to_arrow() for each in (one, two)]
        kept = [
            table.drop_columns([c for c in NAMED_BY_ROW if c in table.column_names]).to_pylist()
            for table in tables
        ]
        assert kept[0] == kept[1]


@given(st.lists(ROW, min_size=1, max_size=12))
def test_every_row_has_a_fate_and_every_source_of_an_event_is_told(rows):
    found = cohort(events(rows, "a"), events(rows[:3], "b"))
    records = found.records.to_arrow()
    assert {(r["source"], r["record"]) for r in records.to_pylist()} == (
        {("a", n + 1) for n in range(len(rows))} | {("b", n + 1) for n in range(len(rows[:3]))}
    )
    told = records.filter(pc.is_in(records["fate"].cast("string"), pa.array(["event", "merged"]))).to_pylist()
    named = sorted(source for sources in found.events.to_arrow()["sources"].to_pylist() for source in sources)
    assert sorted(f"{one['source']}:{one['record']}" for one in told) == named
    lead = {one["event"] for one in told}
    assert lead == set(found.events.to_arrow()["event"].to_pylist())
