"""What to talk about: each finding as a sentence and an open question, under the aspects of the inspectorates."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from levensloop.cohort import Timeline
from levensloop.errors import expect
from levensloop.figures.case import Case, Seen
from levensloop.figures.findingwords import tell
from levensloop.figures.reading import read_case
from levensloop.figures.words import Words
from levensloop.findings import Findings
from levensloop.measures.aspects import known
from levensloop.text import catalogue, day, say


@dataclass(frozen=True, slots=True)
class Topic:
    """One finding to talk about.

    Parameters
    ----------
    aspect : str
        One of the eight aspects, or ``other``.
    finding : int
        Its row among the findings of the youth.
    sentence : str
        What the data say, with the days.
    question : str
        What only people can tell.
    evidence : tuple of str
        Ids of events.
    """

    aspect: str
    finding: int
    sentence: str
    question: str
    evidence: tuple[str, ...]


def discussion(findings: Findings, timeline: Timeline, *, lang: str = "nl") -> tuple[Topic, ...]:
    """The findings of a youth as topics, in the order of the aspects and then of time.

    Parameters
    ----------
    findings : Findings
        Those of a whole cohort will do.
    timeline : Timeline
    lang : {"nl", "en"}

    Returns
    -------
    tuple of Topic

    Examples
    --------
    >>> import levensloop as ll
    >>> cohort = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    >>> topic, = discussion(ll.detect(cohort, ll.Gap()), cohort["a"], lang="en")
    >>> topic.aspect, topic.question
    ('continuity', 'Who knew in this time how things were, and what would have been needed?')
    """
    expect(findings, Findings, "discussion")
    expect(timeline, Timeline, "discussion")
    catalogue(lang)
    own = findings.of(timeline.id)
    rows = own.to_arrow().select(["detector", "outcome", "evidence"]).to_pylist()
    topics = [
        Topic(
            aspect_of(row["detector"], row["outcome"]),
            place,
            sentence,
            question(row["detector"], row["outcome"], lang),
            tuple(row["evidence"] or ()),
        )
        for place, (row, sentence) in enumerate(zip(rows, spoken(timeline, own, lang), strict=True))
    ]
    order = [*known(), "other"]
    return tuple(sorted(topics, key=lambda topic: (order.index(topic.aspect), topic.finding)))


def spoken(timeline: Timeline, findings: Findings, lang: str) -> list[str]:
    r"""Each finding of a youth as a sentence with its days, row by row: what the data say, and no more.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        The youth's own.
    lang : {"nl", "en"}

    Returns
    -------
    list of str

    Examples
    --------
    >>> import levensloop as ll
    >>> cohort = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    >>> spoken(cohort["a"], ll.detect(cohort, ll.Gap()), "en")
    ['From 1 May 2005 to 31 December 2005 the data hold no care for A.']
    """
    case = read_case(timeline, findings, mask=True)
    seen = sorted(case.seen, key=lambda one: one.order)
    told = (_spoken(one, seen, case, lang) for one in seen)
    return [f"{text[:1].upper()}{text[1:]}." for text in told]


def _spoken(seen: Seen, every: Sequence[Seen], case: Case, lang: str) -> str:
    say_it = _sentences()[lang]
    ends = [date.fromordinal(when) for when in (seen.start, seen.end - 1)]
    first, last = (str(when.year) if case.years else day(when, lang) for when in ends)
    span = say_it["span"].format(first=first, last=last)
    doubt = "" if seen.certain else "_possible"
    own = say_it.get(f"{seen.detector}{doubt}")
    if own is None:
        words = Words(lang, case.years)
        text = tell(seen, words, named=True)
        if seen.ongoing:  # the sentence around it says so, with the day
            text = re.sub(rf"[:,] {re.escape(words.say('days_open'))}", "", text)
        sure = "spell" if _exact(seen) else "within"
        kind = "day" if first == last else sure if seen.certain else "between"
        form = ("ongoing" if _exact(seen) else "ongoing_possible") if seen.ongoing else kind
        return say_it[form].format(span=span, first=first, last=last, text=text)
    sector = Words(lang).label("sectors", seen.sector) if seen.sector else ""
    inside = say_it["in_sector"].format(sector=sector) if sector else ""
    return own.format(span=span, youth=case.initial, in_sector=inside) + _clause(seen, every, say_it)


def _exact(seen: Seen) -> bool:
    """Whether its days are those of the finding, and not the widest that it can have."""
    return seen.certain and seen.days[0] >= seen.end - seen.start


def _clause(seen: Seen, every: Sequence[Seen], say_it: Mapping[str, str]) -> str:
    """What else the data say of a time without care: who was waited for, or that the goal was reached."""
    if seen.outcome != "waiting":
        return say_it.get(seen.outcome, "")
    waits = [
        one
        for one in every
        if one.detector == "Waiting" and one.agency and one.start < seen.end and seen.start < one.end
    ]
    sure = [one for one in waits if _exact(one)]
    agencies = ", ".join(dict.fromkeys(one.agency for one in sure or waits))
    return say_it["waiting" if sure else "waiting_possible"].format(agencies=agencies) if agencies else ""


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("levensloop") / "data" / "sentences.toml").read_text("utf-8"))


def sentences(timeline: Timeline, findings: Findings, lang: str) -> list[str]:
    """Each finding of a youth in plain words, row by row."""
    case = read_case(timeline, findings, mask=True)
    words = Words(lang, case.years)
    seen = sorted(case.seen, key=lambda one: one.order)
    return [text[:1].upper() + text[1:] for text in (tell(one, words, named=True) for one in seen)]


def aspect_of(detector: str, outcome: str) -> str:
    """The first aspect to which a finding speaks, or ``other``.

    Examples
    --------
    >>> aspect_of("Handover", "lost"), aspect_of("MyDetector", "found")
    ('continuity', 'other')
    """
    for name, aspect in known().items():
        for told, outcomes in (*aspect.concerns, *aspect.well):
            if told == detector and (not outcomes or outcome in outcomes):
                return name
    return "other"


def question(detector: str, outcome: str, lang: str) -> str:
    """The open question that a finding asks."""
    return questions()[lang].get(detector, {}).get(outcome) or say("case.question", lang)


@cache
def questions() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The questions by language, detector and outcome, from ``data/discussion.toml``."""
    return tomllib.loads((files("levensloop") / "data" / "discussion.toml").read_text("utf-8"))
