"""Two versions of a case, of last year and of this year: which facts and findings came, went and stayed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pyarrow.compute as pc

from levensloop.cohort import Timeline
from levensloop.findings import Findings

_SAME: Final = ("detector", "outcome", "agency", "to_agency")
_TOLD: Final = ("added", "withdrawn", "changed", "new", "gone", "still", "longer")


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between two versions of a case.

    Facts are told by event id, findings by their row among the findings of the youth: `gone` by the row
    in the earlier version, `new` by that in the later, `still` and `longer` by both.
    """

    added: tuple[str, ...]
    withdrawn: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    new: tuple[int, ...]
    gone: tuple[int, ...]
    still: tuple[tuple[int, int], ...]
    longer: tuple[tuple[int, int], ...]

    def tell(self, lang: str = "nl") -> tuple[str, ...]:
        """The differences in sentences; of what there is none of, none."""
        words = _sentences()[lang]
        counts = {name: len(getattr(self, name)) for name in _TOLD}
        if not any(number for name, number in counts.items() if name != "still"):
            return (words["same"],)
        return tuple(
            words[f"{name}_one" if number == 1 else name].format(n=number)
            for name, number in counts.items()
            if number
        )


def compare(before: tuple[Timeline, Findings], after: tuple[Timeline, Findings]) -> Compared:
    """Compare two versions of a case.

    A finding is still there if one of the same detector, outcome, agency and addressee overlaps it in
    time; it is longer if its least number of days grew.

    Parameters
    ----------
    before, after : tuple of Timeline and Findings
        The earlier and the later version.

    Examples
    --------
    >>> import levensloop as ll
    >>> cohort = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30 goal_reached")
    >>> version = cohort["a"], ll.detect(cohort)
    >>> compare(version, version).tell("en")
    ('The two versions say the same.',)
    """
    old, new = _facts(before[0]), _facts(after[0])
    changed = {
        event: tuple(name for name, value in old[event].items() if value != row.get(name))
        for event, row in new.items()
        if event in old and old[event] != row
    }
    earlier, later = _rows(*before), _rows(*after)
    still = _pairs(earlier, later)
    return Compared(
        added=tuple(event for event in new if event not in old),
        withdrawn=tuple(event for event in old if event not in new),
        changed=changed,
        new=tuple(sorted(set(range(len(later))) - {place for _, place in still})),
        gone=tuple(sorted(set(range(len(earlier))) - {place for place, _ in still})),
        still=still,
        longer=tuple((a, b) for a, b in still if later[b]["days_min"] > earlier[a]["days_min"]),
    )


def _pairs(earlier: list[dict[str, Any]], later: list[dict[str, Any]]) -> tuple[tuple[int, int], ...]:
    """Each earlier finding with the first later one that fits and that no other has."""
    taken: dict[int, int] = {}
    for place, row in enumerate(earlier):
        fits = (at for at, other in enumerate(later) if at not in taken and _fits(row, other))
        at = next(fits, None)
        if at is not None:
            taken[at] = place
    return tuple(sorted((place, at) for at, place in taken.items()))


def _fits(one: dict[str, Any], other: dict[str, Any]) -> bool:
    alike = all(one[name] == other[name] for name in _SAME)
    touches = one["start"] == other["start"] or (one["start"] < other["end"] and other["start"] < one["end"])
    return alike and touches


def _facts(timeline: Timeline) -> dict[str, dict[str, Any]]:
    return {row["event"]: row for row in timeline.events.to_arrow().to_pylist()}


def _rows(timeline: Timeline, findings: Findings) -> list[dict[str, Any]]:
    table = findings.to_arrow()
    return table.filter(pc.equal(table.column("youth").cast("string"), timeline.id)).to_pylist()


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("levensloop") / "data" / "locale" / "comparing.toml").read_text("utf-8"))
