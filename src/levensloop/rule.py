"""One dated rule: an age limit, a deadline or a norm, with its source.

A rule checks its own values when it is made; `rulechecks` checks a set of rules.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from levensloop.errors import Fault, UserError
from levensloop.schema import kinds_of, words

KINDS: Final = ("age_limit", "deadline", "norm")
SEGMENTS: Final = ("to_intake", "intake_to_care", "whole")
#: From the unit of an age limit to the day on which it cuts off; ``months_after_18`` counts from a birthday.
CUTOFFS: Final = {"years": "birthday", "years_end_of_school_year": "end_of_school_year"}
_MONTHS_AFTER: Final = re.compile(r"months_after_(\d{1,2})")
#: Units of a term, with their length in days; without one the calendar tells it for each first day.
TERMS: Final = {"days": 1, "weeks": 7, "weeks_min": 7, "months": None, "working_days": None}
#: Hours and absence need a timetable: they are told, not computed.
UNITS: Final = (*CUTOFFS, *TERMS, "hours", "months_absent", "weeks_absent", "hours_in_4_school_weeks")


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """Transitional law: who had reached an age when a rule came is spared it, and may keep an older one.

    Parameters
    ----------
    age : int
        The age in years.
    first, last : date
        Those who reached it from `first` until `last`, both included, are spared the rule.
    source : str
        Where that was found.
    keeps : str or None
        The id of the rule that goes on to hold for them, though it had ended for others.

    Examples
    --------
    >>> law = Transition(age=17, first=date(2006, 8, 1), last=date(2007, 7, 31), source="an example")
    >>> law.keeps is None
    True
    """

    age: int
    first: date
    last: date
    source: str
    keeps: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """An age limit, a deadline or a norm, and when it held.

    Parameters
    ----------
    id, domain : str
        Its name, and the file of the rulebook in which it stands.
    nl, en : str
        The rule in one Dutch and one English sentence.
    kind : str
        ``age_limit``, ``deadline`` (a law sets it) or ``norm`` (an agreement or custom does).
    value, unit : int, str
        As the source gives them.
    valid_from, valid_to : date or None
        First and last day on which it held. No `valid_to`: no end was found.
    sectors, care_types, except_care_types : tuple of str
        What it speaks of. No care types: any; no sectors: it is tied to none.
    segment : str or None
        Of a norm on waiting, the part that it limits: ``to_intake``, ``intake_to_care``, ``whole``.
    limit : bool
        Whether care or a provision ends at this age.
    statutory : bool
        Whether the law itself makes a youth wait.
    cutoff : str or None
        Of an age: ``birthday``, ``end_of_school_year`` or ``months_after`` (a birthday).
    below_age : int or None
        It holds only for youths younger than this.
    transitions : tuple of Transition
        Whom transitional law spares it.
    extends : tuple of str
        Ids of limits past which it keeps the right to care: an age for care that began before them,
        a term for care that is resumed so soon after its end.
    asked : tuple of str
        Kinds of event that, before such a limit, keep the right to care that had not yet begun.
    condition, source, certainty, text_as_of : str
        What else it asks, where it was found, how sure that is (A, B, C), which text was read.
    checked_on : date
        When it was last held against its source.

    Raises
    ------
    UserError
        With every fault in its values at once.

    Examples
    --------
    >>> rule = Rule(id="care_20", domain="youth_care", nl="Hulp tot 20 jaar.", en="Care until 20.",
    ...     kind="age_limit", value=20, unit="years", valid_from=date(2030, 1, 1), cutoff="birthday",
    ...     sectors=("youth_care",), limit=True, source="an example", certainty="C",
    ...     checked_on=date(2030, 1, 1))
    >>> rule.unverified
    True
    """

    id: str
    domain: str
    nl: str
    en: str
    kind: str
    value: int
    unit: str
    source: str
    certainty: str
    checked_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    sectors: tuple[str, ...] = ()
    care_types: tuple[str, ...] = ()
    except_care_types: tuple[str, ...] = ()
    segment: str | None = None
    limit: bool = False
    statutory: bool = False
    cutoff: str | None = None
    below_age: int | None = None
    transitions: tuple[Transition, ...] = ()
    extends: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    condition: str = ""
    text_as_of: str = ""

    def __post_init__(self) -> None:
        if wrong := [*_unknown_words(self), *_contradictions(self)]:
            raise UserError(rule_fault(self.domain, self.id, field, why) for field, why in wrong)

    @property
    def unverified(self) -> bool:
        """Whether nothing but the makers' own knowledge stands behind it (certainty C alone)."""
        return self.certainty.strip() == "C"

    @property
    def age(self) -> int | None:
        """The birthday from which an age counts; None where `value` is no age.

        Examples
        --------
        >>> from levensloop.rulebooks import rulebook
        >>> rulebook()["secure_care_18plus"].age, rulebook()["pro_end"].age, rulebook()["jw_plan"].age
        (18, 18, None)
        """
        months = _MONTHS_AFTER.fullmatch(self.unit)
        return int(months[1]) if months else self.value if self.unit in CUTOFFS else None

    @property
    def months(self) -> int:
        """Months after the birthday of `age` at which the rule cuts off."""
        return self.value if self.cutoff == "months_after" else 0

    def holds_on(self, day: date) -> bool:
        """Whether the rule held on `day`; without a `valid_from` its beginning is not known."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def covers(self, sector: str | None, care_type: str | None = None) -> bool:
        """Whether the rule speaks of this care; a care type that is not known is only in a general rule."""
        if self.sectors and sector not in self.sectors:
            return False
        named = not self.care_types or care_type in self.care_types
        return named and care_type not in self.except_care_types


def rule_fault(domain: str, name: str | None, field: str | None, why: str) -> Fault:
    """A fault in a file of rules."""
    where = why if name is None else f"rule '{name}': {why}"
    return Fault(f"{domain}.toml", None, field, "bad_rule", where, "correct the rule")


def _unknown_words(rule: Rule) -> list[tuple[str, str]]:
    """Fields whose value is none of the words that it may be."""
    choices = (
        ("kind", (rule.kind,), KINDS),
        ("unit", () if _MONTHS_AFTER.fullmatch(rule.unit) else (rule.unit,), UNITS),
        ("segment", (rule.segment,) if rule.segment is not None else (), SEGMENTS),
        ("sectors", rule.sectors, words("sectors")),
        ("asked", rule.asked, kinds_of("wait")),
    )
    return [
        (field, f"'{value}' is none of {', '.join(known)}")
        for field, values, known in choices
        for value in values
        if value not in known
    ]


def _contradictions(rule: Rule) -> list[tuple[str, str]]:
    """Fields whose values cannot go together."""
    dated = rule.valid_from is not None and rule.valid_to is not None
    age = rule.kind == "age_limit"
    checks = (
        ("value", rule.value > 0, "it must be above 0"),
        ("below_age", rule.below_age is None or rule.below_age > 0, "it must be above 0"),
        ("source", bool(rule.source.strip()), "a rule needs a source"),
        ("certainty", bool(rule.certainty.strip()), "a rule needs a certainty (A, B or C)"),
        ("nl", bool(rule.nl.strip() and rule.en.strip()), "a rule needs a sentence in Dutch and in English"),
        (
            "valid_to",
            not dated or _before(rule.valid_from, rule.valid_to),
            "it lies before valid_from",
        ),
        ("unit", not age or rule.age is not None, "an age limit counts years, or months after a birthday"),
        (
            "cutoff",
            rule.cutoff is None or (age and rule.cutoff == CUTOFFS.get(rule.unit, "months_after")),
            "it does not fit the kind and the unit",
        ),
        (
            "limit",
            not rule.limit or (age and rule.cutoff is not None and bool(rule.sectors)),
            "a limit is an age_limit with a cutoff and with sectors",
        ),
        (
            "segment",
            rule.segment is None or (rule.unit in TERMS and bool(rule.sectors) and not rule.statutory),
            "a norm on waiting counts days, working days, weeks or months, has sectors, and is not statutory",
        ),
        (
            "statutory",
            not rule.statutory or (bool(rule.sectors) and (rule.unit in TERMS or rule.cutoff is not None)),
            "a wait that the law imposes is a term or an age with a cutoff, and has sectors",
        ),
        (
            "except_care_types",
            not (rule.care_types and rule.except_care_types),
            "name the care types, or those left out, not both",
        ),
        (
            "transitions",
            not rule.transitions
            or (rule.cutoff is not None and all(_sound(law) for law in rule.transitions)),
            "it spares who reached an age, above 0, between two days, from a rule with a cutoff; with a source",
        ),
        (
            "extends",
            not rule.extends or rule.cutoff is not None or rule.unit in TERMS,
            "a rule that keeps a right past a limit is a term or an age with a cutoff",
        ),
        ("asked", not rule.asked or bool(rule.extends), "it belongs to a rule that extends a limit"),
    )
    return [(field, why) for field, holds, why in checks if not holds]


def _sound(law: Transition) -> bool:
    return law.age > 0 and law.first <= law.last and bool(law.source.strip())


def _before(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and first <= last
