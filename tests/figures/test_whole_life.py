"""The whole life on one sheet."""

import pytest

from figures import samples
from figures.drawing import texts
from figures.quality import quality
from levensloop import figures
from levensloop.errors import UserError


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_three_periods_stand_below_each_other(lang):
    page = figures.whole_life(samples.jorien(), samples.jorien_findings(), lang=lang)
    assert quality(page, min_px=11) == {}
    assert (page.scene.width, page.scene.height) == (1654, 1169)
    tops = [mark.y for mark in page.scene.marks if mark.role == "title"]
    assert len(tops) == 4  # of the sheet, and of each period
    assert tops == sorted(tops)
    boxed = {event for mark in page.scene.of("box") for event in mark.events}
    assert len(boxed) == len(samples.jorien().events)


def test_the_sheet_has_one_legend_and_tells_the_whole():
    scene = figures.whole_life(samples.jorien(), samples.jorien_findings()).scene
    assert len({mark.y for mark in scene.of("legend") if hasattr(mark, "text")}) == 1
    assert scene.title == "De levensloop van J, 1989\u20132007"
    assert "26 gebeurtenissen" in texts(scene)
    assert "blad" not in texts(scene)


@pytest.mark.parametrize(("number", "seed"), [(1, 3), (12, 4), (40, 5), (150, 6)])
def test_any_life_stays_readable_and_whole(number, seed):
    line, found = samples.made(number, seed=seed, days=4000, odd=0.1)
    page = figures.whole_life(line, found)
    assert quality(page, min_px=11) == {}
    stops = {event for stop in page.scene.stops for event in stop.events}
    assert stops >= {f"s:{at}" for at in range(number)}


def test_where_the_panels_turn_can_be_told():
    scene = figures.whole_life(samples.jorien(), pages=[2001]).scene
    assert sum(mark.role == "title" for mark in scene.marks) == 3


def test_a_sheet_too_small_says_so():
    line, found = samples.made(40, seed=2)
    with pytest.raises(UserError, match="too small"):
        figures.whole_life(line, found, size=(400, 200))
