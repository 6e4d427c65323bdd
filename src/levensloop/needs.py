"""What a detector must have of a youth to be able to look, and where that is missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import any_of, codes, days, one, places
from levensloop.arrow import nullable, numbers
from levensloop.naming import Names, sources_in
from levensloop.schema import words
from levensloop.sorting import distinct
from levensloop.spans import NO_DAY, Bools, Ints
from levensloop.tables import Table

#: What each source records at all, for anyone: ``kind:signal``, ``column:reason``, ``sector:housing``.
Recorded: TypeAlias = Mapping[str, frozenset[str]]
#: The columns of which a source may deliver nothing.
COLUMNS: Final = (
    "to_agency", "care_type", "problem", "capacity", "care_id", "what", "why", "by_whom", "result", "initiative",
    "reason", "shared_with",
)  # fmt: skip
#: So many events tell most often whether a kind is recorded.
_FIRST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must be there for a detector to look at a youth; any of the words is enough.

    A need on words is met if one of the sources that hold records on the youth records such a word for
    anyone: silence of a source that never tells of evaluations tells nothing. A detector lists its
    needs in ``NEEDS``; all of them must be met.

    Parameters
    ----------
    columns : tuple of str
        Columns of events that are filled.
    kinds : tuple of str
        Kinds of events.
    sectors : tuple of str
        Sectors of which something is told.
    delivered : bool
        Whether any source of the delivery is enough, not only those that hold records on the youth.
    birth : bool
        The birth is known, with bounds or to the day.
    days : int
        The youth is observed for at least so many days.
    why : str
        What is missing, in words; made of the need if none are given.

    Examples
    --------
    >>> Need(kinds=("evaluation", "review")).reason
    'no source of this youth records evaluation or review'
    """

    columns: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    delivered: bool = False
    birth: bool = False
    days: int = 0
    why: str = ""

    def __post_init__(self) -> None:
        for given, known in (
            (self.columns, COLUMNS),
            (self.kinds, words("kinds")),
            (self.sectors, words("sectors")),
        ):
            if wrong := [word for word in given if word not in known]:
                raise ValueError(f"a need cannot name {', '.join(wrong)}; choose from {', '.join(known)}")

    @property
    def reason(self) -> str:
        """What is missing where the need is not met."""
        if self.why:
            return self.why
        parts: list[str] = []
        if named := [*self.kinds, *self.columns, *self.sectors]:
            whose = "of the delivery" if self.delivered else "of this youth"
            parts.append(f"no source {whose} records {' or '.join(named)}")
        if self.birth:
            parts.append("no date of birth")
        if self.days:
            parts.append(f"observed for less than {self.days} days")
        return " and ".join(parts)

    def met_by(self, kinds: pa.ChunkedArray) -> bool:
        """Whether these kinds of events suffice, without a look at which sources record them; the first tell it mostly."""
        if not (self.delivered and self.kinds):
            return False
        return any(any_of(part, self.kinds).any() for part in (kinds.slice(0, _FIRST), kinds))

    @property
    def marks(self) -> frozenset[str]:
        """The words, as a source's `Recorded` names them."""
        named = (("kind", self.kinds), ("column", self.columns), ("sector", self.sectors))
        return frozenset(f"{list_}:{word}" for list_, given in named for word in given)


def recorded(events: pa.Table, called: Names | None = None) -> Recorded:
    """What each source of a table of events records, for anyone; `called` is what rows are called, where it holds these.

    Examples
    --------
    >>> import levensloop as ll
    >>> told = recorded(ll.testing.sketch("ggz care 2005-01-01.. ; gp signal 2005").events.to_arrow())
    >>> sorted(told["gp"])
    ['kind:signal', 'sector:health']
    """
    lists = one(events.column("sources"))
    source = sources_in(lists, called)
    names: list[str] = source.dictionary.to_pylist()
    at = numbers(source.indices).astype(np.int64)
    row = numbers(pc.list_parent_indices(lists)).astype(np.int64)
    found: dict[str, set[str]] = {name: set() for name in names}
    for column, table in (("kind", "kinds"), ("sector", "sectors")):
        known = words(table)
        pair = distinct(at * len(known) + codes(events.column(column), known)[row])
        for place in pair.tolist():
            found[names[place // len(known)]].add(f"{column}:{known[place % len(known)]}")
    for column in COLUMNS:
        for place in distinct(at[_filled(one(events.column(column)))[row]]).tolist():
            found[names[place]].add(f"column:{column}")
    return {name: frozenset(marks) for name, marks in found.items()}


def _filled(column: pa.Array) -> Bools:
    if pa.types.is_list(column.type):
        return numbers(pc.fill_null(pc.list_value_length(column), 0)) > 0
    return numbers(column.is_valid())


class Lacks(NamedTuple):
    """What is missing to look at youths: of each youth the place of a sentence, -1 where nothing is.

    `able` are those at whom a detector is let look; one whom it leaves out itself is among them.
    """

    able: Bools
    code: Ints
    sentences: list[str]

    def also(self, where: Bools, why: str) -> "Lacks":
        """The same, where one thing more is missing for some youths."""
        size = len(self.sentences)
        sentences = [*self.sentences, *(f"{sentence}; {why}" for sentence in self.sentences), why]
        code = np.where(where, np.where(self.code < 0, 2 * size, self.code + size), self.code)
        return Lacks(self.able & ~where, code, sentences) if where.any() else self

    def told(self, told: tuple[Bools, str] | None) -> "Lacks":
        """The same, with what a detector says itself of whom it can look at, and why not at others."""
        return self if told is None else self.also(~told[0], told[1])._replace(able=self.able)

    def failed(self, why: Mapping[int, str]) -> "Lacks":
        """The same, where a detector failed on the youths at some places."""
        code, able = self.code.copy(), self.able.copy()
        where = list(why)
        code[where] = len(self.sentences) + np.arange(len(where))
        able[where] = False
        return Lacks(able, code, [*self.sentences, *why.values()])

    @property
    def reasons(self) -> pa.DictionaryArray:
        """The sentence of each youth; null where nothing is missing."""
        used = np.unique(self.code[self.code >= 0])
        names = [self.sentences[place] for place in used.tolist()]
        words = list(dict.fromkeys(names))
        place = np.array([words.index(name) for name in names], np.int32)
        code = np.append(place, -1)[np.searchsorted(used, self.code)] if used.size else self.code
        return pa.DictionaryArray.from_arrays(
            nullable(code.astype(np.int32), self.code < 0), pa.array(words, pa.string())
        )


def unmet(
    needs: Sequence[Need],
    kinds: pa.ChunkedArray,
    tables: tuple[Table, Table],
    recorded: Callable[[], Recorded],
) -> Lacks:
    """Which youths can be assessed, and for each other one all that is missing.

    Parameters
    ----------
    needs : sequence of Need
    kinds : pyarrow.ChunkedArray
        Of the events of a cohort.
    tables : tuple of Table
        Its youths and identities.
    recorded : callable
        Tells what each source records; asked only where the events do not tell it at once.
    """
    youths, identities = (table.to_arrow() for table in tables)
    found = Lacks(np.ones(len(youths), bool), np.full(len(youths), -1, np.int64), [])
    ids = one(youths.column("youth"))
    for need in needs:
        told = None if not need.marks or need.met_by(kinds) else recorded()
        found = found.also(~_met(need, youths, identities, ids, told), need.reason)
    return found


def _met(need: Need, youths: pa.Table, identities: pa.Table, ids: pa.Array, told: Recorded | None) -> Bools:
    """Whose need is met; where nothing is `told`, what sources record suffices."""
    met = np.ones(len(ids), bool)
    if need.birth:
        met &= days(youths.column("birth_min")) != NO_DAY
    if need.days:
        first, last = days(youths.column("observed_from")), days(youths.column("observed_until"))
        met &= last - first >= need.days
    if told is not None:
        able = [source for source, marks in told.items() if marks & need.marks]
        if need.delivered:
            return met & bool(able)
        rows = codes(identities.column("source"), able) >= 0
        seen = np.zeros(len(ids), bool)
        place = places(identities.column("youth"), ids)[rows]
        seen[place[place >= 0]] = True
        met &= seen
    return met
