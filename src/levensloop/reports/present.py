"""A folder of cases with an index, to take to a session."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from levensloop.cohort import Cohort
from levensloop.errors import UserError, expect, path_given
from levensloop.figures.letters import legal
from levensloop.findings import Findings
from levensloop.reports.case import Case, case
from levensloop.reports.chronology import save_chronology
from levensloop.reports.comparing import check_version
from levensloop.reports.levels import Disclosure, footnote, initial
from levensloop.reports.notes import Notes
from levensloop.reports.replies import reply_sheets
from levensloop.text import say

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE: Final = (
    "body{font:18px/1.6 'Noto Sans','DejaVu Sans',sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;"
    "color:#16191d;background:#fff}a{color:#0b57d0}"
)


def present(  # noqa: PLR0913 - all but four by name
    cohort: Cohort,
    findings: Findings,
    youths: Sequence[str],
    folder: str | Path,
    *,
    lang: str = "nl",
    papers: Sequence[str] = (),
    notes: Notes | None = None,
    level: Disclosure | str = "room",
    before: tuple[Cohort, Findings, Notes] | None = None,
) -> list[Path]:
    """Write the cases of some youths, and a page that leads to them.

    Parameters
    ----------
    cohort : Cohort
    findings : Findings
    youths : sequence of str
        Their ids, in the order of the index.
    folder : path
        Files in it are numbered, so that no name tells who it is about.
    lang : str
        ``nl`` or ``en``.
    papers : sequence of str
        Endings to write besides ``.html``: ``.pdf`` (A4), ``-a3.pdf``, ``.pptx``, ``.xlsx``; ``-chronology.xlsx``,
        ``-chronology.docx`` or ``-chronology.csv`` (`save_chronology`); ``-replies`` (a folder of `reply_sheets`).
    notes : Notes, optional
        What people say of the one youth who is presented, and what was learned.
    level : {"room", "training", "publication"} or Disclosure
        What may be seen; every page says so.
    before : tuple of Cohort, Findings and Notes, optional
        The delivery before: what changed since is told of each youth who was in it under the same id.

    Returns
    -------
    list of Path
        The index first.

    Raises
    ------
    UserError
        If a youth is not in the cohort, told by the place in the list and not by key; if the folder holds cases that
        would stay beside these; if there are notes and several youths.
    """
    given = level if isinstance(level, Disclosure) else Disclosure(level)
    _check_given(cohort, youths, before)
    youths = list(dict.fromkeys(youths))
    unknown = [str(at) for at, youth in enumerate(youths, 1) if youth not in cohort]
    if unknown or not youths:
        raise UserError(
            f"no such youth: number {', '.join(unknown)} of the list"
            if unknown
            else "name the youths to present"
        )
    if notes is not None and len(youths) > 1:
        raise UserError("notes are about one case. Hint: present that youth alone.")
    target = path_given(folder, "present")
    digits = len(str(len(youths)))
    own = {
        f"case-{at:0{digits}}{ending}" for at in range(1, len(youths) + 1) for ending in (".html", *papers)
    }
    if others := sum(path.name not in own for path in target.glob("case-*")):
        raise UserError(f"the folder holds {others} other files of cases. Hint: name an empty folder.")
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    html = ET.Element("html", lang=lang)
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    ET.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    ET.SubElement(head, "title").text = say("present.title", lang)
    ET.SubElement(head, "style").text = _STYLE
    main = ET.SubElement(ET.SubElement(html, "body"), "main")
    ET.SubElement(main, "h1").text = say("present.title", lang)
    cases = ET.SubElement(main, "ol")
    for at, youth in enumerate(youths, 1):
        earlier = (before[0][youth], *before[1:]) if before is not None and youth in before[0] else None
        made = case(cohort[youth], findings, notes, level=given, lang=lang, before=earlier)
        name = f"case-{at:0{digits}}"
        for ending in (".html", *papers):
            written += _saved(made, target / f"{name}{ending}")
        item = ET.SubElement(cases, "li")
        ET.SubElement(item, "a", href=f"{name}.html").text = legal(
            say("case.title", lang, {"youth": initial(made.timeline)})
        )
        counts = {"events": len(made.timeline.events), "findings": len(made.seen)}
        ET.SubElement(item, "p").text = say("present.counts", lang, counts)
    for key in (footnote(given.shown), f"level.{given.shown}"):
        ET.SubElement(main, "p").text = say(key, lang)
    index = target / "index.html"
    index.write_text(
        "<!DOCTYPE html>\n" + ET.tostring(html, encoding="unicode", method="html") + "\n", encoding="utf-8"
    )
    return [index, *written]


def _check_given(cohort: object, youths: object, before: object) -> None:
    """Stop where something else is given than a cohort, a list of ids, and a version before."""
    if not isinstance(cohort, Mapping):  # a dataset on disk will do
        expect(cohort, Cohort, "present")
    if isinstance(youths, str) or not isinstance(youths, Iterable):
        raise UserError("present takes a list of ids. Hint: present(cohort, findings, [youth], folder).")
    if before is not None:
        check_version(before)


def _saved(made: Case, path: Path) -> list[Path]:
    """Write one paper of a case; the youth is an initial in it."""
    if "-chronology." in path.name:
        youth = initial(made.timeline)
        return [save_chronology(made.timeline, made.seen, path, lang=made.lang, youth=youth)]
    if path.name.endswith("-replies"):
        return reply_sheets(made.timeline, made.seen, lang=made.lang).save(path)
    return [made.save(path, sheet="a3" if path.name.endswith("-a3.pdf") else "a4")]
