"""What stands in the files of a folder, however it is packed there."""

import base64
import json
import re
import shutil
import subprocess
import zlib
from zipfile import ZipFile, is_zipfile

import pikepdf

PDFTOTEXT = shutil.which("pdftotext")


def said(folder):
    """Every text of every file, by name, in small letters: names, what is zipped or packed, and all strings of a PDF."""
    return {
        path.relative_to(folder).as_posix(): "\n".join([path.name, *map(str, _texts(path))]).lower()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _texts(path):
    """What is compressed says nothing as it stands: any three letters may be found in it by chance."""
    if is_zipfile(path):
        with ZipFile(path) as held:
            yield from held.namelist()
            for name in held.namelist():
                text = held.read(name).decode("utf-8")
                yield text
                # A word may stand in several runs of a paragraph.
                yield re.sub(r"<[^>]+>", "", text)
    elif path.suffix == ".pdf":
        yield subprocess.run([PDFTOTEXT, str(path), "-"], capture_output=True, text=True, check=True).stdout
        with pikepdf.open(path) as held:
            for one in (*held.objects, held.trailer):
                yield from _strings(one)
    else:
        yield path.read_text("utf-8-sig")
    if path.suffix == ".html" and 'id="data"' in path.read_text("utf-8"):
        yield from map(str, unpacked(path).values())


def _strings(one):
    """The strings of an object of a PDF: titles, descriptions, bookmarks, what is told about the file."""
    if isinstance(one, pikepdf.String):
        yield str(one)
    elif isinstance(one, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream):
        for item in one if isinstance(one, pikepdf.Array) else one.values():
            if not getattr(item, "is_indirect", False):
                yield from _strings(item)


def unpacked(path):
    """What is packed in a case: pages by language, view and number, and tables."""
    text = path.read_text("utf-8")
    data = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    )
    return json.loads(zlib.decompress(base64.b64decode(data["packed"])))
