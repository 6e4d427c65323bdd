"""Every backend draws the same scene."""

import io
import shutil
import subprocess
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.image import imread

from figures import samples
from levensloop import figures
from levensloop.errors import UserError
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.scene import Disc, Line, Poly, Rect, Scene, Text
from levensloop.figures.svg import element, svg

NS = "{http://www.w3.org/2000/svg}"
TAGS = {Rect: "rect", Line: "polyline", Poly: "polygon", Disc: "circle", Text: "text"}
HOSTILE = "<script>alert(1)</script> \u202ea\u200b\x00\x1b & \"q\" 'x' שלום 😀 ]]>"


@pytest.fixture(scope="module")
def page():
    return figures.life_course(samples.jorien(), samples.jorien_findings())[0]


def hostile():
    marks = (
        Text(10, 30, HOSTILE, 24, "#000000", role="title", events=("a b:1",)),
        Text(10, 80, "שלום", 24, "#000000", rtl=True),
    )
    return Scene(1920, 1080, HOSTILE, HOSTILE, marks, caption="c")


def test_svg_has_each_mark_in_its_order(page):
    root = ET.fromstring(page.svg())  # noqa: S314 - our own
    drawn = list(root.find(f"{NS}g"))
    assert [node.tag for node in drawn] == [NS + TAGS[type(mark)] for mark in page.scene.marks]
    for node, mark in zip(drawn, page.scene.marks, strict=True):
        assert node.get("class", "") == mark.role
        assert node.get("data-events", "").split() == list(mark.events)
        if isinstance(mark, Text):
            assert node.text == mark.text


def test_svg_is_read_aloud_by_date(page):
    root = ET.fromstring(page.svg("p1"))  # noqa: S314 - our own
    assert root.find(f"{NS}title").text == page.scene.title
    assert root.find(f"{NS}desc").text == page.scene.description
    assert root.get("aria-labelledby") == root.find(f"{NS}title").get("id") == "p1-title"
    stops = [node for node in root.iter() if node.get("tabindex") == "0"]
    assert [node.get("aria-label") for node in stops] == [stop.text for stop in page.scene.stops]
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("p1-") for name in ids)


def test_hostile_text_stays_text_in_svg():
    text = svg(hostile(), FontMeasure())
    assert "<script>" not in text
    assert "\x00" not in text
    root = ET.fromstring(text)  # noqa: S314 - our own
    first, second = root.iter(f"{NS}text")
    assert first.text == HOSTILE.replace("\x00", "").replace("\x1b", "")
    assert first.get("data-events") == "a%20b:1"
    assert second.get("direction") == "rtl"
    html = ET.tostring(element(hostile(), FontMeasure()), encoding="unicode", method="html")
    assert "<script>" not in html


@pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="no renderer of SVG")
def test_svg_looks_like_the_figure(page, tmp_path):
    page.savefig(tmp_path / "a.png")
    page.savefig(tmp_path / "b.svg")
    command = ["rsvg-convert", "-w", "1920", "-o", str(tmp_path / "b.png"), str(tmp_path / "b.svg")]
    subprocess.run(command, check=True, timeout=60)
    one, other = (imread(tmp_path / f"{name}.png")[..., :3] for name in "ab")
    assert one.shape == other.shape
    # In blocks of eight pixels, so that hinting of letters does not count.
    blocks = [image[:1080, :1920].reshape(135, 8, 240, 8, 3).mean((1, 3)) for image in (one, other)]
    assert np.abs(blocks[0] - blocks[1]).mean() < 0.01


def test_slides_have_each_mark_and_open_again(tmp_path):
    pptx = pytest.importorskip("pptx")
    drawn = figures.life_course(samples.jorien(), samples.jorien_findings())
    figures.save(drawn, tmp_path / "deck.pptx")
    deck = pptx.Presentation(str(tmp_path / "deck.pptx"))
    assert len(deck.slides) == len(drawn)
    for slide, page in zip(deck.slides, drawn, strict=True):
        title, figure = slide.shapes
        shapes = [title, *figure.shapes]
        told = [shape.text_frame.text for shape in shapes if shape.has_text_frame and shape.text_frame.text]
        assert told == [mark.text for mark in page.scene.marks if isinstance(mark, Text)]
        assert len(shapes) == len(page.scene.marks)
        assert title == slide.shapes.title
        assert title.text_frame.text == page.scene.title
        assert figure._element.nvGrpSpPr.cNvPr.get("descr") == page.scene.description
        assert page.scene.description in slide.notes_slide.notes_text_frame.text
        assert all(
            shape.left >= 0 and shape.left + shape.width <= deck.slide_width * 1.01 for shape in shapes
        )


def test_slides_tell_nothing_of_who_made_them():
    pytest.importorskip("pptx")
    from levensloop.figures.slides import slides

    deck = slides([hostile()], ("DejaVu Sans",))
    assert deck.core_properties.author == deck.core_properties.last_modified_by == ""
    (slide,) = deck.slides
    assert slide.shapes.title.text_frame.text == HOSTILE.replace("\x00", "").replace("\x1b", "")
    assert slide.shapes[1].shapes[0].text_frame._txBody.findall(".//*[@rtl='1']")
    deck.save(io.BytesIO())


def test_slides_are_of_one_size():
    pytest.importorskip("pptx")
    from levensloop.figures.slides import slides

    with pytest.raises(UserError, match="one size"):
        slides([hostile(), Scene(10, 10, "a", "b", ())], ("DejaVu Sans",))
