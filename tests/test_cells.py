import pyarrow as pa
import pytest

from levensloop import cells


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
def test_text_of_any_type_is_trimmed(kind):
    column = pa.chunked_array([pa.array([" a ", ""]).cast(kind), pa.array([None, "b  c"]).cast(kind)])
    assert cells.texts(column).type == pa.string()
    assert cells.names(column).to_pylist() == ["a", None, None, "b c"]
    assert cells.texts(column).to_pylist()[:3] == ["a", None, None]


def test_free_text_keeps_its_inner_spaces():
    assert cells.texts(pa.array([" a  b "])).to_pylist() == ["a  b"]


def test_numbers_are_text():
    assert cells.texts(pa.array([7, None])).to_pylist() == ["7", None]


def test_words_are_lower_case_if_asked():
    assert cells.names(pa.array(["Care ", "care"]), lower=True).dictionary.to_pylist() == ["care"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["a;b | c", ";|", None, " d  e "]),
        pa.array([["a", "b ", "c"], [], None, ["d  e", ""]]),
        pa.array([["a", "b ", "c"], [None], None, ["d  e", ""]], pa.large_list(pa.string())),
    ],
)
def test_lists_come_from_lists_or_from_text(column):
    found = cells.lists(column)
    assert found.type == cells.TEXTS
    assert found.to_pylist() == [["a", "b", "c"], None, None, ["d e"]]


def test_an_empty_column_has_no_lists():
    assert cells.lists(pa.nulls(2)).to_pylist() == [None, None]
    assert cells.lists(pa.array([], pa.string())).to_pylist() == []
    assert cells.lists(pa.array(["x", "a;b"])[1:]).to_pylist() == [["a", "b"]]
    assert cells.lists(pa.array([["x"], ["a", "b"]])[1:]).to_pylist() == [["a", "b"]]
