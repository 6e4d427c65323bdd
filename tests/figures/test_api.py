"""What users call: sizes, files, strips, lanes, many youths."""

import io
from datetime import date

import pytest
from matplotlib.figure import Figure

import levensloop as ll
from figures import samples
from figures.quality import quality
from levensloop import figures
from levensloop.errors import UserError
from levensloop.figures import saving
from levensloop.figures.letters import legal


@pytest.fixture(scope="module")
def pages():
    return figures.life_course(samples.jorien(), samples.jorien_findings())


def test_a_size_in_pixels_is_a_canvas_of_that_size():
    drawn = figures.life_course(samples.jorien(), samples.jorien_findings(), size=(1600, 900))
    for page in drawn:
        assert (page.scene.width, page.scene.height) == (1600, 900)
        assert quality(page, min_px=11) == {}


@pytest.mark.parametrize("size", [(0, 100), (100,), (1, 2, 3), ("800", "450"), 800, None])
def test_a_size_is_a_width_and_a_height(size):
    with pytest.raises(UserError, match="size in pixels"):
        figures.life_course(samples.jorien(), size=size)


@pytest.mark.parametrize("pages", [["2001"], 2001, None, [20010101], [True], ["auto"]])
def test_pages_turn_at_dates_and_years(pages):
    for draws in (figures.life_course, figures.whole_life, figures.scenes):
        with pytest.raises(UserError, match=r"a list of dates and years\. Hint: "):
            draws(samples.jorien(), pages=pages)


def test_years_and_dates_may_come_in_anything_that_holds_them():
    first, *rest = (
        [scene.title for scene in figures.scenes(samples.jorien(), pages=pages)]
        for pages in ([2001], {2001}, range(2001, 2002), (date(2001, 7, 2),))
    )
    assert rest == [first] * 3


def test_what_cannot_be_drawn_or_saved_is_told(tmp_path):
    line = samples.jorien()
    for wrong, told in (
        (lambda: figures.life_course(line, remarks=["said"]), "remarks are"),
        (lambda: figures.strip(line, lang="de"), "no such language"),
        (lambda: figures.save(None, tmp_path / "a.pdf"), "figures of a life course"),
        (lambda: figures.save([], tmp_path / "a.pptx"), "figures of a life course"),
        (lambda: figures.save_pages([line], None, tmp_path / "b"), "save_pages takes a cohort"),
    ):
        with pytest.raises(UserError, match=told):
            wrong()
    assert not list(tmp_path.iterdir())


def test_every_option_has_its_name():
    (page,) = figures.life_course(
        samples.jorien(), None, size="a4", lang="en", view="facts", pages="whole", mask=False
    )[:1]
    assert "jorien" in page.scene.description


def test_files_tell_nothing_of_who_made_them(pages, tmp_path):
    figures.save(pages, tmp_path / "deep" / "pages.pdf")
    content = (tmp_path / "deep" / "pages.pdf").read_bytes()
    assert content.count(b"/Type /Page ") == len(pages)
    for ending in ("pdf", "png", "svg"):
        pages[0].savefig(tmp_path / f"page.{ending}")
        content += (tmp_path / f"page.{ending}").read_bytes()
    for secret in (b"atplotlib", b"jorien", b"/root", b"/home", str(tmp_path).encode(), b"CreationDate"):
        assert secret not in content


def test_svg_goes_to_any_file(pages):
    raw, text = io.BytesIO(), io.StringIO()
    pages[0].savefig(raw, format="svg")
    pages[0].savefig(text, format="svg")
    assert raw.getvalue().decode() == text.getvalue() == pages[0].svg()


def test_another_ending_is_told(pages, tmp_path):
    with pytest.raises(ll.UserError, match=r"\.pdf or \.pptx"):
        figures.save(pages[0], tmp_path / "pages.docx")


def test_the_strip_is_a_picture_in_a_notebook():
    strip = figures.strip(samples.jorien())
    assert strip._repr_svg_().startswith("<svg")
    assert {stop.events[0] for stop in strip.scene.stops} == {f"s:{at}" for at in range(1, 27)}
    line, _ = samples.made(40, seed=3)
    assert figures.strip(line, lang="en", width=500).scene.width == 500


def test_lanes_stand_on_dates_of_given_axes():
    ax = Figure().subplots()
    assert figures.lanes(samples.jorien(), ax) is ax
    assert sum(patch.get_gid() == "bar" for patch in ax.patches) == 6
    assert len(ax.lines) == 26
    assert ax.get_xlim()[0] == 6940  # 1 January 1989
    line, _ = samples.made(40, seed=3)
    assert any(patch.get_linestyle() == ":" for patch in figures.lanes(line, Figure().subplots()).patches)


def cohort(count):
    return ll.testing.sketch(
        "; ".join(
            f"youth y{at}; gp contact 2005-0{1 + at % 9}-01; ggz care 2006..2007" for at in range(count)
        )
    )


def test_many_youths_go_to_numbered_files(tmp_path):
    youths = cohort(3)
    done = []
    paths = figures.save_pages(youths, ll.detect(youths), tmp_path, progress=lambda: done.append(1))
    assert [path.name for path in paths.values()] == ["1.pdf", "2.pdf", "3.pdf"]
    assert list(paths) == list(youths)
    assert all(path.read_bytes().startswith(b"%PDF") for path in paths.values())
    assert len(done) == 3


def test_processes_draw_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "_FEW", 2)
    youths = cohort(3)
    alone = figures.save_pages(youths, None, tmp_path / "alone", workers=1)
    together = figures.save_pages(youths, None, tmp_path / "together", figures.Options(), workers=2)
    assert [p.read_bytes() for p in alone.values()] == [p.read_bytes() for p in together.values()]


def test_what_xml_forbids_is_left_out():
    assert legal("a\x00\x1b\ud800\ufffe<b>😀") == "a<b>😀"


def test_what_is_no_timeline_or_no_findings_is_told():
    line = samples.jorien()
    for given in ((object(), None), (line, line), (line, "findings")):
        with pytest.raises(ll.UserError, match="timeline of one youth"):
            figures.life_course(*given)
