"""Order without dates: what is known only as "after the hearing test, before school" gets bounds, and says why."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import events, row
from levensloop.readers import read

D = dt.date.fromisoformat


def merged(*parts):
    whole = ll.Events.concat(parts)
    return ll.merge(whole, ll.link(whole))


def bounds(cohort):
    table = cohort.events.to_arrow().select(["event", "start_min", "start_max"]).to_pylist()
    return {one["event"]: (str(one["start_min"]), str(one["start_max"])) for one in table}


def choices(cohort, word):
    rows = cohort.choices.to_arrow().to_pylist()
    return [(one["event"], one["other"]) for one in rows if one["choice"] == word]


def test_after_the_hearing_test_and_before_school():
    cohort = merged(
        events(
            [row("assessment", "1992-05-10", what="hearing test")],
            "audio",
            (D("1990-01-01"), D("1999-12-31")),
        ),
        events(
            [
                row("care_start", None, agency="speech", after="audio:1", before="school:1"),
                row("care_end", None, agency="speech", after="1"),
            ],
            "speech",
            (D("1990-01-01"), D("1999-12-31")),
        ),
        events([row("school", "1993-08-01", agency="school")], "school", (D("1990-01-01"), D("1999-12-31"))),
    )
    assert bounds(cohort)["speech:1"] == ("1992-05-10", "1993-08-01")
    assert bounds(cohort)["speech:2"] == ("1992-05-10", "1999-12-31")
    assert choices(cohort, "tightened") == [("speech:1", "audio:1"), ("speech:2", "audio:1")]
    precision = dict(
        zip(
            *(cohort.events.to_arrow().column(name).to_pylist() for name in ("event", "precision")),
            strict=True,
        )
    )
    assert precision["speech:1"] == "range"


def listed(folder, ordered):
    folder.mkdir()
    (folder / "list.csv").write_text(
        "person,agency,kind,start\ny,a,contact,1996\ny,a,signal,1995-06-01/1998\ny,a,contact,\ny,a,court,1997-02-03\n"
    )
    (folder / "l.toml").write_text(f"ordered = {ordered}\n")
    (folder / "delivery.toml").write_text(
        '[[source]]\nfile = "list.csv"\nlayout = "l.toml"\nwindow = [1990-01-01, 1999-12-31]\n'
    )
    return read(folder)


def test_a_list_in_order_narrows_its_coarse_dates(tmp_path):
    assert bounds(merged(listed(tmp_path / "a", "true"))) == {
        "list:1": ("1996-01-01", "1996-12-31"),
        "list:2": ("1996-01-01", "1997-02-03"),
        "list:3": ("1996-01-01", "1997-02-03"),
        "list:4": ("1997-02-03", "1997-02-03"),
    }


def test_without_a_word_about_order_a_row_without_a_date_is_a_fault(tmp_path):
    loose = listed(tmp_path / "b", "false")
    assert bounds(merged(loose))["list:2"] == ("1995-06-01", "1998-12-31")
    assert [fault.code for fault in loose.faults] == ["missing_value"]


def test_a_care_reference_and_one_that_leads_nowhere():
    cohort = merged(
        events(
            [
                row("care_start", "2004-05-01", care_id="c9"),
                row("signal", "2004", after="c9"),
                row("signal", "2004", after="c8; 77", what="x"),
            ]
        )
    )
    assert bounds(cohort)["a:2"] == ("2004-05-01", "2004-12-31")
    assert choices(cohort, "unknown_reference") == [("a:3", None)]


def test_a_contradiction_is_told_with_its_records_and_moves_nothing():
    cohort = merged(events([row("signal", "2004-05-01"), row("contact", "2003", after="1")]))
    assert bounds(cohort)["a:2"] == ("2003-01-01", "2003-12-31")
    (one,) = cohort.conflicts.to_arrow().to_pylist()
    assert one == {
        "youth": "y", "column": "order", "values": ["2004-05-01", "2003-12-31"], "records": ["a:1", "a:2"],
    }  # fmt: skip
    assert choices(cohort, "tightened") == []


@pytest.mark.parametrize(
    ("kind", "start", "first", "why"),
    [
        ("contact", "1989", "1989-05-06", "birth"),
        ("school", "1993", "1993-05-06", "school_after_four"),
        ("contact", "1988", "1988-01-01", None),
        ("school", "1992", "1992-01-01", None),
    ],
)
def test_birth_comes_first_and_school_after_four_where_the_date_leaves_it_open(kind, start, first, why):
    cohort = merged(events([row(kind, start, birth="1989-05-06")], window=(D("1985-01-01"), D("1999-12-31"))))
    assert bounds(cohort)["a:1"][0] == first
    assert choices(cohort, "tightened") == ([("a:1", why)] if why else [])


def test_what_is_about_a_parent_may_lie_before_the_birth():
    cohort = merged(events([row("contact", "1989", birth="1989-05-06", about="mother")]))
    assert bounds(cohort)["a:1"][0] == "1989-01-01"


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=2, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=5),
    st.integers(0, 10**6),
)
def test_the_true_days_are_never_excluded(spans, pairs, seed):
    base = dt.date(2004, 1, 1)
    true = [first + seed * (n + 3) % (more + 1) for n, (first, more) in enumerate(spans)]
    rows = [
        row("signal", f"{base + dt.timedelta(first)}/{base + dt.timedelta(first + more)}", what=str(n))
        for n, (first, more) in enumerate(spans)
    ]
    for one, other in pairs:
        if max(one, other) < len(true) and true[one] <= true[other] and one != other:
            rows[other]["after"] = "; ".join(filter(None, [rows[other].get("after"), str(one + 1)]))
    cohort = merged(events(rows))
    found = bounds(cohort)
    for n, day in enumerate(true):
        low, high = (dt.date.fromisoformat(text) for text in found[f"a:{n + 1}"])
        assert low <= base + dt.timedelta(day) <= high
    assert not len(cohort.conflicts)
    assert len(cohort.records) == len(rows)


def test_the_first_period_of_jorien_is_narrower_for_its_order(tmp_path):
    # The boxes of figure 1 of the report: only their order is known, the birth and the years of two of them.
    boxes = [
        ("Audi-centrum", "assessment", ""), ("Logopedist", "care_start", ""), ("Hunnebedschool", "school_start", ""),
        ("Logopedist", "care_end", ""), ("Rechter", "court", ""), ("Diepeldoorn", "school_start", ""),
        ("Huisarts", "signal", ""), ("GGZ", "referral", ""), ("GGZ", "diagnosis", "2001"), ("Terra", "school_start", "2001"),
    ]  # fmt: skip
    rows = "".join(f"jorien,1989,{agency},{kind},{start}\n" for agency, kind, start in boxes)
    (tmp_path / "boxes.csv").write_text("person,birth,agency,kind,start\n" + rows)
    (tmp_path / "boxes.toml").write_text("ordered = true\n")
    (tmp_path / "delivery.toml").write_text(
        '[[source]]\nfile = "boxes.csv"\nlayout = "boxes.toml"\nwindow = [1985-01-01, 2007-12-31]\n'
    )
    events = read(tmp_path)
    assert not events.faults
    cohort = merged(events)
    assert [bounds(cohort)[f"boxes:{n}"] for n in range(1, 11)] == [
        *[("1989-01-01", "2001-12-31")] * 2,
        *[("1993-01-01", "2001-12-31")] * 6,
        *[("2001-01-01", "2001-12-31")] * 2,
    ]
    by = dict(choices(cohort, "tightened"))
    assert by["boxes:1"] == "boxes:9"
    assert by["boxes:5"] == "boxes:3"
    assert not len(cohort.conflicts)
