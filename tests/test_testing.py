"""Sketches, planted truth, and the check of a detector's own examples."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from python_calamine import load_workbook

import levensloop as ll
from levensloop.detectors import BUILT_IN
from levensloop.findings import Example, Findings
from levensloop.testing import check_detector, compare, make_emmen, parse_sketch, read_truth, sketch
from levensloop.testing.emmen import HABITS
from levensloop.testing.files import write_xlsx
from levensloop.testing.life import Life, birthday

GAP = """
birth 1995-01-01; window 2000-01-01..2012-12-31
ggz care 2005-01-01..2005-03-31 no_show
ggz care 2006-01-01..
"""


def rows(sketched, agency):
    return [
        {name: value for name, value in row.items() if value} for row in sketched.tables[agency].to_pylist()
    ]


def test_a_line_names_agency_kind_and_dates_then_anything_else():
    said = parse_sketch('gp referral 2005-01-10 > ggz id=7 why="hoort stemmen" initiative=gp # a comment')
    assert rows(said, "gp") == [{
        "person": "a", "agency": "gp", "sector": "health", "kind": "referral", "start": "2005-01-10", "to_agency": "ggz",
        "care_id": "7", "why": "hoort stemmen", "initiative": "gp",
    }]  # fmt: skip


def test_dates_may_be_open_uncertain_or_single():
    said = parse_sketch("x care 2005-03..; x care 2004/2005..2006-21 agreed; x contact 2005")
    assert [(row["start"], row.get("end")) for row in rows(said, "x")] == [
        ("2005-03", None),
        ("2004/2005", "2006-21"),
        ("2005", None),
    ]


def test_a_sector_or_a_care_type_can_be_given():
    said = parse_sketch("x care 2005.. housing type=residential")
    assert (rows(said, "x")[0]["sector"], rows(said, "x")[0]["care_type"]) == ("housing", "residential")


def test_windows_and_ages_are_told_per_agency():
    said = parse_sketch(
        "window 2000-01-01..2010-12-31; window b 2005-01-01..2006-12-31; ages b 0..18\na contact 2005; b contact 2005"
    )
    assert said.windows == {
        "a": (date(2000, 1, 1), date(2010, 12, 31)),
        "b": (date(2005, 1, 1), date(2006, 12, 31)),
    }
    assert said.ages == {"b": (0, 18)}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("ggz care", "cannot say"),
        ("ggz sleeps 2005", "not a kind"),
        ("ggz care 2005 for_ever", "not a reason"),
        ("ggz care 2005 color=red", "not a reason"),
        ("ggz care 2005-02-30", "impossible date"),
    ],
)
def test_what_a_sketch_does_not_understand_it_says(text, wrong):
    with pytest.raises(ValueError, match=wrong):
        sketch(text)


def test_one_youth_is_a_timeline_and_more_are_a_cohort():
    one = sketch("birth 1989-05-02\nggz care 2005..")
    assert isinstance(one, ll.Timeline)
    assert one.youths.to_arrow().column("birth_min").to_pylist() == [date(1989, 5, 2)]
    more = sketch("youth p; birth 1990\nggz care 2005..\nyouth q\nggz care 2006..")
    assert list(more) == ["p", "q"]


def test_ages_reach_the_sources():
    life = sketch("birth 1990-01-01\nages jgz 0..19\njgz contact 2000; ggz contact 2001")
    ages = {row["source"]: row["ages"] for row in life.sources.to_arrow().to_pylist()}
    assert ages == {"jgz": {"start": 0, "end": 19}, "ggz": None}


@pytest.mark.parametrize("detector", BUILT_IN, ids=lambda detector: detector.__name__)
def test_the_examples_of_every_built_in_detector_hold(detector):
    assert check_detector(detector) == len(detector.EXAMPLES) > 0


@dataclass(frozen=True)
class Never:
    """Finds nothing, whatever its examples say."""

    days: int = 1
    EXAMPLES = ()

    def detect(self, _cohort):
        return Findings.empty()


def test_a_detector_without_examples_is_not_checked():
    with pytest.raises(AssertionError, match="it has no examples"):
        check_detector(Never())


def test_an_example_that_does_not_hold_is_told_with_what_is_missing():
    class Wrong(Never):
        EXAMPLES = (Example("ggz care 2005..", ({"outcome": "unexplained"},), "a gap", {"days": 2}),)

    with pytest.raises(AssertionError, match=r"(?s)Wrong:.*example 1 \(a gap\).*not found: .*unexplained"):
        check_detector(Wrong)


def test_a_finding_beyond_the_expected_is_told_too():
    @dataclass(frozen=True)
    class Eager(ll.Gap):
        EXAMPLES = (Example(GAP),)

    with pytest.raises(AssertionError, match=r"(?s)no note.*found too: .*unexplained"):
        check_detector(Eager())


def test_examples_compare_days_measures_and_parameters():
    @dataclass(frozen=True)
    class Precise(ll.Gap):
        EXAMPLES = (
            Example(
                GAP, ({"start": date(2005, 4, 1), "end": "2006-01-01", "measures": {"waiting_days": 0}},)
            ),
            Example(GAP, (), "longer than that it is not", {"min_days": 400}),
        )

    assert check_detector(Precise()) == 2


def truth(*rows):
    return pa.Table.from_pylist(
        [dict(zip(("youth", "detector", "outcome", "start", "certainty"), row, strict=True)) for row in rows]
    )


def test_a_finding_meets_what_was_planted_where_the_truth_speaks():
    findings = ll.detect(sketch(GAP), ll.Gap())
    met = compare(findings, truth(("a", "Gap", "unexplained", "2005-04-01", "certain")))
    assert met.whole
    assert met.to_arrow().to_pylist() == [{
        "detector": "Gap", "planted": 1, "met": 1, "findings": 1, "precision": 1.0, "certain": 1,
        "certain_precision": 1.0, "recall": 1.0,
    }]  # fmt: skip
    assert compare(findings, truth(("a", "Gap", "unexplained", "", ""))).whole
    assert str(met).splitlines()[1].split() == ["Gap", "1", "1", "1", "1.000", "1", "1.000", "1.000"]


def test_what_is_missed_unplanted_or_doubted_is_shown():
    findings = ll.detect(sketch(GAP), ll.Gap())
    other = compare(findings, truth(("a", "Gap", "unexplained", "2005-05-01", "certain")))
    assert (len(other.missed), len(other.unplanted), other.whole) == (1, 1, False)
    assert other.to_arrow().column("recall").to_pylist() == [0.0]
    doubted = compare(findings, truth(("a", "Gap", "unexplained", "2005-04-01", "possible")))
    assert (len(doubted.missed), len(doubted.doubted), doubted.whole) == (0, 1, False)


def test_each_finding_meets_at_most_one_and_the_exact_ones_choose_first():
    findings = ll.detect(sketch(GAP), ll.Gap())
    both = truth(
        ("a", "Gap", "unexplained", "", "certain"), ("a", "Gap", "unexplained", "2005-04-01", "certain")
    )
    scores = compare(findings, both)
    assert [row["start"] for row in scores.missed.to_arrow().to_pylist()] == [""]


def test_a_share_of_nothing_is_no_number():
    row = compare(Findings.empty(), truth(("a", "Gap", "waiting", "", ""))).to_arrow().to_pylist()[0]
    assert (row["precision"], row["certain_precision"], row["recall"]) == (None, None, 0.0)


def test_another_seed_and_size_plant_other_lives_that_are_found_too(tmp_path):
    planted = make_emmen(tmp_path, youths=300, seed=7)
    assert planted.youths == 300
    assert read_truth(tmp_path).equals(read_truth(tmp_path / "_truth.csv"))
    events = ll.read(tmp_path)
    scores = compare(ll.detect(ll.merge(events, ll.link(events))), tmp_path)
    assert scores.whole, (scores.missed.to_arrow().to_pylist(), scores.unplanted.to_arrow().to_pylist())
    assert scores.to_arrow().column("planted").to_pylist() == [
        sum(count for name, count in planted.findings.items() if name.split()[0] == detector)
        for detector in ("AgeLimit", "Gap", "Handover", "OutOfView", "Waiting")
    ]


def test_a_handful_of_youths_is_still_a_delivery(tmp_path):
    planted = make_emmen(tmp_path, youths=3)
    assert planted.findings == {}
    assert len(read_truth(tmp_path)) == 0
    assert not (tmp_path / "wonen.tsv").exists()
    events = ll.read(tmp_path)
    assert len(ll.merge(events, ll.link(events))) == 3


def test_a_seed_writes_the_same_files(tmp_path):
    make_emmen(tmp_path / "one", youths=200)
    make_emmen(tmp_path / "two", youths=200)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_sheet_can_be_read_back(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [{"Nr": "<1>", "Dag": date(2005, 1, 1), "Leeg": None}], sheet="Blad & meer")
    sheet = load_workbook(path).get_sheet_by_name("Blad & meer")
    assert sheet.to_python() == [["Nr", "Dag", "Leeg"], ["<1>", 38353.0, ""]]


def test_born_on_a_leap_day():
    assert birthday(date(2004, 2, 29), 18) == date(2022, 3, 1)
    assert birthday(date(2004, 2, 29), 20) == date(2024, 2, 29)
    life = Life("E00012", date(2004, 2, 29), np.random.default_rng(1))
    assert (life.number, life.at(18, -1)) == (12, date(2022, 2, 28))


def test_every_agency_of_the_stories_has_a_file():
    names = [name for habit in HABITS for name in habit.agencies]
    assert len(names) == len(set(names))
