"""A rule in plain sentences, Dutch or English."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from levensloop import ages
from levensloop.calendars import Calendar
from levensloop.rule import TERMS, Rule
from levensloop.spans import Ints
from levensloop.text import day, say


class Asked(NamedTuple):
    """What a reader wants to know of a rule: in which language, for which birth, from which day."""

    lang: str
    birth: date | None
    start: date | None


def explained(rule: Rule, rules: Sequence[Rule], calendar: Calendar, asked: Asked) -> str:
    """What a rule says, when it held, where that was found, and what it means for a birth or a day."""
    lang = asked.lang
    parts = [_sentence(rule, lang), _validity(rule, lang), _origin(rule, lang)]
    if rule.unverified:
        parts.append(say("rule.unverified", lang))
    if asked.start is not None:
        parts.append(_from_day(rule, calendar, asked.start, lang))
    if asked.birth is not None and rule.cutoff is not None:
        parts.extend(_for_birth(rule, rules, calendar, asked.birth, lang))
    return " ".join(parts)


def _for_birth(rule: Rule, rules: Sequence[Rule], calendar: Calendar, birth: date, lang: str) -> list[str]:
    """The cut-off for one birth, whether the rule held then, and what goes on past it."""
    born = _days(birth)
    past = _date(ages.cutoff(rule, born, calendar))
    parts = [say("rule.cutoff", lang, {"birth": day(birth, lang), "cutoff": day(past, lang)})]
    sparing = [
        (other, law) for other in rules for law in other.transitions if ages.spared([law], (born, born))[0][0]
    ]
    here = [law for other, law in sparing if other is rule]
    kept = [law for _, law in sparing if law.keeps == rule.id]
    for law in here or kept:
        told = {
            "age": law.age,
            "first": day(law.first, lang),
            "last": day(law.last, lang),
            "source": law.source,
        }
        parts.append(say("rule.spared" if here else "rule.kept", lang, told))
    instead = [other for law in here for other in rules if other.id == law.keeps]
    parts.extend(say("rule.instead", lang, {"rule": _sentence(other, lang)}) for other in instead)
    if here:
        return parts
    if not (kept or rule.holds_on(past)):
        return [*parts, say("rule.not_in_force", lang)]
    longer = [other for other in rules if rule.id in other.extends and other.holds_on(past)]
    return parts + [say("rule.extended", lang, {"rule": _sentence(other, lang)}) for other in longer]


def _from_day(rule: Rule, calendar: Calendar, start: date, lang: str) -> str:
    """Whether a rule held on a day, and when its term that begins then is over."""
    if not rule.holds_on(start):
        return say("rule.none", lang)
    length = int(ages.term(rule, _days(start), calendar)[0]) if rule.unit in TERMS else -1
    if length < 0:
        return say("rule.holds", lang, {"start": day(start, lang)})
    due = _date(_days(start) + length)
    return say("rule.due", lang, {"start": day(start, lang), "due": day(due, lang), "n": length})


def _sentence(rule: Rule, lang: str) -> str:
    return rule.nl if lang == "nl" else rule.en


def _origin(rule: Rule, lang: str) -> str:
    details = [say("rule.certainty", lang, {"certainty": rule.certainty})]
    if rule.text_as_of:
        details.append(say("rule.text_as_of", lang, {"text": rule.text_as_of}))
    details.append(say("rule.checked_on", lang, {"day": day(rule.checked_on, lang)}))
    return say("rule.source", lang, {"source": rule.source, "details": ", ".join(details)})


def _validity(rule: Rule, lang: str) -> str:
    first = day(rule.valid_from, lang) if rule.valid_from else say("rule.unknown_start", lang)
    if rule.valid_to is None:
        return say("rule.valid_from", lang, {"first": first})
    return say("rule.valid_between", lang, {"first": first, "last": day(rule.valid_to, lang)})


def _days(when: date) -> Ints:
    return np.array([ages.day_number(when)], np.int64)


def _date(days: Ints) -> date:
    return days.astype("M8[D]").tolist()[0]
