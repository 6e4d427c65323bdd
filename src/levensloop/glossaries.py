"""Names and what stands for them in a text, both ways."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from levensloop.errors import UserError

_COLUMNS: Final = ("name", "label")


class Glossary:
    """Names and what stands for them.

    Parameters
    ----------
    names : mapping of str to str
        From a name, as texts write it, to its label. Several spellings may share a label; the first
        is then what `unmask` puts back.

    Raises
    ------
    UserError
        If a name or a label is empty, or a label has brackets.

    Examples
    --------
    >>> people = Glossary({"Anja de Boer": "guardian", "Jorien": "youth"})
    >>> people.mask("Jorien spoke to Anja de Boer.")
    '[youth] spoke to [guardian].'
    >>> people.unmask("[youth] spoke to [guardian].")
    'Jorien spoke to Anja de Boer.'
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        pairs = [(name.strip(), label.strip()) for name, label in names.items()]
        if any(not name or not label or set(label) & set("[]") for name, label in pairs):
            raise UserError("a glossary needs a name and a label in each row, and labels without brackets")
        #: From each name to its label.
        self.names: Final[Mapping[str, str]] = dict(pairs)
        self._label = {name.casefold(): label for name, label in pairs}
        self._name: dict[str, str] = {}
        for name, label in pairs:
            self._name.setdefault(label, name)
        # The longest first: of "Jan" and "Jan Smit" the text means the whole name.
        longest = sorted((name for name, _ in pairs), key=lambda name: (-len(name), name))
        words = "|".join(re.escape(name) for name in longest)
        self._names = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None
        self._labels = re.compile(r"\[([^\[\]]+)\]")

    @classmethod
    def load(cls, path: str | Path) -> "Glossary":
        r"""A glossary from a CSV file with the columns `name` and `label`.

        Examples
        --------
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "names.csv"
        >>> _ = file.write_text("name;label\nJorien;youth\n")
        >>> Glossary.load(file).mask("jorien")
        '[youth]'
        """
        path = Path(path)
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{path.name} cannot be read; give a CSV file in UTF-8") from error
        rows = csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ",")
        if not set(_COLUMNS) <= set(rows.fieldnames or ()):
            raise UserError(f"{path.name} needs the columns {' and '.join(_COLUMNS)}")
        return cls({row["name"] or "": row["label"] or "" for row in rows})

    def mask(self, text: str) -> str:
        """The text with labels in brackets for names."""
        if self._names is None:
            return text
        return self._names.sub(lambda found: f"[{self._label[found[0].casefold()]}]", text)

    def unmask(self, text: str) -> str:
        """The text with names for labels in brackets; other brackets stay."""
        return self._labels.sub(lambda found: self._name.get(found[1], found[0]), text)

    def knows(self, name: str) -> bool:
        """Whether a whole text is one of the names."""
        return name.strip().casefold() in self._label


def glossary_given(given: object) -> Glossary | None:
    """The glossary; stop where its file, or something else, is given in its place.

    Raises
    ------
    UserError

    Examples
    --------
    >>> glossary_given("names.csv")
    Traceback (most recent call last):
    levensloop.errors.UserError: a glossary is asked for, and str was given. Hint: ll.privacy.Glossary.load(path).
    """
    if given is not None and not isinstance(given, Glossary):
        raise UserError(
            f"a glossary is asked for, and {type(given).__name__} was given. Hint: ll.privacy.Glossary.load(path)."
        )
    return given
