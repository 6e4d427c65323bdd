"""The layers as tables on the page, in both languages, their rows tied to the figure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from levensloop.reports.form import form, words
from levensloop.reports.learning import Learning
from levensloop.reports.tables import Rows, filled
from levensloop.text import LANGUAGES, say

#: The tables whose rows lead to a step.
_STEPS: Final = {"findings": "finding", "notes": "note"}
#: Of which columns are left out that hold nothing.
_WIDE: Final = ("findings", "chronology")
#: Where a line of a table breaks by itself there is no word; letters are about so wide, and a button has sides.
_WORD: Final = re.compile(r"[^\s/-]+")
_LETTER: Final = 0.64
_SIDES: Final = 0.4
#: A word of more letters may be broken: it would leave the other columns no room.
_LONG: Final = 22


class _Tied(NamedTuple):
    """What ties the rows of a table to the figure: an attribute and its value row by row."""

    name: str
    attribute: str
    values: Sequence[str]


def layer_tables(
    main: ET.Element,
    tables: Mapping[str, Mapping[str, Rows]],
    ties: Mapping[str, tuple[str, Sequence[str]]],
    learning: Sequence[Learning],
    lang: str,
) -> dict[str, str]:
    """The layers in the language in which the page opens; what comes back are those in the other, to be packed.

    Examples
    --------
    >>> main, rows = ET.Element("main"), (("when",), ("2005",))
    >>> others = layer_tables(main, {lang: {"findings": rows} for lang in LANGUAGES}, {}, (), "nl")
    >>> [each.tag for each in main], list(others)
    (['h2', 'p', 'div'], ['table/findings/en'])
    """
    others: dict[str, str] = {}
    for name in tables[lang]:
        own = {
            each: filled(tables[each][name]) if name in _WIDE else tables[each][name] for each in LANGUAGES
        }
        rows = own[lang]
        ids = _Tied(name, *ties.get(name, ("data-row", [str(at) for at in range(len(rows) - 1)])))
        words(ET.SubElement(main, "h2"), f"case.{name}", lang)
        words(ET.SubElement(main, "p"), f"case.{name}_layer", lang)
        if name == "learning":
            form(main, learning, lang)
            continue
        main.append(_table(rows, ids, lang))
        for other in (each for each in LANGUAGES if each != lang):
            table = _table(own[other], ids, other)
            table.attrib |= {"xmlns": "http://www.w3.org/1999/xhtml", "hidden": ""}
            others[f"table/{name}/{other}"] = ET.tostring(table, encoding="unicode")
    return others


def _least(rows: Sequence[Sequence[str]]) -> list[float]:
    """How wide each column of a table must be, in heights of its letters, to break no word but a very long one."""
    longest = [
        max((len(word) for cell in column for word in _WORD.findall(cell) if len(word) <= _LONG), default=0)
        for column in zip(*rows, strict=True)
    ]
    return [round(_LETTER * letters + _SIDES, 1) for letters in longest]


def _table(rows: Sequence[Sequence[str]], ids: _Tied, lang: str) -> ET.Element:
    attributes = {
        "class": "scroll",
        "lang": lang,
        "data-layer": ids.name,
        "tabindex": "0",
        "role": "region",
        "aria-label": say(f"case.{ids.name}", lang),
    }
    scroll = ET.Element("div", attributes)
    table = ET.SubElement(scroll, "table")
    head = ET.SubElement(ET.SubElement(table, "thead"), "tr")
    for cell, width in zip(rows[0], _least(rows), strict=True):
        ET.SubElement(head, "th", scope="col", style=f"min-width:{width}em").text = cell
    inside = ET.SubElement(table, "tbody")
    for value, row in zip(ids.values, rows[1:], strict=True):
        line = ET.SubElement(inside, "tr", {ids.attribute: value})
        for at, cell in enumerate(row):
            place = ET.SubElement(line, "td")
            if at == 1 and ids.name in _STEPS:
                step = f"{_STEPS[ids.name]}:{value}"
                place = ET.SubElement(place, "button", {"type": "button", "data-go": step})
            # Control characters have no place in a page; everything else stays text.
            place.text = "".join(c for c in cell if c.isprintable() or c in "\n\t")
    return scroll
