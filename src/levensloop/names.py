"""Dutch names made comparable: accents, "van der", double names, initials and postcodes.

Everything is done once for each distinct value, and nothing here is ever shown.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa

from levensloop.cells import encoded, recoded

_POSTCODE: Final = re.compile(r"([1-9][0-9]{3})\s*([a-z]{2})?")
_SPLIT: Final = re.compile(r"[^a-z]+")
_VOWEL: Final = re.compile(r"[aeiouy]")
_LONGEST_INITIALS: Final = 4


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("levensloop") / "data" / "linking" / "names.toml").read_text("utf-8"))


def plain(text: str) -> str:
    """A text in small letters without accents.

    Examples
    --------
    >>> plain("Noë́l ĲSBRAND")
    'noel ijsbrand'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return bare.replace("ø", "o").replace("ł", "l").replace("đ", "d").strip()


def surnames(text: str) -> tuple[str, ...]:
    """The names that a surname is made of, in alphabetical order, without the words before them.

    Examples
    --------
    >>> surnames("Jansen-de Vries"), surnames("Vries e.v. Jansen, de"), surnames("v.d. Berg")
    (('jansen', 'vries'), ('jansen', 'vries'), ('berg',))
    >>> surnames("De")
    ('de',)
    """
    bare = plain(text).replace("e.v.", " ev ").replace("v/d", "vd").replace("v.d.", "vd ")
    pieces = [piece for piece in _SPLIT.split(bare) if piece]
    less = {*_data()["before"], *_data()["between"]}
    return tuple(sorted({piece for piece in pieces if piece not in less} or set(pieces)))


def surname(text: str) -> str:
    """A surname in one word a name, ready to compare.

    Examples
    --------
    >>> surname("van den Bergh-Özdemir")
    'bergh ozdemir'
    """
    return " ".join(surnames(text))


def sound(text: str) -> str:
    """How a surname sounds in Dutch, roughly: Jansen and Janssen, Meijer and Meyer are one.

    Examples
    --------
    >>> sound("Janssen") == sound("Jansen"), sound("Meijer") == sound("Meyer"), sound("Smid") == sound("Smit")
    (True, True, True)
    """
    return " ".join(sorted(_sound(name) for name in surnames(text)))


def _sound(name: str) -> str:
    for pattern, becomes in _data()["sounds"]:
        name = re.sub(pattern, becomes, name)
    return name


def initial(text: str) -> str:
    """The first letter of given names or initials.

    Examples
    --------
    >>> initial("Th.J."), initial("Élise Maria")
    ('t', 'e')
    """
    pieces = [piece for piece in _SPLIT.split(plain(text)) if piece]
    return pieces[0][0] if pieces else ""


def given(text: str) -> str:
    """The first given name; empty where only initials are told.

    Examples
    --------
    >>> given("Élise Maria"), given("J.M."), given("JM"), given("Bo")
    ('elise', '', '', 'bo')
    """
    first = text.strip().split(" ", 1)[0]
    name = "".join(_SPLIT.split(plain(first)))
    short = len(name) == 1 or "." in first
    capitals = first.isupper() and len(name) <= _LONGEST_INITIALS and not _VOWEL.search(name)
    return "" if short or capitals else name


def postcode(text: str) -> str:
    """A Dutch postcode in one spelling, or its four digits; anything else is empty.

    Examples
    --------
    >>> postcode("7811 ap"), postcode("7811"), postcode("onbekend")
    ('7811ap', '7811', '')
    """
    found = _POSTCODE.fullmatch(plain(text))
    return found[1] + (found[2] or "") if found else ""


def compared(column: "pa.Array | pa.ChunkedArray", how: Callable[[str], str]) -> pa.Array:
    """A column of names as `how` makes them, once for each distinct value; what is empty is null.

    Examples
    --------
    >>> compared(pa.array(["De Vries", "Vries, de", None]), surname).to_pylist()
    ['vries', 'vries', None]
    """
    codes = encoded(column)
    made = [how(text) if text else None for text in codes.dictionary.to_pylist()]
    return recoded(codes, pa.array(made, pa.string()))
