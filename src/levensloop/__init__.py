"""Life-course timelines of youths from the case files of many agencies.

Four verbs: :func:`read`, :func:`link`, :func:`merge`, :func:`detect`. Everything is imported
when it is first asked for, so that ``import levensloop`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levensloop import figures, privacy, reports, scale, testing
    from levensloop.authoring import detector
    from levensloop.cohort import Cohort, Timeline
    from levensloop.detecting import detect
    from levensloop.detectors import (
        AgeLimit,
        Deadlock,
        Escalation,
        Gap,
        Handover,
        Initiative,
        JointKnowledge,
        LateResponse,
        MissingPartner,
        NoCoordinator,
        NoEvaluation,
        OutOfView,
        ParallelCare,
        ReEntry,
        Repetition,
        SchoolBreaks,
        UnsharedInformation,
        UpcomingLimit,
        Waiting,
        WentWell,
    )
    from levensloop.errors import Fault, LevensloopError, UserError
    from levensloop.events import Events
    from levensloop.finding import Finding
    from levensloop.findings import Findings
    from levensloop.identities import Identities
    from levensloop.linking import link
    from levensloop.measures import agreement, aspects, evaluate, sensitivity
    from levensloop.merging import merge
    from levensloop.readers import read
    from levensloop.rulebooks import Rulebook, rulebook
    from levensloop.scale import Dataset, load, run
    from levensloop.updating import update

__version__ = "0.1.0"

_HOMES = {
    "AgeLimit": "detectors",
    "Cohort": "cohort",
    "Dataset": "scale",
    "Deadlock": "detectors",
    "Escalation": "detectors",
    "Events": "events",
    "Fault": "errors",
    "Finding": "finding",
    "Findings": "findings",
    "Gap": "detectors",
    "Handover": "detectors",
    "Identities": "identities",
    "Initiative": "detectors",
    "JointKnowledge": "detectors",
    "LateResponse": "detectors",
    "LevensloopError": "errors",
    "MissingPartner": "detectors",
    "NoCoordinator": "detectors",
    "NoEvaluation": "detectors",
    "OutOfView": "detectors",
    "ParallelCare": "detectors",
    "ReEntry": "detectors",
    "Repetition": "detectors",
    "Rulebook": "rulebooks",
    "SchoolBreaks": "detectors",
    "Timeline": "cohort",
    "UnsharedInformation": "detectors",
    "UpcomingLimit": "detectors",
    "UserError": "errors",
    "Waiting": "detectors",
    "WentWell": "detectors",
    "agreement": "measures",
    "aspects": "measures",
    "detect": "detecting",
    "detector": "authoring",
    "evaluate": "measures",
    "link": "linking",
    "load": "scale",
    "merge": "merging",
    "read": "readers",
    "rulebook": "rulebooks",
    "run": "scale",
    "sensitivity": "measures",
    "update": "updating",
}
_MODULES = ("figures", "privacy", "reports", "scale", "testing")

__all__ = [
    "AgeLimit",
    "Cohort",
    "Dataset",
    "Deadlock",
    "Escalation",
    "Events",
    "Fault",
    "Finding",
    "Findings",
    "Gap",
    "Handover",
    "Identities",
    "Initiative",
    "JointKnowledge",
    "LateResponse",
    "LevensloopError",
    "MissingPartner",
    "NoCoordinator",
    "NoEvaluation",
    "OutOfView",
    "ParallelCare",
    "ReEntry",
    "Repetition",
    "Rulebook",
    "SchoolBreaks",
    "Timeline",
    "UnsharedInformation",
    "UpcomingLimit",
    "UserError",
    "Waiting",
    "WentWell",
    "agreement",
    "aspects",
    "detect",
    "detector",
    "evaluate",
    "figures",
    "link",
    "load",
    "merge",
    "privacy",
    "read",
    "reports",
    "rulebook",
    "run",
    "scale",
    "sensitivity",
    "testing",
    "update",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        value = getattr(import_module(f"levensloop.{_HOMES[name]}"), name)
    elif name in _MODULES:
        value = import_module(f"levensloop.{name}")
    else:
        raise AttributeError(f"module 'levensloop' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
