"""One made-up youth: what the files say, and what follows from it by definition."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import numpy as np

#: The first and (exclusive) last day that the agencies of the municipality tell about.
FIRST: Final = date(1995, 1, 1)
UNTIL: Final = date(2025, 1, 1)

JEUGDZORG: Final = "Jeugdzorg"
BRUG: Final = "De Brug"
GGZ: Final = "GGZ"
TEAM: Final = "Jeugdteam"
HUISARTS: Final = "Huisarts"
WONEN: Final = "Begeleid Wonen"
UWV: Final = "UWV"
RMC: Final = "RMC"
VEILIG: Final = "Veilig Thuis"
GEMEENTE: Final = "Gemeente Emmen"
JGZ: Final = "JGZ"
WERKGEVER: Final = "Werkgever"

_PRIMARY: Final = ("De Linde", "De Wilg", "De Eik")
_SECONDARY: Final = ("Het Noorden", "Het Zuiden")
_VOCATIONAL: Final = "Vakschool"

Day: TypeAlias = date | str


def birthday(birth: date, age: int) -> date:
    """The day on which someone born on `birth` turns `age`; 29 February falls on 1 March.

    Examples
    --------
    >>> birthday(date(2004, 2, 29), 18)
    datetime.date(2022, 3, 1)
    """
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


@dataclass
class Life:
    """A youth whose story is being told.

    Parameters
    ----------
    key : str
        The key under which every agency knows the youth.
    birth : datetime.date
        Day of birth.
    rng : numpy.random.Generator
        The only source of chance.

    Examples
    --------
    >>> life = Life("E1", date(2000, 5, 1), np.random.default_rng(1))
    >>> life.at(12, 10)
    datetime.date(2012, 5, 11)
    """

    key: str
    birth: date
    rng: np.random.Generator
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    truth: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    born: str = ""  # how the register puts the birth, if not to the day
    away: tuple[date, date] | None = None  # no school and no work from .. until
    away_reason: str = "client_left"
    away_from: str = ""  # how the school puts the last day, if not to the day

    @property
    def number(self) -> int:
        """The number in the key."""
        return int(self.key[1:])

    def at(self, age: int, days: int = 0) -> date:
        """The birthday at `age`, and some days."""
        return birthday(self.birth, age) + timedelta(days)

    def pick(self, low: int, high: int) -> int:
        """A whole number from `low` up to and including `high`."""
        return int(self.rng.integers(low, high + 1))

    def days(self, low: int, high: int) -> timedelta:
        """A stretch of `low` to `high` days."""
        return timedelta(self.pick(low, high))

    def one_of(self, *choices: str) -> str:
        """One of the choices."""
        return choices[self.pick(0, len(choices) - 1)]

    def carer(self) -> str:
        """An agency that cares over all the years."""
        return self.one_of(JEUGDZORG, GGZ)

    def two_carers(self) -> tuple[str, str]:
        """Two of them."""
        first = self.carer()
        return first, GGZ if first == JEUGDZORG else JEUGDZORG

    def turn(self) -> date:
        """A day between the seventh birthday and that of fourteen, for a story to turn on."""
        return self.at(self.pick(7, 13), self.pick(0, 200))

    def tell(self, agency: str, kind: str, start: Day, end: Day | None = None, **more: str | Day) -> None:
        """Add a row to the agency's file; `end` is the first day after, or text as the file has it."""
        self.rows.append(
            {"person": self.key, "agency": agency, "kind": kind, "start": start, "end": end, **more}
        )

    def care(self, agency: str, start: Day, end: Day | None, reason: str = "", **more: str | Day) -> None:
        """Add care from `start` until `end`."""
        self.tell(agency, "care", start, end, reason=reason, **more)

    def finds(self, finding: str, start: Day | None = None, end: Day | None = None, *, by: str = "", to: str = "",
              certainty: str = "certain") -> None:  # fmt: skip
        """Write down a finding that follows by definition: ``"Gap waiting"`` and its bounds."""
        detector, outcome = finding.split()
        self.truth.append(
            {
                "youth": self.key,
                "detector": detector,
                "outcome": outcome,
                "certainty": certainty,
                "start": str(start or ""),
                "end": str(end or ""),
                "agency": by,
                "to_agency": to,
            }
        )

    def grow_up(self) -> None:
        """Add school from four years old, then work, without a day between unless the youth is away."""
        first, last = self.away or (UNTIL, UNTIL)
        for agency, kind, start, end, care_type in self._years():
            before, after = min(end, first), max(start, last)
            if start < before:
                broken = before < end
                stop: Day | None = before if before < UNTIL else None
                reason = self.away_reason if broken else "as_planned"
                if broken and self.away_from:
                    stop = self.away_from
                self.tell(agency, kind, start, stop, reason=reason if stop else "", care_type=care_type)
            if after < min(end, UNTIL) and after >= last and self.away:
                stop = end if end < UNTIL else None
                self.tell(agency, kind, after, stop, reason="as_planned" if stop else "", care_type=care_type)

    def _years(self) -> list[tuple[str, str, date, date, str]]:
        year = self.birth.year
        cuts = [self.at(4), date(year + 12, 8, 1), date(year + self.pick(16, 17), 8, 1)]
        cuts += [date(cuts[-1].year + self.pick(1, 3), 8, 1), date.max]
        who = (
            (self.one_of(*_PRIMARY), "school", "primary_school"),
            (self.one_of(*_SECONDARY), "school", "secondary_school"),
            (_VOCATIONAL, "school", "vocational"),
            (WERKGEVER, "work", ""),
        )
        return [
            (agency, kind, start, end, care_type)
            for (agency, kind, care_type), start, end in zip(who, cuts, cuts[1:], strict=False)
            if start < UNTIL
        ]
