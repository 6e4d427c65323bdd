import hmac
import re
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from helpers import cohort, events, row
from levensloop.cohort import Parts
from levensloop.errors import UserError
from levensloop.privacy import (
    Glossary,
    eleven_proof,
    looks_like_citizen_numbers,
    mask,
    pseudonyms,
    secret,
    unmask,
)

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


GLOSSARY = Glossary({
    "Jorien": "jongere", "Anja de Boer": "gezinsvoogd", "Anja": "gezinsvoogd", "Bureau Jeugdzorg Emmen": "bureau",
})  # fmt: skip


def _case():
    rows = [
        row("referral", "2005-03", agency="Dr. Pol", sector="health", to_agency="De Bascule", what="Jorien wil hulp"),
        row("care", "2005-06-01", "2006-02-28", agency="De Bascule", by_whom="J. Smit, psychiater", why="zie Anja de Boer"),
        row("care", "2006-09-01", "2007-01-31", agency="Accare", by_whom="Truus", result="ANJA tevreden [a]", care_id="T7"),
        row("measure", "2006-10-01", "2007-10-01", agency="Bureau Jeugdzorg Emmen", sector="youth_care",
            by_whom="Anja de Boer", shared_with="Accare;De Bascule"),
    ]  # fmt: skip
    own = [line | {"birth": "1992-05-01", "municipality": "Emmen", "district": "Angelslo"} for line in rows]
    other = row("contact", "2005", person="x", agency="Elders")
    found = cohort(events(own, "emmen_ggz"), events([other], "b"))
    return found["y"], ll.detect(found)


def _lines(table):
    return table.to_arrow().to_pylist()


def test_a_masked_timeline_names_nobody():
    timeline, findings = _case()
    shown = mask(timeline, findings, key=KEY, glossary=GLOSSARY)
    tables = [getattr(shown.timeline, field.name) for field in fields(Parts)] + [
        shown.findings,
        shown.findings.assessed,
    ]
    told = " ".join(str(_lines(table)) for table in tables)
    hidden = ["Jorien", "Anja", "ANJA", "Smit", "Truus", "Pol", "Bascule", "Accare", "Emmen", "Angelslo", "emmen_ggz",
              "T7", "Elders", "'y'", "date(1992, 5, 1)", KEY.decode()]  # fmt: skip
    assert [word for word in hidden if word in told] == []
    assert [line["agency"] for line in _lines(shown.timeline.events)] == [
        "Zorg",
        "GGZ 1",
        "GGZ 2",
        "[bureau]",
    ]
    assert [line["by_whom"] for line in _lines(shown.timeline.events)] == [
        None,
        "psychiater",
        "medewerker",
        "[gezinsvoogd]",
    ]
    assert _lines(shown.timeline.events)[0]["what"] == "[jongere] wil hulp"
    assert _lines(shown.timeline.events)[0]["to_agency"] == "GGZ 1"
    assert _lines(shown.timeline.events)[3]["shared_with"] == ["GGZ 2", "GGZ 1"]


def test_intervals_and_findings_stay_what_they_were():
    timeline, findings = _case()
    shown = mask(timeline, findings, key=KEY)
    before, after = _lines(timeline.events), _lines(shown.timeline.events)
    moved = {new["start_min"] - old["start_min"] for new, old in zip(after, before, strict=True)}
    moved |= {
        new["end_max"] - old["end_max"] for new, old in zip(after, before, strict=True) if old["end_max"]
    }
    (birth,), (old,) = _lines(shown.timeline.youths), _lines(timeline.youths)
    moved |= {birth["birth_min"] - old["birth_min"], birth["observed_until"] - old["observed_until"]}
    own = [found for found in _lines(findings) if found["youth"] == "y"]
    seen = _lines(shown.findings)
    moved |= {new["start"] - was["start"] for new, was in zip(seen, own, strict=True)}
    (days,) = {move.days for move in moved}
    assert days % 7 == 0
    assert 56 <= abs(days) <= 364
    same = ("detector", "outcome", "certainty", "days_min", "days_max", "ongoing", "over_norm")
    assert [[line[name] for name in same] for line in seen] == [[line[name] for name in same] for line in own]
    events = {line["event"] for line in after}
    assert {event for line in seen for event in line["evidence"]} <= events
    assert seen
    # A detector of intervals finds the same again.
    gaps = [ll.detect(one, ll.Gap()) for one in (timeline, shown.timeline)]
    assert [found["days_max"] for found in _lines(gaps[0])] == [
        found["days_max"] for found in _lines(gaps[1])
    ]


def test_unmasking_gives_back_dates_and_names():
    timeline, findings = _case()
    shown = mask(timeline, findings, key=KEY, glossary=GLOSSARY, lang="en")
    back = unmask(shown.timeline, shown.findings, key=KEY, glossary=GLOSSARY)
    before, after = _lines(timeline.events), _lines(back.timeline.events)
    for name in ("start_min", "start_max", "end_min", "end_max", "what", "why"):
        assert [line[name] for line in after] == [line[name] for line in before]
    assert after[3]["agency"] == "Bureau Jeugdzorg Emmen"
    assert after[3]["by_whom"] == "Anja de Boer"
    assert after[1]["agency"] == "Mental health 1"
    assert after[2]["result"] == "Anja de Boer tevreden [a]"  # the first spelling of the label
    assert back.timeline.id == shown.timeline.id != timeline.id
    assert [line["start"] for line in _lines(back.findings)] == [
        line["start"] for line in _lines(findings) if line["youth"] == "y"
    ]


def test_another_key_moves_other_days_to_another_name():
    timeline, findings = _case()
    one, other = (mask(timeline, findings, key=key) for key in (KEY, b"another"))
    assert one.timeline.id != other.timeline.id
    assert one.timeline.events != other.timeline.events
    assert mask(timeline, findings, key=KEY).timeline.events == one.timeline.events


@given(
    st.lists(st.sampled_from(["Jan", "Jan Smit", "Eva", "O'Brien", "de (x)", "Zoë"]), unique=True),
    st.lists(
        st.sampled_from(["Jan", "Jan Smit", "Eva", "Evalien", "O'Brien", "de (x)", "Zoë", "zag", ".", " "])
    ),
)
def test_a_glossary_leads_back_to_what_stood_there(names, words):
    glossary = Glossary({name: f"label {place}" for place, name in enumerate(names)})
    text = " ".join(words)
    hidden = glossary.mask(text)
    assert glossary.unmask(hidden) == text
    assert not any(word in names for word in re.split(r"[ .]", re.sub(r"\[.*?\]", "", hidden)))


@pytest.mark.parametrize("names", [{"": "x"}, {"Jan": ""}, {"Jan": "[x]"}])
def test_a_glossary_that_could_not_lead_back_is_refused(names):
    with pytest.raises(UserError, match="glossary"):
        Glossary(names)


def test_a_glossary_from_a_file(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("name,label\nJan,vader\n", encoding="utf-8-sig")
    assert Glossary.load(path).mask("Jan en jan en Jans") == "[vader] en [vader] en Jans"
    path.write_text("who,what\n")
    with pytest.raises(UserError, match="columns"):
        Glossary.load(path)
    with pytest.raises(UserError, match="cannot be read"):
        Glossary.load(tmp_path)


def test_names_are_left_out_of_the_rows_as_delivered(tmp_path):
    path = tmp_path / "ggz.csv"
    path.write_text("person;birth;surname;Given_Names;postcode;agency;kind;start\n"
                    "7;1990-01-02;De Vries;Anna;7811 AP;ggz;contact;2005\n")  # fmt: skip
    read = ll.read(path, pseudonymise="a key of ours")
    (kept,) = _lines(read.records)
    assert [name for name, _ in kept["row"]] == ["person", "birth", "agency", "kind", "start"]
    assert "7" not in {value for _, value in kept["row"]}
    (person,) = _lines(read.persons)
    assert (person["surname"], person["given_names"], person["postcode"]) == ("De Vries", "Anna", "7811 AP")
    assert "a key of ours" not in str(_lines(read.records) + _lines(read.persons) + _lines(read.sources))
