"""Lives in which something is to be found, each with all that follows from it by definition.

The consequences are worked out by hand from the definitions, story by story; no detector is asked.
"""

from datetime import date, timedelta

from levensloop.testing.life import (
    BRUG,
    GGZ,
    HUISARTS,
    JEUGDZORG,
    RMC,
    TEAM,
    UNTIL,
    UWV,
    VEILIG,
    WONEN,
    Life,
)

DAY = timedelta(1)


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
    again = end + life.days(190, 500)
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
    life.care(GGZ, date(year - 1, life.pick(1, 6), 5), f"{year}", "client_left")
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
    life.away = (end, end + life.days(181, 600))
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


def passed_on(life: Life) -> None:
    """Another agency takes over the next day; no message says so."""
    (one, other), day = life.two_carers(), life.turn()
    life.care(one, day - life.days(60, 400), day, "transferred")
    life.care(other, day, day + life.days(60, 300), "goal_reached")
    life.finds("Handover arrived", day, day + DAY, by=one, to=other)  # a finding lasts a day at least


def passed_on_cold(life: Life) -> None:
    """Another agency takes over after a while."""
    (one, other), end = life.two_carers(), life.turn()
    start = end + life.days(5, 170)
    life.care(one, end - life.days(60, 400), end, "transferred")
    life.care(other, start, start + life.days(60, 300), "goal_reached")
    life.finds("Handover arrived", end, start, by=one, to=other)
    if (start - end).days >= 90:
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
    start = day + life.days(1, 175)
    life.tell(HUISARTS, "referral", day, to_agency=agency)
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


def dropped(life: Life) -> None:
    """Youth care ends about the eighteenth birthday, and nothing comes after."""
    end = life.at(18, life.pick(-80, 80))
    life.care(JEUGDZORG, life.at(14, life.pick(0, 700)), end, "as_planned")
    life.finds("AgeLimit dropped", end)


def returned(life: Life) -> None:
    """Care ends about the eighteenth birthday, and comes back a year later."""
    end = life.at(18, life.pick(-80, 80))
    again = end + life.days(190, 600)
    life.care(JEUGDZORG, life.at(14, life.pick(0, 700)), end, "as_planned")
    life.care(GGZ, again, None)
    life.finds("AgeLimit returned", end, again)
    life.finds("Gap unexplained", end, again)


def too_late(life: Life) -> None:
    """Referred at seventeen, refused as too old."""
    day = life.at(17, life.pick(60, 250))
    answer = day + life.days(5, 90)
    life.tell(HUISARTS, "referral", day, to_agency=JEUGDZORG)
    life.tell(JEUGDZORG, "refusal", answer, reason="too_old")
    life.finds("AgeLimit refused_near_limit")
    life.finds("Handover refused", day, answer, by=HUISARTS, to=JEUGDZORG)
    life.finds("Waiting refused", day, answer, by=JEUGDZORG)


def unanswered(life: Life) -> None:
    """Referred at seventeen, and no answer."""
    day = life.at(17, life.pick(60, 250))
    life.tell(HUISARTS, "referral", day, to_agency=JEUGDZORG)
    life.finds("AgeLimit refused_near_limit")
    life.finds("Handover lost", day, by=HUISARTS, to=JEUGDZORG)
    life.finds("Waiting ongoing", day, UNTIL, by=JEUGDZORG)


def too_young(life: Life) -> None:
    """Supported living says that the youth is too young."""
    day = life.at(16, life.pick(10, 200))
    answer = day + life.days(5, 90)
    life.tell(HUISARTS, "referral", day, to_agency=WONEN)
    life.tell(WONEN, "refusal", answer, reason="too_young")
    life.finds("AgeLimit too_young", answer)
    life.finds("Handover refused", day, answer, by=HUISARTS, to=WONEN)
    life.finds("Waiting refused", day, answer, by=WONEN)
