"""Sheets as one PDF that can be read aloud: its language, title, bookmarks and tags; nothing of who made it or when.

matplotlib draws the sheets and marks which letters belong together; pikepdf writes the tree of the document
beside them.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from matplotlib.artist import Artist

from levensloop.errors import UserError
from levensloop.figures.draw import LifeCourse, draw
from levensloop.figures.letters import legal
from levensloop.reports.leaves import Leaf, Path

Object = Any  # of pikepdf and matplotlib, which do not tell their types
#: Of each part of the document where its letters are: the sheet, and the number on it.
Places = dict[Path, list[tuple[int, int]]]
_SILENT: Final = {"Creator": None, "Producer": None, "CreationDate": None}


def document(leaves: Sequence[Leaf], families: tuple[str, ...], title: str, lang: str) -> bytes:
    """The sheets as a PDF.

    Parameters
    ----------
    leaves : sequence of Leaf
    families : tuple of str
        Names of installed fonts.
    title, lang : str
        Of the document.

    Returns
    -------
    bytes
        The same for the same sheets.

    Raises
    ------
    UserError
        Without the extra ``report``.
    """
    try:
        import pikepdf
    except ImportError as missing:
        raise UserError(
            "a .pdf of a case needs the extra report. Hint: pip install 'levensloop[report]'."
        ) from missing
    drawn, places = _drawn(leaves, families)
    made = BytesIO()
    with pikepdf.open(drawn) as pdf:
        pdf.docinfo["/Title"] = legal(title)
        root: Object = pdf.Root
        root.Lang = lang
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        root.PageMode = pikepdf.Name.UseOutlines
        _Tree(pdf, places, leaves).write()
        with pdf.open_outline() as outline:
            for at, leaf in enumerate(leaves):
                for depth, text in leaf.bookmarks:
                    item = pikepdf.OutlineItem(legal(text), at)
                    (outline.root[-1].children if depth else outline.root).append(item)
        pdf.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


class _Bracket(Artist):
    """Says in a PDF, between two marks, that what follows belongs together, or that it is over."""

    def __init__(self, order: float, text: bytes) -> None:
        super().__init__()
        self.set_zorder(order)
        self._text = text

    def draw(self, renderer: Object) -> None:
        renderer.file.write(self._text + b"\n")


def _drawn(leaves: Sequence[Leaf], families: tuple[str, ...]) -> tuple[BytesIO, Places]:
    """The sheets as matplotlib draws them, and where the letters of each part are."""
    from matplotlib.backends.backend_pdf import PdfPages

    places: Places = {}
    target = BytesIO()
    with PdfPages(target, metadata=_SILENT) as pdf:
        for at, leaf in enumerate(leaves):
            figure = draw(leaf.scene, families)
            figure.patch.set_visible(False)  # the paper is white
            _bracketed(figure, leaf, at, places)
            pdf.savefig(figure)
    target.seek(0)
    return target, places


def _bracketed(figure: LifeCourse, leaf: Leaf, at: int, places: Places) -> None:
    """Each run of marks of one owner in brackets, with a number on its sheet."""
    count = 0
    for owner, run in groupby(range(len(leaf.owners)), leaf.owners.__getitem__):
        marks = list(run)
        if owner is None:
            opening = b"/Artifact BMC"
        else:
            opening = b"/%s <</MCID %d>> BDC" % (owner[-1][0].encode(), count)
            places.setdefault(owner, []).append((at, count))
            count += 1
        # A mark is drawn at one more than its place among the marks.
        figure.add_artist(_Bracket(marks[0] + 0.6, opening))
        figure.add_artist(_Bracket(marks[-1] + 1.4, b"EMC"))


class _Tree:
    """The structure of the document: a tree of tags, and of each sheet to which of them its letters belong."""

    def __init__(self, pdf: Object, places: Places, leaves: Sequence[Leaf]) -> None:
        self._pdf, self._places = pdf, places
        self._alts = {path: text for leaf in leaves for path, text in leaf.alts.items()}
        self._sheets: list[dict[int, Object]] = [{} for _ in leaves]

    def write(self) -> None:
        from pikepdf import Array, Dictionary, Name

        root = self._pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = Array(list(self._nodes(_tree(self._places), (), root)))
        sheets: list[Object] = []
        for at, owned in enumerate(self._sheets):
            page: Object = self._pdf.pages[at].obj
            page.StructParents, page.Tabs = at, Name.S
            sheets += [at, Array([owned[number] for number in sorted(owned)])]
        root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(sheets)))
        root.ParentTreeNextKey = len(self._sheets)
        self._pdf.Root.StructTreeRoot = root
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _nodes(self, tree: Mapping[tuple[str, int], Object], path: Path, parent: Object) -> Iterator[Object]:
        from pikepdf import Array, Dictionary, Name

        for step, below in tree.items():
            here = (*path, step)
            node = self._pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{step[0]}"), P=parent))
            kids: list[Object] = []
            for at, number in self._places.get(here, ()):
                page = self._pdf.pages[at].obj
                kids.append(Dictionary(Type=Name.MCR, Pg=page, MCID=number))
                self._sheets[at][number] = node
            node.K = Array([*kids, *self._nodes(below, here, node)])
            if here in self._alts:
                node.Alt = legal(self._alts[here])
            if step[0] == "TH":
                node.A = Dictionary(O=Name.Table, Scope=Name.Column)
                if len(tree) == 1:
                    node.A.ColSpan = self._columns(path)
            yield node

    def _columns(self, row: Path) -> int:
        """How many columns a table has: as many as its heading row."""
        head = (*row[:-1], ("TR", 0))
        return sum(path[:-1] == head for path in self._places)


def _tree(places: Places) -> dict[tuple[str, int], Object]:
    """The tree of the paths; where a row of a table has no letters in a column, a cell without letters."""
    tree: dict[tuple[str, int], Object] = {}
    for path in places:
        at = tree
        for step in path:
            at = at.setdefault(step, {})
    _filled(tree)
    return tree


def _filled(tree: dict[tuple[str, int], Object]) -> None:
    for step, below in tree.items():
        if step[0] != "Table":
            _filled(below)
            continue
        head = len(below["TR", 0])
        for number, row in enumerate(below.values()):
            if number and ("TH", 0) not in row:
                cells = {("TD", at): row.get(("TD", at), {}) for at in range(head)}
                row.clear()
                row.update(cells)
