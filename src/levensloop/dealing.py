"""The rows of some youths at a time, and of these one row a fact: what is equal becomes one before anything is gathered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.across import content
from levensloop.arrays import codes
from levensloop.arrow import numbers
from levensloop.gathering import Each, dealt
from levensloop.naming import Names
from levensloop.reasoning import refers
from levensloop.schema import nothing
from levensloop.sorting import grouped
from levensloop.spans import Ints

#: The rows of a part, its first youth, and the first youth after it.
Part = tuple[Ints, int, int]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Rows as delivered, with the place of each row's youth among `ids`.

    Parameters
    ----------
    events, origin : pyarrow.Table
        Columns as in ``schema.HELD`` (what is said as ranks) and ``schema.ORIGIN``.
    youth : numpy.ndarray of int
        Row by row.
    ids : pyarrow.Array
        The youths, in their order.
    born : numpy.ndarray of int
        The earliest day of birth of each youth, `NO_DAY` if unknown.
    """

    events: pa.Table
    origin: pa.Table
    youth: Ints
    ids: pa.Array
    born: Ints


class Same(NamedTuple):
    """Rows in the order of their content, the number of the fact that each is, and where in the order each fact begins.

    `lead` is the first row of each fact, among all rows.
    """

    order: Ints
    run: Ints
    heads: Ints
    lead: Ints


class Block(NamedTuple):
    """The rows of some youths as they were delivered, and the facts that they make.

    `origin` and `named` (the `record` and the `care_id` of each row) have no rows where nothing is told of their order.
    `record` is the place among all rows of each row, in the order of their content. In `facts` stands one row a fact.
    """

    youth: Ints
    source: Ints
    ids: pa.Array
    born: Ints
    origin: pa.Table
    named: pa.Table
    record: Ints
    same: Same
    facts: pa.Table


def parted(rows: Delivered, parts: Sequence[Part], names: Sequence[str], each: Each) -> Iterator[Block]:
    """The parts with what is asked of their rows: of what makes up a fact, one row a fact is taken and no other."""
    source = codes(rows.origin.column("source"), names)
    owns = [own for own, _, _ in parts]
    sames = _sames(rows, source, owns, each)
    taken = zip(
        parts,
        *_order_told(rows, owns, each),
        (own[same.order] for own, same in zip(owns, sames, strict=True)),
        sames,
        dealt(rows.events.drop_columns("person"), [same.lead for same in sames], each),
        strict=True,
    )
    for (own, low, high), *rest in taken:
        yield Block(
            rows.youth[own] - low, source[own], rows.ids.slice(low, high - low), rows.born[low:high], *rest
        )


def _order_told(rows: Delivered, owns: Sequence[Ints], each: Each) -> Iterator[list[pa.Table]]:
    """What is told of the order of the rows of each part, and what they are called; no rows where nothing is told of it."""
    told = rows.origin.select(["record", "after", "before", "ordered"])
    some = refers(told) or pc.any(told.column("ordered")).as_py()
    record = Names(rows.origin).records() if some else nothing(len(told), pa.string())
    named = pa.table({"record": record, "care_id": rows.events.column("care_id")})
    for table in (told, named):
        yield dealt(table, owns, each) if some else [table.slice(0, 0)] * len(owns)


def _sames(rows: Delivered, source: Ints, owns: Sequence[Ints], each: Each) -> list[Same]:
    """The rows of each part by content; of equal ones that of the first source and row leads."""
    told = content(rows.events, rows.youth, each)
    first = [source, *(numbers(rows.origin.column(name)) for name in ("record", "part"))]

    def same(own: Ints) -> Same:
        order, run, heads = grouped(told, first, own)
        return Same(order, run, heads, own[order[heads]])

    return list(each(same, owns))
