"""Detectors run on a cohort; the engine stamps what they find."""

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pyarrow as pa

from levensloop.arrays import one
from levensloop.authoring import FunctionDetector
from levensloop.cohort import Cohort, Timeline
from levensloop.detectors import BUILT_IN
from levensloop.errors import UserError, expect
from levensloop.finding import Finding
from levensloop.findings import Findings
from levensloop.needs import Lacks, Need, Recorded, unmet
from levensloop.rulebooks import Rulebook
from levensloop.running import built_in, run, summary
from levensloop.schema import ASSESSED, CODE, conform
from levensloop.sweeping import Stamps, in_order, stamped, sweep
from levensloop.tables import wrapped


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
        Called with the name of each detector when it is done; the built-in ones, which run side by side, are done together.

    Returns
    -------
    Findings
        Sorted by youth, start, end, detector and outcome. `.assessed` tells which detector could look
        at which youth.

    Raises
    ------
    UserError
        If something given is not a detector, or one of ours has a parameter that cannot be.

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
    expect(cohort, Cohort, "detect")
    chosen = chosen_of(detectors)
    check(chosen)
    stamps = Stamps([name_of(one) for one in chosen], [_params(one) for one in chosen])
    lacks = [lacks_of(one, cohort, lambda: cohort.recorded) for one in chosen]
    ids = one(cohort.youths.to_arrow().column("youth"))
    swept = [at for at, each in enumerate(chosen) if built_in(each)]
    tell = progress or (lambda _: None)
    found = sweep([chosen[at] for at in swept], stamps.of(swept), cohort, [lacks[at].able for at in swept])
    for at, told in zip(swept, found.told, strict=True):
        lacks[at] = lacks[at].told(told)
        tell(stamps.names[at])
    beside: list[pa.Table] = []
    for at in sorted({*range(len(chosen))} - {*swept}):
        table, lacks[at] = _alone(chosen[at], cohort, lacks[at], stop=errors == "raise")
        beside.append(stamped(table, stamps.of([at]), ids, lacks[at].able))
        tell(stamps.names[at])
    findings = found.findings
    if beside:
        whole = pa.concat_tables([findings.to_arrow(), *beside])
        findings = wrapped(in_order(whole.unify_dictionaries()))
    return Findings(findings, _assessed(stamps, ids, lacks), cohort)


def check(detectors: Iterable[object]) -> None:
    """Whether all are detectors, with parameters that can be, before anything is done for them.

    Raises
    ------
    UserError
        If something given is not a detector, or a parameter of one cannot be.
    """
    chosen = list(detectors)
    wrong = [type(item).__name__ for item in chosen if not _is_detector(item)]
    if wrong:
        raise UserError(f"no detector: {', '.join(wrong)}. Hint: give detectors such as Gap(min_days=60).")
    if wrong := [told for one in chosen if built_in(one) for told in _wrongly_set(one)]:
        raise UserError(wrong)


def _is_detector(item: object) -> bool:
    given = (getattr(item, name, None) for name in ("detect", "detect_one"))
    return not isinstance(item, type) and any(callable(one) for one in given)


def _wrongly_set(detector: Any) -> Iterator[str]:  # noqa: ANN401 - any of our own
    """What its parameters cannot be."""
    for field in fields(detector):
        value, name = getattr(detector, field.name), f"{type(detector).__name__}.{field.name}"
        if field.name == "rules" and not isinstance(value, Rulebook | None):
            yield f"{name} is a rulebook, such as ll.rulebook('nl'), and not a {type(value).__name__}"
        if isinstance(field.default, int) and not (isinstance(value, int | np.integer) and value >= 0):
            yield f"{name} is a whole number of at least 0, and not {value!r}"


def name_of(detector: object) -> str:
    """The name of a detector, as it stands in the findings: that of its class or function."""
    return detector.name if isinstance(detector, FunctionDetector) else type(detector).__name__


def chosen_of(detectors: Sequence[Detector | OneByOne]) -> Sequence[Detector | OneByOne]:
    """The detectors that are given; every built-in one, with the Dutch rulebook, when none is."""
    return detectors or [made() for made in BUILT_IN]


def lacks_of(detector: object, cohort: Cohort, told: Callable[[], Recorded]) -> Lacks:
    """What is missing of each youth for a detector to look; `told` is asked for what sources record where events leave it open."""
    needs: Sequence[Need] = getattr(detector, "NEEDS", ())
    return unmet(needs, cohort.kinds, (cohort.youths, cohort.identities), told)


def _alone(detector: object, cohort: Cohort, lacks: Lacks, *, stop: bool) -> tuple[pa.Table, Lacks]:
    """What a detector of the user's finds in the whole cohort, and where it could not look."""
    ran = run(detector, name_of(detector), cohort, lacks.able, stop=stop)
    if ran.failed:
        warnings.warn(summary(name_of(detector), ran.failed, len(cohort)), stacklevel=3)
        lacks = lacks.failed(ran.failed)
    tell = getattr(detector, "assessable", None)
    return ran.findings.to_arrow(), lacks.told(tell and tell(cohort.view))


def _params(detector: object) -> str:
    """The parameters as JSON, with the version that found it; a rulebook by its country."""
    from levensloop import __version__

    given: dict[str, Any] = {"version": __version__}
    if isinstance(detector, FunctionDetector):
        given |= detector.params
    elif is_dataclass(detector):
        given |= {field.name: getattr(detector, field.name) for field in fields(detector)}
    return json.dumps(given, default=lambda value: getattr(value, "country", str(value)), ensure_ascii=False)


def _assessed(stamps: Stamps, ids: pa.Array, lacks: Sequence[Lacks]) -> pa.Table:
    """Whether each detector could look at each youth: its needs, what it tells itself, and where it failed."""
    size = len(ids)
    names = list(dict.fromkeys(stamps.names))
    which = np.array([names.index(name) for name in stamps.names], np.int32)
    youth = np.tile(np.arange(size, dtype=np.int32), len(lacks))
    reasons = pa.chunked_array([lack.reasons for lack in lacks], CODE).unify_dictionaries()
    columns = {
        "detector": pa.DictionaryArray.from_arrays(
            pa.array(np.repeat(which, size)), pa.array(names, pa.string())
        ),
        "youth": pa.DictionaryArray.from_arrays(pa.array(youth), ids),
        "assessable": reasons.is_null(),
        "why": reasons,
    }
    return conform(pa.table(columns), ASSESSED)
