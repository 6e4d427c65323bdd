"""A cohort as a folder: a Parquet file a table, what its sources record of anyone, and what is kept for `update`."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Final

from levensloop.cutting import Part, Parts
from levensloop.errors import UserError
from levensloop.keeping import Kept, forget, kept_in
from levensloop.needs import Recorded

#: What the sources of a part record for anyone in the whole.
_RECORDED: Final = "recorded.json"


def save(folder: Path, part: Part, kept: Kept | str, *, names: bool) -> None:
    """Write the tables of some youths and what is kept beside them; no rows as delivered of others go with these."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for field in fields(Parts):
        pq.write_table(part.leaving(field.name), folder / f"{field.name}.parquet")
    if part.all and "recorded" not in vars(part.whole):  # its own events tell, when asked
        (folder / _RECORDED).unlink(missing_ok=True)
    else:
        told = {source: sorted(marks) for source, marks in part.whole.recorded.items()}
        (folder / _RECORDED).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    if isinstance(kept, Kept):
        kept.save(folder, names=names)
    else:
        forget(folder)


def saved_in(folder: Path) -> tuple[Parts, Kept | str]:
    """The tables that `save` wrote, and what was kept beside them."""
    import pyarrow.parquet as pq

    files = {field.name: folder / f"{field.name}.parquet" for field in fields(Parts)}
    missing = [name for name, file in files.items() if not file.is_file()]
    if missing:
        raise UserError(f"{folder.name} is no saved cohort: {', '.join(missing)} missing")
    return Parts(**{name: pq.ParquetFile(file).read() for name, file in files.items()}), kept_in(folder)


def recorded_in(folder: Path) -> Recorded | None:
    """What the sources record for anyone in the whole; None where the saved events themselves tell."""
    if not (folder / _RECORDED).is_file():
        return None
    told = json.loads((folder / _RECORDED).read_text("utf-8"))
    return {source: frozenset(marks) for source, marks in told.items()}
