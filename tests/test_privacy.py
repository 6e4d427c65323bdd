import hmac

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levensloop.errors import UserError
from levensloop.privacy import eleven_proof, looks_like_citizen_numbers, pseudonyms, secret

KEY = b"a key of this test and of nothing else"


def proof(number):
    """The 11-proof as the law writes it, digit by digit."""
    digits = [int(digit) for digit in f"{number:09d}"]
    weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
    return number > 0 and sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


CITIZENS = [f"{number:09d}" for number in range(999_990_000, 999_991_000) if proof(number)]


@given(st.lists(st.integers(10_000_000, 999_999_999), min_size=1))
def test_the_proof_is_that_of_the_law(numbers):
    assert eleven_proof(pa.array([str(number) for number in numbers])).tolist() == [
        proof(one) for one in numbers
    ]


@pytest.mark.parametrize("key", ["", "000000000", "12345", "1234567890", "a23456789", "jorien", None])
def test_other_keys_do_not_pass(key):
    assert not eleven_proof(pa.array([key], pa.string()))[0]


def test_points_spaces_and_a_dropped_zero_do_not_hide_a_number():
    assert eleven_proof(pa.chunked_array([["012345672", "12345672"], ["0123.45.672", "012 345 672"]])).all()


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (CITIZENS[:3], True),
        (CITIZENS[:2], False),
        ([*CITIZENS[:2], CITIZENS[0], f" {CITIZENS[1]} "], False),
        ([*CITIZENS[:20], "unknown", "", None], True),
        ([*CITIZENS[:20], *(f"E{number}" for number in range(30))], False),
        ([f"{number:09d}" for number in range(1, 20_000) if proof(number)], True),
        ([], False),
        ([None, ""], False),
        ([str(number) for number in range(566_910, 567_910)], False),
    ],
)
def test_what_is_taken_for_citizen_numbers(keys, found):
    assert looks_like_citizen_numbers(pa.array(keys, pa.string())) is found


def test_random_numbers_of_nine_digits_are_not():
    made = np.random.default_rng(7)
    for size in (3, 4, 10, 100, 1000):
        for _ in range(50):
            numbers = pa.array([str(number) for number in made.integers(10**8, 10**9, size)])
            assert not looks_like_citizen_numbers(numbers)


def test_pseudonyms_are_keyed_hashes_of_what_stands_there():
    made = pseudonyms(pa.chunked_array([["jorien", " jorien "], ["", None]]), KEY).to_pylist()
    told = hmac.new(KEY, b"jorien", "sha256").hexdigest()
    assert made == [told, told, None, None]
    assert pseudonyms(pa.array(["jorien"]), b"another")[0].as_py() != told


def test_a_dropped_zero_gives_one_pseudonym():
    made = pseudonyms(pa.array(["012345672", "12345672", "0123.45.672"]), KEY).to_pylist()
    assert len(set(made)) == 1


def test_other_numbers_keep_their_zeros():
    assert len(set(pseudonyms(pa.array(["012345678", "12345678"]), KEY).to_pylist())) == 2


def test_where_a_key_may_come_from(tmp_path, monkeypatch):
    path = tmp_path / "key"
    path.write_bytes(KEY + b"\n")
    monkeypatch.setenv("LEVENSLOOP_TEST_KEY", KEY.decode())
    told = [KEY, KEY.decode(), path, str(path), "env:LEVENSLOOP_TEST_KEY"]
    assert {secret(one) for one in told} == {KEY}


@pytest.mark.parametrize(
    "told", [b"", "", "env:LEVENSLOOP_NO_SUCH_KEY", "./no_such_file", "secret.key", 7, True]
)
def test_a_key_that_is_not_there_is_an_error_with_a_way_out(told):
    with pytest.raises(UserError) as caught:
        secret(told)
    assert str(caught.value)


def test_a_key_may_hold_anything(tmp_path):
    assert secret("two\nlines") == b"two\nlines"
    assert secret("x" * 5000) == b"x" * 5000
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(UserError, match="empty"):
        secret(empty)
    with pytest.raises(UserError, match="path"):
        secret(tmp_path)
