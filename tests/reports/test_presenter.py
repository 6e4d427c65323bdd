"""The page to project, in a real browser: steps, filters, languages, keys, and nothing that leaves it."""

import re
import shutil
from pathlib import Path

import pytest

import levensloop as ll
from helpers import cohort, events, row

CHROMIUM = shutil.which("chromium")
JORIEN = Path(__file__).parents[2] / "data" / "sample" / "jorien"
HOSTILE = "</script><script>alert(1)</script> =cmd|' /C calc'!A0 \u202e\u200b 👩‍👧 "

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed here")


@pytest.fixture(scope="module")
def jorien():
    read = ll.read(JORIEN, pseudonymise=False)
    merged = ll.merge(read, ll.link(read))
    return merged["jorien"], ll.detect(merged)


@pytest.fixture(scope="module")
def saved(jorien, tmp_path_factory):
    return ll.reports.case(*jorien).save(tmp_path_factory.mktemp("case") / "case.html")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser, saved):
    opened = browser.new_page(viewport={"width": 1920, "height": 1080})
    opened.asked, opened.wrong = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.on(
        "console", lambda message: opened.wrong.append(message.text) if message.type == "error" else None
    )
    opened.goto(saved.as_uri())
    opened.wait_for_selector("html[data-ready=yes]")
    yield opened
    assert opened.asked == [saved.as_uri()]
    assert opened.wrong == []
    opened.close()


def shown(page):
    return page.eval_on_selector_all(
        ".page:not([hidden])", "all => all.map(one => one.dataset.lang + one.dataset.view + one.dataset.page)"
    )


@needs_chromium
def test_keys_step_through_pages_and_then_findings(page):
    assert shown(page) == ["nlfindings0"]
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["nlfindings1"]
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    assert page.inner_text("#told").endswith("?")
    assert page.locator(".page:not([hidden]) svg .dim").count() > 0
    page.keyboard.press("Home")
    assert shown(page) == ["nlfindings0"]
    assert page.locator(".page:not([hidden]) svg .dim").count() == 0
    page.keyboard.press("End")
    steps = page.inner_text("#place").split(" / ")
    assert steps[0] == steps[1]
    assert int(steps[0]) > 20
    page.keyboard.press("o")
    assert shown(page) == ["nlfindings0", "nlfindings1", "nlfindings2"]


@needs_chromium
def test_facts_only_and_the_other_language(page):
    page.keyboard.press("f")
    assert shown(page) == ["nlfacts0"]
    assert page.locator("#view").get_attribute("aria-pressed") == "true"
    assert page.locator(".page:not([hidden]) svg .tag").count() == 0
    page.click("#lang")
    assert shown(page) == ["enfacts0"]
    assert page.inner_text("h1") == "The life course of J"
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("table:visible").count() == 5
    assert page.title() == "The life course of J"


@needs_chromium
def test_filters_dim_marks_and_leave_rows_out(page):
    rows = page.locator("tr[data-finding]:visible").count()
    page.check("#certain")
    certain = page.locator("tr[data-finding]:visible").count()
    assert 0 < certain < rows
    page.select_option("#sector", "justice")
    assert page.locator("tr[data-event]:visible").count() == 1
    assert page.locator(".page:not([hidden]) svg .dim").count() > 10
    page.select_option("#sector", "")
    page.select_option("#agency", "Rechtbank")
    assert page.locator("tr[data-event]:visible").count() == 1


@needs_chromium
def test_a_mark_tells_its_records_and_a_row_leads_to_its_page(page):
    page.locator(".page:not([hidden]) .stop").first.focus()
    assert "1989" in page.inner_text("#told")
    page.locator("button[data-go]:visible").last.click()
    assert page.inner_text("#told").endswith("?")
    assert page.inner_text("#place").split(" / ")[0] == page.inner_text("#place").split(" / ")[1]


@needs_chromium
def test_every_action_takes_less_than_a_tenth_of_a_second(page):
    for key in ("next", "view", "overview", "lang"):
        took = page.evaluate(
            "key => { const start = performance.now(); document.getElementById(key).click(); return performance.now() - start; }",
            key,
        )
        assert took < 100, key


@needs_chromium
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_no_text_of_the_page_overlaps(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    boxes = page.evaluate("""() => [...document.querySelectorAll(".page:not([hidden]) svg text")].map(text => {
        const box = text.getBoundingClientRect(), letter = box.height;
        return [box.left, box.top + 0.22 * letter, box.right, box.bottom - 0.25 * letter, text.textContent]; })""")
    assert len(boxes) > 40
    over = [
        (a[4], b[4])
        for at, a in enumerate(boxes)
        for b in boxes[at + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1.5 and min(a[3], b[3]) - max(a[1], b[1]) > 1.5
    ]
    assert over == []


@needs_chromium
def test_print_has_a_sheet_a_page_and_then_the_tables(page):
    content = page.pdf(prefer_css_page_size=True)
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") >= 4


@needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page, theme):
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    for key in ("", "End", "o"):
        if key:
            page.keyboard.press(key)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found] == []


@needs_chromium
def test_hostile_text_stays_text(browser, tmp_path):
    timeline = cohort(
        events([row("care", "2005-01-01", "2005-02-01", what=HOSTILE + "x" * 10_000, agency="<b>GGZ</b>")])
    )["y"]
    path = ll.reports.case(timeline, ll.detect(timeline)).save(tmp_path / "case.html")
    opened = browser.new_page()
    alarms = []
    opened.on("dialog", lambda dialog: alarms.append(dialog.message))
    opened.goto(path.as_uri())
    opened.wait_for_selector("html[data-ready=yes]")
    assert opened.locator("script").count() == 2
    assert opened.locator("b").count() == 0
    assert "<script>alert(1)" in opened.inner_text("tr[data-event] >> nth=0")
    assert alarms == []
    opened.close()


def test_the_page_asks_for_nothing(saved):
    text = saved.read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.findall(r"(?:src|href)=", text)
    assert "jorien" not in text.replace("jorien:", "")


def test_a_full_case_is_small(tmp_path):
    agencies = [
        ("School", "education"),
        ("Huisarts", "health"),
        ("GGZ", "mental_health"),
        ("Jeugdzorg", "youth_care"),
    ]
    kinds = ["contact", "signal", "referral", "care", "consultation", "evaluation"]
    rows = []
    for at in range(150):
        agency, sector = agencies[at % 4]
        start = f"{1998 + at // 15}-{1 + at % 12:02d}-{1 + at % 28:02d}"
        kind = kinds[at % 6]
        end = start[:4] + "-12-31" if kind == "care" else None
        what = f"What happened on this day, told in a sentence as files have it ({at})"
        rows.append(row(kind, start, end, agency=agency, sector=sector, what=what, birth="1990-05-06"))
    timeline = cohort(events(rows))["y"]
    found = ll.detect(timeline)
    assert len(timeline.events) == 150
    assert ll.reports.case(timeline, found).save(tmp_path / "case.html").stat().st_size <= 400_000
