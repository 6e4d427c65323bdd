"""What rules that are each sound cannot be together, or not in their country."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations

from levensloop.calendars import Calendar
from levensloop.errors import Fault
from levensloop.rule import Rule, rule_fault


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


def wanting(rules: Sequence[Rule], calendar: Calendar) -> list[Fault]:
    """Faults of rules that need what the calendar of their country does not say."""
    return [
        rule_fault(rule.domain, rule.id, "unit", why)
        for rule in rules
        for needs, why in (
            (
                rule.cutoff == "end_of_school_year" and not calendar.school_year_ends,
                "country.toml does not say when the school year ends (school_year_ends)",
            ),
            (
                rule.unit == "working_days" and not calendar.years,
                "country.toml does not say in which years the holidays are known (years)",
            ),
        )
        if needs
    ]


def strangers(rules: Sequence[Rule]) -> list[Fault]:
    """Faults of rules that name a rule which is not among them."""
    known = {rule.id for rule in rules}
    named = [
        (rule, field, name)
        for rule in rules
        for field, names in (
            ("extends", rule.extends),
            ("transitions", [law.keeps for law in rule.transitions]),
        )
        for name in names
    ]
    return [
        rule_fault(rule.domain, rule.id, field, f"no rule is called '{name}'")
        for rule, field, name in named
        if name is not None and name not in known
    ]


def _overlap(one: Rule, other: Rule) -> bool:
    """Whether two rules, equally specific, ever speak of the same care on the same day."""
    if bool(one.care_types) != bool(other.care_types) or not set(one.sectors) & set(other.sectors):
        return False
    if one.care_types and not set(one.care_types) & set(other.care_types):
        return False
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)
