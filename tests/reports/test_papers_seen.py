"""Papers as they are seen: rendered, beside the figure that they show, and opened in an office."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import levensloop as ll
from levensloop import figures
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.scene import Text
from levensloop.figures.style import WALL
from levensloop.figures.whole_life import moved
from levensloop.reports.leaves import foot, footed, line
from levensloop.reports.paper import sheets
from reports.pictures import OFFICE, PDF, difference, needs_poppler, pictures_of, text_of

JORIEN = Path(__file__).parents[2] / "data" / "sample" / "jorien"
SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    SOFFICE is None, reason="Debian's libreoffice-impress-nogui is not installed here"
)


@pytest.fixture(scope="module")
def case():
    read = ll.read(JORIEN, pseudonymise=False)
    merged = ll.merge(read, ll.link(read))
    return ll.reports.case(merged["jorien"], ll.detect(merged))


def wrong(scene):
    """The scene with one mark missing, or elsewhere."""
    marks = scene.marks
    box, bar = (next(at for at, mark in enumerate(marks) if mark.role == role) for role in ("box", "bar"))
    texts = {at: len(mark.text) for at, mark in enumerate(marks) if isinstance(mark, Text)}
    tag = next(at for at in texts if marks[at].role == "tag")  # its frame may be light, its words never are
    for at in (box, tag, max(texts, key=texts.__getitem__)):
        yield f"no {marks[at].role}", replace(scene, marks=(*marks[:at], *marks[at + 1 :]))
    for at in (box, bar):
        elsewhere = (*marks[:at], moved(marks[at], 20), *marks[at + 1 :])
        yield f"{marks[at].role} elsewhere", replace(scene, marks=elsewhere)


@needs_poppler
def test_a_pdf_looks_like_its_figures_and_unlike_wrong_ones(case, tmp_path):
    path = case.save(tmp_path / "case.pdf")
    leaves = sheets(case)
    seen = pictures_of(path, 4, 200)
    for leaf, picture in zip(leaves, seen, strict=False):
        found = difference(leaf.scene, picture, 200)
        assert found.alike(PDF), found
    for name, scene in wrong(leaves[0].scene):
        found = difference(scene, seen[0], 200)
        assert not found.alike(PDF), (name, found)


@needs_poppler
@needs_office
def test_an_office_opens_all_papers_and_shows_what_they_hold(case, tmp_path):
    timeline, found = case.timeline, case.seen
    paths = [
        case.save(tmp_path / "slides.pptx"),
        case.save(tmp_path / "layers.xlsx"),
        ll.reports.save_chronology(timeline, found, tmp_path / "document.docx"),
        ll.reports.save_chronology(timeline, found, tmp_path / "workbook.xlsx"),
    ]
    # One start for all: it takes longer than the work.
    command = [
        SOFFICE,
        "--headless",
        "--norestore",
        f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
    ]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path / "out"), *map(str, paths)]
    done = subprocess.run(
        command, check=False, capture_output=True, timeout=240, env={**os.environ, "HOME": str(tmp_path)}
    )
    assert done.returncode == 0, done.stderr
    made = {path.stem: tmp_path / "out" / f"{path.stem}.pdf" for path in paths}
    assert all(pdf.is_file() for pdf in made.values())
    for name, words in {
        "slides": ("Om te bespreken", "Hunnebedschool", "Wie had"),
        "layers": ("Bevinding", "Hunnebedschool"),
        "document": ("Chronologie", "Hunnebedsch", "jongere / youth", "opmerking van"),
        "workbook": ("Hunnebedschool", "opmerking van"),
    }.items():
        told = " ".join(text_of(made[name], "-layout").split())
        assert not [word for word in words if word not in told], name
    drawn = figures.life_course(timeline, found)
    seen = pictures_of(made["slides"], 2, 288)
    told, size = line(foot(timeline, "nl"), WALL, FontMeasure()), len(case_slides(paths[0]))
    scenes = [footed(page.scene, WALL, told, f"{at} / {size}") for at, page in enumerate(drawn, 1)]
    for scene, picture in zip(scenes, seen, strict=False):
        apart = difference(scene, picture, 200)
        assert apart.alike(OFFICE), apart
    for name, scene in wrong(scenes[0]):
        apart = difference(scene, seen[0], 200)
        assert not apart.alike(OFFICE), (name, apart)


def case_slides(path):
    from pptx import Presentation

    return Presentation(str(path)).slides
