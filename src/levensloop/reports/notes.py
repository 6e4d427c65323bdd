"""What people say of a case: notes on facts and findings, a layer of its own that changes neither."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa

from levensloop.cohort import Timeline
from levensloop.errors import Fault, UserError, fold
from levensloop.figures.letters import legal
from levensloop.findings import Findings
from levensloop.reports.keys import finding_keys
from levensloop.reports.learning import Learning
from levensloop.tables import Table

About = Literal["fact", "finding", "case"]
Stance = Literal["comment", "dispute", "dismiss", "confirm", "explain"]
Origin = Literal["review", "reply", "chronology"]

#: The words that a field of a note may hold.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "about": ("fact", "finding", "case"),
    "stance": ("comment", "dispute", "dismiss", "confirm", "explain"),
    "origin": ("review", "reply", "chronology"),
}
_LONGEST_ROLE: Final = 80
_TRUTH: Final = (
    "youth", "detector", "outcome", "certainty", "start", "end", "agency", "to_agency", "sector",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody says of a fact, a finding or the case.

    Parameters
    ----------
    author : str
        Who says it, by role: ``school``, ``behavioural scientist``, ``parents``; no name.
    date : datetime.date
        When.
    text : str
        The words. Only who confirms may do without: a dispute and a dismissal need a reason.
    about : {"fact", "finding", "case"}
    target : str or None
        The event, or the key of the finding (`finding_keys`); None of the case.
    stance : {"comment", "dispute", "dismiss", "confirm", "explain"}
        Only a finding can be dismissed: a fact stays what its source says, and can be disputed.
    origin : {"review", "reply", "chronology"}
        Where it was written down.

    Raises
    ------
    UserError
        With all that is wrong with it, at once.

    Examples
    --------
    >>> Note("school", date(2026, 3, 2), "We did call.", "fact", "school:7", "dispute").origin
    'review'
    """

    author: str
    date: date
    text: str
    about: About
    target: str | None
    stance: Stance = "comment"
    origin: Origin = "review"

    def __post_init__(self) -> None:
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        if wrong := problems(given):
            raise UserError([f"{what}. Hint: {hint}." for _, what, hint in wrong])


def problems(given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is wrong with the fields of a note: which field, what, and a hint."""
    found: list[tuple[str, str, str]] = []
    for name, known in WORDS.items():
        if given[name] not in known:
            found.append(
                (name, f"the {name} of a note is no word that is known", f"choose {', '.join(known)}")
            )
    author, when = given["author"], given["date"]
    if not _said(author) or len(author) > _LONGEST_ROLE or "\n" in author:
        hint = f"write a role on one line, in at most {_LONGEST_ROLE} letters, such as school"
        found.append(("author", "it is not told who says it", hint))
    if not isinstance(when, date) or isinstance(when, datetime):
        found.append(("date", "it is not told on which day it was said", "write the day, as in 2026-03-02"))
    if not isinstance(given["text"], str) or (not given["text"].strip() and given["stance"] != "confirm"):
        found.append(("text", "nothing is said", "give the words; who does not agree gives the reason"))
    if any(
        legal(text) != text for text in map(given.get, ("author", "text", "target")) if isinstance(text, str)
    ):
        found.append(("text", "it holds a character that no document may hold", "take it out"))
    target = given["target"]
    if (target is None) != (given["about"] == "case") or not (target is None or _said(target)):
        hint = "give the id of the event or the key of the finding; of the case give none"
        found.append(("target", "it is not told of what it speaks", hint))
    if given["stance"] == "dismiss" and given["about"] != "finding":
        found.append(("stance", "only a finding can be dismissed", "dispute the fact, with the reason"))
    return found


def _said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes in the order in which they were read, and what was learned.

    Parameters
    ----------
    notes : tuple of Note
    learning : tuple of Learning
        Points under the aspects, of the session before.

    Examples
    --------
    >>> said = Notes((Note("parents", date(2026, 3, 2), "So it was.", "finding", "Gap-1", "confirm"),))
    >>> len(said + said), [note.author for note in said.of("Gap-1")]
    (2, ['parents'])
    """

    notes: tuple[Note, ...] = ()
    learning: tuple[Learning, ...] = ()

    def __iter__(self) -> Iterator[Note]:
        return iter(self.notes)

    def __len__(self) -> int:
        return len(self.notes)

    def __add__(self, other: "Notes") -> "Notes":
        return Notes(self.notes + other.notes, self.learning + other.learning)

    def of(self, target: str | None) -> tuple[Note, ...]:
        """The notes on an event or a finding; with None those on the case.

        Parameters
        ----------
        target : str or None
            The id of the event, or the key of the finding.

        Returns
        -------
        tuple of Note
        """
        return tuple(note for note in self.notes if note.target == target)

    def save(self, path: str | Path) -> Path:
        """Write the notes and what was learned as TOML, to be read by `read_notes`.

        Parameters
        ----------
        path : path

        Returns
        -------
        Path
        """
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        entries = [*map(_entry, self.notes), *map(_point, self.learning)]
        target.write_text("\n".join(entries), encoding="utf-8", newline="\n")
        return target

    def faults(self, timeline: Timeline, findings: Findings) -> tuple[Fault, ...]:
        """Notes on what is not there: they are kept, and told.

        Parameters
        ----------
        timeline : Timeline
        findings : Findings
            Those of a whole cohort will do.

        Returns
        -------
        tuple of Fault
            `row` is the place of the note, from 1.
        """
        known = {
            "fact": set(timeline.events.to_arrow().column("event").to_pylist()),
            "finding": set(finding_keys(findings.of(timeline.id))),
        }
        return fold(
            Fault(
                "notes",
                place,
                "target",
                f"unknown_{note.about}",
                f"a note speaks of a {note.about} that is not there; it is kept",
                "look whether it belongs to this case, and to this version of it",
            )
            for place, note in enumerate(self.notes, 1)
            if note.about != "case" and note.target not in known[note.about]
        )

    def judged(self, findings: Findings) -> Findings:
        """The findings that were either confirmed or dismissed; what is disputed is not decided.

        Parameters
        ----------
        findings : Findings
            Of one youth.

        Returns
        -------
        Findings
        """
        verdicts = self._verdicts(findings)
        return findings.where(pa.array([verdict is not None for verdict in verdicts], pa.bool_()))

    def truth(self, findings: Findings) -> Table:
        """What people confirmed, as the truth against which `evaluate` holds findings.

        A finding that was dismissed is not in it, so that among those that were `judged` it counts as found
        too much. One that some confirm and others dismiss or dispute is not decided, and in neither.

        Parameters
        ----------
        findings : Findings
            Of one youth: those to which the notes belong.

        Returns
        -------
        Table
            Columns as a truth file of a delivery has, and `sector`.

        Examples
        --------
        >>> import levensloop as ll
        >>> found = ll.detect(ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch), ll.Gap())
        >>> key, = finding_keys(found)
        >>> said = Notes((Note("school", date(2026, 3, 2), "", "finding", key, "confirm"),))
        >>> ll.evaluate(said.judged(found), said.truth(found), bootstrap=0).to_arrow()["f1"][0].as_py()
        1.0
        """
        right = pa.array([verdict is True for verdict in self._verdicts(findings)], pa.bool_())
        return Table(findings.to_arrow().filter(right).select(list(_TRUTH)))

    def _verdicts(self, findings: Findings) -> list[bool | None]:
        said: dict[str, set[str]] = {}
        for note in self.notes:
            if note.about == "finding" and note.target is not None:
                said.setdefault(note.target, set()).add(note.stance)
        return [_verdict(said.get(key, set())) for key in finding_keys(findings)]


def _verdict(stances: set[str]) -> bool | None:
    """Right, dismissed, or None where people do not agree or did not judge."""
    against = stances & {"dismiss", "dispute"}
    if "confirm" in stances:
        return None if against else True
    return False if against == {"dismiss"} else None


def _entry(note: Note) -> str:
    texts = {
        name: _quoted(value)
        for name in ("author", "about", "target", "stance", "origin", "text")
        if (value := getattr(note, name)) is not None
    }
    lines = [f"{name} = {value}" for name, value in (texts | {"date": note.date.isoformat()}).items()]
    return "\n".join(["[[note]]", *lines, ""])


def _point(point: Learning) -> str:
    lines = [f"{one.name} = {_quoted(getattr(point, one.name))}" for one in fields(point)]
    return "\n".join(["[[learning]]", *lines, ""])


def _quoted(text: str) -> str:
    """A basic string of TOML: as JSON writes it, but for the one character that TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
