"""Keys of persons: keyed hashes in their place, and whether they look like citizen service numbers.

Apart from `privacy`, which offers them, because reading needs no more than this.
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

from levensloop.arrow import numbers
from levensloop.cells import EMPTY, NULL, encoded, one, recoded
from levensloop.errors import UserError

_WEIGHTS: Final = np.array([9, 8, 7, 6, 5, 4, 3, 2, -1])
_LENGTH: Final = 9
_ELEVEN: Final = 11
_NUMBER_LIKE: Final = r"^[\s.]*([0-9][ .]*){8,9}\s*$"
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
    return pc.utf8_lpad(pc.if_else(number, bare, NULL), _LENGTH, "0")


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
    if not _any_like(array.cast(pa.string())):
        return np.zeros(len(array), bool)  # most columns hold none, and that is told sooner
    digits = pc.fill_null(_digits(array), "0" * _LENGTH)
    # A number stands for its nine bytes: one integer a row, taken apart by its powers of ten.
    bare = numbers(digits.cast(pa.int64()))
    places = bare[:, None] // 10 ** np.arange(_LENGTH - 1, -1, -1) % 10
    return (bare > 0) & (places @ _WEIGHTS % _ELEVEN == 0)


def _any_like(texts: pa.Array) -> bool:
    return pc.any(pc.match_substring_regex(texts, _NUMBER_LIKE)).as_py() is True


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
    array = one(values)
    cells = (array.dictionary if pa.types.is_dictionary(array.type) else array).cast(pa.string())
    if not _any_like(cells):  # told before they are told apart, as most hold none
        return False
    distinct = pc.unique(pc.utf8_trim_whitespace(pc.drop_null(cells)))
    distinct = distinct.filter(pc.not_equal(distinct, EMPTY))
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
