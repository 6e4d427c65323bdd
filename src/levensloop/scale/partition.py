"""One part of a dataset: whole youths merged, and what detectors find of them."""

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from levensloop.accounts import NAMED, TOLD, Accounts, named
from levensloop.arrow import numbers
from levensloop.cells import one
from levensloop.cohort import Cohort, Parts
from levensloop.cutting import Behind
from levensloop.detecting import chosen_of, detect, lacks_of
from levensloop.episodes import Made
from levensloop.findings import Findings
from levensloop.linking import link
from levensloop.merging import merge
from levensloop.naming import Names
from levensloop.needs import Recorded
from levensloop.running import built_in
from levensloop.scale.staging import rows_of, staged, told_in, whole
from levensloop.scale.store import (
    made_whole,
    packing,
    read_group,
    read_held,
    unfinished,
    write_groups,
    write_once,
)
from levensloop.schema import (
    ASSESSED,
    CHOICES,
    CONFLICTS,
    EPISODES,
    EVENTS,
    FINDINGS,
    HELD_CHOICES,
    HELD_EPISODES,
    HELD_EVENTS,
    IDENTITIES,
    ORIGIN,
    YOUTHS,
)

#: Tables that stand by youth, with the columns of each.
BY_YOUTH: Final = {
    "events": EVENTS,
    "episodes": EPISODES,
    "youths": YOUTHS,
    "identities": IDENTITIES,
    "conflicts": CONFLICTS,
    "choices": CHOICES,
}
#: The same as they are held in memory, with what merging knows beside them.
HELD: Final = BY_YOUTH | {
    "events": HELD_EVENTS,
    "episodes": HELD_EPISODES,
    "choices": HELD_CHOICES,
    "names": ORIGIN,
    "made": pa.schema([(side, pa.int32()) for side in Made._fields]),
}
_COUNTED: Final = ("youths", "events", "episodes")


def name_of(part: int) -> str:
    """The folder of a part."""
    return f"part-{part:05d}"


def merge_part(stage: Path, out: Path, part: int, until: date | None, detectors: Sequence[Any]) -> None:
    """Link and merge the youths of one part and write their tables; nothing if that was done.

    What detectors find is written too, where it does not rest on what sources record for the youths of other parts.
    """
    target = out / name_of(part)
    if target.is_dir():
        return
    events = staged(stage, part, shared(out)["sources"], until)
    cohort = merge(events, link(events))
    made = unfinished(target)
    made.mkdir()
    ids = one(cohort.youths.to_arrow().column("youth"))
    for name in BY_YOUTH:
        write_groups(made / f"{name}.parquet", getattr(cohort, name).to_arrow(), ids)
    if _settled(detectors, cohort):
        _look(made, _among_all(cohort, out), detectors)
    else:
        _put_aside(stage, part, cohort)
    records = named(cohort.records)
    pq.write_table(records, made / "records.parquet", **packing(records.schema))
    told: dict[str, Any] = {name: len(getattr(cohort, name)) for name in _COUNTED}
    told["records"] = len(cohort.records)
    told["fates"] = _counted(records.column("fate"))
    told["recorded"] = {source: sorted(marks) for source, marks in cohort.recorded.items()}
    (made / "part.json").write_text(json.dumps(told), "utf-8")
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        # Another worker was given the same part and was done first.
        shutil.rmtree(made)


def _settled(detectors: Sequence[Any], cohort: Cohort) -> bool:
    """Whether the events of these youths alone tell that detectors can look at them."""
    chosen = chosen_of(detectors)
    asked: list[bool] = []
    for one_of in chosen:
        lacks_of(one_of, cohort, lambda: asked.append(True) or {})
    return not asked and all(built_in(one_of) for one_of in chosen)


def _among_all(cohort: Cohort, out: Path) -> Cohort:
    """The same youths, with what sources and agencies deliver of all."""
    tables, behind = cohort.held()
    return Cohort(Parts(**{**tables, **shared(out)}, records=cohort.records), behind=behind)


def _look(folder: Path, cohort: Cohort, detectors: Sequence[Any]) -> None:
    """Write what detectors find."""
    found = detect(cohort, *detectors)
    ids = one(cohort.youths.to_arrow().column("youth"))
    for name, table in (("assessed", found.assessed), ("findings", found)):
        with made_whole(folder / f"{name}.parquet") as path:
            write_groups(path, table.to_arrow(), ids)


def _put_aside(stage: Path, part: int, cohort: Cohort) -> None:
    """Write the tables for detectors as they are in memory: what is kept takes five times as long to read.

    With the rows of events that are behind each episode, which would have to be looked up by their names.
    """
    tables, behind = cohort.held()
    assert behind is not None, "merging knows it"
    assert behind.names is not None, "and holds rows"
    tables |= {"names": behind.names.origin, "made": pa.table(behind.made._asdict())}
    for name in HELD:
        write_once(_aside(stage, part, name), tables[name])


def _taken_up(stage: Path, part: int) -> tuple[dict[str, pa.Table], Behind] | None:
    """What `_put_aside` wrote, if it is there: tables of youths, and what merging knows beside them."""
    if not all(_aside(stage, part, name).is_file() for name in HELD):
        return None
    tables = {name: read_held(_aside(stage, part, name), schema) for name, schema in HELD.items()}
    made = tables.pop("made")
    sides = Made(*(numbers(made.column(side)) for side in Made._fields))
    return tables, Behind(sides, Names(tables.pop("names")))


def _aside(stage: Path, part: int, name: str) -> Path:
    return stage / f"{name_of(part)}.{name}.arrow"


def _counted(column: pa.ChunkedArray) -> dict[str, int]:
    return {entry["values"]: entry["counts"] for entry in column.cast(pa.string()).value_counts().to_pylist()}


def told_of(out: Path, parts: int) -> list[dict[str, Any]]:
    """The counts of each part."""
    return [json.loads((out / name_of(part) / "part.json").read_text("utf-8")) for part in range(parts)]


def share_recorded(out: Path, told: Sequence[dict[str, Any]]) -> None:
    """Write what each source records for anyone, in all parts."""
    marks: dict[str, set[str]] = {}
    for one_part in told:
        for source, words in one_part["recorded"].items():
            marks.setdefault(source, set()).update(words)
    with made_whole(out / "recorded.json") as path:
        path.write_text(json.dumps({source: sorted(words) for source, words in marks.items()}), "utf-8")


def recorded_in(out: Path) -> Recorded:
    """What each source records for anyone, in all parts."""
    marks: dict[str, list[str]] = json.loads((out / "recorded.json").read_text("utf-8"))
    return {source: frozenset(words) for source, words in marks.items()}


def cohort_of(out: Path, part: int, recorded: Recorded, *, records: bool = False) -> Cohort:
    """The youths of one part; their records only if asked for."""
    own, stage = out / name_of(part), out / "stage"
    behind: Behind | None = None
    if (held := _taken_up(stage, part)) is not None:
        tables, behind = held
    else:
        tables = {name: read_group(own / f"{name}.parquet", schema) for name, schema in BY_YOUTH.items()}
    rows = Accounts(TOLD.empty_table(), [])
    if records:
        rows = Accounts.of(read_group(own / "records.parquet", NAMED), rows_of(out, part))
    parts = Parts(**tables, **shared(out), records=rows)
    cohort = Cohort(parts, "it is a part of a dataset on disk", behind)
    cohort.recorded = recorded
    return cohort


def shared(out: Path) -> dict[str, pa.Table]:
    """The tables that are of no youth."""
    return {
        name: pq.ParquetFile(out / f"{name}.parquet").read(use_threads=False)
        for name in ("sources", "agencies")
    }


def share(stage: Path, out: Path) -> None:
    """Write the tables that are of no youth, and the entries of rows that made no event."""
    pq.write_table(whole(stage, "sources"), out / "sources.parquet")
    agencies = whole(stage, "agencies").sort_by(
        [(name, "ascending") for name in ("agency", "source", "sector")]
    )
    pq.write_table(agencies, out / "agencies.parquet")
    records = Accounts(told_in(stage, "records", -1), rows_of(out, -1))
    pq.write_table(records.to_arrow(), out / "records.parquet")


def detect_part(out: Path, part: int, detectors: Sequence[Any]) -> None:
    """Write what detectors find of the youths of one part; nothing if that was done."""
    target = out / name_of(part)
    if (target / "findings.parquet").is_file():
        return
    _look(target, cohort_of(out, part, recorded_in(out)), detectors)


def findings_of(out: Path, part: int, group: int | None = None) -> Findings:
    """What was found of the youths of one part, or of one group of them."""
    own = out / name_of(part)
    tables = [
        read_group(own / f"{name}.parquet", schema, group)
        for name, schema in (("findings", FINDINGS), ("assessed", ASSESSED))
    ]
    return Findings(*tables)
