"""Which sources tell which rows, as pairs of numbers."""

from dataclasses import dataclass

import numpy as np

from levensloop.sorting import distinct
from levensloop.spans import NO_DAY, Ints, best


@dataclass(frozen=True, slots=True)
class Telling:
    """Pairs of a row and a source that tells it.

    Parameters
    ----------
    pairs : numpy.ndarray of int
        ``row * size + source``, each once, sorted.
    size : int
        The number of sources, at least 1.

    Examples
    --------
    >>> Telling.of(np.array([1, 0, 1]), np.array([0, 1, 0]), 2).row.tolist()
    [0, 1]
    """

    pairs: Ints
    size: int

    @classmethod
    def of(cls, row: Ints, source: Ints, size: int) -> "Telling":
        """The pairs of rows and sources, of `size` sources."""
        return cls(distinct(row * max(size, 1) + source), max(size, 1))

    @property
    def row(self) -> Ints:
        """The row of each pair."""
        return self.pairs // self.size

    @property
    def source(self) -> Ints:
        """The source of each pair."""
        return self.pairs % self.size

    def moved(self, place: Ints) -> "Telling":
        """The same for rows that stand elsewhere; several may have become one."""
        if np.array_equal(place, np.arange(place.size)):
            return self
        return Telling.of(place[self.row], self.source, self.size)

    def of_rows(self, row: Ints) -> tuple[Ints, Ints]:
        """Pairs of a place in `row` and a source that tells that row; a row of -1 has none."""
        low = np.searchsorted(self.pairs, row * self.size)
        count = np.where(row >= 0, np.searchsorted(self.pairs, (row + 1) * self.size) - low, 0)
        place = np.repeat(np.arange(row.size), count)
        at = low[place] + np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
        return place, self.pairs[at] % self.size

    def bound(self, value: Ints, row: Ints, *, least: bool) -> Ints:
        """The least or greatest value of the sources that tell each of some rows; `NO_DAY` for none."""
        place, source = self.of_rows(row)
        told = value[source]
        known = told != NO_DAY
        return best(place[known], told[known], row.size, least=least, empty=NO_DAY)
