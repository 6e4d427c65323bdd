"""A Scene on matplotlib: Figure and Agg canvas only; no pyplot, no rcParams, no global state."""

from typing import Final, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.text import Text as Letters
from matplotlib.transforms import Affine2D, Transform

from levensloop.figures.fonts import properties
from levensloop.figures.scene import Disc, Line, Poly, Rect, Scene, Text

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

    Attributes
    ----------
    scene : Scene
        The marks and the decisions behind the picture.
    """

    def __init__(self, scene: Scene, families: tuple[str, ...]) -> None:
        size = (scene.width / DPI, scene.height / DPI)
        super().__init__(figsize=size, dpi=DPI, facecolor="white", layout=None)
        FigureCanvasAgg(self)
        self.scene = scene
        self.set_label(f"{scene.title}. {scene.description}")
        _Painter(self, families).paint(scene)


def draw(scene: Scene, families: tuple[str, ...]) -> LifeCourse:
    """The scene as a matplotlib figure.

    Parameters
    ----------
    scene : Scene
        The page.
    families : tuple of str
        Names of installed fonts, the first that has a character draws it.
    """
    return LifeCourse(scene, families)


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
