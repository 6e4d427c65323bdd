import pickle

import pyarrow as pa
import pytest

import levensloop as ll
from levensloop.errors import SENTENCES, Fault, LevensloopError, UserError, fault, fold


def test_a_fault_tells_where_what_and_what_to_do():
    one = Fault("ggz.csv", 12, "Start", "impossible_date", "impossible date", "correct it")
    assert str(one) == "ggz.csv, row 12, column 'Start': impossible date. Hint: correct it."


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "row 12:"), (2, "row 12 and 1 more row:"), (1235, "row 12 and 1,234 more rows:")],
)
def test_a_fault_counts_the_other_rows(count, text):
    assert text in str(Fault("a.csv", 12, None, "x", "wrong.", "", count))


def test_a_fault_of_a_whole_file_names_the_file_only():
    assert (
        str(Fault("a.csv", None, None, "empty_file", "the file is empty", "")) == "a.csv: the file is empty."
    )


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_code_has_a_sentence_and_a_hint(code):
    made = fault(code, "a.csv", row=3, column="Start", detail="why")
    assert made.code == code
    assert made.message.endswith("(why)")
    assert made.hint


def test_fold_keeps_the_first_row_and_the_order():
    faults = [
        fault("missing_value", "a.csv", row=9, column="kind", count=2),
        fault("impossible_date", "a.csv", row=3, column="start"),
        fault("missing_value", "a.csv", row=4, column="kind", count=5),
        fault("missing_value", "a.csv", row=20, column="kind"),
        fault("missing_value", "b.csv", row=1, column="kind"),
    ]
    folded = fold(faults)
    assert [(one.file, one.code, one.row, one.count) for one in folded] == [
        ("a.csv", "missing_value", 4, 8),
        ("a.csv", "impossible_date", 3, 1),
        ("b.csv", "missing_value", 1, 1),
    ]


def test_fold_joins_faults_of_a_whole_file_only_when_they_say_the_same():
    same, other = fault("bad_layout", "a.toml", detail="x"), fault("bad_layout", "a.toml", detail="y")
    assert fold([same, same, other]) == (same, other)


def test_a_user_error_lists_all_faults_one_a_line():
    first, second = fault("missing_file", "a.csv"), fault("empty_file", "b.csv")
    error = UserError([first, second])
    assert error.faults == (first, second)
    assert str(error) == f"{first}\n{second}"
    assert isinstance(error, LevensloopError)


def test_a_user_error_takes_sentences_and_faults():
    one = fault("missing_file", "a.csv")
    error = UserError("nothing could be read", one)
    assert error.faults == (one,)
    assert str(error).splitlines() == ["nothing could be read", str(one)]


def test_a_user_error_survives_pickling():
    error = UserError([fault("missing_file", "a.csv")])
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line itself
    assert copy.faults == error.faults
    assert str(copy) == str(error)


def test_a_verb_that_is_given_another_noun_says_what_it_takes():
    events = ll.Events(pa.table({"person": ["a"], "agency": ["GP"], "kind": ["contact"], "start": ["2005"]}))
    people = ll.link(events)
    cohort = ll.merge(events, people)
    for wrong, told in (
        (lambda: ll.link(cohort), "link takes Events and was given Cohort"),
        (lambda: ll.merge(people, events), "merge takes Events and was given Identities"),
        (lambda: ll.merge(events, cohort), "merge takes Identities and was given Cohort"),
        (lambda: ll.detect(events), "detect takes Cohort and was given Events"),
        (lambda: ll.update(events, events), "update takes Cohort and was given Events"),
        (lambda: ll.update(cohort, None), "update takes Events and was given NoneType"),
        (lambda: ll.Events.concat([events, people]), "concat takes Events and was given Identities"),
        (lambda: ll.link(events, on=people), "`on` names columns"),
        (lambda: ll.link(events, on=5), "`on` names columns"),
    ):
        with pytest.raises(ll.UserError, match=rf"^{told}\. Hint: "):
            wrong()


@pytest.mark.parametrize("wrong", [None, 5, b"emmen", ["emmen"]])
def test_what_is_no_path_is_told_wherever_one_is_asked_for(wrong, tmp_path):
    file = tmp_path / "gp.csv"
    file.write_text("person;agency;kind;start\na;GP;contact;2005\n", encoding="utf-8")
    events = ll.read(file)
    cohort = ll.merge(events, ll.link(events))
    found = ll.detect(cohort)
    case = ll.reports.case(cohort["a"], found)
    asking = [
        lambda: ll.load(wrong),
        lambda: ll.run(file, wrong),
        lambda: cohort.save(wrong),
        lambda: case.save(wrong),
        lambda: ll.figures.save(case.pages, wrong),
        lambda: ll.figures.save_pages(cohort, found, wrong),
        lambda: ll.reports.present(cohort, found, ["a"], wrong),
        lambda: ll.reports.save_chronology(cohort["a"], found, wrong),
        lambda: ll.reports.exposed(wrong),
    ]
    if wrong is not None:
        asking.append(lambda: ll.read(file, layout=wrong))
    if not isinstance(wrong, list):
        asking.append(lambda: ll.reports.read_notes(wrong))
    for ask in asking:
        with pytest.raises(UserError, match=r"takes a path and was given \w+\. Hint: ") as told:
            ask()
        assert "emmen" not in str(told.value)
