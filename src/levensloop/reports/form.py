"""The form for what is learned, on the page: typed in, kept in a file of the reader's own, and read back as notes."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from levensloop.figures.letters import legal
from levensloop.measures.aspects import known
from levensloop.reports.learning import FILLED, Learning
from levensloop.text import LANGUAGES, say

_HEADS: Final = ("aspect", "learned", "who_does", "by_when")


def words(element: ET.Element, key: str, lang: str, values: Mapping[str, object] | None = None) -> None:
    """A text that changes with the language."""
    _changing(element, {each: say(key, each, values or {}) for each in LANGUAGES}, lang)


def form(main: ET.Element, points: Sequence[Learning], lang: str) -> None:
    """The form in the page: under each aspect what was learned before, or an empty row.

    It asks for no network: what is typed goes to a file by a button, and to nobody.

    Parameters
    ----------
    main : Element
    points : sequence of Learning
        What was learned before.
    lang : {"nl", "en"}
        In which the page opens.
    """
    table = ET.SubElement(ET.SubElement(main, "div", {"id": "learning"}), "table")
    head = ET.SubElement(ET.SubElement(table, "thead"), "tr")
    for name in _HEADS:
        words(ET.SubElement(head, "th", {"scope": "col", "id": f"learning-{name}"}), f"case.{name}", lang)
    body = ET.SubElement(table, "tbody")
    aspects: dict[str, Mapping[str, str]] = {word: one.names for word, one in known().items()}
    other = {each: say("case.other", each) for each in LANGUAGES}
    for word, names in (*aspects.items(), ("other", other)):
        own = [point for point in points if point.aspect == word]
        for at, point in enumerate(own or [Learning(word, "")]):
            _row(body, point, names, f"learning-{word}-{at}", lang)
    tools = ET.SubElement(main, "p", {"class": "tools"})
    words(ET.SubElement(tools, "button", {"type": "button", "id": "save"}), "case.learning_save", lang)
    ET.SubElement(tools, "span", {"id": "kept", "role": "status"})
    words(ET.SubElement(tools, "span", {"id": "more", "hidden": ""}), "case.learning_add", lang)


def _row(body: ET.Element, point: Learning, names: Mapping[str, str], name: str, lang: str) -> None:
    row = ET.SubElement(body, "tr", {"data-aspect": point.aspect})
    aspect = ET.SubElement(row, "th", {"scope": "row"})
    _changing(ET.SubElement(aspect, "span", {"id": name}), names, lang)
    add = {"type": "button", "class": "add", "aria-labelledby": f"more {name}"}
    ET.SubElement(aspect, "button", add).text = "+"
    for head, field in zip(_HEADS[1:], FILLED, strict=True):
        told = {"data-field": field, "rows": "2", "aria-labelledby": f"learning-{head} {name}"}
        ET.SubElement(ET.SubElement(row, "td"), "textarea", told).text = legal(getattr(point, field))


def _changing(element: ET.Element, texts: Mapping[str, str], lang: str) -> None:
    for each in LANGUAGES:
        element.set(f"data-{each}", legal(texts[each]))
    element.text = element.get(f"data-{lang}")
