"""The case of one youth on paper: figures, findings and chronology, in three layers."""

import base64
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from levensloop import figures
from levensloop.cohort import Timeline
from levensloop.errors import UserError
from levensloop.findings import Findings
from levensloop.schema import vocabulary
from levensloop.text import day, days, named, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Case:
    """The case of one youth, ready to be saved.

    Parameters
    ----------
    pages : tuple of Figure
        The life course, a page a period.
    findings, chronology : tuple of tuples of str
        Tables, the first row of each with headings.
    title, note : str
        Above the pages, and below.
    lang : str
    """

    pages: "tuple[Figure, ...]"
    findings: tuple[tuple[str, ...], ...]
    chronology: tuple[tuple[str, ...], ...]
    title: str
    note: str
    lang: str

    def save(self, path: str | Path) -> Path:
        """Write the case as one file that needs no network.

        Parameters
        ----------
        path : path
            Ends in ``.html`` (all layers) or ``.pdf`` (the pages of the life course).

        Returns
        -------
        Path

        Raises
        ------
        UserError
            For another ending.
        """
        target = Path(path)
        if target.suffix not in {".html", ".pdf"}:
            raise UserError(
                f"a case is saved as .html or .pdf, not as {target.suffix or 'a file without ending'}"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".html":
            target.write_text(self._html(), encoding="utf-8")
        else:
            self._pdf(target)
        return target

    def _pdf(self, target: Path) -> None:
        from matplotlib.backends.backend_pdf import PdfPages

        # Nothing that tells who made it, or when.
        with PdfPages(target, metadata={"Creator": None, "Producer": None, "CreationDate": None}) as pdf:
            for page in self.pages:
                pdf.savefig(page)

    def _html(self) -> str:
        html = ET.Element("html", lang=self.lang)
        head = ET.SubElement(html, "head")
        ET.SubElement(head, "meta", charset="utf-8")
        ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
        ET.SubElement(head, "title").text = self.title
        ET.SubElement(head, "style").text = (files("levensloop") / "data" / "case.css").read_text("utf-8")
        body = ET.SubElement(ET.SubElement(html, "body"), "main")
        ET.SubElement(body, "h1").text = self.title
        for page in self.pages:
            ET.SubElement(body, "img", src=_inline(page), alt=str(page.get_label()))
        for key, rows in (("findings", self.findings), ("chronology", self.chronology)):
            ET.SubElement(body, "h2").text = say(f"case.{key}", self.lang)
            ET.SubElement(body, "p").text = say(f"case.{key}_layer", self.lang)
            _table(body, rows)
        ET.SubElement(body, "footer").text = self.note
        return "<!DOCTYPE html>\n" + ET.tostring(html, encoding="unicode", method="html") + "\n"


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
    own = Findings.empty() if findings is None else findings.of(timeline.id)
    initial = timeline.id[:1].upper()
    return Case(
        pages=tuple(figures.life_course(timeline, own, lang=lang)),
        findings=tuple(_findings(own.to_arrow().to_pylist(), lang)),
        chronology=tuple(_chronology(timeline.events.to_arrow().to_pylist(), lang)),
        title=say("case.title", lang, {"youth": initial}),
        note=say("case.note", lang),
        lang=lang,
    )


def _findings(rows: Sequence[dict[str, Any]], lang: str) -> Iterable[tuple[str, ...]]:
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


def _chronology(rows: Sequence[dict[str, Any]], lang: str) -> Iterable[tuple[str, ...]]:
    keys = ("when", "agency", "kind", "what", "why", "by_whom", "result", "initiative", "sources")
    yield tuple(say(f"case.{key}", lang) for key in keys)
    kinds, initiatives = vocabulary()["kinds"], vocabulary()["initiatives"]
    for row in rows:
        yield (
            _dates(row, lang),
            row["agency"],
            kinds[row["kind"]][lang],
            *(row[key] or "" for key in ("what", "why", "by_whom", "result")),
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


def _inline(page: "Figure") -> str:
    picture = io.BytesIO()
    page.savefig(picture, format="png", metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode("ascii")


def _table(body: ET.Element, rows: Sequence[Sequence[str]]) -> None:
    table = ET.SubElement(body, "table")
    head = ET.SubElement(ET.SubElement(table, "thead"), "tr")
    for cell in rows[0]:
        ET.SubElement(head, "th", scope="col").text = cell
    inside = ET.SubElement(table, "tbody")
    for row in rows[1:]:
        line = ET.SubElement(inside, "tr")
        for cell in row:
            # Control characters have no place in a page; everything else stays text.
            ET.SubElement(line, "td").text = "".join(c for c in cell if c.isprintable() or c in "\n\t")
