"""Pages from a timeline with any options, fonts included."""

from levensloop.figures.draw import draw
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.layout import layout
from levensloop.figures.options import Options
from levensloop.figures.reading import read_case


def scenes(line, findings=None, **choices):
    """The scenes of a life course."""
    options = Options(**choices)
    case = read_case(line, findings, mask=options.mask, rules=options.rules)
    return layout(case, FontMeasure(options.fonts), options)


def pages(line, findings=None, **choices):
    """The figures of a life course."""
    families = FontMeasure(Options(**choices).fonts).families
    return [draw(scene, families) for scene in scenes(line, findings, **choices)]


def texts(scene):
    """Every text of a page."""
    return " ".join(mark.text for mark in scene.marks if hasattr(mark, "text")).replace("\u00a0", " ")
