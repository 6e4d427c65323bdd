"""How far two who annotated agree."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from levensloop.arrays import days, names_in
from levensloop.cohort import Cohort
from levensloop.measures.marking import WORDS, cover, length, marks_of, shared, table_of
from levensloop.measures.matching import Marks
from levensloop.spans import NO_DAY, Ints
from levensloop.tables import Table


def agreement(one: object, other: object, cohort: Cohort) -> Table:
    r"""How far two who annotated agree, day by day, beyond what chance would give.

    Parameters
    ----------
    one, other : table
        Columns as for the truth of `evaluate`; days that a row covers are marked for its detector.
    cohort : Cohort
        Whose observed days they looked at: only those count, marked or not.

    Returns
    -------
    Table
        `detector` (null: all together), `days` looked at, marked by `both`, by `one` and by `other` alone, and
        Cohen's `kappa`: (observed agreement - agreement by chance) / (1 - agreement by chance); null where chance
        alone gives full agreement. Source: Cohen 1960, A coefficient of agreement for nominal scales.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("window 2000-01-01..2005-12-31\nggz care 2005-01-01..2005-03-31 no_show")
    >>> found = ll.detect(youth, ll.Gap(min_days=60))
    >>> agreement(found, found, youth).to_arrow().column("kappa").to_pylist()
    [1.0, 1.0]
    """
    tables = table_of(one, "one"), table_of(other, "other")
    names: dict[str, tuple[str, ...]] = {
        name: names_in(*(table.column(name) for table in tables)) for name in WORDS
    }
    people = cohort.youths.to_arrow()
    names["youth"] = tuple(people.column("youth").to_pylist())
    lows, highs = days(people.column("observed_from")), days(people.column("observed_until"))
    seen = (lows != NO_DAY) & (highs > lows)
    whole = int((highs - lows)[seen].sum())
    marks = [_inside(marks_of(table, names), lows, highs) for table in tables]
    rows: list[dict[str, Any]] = []
    counted = []
    for place in range(len(names["detector"])):
        first, second = (cover(mark.some(mark.detector == place)) for mark in marks)
        both = shared(first, second)
        counted.append((whole, both, length(first) - both, length(second) - both))
    totals = tuple(np.sum(counted, axis=0).tolist()) if counted else (0, 0, 0, 0)
    for name, (total, both, left, right) in zip([None, *names["detector"]], [totals, *counted], strict=True):
        kappa = _kappa(total, both, left, right)
        rows.append(
            {"detector": name, "days": total, "both": both, "one": left, "other": right, "kappa": kappa}
        )
    numbers = [(name, pa.int64()) for name in ("days", "both", "one", "other")]
    schema = pa.schema([("detector", pa.string()), *numbers, ("kappa", pa.float64())])
    return Table(pa.Table.from_pylist(rows, schema=schema))


def _inside(marks: Marks, lows: Ints, highs: Ints) -> Marks:
    """Marks cut to the days that are observed; an unknown youth has none."""
    known = marks.some((marks.youth >= 0) & (marks.end != NO_DAY))
    low, high = lows[known.youth], highs[known.youth]
    start, end = np.maximum(known.start, low), np.minimum(known.end, high)
    keep = (low != NO_DAY) & (end > start)
    return replace(known.some(keep), start=start[keep], end=end[keep])


def _kappa(total: int, both: int, one: int, other: int) -> float | None:
    if not total:
        return None
    first, second = (both + one) / total, (both + other) / total
    chance = first * second + (1 - first) * (1 - second)
    agreed = (total - one - other) / total
    return None if chance == 1 else (agreed - chance) / (1 - chance)
