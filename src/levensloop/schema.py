"""Tables and vocabularies: the columns that every floor above shares.

Days are ``date32`` and half-open: an ``end`` is the first day after. Source of every
definition: the design, sections 4 and 5.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa

DAY: Final = pa.date32()
TEXT: Final = pa.string()
CODE: Final = pa.dictionary(pa.int32(), pa.string())
COUNT: Final = pa.int32()
TEXTS: Final = pa.list_(pa.string())
SPAN: Final = pa.struct([("start", DAY), ("end", DAY)])

_FACT: Final[list[tuple[str, pa.DataType]]] = [
    ("agency", CODE),
    ("sector", CODE),
    ("kind", CODE),
    ("start_min", DAY),
    ("start_max", DAY),
    ("end_min", DAY),
    ("end_max", DAY),
    ("precision", CODE),
    ("to_agency", CODE),
    ("care_type", CODE),
    ("problem", CODE),
    ("capacity", CODE),
    ("care_id", TEXT),
    ("what", TEXT),
    ("why", TEXT),
    ("by_whom", TEXT),
    ("result", TEXT),
    ("initiative", CODE),
    ("reason", CODE),
    ("about", CODE),
    ("shared_with", pa.list_(CODE)),
    ("sources", TEXTS),
    ("disputed", TEXTS),
]

#: Events as read: `person` is the key as delivered. An `end_min` without an `end_max`
#: says that it ended, but not when; both empty says that no end was recorded.
DELIVERED: Final = pa.schema([("event", TEXT), ("person", CODE), *_FACT])
#: The four questions of a life course, in free text.
SAID: Final = ("what", "why", "by_whom", "result")
_NAMED: Final = ("event", "sources", "disputed")
#: Events as reading holds them: what is said is held as codes until it is shown, for most of it is said many times, and
#: what an event is called is made of where it comes from (`naming`).
HELD: Final = pa.schema(
    [
        field.with_type(CODE) if field.name in SAID else field
        for field in DELIVERED
        if field.name not in _NAMED
    ]
)
#: Events after merging: `youth` has taken the place of `person`.
EVENTS: Final = pa.schema([("event", TEXT), ("youth", CODE), *_FACT])


def _numbered(shown: pa.Schema, **types: pa.DataType) -> pa.Schema:
    """The same columns with numbers in some of them."""
    return pa.schema([field.with_type(types.get(field.name, field.type)) for field in shown])


_ROWS: Final = {"event": COUNT, "sources": pa.list_(COUNT)}
#: Events while they are merged: what is said is numbers in the order of the texts, and what events and records are called
#: the rows of `HELD` that are called so.
FACTS: Final = _numbered(EVENTS, **_ROWS, **dict.fromkeys(SAID, COUNT))
#: The same when they are merged: what is said is codes again.
HELD_EVENTS: Final = _numbered(EVENTS, **_ROWS, **dict.fromkeys(SAID, CODE))
#: Where each delivered event comes from, row by row beside `DELIVERED`. `after` and `before` are references
#: to events or care; `ordered` says that the source lists its rows in the order in which they happened;
#: `status` that a row replaces or withdraws another.
ORIGIN: Final = pa.schema(
    [
        ("source", CODE),
        ("record", pa.int64()),
        ("part", pa.int32()),
        ("after", TEXTS),
        ("before", TEXTS),
        ("ordered", pa.bool_()),
        ("status", CODE),
    ]
)

EPISODES: Final = pa.schema(
    [
        ("youth", CODE),
        ("about", CODE),
        ("agency", CODE),
        ("sector", CODE),
        ("care_type", CODE),
        ("role", CODE),
        ("start_min", DAY),
        ("start_max", DAY),
        ("end_min", DAY),
        ("end_max", DAY),
        ("open", pa.bool_()),
        ("reason", CODE),
        ("care_id", TEXT),
        ("start_event", TEXT),
        ("end_event", TEXT),
    ]
)

#: Episodes while events are merged, and after: events are rows of `HELD`.
HELD_EPISODES: Final = _numbered(EPISODES, start_event=COUNT, end_event=COUNT)

#: One row per source, key and set of particulars; `record` is the first that says so. `records` are
#: all that do, where a source gives the key other particulars too; else null. Names serve linking
#: only: no table of a cohort has them.
PERSONS: Final = pa.schema(
    [
        ("source", CODE),
        ("record", pa.int64()),
        ("person", CODE),
        ("birth_min", DAY),
        ("birth_max", DAY),
        ("sex", CODE),
        ("municipality", CODE),
        ("district", CODE),
        ("surname", CODE),
        ("given_names", CODE),
        ("postcode", CODE),
        ("records", pa.list_(pa.int64())),
    ]
)

IDENTITIES: Final = pa.schema(
    [
        ("source", CODE),
        ("record", pa.int64()),
        ("person", TEXT),
        ("youth", CODE),
        ("matched_by", CODE),
        ("score", pa.float64()),
    ]
)

#: Two records that linking held against each other: by what, how sure (0 to 1), whether they are one
#: youth now; `why` is what excludes that, and `doubt` (0 to 1) how much a pair asks to be looked at.
PAIRS: Final = pa.schema(
    [
        ("a", CODE),
        ("b", CODE),
        ("matched_by", CODE),
        ("score", pa.float64()),
        ("joined", pa.bool_()),
        ("why", CODE),
        ("doubt", pa.float64()),
        ("youth_a", CODE),
        ("youth_b", CODE),
    ]
)

#: Youths whose records exclude each other: every value given, and the first record that gives it.
CONFLICTS: Final = pa.schema([("youth", TEXT), ("column", TEXT), ("values", TEXTS), ("records", TEXTS)])

#: What merging chose where the data leave a choice, and the events concerned.
CHOICES: Final = pa.schema([("youth", CODE), ("choice", CODE), ("event", TEXT), ("other", TEXT)])
#: The same after merging: events are rows of `HELD`, and where a rule is the reason `other` is null and `rule` names it.
HELD_CHOICES: Final = pa.schema(
    [("youth", CODE), ("choice", CODE), ("event", COUNT), ("other", COUNT), ("rule", CODE)]
)

YOUTHS: Final = pa.schema(
    [
        ("youth", TEXT),
        ("birth_min", DAY),
        ("birth_max", DAY),
        ("sex", CODE),
        ("municipality", CODE),
        ("district", CODE),
        ("observed_from", DAY),
        ("observed_until", DAY),
    ]
)

#: `window` is half-open; `ages` are birthdays, from the first up to the second.
SOURCES: Final = pa.schema(
    [
        ("source", TEXT),
        ("file", TEXT),
        ("sha256", TEXT),
        ("agencies", TEXTS),
        ("window", SPAN),
        ("ages", pa.struct([("start", COUNT), ("end", COUNT)])),
        ("rows_read", pa.int64()),
        ("accepted", pa.int64()),
        ("rejected", pa.int64()),
    ]
)

#: What each agency delivers, source by source: how its window and its sector are known.
AGENCIES: Final = pa.schema(
    [
        ("agency", TEXT),
        ("source", TEXT),
        ("sector", TEXT),
        ("cares", pa.bool_()),
        ("rows", pa.int64()),
    ]
)

RECORDS: Final = pa.schema(
    [
        ("source", CODE),
        ("record", pa.int64()),
        ("part", pa.int32()),
        ("fate", CODE),
        ("event", TEXT),
        ("reason", TEXT),
        ("row", pa.map_(TEXT, TEXT)),
    ]
)
FATES: Final = ("event", "merged", "rejected", "ignored")

FINDINGS: Final = pa.schema(
    [
        ("youth", CODE),
        ("detector", CODE),
        ("outcome", CODE),
        ("certainty", CODE),
        ("start", DAY),
        ("end", DAY),
        ("days_min", COUNT),
        ("days_max", COUNT),
        ("ongoing", pa.bool_()),
        ("agency", CODE),
        ("to_agency", CODE),
        ("sector", CODE),
        ("rule", CODE),
        ("norm_days", COUNT),
        ("over_norm", CODE),
        ("measures", pa.map_(TEXT, COUNT)),
        ("evidence", TEXTS),
        ("params", CODE),
    ]
)

ASSESSED: Final = pa.schema(
    [
        ("detector", CODE),
        ("youth", CODE),
        ("assessable", pa.bool_()),
        ("why", CODE),
    ]
)

#: The columns that a table may have to be read without a layout file.
DEFAULT_COLUMNS: Final = (
    "person", "birth", "sex", "municipality", "district", "surname", "given_names", "postcode", "agency", "sector", "kind",
    "start", "end", "to_agency", "care_type", "problem", "capacity", "care_id", "what",
    "why", "by_whom", "result", "initiative", "reason", "about", "shared_with", "after", "before", "status",
)  # fmt: skip
REQUIRED_COLUMNS: Final = ("person", "agency", "kind", "start")
#: What links a person and is then left out: no table but that of persons holds it, nor a row as delivered.
NAME_COLUMNS: Final = ("surname", "given_names", "postcode")
#: What tells who a person is.
PERSON_COLUMNS: Final = ("person", "birth", "sex", "municipality", "district", *NAME_COLUMNS)


ROLES: Final = ("care", "wait", "school", "work", "measure", "lead")


@cache
def vocabulary() -> dict[str, dict[str, dict[str, str]]]:
    """Every controlled word with its labels, from ``data/vocabulary.toml``.

    Returns
    -------
    dict
        From list (``sectors``, ``kinds``, ``reasons``, ...) to word to its entry
        (``nl``, ``en`` and, of a kind, ``role`` and ``edge``).

    Examples
    --------
    >>> vocabulary()["sectors"]["health"]["nl"]
    'Zorg'
    """
    text = (files("levensloop") / "data" / "vocabulary.toml").read_text("utf-8")
    return tomllib.loads(text)


def words(name: str) -> tuple[str, ...]:
    """The words of one list of the vocabulary, in their order.

    Examples
    --------
    >>> words("capacities")
    ('victim', 'suspect', 'witness')
    """
    return tuple(vocabulary()[name])


def kinds_of(role: str, edge: str | None = None) -> tuple[str, ...]:
    """The kinds of a role; with `edge` those that only start or only end an episode.

    Examples
    --------
    >>> kinds_of("school", "end")
    ('school_end',)
    """
    return tuple(
        kind
        for kind, entry in vocabulary()["kinds"].items()
        if entry.get("role") == role and (edge is None or entry.get("edge") == edge)
    )


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give `table` the columns of `schema`, in order; a column that is absent is null.

    Examples
    --------
    >>> conform(pa.table({"person": ["a"]}), PERSONS).num_columns
    12
    """
    columns: list[Any] = []
    for field in schema:
        if field.name in table.column_names:
            column = table.column(field.name)
            columns.append(column if column.type == field.type else column.cast(field.type))
        else:
            columns.append(nothing(table.num_rows, field.type))
    return pa.table(columns, schema=schema)


_NOTHING: Final[dict[pa.DataType, pa.Array]] = {}


def nothing(length: int, kind: pa.DataType) -> pa.Array:
    """A column without a value. All of a type share their memory: of the columns of most tables half hold nothing.

    Examples
    --------
    >>> nothing(2, TEXT).to_pylist()
    [None, None]
    """
    known = _NOTHING.get(kind)
    if known is None or len(known) < length:
        _NOTHING[kind] = known = pa.nulls(length, kind)
    return known.slice(0, length)
