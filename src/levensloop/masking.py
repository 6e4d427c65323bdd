"""A timeline that one can show: agencies by sector, people by role, days moved, keys and files gone.

What is not known to be harmless is left out: a column that gets here without being named here is
empty afterwards.
"""

import hmac
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.cohort import Parts, Timeline
from levensloop.findings import Findings
from levensloop.glossaries import Glossary
from levensloop.schema import SPAN, vocabulary

_AGENCIES: Final = ("agency", "to_agency", "shared_with", "agencies")
_TEXTS: Final = ("what", "why", "result")
_REFERENCES: Final = ("source", "sources", "event", "start_event", "end_event", "evidence")
#: Columns that tell nobody's name.
KEPT: Final = (
    "sector", "kind", "precision", "care_type", "problem", "capacity", "initiative", "reason", "about",
    "disputed", "role", "open", "sex", "cares", "rows", "ages", "rows_read", "accepted", "rejected",
    "detector", "outcome", "certainty", "days_min", "days_max", "ongoing", "rule", "norm_days",
    "over_norm", "measures", "params", "assessable",
)  # fmt: skip
#: Of these tables the rows stay; rows as delivered, keys and references to files do not.
_TABLES: Final = ("events", "episodes", "youths", "sources", "agencies")
_WEEK: Final = 7
_FEWEST, _MOST = 8, 52


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked timeline with the findings that were made before."""

    timeline: Timeline
    findings: Findings


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("levensloop") / "data" / "masking.toml").read_text("utf-8"))


def shift(key: bytes, youth: str) -> int:
    """The days by which a youth's dates are moved: 8 to 52 whole weeks, forward or back.

    Examples
    --------
    >>> abs(shift(b"key", "a")) % 7, 56 <= abs(shift(b"key", "a")) <= 364
    (0, True)
    """
    return shifts(key, youth)[0]


def shifts(key: bytes, youth: str) -> tuple[int, ...]:
    """Every number of days by which a youth's dates can be moved, in the order in which the key wants them.

    Examples
    --------
    >>> len(shifts(b"key", "a")), len(set(shifts(b"key", "a")))
    (90, 90)
    """
    number = int.from_bytes(hmac.new(key, youth.encode(), "sha256").digest()[:8], "big")
    many = _MOST - _FEWEST + 1
    weeks = [_FEWEST + (number // 2 + further) % many for further in range(many)]
    sign = 1 if number % 2 else -1
    return tuple(_WEEK * side * week for side in (sign, -sign) for week in weeks)


def masked(timeline: Timeline, findings: Findings, glossary: Glossary, key: bytes, lang: str) -> Masked:
    """See `privacy.mask`."""
    youth = hmac.new(key, timeline.id.encode(), "sha256").hexdigest()[:12]
    parts = own_tables(timeline)
    found = of_youth(findings.to_arrow(), timeline.id)
    change = _Change(youth, agencies_by_sector(parts, found, glossary, lang), numbered(parts), glossary, lang)
    days = shift(key, youth)

    def column(name: str, values: list[Any]) -> list[Any]:
        return [change.value(name, value) for value in values]

    assessed = of_youth(findings.assessed.to_arrow(), timeline.id)
    return Masked(
        Timeline(
            Parts(**{name: changed(table, column, days) for name, table in parts.items()}),
            youth,
        ),
        Findings(changed(found, column, days), changed(assessed, column, days)),
    )


def unmasked(timeline: Timeline, findings: Findings, glossary: Glossary, key: bytes) -> Masked:
    """See `privacy.unmask`."""
    texts = (*_TEXTS, "by_whom", *_AGENCIES)

    def column(name: str, values: list[Any]) -> list[Any]:
        if name not in texts:
            return values
        return [each(value, glossary.unmask) for value in values]

    days = -shift(key, timeline.id)
    parts = {field.name: getattr(timeline, field.name).to_arrow() for field in fields(Parts)}
    return Masked(
        Timeline(
            Parts(**{name: changed(table, column, days) for name, table in parts.items()}),
            timeline.id,
        ),
        Findings(changed(findings.to_arrow(), column, days), findings.assessed.to_arrow()),
    )


def each(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - a text, texts or nothing
    """What takes the place of a text, of each of several texts, or of nothing."""
    if isinstance(value, list):
        return [each(one, change) for one in value]
    return None if value is None else change(value)


def own_tables(timeline: Timeline) -> dict[str, pa.Table]:
    """The tables of the timeline: the sources and agencies behind its events, and no rows of other tables."""
    parts = {field.name: getattr(timeline, field.name).to_arrow() for field in fields(Parts)}
    behind = {
        text.rpartition(":")[0] for row in parts["events"].column("sources").to_pylist() for text in row
    }
    seen = pa.array(sorted(behind), pa.string())
    for name in ("sources", "agencies"):
        parts[name] = parts[name].filter(pc.is_in(parts[name].column("source"), seen))
    return {name: table if name in _TABLES else table.slice(0, 0) for name, table in parts.items()}


def of_youth(table: pa.Table, youth: str) -> pa.Table:
    """The rows of a table on one youth."""
    return table.filter(pc.equal(table.column("youth").cast(pa.string()), youth))


@dataclass(frozen=True, slots=True)
class _Change:
    """What takes the place of what."""

    youth: str
    agencies: Mapping[str, str]
    references: Mapping[str, str]
    glossary: Glossary
    lang: str

    def value(self, name: str, value: Any) -> Any:  # noqa: ANN401 - whatever stands in a cell
        """The value that takes the place of another in a column; None if the column is not known."""
        if name in KEPT or value is None:
            return value
        if name == "youth":
            return self.youth
        if name in _AGENCIES:
            return each(value, lambda text: self.agencies.get(text, self.lang))
        if name in _REFERENCES:
            return each(value, lambda text: self.references[text])
        if name in _TEXTS:
            return self.glossary.mask(value)
        return role_of(value, self.glossary, self.lang) if name == "by_whom" else None


def role_of(text: str, glossary: Glossary, lang: str) -> str:
    """Who did something, by the glossary; else the first role that the text names; else a worker.

    Examples
    --------
    >>> role_of("A. Bos, psychiater", Glossary({}), "nl")
    'psychiater'
    """
    if glossary.knows(text):
        return glossary.mask(text)
    roles = sorted(_data()["roles"], key=len, reverse=True)
    found = re.search(rf"(?<!\w)({'|'.join(map(re.escape, roles))})(?!\w)", text, re.IGNORECASE)
    return found[1] if found else _data()["unknown"][lang]


def agencies_by_sector(
    parts: Mapping[str, pa.Table], findings: pa.Table, glossary: Glossary, lang: str
) -> dict[str, str]:
    """What each agency is called: by the glossary, else by its sector, with a number if it has several."""
    sector: dict[str, str] = {}
    names: list[str] = []
    for table in (parts["events"], parts["episodes"], parts["agencies"], parts["sources"], findings):
        for column in (name for name in _AGENCIES if name in table.column_names):
            for value in table.column(column).to_pylist():
                names += value if isinstance(value, list) else [value] if value else []
    for table in (parts["agencies"], parts["episodes"], parts["events"]):
        pairs = (table.column(name).to_pylist() for name in ("agency", "sector"))
        for name, word in zip(*pairs, strict=True):
            sector.setdefault(name, word)
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        if not glossary.knows(name):
            groups.setdefault(vocabulary()["sectors"][sector.get(name, "other")][lang], []).append(name)
    called = {name: glossary.mask(name) for name in names if glossary.knows(name)}
    for label, own in groups.items():
        called |= {name: label if len(own) == 1 else f"{label} {place}" for place, name in enumerate(own, 1)}
    return called


def numbered(parts: Mapping[str, pa.Table]) -> dict[str, str]:
    """Sources and rows by number: their names may name an agency."""
    sources = sorted(parts["sources"].column("source").to_pylist())
    known = {name: f"s{place}" for place, name in enumerate(sources, 1)}
    events = parts["events"]
    rows = {text for row in events.column("sources").to_pylist() for text in row}
    rows.update(events.column("event").to_pylist())
    for place, text in enumerate(sorted(rows), 1):
        known[text] = f"{known[text.rpartition(':')[0]]}:{place}"
    return known


def changed(table: pa.Table, column: Callable[[str, list[Any]], list[Any]], days: int) -> pa.Table:
    """The table with every column changed, and every day moved."""
    columns: list[pa.Array] = []
    for field in table.schema:
        values = table.column(field.name).to_pylist()
        if pa.types.is_date(field.type):
            values = [_moved(value, days) for value in values]
        elif field.type == SPAN:
            values = [value and {side: _moved(day, days) for side, day in value.items()} for value in values]
        else:
            values = column(field.name, values)
        columns.append(pa.array(values, field.type))
    return pa.table(columns, schema=table.schema)


def _moved(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days)
