"""Signals, refusals, requests and initiative in every world: what is certain holds, and what holds is foreseen."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from detectors.worlds import sound
from levensloop.testing import sketch
from strategies import AGENCIES, OUTSIDER, checked, cohort_of, deliveries

SIGNALS = ("signal", "signal", "report", "assessment", "diagnosis", "care", "measure")
KINDS = {
    "LateResponse": SIGNALS,
    "by sector": SIGNALS,
    "JointKnowledge": ("signal",) * 3 + SIGNALS,
    "Escalation": (*SIGNALS, "court", "measure"),
    "MissingPartner": ("signal", "referral", "application", "contact", "refusal", "care", "school_end"),
    "Repetition": ("refusal", "dropout", "school", "school_end", "care_end", "care"),
    "Deadlock": ("refusal", "refusal", "refusal", "application", "referral", "care", "work", "school_start"),
    "Initiative": ("consultation", "transfer", "referral", "contact"),
}
DETECTORS = {
    "LateResponse": ll.LateResponse(min_days=20),
    "by sector": ll.LateResponse(by="sector", min_days=20),
    "JointKnowledge": ll.JointKnowledge(signals=2, months=1, min_days=20),
    "Escalation": ll.Escalation(within_days=60),
    "MissingPartner": ll.MissingPartner(min_days=40),
    "Repetition": ll.Repetition(min_days=5),
    "Deadlock": ll.Deadlock(within_days=40),
    "Initiative": ll.Initiative(),
}
#: Whose answer, request or provision it is may be unclear.
BLANK = {
    "LateResponse": ("to_agency",),
    "by sector": ("to_agency",),
    "JointKnowledge": ("to_agency",),
    "MissingPartner": ("agency", "to_agency"),
    "Deadlock": ("to_agency",),
}


def dressed(delivery, name, seed):
    """The delivery with addressees, reasons, types of care, sharing and initiative."""
    dice = random.Random(seed)  # noqa: S311 - a choice of words, no secret

    def row(old):
        others = [agency for agency in (*AGENCIES, OUTSIDER) if agency != old["agency"]]
        new = old | {
            "care_type": dice.choice([None, "secure_care"]),
            "initiative": dice.choice([None, "youth", "parents", "agency", "school"]),
            "shared_with": dice.choice([None, None, others[0]]),
        }
        if old["kind"] in ("signal", "consultation"):
            new["to_agency"] = dice.choice([None, *others])
        if old["end"] or old["kind"] in ("refusal", "dropout", "school_end", "care_end"):
            new["reason"] = dice.choice([None, "missing_prerequisite", "incompatible_provision", "no_show"])
        if name == "Repetition":
            new["sector"] = "education"
        if name == "Deadlock" and old["kind"] == "refusal":
            new["reason"] = dice.choice(["missing_prerequisite", "incompatible_provision"])
        return new

    sources = [replace(source, rows=tuple(map(row, source.rows))) for source in delivery.sources]
    return replace(delivery, sources=tuple(sources))


@pytest.mark.parametrize("name", DETECTORS)
def test_what_is_certain_holds_and_what_holds_is_foreseen(name):
    agencies = ("Ambulant", "Clinic", "Doctor") if name == "MissingPartner" else tuple(AGENCIES)
    detector, blank, drawn = DETECTORS[name], BLANK.get(name, ()), set()

    @checked
    @given(deliveries(kinds=KINDS[name], agencies=agencies, most=5), st.integers(0, 10**6))
    def holds(delivery, dice):
        cohort = cohort_of(dressed(delivery, name, dice))
        drawn.update(sound(cohort, detector, dice, blank))

    # Lives made by hand show every certainty, whatever is drawn besides.
    lives = [sketch(example.sketch) for example in detector.EXAMPLES]
    seen = set().union(*(sound(life, type(detector)(), 0, blank) for life in lives))
    assert seen == ({"certain"} if name == "Initiative" else {"certain", "possible"})
    holds()
    assert drawn
