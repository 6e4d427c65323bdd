"""Waiting against the opener-by-opener reference, and against worlds of exact days."""

from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from oracle.compare import plain, same, world
from oracle.model import read
from oracle.waits import waiting
from strategies import CARE, WAITS, checked, cohort_of, deliveries

KINDS = WAITS * 2 + CARE + ("school", "school_start", "work", "refusal", "refusal", "contact", "intake")
lengths = st.sampled_from([1, 7, 30])


@checked
@given(deliveries(kinds=KINDS), lengths)
def test_waiting_is_what_the_text_says(delivery, min_days):
    cohort = cohort_of(delivery)
    theirs = ll.detect(cohort, ll.Waiting(ll.rulebook("nl"), min_days=min_days))
    blank = {"rule": None, "norm_days": None, "over_norm": None, "measures": ()}
    same(waiting(read(cohort), min_days=min_days), plain(theirs), **blank)


@checked
@given(deliveries(kinds=KINDS), lengths, st.integers(0, 10**6))
def test_a_certain_wait_is_there_in_every_world(delivery, min_days, seed):
    cohort = cohort_of(delivery)
    found = plain(ll.detect(cohort, ll.Waiting(ll.rulebook("nl"), min_days=min_days)))
    real = list(waiting(world(read(cohort), seed), min_days=min_days))
    for sure in (f for f in found if f.certainty == "certain"):
        held = [f for f in real if (f.youth, f.agency) == (sure.youth, sure.agency)]
        assert any(
            f.days_min >= sure.days_min and f.start <= sure.end and sure.start <= f.end for f in held
        ), (sure, held)
