"""Dates, lengths, ages and facts in Dutch and English.

A date is written as exactly as it is known and no more: ``3 mrt 2001``, ``mrt 2001``, ``2001``,
a range with ±. The words stand in ``data/locale/figures.toml``; data text is never translated.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from levensloop.errors import UserError
from levensloop.figures.case import Case, Fact, stances
from levensloop.schema import vocabulary

_SEASONS: Final = {3: 0, 6: 1, 9: 2, 12: 3}
_SHORT: Final = 70
_TO: Final = "\u2013"


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    text = (files("levensloop") / "data" / "locale" / "figures.toml").read_text("utf-8")
    return tomllib.loads(text)


def _day(ordinal: float) -> date:
    return date.fromordinal(int(ordinal))


def age_on(day: int, birth: int) -> int:
    """The age on a day, of someone born on the day `birth` (both ordinals).

    Examples
    --------
    >>> age_on(date(2001, 3, 1).toordinal(), date(1989, 3, 2).toordinal())
    11
    """
    then, born = _day(day), _day(birth)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


@dataclass(frozen=True)
class Words:
    """The figure's words in one language.

    Parameters
    ----------
    lang : str
        ``nl`` or ``en``.
    years : bool
        Tell days as years.

    Examples
    --------
    >>> Words("nl").days((0, 580), ongoing=False)
    'hooguit 580 dagen'
    """

    lang: str
    years: bool = False

    def __post_init__(self) -> None:
        if self.lang not in _catalogue():
            raise UserError(f"no such language; choose one of {', '.join(_catalogue())}")

    def say(self, key: str, values: Mapping[str, object] | None = None) -> str:
        """A sentence of the catalogue, filled in."""
        return _catalogue()[self.lang][key].format_map(values or {})

    def find(self, key: str) -> str | None:
        """A sentence of the catalogue with its braces, or None."""
        return _catalogue()[self.lang].get(key)

    def count(self, key: str, count: int, values: Mapping[str, object] | None = None) -> str:
        """A sentence with a number; with its own words for one, if it has them."""
        one = f"{key}_one"
        words = _catalogue()[self.lang]
        return self.say(one if count == 1 and one in words else key, {"count": count, **(values or {})})

    def label(self, group: str, word: str) -> str:
        """The label of a word of the vocabulary; a word that it does not have is its own label.

        Examples
        --------
        >>> Words("en").label("sectors", "health"), Words("en").label("sectors", "moon_base")
        ('Health', 'moon base')
        """
        entry = vocabulary()[group].get(word)
        return entry[self.lang] if entry else word.replace("_", " ")

    def letter(self, sector: str) -> str:
        """The badge of a sector."""
        sectors = vocabulary()["sectors"]
        return sectors.get(sector, sectors["other"])["letter"]

    def month(self, day: date) -> str:
        """The short name of a month."""
        return self.say("months").split()[day.month - 1]

    def _exact(self, day: date, unit: str) -> str:
        if unit == "year":
            return str(day.year)
        month = f"{self.month(day)} {day.year}"
        return month if unit == "month" else f"{day.day} {month}"

    def _range(self, first: date, last: date) -> str:
        if first.year == last.year and first.month == last.month:
            return f"{first.day}{_TO}{last.day} {self._exact(last, 'month')}"
        if first.year == last.year:
            return f"{self.month(first)}{_TO}{self._exact(last, 'month')}"
        if (last - first).days < 365:  # noqa: PLR2004 - within a year the months still tell something
            return f"{self._exact(first, 'month')}{_TO}{self._exact(last, 'month')}"
        return f"{first.year}{_TO}{last.year}"

    def when(self, first: int, last: int, precision: str = "") -> str:
        """A day between bounds, as exactly as it is known.

        Examples
        --------
        >>> year = [date(2001, 1, 1).toordinal(), date(2001, 12, 31).toordinal()]
        >>> Words("nl").when(year[0], year[0]), Words("nl").when(*year)
        ('1 jan 2001', '2001')
        """
        low, high = _day(first), _day(last)
        if self.years:
            several = low.year < high.year
            return self.say("about", {"date": f"{low.year}{_TO}{high.year}"}) if several else str(low.year)
        if low == high:
            return self._exact(low, "day")
        after = high + timedelta(days=1)
        if low.day == 1 and after.day == 1:
            whole = self._whole(low, high, after, precision)
            if whole:
                return whole
        return self.say("about", {"date": self._range(low, high)})

    def _whole(self, low: date, high: date, after: date, precision: str) -> str:
        """Bounds that are whole months: a month, a season, a year, a decade, or one of them ±."""
        months = (after.year - low.year) * 12 + after.month - low.month
        whole_years = low.month == 1 and after.month == 1
        rough = precision == "approximate"
        if months == 1:
            return self._exact(low, "month")
        if months == 12 and whole_years:  # noqa: PLR2004 - a year
            return str(low.year)
        if rough and months in {3, 36} and (whole_years or months == 3):  # noqa: PLR2004 - one unit to each side
            middle = low + (high - low) / 2
            unit = "month" if months == 3 else "year"  # noqa: PLR2004 - a month to each side
            return self.say("about", {"date": self._exact(middle, unit)})
        if precision == "season" and months == 3 and low.month in _SEASONS:  # noqa: PLR2004 - a season
            return f"{self.say('seasons').split()[_SEASONS[low.month]]} {high.year}"
        if months == 120 and whole_years and low.year % 10 == 0:  # noqa: PLR2004 - a decade
            return self.say("decade", {"year": low.year})
        return ""

    def days(self, days: tuple[int, int | None], *, ongoing: bool) -> str:
        """A length in days, as bounds where it is not exact."""
        low, high = days
        if ongoing and low != high and low <= 1:  # the one day on which it was seen is no length
            return self.say("days_open")
        if high is None or ongoing:
            return self.say("day_least" if low == 1 else "days_least", {"low": low})
        if low == high:
            return self.say("day_exact" if low == 1 else "days_exact", {"low": low})
        if low == 0:
            return self.say("day_most" if high == 1 else "days_most", {"high": high})
        return self.say("days_between", {"low": low, "high": high})

    def age_span(self, first: tuple[int, int], birth: tuple[int, int]) -> str:
        """`op 12 jaar`, or between which ages if that is not known."""
        low, high = age_on(first[0], birth[1]), age_on(first[1], birth[0])
        low = max(0, low)
        if low == high:
            return self.say("at_age", {"age": low})
        return self.say("at_ages", {"low": low, "high": high})

    def what(self, fact: Fact, *, brief: bool = False) -> str:
        """The sentence of a fact: its own text, else what its kind and columns say.

        With `brief` the reason is left out where the fact has a text of its own.
        """
        text = fact.what
        if not text:
            text = self.label("kinds", fact.kind)
            if fact.to_agency and fact.to_agency != fact.agency:
                text = self.say("to_whom", {"kind": text, "agency": fact.to_agency})
            if fact.reason:
                lasting = vocabulary()["kinds"].get(fact.kind, {})
                ends = "role" in lasting and lasting.get("edge") != "end" and lasting["role"] != "wait"
                known = fact.ended is not None and fact.ended[0] == fact.ended[1]
                until = self.when(*fact.ended) if fact.ended and known else ""
                values = {"kind": text, "reason": self.label("reasons", fact.reason), "end": until}
                key = "until_because" if until else "ends_because"
                text = self.say(key if ends else "kind_because", values)
            text = text[:1].upper() + text[1:]
        tells = fact.why and fact.why.lower() not in text.lower()
        if tells and not (brief and fact.what) and len(text) + len(fact.why) < _SHORT:
            why = fact.why if fact.why[1:2].isupper() else fact.why[:1].lower() + fact.why[1:]
            text = f"{text} {self.say('because', {'why': why})}"
        if fact.about != "youth":
            text = f"{text} {self.say('about_other', {'about': self.label('abouts', fact.about)})}"
        if fact.versions:
            versions = " / ".join(f"‘{self.label('reasons', version)}’" for version in fact.versions)  # noqa: RUF001 - quotation marks
            text = f"{text} {self.say('disputed_versions', {'versions': versions})}"
        elif fact.disputed:
            text = f"{text} {self.say('disputed')}"
        if "dispute" in stances(fact.said):
            text = f"{text} {self.say('contested')}"
        return text

    def ages(self, start: int, end: int, case: Case) -> str:
        """The youth and the ages reached between two days."""
        if case.birth is None:
            return case.initial
        low, high = max(0, age_on(start, case.birth[1])), max(0, age_on(end, case.birth[0]))
        if low == high:
            return self.say("youth_one_age", {"youth": case.initial, "low": low})
        return self.say("youth_age", {"youth": case.initial, "low": low, "high": high})
