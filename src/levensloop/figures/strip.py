"""The small strip of a life for notebooks, and the lanes of a life on axes of one's own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from levensloop.figures import signs
from levensloop.figures.axis import Scale
from levensloop.figures.case import Case, Fact, Run
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.pages import axis, extent
from levensloop.figures.printable import printable
from levensloop.figures.reading import TimelineLike, read_case
from levensloop.figures.scene import Disc, Line, Mark, Poly, Rect, Scene, Stop, Text
from levensloop.figures.sectors import sector_order
from levensloop.figures.style import GREY, INK, LANES, WHITE, colour
from levensloop.figures.svg import svg
from levensloop.figures.words import Words
from levensloop.figures.wrap import masker

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LETTER: Final = 11.0
_ROW: Final = 20
_HEAD: Final = 20
_LABEL: Final = 130
_YEAR: Final = 38
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Strip:
    """A life on a few lines; a notebook shows it as a picture.

    Parameters
    ----------
    scene : Scene
        Its marks.
    """

    scene: Scene

    def svg(self, prefix: str = "strip") -> str:
        """The strip as SVG; every id begins with `prefix`."""
        return svg(self.scene, FontMeasure(), prefix)

    def _repr_svg_(self) -> str:
        return self.svg()


def strip(timeline: TimelineLike, *, width: int = 900, lang: str = "nl", mask: bool = True) -> Strip:
    """The life course on a strip: years, a line per sector with care, school and waits, a dot per event.

    Parameters
    ----------
    timeline : Timeline
        Whose life course.
    width : int
        In pixels.
    lang : str
        ``nl`` or ``en``.
    mask : bool
        Whether the youth is an initial in what is read aloud.

    Returns
    -------
    Strip

    Examples
    --------
    >>> import levensloop as ll
    >>> life = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30; gp contact 2004")
    >>> strip(life["a"], lang="en").scene.count("lane")
    2
    """
    case, _ = printable(read_case(timeline, None, mask=mask), FontMeasure())
    words = Words(lang, case.years)
    names = sector_order([*(fact.sector for fact in case.facts), *(run.sector for run in case.runs)])
    first, last = axis(*extent(case))
    scale = Scale(first, last, _LABEL, width - 8)
    marks: list[Mark] = []
    for at, name in enumerate(names):
        marks += _lane(case, (name, _HEAD + at * _ROW, at), scale, words)
    marks += _years(scale, _HEAD + len(names) * _ROW)
    years = {"start": date.fromordinal(first).year, "end": date.fromordinal(last - 1).year}
    told = {
        "events": words.count("count_events", len(case.facts)),
        "sectors": ", ".join(words.label("sectors", name) for name in names),
    }
    hide = masker(case.youth, case.initial)
    return Strip(
        Scene(
            width,
            _HEAD + len(names) * _ROW + 4,
            words.say("life_title", {"youth": case.initial, **years}),
            words.say("strip_alt", {**years, **told}),
            tuple(marks),
            stops=tuple(_stops(case, scale, names, words, hide)),
            lang=lang,
        )
    )


def _bar(run: Run, scale: Scale, middle: float, half: float) -> tuple[tuple[float, float], ...]:
    """The outline of a bar: its ends are pointed over the days that are not sure."""
    x = [scale.x(day) for day in (run.first, run.sure_first, run.sure_end, run.end)]
    if run.sure_first >= run.sure_end:
        between = (x[0] + x[3]) / 2
        return ((x[0], middle), (between, middle - half), (x[3], middle), (between, middle + half))
    low, high = middle - half, middle + half
    right = max(x[2], x[1] + 1)
    return (
        (x[0], middle),
        (x[1], low),
        (right, low),
        (max(x[3], right), middle),
        (right, high),
        (x[1], high),
    )


def _lane(case: Case, lane: tuple[str, int, int], scale: Scale, words: Words) -> Iterator[Mark]:
    name, top, at = lane
    middle = top + _ROW / 2
    yield Rect(0, top, scale.right + 8, _ROW, LANES[at % 2], role="lane")
    yield from signs.badge(words.letter(name), name, (2, middle - signs.badge_side(_LETTER) / 2), _LETTER)
    yield Text(24, middle + 0.365 * _LETTER, words.label("sectors", name), _LETTER, INK, role="label")
    for run in case.runs:
        if run.sector == name and run.about == "youth":
            events = tuple(event for event in (run.start_event, run.end_event) if event)
            outline, hue = _bar(run, scale, middle, 5.5), colour(name)
            if run.role == "wait":
                yield Poly(outline, WHITE, hue, 1.4, (1, 1.2), "wait", events)
            else:
                yield Poly(outline, hue, role="bar", events=events)
    for fact in case.facts:
        if fact.sector == name:
            fill = colour(name) if fact.exact else WHITE
            x, edge = scale.middle(fact.first, fact.last), WHITE if fact.exact else colour(name)
            yield Disc(x, middle, 3.5, fill, edge, 1.2, "dot", (fact.id,))


def _years(scale: Scale, bottom: float) -> Iterator[Mark]:
    first, last = date.fromordinal(scale.start).year, date.fromordinal(scale.end - 1).year
    each = (scale.right - scale.left) / max(1, last - first + 1)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if step * each >= _YEAR or step == 100)  # noqa: PLR2004
    for year in range(first, last + 1):
        left = scale.x(date(year, 1, 1).toordinal())
        right = scale.x(date(year + 1, 1, 1).toordinal())
        if year > first:
            yield Line(((left, _HEAD), (left, bottom)), WHITE, 1, role="grid")
        room = (right - left) * step if year + step <= last + 1 else right - left
        if (year - first) % step == 0 and room >= _YEAR:
            yield Text(left + 3, _HEAD - 6, str(year), _LETTER, GREY, role="strip")


def _stops(
    case: Case, scale: Scale, names: list[str], words: Words, hide: Callable[[str], str]
) -> Iterator[Stop]:
    for fact in case.facts:
        x, top = scale.middle(fact.first, fact.last), _HEAD + names.index(fact.sector) * _ROW
        when = words.when(fact.first, fact.last, fact.precision)
        told = f"{when}, {hide(fact.agency)}: {hide(words.what(fact))}"
        yield Stop(told, (fact.id,), x - 5, top, 10, _ROW)


def lanes(timeline: TimelineLike, ax: "Axes", *, lang: str = "nl", mask: bool = True) -> "Axes":
    """Draw the lanes of a life on given axes: a line per agency, time in days on the horizontal axis.

    Parameters
    ----------
    timeline : Timeline
        Whose life course.
    ax : matplotlib.axes.Axes
        Theirs is the horizontal axis of matplotlib's dates, so that other curves can stand on it too.
    lang : str
        ``nl`` or ``en``.
    mask : bool
        Whether the key of the youth is hidden in names.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> import levensloop as ll
    >>> life = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30; gp contact 2004")
    >>> ax = lanes(life["a"], Figure().subplots(), lang="en")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Z · gp', 'G · ggz']
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon

    case, _ = printable(read_case(timeline, None, mask=mask), FontMeasure())
    words, hide = Words(lang, case.years), masker(case.youth, case.initial)
    runs = [run for run in case.runs if run.about == "youth"]
    rows = _rows(case.facts, runs)
    first, last = axis(*extent(case))
    days = Scale(first, last, first - _EPOCH, last - _EPOCH)
    for run in runs:
        at, hue = rows[run.sector, run.agency], colour(run.sector)
        wait = run.role == "wait"
        look = {"facecolor": WHITE if wait else hue, "edgecolor": hue, "linestyle": ":" if wait else "-"}
        ax.add_patch(Polygon(_bar(run, days, at, 0.3), closed=True, gid="bar", linewidth=1, **look))
    for fact in case.facts:
        x, hue = days.middle(fact.first, fact.last), colour(fact.sector)
        fill = hue if fact.exact else WHITE
        ax.add_line(
            Line2D(
                [x], [rows[fact.sector, fact.agency]], marker="o", markersize=6, markerfacecolor=fill,
                markeredgecolor=WHITE if fact.exact else hue, linestyle="none", gid="dot", zorder=3,
            )
        )  # fmt: skip
    ax.set_xlim(first - _EPOCH, last - _EPOCH)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    names = [f"{words.letter(sector)} · {hide(agency)}" for sector, agency in rows]
    ax.set_yticks(list(rows.values()), names, parse_math=False)
    ax.xaxis_date()
    return ax


def _rows(facts: Sequence[Fact], runs: Sequence[Run]) -> dict[tuple[str, str], int]:
    """A line per agency, those of one sector together, in the order in which they come in view."""
    seen = {(fact.sector, fact.agency): None for fact in facts} | {(r.sector, r.agency): None for r in runs}
    order = sector_order(sector for sector, _ in seen)
    return {name: at for at, name in enumerate(sorted(seen, key=lambda name: order.index(name[0])))}
