"""The eight quality aspects of the inspectorates: which findings speak to each, of a youth and of a chain."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa

from levensloop.arrays import codes, names_in, places
from levensloop.cohort import Cohort
from levensloop.findings import Findings
from levensloop.measures.suppressing import LEAST, small
from levensloop.spans import Bools, Ints
from levensloop.tables import Table

STATES: Final = ("found", "nothing_found", "nothing_speaks")
_SIDES: Final = ("concerns", "well")
_CODED: Final = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect: its names, and the detectors with the outcomes (none: all) that speak to it on either side."""

    names: Mapping[str, str]
    concerns: tuple[tuple[str, tuple[str, ...]], ...]
    well: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def detectors(self) -> frozenset[str]:
        """All that speak to it."""
        return frozenset(name for name, _ in (*self.concerns, *self.well))


@cache
def known() -> Mapping[str, Aspect]:
    """The aspects in the order of the inspectorates, from ``data/aspects.toml``.

    Examples
    --------
    >>> list(known())[-1], known()["reach"].names["en"]
    ('systematic_evaluation', 'Reach')
    """
    told = tomllib.loads((files("levensloop") / "data" / "aspects.toml").read_text("utf-8"))
    return MappingProxyType(
        {
            name: Aspect(
                {lang: entry[lang] for lang in ("nl", "en")},
                *(
                    tuple((one["detector"], tuple(one.get("outcomes", ()))) for one in entry[side])
                    for side in _SIDES
                ),
            )
            for name, entry in told.items()
        }
    )


class Aspects(Table):
    """What the findings say of each aspect, youth by youth; of the whole chain in `chain`.

    Parameters
    ----------
    table : pyarrow.Table
        `youth`, `aspect`, `state`, and how many findings are `certain` and `possible` concerns, and `well`.
    chain : pyarrow.Table
        `aspect`, `state`, `youths` with a concern (`certain` ones of them apart) and with something that went `well`, out of
        how many could be `assessed`; null where a count is too small to be shown.
    """

    __slots__ = ("chain",)

    def __init__(self, table: pa.Table, chain: pa.Table) -> None:
        super().__init__(table)
        self.chain = Table(chain)

    def tell(self, lang: str = "nl") -> list[str]:
        """The chain in sentences, an aspect each."""
        from levensloop.text import say

        lines: list[str] = []
        for row in self.chain.to_arrow().to_pylist():
            values = {
                "aspect": known()[row["aspect"]].names[lang],
                "n": row["youths"],
                "assessed": row["assessed"],
            }
            few = row["state"] == "found" and row["youths"] is None
            lines.append(say(f"aspects.{'few' if few else row['state']}", lang, values))
        return lines


def aspects(findings: Findings, cohort: Cohort, *, least: int = LEAST) -> Aspects:
    """Which findings speak to which of the eight quality aspects.

    Parameters
    ----------
    findings : Findings
        With what could be assessed, as `detect` gives them.
    cohort : Cohort
        Whose findings they are.
    least : int
        Counts of youths in `chain` below this are not shown; 0 shows all, for a case that everyone at the table knows.

    Returns
    -------
    Aspects
        The state of an aspect is ``found`` (a finding speaks to it), ``nothing_found`` (a detector that speaks to
        it could look, and found nothing) or ``nothing_speaks`` (none could look: nothing in the data speaks to this).

    Notes
    -----
    Aspects: Integraal Toezicht Jeugdzaken, Werkende Ketens? (2009). Which finding speaks to which is in
    ``data/aspects.toml``. Findings of other detectors are left out.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("window 2000-01-01..2005-12-31; ggz care 2005-01-01..2005-03-31 no_show")
    >>> told = ll.aspects(ll.detect(youth, ll.Gap(min_days=60)), youth)
    >>> dict(zip(*(told.to_arrow().column(name).to_pylist() for name in ("aspect", "state"))))["continuity"]
    'found'
    """
    ids = cohort.youths.to_arrow().column("youth").combine_chunks()
    table, assessed = findings.to_arrow(), findings.assessed.to_arrow()
    youth, certain = places(table.column("youth"), ids), codes(table.column("certainty"), ("certain",)) == 0
    size = len(ids)
    columns: dict[str, list[Ints]] = {name: [] for name in ("certain", "possible", "well", "state")}
    rows: list[dict[str, Any]] = []
    for name, aspect in known().items():
        concern, well = (_speaks(table, getattr(aspect, side)) & (youth >= 0) for side in _SIDES)
        counts = [
            np.bincount(youth[mask], minlength=size) for mask in (concern & certain, concern & ~certain, well)
        ]
        looked = _looked(assessed, aspect, ids)
        found = np.sum(counts, axis=0) > 0
        state = np.where(found, 0, np.where(looked, 1, 2))
        for column, values in zip(columns.values(), (*counts, state), strict=True):
            column.append(values)
        rows.append(_chain(name, counts, looked | found, least))
    order = {key: np.stack(values, 1).reshape(-1) for key, values in columns.items()}
    whole = {
        "youth": pa.DictionaryArray.from_arrays(
            pa.array(np.repeat(np.arange(size, dtype=np.int32), len(known()))), ids
        ),
        "aspect": pa.DictionaryArray.from_arrays(
            pa.array(np.tile(np.arange(len(known()), dtype=np.int32), size)), list(known())
        ),
        "state": pa.DictionaryArray.from_arrays(pa.array(order["state"].astype(np.int32)), list(STATES)),
        **{name: pa.array(order[name]) for name in ("certain", "possible", "well")},
    }
    return Aspects(pa.table(whole), pa.Table.from_pylist(rows, schema=_CHAIN))


_CHAIN: Final = pa.schema(
    [("aspect", pa.string()), ("state", pa.string())]
    + [(name, pa.int64()) for name in ("youths", "certain", "well", "assessed")]
)


def _speaks(table: pa.Table, side: tuple[tuple[str, tuple[str, ...]], ...]) -> Bools:
    """Which findings speak on one side of an aspect."""
    detectors, outcomes = (names_in(table.column(name)) for name in ("detector", "outcome"))
    detector, outcome = (
        codes(table.column(name), names) for name, names in (("detector", detectors), ("outcome", outcomes))
    )
    mask = np.zeros(len(table), bool)
    for name, words in side:
        if name not in detectors:
            continue
        here = detector == detectors.index(name)
        if words:
            here &= np.isin(outcome, [outcomes.index(word) for word in words if word in outcomes])
        mask |= here
    return mask


def _looked(assessed: pa.Table, aspect: Aspect, ids: pa.Array) -> Bools:
    """For which youths a detector that speaks to the aspect could look."""
    able = assessed.column("assessable").combine_chunks().to_numpy(zero_copy_only=False).astype(bool)
    mine = (codes(assessed.column("detector"), sorted(aspect.detectors)) >= 0) & able
    looked = np.zeros(len(ids) + 1, bool)
    looked[places(assessed.column("youth"), ids)[mine]] = True
    return looked[:-1]


def _chain(name: str, counts: list[Ints], assessed: Bools, least: int) -> dict[str, Any]:
    """The row of one aspect for all youths together."""
    certain, possible, well = counts
    whole = int(assessed.sum())
    numbers = {"youths": certain + possible, "certain": certain, "well": well}
    row: dict[str, Any] = {"aspect": name, "assessed": whole}
    for key, count in numbers.items():
        part = int((count > 0).sum())
        row[key] = None if small(np.array([part]), np.array([whole]), least)[0] else part
    spoken = bool((certain + possible + well).any())
    row["state"] = STATES[0 if spoken else 1 if whole else 2]
    return row
