"""Setbacks that return, against plain loops over days; dates may be fuzzy."""

import random
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from oracle import courses
from oracle.compare import plain, same
from oracle.model import read
from strategies import AGENCIES, checked, cohort_of, deliveries

seeds = st.integers(0, 10**6)


def dressed(delivery, seed, row):
    """The delivery with what `row(old, dice)` changes in each row."""
    dice = random.Random(seed)  # noqa: S311 - a choice of words, no secret
    sources = [
        replace(source, rows=tuple(old | row(old, dice) for old in source.rows))
        for source in delivery.sources
    ]
    return replace(delivery, sources=tuple(sources))


def alike(cohort, ours, detector, seen):
    """Both say the same, and what the detector said; count in `seen` what was said."""
    theirs = ll.detect(cohort, detector, errors="raise")
    same(ours, plain(theirs))
    told = {(found.outcome, found.certainty) for found in ours}
    seen.update(["examples", *told, *["found"] * bool(told)])
    return theirs.to_arrow().to_pylist()


def enough(seen, *outcomes):
    """Many worlds are not empty, each outcome was seen, and both degrees of certainty."""
    assert seen["found"] >= 0.3 * seen["examples"], seen
    told = [key for key in seen if isinstance(key, tuple)]
    assert set(outcomes) == {outcome for outcome, _ in told}, seen
    assert {certainty for _, certainty in told} == {"certain", "possible"}, seen


REASONS = (None, "missing_prerequisite", "missing_prerequisite", "no_show", "other")
SETBACKS = ("refusal", "refusal", "dropout", "school", "school_end", "care", "care_end", "work")


def setback(old, dice):
    told = old["end"] or old["kind"] in ("refusal", "dropout", "school_end", "care_end")
    return {
        "sector": dice.choice(["education"] * 2 + [old["sector"]]),
        "reason": dice.choice(REASONS) if told else None,
    }


def test_repetition_is_what_the_text_says():
    seen = Counter()

    @checked
    @given(
        deliveries(kinds=SETBACKS, agencies=tuple(AGENCIES)[:3], youths=2, most=5),
        st.sampled_from([1, 5, 30]),
        st.sampled_from([2, 2, 3]),
        seeds,
    )
    def holds(delivery, min_days, min_times, seed):
        cohort = cohort_of(dressed(delivery, seed, setback))
        ours = list(courses.repetition(read(cohort), min_days, min_times))
        rows = alike(
            cohort, [f for f, _ in ours], ll.Repetition(min_days=min_days, min_times=min_times), seen
        )
        named = Counter((row["youth"], frozenset(row["evidence"])) for row in rows)
        assert Counter((found.youth, frozenset(names)) for found, names in ours) == named

    holds()
    enough(seen, "repeated")
