"""How a case is disclosed: names, keys and references that go out of texts, and days that move while ages stay."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.glossaries import Glossary
from levensloop.masking import shifts
from levensloop.privacy import eleven_proof

_WORD: Final = 3  # a key of one or two letters is a word of its own
#: What texts leave out of the name of an agency.
_BEFORE: Final = re.compile(r"^(?:(?:stichting|de|het|the)\s+)+", re.IGNORECASE)


def texts(
    people: Glossary, agencies: Mapping[str, str], keys: set[str], initial: str
) -> Callable[[str], str]:
    """A function that leaves no name of a glossary, no agency to be hidden and no key in a text."""
    labels = {name: label.strip("[]") for name, label in agencies.items() if name.strip()}
    labels |= {
        short: label
        for name, label in labels.items()
        if (short := _BEFORE.sub("", name)) != name and len(short) > _WORD
    }
    # All in one glossary: of a key that holds a name, and of a name that holds an agency, the whole goes.
    own = {key: initial for key in keys if len(key.strip()) >= _WORD}
    glossary = Glossary(own | labels | dict(people.names))
    return lambda text: glossary.mask(text).replace(f"[{initial}]", initial)


def naming(text: Callable[[str], str], names: set[str]) -> Callable[[str], bool]:
    """Whether the name of a source says who somebody is: as words, or run together with others."""
    whole = [name.casefold() for name in names if len(name) > _WORD]

    def naming(source: str) -> bool:
        words = re.sub(r"[\W_]+", " ", source)
        return text(words) != words or any(name in source.casefold() for name in whole)

    return naming


def care_numbers(column: pa.ChunkedArray, text: Callable[[str], str] | None) -> dict[str, str]:
    """References of care; by number where they may tell who it is."""
    names = sorted({name for name in column.to_pylist() if name})
    numbers = {name: f"c{place}" for place, name in enumerate(names, 1)}
    if text is None or not names:
        return numbers
    proof = eleven_proof(pa.array(names, pa.string()))
    return {
        name: numbers[name] if proven or text(name) != name else name
        for name, proven in zip(names, proof, strict=True)
    }


def disputed(events: pa.Table, records: pa.Table) -> pa.Table:
    """The rows behind disputed events, and of them the columns on which they disagree."""
    pairs = zip(*(events.column(name).to_pylist() for name in ("event", "disputed")), strict=True)
    wanted = {
        event: {*columns, *(column.removesuffix("_min").removesuffix("_max") for column in columns)}
        for event, columns in pairs
        if columns
    }
    kept = records.filter(pc.is_in(records.column("event"), pa.array(sorted(wanted), pa.string())))
    rows = [
        [(name, text) for name, text in row or () if name in wanted[event]]
        for event, row in zip(*(kept.column(name).to_pylist() for name in ("event", "row")), strict=True)
    ]
    place = kept.column_names.index("row")
    return kept.set_column(place, kept.schema.field(place), pa.array(rows, kept.schema.field(place).type))


def moved_by(key: bytes, youth: str, parts: Mapping[str, pa.Table]) -> int:
    """By how much days are moved: the first shift that leaves every age what it is, if there is one."""
    told, tried = dated(parts), shifts(key, youth)
    return next((days for days in tried if same_ages(parts["youths"], told, days)), tried[0])


def dated(parts: Mapping[str, pa.Table]) -> list[date]:
    """Every day of the life course of which a page may tell the age."""
    events = parts["events"]
    days: set[date] = set()
    for name, back in (("start_min", 0), ("start_max", 0), ("end_min", 1), ("end_max", 1)):
        days |= {day - timedelta(back) for day in events.column(name).to_pylist() if day is not None}
    return sorted(days)


def same_ages(youths: pa.Table, days: Sequence[date], shift: int) -> bool:
    """Whether the age on each of these days is the same where birth and day have moved."""
    births = [day for name in ("birth_min", "birth_max") for day in youths.column(name).to_pylist() if day]
    move = timedelta(shift)
    return all(_age(day, birth) == _age(day + move, birth + move) for birth in births for day in days)


def _age(day: date, birth: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def without(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The table with these columns empty."""
    for name in columns:
        place = table.column_names.index(name)
        blank = pa.nulls(table.num_rows, table.schema.field(place).type)
        table = table.set_column(place, table.schema.field(place), blank)
    return table
