"""Judges a matplotlib figure from outside: what a reader far away would stumble over.

Nothing may overlap, leave the canvas, be clipped, be too small or too pale; leaders cross
neither one another nor text; boxes do not overlap. Leaders carry a gid that begins with
``leader``, boxes the gid ``box``.
"""

import math
from functools import cache
from itertools import combinations, pairwise

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

TOUCH = 1.5
LARGE = 24


def _linear(colour):
    colour = np.asarray(colour, float)
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG contrast of two colours (arrays of RGB)."""
    a, b = _linear(one) @ [0.2126, 0.7152, 0.0722], _linear(other) @ [0.2126, 0.7152, 0.0722]
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def lab(hexadecimal):
    """CIELAB of a colour under D65."""
    matrix = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])
    xyz = matrix @ _linear(to_rgba(hexadecimal)[:3]) / matrix.sum(1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _pixels(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3], canvas.get_renderer()


@cache
def _ink(text, name, size, weight, dpi):
    """Where the ink of a text lies, relative to its extent: left, bottom, right, top."""
    figure = Figure(figsize=(1, 1), dpi=dpi)
    canvas = FigureCanvasAgg(figure)
    letters = figure.text(0.5, 0.5, text, size=size, weight=weight, family=list(name), parse_math=False)
    extent = letters.get_window_extent(canvas.get_renderer())
    figure.set_size_inches((extent.width + 20) / dpi, (extent.height + 20) / dpi)
    letters.set(ha="center", va="center")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    dark = np.asarray(canvas.buffer_rgba())[..., 0] < 225
    if not dark.any():
        return 0, 0, extent.width, extent.height, 0
    extent = letters.get_window_extent(canvas.get_renderer())
    rows, columns = np.where(dark)
    high = dark.shape[0]
    return (
        columns.min() - extent.x0,
        high - 1 - rows.max() - extent.y0,
        columns.max() + 1 - extent.x0,
        high - rows.min() - extent.y0,
        int(dark.sum()),
    )


def _own(letters, renderer):
    """The ink of a text on its own."""
    name = tuple(letters.get_fontproperties().get_family())
    return _ink(letters.get_text(), name, letters.get_fontsize(), letters.get_weight(), renderer.dpi)


def _box(letters, renderer):
    extent = letters.get_window_extent(renderer)
    ink = _own(letters, renderer)
    return extent.x0 + ink[0], extent.y0 + ink[1], extent.x0 + ink[2], extent.y0 + ink[3]


def _overlap(one, other):
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > TOUCH and high > TOUCH


def _cross(one, other):
    """Whether two segments cross; ends that touch do not count."""
    (p, q), (r, s) = one, other
    if any(math.dist(a, b) <= 0.5 for a in one for b in other):
        return False

    def turn(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return turn(p, q, r) * turn(p, q, s) < -1e-9 and turn(r, s, p) * turn(r, s, q) < -1e-9


def _inside(segment, box):
    """Length of a segment in a box."""
    (x, y), (x1, y1) = segment
    low, high = 0.0, 1.0
    for step, least, most, at in ((x1 - x, box[0], box[2], x), (y1 - y, box[1], box[3], y)):
        if abs(step) < 1e-12:
            if not least <= at <= most:
                return 0.0
            continue
        ends = sorted(((least - at) / step, (most - at) / step))
        low, high = max(low, ends[0]), min(high, ends[1])
    return max(0.0, high - low) * math.dist(*segment)


def _near(ink):
    """The ink and two pixels round it."""
    wide = np.pad(ink, 2)
    height, width = ink.shape
    return np.any([wide[y : y + height, x : x + width] for y in range(5) for x in range(5)], axis=0)


def _seen(letters, extent, pictures, own):
    """Whether a text has enough contrast where its ink lies, and shows most of its ink."""
    full, bare = pictures
    height, width = full.shape[:2]
    x0, x1 = max(0, math.floor(extent.x0)), min(width, math.ceil(extent.x1))
    y0, y1 = max(0, math.floor(height - extent.y1)), min(height, math.ceil(height - extent.y0))
    ground, written = bare[y0:y1, x0:x1] / 255, full[y0:y1, x0:x1] / 255
    colour = np.array(to_rgba(letters.get_color())[:3])
    apart = np.maximum(np.abs(colour - ground).max(-1), 1e-3)
    ink = np.where(apart > 0.02, np.abs(written - ground).max(-1) / apart, 0) > 0.12
    if not ink.any():
        return False, False
    ratio = np.percentile(contrast(colour, ground[_near(ink)]), 5)
    large = letters.get_fontsize() * letters.get_figure().dpi / 72 >= LARGE
    return ratio >= (3.0 if large else 4.5), own == 0 or ink.sum() / own >= 0.75


def quality(figure, min_px=24):
    """Faults by name; an empty dict is a figure fit to project."""
    full, renderer = _pixels(figure)
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    for letters in texts:
        letters.set_alpha(0)
    bare, _ = _pixels(figure)
    for letters in texts:
        letters.set_alpha(None)
    width, height = figure.bbox.width, figure.bbox.height
    extents = [t.get_window_extent(renderer) for t in texts]
    boxes = [_box(t, renderer) for t in texts]
    lines = [
        list(pairwise(line.get_transform().transform(line.get_path().vertices).tolist()))
        for line in figure.findobj(Line2D)
        if (line.get_gid() or "").startswith("leader")
    ]
    patches = [p.get_window_extent(renderer).extents for p in figure.findobj(Patch) if p.get_gid() == "box"]
    names = [t.get_text() for t in texts]
    small = [(b[0] + 1, b[1] + 1, b[2] - 1, b[3] - 1) for b in boxes]
    inks = [_own(t, renderer)[4] for t in texts]
    seen = [_seen(t, e, (full, bare), ink) for t, e, ink in zip(texts, extents, inks, strict=True)]
    faults = {
        "overlap": [
            (names[i], names[j])
            for i, j in combinations(range(len(boxes)), 2)
            if _overlap(boxes[i], boxes[j])
        ],
        "outside": [
            name
            for name, e in zip(names, extents, strict=True)
            if e.x0 < -0.5 or e.y0 < -0.5 or e.x1 > width + 0.5 or e.y1 > height + 0.5
        ],
        "clipped": [t.get_text() for t in texts if t.get_clip_on() and t.get_clip_box() is not None],
        "small": [t.get_text() for t in texts if t.get_fontsize() * figure.dpi / 72 < min_px - 0.05],
        "pale": [name for name, (clear, _) in zip(names, seen, strict=True) if not clear],
        "hidden": [name for name, (_, whole) in zip(names, seen, strict=True) if not whole],
        "crossing": [1 for a, b in combinations(lines, 2) if any(_cross(p, q) for p in a for q in b)],
        "through": [
            name
            for line in lines
            for name, box in zip(names, small, strict=True)
            if sum(_inside(part, box) for part in line) > 2
        ],
        "boxes": [1 for a, b in combinations(patches, 2) if _overlap(a, b)],
    }
    return {name: found for name, found in faults.items() if found}
