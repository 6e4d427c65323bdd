"""The engine stamps, sorts and says what could be assessed."""

import json
from dataclasses import dataclass

import pyarrow as pa
import pytest

import levensloop as ll
from helpers import cohort, events, row
from levensloop.detectors import BUILT_IN
from levensloop.testing import check_detector

ROWS = [
    row("care", "2005-01-01", "2005-02-01", reason="no_show"),
    row("care", "2006-01-01", "2006-02-01", reason="goal_reached"),
    row("referral", "2005-03-01", agency="gp", to_agency="ggz"),
]


@pytest.mark.parametrize("detector", BUILT_IN)
def test_examples(detector):
    check_detector(detector)


def test_every_finding_is_stamped():
    found = ll.detect(cohort(events(ROWS)), ll.Gap(min_days=60)).to_arrow().to_pylist()
    assert [one["detector"] for one in found] == ["Gap"]
    params = json.loads(found[0]["params"])
    assert params["min_days"] == 60
    assert params["version"] == ll.__version__


def test_all_detectors_run_when_none_is_given():
    found = ll.detect(cohort(events(ROWS)))
    assert set(found.assessed.to_arrow()["detector"].to_pylist()) == {each.__name__ for each in BUILT_IN}
    assert found.count("detector").to_arrow().to_pylist() == [
        {"detector": "Gap", "findings": 1},
        {"detector": "Handover", "findings": 1},
        {"detector": "OutOfView", "findings": 1},
        {"detector": "Waiting", "findings": 1},
    ]
    assert found.count().to_arrow().to_pylist() == [{"findings": 4}]
    assert found.count("detector", "detector") == found.count("detector")


def test_without_a_birth_no_age_limit_can_be_assessed():
    assessed = ll.detect(cohort(events(ROWS)), ll.AgeLimit()).assessed.to_arrow().to_pylist()
    assert assessed == [
        {"detector": "AgeLimit", "youth": "y", "assessable": False, "why": "no date of birth"}
    ]


@pytest.mark.parametrize(
    ("detector", "kind", "why"),
    [
        (ll.Gap(), "care", "no source records care"),
        (ll.Waiting(), "application", "no source records referrals or applications"),
        (ll.Handover(), "transfer", "no source records referrals or care"),
        (ll.AgeLimit(), "refusal", "no source records care, or who asks for it"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_where_no_source_tells_of_it_nothing_found_is_not_said(detector, kind, why):
    school = row("school", "2001-08-01", "2006-07-31", birth="1995-01-01")
    silent = ll.detect(cohort(events([school])), detector).assessed.to_arrow().to_pylist()
    assert [(one["assessable"], one["why"]) for one in silent] == [(False, why)]
    other = row(kind, "2005-01-01", "2005-02-01", person="z", birth="1995-01-01", to_agency="ggz")
    both = ll.detect(cohort(events([school, other])), detector).assessed.to_arrow().to_pylist()
    assert [(one["youth"], one["assessable"]) for one in both] == [("y", True), ("z", True)]


@pytest.mark.parametrize(
    ("detector", "words"),
    [
        (lambda: ll.Gap(min_days=-1), "Gap.min_days is a whole number of at least 0"),
        (lambda: ll.Gap(min_days="60"), "Gap.min_days is a whole number of at least 0"),  # type: ignore[arg-type]
        (lambda: ll.Handover(within_days=1.5), "Handover.within_days is a whole number of at least 0"),  # type: ignore[arg-type]
        (lambda: ll.Waiting("nl"), r"Waiting.rules is a rulebook, such as ll.rulebook\('nl'\)"),  # type: ignore[arg-type]
    ],
)
def test_a_parameter_that_cannot_be_is_told(detector, words):
    with pytest.raises(ll.UserError, match=words):
        ll.detect(cohort(events(ROWS)), detector())


def test_a_misspelt_choice_is_told_when_it_is_made():
    with pytest.raises(ValueError, match="by is youth or sector, not 'sectors'"):
        ll.Gap(by="sectors")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="trailing is need, all or none, not 'always'"):
        ll.Gap(trailing="always")  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [None, [], pa.table({"youth": ["y"]})], ids=["nothing", "list", "table"])
def test_a_detector_that_gives_no_findings_is_told(given):
    class Wrong:
        def detect(self, _cohort):
            return given

    with pytest.raises(ll.UserError, match=rf"^Wrong.detect gives a {type(given).__name__}\. Hint: "):
        ll.detect(cohort(events(ROWS)), ll.Gap(), Wrong())


@dataclass(frozen=True)
class Mine:
    """A detector of one's own: nothing to inherit."""

    def detect(self, cohort):
        assert len(cohort) == 1
        return ll.Findings.empty()


def test_a_detector_of_ones_own_needs_only_its_shape():
    told = []
    assert len(ll.detect(cohort(events(ROWS)), Mine(), progress=told.append)) == 0
    assert told == ["Mine"]


@pytest.mark.parametrize("wrong", [ll.Gap, "Gap", 3])
def test_what_is_no_detector_is_told(wrong):
    with pytest.raises(ll.UserError, match="no detector"):
        ll.detect(cohort(events(ROWS)), wrong)


def test_findings_of_one_youth():
    found = ll.detect(cohort(events([*ROWS, *(one | {"person": "z"} for one in ROWS)])))
    assert len(found) == 2 * len(found.of("z"))
    assert set(found.of("z").to_arrow()["youth"].to_pylist()) == {"z"}
    assert len(ll.Findings.concat([])) == 0


def test_the_norm_is_that_of_the_day():
    rows = [
        row("referral", "2008-01-01", to_agency="bjz"),
        row("care", "2008-05-01", agency="bjz", sector="youth_care"),
    ]
    (found,) = ll.detect(cohort(events(rows)), ll.Waiting()).to_arrow().to_pylist()
    assert (found["rule"], found["norm_days"], found["over_norm"]) == ("wait_9_weeks", 63, "certain")
    rows = [one | {"start": one["start"].replace("2008", "2002")} for one in rows]
    (found,) = ll.detect(cohort(events(rows)), ll.Waiting()).to_arrow().to_pylist()
    assert (found["rule"], found["norm_days"], found["over_norm"]) == (None, None, "no_rule")


def test_a_cohort_without_an_event_about_the_youth_can_be_looked_at():
    row = {"person": ["y"], "agency": ["GGZ"], "kind": ["contact"], "start": ["2005-01-01"]}
    events = ll.Events(pa.table({**row, "about": ["mother"], "shared_with": ["BJZ"]}))
    assert len(ll.detect(ll.merge(events, ll.link(events)), errors="raise")) == 0


def test_findings_are_counted_by_what_they_have():
    found = ll.detect(ll.testing.sketch("gp contact 2005"), ll.Gap())
    with pytest.raises(ll.UserError, match=r"not counted by agencies, evidence\. Hint: by youth, detector"):
        found.count("detector", "agencies", "evidence")
