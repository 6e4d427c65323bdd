"""Figures to files: one youth's pages in one file, and the pages of many youths, each in a file of its own."""

import math
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import click

from levensloop.errors import UserError, path_given
from levensloop.figures.case import Case
from levensloop.figures.draw import LifeCourse, draw, drawn_pages
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.layout import layout
from levensloop.figures.options import Options
from levensloop.figures.reading import Tabular, TimelineLike, read_case
from levensloop.figures.slides import save_slides
from levensloop.findings import Findings

_FEW: Final = 20  # a process more for every so many youths
_AHEAD: Final = 4
_ENDINGS: Final = (".pdf", ".pptx")


def save(pages: LifeCourse | Sequence[LifeCourse], path: str | Path) -> Path:
    """Write figures as one file, a page each.

    Parameters
    ----------
    pages : Figure or sequence of Figure
        Of `life_course` or `whole_life`.
    path : path
        Ends in ``.pdf`` or ``.pptx``; slides hold shapes and texts that can be edited, and need the
        extra ``report``.

    Returns
    -------
    Path

    Raises
    ------
    UserError
        For another ending, or what is no figure of a life course.
    """
    target = path_given(path, "save")
    drawn = drawn_pages(pages)
    if target.suffix not in _ENDINGS:
        raise UserError(
            f"pages are saved as {' or '.join(_ENDINGS)}, not as {target.suffix or 'a bare name'}"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".pdf":
        _pdf(drawn, target)
    else:
        save_slides([page.scene for page in drawn], drawn[0].families, target)
    return target


def save_pages(
    timelines: Mapping[str, TimelineLike],
    findings: Tabular | None,
    folder: str | Path,
    options: Options | None = None,
    *,
    workers: int | None = None,
    progress: Callable[[], None] | None = None,
) -> dict[str, Path]:
    """Draw the life courses of many youths, each to a PDF of its own.

    Parameters
    ----------
    timelines : Cohort or mapping of str to Timeline
        Whose life courses.
    findings : Findings or None
        Of all of them.
    folder : path
        Made when it is not there. Files are numbered in the order of the youths, so that no name
        of a file tells who it is about.
    options : Options or None
        How they are to be drawn.
    workers : int or None
        How many processes; every processor for more than a few youths. A script that has them started
        does its own work below ``if __name__ == "__main__"``.
    progress : callable or None
        Called after each youth; without it a bar is shown if this is a terminal.

    Returns
    -------
    dict of str to Path
        The file of each youth.

    Examples
    --------
    >>> import tempfile
    >>> import levensloop as ll
    >>> cohort = ll.testing.sketch("youth p; gp contact 2005; youth q; gp contact 2005")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in ll.figures.save_pages(cohort, None, folder).values()]
    ['1.pdf', '2.pdf']
    """
    _several(timelines)
    target = path_given(folder, "save_pages")
    target.mkdir(parents=True, exist_ok=True)
    chosen = options or Options()
    youths = list(timelines)
    digits = len(str(len(youths)))
    paths = {youth: target / f"{at:0{digits}}.pdf" for at, youth in enumerate(youths, 1)}
    cases = ((_case(timelines[youth], findings, chosen), paths[youth], chosen) for youth in youths)
    count = min(workers or os.cpu_count() or 1, math.ceil(len(youths) / _FEW))
    with _telling(len(youths), progress) as step:
        for _ in _drawn(cases, count):
            step()
    return paths


def _several(timelines: object) -> None:
    if not isinstance(timelines, Mapping):
        raise UserError(
            "save_pages takes a cohort, or timelines by youth. Hint: save_pages(cohort, findings, folder)."
        )


_Task = tuple[Case, Path, Options]


def _case(timeline: TimelineLike, findings: Tabular | None, options: Options) -> Case:
    own = findings.of(timeline.id) if isinstance(findings, Findings) else findings
    return read_case(timeline, own, mask=options.mask, rules=options.rules)


def _drawn(tasks: Iterator[_Task], workers: int) -> Iterator[None]:
    """Each task drawn, a few ahead of the reader, so that memory stays flat."""
    if workers <= 1:
        yield from map(_draw, tasks)
        return
    # A fresh interpreter: threads of this one do not live on in a fork.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        waiting = deque(pool.submit(_draw, task) for task in islice(tasks, _AHEAD * workers))
        while waiting:
            waiting.popleft().result()
            waiting.extend(pool.submit(_draw, task) for task in islice(tasks, 1))
            yield


def _draw(task: _Task) -> None:
    case, path, options = task
    font = FontMeasure(options.fonts)
    _pdf((draw(scene, font.families) for scene in layout(case, font, options)), path)


def _pdf(pages: Iterable[LifeCourse], target: Path) -> None:
    """The pages in one file, that tells nothing of who made it, or when."""
    from matplotlib.backends.backend_pdf import PdfPages

    with PdfPages(target, metadata={"Creator": None, "Producer": None, "CreationDate": None}) as pdf:
        for page in pages:
            pdf.savefig(page)


@contextmanager
def _telling(count: int, progress: Callable[[], None] | None) -> Generator[Callable[[], None]]:
    """What to call after each youth: `progress`, or a bar on a terminal and nothing elsewhere."""
    if progress is not None:
        yield progress
        return
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=count, label="draw", file=sys.stderr, hidden=hidden, show_pos=True) as bar:
        yield lambda: bar.update(1)
