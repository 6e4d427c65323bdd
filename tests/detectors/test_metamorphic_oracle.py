"""What may not change a finding: the order of rows, the other youths, the calendar; and what may."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.cohort import Cohort, Parts
from oracle.compare import moved, plain, same
from oracle.model import birthday
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


#: A world in which enough is told for every detector.
TOLD = ("care", "care", "care_start", "care_end", "referral", "report", "refusal", "intake", "waitlist")


@pytest.mark.parametrize("name", ["Gap", "GapBySector", "OutOfView", "Waiting"])
@checked
@given(deliveries(kinds=TOLD, most=5), st.integers(1, 10))
def test_coarser_days_are_never_more_certain(name, delivery, days):
    cohort = cohort_of(delivery)
    _never_more_certain(DETECTORS[name](), cohort, _blurred(cohort, days))


@checked
@given(deliveries(kinds=("care",)), st.integers(1, 10))
def test_coarser_files_are_never_more_certain_where_no_two_facts_are_taken_for_one(delivery, days):
    """Which facts of two sources are one, merging chooses by their days, and tells in `choices`; here it may not."""
    detector = ll.Gap(min_days=7, trailing="all")
    _never_more_certain(detector, cohort_of(delivery, same={}), cohort_of(_coarser(delivery, days), same={}))


def _never_more_certain(detector, fine, coarse):
    """Every certain finding lies in one that was as long already, and as certain for all that its own days tell."""
    known = plain(ll.detect(fine, detector))
    births = {row["youth"]: row["birth_min"] for row in fine.youths.to_arrow().to_pylist()}

    def in_doubt(one):
        # by days that the coarse finding need not have: unobserved ones, and those after the earliest birthday
        born = births[one.youth]
        return dict(one.measures).get("unobserved_days") or (born and one.end > birthday(born, 23))

    for sure in plain(ll.detect(coarse, detector)):
        if sure.certainty == "certain":
            assert any(
                (one.youth, one.agency, one.sector) == (sure.youth, sure.agency, sure.sector)
                and (one.certainty == "certain" or in_doubt(one))
                and min(one.end, sure.end) - max(one.start, sure.start) >= sure.days_min
                and one.days_min >= sure.days_min
                for one in known
            ), sure


def _blurred(cohort, days):
    """The same timelines with each day known to within some days."""
    parts = {field.name: getattr(cohort, field.name).to_arrow() for field in fields(Parts)}
    for name in ("events", "episodes"):
        table = parts[name]
        for column, move in (
            ("start_min", -days),
            ("start_max", days),
            ("end_min", -days),
            ("end_max", days),
        ):
            moved_days = pc.add(table[column].cast(pa.int32()), pa.scalar(move, pa.int32()))
            table = table.set_column(
                table.column_names.index(column), table.schema.field(column), moved_days.cast(pa.date32())
            )
        parts[name] = table
    return Cohort(Parts(**parts))


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
    return (date.fromisoformat(text) + timedelta(days)).isoformat()
