"""Gap and OutOfView, day by day: sets of days, and nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oracle.model import Cohort, Episode, Event, Found, Youth, birthday, cover, possible, runs, sure, unseen
from oracle.waits import OPENERS, Wait, waits

SETTLED = ("goal_reached", "as_planned", "agreed", "moved", "died")
EPISODE_KINDS = ("care", "care_start", "care_end", "school", "school_start", "school_end",
                 "work", "benefit", "measure", "coordination")  # fmt: skip
YES, MAYBE, NO = "certain", "possible", "no"


@dataclass(frozen=True)
class View:
    """What one search looks at: a youth's care, its care in one sector, or everything."""

    detector: str
    youth: Youth
    items: tuple[Episode, ...]
    waits: tuple[Wait, ...]
    signals: tuple[Event, ...]
    end: int
    sure_end: int  # where D ends for every possible birth
    sector: str | None = None


def gap(
    cohort: Cohort, min_days: int = 90, until_age: int = 23, by: str = "youth", trailing: str = "need"
) -> Iterator[Found]:
    for youth in cohort.youths:
        # "Detectors take `about = youth` only"; "roles `care`"
        care = [e for e in youth.episodes if e.about == "youth" and e.role == "care"]
        signals = [e for e in youth.events if e.about == "youth" and e.kind == "signal"]
        waiting = waits(youth, cohort)
        # "min(U, latest birthday at until_age)) (U alone if the birth is unknown;
        # what is not sure under the earliest birthday is `possible`)"
        end = sure_end = youth.until
        if youth.first_birth and youth.last_birth:
            end = min(youth.until, birthday(youth.last_birth, until_age))
            sure_end = min(youth.until, birthday(youth.first_birth, until_age))
        # "`by="sector"`: the same per sector"
        groups = {None} if by == "youth" else {e.sector for e in care if e.sector}
        for sector in groups:
            view = View(
                detector="Gap",
                youth=youth,
                items=tuple(e for e in care if sector in (None, e.sector)),
                waits=tuple(w for w in waiting if sector in (None, w.sector)),
                signals=tuple(e for e in signals if sector in (None, e.sector)),
                end=end,
                sure_end=sure_end,
                sector=sector,
            )
            yield from _search(view, cohort, min_days, trailing)


def out_of_view(cohort: Cohort, min_days: int = 180, trailing: str = "need") -> Iterator[Found]:
    for youth in cohort.youths:
        # "the same over every episode and event of every agency [...] waits do not count"
        items = [e for e in youth.episodes if e.about == "youth" and e.role != "wait"]
        items += [_point(event, youth) for event in youth.events if event.about == "youth"]
        # "sectors home and other left out"
        items = [item for item in items if item.sector not in ("home", "other")]
        view = View(
            detector="OutOfView",
            youth=youth,
            items=tuple(items),
            waits=tuple(waits(youth, cohort)),
            signals=tuple(e for e in youth.events if e.about == "youth" and e.kind == "signal"),
            # "D ends at U"
            end=youth.until,
            sure_end=youth.until,
        )
        yield from _search(view, cohort, min_days, trailing)


def _point(event: Event, youth: Youth) -> Episode:
    # "(a point covers its day)"; "a point's end_min is start_min + 1"
    end_min, end_max = event.start_min + 1, event.start_max + 1
    if event.end_min is not None and event.kind not in (*EPISODE_KINDS, *OPENERS):
        # an event with an end that is neither an episode kind nor a wait opener covers its interval
        end_min = event.end_min
        end_max = youth.until if event.end_max is None else event.end_max
    return Episode(
        agency=event.agency,
        sector=event.sector,
        care_type=event.care_type,
        role="point",
        start_min=event.start_min,
        start_max=event.start_max,
        end_min=end_min,
        end_max=end_max,
        reason=event.reason,
    )


def _search(view: View, cohort: Cohort, min_days: int, trailing: str) -> Iterator[Found]:
    if not view.items:
        return
    # "Let S and P be the unions of sure and possible cover of the youth's care episodes,"
    sure_days = set().union(*map(sure, view.items))
    possible_days = set().union(*map(possible, view.items))
    # "D = [least end_min of them, min(U, latest birthday at until_age))"
    domain = cover(min(item.end_min for item in view.items), view.end)
    # "Take each maximal interval [a, b) of D \ S with b - a >= min_days."
    for a, b in runs(domain - sure_days):
        if b - a < min_days:
            continue
        need = YES
        if b == view.end:
            # "A trailing interval (b is the end of D: no care came after) is a finding only with open need
            # [...]; with `trailing="all"` always, with `"none"` never."
            need = {"all": YES, "none": NO, "need": _need(view)}[trailing]
        if need != NO:
            for start, end, days_min, certainty in _pieces(view, a, b, possible_days, min_days):
                capped = MAYBE if need == MAYBE else certainty
                yield _found(view, cohort, a, b, start, end, days_min, capped)


def _pieces(
    view: View, a: int, b: int, possible_days: set[int], min_days: int
) -> Iterator[tuple[int, int, int | None, str]]:
    """Start, end, days_min and certainty of every finding in one interval; days_max follows."""
    free = list(runs(cover(a, b) - possible_days))
    # "Every maximal interval of [a, b) \ P of at least min_days is a `certain` finding
    # (days_min its own length, days_max b - a"
    certain = [(start, end) for start, end in free if end - start >= min_days]
    for start, end in certain:
        yield start, end, end - start, YES
    if not certain:
        # "If there is none, [a, b) is one `possible` finding (days_min the longest interval of [a, b) \ P"
        yield a, b, max((end - start for start, end in free), default=0), MAYBE
        return
    # "If there is one, and an episode with empty sure cover possibly covers a day of [a, b),"
    inside = cover(a, b)
    if any(not sure(item) and possible(item) & inside for item in view.items):
        # "each remaining part of at least min_days is `possible` too (days_min 0, days_max its length)."
        for start, end in runs(inside.difference(*(cover(*piece) for piece in certain))):
            if end - start >= min_days:
                yield start, end, None, MAYBE


def _found(
    view: View, cohort: Cohort, a: int, b: int, start: int, end: int, days_min: int | None, certainty: str
) -> Found:
    days = cover(start, end)
    # "unobserved_days (days of it outside the window of at least one agency that ever cared for the youth)"
    agencies = {item.agency for item in view.items}
    unobserved = set().union(*(unseen(days, agency, view.youth, cohort.sources) for agency in agencies))
    # "waiting_days (days of it possibly covered by waits)"
    waiting = days & set().union(*(wait.days() for wait in view.waits))
    # "`possible` if a day of it is unobserved"
    if unobserved or any(day >= view.sure_end for day in days):
        certainty = MAYBE
    return Found(
        youth=view.youth.id,
        detector=view.detector,
        outcome=_outcome(view, a, len(days), len(unobserved), len(waiting)),
        certainty=certainty,
        start=start,
        end=end,
        days_min=0 if days_min is None else days_min,
        days_max=end - start if days_min is None else b - a,
        # "`ongoing` if the finding ends at U."
        ongoing=end == view.youth.until,
        sector=view.sector,
        measures=(("unobserved_days", len(unobserved)), ("waiting_days", len(waiting))),
    )


def _outcome(view: View, a: int, length: int, unobserved: int, waiting: int) -> str:
    # "outcome, the first that holds: `unobserved` (all days unobserved), `waiting` (waiting_days >= half),"
    if unobserved == length:
        return "unobserved"
    if 2 * waiting >= length:
        return "waiting"
    # "`after_goal` (all care episodes with the greatest end_min <= a ended `goal_reached`), `unexplained`."
    before = [item for item in view.items if item.end_min <= a]
    last = max(item.end_min for item in before)
    goal = all(item.reason == "goal_reached" for item in before if item.end_min == last)
    return "after_goal" if goal else "unexplained"


def _need(view: View) -> str:
    # "open need: an opener that nothing closed, a signal after the last care start, or a last end for a
    # reason other than goal_reached, as_planned, agreed, moved, died"
    needs = [_open_waits(view.waits), _late_signals(view), _bad_end(view.items)]
    return YES if YES in needs else MAYBE if MAYBE in needs else NO


def _open_waits(found: Iterable[Wait]) -> str:
    # the waits meant are those of `Waiting(min_days=1)`
    needs = [YES if wait.certain(1) else MAYBE for wait in found if wait.outcome == "ongoing"]
    return YES if YES in needs else MAYBE if MAYBE in needs else NO


def _late_signals(view: View) -> str:
    # "a signal after the last care start": where everything counts, care is still what must follow
    others = [item for item in view.items if item.role == "care"]
    if not view.signals:
        return NO
    if all(any(signal.start_min > item.start_max for signal in view.signals) for item in others):
        return YES
    late = all(any(signal.start_max > item.start_min for signal in view.signals) for item in others)
    return MAYBE if late else NO


def _bad_end(items: Iterable[Episode]) -> str:
    bad = [item for item in items if item.reason is not None and item.reason not in SETTLED]
    others = [item for item in items if item not in bad]
    if not bad:
        return NO
    if not others or max(item.end_min for item in bad) >= max(item.end_max for item in others):
        return YES
    maybe = max(item.end_max for item in bad) >= max(item.end_min for item in others)
    return MAYBE if maybe else NO
