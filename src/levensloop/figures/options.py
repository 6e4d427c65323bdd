"""How a life course is to be drawn: every choice in one frozen object."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from typing import TYPE_CHECKING, Any, Final

from levensloop.errors import UserError
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

    Raises
    ------
    UserError
        For a choice that there is not.

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
            raise UserError(f"there is no such size. Hint: choose from {', '.join(SIZES)}, or give pixels.")
        if self.lang not in LANGUAGES:
            raise UserError(f"no such language; choose one of {', '.join(LANGUAGES)}")
        if self.view not in VIEWS:
            raise UserError(f"there is no such view. Hint: choose from {', '.join(VIEWS)}.")
        if not _turning(self.pages):
            raise UserError(
                "pages is 'auto', 'whole' or a list of dates and years. Hint: pages=[2001, date(2005, 8, 1)]."
            )

    @property
    def sheet(self) -> Size:
        """The sheet in pixels."""
        return SIZES[self.size] if isinstance(self.size, str) else self.size


def _turning(pages: Any) -> bool:  # noqa: ANN401 - what a user may give
    """Whether pages can turn so."""
    if isinstance(pages, str):
        return pages in {"auto", "whole"}
    return isinstance(pages, Collection) and all(
        isinstance(cut, date)
        or (isinstance(cut, int) and not isinstance(cut, bool) and MINYEAR <= cut <= MAXYEAR)
        for cut in pages
    )
