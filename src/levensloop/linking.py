"""Which records are one youth: by exact keys, by rules for Dutch names and dates, or by odds."""

import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa

from levensloop.arrays import any_of
from levensloop.arrow import nullable, numbers
from levensloop.clashes import conflicts, deaths
from levensloop.clusters import REVIEW, Links, Told, components, joined, parted
from levensloop.errors import UserError, expect
from levensloop.events import Events
from levensloop.gathering import ordered
from levensloop.identities import Identities
from levensloop.naming import Names
from levensloop.nodes import KEYS, Nodes, nodes_of, part, tied
from levensloop.pairs import TWINS, Held, Thresholds, pairs_of, tied_by
from levensloop.records import Records, records_of
from levensloop.reviewing import verdicts
from levensloop.schema import CONFLICTS, IDENTITIES, conform
from levensloop.spans import Ints
from levensloop.tables import Later
from levensloop.youths import numbered, youths

How = Literal["exact", "rules", "probable"]
_HOWS: Final = ("exact", "rules", "probable")
#: How many others a record is tied to by a rule: in groups up to one more, every pair is there.
_REACH: Final = 4
#: Of a key whose two persons have nothing in common: no join, but a pair to look at.
_USED_AGAIN: Final = 0.5
_OWN: Final = "key of one source"
_REVIEW: Final = "review"


def link(
    events: Events,
    on: str | Sequence[str | Sequence[str]] = "person",
    how: How = "exact",
    *,
    review: str | Path | None = None,
    settings: str | Path | None = None,
) -> Identities:
    """Find which records are one youth.

    Records of one source with one key are one youth. Beyond that, records are joined when they
    agree on a key of `on`, and through each other: a with b by one key and b with c by another
    makes the three one. Agencies that share no key are linked by what they tell of the person.

    Parameters
    ----------
    events : Events
        Delivered events with their table of persons.
    on : str or sequence
        Keys that join records: ``"person"``, ``"birth"``, ``"sex"``, ``"municipality"``,
        ``"district"`` and the other parts in `nodes.KEYS`; a tuple of parts joins only where all
        agree. An empty value joins nothing. ``()`` with rules or odds if keys of different sources
        say nothing.
    how : {"exact", "rules", "probable"}
        ``"exact"``: the keys of `on` alone. ``"rules"``: besides them rules for the Dutch situation.
        ``"probable"``: besides them the odds of a model that Splink fits to these records
        themselves; needs the extra ``link``.
    review : path, optional
        A CSV file with columns `a`, `b` and `verdict`: pairs of records (``source:record``) that a
        reviewer knows to be the ``same`` youth or ``different`` ones. It overrides all else.
    settings : path, optional
        A TOML file that takes the place of the rules, or of the model, that come with levensloop.

    Returns
    -------
    Identities
        One row per record. The youth's id is the least key of its cluster, the same for any order
        of files. `matched_by` names what ties a record to another key or source, ``"alone"`` where
        nothing does, and `score` how sure the surest of these is. Clusters that cannot be one person
        (two births, two deaths, stays in two places at once) are in `.conflicts`; with rules and odds
        two births or deaths that cannot be the same day miswritten part them first.

    Raises
    ------
    UserError
        If `on` names a part that does not exist, `settings` or `review` cannot be used, reviewers
        contradict each other, or Splink is not installed.

    Examples
    --------
    >>> import levensloop as ll, pyarrow as pa
    >>> table = pa.table({"person": ["b", "a"], "birth": ["1990-01-02", "1990-01-02"], "sex": ["f", "f"],
    ...     "surname": ["De Vries", "Vries, de"], "given_names": ["Anna", "A."],
    ...     "agency": ["GP", "School"], "kind": ["contact", "school"], "start": ["2005", "2004"]})
    >>> events = ll.Events(table)
    >>> ll.link(events, on=["person", ("birth", "sex")]).to_arrow().column("youth").to_pylist()
    ['a', 'a']
    >>> ll.link(events, how="rules").explain("a").to_arrow().column("score").to_pylist()
    [0.99]
    """
    expect(events, Events, "link")
    keys = _keys(on, how)
    nodes = nodes_of(events.persons.to_arrow())
    with ThreadPoolExecutor() as pool:  # of which node a record is, is found beside what ties the nodes
        records = pool.submit(records_of, events, nodes)
        links, limits = _links(nodes, keys, how, settings)
        verdict = _Verdicts.of(review, records.result, nodes)
        links = joined([links, verdict.links])
        apart = np.concatenate([_because(limits.twins, TWINS), _because(verdict.different, REVIEW)])
        firm = np.arange(links.left.size) >= links.left.size - verdict.links.left.size
        joins = firm | (links.score >= limits.join)
        chosen = np.flatnonzero(joins)
        label = components(nodes.size, links.left[chosen], links.right[chosen])
        why = np.full(links.left.size, -1, np.int64)
        if how != "exact" or len(apart):
            told = () if how == "exact" else _told_once(events, nodes, records.result())
            label, why[chosen] = parted(label, links.some(chosen), told, apart, firm[chosen])
            verdict.check(why[firm])
        ids, youth = numbered(label, nodes)
        stands = joins & (why < 0)
        persons = pool.submit(youths, nodes, youth, ids)
        tie = pool.submit(tied_by, links, stands, nodes, label)
        called = Names(events.origin.to_arrow())
        found = conflicts(events.held, records.result().of_events, nodes, label, called)
        others = found.filter(pa.array(~any_of(found.column("column"), ("birth",))))
        held = Held(links, stands, firm, why, np.isin(label, numbers(others.column("youth"))))
        table = _identities(records.result(), (ids, youth), *tie.result())
    return Identities(
        table,
        persons.result(),
        _named(found, ids, youth),
        Later(partial(pairs_of, held, nodes, (ids, youth), limits)),
        {
            "on": [list(key) for key in keys],
            "how": how,
            **{name: path and str(path) for name, path in (("review", review), ("settings", settings))},
        },
    )


def _keys(on: str | Sequence[str | Sequence[str]], how: str) -> list[tuple[str, ...]]:
    try:
        keys = [
            (key,) if isinstance(key, str) else tuple(key) for key in ([on] if isinstance(on, str) else on)
        ]
    except TypeError:
        raise UserError(
            "`on` names columns. Hint: on='person', or on=['person', ['birth', 'surname']]."
        ) from None
    unknown = sorted({name for key in keys for name in key} - set(KEYS))
    if unknown or not (keys or how != "exact") or () in keys:
        raise UserError(
            f"cannot join records on {', '.join(unknown) or 'nothing'}; keys are {', '.join(KEYS)}"
        )
    if how not in _HOWS:
        raise UserError(f"how is one of {', '.join(_HOWS)}")
    return keys


def _links(
    nodes: Nodes, keys: Sequence[Sequence[str]], how: How, settings: str | Path | None
) -> tuple[Links, Thresholds]:
    """All that ties nodes, and the thresholds of its scores."""
    same = np.flatnonzero(nodes.own[1:] == nodes.own[:-1])
    own = Links(same, same + 1, np.ones(same.size), np.zeros(same.size, np.int64), [_OWN])
    parts = [own, *(tied(nodes, key) for key in keys)]
    if how == "exact":
        return joined(parts), Thresholds()
    parts = [_sensible(joined(parts), nodes)]
    told = _settings("rules.toml" if how == "rules" else "model.toml", settings)
    if how == "rules":
        rules = [(rule["on"], rule["score"], rule["name"]) for rule in told["rule"]]
        unknown = sorted({word for on, _, _ in rules for word in on} - set(KEYS))
        if unknown:
            raise UserError(f"the rules use {', '.join(unknown)}; keys are {', '.join(KEYS)}")
        parts += [tied(nodes, on, score=score, name=name, reach=_REACH) for on, score, name in rules]
        return joined(parts), Thresholds(told["join"], told["sure"])
    from levensloop.probable import probable

    odds, twins = probable(nodes, told)
    return joined([*parts, odds]), Thresholds(told["join"], told["sure"], twins)


def _told_once(events: Events, nodes: Nodes, records: Records) -> tuple[Told, Told]:
    """What of one person happens once: birth and death."""
    births = Told("birth", nodes.birth_min, nodes.birth_max)
    return births, deaths(events.held, records.of_events, nodes.size)


def _because(pairs: Ints, reason: int) -> Ints:
    """Pairs with the reason why they are two persons."""
    return np.column_stack([pairs, np.full(len(pairs), reason)])


def _sensible(links: Links, nodes: Nodes) -> Links:
    """Links by key, without sureness where birth, surname and initial all differ: the key was used again."""
    differs = np.ones(links.left.size, bool)
    for name in ("birth", "surname_sound", "initial"):
        code = part(nodes, name)
        a, b = code[links.left], code[links.right]
        differs &= (a != b) & (a >= 0) & (b >= 0)
    return replace(links, score=np.where(differs, _USED_AGAIN, links.score))


def _settings(name: str, given: str | Path | None) -> dict[str, Any]:
    """The rules or the model that come with levensloop, or those of a file."""
    own = tomllib.loads((files("levensloop") / "data" / "linking" / name).read_text("utf-8"))
    if given is None:
        return own
    try:
        told = tomllib.loads(Path(given).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"{Path(given).name} cannot be read as TOML: {error}") from error
    missing = [key for key in own if key not in told]
    if missing:
        raise UserError(f"{Path(given).name} lacks {', '.join(missing)}; start from the packaged {name}")
    return told


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """What a reviewer says, in nodes; `rows` are those of the file, one for each link."""

    links: Links
    different: Ints
    rows: Sequence[int]

    @classmethod
    def of(cls, path: str | Path | None, records: Callable[[], Records], nodes: Nodes) -> "_Verdicts":
        told = verdicts(path) if path is not None else []
        found = records().named([text for _, a, b, _ in told for text in (a, b)], nodes) if told else []
        wrong: list[str] = []
        same: list[tuple[int, int, int]] = []
        different: set[tuple[int, int]] = set()
        for (row, _, _, alike), a, b in zip(told, found[::2], found[1::2], strict=True):
            low, high = min(a, b), max(a, b)
            if low < 0:
                wrong.append(f"row {row}: no such record, or one that tells of two persons")
            elif alike and low != high:
                same.append((row, low, high))
            elif not alike and low == high:
                wrong.append(f"row {row}: these records tell the same of the person under one key")
            elif not alike:
                different.add((low, high))
        if wrong:
            raise UserError("the review cannot be used; " + "; ".join(wrong))
        left, right = (np.array([pair[side] for pair in same], np.int64) for side in (1, 2))
        links = Links(left, right, np.ones(left.size), np.zeros(left.size, np.int64), [_REVIEW])
        return cls(links, np.array(sorted(different), np.int64).reshape(-1, 2), [row for row, _, _ in same])

    def check(self, why: Ints) -> None:
        """Stop where one row says the same and others say different."""
        wrong = [str(row) for row, reason in zip(self.rows, why.tolist(), strict=True) if reason == REVIEW]
        if wrong:
            raise UserError(
                f"the review contradicts itself: 'same' in row {', '.join(wrong)} joins records that other rows call 'different'"
            )


def _identities(
    records: Records, youths: tuple[Sequence[str], Ints], words: pa.DictionaryArray, score: np.ndarray
) -> pa.Table:
    """The youth of each record."""
    ids, youth = youths
    whose = pa.DictionaryArray.from_arrays(
        pa.array(youth[records.node].astype(np.int32)), pa.array(ids, pa.string())
    )
    at = pa.array(records.node)
    table = records.table.append_column("youth", whose).append_column("matched_by", words.take(at))
    return conform(table.append_column("score", nullable(score, score < 0).take(at)), IDENTITIES)


def _named(found: pa.Table, ids: Sequence[str], youth: Ints) -> pa.Table:
    """The conflicts with the ids of the youths."""
    who = pa.array(ids, pa.string()).take(pa.array(youth[numbers(found.column("youth"))]))
    table = found.set_column(0, "youth", who).cast(CONFLICTS)
    return ordered(table, ("youth", "column"))
