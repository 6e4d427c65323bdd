from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levensloop.errors import UserError
from levensloop.naming import Names, as_read
from levensloop.normalise import Options, normalise, persons
from levensloop.schema import HELD, ORIGIN, PERSONS, words

PLAIN = {"person": "p1", "agency": "GGZ", "kind": "care", "start": "2005-03-02"}


def done(*rows, part=None, **options):
    """Normalise rows that differ from a plain one."""
    names = {name: None for row in rows for name in (*PLAIN, *row)}
    table = pa.table({name: [{**PLAIN, **row}.get(name) for row in rows] for name in names})
    record = np.arange(1, len(rows) + 1)
    part = np.zeros(len(rows), int) if part is None else np.array(part)
    return normalise(table, record=record, part=part, options=Options("ggz", "ggz.csv", **options))


def event(row, **options):
    result = done(row, **options)
    assert not result.rejected.any(), result.faults
    return result.delivered.to_pylist()[0]


def bounds(row, **options):
    made = event(row, **options)
    return tuple(str(made[name]) for name in ("start_min", "start_max", "end_min", "end_max"))


def faults(result):
    return [(one.code, one.column, one.row, one.count) for one in result.faults]


def test_a_plain_row():
    made = event({})
    assert (made["sector"], made["about"], made["precision"]) == ("other", "youth", "day")
    assert [made[name] for name in ("end_min", "end_max", "reason", "shared_with", "to_agency")] == [None] * 5


def test_the_tables_have_their_shapes():
    result = done({}, {"start": "x"}, {})
    assert result.delivered.schema == HELD
    assert result.origin.schema == ORIGIN
    assert result.persons.schema == PERSONS
    assert result.origin.select(["source", "record", "part"]).to_pylist() == [
        {"source": "ggz", "record": n, "part": 0} for n in (1, 3)
    ]


def test_a_row_of_several_events_numbers_them():
    result = done({}, {}, {}, part=[0, 1, 2])
    named = as_read(Names(result.origin)).to_pydict()
    assert named["event"] == ["ggz:1", "ggz:2.1", "ggz:3.2"]
    assert named["sources"] == [["ggz:1"], ["ggz:2"], ["ggz:3"]]
    assert named["disputed"] == [[], [], []]
    assert result.origin["part"].to_pylist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("row", "options", "expected"),
    [
        ({"end": "2005-03-10"}, {}, ("2005-03-02", "2005-03-02", "2005-03-11", "2005-03-11")),
        ({"end": "2005-03-10"}, {"end_exclusive": True}, ("2005-03-02", "2005-03-02", "2005-03-10", "2005-03-10")),
        ({"end": "2005-03-02"}, {}, ("2005-03-02", "2005-03-02", "2005-03-03", "2005-03-03")),
        ({"end": "2005-04"}, {}, ("2005-03-02", "2005-03-02", "2005-04-02", "2005-05-01")),
        ({"end": ""}, {}, ("2005-03-02", "2005-03-02", "None", "None")),
        ({"end": " .. "}, {}, ("2005-03-02", "2005-03-02", "None", "None")),
        ({"end": ".."}, {"unknown_end": True}, ("2005-03-02", "2005-03-02", "None", "None")),
        ({"end": None}, {"unknown_end": True}, ("2005-03-02", "2005-03-02", "2005-03-03", "None")),
        ({}, {"unknown_end": True}, ("2005-03-02", "2005-03-02", "2005-03-03", "None")),
        ({"end": "2005-03-10"}, {"unknown_end": True}, ("2005-03-02", "2005-03-02", "2005-03-11", "2005-03-11")),
        # Bounds that overlap are tightened: it starts before it ends.
        ({"start": "2005", "end": "2005-03-10"}, {}, ("2005-01-01", "2005-03-10", "2005-03-11", "2005-03-11")),
        ({"start": "2005-03-10", "end": "2005"}, {}, ("2005-03-10", "2005-03-10", "2005-03-11", "2006-01-01")),
        ({"start": "2005", "end": "2005"}, {}, ("2005-01-01", "2005-12-31", "2005-01-02", "2006-01-01")),
        # The date of an ending in a file with exclusive ends is the first day without.
        ({"kind": "care_end"}, {}, ("2005-03-02", "2005-03-02", "None", "None")),
        ({"kind": "care_end"}, {"end_exclusive": True}, ("2005-03-01", "2005-03-01", "None", "None")),
        ({"kind": "school_end", "start": "2005-03"}, {"end_exclusive": True},
         ("2005-02-28", "2005-03-30", "None", "None")),
        ({"kind": "care_start"}, {"end_exclusive": True}, ("2005-03-02", "2005-03-02", "None", "None")),
    ],
)  # fmt: skip
def test_bounds(row, options, expected):
    assert bounds(row, **options) == expected


@pytest.mark.parametrize("kind", words("kinds"))
def test_only_kinds_that_last_have_unknown_ends(kind):
    lasting = kind in {"care", "school", "work", "benefit", "measure", "coordination"}
    assert (event({"kind": kind}, unknown_end=True)["end_min"] is not None) == lasting
    assert event({"kind": kind})["end_min"] is None


@pytest.mark.parametrize(
    ("start", "end", "precision"),
    [
        ("2005-03-02", None, "day"),
        ("2005-03-02", "2006", "year"),
        ("2005-21", "2006-03", "season"),
        ("200X", "2011", "decade"),
        ("2005~", "2006/2007", "approximate"),
        ("2005-03-02", "2005/2006", "range"),
    ],
)
def test_of_two_dates_the_coarser_precision(start, end, precision):
    assert event({"start": start, "end": end})["precision"] == precision


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ({"person": " "}, "missing_value", "person"),
        ({"person": None}, "missing_value", "person"),
        ({"agency": ""}, "missing_value", "agency"),
        ({"kind": None}, "missing_value", "kind"),
        ({"start": ""}, "missing_value", "start"),
        ({"kind": "hulp"}, "unknown_code", "kind"),
        ({"sector": "zorg"}, "unknown_code", "sector"),
        ({"start": "2005-02-30"}, "impossible_date", "start"),
        ({"start": "03-04-95"}, "ambiguous_date", "start"),
        ({"start": "soon"}, "unreadable_date", "start"),
        ({"start": ".."}, "open_interval", "start"),
        ({"end": "2005-02-30"}, "impossible_date", "end"),
        ({"end": "2006/.."}, "open_interval", "end"),
        ({"end": "2005-03-01"}, "end_before_start", "end"),
        ({"start": "2005", "end": "2004"}, "end_before_start", "end"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected(row, code, column):
    result = done({}, row, {})
    assert result.rejected.tolist() == [False, True, False]
    assert result.codes.tolist() == [None, code, None]
    assert faults(result) == [(code, column, 2, 1)]
    assert result.delivered.num_rows == 2


def test_an_exclusive_end_on_the_first_day_leaves_no_day():
    assert done({"end": "2005-03-02"}, end_exclusive=True).codes.tolist() == ["end_before_start"]


def test_all_faults_are_told_and_the_first_is_the_rows_own():
    result = done({"person": "", "kind": "hulp", "start": "x", "end": "y", "birth": "z"})
    assert [one.column for one in result.faults] == ["person", "kind", "start", "end", "birth"]
    assert result.codes.tolist() == ["missing_value"]


def test_faults_are_folded_and_name_the_column_of_the_file():
    result = done(
        {}, {"start": "x"}, {"start": "y"}, {"start": "2005-02-30"}, columns={"start": "Begindatum"}
    )
    assert faults(result) == [
        ("impossible_date", "Begindatum", 4, 1),
        ("unreadable_date", "Begindatum", 2, 2),
    ]


@pytest.mark.parametrize(
    ("column", "kept"), [("reason", "other"), ("initiative", "other"), ("about", None), ("capacity", None)]
)
def test_an_unknown_word_is_told_and_the_row_kept(column, kept):
    result = done({column: "weet niet"}, {column: None})
    assert not result.rejected.any()
    assert faults(result) == [("unknown_code", column, 1, 1)]
    assert result.delivered[column].to_pylist() == [kept, "youth" if column == "about" else None]


def test_an_unknown_word_that_no_row_has_is_not_told():
    kind = pa.DictionaryArray.from_arrays(pa.array([0, 2]), pa.array(["care", "hers", "odd"]))
    table = pa.table({"person": ["a"] * 2, "agency": ["GGZ"] * 2, "kind": kind, "start": ["2005"] * 2})
    number = np.arange(1, 3)
    (told,) = normalise(table, record=number, part=number * 0, options=Options("ggz", "ggz.csv")).faults
    assert "('odd')" in told.message


def test_words_are_known_in_any_case():
    made = event({"kind": " Care ", "sector": "HEALTH", "reason": "Goal_Reached", "about": "Mother"})
    assert [made[name] for name in ("kind", "sector", "reason", "about")] == [
        "care",
        "health",
        "goal_reached",
        "mother",
    ]


def test_messages_hold_codes_but_no_keys_and_no_free_text():
    long = "a sentence that someone wrote in the column of codes"
    (one,) = done({"reason": "31"}, {"reason": long}, {"reason": "123456782"}).faults
    assert one.message.endswith("('31', 2 more)")
    (many,) = done(*({"reason": f"key{number}"} for number in range(30))).faults
    assert many.message.endswith("(30 different)")
    (shifted,) = done({"person": "K-12", "reason": "k-12"}, {"person": "q", "reason": "Jan de Vries"}).faults
    assert shifted.message.endswith("(2 different)")
    faulty = done({"person": "secret", "start": "secret", "birth": "secret", "end": "secret"})
    assert "secret" not in "".join(map(str, faulty.faults))


def test_names_are_made_one():
    result = done(
        {"agency": "G.G.Z.  Noord "},
        {"agency": "G.G.Z. Noord", "to_agency": " a  b", "shared_with": "x; y|z"},
    )
    assert result.delivered["agency"].to_pylist() == ["G.G.Z. Noord"] * 2
    assert result.delivered["to_agency"].to_pylist() == [None, "a b"]
    assert result.delivered["shared_with"].to_pylist() == [None, ["x", "y", "z"]]


def test_all_columns_are_carried_over():
    row = {
        "care_type": "Foster_Care", "problem": "Homelessness", "capacity": "victim", "care_id": "7",
        "what": " w  w ", "why": "y", "by_whom": "b", "result": "r", "initiative": "gp",
        "shared_with": ["a", "b"],
    }  # fmt: skip
    made = event(row)
    expected = row | {"what": "w  w", "care_type": "foster_care", "problem": "homelessness"}
    assert {name: made[name] for name in row} == expected


def test_dates_may_be_dates():
    assert bounds({"start": date(2005, 3, 2), "end": date(2005, 3, 9)})[3] == "2005-03-10"


def test_persons_are_told_once_with_the_first_record():
    rows = [
        {"person": "b", "birth": "1990", "sex": " m "},
        {"person": "a", "birth": "1989-05-01", "municipality": "Emmen", "district": "Oost"},
        {"person": "b", "birth": "1990", "sex": "m"},
        {"person": "b", "birth": "1990-02", "sex": "m"},
        {"person": "c", "start": "x"},
    ]
    found = done(*rows).persons.to_pylist()
    assert [
        (one["record"], one["person"], str(one["birth_min"]), str(one["birth_max"])) for one in found
    ] == [
        (1, "b", "1990-01-01", "1990-12-31"),
        (2, "a", "1989-05-01", "1989-05-01"),
        (4, "b", "1990-02-01", "1990-02-28"),
    ]
    assert found[0]["sex"] == "m"
    assert (found[1]["municipality"], found[1]["district"]) == ("Emmen", "Oost")


def test_an_unreadable_birth_is_told_and_the_row_kept():
    result = done({"birth": "01-02-90"}, {"birth": ".."})
    assert faults(result) == [("ambiguous_date", "birth", 1, 1), ("open_interval", "birth", 2, 1)]
    assert not result.rejected.any()
    assert result.persons["birth_min"].to_pylist() == [None]


def test_persons_only():
    table = pa.table({"person": ["a", "", "a"], "birth": ["1990", "1991", "x"]})
    result = persons(table, record=np.array([4, 5, 6]), options=Options("who", "who.csv"))
    assert result.delivered.num_rows == result.origin.num_rows == 0
    assert result.rejected.tolist() == [False, True, False]
    assert [(one["record"], one["birth_min"]) for one in result.persons.to_pylist()] == [
        (4, date(1990, 1, 1)),
        (6, None),
    ]
    assert faults(result) == [("missing_value", "person", 5, 1), ("unreadable_date", "birth", 6, 1)]


def test_a_table_without_rows():
    table = pa.table(
        {name: pa.array([], pa.string()) for name in (*PLAIN, "end", "birth", "shared_with", "reason")}
    )
    empty = np.array([], int)
    result = normalise(table, record=empty, part=empty, options=Options("x", "x.csv", unknown_end=True))
    assert result.delivered.schema == HELD
    assert (result.delivered.num_rows, result.persons.num_rows, result.faults) == (0, 0, ())


def test_a_column_without_values():
    empty = dict.fromkeys(("end", "reason", "birth", "shared_with", "sector"), pa.nulls(1))
    table = pa.table({name: pa.array([value]) for name, value in PLAIN.items()} | empty)
    result = normalise(table, record=np.array([1]), part=np.array([0]), options=Options("x", "x.csv"))
    assert result.delivered["sector"].to_pylist() == ["other"]


def test_a_table_that_cannot_be_used_says_all_that_is_wrong():
    table = pa.table(
        {"person": ["a"], "kind": ["care"], "what": [{"a": 1}], "shared_with": [[["x"]]], "why": [b"x"]}
    )
    one = np.array([1])
    options = Options("x", "x.csv", date_formats=("%q",), columns={"agency": "Instelling"})
    with pytest.raises(UserError) as caught:
        normalise(table, record=one, part=one - 1, options=options)
    assert [(each.code, each.column) for each in caught.value.faults] == [
        ("missing_column", "Instelling"),
        ("missing_column", "start"),
        ("unused_column", "what"),
        ("unused_column", "shared_with"),
        ("unused_column", "why"),
        ("bad_layout", None),
    ]


CELLS = {
    "person": st.sampled_from(["a", "b", "", None]),
    "agency": st.sampled_from(["GGZ", " GGZ ", None]),
    "kind": st.sampled_from(["care", "care_end", "referral", "nonsense", None]),
    "start": st.sampled_from(["2005-03-02", "2005", "2005~", "2004/2006", "2005-02-30", "3/4/05", "", None]),
    "end": st.sampled_from(["2005-03-02", "2005-06", "2004", "..", "x", None]),
    "reason": st.sampled_from(["other", "??", None]),
    "birth": st.sampled_from(["1990", "1990-13", None]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=8)
HOW = st.fixed_dictionaries({"end_exclusive": st.booleans(), "unknown_end": st.booleans()})


def table_of(rows):
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in CELLS})


@given(ROWS, HOW)
def test_every_row_has_one_fate_and_ordered_bounds(rows, how):
    record = np.arange(1, len(rows) + 1)
    result = normalise(table_of(rows), record=record, part=record * 0, options=Options("s", "s.csv", **how))
    assert result.delivered.num_rows == result.origin.num_rows == (~result.rejected).sum()
    assert result.origin["record"].to_pylist() == record[~result.rejected].tolist()
    assert [code is not None for code in result.codes] == result.rejected.tolist()
    rejecting = {one.code for one in result.faults}
    assert set(result.codes[result.rejected]) <= rejecting
    for made in result.delivered.to_pylist():
        assert made["start_min"] <= made["start_max"]
        if made["end_max"] is not None:
            assert made["end_min"] <= made["end_max"]
            assert made["start_max"] < made["end_max"]
        if made["end_min"] is not None:
            assert made["start_min"] < made["end_min"]


@given(ROWS, HOW, st.randoms())
def test_shuffled_rows_give_shuffled_events(rows, how, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    record = np.arange(1, len(rows) + 1)
    options = Options("s", "s.csv", **how)
    plain = normalise(table_of(rows), record=record, part=record * 0, options=options)
    mixed = normalise(
        table_of([rows[i] for i in order]), record=record[order], part=record * 0, options=options
    )
    by_event, mixed_by_event = (
        dict(zip(Names(made.origin).events().to_pylist(), made.delivered.to_pylist(), strict=True))
        for made in (plain, mixed)
    )
    assert mixed_by_event == by_event
    assert mixed.persons.to_pylist() == plain.persons.to_pylist()
    assert set(mixed.faults) == set(plain.faults)
    assert mixed.codes.tolist() == plain.codes[order].tolist()
