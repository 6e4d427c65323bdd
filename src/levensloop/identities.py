"""Which delivered records are one youth, and why."""

from dataclasses import dataclass

import pyarrow as pa

from levensloop.errors import Fault
from levensloop.tables import Table


@dataclass(frozen=True, slots=True)
class Conflict:
    """Records of one youth that cannot all be true: here, days of birth that exclude each other.

    Parameters
    ----------
    youth : str
        The youth's id.
    column : str
        What they disagree about.
    values : tuple of str
        Every value given.
    records : tuple of str
        The first record that gives each value, as ``source:record``.

    Examples
    --------
    >>> Conflict("y1", "birth", ("1989", "1991"), ("gp:1", "school:4")).column
    'birth'
    """

    youth: str
    column: str
    values: tuple[str, ...]
    records: tuple[str, ...]


class Identities(Table):
    """One row per record: the key as delivered, its youth and the key that joined it.

    Parameters
    ----------
    table : pyarrow.Table
        Columns as in ``schema.IDENTITIES``.
    youths : pyarrow.Table
        One row per youth: what its records together say of birth, sex and place.
    conflicts : tuple of Conflict
        Youths whose records cannot be one person; reported, never resolved by a guess.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]})
    >>> ll.link(ll.Events(table)).to_arrow().column("youth").to_pylist()
    ['a']
    """

    __slots__ = ("conflicts", "persons")

    def __init__(self, table: pa.Table, persons: pa.Table, conflicts: tuple[Conflict, ...] = ()) -> None:
        super().__init__(table)
        self.persons = Table(persons)
        self.conflicts = conflicts

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The conflicts as faults, without a key in the sentence."""
        return tuple(
            Fault(
                file=records.split(":", maxsplit=1)[0],
                row=int(records.rsplit(":", maxsplit=1)[1]),
                column=conflict.column,
                code="two_births",
                message="records of one youth give days of birth that exclude each other",
                hint="compare with " + ", ".join(conflict.records[1:]) + "; both are kept as possible",
            )
            for conflict in self.conflicts
            for records in conflict.records[:1]
        )
