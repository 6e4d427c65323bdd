"""How a life course is to be drawn: every choice in one frozen object."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from levensloop.figures.style import SIZES, WANTED, Size

if TYPE_CHECKING:
    from levensloop.rulebooks import Rulebook

LANGUAGES: Final = ("nl", "en")
VIEWS: Final = ("findings", "facts")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a life course is to be drawn.

    Parameters
    ----------
    size : str or Size
        ``wall`` (1920 by 1080), ``a3``, ``a4``, or a size of `wall`.
    lang : str
        ``nl`` or ``en``; data text is never translated.
    view : str
        ``findings``, or ``facts`` for the same pages without findings.
    pages : "auto", "whole" or sequence of date or int
        A page per phase of life, one page, or pages that turn at these dates or years.
    mask : bool
        Whether the youth is shown as one initial.
    rules : Rulebook or None
        The age limits that the findings speak of; the Dutch ones if none is given.
    fonts : tuple of str
        Names of fonts in order of preference; the first that is installed is used.
    number : int
        Of the first figure, for the captions.

    Examples
    --------
    >>> Options(size="a4").sheet.width, Options().lang
    (1169, 'nl')
    """

    size: str | Size = "wall"
    lang: str = "nl"
    view: str = "findings"
    pages: str | Sequence[date | int] = "auto"
    mask: bool = True
    rules: "Rulebook | None" = None
    fonts: tuple[str, ...] = WANTED
    number: int = 1

    def __post_init__(self) -> None:
        if isinstance(self.size, str) and self.size not in SIZES:
            raise ValueError(f"no size {self.size!r}; there are {', '.join(SIZES)}")
        if self.lang not in LANGUAGES:
            raise ValueError(f"no words in {self.lang!r}; there are {', '.join(LANGUAGES)}")
        if self.view not in VIEWS:
            raise ValueError(f"view is one of {', '.join(VIEWS)}, not {self.view!r}")
        if isinstance(self.pages, str) and self.pages not in {"auto", "whole"}:
            raise ValueError(f"pages is 'auto', 'whole' or a list of dates and years, not {self.pages!r}")

    @property
    def sheet(self) -> Size:
        """The sheet in pixels."""
        return SIZES[self.size] if isinstance(self.size, str) else self.size
