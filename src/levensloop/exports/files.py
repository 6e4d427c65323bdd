"""The files that a run leaves behind."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from levensloop.accounts import fates_of
from levensloop.cohort import Cohort
from levensloop.events import Events
from levensloop.findings import Findings
from levensloop.measures import consecutive

#: A spreadsheet takes a cell that begins so for a formula; an apostrophe keeps it text.
_FORMULA = r"^([=+\-@\t\r])"


def write(out: str | Path, events: Events, cohort: Cohort, findings: Findings) -> list[Path]:
    """Write events, episodes, findings and records as Parquet, findings as CSV, and a summary.

    Parameters
    ----------
    out : path
        A folder; made when it is not there.
    events : Events
        What was read, for the counts and the faults.
    cohort : Cohort
    findings : Findings

    Returns
    -------
    list of Path
        The files written.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "events": cohort.events,
        "episodes": cohort.episodes,
        "findings": findings,
        "records": cohort.records,
    }
    written: list[Path] = []
    for name, table in tables.items():
        written.append(folder / f"{name}.parquet")
        pq.write_table(table.to_arrow(), written[-1])
    written.append(folder / "findings.csv")
    pcsv.write_csv(flat(findings.to_arrow()), written[-1])
    written.append(folder / "summary.json")
    text = json.dumps(summary(events, cohort, findings), indent=2, ensure_ascii=False)
    written[-1].write_text(text + "\n", encoding="utf-8")
    return written


def summary(events: Events, cohort: Cohort, findings: Findings) -> dict[str, Any]:
    """The counts of a run: rows by fate and source, events, youths, findings and faults.

    Returns
    -------
    dict
        Ready for JSON; it holds no key and no free text.
    """
    fates = pc.value_counts(fates_of(cohort.records).column("fate").cast(pa.string())).to_pylist()
    sources = cohort.sources.to_arrow().select(["source", "file", "rows_read", "accepted", "rejected"])
    return {
        "rows_read": pc.sum(sources.column("rows_read")).as_py() or 0,
        "fates": {entry["values"]: entry["counts"] for entry in sorted(fates, key=lambda one: one["values"])},
        "youths": len(cohort),
        "events": len(cohort.events),
        "episodes": len(cohort.episodes),
        "consecutive_care": consecutive(cohort).to_arrow().to_pylist(),
        "findings": findings.count("detector", "outcome", "certainty").to_arrow().to_pylist(),
        "sources": sources.to_pylist(),
        "faults": [
            {"file": one.file, "row": one.row, "column": one.column, "code": one.code, "rows": one.count}
            for one in events.faults
        ],
    }


def flat(table: pa.Table) -> pa.Table:
    """A table without lists and maps, fit for CSV: their parts are joined by semicolons.

    Examples
    --------
    >>> flat(pa.table({"evidence": [["gp:1", "ggz:2"]], "agency": ["=1+1"]})).to_pylist()
    [{'evidence': 'gp:1; ggz:2', 'agency': "'=1+1"}]
    """
    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if pa.types.is_map(column.type):
            pairs = pc.binary_join_element_wise(column.keys, column.items.cast(pa.string()), "=")
            column = pa.ListArray.from_arrays(column.offsets, pairs)
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, "; ")
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        columns[name] = safe(column) if pa.types.is_string(column.type) else column
    return pa.table(columns)


def safe(text: pa.Array) -> pa.Array:
    """Text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe(pa.array(["=1", "a"])).to_pylist()
    ["'=1", 'a']
    """
    return pc.replace_substring_regex(text, _FORMULA, r"'\1")
