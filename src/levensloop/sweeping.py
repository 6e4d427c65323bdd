"""Built-in detectors over a cohort: part by part of whole youths that fit the cache, on every processor."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from levensloop.arrays import View, one, places
from levensloop.arrow import numbers
from levensloop.cohort import Cohort
from levensloop.naming import Called
from levensloop.running import blamed
from levensloop.schema import CODE, FINDINGS, conform
from levensloop.seen import Column, Lists, Seen, lists, plain
from levensloop.sorting import order_of
from levensloop.spans import Bools, Ints
from levensloop.tables import Later, Table

#: Events of a part: the arrays of so many stay near the processor, and calls cost little beside the work.
ROWS = 400_000
#: Columns of lists, which are made when they are asked for.
_LISTS = ("measures", "evidence")
_TOLD = pa.schema(field for field in FINDINGS if field.name not in _LISTS)
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

    def columns(self, of: Ints) -> dict[str, Column]:
        """The columns `detector` and `params` of findings, each of one of the detectors."""
        made: dict[str, Column] = {}
        for name, words in zip(("detector", "params"), self, strict=True):
            distinct = list(dict.fromkeys(words))
            code = np.array([distinct.index(word) for word in words], np.int32)
            made[name] = Column(code[of], distinct)
        return made


class Swept(NamedTuple):
    """What detectors found, sorted, and of whom each says that it can look at them, and why not at others."""

    findings: Table
    told: list[tuple[Bools, str] | None]


class _Part(NamedTuple):
    """What detectors found in a part, but for measures and evidence; these, with what events are called; and as `Swept.told`."""

    findings: pa.Table
    lists: Lists
    called: Called
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
        return Swept(Table(FINDINGS.empty_table()), [])
    workers = os.cpu_count() or 1
    parts = cohort.cuts(_rows(len(cohort.events), workers))

    def swept(part: tuple[int, int]) -> _Part:
        own = cohort if len(parts) == 1 else cohort.part(*part)
        found = [_found(detector, name, own) for detector, name in zip(detectors, stamps.names, strict=True)]
        told = [each.assessable(own.view) if hasattr(each, "assessable") else None for each in detectors]
        table, beside = _table(own.view, found, stamps, [which[slice(*part)] for which in able])
        return _Part(table, beside, own.view.called, told)

    if len(parts) == 1:
        done = [swept(parts[0])]
        return Swept(_later(done[0].findings, done), done[0].told)
    with ThreadPoolExecutor(min(len(parts), workers)) as pool:
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
    return Swept(_later(findings, done), told)


def _rows(events: int, workers: int) -> int:
    """Events of a part: about `ROWS`, and so many that no worker is idle while another does a last part."""
    parts = -(-events // ROWS)
    even = -(-parts // workers) * workers
    return max(1, -(-events // even)) if parts > 1 else ROWS


def _later(findings: pa.Table, parts: Sequence[_Part]) -> Table:
    """Findings of which measures and evidence become text when they are asked for."""
    return Later(partial(_whole, findings, [(each.lists, each.called) for each in parts]))


def _whole(findings: pa.Table, beside: Sequence[tuple[Lists, Called]]) -> pa.Table:
    with ThreadPoolExecutor(min(len(beside), os.cpu_count() or 1)) as pool:
        shown = list(pool.map(lambda own: own[0].shown(own[1]), beside))
    for name in _LISTS:
        column = pa.chunked_array([each[name] for each in shown], FINDINGS.field(name).type)
        findings = findings.append_column(name, column)
    return findings.select(FINDINGS.names).cast(FINDINGS)


def _found(detector: Any, name: str, cohort: Cohort) -> Sequence[Seen]:  # noqa: ANN401 - anything with `detect`
    try:
        found = detector.detect(cohort)
    except Exception as wrong:
        wrong.add_note(blamed(detector, name, wrong))
        raise
    return found.seen[1]


def _table(
    view: View, found: Sequence[Sequence[Seen]], stamps: Stamps, able: Sequence[Bools]
) -> tuple[pa.Table, Lists]:
    """What several detectors saw, each stamped, in order, of the youths whom each may look at; and its measures and evidence."""
    seen = [each for own in found for each in own]
    of = np.repeat(np.arange(len(found)), [sum(each.youth.size for each in own) for own in found])
    columns = plain(view, seen) | stamps.columns(of)
    may = np.stack(able)[of, columns["youth"].code]
    order = _order_of(columns, ~may)
    rows = order[: np.count_nonzero(may)]
    # In one block: much memory that is asked for at once comes in large pages.
    block = np.empty((len(_TOLD), rows.size), np.int32)
    told = {
        field.name: columns[field.name].taken(rows, out).to_arrow(field.type)
        for field, out in zip(_TOLD, block, strict=True)
    }
    return pa.table(told, _TOLD), lists(seen, order, rows.size)


def stamped(table: pa.Table, stamps: Stamps, ids: pa.Array, able: Bools) -> pa.Table:
    """The findings of a detector, with its name and parameters, on the youths whom it may look at."""
    youth = places(table.column("youth"), ids)
    columns: dict[str, Any] = {name: table.column(name) for name in table.column_names}
    made = {"youth": Column(youth.astype(np.int32), ids), **stamps.columns(np.zeros(youth.size, np.int64))}
    columns |= {name: column.to_arrow(CODE) for name, column in made.items()}
    return conform(pa.table(columns), FINDINGS).filter(pa.array(able[youth]))


def in_order(table: pa.Table) -> pa.Table:
    """Findings by youth and day, and then by everything but evidence; the youths' ids are in their order."""
    columns = {name: Column.of(one(table.column(name))) for name in ("youth", *_ORDER)}
    return table.take(pa.array(_order_of(columns)))


def _order_of(columns: Mapping[str, Column], last: Bools | None = None) -> Ints:
    """The order of findings, with some of them behind all others."""
    first = [] if last is None else [last.view(np.int8)]
    whose = [columns[name].code for name in ("youth", *_ORDER[:2])]
    return order_of([*first, *whose], lambda rows: [columns[name].key(rows) for name in _ORDER[2:]])


def _together(sweeps: Sequence[pa.Table], firsts: Sequence[int], ids: pa.Array) -> pa.Table:
    """The findings on all parts, a chunk each, their youths among all."""
    rest = pa.concat_tables([table.drop_columns("youth") for table in sweeps]).unify_dictionaries()
    youth = [
        pa.DictionaryArray.from_arrays(
            pa.array(numbers(one(table.column("youth")).indices) + np.int32(first)), ids
        )
        for table, first in zip(sweeps, firsts, strict=True)
    ]
    return rest.add_column(0, FINDINGS.field("youth"), pa.chunked_array(youth))
