"""The chronology in the form that reviews use: a row a fact, with room for what a reviewer says of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from levensloop.cohort import Timeline
from levensloop.edtf_text import EPOCH, PRECISIONS, read_edtf
from levensloop.errors import UserError, path_given
from levensloop.events import Events
from levensloop.findings import Findings
from levensloop.readers import read
from levensloop.reports.book import book, comma_separated
from levensloop.reports.disclosure import disclose
from levensloop.reports.document import Form, save_document
from levensloop.reports.keys import finding_keys
from levensloop.reports.leaves import foot
from levensloop.reports.levels import level_told, years_only
from levensloop.reports.tables import finding_name, span
from levensloop.schema import vocabulary
from levensloop.text import named, say

#: The columns in their order: what is read, what is filled in, and what a row needs to come back as a fact.
COLUMNS: Final = (
    "start", "end", "agency", "kind", "source", "what", "why", "by_whom", "result", "action", "initiative",
    "disputed", "finding", "comment", "stance", "author", "date", "status", "person", "sector", "about",
    "to_agency", "care_type", "problem", "capacity", "reason", "shared_with", "care_id", "event",
    "level",
)  # fmt: skip
#: Columns with a closed list of words, shown by their labels.
_LISTS: Final = {
    "kind": "kinds",
    "initiative": "initiatives",
    "sector": "sectors",
    "about": "abouts",
    "capacity": "capacities",
    "reason": "reasons",
}
_PLAIN: Final = ("agency", "what", "why", "result", "to_agency", "care_type", "problem", "care_id", "event")
#: The stances among which a reviewer chooses beside a comment.
STANCES: Final = ("comment", "dispute", "explain", "confirm", "dismiss")
_DAY: Final = timedelta(days=1)


def heading(column: str) -> str:
    """The heading of a column: in both languages, so that one layout reads every chronology back.

    Examples
    --------
    >>> heading("agency")
    'instelling / agency'
    """
    return " / ".join(say(f"chronology.{column}", lang) for lang in ("nl", "en"))


def edtf(first: date, last: date, precision: str = PRECISIONS[-1]) -> str:
    """What is known of a day as EDTF; ``?`` says that it is about then.

    Parameters
    ----------
    first, last : date
        The earliest and the latest day that it can be; both count.
    precision : str
        How the source put it: a word of `dates.PRECISIONS`. No coarser form is taken.

    Returns
    -------
    str
        Read again it has the same bounds.

    Examples
    --------
    >>> edtf(date(2005, 3, 1), date(2005, 3, 31)), edtf(date(2004, 1, 1), date(2006, 12, 31))
    ('2005-03', '2005?')
    >>> edtf(date(2005, 3, 3), date(2005, 4, 9))
    '2005-03-03/2005-04-09'
    """
    year, middle = first.year, first + (last - first) // 2
    forms = (
        first.isoformat(), f"{first:%Y-%m}", *(f"{year}-{season}" for season in range(21, 25)), f"{year}",
        f"{year // 10}X", f"{year // 100}XX", f"{middle.isoformat()}?", f"{middle:%Y-%m}?", f"{middle.year}?",
        f"{middle.year // 10}X?",
    )  # fmt: skip
    bounds = first.toordinal() - EPOCH, last.toordinal() - EPOCH
    for form in forms:
        days = read_edtf(form)
        if not isinstance(days, int) and days[:2] == bounds and days[2] <= PRECISIONS.index(precision):
            return form
    return f"{first.isoformat()}/{last.isoformat()}"


def chronology_rows(
    timeline: Timeline, findings: Findings, *, lang: str = "nl", youth: str | None = None
) -> list[tuple[str, ...]]:
    r"""The chronology as a table of texts, the first row with headings.

    Parameters
    ----------
    timeline : Timeline
        As it may be seen: at the level ``room``, unless `disclose` said otherwise.
    findings : Findings
        Those of a whole cohort will do.
    lang : {"nl", "en"}
        Of the cells; headings are in both.
    youth : str, optional
        What stands in the column of the youth, so that it comes back as that of the youth; an initial if nothing
        is given.

    Returns
    -------
    list of tuple of str

    Examples
    --------
    >>> import levensloop as ll
    >>> one = ll.testing.sketch("birth 1990-01-01\nggz care 2005-03..2005-06-30 goal_reached")["a"]
    >>> rows = chronology_rows(one, ll.Findings.empty(), lang="en")
    >>> rows[1][:4]
    ('2005-03', '2005-06-30', 'ggz', 'care')
    """
    timeline, findings, _ = disclose(timeline, findings, lang=lang)
    seen, years = _seen(findings, lang), years_only(timeline)
    person = timeline.id if youth is None else youth
    level = level_told(timeline.shown, lang)
    rows = [tuple(map(heading, COLUMNS))]
    for fact in timeline.events.to_arrow().to_pylist():
        cells = _cells(fact, lang) | {"person": person, "finding": "; ".join(seen.get(fact["event"], ()))}
        cells["level"] = level
        if years:
            cells |= {name: _years(cells[name]) for name in ("start", "end")}
        rows.append(tuple(cells.get(column, "") for column in COLUMNS))
    return rows


def save_chronology(
    timeline: Timeline,
    findings: Findings,
    path: str | Path,
    *,
    lang: str = "nl",
    youth: str | None = None,
) -> Path:
    """Write `chronology_rows` as a file.

    Parameters
    ----------
    timeline, findings, lang, youth
        See `chronology_rows`.
    path : path
        Ends in ``.xlsx`` (with choices in the cells), ``.docx`` (landscape, to print and to fill in) or ``.csv``. The
        first two need the extra ``report``. For another ending a `UserError` is raised.

    Returns
    -------
    Path
    """
    target = path_given(path, "save_chronology")
    if target.suffix not in (".xlsx", ".docx", ".csv"):
        raise UserError(
            "a chronology is saved as .xlsx, .docx or .csv. Hint: give the path one of these endings."
        )
    timeline, findings, _ = disclose(timeline, findings, lang=lang)
    rows = chronology_rows(timeline, findings, lang=lang, youth=youth)
    target.parent.mkdir(parents=True, exist_ok=True)
    stances = [say(f"stance.{word}", lang) for word in STANCES]
    statuses = [vocabulary()["statuses"][word][lang] for word in ("changed", "withdrawn")]
    if target.suffix == ".csv":
        comma_separated(target, rows)
    elif target.suffix == ".docx":
        values = {"stances": ", ".join(stances), "statuses": ", ".join(statuses)}
        intro = say("chronology.fill_in", lang, values)
        told, columns = _explained(timeline, findings, rows, lang)
        form = Form(columns, told, say("case.chronology", lang), intro, " ".join(foot(timeline, lang)))
        save_document(form, target, lang)
    else:
        choices = {heading("stance"): stances, heading("status"): statuses}
        level = level_told(timeline.shown, lang)
        book(target, {say("case.chronology", lang): rows}, choices, level=level)
    return target


def read_chronology(path: str | Path) -> Events:
    """Read a chronology back as a source of its own, with what a review corrected in it.

    It is ``ll.read(path, layout="chronology")``: a chronology retells, so its window is its first day alone; that
    it is silent about an agency does not say that anyone looked there. `read` knows a chronology by its headings too.

    Parameters
    ----------
    path : path

    Returns
    -------
    Events
    """
    return read(path, layout="chronology")


def _seen(findings: Findings, lang: str) -> dict[str, list[str]]:
    """Of each event the findings that lean on it, in words and with their keys."""
    seen: dict[str, list[str]] = {}
    for key, row in zip(finding_keys(findings), findings.to_arrow().to_pylist(), strict=True):
        name = f"{named('detector', row['detector'], lang)}: {named('outcome', row['outcome'], lang)} [{key}]"
        for event in row["evidence"] or ():
            seen.setdefault(event, []).append(name)
    return seen


def _explained(
    timeline: Timeline, findings: Findings, rows: Sequence[Sequence[str]], lang: str
) -> tuple[list[tuple[str, ...]], dict[str, list[str]]]:
    """The findings by key, and the columns with nothing but the keys of findings: for a narrow sheet."""
    years = years_only(timeline)
    told = [(heading("finding"), say("case.finding", lang), say("case.when", lang))]
    for key, row in zip(finding_keys(findings), findings.to_arrow().to_pylist(), strict=True):
        told.append((f"[{key}]", finding_name(row, lang), span(row["start"], row["end"], lang, years=years)))
    columns = {name: list(cells) for name, *cells in zip(COLUMNS, *rows, strict=True)}
    head, *cells = columns["finding"]
    columns["finding"] = [head, *("\n".join(re.findall(r"\[[\w-]+\]", cell)) for cell in cells)]
    return told, columns


def _cells(fact: Mapping[str, Any], lang: str) -> dict[str, str]:
    cells = {column: fact[column] or "" for column in _PLAIN}
    for column, words in _LISTS.items():
        cells[column] = vocabulary()[words][fact[column]][lang] if fact[column] else ""
    return cells | {
        "start": edtf(fact["start_min"], fact["start_max"], fact["precision"]),
        "end": _end(fact),
        "source": "; ".join(fact["sources"]),
        "by_whom": fact["by_whom"] or "",
        "shared_with": "; ".join(fact["shared_with"] or ()),
        "disputed": ", ".join(dict.fromkeys(_label(column, lang) for column in fact["disputed"] or ())),
    }


def _years(days: str) -> str:
    """Of a time in EDTF the years.

    Examples
    --------
    >>> _years("2005-03-03/2006-04-09"), _years("2005-03?"), _years("..")
    ('2005/2006', '2005', '..')
    """
    return "/".join(dict.fromkeys(re.findall(r"(?<![0-9-])\d\d[0-9X]{2}", days))) or days


def _label(column: str, lang: str) -> str:
    return named("chronology", column.removesuffix("_min").removesuffix("_max"), lang)


def _end(fact: Mapping[str, Any]) -> str:
    """The last day; ``..`` for what goes on, and nothing where it ended and nobody wrote when."""
    if fact["end_max"] is not None:
        return edtf(fact["end_min"] - _DAY, fact["end_max"] - _DAY, fact["precision"])
    entry = vocabulary()["kinds"][fact["kind"]]
    lasting = entry.get("role", "wait") != "wait" and "edge" not in entry
    return ".." if lasting and fact["end_min"] is None else ""
