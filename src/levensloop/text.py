"""Dutch and English: one catalogue of sentences a language, and days and lengths of time in words.

The labels of the words in the tables are in `schema.vocabulary`; here are the sentences that
commands and reports say. A language is one file, ``data/locale/<language>.toml``.
"""

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from levensloop.errors import UserError

LANGUAGES: Final = ("nl", "en")
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_DECADE: Final = 10
_YEAR: Final = 12
_DECEMBER: Final = 12
#: The seasons of EDTF by their first month; winter runs on into the next year.
_SEASONS: Final = MappingProxyType({3: "spring", 6: "summer", 9: "autumn", 12: "winter"})


def say(key: str, lang: str = "nl", values: Mapping[str, object] = _NOTHING) -> str:
    """A sentence of the catalogue, with its values filled in.

    Parameters
    ----------
    key : str
        The name of the sentence, such as ``read.rows``.
    lang : str
        ``nl`` or ``en``.
    values : mapping
        What stands between braces. Whole numbers get the thousands mark of the language (give a
        year as text); `n` chooses between the forms for one and for many.

    Returns
    -------
    str

    Examples
    --------
    >>> say("read.rows", "nl", {"n": 12000}), say("read.rows", "en", {"n": 1})
    ('12.000 rijen gelezen', '1 row read')
    """
    forms = catalogue(lang)
    if key not in forms:
        key = f"{key}.one" if values.get("n") == 1 else f"{key}.many"
    return forms[key].format_map({name: _told(value, lang) for name, value in values.items()})


def named(table: str, word: str, lang: str = "nl") -> str:
    """The name of a word in a table of the catalogue, or the word itself where it has none.

    Detectors that others write bring words of their own; they are shown as they are.

    Parameters
    ----------
    table : str
        ``detector``, ``outcome``, ``certainty``, ``over_norm``, ...
    word : str
    lang : str
        ``nl`` or ``en``.

    Returns
    -------
    str

    Examples
    --------
    >>> named("detector", "Gap", "en"), named("detector", "LongIntake", "en")
    ('Gap in care', 'LongIntake')
    """
    return catalogue(lang).get(f"{table}.{word}", word)


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Every sentence of a language, by its name.

    Parameters
    ----------
    lang : str
        ``nl`` or ``en``.

    Returns
    -------
    mapping
        A sentence with two forms has two names, ending in ``.one`` and ``.many``.

    Raises
    ------
    UserError
        For a language without a catalogue.

    Examples
    --------
    >>> catalogue("nl")["certainty.certain"]
    'zeker'
    """
    if lang not in LANGUAGES:
        raise UserError(f"no such language; choose one of {', '.join(LANGUAGES)}")
    text = (files("levensloop") / "data" / "locale" / f"{lang}.toml").read_text("utf-8")
    return MappingProxyType(dict(_flat(tomllib.loads(text), "")))


def day(when: date | tuple[date, date], lang: str = "nl") -> str:
    """A day, or what is known of it, in words.

    Parameters
    ----------
    when : date or pair of dates
        A day, or the earliest and the latest day that it can be (both count).
    lang : str
        ``nl`` or ``en``.

    Returns
    -------
    str
        A whole month, season, year or decade is named as such.

    Examples
    --------
    >>> day(date(2005, 3, 3)), day((date(2005, 3, 1), date(2005, 3, 31)))
    ('3 maart 2005', 'maart 2005')
    >>> day((date(2005, 1, 1), date(2005, 12, 31))), day((date(2005, 3, 1), date(2005, 5, 31)), "en")
    ('2005', 'spring 2005')
    >>> day((date(2005, 3, 3), date(2005, 4, 9)))
    'tussen 3 maart 2005 en 9 april 2005'
    """
    if isinstance(when, date):
        return _day(when, lang)
    first, last = when
    if first == last:
        return _day(first, lang)
    named = _named(first, last, lang)
    return named or say("day.between", lang, {"first": _day(first, lang), "last": _day(last, lang)})


def days(least: int, most: int | None, lang: str = "nl") -> str:
    """A number of days, or between which numbers it lies.

    Parameters
    ----------
    least, most : int
        The bounds; without `most` it is at least `least`.
    lang : str
        ``nl`` or ``en``.

    Returns
    -------
    str

    Examples
    --------
    >>> days(12, 12), days(0, 580), days(1, 1, "en"), days(90, None, "en")
    ('12 dagen', 'hooguit 580 dagen', '1 day', 'at least 90 days')
    """
    if most is None:
        return say("days.at_least", lang, {"n": least})
    if least == most:
        return say("days.exact", lang, {"n": least})
    if least == 0:
        return say("days.at_most", lang, {"n": most})
    return say("days.between", lang, {"least": least, "n": most})


def _day(when: date, lang: str) -> str:
    return f"{when.day} {say(f'month.{when.month}', lang)} {when.year}"


def _named(first: date, last: date, lang: str) -> str | None:
    """The name of the month, season, year or decade from `first` to `last`, if it is a whole one."""
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        return None
    months = (last.year - first.year) * _YEAR + last.month - first.month + 1
    if months == 1:
        return f"{say(f'month.{first.month}', lang)} {first.year}"
    if months == 3 and first.month in _SEASONS:  # noqa: PLR2004 - a season has three months
        year = f"{first.year}-{last.year}" if first.month == _DECEMBER else str(first.year)
        return f"{say(f'season.{_SEASONS[first.month]}', lang)} {year}"
    if months == _YEAR and first.month == 1:
        return str(first.year)
    if months == _YEAR * _DECADE and first.month == 1 and first.year % _DECADE == 0:
        return say("day.decade", lang, {"decade": str(first.year)})
    return None


def _told(value: object, lang: str) -> object:
    """A value as the language writes it."""
    if isinstance(value, int) and not isinstance(value, bool):
        grouped = f"{value:,}"
        return grouped.replace(",", ".") if lang == "nl" else grouped
    return value


def _flat(table: Mapping[str, object], path: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for key, value in table.items():
        out.extend(_flat(value, f"{path}{key}.") if isinstance(value, dict) else [(path + key, str(value))])
    return out
