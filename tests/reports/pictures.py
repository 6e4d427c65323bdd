"""What stands in a PDF, and whether a picture shows what a figure shows, whoever drew it."""

import io
import shutil
import subprocess
from dataclasses import dataclass

import numpy as np
import pytest
from matplotlib.image import imread

from levensloop.figures.draw import draw
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.scene import Text

PDFTOPPM, PDFTOTEXT = shutil.which("pdftoppm"), shutil.which("pdftotext")
needs_poppler = pytest.mark.skipif(
    PDFTOPPM is None or PDFTOTEXT is None, reason="Debian's poppler-utils is not installed here"
)
BLOCK = 8  # pixels a side
DIFFERS = 0.15  # of a block, on average
MOST_MEAN, MOST_INK = 0.006, 0.6
#: What edges between two pixels may do; a missing or shifted mark does more. An office draws lines of its own widths.
PDF, OFFICE = 0.00003, 0.0024


def text_of(pdf, *options):
    """The text of a PDF."""
    command = [PDFTOTEXT, *options, str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


def pictures_of(pdf, last, dpi):
    """The first pages of a PDF as pictures."""
    target = pdf.with_suffix("")
    command = [PDFTOPPM, "-r", str(dpi), "-l", str(last), "-png", str(pdf), str(target)]
    subprocess.run(command, check=True, timeout=120)
    return sorted(pdf.parent.glob(f"{target.name}-*.png"))


@dataclass(frozen=True)
class Difference:
    """Between two pictures: on average, what share of the blocks differs, and how much ink of a text is missing."""

    mean: float
    blocks: float
    ink: float

    def alike(self, most):
        return self.mean <= MOST_MEAN and self.blocks <= most and self.ink <= MOST_INK


def drawn(scene, dpi):
    """The picture of a scene as matplotlib draws it."""
    held = io.BytesIO()
    draw(scene, FontMeasure().families).savefig(held, format="png", dpi=dpi)
    held.seek(0)
    return imread(held)[..., :3]


def difference(scene, path, dpi):
    """What a picture has other than the figure of a scene.

    Letters stand a little apart where one draws them on whole pixels and the other does not: of texts only their ink is
    held beside each other, of everything else each block.
    """
    ours, theirs = drawn(scene, dpi), imread(path)[..., :3]
    assert np.abs(np.subtract(ours.shape, theirs.shape)).max() <= 4, (ours.shape, theirs.shape)
    high, wide = np.minimum(ours.shape[:2], theirs.shape[:2]) // BLOCK * BLOCK
    ours, theirs = ours[:high, :wide], theirs[:high, :wide]
    bare = np.ones((high, wide, 1))
    ink = 0.0
    for place in _texts(scene, dpi / 100):
        dark = [np.abs(picture[place] - picture[place].max((0, 1))).mean() for picture in (ours, theirs)]
        ink = max(ink, abs(dark[0] - dark[1]) / max(*dark, 0.02))
        bare[place] = 0
    blocks = [
        (picture * bare).reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK, 3).mean((1, 3))
        for picture in (ours, theirs)
    ]
    apart = np.abs(blocks[0] - blocks[1]).max(-1)
    return Difference(float(apart.mean()), float((apart > DIFFERS).mean()), float(ink))


def _texts(scene, scale):
    measure = FontMeasure()
    for mark in scene.marks:
        if isinstance(mark, Text):
            width = measure.width(mark.text, mark.size, bold=mark.bold)
            left = mark.x - {"left": 0, "center": width / 2, "right": width}[mark.anchor]
            edges = (mark.y - mark.size, mark.y + 0.36 * mark.size, left - 4, left + 1.03 * width + 4)
            top, bottom, first, last = (max(0, round(edge * scale)) for edge in edges)
            yield slice(top, bottom), slice(first, last)
