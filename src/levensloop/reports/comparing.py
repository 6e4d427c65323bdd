"""Two versions of a case, of last year and of this year: which facts, findings and notes came, went and stayed."""

import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeVar

from levensloop.cohort import Timeline
from levensloop.errors import UserError
from levensloop.findings import Findings
from levensloop.reports.discussion import sentences
from levensloop.reports.learning import Learning, aspects
from levensloop.reports.notes import Note, Notes
from levensloop.reports.tables import Rows, dates, fact_name, span, told
from levensloop.text import named, say

#: A version of a case; notes may be left out.
Version = tuple[Timeline, Findings] | tuple[Timeline, Findings, Notes]
_NO_NOTES: Final = Notes()
_T = TypeVar("_T", bound=Hashable)
#: What does not make a fact another one: where it is told.
_WHERE: Final = ("event", "sources", "disputed")
_SAME: Final = ("detector", "outcome", "agency", "to_agency")
_TOLD: Final = ("added", "withdrawn", "changed", "new", "gone", "still", "longer", "notes", "learning")


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between two versions of a case.

    Facts are told by event id, `changed` by that in the later version with the columns that differ. Findings are told
    by their row among the findings of the youth: `gone` by the row in the earlier version, `new` by that in the later,
    `still` and `longer` by both. `notes` and `learning` are what the later version has and the earlier has not.
    """

    added: tuple[str, ...]
    withdrawn: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    new: tuple[int, ...]
    gone: tuple[int, ...]
    still: tuple[tuple[int, int], ...]
    longer: tuple[tuple[int, int], ...]
    notes: tuple[Note, ...] = ()
    learning: tuple[Learning, ...] = ()

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


def compare(before: Version, after: Version) -> Compared:
    """Compare two versions of a case.

    A fact is the same if it says the same, wherever it is told; of those that are left, one with the same event id is
    changed. A finding is still there if one of the same detector, outcome, agency and addressee overlaps it in
    time; it is longer if its least number of days grew.

    Parameters
    ----------
    before, after : tuple of Timeline, Findings and Notes
        The earlier and the later version; notes may be left out.

    Returns
    -------
    Compared

    Examples
    --------
    >>> import levensloop as ll
    >>> cohort = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30 goal_reached")
    >>> version = cohort["a"], ll.detect(cohort)
    >>> compare(version, version).tell("en")
    ('The two versions say the same.',)
    """
    for version in (before, after):
        check_version(version)
    old, new = _apart(_facts(before[0]), _facts(after[0]))
    changed = {
        event: tuple(name for name, value in old[event].items() if value != row.get(name))
        for event, row in new.items()
        if event in old
    }
    earlier, later = _rows(before), _rows(after)
    still = _pairs(earlier, later)
    said, now = _notes(before), _notes(after)
    return Compared(
        added=tuple(event for event in new if event not in old),
        withdrawn=tuple(event for event in old if event not in new),
        changed=changed,
        new=tuple(sorted(set(range(len(later))) - {place for _, place in still})),
        gone=tuple(sorted(set(range(len(earlier))) - {place for place, _ in still})),
        still=still,
        longer=tuple((a, b) for a, b in still if later[b]["days_min"] > earlier[a]["days_min"]),
        notes=tuple(_more(said.notes, now.notes)),
        learning=tuple(_more(said.learning, now.learning)),
    )


def check_version(given: object) -> None:
    """Stop where something else than a version of a case is given.

    Raises
    ------
    UserError

    Examples
    --------
    >>> check_version(None)
    Traceback (most recent call last):
    levensloop.errors.UserError: a version of a case is a timeline with its findings. Hint: give (timeline, findings), or (timeline, findings, notes).
    """
    kinds = (Mapping, Findings, Notes)  # youths by their id: one, of a cohort or of a dataset
    parts: Any = given
    sound = isinstance(given, tuple) and 1 < len(parts) <= len(kinds)
    if not sound or not all(map(isinstance, parts, kinds)):
        raise UserError(
            "a version of a case is a timeline with its findings. "
            "Hint: give (timeline, findings), or (timeline, findings, notes)."
        )


def compared_rows(found: Compared, before: Version, after: Version, lang: str) -> Rows:
    """The differences as a table: which layer, what happened, when, and what it says.

    Parameters
    ----------
    found : Compared
        Of these two versions.
    before, after : tuple of Timeline, Findings and Notes
    lang : {"nl", "en"}
    """
    heads = tuple(say(f"case.{name}", lang) for name in ("layer", "difference", "when", "words"))
    old, new = _facts(before[0]), _facts(after[0])
    rows: list[tuple[str, ...]] = []
    for change, facts in (("added", new), ("withdrawn", old), ("changed", new)):
        for event in getattr(found, change):
            fact = facts[event]
            text = ": ".join(part for part in (fact["agency"], fact_name(fact, lang), fact["what"]) if part)
            if change == "changed":
                columns = (name.removesuffix("_min").removesuffix("_max") for name in found.changed[event])
                text += f" ({', '.join(dict.fromkeys(named('chronology', name, lang) for name in columns))})"
            rows.append(_row("fact", change, dates(fact, lang), text, lang))
    for change, (timeline, findings, *_), places in (
        ("new", after, found.new),
        ("gone", before, found.gone),
        ("longer", after, [place for _, place in found.longer]),
    ):
        own = findings.of(timeline.id)
        seen = list(zip(own.to_arrow().to_pylist(), sentences(timeline, own, lang), strict=True))
        for row, sentence in (seen[place] for place in places):
            rows.append(_row("finding", change, span(row["start"], row["end"], lang), sentence, lang))
    rows += [_row("note", "new", "", told(note, lang), lang) for note in found.notes]
    names = dict(aspects(lang))
    rows += [
        _row("learning", "new", "", f"{names[point.aspect]}: {point.learned}", lang)
        for point in found.learning
    ]
    return (heads, *(rows or [("", "", "", found.tell(lang)[0])]))


def _row(layer: str, change: str, when: str, text: str, lang: str) -> tuple[str, ...]:
    return say(f"compared.{layer}", lang), say(f"compared.{change}", lang), when, text


def _apart(
    old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The facts of each version without those that say the same in both."""
    both = Counter(map(_says, old.values())) & Counter(map(_says, new.values()))
    return _left(old, both), _left(new, both)


def _left(facts: dict[str, dict[str, Any]], same: Counter[Hashable]) -> dict[str, dict[str, Any]]:
    counts = same.copy()
    left: dict[str, dict[str, Any]] = {}
    for event, row in facts.items():
        says = _says(row)
        if counts[says]:
            counts[says] -= 1
        else:
            left[event] = {name: value for name, value in row.items() if name not in _WHERE}
    return left


def _says(row: Mapping[str, Any]) -> Hashable:
    return tuple(
        tuple(value) if isinstance(value, list) else value
        for name, value in row.items()
        if name not in _WHERE
    )


def _notes(version: Version) -> Notes:
    return version[2] if len(version) > 2 else _NO_NOTES  # noqa: PLR2004 - with notes


def _more(before: Iterable[_T], after: Sequence[_T]) -> Iterator[_T]:
    """What the later has more than the earlier."""
    counts = Counter(before)
    for one in after:
        if counts[one]:
            counts[one] -= 1
        else:
            yield one


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


def _rows(version: Version) -> list[dict[str, Any]]:
    return version[1].of(version[0].id).to_arrow().to_pylist()


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("levensloop") / "data" / "locale" / "comparing.toml").read_text("utf-8"))
