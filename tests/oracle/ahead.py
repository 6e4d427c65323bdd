"""UpcomingLimit on exact days, limit by limit, from its definition alone."""

from datetime import date

from oracle.age_limits import cutoff, holds, speaks_of
from oracle.model import Cohort, Found, Youth
from oracle.worlds import Told

ASKED = ("referral", "application", "indication", "waitlist", "transfer")


def later(day: int, months: int) -> int:
    """The same day so many months on; a day that is not there is the first of the month after."""
    first = date.fromordinal(day)
    month = first.year * 12 + first.month - 1 + months
    try:
        return first.replace(year=month // 12, month=month % 12 + 1).toordinal()
    except ValueError:
        return date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal()


def upcoming(youth: Youth, _cohort: Cohort, rules: object, months: int, ends: tuple[int, int]) -> Told:
    """Each finding of a youth whose days are all known."""
    mine = [event for event in youth.events if event.about == "youth"]
    gone = any(e.kind == "death" or (e.kind == "move" and e.reason == "moved") for e in mine)
    # "Nothing is found on a youth who died or moved away"; "Not assessable without a birth"
    if gone or youth.first_birth is None:
        return []
    found: Told = []
    limits = rules.limits()
    for rule in limits:
        c = cutoff(rule, youth.first_birth, ends)
        # "in force on its cut-off c, and c lies from `U` up to `within_months` later"; that day itself is left out
        if holds(rule, limits, youth.first_birth, c) and youth.until <= c < later(youth.until, months):
            found += _of_limit(youth, rule, c)
    return found


def _of_limit(youth: Youth, rule: object, c: int) -> Told:
    care = [item for item in youth.episodes if item.about == "youth" and item.role == "care"]
    running = [item for item in care if item.open and item.end_max >= youth.until]
    limited = [item for item in care if speaks_of(rule, item.sector, item.care_type)]
    # "let no care of which it does not speak be open or end after c"
    if any(item in running or (not item.open and item.end_max > c) for item in care if item not in limited):
        return []
    # "Take care of which the limit speaks that is still open or ends on c or later"
    here = [item for item in limited if item in running or (not item.open and item.end_max >= c)]
    found: Told = []
    for agency, sector in sorted({(item.agency, item.sector) for item in here}):
        outcome = "asked" if _asked(youth, agency) else "nothing_arranged"
        days = c - youth.until
        one = Found(
            youth=youth.id,
            detector="UpcomingLimit",
            outcome=outcome,
            certainty="certain",
            start=youth.until,
            end=c,
            days_min=days,
            days_max=days,
            ongoing=False,
            agency=agency,
            sector=sector,
            rule=rule.id,
        )
        found.append((one, frozenset()))
    return found


def _asked(youth: Youth, agency: str) -> bool:
    for event in youth.events:
        target = event.to_agency or event.agency
        if event.about != "youth" or event.kind not in ASKED or target == agency or event.end_max is not None:
            continue
        # "in the 365 days before `U` something was asked of another agency"
        if not youth.until - 365 <= event.start_min < youth.until:
            continue
        # "and that agency has neither begun nor refused since"
        begun = any(
            item.agency == target and item.start_min >= event.start_min
            for item in youth.episodes
            if item.about == "youth" and item.role in ("care", "school", "work")
        )
        refused = any(
            other.kind == "refusal" and other.agency == target and other.start_min >= event.start_min
            for other in youth.events
            if other.about == "youth"
        )
        if not begun and not refused:
            return True
    return False
