"""What detectors saw, as arrays, and the columns of findings that are made of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from levensloop.arrays import View
from levensloop.arrow import filled, nullable, numbers
from levensloop.naming import Called
from levensloop.schema import CODE, FINDINGS, words
from levensloop.spans import Bools, Ints

Codes = NDArray[np.int32]
_Words = NDArray[np.str_] | Ints | str | None

#: Whether a finding is over its norm.
OVER: Final = ("certain", "possible", "no", "no_rule")
_HALF: Final = 32

Width = TypeVar("Width", np.int32, np.int64)


@dataclass(frozen=True, slots=True)
class Seen:
    """Findings as arrays, equally long, with codes of a `View`; the engine makes the table of it.

    Only `youth`, `start` and `end` must be given: a finding is then certain, and as long as it lasts.
    `outcome` is one word for all, one each, or an index into `outcomes`. `agency`, `to_agency` and `sector`
    are -1 where none applies; `rule` is an index into `rules`; `norm` is -1 without a norm; `over` holds words or
    indices into `OVER`, -1 where no norm is asked for; measures are left out of a row where negative; evidence
    holds rows of the events table, -1 where there is none.
    """

    youth: Ints
    start: Ints
    end: Ints
    outcome: NDArray[np.str_] | Ints | str = "found"
    outcomes: Sequence[str] = ()
    certain: Bools | None = None
    days_min: Ints | None = None
    days_max: Ints | None = None
    ongoing: Bools | None = None
    agency: Ints | None = None
    to_agency: Ints | None = None
    sector: Ints | None = None
    rule: Ints | None = None
    rules: Sequence[str] = ()
    norm: Ints | None = None
    over: NDArray[np.str_] | Ints | None = None
    measures: Mapping[str, Ints] = field(default_factory=dict[str, Ints])
    evidence: tuple[Ints, ...] = ()


class _Cell(NamedTuple):
    """A value, or -1, for each of the findings that one set of arrays holds: `rows` among all."""

    rows: slice
    name: int
    value: Ints


class Column(NamedTuple):
    """Numbers, or codes into words, of findings; what is negative is missing where `gaps` tells so, and of words."""

    code: Codes
    words: pa.Array | Sequence[str] | None = None
    gaps: bool = False

    @classmethod
    def of(cls, array: pa.Array) -> "Column":
        """The numbers or codes of an array."""
        if pa.types.is_dictionary(array.type):
            return cls(filled(array.indices), array.dictionary)
        return cls(numbers(array.view(pa.int32())))

    def key(self, rows: Ints) -> Ints:
        """Numbers of some rows in the order of the values: words by the alphabet, what is missing last."""
        code = self.code[rows]
        if self.words is None:
            return code.astype(np.int64)
        rank = np.empty(len(self.words) + 1, np.int64)
        rank[numbers(pc.sort_indices(_texts(self.words)))] = np.arange(rank.size - 1)
        rank[-1] = rank.size
        return rank[code]

    def taken(self, rows: Ints, out: Codes) -> "Column":
        """Some of the rows, written where they are to stand."""
        return self._replace(code=np.take(self.code, rows, out=out, mode="clip"))

    def to_arrow(self, kind: pa.DataType) -> pa.Array:
        """The column of a table."""
        code = self.code
        if kind == pa.bool_():
            return pa.array(code > 0)
        gaps = self.gaps or self.words is not None
        array = nullable(code, code < 0) if gaps else pa.array(code)
        if self.words is None:
            return array.view(kind)
        return pa.DictionaryArray.from_arrays(array, _texts(self.words), safe=False)


def table_of(view: View, seen: Sequence[Seen]) -> pa.Table:
    """The findings in the order of their arrays; the engine adds detector and parameters."""
    order = np.arange(sum(each.youth.size for each in seen))
    columns = {name: column.to_arrow(FINDINGS.field(name).type) for name, column in plain(view, seen).items()}
    columns |= lists(seen, order, order.size).shown(view.called)
    columns |= {name: pa.nulls(order.size, CODE) for name in ("detector", "params")}
    return pa.table({name: columns[name] for name in FINDINGS.names}, FINDINGS)


def plain(view: View, seen: Sequence[Seen]) -> dict[str, Column]:
    """The columns of findings, one set of arrays after another, but for measures and evidence."""

    def every(name: str, empty: int = -1) -> Codes:
        return _joined(seen, name, lambda each: np.full(each.youth.size, empty))

    def days(name: str) -> Codes:
        return _joined(seen, name, lambda each: each.end - each.start)

    return {
        "youth": Column(every("youth"), view.ids),
        "outcome": _worded(seen, lambda each: (each.outcome, each.outcomes)),
        "certainty": Column(1 - every("certain", 1), ("certain", "possible")),
        "start": Column(every("start")),
        "end": Column(every("end")),
        "days_min": Column(days("days_min")),
        "days_max": Column(days("days_max")),
        "ongoing": Column(every("ongoing", 0)),
        "agency": Column(every("agency"), view.agencies),
        "to_agency": Column(every("to_agency"), view.agencies),
        "sector": Column(every("sector"), words("sectors")),
        "rule": _worded(seen, lambda each: (each.rule, each.rules)),
        "norm_days": Column(every("norm"), gaps=True),
        "over_norm": _worded(seen, lambda each: (each.over, OVER)),
    }


class Lists(NamedTuple):
    """The measures of findings, and the rows of events that are their evidence: made lists when they are asked for.

    Of both the offsets and the values; each value of measures has the place of its name in `names` in its upper half.
    """

    measures: tuple[Codes, Ints]
    names: Sequence[str]
    evidence: tuple[Codes, Codes]

    def shown(self, called: Called) -> dict[str, pa.Array]:
        """The two columns, with what events are called."""
        (offsets, both), (starts, row) = self.measures, self.evidence
        keys = pa.array(self.names, pa.string()).take(pa.array(both >> _HALF))
        values = pa.array(both.astype(np.int32))
        return {
            "measures": pa.MapArray.from_arrays(pa.array(offsets), keys, values),
            "evidence": pa.ListArray.from_arrays(pa.array(starts), called.take(pa.array(row))),
        }


def lists(seen: Sequence[Seen], order: Ints, many: int) -> Lists:
    """The measures of the first `many` findings in an order of all, and the rows of events that are their evidence."""
    ends = np.cumsum([0, *(each.youth.size for each in seen)]).tolist()
    rows = [slice(first, last) for first, last in pairwise(ends)]
    names: dict[str, int] = {}
    measured = [
        _Cell(at, names.setdefault(name, len(names)), value)
        for at, each in zip(rows, seen, strict=True)
        for name, value in each.measures.items()
    ]
    shown = [
        _Cell(at, 0, value) for at, each in zip(rows, seen, strict=True) for value in _once(each.evidence)
    ]
    return Lists(_laid(measured, order, many, np.int64), list(names), _laid(shown, order, many, np.int32))


def _laid(cells: Sequence[_Cell], order: Ints, many: int, kind: type[Width]) -> tuple[Codes, NDArray[Width]]:
    """The offsets, and behind them the values that are told, finding by finding in an order, each with its name in the upper half."""
    count = np.zeros(order.size, np.int32)
    told = [_at(value >= 0) for _, _, value in cells]
    for (rows, _, _), at in zip(cells, told, strict=True):
        count[rows][at] += 1
    offsets = np.zeros(order.size + 1, np.int32)
    np.cumsum(count[order], out=offsets[1:])
    place = np.empty(order.size, np.int32)
    place[order] = offsets[:-1]
    values = np.empty(offsets[-1], kind)
    for (rows, name, value), some in zip(cells, told, strict=True):
        values[place[rows][some]] = value[some] + (name << _HALF) if name else value[some]
        place[rows][some] += 1
    return offsets[: many + 1], values[: offsets[many]]


def _at(there: Bools) -> Ints | slice:
    """Where it holds; of what holds everywhere a slice, which copies nothing."""
    return slice(None) if there.all() else np.flatnonzero(there)


def _once(evidence: Sequence[Ints]) -> Iterator[Ints]:
    """The rows of each finding in ascending order, -1 for one that is there before."""
    columns = list(evidence)
    for last in range(len(columns) - 1, 0, -1):
        for at in range(last):
            low, high = columns[at : at + 2]
            columns[at : at + 2] = np.minimum(low, high), np.maximum(low, high)
    yield from columns[:1]
    for before, column in pairwise(columns):
        yield np.where(column == before, -1, column)


def _worded(seen: Sequence[Seen], of: Callable[[Seen], tuple[_Words, Sequence[str]]]) -> Column:
    """A column of words: one for all, one each, or indices into words."""
    known: dict[str, int] = {}
    parts = [np.zeros(0, np.int32)]
    for each in seen:
        word, own = of(each)
        if word is None:
            code, own = np.full(each.youth.size, -1), []
        elif isinstance(word, str):
            code, own = np.zeros(each.youth.size, np.int64), [word]
        elif word.dtype.kind == "U":
            told = pa.array(word.tolist(), pa.string()).dictionary_encode()
            code, own = numbers(told.indices), told.dictionary.to_pylist()
        else:
            code = word.astype(np.int64)
        parts.append(np.array([*(known.setdefault(name, len(known)) for name in own), -1], np.int32)[code])
    return Column(np.concatenate(parts), list(known))


def _joined(seen: Sequence[Seen], name: str, other: Callable[[Seen], Ints]) -> Codes:
    """The arrays of one name, one after another; where there is none, another."""
    given = [getattr(each, name) for each in seen]
    parts = [other(each) if own is None else own for own, each in zip(given, seen, strict=True)]
    return np.concatenate([np.zeros(0, np.int32), *parts], dtype=np.int32, casting="unsafe")


def _texts(words: pa.Array | Sequence[str]) -> pa.Array:
    return words if isinstance(words, pa.Array) else pa.array(words, pa.string())
