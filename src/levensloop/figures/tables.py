"""The table of a figure: what is drawn, row by row, for who would rather read than look."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa

from levensloop.errors import UserError
from levensloop.figures.case import Case, Remark, Seen
from levensloop.figures.draw import LifeCourse, drawn_pages
from levensloop.figures.findingwords import tell
from levensloop.figures.remarks import aloud, with_stance
from levensloop.figures.scene import Scene
from levensloop.figures.words import Words
from levensloop.figures.wrap import clean, masker
from levensloop.tables import Table
from levensloop.text import named as name_of
from levensloop.text import say

_NUMBER: Final = re.compile(r"(\S+ \d+)\. ")
COLUMNS: Final = pa.schema(
    [
        ("page", pa.int32()),
        ("layer", pa.string()),
        ("number", pa.string()),
        ("date", pa.string()),
        ("start_min", pa.date32()),
        ("start_max", pa.date32()),
        ("agency", pa.string()),
        ("sector", pa.string()),
        ("what", pa.string()),
        ("initiative", pa.string()),
        ("certainty", pa.string()),
        ("said", pa.list_(pa.int32())),
        ("events", pa.list_(pa.string())),
    ]
)


def figure_table(drawn: LifeCourse | Sequence[LifeCourse]) -> Table:
    """What figures show, as a table: each event on its page, then each finding.

    Parameters
    ----------
    drawn : Figure or sequence of Figure
        Of `life_course` or `whole_life`.

    Returns
    -------
    Table
        `layer` is ``fact``, ``finding`` or ``note`` (what people say: its `number` is that of its balloon); `number`
        of a fact is that of an event without a box; `said` are the numbers of what people say of the row; `events`
        are the recorded facts behind it. Words are in the language of the figure.

    Examples
    --------
    >>> import levensloop as ll
    >>> life = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30 goal_reached")
    >>> table = ll.figures.figure_table(ll.figures.life_course(life["a"], lang="en"))
    >>> table.to_arrow().select(["date", "agency"]).to_pylist()[-1]
    {'date': '1 Jan 2005', 'agency': 'ggz'}
    """
    pages = drawn_pages(drawn)
    case = pages[0].case
    if case is None:
        raise UserError("a table is made of the figures of one life course. Hint: life_course, whole_life.")
    return tabulate(case, [page.scene for page in pages])


def tabulate(case: Case, scenes: Sequence[Scene]) -> Table:
    """The rows of a case as its scenes show them.

    Parameters
    ----------
    case : Case
        Whose life course.
    scenes : sequence of Scene
        Its pages, those with the table of the rest among them.
    """
    words = Words(scenes[0].lang, case.years)
    hide = masker(case.youth, case.initial)

    def text(value: str) -> str | None:
        return hide(clean(value)) or None

    pages, numbers = _places(scenes)
    rows: list[dict[str, Any]] = [
        {
            "page": pages.get(fact.id),
            "layer": "fact",
            "number": numbers.get(fact.id),
            "date": words.when(fact.first, fact.last, fact.precision),
            "start_min": date.fromordinal(fact.first),
            "start_max": date.fromordinal(fact.last),
            "agency": text(fact.agency),
            "sector": words.label("sectors", fact.sector),
            "what": text(words.what(fact)),
            "initiative": words.label("initiatives", fact.initiative) if fact.initiative else None,
            "said": [remark.number for remark in fact.said],
            "events": [fact.id],
        }
        for fact in case.facts
    ]

    def finding(seen: Seen) -> str:
        return with_stance(tell(seen, words, named=True), seen, words)

    shown = {stop.text: at for at, scene in _last_first(scenes) for stop in scene.stops}
    rows += [
        {
            "page": shown.get(hide(aloud(finding(seen), seen.said, words))),
            "layer": "finding",
            "date": words.when(seen.start, seen.end - 1),
            "start_min": date.fromordinal(seen.start),
            "start_max": date.fromordinal(seen.start),
            "agency": text(seen.agency),
            "sector": words.label("sectors", seen.sector) if seen.sector else None,
            "what": text(finding(seen)),
            "said": [remark.number for remark in seen.said],
            "certainty": say(f"certainty.{'certain' if seen.certain else 'possible'}", words.lang),
            "events": list(seen.evidence),
        }
        for seen in case.seen
    ]
    sheet = next((at for at, scene in enumerate(scenes, 1) if scene.kind == "remarks"), None)
    rows += [_noted(remark, case, words, text) | {"page": sheet} for remark in case.remarks]
    return Table(pa.Table.from_pylist(rows, schema=COLUMNS))


def _noted(remark: Remark, case: Case, words: Words, text: Callable[[str], str | None]) -> dict[str, object]:
    day = remark.date.toordinal()
    stance = name_of("stance", remark.stance, words.lang)
    return {
        "layer": "note",
        "number": str(remark.number),
        "date": words.when(day, day),
        "start_min": remark.date,
        "start_max": remark.date,
        "agency": text(remark.author),
        "what": text(f"{stance}: {remark.text}" if remark.text else stance),
        "events": list(case.behind(remark)),
    }


def _last_first(scenes: Sequence[Scene]) -> list[tuple[int, Scene]]:
    """The scenes with their numbers, so that of what stands on two pages the first remains."""
    return [*enumerate(scenes, 1)][::-1]


def _places(scenes: Sequence[Scene]) -> tuple[dict[str, int], dict[str, str]]:
    """Of each event the page on which it stands first, and its number if it has no box there."""
    pages: dict[str, int] = {}
    numbers: dict[str, str] = {}
    for at, scene in _last_first(scenes):
        for stop in scene.stops if scene.kind == "page" else ():
            pages |= dict.fromkeys(stop.events, at)
            numbered = _NUMBER.match(stop.text)
            if numbered is not None:
                numbers |= dict.fromkeys(stop.events, numbered[1])
    return pages, numbers
