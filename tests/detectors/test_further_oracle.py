"""The further detectors against plain loops over days, in worlds in which every day is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from detectors import test_in_every_world as care
from detectors import test_signals_in_every_world as signals
from detectors.worlds import world
from oracle import further
from strategies import AGENCIES, checked, cohort_of, deliveries


def rows(cohort, detector):
    return ll.detect(cohort, detector, errors="raise").to_arrow().to_pylist()


def in_worlds(name, module, compare, most=7):
    """Compare in worlds of exact days, and see that something was found in some of them."""
    seen = []

    @checked
    @given(
        deliveries(kinds=module.KINDS[name], agencies=tuple(AGENCIES), age=18, most=most),
        st.integers(0, 10**6),
    )
    def holds(delivery, seed):
        cohort = world(cohort_of(module.dressed(delivery, name, seed)), seed)
        seen.extend(compare(cohort))

    holds()
    assert seen


STRETCHES = {
    "ParallelCare": (ll.ParallelCare(min_days=7), lambda cohort: further.parallel_care(cohort, 7)),
    "NoCoordinator": (
        ll.NoCoordinator(min_days=5, agencies=2),
        lambda cohort: further.no_coordinator(cohort, 5, 2),
    ),
    "NoEvaluation": (ll.NoEvaluation(months=1), lambda cohort: further.no_evaluation(cohort, 1)),
}


@pytest.mark.parametrize("name", STRETCHES)
def test_stretches_are_those_of_the_days(name):
    detector, expected = STRETCHES[name]

    def compare(cohort):
        if any(episode["open"] for episode in cohort.episodes.to_arrow().to_pylist()):
            return []  # how long an open episode lasts is not known to the day
        found = ll.detect(cohort, detector, errors="raise")
        able = {row["youth"] for row in found.assessed.to_arrow().to_pylist() if row["assessable"]}
        told = found.to_arrow().to_pylist()
        keys = ("youth", "agency", "to_agency", "start", "end")
        assert {tuple(row[key] for key in keys) for row in told} == {
            one for one in expected(cohort) if one[0] in able
        }
        assert {row["certainty"] for row in told} <= {"certain"}
        return told

    in_worlds(name, care, compare, most=6)


def test_late_response():
    def compare(cohort):
        found = rows(cohort, ll.LateResponse(min_days=20))
        assert sorted(
            (r["youth"], r["outcome"], r["agency"], r["days_min"]) for r in found
        ) == further.late_response(cohort, 20)
        return found

    in_worlds("LateResponse", signals, compare)


def test_joint_knowledge():
    def compare(cohort):
        found = rows(cohort, ll.JointKnowledge(signals=2, months=1, min_days=20))
        told = sorted((r["youth"], r["outcome"], r["days_min"]) for r in found)
        assert told == further.joint_knowledge(cohort, 2, 2, 1, 20)
        return found

    in_worlds("JointKnowledge", signals, compare)


def test_initiative():
    def compare(cohort):
        found = rows(cohort, ll.Initiative())
        told = [(r, dict(r["measures"])) for r in found]
        assert sorted(
            (r["youth"], r["outcome"], m["known"], m["share"]) for r, m in told
        ) == further.initiative(cohort)
        return found

    in_worlds("Initiative", signals, compare)


def test_re_entry():
    def compare(cohort):
        found = rows(cohort, ll.ReEntry(within_days=60))
        told = {(r["youth"], r["agency"], r["to_agency"], r["sector"], r["days_min"]) for r in found}
        assert told == further.re_entry(cohort, 60)
        return found

    in_worlds("ReEntry", care, compare, most=8)
