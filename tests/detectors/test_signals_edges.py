"""Edges of the detectors of signals, refusals, requests and initiative."""

from pathlib import Path

import pytest

import levensloop as ll
from levensloop.testing import sketch

SEEN = "window 2000-01-01..2006-12-31\n"


def found(text, detector, *columns):
    table = ll.detect(sketch(SEEN + text), detector, errors="raise").to_arrow()
    rows = table.select(columns or ["outcome", "certainty", "days_min", "days_max"]).to_pylist()
    return [tuple(row.values()) for row in rows]


def assessed(text, detector):
    return ll.detect(sketch(SEEN + text), detector).assessed.to_arrow().to_pylist()[0]


def test_an_act_on_the_day_of_the_signal_answers_it():
    assert found("school signal 2005-01-10; ggz assessment 2005-01-10", ll.LateResponse(min_days=1)) == []
    late = found("school signal 2005-01-10; ggz assessment 2005-01-11", ll.LateResponse(min_days=1))
    assert late == [("answered", "certain", 1, 1)]


def test_an_act_the_day_before_the_signal_does_not_answer_it():
    told = found("school signal 2005-01-10; ggz assessment 2005-01-09", ll.LateResponse())
    assert told == [("unanswered", "certain", 721, 721)]


@pytest.mark.parametrize(("least", "number"), [(365, 1), (366, 0)])
def test_late_is_from_min_days_on(least, number):
    text = "school signal 2005-01-10; ggz diagnosis 2006-01-10"
    assert len(found(text, ll.LateResponse(min_days=least))) == number


def test_a_signal_from_home_counts_and_care_at_home_does_not_answer():
    text = "family signal 2005-01-10; family care 2005-02-01..2005-12-31; bjz measure 2005-12-01.."
    assert found(text, ll.LateResponse(), "agency", "to_agency", "days_min") == [("family", "bjz", 325)]


def test_two_who_may_have_answered_first_are_not_named():
    text = "school signal 2004-01-10; ggz assessment 2005-03; bjz care 2005-03-15..2005-12-31"
    assert found(text, ll.LateResponse(), "to_agency", "days_min", "days_max") == [(None, 416, 430)]


def test_a_signal_about_someone_else_is_none():
    assert found("school signal 2004-01-10 about=mother; school signal 2006-12-01", ll.LateResponse()) == []


def test_a_sector_that_nobody_observes_is_at_most_possibly_silent():
    text = "window ggz 2000-01-01..2005-06-30; ggz contact 2001; school signal 2005-01-10 > ggz"
    assert found(text, ll.LateResponse(by="sector"), "certainty", "sector", "days_min") == [
        ("possible", "mental_health", 721)
    ]
    assert found(text, ll.LateResponse(), "certainty", "sector") == [("certain", None)]


def test_one_addressed_who_delivers_nothing_has_no_sector():
    text = "school signal 2005-01-10 > ggz"
    assert found(text, ll.LateResponse(by="sector"), "sector") == [("education",)]


def test_by_is_chain_or_sector():
    with pytest.raises(ValueError, match="by is chain or sector"):
        ll.LateResponse(by="all")


def test_who_hears_no_signals_cannot_tell_of_late_answers():
    told = assessed("ggz assessment 2005-01-10", ll.LateResponse())
    assert not told["assessable"]
    assert "signal" in told["why"]


@pytest.mark.parametrize(("last", "number"), [("2006-03-09", 1), ("2006-03-10", 0)])
def test_a_signal_counts_until_the_same_day_of_the_month(last, number):
    text = f"school signal 2004-03-10; gp signal 2005-01-01; gp signal {last}"
    assert len(found(text, ll.JointKnowledge())) == number


def test_together_from_the_earliest_day_on_which_it_is_enough():
    text = (
        "school signal 2003-01-01; gp signal 2003-02-01; gp signal 2003-03-01; police signal 2004-01-01\n"
        "bjz care 2003-03-01..2003-12-31"
    )
    assert found(text, ll.JointKnowledge(min_days=1)) == []
    measures = found(
        text.replace("bjz care 2003-03-01", "bjz care 2003-04-01"), ll.JointKnowledge(), "measures"
    )
    assert measures == [([("signals", 3), ("signallers", 2)],)]


def test_an_escalation_on_the_day_of_the_opener_or_the_start_is_not_during_the_wait():
    text = "gp referral 2005-01-01 > ggz; ggz care 2005-09-01..2006-06-30; bjz measure {}.."
    for day, number in (("2005-01-01", 0), ("2005-01-02", 1), ("2005-08-31", 1), ("2005-09-01", 0)):
        assert len(found(text.format(day), ll.Escalation())) == number, day


def test_only_some_types_of_care_escalate():
    text = "school signal 2005-01-01; bjz care 2005-05-01..2005-12-31"
    assert found(text, ll.Escalation()) == []
    assert found(f"{text} type=foster_care", ll.Escalation(), "sector") == [("youth_care",)]


@pytest.mark.parametrize(("signal", "number"), [("2004-05-01", 1), ("2004-04-30", 0), ("2005-05-01", 0)])
def test_a_signal_counts_for_so_many_days_before_the_escalation(signal, number):
    assert len(found(f"school signal {signal}; court court 2005-05-01", ll.Escalation())) == number


def test_a_fuzzy_measure_is_no_answer_to_the_signal_before_it():
    text = "school signal 2005-01-01; bjz measure 2005-03/2005-05..2006-12-31"
    assert found(text, ll.Escalation()) == [("after_signals", "certain", 59, 150)]


@pytest.mark.parametrize(
    "coming", ["ggz contact 2005-01-10", "ggz care 2001-01-01..2005-01-10", "ggz care 2001.."]
)
def test_who_is_there_on_the_day_of_the_need_has_come(coming):
    assert found(f"{coming}; school referral 2005-01-10 > ggz", ll.MissingPartner()) == []


@pytest.mark.parametrize("coming", ["ggz contact 2005-01-09", "ggz care 2001-01-01..2005-01-09"])
def test_who_left_before_the_need_has_not_come(coming):
    assert len(found(f"{coming}; school referral 2005-01-10 > ggz", ll.MissingPartner())) == 1


def test_another_agency_of_the_sector_comes_in_too():
    text = "ggz contact 2001; school referral 2005-01-10 > ggz; praktijk intake 2005-03-01 mental_health"
    assert found(text, ll.MissingPartner()) == []


def test_who_asked_first_is_named_only_if_that_is_clear():
    text = "ggz contact 2001; school referral 2005-01 > ggz; gp referral 2005-01-20 > ggz"
    assert found(text, ll.MissingPartner(), "agency", "to_agency") == [(None, "ggz")]


@pytest.mark.parametrize("reason", ["goal_reached", "as_planned", "transferred", "age_limit", "other", ""])
def test_an_end_that_is_no_setback_is_not_repeated(reason):
    text = f"ggz care 2004-01-01..2004-06-30 {reason}; ggz care 2005-01-01..2005-06-30 {reason}"
    assert found(text, ll.Repetition()) == []


@pytest.mark.parametrize(("day", "times"), [("2005-07-31", None), ("2005-08-01", 2)])
def test_a_dropout_explains_an_end_for_31_days(day, times):
    text = f"school school 2004-08-01..2005-06-30 no_show; school dropout {day} no_show"
    told = found(text, ll.Repetition(), "measures")
    assert told == ([] if times is None else [([("times", times)],)])


def test_times_counts_from_the_first_on_by_the_days_between():
    days = ("2005-01-01", "2005-01-20", "2005-02-01", "2005-03-03")
    text = "; ".join(f"ggz refusal {day} no_place" for day in days)
    told = found(text, ll.Repetition(min_days=30), "measures", "days_min")
    assert told == [([("times", 3)], 61)]
    assert found(text, ll.Repetition(min_days=30, min_times=4)) == []


@pytest.mark.parametrize(("start", "number"), [("2006-06-30", 0), ("2006-07-01", 1)])
def test_a_way_out_is_a_start_up_to_and_with_the_last_day(start, number):
    text = (
        "ciz application 2006-01-01 health; pgb refusal 2006-01-01 incompatible_provision work_income\n"
        f"pgb work {start}.."
    )
    assert len(found(text, ll.Deadlock())) == number


def test_what_was_asked_of_the_one_who_refused_is_no_other_provision():
    text = "gp application 2006-01-01 > pgb; pgb refusal 2006-02-01 incompatible_provision work_income"
    assert found(text, ll.Deadlock()) == []


def test_a_refusal_shortly_before_the_end_is_at_most_a_possible_deadlock():
    text = "ciz care 2006-01-01.. health; pgb refusal 2006-12-01 incompatible_provision work_income"
    assert found(text, ll.Deadlock()) == [("incompatible", "possible", 31, 31)]


@pytest.mark.parametrize(("day", "number"), [("2006-06-30", 1), ("2006-07-01", 0)])
def test_two_refusals_are_a_circle_if_they_are_near(day, number):
    text = f"school refusal 2006-01-01 missing_prerequisite; uwv refusal {day} missing_prerequisite"
    assert len(found(text, ll.Deadlock())) == number


def test_nobody_says_who_began():
    told = assessed(
        "gp referral 2005-01-10 > ggz; ggz contact 2005-02-01 initiative=parents", ll.Initiative()
    )
    assert not told["assessable"]
    assert "initiative" in told["why"]


def test_who_began_one_thing_is_enough():
    assert assessed("gp referral 2005-01-10 > ggz initiative=gp", ll.Initiative())["assessable"]


def test_a_share_is_rounded_down():
    text = "; ".join(f"ggz consultation 2005-0{month}-01 initiative=agency" for month in (1, 2))
    told = found(
        f"{text}; family consultation 2005-05-01 initiative=youth", ll.Initiative(), "outcome", "measures"
    )
    assert told == [("others", [("youth", 1), ("agency", 2), ("known", 3), ("share", 33)])]


def test_what_the_inspectors_saw_of_jorien_is_found_with_evidence():
    events = ll.read(Path(__file__).parents[2] / "data" / "sample" / "jorien")
    cohort = ll.merge(events, ll.link(events))
    detectors = (ll.LateResponse(), ll.Repetition(), ll.Deadlock(), ll.Initiative())
    rows = ll.detect(cohort, *detectors, errors="raise").to_arrow().to_pylist()
    told = {(row["detector"], row["outcome"], row["agency"]) for row in rows}
    assert told >= {
        ("LateResponse", "answered", "Hunnebedschool"),
        ("LateResponse", "answered", "Huisarts"),
        ("Repetition", "repeated", None),
        ("Deadlock", "incompatible", "PGB werkbegeleiding"),
        ("Initiative", "youth_and_parents", None),
    }
    assert all(row["evidence"] for row in rows)
    (again,) = [row for row in rows if row["detector"] == "Repetition"]
    assert again["sector"] == "education"
    assert {"roc:1", "roc:2.2"} <= set(again["evidence"])
