"""The pictures of these pages: Jorien's case with made-up notes, as Debian's chromium shows it. `make pictures`."""

import io
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import sync_playwright

import levensloop as ll

_HERE: Final = Path(__file__).parent
_SIZE: Final = {"width": 1366, "height": 768}


def small(picture: bytes, name: str) -> None:
    """Save a picture with few colours: it is a drawing."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    kept = image.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=8, dither=Image.Dither.NONE)
    kept.save(_HERE / "images" / f"{name}.png", optimize=True)


def at(page: Any, keys: Sequence[str], name: str, down: str = "") -> None:  # noqa: ANN401 - a page of the browser
    """The screen after some keys; or lower, where an element stands."""
    for key in keys:
        page.keyboard.press(key)
    page.evaluate("scrollTo(0, 0)")
    if down:
        page.locator(down).evaluate("at => at.scrollIntoView({block: 'center'})")
    small(page.screenshot(), name)


def main() -> None:
    """Draw, save, open, and take the pictures."""
    events = ll.read(_HERE.parent / "data" / "sample" / "jorien", pseudonymise=False)
    cohort = ll.merge(events, ll.link(events))
    youth, findings = cohort["jorien"], ll.detect(cohort)
    notes = ll.reports.read_notes(_HERE / "jorien_notes.toml")
    if faults := notes.faults(youth, findings):
        raise SystemExit("\n".join(map(str, faults)))
    pages = ll.figures.life_course(youth, findings, lang="en")
    drawn = io.BytesIO()
    pages[2].savefig(drawn, format="png")
    small(drawn.getvalue(), "jorien-3")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        path = ll.reports.case(youth, findings, notes, lang="en").save(Path(folder) / "case.html")
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=_SIZE)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=yes]")
        at(page, [], "case-page")
        seen = ll.reports.case(youth, findings).seen.to_arrow().to_pylist()
        gap = next(place for place, row in enumerate(seen) if row["detector"] == "Waiting")
        page.click(f".scroll[lang=en] button[data-go='finding:{gap}']")
        at(page, [], "case-finding")
        at(page, ["End", "ArrowLeft", "ArrowLeft"], "case-note")
        at(page, ["Home"], "case-learning", "#learning")
        may = ll.reports.Disclosure("publication", secret="of these pictures, where nobody is real")  # noqa: S106
        seen_by_all = ll.reports.case(youth, findings, notes, level=may, lang="en")
        page.goto(seen_by_all.save(Path(folder) / "publication.html").as_uri())
        page.wait_for_selector("html[data-ready=yes]")
        at(page, ["ArrowRight"], "case-publication")
        browser.close()


if __name__ == "__main__":
    main()
