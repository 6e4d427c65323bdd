"""AgeLimit against the reference for exact days, in worlds of exact days."""

from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from oracle.age_limits import drop_outs
from oracle.compare import plain, world
from oracle.model import read
from strategies import CARE, checked, cohort_of, deliveries

KINDS = CARE * 3 + ("school", "contact")
ENDED = ("dropped", "returned", "unobserved")


@checked
@given(deliveries(kinds=KINDS, age=18), st.integers(0, 10**6))
def test_certain_drop_out_is_there_in_every_world(delivery, seed):
    rules = ll.rulebook("nl")
    cohort = cohort_of(delivery)
    found = plain(ll.detect(cohort, ll.AgeLimit(rules)))
    real = {
        (one.youth, one.outcome, one.rule) for one in drop_outs(world(read(cohort), seed), rules.limits())
    }
    for one in found:
        if one.outcome in ENDED and one.certainty == "certain":
            assert (one.youth, one.outcome, one.rule) in real


@checked
@given(deliveries(kinds=KINDS, age=18), st.integers(0, 10**6))
def test_drop_out_in_some_world_is_at_least_possible(delivery, seed):
    rules = ll.rulebook("nl")
    cohort = cohort_of(delivery)
    told = {
        (one.youth, one.rule) for one in plain(ll.detect(cohort, ll.AgeLimit(rules))) if one.outcome in ENDED
    }
    for one in drop_outs(world(read(cohort), seed), rules.limits()):
        if one.outcome != "unobserved":
            assert (one.youth, one.rule) in told
