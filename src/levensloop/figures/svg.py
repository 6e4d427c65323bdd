"""A Scene as inline SVG: text that can be selected, read aloud and found, and stops by date.

Marks carry the events behind them in ``data-events``; who goes through the page by key or by
ear meets the boxes, the numbered events and the findings in the order of their dates.
"""

from collections.abc import Iterable
from typing import Final, Protocol
from xml.etree import ElementTree as ET

from levensloop.figures.letters import legal, tokens
from levensloop.figures.scene import Disc, Line, Mark, Poly, Rect, Scene, Text

_ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}
_READ_BACK: Final = {"left": "end", "center": "middle", "right": "start"}


class Width(Protocol):
    """What the backend asks of a font."""

    @property
    def families(self) -> tuple[str, ...]:
        """Names of installed fonts."""
        ...

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width in pixels of one line."""
        ...


def element(scene: Scene, font: Width, prefix: str = "levensloop") -> ET.Element:
    """The scene as an ``svg`` element, for a page of HTML or a file.

    Parameters
    ----------
    scene : Scene
        The page.
    font : Width
        In which its texts were measured: another font on the reader's machine is set to the same widths.
    prefix : str
        Begins every id, so that several pages can stand in one document.
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {scene.width} {scene.height}",
            "width": str(scene.width),
            "height": str(scene.height),
            "class": "levensloop",
            "style": "max-width: 100%; height: auto",
            "lang": scene.lang,
            "role": "group",
            "aria-labelledby": f"{prefix}-title",
            "aria-describedby": f"{prefix}-desc",
            "font-family": ", ".join([*(f"'{name}'" for name in font.families), "sans-serif"]),
        },
    )
    ET.SubElement(root, "title", id=f"{prefix}-title").text = legal(scene.title)
    ET.SubElement(root, "desc", id=f"{prefix}-desc").text = legal(scene.description)
    ET.SubElement(root, "rect", width="100%", height="100%", fill="#FFFFFF")
    # The stops below say what the letters say; who sees them can still select them.
    drawn = ET.SubElement(root, "g", {"aria-hidden": "true"})
    for mark in scene.marks:
        _add(drawn, mark, font)
    _stops(root, scene, prefix)
    return root


def svg(scene: Scene, font: Width, prefix: str = "levensloop") -> str:
    """The scene as the text of an SVG document; the parameters are those of `element`."""
    return ET.tostring(element(scene, font, prefix), encoding="unicode") + "\n"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _add(parent: ET.Element, mark: Mark, font: Width) -> None:
    said = {"class": mark.role} if mark.role else {}
    if mark.events:
        said["data-events"] = tokens(mark.events)
    if isinstance(mark, Text):
        ET.SubElement(parent, "text", _letters(mark, font) | said).text = legal(mark.text)
    elif isinstance(mark, Line):
        look = {"points": _points(mark.points), "fill": "none", "stroke-linejoin": "round"}
        ET.SubElement(parent, "polyline", look | _edge(mark.colour, mark.width, mark.dash) | said)
    elif isinstance(mark, Disc):
        place = {"cx": _number(mark.x), "cy": _number(mark.y), "r": _number(mark.radius), "fill": mark.fill}
        ET.SubElement(parent, "circle", place | _edge(mark.stroke, mark.stroke_width, ()) | said)
    else:
        tag, place = ("polygon", {"points": _points(mark.points)}) if isinstance(mark, Poly) else _rect(mark)
        look = {"fill": mark.fill or "none"} | _edge(mark.stroke, mark.stroke_width, mark.dash)
        ET.SubElement(parent, tag, place | look | said)


def _rect(mark: Rect) -> tuple[str, dict[str, str]]:
    names = ("x", "y", "width", "height")
    return "rect", {name: _number(getattr(mark, name)) for name in names}


def _edge(colour: str | None, width: float, dash: tuple[float, ...]) -> dict[str, str]:
    """A stroke; as everywhere in a scene, a dash is counted in widths of its line."""
    if not colour or not width:
        return {}
    edge = {"stroke": colour, "stroke-width": _number(width)}
    if dash:
        edge["stroke-dasharray"] = " ".join(_number(part * width) for part in dash)
    return edge


def _letters(mark: Text, font: Width) -> dict[str, str]:
    look = {"x": _number(mark.x), "y": _number(mark.y), "font-size": _number(mark.size), "fill": mark.colour}
    anchor = (_READ_BACK if mark.rtl else _ANCHORS)[mark.anchor]
    if anchor != "start":
        look["text-anchor"] = anchor
    if mark.bold:
        look["font-weight"] = "bold"
    if mark.rtl:
        look["direction"] = "rtl"
    elif len(mark.text) > 1:
        look["textLength"] = _number(font.width(legal(mark.text), mark.size, bold=mark.bold))
        look["lengthAdjust"] = "spacingAndGlyphs"
    return look


def _stops(root: ET.Element, scene: Scene, prefix: str) -> None:
    listed = ET.SubElement(root, "g", {"role": "list", "fill": "none", "pointer-events": "all"})
    for at, stop in enumerate(scene.stops, 1):
        names = ("x", "y", "width", "height")
        place = {name: _number(getattr(stop, name)) for name in names}
        said = {
            "id": f"{prefix}-{at}",
            "class": "stop",
            "tabindex": "0",
            "role": "listitem",
            "aria-label": legal(stop.text),
            "data-events": tokens(stop.events),
        }
        ET.SubElement(listed, "rect", place | said)
