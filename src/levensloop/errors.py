"""Every error and its sentence: faults name the file, the row, the column and a way out.

A fault never holds a person's key or free text: a message says what is wrong with a cell, not
what stands in it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

#: From code to what is wrong and what to do about it; `fault` takes its words from here.
SENTENCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "missing_column": (
            "the column is missing",
            "name it in the layout under [columns], or give its value under [constants]",
        ),
        "duplicate_column": ("the column is there twice", "give each column its own name"),
        "unused_column": (
            "the column holds values that are no text, number or date, so it was not read",
            "leave the column out, or turn it into text",
        ),
        "missing_value": ("the cell is empty", "complete the extract; the row is kept among the rejected"),
        "unknown_code": (
            "a word that the vocabulary does not know",
            "translate it in the layout under [codes]",
        ),
        "impossible_date": ("impossible date", "correct the date in the extract"),
        "ambiguous_date": (
            "a date that can be read in more than one way",
            "name the format in the layout, such as date_formats = ['%d-%m-%Y']",
        ),
        "unreadable_date": (
            "not a date that can be read",
            "write dates as 1995-03-02, 1995-03 or 1995 (EDTF), or name the format in the layout",
        ),
        "open_interval": (
            "an interval without a first or last day",
            "write both bounds, as in 1995/1997; only an end may be '..', for open",
        ),
        "end_before_start": ("the end lies before the start", "correct one of the two dates"),
        "empty_file": ("the file is empty", "deliver it again, or leave it out"),
        "no_rows": ("the file has a header and no rows", "deliver it again, or leave it out"),
        "not_what_it_says": (
            "the contents are not what the name of the file says",
            "save it again in the format of its extension",
        ),
        "encoding": (
            "the text cannot be decoded",
            "name the encoding in the layout, such as encoding = 'cp1252'",
        ),
        "line_too_long": ("a line is too long to be read", "look for a quote that is never closed"),
        "unmatched_file": (
            "no table of the layout fits the file",
            "add a [[table]] for it, or ignore = true",
        ),
        "missing_file": ("the file is not there", "check the path, or remove it from delivery.toml"),
        "bad_layout": ("the layout cannot be used", "correct the layout"),
        "ragged_row": (
            "the row has another number of cells than the header",
            "look for a stray delimiter or quote",
        ),
        "duplicate_source": ("two sources have the same name", "give each source a name of its own"),
        "citizen_number": (
            "the keys look like citizen service numbers",
            "pass pseudonymise=KEY to replace them while reading, or pseudonymise=False if they are none",
        ),
    }
)


class LevensloopError(Exception):
    """The ground of every error that levensloop raises."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in what was delivered, and what to do about it.

    Parameters
    ----------
    file : str
        The file, or the name of the table where there is no file.
    row : int or None
        The first row in which it occurs, counted from 1 below the header.
    column : str or None
        The column as the file names it.
    code : str
        A short word for the sort of fault, such as ``impossible_date``.
    message : str
        What is wrong; never a person's key or free text.
    hint : str
        What to do about it.
    count : int
        The number of rows in which it occurs.

    Examples
    --------
    >>> print(Fault("ggz.csv", 12, "Start", "impossible_date", "impossible date", "correct it", 42))
    ggz.csv, row 12 and 41 more rows, column 'Start': impossible date. Hint: correct it.
    """

    file: str
    row: int | None
    column: str | None
    code: str
    message: str
    hint: str
    count: int = 1

    def __str__(self) -> str:
        return told(self, lambda _, text: text)


def told(fault: Fault, words: Callable[[str, str], str]) -> str:
    """A fault as a line; `words` is given what a part of it is and its English, and says how to put it.

    Examples
    --------
    >>> told(fault("empty_file", "ggz.csv"), lambda part, text: text.upper() if part == "message" else text)
    'ggz.csv: THE FILE IS EMPTY. Hint: deliver it again, or leave it out.'
    """
    where = [words("file", fault.file)]
    if fault.row is not None:
        where.append(words("place", f"row {fault.row}{_more(fault.count - 1)}"))
    if fault.column is not None:
        where.append(words("place", f"column '{fault.column}'"))
    line = f"{', '.join(where)}: {_closed(words('message', fault.message))}"
    if not fault.hint:
        return line
    return f"{line} {words('place', 'Hint')}: {_closed(words('hint', fault.hint))}"


class UserError(LevensloopError, ValueError):
    """What the user can mend: the input is at fault, not the program; a `ValueError` to who asks for no more.

    Parameters
    ----------
    *faults : Fault, str, or iterable of these
        What is wrong. A text is a sentence without a place.

    Examples
    --------
    >>> print(UserError(fault("missing_file", "ggz.csv")))
    ggz.csv: the file is not there. Hint: check the path, or remove it from delivery.toml.
    >>> UserError("nothing to read").faults
    ()
    """

    def __init__(self, *faults: "Fault | str | Iterable[Fault | str]") -> None:
        super().__init__(*faults)
        parts: list[Fault | str] = []
        for item in faults:
            parts.extend([item] if isinstance(item, Fault | str) else item)
        self.faults: tuple[Fault, ...] = tuple(part for part in parts if isinstance(part, Fault))
        self._lines = tuple(str(part) for part in parts)

    def __str__(self) -> str:
        return "\n".join(self._lines)


class BrokenOffError(UserError):
    """A run that ended before its work was done; started again, it goes on with what is there."""


def fault(
    code: str,
    file: str,
    *,
    row: int | None = None,
    column: str | None = None,
    detail: str = "",
    count: int = 1,
) -> Fault:
    """A fault with the sentence and the hint that belong to its code.

    Parameters
    ----------
    code : str
        A word of `SENTENCES`.
    file : str
        The file, or the name of the table.
    row, column : optional
        Where it is.
    detail : str
        Added to the sentence between brackets; never a person's key or free text.
    count : int
        The number of rows in which it occurs.

    Returns
    -------
    Fault

    Examples
    --------
    >>> fault("unknown_code", "ggz.csv", row=3, column="Soort", detail="'consult'").message
    "a word that the vocabulary does not know ('consult')"
    """
    message, hint = SENTENCES[code]
    return Fault(file, row, column, code, f"{message} ({detail})" if detail else message, hint, count)


def expect(given: object, kind: type, verb: str) -> None:
    """Stop where a verb is given another noun than it takes.

    Raises
    ------
    UserError

    Examples
    --------
    >>> expect(7, str, "link")
    Traceback (most recent call last):
    levensloop.errors.UserError: link takes str and was given int. Hint: read gives Events, link Identities, merge a Cohort, detect Findings, and cohort[youth] a Timeline.
    """
    if not isinstance(given, kind):
        hint = "read gives Events, link Identities, merge a Cohort, detect Findings, and cohort[youth] a Timeline."
        raise UserError(f"{verb} takes {kind.__name__} and was given {type(given).__name__}. Hint: {hint}")


def path_given(given: object, verb: str) -> Path:
    """The path of a file or folder; stop where something else is given.

    Raises
    ------
    UserError

    Examples
    --------
    >>> path_given("emmen.lvl", "load").name
    'emmen.lvl'
    >>> path_given(None, "load")
    Traceback (most recent call last):
    levensloop.errors.UserError: load takes a path and was given NoneType. Hint: name a file or folder, as text or as a Path.
    """
    if not isinstance(given, str | PathLike):
        raise UserError(
            f"{verb} takes a path and was given {type(given).__name__}. "
            "Hint: name a file or folder, as text or as a Path."
        )
    return Path(cast("str | PathLike[str]", given))


def fold(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Join faults of one sort in one column of a file, in the order in which they first occur.

    Returns
    -------
    tuple of Fault
        With the first row and the number of rows of each.

    Examples
    --------
    >>> both = fold([fault("impossible_date", "a.csv", row=7), fault("impossible_date", "a.csv", row=4)])
    >>> [(one.row, one.count) for one in both]
    [(4, 2)]
    """
    folded: dict[tuple[str, str | None, str, str], Fault] = {}
    for new in faults:
        # Without a row it speaks of the whole file or column: two of these are one only if they say the same.
        key = (new.file, new.column, new.code, new.message if new.row is None else "")
        old = folded.get(key)
        if old is None:
            folded[key] = new
        elif new.row is not None and old.row is not None:
            first = new if new.row < old.row else old
            folded[key] = replace(first, count=old.count + new.count)
    return tuple(folded.values())


def _more(rows: int) -> str:
    if rows < 1:
        return ""
    return f" and {rows:,} more {'row' if rows == 1 else 'rows'}"


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
