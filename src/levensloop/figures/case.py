"""One timeline and its findings as small frozen objects: what the layout reads.

Days are ordinals (``date.toordinal``), ends exclusive. Nothing here draws, reads or decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One event: `first` and `last` are its earliest and latest first day.

    `ended` are the earliest and latest last day of what began there, if it tells them; `disputed` are
    the columns on which its records disagree, `versions` what they say there.
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
    """One finding; `limit` is the first and last day on which its age limit may cut off."""

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


@dataclass(frozen=True, kw_only=True)
class Case:
    """A youth: an initial (or the key, if nobody asked for a mask), facts, runs and findings.

    `shown` is the level at which the timeline was disclosed; empty if nobody decided.
    """

    youth: str
    mask: bool
    birth: tuple[int, int] | None
    until: int
    facts: tuple[Fact, ...]
    runs: tuple[Run, ...]
    seen: tuple[Seen, ...]
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
