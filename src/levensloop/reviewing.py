"""What a reviewer says of pairs of records: the same youth, or different youths."""

import csv
from pathlib import Path
from typing import Final

from levensloop.errors import UserError

_WORDS: Final = ("same", "different")
_COLUMNS: Final = ("a", "b", "verdict")

#: The row of the file, the two records, and whether they are the same youth.
Verdict = tuple[int, str, str, bool]


def verdicts(path: str | Path) -> list[Verdict]:
    r"""The verdicts of a file: columns `a` and `b` (``source:record``) and `verdict`; others may stand beside them.

    Rows without a verdict are passed over, so that the table of `Identities.doubtful` can be filled
    in bit by bit.

    Parameters
    ----------
    path : path
        A CSV file in UTF-8, with commas or semicolons.

    Returns
    -------
    list of (int, str, str, bool)
        The row, both records, and whether they are one youth.

    Raises
    ------
    UserError
        All that is wrong with the file.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "pairs.csv"
    >>> _ = file.write_text("a;b;verdict\nggz:1;school:4;same\nggz:1;school:9;\n")
    >>> verdicts(file)
    [(2, 'ggz:1', 'school:4', True)]
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} cannot be read; give a CSV file in UTF-8") from error
    lines = text.splitlines()
    head = lines[0] if lines else ""
    rows = csv.DictReader(lines, delimiter=";" if ";" in head else ",")
    missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise UserError(f"{path.name} has no column {', '.join(missing)}; it needs {', '.join(_COLUMNS)}")
    found: list[Verdict] = []
    wrong: list[str] = []
    for place, row in enumerate(rows, 2):
        word = (row["verdict"] or "").strip().lower()
        if word not in ("", *_WORDS):
            wrong.append(f"row {place}: a verdict is 'same', 'different' or empty")
        elif word:
            found.append((place, (row["a"] or "").strip(), (row["b"] or "").strip(), word == "same"))
    if wrong:
        raise UserError(f"{path.name}, " + "; ".join(wrong))
    return found
