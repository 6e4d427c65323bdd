"""Gap rules, with vectors from practice: inclusive or exclusive, days between or difference of dates."""

import numpy as np
import pytest

import levensloop as ll
from levensloop.sandwich import lasting, sandwich
from levensloop.spans import joined, subtract, union
from levensloop.testing import sketch

#: "More than 7 days later" compares two dates: at least 7 free days lie between them.
MORE_THAN_SEVEN = 7


def number(text):
    return np.array(text.split(), "M8[D]").astype(np.int64)


def zeros(days):
    return np.zeros(days.size, np.int64)


def episodes(days, min_days):
    made = joined(zeros(days), days, days + 1, min_days)
    return (made.end - made.start).tolist()


def test_dates_of_two_years_are_three_episodes():
    april = np.arange(*number("2017-04-04 2017-04-17"))
    days = np.concatenate([number("2015-09-09 2016-10-24 2016-10-25"), april])
    assert episodes(days, MORE_THAN_SEVEN) == [1, 2, 13]
    assert episodes(days[::-1], MORE_THAN_SEVEN) == [1, 2, 13]


@pytest.mark.parametrize(
    ("second", "lengths"),
    [("2020-05-04", [4]), ("2020-05-08", [8]), ("2020-05-09", [1, 1]), ("2020-05-10", [1, 1])],
)
def test_days_strictly_between_decide(second, lengths):
    """1 and 4 May join; 1 and 8 May have six free days and join; 1 and 9 May have seven and do not."""
    assert episodes(number(f"2020-05-01 {second}"), MORE_THAN_SEVEN) == lengths


def test_abutting_days_never_make_a_gap():
    days = number("2020-05-01 2020-05-02")
    for min_days in (1, 2, 7, 90):
        assert episodes(days, min_days) == [2]
    assert episodes(number("2020-05-01 2020-05-03"), 1) == [1, 1]


def test_one_day_that_lies_in_a_longer_episode_is_kept_in_it():
    start, end = number("2020-05-01 2020-05-03"), number("2020-05-11 2020-05-04")
    made = joined(zeros(start), start, end, 1)
    assert (made.end - made.start).tolist() == [10]


def test_what_lasts_no_day_is_no_episode():
    day = number("2020-05-01")
    assert joined(zeros(day), day, day, 7).start.size == 0


def test_other_groups_do_not_join():
    day = number("2020-05-01 2020-05-02")
    assert joined(np.array([0, 1]), day, day + 1, 7).group.tolist() == [0, 1]


@pytest.mark.parametrize("days", ["2020-05-01 2020-05-04", "2020-05-01 2020-05-09", "2020-05-01 2020-05-20"])
def test_gap_lies_exactly_between_the_episodes_of_its_rule(days):
    first, second = days.split()
    life = sketch(
        f"window 2020-01-01..2020-12-31\nggz care {first}..{first} no_show\nggz care {second}..{second} as_planned"
    )
    found = ll.Gap(min_days=MORE_THAN_SEVEN).detect(life).to_arrow().to_pylist()
    when = number(days)
    made = joined(zeros(when), when, when + 1, MORE_THAN_SEVEN)
    gaps = list(zip(made.end[:-1], made.start[1:], strict=True))
    assert [(np.datetime64(row["start"]), np.datetime64(row["end"])) for row in found] == [
        (low.astype("M8[D]"), high.astype("M8[D]")) for low, high in gaps
    ]


def test_the_same_by_stretches_that_hold_surely():
    """The free days between, told as stretches of at least seven days."""
    days = np.concatenate(
        [number("2015-09-09 2016-10-24 2016-10-25"), np.arange(*number("2017-04-04 2017-04-17"))]
    )
    cover = union(zeros(days), days, days + 1)
    _, start, end = subtract(np.array([0]), days[:1], days[-1:] + 1, cover)
    free = union(zeros(start), start, end)
    found = sandwich(free, free, lasting(MORE_THAN_SEVEN))
    assert found.certain.all()
    assert (found.days_min == found.days_max).all()
    assert found.days_min.tolist() == [410, 160]


def test_gap_of_abutting_care():
    life = sketch(
        "window 2020-01-01..2020-12-31\n"
        "ggz care 2020-05-01..2020-05-10 no_show\nbjz care 2020-05-11..2020-05-20 as_planned"
    )
    assert len(ll.Gap(min_days=1).detect(life)) == 0
