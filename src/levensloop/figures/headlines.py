"""What a page says above the figure: plain sentences on what the data say, most telling first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from levensloop.figures.case import Case, Fact, Seen
from levensloop.figures.findingwords import salience, tell
from levensloop.figures.pages import Page, Turn
from levensloop.figures.words import Words
from levensloop.figures.wrap import clean

_FIRST_SIGNS: Final = frozenset({"signal", "assessment", "report"})
_LONG: Final = 365
_NO_LENGTH: Final = frozenset({
    "AgeLimit", "Handover", "WentWell", "Initiative", "Deadlock", "Repetition", "UnsharedInformation", "UpcomingLimit",
})  # fmt: skip


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


class Phrase(NamedTuple):
    """A sentence of a headline: how telling it is, what it is about, and its words."""

    weight: float
    topic: str
    text: str


@dataclass(frozen=True)
class Head:
    """Composes the headline of a page.

    Parameters
    ----------
    case : Case
        Whose life course; ages need its birth.
    page : Page
        Which facts.
    words : Words
        The language.
    """

    case: Case
    page: Page
    words: Words

    def options(self, seen: Sequence[Seen]) -> list[str]:
        """Headlines, best first: two sentences, then one; the last always says something."""
        facts = self._facts()
        told = [
            Phrase(salience(s), _topic(s), tell(s, self.words))
            for s in seen
            if s.certain and _tells(s) and self.page.low < (s.start + s.end) / 2 <= self.page.high
        ]
        ranked = sorted(facts + told, key=lambda phrase: -phrase.weight)
        topics: dict[str, str] = {}
        for phrase in ranked:
            topics.setdefault(phrase.topic, clean(phrase.text))
        texts = list(dict.fromkeys(topics.values()))
        pairs = [f"{texts[0]}; {other}" for other in texts[1:4]]
        return [_upper(text) for text in [*pairs, *texts[:3], self._least()]]

    def _least(self) -> str:
        names = {fact.agency for fact in self.page.facts if fact.agency and fact.sector != "home"}
        if len(names) == 1:
            return self.words.say("head_agency", {"agency": next(iter(names))})
        if names:
            return self.words.say("head_agencies", {"count": len(names)})
        return self.words.count("count_events", len(self.page.facts))

    def _own(self, *kinds: str) -> list[Fact]:
        return [fact for fact in self.page.facts if fact.kind in kinds and fact.about == "youth"]

    def _facts(self) -> list[Phrase]:
        return [
            *self._diagnosis(),
            *self._initiative(),
            *self._refusals(),
            *self._school(),
            *self._steps(),
        ]

    def _when(self, fact: Fact) -> str:
        if self.case.birth is None:
            low = date.fromordinal(fact.first).year
            return self.words.say("in_year", {"year": low}) if fact.last - fact.first <= _LONG else ""
        return self.words.age_span((fact.first, fact.last), self.case.birth)

    def _diagnosis(self) -> list[Phrase]:
        found = self._own("diagnosis")
        if not found or not self._when(found[0]):
            return []
        second = found[0]
        alone = Phrase(
            62.0, "diagnosis", self.words.say("head_diagnosis_only", {"first": self._when(second)})
        )
        signs = [fact for fact in self._own(*_FIRST_SIGNS) if fact.last < second.first]
        if not signs or second.first - signs[0].last < _LONG or not self._when(signs[0]):
            return [alone]
        text = self.words.say("head_diagnosis", {"first": self._when(signs[0]), "second": self._when(second)})
        return [Phrase(92.0, "diagnosis", text)]

    def _initiative(self) -> list[Phrase]:
        started = [f for f in self._own("coordination") if f.initiative in {"parents", "youth"}]
        names = {fact.agency for fact in self.page.facts if fact.agency and fact.sector != "home"}
        if not started or len(names) < 2:  # noqa: PLR2004 - working together takes two
            return []
        who = self.words.label("initiatives", started[0].initiative)
        key = "head_initiative_youth" if started[0].initiative == "youth" else "head_initiative"
        return [Phrase(87.0, "initiative", self.words.say(key, {"count": len(names), "who": who}))]

    def _refusals(self) -> list[Phrase]:
        found: list[Phrase] = []
        for fact in self._own("refusal"):
            reason = self.words.label("reasons", fact.reason) if fact.reason else ""
            values = {"agency": fact.agency, "reason": reason}
            if fact.reason == "too_young":
                found.append(
                    Phrase(79.0, f"too_young {fact.agency}", self.words.say("head_too_young", values))
                )
            elif reason:
                found.append(Phrase(74.0, f"refused {fact.agency}", self.words.say("head_refused", values)))
            else:
                found.append(
                    Phrase(60.0, f"refused {fact.agency}", self.words.say("head_refused_plain", values))
                )
        return sorted(found, key=lambda phrase: -phrase.weight)[:2]

    def _school(self) -> list[Phrase]:
        out = self._own("dropout")
        found: list[Phrase] = []
        if len(out) > 1:
            found.append(Phrase(76.0, "dropout", self.words.say("head_dropouts", {"count": len(out)})))
        elif out:
            found.append(Phrase(73.0, "dropout", self.words.say("head_dropout", {"agency": out[0].agency})))
        schools = {fact.agency for fact in self._own("school", "school_start")}
        if len(schools) > 2:  # noqa: PLR2004 - two are a change of school like everyone's
            found.append(Phrase(58.0, "schools", self.words.say("head_schools", {"count": len(schools)})))
        done = self._own("qualification")
        if done:
            found.append(
                Phrase(72.0, "qualified", self.words.say("head_qualified", {"agency": done[0].agency}))
            )
        return found

    def _steps(self) -> list[Phrase]:
        reached = [fact for fact in self._own("care", "care_end") if fact.reason == "goal_reached"]
        started = self._own("care", "care_start")
        found: list[Phrase] = []
        if reached:
            found.append(Phrase(64.0, "goal", self.words.say("head_goal", {"agency": reached[0].agency})))
        if started:
            found.append(Phrase(40.0, "start", self.words.say("head_start", {"agency": started[0].agency})))
        return found


def _topic(seen: Seen) -> str:
    """Two findings on one topic would say the same thing twice."""
    if seen.detector in {"Gap", "OutOfView"}:
        return "no_care"
    if seen.outcome == "no_qualification":
        return "dropout"
    return f"{seen.outcome} {seen.agency}"


def _tells(seen: Seen) -> bool:
    """A length that may be nothing makes no headline."""
    return seen.detector in _NO_LENGTH or seen.days[0] > 0


def _turn_word(turn: Turn, words: Words) -> str:
    if turn.word in {"secondary", "vocational", "primary", "out_of_home"}:
        return words.say(turn.word)
    return clean(turn.agency)


def period(page: Page, words: Words) -> str:
    """The years of a page, or its months or days."""
    first = date.fromordinal(page.start)
    last = date.fromordinal(page.end) - timedelta(days=1)
    if words.years or (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        if first.year == last.year:
            return words.say("period_one", {"start": first.year})
        return words.say("period", {"start": first.year, "end": last.year})
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        low, high = f"{words.month(first)} {first.year}", f"{words.month(last)} {last.year}"
        return words.say("period_one" if low == high else "period_months", {"start": low, "end": high})
    low, high = words.when(page.start, page.start), words.when(page.end - 1, page.end - 1)
    return words.say("period_months", {"start": low, "end": high})


def from_to(page: Page, words: Words) -> str:
    """The period of a page with the milestones at its ends."""
    first = _turn_word(page.opens, words) if page.opens is not None else ""
    last = _turn_word(page.closes, words) if page.closes is not None else ""
    if not first and page.part <= 1 and page.facts and page.facts[0].kind == "birth":
        first = words.say("birth")
    values = {"period": period(page, words), "first": first, "last": last}
    if first and last:
        return words.say("period_from_to", values)
    if first or last:
        return words.say("period_from" if first else "period_to", values)
    return values["period"]


def page_agencies(page: Page) -> int:
    """How many agencies met the youth on a page; home is none."""
    return len({fact.agency for fact in page.facts if fact.agency and fact.sector != "home"})


def subtitle(
    case: Case, page: Page, words: Words, number: tuple[int, int], said: Sequence[str]
) -> list[list[str]]:
    """Subtitles in parts, fullest first: period, age, counts, page n of m, and what had to be left small."""
    last = max((fact.last for fact in page.facts), default=page.end - 1)
    low = min((fact.first for fact in page.facts), default=page.start)
    agencies = page_agencies(page)
    ages = words.ages(max(low, page.start), min(last, page.end - 1), case)
    counts = [words.count("count_events", len(page.facts))]
    if agencies:
        counts.append(words.count("count_agencies", agencies))
    sheets = [words.say("page_of", {"page": number[0], "pages": number[1]})] if number[1] > 1 else []
    full, plain = from_to(page, words), period(page, words)
    rest = [*sheets, *said]
    return [
        [full, ages, *counts, *rest],
        [plain, ages, *counts, *rest],
        [plain, ages, counts[0], *rest],
        [plain, *rest],
    ]
