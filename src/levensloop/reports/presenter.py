"""The case as one page to project and step through: no network, nothing that can run but its own script."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final
from xml.etree import ElementTree as ET

from levensloop import figures
from levensloop.cohort import Timeline
from levensloop.figures import Remark
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.letters import legal, tokens
from levensloop.figures.options import Options
from levensloop.figures.svg import svg
from levensloop.findings import Findings
from levensloop.reports.form import words
from levensloop.reports.layer_tables import layer_tables
from levensloop.reports.levels import footnote, initial, level_told
from levensloop.reports.steps import Layers, steps
from levensloop.reports.tables import Rows
from levensloop.schema import vocabulary
from levensloop.text import LANGUAGES, say

_NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'  # a page of HTML knows it by itself
_VIEWS: Final = ("findings", "facts")
#: Letters of pages that stand in the file as they are; the rest is packed, and so are tables in the other language.
_PLAIN: Final = 90_000
_BUTTONS: Final = ("back", "next", "overview", "view", "lang", "theme", "help")


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
    data = steps(timeline, findings, layers)
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
    data["packed"] = _packed(rest | layer_tables(main, tables, ties, layers.learning, lang))
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


def _scripts(body: ET.Element, data: Mapping[str, Any], script: str) -> None:
    """The data as text that cannot end its element, and the script that the policy knows."""
    held = ET.SubElement(body, "script", {"type": "application/json", "id": "data"})
    held.text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    ET.SubElement(body, "script", {"id": "presenter"}).text = script
