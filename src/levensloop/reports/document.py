"""The chronology as a document for a word processor: landscape, with its headings on every page, to fill in and send back.

It is too wide for one table: what is read stands in the first, what brings a row back as a fact in the second, both
under the number of the row; and what holds for all rows above them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from levensloop.errors import UserError
from levensloop.figures.letters import legal
from levensloop.figures.slides import write
from levensloop.figures.style import INK, STRIP, WHITE
from levensloop.text import LANGUAGES, say

Element = Any  # of python-docx, which tells its types in part only
#: Centimetres of the columns of the first table: on A4 landscape, within margins of a centimetre.
READ: Final = {
    "number": 0.8, "start": 1.7, "end": 1.7, "agency": 1.9, "kind": 1.4, "source": 1.6, "what": 2.2, "why": 1.6,
    "by_whom": 1.3, "result": 1.7, "action": 1.5, "initiative": 1.35, "disputed": 1.25, "finding": 2.75,
    "comment": 2.0, "stance": 1.5, "status": 1.45,
}  # fmt: skip
#: What holds for all rows.
FORM: Final = ("person", "author", "date")
_LANGUAGES: Final = {"nl": "nl-NL", "en": "en-GB"}
_TWIPS: Final = 567  # in a centimetre
_LONG, _SHORT, _MARGIN = 29.7, 21.0, 1.0
_FONT: Final = "Arial"
_FINDINGS_WIDE: Final = (5.0, 11.0, 8.0)
_FORM_WIDE: Final = (9.0, 6.0)
_LETTERS: Final = 7  # points, in tables
_EMPTY: Final = 3


@dataclass(frozen=True)
class Form:
    """A chronology as it is printed.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Of each column by its name the heading and then its cells.
    findings : sequence of tuple of str
        What their keys mean, the first row with headings.
    title, intro, foot : str
        What it is, what to do, and what stands at the foot of every page.
    """

    columns: Mapping[str, Sequence[str]]
    findings: Sequence[tuple[str, ...]]
    title: str
    intro: str
    foot: str


def save_document(form: Form, path: Path, lang: str) -> None:
    """Write a chronology as a DOCX file.

    Parameters
    ----------
    form : Form
    path : Path
    lang : str

    Raises
    ------
    UserError
        Without the extra ``report``.
    """
    try:
        from docx import Document
    except ImportError as missing:
        raise UserError(
            "a .docx needs the extra report. Hint: pip install 'levensloop[report]'."
        ) from missing
    made: Element = Document()
    _page(made, form, lang)
    _heading(made, form.title, 14)
    made.add_paragraph(legal(form.intro))
    by = {name: list(cells) for name, cells in form.columns.items()}
    by["number"] = [_both("number"), *map(str, range(1, len(by["event"])))]
    _table(made, [(by[name][0], "".join(by[name][1:2])) for name in FORM], _FORM_WIDE, head=False)
    made.add_paragraph()
    for name in ("start", "end"):
        by[name] = [cell.replace("/", "/\n") if at else cell for at, cell in enumerate(by[name])]
    blank = [[""] * len(READ)] * _EMPTY
    _table(made, [*zip(*(by[name] for name in READ), strict=True), *blank], [*READ.values()])
    if len(form.findings) > 1:
        _heading(made, say("case.findings", lang), 11)
        _table(made, form.findings, _FINDINGS_WIDE)
    made.add_paragraph(say("chronology.second", lang)).paragraph_format.page_break_before = True
    rest = ["number", *(name for name in by if name not in {*READ, *FORM})]
    each = (_LONG - 2 * _MARGIN - READ["number"]) / (len(rest) - 1)
    _table(
        made, [*zip(*(by[name] for name in rest), strict=True)], [READ["number"], *[each] * (len(rest) - 1)]
    )
    write(made, path)


def _both(column: str) -> str:
    return " / ".join(say(f"chronology.{column}", lang) for lang in LANGUAGES)


def _heading(made: Element, text: str, points: int) -> None:
    """A heading in the look of everything else."""
    from docx.shared import Pt, RGBColor

    heading = made.add_heading(level=1)
    heading.paragraph_format.space_before = Pt(0)
    run = heading.add_run(legal(text))
    run.font.name, run.font.size, run.font.color.rgb = _FONT, Pt(points), RGBColor.from_string(INK[1:])


def _page(made: Element, form: Form, lang: str) -> None:
    """Landscape, small letters, the language, a foot with the number of the page; and nothing of who made it."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(_LONG), Cm(_SHORT)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN)
    section.footer_distance = section.header_distance = Cm(_MARGIN / 2)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(9)
    normal.paragraph_format.space_after = Pt(4)
    made.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").set(qn("w:val"), _LANGUAGES[lang])
    made.settings.element.find(qn("w:defaultTabStop")).addnext(_element("autoHyphenation"))
    told = made.core_properties
    told.author = told.comments = told.last_modified_by = told.keywords = ""
    told.title, told.language = legal(form.title), lang
    line = section.footer.paragraphs[0]
    line.add_run(f"{legal(form.foot)}    ")
    for at, field in enumerate(("PAGE", "NUMPAGES")):
        if at:
            line.add_run(" / ")
        line._p.append(_element("fldSimple", instr=field))  # noqa: SLF001 - no public way


def _table(
    made: Element, rows: Sequence[Sequence[str]], centimetres: Sequence[float], *, head: bool = True
) -> None:
    """A table at the end of the document; its first row, or else its first column, with headings."""
    twips = [round(_TWIPS * each) for each in centimetres]
    look = _element(
        "tblPr",
        _element("tblStyle", val="TableGrid"),
        _element("tblW", w=str(sum(twips)), type="dxa"),
        _element("tblLayout", type="fixed"),
        _element("tblCellMar", _element("left", w="45", type="dxa"), _element("right", w="45", type="dxa")),
        _element("tblLook", val="0020" if head else "0080"),
    )
    table = _element(
        "tbl", look, _element("tblGrid", *(_element("gridCol", w=str(width)) for width in twips))
    )
    for at, row in enumerate(rows):
        top = head and not at
        cells = [
            _cell(text, width, bold=top or not (head or place), dark=top)
            for place, (text, width) in enumerate(zip(row, twips, strict=True))
        ]
        table.append(_element("tr", *([_element("trPr", _element("tblHeader"))] if top else []), *cells))
    # What tells of the page stands last in a document.
    made.element.body[-1].addprevious(table)


def _cell(text: str, width: int, *, bold: bool, dark: bool) -> Element:
    """A cell with one paragraph; its lines apart by breaks."""
    frame = _element("tcPr", _element("tcW", w=str(width), type="dxa"))
    look = _element("rPr", *([_element("b")] if bold else []))
    if dark:
        frame.append(_element("shd", val="clear", color="auto", fill=STRIP[1:]))
        look.append(_element("color", val=WHITE[1:]))
    look.append(_element("sz", val=str(2 * _LETTERS)))
    run = _element("r", look)
    for at, line in enumerate(legal(text).split("\n")):
        if at:
            run.append(_element("br"))
        letters = _element("t")
        letters.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        letters.text = line
        run.append(letters)
    tight = _element("pPr", _element("spacing", before="20", after="20", line="240", lineRule="auto"))
    return _element("tc", frame, _element("p", tight, run))


def _element(tag: str, *children: Element, **values: str) -> Element:
    """An element of a document, with its attributes and children."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made
