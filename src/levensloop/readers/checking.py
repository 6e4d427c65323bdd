"""Checks the keys and values of a layout or a delivery.toml, and names what is wrong with a way out."""

import codecs
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Final, cast

from levensloop.dates import check_formats
from levensloop.errors import Fault
from levensloop.schema import DEFAULT_COLUMNS, words

#: Columns with a closed list of words, and that list.
LISTS: Final = {
    "kind": "kinds",
    "sector": "sectors",
    "initiative": "initiatives",
    "reason": "reasons",
    "about": "abouts",
    "capacity": "capacities",
}
_CHOICES: Final = {"end": ("inclusive", "exclusive"), "empty_end": ("open", "unknown")}
_NAMED_FORMATS: Final = ("%d-%m-%Y", "%d/%m/%Y", "%Y%m%d", "excel", "JJJJMM00")


def bad(file: str, key: str | None, message: str, hint: str) -> Fault:
    """A fault of a layout."""
    return Fault(file=file, row=None, column=key, code="bad_layout", message=message, hint=hint)


def closest(word: str, known: Iterable[str]) -> str:
    """A hint that names the words most like `word`; empty if none is.

    Examples
    --------
    >>> closest("refferal", ("referral", "care"))
    "did you mean 'referral'?"
    """
    lowered = {name.lower(): name for name in known}
    found = [lowered[name] for name in get_close_matches(word.lower(), list(lowered), 3, 0.6)]
    return "did you mean " + " or ".join(f"'{name}'" for name in found) + "?" if found else ""


class Checker:
    """Reads values out of TOML and collects every fault; `stop` if what is read would change.

    Parameters
    ----------
    file : str
        The file that the faults name.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.stop = False
        self._faults: dict[tuple[str, str], Fault] = {}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was found, each fault once."""
        return tuple(self._faults.values())

    def add(self, key: str, message: str, hint: str, *, stop: bool = True) -> None:
        """Note a fault; with `stop` the layout cannot be used."""
        self._faults[key, message] = bad(self.file, key, message, hint)
        self.stop = self.stop or stop

    def note(self, found: Fault) -> None:
        """Keep a fault that does not bear on the rest."""
        self._faults[found.file + (found.column or ""), found.message] = found

    def keys(self, told: Mapping[str, Any], known: Sequence[str], where: str) -> None:
        """Every key must be known."""
        for key in told:
            if key not in known:
                hint = closest(key, known) or "the keys are: " + ", ".join(known)
                self.add(f"{where}{key}", "an unknown key", hint)

    def _is(self, told: Mapping[str, Any], key: str, sort: type, where: str, hint: str) -> bool:
        """Whether the key is there and of its sort; a fault if only the first."""
        if key not in told:
            return False
        value = told[key]
        good = isinstance(value, sort) and not (sort is int and isinstance(value, bool))
        if not good:
            self.add(f"{where}{key}", f"must be {hint}", f"write {key} as {hint}")
        return good

    def text(self, told: Mapping[str, Any], key: str, where: str) -> str | None:
        """A text, or None."""
        return str(told[key]) if self._is(told, key, str, where, "text between quotes") else None

    def flag(self, told: Mapping[str, Any], key: str, where: str) -> bool:
        """True or false; false if it is not there."""
        return bool(told[key]) if self._is(told, key, bool, where, "true or false") else False

    def count(self, told: Mapping[str, Any], key: str, where: str) -> int:
        """A whole number from 0; 0 if it is not there."""
        if not self._is(told, key, int, where, "a whole number"):
            return 0
        if told[key] < 0:
            self.add(f"{where}{key}", "must be 0 or more", f"write {key} = 0, or leave it out")
        return max(int(told[key]), 0)

    def choice(self, told: Mapping[str, Any], key: str, where: str) -> str:
        """One of the words that the key allows; the first if it is not there."""
        allowed = _CHOICES[key]
        value = told.get(key, allowed[0])
        if value not in allowed:
            self.add(f"{where}{key}", "an unknown word", f"write {' or '.join(allowed)}")
        return str(value)

    def entries(self, told: Mapping[str, Any], key: str, where: str = "") -> list[dict[str, Any]]:
        """The tables of ``[[key]]``."""
        found: Any = told.get(key, [])
        if isinstance(found, list) and all(isinstance(entry, dict) for entry in cast("list[Any]", found)):
            return cast("list[dict[str, Any]]", found)
        self.add(f"{where}{key}", "must be one or more tables", f"write [[{key}]]")
        return []

    def targets(self, told: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
        """A table from default column to text."""
        if not self._is(told, key, dict, where, f"a table, [{key}]"):
            return {}
        self.keys(told[key], DEFAULT_COLUMNS, f"{where}{key}.")
        return self._plain(told[key], f"{where}{key}")

    def nested(self, told: Mapping[str, Any], key: str, where: str) -> dict[str, dict[str, str]]:
        """A table from default column to a table of texts."""
        if not self._is(told, key, dict, where, f"tables, [{key}.reason]"):
            return {}
        self.keys(told[key], DEFAULT_COLUMNS, f"{where}{key}.")
        return {
            target: self._plain(told[key][target], f"{where}{key}.{target}")
            for target in told[key]
            if self._is(told[key], target, dict, f"{where}{key}.", f"a table, [{key}.{target}]")
        }

    def _plain(self, told: Mapping[str, Any], where: str) -> dict[str, str]:
        """Texts; numbers, dates and lists of texts may stand without quotes."""
        result: dict[str, str] = {}
        for key, value in told.items():
            if isinstance(value, list):
                result[key] = ";".join(str(item) for item in cast("list[Any]", value))
            elif isinstance(value, str | int | float | date) and not isinstance(value, bool):
                result[key] = str(value)
            else:
                self.add(f"{where}.{key}", "must be text", "write it between quotes")
        return result

    def words(self, told: Mapping[str, str], where: str, target: str | None = None) -> None:
        """Words of closed lists must be in the vocabulary; only their own rows depend on them."""
        for key, word in told.items():
            column = target or key
            known = words(LISTS[column]) if column in LISTS else ()
            if known and word not in known:
                hint = closest(word, known) or "the words are: " + ", ".join(known)
                self.add(f"{where}.{key}", f"'{word}' is no word of the {LISTS[column]}", hint, stop=False)

    def delimiter(self, told: str | None, where: str) -> str | None:
        """One character."""
        if told is not None and len(told) != 1:
            self.add(f"{where}delimiter", "must be one character", "write ';', ',', '|' or '\\t'")
            return None
        return told

    def encoding(self, told: str | None, where: str) -> str | None:
        """An encoding of text that Python knows."""
        try:
            if told is not None:
                "".encode(codecs.lookup(told).name)
        except LookupError:
            hint = "write utf-8, cp1252, latin-1 or utf-16"
            self.add(f"{where}encoding", "an unknown encoding", hint)
            return None
        return told

    def formats(self, told: object, where: str) -> tuple[str, ...]:
        """Formats of dates."""
        if not isinstance(told, list) or not all(isinstance(name, str) for name in cast("list[Any]", told)):
            self.add(f"{where}date_formats", "must be a list of texts", "write date_formats = ['%d-%m-%Y']")
            return ()
        names = tuple(cast("list[str]", told))
        try:
            check_formats(names)
        except ValueError as error:
            hint = "write formats such as " + ", ".join(_NAMED_FORMATS)
            self.add(f"{where}date_formats", str(error), hint)
            return ()
        return names

    def day(self, told: object, key: str) -> date | None:
        """A date, also as text."""
        if told is None:
            return None
        if isinstance(told, datetime):
            return told.date()
        if isinstance(told, date):
            return told
        try:
            return date.fromisoformat(str(told))
        except ValueError:
            self.add(key, "is no date", f"write {key.rpartition('.')[2]} as 2007-06-30")
            return None

    def window(self, told: object, where: str) -> tuple[date, date] | None:
        """Two dates, the first not after the second; both belong to the window."""
        if told is None:
            return None
        pair = cast("list[Any]", told) if isinstance(told, list) else []
        days = [self.day(item, f"{where}window") for item in pair]
        if len(days) == 2 and days[0] and days[1] and days[0] <= days[1]:  # noqa: PLR2004
            return days[0], days[1]
        hint = "write window = [1998-01-01, 2007-06-30]"
        self.add(f"{where}window", "must be the first and the last day, in that order", hint)
        return None

    def ages(self, told: object, where: str) -> tuple[int, int] | None:
        """Two birthdays: from the first up to the second."""
        if told is None:
            return None
        pair = cast("list[Any]", told) if isinstance(told, list) else []
        if len(pair) == 2 and all(type(item) is int for item in pair) and 0 <= pair[0] < pair[1]:  # noqa: PLR2004
            return int(pair[0]), int(pair[1])
        self.add(f"{where}ages", "must be two whole numbers, the first the smaller", "write ages = [0, 18]")
        return None
