"""One dated rule: an age limit, a deadline or a norm, with its source.

A rule checks its own values when it is made; a set of rules is checked by `clashes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from levensloop.errors import Fault, UserError
from levensloop.schema import words

KINDS: Final = ("age_limit", "deadline", "norm")
SEGMENTS: Final = ("to_intake", "intake_to_care", "whole")
#: From the unit of an age limit to the day on which it cuts off.
CUTOFFS: Final = {
    "years": "birthday",
    "years_end_of_school_year": "end_of_school_year",
    "months_after_18": "months_after",
}
#: Units of a term that need no other calendar than the common one; a number is its length in days.
TERMS: Final = {"days": 1, "weeks": 7, "weeks_min": 7, "months": None}
#: Working days need a calendar of holidays, hours and absence need a timetable: they are told, not computed.
UNITS: Final = (
    *CUTOFFS,
    *TERMS,
    "hours",
    "working_days",
    "months_absent",
    "weeks_absent",
    "hours_in_4_school_weeks",
)


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
        Of an age: ``birthday``, ``end_of_school_year`` or ``months_after`` (after the 18th birthday).
    below_age : int or None
        It holds only for youths younger than this.
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
    condition: str = ""
    text_as_of: str = ""

    def __post_init__(self) -> None:
        if wrong := [*_unknown_words(self), *_contradictions(self)]:
            raise UserError(rule_fault(self.domain, self.id, field, why) for field, why in wrong)

    @property
    def unverified(self) -> bool:
        """Whether nothing but the makers' own knowledge stands behind it (certainty C alone)."""
        return self.certainty.strip() == "C"

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


def clashes(rules: Sequence[Rule]) -> list[Fault]:
    """Faults of a set of rules: an id used twice, two norms for one wait on one day."""
    wrong: list[Fault] = []
    for one, other in combinations(rules, 2):
        if one.id == other.id:
            wrong.append(rule_fault(other.domain, other.id, None, f"the id is also in {one.domain}.toml"))
        elif one.segment is not None and one.segment == other.segment and _overlap(one, other):
            why = f"on one day it and '{one.id}' are both the norm for the same wait"
            wrong.append(rule_fault(other.domain, other.id, "segment", why))
    return wrong


def _overlap(one: Rule, other: Rule) -> bool:
    """Whether two rules, equally specific, ever speak of the same care on the same day."""
    if bool(one.care_types) != bool(other.care_types) or not set(one.sectors) & set(other.sectors):
        return False
    if one.care_types and not set(one.care_types) & set(other.care_types):
        return False
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def _unknown_words(rule: Rule) -> list[tuple[str, str]]:
    """Fields whose value is none of the words that it may be."""
    choices = (
        ("kind", (rule.kind,), KINDS),
        ("unit", (rule.unit,), UNITS),
        ("segment", (rule.segment,) if rule.segment is not None else (), SEGMENTS),
        ("sectors", rule.sectors, words("sectors")),
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
        ("unit", not age or rule.unit in CUTOFFS, "an age limit counts years, or months after 18"),
        (
            "cutoff",
            rule.cutoff is None or (age and rule.cutoff == CUTOFFS.get(rule.unit)),
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
            "a norm on waiting counts days, weeks or months, has sectors, and is not statutory",
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
    )
    return [(field, why) for field, holds, why in checks if not holds]


def _before(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and first <= last
