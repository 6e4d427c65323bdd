"""The steps of a page: what is told at each, and which facts it lights up."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from levensloop.cohort import Timeline
from levensloop.figures import Remark
from levensloop.figures.letters import legal, tokens
from levensloop.findings import Findings
from levensloop.reports.learning import Learning
from levensloop.reports.voices import Voice, voices
from levensloop.text import LANGUAGES, say


class Layers(NamedTuple):
    """What is told at the steps, line by line in every language, and what stands beside the facts.

    Parameters
    ----------
    findings, notes : sequence of mapping
        Of each of them what is told at its step.
    remarks : sequence of Remark
        The notes as they are drawn.
    learning : sequence of Learning
        What was learned before.
    """

    findings: Sequence[Mapping[str, Any]]
    notes: Sequence[Mapping[str, Any]]
    remarks: Sequence[Remark]
    learning: Sequence[Learning]


def steps(timeline: Timeline, findings: Findings, layers: Layers) -> dict[str, Any]:
    """What the script asks for: whose each event is, and what is told of it; the rest it reads in the tables.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("gp contact 2005")["a"]
    >>> list(steps(youth, ll.Findings.empty(), Layers((), (), (), ())))
    ['events', 'findings', 'notes', 'words', 'voices']
    """
    found = findings.to_arrow().to_pylist()
    return {
        "events": {
            tokens([row["event"]]): {"sector": row["sector"], "agency": legal(row["agency"] or "")}
            for row in timeline.events.to_arrow().to_pylist()
        },
        "findings": [
            {
                "certain": row["certainty"] == "certain",
                "events": [tokens([event]) for event in row["evidence"]],
                **one,
            }
            for row, one in zip(found, layers.findings, strict=True)
        ],
        "notes": [
            {
                "finding": remark.target if remark.about == "finding" else None,
                "events": [tokens([event]) for event in _behind(remark, found)],
                **one,
            }
            for remark, one in zip(layers.remarks, layers.notes, strict=True)
        ],
        "words": {
            lang: {
                name: say(f"case.{name}", lang, {"page": "{page}", "pages": "{pages}", "n": "{n}"})
                for name in ("overview", "page", "step", "others", "help", "learning_file", "learning_saved")
            }
            | {part: say(f"reply.{part}", lang) for part in ("went_well", "voice")}
            | {part: say(f"case.{part}", lang) for part in ("no_good", "nobody")}
            for lang in LANGUAGES
        },
        "voices": _voices(timeline, findings),
    }


def _behind(remark: Remark, findings: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """The facts behind what a note speaks of."""
    if isinstance(remark.target, int):
        return findings[remark.target]["evidence"] or ()
    return () if remark.target is None else (remark.target,)


def _voices(timeline: Timeline, findings: Findings) -> list[dict[str, Any]]:
    """What went well and what youth and parents say, to be told at the pages that show it."""
    both = {lang: voices(timeline, findings, lang) for lang in LANGUAGES}
    return [
        {
            "part": one.part,
            "events": [tokens([event]) for event in one.events],
            **{lang: _line(both[lang][at], lang) for lang in LANGUAGES},
        }
        for at, one in enumerate(both[LANGUAGES[0]])
    ]


def _line(voice: Voice, lang: str) -> str:
    """In one line; that it is possible only, its words say themselves."""
    sure = say("certainty.certain", lang)
    return f"{voice.told} \u00b7 {voice.when}{f' ({sure})' if voice.certainty == sure else ''}"
