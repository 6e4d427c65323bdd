"""Read notes back: from TOML, from a chronology with comments, from reply sheets; all faults at once."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from levensloop.dates import parse
from levensloop.errors import Fault, UserError, fault, fold, path_given
from levensloop.figures.letters import legal
from levensloop.readers.formats import read_raw
from levensloop.readers.layouts import DEFAULT
from levensloop.readers.raw import UnreadableError, text_table
from levensloop.reports.book import unquoted
from levensloop.reports.chronology import heading
from levensloop.reports.learning import FILLED, Learning, aspect_named
from levensloop.reports.learning import problems as learning_problems
from levensloop.reports.notes import WORDS, Note, Notes, problems
from levensloop.text import LANGUAGES, say

_FORMATS: Final = ("%d-%m-%Y", "%d %B %Y")
_KEYS: Final = re.compile(r"\[([\w-]+)\]")
_FIELDS: Final = tuple(field.name for field in fields(Note))
_IF_ABSENT: Final = {"text": "", "target": None, "stance": "comment", "origin": "review"}
#: What a file of notes holds: the keys of each sort of entry, and what they are where they are not given.
_ENTRIES: Final[dict[str, tuple[tuple[str, ...], dict[str, Any]]]] = {
    "note": (_FIELDS, _IF_ABSENT),
    "learning": (("aspect", *FILLED), {"learned": "", "who": "", "when": ""}),
}
_LEARNING: Final = {"aspect": "aspect", "learned": "learned", "who": "who_does", "when": "by_when"}
_BOOKS: Final = (".xlsx", ".xlsm", ".ods")
#: Of each field the column that holds it, in a chronology and in a reply sheet.
_CHRONOLOGY: Final = {
    "author": "author", "date": "date", "text": "comment", "stance": "stance", "target": "event", "about": "event",
}  # fmt: skip
_REPLY: Final = {
    "author": "role", "date": "date", "text": "words", "stance": "answer", "target": "key", "about": "key",
}  # fmt: skip


def read_notes(paths: str | Path | Iterable[str | Path]) -> Notes:
    """Read what people say of a case, and what they learned.

    Parameters
    ----------
    paths : path, or iterable of these
        ``.toml`` as `Notes.save` and the page of a case write it; a chronology with comments, a reply sheet, or
        the learning points of a case (of its workbook that sheet is read), as ``.xlsx`` or ``.csv``. In either language.

    Returns
    -------
    notes : Notes
        In the order of the files and of their rows.

    Raises
    ------
    UserError
        With every fault of every file: file, row, column and a hint, and nothing of what people wrote.

    Examples
    --------
    >>> import datetime, tempfile
    >>> note = Note("school", datetime.date(2026, 3, 2), "We did call.", "fact", "school:7", "dispute")
    >>> path = Notes((note,)).save(Path(tempfile.mkdtemp()) / "notes.toml")
    >>> read_notes(path) == Notes((note,))
    True
    """
    faults: list[Fault] = []
    notes: list[Note] = []
    points: list[Learning] = []
    several = paths if isinstance(paths, Iterable) and not isinstance(paths, str) else [paths]
    for path in [path_given(one, "read_notes") for one in several]:
        for said in _of_toml(path, faults) if path.suffix.lower() == ".toml" else _of_sheet(path, faults):
            wrong = (learning_problems if said.learning else problems)(said.given)
            kind = "learning" if said.learning else "note"
            faults.extend(
                Fault(path.name, said.row, said.columns.get(name, name), f"{kind}_{name}", what, hint)
                for name, what, hint in wrong
            )
            if not wrong and said.learning:
                points.append(Learning(**said.given))
            elif not wrong:
                notes.append(Note(**said.given))
    if faults:
        raise UserError(fold(faults))
    return Notes(tuple(notes), tuple(points))


@dataclass(frozen=True, slots=True)
class _Said:
    """The fields of a note or of a learning point as they were read, where, and what the file calls them."""

    row: int
    given: dict[str, Any]
    columns: Mapping[str, str]
    learning: bool = False


def _of_toml(path: Path, faults: list[Fault]) -> Iterator[_Said]:
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError:
        faults.append(fault("missing_file", path.name))
        return
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        hint = "write it as Notes.save does, in UTF-8"
        faults.append(Fault(path.name, None, None, "bad_notes", "the file is no valid TOML", hint))
        return
    every: dict[str, Any] = {name: told.get(name, []) for name in _ENTRIES}
    sound = all(
        isinstance(one, list) and all(isinstance(entry, dict) for entry in one) for one in every.values()
    )
    if set(told) - set(_ENTRIES) or not sound:
        hint = "write each note under [[note]], what was learned under [[learning]], and nothing else"
        faults.append(Fault(path.name, None, None, "bad_notes", "it holds more than notes", hint))
        return
    for kind, (names, absent) in _ENTRIES.items():
        for row, entry in enumerate(every[kind], 1):
            if set(entry) - set(names):
                hint = "the keys are " + ", ".join(names)
                what = f"a {kind} has a key that is not known"
                faults.append(Fault(path.name, row, None, "unknown_key", what, hint))
            given = {name: entry.get(name, absent.get(name)) for name in names}
            yield _Said(row, given, {}, learning=kind == "learning")


def _of_sheet(path: Path, faults: list[Fault]) -> Iterator[_Said]:
    """The notes in a sheet, by what its headings say that it is; of a whole case what was learned."""
    sheet = _learning_sheet(path)
    try:
        raw = read_raw(path, path.name, DEFAULT if sheet is None else replace(DEFAULT, sheet=sheet))
    except UnreadableError as unread:
        faults.extend(unread.faults)
        return
    faults.extend(raw.faults)
    table = text_table(raw.rows)
    clean = unquoted if path.suffix.lower() == ".csv" else str
    columns = {
        name.casefold(): [clean(legal(cell or "")).strip() for cell in table.column(name).to_pylist()]
        for name in table.column_names
    }
    rows = [int(number) for number in raw.record]
    names = {field: heading(column) for field, column in _CHRONOLOGY.items()}
    others = {"action": heading("action"), "finding": heading("finding")}
    if all(name in columns for name in (*names.values(), *others.values())):
        days = _days(raw.rows, columns, names["date"])
        cells = {field: columns[name] for field, name in (names | others).items()}
        yield from _commented(rows, cells | {"date": days}, names | {"action": others["action"]})
        return
    for lang in LANGUAGES:
        names = {field: say(f"reply.{column}", lang) for field, column in _REPLY.items()}
        if all(name in columns for name in names.values()):
            days = _days(raw.rows, columns, names["date"])
            cells = {field: columns[name] for field, name in names.items()}
            yield from _replied(rows, cells | {"date": days}, names)
            return
        names = {field: say(f"case.{column}", lang).casefold() for field, column in _LEARNING.items()}
        if all(name in columns for name in names.values()):
            yield from _learned(rows, {field: columns[name] for field, name in names.items()}, names)
            return
    hint = "leave the headings of the sheet as they were made"
    message = "the headings are not those of a chronology, of a reply sheet or of learning points"
    faults.append(Fault(path.name, None, None, "missing_column", message, hint))


def _days(rows: pa.Table, columns: Mapping[str, list[str]], name: str) -> list[Any]:
    """The days of a column; None where a cell holds no one day."""
    real = next(one for one in rows.column_names if one.casefold() == name)
    column = rows.column(real)
    if not pa.types.is_date(column.type):
        column = pa.chunked_array([pa.array(columns[name], pa.string())])
    bounds = parse(column, _FORMATS)
    known = bounds.valid & (bounds.min == bounds.max)
    return pa.array(bounds.min, mask=~known).cast(pa.date32()).to_pylist()


def _commented(rows: list[int], cells: Mapping[str, list[Any]], names: Mapping[str, str]) -> Iterator[_Said]:
    """The comment of a row of the chronology, and what it says of the action that was taken."""
    for at, row in enumerate(rows):
        base = {name: cells[name][at] for name in ("author", "date")} | {"origin": "chronology"}
        event = cells["target"][at] or None
        fact = {"about": "fact" if event else "case", "target": event}
        stance = _word(cells["stance"][at])
        if cells["text"][at] or cells["stance"][at]:
            speaks = fact
            if stance == "dismiss":
                speaks = {"about": "finding", "target": _meant(cells["finding"][at], cells["text"][at])}
            yield _Said(row, {**base, **speaks, "text": cells["text"][at], "stance": stance}, names)
        if cells["action"][at]:
            labels = {**names, "text": names["action"]}
            yield _Said(row, {**base, **fact, "text": cells["action"][at], "stance": "explain"}, labels)


def _meant(finding: str, text: str) -> str | None:
    """The finding that is dismissed: the only one of the row, or the only one that the comment names."""
    keys = _KEYS.findall(finding)
    meant = [key for key in keys if key in text] or keys
    return meant[0] if len(meant) == 1 else None


def _replied(rows: list[int], cells: Mapping[str, list[Any]], names: Mapping[str, str]) -> Iterator[_Said]:
    for at, row in enumerate(rows):
        if not (cells["text"][at] or cells["stance"][at]):
            continue
        target = cells["target"][at] or None
        about = "case" if target is None else "fact" if ":" in target else "finding"
        given = {name: cells[name][at] for name in ("author", "date", "text")}
        stance = _word(cells["stance"][at])
        yield _Said(
            row, {**given, "about": about, "target": target, "stance": stance, "origin": "reply"}, names
        )


def _learning_sheet(path: Path) -> str | None:
    """The name of the sheet with what was learned, in the workbook of a case."""
    if path.suffix.lower() not in _BOOKS:
        return None
    from python_calamine import CalamineError, CalamineWorkbook

    known = {"learning", *(say("case.learning", lang).casefold() for lang in LANGUAGES)}
    try:
        with CalamineWorkbook.from_path(path) as book:
            return next((name for name in book.sheet_names if name.casefold() in known), None)
    except (CalamineError, OSError):
        return None  # the reader tells what is wrong with the file


def _learned(rows: list[int], cells: Mapping[str, list[str]], names: Mapping[str, str]) -> Iterator[_Said]:
    """The rows of the form that are filled in; one cell is enough."""
    for at, row in enumerate(rows):
        if any(cells[name][at] for name in FILLED):
            given = {name: cells[name][at] for name in FILLED}
            yield _Said(row, {"aspect": aspect_named(cells["aspect"][at]), **given}, names, learning=True)


def _word(label: str) -> str:
    """The stance that a label names in either language; a comment where none is chosen."""
    labels = {say(f"stance.{word}", lang).casefold(): word for word in WORDS["stance"] for lang in LANGUAGES}
    return labels.get(label.casefold(), "") if label else "comment"
