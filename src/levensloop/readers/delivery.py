"""A delivery: which files belong to it, and by which layout each is read."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from levensloop.errors import Fault, fault
from levensloop.readers.checking import Checker, bad, closest
from levensloop.readers.layouts import DEFAULT, EventLayout, Layout, TableLayout, load

#: What `read` reads, by extension.
READABLE: Final = (
    ".csv", ".txt", ".tsv", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods",
    ".parquet", ".jsonl", ".ndjson", ".json", ".xml",
)  # fmt: skip
#: Data in forms that levensloop does not read: reported rather than passed over.
OTHER_DATA: Final = (
    ".sav", ".por", ".dta", ".sas7bdat", ".mdb", ".accdb", ".db", ".sqlite", ".zip", ".gz", ".7z",
    ".rar", ".dat", ".feather", ".arrow", ".orc", ".dbf", ".fwf", ".asc",
)  # fmt: skip
_PAPERS: Final = ("readme", "license", "licence", "copying", "leesmij", "changelog", "notice", "requirements")
_TOML: Final = "delivery.toml"
_KEYS: Final = ("name", "until", "layout", "source")
_SOURCE: Final = ("file", "layout", "agency", "sector", "window", "ages", "columns", "constants")


@dataclass(frozen=True)
class Job:
    """One file to read.

    Parameters
    ----------
    source : str
        The name of the source: the stem of the file, numbered if another has it.
    path : Path
        Where the file is.
    file : str
        Its name in faults and tables: relative to the delivery.
    table : TableLayout
        How it is laid out.
    delivery : int
        The place of its delivery among those that are read together.
    """

    source: str
    path: Path
    file: str
    table: TableLayout
    delivery: int = 0


@dataclass(frozen=True)
class Delivery:
    """Files with their layouts, the day of extraction, and what is wrong with the whole."""

    jobs: tuple[Job, ...]
    until: date | None = None
    faults: tuple[Fault, ...] = ()


class Layouts:
    """Loads each layout once, and keeps the faults of those that are used."""

    def __init__(self, folder: Path | None, given: "str | Path | None") -> None:
        self._folder, self._given = folder, given
        self._loaded: dict[tuple[str, Path | None], Layout] = {}
        self.faults: list[Fault] = []

    def get(self, named: str | None) -> Layout | None:
        """The layout that the delivery names, else the one that was given to `read`, else None."""
        told = self._given if named is None else named
        if told is None:
            return None
        folder = None if named is None else self._folder
        key = (str(told), folder)
        if key not in self._loaded:
            self._loaded[key] = load(told, folder)
            self.faults.extend(self._loaded[key].faults)
        return self._loaded[key]

    def table(self, named: str | None, file: str) -> TableLayout | None:
        """How a file is laid out; None, with a fault, if the layout has no table for it."""
        layout = self.get(named)
        if layout is None:
            return DEFAULT
        table = layout.table_for(Path(file).name)
        if table is None:
            self.faults.append(fault("unmatched_file", file))
        return table


def of_files(paths: Sequence[tuple[Path, str]], layout: "str | Path | None") -> Delivery:
    """Files that were named one by one, each with the name that tables and faults give it."""
    layouts = Layouts(None, layout)
    faults: list[Fault] = []
    jobs: list[Job] = []
    for path, file in paths:
        if not path.is_file():
            faults.append(fault("missing_file", file))
        elif (table := layouts.table(None, file)) is not None:
            jobs.append(Job(path.stem, path, file, table))
    return Delivery(tuple(jobs), None, (*layouts.faults, *faults))


def of_folder(folder: Path, layout: "str | Path | None") -> Delivery:
    """A folder, with or without a delivery.toml."""
    names = _data_files(folder)
    told, faults = _told(folder / _TOML)
    if told is None:
        return Delivery((), None, faults)
    check = Checker(_TOML)
    check.keys(told, _KEYS, "")
    layouts = Layouts(folder, layout)
    until = check.day(told.get("until"), "until")
    named = check.text(told, "layout", "")
    entries = check.entries(told, "source")
    if entries:
        jobs = _listed(folder, names, entries, check, layouts, named)
    else:
        jobs = _found(folder, names, layouts, named)
    return Delivery(tuple(jobs), until, (*check.faults, *layouts.faults, *faults))


def _told(path: Path) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    if not path.is_file():
        return {}, ()
    try:
        return tomllib.loads(path.read_text("utf-8-sig")), ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (bad(_TOML, None, f"no valid TOML: {error}", "correct the line that is named"),)


def _data_files(folder: Path) -> list[str]:
    """Names of the files that may hold data, in order; what begins with _ or . is left out."""
    found: list[str] = []
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(("_", ".", "~$")) for part in inside.parts)
        paper = path.stem.lower() in _PAPERS
        if path.is_file() and not hidden and not paper and path.suffix.lower() in READABLE + OTHER_DATA:
            found.append(inside.as_posix())
    return sorted(found)


def _found(folder: Path, names: list[str], layouts: Layouts, named: str | None) -> list[Job]:
    """Every file that can be read is a source."""
    jobs: list[Job] = []
    for name in names:
        if Path(name).suffix.lower() in OTHER_DATA:
            layouts.faults.append(_unread(name))
        elif (table := layouts.table(named, name)) is not None:
            jobs.append(Job(Path(name).stem, folder / name, name, table))
    return jobs


def _unread(name: str) -> Fault:
    message = "the file may hold data, but it is in no format that is read"
    return Fault(
        name, None, None, "unmatched_file", message, "save it as CSV, Excel, Parquet, JSON Lines or XML"
    )


def _listed(
    folder: Path,
    names: list[str],
    entries: list[dict[str, Any]],
    check: Checker,
    layouts: Layouts,
    named: str | None,
) -> list[Job]:
    """The files that delivery.toml names; other data files are reported."""
    jobs: list[Job] = []
    used: set[str] = set()
    for place, entry in enumerate(entries, 1):
        where = f"source[{place}]."
        files = _files_of(folder, names, entry, check, where)
        used.update(files)
        own = check.text(entry, "layout", where)
        change = _Change.of(entry, check, where)
        for file in files:
            table = layouts.table(named if own is None else own, file)
            if table is not None:
                jobs.append(Job(Path(file).stem, folder / file, file, change.apply(table)))
    layouts.faults.extend(
        Fault(
            name,
            None,
            None,
            "unmatched_file",
            "delivery.toml has no [[source]] for this file, so it was not read",
            "add a [[source]] for it, or take it out of the folder",
        )
        for name in names
        if name not in used
    )
    return jobs


def _files_of(folder: Path, names: list[str], entry: dict[str, Any], check: Checker, where: str) -> list[str]:
    """The files that an entry names, by name or by pattern."""
    pattern = entry.get("file")
    if not isinstance(pattern, str):
        check.add(f"{where}file", "a [[source]] needs the name of its file", "write file = '...csv'")
        return []
    if (folder / pattern).is_file():
        return [pattern]
    found = [name for name in names if TableLayout(file=pattern).matches(name)]
    if not found:
        hint = closest(pattern, names) or "check the name, or take the [[source]] out of delivery.toml"
        message = "delivery.toml names this file, but it is not there"
        check_fault = Fault(pattern, None, None, "missing_file", message, hint)
        check.note(check_fault)
    return found


@dataclass(frozen=True)
class _Change:
    """What an entry of delivery.toml says over the layout of its file."""

    columns: dict[str, str]
    constants: dict[str, str]
    window: tuple[date, date] | None
    ages: tuple[int, int] | None
    usable: bool

    @classmethod
    def of(cls, entry: dict[str, Any], check: Checker, where: str) -> "_Change":
        own = Checker(_TOML)
        own.keys(entry, _SOURCE, where)
        columns = own.targets(entry, "columns", where)
        constants = own.targets(entry, "constants", where)
        for key in ("agency", "sector"):
            if (word := own.text(entry, key, where)) is not None:
                constants[key] = word
        own.words(constants, f"{where}constants")
        for target in sorted(columns.keys() & constants.keys()):
            own.add(f"{where}{target}", "named twice, as a column and as a constant", "keep one of the two")
        window, ages = own.window(entry.get("window"), where), own.ages(entry.get("ages"), where)
        for found in own.faults:
            check.note(found)
        return cls(columns, constants, window, ages, not own.stop)

    def apply(self, table: TableLayout) -> TableLayout:
        """The layout with these changes."""
        return replace(
            table,
            events=tuple(self._event(event) for event in table.events),
            window=self.window or table.window,
            ages=self.ages or table.ages,
            usable=table.usable and self.usable,
        )

    def _event(self, event: EventLayout) -> EventLayout:
        columns = {key: name for key, name in event.columns.items() if key not in self.constants}
        constants = {key: word for key, word in event.constants.items() if key not in self.columns}
        return replace(event, columns={**columns, **self.columns}, constants={**constants, **self.constants})


def named_apart(jobs: Sequence[Job]) -> list[Job]:
    """Jobs in the order of their files; of sources with one name the later ones get a number.

    Examples
    --------
    >>> jobs = [Job("a", Path("a.xlsx"), "a.xlsx", DEFAULT), Job("a", Path("a.csv"), "a.csv", DEFAULT)]
    >>> [(job.source, job.file) for job in named_apart(jobs)]
    [('a', 'a.csv'), ('a-2', 'a.xlsx')]
    """
    taken = {job.source for job in jobs}
    seen: set[str] = set()
    result: list[Job] = []
    for job in sorted(jobs, key=lambda job: (job.source, job.file, str(job.path))):
        name, count = job.source, 1
        while name in seen or (count > 1 and name in taken):
            count += 1
            name = f"{job.source}-{count}"
        seen.add(name)
        result.append(replace(job, source=name))
    return result
