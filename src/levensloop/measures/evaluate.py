"""How well findings agree with the truth: finding by finding, and day by day."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from levensloop.arrays import names_in
from levensloop.errors import UserError
from levensloop.measures.marking import WORDS, cover, length, marks_of, shared, table_of
from levensloop.measures.matching import Fit, Marks, matched
from levensloop.spans import Ints
from levensloop.tables import Table

_SCORES: Final = ("precision", "recall", "f1")
_CERTAINTIES: Final = ("certain", "possible")
_WIDTH: Final = (2.5, 97.5)


class Evaluation(Table):
    """Scores with their 95 % intervals, a row a group.

    Parameters
    ----------
    table : pyarrow.Table
        `by` (``all``, ``detector``, ``sector``, ``certainty``) and `value`; how many were `planted`, `found`
        and `matched`; `precision`, `recall` and `f1`, each with `_low` and `_high`. A share of nothing is null.
    days : pyarrow.Table
        The same day by day, for all and by detector: `planted`, `found` and `matched` days and their scores.
    pairs : pyarrow.Table
        Which finding (`found`, its row) is which row of the truth (`planted`).
    """

    __slots__ = ("days", "pairs")

    def __init__(self, table: pa.Table, days: pa.Table, pairs: pa.Table) -> None:
        super().__init__(table)
        self.days = Table(days)
        self.pairs = Table(pairs)

    def __str__(self) -> str:
        shown = ["by", "value", "planted", "found", "matched", *_SCORES]
        rows = [shown, *([_cell(row, name) for name in shown] for row in self.to_arrow().to_pylist())]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )


def evaluate(  # noqa: PLR0913 - the conditions of a match, each by name
    findings: object,
    truth: object,
    *,
    onset: int | None = 30,
    offset: int | None = 30,
    overlap: float = 0.0,
    outcome: bool = True,
    bootstrap: int = 200,
    seed: int = 0,
) -> Evaluation:
    r"""Hold findings against the truth.

    A finding and a row of the truth can be one if youth and detector are the same, and outcome, agency and
    addressee where the truth gives them; if their starts lie at most `onset` days apart, their ends at most
    `offset`, and at least the share `overlap` of the days of either are days of both. They are matched one to
    one: as many as can be, and of those ways the one with the least days apart.

    Truth that was planted by the generator that one's own detectors were written for shows that nothing broke,
    not that the detectors are right: for that, take what reviewers annotated.

    Parameters
    ----------
    findings : Findings
        Or anything with the Arrow C stream and the columns below.
    truth : Findings, table or path
        Columns `youth, detector, start` and, where known, `end` (exclusive), `outcome, agency, to_agency, sector,
        certainty`; or a truth file of a delivery. Only detectors that the truth names are judged.
    onset, offset : int or None
        Collars in days; None: it does not matter.
    overlap : float
        From 0 to 1.
    outcome : bool
        Whether outcomes must be the same.
    bootstrap : int
        How many times youths are drawn for the intervals; 0: none.
    seed : int
        Of those draws.

    Returns
    -------
    Evaluation

    Raises
    ------
    UserError
        If a table lacks a column, or a condition is out of range.

    Notes
    -----
    Event-based precision, recall and F1 with collars, and segment-based ones with segments of a day, are those of
    sound event detection (Mesaros, Heittola and Virtanen 2016, Metrics for polyphonic sound event detection). By
    `certainty`, recall is the share of the truth that findings of that certainty meet; by `sector`, of the truth that
    names the sector.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("window 2000-01-01..2005-12-31\nggz care 2005-01-01..2005-03-31 no_show")
    >>> found = ll.detect(youth, ll.Gap(min_days=60))
    >>> ll.evaluate(found, found, bootstrap=0).to_arrow().to_pylist()[0]["f1"]
    1.0
    """
    _checked(onset, offset, overlap, bootstrap)
    tables = table_of(findings, "findings"), table_of(truth, "truth")
    names = {name: names_in(*(table.column(name) for table in tables)) for name in WORDS[:-1]}
    names["certainty"] = _CERTAINTIES
    found, planted = (marks_of(table, names) for table in tables)
    judged = np.flatnonzero(np.isin(found.detector, np.unique(planted.detector)))
    ours = found.some(judged)
    pairs = matched(ours, planted, Fit(onset, offset, overlap, outcome))
    counts = list(_groups(ours, planted, pairs, names))
    whose = [np.concatenate([ours.youth, planted.youth])]
    size = int(whose[0].max(initial=-1)) + 1
    return Evaluation(
        _scored(counts, size, bootstrap, seed),
        _by_day(ours, planted, names["detector"]),
        pa.table({"found": judged[pairs[0]], "planted": pairs[1]}),
    )


def _checked(onset: int | None, offset: int | None, overlap: float, bootstrap: int) -> None:
    wrong = [
        f"{name} is a number of days from 0, or None"
        for name, value in (("onset", onset), ("offset", offset))
        if value is not None and value < 0
    ]
    wrong += ["overlap is a share from 0 to 1"] if not 0 <= overlap <= 1 else []
    wrong += ["bootstrap is a number from 0"] if bootstrap < 0 else []
    if wrong:
        raise UserError("; ".join(wrong))


class _Group(NamedTuple):
    """A row of the table: the youths of what was planted, found, met of the truth and right of what was found."""

    by: str
    value: str | None
    planted: Ints | None
    found: Ints
    met: Ints
    right: Ints


def _groups(
    found: Marks, planted: Marks, pairs: tuple[Ints, Ints], names: dict[str, tuple[str, ...]]
) -> Iterator[_Group]:
    hit, met = pairs

    def group(by: str, value: str | None, name: str, place: int) -> _Group:
        ours, theirs = (getattr(marks, name) for marks in (found, planted))
        whole = name == "certainty"
        told = planted.youth if whole else planted.youth[theirs == place]
        if by == "sector" and not (theirs >= 0).any():
            told = None
        good = ours[hit] == place
        caught = good if whole else theirs[met] == place
        return _Group(
            by, value, told, found.youth[ours == place], planted.youth[met[caught]], found.youth[hit[good]]
        )

    yield _Group("all", None, planted.youth, found.youth, planted.youth[met], found.youth[hit])
    for by in ("detector", "sector", "certainty"):
        for place, value in enumerate(names[by]):
            made = group(by, value, by, place)
            if made.found.size or (made.planted is not None and made.planted.size and by != "certainty"):
                yield made


def _scored(groups: list[_Group], size: int, bootstrap: int, seed: int) -> pa.Table:
    """The table of scores; intervals by drawing youths anew."""
    parts = ("planted", "found", "met", "right")
    counts = np.zeros((len(groups), len(parts), size))
    for row, group in enumerate(groups):
        for at, part in enumerate(parts):
            whose = getattr(group, part)
            if whose is not None:
                counts[row, at] = np.bincount(whose, minlength=size)
    told = np.array([group.planted is not None for group in groups])
    scores = _shares(counts.sum(2), told)
    columns: dict[str, Any] = {
        "by": [group.by for group in groups],
        "value": [group.value for group in groups],
    }
    for at, name in enumerate(("planted", "found", "matched")):
        column = counts[:, at].sum(1).astype(np.int64)
        columns[name] = pa.array(column, mask=~told) if name == "planted" else pa.array(column)
    columns["matched"] = pa.array(counts[:, 3].sum(1).astype(np.int64))
    bounds = _intervals(counts, told, bootstrap, seed)
    for at, name in enumerate(_SCORES):
        columns[name] = _null(scores[:, at])
        for side, suffix in enumerate(("low", "high")):
            columns[f"{name}_{suffix}"] = _null(bounds[side, :, at])
    columns["value"] = pa.array(columns["value"], pa.string())
    return pa.table(columns)


def _intervals(counts: np.ndarray, told: np.ndarray, bootstrap: int, seed: int) -> np.ndarray:
    """The bounds of each score, when as many youths are drawn again and again."""
    size = counts.shape[2]
    drawn = np.full((max(bootstrap, 1), counts.shape[0], len(_SCORES)), np.nan)
    dice = np.random.default_rng(seed)
    for at in range(bootstrap if size else 0):
        weight = np.bincount(dice.integers(0, size, size), minlength=size)
        drawn[at] = _shares(counts @ weight, told)
    bounds = np.full((2, *drawn.shape[1:]), np.nan)
    known = np.isfinite(drawn)
    for row, score in zip(*np.nonzero(known.sum(0) > len(drawn) / 2), strict=True):
        bounds[:, row, score] = np.percentile(drawn[known[:, row, score], row, score], _WIDTH)
    return bounds


def _shares(counts: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Precision, recall and F1 of rows of (planted, found, met, right); nan for a share of nothing."""
    planted, found, met, right = counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(found > 0, right / found, np.nan)
        recall = np.where((planted > 0) & told, met / planted, np.nan)
        f1 = np.where((planted + found > 0) & told, (met + right) / (planted + found), np.nan)
    return np.stack([precision, recall, f1], 1)


def _by_day(found: Marks, planted: Marks, names: tuple[str, ...]) -> pa.Table:
    """Days of what was planted and found; of overlapping findings of a youth and detector each day once."""
    rows: list[tuple[Any, ...]] = []
    for place, name in enumerate(names):
        theirs, ours = (cover(marks.some(marks.detector == place)) for marks in (planted, found))
        if theirs.group.size or ours.group.size:
            rows.append((name, length(theirs), length(ours), shared(ours, theirs)))
    rows.insert(0, (None, *(sum(row[at] for row in rows) for at in (1, 2, 3))))
    numbers = np.array([row[1:] for row in rows], float)
    scores = _shares(numbers[:, [0, 1, 2, 2]], np.ones(len(rows), bool))
    columns: dict[str, Any] = {"detector": pa.array([row[0] for row in rows], pa.string())}
    for at, name in enumerate(("planted", "found", "matched")):
        columns[name] = numbers[:, at].astype(np.int64)
    return pa.table(columns | {name: _null(scores[:, at]) for at, name in enumerate(_SCORES)})


def _null(values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))


def _cell(row: dict[str, Any], name: str) -> str:
    value = row[name]
    if name not in _SCORES:
        return "" if value is None else str(value)
    if value is None:
        return "-"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{value:.3f}" if low is None else f"{value:.3f} ({low:.3f}-{high:.3f})"
