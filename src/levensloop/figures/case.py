"""One timeline and its findings as small frozen objects: what the layout reads.

Days are ordinals (``date.toordinal``), ends exclusive. Nothing here draws, reads or decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What somebody says of a fact, a finding or the case, as a figure marks and tells it.

    Parameters
    ----------
    number : int
        Under which it is marked and told.
    about : {"fact", "finding", "case"}
    target : str, int or None
        The event, or the row of the finding among those of the youth; None for the case, and for what is
        not there.
    stance : str
        ``comment``, ``dispute``, ``dismiss``, ``confirm`` or ``explain``.
    author : str
        By role.
    date : datetime.date
    text : str
    """

    number: int
    about: Literal["fact", "finding", "case"]
    target: str | int | None
    stance: str
    author: str
    date: date
    text: str


def stances(said: Sequence[Remark]) -> frozenset[str]:
    """What remarks do: dispute, dismiss, confirm ..."""
    return frozenset(remark.stance for remark in said)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One event: `first` and `last` are its earliest and latest first day.

    `ended` are the earliest and latest last day of what began there, if it tells them; `disputed` are
    the columns on which its records disagree, `versions` what they say there, `said` what people
    say of it: that changes nothing else in it.
    """

    id: str
    order: int
    agency: str
    sector: str
    kind: str
    first: int
    last: int
    precision: str
    to_agency: str
    care_type: str
    problem: str
    what: str
    why: str
    result: str
    initiative: str
    reason: str
    about: str
    ended: tuple[int, int] | None = None
    disputed: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    said: tuple[Remark, ...] = ()

    @property
    def middle(self) -> float:
        """Half-way its bounds: where it stands, unless it may slide."""
        return (self.first + self.last) / 2

    @property
    def exact(self) -> bool:
        """Whether its day is known."""
        return self.first == self.last


@dataclass(frozen=True, kw_only=True)
class Run:
    """One episode: possible cover [first, end), sure cover [sure_first, sure_end)."""

    agency: str
    sector: str
    care_type: str
    role: str
    about: str
    first: int
    sure_first: int
    sure_end: int
    end: int
    open: bool
    start_event: str
    end_event: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One finding; `limit` is the first and last day on which its age limit may cut off.

    `said` is what people say of it: who dismisses a finding does not take it away.
    """

    order: int
    detector: str
    outcome: str
    certain: bool
    start: int
    end: int
    days: tuple[int, int | None]
    ongoing: bool
    agency: str
    to_agency: str
    sector: str
    rule: str
    rule_names: Mapping[str, str]
    age: int | None
    limit: tuple[int, int] | None
    norm: int | None
    over_norm: str
    measures: Mapping[str, int]
    evidence: tuple[str, ...]
    said: tuple[Remark, ...] = ()

    @property
    def dismissed(self) -> bool:
        """Whether somebody dismisses it."""
        return "dismiss" in stances(self.said)

    @property
    def sure(self) -> bool:
        """Whether it is drawn in full: certain, and dismissed by nobody."""
        return self.certain and not self.dismissed


@dataclass(frozen=True, kw_only=True)
class Case:
    """A youth: an initial (or the key, if nobody asked for a mask), facts, runs, findings and remarks.

    `shown` is the level at which the timeline was disclosed; empty if nobody decided.
    """

    youth: str
    mask: bool
    birth: tuple[int, int] | None
    until: int
    facts: tuple[Fact, ...]
    runs: tuple[Run, ...]
    seen: tuple[Seen, ...]
    remarks: tuple[Remark, ...] = ()
    shown: str = ""

    @property
    def years(self) -> bool:
        """Whether days are told as years."""
        return self.shown == "publication"

    @property
    def initial(self) -> str:
        """How the youth is called in the figure."""
        first = next((letter for letter in self.youth if letter.isalnum()), "X")
        return first.upper() if self.mask else self.youth

    def behind(self, remark: Remark) -> tuple[str, ...]:
        """The facts behind what a remark speaks of."""
        if remark.about == "finding":
            return next((seen.evidence for seen in self.seen if seen.order == remark.target), ())
        return (remark.target,) if isinstance(remark.target, str) else ()
