"""What went well, and what the youth and the parents say: they have their place beside every finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from levensloop.cohort import Timeline
from levensloop.findings import Findings
from levensloop.reports.discussion import sentences
from levensloop.reports.levels import years_only
from levensloop.reports.tables import Rows, dates, span
from levensloop.text import say

_GOOD: Final = "WentWell"


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing that went well, or that the youth or the parents said.

    Parameters
    ----------
    part : {"went_well", "voice"}
    when, told, certainty : str
        In words; what somebody said has no certainty of its own.
    events : tuple of str
        The facts behind it.
    """

    part: str
    when: str
    told: str
    certainty: str
    events: tuple[str, ...]


def voices(timeline: Timeline, findings: Findings, lang: str) -> tuple[Voice, ...]:
    r"""What went well and then what the youth and the parents say, each in order of time.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        The youth's own.
    lang : {"nl", "en"}

    Returns
    -------
    tuple of Voice

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch('birth 1990-01-01\nfamily voice 2005-03-02 what="I want to stay"')["a"]
    >>> [(one.part, one.when, one.told) for one in voices(youth, ll.Findings.empty(), "en")]
    [('voice', '2 March 2005', 'I want to stay')]
    """
    rows, years = findings.to_arrow().to_pylist(), years_only(timeline)
    well = [
        Voice(
            "went_well",
            span(row["start"], row["end"], lang, years=years),
            sentence,
            say(f"certainty.{row['certainty']}", lang),
            tuple(row["evidence"] or ()),
        )
        for row, sentence in zip(rows, sentences(timeline, findings, lang), strict=True)
        if row["detector"] == _GOOD
    ]
    said = [
        Voice("voice", dates(fact, lang, years=years), _words(fact, lang, masked=years), "", (fact["event"],))
        for fact in timeline.events.to_arrow().to_pylist()
        if fact["kind"] == "voice"
    ]
    return (*well, *said)


def _words(fact: Mapping[str, Any], lang: str, *, masked: bool) -> str:
    """What was said; that it was, where the words are not there or may not be seen."""
    told = " ".join(fact[name] for name in ("what", "why", "result") if fact[name])
    return told or say("level.left_out" if masked else "reply.no_words", lang)


def voice_rows(timeline: Timeline, findings: Findings, lang: str) -> Rows:
    """The same as a table; what the data do not hold is said."""
    found = voices(timeline, findings, lang)
    heads = tuple(say(f"reply.{name}", lang) for name in ("part", "when", "told", "certainty"))
    rows: list[tuple[str, ...]] = []
    for part, nothing in (("went_well", "no_good"), ("voice", "nobody")):
        name = say(f"reply.{part}", lang)
        own = [(name, one.when, one.told, one.certainty) for one in found if one.part == part]
        rows += own or [(name, "", say(f"reply.{nothing}", lang), "")]
    return (heads, *rows)
