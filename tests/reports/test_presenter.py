"""The page to project, in a real browser: steps, filters, languages, keys, and nothing that leaves it."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import levensloop as ll
from helpers import cohort, events, row
from levensloop.reports import Learning, Note, Notes, finding_keys, read_notes

CHROMIUM = shutil.which("chromium")
JORIEN = Path(__file__).parents[2] / "data" / "sample" / "jorien"
HOSTILE = "</script><script>alert(1)</script> =cmd|' /C calc'!A0 \u202e\u200b 👩‍👧 "

#: The words in tables that stand on more than one line.
BROKEN = r"""() => {
    const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode;
        if (!node.parentElement.closest(".scroll")) continue;
        for (const word of node.textContent.matchAll(/[^\s\-\/]+/g)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1) found.push(word[0]);
        }
    }
    return found;
}"""

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed here")


@pytest.fixture(scope="module")
def jorien():
    read = ll.read(JORIEN, pseudonymise=False)
    merged = ll.merge(read, ll.link(read))
    return merged["jorien"], ll.detect(merged)


@pytest.fixture(scope="module")
def notes(jorien):
    _, findings = jorien
    day, keys = date(2026, 3, 2), finding_keys(findings)
    rows = findings.to_arrow().to_pylist()
    gap = next(at for at, one in enumerate(rows) if (one["detector"], one["certainty"]) == ("Gap", "certain"))
    maybe = next(at for at, one in enumerate(rows) if one["certainty"] == "possible")
    said = (
        Note("ggz", day, "Er liep een oudertraining.", "finding", keys[gap], "dismiss"),
        Note("ouders", day, "Zij was toen al vier.", "fact", "logopedie:1", "dispute"),
        Note("ggz", day, "", "finding", keys[maybe], "confirm"),
        Note("voorzitter", day, "Goed dat de ouders aan tafel zitten.", "case", None),
        Note("school", day, "Van een andere versie.", "finding", "Gap-0"),
    )
    return Notes(said, (Learning("continuity", "Vraag wie het overneemt", "school", "voor de zomer"),))


@pytest.fixture(scope="module")
def saved(jorien, notes, tmp_path_factory):
    return ll.reports.case(*jorien, notes).save(tmp_path_factory.mktemp("case") / "case.html")


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
    # A file that the reader saves is made in the page, and asks for nothing outside it.
    assert [url for url in opened.asked if not url.startswith("blob:")] == [saved.as_uri()]
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
    for _ in range(3):
        page.keyboard.press("PageDown")
    assert page.inner_text("#told").endswith("?")
    assert page.locator(".page:not([hidden]) svg .dim").count() > 0
    page.keyboard.press("Home")
    assert shown(page) == ["nlfindings0"]
    assert page.locator(".page:not([hidden]) svg .dim").count() == 0
    page.keyboard.press("End")
    steps = page.inner_text("#place").removeprefix("Stap ").split(" / ")
    assert steps[0] == steps[1]
    assert int(steps[0]) > 20
    page.keyboard.press("o")
    assert shown(page) == ["nlfindings0", "nlfindings1", "nlfindings2"]


@needs_chromium
def test_of_the_findings_only_the_one_that_is_told_is_bright(page, jorien):
    found = ll.reports.case(*jorien).seen.to_arrow().to_pylist()
    gap = next(at for at, one in enumerate(found) if one["detector"] == "Gap")
    page.locator(f"button[data-go='finding:{gap}']:visible").click()
    bright = page.locator(".page:not([hidden]) svg .tag[data-events]:not(.dim)")
    assert set(bright.evaluate_all("all => all.map(one => one.dataset.events)")) == {
        " ".join(found[gap]["evidence"])
    }
    page.locator("tr[data-note] button[data-go='note:1']:visible").click()  # of a fact, so of no finding
    assert page.locator(".page:not([hidden]) svg .box:not(.dim)").count() > 0
    assert bright.count() == 0


@needs_chromium
def test_in_the_other_language_one_is_at_the_same_finding(page):
    page.locator("tr[data-finding] button[data-go]:visible").nth(6).click()
    spoken = page.inner_text("#told")
    page.keyboard.press("l")
    assert page.inner_text("#told") != spoken
    assert page.inner_text("#told").endswith("?")
    page.keyboard.press("l")
    assert page.inner_text("#told") == spoken
    on = shown(page)
    page.keyboard.press("f")
    assert [one.replace("facts", "findings") for one in shown(page)] == on
    page.keyboard.press("Home")
    page.keyboard.press("l")
    assert page.inner_text("#told").startswith("Page 1 of ")


@needs_chromium
def test_after_the_findings_come_the_notes(page):
    page.keyboard.press("End")
    assert page.inner_text("#told").startswith("5. opmerking (school, 2 maart 2026): Van een andere versie.")
    page.keyboard.press("ArrowLeft")
    assert "de hele casus" in page.inner_text("#told")
    assert page.locator(".page:not([hidden]) svg .dim").count() == 0
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#told").startswith("2. klopt niet (ouders, 2 maart 2026): Zij was toen al vier.")
    bright = page.locator(".page:not([hidden]) svg text.remark:not(.dim)").all_text_contents()
    assert "2" in bright
    assert page.locator(".page:not([hidden]) svg .dim").count() > 0
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#told").startswith("1. bevinding vervalt (ggz, 2 maart 2026): Er liep")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#told").endswith("?")
    page.keyboard.press("f")
    assert page.locator(".page:not([hidden]) svg .remark").count() == 0


@needs_chromium
def test_a_row_of_the_notes_leads_to_its_step_and_filters_leave_notes_out(page):
    page.locator("tr[data-note]:visible button").first.click()
    assert page.inner_text("#told").startswith("1. bevinding vervalt")
    assert page.locator("tr[data-note]:visible").count() == 5
    page.check("#certain")
    assert page.locator("tr[data-note]:visible").count() == 4
    page.select_option("#agency", "UWV")
    assert page.locator("tr[data-note]:visible").count() == 2


@needs_chromium
def test_a_page_tells_what_went_well_and_what_youth_and_parents_say(page):
    assert "Eén jongere staat niet voor een groep." in page.inner_text("header")
    assert "Wat goed ging: " in page.inner_text("#told")
    assert "Van deze periode staat in de gegevens niet wat de jongere" in page.inner_text("#told")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert "dat ze op zichzelf wil wonen" in page.inner_text("#told")
    page.keyboard.press("f")
    assert "goed" not in page.inner_text("#told")
    assert "dat ze op zichzelf wil wonen" in page.inner_text("#told")


@needs_chromium
def test_learning_points_are_typed_saved_and_read_back(page, notes, tmp_path):
    assert (
        page.locator("tr[data-aspect=continuity] textarea").first.input_value() == "Vraag wie het overneemt"
    )
    own = page.locator("tr[data-aspect=reach] textarea").first
    own.focus()
    page.keyboard.type('Een "vraag" \\ f en o')
    page.keyboard.press("Enter")
    page.keyboard.type("=1+1 \N{FAMILY} <b>")
    assert shown(page) == ["nlfindings0"]
    page.locator("tr[data-aspect=reach] button").click()
    page.keyboard.type("nog een")
    with page.expect_download() as caught:
        page.click("#save")
    caught.value.save_as(tmp_path / "leerpunten.toml")
    assert caught.value.suggested_filename == "leerpunten.toml"
    assert "Bewaard" in page.inner_text("#kept")
    again = read_notes(tmp_path / "leerpunten.toml").learning
    assert [(one.aspect, one.learned) for one in again] == [
        ("reach", 'Een "vraag" \\ f en o\n=1+1 \N{FAMILY} <b>'),
        ("reach", "nog een"),
        ("continuity", "Vraag wie het overneemt"),
    ]
    assert again[-1] == notes.learning[0]


@needs_chromium
def test_with_the_keyboard_alone_one_reaches_everything(page):
    reached = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const at = document.activeElement; return at === document.body ? '' : at.className.baseVal || at.id || at.className || at.dataset.go || at.dataset.field; }"
        )
        if name == "" and reached:
            break
        reached.add(name)
    assert {
        "back",
        "next",
        "overview",
        "view",
        "lang",
        "theme",
        "help",
        "sector",
        "agency",
        "certain",
    } <= reached
    assert {"stop", "scroll", "finding:0", "note:0", "learned", "add", "save"} <= reached


@needs_chromium
def test_what_sources_dispute_is_told_behind_a_mark(browser, tmp_path):
    one = events(
        [row("care", "2005-01-01", "2005-02-01", agency="GGZ", reason="no_show", what="Begeleiding")],
        source="a",
    )
    two = events(
        [row("care", "2005-01-01", "2005-02-01", agency="GGZ", reason="agreed", what="Begeleiding")],
        source="b",
    )
    timeline = cohort(one, two)["y"]
    assert timeline.events.to_arrow()["disputed"].to_pylist() == [["reason"]]
    path = ll.reports.case(timeline, ll.detect(timeline), lang="en").save(tmp_path / "case.html")
    opened = browser.new_page()
    opened.goto(path.as_uri())
    opened.wait_for_selector("html[data-ready=yes]")
    opened.locator(".page:not([hidden]) .stop").first.hover()
    told = opened.inner_text("#told")
    assert "no_show (a)" in told
    assert "agreed (b)" in told
    opened.close()


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
    assert page.locator("table:visible").count() == 6
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
    page.locator("tr[data-finding] button[data-go]:visible").last.click()
    assert page.inner_text("#told").endswith("?")
    step, steps = map(int, page.inner_text("#place").removeprefix("Stap ").split(" / "))
    assert step == steps - 5


@needs_chromium
def test_every_action_takes_less_than_a_tenth_of_a_second(page):
    for key in ("next", "view", "overview", "lang", "theme", "save"):
        took = page.evaluate(
            "key => { const start = performance.now(); document.getElementById(key).click(); return performance.now() - start; }",
            key,
        )
        assert took < 100, key


@needs_chromium
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize("steps", [0, 1, 2])
def test_no_text_of_the_page_overlaps(page, size, steps):
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    boxes = page.evaluate("""() => [...document.querySelectorAll(".page:not([hidden]) svg text")].map(text => {
        const box = text.getBoundingClientRect(), letter = box.height;
        return [box.left, box.top + 0.22 * letter, box.right, box.bottom - 0.25 * letter, text.textContent]; })""")
    assert len(boxes) > 40
    assert any(box[4] in {"1", "2"} for box in boxes) or steps
    over = [
        (a[4], b[4])
        for at, a in enumerate(boxes)
        for b in boxes[at + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1.5 and min(a[3], b[3]) - max(a[1], b[1]) > 1.5
    ]
    assert over == []


@needs_chromium
@pytest.mark.parametrize("width", [1366, 1920])
def test_no_word_of_a_table_is_broken_and_no_table_is_wider_than_the_page(page, width):
    page.set_viewport_size({"width": width, "height": 768})
    assert page.evaluate(BROKEN) == []
    wide = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.evaluate(wide) == 0


@needs_chromium
def test_print_has_a_sheet_a_page_and_then_the_tables(page):
    content = page.pdf(prefer_css_page_size=True)
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") >= 4
    page.emulate_media(media="print")
    assert "Eén jongere staat niet voor een groep." in page.inner_text("header")
    assert page.locator("button:visible").count() == page.locator("td button:visible").count() > 0
    assert page.locator("tr[data-note]:visible").count() == 5
    assert page.locator("#learning textarea:visible").count() == 27


@needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page, theme):
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    for key in ("", "End", "o"):
        if key:
            page.keyboard.press(key)
        else:
            page.click("#save")
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
