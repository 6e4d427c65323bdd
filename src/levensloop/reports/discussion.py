"""What to talk about: each finding as a sentence and an open question, under the aspects of the inspectorates."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from levensloop.cohort import Timeline
from levensloop.figures.findingwords import tell
from levensloop.figures.reading import read_case
from levensloop.figures.words import Words
from levensloop.findings import Findings
from levensloop.measures.aspects import known
from levensloop.text import say


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
        What the data say.
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
        for place, (row, sentence) in enumerate(zip(rows, sentences(timeline, own, lang), strict=True))
    ]
    order = [*known(), "other"]
    return tuple(sorted(topics, key=lambda topic: (order.index(topic.aspect), topic.finding)))


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
