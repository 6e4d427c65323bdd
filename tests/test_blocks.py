"""Blocks of youths merged side by side give what all rows merged at once give."""

from pathlib import Path

import pytest

import levensloop as ll
from levensloop import blocks
from levensloop.tables import plain

EMMEN = Path(__file__).parents[1] / "data" / "sample" / "emmen"
TABLES = ("events", "episodes", "youths", "records", "choices", "conflicts", "agencies")

_TWICE = """
youth a
birth 1990-01-01
gp referral 2005-03-01 > ggz
ggz care 2005-04~..2005-09-30 goal_reached
youth b
birth 1991
school school 1996..2002
gp contact 2003-05-06
youth c
ggz care_start 2004-01-01
ggz care_end 2004-06-30 as_planned
youth d
gp contact 2001
"""


def _tables(cohort):
    return {name: plain(getattr(cohort, name).to_arrow()) for name in TABLES}


@pytest.fixture
def emmen():
    return ll.read(EMMEN, pseudonymise=False)


@pytest.mark.parametrize("rows", [700, 4000])
def test_blocks_give_what_one_gives(emmen, monkeypatch, rows):
    people = ll.link(emmen)
    whole = _tables(ll.merge(emmen, people))
    monkeypatch.setattr(blocks, "_ROWS", rows)
    parted = _tables(ll.merge(emmen, people))
    assert [name for name in TABLES if not whole[name].equals(parted[name])] == []


def test_every_row_keeps_its_fact_in_blocks(monkeypatch):
    whole = ll.testing.sketch(_TWICE)
    monkeypatch.setattr(blocks, "_ROWS", 2)
    parted = ll.testing.sketch(_TWICE)
    assert list(whole) == list(parted)
    assert _tables(whole) == _tables(parted)
    found, again = (ll.detect(cohort).to_arrow() for cohort in (whole, parted))
    assert plain(found).equals(plain(again))
