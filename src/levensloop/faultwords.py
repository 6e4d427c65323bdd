"""Faults in Dutch: their English sentences are the keys to the Dutch ones, as in gettext.

Whoever finds a fault says it in English, and what is stored and told to programs stays so. Here the line that people read
is put in their language, by ``data/locale/faults_<language>.toml``. What does not stand there is said in English.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from levensloop.errors import Fault, UserError, told

_VALUE: Final = re.compile(r"\{(\w+)\}")
#: A value of this name is a whole number.
_NUMBER: Final = "n"
_DIGITS: Final = r"\d[\d,]*"
#: Of a section the sentences by their English, and of those that hold values the pattern of the English too.
Section = tuple[Mapping[str, str], tuple[tuple[re.Pattern[str], str], ...]]
Sentences = Mapping[str, Section]


def fault_line(fault: Fault, lang: str = "nl") -> str:
    """A fault as a line in a language.

    Parameters
    ----------
    fault : Fault
    lang : str
        ``nl`` or ``en``.

    Returns
    -------
    str
        In English the same as ``str(fault)``.

    Examples
    --------
    >>> from levensloop.errors import fault
    >>> fault_line(fault("impossible_date", "ggz.csv", row=3, column="start", count=1201))
    "ggz.csv, rij 3 en nog 1.200 rijen, kolom 'start': onmogelijke datum. Tip: verbeter de datum in het extract."
    """
    return str(fault) if lang == "en" else told(fault, partial(_said, _sentences(lang)))


def error_lines(error: UserError, lang: str = "nl") -> str:
    """An error in a language if it is made of faults; its other sentences are English.

    Parameters
    ----------
    error : UserError
    lang : str
        ``nl`` or ``en``.

    Returns
    -------
    str

    Examples
    --------
    >>> from levensloop.errors import fault
    >>> error_lines(UserError(fault("empty_file", "ggz.csv"))), error_lines(UserError("nothing to read"))
    ('ggz.csv: het bestand is leeg. Tip: lever het opnieuw aan, of laat het weg.', 'nothing to read')
    """
    if str(error) != "\n".join(map(str, error.faults)):
        return str(error)
    return "\n".join(fault_line(fault, lang) for fault in error.faults)


@cache
def _sentences(lang: str) -> Sentences:
    """The sentences of a language by section; of several that fit the one that says most stands first."""
    text = (files("levensloop") / "data" / "locale" / f"faults_{lang}.toml").read_text("utf-8")
    found: dict[str, Section] = {}
    for section, pairs in tomllib.loads(text).items():
        open_ones = sorted((one for one in pairs if _VALUE.search(one)), key=_length, reverse=True)
        found[section] = pairs, tuple((_pattern(one), pairs[one]) for one in open_ones)
    return MappingProxyType(found)


def _length(template: str) -> int:
    return len(_VALUE.sub("", template))


def _pattern(template: str) -> re.Pattern[str]:
    """What matches every sentence that is made of a template."""
    parts = _VALUE.split(template)
    pieces = [
        f"(?P<{part}>{_DIGITS if part == _NUMBER else '.*?'})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(pieces), re.DOTALL)


def _said(sentences: Sentences, section: str, text: str) -> str:
    """A sentence in the other language; its values are said by the section of their name, if there is one."""
    if section == _NUMBER:
        return text.replace(",", ".")
    if section not in sentences:
        return text
    fixed, templates = sentences[section]
    if text in fixed:
        return fixed[text]
    for pattern, template in templates:
        if found := pattern.fullmatch(text):
            values = {name: _said(sentences, name, value) for name, value in found.groupdict().items()}
            return template.format_map(values)
    return text
