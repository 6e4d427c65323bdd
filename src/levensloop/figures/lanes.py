"""Lanes: the items of each sector packed in rows by interval colouring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from levensloop.figures.items import Item, Maker
from levensloop.figures.sectors import sector_order


@dataclass(frozen=True)
class Lane:
    """A sector's lane: its items with their rows, how many rows, and the bars that had to share one."""

    sector: str
    items: tuple[Item, ...]
    rows: int
    shared: tuple[Item, ...] = ()


def pack(maker: Maker, items: Sequence[Item], sectors: Iterable[str], most: int, unit: float) -> list[Lane]:
    """The lanes, with together at most `most` rows (and always one each)."""
    names = sector_order([*sectors, *(item.sector for item in items)])
    own = {name: _packed([item for item in items if item.sector == name], unit) for name in names}
    rows = {name: _rows(own[name]) for name in names}
    while sum(rows.values()) > max(most, len(names)):
        largest = max(names, key=lambda name: (rows[name], -names.index(name)))
        rows[largest] -= 1
    return [_lane(name, own[name], rows[name], maker) for name in names]


def _rows(items: Sequence[Item]) -> int:
    return 1 + max((item.row for item in items), default=0)


def _packed(items: Sequence[Item], unit: float) -> list[Item]:
    ends: list[float] = []
    placed: list[Item] = []
    for item in sorted(items, key=lambda i: (i.left, i.right, i.kind, i.agency)):
        row = next((at for at, end in enumerate(ends) if item.left >= end), len(ends))
        ends[row : row + 1] = [item.right + 4 * unit]
        placed.append(replace(item, row=row))
    return placed


def _lane(sector: str, items: Sequence[Item], rows: int, maker: Maker) -> Lane:
    """A lane of so many rows: what does not fit in the upper ones shares the lowest."""
    if _rows(items) <= rows:
        return Lane(sector, tuple(items), rows)
    rest = [item for item in items if item.row >= rows - 1]
    ticks = [tick for item in rest for tick in item.numbered]
    bars = [item for item in rest if item.kind != "ticks"]
    lowest = [*maker.joined(bars, rows - 1)] if bars else []
    lowest += [replace(item, row=rows - 1) for item in maker.ticked(sector, ticks)] if ticks else []
    return Lane(sector, (*(item for item in items if item.row < rows - 1), *lowest), rows, tuple(bars))
