"""The chronology of a review: what stands in it, and that it comes back as it went."""

import csv
import tomllib
from datetime import date, timedelta
from importlib.resources import files

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import levensloop as ll
from helpers import cohort, events, row
from levensloop.edtf_text import EPOCH, read_edtf
from levensloop.figures.letters import legal
from levensloop.reports.book import comma_separated, quoted, unquoted
from levensloop.reports.chronology import COLUMNS, chronology_rows, edtf, heading, save_chronology
from levensloop.schema import vocabulary
from levensloop.text import LANGUAGES
from strategies import checked, cohort_of, deliveries

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "'=cmd|' /C calc'!A0",
    "@SUM(1)",
    "+31 6",
    "- mother calls",
    "\u202eright to left\u202c and\u200bzero\ufeffwidth",
    "x" * 10_000,
    "\N{FAMILY}\N{WAVING WHITE FLAG}\ufe0f",
    'a "quote"; a\nline, and\r\nanother',
    "_x0041_ {=1} http://example.org",
    "'t Kompas",
)
#: What the form has of a fact and gives back as it was; people come back as roles.
BACK = (
    "agency", "sector", "kind", "start_min", "start_max", "end_min", "end_max", "to_agency", "care_type",
    "problem", "capacity", "care_id", "what", "why", "result", "initiative", "reason", "about", "shared_with",
)  # fmt: skip


def facts(table):
    rows = [{name: one[name] for name in BACK} for one in table.to_arrow().to_pylist()]
    return sorted(rows, key=repr)


def there_and_back(timeline, path, lang="nl"):
    return ll.reports.read_chronology(
        ll.reports.save_chronology(timeline, ll.Findings.empty(), path, lang=lang, youth=timeline.id)
    )


@pytest.fixture(scope="module")
def hostile():
    rows = [
        row(
            "care",
            "2003~",
            "2004-21" if at % 2 else None,
            what=text,
            why=text[::-1],
            result=text[:50],
            to_agency="Zorg & Co",
            care_type="foster_care",
            problem="child_abuse",
            capacity="victim",
            care_id=f"k{at}",
            initiative="gp",
            reason="no_show" if at % 2 else None,
            about="mother" if at % 3 else "youth",
            shared_with="School; Bureau",
        )
        for at, text in enumerate(HOSTILE)
    ]
    return cohort(events(rows))["y"]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "docx"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_hostile_facts_come_back_as_they_went(hostile, tmp_path, ending, lang):
    back = there_and_back(hostile, tmp_path / f"chronology.{ending}", lang)
    assert back.faults == ()
    assert facts(back) == facts(hostile.events)
    assert set(back.to_arrow()["person"].to_pylist()) == {hostile.id}


def test_a_csv_that_a_spreadsheet_saved_again_comes_back(tmp_path):
    rows = [row("care", "2004-01-01", "2005-03", what='- a, b; "c"'), row("contact", "2004-06-02", what="=1")]
    timeline = cohort(events(rows))["y"]
    path = ll.reports.save_chronology(timeline, ll.Findings.empty(), tmp_path / "chronology.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    turned = {"2004-01-01": "1-1-2004", "2005-03": "mrt-05", "2004-06-02": "2 juni 2004"}
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows([[turned.get(cell, cell) for cell in line] for line in lines])
    assert facts(ll.reports.read_chronology(path)) == facts(timeline.events)
    assert len(ll.reports.read_notes(path)) == 0


def test_a_workbook_comes_back_by_read(hostile, tmp_path):
    path = ll.reports.save_chronology(hostile, ll.Findings.empty(), tmp_path / "chronology.xlsx")
    assert facts(ll.read(path, layout="chronology")) == facts(hostile.events)


@settings(parent=checked, max_examples=15)
@given(delivery=deliveries(youths=1), said=st.text(max_size=40), last=st.booleans())
def test_any_timeline_comes_back(tmp_path_factory, delivery, said, last):
    for source in delivery.sources:
        for one in source.rows:
            one["what"] = legal(said)
    whole = cohort_of(delivery)
    timeline = whole[next(iter(whole))]
    path = tmp_path_factory.mktemp("back") / ("chronology.csv" if last else "chronology.xlsx")
    back = there_and_back(timeline, path)
    assert back.faults == ()
    assert facts(back) == facts(timeline.events)


@settings(parent=checked, max_examples=200)
@given(first=st.dates(date(1801, 1, 1), date(2190, 1, 1)), length=st.integers(0, 4000))
def test_days_come_back_with_their_bounds(first, length):
    last = first + timedelta(length)
    low, high, _ = read_edtf(edtf(first, last))
    assert (low + EPOCH, high + EPOCH) == (first.toordinal(), last.toordinal())


@pytest.mark.parametrize(
    "text",
    [
        "1995-03-02",
        "1995-03",
        "1995",
        "199X",
        "19XX",
        "1995-21",
        "1995-24",
        "1995?",
        "1995-03?",
        "1995-03-02?",
        "199X?",
    ],
)
def test_what_is_known_is_written_as_it_was(text):
    low, high, _ = read_edtf(text)
    assert edtf(date.fromordinal(low + EPOCH), date.fromordinal(high + EPOCH)) == text


def test_doubt_is_marked_only_where_the_source_did():
    bounds = date(1999, 1, 1), date(2001, 12, 31)
    assert edtf(*bounds) == edtf(*bounds, "approximate") == "2000?"
    assert edtf(*bounds, "range") == "1999-01-01/2001-12-31"


@given(st.text())
def test_an_apostrophe_keeps_a_cell_from_being_run_and_goes_again(text):
    assert unquoted(quoted(text)) == text
    assert not quoted(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_no_cell_of_the_workbook_is_a_formula_and_choices_are_offered(hostile, tmp_path):
    path = ll.reports.save_chronology(hostile, ll.Findings.empty(), tmp_path / "chronology.xlsx", lang="en")
    sheet = openpyxl.load_workbook(path).active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}
    offered = [one.formula1 for one in sheet.data_validations.dataValidation]
    assert '"comment,not right,explanation,right,finding dismissed"' in offered
    assert '"changed,withdrawn"' in offered


def test_no_cell_of_the_csv_begins_like_a_formula(hostile, tmp_path):
    path = ll.reports.save_chronology(hostile, ll.Findings.empty(), tmp_path / "chronology.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file, delimiter=";") for cell in line]
    assert len(cells) == len(COLUMNS) * (len(HOSTILE) + 1)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_people_are_roles_findings_are_words_and_disputes_are_told():
    rows = [
        row("care", "2004-01-01", "2004-03-31", reason="no_show", by_whom="A. Bos, psychiater"),
        row("care", "2005-01-01", "2005-02-01", by_whom="C. de Wit", reason="agreed"),
        row("voice", "2006-01-01", by_whom="J. de Wit", what="I want to go home"),
    ]
    other = [row("care", "2005-01-01", "2005-02-01", reason="no_place")]
    timeline = cohort(events(rows), events(other, source="b"))["y"]
    found = ll.detect(timeline, ll.Gap(min_days=60))
    table = ll.reports.chronology_rows(timeline, found, lang="en", youth="J")
    lines = [dict(zip(COLUMNS, line, strict=True)) for line in table[1:]]
    assert {line["person"] for line in lines} == {"J"}
    assert "Wit" not in str(lines)
    key, *_ = ll.reports.finding_keys(found)
    assert lines[0]["finding"] == f"Gap in care: the data give no explanation [{key}]"
    assert [line["disputed"] for line in lines] == ["", "reason of end or refusal", ""]
    assert [line["by_whom"] for line in lines] == ["psychiater", "worker", ""]
    assert lines[1]["source"] == "a:2; b:1"
    assert lines[0]["comment"] == lines[0]["author"] == lines[0]["date"] == ""


def test_what_a_review_corrects_replaces_what_it_corrected(tmp_path):
    given = events([row("care", "2004-01-01", "2004-03-31", care_id="k"), row("contact", "2005-01-01")])
    timeline = cohort(given)["y"]
    path = tmp_path / "chronology.xlsx"
    ll.reports.save_chronology(timeline, ll.Findings.empty(), path, youth=timeline.id)
    book = openpyxl.load_workbook(path)
    at = {name: place for place, name in enumerate(COLUMNS, 1)}
    sheet = book.active
    sheet.cell(2, at["end"], "2004-05-31")
    sheet.cell(2, at["status"], "gewijzigd")
    sheet.cell(3, at["status"], "ingetrokken")
    book.save(path)
    told = cohort(given, ll.read(path, layout="chronology"))["y"].events.to_arrow().to_pylist()
    assert [(one["kind"], one["end_max"]) for one in told] == [("care", date(2004, 6, 1))]


def test_what_a_review_left_as_it_was_stays_one_fact(tmp_path):
    given = events(
        [row("care", "2004-01-01", "2004-03-31"), row("contact", "2005-01"), row("school", "2003-09-01")]
    )
    timeline = cohort(given)["y"]
    back = there_and_back(timeline, tmp_path / "chronology.xlsx")
    assert facts(cohort(given, back)["y"].events) == facts(timeline.events)


def test_a_chronology_makes_no_agency_observed_where_it_was_not(tmp_path):
    narrow = (date(2003, 1, 1), date(2004, 12, 31))
    ggz = events([row("care", "2004-01-01", "2004-03-31", reason="no_show")], window=narrow)
    others = [
        row("care", "2007-01-01", "2007-02-01", agency="bjz"),
        row("school", "2003-09-01", agency="school"),
    ]
    given = (ggz, events(others, source="b"))
    timeline = cohort(*given)["y"]
    path = tmp_path / "chronology.xlsx"
    back = there_and_back(timeline, path)

    def unobserved(*more):
        (gap,) = ll.detect(cohort(*given, *more), ll.Gap()).to_arrow().to_pylist()
        return gap["days_max"], dict(gap["measures"])["unobserved_days"]

    assert unobserved() == unobserved(back) == (1005, 730)
    assert unobserved(ll.read(path)) == (1005, 730)


def test_another_ending_is_told(hostile, tmp_path):
    with pytest.raises(ll.UserError, match=r"\.docx or \.csv"):
        ll.reports.save_chronology(hostile, ll.Findings.empty(), tmp_path / "chronology.odt")


def test_the_layout_knows_every_word_and_every_heading():
    layout = tomllib.loads((files("levensloop") / "data/layouts/chronology.toml").read_text("utf-8"))
    names = ("kind", "sector", "initiative", "reason", "about", "status")
    lists = {name: f"{name}s" for name in names} | {"capacity": "capacities", "status": "statuses"}
    for name, words in lists.items():
        known = {label.casefold(): word for label, word in layout["codes"][name].items()}
        for word, entry in vocabulary()[words].items():
            for lang in ("nl", "en"):
                label = entry[lang].casefold()
                assert known.get(label, label) == word
    assert {name: heading(name) for name in layout["columns"]} == layout["columns"]


def test_of_a_masked_timeline_nothing_stands_in_it_that_was_masked(tmp_path):
    rows = [
        row("care", "2004-01-01", "2004-03-31", what="Jorien came", by_whom="A. Bos", agency="De Bascule"),
        row("care", "2005-01-01", "2005-03-31", agency="De Bascule", shared_with="School X"),
    ]
    timeline = cohort(events(rows, source="bascule"))["y"]
    found = ll.detect(timeline, ll.Gap(min_days=60))
    glossary = ll.privacy.Glossary({"Jorien": "youth"})
    shown = ll.privacy.mask(timeline, found, key=b"ours", glossary=glossary)
    path = ll.reports.save_chronology(shown.timeline, shown.findings, tmp_path / "chronology.csv")
    text = path.read_text("utf-8-sig").casefold()
    assert not [
        word for word in ("jorien", "bos", "bascule", "school x", "2004-01-01", '"y"') if word in text
    ]
    assert ll.reports.finding_keys(shown.findings)[0].casefold() in text
    assert facts(ll.reports.read_chronology(path)) == facts(shown.timeline.events)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chronology_is_known_by_its_headings(hostile, tmp_path, ending, lang):
    path = save_chronology(hostile, ll.Findings.empty(), tmp_path / f"some name.{ending}", lang=lang)
    back = ll.read(path, pseudonymise=False)
    assert back.faults == ()
    assert facts(back) == facts(hostile.events)
    (window,) = back.sources.to_arrow().column("window").to_pylist()
    assert (window["end"] - window["start"]).days == 1


@pytest.mark.parametrize("part", [0, 1])
def test_headings_in_one_language_are_known_too(hostile, tmp_path, part):
    rows = chronology_rows(hostile, ll.Findings.empty(), lang=LANGUAGES[part])
    heads = [name.split(" / ")[part] for name in rows[0]]
    path = tmp_path / "review.csv"
    comma_separated(path, [heads, *rows[1:]])
    assert facts(ll.read(path, pseudonymise=False)) == facts(hostile.events)


def test_faults_of_a_known_chronology_name_row_and_column(hostile, tmp_path):
    rows = [list(row) for row in chronology_rows(hostile, ll.Findings.empty(), lang="en")]
    rows[1][rows[0].index(heading("kind"))] = "miracle"
    rows[2][rows[0].index(heading("start"))] = "2027-06-31"
    comma_separated(tmp_path / "review.csv", rows)
    found = {(one.row, one.column) for one in ll.read(tmp_path / "review.csv", pseudonymise=False).faults}
    assert {(1, heading("kind")), (2, heading("start"))} <= found


def test_a_file_with_the_default_columns_is_no_chronology(tmp_path):
    path = tmp_path / "gp.csv"
    path.write_text("person;agency;kind;start;wat / what\na;GP;contact;2005-03-02;x\n", "utf-8")
    (row,) = ll.read(path, pseudonymise=False).to_arrow().to_pylist()
    assert (row["agency"], row["what"]) == ("GP", None)
