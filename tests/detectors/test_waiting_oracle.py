"""Waiting against the opener-by-opener reference, and against worlds of exact days."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import levensloop as ll
from levensloop.calendars import Calendar
from levensloop.rulebooks import Rulebook
from levensloop.testing import sketch
from oracle.compare import plain, same, world
from oracle.model import read
from oracle.norms import judged
from oracle.waits import waiting
from rulemaking import made
from strategies import CARE, WAITS, Delivered, Delivery, checked, cohort_of, deliveries

KINDS = WAITS * 2 + CARE + ("school", "school_start", "work", "refusal", "refusal", "contact", "intake")
lengths = st.sampled_from([1, 7, 30])


@checked
@given(deliveries(kinds=KINDS), lengths)
def test_waiting_is_what_the_text_says(delivery, min_days):
    cohort = cohort_of(delivery)
    theirs = ll.detect(cohort, ll.Waiting(ll.rulebook("nl"), min_days=min_days))
    blank = {"rule": None, "norm_days": None, "over_norm": None, "measures": ()}
    same(waiting(read(cohort), min_days=min_days), plain(theirs), **blank)


@checked
@given(deliveries(kinds=KINDS), lengths, st.integers(0, 10**6))
def test_a_certain_wait_is_there_in_every_world(delivery, min_days, seed):
    cohort = cohort_of(delivery)
    found = plain(ll.detect(cohort, ll.Waiting(ll.rulebook("nl"), min_days=min_days)))
    real = list(waiting(world(read(cohort), seed), min_days=min_days))
    for sure in (f for f in found if f.certainty == "certain"):
        held = [f for f in real if (f.youth, f.agency) == (sure.youth, sure.agency)]
        assert any(
            f.days_min >= sure.days_min and f.start <= sure.end and sure.start <= f.end for f in held
        ), (sure, held)


#: Norms that change in the middle of it all, in working days, weeks and months.
RULES = Rulebook(
    (
        made(id="named", value=2, unit="working_days", care_types=("residential",)),
        made(id="week", value=1, valid_to=date(2003, 4, 30)),
        made(id="five", value=5, unit="working_days", valid_from=date(2003, 5, 1)),
        made(id="month", value=1, unit="months", sectors=("mental_health", "health")),
        made(
            id="report", value=4, unit="working_days", segment="to_intake", sectors=("youth_care", "health")
        ),
        made(id="intake", value=3, unit="days", segment="to_intake", sectors=("mental_health",)),
        made(id="treated", value=2, segment="intake_to_care", valid_from=date(2003, 3, 1)),
    ),
    "zz",
    Calendar(weekend=("friday", "saturday"), years=(2001, 2005), holidays=("03-21", date(2003, 6, 4))),
)


def is_off(day):
    return day.weekday() in {4, 5} or (day.month, day.day) == (3, 21) or day == date(2003, 6, 4)


def typed(delivery):
    """The same delivery with a care type in every row that has a reference of care."""
    kind = {"k1": "residential", None: None}
    return Delivery(
        tuple(
            replace(one, rows=tuple(row | {"care_type": kind[row["care_id"]]} for row in one.rows))
            for one in delivery.sources
        )
    )


#: Few kinds at two agencies: most examples have an intake inside a wait.
DENSE = ("referral", "referral", "report", "waitlist", "care", "care_start", "intake", "intake", "contact")


@settings(checked, max_examples=150)
@given(deliveries(kinds=DENSE, agencies=("Bureau", "Clinic"), youths=3, most=10))
def test_norms_and_parts_of_a_wait_are_those_that_one_counts(delivery):
    cohort = cohort_of(typed(delivery))
    same(judged(read(cohort), RULES, is_off), plain(ll.detect(cohort, ll.Waiting(RULES))))


def of_all(text):
    found = ll.Waiting().detect(sketch("window 2000-01-01..2006-12-31; " + text)).to_arrow().to_pylist()
    return [(str(f["start"]), f["outcome"], f["certainty"], f["days_min"], f["days_max"]) for f in found]


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ("2006-03-01", None),
        ("2006-03-20", ("2006-03-20", "ongoing", "possible", 287, 287)),
        ("2006-04-01", ("2006-04-01", "ongoing", "certain", 275, 275)),
    ],
)
def test_who_asks_while_a_place_on_the_list_may_have_lapsed_possibly_waits_anew(asked, again):
    waits = of_all(f"ggz waitlist 2006-01-01..2006-03; gp referral {asked} > ggz")
    assert waits == [("2006-01-01", "ended", "certain", 60, 90), *([again] if again else [])]


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ("refusal 2006-03", ("2006-03-20", "started", "possible", 73, 73)),
        # In care since before the second referral, or still waiting because of the first.
        ("care 2006-03..2006-05-01", None),
        # Care that may have been over by then.
        ("care 2006-03..2006-03", ("2006-03-20", "started", "possible", 73, 73)),
    ],
)
def test_who_asks_when_the_answer_may_have_come_possibly_waits_for_what_comes_next(answer, again):
    text = f"gp referral 2006-01-01 > ggz; ggz {answer}; gp referral 2006-03-20 > ggz; ggz care 2006-06-01.."
    outcome = "refused" if "refusal" in answer else "started"
    assert of_all(text) == [("2006-01-01", outcome, "certain", 59, 89), *([again] if again else [])]


def test_a_wait_that_surely_begins_later_stays_certain_beside_one_that_may_have_begun():
    text = "gp referral 2006-01-01 > ggz; ggz refusal 2006-03; gp referral 2006-03-20 > ggz; gp referral 2006-04-20 > ggz"
    assert of_all(text)[1:] == [
        ("2006-03-20", "ongoing", "possible", 287, 287),
        ("2006-04-20", "ongoing", "certain", 256, 256),
    ]


def test_who_is_referred_on_the_day_on_which_a_report_is_answered_waits_from_then_on():
    text = "school report 2006-01-01 > ggz; ggz contact 2006-01-20; gp referral 2006-01-20 > ggz; ggz care 2006-05-01.."
    assert of_all(text) == [
        ("2006-01-01", "started", "certain", 19, 19),
        ("2006-01-20", "started", "certain", 101, 101),
    ]


def test_a_start_with_the_same_reference_closes_a_wait_also_where_it_is_part_of_longer_care():
    def rows(*told):
        names = ("agency", "kind", "start", "end", "to_agency", "care_id")
        return tuple(
            {"person": "y0", "sector": "health", **dict(zip(names, row, strict=True))} for row in told
        )

    window = (date(2003, 1, 1), date(2003, 12, 31))
    first = ("Clinic", "care", "2003-02-01", "2003-05-31", None, "k0")
    asked = ("Doctor", "referral", "2003-03-01", None, "Clinic", "k1")
    second = ("Clinic", "care_start", "2003-05-01", None, None, "k1")
    cohort = cohort_of(
        Delivery((Delivered("s0", window, rows(first, asked)), Delivered("s1", window, rows(second))))
    )
    assert len(cohort.episodes) == 1
    (found,) = plain(ll.detect(cohort, ll.Waiting()))
    assert (found.outcome, found.certainty, found.days_min, found.days_max) == ("started", "certain", 61, 61)
    same(waiting(read(cohort)), [found], rule=None, norm_days=None, over_norm=None, measures=())


def of_one(text):
    (found,) = ll.Waiting().detect(sketch(text)).to_arrow().to_pylist()
    return found


def test_an_intake_divides_a_wait_and_changes_nothing_else():
    text = "window 2000-01-01..2006-12-31; gp referral 2006-01-01 > ggz; ggz care 2006-05-01..2006-12-01"
    whole, divided = of_one(text), of_one(text + "; ggz intake 2006-02-20")
    assert dict(divided.pop("measures")) == {
        "to_intake_min": 50, "to_intake_max": 50, "to_intake_norm": 28,
        "intake_to_care_min": 70, "intake_to_care_max": 70, "intake_to_care_norm": 70,
    }  # fmt: skip
    assert not whole.pop("measures")
    assert {name: whole[name] for name in whole if name != "evidence"} == {
        name: divided[name] for name in divided if name != "evidence"
    }


def test_an_intake_without_care_after_it_leaves_the_second_part_running():
    found = of_one("window 2000-01-01..2006-12-31; gp referral 2006-01-01 > ggz; ggz intake 2006-02")
    assert (found["outcome"], found["over_norm"]) == ("ongoing", "certain")
    assert dict(found["measures"]) == {
        "to_intake_min": 31, "to_intake_max": 58, "to_intake_norm": 28,
        "intake_to_care_min": 307, "intake_to_care_max": 334, "intake_to_care_norm": 70,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("intake", "days"), [("2006-04-30", (119, 1)), ("2006-05-01", (120, 0)), ("2006-05-02", None)]
)
def test_an_intake_on_the_day_on_which_care_starts_is_still_in_the_wait(intake, days):
    found = of_one(
        f"window 2000-01-01..2006-12-31; gp referral 2006-01-01 > ggz; ggz care 2006-05-01..2006-12-01; ggz intake {intake}"
    )
    measures = dict(found["measures"])
    assert (days is None) == (not measures)
    assert days is None or (measures["to_intake_max"], measures["intake_to_care_max"]) == days


def test_the_answer_to_a_report_ends_the_wait_and_divides_none():
    found = of_one("window 2000-01-01..2006-12-31; school report 2006-01-01 > ggz; ggz intake 2006-02-20")
    assert (found["rule"], found["norm_days"], dict(found["measures"])) == ("tree_intake", 28, {})


def test_a_norm_in_working_days_is_longer_over_christmas():
    text = "window 2000-01-01..2026-12-31; school referral {} > gp type=gp; gp care 2024-12-31.."
    over = [of_one(text.format(day))["over_norm"] for day in ("2024-12-23", "2024-12-24", "2024-12")]
    assert over == ["certain", "no", "possible"]
    assert of_one(text.format("2024-12-24"))["norm_days"] == 7


@pytest.mark.parametrize(
    ("birth", "days"), [("1989-01-01", 92), ("1989", 92), ("1988", None), ("1989-02", 123), (None, None)]
)
def test_the_days_that_a_law_surely_imposes_are_told(birth, days):
    born = f"birth {birth}; " if birth else ""
    found = of_one(
        f"{born}window 2000-01-01..2009-12-31; uwv application 2006-10-01 type=disability_benefit; uwv benefit 2007-06-01.."
    )
    assert (found["over_norm"], dict(found["measures"]).get("statutory_days")) == ("no_rule", days)
