"""The parts under the figures: placing, breaking text, dates, pages."""

import itertools
import random
from datetime import date

import numpy as np
import pytest

from figures import samples
from levensloop.figures.pages import divide, school_type, split
from levensloop.figures.reading import read_case
from levensloop.figures.vpsc import InfeasibleError, solve
from levensloop.figures.words import Words
from levensloop.figures.wrap import Ruler, clean, masker, shorten

TO = "\u2013"


class Wide:
    """Every letter is as wide as half its height."""

    def width(self, text, size, *, bold=False):
        return len(text) * size * (0.6 if bold else 0.5)

    def missing(self, text):
        return frozenset(text) & {"\u0000"}


def dual(desired, weights, rules):
    """The same least squares by Hildreth's method, slow and simple."""
    place, pull = np.array(desired, float), np.zeros(len(rules))
    for _ in range(3000):
        for at, (left, right, gap) in enumerate(rules):
            step = (gap - place[right] + place[left]) / (1 / weights[left] + 1 / weights[right])
            new = max(0.0, pull[at] + step)
            place[right] += (new - pull[at]) / weights[right]
            place[left] -= (new - pull[at]) / weights[left]
            pull[at] = new
    return place


@pytest.mark.parametrize("seed", range(12))
def test_places_are_the_least_squares(seed):
    dice = random.Random(seed)  # noqa: S311 - made-up problems
    count = dice.randint(2, 7)
    desired = [dice.uniform(0, 100) for _ in range(count)]
    weights = [dice.choice([1.0, 4.0, 0.2]) for _ in range(count)]
    pairs = itertools.combinations(range(count), 2)
    rules = [(a, b, dice.uniform(-5, 20)) for a, b in pairs if dice.random() < 0.5]
    assert np.allclose(solve(desired, weights, rules), dual(desired, weights, rules), atol=0.02)


def test_a_ring_of_constraints_has_no_places():
    with pytest.raises(InfeasibleError):
        solve([0.0, 0.0], [1.0, 1.0], [(0, 1, 5.0), (1, 0, 5.0)])


@pytest.mark.parametrize(
    ("bounds", "precision", "nl", "en"),
    [
        ("2001-03-04", "day", "4 mrt 2001", "4 Mar 2001"),
        ("2001-03", "month", "mrt 2001", "Mar 2001"),
        ("2001", "year", "2001", "2001"),
        ("1995-03/1995-05", "season", "voorjaar 1995", "spring 1995"),
        ("1990/1999", "decade", "jaren 1990", "1990s"),
        ("1994/1996", "approximate", "± 1995", "± 1995"),
        ("1995-01/1995-03", "approximate", "± feb 1995", "± Feb 1995"),
        ("1994/1996", "range", "± 1994~1996", "± 1994~1996"),
        ("2001-03-04/2001-03-09", "range", "± 4~9 mrt 2001", "± 4~9 Mar 2001"),
        ("2001-03/2001-06", "range", "± mrt~jun 2001", "± Mar~Jun 2001"),
        ("2001-11/2002-02", "range", "± nov 2001~feb 2002", "± Nov 2001~Feb 2002"),
    ],
)
def test_dates_say_what_is_known(bounds, precision, nl, en):
    first, last = (day.toordinal() for day in samples.bounds(bounds))
    assert Words("nl").when(first, last, precision) == nl.replace("~", TO)
    assert Words("en").when(first, last, precision) == en.replace("~", TO)


@pytest.mark.parametrize(
    ("days", "ongoing", "told"),
    [
        ((5, 5), False, "5 dagen"),
        ((1, 1), False, "1 dag"),
        ((0, 580), False, "hooguit 580 dagen"),
        ((30, None), False, "ten minste 30 dagen"),
        ((30, 90), True, "ten minste 30 dagen"),
        ((0, 90), True, "duur onbekend, loopt nog"),
        ((1, 90), True, "duur onbekend, loopt nog"),
        ((1, 1), True, "ten minste 1 dag"),
        ((0, 1), False, "hooguit 1 dag"),
    ],
)
def test_lengths_are_bounds(days, ongoing, told):
    assert Words("nl").days(days, ongoing=ongoing) == told


def test_long_words_are_broken_evenly_and_only_where_they_must():
    ruler = Ruler(Wide(), 20, 200)
    assert [piece.text for piece in ruler.pieces("gewoon woord", bold=False)] == ["gewoon", "woord"]
    broken = [piece.text for piece in ruler.pieces("x" * 40, bold=False)]
    assert all(ruler.width(text) <= 200 for text in broken)
    assert "".join(text.rstrip("-") for text in broken) == "x" * 40
    assert min(len(text) for text in broken) > 5
    assert [piece.text for piece in ruler.pieces("spraak/taal-achterstand", bold=False)] == [
        "spraak/",
        "taal-",
        "achterstand",
    ]
    assert [piece.text for piece in Ruler(Wide(), 20, 12).pieces("abc", bold=False)] == ["a", "b", "c"]


def test_texts_are_cut_with_an_ellipsis():
    ruler = Ruler(Wide(), 20, 200)
    assert shorten("een lange tekst", 80, ruler) == "een lan…"
    assert shorten("kort", 80, ruler) == "kort"
    assert shorten("kort", 5, ruler) == ""


def test_text_is_cleaned_and_names_are_hidden():
    assert clean("a\u0000b\n  c" + "\u0301" * 9).count("\u0301") <= 2
    assert masker("jorien", "J")("Voor Jorien en jorientje") == "Voor J en jorientje"
    assert masker("j", "J")("j") == "j"


def test_the_type_of_a_school():
    assert school_type("vocational", "De Linde (VMBO)") == "vocational"
    assert school_type("", "De Linde (BaO)") == "primary"
    assert school_type("", "De Linde") == ""


def test_a_placement_out_of_home_turns_the_page():
    events = [samples.event(n, f"{2000 + n}-03-04", "School", "education", "contact") for n in range(5)]
    events.append(
        samples.event(9, "2005-01-01", "Pleegzorg", "youth_care", "care_start", care_type="foster_care")
    )
    events += [samples.event(n, f"{1996 + n}-03-04", "School", "education", "contact") for n in range(10, 15)]
    case = read_case(samples.line(events, until="2011-01-01"), None, mask=True)
    first, second = split(case, "auto")
    assert first.closes is not None
    assert first.closes.word == "out_of_home"
    assert second.facts[0].id == "s:9"


def test_a_full_page_is_divided_without_losing_a_fact():
    line, _ = samples.made(50, seed=4)
    case = read_case(line, None, mask=True)
    (page,) = split(case, "whole")
    parts = divide(case, page, 4)
    assert len(parts) == 4
    assert [fact.id for part in parts for fact in part.facts] == [fact.id for fact in page.facts]
    assert all(part.start <= fact.middle < part.end for part in parts for fact in part.facts)


def test_a_case_without_facts_still_has_a_page():
    case = read_case(samples.line([], until="2001-01-01"), None, mask=True)
    assert len(split(case, "auto")) == 1
    assert case.until == date(2001, 1, 1).toordinal()
