"""AgeLimit against the reference for exact days, in worlds of exact days."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.calendars import Calendar
from levensloop.rule import Transition
from levensloop.rulebooks import Rulebook
from oracle.age_limits import drop_outs
from oracle.compare import plain, with_evidence, world
from oracle.model import read
from oracle.not_given import refusals
from oracle.worlds import Law, held
from rulemaking import made
from strategies import CARE, checked, cohort_of, deliveries
from vague import vague

KINDS = CARE * 3 + ("school", "contact")
ENDED = ("dropped", "returned", "unobserved")
AGE = {"kind": "age_limit", "segment": None, "limit": True, "unit": "years", "cutoff": "birthday"}
#: Every sort of cut-off, limits that begin and end in the middle of it all, and transitional law.
LAW = Transition(age=17, first=date(2002, 5, 1), last=date(2002, 8, 15), keeps="months", source="an example")
INVENTED = Rulebook(
    (
        made(**AGE, id="birthday", value=18, valid_from=date(2003, 4, 1), transitions=(LAW,)),
        made(
            **AGE | {"unit": "months_after_17", "cutoff": "months_after"}, id="months", value=11,
            valid_to=date(2003, 5, 1),
        ),
        made(
            **AGE | {"unit": "years_end_of_school_year", "cutoff": "end_of_school_year"}, id="school", value=18,
            sectors=("mental_health", "health"), valid_from=date(2003, 2, 1),
        ),
    ),
    "zz",
    Calendar(school_year_ends="05-31"),
)  # fmt: skip


BOOKS = pytest.mark.parametrize(
    ("rules", "ends"), [(ll.rulebook("nl"), (7, 31)), (INVENTED, (5, 31))], ids=["nl", "zz"]
)


@BOOKS
@checked
@given(deliveries(kinds=KINDS, age=18), st.integers(0, 10**6))
def test_certain_drop_out_is_there_in_every_world(rules, ends, delivery, seed):
    cohort = cohort_of(delivery)
    found = plain(ll.detect(cohort, ll.AgeLimit(rules)))
    real = {
        (one.youth, one.outcome, one.rule)
        for one in drop_outs(world(read(cohort), seed), rules.limits(), ends=ends)
    }
    for one in found:
        if one.outcome in ENDED and one.certainty == "certain":
            assert (one.youth, one.outcome, one.rule) in real


@BOOKS
@checked
@given(deliveries(kinds=KINDS, age=18), st.integers(0, 10**6))
def test_drop_out_in_some_world_is_at_least_possible(rules, ends, delivery, seed):
    cohort = cohort_of(delivery)
    told = {
        (one.youth, one.rule) for one in plain(ll.detect(cohort, ll.AgeLimit(rules))) if one.outcome in ENDED
    }
    for one in drop_outs(world(read(cohort), seed), rules.limits(), ends=ends):
        if one.outcome != "unobserved":
            assert (one.youth, one.rule) in told


ASKED = (
    "referral",
    "referral",
    "application",
    "waitlist",
    "report",
    "refusal",
    "refusal",
    "care",
    "care",
    "care_start",
    "intake",
)


def too_young(delivery, seed):
    """Refusals for their age, and more of these than of others; care of a type that a limit names."""
    dice = random.Random(seed)  # noqa: S311 - a choice of words, no secret

    def row(old):
        reason = (
            dice.choice(["too_young", "too_young", "no_place"]) if old["kind"] == "refusal" else old["reason"]
        )
        return old | {"reason": reason, "care_type": dice.choice([None, None, "foster_care"])}

    return replace(
        delivery, sources=tuple(replace(one, rows=tuple(map(row, one.rows))) for one in delivery.sources)
    )


@BOOKS
def test_care_that_was_not_given_is_what_every_world_holds(rules, ends):
    drawn = Counter()

    @checked
    @given(
        deliveries(kinds=ASKED, agencies=("Ambulant", "Bureau", "Clinic"), age=18, youths=3, most=6),
        st.integers(0, 10**6),
    )
    def holds(delivery, dice):
        cohort = cohort_of(vague(too_young(delivery, dice), dice))
        told = with_evidence(ll.detect(cohort, ll.AgeLimit(rules), errors="raise"))
        told = [(replace(found, measures=()), names) for found, names in told if found.outcome not in ENDED]
        oracle = lambda youth, whole: refusals(youth, whole, rules.limits(), ends)  # noqa: E731
        drawn.update(held(read(cohort), told, oracle, Law(), dice))

    holds()
    assert {outcome for outcome, _, _ in drawn} == {"refused_near_limit", "too_young"}, drawn
