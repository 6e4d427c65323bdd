"""Which delivered records are one youth, and why."""

import pyarrow as pa

from levensloop.schema import CONFLICTS
from levensloop.tables import Table


class Identities(Table):
    """One row per record: the key as delivered, its youth and the key that joined it.

    Parameters
    ----------
    table : pyarrow.Table
        Columns as in ``schema.IDENTITIES``.
    persons : pyarrow.Table
        One row per youth: what its records together say of birth, sex and place.
    conflicts : pyarrow.Table, optional
        Youths whose records cannot be one person, such as two days of birth that exclude each other;
        columns as in ``schema.CONFLICTS``. Reported, never resolved by a guess.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]})
    >>> ll.link(ll.Events(table)).to_arrow().column("youth").to_pylist()
    ['a']
    """

    __slots__ = ("conflicts", "persons")

    def __init__(self, table: pa.Table, persons: pa.Table, conflicts: pa.Table | None = None) -> None:
        super().__init__(table)
        self.persons = Table(persons)
        self.conflicts = Table(CONFLICTS.empty_table() if conflicts is None else conflicts)
