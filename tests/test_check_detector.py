"""A detector that breaks a law is told which one."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

import levensloop as ll
from levensloop.findings import Example
from levensloop.testing import check_detector
from levensloop.testing.laws import LAWS, broken

DAY = timedelta(1)
NOTHING = (Example("birth 1990-01-01"),)


def finding(fact, **more):
    return ll.Finding(start=fact.start_min, end=fact.start_min + DAY, evidence=(fact.id,), **more)


@ll.detector
def signals(timeline):
    """Every signal, certain where its day is known."""
    for fact in timeline.facts("signal"):
        yield finding(fact, certain=fact.start_min == fact.start_max)


@ll.detector
def first_row(timeline):
    """The first fact in the order of the files."""
    facts = sorted(timeline.facts(), key=lambda fact: fact.id)
    yield from (finding(fact) for fact in facts[:1])


@ll.detector
def too_sure(timeline):
    """A signal in the first half of a month, of vague days the first."""
    for fact in timeline.facts("signal"):
        if fact.start_min.day < 15:
            yield finding(fact)


@ll.detector
def this_century(timeline):
    """Leans on a date of its own."""
    yield from (finding(fact) for fact in timeline.facts("signal") if fact.start_min > date(1990, 1, 1))


@ll.detector
def no_days(timeline):
    """A finding that lasts no day."""
    yield from (replace(finding(fact), end=fact.start_min) for fact in timeline.facts("signal"))


@ll.detector
def not_its_own(timeline):
    """Evidence that does not exist."""
    yield from (replace(finding(fact), evidence=("nobody:1",)) for fact in timeline.facts("signal"))


@ll.detector
def fails(timeline):
    """Cannot do without events."""
    yield finding(timeline.facts("contact")[99])


@dataclass
class Counting:
    """Finds something else each time."""

    asked: int = 0

    def detect_one(self, timeline):
        self.asked += 1
        if self.asked % 5 == 0:
            yield from (finding(fact) for fact in timeline.facts("contact"))


@dataclass(frozen=True)
class Crowd:
    """Looks at how many youths there are."""

    def detect(self, cohort):
        found = [
            replace(finding(fact), youth=youth)
            for youth in cohort
            for fact in cohort[youth].facts("signal")
            if len(cohort) > 1
        ]
        return ll.Findings.of_findings(found)


def test_a_sound_detector_keeps_every_law():
    assert broken(signals) == []
    assert check_detector(replace(signals, EXAMPLES=NOTHING)) == 1


@pytest.mark.parametrize(
    ("detector", "law"),
    [
        (first_row, "order"),
        (too_sure, "certainty"),
        (this_century, "shifted"),
        (no_days, "shape"),
        (not_its_own, "shape"),
        (fails, "little"),
        (Counting(), "twice"),
        (Crowd(), "alone"),
    ],
)
def test_each_wrong_is_told_by_its_law(detector, law):
    assert law in LAWS
    told = broken(detector)
    found = [line for line in told if line.startswith(f"  {law}: ")]
    assert len(found) == 1, told
    assert ("it raised" in found[0]) == (detector in (fails, no_days))


@dataclass(frozen=True)
class Unpicklable:
    """Holds what no other process can have."""

    least: object = field(default_factory=lambda: lambda: 1)

    def detect_one(self, _timeline):
        return iter(())


def test_what_cannot_be_pickled_is_told():
    assert any("pickling: it raised" in line for line in broken(Unpicklable()))


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(AssertionError) as told:
        check_detector(too_sure)
    assert "it has no examples" in str(told.value)
    assert "certainty:" in str(told.value)
    assert "too_sure" in str(told.value)


def test_an_example_can_give_a_function_other_parameters():
    example = Example("ggz signal 2005-01-01", finds=({"certainty": "certain"},), params={"most": 1})

    @ll.detector(examples=(Example("ggz signal 2005-01-01"), example))
    def few(timeline, most=0):
        yield from (finding(fact) for fact in timeline.facts("signal")[:most])

    assert check_detector(few) == 2
