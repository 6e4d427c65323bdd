"""Findings against planted truth: what was found, what was missed, what was said too much."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from levensloop.errors import UserError
from levensloop.findings import Findings
from levensloop.tables import Table

TRUTH: Final = pa.schema(
    [
        (name, pa.string())
        for name in ("youth", "detector", "outcome", "certainty", "start", "end", "agency", "to_agency")
    ]
)
_KEY: Final = ("youth", "detector", "outcome")
_NEEDED: Final = ("youth", "detector")
_WHERE_GIVEN: Final = ("start", "end", "agency", "to_agency")


class Scores(Table):
    """One row per detector; beside it what was missed and what was found without having been planted.

    Parameters
    ----------
    table : pyarrow.Table
        Columns ``detector, planted, met, findings, precision, certain, certain_precision, recall``.
    missed : pyarrow.Table
        Planted findings that no finding meets.
    unplanted : pyarrow.Table
        Findings that meet nothing planted.
    doubted : pyarrow.Table
        Planted findings that were met, but with another certainty.

    Examples
    --------
    >>> scores = compare(Findings.empty(), TRUTH.empty_table())
    >>> len(scores), scores.whole
    (0, True)
    """

    __slots__ = ("doubted", "missed", "unplanted")

    def __init__(self, table: pa.Table, missed: pa.Table, unplanted: pa.Table, doubted: pa.Table) -> None:
        super().__init__(table)
        self.missed = Table(missed)
        self.unplanted = Table(unplanted)
        self.doubted = Table(doubted)

    def __str__(self) -> str:
        lines = [self.columns, *(tuple(map(_cell, row.values())) for row in self.to_arrow().to_pylist())]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)) for line in lines
        )

    @property
    def whole(self) -> bool:
        """Whether all that was planted was found, with its certainty, and nothing else called certain."""
        certain = "certain" in self.unplanted.to_arrow().column("certainty").to_pylist()
        return not (len(self.missed) or len(self.doubted) or certain)


def read_truth(path: Path | str) -> pa.Table:
    """Read planted truth.

    Parameters
    ----------
    path : Path or str
        The file, or the folder of a delivery that holds ``_truth.csv``.

    Returns
    -------
    pyarrow.Table
        `TRUTH`: text; an empty cell says that anything will do.

    Raises
    ------
    UserError
        If there is no such file, or it has no column for youth or detector.
    """
    place = Path(path)
    place = place / "_truth.csv" if place.is_dir() else place
    try:
        text = place.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{place.name} cannot be read; give a CSV file of planted truth, in UTF-8") from error
    rows = csv.DictReader(text.splitlines())
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise UserError(f"{place.name} has no column {', '.join(missing)}; it needs {', '.join(_NEEDED)}")
    return _truth(rows)


def compare(findings: Findings, truth: pa.Table | Path | str) -> Scores:
    """Score findings against planted truth.

    A finding meets a planted one if youth, detector and outcome are the same, and start, end, agency and to_agency
    where the truth gives them; each meets at most one. Findings of a detector that the truth does not name are
    not judged.

    Parameters
    ----------
    findings : Findings
    truth : pyarrow.Table, Path or str
        Columns of `TRUTH`, or where to read them.

    Returns
    -------
    Scores
        Precision over all findings and over the certain ones, and recall, by detector; a share of nothing is null.

    Examples
    --------
    >>> planted = pa.table({"youth": ["a"], "detector": ["Gap"], "outcome": ["waiting"]})
    >>> compare(Findings.empty(), planted).to_arrow().select(["detector", "planted", "recall"]).to_pylist()
    [{'detector': 'Gap', 'planted': 1, 'recall': 0.0}]
    """
    planted = (read_truth(truth) if isinstance(truth, str | Path) else _truth(truth.to_pylist())).to_pylist()
    # Of a detector for which nothing was planted, nothing can be said.
    judged = {row["detector"] for row in planted}
    found = [row for row in _plain(findings) if row["detector"] in judged]
    met = _pair(planted, found)
    matched = set(met.values())
    rows = [_score(name, planted, found, met) for name in sorted(judged)]
    doubted = [
        planted[place]
        for place, finding in met.items()
        if planted[place]["certainty"] not in ("", found[finding]["certainty"])
    ]
    return Scores(
        pa.Table.from_pylist(rows, schema=_SCORES),
        pa.Table.from_pylist([row for place, row in enumerate(planted) if place not in met], schema=TRUTH),
        pa.Table.from_pylist([row for place, row in enumerate(found) if place not in matched], schema=TRUTH),
        pa.Table.from_pylist(doubted, schema=TRUTH),
    )


_SCORES: Final = pa.schema(
    [
        ("detector", pa.string()),
        ("planted", pa.int64()),
        ("met", pa.int64()),
        ("findings", pa.int64()),
        ("precision", pa.float64()),
        ("certain", pa.int64()),
        ("certain_precision", pa.float64()),
        ("recall", pa.float64()),
    ]
)


def _truth(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    plain = [{name: str(row.get(name) or "") for name in TRUTH.names} for row in rows]
    return pa.Table.from_pylist(plain, schema=TRUTH)


def _plain(findings: Findings) -> list[dict[str, str]]:
    table = findings.to_arrow().select(TRUTH.names)
    columns = [
        np.asarray(["" if value is None else str(value) for value in column.to_pylist()], object)
        for column in table.columns
    ]
    return [dict(zip(TRUTH.names, row, strict=True)) for row in zip(*columns, strict=True)]


def _pair(planted: list[dict[str, str]], found: list[dict[str, str]]) -> dict[int, int]:
    """The finding that each planted row is met by; those that say most choose first."""
    there: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(found):
        there[tuple(row[name] for name in _KEY)].append(place)
    met: dict[int, int] = {}
    order = sorted(range(len(planted)), key=lambda place: [not planted[place][name] for name in _WHERE_GIVEN])
    for place in order:
        row = planted[place]
        free = there[tuple(row[name] for name in _KEY)]
        fits = [
            finding
            for finding in free
            if all(row[name] in ("", found[finding][name]) for name in _WHERE_GIVEN)
        ]
        if fits:
            # Of several that fit, one of the same certainty.
            best = min(fits, key=lambda finding: found[finding]["certainty"] != row["certainty"])
            met[place] = best
            free.remove(best)
    return met


def _score(
    detector: str, planted: list[dict[str, str]], found: list[dict[str, str]], met: dict[int, int]
) -> dict[str, Any]:
    here = {place for place, row in enumerate(found) if row["detector"] == detector}
    certain = {place for place in here if found[place]["certainty"] == "certain"}
    right = here & set(met.values())
    count = Counter(row["detector"] for row in planted)[detector]
    return {
        "detector": detector,
        "planted": count,
        "met": len(right),
        "findings": len(here),
        "precision": _share(len(right), len(here)),
        "certain": len(certain),
        "certain_precision": _share(len(certain & right), len(certain)),
        "recall": _share(len(right), count),
    }


def _cell(value: float | str | None) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
