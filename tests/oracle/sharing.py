"""UnsharedInformation and MissingPartner, piece by piece and row by row, from their definitions alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from oracle.model import Cohort, Episode, Event, Found, Youth, cover, unseen

REQUESTS = ("report", "referral", "application", "indication", "waitlist")


def mine(items: tuple) -> list:
    """What is about the youth, not about others."""
    return [item for item in items if item.about == "youth"]


def missing_partner(cohort: Cohort, _tables: object, min_days: int) -> Iterator[tuple[Found, set[str]]]:
    """Each finding with its evidence."""
    for youth in cohort.youths:
        for sector in sorted(set(cohort.delivers.values())):
            asked = [
                event
                for event in mine(youth.events)
                if event.kind in ("signal", *REQUESTS)
                and cohort.delivers.get(event.to_agency or "") == sector != event.sector
            ]
            if asked:
                yield from _nobody_came(cohort, youth, sector, asked, min_days)


def _nobody_came(
    cohort: Cohort, youth: Youth, sector: str, asked: list[Event], min_days: int
) -> Iterator[tuple[Found, set[str]]]:
    low, high = min(event.start_min for event in asked), min(event.start_max for event in asked)
    # "a row of that sector, or of an agency with that usual sector"
    here = [
        item
        for item in mine(youth.events) + mine(youth.episodes)
        if item.sector == sector or cohort.delivers.get(item.agency) == sector
    ]
    surely, possibly = [], []
    for item in here:
        if isinstance(item, Event):
            # "Signals, refusals and requests bring nobody in"
            if item.kind not in ("signal", "refusal", *REQUESTS):
                surely.append(item.start_min)
                possibly.append(item.start_max)
        elif item.role != "wait":
            surely.append(item.end_min - 1)
            possibly.append(item.end_max - 1)
    if any(day >= high for day in surely) or youth.until - low < min_days:
        return
    first = [event for event in asked if event.start_min <= high]
    seen = not any(
        unseen(cover(low, high + min_days), event.to_agency, youth, cohort.sources) for event in first
    )
    nobody = not any(day >= low for day in possibly)
    certain = nobody and seen and youth.until - high >= min_days
    who, whom = {event.agency for event in first}, {event.to_agency for event in first}
    found = Found(
        youth=youth.id,
        detector="MissingPartner",
        outcome="nobody_came",
        certainty="certain" if certain else "possible",
        start=low,
        end=youth.until,
        days_min=max(0, youth.until - high),
        days_max=youth.until - low,
        ongoing=True,
        agency=min(who) if len(who) == 1 else None,
        to_agency=min(whom) if len(whom) == 1 else None,
        sector=sector,
    )
    yield found, {event.id for event in first}


def unshared(cohort: Cohort, tables: object, _number: int) -> Iterator[tuple[Found, set[str]]]:
    """Each finding of `UnsharedInformation` with its evidence; `tables` are those of the cohort, for `shared_with` and `sources`."""
    rows = {row["event"]: row for row in tables.events.to_arrow().to_pylist()}
    tell = {
        source
        for row in rows.values()
        for source in _sources(row)
        if row["shared_with"] or row["kind"] in ("consultation", "transfer")
    }
    for youth in cohort.youths:
        # "Not assessable if none of the youth's sources ever records `shared_with`, a consultation or a transfer"
        if not any(_sources(rows[event.id]) & tell for event in youth.events):
            continue
        names = sorted({item.agency for item in mine(youth.events) + mine(youth.episodes)})
        for one in names:
            for other in names:
                if one != other:
                    yield from _between(cohort, youth, one, other, rows)


def _sources(row: dict) -> set[str]:
    return {text.rpartition(":")[0] for text in row["sources"]}


def _information(youth: Youth, agency: str) -> list[Event]:
    kinds = ("diagnosis", "assessment", "measure")
    found = [event for event in mine(youth.events) if event.kind in kinds and event.agency == agency]
    return [event for event in found if event.sector != "home"]


def _shares(youth: Youth, one: str, other: str, rows: dict) -> list[tuple[int, int]]:
    found = []
    for event in mine(youth.events):
        told = set(rows[event.id]["shared_with"] or ())
        # "a row of A that names B in `shared_with`, of a referral or transfer from A to B"
        named = event.agency == one and other in told
        sent = event.kind in ("referral", "transfer") and (event.agency, event.to_agency) == (one, other)
        if named or sent or (event.kind == "consultation" and _consulted(event, told, one, other)):
            found.append((event.start_min, event.start_max))
    return found


def _consulted(event: Event, told: set[str], one: str, other: str) -> bool:
    named = {event.agency, event.to_agency, *told} - {None}
    # "A consultation that names nobody else counts for every pair of its agency."
    return {one, other} <= named or (named == {event.agency} and event.agency in (one, other))


def _between(
    cohort: Cohort, youth: Youth, one: str, other: str, rows: dict
) -> Iterator[tuple[Found, set[str]]]:
    starts = [
        episode
        for episode in mine(youth.episodes)
        if episode.agency == other and episode.role in ("care", "school") and episode.sector != "home"
    ]
    shares = _shares(youth, one, other, rows)
    pieces = [
        _piece(event, after, shares, youth.until)
        for event in _information(youth, one)
        for after in [[start for start in starts if start.start_max > event.start_min]]
        if after
    ]
    pieces = [piece for piece in pieces if piece.silence]
    # "Of these the earliest are those that do not surely lie after one that was surely not shared in time"
    limit = min((p.info.start_max for p in pieces if p.surely), default=None)
    first = [p for p in pieces if limit is None or p.info.start_min <= limit]
    sectors = {start.sector for start in starts}
    for outcome in ("never_shared", "shared_late"):
        such = [p for p in first if outcome in p.silence]
        if such:
            clear = limit is not None and all(set(p.silence) == {outcome} for p in first)
            never = outcome == "never_shared"
            b_max = max(p.b_max for p in such)
            days = cover(min(p.info.start_min for p in such), youth.until if never else b_max)
            found = Found(
                youth=youth.id,
                detector="UnsharedInformation",
                outcome=outcome,
                certainty="certain" if clear and not unseen(days, one, youth, cohort.sources) else "possible",
                start=min(p.b_min for p in such),
                end=_end(such, outcome, youth.until),
                days_min=min(max(0, p.silence[outcome][0] - p.b_max) for p in such),
                days_max=max(max(0, p.silence[outcome][1] - p.b_min) for p in such),
                ongoing=never,
                agency=one,
                to_agency=other,
                sector=min(sectors) if len(sectors) == 1 else None,
                measures=(("items", len(pieces)),),
            )
            yield found, {such[0].info.id, such[0].began}


def _end(such: list["Piece"], outcome: str, until: int) -> int:
    start = min(p.b_min for p in such)
    if outcome == "never_shared":
        return max(until, start + 1)
    return max(p.silence[outcome][1] for p in such) + 1


@dataclass(frozen=True)
class Piece:
    """One piece of information for B: the bounds of b, and of the end of the silence by outcome."""

    info: Event
    began: str
    b_min: int
    b_max: int
    silence: dict[str, tuple[int, int]]
    surely: bool  # a start surely followed, and no share possibly came by then


def _piece(info: Event, after: list[Episode], shares: list[tuple[int, int]], until: int) -> Piece:
    low, high = info.start_min, info.start_max
    surely_after = [start for start in after if start.start_min > high]
    # "The bounds of b are the earliest start that may come after the information and the first that surely does."
    b_min = max(low + 1, min(start.start_min for start in after))
    b_max = (
        min(start.start_max for start in surely_after)
        if surely_after
        else max(start.start_max for start in after)
    )
    may = [share for share in shares if share[1] >= low]
    sure = [share for share in shares if share[0] >= high]
    silence = {}
    if not sure:
        silence["never_shared"] = (until, until)
    if any(share[1] > b_min for share in may) and not any(share[1] <= b_min for share in sure):
        latest = min(s[1] for s in sure) if sure else max(s[1] for s in may)
        silence["shared_late"] = (min(s[0] for s in may), latest)
    surely = bool(surely_after) and not any(share[0] <= b_max for share in may)
    began = after[0].start or after[0].end
    return Piece(info, began.id, b_min, b_max, silence, surely)
