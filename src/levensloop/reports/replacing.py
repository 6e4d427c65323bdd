"""What takes the place of what in a case that is disclosed: in its tables, its findings and its notes.

It stands among the reports, and no lower, since it changes notes too; much of what it puts there comes from `masking`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pyarrow as pa

from levensloop.cohort import Parts, Timeline
from levensloop.findings import Findings
from levensloop.glossaries import Glossary
from levensloop.masking import KEPT, agencies_by_sector, changed, each, numbered, own_tables, role_of
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
from levensloop.reports.levels import LEVELS, UNKNOWN_YOUTH, Disclosure, initial
from levensloop.reports.notes import Note, Notes
from levensloop.text import say

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


class Disclosed(NamedTuple):
    """A case as it may be seen."""

    timeline: Timeline
    findings: Findings
    notes: Notes


def marked(parts: Mapping[str, pa.Table], youth: str, given: Disclosure) -> Timeline:
    """A timeline that bears what of it may be seen."""
    made = Timeline(Parts(**parts), youth)
    made.shown = given.shown
    return made


@dataclass(frozen=True, slots=True)
class Replacements:
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
    def of(cls, timeline: Timeline, findings: Findings, given: Disclosure, lang: str) -> "Replacements":
        """How this case is disclosed."""
        parts, found = own_tables(timeline), findings.to_arrow()
        people = given.glossary or _NO_NAMES
        letter = initial(timeline)
        keys = {timeline.id, *timeline.identities.to_arrow().column("person").to_pylist()}
        open_to = given.level == LEVELS[0]
        hidden = {} if open_to else agencies_by_sector(parts, found, people, lang)
        text = texts(people, hidden, keys, letter)
        called = hidden or {name: text(name) for name in agencies_by_sector(parts, found, people, lang)}
        known = numbered(parts)
        if open_to:
            names_someone = naming(text, {*people.names, *keys})
            known = known if any(map(names_someone, known)) else dict(zip(known, known, strict=True))
        cares = care_numbers(parts["events"].column("care_id"), text if open_to else None)
        youth, days = letter, 0
        if given.level == LEVELS[-1] and given.secret is not None:
            youth, days = UNKNOWN_YOUTH, moved_by(secret(given.secret), timeline.id, parts)
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
        return Disclosed(marked(parts, self.youth, self.given), seen, said)

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
