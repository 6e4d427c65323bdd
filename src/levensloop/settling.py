"""What would settle a possible finding: which day, record or extract, and of which agency."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa

from levensloop.lives import Episode, Event
from levensloop.schema import DAY, TEXT, TEXTS, vocabulary
from levensloop.tables import Table
from levensloop.text import day, say

if TYPE_CHECKING:
    from levensloop.cohort import Cohort, Timeline
    from levensloop.finding import Finding

_ONE: Final = timedelta(1)
REQUESTS: Final = pa.schema(
    [
        ("agency", TEXT),
        ("ask", TEXT),
        ("kind", TEXT),
        ("event", TEXT),
        ("records", TEXTS),
        ("earliest", DAY),
        ("latest", DAY),
        ("findings", pa.int64()),
        ("detectors", TEXTS),
    ]
)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask of one agency.

    Parameters
    ----------
    agency : str
        Whom to ask; empty where any agency may know.
    ask : {"start", "end", "birth", "extract", "record"}
        The first or last day of a fact, the day of birth, an extract over days that were not
        delivered, or a look at the record.
    earliest, latest : date
        The first and the last day that it can be, both inclusive; of an extract the days to deliver.
    kind : str
        The kind of the fact.
    event : str
        The fact; empty for a birth or an extract.
    records : tuple of str
        By which the agency finds it: ``source:record``.

    Examples
    --------
    >>> Request("ggz", "extract", date(2007, 1, 1), date(2007, 6, 30)).say(lang="en")
    'ggz: an extract over 1 January 2007 to 30 June 2007.'
    """

    agency: str
    ask: Literal["start", "end", "birth", "extract", "record"]
    earliest: date
    latest: date
    kind: str = ""
    event: str = ""
    records: tuple[str, ...] = ()

    def say(self, lang: str = "nl") -> str:
        """The request as a sentence, Dutch or English."""
        kind = vocabulary()["kinds"].get(self.kind, {}).get(lang, self.kind)
        values = {
            "agency": self.agency or say("settle.anyone", lang),
            "kind": kind,
            "when": day((self.earliest, self.latest), lang),
            "first": day(self.earliest, lang),
            "last": day(self.latest, lang),
        }
        match self.ask:
            case "start":
                return say("settle.start", lang, values)
            case "end":
                return say("settle.end", lang, values)
            case "birth":
                return say("settle.birth", lang, values)
            case "extract":
                return say("settle.extract", lang, values)
            case "record":
                return say("settle.record", lang, values)


def requested(finding: "Finding", cohort: "Cohort") -> tuple[Request, ...]:
    """What to ask about one possible finding; what it rests on first, then what lies about it.

    Days that are not known of its evidence, and of other facts that may touch its days; the day of
    birth; and the days of the finding outside the windows of the agencies concerned. Where all of
    these are known, the records themselves: the order of what fell on one day may be told there.
    """
    youth = cohort.timeline(finding.youth)
    # The ids: a finding turns its evidence into them.
    proof = {str(one) for one in finding.evidence}
    facts = {event.id: event for event in youth.facts()}
    asked = list(_days(youth, facts, finding, proof))
    asked.sort(key=lambda one: one.event not in proof)
    asked += [*_birth(youth), *_extracts(youth, facts, finding, proof)]
    if not asked:
        asked = [
            Request(
                event.agency, "record", event.start_min, event.start_max, event.kind, event.id, event.sources
            )
            for event in facts.values()
            if event.id in proof
        ]
    return tuple(dict.fromkeys(asked))


def _days(
    youth: "Timeline", facts: dict[str, Event], finding: "Finding", proof: set[str]
) -> Iterator[Request]:
    """First and last days that are not known."""
    ends = {episode.events[-1]: episode for episode in youth.episodes_of() if episode.events}
    for event in facts.values():
        episode = ends.get(event.id)
        last = _last(event, episode)
        beyond = max(last[1] if last else event.start_max, event.start_max)
        near = event.start_min <= finding.end and beyond >= finding.start
        if not near and event.id not in proof:
            continue
        records = event.sources
        if not event.exact:
            yield Request(
                event.agency, "start", event.start_min, event.start_max, event.kind, event.id, records
            )
        if last and last[0] < last[1]:
            yield Request(event.agency, "end", last[0] - _ONE, last[1] - _ONE, event.kind, event.id, records)


def _last(event: Event, episode: Episode | None) -> tuple[date, date] | None:
    """The bounds of an end that is recorded, or is unknown; None for a point and for what is open."""
    if event.end_min is None:
        return None
    if event.end_max is not None:
        return event.end_min, event.end_max
    return (event.end_min, episode.end_max) if episode else None


def _birth(youth: "Timeline") -> Iterator[Request]:
    first, last = youth.birth_min, youth.birth_max
    if first is not None and last is not None and first < last:
        yield Request("", "birth", first, last)


def _extracts(
    youth: "Timeline", facts: dict[str, Event], finding: "Finding", proof: set[str]
) -> Iterator[Request]:
    """The days of the finding that an agency concerned did not deliver, or may not have closed yet."""
    concerned = {finding.agency, finding.to_agency} | {facts[one].agency for one in proof if one in facts}
    concerned |= {one.agency for one in youth.episodes_of("care") if one.start_min < finding.end}
    told = youth.agencies.to_arrow().to_pylist()
    windows = {row["source"]: row["window"] for row in youth.sources.to_arrow().to_pylist()}
    for agency in sorted(name for name in concerned if name):
        seen = [windows[row["source"]] for row in told if row["agency"] == agency]
        records = tuple(event.sources[0] for event in facts.values() if event.agency == agency)[:1]
        for first, last in _outside(seen, finding.start, finding.end):
            yield Request(agency, "extract", first, last - _ONE, records=records)


def _outside(windows: Iterable[dict[str, date]], start: date, end: date) -> Iterator[tuple[date, date]]:
    """The days of [start, end) that no window holds."""
    at = start
    for window in sorted(windows, key=lambda one: one["start"]):
        if at < window["start"] and at < end:
            yield at, min(window["start"], end)
        at = max(at, window["end"])
    if at < end:
        yield at, end


def gathered(findings: "Iterable[Finding]") -> Table:
    """The requests of many findings as one list: by agency, what helps most findings first."""
    rows: dict[Request, list[Any]] = {}
    for finding in findings:
        for one in finding.settle():
            row = rows.setdefault(one, [0, set()])
            row[0] += 1
            row[1].add(finding.detector)
    ordered = sorted(
        rows.items(),
        key=lambda item: (item[0].agency, -item[1][0], item[0].event, item[0].ask, item[0].earliest),
    )
    listed = [
        {
            **{name: getattr(one, name) for name in ("agency", "ask", "earliest", "latest")},
            "kind": one.kind or None,
            "event": one.event or None,
            "records": list(one.records),
            "findings": count,
            "detectors": sorted(detectors),
        }
        for one, (count, detectors) in ordered
    ]
    return Table(pa.Table.from_pylist(listed, schema=REQUESTS))
