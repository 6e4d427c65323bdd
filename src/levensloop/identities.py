"""Which delivered records are one youth, and why."""

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.errors import UserError
from levensloop.schema import CONFLICTS, PAIRS
from levensloop.tables import Table, wrapped

_CHAIN: Final = ("a", "b", "matched_by", "score")


class Identities(Table):
    """One row per record: the key as delivered, its youth, what joined it and how sure that is.

    Parameters
    ----------
    table : pyarrow.Table
        Columns as in ``schema.IDENTITIES``.
    persons : pyarrow.Table
        One row per youth: what its records together say of birth, sex and place.
    conflicts : pyarrow.Table, optional
        Youths whose records cannot be one person, such as two days of birth that exclude each other;
        columns as in ``schema.CONFLICTS``. Reported, never resolved by a guess.
    pairs : pyarrow.Table or Table, optional
        The pairs of records that linking held against each other; columns as in ``schema.PAIRS``.
    method : mapping, optional
        The arguments of `link` in words, so that more records can be linked in the same way.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]})
    >>> ll.link(ll.Events(table)).to_arrow().column("youth").to_pylist()
    ['a']
    """

    __slots__ = ("conflicts", "method", "pairs", "persons")

    def __init__(
        self,
        table: pa.Table,
        persons: pa.Table,
        conflicts: pa.Table | None = None,
        pairs: pa.Table | Table | None = None,
        method: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(table)
        self.persons = Table(persons)
        self.conflicts = Table(CONFLICTS.empty_table() if conflicts is None else conflicts)
        self.method = method
        self.pairs = wrapped(PAIRS.empty_table() if pairs is None else pairs)

    def explain(self, youth: str) -> Table:
        """The chain of links that makes the records of one youth one.

        Of all links those are shown that are the surest and suffice, from the record with the least
        key outward.

        Parameters
        ----------
        youth : str
            The youth's id.

        Returns
        -------
        Table
            `a`, `b` (``source:record``, the first record that tells so of the person), `matched_by`
            and `score`; no rows if a single key holds all that is told.

        Raises
        ------
        UserError
            If there is no such youth.

        Examples
        --------
        >>> import levensloop as ll, pyarrow as pa
        >>> table = pa.table({"person": ["b", "a"], "birth": ["1990-01-02"] * 2, "agency": ["GP", "School"],
        ...     "kind": ["contact", "school"], "start": ["2005", "2004"]})
        >>> ll.link(ll.Events(table), on=["person", "birth"]).explain("a").to_arrow().to_pylist()
        [{'a': 'events:2', 'b': 'events:1', 'matched_by': 'birth', 'score': 1.0}]
        """
        import networkx as nx

        persons = self.persons.to_arrow()
        if not pc.any(pc.equal(persons.column("youth"), youth)).as_py():
            raise UserError("there is no such youth; the ids are in .persons")
        pairs = self.pairs.to_arrow()
        own = pc.and_(pairs.column("joined"), pc.equal(pairs.column("youth_a").cast(pa.string()), youth))
        rows = pairs.filter(own).select(_CHAIN)
        graph = nx.Graph()
        for place, row in enumerate(rows.to_pylist()):
            if not graph.has_edge(row["a"], row["b"]) or graph[row["a"]][row["b"]]["score"] < row["score"]:
                graph.add_edge(row["a"], row["b"], score=row["score"], place=place)
        tree = nx.maximum_spanning_tree(graph, weight="score")
        chain = list(nx.bfs_edges(tree, rows.column("a")[0].as_py())) if len(rows) else []
        table = rows.take(pa.array([tree[a][b]["place"] for a, b in chain], pa.int64()))
        turned: dict[str, pa.Array | pa.ChunkedArray] = {
            "a": pa.array([a for a, _ in chain], pa.string()),
            "b": pa.array([b for _, b in chain], pa.string()),
        }
        return Table(pa.table(turned | {name: table.column(name) for name in ("matched_by", "score")}))

    def doubtful(self) -> Table:
        """The pairs of records to look at first: those whose score or whose particulars leave doubt.

        Pairs come first that agree so well that they were joined, or would have been, while something
        excludes that they are one youth; then those whose score is nearest to neither yes nor no.
        Written to CSV with a column `verdict` (``same`` or ``different``) this is what
        ``link(..., review=)`` takes.

        Returns
        -------
        Table
            Columns as in ``schema.PAIRS``.

        Examples
        --------
        >>> import levensloop as ll, pyarrow as pa
        >>> table = pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]})
        >>> len(ll.link(ll.Events(table)).doubtful())
        0
        """
        pairs = self.pairs.to_arrow()
        known = pairs.filter(pairs.column("doubt").is_valid())
        for place, name in enumerate(("a", "b")):
            known = known.set_column(place, name, known.column(name).cast(pa.string()))
        order = pc.sort_indices(known, [("doubt", "descending"), ("a", "ascending"), ("b", "ascending")])
        return Table(known.take(order))
