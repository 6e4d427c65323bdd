"""Dutch names made comparable."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levensloop import names


@pytest.mark.parametrize(
    "text",
    [
        "van der Berg",
        "Berg, van der",
        "v.d. Berg",
        "V/D BERG",
        "berg",
        "Bérg",
        " van  den Berg ",
        "Van de Berg",
    ],
)
def test_one_surname_in_many_spellings(text):
    assert names.surname(text) == "berg"


@pytest.mark.parametrize(
    "text", ["Jansen-de Vries", "De Vries - Jansen", "Vries e.v. Jansen, de", "Jansen geb. de Vries"]
)
def test_a_double_name_is_both_names(text):
    assert names.surnames(text) == ("jansen", "vries")


def test_a_name_of_nothing_but_such_words_stays():
    assert names.surname("Van de") == "de van"
    assert names.surname("-") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jansen", "Janssen"), ("Meijer", "Meyer"), ("Meier", "Meijer"), ("Smit", "Smid"), ("Schmidt", "Schmit"),
     ("Vos", "Fos"), ("Cornelissen", "Kornelissen"), ("Philips", "Filips")],
)  # fmt: skip
def test_what_sounds_alike(one, other):
    assert names.sound(one) == names.sound(other)


def test_what_does_not_sound_alike():
    assert (
        len({names.sound(name) for name in ("Bakker", "Visser", "Smit", "Mulder", "Bos", "Vos", "Kok")}) == 7
    )


@pytest.mark.parametrize(
    ("text", "initial", "given"),
    [("Anna Maria", "a", "anna"), ("A.M.", "a", ""), ("AM", "a", "am"), ("JM", "j", ""), ("Th.", "t", ""),
     ("Élise", "e", "elise"), ("Anne-Fleur", "a", "annefleur"), ("-", "", ""), ("J", "j", "")],
)  # fmt: skip
def test_given_names_and_initials(text, initial, given):
    assert (names.initial(text), names.given(text)) == (initial, given)


@pytest.mark.parametrize(
    ("text", "code"),
    [("7811 AP", "7811ap"), ("7811ap", "7811ap"), ("7811", "7811"), ("0811 AP", ""), ("78112", ""), ("", "")],
)
def test_postcodes(text, code):
    assert names.postcode(text) == code


@given(st.text())
def test_any_text_is_a_name(text):
    for how in (names.surname, names.sound, names.initial, names.given, names.postcode):
        assert how(text) == how(f" {text} ")


def test_columns_are_made_once_for_each_distinct_value():
    seen = []
    column = pa.chunked_array([["Bos", "Bos"], ["Bos", None, ""]])
    assert names.compared(column, lambda text: seen.append(text) or names.surname(text)).to_pylist() == [
        "bos", "bos", "bos", None, None
    ]  # fmt: skip
    assert seen == ["Bos"]
