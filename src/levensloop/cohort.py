"""Many timelines as one set of tables; one timeline is a cohort of one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import View, view_of
from levensloop.errors import UserError
from levensloop.tables import Table

_OF_A_YOUTH: Final = ("events", "episodes", "youths", "identities", "conflicts", "choices")


@dataclass(frozen=True, slots=True)
class Parts:
    """The tables of a cohort (columns as in `schema`); `agencies` tells who delivers what."""

    events: pa.Table
    episodes: pa.Table
    youths: pa.Table
    identities: pa.Table
    sources: pa.Table
    records: pa.Table
    agencies: pa.Table
    conflicts: pa.Table
    choices: pa.Table


class Cohort(Mapping[str, "Timeline"]):
    """Timelines by the youth's id, with the tables behind them.

    Parameters
    ----------
    parts : Parts
        The tables, as `merge` makes them.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]})
    >>> events = ll.Events(table)
    >>> list(ll.merge(events, ll.link(events)))
    ['a']
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def events(self) -> Table:
        """One row a fact."""
        return Table(self._parts.events)

    @property
    def episodes(self) -> Table:
        """One row an interval of care, wait, school, work, measure or lead."""
        return Table(self._parts.episodes)

    @property
    def youths(self) -> Table:
        """One row a youth."""
        return Table(self._parts.youths)

    @property
    def identities(self) -> Table:
        """One row a record: its key, its youth and what joined it."""
        return Table(self._parts.identities)

    @property
    def sources(self) -> Table:
        """One row a delivered file."""
        return Table(self._parts.sources)

    @property
    def records(self) -> Table:
        """One row a delivered row and part: its fate."""
        return Table(self._parts.records)

    @property
    def agencies(self) -> Table:
        """One row per agency, source and sector: how many rows it delivers."""
        return Table(self._parts.agencies)

    @property
    def conflicts(self) -> Table:
        """Youths whose records exclude each other, as linking reported them."""
        return Table(self._parts.conflicts)

    @property
    def choices(self) -> Table:
        """What merging chose where the data leave a choice, with the events concerned."""
        return Table(self._parts.choices)

    def trace(self, event: str) -> list[dict[str, Any]]:
        """The delivered rows behind an event, with the file and the number of each.

        Parameters
        ----------
        event : str
            The id of an event, as in `events` and in the evidence of findings; or ``source:record``
            of any delivered row, whatever became of it.

        Returns
        -------
        list of dict
            ``file``, ``record`` (the number of the row under the header), ``fate``, ``event``, ``reason`` and
            ``row``, the cells as delivered.

        Raises
        ------
        UserError
            If no event or row has that name.

        Examples
        --------
        >>> from levensloop.testing import sketch
        >>> life = sketch("ggz care 2005-03-01..2005-04-30")
        >>> [(row["record"], row["fate"]) for row in life.trace(life.events.to_arrow()["event"][0].as_py())]
        [(1, 'event')]
        """
        events, records = self._parts.events, self._parts.records
        own = events.filter(pc.equal(events.column("event"), event))
        names: list[str] = own.column("sources").to_pylist()[0] if len(own) else [event]
        where = [name.rpartition(":") for name in names]
        mask = pc.is_in(records.column("source").cast(pa.string()), pa.array([name for name, _, _ in where]))
        rows = records.filter(mask).to_pylist()
        wanted = {(source, int(record)) for source, _, record in where if record.isdigit()}
        file_of = dict(
            zip(*(self._parts.sources.column(name).to_pylist() for name in ("source", "file")), strict=True)
        )
        found = [row for row in rows if (row["source"], row["record"]) in wanted]
        if not found:
            raise UserError(
                "no event or row has this name. Hint: an event's id, or source:row such as ggz:12."
            )
        kept = ("record", "fate", "event", "reason")
        return [
            {"file": file_of[row["source"]], **{name: row[name] for name in kept}, "row": dict(row["row"])}
            for row in sorted(found, key=lambda row: (row["source"], row["record"], row["part"]))
        ]

    @cached_property
    def view(self) -> View:
        """The arrays on which detectors compute."""
        parts = self._parts
        return view_of(parts.events, parts.episodes, parts.youths, parts.sources, parts.agencies)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {youth: row for row, youth in enumerate(self._parts.youths.column("youth").to_pylist())}

    def __getitem__(self, youth: str) -> "Timeline":
        if youth not in self._ids:
            raise KeyError(youth)
        own = {name: _rows_of(getattr(self._parts, name), youth) for name in _OF_A_YOUTH}
        parts = {field.name: getattr(self._parts, field.name) for field in fields(Parts)}
        return Timeline(Parts(**{**parts, **own}), youth)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return self._parts.youths.num_rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cohort) and all(
            getattr(self, field.name) == getattr(other, field.name) for field in fields(Parts)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} youths, {len(self.events):,} events>"

    def save(self, path: str | Path) -> None:
        """Write the tables as a folder of Parquet files.

        Parameters
        ----------
        path : path
            The folder, such as ``emmen.lvl``; made when it is not there.
        """
        import pyarrow.parquet as pq

        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(Parts):
            pq.write_table(getattr(self._parts, field.name), folder / f"{field.name}.parquet")


class Timeline(Cohort):
    """All events and episodes of one youth: a cohort of one.

    Parameters
    ----------
    parts : Parts
        The youth's own tables, and the sources, records and agencies of the whole cohort.
    youth : str
        The youth's id.
    """

    def __init__(self, parts: Parts, youth: str) -> None:
        super().__init__(parts)
        self._youth = youth

    @property
    def id(self) -> str:
        """The youth's id."""
        return self._youth

    def __repr__(self) -> str:
        return f"<Timeline: {len(self.events):,} events, {len(self.episodes):,} episodes>"


def load(path: str | Path) -> Cohort:
    """Read a cohort that `Cohort.save` wrote.

    Parameters
    ----------
    path : path
        The folder.

    Returns
    -------
    Cohort

    Raises
    ------
    UserError
        If a table of the cohort is missing.
    """
    import pyarrow.parquet as pq

    folder = Path(path)
    missing = [field.name for field in fields(Parts) if not (folder / f"{field.name}.parquet").is_file()]
    if missing:
        raise UserError(f"{folder.name} is no saved cohort: {', '.join(missing)} missing")
    return Cohort(
        Parts(**{f.name: pq.ParquetFile(folder / f"{f.name}.parquet").read() for f in fields(Parts)})
    )


def _rows_of(table: pa.Table, youth: str) -> pa.Table:
    column = table.column("youth")
    if not pa.types.is_dictionary(column.type):
        return table.filter(pc.equal(column, youth))
    chunks = column.unify_dictionaries()
    code = (
        pc.index(chunks.chunk(0).dictionary, pa.scalar(youth, pa.string())).as_py()
        if chunks.num_chunks
        else -1
    )
    indices = pa.chunked_array([chunk.indices for chunk in chunks.chunks], pa.int32())
    return table.filter(pc.equal(indices, code))
