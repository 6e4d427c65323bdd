"""What stands in the files of a folder, however it is packed there."""

import base64
import json
import re
import shutil
import subprocess
import zlib
from zipfile import ZipFile, is_zipfile

PDFTOTEXT = shutil.which("pdftotext")


def said(folder):
    """Every text of every file, by name, in small letters: names, bytes, what is zipped or packed, and PDF pages."""
    return {
        path.relative_to(folder).as_posix(): "\n".join([path.name, *map(str, _texts(path))]).lower()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _texts(path):
    raw = path.read_bytes()
    yield raw.decode("utf-8", "replace")
    if is_zipfile(path):
        with ZipFile(path) as held:
            for name in held.namelist():
                text = held.read(name).decode("utf-8", "replace")
                yield text
                # A word may stand in several runs of a paragraph.
                yield re.sub(r"<[^>]+>", "", text)
    if path.suffix == ".html" and b'id="data"' in raw:
        yield from unpacked(path).values()
    if path.suffix == ".pdf":
        yield subprocess.run([PDFTOTEXT, str(path), "-"], capture_output=True, text=True, check=True).stdout


def unpacked(path):
    """The packed pages of a case, by language, view and number."""
    text = path.read_text("utf-8")
    data = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    )
    return json.loads(zlib.decompress(base64.b64decode(data["packed"])))
