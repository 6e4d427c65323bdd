"""Rulebooks: dated age limits, deadlines and norms, and what they say about arrays of days.

A rulebook is a folder of TOML files, one a domain; another country is another folder. The past
is never edited: when a rule changes, the old one gets a last day and a new one is added.

Norms in working days are kept and explained, but no wait is held against them: without a
calendar of holidays they cannot be counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from levensloop import ages, terms
from levensloop.errors import UserError
from levensloop.rule import SEGMENTS, Rule, clashes
from levensloop.rulefiles import read_rules
from levensloop.spans import Bools, Ints
from levensloop.terms import Coded, Matter, Terms
from levensloop.text import day, say

__all__ = ["SEGMENTS", "Coded", "Rule", "Rulebook", "Terms", "rulebook"]


@dataclass(frozen=True, slots=True, repr=False)
class Rulebook:
    """The dated rules of a country.

    Parameters
    ----------
    rules : tuple of Rule
        In any order; their ids are unique.
    country : str
        Whose rules they are.

    Raises
    ------
    UserError
        When ids are not unique, or two norms speak of the same wait on the same day.

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

    def __post_init__(self) -> None:
        if wrong := clashes(self.rules):
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
        return cls(read_rules(folder), folder.name)

    def __repr__(self) -> str:
        return f"<Rulebook {self.country}: {len(self.rules)} rules>"

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
        raise KeyError(key)

    def on(self, when: date) -> "Rulebook":
        """What held on `when`: a smaller rulebook."""
        return Rulebook(tuple(rule for rule in self.rules if rule.holds_on(when)), self.country)

    def explain(self, key: str, birth: date | None = None, lang: str = "nl") -> str:
        """A rule in plain sentences: what it says, when it held, and where that was found.

        Parameters
        ----------
        key : str
            The id of the rule.
        birth : date, optional
            Adds the day on which one born then is past the age.
        lang : str
            ``nl`` or ``en``.

        Returns
        -------
        str

        Examples
        --------
        >>> print(rulebook().explain("jgz_18", date(2004, 2, 29), "en"))
        Public child health care until 18. In force from 1 January 2015, no end found. Source: Wpg art 1 \
text of 2015-01-28; actiz.nl (certainty A, text as of 2015-01-28, checked on 23 November 2026). \
For a birth on 29 February 2004 the first day past the limit is 1 March 2022.
        """
        rule = self[key]
        parts = [rule.nl if lang == "nl" else rule.en, _validity(rule, lang), _origin(rule, lang)]
        if rule.unverified:
            parts.append(say("rule.unverified", lang))
        if birth is not None and rule.cutoff is not None:
            cut = ages.cutoff(rule, np.array([ages.day_number(birth)], np.int64))
            past = cut.astype("M8[D]").item()
            told = {"birth": day(birth, lang), "cutoff": day(past, lang)}
            parts.append(say("rule.cutoff", lang, told))
            if not rule.holds_on(past):
                parts.append(say("rule.not_in_force", lang))
        return " ".join(parts)

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
        return ages.cutoff(rule, birth)

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
        return terms.norms(self.rules, Matter(sector, care_type), segment, start)

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
        return terms.imposed(self.rules, Matter(sector, care_type), start, birth)


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
    folder = files("levensloop") / "data" / "rules"
    known = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    if country not in known:
        raise UserError(
            f"no rules for this country; there are rules for {', '.join(known)}. "
            "Hint: read your own with Rulebook.from_folder(path)."
        )
    return Rulebook(read_rules(folder / country), country)


def _origin(rule: Rule, lang: str) -> str:
    parts = [rule.source, say("rule.certainty", lang, {"certainty": rule.certainty})]
    if rule.text_as_of:
        parts.append(say("rule.text_as_of", lang, {"text": rule.text_as_of}))
    parts.append(say("rule.checked_on", lang, {"day": day(rule.checked_on, lang)}))
    return say("rule.source", lang, {"source": parts[0], "details": ", ".join(parts[1:])})


def _validity(rule: Rule, lang: str) -> str:
    first = day(rule.valid_from, lang) if rule.valid_from else say("rule.unknown_start", lang)
    if rule.valid_to is None:
        return say("rule.valid_from", lang, {"first": first})
    return say("rule.valid_between", lang, {"first": first, "last": day(rule.valid_to, lang)})
