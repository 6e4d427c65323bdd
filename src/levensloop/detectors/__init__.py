"""The built-in detectors: a list that one can read."""

from levensloop.detectors.age_limit import AgeLimit
from levensloop.detectors.gap import Gap
from levensloop.detectors.handover import Handover
from levensloop.detectors.out_of_view import OutOfView
from levensloop.detectors.waiting import Waiting

#: Every built-in detector, in the order in which `detect` runs them.
BUILT_IN = (Gap, OutOfView, Waiting, Handover, AgeLimit)

__all__ = ["BUILT_IN", "AgeLimit", "Gap", "Handover", "OutOfView", "Waiting"]
