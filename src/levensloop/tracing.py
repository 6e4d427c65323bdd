"""From an event back to the delivered rows behind it."""

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.accounts import fates_of
from levensloop.cutting import Part
from levensloop.errors import UserError

_TOLD: Final = ("record", "fate", "event", "reason")


def trace(part: Part, event: str) -> list[dict[str, Any]]:
    """The delivered rows behind an event of some youths, or the one of a ``source:record``; see `Cohort.trace`."""
    behind, records = part.records_of(event), part.whole.records
    where = [name.rpartition(":") for name in behind or [event]]
    source = fates_of(records).column("source").cast(pa.string())
    rows = records.where(pc.is_in(source, pa.array([name for name, _, _ in where]))).to_arrow().to_pylist()
    wanted = {(source, int(record)) for source, _, record in where if record.isdigit()}
    found = [row for row in rows if (row["source"], row["record"]) in wanted]
    if not found:
        if behind and not len(records):
            raise UserError(
                "the delivered rows were left on disk. Hint: take them along: dataset.part(number, records=True)."
            )
        raise UserError("no event or row has this name. Hint: an event's id, or source:row such as ggz:12.")
    sources = part.table("sources")
    file_of = dict(zip(*(sources.column(name).to_pylist() for name in ("source", "file")), strict=True))
    return [
        {"file": file_of[row["source"]], **{name: row[name] for name in _TOLD}, "row": dict(row["row"])}
        for row in sorted(found, key=lambda row: (row["source"], row["record"], row["part"]))
    ]
