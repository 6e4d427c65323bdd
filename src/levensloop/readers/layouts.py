"""Layouts: what a file calls its columns and codes, in TOML; loaded and checked before a row is read.

A layout that is not understood wholly is not used: a misspelt ``end`` would turn facts into others.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from levensloop.errors import Fault
from levensloop.readers.checking import Checker, bad, closest

_TEXTS: Final = ("delimiter", "encoding", "sheet", "element")
_CHOICES: Final = ("end", "empty_end")
_MAPS: Final = ("columns", "constants")
_NESTED: Final = ("codes", "aliases")
_FLAGS: Final = ("persons_only", "ignore", "retells")
_EVENT: Final = (*_MAPS, *_NESTED)
_BASE: Final = (
    *_TEXTS,
    *_CHOICES,
    *_EVENT,
    "skip_rows",
    "date_formats",
    "window",
    "ages",
    "event",
    "ordered",
)
_TOP: Final = (*_BASE, "name", "table", "retells")
_TABLE: Final = (*_BASE, *_FLAGS, "file")

Words = dict[str, dict[str, str]]
Window = tuple[date, date]


@dataclass(frozen=True)
class EventLayout:
    """How one event is made of a row."""

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    codes: Words = field(default_factory=dict[str, dict[str, str]])
    aliases: Words = field(default_factory=dict[str, dict[str, str]])


@dataclass(frozen=True)
class TableLayout:
    """How the files of one sort are laid out.

    Parameters
    ----------
    file : str
        Pattern of the names of the files.
    delimiter, encoding, sheet, element, skip_rows
        How to read the file; None is found out.
    date_formats : tuple of str
        See `dates.parse`.
    end_exclusive, unknown_end : bool
        What an end, and an empty end, means.
    events : tuple of EventLayout
        The events of a row; more than one are made where their start is filled.
    default : bool
        Whether the columns carry the default names, since no layout names others.
    persons_only, ignore : bool
        Rows that tell who a person is, or that are not used.
    ordered : bool
        Whether the rows of a person stand in the order in which they happened.
    retells : bool
        Whether the rows retell what others recorded: what they are silent about nobody looked for, so without a
        window they see their first day alone; and apostrophes go that keep cells from being run.
    window, ages : tuple, optional
        What the source sees; both days belong to the window.
    usable : bool
        False if the layout has a fault that would change what is read.
    """

    file: str = "*"
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    element: str | None = None
    skip_rows: int = 0
    date_formats: tuple[str, ...] = ()
    end_exclusive: bool = False
    unknown_end: bool = False
    events: tuple[EventLayout, ...] = (EventLayout(),)
    default: bool = False
    persons_only: bool = False
    ignore: bool = False
    ordered: bool = False
    retells: bool = False
    window: Window | None = None
    ages: tuple[int, int] | None = None
    usable: bool = True

    def matches(self, name: str) -> bool:
        """Whether a file of this name is meant, whatever its case."""
        return fnmatchcase(name.lower(), self.file.lower())


#: Of a file whose columns carry the default names.
DEFAULT: Final = TableLayout(default=True)


@dataclass(frozen=True)
class Layout:
    """A layout file: its tables, and what is wrong with it."""

    file: str
    tables: tuple[TableLayout, ...]
    faults: tuple[Fault, ...] = ()

    def table_for(self, name: str) -> TableLayout | None:
        """The first table that is meant for a file of this name."""
        return next((table for table in self.tables if table.matches(name)), None)


def packaged() -> tuple[str, ...]:
    """The names of the layouts that come with levensloop.

    Examples
    --------
    >>> "ssda903" in packaged()
    True
    """
    folder = files("levensloop") / "data" / "layouts"
    return tuple(sorted(Path(item.name).stem for item in folder.iterdir() if item.name.endswith(".toml")))


def load(layout: str | Path, folder: Path | None = None) -> Layout:
    """A layout by path (also beside the delivery) or by the name of a packaged one.

    Parameters
    ----------
    layout : str or Path
        Path or name.
    folder : Path, optional
        Where a relative path is tried first.

    Returns
    -------
    Layout
        With its faults; never an exception for what the file holds.

    Examples
    --------
    >>> load("ssda903").faults
    ()
    """
    name = Path(layout).name
    text, fault = _text(layout, folder)
    if text is None:
        return Layout(name, (TableLayout(usable=False),), (fault,) if fault else ())
    return parse(text, name)


def _text(layout: str | Path, folder: Path | None) -> tuple[str | None, Fault | None]:
    name = str(layout)
    tries = [Path(layout), Path(f"{name}.toml")]
    if folder is not None:
        tries = [folder / path for path in tries] + tries
    path = next((path for path in tries if path.is_file()), None)
    try:
        if path is not None:
            return path.read_text("utf-8-sig"), None
        if name in packaged():
            return (files("levensloop") / "data" / "layouts" / f"{name}.toml").read_text("utf-8"), None
    except (OSError, UnicodeDecodeError):
        return None, bad(
            Path(layout).name, None, "the layout cannot be read as UTF-8 text", "save it as UTF-8"
        )
    hint = closest(name, packaged()) or "the packaged layouts are: " + ", ".join(packaged())
    return None, bad(Path(layout).name, None, "there is no such layout, as a file or by name", hint)


def parse(text: str, file: str) -> Layout:
    r"""A layout from its text.

    Examples
    --------
    >>> layout = parse("[colums]\nperson = 'Nr'", "ggz.toml")
    >>> print(layout.faults[0])
    ggz.toml, column 'colums': an unknown key. Hint: did you mean 'columns'?
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Layout(
            file,
            (TableLayout(usable=False),),
            (bad(file, None, f"no valid TOML: {error}", "correct the line that is named"),),
        )
    check = Checker(file)
    check.keys(told, _TOP, "")
    base = {key: value for key, value in told.items() if key in (*_BASE, "retells")}
    entries = check.entries(told, "table")
    if not entries:
        tables = (_table(check, base, {}, "", named="table" in told),)
    else:
        tables = tuple(
            _table(check, base, entry, f"table[{place}].", named=True)
            for place, entry in enumerate(entries, 1)
        )
    if check.stop:
        tables = tuple(replace(table, usable=False) for table in tables)
    return Layout(file, tables, tuple(check.faults))


def _table(
    check: Checker, base: dict[str, Any], entry: dict[str, Any], where: str, *, named: bool
) -> TableLayout:
    if named:
        check.keys(entry, _TABLE, where)
        if not isinstance(entry.get("file"), str):
            check.add(f"{where}file", "a [[table]] needs the name or pattern of its files", "file = '...csv'")
    told = {**base, **entry}
    own = _event(check, base, EventLayout(), "")
    own = _event(check, entry, own, where) if entry else own
    pieces = [
        _event(check, piece, own, f"{where}event[{place}].", strict=True)
        for place, piece in enumerate(check.entries(told, "event"), 1)
    ]
    at = {key: where if key in entry else "" for key in _TABLE}  # a fault of the whole layout is told once
    texts = {key: check.text(told, key, at[key]) for key in _TEXTS}
    return TableLayout(
        file=str(entry.get("file", "*")),
        delimiter=check.delimiter(texts["delimiter"], at["delimiter"]),
        encoding=check.encoding(texts["encoding"], at["encoding"]),
        sheet=texts["sheet"],
        element=texts["element"],
        skip_rows=check.count(told, "skip_rows", at["skip_rows"]),
        date_formats=check.formats(told.get("date_formats", []), at["date_formats"]),
        end_exclusive=check.choice(told, "end", at["end"]) == "exclusive",
        unknown_end=check.choice(told, "empty_end", at["empty_end"]) == "unknown",
        events=tuple(pieces) or (own,),
        default=not any(event.columns for event in (own, *pieces)),
        persons_only=check.flag(told, "persons_only", where),
        ignore=check.flag(told, "ignore", where),
        ordered=check.flag(told, "ordered", at["ordered"]),
        retells=check.flag(told, "retells", at["retells"]),
        window=check.window(told.get("window"), at["window"]),
        ages=check.ages(told.get("ages"), at["ages"]),
    )


def _event(
    check: Checker, told: dict[str, Any], above: EventLayout, where: str, *, strict: bool = False
) -> EventLayout:
    """One level of columns and constants; each key replaces both the column and the constant above."""
    if strict:
        check.keys(told, _EVENT, where)
    columns, constants = (check.targets(told, key, where) for key in _MAPS)
    for target in sorted(columns.keys() & constants.keys()):
        check.add(
            f"{where}columns.{target}", "named twice, as a column and as a constant", "keep one of the two"
        )
    check.words(constants, f"{where}constants")
    codes, aliases = (check.nested(told, key, where) for key in _NESTED)
    for target, entries in codes.items():
        check.words({code: word for code, word in entries.items() if word}, f"{where}codes.{target}", target)
    return EventLayout(
        columns={**{key: name for key, name in above.columns.items() if key not in constants}, **columns},
        constants={**{key: word for key, word in above.constants.items() if key not in columns}, **constants},
        codes=_joined(above.codes, codes),
        aliases=_joined(above.aliases, aliases),
    )


def _joined(above: Words, own: Words) -> Words:
    return {key: {**above.get(key, {}), **own.get(key, {})} for key in (*above, *own)}
