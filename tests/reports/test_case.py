"""The case of one youth on paper."""

import re
from datetime import date

import pytest

import levensloop as ll
from helpers import cohort, events, row

HOSTILE = "<script>alert(1)</script> & \u202e=cmd|' /C calc'!A0 \x00"


@pytest.fixture(scope="module")
def timeline():
    rows = [
        row(
            "care", "2005-01-01", "2005-02-01", birth="1990", what=HOSTILE, reason="no_show", initiative="gp"
        ),
        row("referral", "2005-03", to_agency="bjz", agency="gp", sector="health"),
        row("school", "2003-09-01", "2006-07-31", agency="school", sector="education"),
        row("care", "2006-01-01", empty="x"),
    ]
    return cohort(events([{k: v for k, v in one.items() if k != "empty"} for one in rows]))["y"]


def test_what_is_certain_comes_first_and_a_rule_says_what_it_is():
    read = ll.testing.sketch("""
        window 2000-01-01..2008-12-31; birth 1990-01-01
        school signal 2003; ggz care 2004-01-01..2004-12-31 no_show
        gp referral 2005-01-01 > ggz; ggz care 2006-01-01..2006-12-31 goal_reached
    """)
    case = ll.reports.case(read["a"], ll.detect(read), lang="en")
    found = case.seen.to_arrow().to_pylist()
    kinds = [one["certainty"] for one in found]
    assert kinds == sorted(kinds)
    assert len(set(kinds)) == 2
    assert len(found) == len(ll.detect(read))
    for kind in set(kinds):
        days = [one["start"] for one in found if one["certainty"] == kind]
        assert days == sorted(days)
    rules = {row[5] for row in case.findings[1:]}
    assert any(rule.startswith("Treeknorm, mental health") for rule in rules)


def test_the_page_has_three_layers_and_needs_no_network(timeline, tmp_path):
    path = ll.reports.case(timeline, ll.detect(timeline), lang="en").save(tmp_path / "case.html")
    text = path.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert re.findall(r"<h[12][^>]*>(.*?)</h", text) == [
        "The life course of Y",
        "Findings",
        "Went well, and voices",
        "To discuss",
        "Notes",
        "Learning points",
        "Chronology",
    ]
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text)
    assert all(alt for alt in re.findall(r'<img [^>]*alt="([^"]*)"', text))
    assert "One youth does not represent a group" in text
    assert "January 2005" in text


def test_hostile_text_stays_text(timeline, tmp_path):
    text = ll.reports.case(timeline, ll.detect(timeline)).save(tmp_path / "case.html").read_text("utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "\x00" not in text


def test_without_findings_the_facts_remain(timeline):
    made = ll.reports.case(timeline)
    assert len(made.findings) == 1
    assert len(made.chronology) == 1 + len(timeline.events)


def test_another_ending_is_told(timeline, tmp_path):
    with pytest.raises(ll.UserError, match=r"\.html, \.pdf"):
        ll.reports.case(timeline).save(tmp_path / "case.docx")


def test_people_are_shown_as_their_roles(tmp_path):
    rows = [
        row("contact", "2005-01-01", by_whom="A. Bos, psychiater"),
        row("contact", "2005-02-01", by_whom="C. de Wit"),
    ]
    timeline = cohort(events(rows))["y"]
    text = ll.reports.case(timeline).save(tmp_path / "case.html").read_text("utf-8")
    assert "psychiater" in text
    assert "Bos" not in text
    assert "Wit" not in text


def noted(timeline, **changes):
    """A note on a finding of the youth."""
    (key, *_) = ll.reports.finding_keys(ll.detect(timeline))
    told = {
        "author": "school",
        "date": date(2026, 3, 2),
        "text": "We did <call>.",
        "about": "finding",
        "target": key,
    }
    return ll.reports.Note(**(told | changes))


def test_a_dismissed_finding_stays_with_the_reason(timeline, tmp_path):
    findings = ll.detect(timeline)
    plain = ll.reports.case(timeline, findings, lang="en")
    notes = ll.reports.Notes((noted(timeline, stance="dismiss"),))
    made = ll.reports.case(timeline, findings, notes, lang="en")
    assert made.findings[0][-1] == "What was said of it"
    assert made.findings[1][:-1] == plain.findings[1]
    assert made.findings[1][-1] == "finding dismissed (school, 2 March 2026): We did <call>."
    assert len(made.findings) == len(plain.findings)
    text = made.save(tmp_path / "case.html").read_text("utf-8")
    assert "We did &lt;call&gt;." in text
    assert "We did <call>" not in text


def test_a_note_on_a_fact_changes_no_fact(timeline):
    event = timeline.events.to_arrow().column("event")[0].as_py()
    notes = ll.reports.Notes((noted(timeline, about="fact", target=event, stance="dispute"),))
    plain = ll.reports.case(timeline, ll.detect(timeline), lang="en").chronology
    made = ll.reports.case(timeline, ll.detect(timeline), notes, lang="en").chronology
    assert [row[:-1] for row in made] == list(plain)
    assert [row[-1] != "" for row in made[1:]].count(True) == 1


def test_a_note_says_of_what_it_speaks(timeline):
    lost = noted(timeline, target="Gap-0")
    whole = noted(timeline, about="case", target=None, stance="confirm", text="")
    made = ll.reports.case(timeline, ll.detect(timeline), ll.reports.Notes((lost, whole)), lang="en")
    assert [row[:2] for row in made.tables("en")["notes"][1:]] == [
        ("1", "something that is not in this version of the case"),
        ("2", "the whole case"),
    ]


def test_notes_are_read_from_their_file(timeline, tmp_path):
    said = ll.reports.Notes((noted(timeline),))
    made = ll.reports.case(timeline, ll.detect(timeline), said.save(tmp_path / "notes.toml"))
    assert list(made.notes) == list(said)


def test_the_workbook_has_a_sheet_a_layer(timeline, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = ll.reports.case(timeline, ll.detect(timeline), lang="en").save(tmp_path / "case.xlsx")
    names = openpyxl.load_workbook(path).sheetnames
    assert names == [
        "Please read first",
        "Findings",
        "Went well, and voices",
        "To discuss",
        "Notes",
        "Learning points",
        "Chronology",
    ]
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0]["A2"].value.startswith("One youth does not represent a group.")


def test_what_sources_dispute_stands_with_each_version():
    rows = {"agency": "GGZ", "what": "Counselling"}
    one = events([row("care", "2005-01-01", "2005-02-01", reason="no_show", **rows)], source="a")
    two = events([row("care", "2005-01-01", "2005-02-01", reason="agreed", **rows)], source="b")
    heads, told = ll.reports.case(cohort(one, two)["y"], lang="en").chronology
    assert heads[-1] == "Sources differ"
    assert told[-1] == "reason of end or refusal: no_show (a); agreed (b)"


def test_what_went_well_and_voices_have_a_table_that_says_what_it_lacks():
    silent = cohort(events([row("contact", "2005-01-01")]))["y"]
    made = ll.reports.case(silent, ll.detect(silent), lang="en")
    assert [row[0] for row in made.tables("en")["voices"][1:]] == [
        "What went well",
        "What the youth and the parents say",
    ]
    assert all("do not hold" in row[2] for row in made.tables("en")["voices"][1:])
    life = cohort(events([row("voice", "2005-01-01", what="I want to stay")]))["y"]
    spoken = ll.reports.case(life, ll.detect(life), lang="en").tables("en")["voices"]
    assert spoken[-1] == ("What the youth and the parents say", "1 January 2005", "I want to stay", "")


def test_notes_are_drawn_on_the_pages(timeline):
    findings = ll.detect(timeline)
    said = ll.reports.Notes((noted(timeline, stance="dismiss"),))
    pages = ll.reports.case(timeline, findings, said).pages
    assert [page.scene.kind for page in pages][-1] == "remarks"
    assert any(
        mark.text == "1" for page in pages for mark in page.scene.of("remark") if hasattr(mark, "text")
    )


def test_since_the_last_time(timeline):
    findings = ll.detect(timeline)
    made = ll.reports.case(timeline, findings, before=(timeline, findings), lang="en")
    assert made.tables("en")["compared"][1:] == (("", "", "", "The two versions say the same."),)
    fewer = cohort(
        events([row("care", "2005-01-01", "2005-02-01", birth="1990", agency="ggz", reason="no_show")])
    )["y"]
    said = ll.reports.Notes((noted(timeline),), (ll.reports.Learning("reach", "Ask sooner"),))
    made = ll.reports.case(timeline, findings, said, before=(fewer, ll.detect(fewer)), lang="en")
    told = {row[:2] for row in made.tables("en")["compared"][1:]}
    assert {("Fact", "added"), ("Finding", "new"), ("Note", "new"), ("Learning point", "new")} <= told
    assert "compared" not in ll.reports.case(timeline, findings).tables("en")


def test_a_case_is_of_one_youth_in_a_language_that_there_is():
    whole = cohort(events([row("contact", "2005-01-01")]))
    found = ll.detect(whole)
    for given, lang, told in (
        ((whole, found), "nl", "was given Cohort"),
        ((whole["y"], whole), "nl", "takes Findings"),
        ((whole["y"], found), "fr", "no such language"),
    ):
        with pytest.raises(ll.UserError, match=told):
            ll.reports.case(*given, lang=lang)
