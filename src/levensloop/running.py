"""One detector on one cohort: over arrays or youth by youth, and what is told when it fails."""

import inspect
import traceback
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from levensloop.authoring import FunctionDetector
from levensloop.cohort import Cohort
from levensloop.errors import UserError
from levensloop.finding import Finding
from levensloop.findings import Findings
from levensloop.spans import Bools

#: After so many youths on whom an array detector fails, what is left of a failing part is not tried again.
_MOST: Final = 20


class Ran(NamedTuple):
    """What a detector found, and why it could not look at some youths, by their place."""

    findings: Findings
    failed: dict[int, str]


def run(detector: Any, name: str, cohort: Cohort, able: Bools, *, stop: bool) -> Ran:  # noqa: ANN401
    """Run a detector; a youth on whom it fails is told and left out.

    Parameters
    ----------
    detector : Detector
    name : str
        As it is told in errors.
    cohort : Cohort
    able : array of bool
        Which youths are looked at, one by one; arrays are computed over all.
    stop : bool
        Whether the first error is raised.
    """
    failed: dict[int, str] = {}
    if not isinstance(detector, FunctionDetector) and callable(getattr(detector, "detect", None)):
        parts = list(_halves(_Run(detector, name, stop), cohort, (0, len(cohort)), failed))
        return Ran(Findings.concat(parts), failed)
    found: list[Finding] = []
    for place, youth in enumerate(cohort):
        if not able[place]:
            continue
        try:
            found.extend(_stamped(detector.detect_one(cohort.timeline(youth)), youth))
        except Exception as wrong:  # whatever a detector raises, the other youths are still to be seen
            if stop or isinstance(wrong, UserError):
                wrong.add_note(f"{name}, youth {place + 1}, {_line(detector, wrong)}")
                raise
            failed[place] = _told(detector, wrong)
    return Ran(Findings.of_findings(found), failed)


def _stamped(found: Iterable[Finding] | None, youth: str) -> list[Finding]:
    return [replace(one, youth=youth) for one in found or ()]


class _Run(NamedTuple):
    detector: Any
    name: str
    stop: bool

    def on(self, cohort: Cohort) -> Findings:
        """What it finds in a cohort."""
        found = self.detector.detect(cohort)
        if not isinstance(found, Findings):
            hint = "Hint: give Findings, as Findings.of_findings makes them."
            raise UserError(f"{self.name}.detect gives a {type(found).__name__}. {hint}")
        return found


def _halves(run: _Run, cohort: Cohort, part: tuple[int, int], failed: dict[int, str]) -> Iterator[Findings]:
    """The findings on a part of the youths; where it fails, on each half, down to the youth it fails on."""
    first, last = part
    try:
        yield run.on(cohort if (first, last) == (0, len(cohort)) else cohort.part(first, last))
    except Exception as wrong:  # whatever a detector raises, the others are still to be run
        if run.stop or isinstance(wrong, UserError):
            wrong.add_note(blamed(run.detector, run.name, wrong))
            raise
        if (first, last) == (0, len(cohort)):
            warnings.warn(
                f"{run.name} failed on all youths together: {_told(run.detector, wrong)}", stacklevel=5
            )
        if last - first <= 1 or len(failed) >= _MOST:
            failed.update(dict.fromkeys(range(first, last), _told(run.detector, wrong)))
            return
    else:
        return
    middle = (first + last) // 2
    yield from _halves(run, cohort, (first, middle), failed)
    yield from _halves(run, cohort, (middle, last), failed)


def built_in(detector: object) -> bool:
    """Whether a detector is one of our own: if it fails that is a fault of the program, and must be seen."""
    return type(detector).__module__.startswith("levensloop.detectors.")


def blamed(detector: object, name: str, wrong: Exception) -> str:
    """The detector that failed, and in which line."""
    return f"{name}, {_line(detector, wrong)}"


def _told(detector: object, wrong: Exception) -> str:
    """The sort of error and its line; not its text, which may hold what was recorded of a person."""
    return f"it failed: {type(wrong).__name__}, {_line(detector, wrong)}"


def _line(detector: object, wrong: Exception) -> str:
    """The last line of the detector's own file on the way to an error."""
    code = inspect.unwrap(getattr(detector, "function", type(detector)))
    try:
        own = inspect.getsourcefile(code)
    except TypeError:
        own = None
    frames = traceback.extract_tb(wrong.__traceback__)
    frame = next((one for one in reversed(frames) if one.filename == own), frames[-1])
    return f"line {frame.lineno} of {Path(frame.filename).name}"


def summary(name: str, failed: dict[int, str], youths: int) -> str:
    """The errors of a detector in a sentence."""
    place = min(failed)
    return (
        f"{name} could not look at {len(failed):,} of {youths:,} youths; at youth {place + 1} {failed[place]}. "
        "Hint: findings.assessed tells which; detect(..., errors='raise') stops there and shows all."
    )
