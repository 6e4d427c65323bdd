"""Planted truth, sketches of lives, and checks of detectors against their own examples."""

from levensloop.testing.sketching import Sketch, parse_sketch, sketch

__all__ = ["Sketch", "parse_sketch", "sketch"]
