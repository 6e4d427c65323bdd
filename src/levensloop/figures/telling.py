"""A page in words: its caption, the text for who cannot see it, and the stops by date."""

from collections.abc import Mapping, Sequence

from levensloop.figures.case import Fact, Seen
from levensloop.figures.findingwords import tell
from levensloop.figures.fit import Desk, Fit
from levensloop.figures.headlines import from_to, page_agencies
from levensloop.figures.remarks import aloud, with_stance
from levensloop.figures.scene import Decision, Mark, Rect, Stop
from levensloop.figures.ticks import Tick
from levensloop.figures.words import Words


def caption(desk: Desk, fit: Fit, number: int) -> str:
    """What stands under the figure in a report.

    The report of 2009 wrote "Figuur 1: Periode 1989-2001: van ... tot ...".
    """
    return desk.words.say("caption", {"number": number, "text": from_to(fit.page, desk.words)})


def fact_line(desk: Desk, fact: Fact) -> str:
    """One event as a sentence: when, who, what."""
    when = desk.words.when(fact.first, fact.last, fact.precision)
    told = desk.mask(desk.words.what(fact))
    who = desk.mask(fact.agency)
    return aloud(f"{when}, {who}: {told}" if who else f"{when}: {told}", fact.said, desk.words)


def description(desk: Desk, fit: Fit, seen: Sequence[Seen], title: str, said: Sequence[str]) -> str:
    """The page in sentences: period, headline, counts, what the data say, and every event by date."""
    words = desk.words
    page = fit.page
    parts = [
        words.say(
            "alt_page",
            {"youth": desk.case.initial, "period": from_to(page, words), "head": title.rstrip(".")},
        ),
        words.say(
            "alt_counts",
            {
                "events": words.count("count_events", len(page.facts)),
                "agencies": words.count("count_agencies", page_agencies(page)),
            },
        ),
    ]
    for key, certain in (("alt_certain", True), ("alt_possible", False)):
        told = [
            desk.mask(aloud(with_stance(tell(s, words, bare=True), s, words), s.said, words))
            for s in seen
            if s.certain == certain
        ]
        parts += [f"{words.say(key)} {'; '.join(told)}."] if told else []
    if page.facts:
        parts.append(f"{words.say('alt_order')} {'; '.join(fact_line(desk, f) for f in page.facts)}.")
    if said:
        parts.append(words.say("alt_decisions", {"text": ", ".join(said)}))
    return " ".join(parts)


def stops(desk: Desk, fit: Fit, marks: Sequence[Mark]) -> tuple[Stop, ...]:
    """Boxes and numbered ticks by date, then the tags of the findings from left to right."""
    facts = {fact.id: fact for fact in fit.page.facts}
    numbers = {tick.fact.id: tick for tick in fit.ticks}
    told: list[tuple[float, int, Stop]] = []
    tags: list[Stop] = []
    for mark in marks:
        if not isinstance(mark, Rect):
            continue
        if mark.role == "tag":
            at = next(t for t in fit.tags if abs(t.tag_left - mark.x) < 1 and t.seen.evidence == mark.events)
            text = with_stance(tell(at.seen, desk.words, named=True), at.seen, desk.words)
            tags.append(_stop(desk.mask(aloud(text, at.seen.said, desk.words)), mark, mark.events))
        elif mark.role in {"box", "tick"}:
            for event in mark.events:
                fact = facts[event]
                text = _numbered(fact_line(desk, fact), numbers, fact, desk.words)
                told.append((fact.middle, fact.order, _stop(text, mark, (event,))))
    told.sort(key=lambda stop: stop[:2])
    return (*(stop for _, _, stop in told), *sorted(tags, key=lambda stop: (stop.x, stop.y)))


def _numbered(text: str, numbers: Mapping[str, Tick], fact: Fact, words: Words) -> str:
    tick = numbers.get(fact.id)
    return f"{words.letter(fact.sector)} {tick.number}. {text}" if tick and tick.number else text


def _stop(text: str, mark: Rect, events: tuple[str, ...]) -> Stop:
    return Stop(text, events, mark.x, mark.y, mark.width, mark.height)


def said(decisions: Sequence[Decision], words: Words, table: int) -> list[str]:
    """What the page could not show, in words; `table` is the page that tells it, or 0."""
    keys = {"ticks", "shortened", "reasons", "merged", "findings", "glyphs", "remarks"}
    told: list[str] = []
    for decision in decisions:
        if decision.kind in keys:
            kind = "undrawn" if decision.kind == "findings" and not table else decision.kind
            told.append(words.count(f"decision_{kind}", decision.count, {"page": table}))
    return told
