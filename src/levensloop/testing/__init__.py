"""Planted truth, sketches of lives, and checks of detectors against their own examples.

Examples
--------
>>> len(sketch("ggz care 2005-03-01..2005-09-30 goal_reached").episodes)
1
"""

from levensloop.testing.emmen import Planted, make_emmen
from levensloop.testing.examples import check_detector
from levensloop.testing.sketching import Sketch, parse_sketch, sketch
from levensloop.testing.truth import Scores, compare, read_truth

__all__ = [
    "Planted",
    "Scores",
    "Sketch",
    "check_detector",
    "compare",
    "make_emmen",
    "parse_sketch",
    "read_truth",
    "sketch",
]
