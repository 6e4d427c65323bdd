"""What of a case may be seen, decided once, before anything is drawn, printed or written.

It stands among the reports, and no lower, since it changes notes too; what it puts in the place of what comes from `masking`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args

import pyarrow as pa

from levensloop.cohort import Parts, Timeline
from levensloop.errors import UserError, expect
from levensloop.findings import Findings
from levensloop.glossaries import Glossary, glossary_given
from levensloop.masking import (
    KEPT,
    agencies_by_sector,
    changed,
    each,
    numbered,
    of_youth,
    own_tables,
    role_of,
)
from levensloop.privacy import secret
from levensloop.reports.hiding import (
    care_numbers,
    dated,
    disputed,
    moved_by,
    naming,
    same_ages,
    texts,
    without,
)
from levensloop.reports.keys import finding_keys
from levensloop.reports.learning import FILLED, Learning
from levensloop.reports.notes import Note, Notes
from levensloop.text import catalogue, say

Level = Literal["room", "training", "publication"]
#: From the most that may be seen to the least.
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
NAMES: Final = "names"
_UNKNOWN_YOUTH: Final = "X"
_NOWHERE: Final = "?"
_ROLE: Final = 80  # letters that a note allows for a role
_AGENCIES: Final = ("agency", "to_agency", "shared_with", "agencies")
_TEXTS: Final = ("what", "why", "result", "by_whom")
_REFERENCES: Final = ("source", "sources", "event", "start_event", "end_event", "evidence")
#: What follows from a law on a day, and is not true on another day; and words that are not of the vocabulary.
_BY_DAY: Final = ("rule", "norm_days", "over_norm")
_BY_LAW: Final = re.compile("norm|right|statutory")  # among the measures of a finding
_FREE: Final = ("params", "care_type", "problem")
_NO_NAMES: Final = Glossary({})


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What may be seen of a case.

    Parameters
    ----------
    level : {"room", "training", "publication"}
        ``room``: agencies by name, since they sit at the table; the youth as an initial, people as roles.
        ``training``: sectors in the place of agencies too. ``publication``: besides, every day moved by one secret
        number of whole weeks and shown as a year, and no free text.
    glossary : Glossary, optional
        Names, and what stands in their place in texts.
    secret : bytes, str or Path, optional
        From which follows by how much days are moved; as in `privacy.secret`. ``publication`` cannot do without.
    names : bool
        Show who it is about and who did what, as delivered. Every page says that it does.

    Raises
    ------
    UserError
        If these do not go together.

    Examples
    --------
    >>> Disclosure().level, Disclosure("training").shown, Disclosure(names=True).shown
    ('room', 'training', 'names')
    """

    level: str = "room"
    glossary: Glossary | None = None
    secret: bytes | str | Path | None = field(default=None, repr=False)
    names: bool = False

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise UserError(f"a case is shown as {', '.join(LEVELS)}. Hint: choose one of these levels.")
        glossary_given(self.glossary)
        if self.names and self.level != LEVELS[0]:
            raise UserError("names cannot be shown at a level that hides agencies. Hint: the level room.")
        if self.level == LEVELS[-1] and self.secret is None:
            raise UserError(
                "a publication needs a secret, from which it follows by how much days are moved. "
                "Hint: make one with: openssl rand -hex 32; give its file or env:NAME, and keep it."
            )

    @property
    def shown(self) -> str:
        """The word that the disclosed timeline bears: the level, or ``names``."""
        return NAMES if self.names else self.level


class Disclosed(NamedTuple):
    """A case as it may be seen."""

    timeline: Timeline
    findings: Findings
    notes: Notes


def disclose(
    timeline: Timeline,
    findings: Findings,
    notes: Notes | None = None,
    by: Disclosure | str = "room",
    *,
    lang: str = "nl",
) -> Disclosed:
    """A case as it may be seen, its tables of the same kind as before.

    Whatever is drawn, printed or written of what comes back says at which level it is shown. What was disclosed
    before stays as it is.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        What was detected before; those of the youth are kept.
    notes : Notes, optional
    by : Disclosure or str
        A level will do, if nothing else is to be said.
    lang : {"nl", "en"}
        Of the words that take the place of names.

    Returns
    -------
    Disclosed

    Raises
    ------
    UserError
        If it was disclosed at a level that shows more than is asked for now, or is not the timeline of one youth
        with its findings.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30 goal_reached")
    >>> seen = disclose(youth["a"], ll.detect(youth), by="training", lang="en")
    >>> seen.timeline.id, seen.timeline.events.to_arrow()["agency"].to_pylist()
    ('A', ['Mental health'])
    """
    expect(timeline, Timeline, "a case")
    expect(findings, Findings, "a case")
    catalogue(lang)
    given = by if isinstance(by, Disclosure) else Disclosure(by)
    own = Findings(*(of_youth(table.to_arrow(), timeline.id) for table in (findings, findings.assessed)))
    said = Notes() if notes is None else notes
    if timeline.shown:
        order = (NAMES, *LEVELS)
        if given.level != LEVELS[0] and order.index(timeline.shown) < order.index(given.level):
            raise UserError("this case shows more already. Hint: disclose it as it was before.")
        return Disclosed(timeline, own, said)
    if given.names:
        parts = {one.name: getattr(timeline, one.name).to_arrow() for one in fields(Parts)}
        return Disclosed(_marked(parts, timeline.id, given), own, said)
    return _Way.of(timeline, own, given, lang).disclosed(timeline, own, said)


def level_told(shown: str, lang: str) -> str:
    """What the level means, in one sentence; nothing where nobody decided.

    Examples
    --------
    >>> level_told("", "en"), level_told("training", "en").partition(":")[0]
    ('', 'Training')
    """
    return say(f"level.{shown}", lang) if shown else ""


def footnote(shown: str) -> str:
    """The key of the sentence at the foot of a page: one youth is no group, and that keys are left out where they are.

    Examples
    --------
    >>> footnote("room"), footnote("names")
    ('case.note', 'reply.alone')
    """
    return "reply.alone" if shown == NAMES else "case.note"


def years_only(timeline: Timeline) -> bool:
    """Whether days are shown as years."""
    return timeline.shown == LEVELS[-1]


def _marked(parts: Mapping[str, pa.Table], youth: str, given: Disclosure) -> Timeline:
    made = Timeline(Parts(**parts), youth)
    made.shown = given.shown
    return made


@dataclass(frozen=True, slots=True)
class _Way:
    """What takes the place of what, for one youth."""

    given: Disclosure
    lang: str
    youth: str
    days: int
    text: Callable[[str], str]
    agencies: Mapping[str, str]
    references: Mapping[str, str]
    cares: Mapping[str, str]

    @classmethod
    def of(cls, timeline: Timeline, findings: Findings, given: Disclosure, lang: str) -> "_Way":
        """How this case is disclosed."""
        parts, found = own_tables(timeline), findings.to_arrow()
        people = given.glossary or _NO_NAMES
        initial = next((letter for letter in timeline.id if letter.isalnum()), _UNKNOWN_YOUTH).upper()
        keys = {timeline.id, *timeline.identities.to_arrow().column("person").to_pylist()}
        open_to = given.level == LEVELS[0]
        hidden = {} if open_to else agencies_by_sector(parts, found, people, lang)
        text = texts(people, hidden, keys, initial)
        called = hidden or {name: text(name) for name in agencies_by_sector(parts, found, people, lang)}
        known = numbered(parts)
        if open_to:
            names_someone = naming(text, {*people.names, *keys})
            known = known if any(map(names_someone, known)) else dict(zip(known, known, strict=True))
        cares = care_numbers(parts["events"].column("care_id"), text if open_to else None)
        youth, days = initial, 0
        if given.level == LEVELS[-1] and given.secret is not None:
            youth, days = _UNKNOWN_YOUTH, moved_by(secret(given.secret), timeline.id, parts)
        return cls(given, lang, youth, days, text, called, known, cares)

    @property
    def _published(self) -> bool:
        return self.given.level == LEVELS[-1]

    def disclosed(self, timeline: Timeline, findings: Findings, notes: Notes) -> Disclosed:
        """The case, changed."""
        parts = {
            name: changed(table, self._column, self.days) for name, table in self._parts(timeline).items()
        }
        if self._published and not same_ages(
            timeline.youths.to_arrow(), dated(own_tables(timeline)), self.days
        ):
            parts["youths"] = without(parts["youths"], ("birth_min", "birth_max"))
        tables = (
            changed(table.to_arrow(), self._column, self.days) for table in (findings, findings.assessed)
        )
        seen = Findings(*tables)
        keys = dict(zip(finding_keys(findings), finding_keys(seen), strict=True))
        said = Notes(
            tuple(self._note(note, {**self.references, **keys}) for note in notes), self._learned(notes)
        )
        return Disclosed(_marked(parts, self.youth, self.given), seen, said)

    def _parts(self, timeline: Timeline) -> dict[str, pa.Table]:
        """The tables to change: people as their roles, and of rows as delivered what a figure tells of a dispute."""
        parts = own_tables(timeline)
        events = parts["events"]
        place = events.column_names.index("by_whom")
        pairs = zip(*(events.column(name).to_pylist() for name in ("by_whom", "kind")), strict=True)
        roles = pa.array([self._role(who, kind) for who, kind in pairs], pa.string())
        parts["events"] = events.set_column(place, events.schema.field(place), roles)
        if self.given.level == LEVELS[0]:
            parts["records"] = disputed(events, timeline.records.to_arrow())
        return parts

    def _role(self, who: str | None, kind: str) -> str | None:
        """Who did it, by role; whoever speaks in a `voice` under a name is no worker."""
        if not who or self._published:
            return None
        role = role_of(who, self.given.glossary or _NO_NAMES, self.lang)
        return None if kind == "voice" and role == role_of("", _NO_NAMES, self.lang) else role

    def _column(self, name: str, values: list[Any]) -> list[Any]:
        return [None if value is None else self._value(name, value) for value in values]

    def _value(self, name: str, value: Any) -> Any:  # noqa: ANN401, PLR0911 - whatever stands in a cell
        if name == "youth":
            return self.youth
        if name in _AGENCIES:
            return each(value, lambda text: self.agencies[text])
        if name in _REFERENCES:
            return each(value, lambda text: self.references[text])
        if name == "care_id":
            return self.cares.get(value)
        if self._published and name in (*_TEXTS, *_BY_DAY):
            return None
        if name in _FREE and self.given.level != LEVELS[0]:
            return None
        if name == "measures" and self._published:
            return [(word, days) for word, days in value if not _BY_LAW.search(word)]
        if name == "row":
            return [(column, text and self.text(text)) for column, text in value]
        if name in _TEXTS:
            return value if name == "by_whom" else self.text(value)
        # As in masking: a column that gets here without being known to be harmless is empty afterwards.
        return value if name in KEPT else None

    def _note(self, note: Note, known: Mapping[str, str]) -> Note:
        """A note, its target as the disclosed case calls it."""
        target = note.target and known.get(note.target, note.target)
        if target and self.given.level != LEVELS[0] and target not in known.values():
            target = _NOWHERE  # what is not in the case may still name an agency
        if not self._published:
            author = self.text(note.author)[:_ROLE]
            return replace(note, author=author, text=self.text(note.text), target=target)
        return replace(
            note,
            author=role_of(note.author, _NO_NAMES, self.lang),
            text=note.text and say("level.left_out", self.lang),
            target=target,
            date=note.date + timedelta(self.days),
        )

    def _learned(self, notes: Notes) -> tuple[Learning, ...]:
        """What was learned; a publication holds no free text."""
        if self._published:
            return ()
        return tuple(
            replace(one, **{name: self.text(getattr(one, name)) for name in FILLED}) for one in notes.learning
        )
