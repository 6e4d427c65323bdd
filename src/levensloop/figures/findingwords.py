"""What findings say: a sentence for each detector and outcome, and how much each asks to be shown.

The sentences stand in ``data/locale/figures.toml`` as ``tag_<detector>_<outcome>``, shorter ones as
``short_...``, ones for findings that name no agency as ``plain_...``. A finding of a detector that
has no sentence there is told by its own name and outcome.
"""

import re
from collections import Counter
from collections.abc import Sequence
from math import log10
from string import Formatter
from typing import Final

from levensloop.figures.case import Seen
from levensloop.figures.words import Words
from levensloop.figures.wrap import clean
from levensloop.text import named as name_of

_OTHER: Final = 45
_AGAIN: Final = 0.8
_WEIGHTS: Final = {
    "AgeLimit": {"dropped": 100, "returned": 80, "too_young": 85, "refused_near_limit": 82, "unobserved": 20},
    "Handover": {"lost": 90, "refused": 70, "arrived": 25, "pending": 40},
    "OutOfView": {"unexplained": 84, "waiting": 60, "unobserved": 20},
    "Gap": {"unexplained": 78, "waiting": 72, "after_goal": 35, "unobserved": 20},
    "Waiting": {"started": 55, "ongoing": 68, "refused": 66, "ended": 60},
    "LateResponse": {"unanswered": 83, "answered": 71},
    "JointKnowledge": {"not_acted": 86, "acted": 76},
    "UnsharedInformation": {"never_shared": 55, "shared_late": 55},
    "ParallelCare": {"parallel": 48},
    "NoCoordinator": {"no_coordinator": 74},
    "SchoolBreaks": {"out_of_school": 81, "no_qualification": 75, "changed": 52, "absent": 62},
    "Repetition": {"repeated": 79},
    "Deadlock": {"circular": 88, "incompatible": 87},
    "ReEntry": {"returned": 54},
    "Escalation": {"during_wait": 77, "after_signals": 77},
    "Initiative": {"youth_and_parents": 64, "others": 30},
    "NoEvaluation": {"no_evaluation": 42},
    "MissingPartner": {"nobody_came": 73},
    "WentWell": {
        "limit_bridged": 80, "warm_handover": 63, "wait_within_norm": 61, "signal_answered": 63, "evaluated": 46,
    },
    "UpcomingLimit": {"nothing_arranged": 95, "asked": 80},
}  # fmt: skip


def salience(seen: Seen) -> float:
    """How much a finding asks to be shown: by its kind, whether it is certain, its length."""
    weight = _WEIGHTS.get(seen.detector, {}).get(seen.outcome, _OTHER)
    if seen.over_norm == "certain":
        weight += 20
    length = log10(1 + max(0, seen.days[0]))
    return (weight if seen.certain else 0.6 * weight) + 2 * length


def ranked(seen: Sequence[Seen]) -> list[Seen]:
    """Findings, those that most ask to be shown first; each further one of a detector asks less."""
    told: Counter[str] = Counter()
    found: list[tuple[float, int, int, Seen]] = []
    for item in sorted(seen, key=lambda s: (-salience(s), s.start, s.order)):
        found.append((-salience(item) * _AGAIN ** told[item.detector], item.start, item.order, item))
        told[item.detector] += 1
    return [item for *_, item in sorted(found, key=lambda entry: entry[:3])]


def less_likely(seen: Sequence[Seen]) -> list[Seen]:
    """Of what is possible both ways round, from one agency to another and back, the way that begins earlier.

    Dates leave open which of the two came first; that whoever is known later came later is likelier.
    """
    begins = {_way(item): item.start for item in seen if not item.certain}
    return [s for s in seen if not s.certain and begins.get(_way(s, turned=True), s.start) > s.start]


def _way(seen: Seen, *, turned: bool = False) -> tuple[str, ...]:
    """What is seen of two agencies, from the one to the other, or turned round."""
    ends = (seen.to_agency, seen.agency) if turned else (seen.agency, seen.to_agency)
    return (seen.detector, seen.outcome, *ends, *sorted(seen.evidence))


def tell(seen: Seen, words: Words, *, named: bool = False, bare: bool = False, short: bool = False) -> str:
    """The sentence of a finding; with its bounds, and said to be possible where it is.

    Parameters
    ----------
    seen : Seen
        The finding.
    words : Words
        The language.
    named : bool
        Tell a rule with its whole name.
    bare : bool
        Do not say that a possible finding is possible.
    short : bool
        Leave out what the lanes show as well.
    """
    text = _sentence(seen, words, short=short)
    name = seen.rule_names.get(words.lang, seen.rule.replace("_", " ") if seen.age is not None else "")
    if named and name:
        text = f"{text} · {name}"
    if seen.norm is not None and not short:
        norm = words.days((seen.norm, seen.norm), ongoing=False)
        text = f"{text} {words.say('norm', {'norm': norm})}"
    return clean(text if seen.certain or bare else words.say("possible", {"text": text}))


def _sentence(seen: Seen, words: Words, *, short: bool) -> str:
    key = f"{seen.detector}_{seen.outcome}"
    values = _values(seen, words)
    for kind in ("short", "tag", "plain") if short else ("tag", "plain"):
        sentence = words.find(f"{kind}_{key}")
        if sentence is not None and all(values.get(name) for name in _names(sentence)):
            text = sentence.format_map(values)
            if seen.detector == "Gap" and seen.sector:
                return words.say("in_sector", {"sector": values["sector"], "text": text})
            return text
    return _general(seen, words, str(values["days"]))


def _values(seen: Seen, words: Words) -> dict[str, object]:
    age = words.say("age_limit", {"age": seen.age}) if seen.age is not None else seen.rule.replace("_", " ")
    values: dict[str, object] = {name: str(number) for name, number in seen.measures.items()}
    return {
        **values,
        "agency": seen.agency,
        "to": seen.to_agency,
        "days": words.days(seen.days, ongoing=seen.ongoing),
        "age": age,
        "sector": words.label("sectors", seen.sector) if seen.sector else "",
    }


def _names(sentence: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(sentence) if name]


def _general(seen: Seen, words: Words, days: str) -> str:
    """A finding of a detector that has no sentence of its own."""
    name = name_of("detector", seen.detector, words.lang)
    if name == seen.detector:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    outcome = name_of("outcome", seen.outcome, words.lang).replace("_", " ")
    who = " \u2192 ".join(agency for agency in (seen.agency, seen.to_agency) if agency)
    what = words.say("other_finding", {"name": name[:1].lower() + name[1:], "outcome": outcome})
    return ", ".join(part for part in (what, who, days) if part)
