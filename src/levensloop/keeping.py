"""What a cohort keeps beside its tables, so that a new delivery can be added to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from levensloop.schema import NAME_COLUMNS

_TABLES: Final = ("delivered", "origin", "persons")
_SETTINGS: Final = "settings.json"
_FILES: Final = (*(f"{table}.parquet" for table in _TABLES), _SETTINGS)


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """The rows as they were given to `merge`, and how they were linked and merged.

    Parameters
    ----------
    delivered, origin, persons : pyarrow.Table
        Columns as in `schema`; the very tables that were read, not copies.
    link, merge : mapping
        The arguments, in words and numbers.
    named : bool
        Whether `persons` has the names and postcodes that were read.
    """

    delivered: pa.Table
    origin: pa.Table
    persons: pa.Table
    link: Mapping[str, Any]
    merge: Mapping[str, Any]
    named: bool = True

    def save(self, folder: Path, *, names: bool) -> None:
        """Write all in a folder; without names and postcodes of persons unless asked."""
        import pyarrow.parquet as pq

        kept = self if names else self._unnamed()
        for table in _TABLES:
            pq.write_table(getattr(kept, table), folder / f"{table}.parquet")
        settings = {"link": kept.link, "merge": kept.merge, "named": kept.named}
        (folder / _SETTINGS).write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n", "utf-8")

    def _unnamed(self) -> "Kept":
        persons = self.persons
        told = any(persons.column(name).null_count < len(persons) for name in NAME_COLUMNS)
        for name in NAME_COLUMNS:
            place = persons.column_names.index(name)
            field = persons.schema.field(name)
            persons = persons.set_column(place, field, pa.nulls(len(persons), field.type))
        return replace(self, persons=persons, named=self.named and not told)


def forget(folder: Path) -> None:
    """Remove from a folder what another cohort kept there."""
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)


def kept_in(folder: Path) -> Kept | str:
    """What `Kept.save` wrote, or what is missing of it."""
    import pyarrow.parquet as pq

    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        return f"{', '.join(missing)} missing in the folder that it was loaded from"
    settings = json.loads((folder / _SETTINGS).read_text("utf-8"))
    return Kept(*(pq.ParquetFile(folder / f"{table}.parquet").read() for table in _TABLES), **settings)
