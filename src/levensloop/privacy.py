"""Keys of persons become keyed hashes, and a timeline can be masked before it is shown.

The key stays with whoever reads; without it nobody can lead a pseudonym back, and with the same
key the same person has the same pseudonym in the next delivery. All of this is pseudonymisation,
not anonymisation: who knows a youth can know the youth by the intervals between events.
"""

import hmac
import math
import os
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.cells import encoded, recoded
from levensloop.cohort import Timeline
from levensloop.errors import UserError
from levensloop.findings import Findings
from levensloop.glossaries import Glossary
from levensloop.masking import Masked, masked, unmasked

__all__ = [
    "Glossary",
    "Masked",
    "eleven_proof",
    "looks_like_citizen_numbers",
    "mask",
    "pseudonyms",
    "secret",
    "unmask",
]

_WEIGHTS: Final = np.array([9, 8, 7, 6, 5, 4, 3, 2, -1])
_LENGTH: Final = 9
_ELEVEN: Final = 11
_NUMBER_LIKE: Final = r"^[ .]*([0-9][ .]*){8,9}$"
_FEWEST: Final = 3
#: A delivery of other numbers is taken for citizen service numbers at most once in so many times.
_ODDS: Final = 1000
_MAJORITY: Final = 0.5

Mask = npt.NDArray[np.bool_]


def secret(pseudonymise: bytes | str | Path) -> bytes:
    """The key to hash with.

    Parameters
    ----------
    pseudonymise : bytes, str or Path
        The key itself; the path of a file that holds it; or ``"env:NAME"`` for a variable of the
        environment. Text that is no path of a file is the key. Best are 32 random bytes.

    Returns
    -------
    bytes

    Raises
    ------
    UserError
        If there is no key there, or an empty one.

    Examples
    --------
    >>> secret("a long sentence that only we know")
    b'a long sentence that only we know'
    """
    key = _secret(pseudonymise)
    if not key:
        raise UserError("the key for pseudonyms is empty; make one, for example with: openssl rand -hex 32")
    return key


def mask(
    timeline: Timeline,
    findings: Findings,
    *,
    key: bytes | str | Path,
    glossary: Glossary | None = None,
    lang: str = "nl",
) -> Masked:
    """A timeline and its findings without keys, names of agencies and people, and true dates.

    Agencies are called by their sector, numbered if there are several; people by their role; names
    in free text by their labels in the glossary. All dates of the youth are moved by one number of
    whole weeks that follows from the key, so that every interval, and with it every finding, stays
    what it was: detect first and mask then, for ages at fixed limits and rules by date would come out
    otherwise. Keys, files, rows as delivered, municipality and district are left out.

    This is pseudonymisation: names that the glossary does not have stay in free text, and intervals
    can be recognised.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        What was detected; those of the youth are kept.
    key : bytes, str or Path
        See `secret`. It is written nowhere.
    glossary : Glossary, optional
        Names and what stands for them.
    lang : str
        Of the sectors and roles: ``nl`` or ``en``.

    Returns
    -------
    Masked
        `timeline` and `findings`.

    Examples
    --------
    >>> import levensloop as ll
    >>> table = pa.table({"person": ["jorien"], "agency": ["De Bascule"], "sector": ["mental_health"],
    ...     "kind": ["contact"], "start": ["2005-03-02"], "what": ["Jorien called"], "by_whom": ["A. Bos, psychiater"]})
    >>> events = ll.Events(table)
    >>> cohort = ll.merge(events, ll.link(events))
    >>> shown = mask(cohort["jorien"], ll.detect(cohort), key=b"ours", glossary=Glossary({"Jorien": "youth"}))
    >>> row, = shown.timeline.events.to_arrow().to_pylist()
    >>> row["agency"], row["what"], row["by_whom"]
    ('GGZ', '[youth] called', 'psychiater')
    """
    return masked(timeline, findings, glossary or Glossary({}), secret(key), lang)


def unmask(
    timeline: Timeline, findings: Findings, *, key: bytes | str | Path, glossary: Glossary | None = None
) -> Masked:
    """Undo in a masked timeline what can be undone: dates, and the names that the glossary has.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        As `mask` gave them.
    key : bytes, str or Path
        The key with which they were masked.
    glossary : Glossary, optional
        The glossary with which they were masked.

    Returns
    -------
    Masked
        With true dates; what was left out stays away, and the youth keeps the pseudonym.
    """
    return unmasked(timeline, findings, glossary or Glossary({}), secret(key))


def _secret(told: object) -> bytes:
    if isinstance(told, bytes):
        return told
    if isinstance(told, str) and told.startswith("env:"):
        name = told.removeprefix("env:")
        value = os.environ.get(name)
        if value is None:
            raise UserError(
                f"the environment has no variable {name}, which should hold the key for pseudonyms"
            )
        return value.strip().encode()
    if isinstance(told, str) and not _is_path(told):
        return told.encode()
    if isinstance(told, str | Path):
        try:
            return Path(told).read_bytes().strip()
        except OSError as error:
            raise UserError("the file with the key for pseudonyms cannot be read; check its path") from error
    raise UserError("pseudonymise takes a key (bytes or text), the path of a file, 'env:NAME', None or False")


def _is_path(told: str) -> bool:
    """Whether text means a file: one that is there, or that could only be a path."""
    try:
        there = Path(told).is_file()
    except (OSError, ValueError):
        return False
    return there or told.startswith(("/", "./", "../", "~")) or told.endswith((".key", ".txt", ".secret"))


def pseudonyms(column: "pa.Array | pa.ChunkedArray", key: bytes) -> pa.Array:
    """HMAC-SHA-256 of each distinct value, in hexadecimal; an empty cell stays empty.

    A citizen service number of which the leading zero was dropped gets the pseudonym of the whole
    number, so that both lead to one person.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray
        Keys as delivered.
    key : bytes
        See `secret`.

    Returns
    -------
    pyarrow.Array

    Examples
    --------
    >>> [text[:8] for text in pseudonyms(pa.array(["a", "a "]), b"key").to_pylist()]
    ['780c3db4', '780c3db4']
    """
    codes = encoded(column)
    texts = pc.utf8_trim_whitespace(codes.dictionary)
    whole = _whole(texts)
    hashed = [_pseudonym(text, key) for text in whole.to_pylist()]
    return recoded(codes, pa.array(hashed, pa.string())).cast(pa.string())


def _pseudonym(text: str | None, key: bytes) -> str | None:
    return hmac.new(key, text.encode("utf-8"), "sha256").hexdigest() if text else None


def _digits(values: pa.Array) -> pa.Array:
    """The digits of numbers that may be written with points or spaces, 8 filled up to 9."""
    bare = pc.replace_substring_regex(values.cast(pa.string()), r"[ .]", "")
    number = pc.match_substring_regex(bare, r"^[0-9]{8,9}$")
    return pc.utf8_lpad(pc.if_else(number, bare, None).cast(pa.string()), _LENGTH, "0")


def _whole(texts: pa.Array) -> pa.Array:
    """Citizen service numbers with nine digits and no points; everything else as it is."""
    proof = pa.array(eleven_proof(texts))
    return pc.if_else(proof, _digits(texts), texts)


def eleven_proof(values: "pa.Array | pa.ChunkedArray") -> Mask:
    """Which values are citizen service numbers by their 11-proof; test numbers are too.

    Parameters
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray
        Text; nine digits, or eight if the leading zero was dropped.

    Returns
    -------
    numpy.ndarray of bool

    Examples
    --------
    >>> eleven_proof(pa.array(["999990019", "123456789", "jorien", None])).tolist()
    [True, False, False, False]
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if not pc.any(pc.match_substring_regex(array.cast(pa.string()), _NUMBER_LIKE)).as_py():
        return np.zeros(len(array), bool)  # most columns hold none, and that is told sooner
    digits = pc.fill_null(_digits(array), "0" * _LENGTH)
    # A number stands for its nine bytes: one integer a row, taken apart by its powers of ten.
    numbers = digits.cast(pa.int64()).to_numpy(zero_copy_only=False)
    places = numbers[:, None] // 10 ** np.arange(_LENGTH - 1, -1, -1) % 10
    return (numbers > 0) & (places @ _WEIGHTS % _ELEVEN == 0)


def looks_like_citizen_numbers(values: "pa.Array | pa.ChunkedArray") -> bool:
    """Whether the distinct values are citizen service numbers, and not so by chance.

    Of random numbers of nine digits one in eleven passes the 11-proof. At least three must pass,
    more than half, and so many that chance explains it less than once in a thousand deliveries.

    Parameters
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray
        Keys as delivered.

    Returns
    -------
    bool

    Examples
    --------
    >>> looks_like_citizen_numbers(pa.array(["999990019", "999990020", "999990032"]))
    True
    """
    distinct = pc.drop_null(encoded(values).dictionary)
    distinct = pc.unique(pc.utf8_trim_whitespace(distinct))
    distinct = distinct.filter(pc.not_equal(distinct, ""))
    total = len(distinct)
    passed = int(np.count_nonzero(eleven_proof(distinct)))
    if passed < _FEWEST or passed <= _MAJORITY * total:
        return False
    return _by_chance(passed, total) < 1 / _ODDS


def _by_chance(passed: int, total: int) -> float:
    """The odds that at least `passed` of `total` random numbers pass; bounded when there are many."""
    many = 200
    if total > many:  # more than half of so many: never by chance
        return 0.0
    return sum(
        math.comb(total, count) * (1 / _ELEVEN) ** count * (1 - 1 / _ELEVEN) ** (total - count)
        for count in range(passed, total + 1)
    )
