"""SchoolBreaks on exact days, day by day, from its definition alone."""

from collections.abc import Iterator
from datetime import date

from levensloop.schema import vocabulary
from oracle.age_limits import in_force, speaks_of
from oracle.model import Cohort, Episode, Event, Found, Youth, birthday, cover, possible, runs, unseen
from oracle.norms import length
from oracle.worlds import Told

STAGES = ("before", "primary", "secondary", "further", "higher")
TURNS = (4, 5, 12, 13, 16, 17, 18)
# "an end at school for a reason that settles nothing (not goal reached, as planned, agreed, moved, died or transferred)"
SETTLED = (None, "goal_reached", "as_planned", "agreed", "moved", "died", "transferred")
DAY_OFF = (5, 6)


def school_breaks(youth: Youth, cohort: Cohort, min_days: int, absence_days: int, rules: object) -> Told:
    """Each finding of a youth whose days are all known."""
    mine = [item for item in youth.episodes if item.about == "youth"]
    schools = [item for item in mine if item.role == "school"]
    # "Work means work; a benefit is no work."
    works = [item for item in mine if item.role == "work" and item.start and item.start.kind == "work"]
    return [
        *_changed(youth, schools),
        *_out(youth, cohort, schools, works, min_days),
        *_left(youth, schools, works),
        *_absent(youth, absence_days, rules),
    ]


def _points(youth: Youth, kind: str) -> list[Event]:
    return [event for event in youth.events if event.about == "youth" and event.kind == kind]


def _name(item: Episode) -> str:
    return (item.start or item.end).id


def _found(youth: Youth, outcome: str, **rest: object) -> Found:
    days = {"certainty": "certain", "ongoing": False} | rest
    return Found(youth=youth.id, detector="SchoolBreaks", outcome=outcome, **days)


def _earlier(one: Episode, other: Episode) -> bool | None:
    """Whether a school comes before another; None where their order is not known."""
    if one.start_min != other.start_min:
        return one.start_min < other.start_min
    # "Two schools that begin on one known day have the order of their ends, if these are known and differ; one
    # that is open comes last."
    if one.open or other.open:
        return None if one.open and other.open else other.open
    return None if one.end_min == other.end_min else one.end_min < other.end_min


def _changed(youth: Youth, schools: list[Episode]) -> Iterator[tuple[Found, frozenset[str]]]:
    made = []
    for new in schools:
        rest = [one for one in schools if one is not new]
        # "possibly the one before if it possibly begins before the new one and no other school surely begins
        # between"
        before = [
            one
            for one in rest
            if _earlier(one, new) is not False
            and not any(_earlier(one, mid) and _earlier(mid, new) for mid in rest)
        ]
        sure = len({one.agency for one in before}) == 1 and any(_earlier(one, new) for one in before)
        for agency in sorted({one.agency for one in before} - {new.agency}):
            irregular = [_irregular(youth, one, new) for one in before if one.agency == agency]
            if any(how != "no" for how in irregular):
                certain = sure and all(how == "yes" for how in irregular)
                made.append((new, agency, certain))
    for new, agency, certain in made:
        earlier = {_name(other) for other, _, surely in made if surely and _earlier(other, new)}
        found = _found(
            youth,
            "changed",
            certainty="certain" if certain else "possible",
            start=new.start_min,
            end=new.start_min + 1,
            days_min=0,
            days_max=0,
            agency=agency,
            to_agency=new.agency,
            sector=new.sector,
            # "one more than the certain changes before it"
            measures=(("changes", 1 + len(earlier)),),
        )
        yield found, frozenset({_name(new)})


def _irregular(youth: Youth, old: Episode, new: Episode) -> str:
    types = vocabulary()["school_types"]
    if old.care_type in types and new.care_type in types:
        # "it is regular when the new one is of a later stage"
        stages = [STAGES.index(types[one.care_type]["stage"]) for one in (old, new)]
        return "yes" if stages[1] <= stages[0] else "no"
    # "If not, it is regular when the new school begins from 1 July to 31 October of a calendar year in which
    # the youth turns 4, 5, 12, 13, 16, 17 or 18"
    day = date.fromordinal(new.start_min)
    if not 7 <= day.month <= 10:
        return "yes"
    if youth.first_birth is None:
        # "without a birth such a start is only possibly irregular"
        return "perhaps"
    return "no" if day.year - youth.first_birth.year in TURNS else "yes"


def _out(
    youth: Youth, cohort: Cohort, schools: list[Episode], works: list[Episode], min_days: int
) -> Iterator[tuple[Found, frozenset[str]]]:
    if not schools:
        return
    # "from the first school up to the 18th birthday, the first qualification or U"
    ends = [youth.until, *(event.start_min for event in _points(youth, "qualification"))]
    if youth.first_birth:
        ends.append(birthday(youth.first_birth, 18))
    free = cover(min(one.start_min for one in schools), min(ends))
    for one in (*schools, *works):
        free -= possible(one)
    looking = {item.agency for item in (*youth.events, *youth.episodes) if item.sector == "education"}
    for start, end in runs(free):
        if end - start < min_days:
            continue
        # "A day that no education agency of the youth observes makes it at most possible; so does an unknown
        # birth."
        days = cover(start, end)
        blind = [unseen(days, agency, youth, cohort.sources) for agency in looking]
        seen = not set.intersection(days, *blind)
        # "`agency` is the school that ended last, if it is clear which."
        over = [one for one in schools if one.end_min <= start]
        last = {one.agency for one in over if one.end_min == max(each.end_min for each in over)}
        found = _found(
            youth,
            "out_of_school",
            certainty="certain" if seen and youth.first_birth else "possible",
            start=start,
            end=end,
            days_min=end - start,
            days_max=end - start,
            ongoing=end == youth.until,
            agency=min(last) if len(last) == 1 else None,
            sector="education",
        )
        yield found, frozenset()


def _left(
    youth: Youth, schools: list[Episode], works: list[Episode]
) -> Iterator[tuple[Found, frozenset[str]]]:
    done = [event.start_min for event in _points(youth, "qualification")]

    def counts(day: int) -> bool:
        # "No qualification lies on or before it, and it comes before the 23rd birthday."
        young = youth.first_birth is None or day < birthday(youth.first_birth, 23)
        return young and not any(other <= day for other in done)

    drops = [event for event in _points(youth, "dropout") if counts(event.start_min)]
    leavings = [(event.start_min, event.agency, event.sector, event.id) for event in drops]
    for one in schools:
        end = one.end_min  # "the day of leaving is then the first day without that school"
        if one.open or one.reason in SETTLED or not counts(end):
            continue
        # "unless another school runs on or begins within 90 days"
        others = [other for other in schools if other is not one]
        if any(other.start_min <= end + 90 and end < other.end_min for other in others):
            continue
        # "An end within 31 days of such a drop-out from the same school is the same leaving and is not told twice."
        if not any(drop.agency == one.agency and abs(drop.start_min - end) <= 31 for drop in drops):
            leavings.append((end, one.agency, one.sector, None))
    for day, agency, sector, name in leavings:
        # "It lasts until the first start of school or work on or after it, else to `U`."
        later = [one.start_min for one in (*schools, *works) if one.start_min >= day]
        end = min(later, default=youth.until)
        found = _found(
            youth,
            "no_qualification",
            certainty="certain" if youth.first_birth else "possible",
            start=day,
            end=max(end, day + 1),
            days_min=max(0, end - day),
            days_max=max(0, end - day),
            ongoing=not later,
            agency=agency,
            sector=sector,
        )
        yield found, frozenset({name} - {None})


def _absent(youth: Youth, absence_days: int, rules: object) -> Iterator[tuple[Found, frozenset[str]]]:
    for event in _points(youth, "absence"):
        # "an absence with an end of at least `absence_days` (28) days"
        if event.end_min is None or event.end_min - event.start_min < absence_days:
            continue
        days = event.end_min - event.start_min
        held = [
            rule
            for rule in rules
            if rule.id.startswith("absence") and rule.kind == "norm"
            if in_force(rule, event.start_max) and speaks_of(rule, event.sector, event.care_type)
        ]
        norm = length(held[0], event.start_min, lambda day: day.weekday() in DAY_OFF) if held else None
        found = _found(
            youth,
            "absent",
            start=event.start_min,
            end=event.end_min,
            days_min=days,
            days_max=days,
            agency=event.agency,
            sector=event.sector,
            rule=held[0].id if held else None,
            norm_days=norm,
            over_norm="no_rule" if norm is None else "certain" if days > norm else "no",
        )
        yield found, frozenset({event.id})
