"""Where a page is too full: smaller letters, fewer boxes, more pages."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

from levensloop.errors import UserError
from levensloop.figures.case import Fact
from levensloop.figures.fit import Desk, Fit, Way
from levensloop.figures.fitting import Fitter
from levensloop.figures.pages import MOST_PAGES, Page, divide, split

_USUAL: Final = 0.7
_FEW: Final = 6
_HELPS: Final = 1.5
_MORE: Final = 6
_WAYS: Final = (
    *(Way(tag_rows=rows) for rows in (8, 5, 4, 3)),
    *(Way(brief=True, tag_rows=rows) for rows in (5, 3, 2)),
)


class Ladder:
    """Tries the pages of a case.

    Parameters
    ----------
    desk : Desk
        What all pages share.
    pages : "auto", "whole" or sequence of date or int
        As in `Options`.
    """

    def __init__(self, desk: Desk, pages: str | Sequence[date | int]) -> None:
        self._desk = desk
        self._pages = pages
        self.fixed = pages != "auto"
        self._fitters: dict[tuple[int, int, tuple[str, ...]], Fitter] = {}

    def whole(self) -> list[Fit] | None:
        """Pages with a box for every event, if six are enough."""
        natural = split(self._desk.case, self._pages)
        found: list[Fit] = []
        for at, page in enumerate(natural):
            left = MOST_PAGES - len(found) - (len(natural) - at - 1)
            fits = self._parts(page, 1 if self.fixed else left)
            if fits is None:
                return None
            found += fits
        return found

    def most(self, count: int) -> list[Fit]:
        """`count` pages (or those asked for) with as many boxes as they can hold."""
        return [self._most(self._fitter(page)) for page in self._divided(count)]

    def lines(self, count: int) -> int:
        """About how many events have no box on so many pages."""
        return max(0, len(self._desk.case.facts) - math.floor(_USUAL * self._desk.boxes) * count)

    def _divided(self, count: int) -> list[Page]:
        natural = split(self._desk.case, self._pages, count)
        if self.fixed:
            return natural
        parts = [1] * len(natural)
        while sum(parts) < count:
            full = [len(page.facts) / part for page, part in zip(natural, parts, strict=True)]
            if max(full) <= _USUAL * self._desk.boxes:
                break
            parts[full.index(max(full))] += 1
        return [
            part
            for page, n in zip(natural, parts, strict=True)
            for part in (divide(self._desk.case, page, n) if n > 1 else [page])
        ]

    def _parts(self, page: Page, most: int) -> list[Fit] | None:
        """One page or its parts, each with a box for every event."""
        least = max(1, math.ceil(len(page.facts) / self._desk.boxes))
        for count in range(least, min(most, max(least + 1, len(page.facts) // 5)) + 1):
            fits: list[Fit] = []
            for part in divide(self._desk.case, page, count) if count > 1 else [page]:
                fit = self._whole(self._fitter(part))
                if fit is None:
                    break
                fits.append(fit)
            else:
                return fits
        return None

    def _fitter(self, page: Page) -> Fitter:
        key = (page.start, page.end, tuple(fact.id for fact in page.facts))
        if key not in self._fitters:
            self._fitters[key] = Fitter(self._desk, page)
        return self._fitters[key]

    def _whole(self, fitter: Fitter) -> Fit | None:
        for way in _WAYS:
            fit = fitter.fit(fitter.ranked(), way)
            if fit is not None:
                return fit
        return None

    def _most(self, fitter: Fitter) -> Fit:
        """The page with as many boxes as it can hold; texts are cut only where that helps much."""
        few = len(fitter.ranked()) <= self._desk.boxes
        whole = self._whole(fitter) if few else None
        if whole is not None:
            return whole
        ranked = fitter.major() or fitter.ranked()
        if len(ranked) < len(fitter.ranked()) and len(ranked) <= self._desk.boxes:
            fit = next((fit for way in _WAYS if (fit := fitter.fit(ranked, way)) is not None), None)
            if fit is not None:
                return fit
        boxes, best = _search(fitter, ranked, Way(brief=True, letters=1, tag_rows=2))
        if boxes < min(_FEW, len(ranked)):
            shortened, other = _search(fitter, ranked, Way(brief=True, cut=True, letters=1, tag_rows=1))
            best = other if shortened > _HELPS * boxes else best
        best = best or fitter.fit([], Way()) or fitter.fit([], Way(tag_rows=1))
        if best is None:
            raise UserError(
                "the sheet is too small for its letters. Hint: a larger sheet, or a shorter distance."
            )
        return best


def _search(fitter: Fitter, ranked: Sequence[Fact], way: Way) -> tuple[int, Fit | None]:
    """How many of the most salient facts can have a box together."""
    low, high = 0, min(len(ranked), math.ceil(1.2 * fitter.desk.boxes))
    best: Fit | None = None
    middle = min(high, math.ceil(_USUAL * fitter.desk.boxes))
    while low < high:
        fit = fitter.fit(ranked[:middle], way)
        if fit is None:
            high = middle - 1
        else:
            low, best = middle, fit
        middle = min((low + high + 1) // 2, low + 2 if low else high)
    kept = list(ranked[:low])
    # One long text must not keep those after it from a box.
    for fact in ranked[low + 1 : low + 1 + _MORE]:
        fit = fitter.fit([*kept, fact], way)
        if fit is not None:
            kept, best = [*kept, fact], fit
    return len(kept), best
