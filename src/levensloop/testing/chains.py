"""Planted handovers and waits.

The consequences are worked out by hand from the definitions (design section 6), story by story; no detector is
asked.
"""

from datetime import timedelta
from typing import Final

from levensloop.testing.life import GGZ, HUISARTS, JEUGDZORG, RMC, UNTIL, UWV, VEILIG, Life

DAY: Final = timedelta(1)
#: From this length on days without care are a gap.
GAP: Final = timedelta(90)


def passed_on(life: Life) -> None:
    """Another agency takes over the next day; no message says so."""
    (one, other), day = life.two_carers(), life.turn()
    life.care(one, day - life.days(60, 400), day, "transferred")
    life.care(other, day, day + life.days(60, 300), "goal_reached")
    life.finds("Handover arrived", day, day + DAY, by=one, to=other)  # a finding lasts a day at least


def passed_on_cold(life: Life) -> None:
    """Another agency takes over after a while."""
    (one, other), end = life.two_carers(), life.turn()
    start = end + life.days(1, 180)
    life.care(one, end - life.days(60, 400), end, "transferred")
    life.care(other, start, start + life.days(60, 300), "goal_reached")
    life.finds("Handover arrived", end, start, by=one, to=other)
    if start - end >= GAP:
        life.finds("Gap unexplained", end, start)


def transferred(life: Life) -> None:
    """A transfer is written down, and the other agency starts, at once or within three months."""
    (one, other), end = life.two_carers(), life.turn()
    start = end + life.days(0, 80) * life.pick(0, 1)
    life.care(one, end - life.days(60, 400), end, "transferred")
    life.tell(one, "transfer", end - DAY, to_agency=other)
    life.care(other, start, start + life.days(60, 300), "goal_reached")
    life.finds("Handover arrived", end - DAY, start, by=one, to=other)


def referred(life: Life) -> None:
    """The GP refers, the agency starts."""
    agency, day = life.carer(), life.turn()
    start = day + life.days(1, 180)
    life.tell(HUISARTS, "referral", day, to_agency=agency)
    life.care(agency, start, start + life.days(60, 300), "goal_reached")
    life.finds("Handover arrived", day, start, by=HUISARTS, to=agency)
    life.finds("Waiting started", day, start, by=agency)


def referred_about(life: Life) -> None:
    """The GP noted no more than the month of the referral; the start came later for sure."""
    agency, day = life.carer(), life.turn().replace(day=1)
    start = day + life.days(40, 170)
    life.tell(HUISARTS, "referral", f"{day:%Y-%m}", to_agency=agency)
    life.care(agency, start, start + life.days(60, 300), "goal_reached")
    life.finds("Handover arrived", day, start, by=HUISARTS, to=agency)
    life.finds("Waiting started", day, start, by=agency)


def referred_on(life: Life) -> None:
    """One agency refers to the other, where the youth waits."""
    (one, other), end = life.two_carers(), life.turn()
    start = end + life.days(95, 170)
    life.care(one, end - life.days(60, 400), end, "transferred")
    life.tell(one, "referral", end - DAY, to_agency=other)
    life.care(other, start, start + life.days(60, 300), "goal_reached")
    life.finds("Gap waiting", end, start)
    life.finds("Handover arrived", end - DAY, start, by=one, to=other)
    life.finds("Waiting started", end - DAY, start, by=other)


def lost_on_the_way(life: Life) -> None:
    """One agency refers to the other, where the youth never comes."""
    (one, other), end = life.two_carers(), life.turn()
    life.care(one, end - life.days(60, 400), end, "transferred")
    life.tell(one, "referral", end - DAY, to_agency=other)
    life.finds("Gap waiting", end, min(UNTIL, life.at(23)))
    life.finds("Handover lost", end - DAY, by=one, to=other)
    life.finds("Waiting ongoing", end - DAY, UNTIL, by=other)


def lost_referral(life: Life) -> None:
    """The GP refers, and nothing comes of it."""
    agency, day = life.carer(), life.turn()
    life.tell(HUISARTS, "referral", day, to_agency=agency)
    life.finds("Handover lost", day, by=HUISARTS, to=agency)
    life.finds("Waiting ongoing", day, UNTIL, by=agency)


def pending(life: Life) -> None:
    """Referred in the last months: too early to tell."""
    agency, day = life.carer(), UNTIL - life.days(30, 170)
    life.tell(HUISARTS, "referral", day, to_agency=agency)
    life.finds("Handover pending", day, by=HUISARTS, to=agency)
    life.finds("Waiting ongoing", day, UNTIL, by=agency)


def refused(life: Life) -> None:
    """The GP refers, the agency has no place."""
    agency, day = life.carer(), life.turn()
    answer = day + life.days(3, 120)
    life.tell(HUISARTS, "referral", day, to_agency=agency)
    life.tell(agency, "refusal", answer, reason=life.one_of("no_place", "missing_prerequisite"))
    life.finds("Handover refused", day, answer, by=HUISARTS, to=agency)
    life.finds("Waiting refused", day, answer, by=agency)


def registered(life: Life) -> None:
    """Registered, seen, started: one row in the file."""
    day = life.turn()
    start = day + life.days(20, 250)
    more = {"registered": day, "intake": day + life.days(1, 20)}
    life.care(JEUGDZORG, start, start + life.days(60, 300), "goal_reached", **more)
    life.finds("Waiting started", day, start, by=JEUGDZORG)


def gave_up(life: Life) -> None:
    """Taken off the list without having started."""
    day = life.turn()
    end = day + life.days(20, 300)
    life.tell(GGZ, "waitlist", day, end)
    life.finds("Waiting ended", day, end, by=GGZ)


def waited_perhaps(life: Life) -> None:
    """Of the registration only the month is known, and care started in it."""
    start = life.turn().replace(day=20)
    life.tell(GGZ, "waitlist", f"{start:%Y-%m}")
    life.care(GGZ, start, start + life.days(60, 300), "goal_reached")
    life.finds("Waiting started", start.replace(day=1), start, by=GGZ, certainty="possible")


def reported(life: Life) -> None:
    """A report, answered by a first contact."""
    day = life.turn()
    answer = day + life.days(1, 40)
    life.tell(RMC, "report", day, to_agency=VEILIG, problem="child_abuse")
    life.tell(VEILIG, "contact", answer)
    life.finds("Waiting started", day, answer, by=VEILIG)


def benefit(life: Life) -> None:
    """A benefit, applied for and granted."""
    day = life.at(18, life.pick(120, 600))
    start = day + life.days(20, 200)
    life.tell(UWV, "application", day)
    life.tell(UWV, "benefit", start)
    life.finds("Waiting started", day, start, by=UWV)


def benefit_waited_for(life: Life) -> None:
    """A benefit, applied for and not heard of since."""
    day = life.at(18, life.pick(120, 600))
    life.tell(UWV, "application", day)
    life.finds("Waiting ongoing", day, UNTIL, by=UWV)
