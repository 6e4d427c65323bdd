"""What a file says, piece by piece with its place: pages, slides, cells, what is packed, and what is told about the file.

Nothing is judged here; `exposure` does.
"""

import base64
import csv
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from levensloop.errors import UserError

#: Attributes that are shown, read aloud or followed; those that begin with `data-` hold texts and references too.
_SAID: Final = ("title", "alt", "aria-label", "content", "value", "href")
_VOID: Final = frozenset({"meta", "br", "img", "input", "link", "hr", "path", "rect", "line", "circle"})
#: Who made a file, as formats call it.
_AUTHORS: Final = frozenset({"creator", "lastmodifiedby", "author", "company", "manager", "/author"})
#: Of an office file: which part is of what kind of place.
_PARTS: Final = (
    (re.compile(r"ppt/slides/slide(\d+)\.xml"), "slide"),
    (re.compile(r"ppt/notesSlides/notesSlide(\d+)\.xml"), "notes"),
    (re.compile(r"xl/worksheets/sheet(\d+)\.xml"), "sheet"),
    (re.compile(r"(?:word|xl|ppt)/(?:comments|header|footer|footnotes|endnotes|threadedComments/).*\.xml"), "rest"),
    (re.compile(r"word/document\.xml"), "document"),
    (re.compile(r"xl/workbook\.xml"), "rest"),
)  # fmt: skip


class Place(NamedTuple):
    """Where something stands: a word of the catalogue (``check.at_...``) and its numbers."""

    word: str
    values: Mapping[str, Any] = MappingProxyType({})


class Piece(NamedTuple):
    """Something that a file says; `beside` is what stands next to it, `author` whether it tells who made the file."""

    place: Place
    text: str
    beside: str = ""
    author: bool = False


def pieces(path: Path) -> Iterator[Piece]:
    """What a file says, in order.

    Parameters
    ----------
    path : Path
        Ends in one of `ENDINGS`.

    Raises
    ------
    UserError
        If the file is not what its ending says; without the extra ``report`` for a PDF.
    """
    try:
        yield from _READERS[path.suffix.lower()](path)
    except UserError:
        raise
    except (OSError, ValueError, KeyError, csv.Error, BadZipFile, ET.ParseError, zlib.error) as error:
        raise UserError(
            f"{path.suffix} file cannot be looked into: it is not what its ending says"
        ) from error


class _Page(HTMLParser):
    """Texts of HTML and SVG: rows of tables by cell, everything else as one text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.loose: list[str] = []
        self.rows: list[list[str]] = []
        self.data: list[str] = []
        self.authors: list[str] = []
        self._in: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name", "").lower() in _AUTHORS:
            self.authors.append(given.get("content", ""))
        elif tag != "meta" or "http-equiv" not in given:
            self.loose += [given[name] for name in given if name in _SAID or name.startswith("data-")]
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1:] = [[*(self.rows[-1] if self.rows else []), ""]]
        if tag == "script" and given.get("type") != "application/json":
            tag = "code"
        if tag not in _VOID:
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        at = {"script": ("script", "code")}.get(tag, (tag,))
        if set(at) & set(self._in):
            while self._in.pop() not in at:
                pass

    def handle_data(self, data: str) -> None:
        inside = self._in[-1] if self._in else ""
        if inside in {"code", "style"} or not data.strip():
            return
        if inside == "script":
            self.data.append(data)
        elif inside.rpartition(":")[2] == "creator":
            self.authors.append(data)
        elif {"td", "th"} & set(self._in) and self.rows and self.rows[-1]:
            self.rows[-1][-1] += f" {data}"
        else:
            self.loose.append(data)


def _html(path: Path) -> Iterator[Piece]:
    yield from _marked(path.read_text("utf-8"), Place("text"))


def _marked(text: str, place: Place) -> Iterator[Piece]:
    """The pieces of a text with tags, with the pages that are packed in it."""
    page = _Page()
    page.feed(text)
    page.close()
    yield Piece(place, " ".join(page.loose))
    yield from (Piece(Place("metadata"), name, author=True) for name in page.authors)
    yield from _table(page.rows, lambda row, _at: Place("row", {"row": row}))
    for data in page.data:
        yield from _held(json.loads(data))


def _held(data: Any) -> Iterator[Piece]:  # noqa: ANN401 - whatever a page holds as data
    """What the script of a case reads: texts, and pages of other languages and views."""
    packed = data.pop("packed", None) if isinstance(data, dict) else None
    yield Piece(Place("data"), " ".join(_strings(data)))
    if packed:
        for key, page in json.loads(zlib.decompress(base64.b64decode(packed))).items():
            language, view, number = key.split("/")
            table = language == "table"  # table/layer/language: the same words in the other language
            told = (number, view, 1) if table else (language, view, int(number) + 1)
            place = Place("packed", dict(zip(("lang", "view", "page"), told, strict=True)))
            yield from _marked(page, place)


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield str(name)
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)


def _table(rows: Iterable[Iterable[str]], place: Callable[[int, int], Place]) -> Iterator[Piece]:
    """The cells of a table, each beside its heading and the rest of its row."""
    heads: list[str] = []
    for number, cells in enumerate(rows, 1):
        row = list(cells)
        heads = row if number == 1 else heads
        whole = " ".join(row)
        for at, text in enumerate(row):
            if text.strip():
                head = heads[at] if at < len(heads) else ""
                yield Piece(place(number, at), text, f"{head} {whole}")


def _csv(path: Path) -> Iterator[Piece]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    first = text.partition("\n")[0]
    delimiter = max(";,\t|", key=first.count)
    yield from _table(csv.reader(io.StringIO(text), delimiter=delimiter), _cell)


def _cell(row: int, at: int, sheet: int = 1) -> Place:
    """A cell as spreadsheets name it: A1, AB12."""
    letters, rest = "", at + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return Place("cell", {"sheet": sheet, "cell": f"{letters}{row}"})


def _xlsx(path: Path) -> Iterator[Piece]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        for sheet in range(len(book.sheet_names)):
            rows = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
            cells = ([_written(value) for value in row] for row in rows)
            yield from _table(cells, lambda row, at, sheet=sheet: _cell(row, at, sheet + 1))
    except CalamineError as error:
        raise BadZipFile from error
    yield from _office(path)


def _written(value: object) -> str:
    """A cell as text; a number without its point."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _office(path: Path) -> Iterator[Piece]:
    """The texts of the parts of an office file, paragraph by paragraph, and what it tells of itself."""
    with ZipFile(path) as held:
        for name in sorted(held.namelist()):
            if name.startswith("docProps/") and name.endswith(".xml"):
                yield from _properties(held.read(name))
            for pattern, word in _PARTS:
                found = pattern.fullmatch(name)
                if found:
                    yield from _part(held.read(name), word, int(found[1]) if found.groups() else 0)


def _properties(xml: bytes) -> Iterator[Piece]:
    for element in ET.fromstring(xml).iter():  # noqa: S314 - expat keeps entities small
        if element.text and element.text.strip():
            author = _local(element.tag).lower() in _AUTHORS
            yield Piece(Place("metadata"), element.text, author=author)


def _part(xml: bytes, word: str, number: int) -> Iterator[Piece]:
    root = ET.fromstring(xml)  # noqa: S314 - expat keeps entities small
    if word == "sheet":  # its cells are read before
        heads = " ".join(e.text or "" for e in root.iter() if re.search("Header|Footer", _local(e.tag)))
        yield Piece(Place("sheet", {"n": number}), heads)
        return
    paragraphs = [e for e in root.iter() if _local(e.tag) == "p"]
    texts = ["".join(part.itertext()) for part in paragraphs] or [" ".join(root.itertext())]
    texts += [e.get(name, "") for e in root.iter() for name in ("descr", "title", "name") if e.get(name)]
    if word == "document":
        yield from (Piece(Place("paragraph", {"n": at}), text) for at, text in enumerate(texts, 1))
    else:
        yield Piece(Place(word, {"n": number}), "\n".join(texts))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _pdf(path: Path) -> Iterator[Piece]:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as missing:
        raise UserError("a .pdf needs the extra report. Hint: pip install 'levensloop[report]'.") from missing
    try:
        read = PdfReader(path)
        for name, value in (read.metadata or {}).items():
            yield Piece(Place("metadata"), str(value), author=name.lower() in _AUTHORS)
        if read.xmp_metadata is not None:
            yield from (
                Piece(Place("metadata"), name, author=True) for name in read.xmp_metadata.dc_creator or ()
            )
        yield Piece(Place("bookmarks"), " ".join(_titles(read.outline)))
        for number, page in enumerate(read.pages, 1):
            yield Piece(Place("page", {"n": number}), page.extract_text())
    except PyPdfError as error:
        raise BadZipFile from error


def _titles(outline: Iterable[Any]) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _titles(entry)
        else:
            yield str(entry.title)


_READERS: Final[Mapping[str, Callable[[Path], Iterator[Piece]]]] = {
    ".html": _html, ".htm": _html, ".svg": _html, ".csv": _csv, ".xlsx": _xlsx, ".pptx": _office, ".docx": _office, ".pdf": _pdf,
}  # fmt: skip
#: What can be looked into.
ENDINGS: Final = tuple(_READERS)
