"""Detectors against their own examples."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from levensloop.findings import Example, Findings
from levensloop.testing.sketching import sketch


def check_detector(detector: Any) -> int:  # noqa: ANN401 - anything with `detect`
    """Run a detector on each of its ``EXAMPLES`` and compare with what they say.

    Each expected finding names the columns that matter; the findings must be those and no others, in any order.
    An example without findings says that nothing may be found.

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
        If an example does not hold; it says which, and how the findings differ.
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
    if wrong:
        raise AssertionError("\n".join([f"{type(one).__name__}:", *wrong]))
    return number


def _differences(detector: Any, example: Example) -> tuple[list[Any], list[Any]]:  # noqa: ANN401
    from levensloop.detecting import detect

    chosen = replace(detector, **example.params) if example.params else detector
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
