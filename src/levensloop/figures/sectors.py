"""Which lanes there are, and in which of them a finding or a contact belongs."""

from collections.abc import Iterable, Sequence
from typing import Final

from levensloop.figures.case import Fact, Run, Seen
from levensloop.schema import vocabulary

NOT_IN_VIEW: Final = frozenset({"home", "other"})


def care_sectors(runs: Sequence[Run]) -> frozenset[str]:
    """The sectors that ever gave this youth care."""
    return frozenset(run.sector for run in runs if run.role == "care" and run.about == "youth")


def hatched(seen: Seen, runs: Sequence[Run], shown: Iterable[str]) -> frozenset[str]:
    """The lanes that a gap concerns: those that gave care, or for out of view those that were in view."""
    if seen.detector == "Gap":
        return frozenset([seen.sector]) if seen.sector else care_sectors(runs)
    if seen.detector == "OutOfView":
        return frozenset(shown) - NOT_IN_VIEW
    if seen.detector == "SchoolBreaks" and seen.outcome == "out_of_school":
        return frozenset(["education"])
    return frozenset()


def wait_sector(seen: Seen, facts: Sequence[Fact]) -> str:
    """The lane of a wait: its sector, else that of the fact that opened it."""
    sectors = {fact.id: fact.sector for fact in facts}
    return seen.sector or next((sectors[e] for e in seen.evidence if e in sectors), "other")


def hosts(facts: Sequence[Fact], runs: Sequence[Run]) -> dict[str, Run]:
    """Of each fact the bar of its own agency in which it surely falls, if there is one."""
    found: dict[str, Run] = {}
    for fact in facts:
        for run in runs:
            same = (run.agency, run.sector, run.about) == (fact.agency, fact.sector, fact.about)
            if same and run.role != "wait" and run.sure_first <= fact.first and fact.last < run.sure_end:
                found.setdefault(fact.id, run)
    return found


def sector_order(sectors: Iterable[str]) -> list[str]:
    """Sectors in the order of the vocabulary; unknown ones last, by name."""
    known = list(vocabulary()["sectors"])
    return sorted(set(sectors), key=lambda s: (known.index(s) if s in known else len(known), s))
