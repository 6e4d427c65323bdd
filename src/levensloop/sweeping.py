"""Built-in detectors over a cohort: part by part of whole youths that fit the cache, on every processor."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import one, placed, places
from levensloop.cohort import Cohort
from levensloop.running import blamed
from levensloop.schema import FINDINGS, conform
from levensloop.sorting import order_of
from levensloop.spans import Bools, Ints

#: Events of a part: the arrays of so many stay in the cache, and calls cost little beside the work.
ROWS = 100_000
#: By what findings stand, so that no order of files shows: everything but evidence.
_ORDER = (
    "start",
    "end",
    "detector",
    "outcome",
    "certainty",
    "agency",
    "to_agency",
    "sector",
    "rule",
    "days_min",
    "days_max",
)


class Stamps(NamedTuple):
    """The name and the parameters of each detector that runs."""

    names: list[str]
    params: list[str]

    def of(self, which: Sequence[int]) -> "Stamps":
        """Those of some detectors."""
        return Stamps([self.names[at] for at in which], [self.params[at] for at in which])


class Swept(NamedTuple):
    """What detectors found, sorted, and of whom each says that it can look at them, and why not at others."""

    findings: pa.Table
    told: list[tuple[Bools, str] | None]


def sweep(detectors: Sequence[Any], stamps: Stamps, cohort: Cohort, able: Sequence[Bools]) -> Swept:
    """Run detectors over arrays on every part of a cohort.

    Parameters
    ----------
    detectors : sequence of Detector
    stamps : Stamps
        Of each of them.
    cohort : Cohort
    able : sequence of arrays of bool
        Which youths each may look at.
    """
    if not detectors:
        return Swept(FINDINGS.empty_table(), [])
    parts = cohort.cuts(ROWS)

    def swept(part: tuple[int, int]) -> Swept:
        first, last = part
        own = cohort if len(parts) == 1 else cohort.part(first, last)
        found = [_found(detector, name, own) for detector, name in zip(detectors, stamps.names, strict=True)]
        ids = one(own.youths.to_arrow().column("youth"))
        table = joined(found, stamps, ids, [which[first:last] for which in able])
        told = [each.assessable(own.view) if hasattr(each, "assessable") else None for each in detectors]
        return Swept(in_order(table), told)

    if len(parts) == 1:
        return swept(parts[0])
    with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as pool:
        running = [pool.submit(swept, part) for part in parts]
        try:
            done = [each.result() for each in running]
        finally:
            for each in running:
                each.cancel()
    ids = one(cohort.youths.to_arrow().column("youth"))
    findings = _together([each.findings for each in done], [first for first, _ in parts], ids)
    told = [
        tell[0] and (np.concatenate([able for able, _ in tell]), tell[0][1])
        for tell in zip(*(each.told for each in done), strict=True)
    ]
    return Swept(findings, told)


def _found(detector: Any, name: str, cohort: Cohort) -> pa.Table:  # noqa: ANN401 - anything with `detect`
    try:
        return detector.detect(cohort).to_arrow()
    except Exception as wrong:
        wrong.add_note(blamed(detector, name, wrong))
        raise


def joined(tables: Sequence[pa.Table], stamps: Stamps, ids: pa.Array, able: Sequence[Bools]) -> pa.Table:
    """The findings of several detectors one after another, each stamped, on the youths whom it may look at."""
    youth = [places(table.column("youth"), ids) for table in tables]
    of = np.repeat(np.arange(len(tables), dtype=np.int32), [len(table) for table in tables])
    rest = pa.concat_tables([table.drop_columns(["youth", "detector", "params"]) for table in tables])
    columns: dict[str, Any] = {name: one(rest.column(name)) for name in rest.column_names}
    columns["youth"] = pa.DictionaryArray.from_arrays(pa.array(np.concatenate(youth).astype(np.int32)), ids)
    for name, words in zip(("detector", "params"), stamps, strict=True):
        distinct = list(dict.fromkeys(words))
        code = np.array([distinct.index(word) for word in words], np.int32)[of]
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(code), pa.array(distinct, pa.string()))
    table = conform(pa.table(columns), FINDINGS)
    if all(which.all() for which in able):
        return table
    mask = [which[place] for which, place in zip(able, youth, strict=True)]
    return table.filter(pa.array(np.concatenate(mask)))


def in_order(table: pa.Table) -> pa.Table:
    """Findings by youth and day, and then by everything but evidence; the youths' ids are in their order."""
    keys = [one(table.column("youth")).indices.to_numpy().astype(np.int64)]
    keys += [_key(one(table.column(name))) for name in _ORDER]
    return table.take(pa.array(order_of(keys)))


def _key(array: pa.Array) -> Ints:
    """Numbers in the order of the values of a column: words by the alphabet, what is missing last."""
    if not pa.types.is_dictionary(array.type):
        return array.view(pa.int32()).to_numpy().astype(np.int64)
    rank = np.empty(len(array.dictionary) + 1, np.int64)
    rank[pc.sort_indices(array.dictionary).to_numpy()] = np.arange(rank.size - 1)
    rank[-1] = rank.size
    return placed(array, rank)


def _together(sweeps: Sequence[pa.Table], firsts: Sequence[int], ids: pa.Array) -> pa.Table:
    """The findings on all parts, a chunk each, their youths among all."""
    rest = pa.concat_tables([table.drop_columns("youth") for table in sweeps]).unify_dictionaries()
    youth = [
        pa.DictionaryArray.from_arrays(
            pa.array(one(table.column("youth")).indices.to_numpy() + np.int32(first)), ids
        )
        for table, first in zip(sweeps, firsts, strict=True)
    ]
    return rest.add_column(0, FINDINGS.field("youth"), pa.chunked_array(youth))
