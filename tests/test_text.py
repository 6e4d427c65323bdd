"""The two catalogues, and days and lengths of time in words."""

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from levensloop.detectors import BUILT_IN
from levensloop.errors import UserError
from levensloop.text import LANGUAGES, catalogue, day, days, named, say

SOURCE = Path(__file__).parents[1] / "src" / "levensloop"
DETECTORS = {detector.__name__ for detector in BUILT_IN}
#: Every outcome that an example of a detector shows.
OUTCOMES = {
    found["outcome"]
    for detector in BUILT_IN
    for example in detector.EXAMPLES
    for found in example.finds
    if "outcome" in found
}


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def below(table):
    return {key.split(".")[1] for key in catalogue("nl") if key.startswith(f"{table}.")}


def test_the_catalogues_have_the_same_sentences_in_the_same_order():
    assert list(catalogue("nl")) == list(catalogue("en"))


def test_a_sentence_has_the_same_values_in_both_languages():
    for key, sentence in catalogue("nl").items():
        assert fields(sentence) == fields(catalogue("en")[key]), key


def test_no_sentence_is_empty():
    assert all(sentence.strip() for lang in LANGUAGES for sentence in catalogue(lang).values())


def test_a_form_for_one_goes_with_a_form_for_many():
    for key in catalogue("nl"):
        stem, _, form = key.rpartition(".")
        if form in {"one", "many"}:
            assert {f"{stem}.one", f"{stem}.many"} <= set(catalogue("nl"))


def test_every_detector_and_outcome_has_a_name_and_a_sentence():
    assert below("detector") == below("detector_explained") == DETECTORS
    assert below("outcome") == below("outcome_explained")
    assert below("outcome") >= OUTCOMES


def test_every_sentence_that_the_code_asks_for_is_there():
    known = set(catalogue("nl"))
    for path in SOURCE.rglob("*.py"):
        code = path.read_text("utf-8")
        if "levensloop.text import" in code:
            for key in re.findall(r'(?<![.\w])say\(\s*"([a-z_.]+)"', code):
                assert {key, f"{key}.one"} & known, f"{path.name}: {key}"


def test_a_word_without_a_name_is_shown_as_it_is():
    assert named("outcome", "lost") == "niet aangekomen"
    assert named("outcome", "my_own") == "my_own"


def test_a_language_without_a_catalogue():
    with pytest.raises(UserError, match="nl, en"):
        say("command.done", "fr")


def test_an_unknown_sentence_is_a_key_error():
    with pytest.raises(KeyError):
        say("no.such.sentence")


@pytest.mark.parametrize(
    ("n", "lang", "expected"),
    [
        (0, "nl", "0 rijen gelezen"),
        (1, "nl", "1 rij gelezen"),
        (1234567, "nl", "1.234.567 rijen gelezen"),
        (1234567, "en", "1,234,567 rows read"),
    ],
)
def test_numbers_choose_the_form_and_get_a_mark(n, lang, expected):
    assert say("read.rows", lang, {"n": n}) == expected


def test_values_that_are_no_numbers_stay_as_they_are():
    assert say("write.file", "en", {"file": True}) == "written: True"
    assert say("write.file", "nl", {"file": "a.html"}) == "geschreven: a.html"


@pytest.mark.parametrize(
    ("first", "last", "nl", "en"),
    [
        ("2005-03-03", "2005-03-03", "3 maart 2005", "3 March 2005"),
        ("2005-03-01", "2005-03-31", "maart 2005", "March 2005"),
        ("2004-02-01", "2004-02-29", "februari 2004", "February 2004"),
        ("2004-12-01", "2004-12-31", "december 2004", "December 2004"),
        ("2005-01-01", "2005-12-31", "2005", "2005"),
        ("2005-03-01", "2005-05-31", "lente 2005", "spring 2005"),
        ("2005-12-01", "2006-02-28", "winter 2005-2006", "winter 2005-2006"),
        ("1990-01-01", "1999-12-31", "de jaren 1990", "the 1990s"),
        ("1991-01-01", "2000-12-31", "tussen 1 januari 1991 en 31 december 2000", None),
        ("2005-01-01", "2005-03-31", "tussen 1 januari 2005 en 31 maart 2005", None),
        ("2005-03-02", "2005-03-31", "tussen 2 maart 2005 en 31 maart 2005", None),
        ("2005-03-01", "2005-03-30", "tussen 1 maart 2005 en 30 maart 2005", None),
        ("2005-02-01", "2006-01-31", "tussen 1 februari 2005 en 31 januari 2006", None),
        ("2000-01-01", "2000-02-29", "tussen 1 januari 2000 en 29 februari 2000", None),
        ("2004-12-31", "2005-01-01", None, "between 31 December 2004 and 1 January 2005"),
    ],
)
def test_what_is_known_of_a_day_in_words(first, last, nl, en):
    bounds = (date.fromisoformat(first), date.fromisoformat(last))
    assert nl is None or day(bounds) == nl
    assert en is None or day(bounds, "en") == en


def test_the_last_day_of_the_calendar_can_be_told():
    assert day((date(9999, 12, 1), date.max)) == "december 9999"


@pytest.mark.parametrize(
    ("least", "most", "nl", "en"),
    [
        (12, 12, "12 dagen", "12 days"),
        (1, 1, "1 dag", "1 day"),
        (0, 580, "hooguit 580 dagen", "at most 580 days"),
        (0, 1, "hooguit 1 dag", "at most 1 day"),
        (1000, 1000, "1.000 dagen", "1,000 days"),
        (90, None, "ten minste 90 dagen", "at least 90 days"),
    ],
)
def test_lengths_of_time_in_words(least, most, nl, en):
    assert days(least, most) == nl
    assert days(least, most, "en") == en
