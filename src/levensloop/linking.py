"""Which records are one youth: exact keys, joined by union-find at array speed."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from levensloop.arrays import codes, days, names_in, one
from levensloop.errors import UserError
from levensloop.events import Events
from levensloop.identities import Identities
from levensloop.schema import CONFLICTS, IDENTITIES, YOUTHS, conform
from levensloop.spans import NO_DAY, Ints, best, runs

_TEXTS = ("sex", "municipality", "district")
_KEYS = ("person", "birth", *_TEXTS)


def link(events: Events, on: str | Sequence[str | Sequence[str]] = "person") -> Identities:
    """Find which records are one youth.

    Records of one source with one key are one youth. Beyond that, records are joined when they
    agree on a key of `on`, and through each other: a with b by one key and b with c by another
    makes the three one.

    Parameters
    ----------
    events : Events
        Delivered events with their table of persons.
    on : str or sequence
        Keys that join records: names of columns of ``events.persons`` (``"person"``, ``"birth"``,
        ``"sex"``, ``"municipality"``, ``"district"``); a tuple of names joins only where all agree.
        An empty value joins nothing.

    Returns
    -------
    Identities
        One row per record. The youth's id is the least key of its cluster, the same for any order
        of files. `matched_by` names the keys by which a record is tied to another key or source;
        ``"alone"`` where nothing ties it. Clusters that give days of birth which exclude each
        other are in `.conflicts`.

    Raises
    ------
    UserError
        If `on` names a column that does not exist.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["b", "a"], "birth": ["1990-01-02", "1990-01-02"], "sex": ["f", "f"],
    ...     "agency": ["GP", "School"], "kind": ["contact", "school"], "start": ["2005", "2004"]})
    >>> ll.link(ll.Events(table), on=["person", ("birth", "sex")]).to_arrow().column("youth").to_pylist()
    ['a', 'a']
    """
    keys = [(on,)] if isinstance(on, str) else [(key,) if isinstance(key, str) else tuple(key) for key in on]
    unknown = sorted({name for key in keys for name in key} - set(_KEYS))
    if unknown or not keys:
        raise UserError(
            f"cannot join records on {', '.join(unknown) or 'nothing'}; keys are {', '.join(_KEYS)}"
        )
    persons = events.persons.to_arrow()
    names = names_in(persons.column("person"))
    sources = names_in(persons.column("source"))
    own = codes(persons.column("source"), sources) * len(names) + codes(persons.column("person"), names)
    ties = [_tie(persons, key) for key in keys]
    label = _components([np.unique(own, return_inverse=True)[1], *ties])
    person = codes(persons.column("person"), names)
    least = best(label, person, int(label.max(initial=-1)) + 1, least=True, empty=-1)[label]
    reason = _reasons(label, own, ties, keys)
    table = _per_record(events, persons, own, (sources, names), least, reason)
    youths, conflicts = _youths(persons, least, names)
    return Identities(table, youths, conflicts)


def _tie(persons: pa.Table, key: Sequence[str]) -> Ints:
    """A number per row that is equal where the key is; -1 where a part of it is empty or not exact."""
    parts: list[Ints] = []
    for name in key:
        if name == "birth":
            low, high = days(persons.column("birth_min")), days(persons.column("birth_max"))
            parts.append(np.where((low == high) & (low != NO_DAY), low + 1_000_000, -1))
        else:
            parts.append(codes(persons.column(name), names_in(persons.column(name))))
    stacked = np.stack(parts, 1)
    number = np.unique(stacked, axis=0, return_inverse=True)[1].reshape(-1)
    return np.where((stacked < 0).any(axis=1), -1, number)


def _components(ties: Sequence[Ints]) -> Ints:
    """The connected component of each row, where rows with one number in any tie are connected."""
    size = ties[0].size
    label = np.arange(size)
    while size:
        before = label.copy()
        for tie in ties:
            tied = tie >= 0
            groups = int(tie.max(initial=-1)) + 1
            least = best(tie[tied], label[tied], groups, least=True, empty=-1)
            label[tied] = least[tie[tied]]
        # A label is itself a row: following it halves the way to the component's least row.
        label = label[label]
        if np.array_equal(label, before):
            break
    return np.unique(label, return_inverse=True)[1].reshape(-1)


def _reasons(label: Ints, own: Ints, ties: Sequence[Ints], keys: Sequence[Sequence[str]]) -> list[str]:
    """By which keys each row shares its cluster with a row of another source or key."""
    words = np.full(label.size, "", dtype=object)
    for tie, key in zip(ties, keys, strict=True):
        tied = tie >= 0
        pairs = np.unique(np.stack([tie[tied], own[tied]], 1), axis=0)
        nodes = (
            np.bincount(pairs[:, 0], minlength=int(tie.max(initial=-1)) + 1) if pairs.size else np.zeros(1)
        )
        joins = tied & (nodes[np.maximum(tie, 0)] > 1)
        words = np.where(joins, words + np.where(words == "", "", "; ") + "+".join(key), words)
    return np.where(words == "", "alone", words).tolist()


def _per_record(
    events: Events,
    persons: pa.Table,
    own: Ints,
    names: tuple[Sequence[str], Sequence[str]],
    least: Ints,
    reason: list[str],
) -> pa.Table:
    """The youth of each record: those that made events, and those that only tell who a person is."""
    sources, keys = names
    origin = events.origin.to_arrow()
    columns = ["source", "record"]
    made = pa.table([*(origin.column(name) for name in columns), events.to_arrow().column("person")],
                    names=[*columns, "person"])  # fmt: skip
    told = persons.select([*columns, "person"])
    rows = pa.concat_tables([conform(made, _RECORD), conform(told, _RECORD)]).unify_dictionaries()
    source = codes(rows.column("source"), sources)
    record = one(rows.column("record")).to_numpy()
    person = codes(rows.column("person"), keys)
    order = np.lexsort((person, record, source))
    _, first = runs(source[order], record[order], person[order])
    keep = order[first]
    node = source[keep] * len(keys) + person[keep]
    by_node = np.argsort(own, kind="stable")
    at = by_node[np.searchsorted(own[by_node], node)]
    table = rows.take(pa.array(keep))
    youth = pa.DictionaryArray.from_arrays(pa.array(least[at].astype(np.int32)), pa.array(keys, pa.string()))
    matched = pa.array(reason, pa.string()).dictionary_encode().take(pa.array(at))
    return conform(table.append_column("youth", youth).append_column("matched_by", matched), IDENTITIES)


_RECORD = pa.schema([IDENTITIES.field(name) for name in ("source", "record", "person")])


def _youths(persons: pa.Table, youth: Ints, names: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """One row per youth: bounds of birth that all records allow, or that any gives if none fit all."""
    size = len(names)
    low, high = days(persons.column("birth_min")), days(persons.column("birth_max"))
    told = low != NO_DAY
    latest_low = best(youth[told], low[told], size, least=False, empty=NO_DAY)
    least_high = best(youth[told], high[told], size, least=True, empty=NO_DAY)
    clash = latest_low > least_high
    birth_min = np.where(clash, best(youth[told], low[told], size, least=True, empty=NO_DAY), latest_low)
    birth_max = np.where(clash, best(youth[told], high[told], size, least=False, empty=NO_DAY), least_high)
    here = np.unique(youth)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "youth": pa.array(names, pa.string()).take(pa.array(here))
    }
    for name, value in (("birth_min", birth_min), ("birth_max", birth_max)):
        columns[name] = pa.array(value[here].astype(np.int32), mask=value[here] == NO_DAY).cast(pa.date32())
    for name in _TEXTS:
        columns[name] = _most_told(persons.column(name), youth, size).take(pa.array(here))
    table = conform(pa.table(columns), YOUTHS).drop_columns(["observed_from", "observed_until"])
    return table, _conflicts(persons.filter(pa.array(told & clash[youth])), youth[told & clash[youth]], names)


def _most_told(column: pa.ChunkedArray, youth: Ints, size: int) -> pa.DictionaryArray:
    """The value given most often for each youth; of equals the first of the alphabet."""
    names = names_in(column)
    code = codes(column, names)
    told = code >= 0
    pair, count = np.unique(np.stack([youth[told], code[told]], 1), axis=0, return_counts=True)
    order = np.lexsort((-pair[:, 1], count))
    most = np.full(size, -1, np.int64)
    most[pair[order, 0]] = pair[order, 1]
    return pa.DictionaryArray.from_arrays(
        pa.array(most.astype(np.int32), mask=most < 0), pa.array(names, pa.string())
    )


def _conflicts(persons: pa.Table, youth: Ints, names: Sequence[str]) -> pa.Table:
    """The youths whose records exclude each other; few, so told one by one."""
    table = persons.append_column("youth", pa.array(names, pa.string()).take(pa.array(youth)))
    table = table.append_column("plain", table.column("source").cast(pa.string()))
    order = ("youth", "birth_min", "birth_max", "plain", "record")
    rows = table.sort_by([(name, "ascending") for name in order]).to_pylist()
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        low, high = row["birth_min"], row["birth_max"]
        value = low.isoformat() if low == high else f"{low.isoformat()}/{high.isoformat()}"
        found.setdefault(row["youth"], {}).setdefault(value, f"{row['plain']}:{row['record']}")
    told = [
        {"youth": who, "column": "birth", "values": list(values), "records": list(values.values())}
        for who, values in found.items()
    ]
    return pa.Table.from_pylist(told, schema=CONFLICTS)
