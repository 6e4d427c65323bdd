"""Law: what is certain is there in every world of exact days, and what is there in some world is foreseen."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from detectors.worlds import sound
from strategies import AGENCIES, OUTSIDER, checked, cohort_of, deliveries

SCHOOLS = ("Ambulant", "Engine", "Clinic")
CARE = ("care",) * 4
TYPES = (None, None, "primary_school", "secondary_school")
KINDS = {
    "NoEvaluation": (*CARE, "evaluation", "review"),
    "NoCoordinator": (*CARE, "coordination"),
    "ParallelCare": (*CARE, "consultation", "consultation"),
    "ReEntry": (*CARE, "care_start", "care_end"),
    "SchoolBreaks": (*("school",) * 3, "school_start", "school_end", "work", "benefit", "dropout",
                     "qualification", "absence"),
    "UnsharedInformation": (*CARE[1:], "school", "diagnosis", "assessment", "measure", "consultation", "transfer",
                            "contact"),
    "UpcomingLimit": ("care", *("care_start",) * 3, "referral", "application", "transfer", "report", "refusal"),
    "WentWell": (*CARE, "evaluation", "signal", "report", "transfer", "assessment"),
}  # fmt: skip
DETECTORS = {
    "NoEvaluation": ll.NoEvaluation(months=1),
    "NoCoordinator": ll.NoCoordinator(min_days=5, agencies=2),
    "ParallelCare": ll.ParallelCare(min_days=7),
    "ReEntry": ll.ReEntry(within_days=60),
    "SchoolBreaks": ll.SchoolBreaks(min_days=7, absence_days=15),
    "UnsharedInformation": ll.UnsharedInformation(),
    "UpcomingLimit": ll.UpcomingLimit(within_months=9),
    "WentWell": ll.WentWell(answer_days=30),
}


def dressed(delivery, name, seed):
    """The delivery with what the strategies leave out: addressees, sharing, types of school, long absence."""
    dice = random.Random(seed)  # noqa: S311 - a choice of words, no secret

    def row(old):
        new = old | {"care_type": None, "shared_with": None}
        others = [agency for agency in (*AGENCIES, OUTSIDER) if agency != old["agency"]]
        if old["kind"] in ("consultation", "evaluation", "review"):
            new["to_agency"] = dice.choice([None, *others[:3]])
        if name in ("ParallelCare", "UnsharedInformation"):
            new["shared_with"] = dice.choice([None] * 5 + ["|".join(others[:2]), others[2]])
        if name == "UpcomingLimit" and old["birth"] and old["person"] == "y0":
            new["birth"] = old["birth"][:7]
        if name == "SchoolBreaks":
            new |= {"sector": "education", "care_type": dice.choice(TYPES)}
            if old["kind"] == "absence":
                new["end"] = dice.choice([None, f"{old['start'][:4]}-12-20/{old['start'][:4]}-12-31"])
        return new

    sources = [replace(source, rows=tuple(map(row, source.rows))) for source in delivery.sources]
    return replace(delivery, sources=tuple(sources))


@pytest.mark.parametrize("name", DETECTORS)
def test_what_is_certain_holds_and_what_holds_is_foreseen(name):
    agencies = SCHOOLS if name == "SchoolBreaks" else tuple(AGENCIES)
    # Out of school: which school was the last may be unclear. An answer: whose it is may be.
    blank = {"SchoolBreaks": ("agency",), "WentWell": ("to_agency",)}.get(name, ())
    age = 17 if name == "UpcomingLimit" else 18
    seen = set()

    @checked
    @given(deliveries(kinds=KINDS[name], agencies=agencies, age=age, most=6), st.integers(0, 10**6))
    def holds(delivery, seed):
        cohort = cohort_of(dressed(delivery, name, seed))
        sound(cohort, DETECTORS[name], seed, blank)
        seen.update(ll.detect(cohort, DETECTORS[name]).to_arrow()["certainty"].to_pylist())

    holds()
    assert seen == {"certain", "possible"}
