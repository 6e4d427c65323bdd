"""Detectors run on a cohort; the engine stamps what they find."""

import json
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop.arrays import one
from levensloop.authoring import FunctionDetector
from levensloop.cohort import Cohort, Timeline
from levensloop.detectors import BUILT_IN
from levensloop.errors import UserError
from levensloop.finding import Finding
from levensloop.findings import Findings
from levensloop.needs import Need, unmet
from levensloop.running import run, summary, without
from levensloop.schema import ASSESSED, FINDINGS, conform


class Detector(Protocol):
    """Anything with ``detect(cohort) -> Findings``: nothing to inherit, nothing to register."""

    def detect(self, cohort: Cohort) -> Findings:
        """What is found in a cohort; the engine adds name and parameters."""
        ...


class OneByOne(Protocol):
    """Anything with ``detect_one(timeline)`` that yields `Finding`; `detector` makes one of a function."""

    def detect_one(self, timeline: Timeline) -> Iterable[Finding]:
        """What is found in the timeline of one youth; the engine adds youth, name and parameters."""
        ...


def detect(
    cohort: Cohort,
    *detectors: Detector | OneByOne,
    errors: Literal["tell", "raise"] = "tell",
    progress: Callable[[str], None] | None = None,
) -> Findings:
    r"""Run detectors on a cohort.

    Parameters
    ----------
    cohort : Cohort
        Many timelines, or one.
    *detectors : Detector
        Which; every built-in one, with the Dutch rulebook, when none is given.
    errors : {"tell", "raise"}
        What to do when a detector fails: warn, say `not assessable` of those youths and go on, or stop at once.
    progress : callable, optional
        Called with the name of each detector when it is done.

    Returns
    -------
    Findings
        Sorted by youth, start, end, detector and outcome. `.assessed` tells which detector could look
        at which youth.

    Raises
    ------
    UserError
        If something given is not a detector.

    Warns
    -----
    UserWarning
        If a detector failed: on how many youths, on which first (by its place), and in which line.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("window 2000-01-01..2005-12-31\nggz care 2005-01-01..2005-03-31 no_show")
    >>> ll.detect(youth, ll.Gap(min_days=60)).count("detector", "certainty").to_arrow().to_pylist()
    [{'detector': 'Gap', 'certainty': 'certain', 'findings': 1}]
    """
    chosen: Sequence[Detector | OneByOne] = detectors or [made() for made in BUILT_IN]
    wrong = [type(item).__name__ for item in chosen if not _is_detector(item)]
    if wrong:
        raise UserError(f"no detector: {', '.join(wrong)}. Hint: give detectors such as Gap(min_days=60).")
    parts: list[Findings] = []
    for detector in chosen:
        parts.append(_stamped(detector, cohort, stop=errors == "raise"))
        if progress is not None:
            progress(name_of(detector))
    found = Findings.concat(parts)
    return Findings(_sorted(found.to_arrow()), found.assessed.to_arrow(), cohort)


def _is_detector(item: object) -> bool:
    given = (getattr(item, name, None) for name in ("detect", "detect_one"))
    return not isinstance(item, type) and any(callable(one) for one in given)


def name_of(detector: object) -> str:
    """The name of a detector, as it stands in the findings: that of its class or function."""
    return detector.name if isinstance(detector, FunctionDetector) else type(detector).__name__


def _stamped(detector: Detector | OneByOne, cohort: Cohort, *, stop: bool) -> Findings:
    name = name_of(detector)
    needs: Sequence[Need] = getattr(detector, "NEEDS", ())
    told = cohort.recorded if any(need.marks for need in needs) else {}
    able, why = unmet(needs, cohort.youths, cohort.identities, told)
    ran = run(detector, name, cohort, able, stop=stop)
    if ran.failed:
        warnings.warn(summary(name, ran.failed, len(cohort)), stacklevel=3)
        able[list(ran.failed)] = False
        for place, sentence in ran.failed.items():
            why[place] = sentence
    found = without(ran.findings, able, cohort.youths.to_arrow().column("youth").to_pylist()).to_arrow()
    stamps = {"detector": name, "params": _params(detector)}
    for column, value in stamps.items():
        stamp = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(found), np.int32)), pa.array([value]))
        found = found.set_column(found.column_names.index(column), FINDINGS.field(column), stamp)
    return Findings(conform(found, FINDINGS), _assessed(detector, name, cohort, why))


def _params(detector: object) -> str:
    """The parameters as JSON, with the version that found it; a rulebook by its country."""
    from levensloop import __version__

    given: dict[str, Any] = {"version": __version__}
    if isinstance(detector, FunctionDetector):
        given |= detector.params
    elif is_dataclass(detector):
        given |= {field.name: getattr(detector, field.name) for field in fields(detector)}
    return json.dumps(given, default=lambda value: getattr(value, "country", str(value)), ensure_ascii=False)


def _assessed(detector: object, name: str, cohort: Cohort, why: list[str | None]) -> pa.Table:
    """Whether the detector could look at each youth: its needs, what it tells itself, and where it failed."""
    size = len(why)
    if (tell := getattr(detector, "assessable", None)) is not None:
        able, reason = tell(cohort.view)
        why = [
            said if can else "; ".join(filter(None, (said, reason)))
            for said, can in zip(why, able.tolist(), strict=True)
        ]
    reasons = pa.array(why, pa.string())
    table = pa.table(
        {
            "detector": pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([name])),
            "youth": cohort.youths.to_arrow().column("youth"),
            "assessable": reasons.is_null(),
            "why": reasons.dictionary_encode(),
        }
    )
    return conform(table, ASSESSED)


def _sorted(table: pa.Table) -> pa.Table:
    """Findings by youth and day, and then by everything but evidence, so that no file order shows."""
    keys: list[np.ndarray[Any, Any]] = []
    for name in (
        "youth",
        "start",
        "end",
        "detector",
        "outcome",
        "certainty",
        "agency",
        "to_agency",
        "sector",
        "rule",
        "days_min",
        "days_max",
    ):
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            array = one(column)
            place = np.empty(len(array.dictionary) + 1, np.int64)
            place[pc.sort_indices(array.dictionary).to_numpy()] = np.arange(place.size - 1)
            place[-1] = place.size  # what is missing comes last
            keys.append(place[array.indices.fill_null(-1).to_numpy(zero_copy_only=False)])
        else:
            keys.append(column.cast(pa.int32()).to_numpy())
    return table.take(pa.array(np.lexsort(keys[::-1])))
