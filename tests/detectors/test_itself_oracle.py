"""The reference detectors on cases that a reader can check with pencil and paper."""

from datetime import date

from oracle.gaps import gap, out_of_view
from oracle.handovers import handover
from oracle.model import Cohort, Episode, Event, Source, Youth, birthday, runs
from oracle.waits import waiting


def made(episodes=(), events=(), *, until=1000, birth=None, end=1000):
    agencies = {item.agency for item in (*episodes, *events)}
    source = Source("s", tuple(sorted(agencies)), 0, end)
    delivers = {item.agency: item.sector for item in (*events, *episodes)}
    told = (*events, *(episode.start for episode in episodes if episode.start))
    youth = Youth("y", until, birth, birth, told, tuple(episodes))
    return Cohort((youth,), (source,), delivers)


def care(agency, start, end, **more):
    low, high = start if isinstance(start, tuple) else (start, start)
    first, last = end if isinstance(end, tuple) else (end, end)
    starter = Event(f"{agency}{low}", agency, "youth_care", "care", low, high)
    return Episode(agency, "youth_care", None, "care", low, high, first, last, start=starter, **more)


def event(kind, agency, start, **more):
    low, high = start if isinstance(start, tuple) else (start, start)
    return Event(f"{kind}{low}", agency, "youth_care", kind, low, high, **more)


def test_a_handover_from_one_day_to_the_next_leaves_no_gap():
    # handed over on the 3rd (so the end is the 4th), received on the 4th
    cohort = made([care("A", 1, 4), care("B", 4, 900)])
    assert not list(gap(cohort, min_days=1, trailing="none"))


def test_a_gap_of_known_days_is_certain():
    (found,) = gap(made([care("A", 1, 10), care("B", 40, 900)]), min_days=30)
    assert (found.certainty, found.start, found.end, found.days_min, found.days_max) == (
        "certain",
        10,
        40,
        30,
        30,
    )
    assert found.outcome == "unexplained"


def test_a_gap_that_only_may_be_long_enough_is_possible():
    (found,) = gap(made([care("A", 1, (10, 20)), care("B", 45, 900)]), min_days=30)
    assert (found.certainty, found.start, found.end, found.days_min, found.days_max) == (
        "possible",
        10,
        45,
        25,
        35,
    )


def test_what_vague_care_leaves_over_is_possible_too():
    found = list(
        gap(made([care("A", 1, 10), care("C", (60, 119), (61, 120)), care("B", 120, 900)]), min_days=30)
    )
    assert [(f.certainty, f.start, f.end, f.days_min, f.days_max) for f in found] == [
        ("certain", 10, 60, 50, 110),
        ("possible", 60, 120, 0, 60),
    ]


def test_care_that_ended_well_leaves_no_trailing_gap():
    assert not list(gap(made([care("A", 1, 10, reason="goal_reached")]), min_days=30))
    assert list(gap(made([care("A", 1, 10, reason="goal_reached")]), min_days=30, trailing="all"))
    (found,) = gap(made([care("A", 1, 10, reason="client_left")]), min_days=30)
    assert found.ongoing
    assert not list(gap(made([care("A", 1, 10, reason="client_left")]), min_days=30, trailing="none"))


def test_a_gap_filled_with_waiting_is_waiting():
    ref = event("referral", "A", 10, to_agency="B")
    (found,) = gap(made([care("A", 1, 10), care("B", 50, 900)], [ref]), min_days=30)
    assert found.outcome == "waiting"
    assert dict(found.measures)["waiting_days"] == 40


def test_a_gap_ends_at_the_birthday():
    birth = date(1, 1, 1).replace(year=2)
    until = birthday(birth, 1)
    episodes = [care("A", 1, 10, reason="no_place")]
    (found,) = gap(made(episodes, birth=birth), min_days=30, until_age=1)
    assert found.end == until
    assert not found.ongoing


def test_days_outside_the_window_are_never_certain():
    (found,) = gap(made([care("A", 1, 10, reason="no_place")], end=500), min_days=30)
    assert found.certainty == "possible"
    assert dict(found.measures)["unobserved_days"] == 500


def test_a_point_keeps_a_youth_in_view():
    cohort = made([care("A", 1, 10)], [event("contact", "A", 60), event("signal", "A", 999)])
    found = list(out_of_view(cohort, min_days=60))
    assert [(f.start, f.end) for f in found] == [(61, 999)]


def test_a_start_closes_a_wait():
    ref = event("referral", "A", 10, to_agency="B")
    (found,) = waiting(made([care("B", (40, 50), 900)], [ref]))
    assert (found.outcome, found.agency, found.days_min, found.days_max) == ("started", "B", 30, 40)


def test_a_refusal_an_end_or_nothing_closes_a_wait():
    ref = event("waitlist", "B", 10, end_min=30, end_max=31)
    (found,) = waiting(made([], [ref]))
    assert (found.outcome, found.days_min, found.days_max) == ("ended", 20, 21)
    (found,) = waiting(made([], [ref, event("refusal", "B", 25)]))
    assert (found.outcome, found.days_min) == ("refused", 15)
    (found,) = waiting(made([], [event("referral", "A", 10, to_agency="B")]))
    assert (found.outcome, found.end, found.ongoing) == ("ongoing", 1000, True)


def test_a_wait_that_overlaps_its_start_is_possible():
    (found,) = waiting(made([care("B", (5, 30), 900)], [event("referral", "A", 10, to_agency="B")]))
    assert (found.certainty, found.days_min, found.days_max) == ("possible", 0, 20)


def test_only_a_report_is_answered_by_a_contact():
    for kind, outcome in (("report", "started"), ("referral", "ongoing")):
        (found,) = waiting(made([], [event(kind, "A", 10, to_agency="B"), event("contact", "B", 20)]))
        assert found.outcome == outcome


def test_a_referral_arrives_is_refused_or_is_lost():
    ref = event("referral", "A", 10, to_agency="B")
    (found,) = handover(made([care("A", 1, 10), care("B", 40, 900)], [ref]))
    assert (found.outcome, found.days_min, found.measures) == ("arrived", 30, (("cold", 1),))
    (found,) = handover(made([care("B", 40, 900)], [ref]))
    assert found.measures == (("referral_only", 1),)
    (found,) = handover(made([care("B", 40, 900)], [ref, event("refusal", "B", 20)]))
    assert (found.outcome, found.days_min) == ("refused", 10)
    (found,) = handover(made([care("A", 1, 10)], [ref]))
    assert (found.outcome, found.certainty) == ("lost", "certain")
    (found,) = handover(made([care("A", 1, 10)], [ref], until=190), within_days=180)
    assert found.outcome == "pending"


def test_a_handover_without_a_referral():
    (found,) = handover(made([care("A", 1, 10), care("B", 10, 900)]))
    assert (found.outcome, found.days_min, found.measures) == ("arrived", 0, (("warm", 1),))
    covered = made([care("A", 1, 10), care("C", 2, 60), care("B", 40, 900)])
    assert not [f for f in handover(covered) if f.agency == "A"]


def test_a_birthday_on_29_february():
    assert birthday(date(2004, 2, 29), 18) == date(2022, 3, 1).toordinal()
    assert birthday(date(2004, 2, 29), 16) == date(2020, 2, 29).toordinal()


def test_runs_of_days():
    assert list(runs({1, 2, 3, 7, 9, 10})) == [(1, 4), (7, 8), (9, 11)]
