"""One finding, in the hand: what a function yields, and what one gets in going through `Findings`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from levensloop.errors import UserError
from levensloop.lives import Episode, Event
from levensloop.settling import Request, requested

if TYPE_CHECKING:
    from levensloop.cohort import Cohort


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a detector saw of one youth.

    Parameters
    ----------
    start, end : date
        From the first day to the first day after.
    outcome : str
        What it is, in one word.
    evidence : sequence
        Events, episodes or ids of events on which it rests.
    certain : bool
        Whether it holds for every choice of days inside the bounds, or for some.
    days_min, days_max : int, optional
        Its least and greatest length; from start to end if none are given.
    ongoing : bool
        Whether it lasts to the end of what is observed.
    agency, to_agency, sector, rule, norm_days, over_norm : optional
        As in the table of findings.
    measures : mapping of str to int
        Numbers that belong to it.
    youth, detector, params : str
        Filled in by the engine.

    Examples
    --------
    >>> Finding(start=date(2005, 1, 1), end=date(2005, 3, 1), outcome="long_intake").days_max
    59
    """

    start: date
    end: date
    outcome: str = "found"
    evidence: Sequence[str | Event | Episode] = ()
    certain: bool = True
    days_min: int = -1
    days_max: int = -1
    ongoing: bool = False
    agency: str | None = None
    to_agency: str | None = None
    sector: str | None = None
    rule: str | None = None
    norm_days: int | None = None
    over_norm: str | None = None
    measures: Mapping[str, int] = field(default_factory=dict[str, int])
    youth: str = ""
    detector: str = ""
    params: str = ""
    facts: "Cohort | None" = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a finding ends after the day on which it starts")
        length = (self.end - self.start).days
        for name in ("days_min", "days_max"):
            if getattr(self, name) < 0:
                object.__setattr__(self, name, length)
        if self.days_min > self.days_max:
            raise ValueError("days_min is not above days_max")
        object.__setattr__(self, "evidence", tuple(_ids(self.evidence)))

    @property
    def certainty(self) -> str:
        """``certain`` or ``possible``."""
        return "certain" if self.certain else "possible"

    def settle(self, cohort: "Cohort | None" = None) -> tuple[Request, ...]:
        """What would make a possible finding certain or absent; nothing for a certain one.

        Parameters
        ----------
        cohort : Cohort, optional
            The facts; those that were looked at if none are given.

        Returns
        -------
        tuple of Request
            The day, record or extract to ask for, and of which agency; what the finding rests on first.

        Raises
        ------
        UserError
            If the finding does not know its facts, as after reading it back from a file.

        Examples
        --------
        >>> import levensloop as ll
        >>> youth = ll.testing.sketch('''
        ...     window 2000-01-01..2006-12-31; birth 1990-01-01
        ...     ggz care 2004-01-01..2004-12-31 no_show; bjz care 2005-03/2005-06..2005-12-31 goal_reached''')
        >>> (gap,) = ll.detect(youth, ll.Gap())
        >>> for ask in gap.settle():
        ...     print(ask.say(lang="en"))
        bjz: the first day of "care", now between 1 March 2005 and 30 June 2005.
        """
        facts = cohort if cohort is not None else self.facts
        if self.certain:
            return ()
        if facts is None:
            raise UserError("a finding alone does not hold its facts. Hint: give the cohort, settle(cohort).")
        return requested(self, facts)


def _ids(evidence: Sequence[str | Event | Episode]) -> list[str]:
    found: dict[str, None] = {}
    for one in evidence:
        ids = (one,) if isinstance(one, str) else (one.id,) if isinstance(one, Event) else one.events
        found.update(dict.fromkeys(ids))
    return list(found)
