"""Rules, days and codes in few words, for tests."""

from datetime import date

import numpy as np

from levensloop.rule import Rule

GOOD = """
[care]
nl = "Hulp tot 20 jaar."
en = "Care until 20."
kind = "age_limit"
value = 20
unit = "years"
valid_from = 2030-01-01
sectors = ["youth_care"]
cutoff = "birthday"
limit = true
source = "an example"
certainty = "C"
checked_on = 2030-01-01
"""


def days(*texts):
    return np.array(texts, "M8[D]").astype(np.int64)


def iso(numbers):
    return numbers.astype("M8[D]").astype(str).tolist()


def coded(*names):
    known = sorted({name for name in names if name})
    return np.array([known.index(name) if name else -1 for name in names], np.int64), known


def made(**changes):
    values = {
        "id": "care",
        "domain": "youth_care",
        "nl": "Hulp.",
        "en": "Care.",
        "kind": "norm",
        "value": 6,
        "unit": "weeks",
        "source": "an example",
        "certainty": "B",
        "checked_on": date(2030, 1, 1),
        "sectors": ("youth_care",),
        "segment": "whole",
    }
    return Rule(**(values | changes))
