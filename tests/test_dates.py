import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levensloop.dates import FAULTS, PRECISIONS, check_formats, parse
from levensloop.edtf_text import FIRST_YEAR, LAST_YEAR
from levensloop.schema import words

DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))


def read(*cells, formats=()):
    """What each cell says: (first day, last day, precision), a fault, or None."""
    bounds = parse(pa.array(cells), formats)
    out = []
    for place in range(len(cells)):
        if bounds.valid[place]:
            days = (np.datetime64(int(each[place]), "D").item() for each in (bounds.min, bounds.max))
            out.append((*map(str, days), PRECISIONS[bounds.precision[place]]))
        else:
            fault = bounds.faults[place]
            out.append(FAULTS[fault] if fault >= 0 else None)
    return out


def one(text, formats=()):
    return read(text, formats=formats)[0]


def test_the_precisions_are_those_of_the_vocabulary():
    assert words("precisions") == PRECISIONS


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("1995-03-02", "1995-03-02", "1995-03-02", "day"),
        (" 1995-03-02 ", "1995-03-02", "1995-03-02", "day"),
        ("1996-02-29", "1996-02-29", "1996-02-29", "day"),
        ("2005-03-02T00:00:00", "2005-03-02", "2005-03-02", "day"),
        ("2005-03-02 23:59:59.123", "2005-03-02", "2005-03-02", "day"),
        ("2005-03-02T23:30:00+01:00", "2005-03-02", "2005-03-02", "day"),
        ("1995-02", "1995-02-01", "1995-02-28", "month"),
        ("1996-02-XX", "1996-02-01", "1996-02-29", "month"),
        ("1995", "1995-01-01", "1995-12-31", "year"),
        ("1995-XX", "1995-01-01", "1995-12-31", "year"),
        ("1995-XX-XX", "1995-01-01", "1995-12-31", "year"),
        ("199X", "1990-01-01", "1999-12-31", "decade"),
        ("19XX", "1900-01-01", "1999-12-31", "range"),
        ("1995-21", "1995-03-01", "1995-05-31", "season"),
        ("1995-22", "1995-06-01", "1995-08-31", "season"),
        ("1995-23", "1995-09-01", "1995-11-30", "season"),
        ("1995-24", "1995-12-01", "1996-02-29", "season"),
        ("1994-24", "1994-12-01", "1995-02-28", "season"),
        ("1995/1997", "1995-01-01", "1997-12-31", "range"),
        ("1995-03/1995-21", "1995-03-01", "1995-05-31", "range"),
        ("1995~/1997-03?", "1994-01-01", "1997-04-30", "range"),
        ("1995~", "1994-01-01", "1996-12-31", "approximate"),
        ("1995?", "1994-01-01", "1996-12-31", "approximate"),
        ("1995%", "1994-01-01", "1996-12-31", "approximate"),
        ("1995-03~", "1995-02-01", "1995-04-30", "approximate"),
        ("1995-01~", "1994-12-01", "1995-02-28", "approximate"),
        ("1995-03-XX~", "1995-02-01", "1995-04-30", "approximate"),
        ("1995-03-02~", "1995-03-01", "1995-03-03", "approximate"),
        ("1995-21~", "1994-12-01", "1995-08-31", "approximate"),
        ("1995-24~", "1995-09-01", "1996-05-31", "approximate"),
        ("199X~", "1980-01-01", "2009-12-31", "approximate"),
    ],
)
def test_edtf(text, first, last, precision):
    assert one(text) == (first, last, precision)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2027-06-31", "impossible_date"),
        ("1995-02-29", "impossible_date"),
        ("1995-02-29~", "impossible_date"),
        ("1995-00-10", "impossible_date"),
        ("1995-03-00", "impossible_date"),
        ("1995-03-00~", "impossible_date"),
        ("1995-00", "impossible_date"),
        ("1995-13", "impossible_date"),
        ("1995-25", "impossible_date"),
        ("1995-21-05", "impossible_date"),
        ("1995-13-XX", "impossible_date"),
        ("1799", "impossible_date"),
        ("1799-12-31", "impossible_date"),
        ("2201-01-01", "impossible_date"),
        ("17XX", "impossible_date"),
        ("0000-XX", "impossible_date"),
        ("9999-24", "impossible_date"),
        ("1997/1995", "impossible_date"),
        ("1995/1997-02-30", "impossible_date"),
        ("1997-02-30/1999", "impossible_date"),
        ("2005-02-30T00:00:00", "impossible_date"),
        ("03-04-95", "ambiguous_date"),
        ("3/4/1995", "ambiguous_date"),
        ("31-12-1995", "ambiguous_date"),
        ("3.4.1995", "ambiguous_date"),
        ("3-4-1995 00:00:00", "ambiguous_date"),
        ("unknown", "unreadable_date"),
        ("19950302", "unreadable_date"),
        ("1995-3-2", "unreadable_date"),
        ("34567", "unreadable_date"),
        ("Y12345", "unreadable_date"),
        ("-0500", "unreadable_date"),
        ("a/b/c", "unreadable_date"),
        ("spring 1995", "unreadable_date"),
        ("1995-XX-02", "unreadable_date"),
        ("..", "open_interval"),
        ("1995/..", "open_interval"),
        ("../1995", "open_interval"),
        ("1995/", "open_interval"),
    ],
)
def test_a_fault_is_never_a_guess(text, fault):
    assert one(text) == fault


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("03-04-1995", ["%d-%m-%Y"], "1995-04-03"),
        ("3-4-1995", ["%d-%m-%Y"], "1995-04-03"),
        ("3-4-1995 00:00:00", ["%d-%m-%Y"], "1995-04-03"),
        ("3-4-1995 12:30", ["%d-%m-%Y %H:%M"], "1995-04-03"),
        ("03-04-95", ["%d-%m-%y"], "1995-04-03"),
        ("03-04-05", ["%d-%m-%y"], "2005-04-03"),
        ("3 mrt 1995", ["%d %b %Y"], "1995-03-03"),
        ("3 Maart 1995", ["%d %B %Y"], "1995-03-03"),
        ("3 oct. 1995", ["%d %b %Y"], "1995-10-03"),
        ("19950302", ["%Y%m%d"], "1995-03-02"),
        ("1995-02-03", ["%Y-%d-%m"], "1995-03-02"),
        ("1995-03-02", ["%d-%m-%Y"], "1995-03-02"),
        ("31/12/1995", ["%d/%m/%Y", "%m/%d/%Y"], "1995-12-31"),
        ("12/31/1995", ["%d/%m/%Y", "%m/%d/%Y"], "1995-12-31"),
        ("4/4/1995", ["%d/%m/%Y", "%m/%d/%Y"], "1995-04-04"),
        ("34567", ["excel"], "1994-08-21"),
        ("34567.75", ["excel"], "1994-08-21"),
        ("01-01-68", ["%d-%m-%y"], "2068-01-01"),
        ("01-01-69", ["%d-%m-%y"], "1969-01-01"),
        ("1", ["excel"], "1900-01-01"),
        ("59", ["excel"], "1900-02-28"),
        ("61", ["excel"], "1900-03-01"),
        ("20070315", ["JJJJMM00"], "2007-03-15"),
        ("100% 1-2-1995", ["100%% %d-%m-%Y"], "1995-02-01"),
    ],
)
def test_a_format_reads_days(text, formats, day):
    assert one(text, formats) == (day, day, "day")


def test_a_format_may_leave_out_what_is_not_known():
    assert one("03/1995", ["%m/%Y"]) == ("1995-03-01", "1995-03-31", "month")
    assert one("anno 1995", ["anno %Y"]) == ("1995-01-01", "1995-12-31", "year")
    assert read("20070300", "20070000", "20071200", formats=["JJJJMM00"]) == [
        ("2007-03-01", "2007-03-31", "month"),
        ("2007-01-01", "2007-12-31", "year"),
        ("2007-12-01", "2007-12-31", "month"),
    ]


@pytest.mark.parametrize(
    ("text", "formats", "fault"),
    [
        ("29-02-1995", ["%d-%m-%Y"], "impossible_date"),
        ("00-02-1995", ["%d-%m-%Y"], "impossible_date"),
        ("01-13-1995", ["%d-%m-%Y"], "impossible_date"),
        ("1995-03-31", ["%Y-%d-%m"], "impossible_date"),
        ("31/31/1995", ["%d/%m/%Y", "%m/%d/%Y"], "impossible_date"),
        ("31/02/1995", ["%d/%m/%Y", "excel"], "impossible_date"),
        ("20070015", ["JJJJMM00"], "impossible_date"),
        ("00000000", ["JJJJMM00"], "impossible_date"),
        ("20071300", ["JJJJMM00"], "impossible_date"),
        ("60", ["excel"], "impossible_date"),
        ("0", ["excel"], "impossible_date"),
        ("200000", ["excel"], "impossible_date"),
        ("1995", ["excel"], "ambiguous_date"),
        ("3/4/1995", ["%d/%m/%Y", "%m/%d/%Y"], "ambiguous_date"),
        ("3/4/1995", ["%d/%m/%Y", "%m/%d/%Y", "%d/%m/%Y"], "ambiguous_date"),
        ("3/4/1995", ["%d-%m-%Y"], "ambiguous_date"),
        ("3 foo 1995", ["%d %b %Y"], "unreadable_date"),
    ],
)
def test_a_format_never_guesses(text, formats, fault):
    assert one(text, formats) == fault


@pytest.mark.parametrize("bad", ["%d-%m", "%q-%Y", "%d %Y", "%Y %y", "%m %b %Y", "%"])
def test_a_format_that_cannot_be_used_is_refused(bad):
    with pytest.raises(ValueError, match="date format"):
        check_formats([bad])


def test_an_empty_cell_is_no_date_and_no_fault():
    assert read("", "  ", None, "1995") == [None, None, None, ("1995-01-01", "1995-12-31", "year")]
    assert read(None, None) == [None, None]
    assert len(parse(pa.array([], pa.string())).min) == 0


@pytest.mark.parametrize(
    "column",
    [
        pa.array([date(2005, 3, 2), None]),
        pa.array([date(2005, 3, 2), None], pa.date64()),
        pa.array([datetime(2005, 3, 2, 13), None], pa.timestamp("us")),  # noqa: DTZ001 - as files have it
        pa.array([datetime(2005, 3, 1, 23, 30, tzinfo=UTC), None], pa.timestamp("s", "Europe/Amsterdam")),
        pa.array(["2005-03-02", None], pa.large_string()),
        pa.array(["2005-03-02", None], pa.string_view()),
        pa.array(["2005-03-02", None]).dictionary_encode(),
        pa.array([date(2005, 3, 2), None]).dictionary_encode(),
        pa.chunked_array([pa.array(["2005-03-02"]), pa.array([None], pa.string())]),
        pa.chunked_array(
            [pa.array(["2005-03-02"]).dictionary_encode(), pa.array([None, "x"])[:1].dictionary_encode()]
        ),
    ],
)
def test_any_type_of_column_is_read(column):
    bounds = parse(column)
    day = (date(2005, 3, 2) - date(1970, 1, 1)).days
    assert bounds.min.tolist() == bounds.max.tolist() == [day, 0]
    assert bounds.valid.tolist() == [True, False]
    assert bounds.faults.tolist() == [-1, -1]
    assert bounds.precision.tolist() == [0, -1]


def test_numbers_are_read_as_they_are_written():
    assert parse(pa.array([1995, 34567])).valid.tolist() == [True, False]
    assert parse(pa.array([34567.0, 34568.5]), ["excel"]).valid.all()


def test_a_date_in_an_impossible_year_is_a_fault():
    assert FAULTS[parse(pa.array([date(1, 1, 1)])).faults[0]] == "impossible_date"


@pytest.mark.parametrize("name", ["%d-%m-%Y", None])
def test_the_first_and_the_last_year_are_years(name):
    days = [
        date(FIRST_YEAR, 1, 1),
        date(FIRST_YEAR - 1, 12, 31),
        date(LAST_YEAR, 12, 31),
        date(LAST_YEAR + 1, 1, 1),
    ]
    texts = pa.array([day.strftime(name) for day in days]) if name else pa.array(days)
    bounds = parse(texts, [name] if name else [])
    assert bounds.valid.tolist() == [True, False, True, False]
    assert bounds.faults.tolist() == [-1, FAULTS.index("impossible_date")] * 2


def test_years_that_may_be_serial_days_are_those_that_can_be_years():
    serials = [FIRST_YEAR - 1, FIRST_YEAR, LAST_YEAR, LAST_YEAR + 1]
    bounds = parse(pa.array(serials), ["excel"])
    assert bounds.valid.tolist() == [True, False, False, True]
    assert bounds.min[1:3].tolist() == bounds.max[1:3].tolist() == [0, 0]


def test_bounds_are_small_numbers():
    bounds = parse(pa.array(["2005-03-02", "20050300", "x", None]), ["JJJJMM00"])
    assert [getattr(bounds, name).dtype.name for name in ("min", "max", "valid", "precision", "faults")] == [
        "int32", "int32", "bool", "int8", "int8",
    ]  # fmt: skip


def test_days_in_full_need_no_edtf():
    code = (
        "import sys, pyarrow as pa\n"
        "from levensloop.dates import parse\n"
        "parse(pa.array(['2005-03-02', '2005-03', '2005', '2005~', None]))\n"
        "assert 'edtf' not in sys.modules\n"
        "parse(pa.array(['199X']))\n"
        "assert 'edtf' in sys.modules\n"
    )
    # Warnings are errors there too: the library's own grammar must not trip over them.
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


@given(DAYS)
def test_coarser_is_never_narrower(day):
    iso = day.isoformat()
    forms = [iso, iso[:7], iso[:4], iso[:3] + "X", iso[:2] + "XX"]
    bounds = parse(pa.array(forms))
    assert bounds.valid[:3].all()
    known = bounds.valid
    assert (np.diff(bounds.min[known]) <= 0).all()
    assert (np.diff(bounds.max[known]) >= 0).all()
    assert (np.diff(bounds.precision[known]) > 0).all()


@given(DAYS, st.sampled_from([10, 7, 4]), st.sampled_from("~?%"))
def test_doubt_widens_to_both_sides(day, length, mark):
    text = day.isoformat()[:length]
    bounds = parse(pa.array([text, text + mark]))
    assert bounds.valid.all()
    assert bounds.min[1] < bounds.min[0] <= bounds.max[0] < bounds.max[1]
    sides = bounds.min[0] - bounds.min[1], bounds.max[1] - bounds.max[0]
    whole = bounds.max[0] - bounds.min[0] + 1
    assert all(abs(side - whole) <= 3 for side in sides)


@given(DAYS, DAYS)
def test_an_interval_runs_from_the_earliest_to_the_latest(one_day, other_day):
    first, last = sorted([one_day, other_day])
    bounds = parse(pa.array([f"{first.isoformat()[:7]}/{last.isoformat()}"]))
    assert bounds.min[0] == (first.replace(day=1) - date(1970, 1, 1)).days
    assert bounds.max[0] == (last - date(1970, 1, 1)).days


@given(DAYS, st.sampled_from(["%d-%m-%Y", "%m/%d/%Y", "%d %B %Y", "%Y%m%d", "%Y.%m.%d", "%d%m%Y"]))
def test_what_a_format_writes_it_reads(day, name):
    text = day.strftime(name)
    assert one(text, [name]) == (day.isoformat(), day.isoformat(), "day")


@given(st.dates(date(1906, 1, 10), date(2200, 12, 31)))
def test_serial_days_of_excel(day):
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    assert one(str(serial), ["excel"]) == (day.isoformat(), day.isoformat(), "day")


ANY = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.text("0123456789-/X~?.T :", max_size=14),
    st.from_regex(r"\A[12]\d{3}(-[0-3][0-9X](-[0-3][0-9X])?)?[~?%]?(/[12]\d{3})?\Z"),
)


@given(st.lists(ANY, max_size=12), st.sampled_from([(), ("%d-%m-%Y",), ("excel", "JJJJMM00")]))
def test_every_cell_is_read_or_faulty_or_empty(cells, formats):
    bounds = parse(pa.array(cells, pa.string()), formats)
    assert (bounds.min <= bounds.max).all()
    for place, cell in enumerate(cells):
        empty = not (cell or "").strip()
        assert [bounds.valid[place], bounds.faults[place] >= 0, empty].count(True) == 1
        assert (bounds.precision[place] >= 0) == bounds.valid[place]
        assert bounds.valid[place] or (bounds.min[place], bounds.max[place]) == (0, 0)


@given(st.lists(ANY, max_size=12), st.randoms())
def test_a_cell_is_read_the_same_in_any_company(cells, random):
    order = list(range(len(cells)))
    random.shuffle(order)
    alone, mixed = (
        parse(pa.array(cells, pa.string())),
        parse(pa.array([cells[i] for i in order], pa.string())),
    )
    for name in ("min", "max", "valid", "precision", "faults"):
        assert (getattr(alone, name)[order] == getattr(mixed, name)).all()
