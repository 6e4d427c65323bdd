"""One way of placing the labels of a timeline, for `figures.py`: rectangles, leaders and seconds as JSON."""

# ruff: noqa: ANN001, ANN201, ANN202 - runs where only the other libraries are

import json
import sys
import time
from datetime import date

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure

WIDTH, HEIGHT, LETTER, DPI = 1920, 1080, 24, 100
POINTS = LETTER * 72 / DPI
LEVELS = (-5, 5, -3, 3, -1, 1)


def axes(places):
    """An empty timeline over the whole canvas."""
    figure = Figure((WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0.02, 1, 0.96))
    ax.set_xlim(min(places) - 60, max(places) + 60)
    ax.set_ylim(-6, 6)
    ax.axis("off")
    ax.plot(places, [0] * len(places), "-o", color="k")
    return figure, ax


def told(figure, texts, feet):
    """Rectangles of the texts as drawn, and a straight leader from each foot to its text."""
    figure.canvas.draw()
    boxes, leaders = [], []
    for text, foot in zip(texts, feet, strict=True):
        box = text.get_window_extent()
        boxes.append([box.x0, box.y0, box.x1, box.y1])
        near = box.y0 if box.y0 > foot[1] else box.y1
        leaders.append([*foot, min(max(foot[0], box.x0), box.x1), near])
    return {"boxes": boxes, "leaders": leaders}


def example(places, words):
    """As the gallery of matplotlib does: stems of cycling heights."""
    figure, ax = axes(places)
    heights = [LEVELS[at % len(LEVELS)] for at in range(len(places))]
    ax.vlines(places, 0, heights)
    texts = [
        ax.annotate(word, (x, y), xytext=(-3, 3 if y > 0 else -3), textcoords="offset points", fontsize=POINTS,
                    ha="right", va="bottom" if y > 0 else "top")
        for x, y, word in zip(places, heights, words, strict=True)
    ]  # fmt: skip
    return told(figure, texts, [ax.transData.transform((x, 0)) for x in places])


def adjusted(places, words):
    """Texts on the line, pushed apart by adjustText."""
    from adjustText import adjust_text

    figure, ax = axes(places)
    texts = [ax.text(x, 0, word, fontsize=POINTS) for x, word in zip(places, words, strict=True)]
    adjust_text(texts, x=places, y=[0] * len(places), ax=ax)
    return told(figure, texts, [ax.transData.transform((x, 0)) for x in places])


def allocated(places, words):
    """Texts placed by textalloc."""
    import textalloc

    figure, ax = axes(places)
    before = set(ax.texts)
    textalloc.allocate(
        ax,
        places,
        [0.0] * len(places),
        words,
        textsize=POINTS,
        max_distance=0.5,
        linecolor="k",
        draw_all=True,
    )
    texts = [text for text in ax.texts if text not in before]
    order = [ax.transData.transform((x, 0)) for x in sorted(places)]
    texts.sort(key=lambda text: text.get_window_extent().x0)
    return told(figure, texts, order[: len(texts)])


def forced(places, words):
    """Labels in rows by the force simulation of labella, above the line."""
    from labella.force import Force
    from labella.node import Node

    figure, ax = axes(places)
    pixels = [ax.transData.transform((x, 0)) for x in places]
    wide = [_width(figure, word) for word in words]
    nodes = [Node(float(foot[0]), width + 8) for foot, width in zip(pixels, wide, strict=True)]
    force = Force({"minPos": 0, "maxPos": WIDTH, "nodeHeight": LETTER * 1.3, "lineSpacing": 2})
    force.nodes(nodes)
    force.compute()
    high = LETTER * 1.3
    boxes, leaders = [], []
    for node, foot in zip(nodes, pixels, strict=True):
        bottom = foot[1] + 60 + node.getLayerIndex() * (high + 30)
        left = node.currentPos - (node.width - 8) / 2
        boxes.append([left, bottom, left + node.width - 8, bottom + high])
        leaders.append([float(foot[0]), float(foot[1]), node.currentPos, bottom])
    return {"boxes": boxes, "leaders": leaders}


def _width(figure, word):
    text = figure.text(0, 0, word, fontsize=POINTS)
    width = text.get_window_extent(figure.canvas.get_renderer()).width
    text.remove()
    return width


WAYS = {
    "matplotlib's timeline example": example,
    "adjustText": adjusted,
    "textalloc": allocated,
    "labella": forced,
}


def main():
    """Draw once and tell what was drawn."""
    way, events = sys.argv[1], json.loads(sys.argv[2])
    places = [date2num(date.fromisoformat(day)) for day, _ in events]
    words = [f"{day} {text}" for day, text in events]
    begun = time.perf_counter()
    drawn = WAYS[way](places, words)
    drawn = {name: [[float(v) for v in row] for row in rows] for name, rows in drawn.items()}
    print(json.dumps({**drawn, "seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
