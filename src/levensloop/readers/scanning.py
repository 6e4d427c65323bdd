"""What can be known of a text file before it is read: its longest line, its delimiter, whether it is UTF-8.

One pass over the bytes in pieces finds out what cannot be read, without loading the file.
"""

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from levensloop.errors import Fault
from levensloop.readers.raw import UnreadableError, whole

_CHUNK: Final = 1 << 22
_HEAD: Final = 1 << 20
_LF: Final = 10
_CR: Final = 13
#: No case file has a row of this size: a line end went missing.
LONGEST_LINE: Final = 1 << 24
DELIMITERS: Final = (";", ",", "\t", "|")
_SAMPLE: Final = 200


@dataclass(frozen=True)
class Scan:
    """The bytes of a file, looked over once: their number, the longest line, zeros, the first megabyte."""

    size: int
    longest: int
    nuls: int
    utf8: bool
    head: bytes


def scan(path: Path) -> Scan:
    """Look over a file once, in pieces.

    Raises
    ------
    UnreadableError
        If a line is longer than `LONGEST_LINE`; the rest is not looked at.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = longest = nuls = run = lines = 0
    utf8, head = True, b""
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            head = head or piece[:_HEAD]
            size += len(piece)
            octets = np.frombuffer(piece, np.uint8)
            nuls += len(piece) - int(np.count_nonzero(octets))
            ends = np.flatnonzero((octets == _LF) | (octets == _CR))
            if len(ends):
                longest = max(longest, run + int(ends[0]), int(np.diff(ends).max(initial=0)))
                run = len(piece) - int(ends[-1]) - 1
                lines += int(np.count_nonzero(octets == _LF))
            else:
                run += len(piece)
            longest = max(longest, run)
            if longest > LONGEST_LINE:
                raise UnreadableError(_too_long(path.name, lines + 1))
            utf8 = utf8 and _decodes(decoder, piece)
    return Scan(size, longest, nuls, utf8 and _decodes(decoder, b"", final=True), head)


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _too_long(file: str, line: int) -> Fault:
    limit = LONGEST_LINE >> 20
    return whole(
        file,
        "line_too_long",
        f"a line is longer than {limit} MB (line {line:,} or one shortly before it), so nothing of this file was read",
        "look for a line end that went missing",
    )


def delimiter_of(lines: list[str]) -> str:
    """The delimiter that splits most lines into the same number of cells, more than one.

    Examples
    --------
    >>> delimiter_of(["key;start", "1;2,5", "2;3"])
    ';'
    """
    best, score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in rows_of(lines[:_SAMPLE], delimiter) if row]
        if not widths or widths[0] < 2:  # noqa: PLR2004 - one cell: it does not delimit
            continue
        new = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if new > score:
            best, score = delimiter, new
    return best


def rows_of(lines: list[str], delimiter: str) -> list[list[str]]:
    """The cells of some lines; a line that the csv module refuses is split as it stands.

    Examples
    --------
    >>> rows_of(["1;'2'", '3;"4;5"'], ";")
    [['1', "'2'"], ['3', '4;5']]
    """
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return [line.strip("\r\n").split(delimiter) for line in lines]
