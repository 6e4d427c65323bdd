"""The right of reply: a sheet for each agency, the youth and the parents, to answer before the session."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from levensloop.cohort import Timeline
from levensloop.findings import Findings
from levensloop.reports.book import book, comma_separated
from levensloop.reports.disclosure import disclose
from levensloop.reports.discussion import sentences
from levensloop.reports.keys import finding_keys
from levensloop.reports.levels import level_told, years_only
from levensloop.reports.tables import span, when
from levensloop.text import say

#: The columns: what is told, and what is filled in.
COLUMNS: Final = ("part", "when", "told", "certainty", "answer", "words", "role", "date", "key")
#: What one can answer.
ANSWERS: Final = ("confirm", "dispute", "explain")
_GOOD: Final = "WentWell"


@dataclass(frozen=True, slots=True)
class ReplySheet:
    """What one party is asked.

    Parameters
    ----------
    party : str
        The agency, or the youth or the parents in the language of the sheet.
    rows : tuple of tuple of str
        The first with headings.
    lang : str
    level : str
        What may be seen, in a sentence that is printed on every page.
    """

    party: str
    rows: tuple[tuple[str, ...], ...]
    lang: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class ReplySheets:
    """The sheets of a case: of every agency by name, then of the youth and of the parents.

    Parameters
    ----------
    sheets : tuple of ReplySheet
    """

    sheets: tuple[ReplySheet, ...]

    def __iter__(self) -> Iterator[ReplySheet]:
        return iter(self.sheets)

    def __len__(self) -> int:
        return len(self.sheets)

    def save(self, folder: str | Path) -> list[Path]:
        """Write each sheet as ``.xlsx``, with the answers to choose from, and as ``.csv``.

        Parameters
        ----------
        folder : path
            Made when it is not there.

        Returns
        -------
        list of Path
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        written: list[Path] = []
        for place, sheet in enumerate(self.sheets, 1):
            stem = f"{place:02}-{re.sub(r'[^a-z0-9]+', '-', sheet.party.lower()).strip('-')}".rstrip("-")
            answers = [say(f"stance.{word}", sheet.lang) for word in ANSWERS]
            written += [target / f"{stem}.xlsx", target / f"{stem}.csv"]
            book(
                written[-2],
                {say("case.findings", sheet.lang): sheet.rows},
                {say("reply.answer", sheet.lang): answers},
                level=sheet.level,
            )
            comma_separated(written[-1], sheet.rows)
        return written


def reply_sheets(
    timeline: Timeline, findings: Findings, folder: str | Path | None = None, *, lang: str = "nl"
) -> ReplySheets:
    r"""A sheet for each party with the findings that concern it, to confirm, dispute or explain.

    An agency is asked about findings that name it or that lean on what it recorded; the youth and the parents about all.
    On each sheet stand what went well, what the youth and the parents say, and room for what is missing.

    Parameters
    ----------
    timeline : Timeline
        As it may be seen: at the level ``room``, unless `disclose` said otherwise.
    findings : Findings
        Those of a whole cohort will do.
    folder : path, optional
        Where the sheets are saved; they can be saved later.
    lang : {"nl", "en"}

    Returns
    -------
    ReplySheets

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("birth 1990-01-01\nggz care 2005-01-01..2005-06-30 no_show\nschool contact 2006-01-01")
    >>> [sheet.party for sheet in reply_sheets(youth["a"], ll.detect(youth), lang="en")]
    ['ggz', 'school', 'Youth', 'Parents']
    """
    timeline, own, _ = disclose(timeline, findings, lang=lang)
    years, level = years_only(timeline), level_told(timeline.shown, lang)
    facts = timeline.events.to_arrow().to_pylist()
    found = _found(timeline, own, lang)
    agency = {fact["event"]: fact["agency"] for fact in facts}
    # What is recorded of home, the youth and the parents answer for.
    home = {fact["agency"] for fact in facts} - {fact["agency"] for fact in facts if fact["sector"] != "home"}
    concerned = [_parties(row, agency) for row in own.to_arrow().to_pylist()]
    voices = [_voice(fact, lang, years=years) for fact in facts if fact["kind"] == "voice"]
    asked = {
        party: [one for one, parties in zip(found, concerned, strict=True) if party in parties]
        for party in sorted(
            {*agency.values()}.union(*concerned) - home, key=lambda name: (name.casefold(), name)
        )
    }
    asked |= {say(f"reply.{party}", lang): found for party in ("youth", "parents")}
    sheets = (
        ReplySheet(party, _rows(party, theirs, voices, (lang, level)), lang, level)
        for party, theirs in asked.items()
    )
    made = ReplySheets(tuple(sheets))
    if folder is not None:
        made.save(folder)
    return made


def _parties(finding: Mapping[str, Any], agency: Mapping[str, str]) -> set[str]:
    """The agencies that a finding names, and those that recorded what it leans on."""
    named = {name for name in (finding["agency"], finding["to_agency"]) if name}
    return named | {agency[event] for event in finding["evidence"] or () if event in agency}


def _found(timeline: Timeline, findings: Findings, lang: str) -> list[dict[str, str]]:
    """The findings as rows of a sheet, by the names of the columns."""
    told = zip(
        findings.to_arrow().to_pylist(),
        finding_keys(findings),
        sentences(timeline, findings, lang),
        strict=True,
    )
    return [
        {
            "part": say("reply.went_well" if row["detector"] == _GOOD else "reply.finding", lang),
            "when": span(row["start"], row["end"], lang, years=years_only(timeline)),
            "told": sentence,
            "certainty": say(f"certainty.{row['certainty']}", lang),
            "key": key,
        }
        for row, key, sentence in told
    ]


def _voice(fact: dict[str, Any], lang: str, *, years: bool) -> dict[str, str]:
    days = when((fact["start_min"], fact["start_max"]), lang, years=years)
    told = " ".join(fact[name] for name in ("what", "why", "result") if fact[name])
    return {"part": say("reply.voice", lang), "when": days, "told": told, "key": fact["event"]}


def _rows(
    party: str, found: list[dict[str, str]], voices: list[dict[str, str]], said: tuple[str, str]
) -> tuple[tuple[str, ...], ...]:
    """What a party reads: what this is, what went well, what youth and parents say, the findings, and room."""
    lang, level = said
    good = say("reply.went_well", lang)
    well = [one for one in found if one["part"] == good]
    rows = [
        *(
            {"part": say("reply.read", lang), "told": text}
            for text in (say("reply.intro", lang), say("reply.alone", lang), level)
        ),
        *(well or [{"part": good, "told": say("reply.no_good", lang)}]),
        *(voices or [{"part": say("reply.voice", lang), "told": say("reply.nobody", lang)}]),
        *(one for one in found if one["part"] != good),
        {"part": say("reply.more", lang), "told": say("reply.open", lang)},
    ]
    return (
        tuple(say(f"reply.{column}", lang) for column in COLUMNS),
        *(tuple((row | {"role": party}).get(column, "") for column in COLUMNS) for row in rows),
    )
