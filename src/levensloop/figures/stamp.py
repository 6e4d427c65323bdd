"""At which level a page is shown: a line at its foot, in every form that it takes."""

from dataclasses import replace
from typing import Final

from levensloop.figures.fit import Desk
from levensloop.figures.scene import Scene, Text, crisp
from levensloop.figures.style import GREY
from levensloop.figures.wrap import shorten
from levensloop.text import say

_DOWN: Final = 0.32  # of the margin: between the line of writing and the edge of the sheet


def stamped(scene: Scene, desk: Desk) -> Scene:
    """The page with what its level means; as it is where nobody decided what may be seen.

    Parameters
    ----------
    scene : Scene
    desk : Desk
    """
    if not desk.case.shown:
        return scene
    told = say(f"level.{desk.case.shown}", scene.lang)
    size = desk.size
    line = shorten(told, size.width - 2 * size.margin, desk.ruler)
    y = size.height - _DOWN * size.margin
    (mark,) = crisp([Text(size.margin, y, line, size.small, GREY, role="level")])
    return replace(scene, description=f"{scene.description} {told}", marks=(*scene.marks, mark))
