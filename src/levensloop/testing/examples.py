"""Detectors against their own examples."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from levensloop.authoring import FunctionDetector
from levensloop.findings import Example, Findings
from levensloop.testing.laws import broken
from levensloop.testing.sketching import sketch


def check_detector(detector: Any) -> int:  # noqa: ANN401 - anything with `detect`
    """Hold a detector against its ``EXAMPLES`` and against the laws that every detector keeps.

    Each expected finding of an example names the columns that matter; the findings must be those and no others, in any
    order. An example without findings says that nothing may be found. Then, on made-up lives: the order of rows
    changes nothing; a youth alone has the same findings as among others, so that arrays and one timeline agree; all dates
    moved by 28 years change nothing (unless it leans on dated law); what is certain stays when vague dates become known
    to the day, and what is certain then was possible before; it can be pickled; it can be asked twice; no events, one event and a
    birth alone are no trouble; findings last at least a day, and their evidence is the youth's own.

    Parameters
    ----------
    detector : Detector
        An instance, or a class that needs no arguments.

    Returns
    -------
    int
        The number of examples that hold.

    Raises
    ------
    AssertionError
        If an example or a law does not hold; it says which, and how, all at once.
    """
    one = detector() if isinstance(detector, type) else detector
    examples: Iterable[Example] = getattr(one, "EXAMPLES", ())
    wrong: list[str] = []
    number = 0
    for number, example in enumerate(examples, start=1):
        missing, beyond = _differences(one, example)
        if missing or beyond:
            wrong.append(_sentence(number, example, missing, beyond))
    if number == 0:
        wrong.append("it has no examples")
    wrong += broken(one)
    if wrong:
        from levensloop.detecting import name_of

        raise AssertionError("\n".join([f"{name_of(one)}:", *wrong]))
    return number


def _differences(detector: Any, example: Example) -> tuple[list[Any], list[Any]]:  # noqa: ANN401
    from levensloop.detecting import detect

    chosen = detector
    if example.params:
        change = detector if isinstance(detector, FunctionDetector) else partial(replace, detector)
        chosen = change(**example.params)
    found = _rows(detect(sketch(example.sketch), chosen))
    missing: list[Any] = []
    for expected in sorted(example.finds, key=len, reverse=True):
        fit = next((row for row in found if _fits(row, expected)), None)
        if fit is None:
            missing.append(dict(expected))
        else:
            found.remove(fit)
    return missing, found


def _rows(findings: Findings) -> list[dict[str, Any]]:
    rows = findings.to_arrow().to_pylist()
    for row in rows:
        row["measures"] = dict(row["measures"] or ())
    return rows


def _fits(row: dict[str, Any], expected: Mapping[str, object]) -> bool:
    return all(_same(row[name], value) for name, value in expected.items())


def _same(value: Any, expected: object) -> bool:  # noqa: ANN401
    if isinstance(value, date):
        return str(value) == str(expected)
    if isinstance(value, dict) and isinstance(expected, Mapping):
        return all(value.get(name) == count for name, count in expected.items())
    return value == expected


def _sentence(number: int, example: Example, missing: list[Any], beyond: list[Any]) -> str:
    columns = {name for expected in example.finds for name in expected} | {
        "outcome",
        "certainty",
        "start",
        "end",
    }
    extra = [{name: str(row[name]) for name in sorted(columns)} for row in beyond]
    return (
        f"  example {number} ({example.note or 'no note'}):"
        + "".join(f"\n    not found: {expected}" for expected in missing)
        + "".join(f"\n    found too: {row}" for row in extra)
    )
