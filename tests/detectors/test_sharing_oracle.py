"""Sharing, partners, escalation and deadlock, row by row against plain loops, under dates that may be fuzzy."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import levensloop as ll
from detectors import test_in_every_world as care
from detectors import test_signals_in_every_world as signals
from oracle import blocked, sharing
from oracle.compare import plain, same
from oracle.model import read
from strategies import AGENCIES, checked, cohort_of, deliveries

FEW = ("Ambulant", "Clinic", "Doctor")
#: The kinds of row, who delivers, the parameters, the detector with one of them, and what must be found.
CASES = {
    "UnsharedInformation": (
        ("care", "care_start", "school", "diagnosis", "diagnosis", "assessment", "measure", "consultation", "transfer"),
        ("Ambulant", "Clinic", "Family"),
        [0],
        lambda _: ll.UnsharedInformation(),
        sharing.unshared,
    ),
    "MissingPartner": (
        ("signal", "signal", "referral", "referral", "application", "contact", "refusal", "care_end"),
        FEW,
        [1, 40, 200, 300],
        lambda n: ll.MissingPartner(min_days=n),
        sharing.missing_partner,
    ),
    "Escalation": (
        ("signal", "report", "referral", "waitlist", "assessment", "care", "care_start", "measure", "court"),
        FEW,
        [10, 60],
        lambda n: ll.Escalation(within_days=n),
        blocked.escalation,
    ),
    "Deadlock": (
        signals.KINDS["Deadlock"],
        tuple(AGENCIES),
        [10, 40],
        lambda n: ll.Deadlock(within_days=n),
        blocked.deadlock,
    ),
}  # fmt: skip
OUTCOMES = {
    "UnsharedInformation": ("never_shared", "shared_late"),
    "MissingPartner": ("nobody_came",),
    "Escalation": ("during_wait", "after_signals"),
    "Deadlock": ("incompatible", "circular"),
}


def dressed(delivery, name, seed):
    """The delivery with addressees, sharing and reasons, and in court now and then a witness."""
    told = (care if name in care.KINDS else signals).dressed(delivery, name, seed)
    dice = random.Random(seed)  # noqa: S311 - a choice of words, no secret

    def row(old):
        capacity = (
            dice.choice([None, None, "suspect", "victim", "witness"]) if old["kind"] == "court" else None
        )
        return old | {"capacity": capacity}

    rows = [list(map(row, source.rows)) for source in told.sources]
    rows[0][0]["about"] = "youth"  # a life in which something is about the youth
    sources = [replace(source, rows=tuple(own)) for source, own in zip(told.sources, rows, strict=True)]
    return replace(told, sources=tuple(sources))


def compare(cohort, detector, expected):
    """Fail where the two differ in a column or in the evidence; what was told."""
    theirs = ll.detect(cohort, detector, errors="raise")
    same([found for found, _ in expected], plain(theirs))
    named = Counter(
        (row["youth"], row["outcome"], frozenset(row["evidence"])) for row in theirs.to_arrow().to_pylist()
    )
    assert Counter((found.youth, found.outcome, frozenset(names)) for found, names in expected) == named
    return {(found.outcome, found.certainty) for found, _ in expected}


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_what_the_text_says(name):
    kinds, agencies, numbers, detector, oracle = CASES[name]
    seen = Counter()

    @settings(checked, max_examples=120)
    @given(
        deliveries(kinds=kinds, agencies=agencies, youths=3, most=8),
        st.sampled_from(numbers),
        st.integers(0, 10**6),
    )
    def holds(delivery, number, seed):
        cohort = cohort_of(dressed(delivery, name, seed))
        told = compare(cohort, detector(number), list(oracle(read(cohort), cohort, number)))
        seen.update(["examples", *told, *["found"] * bool(told)])

    holds()
    assert seen["found"] >= 0.3 * seen["examples"], seen
    assert set(seen) >= {(outcome, how) for outcome in OUTCOMES[name] for how in ("certain", "possible")}, (
        seen
    )
