import re
import tomllib
from importlib.resources import files

import pytest

from levensloop.errors import SENTENCES, Fault, UserError, fault
from levensloop.faultwords import error_lines, fault_line
from levensloop.readers.checking import LISTS
from levensloop.readers.raw import MAGIC
from messages import bare, said

DUTCH = tomllib.loads((files("levensloop") / "data" / "locale" / "faults_nl.toml").read_text("utf-8"))
PAIRS = [(section, english, dutch) for section, pairs in DUTCH.items() for english, dutch in pairs.items()]
#: Where words come from elsewhere, and from where.
FROM_ELSEWHERE = {
    ("message", "errors.py"),  # SENTENCES
    ("hint", "errors.py"),
    ("message", "readers/parsing.py"),  # its table of sentences
    ("hint", "readers/parsing.py"),
    ("message", "readers/checking.py"),  # dateformats
    ("message", "reports/reading_notes.py"),  # the problems of notes and of learning points
    ("hint", "reports/reading_notes.py"),
}


def dutch(message, hint="", **where):
    return fault_line(Fault("a.csv", where.get("row"), where.get("column"), "x", message, hint), "nl")


def test_every_sentence_of_a_fault_has_its_dutch():
    known = {(section, bare(english)) for section, english, _ in PAIRS}
    told = {(section, text) for section, text, _ in said() if text != "{}"}
    assert len(told) > 180
    assert not told - known


def test_no_dutch_stands_for_what_nobody_says():
    told = {(section, text) for section, text, _ in said()}
    known = {
        (section, bare(english)) for section, english, _ in PAIRS if section in {"message", "hint", "sort"}
    }
    assert not known - told


def test_words_that_come_from_elsewhere_are_known():
    files_of = {
        (section, file) for section, text, file in said() if text == "{}" and section in {"message", "hint"}
    }
    assert files_of == FROM_ELSEWHERE


@pytest.mark.parametrize(("section", "english", "dutch"), PAIRS)
def test_a_sentence_holds_the_same_values_in_both_languages(section, english, dutch):
    assert sorted(re.findall(r"\{\w*\}", english)) == sorted(re.findall(r"\{\w*\}", dutch)), section
    assert english.count("{") == len(re.findall(r"\{\w+\}", english))
    assert dutch.endswith(".") == english.endswith(".")


def test_values_that_are_words_have_their_dutch():
    assert {kind for _, kind in MAGIC} <= set(DUTCH["kind"])
    assert set(LISTS.values()) <= set(DUTCH["list"])


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_code_is_told_in_dutch(code):
    one = fault(code, "a.csv", row=3, column="Start", detail="why", count=2)
    message, hint = SENTENCES[code]
    told = fault_line(one, "nl")
    assert told.startswith("a.csv, rij 3 en nog 1 rij, kolom 'Start': ")
    assert message not in told
    assert hint not in told
    assert " (why). Tip: " in told
    assert fault_line(one, "en") == str(one)


def test_numbers_have_the_mark_of_the_language():
    one = fault("impossible_date", "a.csv", row=1234, count=12001)
    assert fault_line(one, "nl").startswith("a.csv, rij 1234 en nog 12.000 rijen: onmogelijke datum.")
    assert "(aantal: 1.234)" in dutch("1,234 zero bytes stood in the text and were left out")


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("the file is named as text but is a PDF", "maar het is een pdf."),
        ("the workbook has no sheet 'Blad 1,000'", "geen blad 'Blad 1,000'."),
        ("must be a table, [codes.kind]", "moet een tabel, [codes.kind] zijn."),
        ("'zorg' is no word of the kinds", "'zorg' is geen woord uit de lijst met soorten."),
        ("a note speaks of a finding that is not there; it is kept", "over een bevinding die er niet is;"),
        (f"{SENTENCES['unknown_code'][0]} ('a', 'b', 3 more)", "('a', 'b' en nog 3)."),
        (f"{SENTENCES['unknown_code'][0]} (1,200 different)", "(aantal verschillende: 1.200)."),
        (
            f"{SENTENCES['duplicate_column'][0]} (the first was read)",
            "twee keer voor (de eerste is gelezen).",
        ),
        (
            "most of the text is UTF-8, but these rows are not and were read as cp1252: the header, 3, 1,234 and 1,000 more",
            ": de kop, 3, 1.234 en nog 1.000.",
        ),
        (
            "no valid TOML: Invalid value (at line 3, column 5)",
            "geen geldige TOML: ongeldige waarde (regel 3, teken 5).",
        ),
        ("no valid TOML: anything else (at end of document)", "TOML: anything else (aan het einde)."),
    ],
)
def test_what_stands_in_a_sentence_is_told_in_dutch_too(english, told):
    assert told in dutch(english)


def test_a_hint_names_what_is_alike_in_dutch():
    assert dutch("x", "did you mean 'a' or 'b or c' or 'd'?").endswith(
        "Tip: bedoelde u 'a' of 'b or c' of 'd'?"
    )
    assert dutch("x", "write open or unknown").endswith("Tip: schrijf open of unknown.")


def test_what_is_not_known_is_told_as_it_is():
    assert dutch("something of a reader of one's own.", "ask them") == (
        "a.csv: something of a reader of one's own. Tip: ask them."
    )


def test_an_error_is_told_in_dutch_if_it_is_made_of_faults():
    first, second = fault("missing_file", "a.csv"), fault("empty_file", "b.csv")
    assert error_lines(UserError([first, second]), "nl").splitlines() == [
        fault_line(first, "nl"),
        fault_line(second, "nl"),
    ]
    for error in (UserError("nothing to read"), UserError("nothing to read", first)):
        assert error_lines(error, "nl") == str(error)
