"""What all pages of a figure share, a page that fits, and the heights of its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from levensloop.figures import legend, tags
from levensloop.figures.axis import Scale
from levensloop.figures.case import Case, Fact, Seen
from levensloop.figures.lanes import Lane
from levensloop.figures.pages import Page
from levensloop.figures.placing import Arrangement, Room
from levensloop.figures.style import Size
from levensloop.figures.ticks import Tick
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure, Ruler

_TALL: Final = 1500


@dataclass(frozen=True)
class Desk:
    """What every page of a figure shares."""

    case: Case
    size: Size
    words: Words
    measure: Measure
    mask: Callable[[str], str]
    findings: bool

    @property
    def boxes(self) -> float:
        """More boxes than ever stood on a sheet of this shape: 17 on the wall."""
        return 17 * self.size.width * self.size.height / (1920 * 1080 * self.size.unit**2)

    @property
    def ruler(self) -> Ruler:
        """The font of everything outside the boxes."""
        return Ruler(self.measure, self.size.small, self.size.width)


@dataclass(frozen=True)
class Way:
    """How hard to try.

    Parameters
    ----------
    brief : bool
        Leave out the reasons of facts that have a text of their own.
    tag_rows : int or None
        At most so many rows of findings.
    cut : bool
        Let long texts end in an ellipsis.
    letters : int
        How many of the letter heights to try, the floor last.
    """

    brief: bool = False
    tag_rows: int | None = None
    cut: bool = False
    letters: int = 3


@dataclass(frozen=True)
class Fit:
    """A page that fits."""

    page: Page
    scale: Scale
    room: Room
    lanes: tuple[Lane, ...]
    row: float
    tags: tuple[tags.Tag, ...]
    left_out: tuple[Seen, ...]
    arrangement: Arrangement
    ticks: tuple[Tick, ...]
    legend: list[list[legend.Entry]]
    head_lines: int

    @property
    def ticked(self) -> tuple[Fact, ...]:
        """The facts without a box."""
        return tuple(tick.fact for tick in self.ticks)


def tag_rows(sectors: Sequence[str], size: Size) -> int:
    """Rows for findings: fewer where many lanes leave less room."""
    if size.height > _TALL * size.unit:
        return 4
    return 4 if len(sectors) < 6 else 3 if len(sectors) < 8 else 2  # noqa: PLR2004


def header_height(size: Size, lines: int) -> float:
    """Headline, subtitle and the white under them."""
    return size.head * 1.15 + lines * 1.4 * size.small + 16 * size.unit


def legend_height(size: Size, lines: int) -> float:
    """The legend and the white above it."""
    return (36 * lines + 12) * size.unit if lines else 0.0


def findings_height(size: Size, placed: Sequence[tags.Tag], *, shown: bool) -> float:
    """The lane of the findings."""
    rows = 1 + max((tag.row for tag in placed), default=0)
    return (rows * 39 + 12) * size.unit if shown else 0.0
