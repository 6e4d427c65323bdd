"""The date formats that a layout may name, as regular expressions."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from levensloop.edtf_text import TIME

#: Formats that are no pattern: serial days of Excel, and dates with zeros for what is not known.
NAMED: Final = ("excel", "JJJJMM00", "YYYYMM00")

_MONTHS: Final = (
    ("jan", "januari", "january"), ("feb", "februari", "february"), ("mrt", "maart", "mar", "march"),
    ("apr", "april"), ("mei", "may"), ("jun", "juni", "june"), ("jul", "juli", "july"),
    ("aug", "augustus", "august"), ("sep", "sept", "september"), ("okt", "oktober", "oct", "october"),
    ("nov", "november"), ("dec", "december"),
)  # fmt: skip
MONTH_OF: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES: Final = "|".join(sorted(MONTH_OF, key=len, reverse=True))
_DIRECTIVES: Final = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "b": rf"(?P<b>{_NAMES})\.?",
    "B": rf"(?P<b>{_NAMES})\.?",
    "H": r"\d{1,2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "f": r"\d{1,9}",
    "%": "%",
}
_SAYS: Final = {"B": "m", "b": "m", "y": "Y"}  # what other directives say too


def check_formats(formats: Sequence[str]) -> None:
    """Raise `ValueError` for a format that cannot be used.

    Examples
    --------
    >>> check_formats(["%d-%m-%Y", "excel"])
    """
    for name in formats:
        if name not in NAMED:
            pattern_of(name)


@cache
def pattern_of(name: str) -> str:
    """The regular expression of a format such as ``%d-%m-%Y``; a time of day may follow.

    Examples
    --------
    >>> import re
    >>> re.match(pattern_of("%d %B %Y"), "2 maart 1995").groupdict()
    {'d': '2', 'b': 'maart', 'Y': '1995'}
    """
    pieces: list[str] = []
    used: list[str] = []
    for literal, directive in re.findall(r"([^%]+)|%(.?)", name):
        if literal:
            pieces.append(re.escape(literal))
        elif directive in _DIRECTIVES:
            pieces.append(_DIRECTIVES[directive])
            used.append(_SAYS.get(str(directive), str(directive)))
        else:
            raise ValueError(f"'%{directive}' is not known in the date format '{name}'")
    if used.count("Y") != 1 or used.count("m") > 1 or used.count("d") > used.count("m"):
        raise ValueError(f"the date format '{name}' needs one year, and a month with a day")
    return f"(?i)^{''.join(pieces)}{'' if 'H' in used else TIME}$"
