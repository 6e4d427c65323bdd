"""The case of one youth, to project and on paper: figures, findings and chronology, in layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop import figures
from levensloop.cohort import Timeline
from levensloop.errors import UserError, path_given
from levensloop.findings import Findings
from levensloop.reports.book import book
from levensloop.reports.comparing import Version, check_version, compare, compared_rows
from levensloop.reports.disclosure import disclose
from levensloop.reports.discussion import discussion
from levensloop.reports.disputes import with_disputes
from levensloop.reports.keys import finding_keys
from levensloop.reports.learning import learning_rows
from levensloop.reports.levels import Disclosure, initial, level_told, years_only
from levensloop.reports.marking import remarks
from levensloop.reports.notes import Notes
from levensloop.reports.paper import save_paper
from levensloop.reports.presenter import presenter
from levensloop.reports.reading_notes import read_notes
from levensloop.reports.slides import save_slides
from levensloop.reports.steps import Layers
from levensloop.reports.tables import (
    Rows,
    dates,
    fact_name,
    fact_rows,
    finding_name,
    finding_rows,
    note_rows,
    span,
    told,
    topic_rows,
)
from levensloop.reports.voices import voice_rows
from levensloop.text import LANGUAGES, say

_ENDINGS: Final = (".html", ".pdf", ".pptx", ".xlsx")
_NO_NOTES: Final = Notes()


@dataclass(frozen=True, slots=True)
class Case:
    """The case of one youth, ready to be saved.

    Parameters
    ----------
    timeline : Timeline
        As it may be seen (`disclose`).
    seen : Findings
        The youth's own, as they may be seen, the certain ones first.
    lang : str
        In which it opens; the page can be turned to the other language.
    notes : Notes
        What people say of it, a layer of its own, and what was learned before.
    before : tuple, optional
        An earlier version of the case, with which it is compared.
    """

    timeline: Timeline
    seen: Findings
    lang: str
    notes: Notes = _NO_NOTES
    before: Version | None = None

    @property
    def findings(self) -> Rows:
        """What was found, the first row with headings."""
        return self.tables(self.lang)["findings"]

    @property
    def chronology(self) -> Rows:
        """The facts in order of time, the first row with headings."""
        return self.tables(self.lang)["chronology"]

    @property
    def pages(self) -> "tuple[figures.LifeCourse, ...]":
        """The life course, a page a period."""
        return tuple(figures.life_course(self.timeline, self.seen, lang=self.lang, remarks=self.remarks))

    @property
    def remarks(self) -> "tuple[figures.Remark, ...]":
        """The notes as the figure draws them."""
        return remarks(self.notes, self.timeline, self.seen)

    @property
    def level(self) -> str:
        """What may be seen of it, in a sentence that stands on every page."""
        return level_told(self.timeline.shown, self.lang)

    def tables(self, lang: str) -> dict[str, Rows]:
        """The layers as tables: `findings`, `voices`, `discussion`, `notes`, `learning` and `chronology`.

        Where there is an earlier version, `compared` stands before the chronology.

        Parameters
        ----------
        lang : {"nl", "en"}

        Returns
        -------
        dict of tuple of tuple of str
            The first row of each with headings.
        """
        facts, found = (table.to_arrow().to_pylist() for table in (self.timeline.events, self.seen))
        keys, years = finding_keys(self.seen), years_only(self.timeline)
        called = {
            row["event"]: f"{row['agency']}: {fact_name(row, lang)}, {dates(row, lang, years=years)}"
            for row in facts
        }
        called |= {
            key: f"{finding_name(row, lang)}, {span(row['start'], row['end'], lang, years=years)}"
            for key, row in zip(keys, found, strict=True)
        }
        return {
            "findings": finding_rows(found, keys, self.notes, lang, years=years),
            "voices": voice_rows(self.timeline, self.seen, lang),
            "discussion": topic_rows(discussion(self.seen, self.timeline, lang=lang), lang),
            "notes": note_rows(self.notes, called, lang, years=years),
            "learning": learning_rows(self.notes.learning, lang),
            **self._compared(lang),
            "chronology": with_disputes(fact_rows(facts, self.notes, lang, years=years), self.timeline, lang),
        }

    def _compared(self, lang: str) -> dict[str, Rows]:
        if self.before is None:
            return {}
        after = (self.timeline, self.seen, self.notes)
        return {"compared": compared_rows(compare(self.before, after), self.before, after, lang)}

    def save(self, path: str | Path, *, sheet: str = "a4") -> Path:
        """Write the case as one file that needs no network.

        Parameters
        ----------
        path : path
            Ends in ``.html`` (a page to project and step through), ``.pdf`` (to print), ``.pptx`` (slides that can
            be edited) or ``.xlsx`` (tables), each with all layers. All but the first need the extra ``report``.
        sheet : {"a4", "a3"}
            On which a ``.pdf`` is printed, landscape.

        Returns
        -------
        Path

        Raises
        ------
        UserError
            For another ending.
        """
        target = path_given(path, "save")
        if target.suffix not in _ENDINGS:
            raise UserError(
                f"a case is saved as {', '.join(_ENDINGS)}, not as {target.suffix or 'a file without ending'}"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".html":
            target.write_text(self._html(), encoding="utf-8")
        elif target.suffix == ".xlsx":
            told = (
                say("case.title", self.lang, {"youth": initial(self.timeline)}),
                say("case.note", self.lang),
            )
            read = {say("reply.read", self.lang): tuple((line,) for line in told)}
            layers = {say(f"case.{name}", self.lang): rows for name, rows in self.tables(self.lang).items()}
            book(target, read | layers, level=self.level)
        elif target.suffix == ".pdf":
            save_paper(self, target, sheet)
        else:
            save_slides(self, target)
        return target

    def _html(self) -> str:
        tables = {lang: self.tables(lang) for lang in LANGUAGES}
        notes = [
            {lang: self._noted(tables[lang], at, lang) for lang in LANGUAGES} for at in range(len(self.notes))
        ]
        layers = Layers(self._told(), notes, self.remarks, self.notes.learning)
        return presenter(self.timeline, self.seen, tables, layers, self.lang)

    def _noted(self, tables: dict[str, Rows], at: int, lang: str) -> list[str]:
        """What is told at the step of a note: its number and words, and of what it speaks."""
        note = self.notes.notes[at]
        of = tables["notes"][at + 1][1]
        years = years_only(self.timeline)
        return [f"{at + 1}. {told(note, lang, years=years)}", f"{say('case.about', lang)}: {of}"]

    def _told(self) -> list[dict[str, Any]]:
        """Of each finding its sentence with its days, what was said of it, and an open question."""
        told_of: list[dict[str, Any]] = [{} for _ in range(len(self.seen))]
        keys, years = finding_keys(self.seen), years_only(self.timeline)
        certain = self.seen.to_arrow().column("certainty").to_pylist()
        for lang in LANGUAGES:
            for topic in discussion(self.seen, self.timeline, lang=lang):
                sure = certain[topic.finding] == "certain"
                told_sure = f" ({say('certainty.certain', lang)})" if sure else ""
                lines = [f"{topic.sentence}{told_sure}"]
                lines += [told(note, lang, years=years) for note in self.notes.of(keys[topic.finding])]
                told_of[topic.finding][lang] = [*lines, topic.question]
        return told_of


def case(
    timeline: Timeline,
    findings: Findings | None = None,
    notes: Notes | str | Path | Sequence[str | Path] | None = None,
    *,
    level: Disclosure | str = "room",
    lang: str = "nl",
    before: Version | None = None,
) -> Case:
    r"""The case of one youth.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings, optional
        Those of a whole cohort will do: the youth's own are taken.
    notes : Notes, path or paths, optional
        What people say of facts and findings, and what they learned; of files what `read_notes` reads in them.
    level : {"room", "training", "publication"} or Disclosure
        What may be seen; every page says so. Names are shown by ``Disclosure(names=True)`` only.
    lang : {"nl", "en"}
    before : tuple of Timeline, Findings and Notes, optional
        An earlier version of the case, of last year: the case then tells what changed. The notes may be left out.

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
    found = Findings.empty() if findings is None else findings
    said = notes if isinstance(notes, Notes) else _NO_NOTES if notes is None else read_notes(notes)
    seen = disclose(timeline, found, said, level, lang=lang)
    earlier = None if before is None else _earlier(before, level, lang)
    return Case(seen.timeline, _sure_first(seen.findings), lang, seen.notes, earlier)


def _sure_first(findings: Findings) -> Findings:
    """The certain ones, and then what is possible: a room has little time."""
    sure = pc.equal(findings.to_arrow().column("certainty").cast(pa.string()), "certain")
    table = pa.concat_tables([findings.where(sure).to_arrow(), findings.where(pc.invert(sure)).to_arrow()])
    return Findings(table, findings.assessed.to_arrow(), findings.facts)


def _earlier(before: Version, level: Disclosure | str, lang: str) -> Version:
    """The version before as it may be seen.

    Where agencies are numbered and days are moved, two versions are so each in their own way: they cannot be compared.
    """
    given = level if isinstance(level, Disclosure) else Disclosure(level)
    if given.level != "room":
        raise UserError("two versions are compared at the level room. Hint: leave the version before out.")
    check_version(before)
    timeline, findings, *notes = before
    seen = disclose(timeline, findings, notes[0] if notes else _NO_NOTES, given, lang=lang)
    return seen.timeline, seen.findings, seen.notes
