"""Which part of a dataset a youth is in: a number made of the key, the same on every machine."""

from typing import Final

import numpy as np
import pyarrow as pa

from levensloop.arrow import filled
from levensloop.cells import one
from levensloop.spans import Ints

#: So many bytes of a key count; keys that are alike for longer share a part.
_BYTES: Final = 64
_PRIME: Final = np.uint64(0x100000001B3)
_START: Final = np.uint64(0xCBF29CE484222325)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


def parts_of(keys: "pa.Array | pa.ChunkedArray", parts: int) -> Ints:
    """The part, from 0 to below `parts`, of each key; of a missing key -1.

    The hash is FNV-1a over the bytes of the key, mixed once more (Fowler, Noll and Vo).

    Examples
    --------
    >>> parts_of(pa.array(["a", "b", "a", None]), 1).tolist()
    [0, 0, 0, -1]
    """
    array = one(keys) if isinstance(keys, pa.ChunkedArray) else keys
    coded = array if pa.types.is_dictionary(array.type) else array.cast(pa.string()).dictionary_encode()
    words = coded.dictionary.cast(pa.large_binary())
    _, ends, data = words.buffers()
    offset = np.frombuffer(ends, np.int64)[words.offset : words.offset + len(words) + 1]
    text = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    length = np.minimum(np.diff(offset), _BYTES)
    number = np.full(len(words), _START)
    with np.errstate(over="ignore"):
        for place in range(int(length.max(initial=0))):
            more = np.flatnonzero(length > place)
            number[more] = (number[more] ^ text[offset[more] + place]) * _PRIME
        number = (number ^ (number >> np.uint64(32))) * _MIX
    part = ((number >> np.uint64(33)) % np.uint64(parts)).astype(np.int64)
    index = filled(coded.indices)
    return np.append(part, -1)[index]
