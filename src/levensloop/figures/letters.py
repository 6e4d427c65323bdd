"""Text for XML: what no document may hold is left out, everything else stays text."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK: Final = re.compile(r"[\s%]")


def legal(text: str) -> str:
    r"""The text without the characters that XML forbids.

    Examples
    --------
    >>> legal("a\u0000b <i>\u001b")
    'ab <i>'
    """
    return _ILLEGAL.sub("", text)


def tokens(events: Iterable[str]) -> str:
    """Event ids as one attribute, apart by blanks; a blank inside an id is written ``%20``.

    Examples
    --------
    >>> tokens(["school:1", "care file:2"])
    'school:1 care%20file:2'
    """
    return " ".join(_BLANK.sub(lambda found: quote(found[0]), legal(event)) for event in events)
