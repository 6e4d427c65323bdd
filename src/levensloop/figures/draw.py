"""A Scene on matplotlib: Figure and Agg canvas only; no pyplot, no rcParams, no global state."""

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import IO, Any, Final, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.text import Text as Letters
from matplotlib.transforms import Affine2D, Transform

from levensloop.errors import UserError
from levensloop.figures.case import Case
from levensloop.figures.fonts import FontMeasure, properties
from levensloop.figures.scene import Disc, Line, Poly, Rect, Scene, Text
from levensloop.figures.svg import svg

DPI: Final = 100
_POINT: Final = 72 / DPI


class LifeCourse(Figure):
    """A figure that knows its scene.

    Parameters
    ----------
    scene : Scene
        The page.
    families : tuple of str
        Names of installed fonts.
    case : Case or None
        What was laid out, for the table of the figure.

    Attributes
    ----------
    scene : Scene
        The marks and the decisions behind the picture.
    case : Case or None
        What was laid out.
    """

    def __init__(self, scene: Scene, families: tuple[str, ...], case: Case | None = None) -> None:
        size = (scene.width / DPI, scene.height / DPI)
        super().__init__(figsize=size, dpi=DPI, facecolor="white", layout=None)
        FigureCanvasAgg(self)
        self.scene = scene
        self.case = case
        self.families = families
        self.set_label(f"{scene.title}. {scene.description}")
        _Painter(self, families).paint(scene)

    def svg(self, prefix: str = "levensloop") -> str:
        """The page as SVG: its text is text, and its marks lead to their events.

        Parameters
        ----------
        prefix : str
            Begins every id, so that several pages can stand in one document.
        """
        return svg(self.scene, FontMeasure(self.families), prefix)

    def savefig(
        self,
        fname: "str | PathLike[str] | IO[Any]",
        *,
        format: str | None = None,  # noqa: A002 - matplotlib's name
        metadata: Mapping[str, Any] | None = None,
        **kwargs: Any,  # noqa: ANN401 - as matplotlib's own
    ) -> None:
        """Save as matplotlib does, with nothing in the file of who made it or when; SVG is that of `svg`.

        Parameters
        ----------
        fname : path or file
            Where to.
        format : str or None
            That of the file's ending if none is given.
        metadata : mapping or None
            Written into the file beside the headline.
        **kwargs
            As `matplotlib.figure.Figure.savefig` takes them.
        """
        kind = format or (Path(fname).suffix[1:] if isinstance(fname, str | PathLike) else "png") or "png"
        if kind == "svg":
            _write(fname, self.svg())
            return
        about = {**_SILENT.get(kind, {}), **(metadata or {})}
        if kind == "pdf":
            about.setdefault("Title", self.scene.title)
        super().savefig(fname, format=kind, metadata=about or None, **kwargs)


_SILENT: Final[dict[str, dict[str, None]]] = {
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
    "png": {"Software": None},
}


def _write(target: "str | PathLike[str] | IO[Any]", text: str) -> None:
    if isinstance(target, str | PathLike):
        Path(target).write_text(text, encoding="utf-8")
    else:
        try:
            target.write(text.encode())
        except TypeError:  # opened for text
            target.write(text)


def draw(scene: Scene, families: tuple[str, ...], case: Case | None = None) -> LifeCourse:
    """The scene as a matplotlib figure.

    Parameters
    ----------
    scene : Scene
        The page.
    families : tuple of str
        Names of installed fonts, the first that has a character draws it.
    case : Case or None
        What was laid out, for `figure_table`.
    """
    return LifeCourse(scene, families, case)


class _Painter:
    def __init__(self, figure: Figure, families: tuple[str, ...]) -> None:
        self._figure = figure
        self._families = families

    def paint(self, scene: Scene) -> None:
        pixels = Affine2D().scale(1 / scene.width, -1 / scene.height).translate(0, 1)
        where: Transform = pixels + self._figure.transFigure
        for order, mark in enumerate(scene.marks):
            artist = self._artist(mark, where)
            artist.set_zorder(1 + order)
            artist.set_gid(mark.role or None)
            artist.set_clip_on(False)
            if isinstance(artist, Letters):
                self._figure.texts.append(artist)
                artist.set_figure(self._figure)
            else:
                self._figure.add_artist(artist)

    def _artist(
        self, mark: Rect | Line | Poly | Disc | Text, where: Transform
    ) -> Line2D | Letters | Rectangle | Polygon | Circle:
        if isinstance(mark, Text):
            return self._letters(mark, where)
        if isinstance(mark, Line):
            return Line2D(
                [x for x, _ in mark.points],
                [y for _, y in mark.points],
                color=mark.colour,
                linewidth=mark.width * _POINT,
                linestyle=_dash(mark.dash),
                solid_capstyle="butt",
                dash_capstyle="butt",
                solid_joinstyle="round",
                transform=where,
            )
        if isinstance(mark, Disc):
            shape: Rectangle | Polygon | Circle = Circle((mark.x, mark.y), mark.radius)
            style: tuple[float, ...] = ()
        elif isinstance(mark, Rect):
            shape, style = Rectangle((mark.x, mark.y), mark.width, mark.height), mark.dash
        else:
            shape, style = Polygon(mark.points, closed=True), mark.dash
        shape.set(
            facecolor=mark.fill or "none",
            edgecolor=mark.stroke or "none",
            linewidth=mark.stroke_width * _POINT if mark.stroke else 0,
            linestyle=_dash(style),
            joinstyle="miter",
            transform=where,
        )
        return shape

    def _letters(self, mark: Text, where: Transform) -> Letters:
        return Letters(
            mark.x,
            mark.y,
            mark.text,
            color=mark.colour,
            fontproperties=properties(self._families, mark.size * _POINT, bold=mark.bold),
            horizontalalignment=mark.anchor,
            verticalalignment="baseline",
            parse_math=False,
            transform=where,
        )


def _dash(dash: tuple[float, ...]) -> tuple[float, tuple[float, ...]] | Literal["solid"]:
    return (0.0, dash) if dash else "solid"


def drawn_pages(given: Any) -> list[LifeCourse]:  # noqa: ANN401 - what a user may give
    """The pages of a life course that was drawn.

    Raises
    ------
    UserError
        When it is something else, or none.
    """
    several: list[Any] = list(given) if isinstance(given, Iterable) else [given]
    if not several or not all(isinstance(page, LifeCourse) for page in several):
        raise UserError("figures of a life course are asked for. Hint: life_course(cohort[youth], findings).")
    return several
