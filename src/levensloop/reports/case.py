"""The case of one youth, to project and on paper: figures, findings and chronology, in layers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from levensloop import figures
from levensloop.cohort import Timeline
from levensloop.errors import UserError
from levensloop.figures.findingwords import tell
from levensloop.figures.reading import read_case
from levensloop.figures.words import Words
from levensloop.findings import Findings
from levensloop.glossaries import Glossary
from levensloop.masking import role_of
from levensloop.reports.book import book
from levensloop.reports.presenter import presenter
from levensloop.schema import vocabulary
from levensloop.text import LANGUAGES, day, days, named, say

#: People are shown as their roles; nobody is known by name.
_NAMES: Final = Glossary({})
_ENDINGS: Final = (".html", ".pdf", ".pptx", ".xlsx")


@dataclass(frozen=True, slots=True)
class Case:
    """The case of one youth, ready to be saved.

    Parameters
    ----------
    timeline : Timeline
    seen : Findings
        The youth's own.
    lang : str
        In which it opens; the page can be turned to the other language.
    """

    timeline: Timeline
    seen: Findings
    lang: str

    @property
    def findings(self) -> tuple[tuple[str, ...], ...]:
        """What was found, the first row with headings."""
        return _findings(self.seen.to_arrow().to_pylist(), self.lang)

    @property
    def chronology(self) -> tuple[tuple[str, ...], ...]:
        """The facts in order of time, the first row with headings."""
        return _chronology(self.timeline.events.to_arrow().to_pylist(), self.lang)

    @property
    def pages(self) -> "tuple[figures.LifeCourse, ...]":
        """The life course, a page a period."""
        return tuple(figures.life_course(self.timeline, self.seen, lang=self.lang))

    def save(self, path: str | Path) -> Path:
        """Write the case as one file that needs no network.

        Parameters
        ----------
        path : path
            Ends in ``.html`` (a page to project and step through, with all layers), ``.pdf`` or ``.pptx`` (the
            pages of the life course), or ``.xlsx`` (findings and chronology). The last two need the extra
            ``report``.

        Returns
        -------
        Path

        Raises
        ------
        UserError
            For another ending.
        """
        target = Path(path)
        if target.suffix not in _ENDINGS:
            raise UserError(
                f"a case is saved as {', '.join(_ENDINGS)}, not as {target.suffix or 'a file without ending'}"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".html":
            target.write_text(self._html(), encoding="utf-8")
        elif target.suffix == ".xlsx":
            book(
                target,
                {
                    say("case.findings", self.lang): self.findings,
                    say("case.chronology", self.lang): self.chronology,
                },
            )
        else:
            figures.save(self.pages, target)
        return target

    def _html(self) -> str:
        events, found = (table.to_arrow().to_pylist() for table in (self.timeline.events, self.seen))
        tables = {
            "findings": {lang: _findings(found, lang) for lang in LANGUAGES},
            "chronology": {lang: _chronology(events, lang) for lang in LANGUAGES},
        }
        return presenter(self.timeline, self.seen, tables, self._told(tables["findings"]), self.lang)

    def _told(self, tables: Mapping[str, Sequence[Sequence[str]]]) -> list[dict[str, Any]]:
        """Each finding as a sentence, and its days."""
        seen = sorted(read_case(self.timeline, self.seen, mask=True).seen, key=lambda one: one.order)
        sentences = {lang: [tell(one, Words(lang), named=True) for one in seen] for lang in LANGUAGES}
        return [
            {lang: _upper(sentences[lang][at]) for lang in LANGUAGES}
            | {"when": {lang: tables[lang][at + 1][0] for lang in LANGUAGES}}
            for at in range(len(seen))
        ]


def case(timeline: Timeline, findings: Findings | None = None, *, lang: str = "nl") -> Case:
    r"""The case of one youth.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings, optional
        Those of a whole cohort will do: the youth's own are taken.
    lang : {"nl", "en"}

    Returns
    -------
    Case

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("birth 1990-01-01\nggz care 2005-01-01..2005-06-30 goal_reached")
    >>> ll.reports.case(youth["a"], ll.detect(youth), lang="en").chronology[1][0]
    '1 January 2005 to 30 June 2005'
    """
    return Case(timeline, Findings.empty() if findings is None else findings.of(timeline.id), lang)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _findings(rows: Sequence[dict[str, Any]], lang: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_finding_rows(rows, lang))


def _finding_rows(rows: Sequence[dict[str, Any]], lang: str) -> Iterable[tuple[str, ...]]:
    yield tuple(
        say(f"case.{key}", lang) for key in ("when", "finding", "certainty", "agency", "length", "rule")
    )
    for row in rows:
        name = f"{named('detector', row['detector'], lang)}: {named('outcome', row['outcome'], lang)}"
        agencies = " → ".join(part for part in (row["agency"], row["to_agency"]) if part)
        yield (
            _span(row["start"], row["end"], lang),
            name,
            say(f"certainty.{row['certainty']}", lang),
            agencies,
            days(row["days_min"], row["days_max"], lang),
            row["rule"] or "",
        )


def _chronology(rows: Sequence[dict[str, Any]], lang: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_fact_rows(rows, lang))


def _fact_rows(rows: Sequence[dict[str, Any]], lang: str) -> Iterable[tuple[str, ...]]:
    keys = ("when", "agency", "kind", "what", "why", "by_whom", "result", "initiative", "sources")
    yield tuple(say(f"case.{key}", lang) for key in keys)
    kinds, initiatives = vocabulary()["kinds"], vocabulary()["initiatives"]
    for row in rows:
        yield (
            _dates(row, lang),
            row["agency"],
            kinds[row["kind"]][lang],
            *(row[key] or "" for key in ("what", "why")),
            role_of(row["by_whom"], _NAMES, lang) if row["by_whom"] else "",
            row["result"] or "",
            initiatives[row["initiative"]][lang] if row["initiative"] else "",
            ", ".join(row["sources"]),
        )


def _dates(row: dict[str, Any], lang: str) -> str:
    start = day((row["start_min"], row["start_max"]), lang)
    if row["end_max"] is None:
        return start
    last = [_before(row[name]) for name in ("end_min", "end_max")]
    if [row["start_min"], row["start_max"]] == last:
        return start
    return say("case.span", lang, {"first": start, "last": day((last[0], last[1]), lang)})


def _span(start: date, end: date, lang: str) -> str:
    last = _before(end)
    if start >= last:
        return day(start, lang)
    return say("case.span", lang, {"first": day(start, lang), "last": day(last, lang)})


def _before(when: date) -> date:
    return when - timedelta(days=1)
