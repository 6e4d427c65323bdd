"""What a detector finds with other parameters."""

import inspect
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.authoring import FunctionDetector
from levensloop.cohort import Cohort
from levensloop.detecting import detect
from levensloop.errors import UserError
from levensloop.findings import Findings
from levensloop.tables import Table, plain

#: What makes two findings the same, whatever the parameters.
_SAME: Final = ("youth", "outcome", "certainty", "start", "end", "agency", "to_agency", "sector", "rule")
_COUNTS: Final = ("findings", "youths", "certain", "possible", "days_min", "days_max", "appeared", "gone")


def sensitivity(
    cohort: Cohort,
    detector: Callable[..., Any],
    **grid: Sequence[object],  # the parameters are the detector's own, by their names
) -> Table:
    """How much of what a detector finds rests on the choice of its parameters.

    Parameters
    ----------
    cohort : Cohort
    detector : type or function detector
        Such as ``ll.Gap``, or what ``@ll.detector`` made.
    **grid : sequence
        Values to try for parameters of the detector; of several parameters every combination.

    Returns
    -------
    Table
        A row a combination, in the order given: the parameters, `findings`, `youths` with one, how many are
        `certain` and `possible`, the sums of their `days_min` and `days_max` (null ones left out), and how many
        `appeared` and are `gone` against the first row.

    Raises
    ------
    UserError
        If the detector has no such parameter, or there is nothing to try.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("ggz care 2005-01-01..2005-01-31; ggz care 2005-05-01..2005-06-30 goal_reached")
    >>> told = ll.sensitivity(youth, ll.Gap, min_days=[60, 90, 180])
    >>> told.to_arrow().select(["min_days", "findings", "gone"]).to_pylist()[-1]
    {'min_days': 180, 'findings': 0, 'gone': 1}
    """
    _checked(detector, grid)
    rows: list[dict[str, Any]] = []
    first: pa.Table | None = None
    for values in product(*grid.values()):
        found = detect(cohort, detector(**dict(zip(grid, values, strict=True))))
        table = _keys(found)
        first = table if first is None else first
        rows.append(dict(zip(grid, map(_shown, values), strict=True)) | _told(found, table, first))
    columns = {name: pa.array([row[name] for row in rows]) for name in grid}
    return Table(
        pa.table(columns | {name: pa.array([row[name] for row in rows], pa.int64()) for name in _COUNTS})
    )


def _checked(detector: Callable[..., Any], grid: dict[str, Sequence[object]]) -> None:
    made = detector.function if isinstance(detector, FunctionDetector) else detector
    known = list(inspect.signature(made).parameters)
    if isinstance(detector, FunctionDetector):
        known = known[1:]  # the timeline
    unknown = [name for name in grid if name not in known]
    empty = [name for name, values in grid.items() if isinstance(values, str) or not list(values)]
    told = [f"no parameter {', '.join(unknown)}"] if unknown else []
    told += [f"no list of values for {', '.join(empty)}"] if empty else []
    told += [] if grid else ["nothing to try"]
    if told:
        raise UserError(
            f"{'; '.join(told)}. Hint: the parameters are {', '.join(known) or 'none'}, each with a list."
        )


def _shown(value: object) -> object:
    """A value as it can stand in a column."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _keys(found: Findings) -> pa.Table:
    """What identifies each finding; nothing said is a word of its own, since in a join nothing equals nothing."""
    table = plain(found.to_arrow().select(_SAME))
    text = {name: pc.fill_null(table.column(name).cast(pa.string()), "") for name in _SAME}
    return pa.table(text)


def _told(found: Findings, table: pa.Table, first: pa.Table) -> dict[str, int]:
    rows = found.to_arrow()
    certain = pc.sum(pc.equal(table.column("certainty"), "certain")).as_py() or 0
    return {
        "findings": len(table),
        "youths": pc.count_distinct(table.column("youth")).as_py(),
        "certain": certain,
        "possible": len(table) - certain,
        "days_min": pc.sum(rows.column("days_min")).as_py() or 0,
        "days_max": pc.sum(rows.column("days_max")).as_py() or 0,
        "appeared": len(table.join(first, list(_SAME), join_type="left anti")),
        "gone": len(first.join(table, list(_SAME), join_type="left anti")),
    }
