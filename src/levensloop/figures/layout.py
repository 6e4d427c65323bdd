"""From a case to Scenes: pages, the ladder where a page is too full, and where everything stands."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from levensloop.figures.case import Case, Fact
from levensloop.figures.fitting import Desk, Fit, Fitter, Way
from levensloop.figures.pages import MOST_PAGES, Page, divide, split
from levensloop.figures.scene import Scene
from levensloop.figures.sheet import Sheet
from levensloop.figures.style import Size
from levensloop.figures.words import Words
from levensloop.figures.wrap import Measure, clean, masker

_BOXES: Final = 11
_FEW: Final = 6
_HELPS: Final = 1.5
_MORE: Final = 8
_MOSTLY: Final = 0.75
_WAYS: Final = (Way(), Way(tag_rows=2), Way(brief=True), Way(brief=True, tag_rows=2))
_VIEWS: Final = ("findings", "facts")


@dataclass(frozen=True)
class Options:
    """How a life course is to be drawn."""

    size: Size
    lang: str = "nl"
    pages: str | Sequence[date | int] = "auto"
    view: str = "findings"


def layout(case: Case, measure: Measure, options: Options) -> list[Scene]:
    """The pages of a case as scenes; the same case gives the same scenes.

    Parameters
    ----------
    case : Case
        Whose life course.
    measure : Measure
        The font.
    options : Options
        Size, language, pages and view.

    Returns
    -------
    list of Scene
        One to six; more only if `options.pages` asks for them.
    """
    if options.view not in _VIEWS:
        raise ValueError(f"view is one of {', '.join(_VIEWS)}, not {options.view!r}")
    hide = masker(case.youth, case.initial)
    printable, lost = _printable(case, measure)
    desk = Desk(printable, options.size, Words(options.lang), measure, hide, options.view == "findings")
    first = split(printable, options.pages)
    fits = _fits(desk, first, more=options.pages == "auto")
    return [Sheet(desk, fit, (at + 1, len(fits)), lost).scene() for at, fit in enumerate(fits)]


def _fits(desk: Desk, pages: Sequence[Page], *, more: bool) -> list[Fit]:
    fitters = [Fitter(desk, page) for page in pages]
    whole = [_whole(fitter, page) for fitter, page in zip(fitters, pages, strict=True)]
    parts = [1 if fit else -(-len(f.major()) // _BOXES) for f, fit in zip(fitters, whole, strict=True)]
    parts = [max(1 if fit else 2, count) for fit, count in zip(whole, parts, strict=True)]
    while sum(parts) > MOST_PAGES and max(parts) > 1:
        parts[parts.index(max(parts))] -= 1
    found: list[Fit] = []
    for page, fitter, fit, count in zip(pages, fitters, whole, parts, strict=True):
        if fit is not None:
            found.append(fit)
        elif not more or count == 1:
            found.append(_most(fitter))
        else:
            for part in divide(desk.case, page, count):
                again = Fitter(desk, part)
                found.append(_whole(again, part) or _most(again))
    return found


def _whole(fitter: Fitter, page: Page) -> Fit | None:
    """The page with a box for every fact, else with ticks for the minor contacts, else for a few."""
    for facts in (list(page.facts), fitter.major()):
        for way in _WAYS if facts or not page.facts else ():
            fit = fitter.fit(facts, way)
            if fit is not None:
                return fit
    ranked = fitter.ranked()
    if len(ranked) <= 2 * _BOXES:
        for boxes in range(len(ranked) - 1, max(0, math.ceil(_MOSTLY * len(ranked)) - 1), -1):
            fit = fitter.fit(ranked[:boxes], _WAYS[-1])
            if fit is not None:
                return fit
    return None


def _most(fitter: Fitter) -> Fit:
    """The page with as many boxes as it can hold; texts are cut only where that helps much."""
    ranked = fitter.ranked()
    whole, best = _search(fitter, ranked, Way(brief=True))
    if whole < min(_FEW, len(ranked)):
        shortened, other = _search(fitter, ranked, Way(brief=True, cut=True))
        best = other if shortened > _HELPS * whole else best
    best = best or fitter.fit([]) or fitter.fit([], Way(tag_rows=1))
    if best is None:
        raise ValueError(
            "the sheet is too small for its letters. Hint: a larger sheet, or a shorter distance."
        )
    return best


def _search(fitter: Fitter, ranked: Sequence[Fact], way: Way) -> tuple[int, Fit | None]:
    """How many of the most salient facts can have a box together."""
    low, high = 0, min(len(ranked), 2 * _BOXES)
    best: Fit | None = None
    while low < high:
        middle = (low + high + 1) // 2
        fit = fitter.fit(ranked[:middle], way)
        if fit is None:
            high = middle - 1
        else:
            low, best = middle, fit
    kept = list(ranked[:low])
    # One long text must not keep those after it from a box.
    for fact in ranked[low + 1 : low + 1 + _MORE]:
        fit = fitter.fit([*kept, fact], way)
        if fit is not None:
            kept, best = [*kept, fact], fit
    return len(kept), best


def _printable(case: Case, measure: Measure) -> tuple[Case, dict[str, int]]:
    """The case with a square for every character that no font has, and how many each fact had."""

    def text(value: str) -> str:
        value = clean(value)
        missing = measure.missing(value)
        return "".join("□" if letter in missing else letter for letter in value) if missing else value

    lost: dict[str, int] = {}
    for fact in case.facts:
        told = clean(fact.agency + fact.what)
        missing = measure.missing(told)
        if missing:
            lost[fact.id] = sum(1 for letter in told if letter in missing)

    facts = tuple(
        replace(
            fact,
            agency=text(fact.agency),
            to_agency=text(fact.to_agency),
            what=text(fact.what),
            why=text(fact.why),
        )
        for fact in case.facts
    )
    runs = tuple(replace(run, agency=text(run.agency)) for run in case.runs)
    seen = tuple(replace(s, agency=text(s.agency), to_agency=text(s.to_agency)) for s in case.seen)
    return replace(case, youth=text(case.youth) or "X", facts=facts, runs=runs, seen=seen), lost
