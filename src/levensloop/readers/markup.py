"""XML: every element of one name is a row, and what the elements around it say stands in each of their rows.

A column is named by the way to its value: ``Episode/Placement/Type`` is ``Placement.Type`` of the row Episode, and what its
Child says is ``Child.Birth``. Attributes are values as elements are. An element around rows that holds none is a row of its
own, so that nobody is lost who has, say, no episode.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol
from xml.parsers import expat

import pyarrow as pa

from levensloop.errors import Fault
from levensloop.readers.raw import (
    Raw,
    UnreadableError,
    empty,
    kind_of_bytes,
    misnamed,
    no_rows,
    numbered,
    unique_names,
    whole,
)

_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema-instance"
_BOOK: Final = "urn:schemas-microsoft-com:office:spreadsheet"
#: Between values of one name in one row.
_BETWEEN: Final = ";"
#: How text of two bytes a letter may begin.
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\0<")
#: What expat says of an encoding that it does not know, and of a wrong one.
_ENCODINGS: Final = (18, 19)


def read(path: Path, *, element: str | None = None, encoding: str | None = None) -> Raw:
    """Read the elements of one name.

    Parameters
    ----------
    path : Path
        The file.
    element : str, optional
        The name of the elements that are rows. If none is given: those of which there are most, among those that stand
        beside each other and hold others or have several attributes.
    encoding : str, optional
        As the layout names it; else as the file does.

    Returns
    -------
    Raw

    Raises
    ------
    UnreadableError
        If nothing of the file can be read; it holds the faults.
    """
    _expect_markup(path)
    outline = _Outline(path.name)
    broken = _walk(path, outline, encoding)
    if broken and not outline.holding:
        raise UnreadableError(broken)
    way, others = outline.chosen(element)
    rows = _Rows(way)
    _walk(path, rows, encoding)
    cut = rows.cut_off()
    faults = () if broken is None else (replace(broken, row=max(len(rows.done), 1), code="bad_xml"),)
    table = rows.table()
    return Raw(
        table,
        numbered(table),
        rejects=dict.fromkeys(cut, "bad_xml"),
        faults=faults if table.num_rows else (*faults, no_rows(path.name)),
        notes=tuple(_notes(way[-1], others, rows.joined)),
        found={"element": way[-1]},
    )


def _expect_markup(path: Path) -> None:
    kind = kind_of_bytes(path)
    if kind == "":
        raise UnreadableError(empty(path.name))
    with path.open("rb") as stream:
        head = stream.read(64)
    tagged = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or head.startswith(_WIDE)
    if not tagged:
        raise UnreadableError(misnamed(path.name, "XML", kind))


def _notes(name: str, others: list[str], joined: set[str]) -> Iterator[str]:
    yield f"each {name} is a row" + (
        f"; other elements that hold values: {', '.join(others)}" if others else ""
    )
    if joined:
        yield f"several values in one row, with {_BETWEEN!r} between them: {', '.join(sorted(joined))}"


class _Heard(Protocol):
    """What is told of elements as they begin and end."""

    def start(self, name: str, told: dict[str, str]) -> None: ...

    @property
    def text(self) -> Callable[[str], None] | None: ...

    def end(self, name: str, /) -> None: ...


def _walk(path: Path, heard: _Heard, encoding: str | None) -> Fault | None:
    """Tell of every element; the fault where the file breaks off."""
    parser = expat.ParserCreate(encoding, " ")
    parser.buffer_text = True

    def declared(*_: object) -> None:
        message = "the file declares entities, which can stand for anything"
        raise UnreadableError(whole(path.name, "not_what_it_says", message, "save it without a DTD"))

    parser.StartElementHandler, parser.EndElementHandler = heard.start, heard.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = heard.text, declared
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except (LookupError, ValueError):  # of an encoding that the file names
        return _undecoded(path)
    except expat.ExpatError as error:
        if error.code in _ENCODINGS:
            return _undecoded(path)
        message = f"the XML is damaged at line {error.lineno:,}: what stands behind it was not read"
        return whole(path.name, "not_what_it_says", message, "ask for the file again, or mend that line")
    return None


def _undecoded(path: Path) -> Fault:
    hint = "name the encoding in the layout, such as encoding = 'cp1252'"
    return whole(path.name, "encoding", "the text cannot be decoded", hint)


@lru_cache(maxsize=1000)
def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


def _attributes(told: dict[str, str]) -> dict[str, str]:
    return (
        {_local(name): value for name, value in told.items() if not name.startswith(_SCHEMA)} if told else {}
    )


class _Outline:
    """A first look: how many elements there are on each way that hold others or have several attributes."""

    text = None

    def __init__(self, file: str) -> None:
        self.file = file
        self.holding: dict[tuple[str, ...], int] = {}
        self.ways: dict[tuple[str, ...], None] = {}
        #: Those of which two stand beside each other somewhere.
        self.several: set[tuple[str, ...]] = set()
        self.way: tuple[str, ...] = ()
        #: Of each open element whether it has several attributes, and the names of those that it holds.
        self.open: list[tuple[bool, set[str]]] = []

    def start(self, name: str, told: dict[str, str]) -> None:
        if not self.way and name.startswith(_BOOK):
            message = "the file is a workbook that was saved as XML"
            raise UnreadableError(
                whole(self.file, "not_what_it_says", message, "save it as a workbook (.xlsx)")
            )
        local = _local(name)
        self.way = (*self.way, local)
        self.ways[self.way] = None
        if self.open:
            beside = self.open[-1][1]
            if local in beside:
                self.several.add(self.way)
            beside.add(local)
        self.open.append((len(_attributes(told)) > 1, set()))

    def end(self, _name: str) -> None:
        if any(self.open.pop()):
            self.holding[self.way] = self.holding.get(self.way, 0) + 1
        self.way = self.way[:-1]

    def chosen(self, element: str | None) -> tuple[tuple[str, ...], list[str]]:
        """The way to the elements that are rows, and the names of others that hold values."""
        inner = [way for way in self.holding if len(way) > 1] or [*self.ways]
        names = sorted({way[-1] for way in inner})
        likely = [way for way in inner if way in self.several] or inner
        asked = likely if element is None else [way for way in self.ways if way[-1] == element]
        if not asked:
            hint = f"elements that hold others: {', '.join(names)}"
            raise UnreadableError(
                whole(self.file, "missing_element", f"the file has no element {element!r}", hint)
            )
        deep = (
            1 if likely is inner else -1
        )  # of elements within each other the inner ones, if there are several in any
        way = min(asked, key=lambda way: (-self.holding.get(way, 0), deep * len(way)))
        return way, [name for name in names if name != way[-1]]


@dataclass(eq=False, slots=True)
class _Open:
    """An element that has not ended: its values by name, its text, and how many rows it holds."""

    name: str
    leads: bool
    values: dict[str, str]
    text: str = ""
    rows: int = 0


class _Rows:
    """A second look: the rows, each with the elements around it."""

    def __init__(self, way: tuple[str, ...]) -> None:
        self.way = way
        self.open: list[_Open] = []
        self.done: list[tuple[_Open, ...]] = []
        self.joined: set[str] = set()

    def start(self, name: str, told: dict[str, str]) -> None:
        local, depth = _local(name), len(self.open)
        leads = depth < len(self.way) and local == self.way[depth] and (not depth or self.open[-1].leads)
        self.open.append(_Open(local, leads, _attributes(told)))

    def text(self, text: str) -> None:
        self.open[-1].text += text

    def end(self, _name: str) -> None:
        own = self.open.pop()
        text = own.text.strip()
        if own.leads:
            self._led(own, text)
            return
        above = self.open[-1]
        for name, value in own.values.items():
            self._add(above, f"{own.name}.{name}", value)
        if text or not own.values:
            self._add(above, own.name, text)

    def _led(self, own: _Open, text: str) -> None:
        """The end of a row, or of an element around rows."""
        if text:
            self._add(own, "text", text)
        depth = len(self.open)
        if depth + 1 == len(self.way) or (depth and own.values and not own.rows):
            self.done.append((*self.open, own))
            own.rows = 1
        if depth:
            self.open[-1].rows += own.rows

    def _add(self, to: _Open, name: str, value: str) -> None:
        if name in to.values:
            self.joined.add(name)
            value = f"{to.values[name]}{_BETWEEN}{value}"
        to.values[name] = value

    def cut_off(self) -> list[int]:
        """The places of rows that had not ended when the file broke off: they are kept, with what was read of them."""
        before = len(self.done)
        while self.open:
            self.end("")
        return [*range(before, len(self.done))]

    def table(self) -> pa.Table:
        """What each row says, and what the elements around it say."""
        rows = [
            {
                name
                if element is around[-1] and len(around) == len(self.way)
                else f"{element.name}.{name}": value
                for element in around
                for name, value in element.values.items()
            }
            for around in self.done
        ]
        names = list(dict.fromkeys(name for row in rows for name in row))
        columns = [pa.array([row.get(name) or None for row in rows], pa.string()) for name in names]
        return pa.table(columns, names=unique_names(names))
