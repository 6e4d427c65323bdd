"""Handover against the reference, and against worlds of exact days."""

from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from oracle.compare import plain, same, world
from oracle.handovers import handover
from oracle.model import read
from strategies import CARE, checked, cohort_of, deliveries

KINDS = CARE * 3 + ("referral", "referral", "referral", "transfer", "transfer", "refusal", "refusal")
lengths = st.sampled_from([0, 7, 30, 90])


@checked
@given(deliveries(kinds=KINDS), lengths)
def test_handover_is_what_the_text_says(delivery, within_days):
    cohort = cohort_of(delivery)
    same(handover(read(cohort), within_days), plain(ll.detect(cohort, ll.Handover(within_days=within_days))))


@checked
@given(deliveries(kinds=KINDS), lengths, st.integers(0, 10**6))
def test_a_certain_handover_is_there_in_every_world(delivery, within_days, seed):
    cohort = cohort_of(delivery)
    found = plain(ll.detect(cohort, ll.Handover(within_days=within_days)))
    real = list(handover(world(read(cohort), seed), within_days))
    for sure in (f for f in found if f.certainty == "certain" and f.outcome != "pending"):
        same_pair = [
            f for f in real if (f.youth, f.agency, f.to_agency) == (sure.youth, sure.agency, sure.to_agency)
        ]
        assert any(f.outcome == sure.outcome for f in same_pair), (sure, same_pair)


@checked
@given(deliveries(kinds=CARE * 3), lengths, st.integers(0, 10**6))
def test_care_that_follows_on_in_some_world_is_foreseen(delivery, within_days, seed):
    cohort = cohort_of(delivery)
    found = plain(ll.detect(cohort, ll.Handover(within_days=within_days)))
    for real in handover(world(read(cohort), seed), within_days):
        told = [
            f for f in found if (f.youth, f.agency, f.to_agency) == (real.youth, real.agency, real.to_agency)
        ]
        assert any(
            f.start <= real.start and f.days_min <= real.days_max and real.days_min <= f.days_max
            for f in told
        ), (real, told)
