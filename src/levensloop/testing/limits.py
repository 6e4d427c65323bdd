"""Planted age limits.

The consequences are worked out by hand from the definitions (design section 6), story by story; no detector is
asked.
"""

from levensloop.testing.life import GGZ, HUISARTS, JEUGDZORG, UNTIL, WONEN, Life


def dropped(life: Life) -> None:
    """Youth care ends about the eighteenth birthday, and nothing comes after."""
    end = life.at(18, life.pick(-89, 89))
    life.care(JEUGDZORG, life.at(14, life.pick(0, 700)), end, "as_planned")
    life.finds("AgeLimit dropped", end)


def dropped_about(life: Life) -> None:
    """Of the end only the month is known, and it is the month of the birthday or one beside it."""
    month = life.at(18, life.pick(-25, 25))
    life.care(GGZ, life.at(15, life.pick(0, 200)), f"{month:%Y-%m}", "as_planned")
    life.finds("AgeLimit dropped")


def dropped_from_foster_care(life: Life) -> None:
    """Foster care ends at twenty-one, where its limit lay by then."""
    end = life.at(21, life.pick(-89, 89))
    life.care(JEUGDZORG, life.at(11, life.pick(0, 700)), end, "as_planned", care_type="foster_care")
    life.finds("AgeLimit dropped", end)


def returned(life: Life) -> None:
    """Care ends about the eighteenth birthday, and comes back a year later."""
    end = life.at(18, life.pick(-89, 89))
    again = end + life.days(180, 600)
    life.care(JEUGDZORG, life.at(14, life.pick(0, 700)), end, "as_planned")
    life.care(JEUGDZORG, again, None)
    life.finds("AgeLimit returned", end, again)
    life.finds("Gap unexplained", end, again)


def bridged(life: Life) -> None:
    """Care ends about the eighteenth birthday and is taken up within half a year: a gap, no drop-out."""
    end = life.at(18, life.pick(-89, 89))
    again = end + life.days(90, 179)
    life.care(JEUGDZORG, life.at(14, life.pick(0, 700)), end, "as_planned")
    life.care(JEUGDZORG, again, None)
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
