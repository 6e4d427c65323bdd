"""Planted stretches without care, and out of everyone's view.

The consequences are worked out by hand from the definitions (design section 6), story by story; no detector is
asked.
"""

from datetime import date, timedelta
from typing import Final

from levensloop.testing.life import BRUG, GGZ, RMC, TEAM, UNTIL, Life

DAY: Final = timedelta(1)


def gap_unexplained(life: Life) -> None:
    """Care stops early and begins again months later, at the same agency."""
    agency, end = life.carer(), life.turn()
    again = end + life.days(90, 500)
    life.care(agency, end - life.days(60, 400), end, life.one_of("client_left", "provider_ended", "no_show"))
    life.care(agency, again, again + life.days(60, 300), "goal_reached")
    life.finds("Gap unexplained", end, again)


def gap_after_goal(life: Life) -> None:
    """The goal was reached, and yet care came again."""
    agency, end = life.carer(), life.turn()
    again = end + life.days(90, 500)
    life.care(agency, end - life.days(60, 400), end, "goal_reached")
    life.care(agency, again, again + life.days(60, 300), "goal_reached")
    life.finds("Gap after_goal", end, again)


def gap_waiting(life: Life) -> None:
    """Back on the waiting list of the same agency."""
    end = life.turn()
    listed, again = end + life.days(2, 20), end + life.days(120, 300)
    life.care(GGZ, end - life.days(60, 400), end, "client_left")
    life.tell(GGZ, "waitlist", listed)
    life.care(GGZ, again, again + life.days(60, 300), "goal_reached")
    life.finds("Gap waiting", end, again)
    life.finds("Waiting started", listed, again, by=GGZ)


def gap_two_agencies(life: Life) -> None:
    """The next agency starts too late for a handover."""
    (one, other), end = life.two_carers(), life.turn()
    again = end + life.days(181, 500)
    life.care(one, end - life.days(60, 400), end, "agreed")
    life.care(other, again, again + life.days(60, 300), "goal_reached")
    life.finds("Gap unexplained", end, again)


def gap_to_the_end(life: Life) -> None:
    """The youth left and nobody came after."""
    end = life.turn()
    life.care(life.carer(), end - life.days(60, 400), end, life.one_of("client_left", "no_show"))
    life.finds("Gap unexplained", end, min(UNTIL, life.at(23)))


def gap_after_signal(life: Life) -> None:
    """All was well, until the school signalled; no care followed."""
    end = life.turn()
    life.care(life.carer(), end - life.days(60, 400), end, "goal_reached")
    life.tell(RMC, "signal", end + life.days(50, 400), problem="early_school_leaving")
    life.finds("Gap after_goal", end, min(UNTIL, life.at(23)))


def gap_perhaps(life: Life) -> None:
    """The month of the end and of the new start are known, and leave room for a gap and for none."""
    year = life.turn().year
    life.care(GGZ, date(year - 1, life.pick(1, 6), 5), f"{year}-03/{year}-08", "client_left")
    life.care(GGZ, f"{year}-10", f"{year + 1}-06-30", "goal_reached")
    life.finds("Gap unexplained", date(year, 3, 2), date(year, 10, 31), certainty="possible")


def gap_surely(life: Life) -> None:
    """Vague dates, yet far enough apart to be sure."""
    year = life.turn().year
    life.care(GGZ, date(year - 1, life.pick(1, 6), 5), f"{year}-01/{year}-12", "client_left")
    life.care(GGZ, f"{year + 1}-06", f"{year + 2}-01-31", "goal_reached")
    life.finds("Gap unexplained", date(year + 1, 1, 1), date(year + 1, 6, 1))


def gap_unobserved(life: Life) -> None:
    """From the province's agency to the municipality's team: neither saw the other's years."""
    end = date(2014, life.pick(1, 12), 1) - life.days(0, 400)
    again = date(2015, 1, 10) + life.days(190, 500)
    life.care(BRUG, end - life.days(60, 300), end, "as_planned")
    life.care(TEAM, again, again + life.days(60, 300), "goal_reached")
    life.finds("Gap unobserved", end, again, certainty="possible")


def unseen(life: Life) -> None:
    """Out of school, and nobody who saw it."""
    end = life.at(15, life.pick(0, 200))
    life.away = (end, end + life.days(180, 600))
    life.tell(RMC, "dropout", end - DAY)
    life.finds("OutOfView unexplained", *life.away)


def unseen_perhaps(life: Life) -> None:
    """The school does not know which month was the last."""
    year = life.birth.year + 15
    life.away, life.away_from = (date(year, 12, 31), date(year + 1, 3, 1)), f"{year}-05/{year}-12"
    life.finds("OutOfView unexplained", date(year, 5, 2), life.away[1], certainty="possible")


def unseen_to_the_end(life: Life) -> None:
    """Left school and was never seen again."""
    end = life.at(15, life.pick(0, 200))
    life.away = (end, date.max)
    life.finds("OutOfView unexplained", end, UNTIL)
