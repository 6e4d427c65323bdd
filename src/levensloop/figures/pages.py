"""Where a life course turns a page.

The rule. Milestones are (1) the first start at each later type of school: secondary, then
vocational; (2) the first record at the municipality's office for early school leaving; (3) the first
placement out of home. They are taken in the order of their dates; one is a turn of the page if both pages
then tell at least `MIN_FACTS` facts over at least `MIN_DAYS` days. A milestone stands at
the end of one page and again at the start of the next, and pages share the year of it. A page
too full for its boxes is cut again where facts are few and bars are few.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from levensloop.figures.case import Case, Fact, Run

MIN_FACTS: Final = 4
MIN_DAYS: Final = 548
MOST_PAGES: Final = 6
_YEARS_FROM: Final = 913  # from two and a half years on a page shows whole years
_MONTHS_FROM: Final = 70
_OUT_OF_HOME: Final = frozenset({"foster_care", "residential", "secure_care"})
# Only where the care type does not say which school it is.
_SCHOOLS: Final = {
    "primary": r"\bbao\b|\bsbo\b|basisschool|primary|elementary",
    "vocational": r"\bmbo\b|\baka\b|\broc\b|beroeps|vocational",
    "secondary": r"\bvmbo\b|\bhavo\b|\bvwo\b|\bvso\b|\bpro\b|lyceum|college|secondary|high school",
}
_OFFICE: Final = re.compile(r"\brmc\b", re.IGNORECASE)


@dataclass(frozen=True)
class Turn:
    """A turn of the page: when, on account of which fact, and what it is called."""

    at: float
    fact: str
    word: str
    agency: str = ""


@dataclass(frozen=True)
class Page:
    """One page: the axis [start, end), the facts that it tells, and the turns at its ends."""

    start: int
    end: int
    low: float
    high: float
    facts: tuple[Fact, ...]
    opens: Turn | None = None
    closes: Turn | None = None
    part: int = 0


def school_type(care_type: str, agency: str) -> str:
    """What type of school it is: from its care type, else from words in its name; or empty.

    Examples
    --------
    >>> school_type("", "Terra College (VMBO)"), school_type("primary_school", "De Linde")
    ('secondary', 'primary')
    """
    for text in (care_type.replace("_", " "), agency):
        for kind, pattern in _SCHOOLS.items():
            if text and re.search(pattern, text, re.IGNORECASE):
                return kind
    return ""


def _starts_school(fact: Fact, starts: frozenset[str]) -> bool:
    return fact.sector == "education" and (fact.kind in {"school", "school_start"} or fact.id in starts)


def _school_turns(case: Case) -> list[Turn]:
    """The first start of each school type after another; unnamed types count once, as a change."""
    starts = frozenset(run.start_event for run in case.runs if run.role == "school")
    turns: list[Turn] = []
    before: set[str] = set()
    for fact in case.facts:
        if fact.about != "youth" or not _starts_school(fact, starts):
            continue
        kind = school_type(fact.care_type, fact.agency)
        if before and kind in {"secondary", "vocational"} and kind not in before:
            turns.append(Turn(fact.middle, fact.id, kind, fact.agency))
        before.add(kind)
    return turns


def _first(facts: Sequence[Fact], word: str) -> list[Turn]:
    return [Turn(fact.middle, fact.id, word, fact.agency) for fact in facts[:1]]


def turns(case: Case) -> list[Turn]:
    """Every milestone of a case, by date."""
    own = [fact for fact in case.facts if fact.about == "youth"]
    office = [
        fact
        for fact in own
        if _OFFICE.search(f"{fact.agency} {fact.to_agency}")
        or (fact.sector == "municipality" and fact.problem == "early_school_leaving")
    ]
    away = [fact for fact in own if fact.kind in {"care", "care_start"} and fact.care_type in _OUT_OF_HOME]
    found = _school_turns(case) + _first(office, "office") + _first(away, "out_of_home")
    return sorted(found, key=lambda turn: (turn.at, turn.fact))


def _accepted(found: list[Turn], case: Case) -> list[Turn]:
    if not found:
        return []
    places = [fact.middle for fact in case.facts]
    last = max(places[-1], extent(case)[1] - 1)
    taken: list[Turn] = []
    for turn in found:
        before = taken[-1].at if taken else places[0]
        enough = bisect_left(places, turn.at) - bisect_left(places, before) >= MIN_FACTS
        left = len(places) - bisect_left(places, turn.at) >= MIN_FACTS
        if enough and left and turn.at - before >= MIN_DAYS and last - turn.at >= MIN_DAYS:
            taken.append(turn)
    return taken


def extent(case: Case) -> tuple[int, int]:
    """First day and the day after the last that a figure of this case shows."""
    firsts = [fact.first for fact in case.facts] + [run.first for run in case.runs]
    lasts = [fact.last + 1 for fact in case.facts]
    # Only a limit still to come lies after the last day that anyone observes.
    lasts += [
        seen.end if seen.detector == "UpcomingLimit" else min(seen.end, case.until) for seen in case.seen
    ]
    lasts += [run.end for run in case.runs]
    start = min(firsts, default=case.until - 1)
    return start, max([*lasts, start + 1])


def axis(start: float, end: float) -> tuple[int, int]:
    """An axis over [start, end): whole years if it is long, whole months, or days.

    Examples
    --------
    >>> low, high = axis(date(2001, 7, 2).toordinal(), date(2005, 3, 1).toordinal())
    >>> str(date.fromordinal(low)), str(date.fromordinal(high))
    ('2001-01-01', '2006-01-01')
    """
    first, last = date.fromordinal(int(start)), date.fromordinal(max(int(start), int(end) - 1))
    span = end - start
    if span >= _YEARS_FROM:
        return date(first.year, 1, 1).toordinal(), date(last.year + 1, 1, 1).toordinal()
    if span >= _MONTHS_FROM:
        month = last.month % 12 + 1
        after = date(last.year + last.month // 12, month, 1)
        return first.replace(day=1).toordinal(), after.toordinal()
    return first.toordinal() - 1, last.toordinal() + 2


def _page(case: Case, low: float, high: float, opens: Turn | None, closes: Turn | None) -> Page:
    last = high == float("inf")
    facts = tuple(
        fact
        for fact in case.facts
        if low < fact.middle <= high
        or (opens is not None and fact.id == opens.fact)
        or (closes is not None and fact.id == closes.fact)
    )
    edge = extent(case)
    start = edge[0] if low == float("-inf") else low
    end = edge[1] if last else high + 1
    days = axis(start, end)
    return Page(days[0], days[1], low, high, facts, opens, closes)


def split(case: Case, pages: str | Sequence[date | int], most: int = MOST_PAGES) -> list[Page]:
    """The pages of a case before any of them proves too full.

    Parameters
    ----------
    case : Case
        Whose life course.
    pages : "auto", "whole" or sequence of date or int
        At the milestones, one page, or at these dates or years.
    most : int
        At most so many pages, if they turn at milestones.
    """
    if pages == "whole":
        cuts: list[Turn] = []
    elif isinstance(pages, str):
        cuts = _accepted(turns(case), case)[: most - 1]
    else:
        cuts = sorted((_turn(cut) for cut in pages), key=lambda turn: turn.at)
    edges = [float("-inf"), *(cut.at for cut in cuts), float("inf")]
    words = [None, *cuts, None]
    found = [
        _page(case, low, high, words[at], words[at + 1]) for at, (low, high) in enumerate(pairwise(edges))
    ]
    return [page for page in found if page.facts] or found[:1]


def _turn(cut: date | int) -> Turn:
    day = date(cut, 7, 2) if isinstance(cut, int) else cut
    return Turn(day.toordinal(), "", "")


def _crossing(runs: Sequence[Run], at: float) -> int:
    return sum(1 for run in runs if run.first < at < run.end)


def divide(case: Case, page: Page, count: int) -> list[Page]:
    """`page` in at most `count` parts with about as many facts each, cut where few bars run.

    Facts of one day stay together, so that there may be fewer parts.
    """
    places = [fact.middle for fact in page.facts]
    cuts: list[float] = []
    for part in range(1, count):
        target = len(places) * part / count
        reach = max(1, round(len(places) / count / 4))
        options = [
            at
            for at in range(max(1, round(target) - reach), min(len(places), round(target) + reach + 1))
            if places[at - 1] < places[at] and (not cuts or places[at - 1] > cuts[-1])
        ]
        if options:
            at = min(options, key=lambda i: (abs(i - target) + 0.5 * _crossing(case.runs, places[i - 1]), i))
            cuts.append(places[at - 1])
    edges = [page.low, *cuts, page.high]
    ends = [page.start, *cuts, page.end]
    parts: list[Page] = []
    for at, (low, high) in enumerate(pairwise(edges)):
        facts = tuple(f for f, place in zip(page.facts, places, strict=True) if _within(place, low, high, at))
        end = ends[at + 1] + 1 if at + 1 < len(edges) - 1 else page.end
        start, stop = axis(ends[at], end) if cuts else (page.start, page.end)
        start = max(start, page.start) if at == 0 else start
        parts.append(
            replace(
                page,
                start=start,
                end=max(min(stop, page.end), start + 1),
                low=low,
                high=high,
                facts=facts,
                opens=page.opens if at == 0 else None,
                closes=page.closes if at == len(edges) - 2 else None,
                part=at + 1 if cuts else 0,
            )
        )
    return [part for part in parts if part.facts]


def _within(place: float, low: float, high: float, at: int) -> bool:
    return (low < place or at == 0) and place <= high
