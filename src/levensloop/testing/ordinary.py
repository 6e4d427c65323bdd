"""Ordinary lives, in which nothing is to be found: plain ones, and ones that come near."""

from datetime import date, timedelta

from levensloop.testing.life import BRUG, GEMEENTE, GGZ, JEUGDZORG, JGZ, RMC, TEAM, Life

#: The municipality took youth care over; the province's agency wound up; the data end.
TAKEN_OVER = date(2015, 1, 1)
LAST_YEARS = date(2012, 1, 1)
RECENT = date(2022, 1, 1)
GOOD = ("goal_reached", "as_planned", "agreed")


def plain(life: Life) -> None:
    """School and work; some are seen by child health."""
    if life.pick(0, 3) == 0:
        seen = life.at(5, life.pick(0, 300))
        life.tell(JGZ, "contact", f"{seen:%Y-%m}")


def born_about(life: Life) -> None:
    """The register knows no more than the year of birth."""
    life.born = f"{life.birth:%Y}"


def cared_for(life: Life) -> None:
    """One stretch of care, ended well or still going on."""
    start = life.turn()
    agency = life.one_of(JEUGDZORG, GGZ, TEAM if start >= TAKEN_OVER else BRUG if start < LAST_YEARS else GGZ)
    still = agency != BRUG and start >= RECENT
    life.care(
        agency, start, None if still else start + life.days(60, 700), "" if still else life.one_of(*GOOD)
    )


def told_twice(life: Life) -> None:
    """One stretch of care, delivered by the agency and by the team that paid for it."""
    start = max(life.turn(), TAKEN_OVER + life.days(4, 300))
    life.care(life.carer(), start, start + life.days(60, 400), life.one_of(*GOOD), twice="yes")


def short_pause(life: Life) -> None:
    """Two stretches of care, at most 89 days apart, at one agency."""
    agency, end = life.carer(), life.turn()
    again = end + life.days(2, 89)
    life.care(agency, end - life.days(60, 400), end, "client_left")
    life.care(agency, again, again + life.days(60, 300), "goal_reached")


def overlap(life: Life) -> None:
    """A second agency starts before the first one stops."""
    (one, other), end = life.two_carers(), life.turn()
    life.care(one, end - life.days(200, 400), end, "as_planned")
    life.care(other, end - life.days(20, 100), end + life.days(60, 300), "goal_reached")


def vague(life: Life) -> None:
    """Care with a month, a season or a year for a date."""
    start, end = life.at(7, life.pick(0, 300)), life.at(13, life.pick(0, 300))
    begun = life.one_of(f"{start:%Y-%m}", f"{start:%Y}~", f"{start:%Y}-21", f"{start:%Y-%m}~", f"{start:%Y}?")
    ended = life.one_of(f"{end:%Y-%m}", f"{end:%Y}-23", f"{end:%Y}/{end.year + 1}")
    life.care(GGZ, begun, ended, "goal_reached")


def beyond_eighteen(life: Life) -> None:
    """Care that runs on past eighteen, for ninety days at least."""
    life.care(life.carer(), life.at(16, life.pick(0, 200)), life.at(18, life.pick(90, 240)), "goal_reached")


def before_eighteen(life: Life) -> None:
    """Care that ends ninety days or more before eighteen."""
    life.care(JEUGDZORG, life.at(16, life.pick(0, 100)), life.at(18, -life.pick(90, 140)), "as_planned")


def arranged(life: Life) -> None:
    """Adult care begins before youth care ends at eighteen."""
    life.care(JEUGDZORG, life.at(15, life.pick(0, 300)), life.at(18), "as_planned")
    life.care(GGZ, life.at(18, -life.pick(20, 80)), life.at(19, life.pick(120, 240)), "goal_reached")


def kept_in_view(life: Life) -> None:
    """Out of school for most of a year, but called upon halfway."""
    end = life.at(15, life.pick(0, 200))
    life.away = (end, end + timedelta(359))
    life.tell(RMC, "contact", end + timedelta(179))


def after_twenty_three(life: Life) -> None:
    """Two stretches of care far apart, after the twenty-third birthday."""
    end = life.at(23, life.pick(120, 200))
    life.care(GGZ, life.at(22), end, "client_left")
    life.care(GGZ, end + timedelta(300), None)


def of_mother(life: Life) -> None:
    """A mother's care, with a pause: it is not the youth's."""
    end = life.turn()
    life.care(GGZ, end - life.days(60, 400), end, "client_left", about="mother")
    life.care(GGZ, end + life.days(100, 300), None, about="mother")


def died(life: Life) -> None:
    """Care until death: nothing after it is missing."""
    day = life.turn()
    after = day + timedelta(1)
    life.care(life.carer(), day - life.days(60, 400), after, "died")
    life.tell(GEMEENTE, "death", day)
    life.away, life.away_reason = (after, date.max), "died"
