"""Detectors run on a cohort; the engine stamps what they find."""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from levensloop.arrays import names_in, one
from levensloop.cohort import Cohort
from levensloop.detectors import BUILT_IN
from levensloop.errors import UserError
from levensloop.findings import Findings
from levensloop.schema import ASSESSED, FINDINGS, conform

if TYPE_CHECKING:
    from levensloop.spans import Bools


class Detector(Protocol):
    """Anything with ``detect(cohort) -> Findings``: nothing to inherit, nothing to register."""

    def detect(self, cohort: Cohort) -> Findings:
        """What is found in a cohort; the engine adds name and parameters."""
        ...


def detect(cohort: Cohort, *detectors: Detector, progress: Callable[[str], None] | None = None) -> Findings:
    r"""Run detectors on a cohort.

    Parameters
    ----------
    cohort : Cohort
        Many timelines, or one.
    *detectors : Detector
        Which; every built-in one, with the Dutch rulebook, when none is given.
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

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("window 2000-01-01..2005-12-31\nggz care 2005-01-01..2005-03-31 no_show")
    >>> ll.detect(youth, ll.Gap(min_days=60)).count("detector", "certainty").to_arrow().to_pylist()
    [{'detector': 'Gap', 'certainty': 'certain', 'findings': 1}]
    """
    chosen: Sequence[Detector] = detectors or [made() for made in BUILT_IN]
    wrong = [
        type(item).__name__ for item in chosen if isinstance(item, type) or not callable(_detect_of(item))
    ]
    if wrong:
        raise UserError(f"no detector: {', '.join(wrong)}. Hint: give detectors such as Gap(min_days=60).")
    parts: list[Findings] = []
    for detector in chosen:
        parts.append(_stamped(detector, cohort))
        if progress is not None:
            progress(type(detector).__name__)
    found = Findings.concat(parts)
    return Findings(_sorted(found.to_arrow()), found.assessed.to_arrow())


def _detect_of(item: object) -> object:
    return getattr(item, "detect", None)


def _stamped(detector: Detector, cohort: Cohort) -> Findings:
    found = detector.detect(cohort).to_arrow()
    name = type(detector).__name__
    stamps = {"detector": name, "params": _params(detector)}
    for column, value in stamps.items():
        stamp = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(found), np.int32)), pa.array([value]))
        found = found.set_column(found.column_names.index(column), FINDINGS.field(column), stamp)
    return Findings(conform(found, FINDINGS), _assessed(detector, name, cohort))


def _params(detector: Detector) -> str:
    """The parameters as JSON, with the version that found it; a rulebook by its country."""
    from levensloop import __version__

    given: dict[str, Any] = {"version": __version__}
    if is_dataclass(detector):
        given |= {field.name: getattr(detector, field.name) for field in fields(detector)}
    return json.dumps(given, default=lambda value: getattr(value, "country", str(value)), ensure_ascii=False)


def _assessed(detector: Detector, name: str, cohort: Cohort) -> pa.Table:
    """Whether the detector could look at each youth; a detector tells with `assessable`, else it could."""
    view = cohort.view
    able: Bools = np.ones(view.size, bool)
    why = ""
    if (tell := getattr(detector, "assessable", None)) is not None:
        able, why = tell(view)
    table = pa.table(
        {
            "detector": pa.DictionaryArray.from_arrays(
                pa.array(np.zeros(view.size, np.int32)), pa.array([name])
            ),
            "youth": pa.DictionaryArray.from_arrays(pa.array(np.arange(view.size, dtype=np.int32)), view.ids),
            "assessable": pa.array(able),
            "why": pa.DictionaryArray.from_arrays(
                pa.array(np.zeros(view.size, np.int32), mask=able), pa.array([why])
            ),
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
            names = names_in(column)
            array = one(column)
            place = np.array([names.index(word) for word in array.dictionary.to_pylist()] or [0], np.int64)
            index = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            keys.append(np.where(index < 0, len(names), place[index]))
        else:
            keys.append(column.cast(pa.int32()).to_numpy())
    return table.take(pa.array(np.lexsort(keys[::-1])))
