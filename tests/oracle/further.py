"""The further detectors on exact days, in plain loops over days, from their definitions alone."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from oracle.ahead import later
from oracle.model import Cohort, Episode, Event, Found, Youth, cover, possible, runs, unseen
from oracle.worlds import Told1


def events_of(youth: Youth) -> list[Event]:
    """What is about the youth, not about others."""
    return [event for event in youth.events if event.about == "youth"]


def care_of(youth: Youth) -> list[Episode]:
    return [item for item in youth.episodes if item.about == "youth" and item.role == "care"]


def _by_agency(youth: Youth) -> dict[str, set[int]]:
    """The days on which each agency cares; care at home is left out."""
    days: dict[str, set[int]] = {}
    for item in care_of(youth):
        if item.sector != "home":
            days.setdefault(item.agency, set()).update(possible(item))
    return days


def _stretch(youth: Youth, name: str, outcome: str, days: tuple[int, int], **rest: object) -> Told1:
    start, end = days
    found = Found(
        youth=youth.id,
        detector=name,
        outcome=outcome,
        certainty="certain",
        start=start,
        end=end,
        days_min=end - start,
        days_max=end - start,
        ongoing=end == youth.until,  # "A finding is `ongoing` if it ends at `U`."
        **rest,
    )
    return found, frozenset()


def consulted(event: Event) -> set[str]:
    """All agencies that a consultation names."""
    # "the one that recorded it, the one to which it is addressed, and those with whom it was shared"
    return {event.agency, event.to_agency, *event.shared_with} - {None}


def parallel_care(youth: Youth, min_days: int) -> Iterator[Told1]:
    care = _by_agency(youth)
    for one, other in combinations(sorted(care), 2):
        both = care[one] & care[other]
        for event in events_of(youth):
            named = consulted(event)
            # "A consultation that names nobody else counts for every pair of its agency."
            pair = {one, other} <= named or (len(named) == 1 and event.agency in (one, other))
            if event.kind == "consultation" and pair:
                both.discard(event.start_min)
        for start, end in runs(both):
            if end - start >= min_days:
                long = (("overlap_days", end - start),)
                agencies = {"agency": one, "to_agency": other}
                yield _stretch(youth, "ParallelCare", "parallel", (start, end), **agencies, measures=long)


def no_coordinator(youth: Youth, min_days: int, agencies: int) -> Iterator[Told1]:
    care = _by_agency(youth)
    led: set[int] = set()
    for item in youth.episodes:
        if item.about == "youth" and item.role == "lead" and item.sector != "home":
            led |= possible(item)
    count = Counter(day for days in care.values() for day in days)
    alone = {day for day, number in count.items() if number >= agencies and day not in led}
    for start, end in runs(alone):
        if end - start >= min_days:
            most = (("agencies", max(count[day] for day in range(start, end))),)
            yield _stretch(youth, "NoCoordinator", "no_coordinator", (start, end), measures=most)


def no_evaluation(youth: Youth, cohort: Cohort, months: int) -> Iterator[Told1]:
    # "Not assessable if none of the youth's sources ever records an evaluation or review, for anyone."
    kinds = ("evaluation", "review")
    tell = {
        name for one in cohort.youths for event in one.events if event.kind in kinds for name in event.sources
    }
    if not any(set(event.sources) & tell for event in youth.events):
        return
    for agency, days in _by_agency(youth).items():
        left = set(days)
        for event in events_of(youth):
            if event.kind in kinds and agency in (event.agency, event.to_agency):
                left.discard(event.start_min)
        for start, end in runs(left):
            # "in months, an end later than that many calendar months after the start"
            if end > later(start, months):
                yield _stretch(youth, "NoEvaluation", "no_evaluation", (start, end), agency=agency)


Act = tuple[int, str, str | None]


def acts(youth: Youth) -> list[Act]:
    """The days on which somebody did something that answers, with who did and the sector."""
    # "an act is an assessment, a diagnosis, or the start of an episode of care or of a measure, by any agency
    # outside the sector home"
    kinds = ("assessment", "diagnosis")
    found = [(one.start_min, one.agency, one.sector) for one in events_of(youth) if one.kind in kinds]
    found += [
        (item.start_min, item.agency, item.sector)
        for item in youth.episodes
        if item.about == "youth" and item.role in ("care", "measure")
    ]
    return [act for act in found if act[2] != "home"]


def heard_of(youth: Youth) -> list[Event]:
    return [event for event in events_of(youth) if event.kind in ("signal", "report")]


def answer(day: int, told: list[Act]) -> tuple[int | None, str | None]:
    """The first act on or after a day, and by whom, if all that are first are of one agency."""
    after = [act for act in told if act[0] >= day]
    first = min((act[0] for act in after), default=None)
    who = {act[1] for act in after if act[0] == first}
    return first, min(who) if len(who) == 1 else None


def _answered(youth: Youth, name: str, day: int, told: list[Act], words: tuple[str, str]) -> dict:
    first, who = answer(day, told)
    last = youth.until if first is None else first
    return {
        "youth": youth.id,
        "detector": name,
        "outcome": words[first is None],
        "start": day,
        "end": max(last, day + 1),
        "days_min": max(0, last - day),
        "days_max": max(0, last - day),
        "ongoing": first is None,
        "to_agency": who,
    }


def late_response(youth: Youth, cohort: Cohort, min_days: int, by: str) -> Iterator[Told1]:
    for signal in heard_of(youth):
        told, sector, seen = acts(youth), None, True
        if by == "sector":
            # "the usual sector of the signal's `to_agency`, else the sector of the signal itself"
            sector = cohort.delivers.get(signal.to_agency or "", signal.sector)
            told = [act for act in told if act[2] == sector]
        found = _answered(youth, "LateResponse", signal.start_min, told, ("answered", "unanswered"))
        if by == "sector":
            # "`certain` only if on each of its days some agency of that usual sector is observed"
            days = cover(found["start"], found["end"])
            agencies = [agency for agency, usual in cohort.delivers.items() if usual == sector]
            blind = [unseen(days, agency, youth, cohort.sources) for agency in agencies]
            seen = not set.intersection(days, *blind)
        if found["days_min"] >= min_days:
            how = "certain" if seen else "possible"
            one = Found(**found, certainty=how, agency=signal.agency, sector=sector)
            yield one, frozenset({signal.id})


def joint_knowledge(
    youth: Youth, *, signals: int, agencies: int, months: int, min_days: int
) -> Iterator[Told1]:
    heard = heard_of(youth)
    # "t the earliest day on which at least `signals` signals, by at least `agencies` different agencies, count"
    for day in sorted({one.start_min for one in heard}):
        held = [one for one in heard if one.start_min <= day < later(one.start_min, months)]
        who = {one.agency for one in held}
        if len(held) >= signals and len(who) >= agencies:
            found = _answered(youth, "JointKnowledge", day, acts(youth), ("acted", "not_acted"))
            if found["days_min"] >= min_days:
                numbers = (("signallers", len(who)), ("signals", len(held)))
                yield Found(**found, certainty="certain", measures=numbers), frozenset()
            return


def initiative(youth: Youth) -> Iterator[Told1]:
    kinds = ("consultation", "transfer", "referral", "coordination")
    known = [
        event
        for event in events_of(youth)
        if event.initiative
        and (
            event.kind in kinds
            or set(event.shared_with) - {event.agency}
            or event.to_agency not in (None, event.agency)
        )
    ]
    if not known:
        return
    words = Counter(event.initiative for event in known)
    own = words["youth"] + words["parents"]
    first, last = min(one.start_min for one in known), max(one.start_min for one in known)
    measures = {**{word: number for word, number in words.items() if number}, "known": len(known)}
    measures["share"] = 100 * own // len(known)
    found = Found(
        youth=youth.id,
        detector="Initiative",
        outcome="youth_and_parents" if 2 * own >= len(known) else "others",
        certainty="certain",
        start=first,
        end=last + 1,
        days_min=last - first + 1,
        days_max=last - first + 1,
        ongoing=False,
        measures=tuple(sorted(measures.items())),
    )
    yield found, frozenset()


def re_entry(youth: Youth, within_days: int) -> list[Told1]:
    care = care_of(youth)
    found: dict[Found, list[str]] = {}
    for old in care:
        out = old.end_min
        if old.open or old.reason not in ("goal_reached", "as_planned"):
            continue
        others = [item for item in care if item is not old and item.sector == old.sector]
        starts = [item.start_min for item in others if item.start_min >= out]
        # "and no other care in its sector covers e"
        if any(out in possible(item) for item in others) or not starts:
            continue
        first = min(starts)
        if 1 <= first - out <= within_days:
            # "Where several agencies begin on that first day, each is told."
            for agency in {item.agency for item in others if item.start_min == first}:
                one = Found(
                    youth=youth.id,
                    detector="ReEntry",
                    outcome="returned",
                    certainty="certain",
                    start=out,
                    end=first + 1,
                    days_min=first - out,
                    days_max=first - out,
                    ongoing=False,
                    agency=old.agency,
                    to_agency=agency,
                    sector=old.sector,
                )
                found.setdefault(one, []).append((old.end or old.start).id)
    # "Care by an agency that ended twice on that day is told once": then neither ending is needed for it
    return [(one, frozenset(ends if len(ends) == 1 else ())) for one, ends in found.items()]


def unshared(youth: Youth, cohort: Cohort) -> Iterator[Told1]:
    """Each finding of `UnsharedInformation`: the plain sense of it, where the days are all known."""
    tell = {
        name
        for one in cohort.youths
        for event in one.events
        if event.shared_with or event.kind in ("consultation", "transfer")
        for name in event.sources
    }
    # "Not assessable if none of the youth's sources ever records `shared_with`, a consultation or a transfer"
    if not any(set(event.sources) & tell for event in youth.events):
        return
    kinds = ("diagnosis", "assessment", "measure")
    known = [event for event in events_of(youth) if event.kind in kinds and event.sector != "home"]
    begun = [
        item
        for item in youth.episodes
        if item.about == "youth" and item.role in ("care", "school") and item.sector != "home"
    ]
    for one in sorted({event.agency for event in known}):
        for other in sorted({item.agency for item in begun} - {one}):
            yield from _unshared(youth, cohort, (one, other), known, begun)


def _unshared(
    youth: Youth, cohort: Cohort, pair: tuple[str, str], known: list[Event], begun: list[Episode]
) -> Iterator[Told1]:
    one, other = pair
    starts = [item for item in begun if item.agency == other]
    shares = [event.start_min for event in events_of(youth) if _shares(event, *pair)]
    late = []
    for day in sorted(event.start_min for event in known if event.agency == one):
        # "Agency B begins care or school on day b"; "only the first start of B after it counts"
        first = min((item.start_min for item in starts if item.start_min > day), default=None)
        told = min((share for share in shares if share >= day), default=None)
        # "Shared on b itself is in time."
        if first is not None and (told is None or told > first):
            late.append((day, first, told))
    if not late:
        return
    day, first, told = late[0]  # "that of the earliest information not shared in time"
    last = youth.until if told is None else told
    # "A is observed on all the days of silence (from the information to `U`, or to b)"
    silent = cover(day, youth.until if told is None else first)
    sectors = {item.sector for item in starts}
    found = Found(
        youth=youth.id,
        detector="UnsharedInformation",
        outcome="never_shared" if told is None else "shared_late",
        certainty="possible" if unseen(silent, one, youth, cohort.sources) else "certain",
        start=first,
        end=max(last + (told is not None), first + 1),
        days_min=max(0, last - first),
        days_max=max(0, last - first),
        ongoing=told is None,
        agency=one,
        to_agency=other,
        sector=min(sectors) if len(sectors) == 1 else None,
        measures=(("items", len(late)),),
    )
    yield found, frozenset()


def _shares(event: Event, one: str, other: str) -> bool:
    # "a row of A that names B in `shared_with`, of a referral or transfer from A to B, or of a consultation
    # between them"
    if event.kind == "consultation":
        named = consulted(event)
        if {one, other} <= named or (len(named) == 1 and event.agency in (one, other)):
            return True
    sent = event.kind in ("referral", "transfer") and event.to_agency == other
    return event.agency == one and (other in event.shared_with or sent)
