"""The built-in detectors: a list that one can read."""

from levensloop.detectors.age_limit import AgeLimit
from levensloop.detectors.deadlock import Deadlock
from levensloop.detectors.escalation import Escalation
from levensloop.detectors.gap import Gap
from levensloop.detectors.handover import Handover
from levensloop.detectors.initiative import Initiative
from levensloop.detectors.joint_knowledge import JointKnowledge
from levensloop.detectors.late_response import LateResponse
from levensloop.detectors.missing_partner import MissingPartner
from levensloop.detectors.no_coordinator import NoCoordinator
from levensloop.detectors.no_evaluation import NoEvaluation
from levensloop.detectors.out_of_view import OutOfView
from levensloop.detectors.parallel_care import ParallelCare
from levensloop.detectors.re_entry import ReEntry
from levensloop.detectors.repetition import Repetition
from levensloop.detectors.school_breaks import SchoolBreaks
from levensloop.detectors.unshared_information import UnsharedInformation
from levensloop.detectors.upcoming_limit import UpcomingLimit
from levensloop.detectors.waiting import Waiting
from levensloop.detectors.went_well import WentWell

#: Every built-in detector, in the order in which `detect` runs them.
BUILT_IN = (
    Gap,
    OutOfView,
    Waiting,
    Handover,
    AgeLimit,
    LateResponse,
    JointKnowledge,
    Escalation,
    MissingPartner,
    Repetition,
    Deadlock,
    Initiative,
    SchoolBreaks,
    UnsharedInformation,
    ParallelCare,
    NoCoordinator,
    NoEvaluation,
    ReEntry,
    UpcomingLimit,
    WentWell,
)

__all__ = [
    "BUILT_IN",
    "AgeLimit",
    "Deadlock",
    "Escalation",
    "Gap",
    "Handover",
    "Initiative",
    "JointKnowledge",
    "LateResponse",
    "MissingPartner",
    "NoCoordinator",
    "NoEvaluation",
    "OutOfView",
    "ParallelCare",
    "ReEntry",
    "Repetition",
    "SchoolBreaks",
    "UnsharedInformation",
    "UpcomingLimit",
    "Waiting",
    "WentWell",
]
