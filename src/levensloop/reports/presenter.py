"""The case as one page to project and step through: no network, nothing that can run but its own script."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from levensloop import figures
from levensloop.cohort import Timeline
from levensloop.figures import Remark
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.letters import legal, tokens
from levensloop.figures.options import Options
from levensloop.figures.svg import svg
from levensloop.findings import Findings
from levensloop.reports.disclosure import NAMES, footnote, level_told
from levensloop.reports.form import form, words
from levensloop.reports.learning import Learning
from levensloop.reports.tables import Rows, filled
from levensloop.reports.voices import Voice, voices
from levensloop.schema import vocabulary
from levensloop.text import LANGUAGES, say

_NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'  # a page of HTML knows it by itself
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
_VIEWS: Final = ("findings", "facts")
#: Letters of pages that stand in the file as they are; the rest is packed, and so are tables in the other language.
_PLAIN: Final = 90_000
_BUTTONS: Final = ("back", "next", "overview", "view", "lang", "theme", "help")


class Layers(NamedTuple):
    """What is told at the steps, line by line in every language, and what stands beside the facts.

    Parameters
    ----------
    findings, notes : sequence of mapping
        Of each of them what is told at its step.
    remarks : sequence of Remark
        The notes as they are drawn.
    learning : sequence of Learning
        What was learned before.
    """

    findings: Sequence[Mapping[str, Any]]
    notes: Sequence[Mapping[str, Any]]
    remarks: Sequence[Remark]
    learning: Sequence[Learning]


def presenter(
    timeline: Timeline,
    findings: Findings,
    tables: Mapping[str, Mapping[str, Rows]],
    layers: Layers,
    lang: str,
) -> str:
    """The page as text.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        The youth's own.
    tables : mapping
        In every language the layers by name, the first row of each with headings.
    layers : Layers
    lang : str
        In which it opens.
    """
    script, style = (
        (files("levensloop") / "data" / "presenter" / name).read_text("utf-8")
        for name in ("page.js", "page.css")
    )
    events = timeline.events.to_arrow().to_pylist()
    found = findings.to_arrow().to_pylist()
    data = _data(events, found, layers)
    data["voices"] = _voices(timeline, findings)
    drawn = _drawn(timeline, findings, layers.remarks, lang)
    plain, rest = _parted(drawn)
    html = ET.Element("html", lang=lang)
    _head(html, timeline, lang, style, script)
    body = ET.SubElement(html, "body")
    _header(body, timeline, events, lang)
    main = ET.SubElement(body, "main")
    ET.SubElement(main, "div", {"id": "told", "role": "status", "aria-live": "polite"})
    ET.SubElement(ET.SubElement(main, "noscript"), "p").text = say("case.no_script", lang)
    stage = ET.SubElement(main, "div", {"id": "stage", "class": "stage"})
    for key, page in plain.items():
        language, view, number = key.split("/")
        attributes = {"class": "page", "data-lang": language, "data-view": view, "data-page": number}
        section = ET.SubElement(stage, "section", attributes)
        section.append(ET.fromstring(page.replace(_NAMESPACE, "", 1)))  # noqa: S314 - made here
    ties = {
        "findings": ("data-finding", [str(at) for at in range(len(findings))]),
        "notes": ("data-note", [str(at) for at in range(len(layers.notes))]),
        "chronology": ("data-event", [tokens([row["event"]]) for row in events]),
    }
    data["packed"] = _packed(rest | _tables(main, tables, ties, layers, lang))
    footer = ET.SubElement(body, "footer")
    words(ET.SubElement(footer, "p"), footnote(timeline.shown), lang)
    words(ET.SubElement(footer, "p", {"class": "level"}), f"level.{timeline.shown}", lang)
    _scripts(body, data, script)
    return "<!DOCTYPE html>\n" + ET.tostring(html, encoding="unicode", method="html") + "\n"


def _head(html: ET.Element, timeline: Timeline, lang: str, style: str, script: str) -> None:
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    own = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{own}'; base-uri 'none'; form-action 'none'"
    ET.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    ET.SubElement(head, "title").text = say("case.title", lang, {"youth": initial(timeline)})
    # Paper has the level at the foot of every sheet, of those with tables too.
    foot = json.dumps(level_told(timeline.shown, lang), ensure_ascii=False)
    ET.SubElement(head, "style").text = f"{style}@page {{ @bottom-left {{ content: {foot}; }} }}\n"


def _header(body: ET.Element, timeline: Timeline, events: Sequence[Mapping[str, Any]], lang: str) -> None:
    header = ET.SubElement(body, "header")
    title = ET.SubElement(header, "h1")
    words(title, "case.title", lang, {"youth": initial(timeline)})
    title.set("id", "title")
    words(ET.SubElement(header, "p", {"class": "level"}), f"level.{timeline.shown}", lang)
    words(ET.SubElement(header, "p", {"class": "level"}), "reply.alone", lang)
    tools = ET.SubElement(header, "div", {"class": "tools"})
    for name in _BUTTONS:
        button = ET.SubElement(tools, "button", {"type": "button", "id": name})
        words(button, f"case.button_{name}", lang)
    sectors = vocabulary()["sectors"]
    used = sorted({row["sector"] for row in events if row["sector"]})
    _choice(
        tools, "sector", [(word, {each: sectors[word][each] for each in LANGUAGES}) for word in used], lang
    )
    agencies = sorted({row["agency"] for row in events if row["agency"]})
    _choice(tools, "agency", [(name, dict.fromkeys(LANGUAGES, name)) for name in agencies], lang)
    label = ET.SubElement(tools, "label")
    ET.SubElement(label, "input", {"type": "checkbox", "id": "certain"})
    words(ET.SubElement(label, "span"), "case.only_certain", lang)
    ET.SubElement(tools, "span", {"id": "place"})


def _choice(
    tools: ET.Element, name: str, choices: Iterable[tuple[str, Mapping[str, str]]], lang: str
) -> None:
    label = ET.SubElement(tools, "label")
    words(ET.SubElement(label, "span"), f"case.filter_{name}", lang)
    select = ET.SubElement(label, "select", id=name)
    words(ET.SubElement(select, "option", value=""), "case.filter_all", lang)
    for word, labels in choices:
        option = ET.SubElement(select, "option", {"value": legal(word)})
        option.text = legal(labels[lang])
        for language in LANGUAGES:
            option.set(f"data-{language}", legal(labels[language]))


def initial(timeline: Timeline) -> str:
    """How the youth is called on the page."""
    if timeline.shown == NAMES:
        return timeline.id
    return next((letter for letter in timeline.id if letter.isalnum()), "X").upper()


def _drawn(timeline: Timeline, findings: Findings, remarks: Sequence[Remark], lang: str) -> dict[str, str]:
    """Every page as SVG, by language, view and number; what opens first comes first.

    The sheet that tells what people say is left out: the page has a table of it.
    """
    font = FontMeasure(Options().fonts)
    pages: dict[str, str] = {}
    for language in sorted(LANGUAGES, key=lambda name: name != lang):
        for view in _VIEWS:
            scenes = figures.scenes(timeline, findings, lang=language, view=view, remarks=remarks)
            for at, scene in enumerate(scene for scene in scenes if scene.kind != "remarks"):
                pages[f"{language}/{view}/{at}"] = svg(scene, font, f"{language}-{view}-{at}")
    return pages


def _parted(pages: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The pages that stand in the file as they are, and the others."""
    plain: dict[str, str] = {}
    size = 0
    first = next(iter(pages)).rpartition("/")[0]
    for key, page in pages.items():
        size += len(page)
        if not key.startswith(f"{first}/") or (plain and size > _PLAIN):
            break
        plain[key] = page
    return plain, {key: page for key, page in pages.items() if key not in plain}


def _packed(rest: Mapping[str, str]) -> str:
    return base64.b64encode(zlib.compress(json.dumps(rest).encode(), 9)).decode("ascii")


def _tables(
    main: ET.Element,
    tables: Mapping[str, Mapping[str, Rows]],
    ties: Mapping[str, tuple[str, Sequence[str]]],
    layers: Layers,
    lang: str,
) -> dict[str, str]:
    """The layers in the language in which the page opens; what comes back are those in the other, to be packed."""
    others: dict[str, str] = {}
    for name in tables[lang]:
        own = {
            each: filled(tables[each][name]) if name in _WIDE else tables[each][name] for each in LANGUAGES
        }
        rows = own[lang]
        ids = _Rows(name, *ties.get(name, ("data-row", [str(at) for at in range(len(rows) - 1)])))
        words(ET.SubElement(main, "h2"), f"case.{name}", lang)
        words(ET.SubElement(main, "p"), f"case.{name}_layer", lang)
        if name == "learning":
            form(main, layers.learning, lang)
            continue
        main.append(_table(rows, ids, lang))
        for other in (each for each in LANGUAGES if each != lang):
            table = _table(own[other], ids, other)
            table.attrib |= {"xmlns": "http://www.w3.org/1999/xhtml", "hidden": ""}
            others[f"table/{name}/{other}"] = ET.tostring(table, encoding="unicode")
    return others


def _data(
    events: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
    layers: Layers,
) -> dict[str, Any]:
    """What the script asks for: whose each event is, and the findings; the rest it reads in the tables."""
    return {
        "events": {
            tokens([row["event"]]): {"sector": row["sector"], "agency": legal(row["agency"] or "")}
            for row in events
        },
        "findings": [
            {
                "certain": row["certainty"] == "certain",
                "events": [tokens([event]) for event in row["evidence"]],
                **one,
            }
            for row, one in zip(findings, layers.findings, strict=True)
        ],
        "notes": [
            {
                "finding": remark.target if remark.about == "finding" else None,
                "events": [tokens([event]) for event in _behind(remark, findings)],
                **one,
            }
            for remark, one in zip(layers.remarks, layers.notes, strict=True)
        ],
        "words": {
            lang: {
                name: say(f"case.{name}", lang, {"page": "{page}", "pages": "{pages}", "n": "{n}"})
                for name in ("overview", "page", "step", "others", "help", "learning_file", "learning_saved")
            }
            | {part: say(f"reply.{part}", lang) for part in ("went_well", "voice")}
            | {part: say(f"case.{part}", lang) for part in ("no_good", "nobody")}
            for lang in LANGUAGES
        },
    }


def _behind(remark: Remark, findings: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """The facts behind what a note speaks of."""
    if isinstance(remark.target, int):
        return findings[remark.target]["evidence"] or ()
    return () if remark.target is None else (remark.target,)


def _voices(timeline: Timeline, findings: Findings) -> list[dict[str, Any]]:
    """What went well and what youth and parents say, to be told at the pages that show it."""
    both = {lang: voices(timeline, findings, lang) for lang in LANGUAGES}
    return [
        {
            "part": one.part,
            "events": [tokens([event]) for event in one.events],
            **{lang: _line(both[lang][at], lang) for lang in LANGUAGES},
        }
        for at, one in enumerate(both[LANGUAGES[0]])
    ]


def _line(voice: Voice, lang: str) -> str:
    """In one line; that it is possible only, its words say themselves."""
    sure = say("certainty.certain", lang)
    return f"{voice.told} \u00b7 {voice.when}{f' ({sure})' if voice.certainty == sure else ''}"


class _Rows(NamedTuple):
    """What ties the rows of a table to the figure: an attribute and its value row by row."""

    name: str
    attribute: str
    values: Sequence[str]


def _least(rows: Sequence[Sequence[str]]) -> list[float]:
    """How wide each column of a table must be, in heights of its letters, to break no word but a very long one."""
    longest = [
        max((len(word) for cell in column for word in _WORD.findall(cell) if len(word) <= _LONG), default=0)
        for column in zip(*rows, strict=True)
    ]
    return [round(_LETTER * letters + _SIDES, 1) for letters in longest]


def _table(rows: Sequence[Sequence[str]], ids: _Rows, lang: str) -> ET.Element:
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


def _scripts(body: ET.Element, data: Mapping[str, Any], script: str) -> None:
    """The data as text that cannot end its element, and the script that the policy knows."""
    held = ET.SubElement(body, "script", {"type": "application/json", "id": "data"})
    held.text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    ET.SubElement(body, "script", {"id": "presenter"}).text = script
