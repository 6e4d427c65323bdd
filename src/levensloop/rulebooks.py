"""Rulebooks: dated age limits, deadlines and norms, and what they say about arrays of days.

A rulebook is a folder of TOML files, one a domain; another country is another folder. The past
is never edited: when a rule changes, the old one gets a last day and a new one is added. How the
country counts its days (school year, weekend, holidays) is the file ``country.toml`` beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from levensloop import ages, terms
from levensloop.calendars import Calendar
from levensloop.errors import UserError
from levensloop.explaining import Asked, explained
from levensloop.rule import SEGMENTS, Rule, Transition
from levensloop.rulechecks import clashes, wanting
from levensloop.rulefiles import countries, packaged, read_rules
from levensloop.schema import words
from levensloop.spans import Bools, Ints
from levensloop.terms import Coded, Matter, Terms

__all__ = [
    "SEGMENTS",
    "Calendar",
    "Coded",
    "Rule",
    "Rulebook",
    "Terms",
    "Transition",
    "UnknownRuleError",
    "rulebook",
]

_UNSAID: Final = Calendar()


class UnknownRuleError(UserError, KeyError):
    """A rulebook was asked for a rule that it does not have; the sentence names rules with a like name."""


@dataclass(frozen=True, slots=True, repr=False)
class Rulebook:
    """The dated rules of a country.

    Parameters
    ----------
    rules : tuple of Rule
        In any order; their ids are unique.
    country : str
        Whose rules they are.
    calendar : Calendar, optional
        How the country counts its days; that of the packaged rules of `country` if none is given.

    Raises
    ------
    UserError
        When ids are not unique, two norms speak of the same wait on the same day, or a rule needs
        what the calendar does not say.

    Examples
    --------
    >>> rules = rulebook("nl")
    >>> rules
    <Rulebook nl: 83 rules>
    >>> rules["youthcare_jw"].value
    18
    >>> [rule.id for rule in rules.on(date(2004, 6, 1)) if rule.domain == "youth_care"]
    ['youthcare_wjhv']
    """

    rules: tuple[Rule, ...]
    country: str = "nl"
    calendar: Calendar = _UNSAID

    def __post_init__(self) -> None:
        if self.calendar == _UNSAID and self.country in countries():
            object.__setattr__(self, "calendar", packaged(self.country)[1])
        if wrong := clashes(self.rules) + wanting(self.rules, self.calendar):
            raise UserError(wrong)

    @classmethod
    def from_folder(cls, path: Path | str) -> "Rulebook":
        """A rulebook from a folder of TOML files, one a domain.

        Parameters
        ----------
        path : path
            The folder; its name is the country.

        Returns
        -------
        Rulebook

        Raises
        ------
        UserError
            With every fault in every file at once.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Rulebook.from_folder(folder)
        Traceback (most recent call last):
        ...
        levensloop.errors.UserError: no rules (*.toml) in the folder
        """
        folder = Path(path)
        rules, calendar = read_rules(folder)
        return cls(rules, folder.name, calendar)

    def __repr__(self) -> str:
        count = f"{len(self)} rule" if len(self) == 1 else f"{len(self)} rules"
        return f"<Rulebook {self.country}: {count}>"

    def __str__(self) -> str:
        return "\n".join(f"{rule.id}: {rule.en}" for rule in self.rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def __contains__(self, key: object) -> bool:
        return any(key in (rule, rule.id) for rule in self.rules)

    def __getitem__(self, key: str) -> Rule:
        for rule in self.rules:
            if rule.id == key:
                return rule
        near = get_close_matches(key, [rule.id for rule in self.rules])
        hint = f"did you mean {' or '.join(near)}?" if near else "[rule.id for rule in rules] lists them."
        raise UnknownRuleError(f"no rule '{key}'. Hint: {hint}")

    def on(self, when: date) -> "Rulebook":
        """What held on `when`: a smaller rulebook."""
        held = tuple(rule for rule in self.rules if rule.holds_on(when))
        return Rulebook(held, self.country, self.calendar)

    def explain(
        self, key: str, birth: date | None = None, lang: str = "nl", *, start: date | None = None
    ) -> str:
        """A rule in plain sentences: what it says, when it held, where that was found and how sure that is.

        Parameters
        ----------
        key : str
            The id of the rule.
        birth : date, optional
            Adds the day on which one born then is past the age, whether the rule held then, whom
            transitional law spares, and what may go on past the limit.
        lang : str
            ``nl`` or ``en``.
        start : date, optional
            Adds whether the rule held on that day and, of a term, the day on which it is over.

        Returns
        -------
        str

        Raises
        ------
        UnknownRuleError
            With the names that are most alike.

        Examples
        --------
        >>> print(rulebook().explain("jgz_18", date(2004, 2, 29), "en"))
        Public child health care until 18. In force from 1 January 2015, no end found. Source: Wpg art 1 \
text of 2015-01-28; actiz.nl (certainty A, text as of 2015-01-28, checked on 23 November 2026). \
For a birth on 29 February 2004 the first day past the limit is 1 March 2022.
        >>> print(rulebook().explain("gi_contact", lang="en", start=date(2024, 12, 24)).split(". ")[-1])
        From 24 December 2024 that is 3 January 2025, 10 days later.
        """
        return explained(self[key], self.rules, self.calendar, Asked(lang, birth, start))

    def limits(self) -> tuple[Rule, ...]:
        """The ages at which care or a provision ends."""
        return tuple(rule for rule in self.rules if rule.limit)

    def cutoff(self, rule: Rule, birth: Ints) -> Ints:
        """The first day past the age of `rule` for each day of birth; `NO_DAY` for an unknown birth.

        Examples
        --------
        >>> rules = rulebook()
        >>> birth = np.array(["1988-02-29", "1995-08-01"], "M8[D]").astype(np.int64)
        >>> rules.cutoff(rules["youthcare_wjz"], birth).astype("M8[D]").astype(str).tolist()
        ['2006-03-01', '2013-08-01']
        >>> rules.cutoff(rules["pro_end"], birth).astype("M8[D]").astype(str).tolist()
        ['2006-08-01', '2014-08-01']
        """
        return ages.cutoff(rule, birth, self.calendar)

    def term(self, rule: Rule, start: Ints) -> Ints:
        """The days that the term of `rule` takes from each day on; -1 where it cannot be counted.

        Examples
        --------
        >>> rules = rulebook()
        >>> start = np.array(["2024-12-23", "2024-12-24"], "M8[D]").astype(np.int64)
        >>> rules.term(rules["gi_contact"], start).tolist()
        [10, 10]
        """
        return ages.term(rule, start, self.calendar)

    def in_force(self, rule: Rule, days: Ints) -> Bools:
        """Whether `rule` held on each day; its last day counts, and `NO_DAY` is never in force.

        Examples
        --------
        >>> rules = rulebook()
        >>> days = np.array(["2004-12-31", "2005-01-01", "2014-12-31", "2015-01-01"], "M8[D]")
        >>> rules.in_force(rules["youthcare_wjz"], days.astype(np.int64)).tolist()
        [False, True, True, False]
        """
        return ages.in_force(rule, days)

    def covers(self, rule: Rule, sector: Coded, care_type: Coded) -> Bools:
        """Whether `rule` speaks of each piece of care, by its sector and care type.

        Examples
        --------
        >>> rules = rulebook()
        >>> sector = (np.array([0, 0, 0]), ["youth_care"])
        >>> care_type = (np.array([-1, 0, 1]), ["foster_care", "residential"])
        >>> rules.covers(rules["youthcare_jw"], sector, care_type).tolist()
        [True, False, True]
        """
        return terms.covers(rule, Matter(sector, care_type))

    def norm_days(self, sector: Coded, care_type: Coded, segment: Coded, start: Ints) -> Terms:
        """The norm on waiting for each wait, in force on the day on which it began.

        A norm that names the care type goes before one for the whole sector.

        Parameters
        ----------
        sector, care_type, segment : Coded
            Codes, one for each wait, and their names; the segments are those of `SEGMENTS`.
        start : array
            The day on which the wait began, since 1970-01-01.

        Returns
        -------
        Terms

        Examples
        --------
        >>> rules = rulebook()
        >>> sector = (np.array([0, 0]), ["mental_health"])
        >>> unknown = (np.array([-1, -1]), [])
        >>> start = np.array(["1999-12-31", "2006-03-01"], "M8[D]").astype(np.int64)
        >>> found = rules.norm_days(sector, unknown, (np.array([2, 2]), SEGMENTS), start)
        >>> found.days.tolist(), rules.rules[found.rule[1]].id
        ([-1, 98], 'tree_total')
        """
        return terms.norms(self.rules, self.calendar, Matter(sector, care_type), segment, start)

    def norm(
        self, sector: str, start: date, segment: str = "whole", care_type: str | None = None
    ) -> tuple[str, int | None]:
        """The norm on one wait: the id of its rule and its days, or ``no_rule`` and None.

        Parameters
        ----------
        sector : str
            That of the agency that is waited for.
        start : date
            The day on which the wait began.
        segment : str
            ``to_intake``, ``intake_to_care`` or ``whole``.
        care_type : str, optional

        Returns
        -------
        rule : str
        days : int or None

        Examples
        --------
        >>> rulebook().norm("mental_health", date(2006, 3, 1)), rulebook().norm("mental_health", date(1999, 12, 31))
        (('tree_total', 98), ('no_rule', None))
        >>> rulebook().norm("health", date(2024, 12, 24), care_type="gp")
        ('tree_gp', 7)
        """
        for word, known in ((sector, words("sectors")), (segment, SEGMENTS)):
            if word not in known:
                raise UserError(f"'{word}' is none of {', '.join(known)}")
        one, day = np.zeros(1, np.int64), np.array([ages.day_number(start)], np.int64)
        kind = (one - 1, ()) if care_type is None else (one, (care_type,))
        found = self.norm_days((one, (sector,)), kind, (one, (segment,)), day)
        at = int(found.rule[0])
        return (self.rules[at].id, int(found.days[0])) if at >= 0 else ("no_rule", None)

    def statutory(self, sector: Coded, care_type: Coded, start: Ints, birth: Ints | None = None) -> Terms:
        """The least wait that the law itself imposes, from the day on which each wait began.

        A rule that hangs on an age (benefit not before 18, no application under 27) is applied
        only where the birth is known.

        Parameters
        ----------
        sector, care_type : Coded
            Codes, one for each wait, and their names.
        start : array
            The day on which the wait began, since 1970-01-01.
        birth : array, optional
            The day of birth of the youth of each wait; `NO_DAY` where it is unknown.

        Returns
        -------
        Terms
            Where the law imposes nothing (any more) both are -1.

        Examples
        --------
        >>> rules = rulebook()
        >>> sector, care_type = (np.array([0]), ["work_income"]), (np.array([0]), ["disability_benefit"])
        >>> start, birth = (np.array([day], "M8[D]").astype(np.int64) for day in ("2006-10-01", "1989-01-01"))
        >>> rules.statutory(sector, care_type, start, birth).days.tolist()
        [92]
        """
        return terms.imposed(self.rules, self.calendar, Matter(sector, care_type), start, birth)


@cache
def rulebook(country: str = "nl") -> Rulebook:
    """The rules that come with levensloop.

    Parameters
    ----------
    country : str
        ``nl``; for another country see `Rulebook.from_folder`.

    Returns
    -------
    Rulebook

    Raises
    ------
    UserError
        When there are none for the country.

    Examples
    --------
    >>> rulebook()["wait_9_weeks"].sectors
    ('youth_care',)
    """
    if country not in (known := countries()):
        raise UserError(
            f"no rules for this country; there are rules for {', '.join(known)}. "
            "Hint: read your own with Rulebook.from_folder(path)."
        )
    rules, calendar = packaged(country)
    return Rulebook(rules, country, calendar)
