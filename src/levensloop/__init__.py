"""Life-course timelines of youths from the case files of many agencies.

Four verbs: :func:`read`, :func:`link`, :func:`merge`, :func:`detect`. Everything is imported
when it is first asked for, so that ``import levensloop`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levensloop import figures, reports, testing
    from levensloop.cohort import Cohort, Timeline, load
    from levensloop.detecting import detect
    from levensloop.detectors import AgeLimit, Gap, Handover, OutOfView, Waiting
    from levensloop.errors import Fault, LevensloopError, UserError
    from levensloop.events import Events
    from levensloop.findings import Findings
    from levensloop.identities import Identities
    from levensloop.linking import link
    from levensloop.merging import merge
    from levensloop.readers import read
    from levensloop.rulebooks import Rulebook, rulebook

__version__ = "0.1.0"

_HOMES = {
    "AgeLimit": "detectors",
    "Cohort": "cohort",
    "Events": "events",
    "Fault": "errors",
    "Findings": "findings",
    "Gap": "detectors",
    "Handover": "detectors",
    "Identities": "identities",
    "LevensloopError": "errors",
    "OutOfView": "detectors",
    "Rulebook": "rulebooks",
    "Timeline": "cohort",
    "UserError": "errors",
    "Waiting": "detectors",
    "detect": "detecting",
    "link": "linking",
    "load": "cohort",
    "merge": "merging",
    "read": "readers",
    "rulebook": "rulebooks",
}
_MODULES = ("figures", "reports", "testing")

__all__ = [
    "AgeLimit",
    "Cohort",
    "Events",
    "Fault",
    "Findings",
    "Gap",
    "Handover",
    "Identities",
    "LevensloopError",
    "OutOfView",
    "Rulebook",
    "Timeline",
    "UserError",
    "Waiting",
    "detect",
    "figures",
    "link",
    "load",
    "merge",
    "read",
    "reports",
    "rulebook",
    "testing",
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
