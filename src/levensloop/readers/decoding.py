"""Text in any encoding as UTF-8: what the layout names, else what the bytes say, else a fault."""

import codecs
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from levensloop.errors import Fault
from levensloop.readers.raw import UnreadableError, whole
from levensloop.readers.scanning import Scan

_HEAD: Final = 1 << 20
_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8: Final = ("utf-8", "utf-8-sig", "ascii")
#: Bytes that are no UTF-8 decode to these lone surrogates; they are then read as cp1252.
_STRAY: Final = re.compile("[\udc80-\udcff]")
#: Compiled when a text is no UTF-8, for that takes longer than reading a small file.
_BEYOND_ASCII: Final = "[\x80-\ud7ff\ue000-\U0010ffff]"
#: In cp1252 these bytes are quotes, dashes and the like, which do not stand inside a word.
_INSIDE_WORD: Final = re.compile(rb"[A-Za-z][\x80-\x89\x8b\x8d\x8f-\x91\x93-\x99\x9b\x9d][a-z]")
_SHOWN: Final = 10


@dataclass(frozen=True)
class Decoded:
    """A text file as UTF-8, and what was found out on the way."""

    buffer: pa.Buffer
    encoding: str
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def decode(path: Path, found: Scan, named: str | None) -> Decoded:
    """The text of a file as UTF-8.

    Bytes that are no UTF-8 cannot be UTF-8, and accents that are valid UTF-8 are UTF-8 by all odds:
    where the layout says otherwise that is a fault, and the bytes are believed.

    Parameters
    ----------
    path : Path
        The file.
    found : Scan
        What `scan` said of it.
    named : str or None
        The encoding that the layout names.
    """
    file = path.name
    told = None if named is None else codecs.lookup(named).name
    sure = _by_mark(found) or _by_zeros(found)
    if sure is not None:
        return _sure(path, sure, told)
    if found.nuls > found.size // 3:
        raise UnreadableError(
            whole(file, "not_what_it_says", "the file is no text", "save it again as CSV, UTF-8")
        )
    if found.utf8:
        buffer, faults = _without_zeros(file, pa.memory_map(str(path)).read_buffer(), found)
        if told not in (None, *_UTF8) and not found.head.isascii():
            faults = (*faults, _disagrees(file, "utf-8"))
        return Decoded(buffer, "utf-8", faults)
    data, faults = _without_zeros(file, path.read_bytes(), found)
    if told in (None, *_UTF8):
        decoded = _patched(file, data, told)
    else:
        decoded = Decoded(pa.py_buffer(_as_cp(data, str(told)).encode("utf-8")), str(told))
    return replace(decoded, faults=(*faults, *decoded.faults))


def _by_mark(found: Scan) -> str | None:
    return next((name for mark, name in _BOMS if found.head.startswith(mark)), None)


def _by_zeros(found: Scan) -> str | None:
    """UTF-16 without a mark: every other byte of plain text is zero."""
    octets = np.frombuffer(found.head[: len(found.head) // 2 * 2], np.uint8)
    if not len(octets) or not found.nuls:
        return None
    even, odd = float(np.mean(octets[::2] == 0)), float(np.mean(octets[1::2] == 0))
    most, least = 0.7, 0.1
    if odd > most and even < least:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd < least else None


def _sure(path: Path, sure: str, told: str | None) -> Decoded:
    file = path.name
    wrong = told is not None and told.removesuffix("-sig") not in (sure, sure.removesuffix("-sig"), sure[:6])
    try:
        text = path.read_bytes().decode(sure)
    except UnicodeDecodeError as error:
        if sure == "utf-8-sig":
            return _patched(file, path.read_bytes()[3:], "utf-8")
        raise UnreadableError(
            whole(file, "encoding", f"the file begins as {sure} but breaks off", "ask for the file again")
        ) from error
    notes = () if told else (f"{file}: encoding {sure}, by its first bytes",)
    faults = (_disagrees(file, sure),) if wrong else ()
    return Decoded(pa.py_buffer(text.encode("utf-8")), sure, faults, notes)


def _disagrees(file: str, real: str) -> Fault:
    return whole(
        file,
        "encoding",
        f"the layout names another encoding, but the bytes are {real} and were read so",
        f"write encoding = '{real}' in the layout",
    )


def _without_zeros(file: str, data: "bytes | pa.Buffer", found: Scan) -> "tuple[bytes, tuple[Fault, ...]]":
    if not found.nuls:
        return data, ()
    raw = data if isinstance(data, bytes) else data.to_pybytes()
    message = f"{found.nuls:,} zero bytes stood in the text and were left out"
    fault = whole(
        file, "zero_bytes", message, "ask for the extract again: zero bytes often mean a broken copy"
    )
    clean = raw.replace(b"\0", b"")
    return (clean if isinstance(data, bytes) else pa.py_buffer(clean)), (fault,)


def _as_cp(data: bytes, encoding: str) -> str:
    """Text in a one-byte encoding; the few bytes that it leaves undefined keep their number."""
    text = data.decode(encoding, "surrogateescape")
    return _STRAY.sub(lambda found: chr(ord(found.group()) - 0xDC00), text)


def _patched(file: str, data: bytes, told: str | None) -> Decoded:
    """Text that is no UTF-8: wholly cp1252, or UTF-8 with lines in cp1252."""
    text = data.decode("utf-8", "surrogateescape")
    mixed = told is not None or re.search(_BEYOND_ASCII, text) is not None
    if not mixed:
        buffer = pa.py_buffer(_as_cp(data, "cp1252").encode("utf-8"))
        if _INSIDE_WORD.search(data) is None:
            return Decoded(buffer, "cp1252", (), (f"{file}: encoding cp1252, as its accents are no UTF-8",))
        return Decoded(buffer, "cp1252", (_unsure(file, data),))
    rows = _wrong_rows(text)
    words = {0xDC00 + octet: _as_cp(bytes([octet]), "cp1252") for octet in range(0x80, 0x100)}
    return Decoded(pa.py_buffer(text.translate(words).encode("utf-8")), "utf-8", (_mixed(file, rows),))


def _unsure(file: str, data: bytes) -> Fault:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_HEAD], cp_isolation=["cp850", "mac_roman"]).best()
    name = "cp850" if best is None else best.encoding
    return whole(
        file,
        "encoding",
        "the accents are no UTF-8 and look odd as cp1252, as which they were read",
        f"name the encoding in the layout; it may be encoding = '{name}'",
    )


def _wrong_rows(text: str) -> list[int]:
    """Numbers of the rows that hold a byte that is no UTF-8: row 0 is the header."""
    wrong = np.array([found.start() for found in _STRAY.finditer(text)])
    line_ends = np.array([found.start() for found in re.finditer(r"\r\n?|\n", text)], np.int64)
    quotes = np.array([found.start() for found in re.finditer('"', text)], np.int64)
    full = np.diff(line_ends, prepend=-1) > (2 if "\r\n" in text else 1)
    outside = np.searchsorted(quotes, line_ends) % 2 == 0
    row_ends = line_ends[full & outside]
    return np.unique(np.searchsorted(row_ends, wrong)).tolist()


def _mixed(file: str, rows: list[int]) -> Fault:
    shown = ", ".join(f"{row:,}" if row else "the header" for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    return Fault(
        file=file,
        row=next((row for row in rows if row), None),
        column=None,
        code="encoding",
        message=f"most of the text is UTF-8, but these rows are not and were read as cp1252: {shown}{more}",
        hint="export the file in one encoding, UTF-8 if you can",
        count=len(rows),
    )
