"""The files of a run."""

import json

import pyarrow.csv as pcsv
import pyarrow.parquet as pq

import levensloop as ll
from helpers import cohort, events, row
from levensloop import exports

ROWS = [
    row("care", "2005-01-01", "2005-02-01", agency="=cmd|' /C calc'!A0", reason="no_show"),
    row("referral", "2006-01-01", agency="gp", to_agency="=cmd|' /C calc'!A0"),
    row("care", "nonsense"),
]


def test_a_run_leaves_tables_and_a_summary(tmp_path):
    read = events(ROWS)
    made = cohort(read)
    found = ll.detect(made)
    written = exports.write(tmp_path / "out", read, made, found)
    assert [path.name for path in written] == [
        "events.parquet", "episodes.parquet", "findings.parquet", "records.parquet", "findings.csv", "summary.json",
    ]  # fmt: skip
    assert all(path.stat().st_size for path in written)
    assert pq.read_table(tmp_path / "out" / "findings.parquet").num_rows == len(found)
    told = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert told["fates"] == {"event": 2, "rejected": 1}
    assert told["rows_read"] == 3
    assert told["faults"][0]["code"] == "unreadable_date"
    assert '"y"' not in json.dumps(told)


def test_no_cell_of_the_csv_is_a_formula(tmp_path):
    read = events(ROWS)
    made = cohort(read)
    exports.write(tmp_path, read, made, ll.detect(made))
    table = pcsv.read_csv(tmp_path / "findings.csv")
    cells = [cell for column in table.columns for cell in column.to_pylist() if isinstance(cell, str)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert any("=cmd" in cell for cell in cells)
