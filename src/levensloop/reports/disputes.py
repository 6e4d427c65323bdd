"""What sources dispute of a fact: every version that was delivered, with the record that holds it."""

from typing import Any, Final

from levensloop.cohort import Timeline
from levensloop.reports.tables import Rows
from levensloop.text import named, say

_BOUND: Final = ("_min", "_max")


def with_disputes(rows: Rows, timeline: Timeline, lang: str) -> Rows:
    """The chronology with a column of what sources dispute, if they dispute anything.

    Parameters
    ----------
    rows : tuple of tuple of str
        A row an event, the first with headings.
    timeline : Timeline
    lang : {"nl", "en"}
    """
    facts = timeline.events.to_arrow().select(["event", "disputed"]).to_pylist()
    if not any(fact["disputed"] for fact in facts):
        return rows
    records: dict[str, list[dict[str, Any]]] = {}
    for record in timeline.records.to_arrow().to_pylist():
        records.setdefault(record["event"], []).append(record)
    told = [_told(fact["disputed"], records.get(fact["event"], []), lang) for fact in facts]
    heads = (*rows[0], say("case.disputed", lang))
    return (heads, *((*row, text) for row, text in zip(rows[1:], told, strict=True)))


def _told(columns: list[str] | None, records: list[dict[str, Any]], lang: str) -> str:
    """Column by column what each record says; the column alone where the records do not show it."""
    lines: list[str] = []
    for column in dict.fromkeys(_plain(column) for column in columns or ()):
        versions: dict[str, list[str]] = {}
        for record in records:
            said = dict(record["row"] or ()).get(column)
            if said:
                number = "" if record["record"] is None else f":{record['record']}"
                versions.setdefault(said, []).append(f"{record['source']}{number}")
        name = named("chronology", column, lang)
        told = "; ".join(f"{said} ({', '.join(where)})" for said, where in versions.items())
        lines.append(f"{name}: {told}" if told else name)
    return "\n".join(lines)


def _plain(column: str) -> str:
    for bound in _BOUND:
        column = column.removesuffix(bound)
    return column
