"""The case on paper: what stands in the PDF, for eyes, ears and those who look for traces."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from levensloop.figures.fonts import FontMeasure
from levensloop.figures.wrap import Ruler
from levensloop.reports.breaking import Piece, broken, paginated, widths
from reports.pictures import needs_poppler, text_of

SKETCH = """
window 2000-01-01..2006-12-31; birth 1990-01-01
gp signal 2003-06
ggz care 2004-01-01..2004-03-31 no_show
school contact 2005-02-01
ggz care 2005-08-01..2005-12-31 goal_reached
"""


@pytest.fixture(scope="module")
def case():
    cohort = ll.testing.sketch(SKETCH)
    found = ll.detect(cohort)
    key, *_ = ll.reports.finding_keys(found)
    note = ll.reports.Note("school", date(2026, 3, 2), "We did call, twice.", "finding", key, "dispute")
    return ll.reports.case(cohort["a"], found, ll.reports.Notes((note,)), lang="en")


@pytest.fixture(scope="module")
def content(case, tmp_path_factory):
    return case.save(tmp_path_factory.mktemp("paper") / "case.pdf").read_bytes()


def kids(node):
    below = node.get("/K", [])
    return [one for one in below if isinstance(one, pikepdf.Dictionary) and "/S" in one]


def tags(node):
    """Every element of the tree of a document, depth first."""
    for one in kids(node):
        yield one
        yield from tags(one)


def test_it_has_bookmarks_a_language_and_a_title(content):
    with pikepdf.open(BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == "The life course of A"
        with pdf.open_outline() as outline:
            names = [item.title for item in outline.root]
            periods = [item.title for item in outline.root[0].children]
        assert names == [
            "Life course", "The whole life", "Findings", "Went well, and voices", "To discuss", "Notes", "Learning points",
            "Chronology",
        ]  # fmt: skip
        assert periods
        assert all(name.startswith("Figure ") for name in periods)


def test_it_can_be_read_aloud(content):
    with pikepdf.open(BytesIO(content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        root = pdf.Root.StructTreeRoot
        (document,) = kids(root)
        assert {str(one.S) for one in kids(document)} == {"/Sect"}
        every = list(tags(root))
        figures = [one for one in every if str(one.S) == "/Figure"]
        assert len(figures) >= 2
        assert all("In order of time" in str(one.Alt) for one in figures)
        tables = [one for one in every if str(one.S) == "/Table"]
        assert len(tables) == 6
        for table in tables:
            wide = {
                sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in kids(row)) for row in kids(table)
            }
            assert len(wide) == 1
            assert {str(cell.A.Scope) for cell in kids(kids(table)[0])} == {"/Column"}


def test_all_that_is_drawn_is_tagged_or_only_adorns(content):
    with pikepdf.open(BytesIO(content)) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        for page in pdf.pages:
            depth, ids = 0, []
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in {"BDC", "BMC"}:
                    depth += 1
                    ids += [int(operands[1].MCID)] if str(operator) == "BDC" else []
                elif str(operator) == "EMC":
                    depth -= 1
                elif str(operator) in {"Tj", "TJ"}:
                    assert depth == 1
            assert depth == 0
            assert ids == list(range(len(ids)))
            assert len(numbers[2 * int(page.StructParents) + 1]) == len(ids)


def test_it_tells_nothing_of_who_made_it_or_when(case, content, tmp_path):
    with pikepdf.open(BytesIO(content)) as pdf:
        assert list(pdf.docinfo) == ["/Title"]
        assert "/Metadata" not in pdf.Root
    assert str(tmp_path.parent).encode() not in content
    assert case.save(tmp_path / "again.pdf").read_bytes() == content


@needs_poppler
def test_every_page_has_its_number_and_the_level(content, tmp_path):
    path = tmp_path / "case.pdf"
    path.write_bytes(content)
    pages = text_of(path, "-layout").split("\f")[:-1]
    for at, page in enumerate(pages, 1):
        assert f"{at}/{len(pages)}" in page.replace(" ", "")
        assert "Room: agencies stand here by name" in page
        assert "One youth does not represent a group." in page
    text = " ".join(" ".join(pages).split())
    assert "We did call, twice." in text
    assert "What did we learn?" in text


def test_a_sheet_of_paper_is_chosen(case, tmp_path):
    with pikepdf.open(case.save(tmp_path / "case.pdf", sheet="a3")) as pdf:
        assert {round(float(page.mediabox[2])) for page in pdf.pages} == {1191}
    with pytest.raises(ll.UserError, match="a4 or a3"):
        case.save(tmp_path / "case.pdf", sheet="letter")


cells = st.lists(st.integers(0, 60), min_size=1, max_size=3)


@given(st.lists(cells, min_size=1, max_size=25), st.integers(4, 30), st.integers(4, 30))
def test_every_line_stands_on_one_page_in_its_order(heights, first, other):
    rows = [
        Piece(at, tuple(tuple(f"{at}.{place}.{n}" for n in range(high)) for place, high in enumerate(row)))
        for at, row in enumerate(heights)
    ]
    pages = paginated(rows, first, other)
    for number, page in enumerate(pages):
        assert sum(piece.lines + 0.5 for piece in page) <= (other if number else first)
    for row in rows:
        parts = [piece for page in pages for piece in page if piece.row == row.row]
        assert [piece.first for piece in parts] == [True] + [False] * (len(parts) - 1)
        for place, lines in enumerate(row.cells):
            assert tuple(line for piece in parts for line in piece.cells[place]) == lines


@given(st.text("ab c-/\n", max_size=80), st.integers(60, 400))
def test_broken_lines_are_the_text_and_fit(text, room):
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    ruler = Ruler(FontMeasure(("DejaVu Sans",)), 12, room)
    lines = broken(text, ruler, room)
    assert "".join(lines).replace("-", "") == text.replace("-", "")
    assert all(ruler.width(line.rstrip()) <= room for line in lines)


def test_columns_fill_the_sheet_and_hold_their_words():
    ruler = Ruler(FontMeasure(("DejaVu Sans",)), 12, 600)
    rows = [("When", "What"), ("2005", "a long text " * 40), ("a heading between",)]
    found = widths(rows, ruler, 600, 10)
    assert sum(found) == pytest.approx(600)
    assert found[0] >= ruler.width("When", bold=True) + 10
    assert found[1] > 5 * found[0]
