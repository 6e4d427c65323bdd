"""A thin, immutable wrapper over one Arrow table: the ground of every noun."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd


class Table:
    """A table that speaks the Arrow C stream.

    Parameters
    ----------
    table : pyarrow.Table
        The rows; never changed.

    Examples
    --------
    >>> len(Table(pa.table({"youth": ["a", "b"]})))
    2
    """

    __slots__ = ("_table",)

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow table, without a copy."""
        return self._table

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a pandas DataFrame: dates as ``date32[day][pyarrow]`` columns."""
        import pandas as pd

        dates = {pa.date32(): pd.ArrowDtype(pa.date32())}
        return self.to_arrow().to_pandas(types_mapper=dates.get)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return self.to_arrow().num_rows

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.to_arrow().column_names)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} rows, {len(self.columns)} columns>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.to_arrow().equals(other.to_arrow())

    __hash__ = None  # type: ignore[assignment]

    def where(self, mask: "pa.Array | pa.ChunkedArray") -> Self:
        """The rows for which `mask` holds."""
        copy = object.__new__(type(self))
        copy._table = self.to_arrow().filter(mask)
        return copy


def wrapped(rows: pa.Table | Table) -> Table:
    """Rows as a `Table`; one that may be made later stays as it is.

    Examples
    --------
    >>> len(wrapped(pa.table({"youth": ["a", "b"]})))
    2
    """
    return rows if isinstance(rows, Table) else Table(rows)


def plain(table: pa.Table) -> pa.Table:
    """A table whose coded columns are text: two are equal whatever the codes are.

    Examples
    --------
    >>> plain(pa.table({"kind": pa.array(["a"]).dictionary_encode()})).column("kind").to_pylist()
    ['a']
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(field.type.value_type))
    return table


class Later(Table):
    """A table that is made when it is first asked for, and once.

    Parameters
    ----------
    make : callable
        Gives the rows.
    size : int, optional
        How many, where that is known.

    Examples
    --------
    >>> Later(lambda: pa.table({"youth": ["a", "b"]})).columns
    ('youth',)
    """

    __slots__ = ("_make", "_size")

    def __init__(self, make: Callable[[], pa.Table], size: int | None = None) -> None:
        self._make: Callable[[], pa.Table] | None = make
        self._size = size

    def __len__(self) -> int:
        return super().__len__() if self._size is None else self._size

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow table."""
        make = self._make
        if make is not None:
            self._table = make()
            self._make = None  # what it was made of is not kept
        return self._table

    def where(self, mask: "pa.Array | pa.ChunkedArray") -> Table:
        """The rows for which `mask` holds."""
        return Table(self.to_arrow()).where(mask)

    def __reduce__(self) -> tuple[type[Table], tuple[pa.Table]]:
        return Table, (self.to_arrow(),)
