"""Gap and OutOfView against the day-by-day reference, and against worlds of exact days."""

from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from oracle.compare import plain, same, world
from oracle.gaps import gap, out_of_view
from oracle.model import birthday, cover, possible, read
from strategies import CARE, OTHERS, POINTS, WAITS, checked, cohort_of, deliveries

CARES = CARE * 3 + ("referral", "waitlist", "signal", "contact", "measure")
options = st.sampled_from(["need", "all", "none"])
lengths = st.sampled_from([1, 7, 20, 60])


@checked
@given(deliveries(kinds=CARES), lengths, options, st.sampled_from(["youth", "sector"]))
def test_gap_is_what_the_text_says(delivery, min_days, trailing, by):
    cohort = cohort_of(delivery)
    theirs = ll.detect(cohort, ll.Gap(min_days=min_days, by=by, trailing=trailing))
    same(gap(read(cohort), min_days=min_days, by=by, trailing=trailing), plain(theirs))


@checked
@given(deliveries(kinds=CARE + WAITS + POINTS + OTHERS), lengths)
def test_out_of_view_is_what_the_text_says(delivery, min_days):
    cohort = cohort_of(delivery)
    theirs = ll.detect(cohort, ll.OutOfView(min_days=min_days))
    same(out_of_view(read(cohort), min_days=min_days), plain(theirs))


@checked
@given(deliveries(kinds=CARES), lengths, st.integers(0, 10**6))
def test_a_certain_gap_is_free_of_care_in_every_world(delivery, min_days, seed):
    cohort = cohort_of(delivery)
    found = [f for f in plain(ll.detect(cohort, ll.Gap(min_days=min_days))) if f.certainty == "certain"]
    by_id = {youth.id: youth for youth in world(read(cohort), seed).youths}
    for finding in found:
        youth = by_id[finding.youth]
        care = [e for e in youth.episodes if e.role == "care" and e.about == "youth"]
        days = cover(finding.start, finding.end)
        assert len(days) >= min_days
        assert not any(possible(episode) & days for episode in care)
        assert min(episode.end_min for episode in care) <= finding.start
        assert finding.end <= youth.until
        if youth.first_birth:
            assert finding.end <= birthday(youth.first_birth, 23)


@checked
@given(deliveries(kinds=CARES), lengths, st.integers(0, 10**6))
def test_a_gap_in_some_world_is_at_least_possible(delivery, min_days, seed):
    cohort = cohort_of(delivery)
    ours = read(cohort)
    found = plain(ll.detect(cohort, ll.Gap(min_days=min_days, trailing="all")))
    for real in gap(world(ours, seed), min_days=min_days, trailing="all"):
        mine = [f for f in found if f.youth == real.youth]
        assert any(f.start < real.end and real.start < f.end for f in mine), (real, mine)
