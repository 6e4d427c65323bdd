"""Read the files of one or more deliveries: keys first, then the layout, then dates and words."""

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import pseudonyms
from levensloop.cells import encoded
from levensloop.errors import Fault, UserError, fault
from levensloop.events import Events, SourceBatch, assemble
from levensloop.normalise import Normal, Options, normalise, persons
from levensloop.readers.applying import apply, columns_for, usable_rows
from levensloop.readers.chronologies import recognised
from levensloop.readers.delivery import Delivery, Job
from levensloop.readers.formats import read_raw
from levensloop.readers.layouts import TableLayout
from levensloop.readers.raw import Raw, UnreadableError, as_text, sha256
from levensloop.schema import HELD, NAME_COLUMNS, ORIGIN, PERSONS

#: Called with the number of files that are done, the number of files, and the file that was read.
Progress = Callable[[int, int, str], None]

_LOG: Final = logging.getLogger("levensloop.readers")
_PROBE: Final = 1000
_HALF: Final = 0.5


class _File(NamedTuple):
    """What one file gave: rows, faults, notes, its distinct keys by column, and columns of citizen service numbers."""

    batches: Sequence[SourceBatch] = ()
    faults: Sequence[Fault] = ()
    notes: Sequence[str] = ()
    keys: Sequence[tuple[str, pa.Array]] = ()
    numbers: Sequence[Fault] = ()
    readable: bool = False


class Reading:
    """One call of `read`: the files that were done, and what was wrong with them.

    Parameters
    ----------
    key : bytes or None
        Keys of persons are hashed with it.
    guard : bool
        Whether citizen service numbers stop the reading.
    progress : callable or None
        See `Progress`.
    total : int
        The number of files.
    """

    def __init__(self, key: bytes | None, progress: Progress | None, total: int, *, guard: bool) -> None:
        self._key, self._guard, self._progress, self._total = key, guard, progress, total
        self._done = 0
        #: The distinct keys of each file, as long as they are watched, and the first file and column with any.
        self.seen: list[pa.Array] = []
        self.first: tuple[str, str] | None = None
        self._numbers: list[Fault] = []
        self.readable = 0

    def events(self, delivery: Delivery, until: date | None) -> Events:
        """The events of one delivery; its files are read side by side, and told in their order."""
        faults: list[Fault] = list(delivery.faults)
        batches: list[SourceBatch] = []
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for job, one in zip(delivery.jobs, threads.map(self._file, delivery.jobs), strict=True):
                faults.extend(one.faults)
                batches.extend(one.batches)
                for note in one.notes:
                    _LOG.info("%s", note)
                self.seen.extend(distinct for _, distinct in one.keys)
                self.first = self.first or next(((job.file, name) for name, _ in one.keys), None)
                self._numbers.extend(one.numbers)
                self.readable += one.readable
                self._done += 1
                if self._progress is not None:
                    self._progress(self._done, self._total, job.file)
        return assemble(batches, until, faults)

    def check_keys(self) -> None:
        """Stop if keys look like citizen service numbers, file by file or all together.

        Raises
        ------
        UserError
            Unless a key or False was given to `read`.
        """
        if self._numbers:
            raise UserError(self._numbers)
        if self.first is not None:
            check_together(self.seen, self.first)

    def _file(self, job: Job) -> _File:
        try:
            raw = read_raw(job.path, job.file, job.table)
        except UnreadableError as error:
            return _File(faults=error.faults)
        job, raw = recognised(job, raw)
        keys = [] if job.table.ignore else columns_for(("person",), job.table, raw.rows)
        strange = self._strange(raw.rows, keys)
        told: list[tuple[str, pa.Array]] = []
        numbers: list[Fault] = []
        if self._key is not None:
            raw = _hashed(raw, (*keys, *strange), self._key)
        elif self._guard:
            told = [(name, pc.drop_null(encoded(raw.rows.column(name)).dictionary)) for name in keys]
            found = [name for name, distinct in told if pseudonyms.looks_like_citizen_numbers(distinct)]
            numbers = [fault("citizen_number", job.file, column=name) for name in (*strange, *found)]
        batches, faults, readable = _batches(job, raw)
        return _File(batches, (*raw.faults, *faults), raw.notes, told, numbers, readable)

    def _strange(self, rows: pa.Table, keys: Sequence[str]) -> list[str]:
        """Columns that are no keys and hold citizen service numbers, unless these are allowed."""
        if self._key is None and not self._guard:
            return []
        names = rows.column_names
        return [name for name in names if name not in keys and _like_numbers(rows.column(name))]


def check_together(keys: Sequence[pa.Array], first: Sequence[str]) -> None:
    """Stop if keys of several files look like citizen service numbers together; `first` is the first file and column."""
    if pseudonyms.looks_like_citizen_numbers(pa.concat_arrays(keys)):
        raise UserError(fault("citizen_number", first[0], column=first[1]))


def _hashed(raw: Raw, columns: Sequence[str], key: bytes) -> Raw:
    """The rows with pseudonyms in some columns."""
    rows = raw.rows
    for name in columns:
        hashed = pseudonyms.pseudonyms(as_text(rows.column(name)), key)
        rows = rows.set_column(rows.column_names.index(name), name, hashed)
    return replace(raw, rows=rows, keys=tuple(encoded(raw.rows.column(name)).dictionary for name in columns))


def _batches(job: Job, raw: Raw) -> tuple[list[SourceBatch], tuple[Fault, ...], bool]:
    """The rows of a file with their fates, faults, and whether it could be used; rows that hold nothing stand apart."""
    good, blank = usable_rows(raw)
    normal, early, faults, readable = _normal(job, raw, good)
    rows = raw.rows.drop_columns(columns_for(NAME_COLUMNS, job.table, raw.rows))
    aside = np.zeros(len(blank), bool)
    if job.table.ignore or job.table.persons_only:
        aside = good
    constants = {event.constants.get("agency", "") for event in job.table.events}
    whole = SourceBatch(
        source=job.source,
        file=job.file,
        sha256=sha256(job.path),
        normal=normal,
        raw=rows,
        raw_record=raw.record,
        ignored=aside,
        agencies=sorted(constants - {""}),
        window=_window(job.table, normal),
        ages=job.table.ages,
        rows_read=raw.rows.num_rows,
        early_rejects=early,
        ignored_reason="not_used" if job.table.ignore else "person",
    )
    return (_apart(whole, blank) if blank.any() else [whole]), faults, readable


def _normal(job: Job, raw: Raw, good: np.ndarray) -> tuple[Normal, dict[int, str], tuple[Fault, ...], bool]:
    """What normalising makes of the usable rows, and whether there was anything to use; else the reason why not."""
    table = job.table
    if not table.usable:
        return _nothing(), _all(good, "bad_layout") | raw.rejects, (), False
    if table.ignore:
        return _nothing(), raw.rejects, (), True
    applied = apply(raw.rows, good, table, job.file)
    if applied.table is None:
        return _nothing(), _all(good, "missing_column") | raw.rejects, applied.faults, False
    options = Options(
        source=job.source,
        file=job.file,
        end_exclusive=table.end_exclusive,
        unknown_end=table.unknown_end,
        ordered=table.ordered,
        window=table.window,
        date_formats=table.date_formats,
        columns=applied.columns,
        keys=raw.keys,
    )
    record = raw.record[applied.rows]
    if table.persons_only:
        normal = persons(applied.table, record=record, options=options)
    else:
        normal = normalise(applied.table, record=record, part=applied.part, options=options)
    return normal, raw.rejects, applied.faults, True


def _like_numbers(column: pa.ChunkedArray) -> bool:
    """Whether a column that is no key holds citizen service numbers; its first cells are tried first."""
    if not pa.types.is_string(column.type) and not pa.types.is_dictionary(column.type):
        return False
    return all(pseudonyms.looks_like_citizen_numbers(probe) for probe in (column.slice(0, _PROBE), column))


def _window(table: TableLayout, normal: Normal) -> tuple[date, date] | None:
    """What a source sees; of rows that retell and name no window their first day."""
    if table.ignore or table.window is not None or not table.retells:
        return None if table.ignore else table.window
    first = pc.min(normal.delivered.column("start_min")).as_py()
    return None if first is None else (first, first)


def _all(good: np.ndarray, code: str) -> dict[int, str]:
    return dict.fromkeys(np.flatnonzero(good).tolist(), code)


def _nothing() -> Normal:
    none = np.array([], np.int64)
    return Normal(
        HELD.empty_table(),
        ORIGIN.empty_table(),
        PERSONS.empty_table(),
        np.array([], bool),
        np.array([], object),
        (),
        none,
        none,
    )


def _apart(whole: SourceBatch, blank: np.ndarray) -> list[SourceBatch]:
    """The batch without its blank rows, and these with a reason of their own."""
    kept = np.flatnonzero(~blank)
    place = np.cumsum(~blank) - 1
    rest = replace(
        whole,
        raw=whole.raw.take(pa.array(kept)),
        raw_record=whole.raw_record[kept],
        ignored=whole.ignored[kept],
        rows_read=len(kept),
        early_rejects={int(place[row]): code for row, code in whole.early_rejects.items()},
    )
    gone = np.flatnonzero(blank)
    empty = replace(
        whole,
        normal=_nothing(),
        raw=whole.raw.take(pa.array(gone)),
        raw_record=whole.raw_record[gone],
        ignored=np.ones(len(gone), bool),
        rows_read=len(gone),
        early_rejects={},
        ignored_reason="empty_row",
    )
    return [rest, empty]
