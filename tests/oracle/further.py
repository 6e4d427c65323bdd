"""The further detectors on exact days, in plain loops over days, from their definitions alone.

Each function takes a world (a cohort in which every day is known) and gives what must be found.
"""

from datetime import timedelta

DAY = timedelta(1)


def read(cohort):
    """Events and episodes about each youth, and its last day observed."""
    lives = {row["youth"]: ([], [], row["observed_until"]) for row in cohort.youths.to_arrow().to_pylist()}
    for at, table in ((0, cohort.events), (1, cohort.episodes)):
        for row in table.to_arrow().to_pylist():
            if row["about"] == "youth":
                lives[row["youth"]][at].append(row)
    return lives


def days(episode, until):
    """The days that an episode covers; an open one as far as anyone looks."""
    end = until if episode["open"] else episode["end_min"]
    return {episode["start_min"] + n * DAY for n in range(max((end - episode["start_min"]).days, 0))}


def stretches(covered):
    """The longest unbroken stretches of a set of days, half-open."""
    first = sorted(day for day in covered if day - DAY not in covered)
    last = sorted(day + DAY for day in covered if day + DAY not in covered)
    return list(zip(first, last, strict=True))


def care_by_agency(episodes, until):
    cover = {}
    for episode in episodes:
        if episode["role"] == "care" and episode["sector"] != "home":
            cover.setdefault(episode["agency"], set()).update(days(episode, until))
    return cover


def parallel_care(cohort, min_days):
    found = set()
    for youth, (events, episodes, until) in read(cohort).items():
        cover = care_by_agency(episodes, until)
        for one in cover:
            for other in cover:
                if one >= other:
                    continue
                both = cover[one] & cover[other]
                for event in events:
                    if event["kind"] == "consultation":
                        named = {event["agency"], event["to_agency"], *(event["shared_with"] or ())} - {None}
                        if {one, other} <= named or (len(named) == 1 and event["agency"] in (one, other)):
                            both.discard(event["start_min"])
                found |= {(youth, one, other, a, b) for a, b in stretches(both) if (b - a).days >= min_days}
    return found


def no_coordinator(cohort, min_days, agencies):
    found = set()
    for youth, (_, episodes, until) in read(cohort).items():
        cover = care_by_agency(episodes, until)
        led = set()
        for episode in episodes:
            if episode["role"] == "lead" and episode["sector"] != "home":
                led |= days(episode, until)
        every = set().union(*cover.values()) if cover else set()
        alone = {day for day in every - led if sum(day in one for one in cover.values()) >= agencies}
        found |= {(youth, None, None, a, b) for a, b in stretches(alone) if (b - a).days >= min_days}
    return found


def no_evaluation(cohort, months):
    found = set()
    for youth, (events, episodes, until) in read(cohort).items():
        for agency, cover in care_by_agency(episodes, until).items():
            left = set(cover)
            for event in events:
                if event["kind"] in ("evaluation", "review") and agency in (
                    event["agency"],
                    event["to_agency"],
                ):
                    left.discard(event["start_min"])
            found |= {(youth, agency, None, a, b) for a, b in stretches(left) if b > later(a, months)}
    return found


def later(day, months):
    """The same day so many months on; a day that is not there is the first of the month after."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return later(day.replace(day=1), months + 1)


def acts(events, episodes):
    """The days on which somebody did something that answers."""
    found = [
        (e["start_min"], e["agency"])
        for e in events
        if e["kind"] in ("assessment", "diagnosis") and e["sector"] != "home"
    ]
    found += [
        (e["start_min"], e["agency"])
        for e in episodes
        if e["role"] in ("care", "measure") and e["sector"] != "home"
    ]
    return sorted(found)


def signals(events):
    return [event for event in events if event["kind"] in ("signal", "report")]


def answer(point, told, until):
    """The first act on or after a day, and how long that took; to the last day observed if there is none."""
    after = [day for day, _ in told if day >= point]
    return ("answered", (min(after) - point).days) if after else ("unanswered", (until - point).days)


def late_response(cohort, min_days):
    found = []
    for youth, (events, episodes, until) in read(cohort).items():
        told = acts(events, episodes)
        for signal in signals(events):
            outcome, took = answer(signal["start_min"], told, until)
            if took >= min_days:
                found.append((youth, outcome, signal["agency"], took))
    return sorted(found)


def joint_knowledge(cohort, least, agencies, months, min_days):
    found = []
    for youth, (events, episodes, until) in read(cohort).items():
        heard = signals(events)
        enough = [
            day
            for day in sorted({one["start_min"] for one in heard})
            for held in [[o for o in heard if o["start_min"] <= day < later(o["start_min"], months)]]
            if len(held) >= least and len({o["agency"] for o in held}) >= agencies
        ]
        if enough:
            outcome, took = answer(enough[0], acts(events, episodes), until)
            word = {"answered": "acted", "unanswered": "not_acted"}[outcome]
            if took >= max(min_days, 1):
                found.append((youth, word, took))
    return sorted(found)


def initiative(cohort):
    found = []
    for youth, (events, _, _) in read(cohort).items():
        known = [
            event["initiative"]
            for event in events
            if event["initiative"]
            and (
                event["kind"] in ("consultation", "transfer", "referral", "coordination")
                or set(event["shared_with"] or ()) - {event["agency"]}
                or event["to_agency"] not in (None, event["agency"])
            )
        ]
        if known:
            own = sum(word in ("youth", "parents") for word in known)
            outcome = "youth_and_parents" if 2 * own >= len(known) else "others"
            found.append((youth, outcome, len(known), 100 * own // len(known)))
    return sorted(found)


def re_entry(cohort, within_days):
    found = set()
    for youth, (_, episodes, until) in read(cohort).items():
        care = [episode for episode in episodes if episode["role"] == "care"]
        for ended in care:
            if ended["open"] or ended["reason"] not in ("goal_reached", "as_planned"):
                continue
            out = ended["end_min"]
            others = [one for one in care if one is not ended and one["sector"] == ended["sector"]]
            starts = [one["start_min"] for one in others if one["start_min"] >= out]
            if any(out in days(one, until) for one in others) or not starts:
                continue
            took = (min(starts) - out).days
            if 1 <= took <= within_days:
                found |= {
                    (youth, ended["agency"], one["agency"], ended["sector"], took)
                    for one in others
                    if one["start_min"] == min(starts)
                }
    return found
