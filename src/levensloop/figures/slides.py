"""Scenes as slides: shapes and texts of the presentation itself, so that all of it can be edited.

One slide a page, with its headline as the title, the other marks as one group, and the page in words as
notes. Needs the extra ``report``.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from matplotlib.font_manager import FontProperties, findfont, get_font

from levensloop.errors import UserError
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.letters import legal
from levensloop.figures.scene import Disc, Line, Mark, Poly, Rect, Scene, Text

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_WIDE: Final = 12192000  # of a slide, in English metric units: 13.33 inches, as every wide slide
_POINT: Final = 12700
TITLE_ONLY: Final = 5
#: Of a pixel of the wall.
EMU: Final = 6350
_SHORT_DASH: Final = 1.5
_LANGUAGES: Final = {"nl": "nl-NL", "en": "en-GB"}
Part = Any  # of a presentation: python-pptx tells its types in part only


def slides(scenes: Sequence[Scene], families: tuple[str, ...], notes: Sequence[str] = ()) -> "Presentation":
    """The scenes as a presentation.

    Parameters
    ----------
    scenes : sequence of Scene
        Pages of one size.
    families : tuple of str
        Names of installed fonts; the first is written into the slides.
    notes : sequence of str
        What the speaker reads at each; without them the page in words.

    Raises
    ------
    UserError
        Without the extra ``report``.
    ValueError
        If the pages are of several sizes: a presentation has one.
    """
    try:
        from pptx import Presentation
    except ImportError as missing:
        raise UserError(
            "a .pptx needs the extra report. Hint: pip install 'levensloop[report]'."
        ) from missing

    sizes = {(scene.width, scene.height) for scene in scenes}
    if len(sizes) != 1:
        raise UserError(
            f"slides are made of pages of one size, not of {len(sizes)}. Hint: save each size by itself."
        )
    scale = _WIDE / scenes[0].width
    deck = Presentation()
    _fresh(deck, scenes[0], scale)
    told = notes or [f"{scene.caption}\n{scene.description}".strip() for scene in scenes]
    for scene, text in zip(scenes, told, strict=True):
        _Slide(deck, scene, families, scale).paint(text)
    return deck


def save_slides(scenes: Sequence[Scene], families: tuple[str, ...], path: str | Path) -> None:
    """Write the scenes as a PPTX file; the parameters are those of `slides`."""
    write(slides(scenes, families), path)


def write(made: Part, path: str | Path) -> None:
    """Write a presentation or a document: the same bytes for the same contents, and nothing of when it was made."""
    held = BytesIO()
    made.save(held)
    with ZipFile(held) as before, ZipFile(path, "w", ZIP_DEFLATED) as after:
        for entry in before.infolist():
            after.writestr(ZipInfo(entry.filename), before.read(entry), ZIP_DEFLATED)


def speak(slide: Part, text: str, lang: str) -> None:
    """Give a slide its notes, and all its texts their language."""
    from pptx.oxml.ns import qn

    slide.notes_slide.notes_text_frame.text = legal(text)
    for part in (slide, slide.notes_slide):
        for look in part._element.iter(qn("a:rPr")):  # noqa: SLF001 - no public way
            look.set("lang", _LANGUAGES[lang])


def _fresh(deck: Part, scene: Scene, scale: float) -> None:
    """The sheet of the pages, and nothing of who made the template: no picture of it, and not their printer."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as KIND

    before = int(deck.slide_width or _WIDE), int(deck.slide_height or _WIDE)
    deck.slide_width, deck.slide_height = _WIDE, round(scene.height * scale)
    across, down = _WIDE / before[0], round(scene.height * scale) / before[1]
    for holder in (deck.slide_master, *deck.slide_layouts):
        own = [(s, s.left, s.top, s.width, s.height) for s in holder.placeholders]
        for shape, left, top, width, high in own:
            shape.left, shape.width = round(left * across), round(width * across)
            shape.top, shape.height = round(top * down), round(high * down)
    package = deck.part.package
    for relations in (package._rels, deck.part.rels):  # noqa: SLF001 - no public way to the thumbnail
        for key in [
            key for key, one in relations.items() if one.reltype in (KIND.THUMBNAIL, KIND.PRINTER_SETTINGS)
        ]:
            relations.pop(key)
    told = deck.core_properties
    told.author = told.last_modified_by = told.comments = told.keywords = told.subject = told.category = ""
    told.language, told.title = scene.lang, legal(scene.title)


class _Slide:
    def __init__(self, deck: Part, scene: Scene, families: tuple[str, ...], scale: float) -> None:
        self._slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        self._scene = scene
        self._family = families[0]
        self._measure = FontMeasure(families)
        self._scale = scale
        self._stops = {(stop.x, stop.y): legal(stop.text) for stop in scene.stops}

    def paint(self, notes: str) -> None:
        titled = False
        for mark in self._scene.marks:
            if isinstance(mark, Text):
                first = mark.role == "title" and not titled
                titled = titled or first
                self._letters(mark, title=first)
            else:
                self._shape(mark)
        self._group()
        speak(self._slide, notes, self._scene.lang)

    def _group(self) -> None:
        """All but the title as one figure, which says what it shows to who cannot see it."""
        shapes = self._slide.shapes
        drawn = [shape._element for shape in shapes if shape != shapes.title]  # noqa: SLF001 - no public way
        group: Part = shapes.add_group_shape()
        element = group._element  # noqa: SLF001 - no public way
        for one in drawn:
            element.append(one)
        element.recalculate_extents()
        group.name = "figure"
        element._nvXxPr.cNvPr.set("descr", legal(self._scene.description))  # noqa: SLF001 - no public way

    def _emu(self, *pixels: float) -> tuple[int, ...]:
        return tuple(round(pixel * self._scale) for pixel in pixels)

    def _shape(self, mark: Rect | Line | Poly | Disc) -> None:
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.oxml.ns import qn

        shapes = self._slide.shapes
        if isinstance(mark, Rect):
            place = self._emu(mark.x, mark.y, mark.width, mark.height)
            shape: Part = shapes.add_shape(MSO_SHAPE.RECTANGLE, *place)
        elif isinstance(mark, Disc):
            r = mark.radius
            shape = shapes.add_shape(MSO_SHAPE.OVAL, *self._emu(mark.x - r, mark.y - r, 2 * r, 2 * r))
        else:
            x, y = mark.points[0]
            builder = shapes.build_freeform(*self._emu(x, y))
            builder.add_line_segments(
                [self._emu(*point) for point in mark.points[1:]], close=isinstance(mark, Poly)
            )
            shape = builder.convert_to_shape()
        # The look of the template, its shadow among it, is not that of the page.
        shape._element.remove(shape._element.find(qn("p:style")))  # noqa: SLF001 - no public way
        _filled(shape, None if isinstance(mark, Line) else mark.fill)
        if isinstance(mark, Line):
            self._edged(shape, mark.colour, mark.width, mark.dash)
        else:
            self._edged(shape, mark.stroke, mark.stroke_width, () if isinstance(mark, Disc) else mark.dash)
        self._named(shape, mark)

    def _edged(self, shape: Part, colour: str | None, width: float, dash: tuple[float, ...]) -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.dml import MSO_LINE

        if not colour or not width:
            shape.line.fill.background()
            return
        shape.line.color.rgb = RGBColor.from_string(colour[1:])
        shape.line.width = round(width * self._scale)
        if dash:
            shape.line.dash_style = MSO_LINE.ROUND_DOT if dash[0] <= _SHORT_DASH else MSO_LINE.DASH

    def _named(self, shape: Part, mark: Mark) -> None:
        """The shape's name is its role; what a stop tells is its alternative text."""
        shape.name = f"{mark.role or 'mark'} {shape.shape_id}"
        if isinstance(mark, Rect) and (mark.x, mark.y) in self._stops:
            shape._element._nvXxPr.cNvPr.set("descr", self._stops[mark.x, mark.y])  # noqa: SLF001 - no public way

    def _letters(self, mark: Text, *, title: bool) -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN

        ascent, high, width = self._box(mark)
        left = mark.x - {"left": 0.0, "center": width / 2, "right": width}[mark.anchor]
        place = self._emu(left, mark.y - ascent, width, high)
        if title:
            shape: Part = self._slide.shapes.title
            shape.left, shape.top, shape.width, shape.height = place
        else:
            shape = self._slide.shapes.add_textbox(*place)
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap, frame.auto_size, frame.vertical_anchor = False, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
        paragraph = frame.paragraphs[0]
        paragraph.alignment = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}[
            mark.anchor
        ]
        paragraph.line_spacing = 1.0
        if mark.rtl:
            paragraph._p.get_or_add_pPr().set("rtl", "1")  # noqa: SLF001 - no public way
        run = paragraph.add_run()
        run.text = legal(mark.text)
        run.font.name, run.font.bold = self._family, mark.bold
        run.font.size = round(mark.size * self._scale / _POINT * 100) * _POINT // 100
        run.font.color.rgb = RGBColor.from_string(mark.colour[1:])
        self._named(shape, mark)

    def _box(self, mark: Text) -> tuple[float, float, float]:
        """Ascent, height and width in pixels of a text in its font."""
        ascent, descent = _heights(self._family, bold=mark.bold)
        width = self._measure.width(legal(mark.text), mark.size, bold=mark.bold)
        return ascent * mark.size, (ascent + descent) * mark.size, 1.02 * width


def _filled(shape: Part, colour: str | None) -> None:
    from pptx.dml.color import RGBColor

    if colour is None:
        shape.fill.background()
    else:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(colour[1:])


@cache
def _heights(family: str, *, bold: bool) -> tuple[float, float]:
    """What a font takes above and below its base line, of one pixel of letter height."""
    font = get_font(findfont(FontProperties(family=family, weight="bold" if bold else "normal")))
    return font.ascender / font.units_per_EM, -font.descender / font.units_per_EM
