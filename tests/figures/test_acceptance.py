"""Every page is fit to be read from afar: no text overlaps, leaves the sheet, is hidden, small or pale."""

import os
import random

import pytest

from figures import drawing, samples
from figures.quality import quality
from levensloop.figures.fonts import family

FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Open Sans")
# `make figures-full` draws 200 random timelines, each in both languages.
FULL = int(os.environ.get("LEVENSLOOP_FIGURES", "0"))


def judged(line, findings=None, **options):
    """The pages, each of them without a fault, with every event told and at its date."""
    pages = drawing.pages(line, findings, **options)
    floor = 24 if options.get("size", "wall") == "wall" else 11
    told = set()
    for page in pages:
        assert quality(page, min_px=floor) == {}, page.scene.title
        assert all(low - 1 <= foot <= high + 1 for _, foot, low, high in page.scene.feet)
        told |= {event for event, *_ in page.scene.feet}
        told |= {event for d in page.scene.decisions if d.kind == "ticks" for event in d.events}
    assert told == set(line.events.to_arrow()["event"].to_pylist())
    assert len(pages) <= 6
    return pages


@pytest.fixture(params=FONTS)
def font(request):
    """One of four fonts that differ much in width."""
    if family((request.param,))[0] != request.param:
        pytest.skip(f"{request.param} is not installed here")
    return request.param


@pytest.mark.parametrize("sample", ["jorien", 12, 40, 150])
def test_pages_in_every_font(sample, font):
    line, findings = (
        (samples.jorien(), samples.jorien_findings())
        if sample == "jorien"
        else samples.made(sample, seed=sample)
    )
    lang = "en" if FONTS.index(font) % 2 else "nl"
    for each in ("nl", "en") if FULL or sample == "jorien" else (lang,):
        judged(line, findings, lang=each, fonts=(font,))


@pytest.mark.parametrize("options", [{"size": "a3", "pages": "whole"}, {"size": "a4", "lang": "en"}])
def test_paper(options):
    judged(samples.jorien(), samples.jorien_findings(), **options)


def _random(seed):
    dice = random.Random(seed)  # noqa: S311 - made-up lives, no secrets
    numbers = [1, 2, 3, 5, 8, 12, 20, 40] + ([80, 150] if FULL else [])
    line, findings = samples.made(
        dice.choice(numbers),
        seed=seed,
        days=dice.choice([1, 3, 20, 100, 400, 1600, 5000, 9000]),
        odd=dice.choice([0, 0.3, 1]),
        exact=dice.choice([0, 0.5, 1]),
        cluster=dice.choice([0, 0.1, 0.8]),
    )
    return line, findings, dice.choice(["wall", "wall", "a3", "a4"])


@pytest.mark.parametrize("seed", range(FULL or 20))
def test_random_timelines(seed):
    line, findings, size = _random(seed)
    for lang in ("nl", "en") if FULL else ("nl", "en")[seed % 2 :][:1]:
        for page in judged(line, findings, lang=lang, size=size):
            assert page.get_label().startswith(page.scene.title)


def test_the_same_life_gives_the_same_picture():
    line, findings = samples.made(20, seed=3)
    first, again = (drawing.pages(line, findings) for _ in range(2))
    assert [page.scene for page in first] == [page.scene for page in again]
    pictures = []
    for pages in (first, again):
        for page in pages:
            page.canvas.draw()
        pictures.append([hash(bytes(page.canvas.buffer_rgba())) for page in pages])
    assert pictures[0] == pictures[1]


def test_the_shared_judge_agrees(shared):
    import importlib.util

    spec = importlib.util.spec_from_file_location("figure_quality", shared / "tools" / "figure_quality.py")
    judge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(judge)
    for page in drawing.pages(samples.jorien(), samples.jorien_findings()):
        assert judge.quality(page, min_px=24)["passed"]
