"""Ways from one agency to another, told by a referral or by the order of care: the ground of `Handover`.

Source of the definition: design section 6, *Handover*.
"""

from dataclasses import dataclass

import numpy as np

from levensloop.arrays import View, among
from levensloop.findings import Seen
from levensloop.observing import observed
from levensloop.schema import words
from levensloop.sorting import packed
from levensloop.spans import (
    NO_DAY,
    Bools,
    Ints,
    Spans,
    best,
    days_within,
    distinct,
    first_reaching,
    how_many,
    pack,
    ranges,
    soonest,
    touches,
    union,
)
from levensloop.waitlines import care_of

_OUTCOMES = ("arrived", "refused", "lost", "pending")
_PENDING = 3
_STYLES = ("warm", "cold", "referral_only")


def handovers(view: View, within: int) -> tuple[Seen, Seen]:
    """The explicit and the implicit handovers of a cohort, as ``Handover(within_days=within)`` tells them.

    Parameters
    ----------
    view : View
    within : int
        How many days an arrival may take.

    Returns
    -------
    explicit, implicit : Seen
    """
    explicit, arrivals = _explicit(view, within)
    return explicit, _implicit(view, within, arrivals)


def _explicit(view: View, within: int) -> tuple[Seen, Ints]:
    """Handovers by a referral or transfer; and by which A each care episode was reached."""
    events, episodes = view.events, view.episodes
    ref = np.flatnonzero(events.to_agency >= 0)
    ref = ref[among(events.kind[ref], words("kinds"), ("referral", "transfer"))]
    ref = ref[events.to_agency[ref] != events.agency[ref]]
    size = len(view.agencies)
    place = events.youth[ref] * size + events.to_agency[ref]
    first, last = events.start_min[ref], events.start_max[ref]
    care = care_of(view)
    care = care[np.isin(episodes.youth[care] * size + episodes.agency[care], place)]
    starts = _First(
        episodes.youth[care] * size + episodes.agency[care],
        episodes.start_min[care],
        episodes.start_max[care],
    )
    no = np.flatnonzero(events.kind == words("kinds").index("refusal"))
    noes = _First(events.youth[no] * size + events.agency[no], events.start_min[no], events.start_max[no])
    start, s_low, s_high = starts.after(place, first, last, within)
    refusal, r_low, r_high = noes.after(place, first, last, within)
    refused = (refusal >= 0) & ((start < 0) | (r_low < s_low) | ((r_low == s_low) & (r_high < s_high)))
    arrived = (start >= 0) & ~refused
    low, high = np.where(refused, r_low, s_low), np.where(refused, r_high, s_high)
    came = arrived | refused
    seen_all, seen_any, stop = _watched(view, ref, within)
    outcome = np.select([arrived, refused, seen_all], [0, 1, 2], 3)
    clear = np.select(
        [arrived, refused],
        [(refusal < 0) | (s_high <= r_low), (start < 0) | (r_high < s_low)],
        np.where(seen_all, seen_all, ~seen_any),
    )
    end = np.where(came, high, np.where(seen_all, last + within, np.minimum(stop, last + within)))
    in_time = (low >= last) & (high - first <= within)
    row_of_start = np.where(
        start >= 0, episodes.start_row[care][np.maximum(start, 0)] if care.size else -1, -1
    )
    row_of_no = np.where(refusal >= 0, events.row[no][np.maximum(refusal, 0)] if no.size else -1, -1)
    sector = view.agency_sector[events.to_agency[ref]]
    found = Seen(
        youth=events.youth[ref],
        outcome=outcome,
        outcomes=_OUTCOMES,
        certain=clear & np.where(came, in_time, True),  # noqa: FBT003 - a value, not a switch
        start=first,
        end=np.maximum(end, first + 1),
        days_min=np.maximum(0, np.where(came, low, end) - last),
        days_max=np.maximum(0, np.where(came, high, end) - first),
        ongoing=outcome == _PENDING,
        agency=events.agency[ref],
        to_agency=events.to_agency[ref],
        sector=np.where(sector >= 0, sector, events.sector[ref]),
        measures=_styles(_style(view, ref, low, high, arrived)),
        evidence=(events.row[ref], np.where(arrived, row_of_start, -1), np.where(refused, row_of_no, -1)),
    )
    reached = care[start[arrived]] if care.size else start[arrived]
    return found, np.unique(reached * size + events.agency[ref][arrived])


@dataclass(frozen=True, slots=True)
class _First:
    """Rows sorted by place (a youth and an agency) and order, to find the first that may follow a day."""

    place: Ints
    low: Ints
    high: Ints

    def after(self, place: Ints, first: Ints, last: Ints, within: int) -> tuple[Ints, Ints, Ints]:
        """The first row that may come on or after the given days and in time, and its days."""
        order = np.argsort(self.place, kind="stable")
        found = first_reaching(self.place[order], self.high[order], place, first)
        row = order[np.maximum(found, 0)] if order.size else np.zeros(found.size, np.int64)
        low = self.low[row] if order.size else np.full(found.size, NO_DAY)
        high = self.high[row] if order.size else np.full(found.size, NO_DAY)
        in_time = (found >= 0) & (low - last <= within)
        return np.where(in_time, row, -1), low, high


def _watched(view: View, ref: Ints, within: int) -> tuple[Bools, Bools, Ints]:
    """Whether B is observed for as long as an arrival may take: from the latest day, and from the earliest."""
    events = view.events
    youth, target = events.youth[ref], events.to_agency[ref]
    first, last = events.start_min[ref], events.start_max[ref]
    until = view.until[youth]
    window = view.window_end()[target] if ref.size else until
    silent = window == NO_DAY
    over = last + within + 1
    seen = union(*observed(view, youth, target))
    begin, end = np.maximum(seen.start, first[seen.group]), np.minimum(seen.end, over[seen.group])
    whole, some = np.zeros(ref.size, bool), np.zeros(ref.size, bool)
    # Stretches do not touch: what is observed throughout lies in one.
    whole[seen.group[end - begin == (over - first)[seen.group]]] = True
    some[seen.group[end - begin > within]] = True
    stop = np.where(silent, until, np.where(view.departed[youth], np.minimum(window, until), window))
    return (
        np.where(silent, until > last + within, whole),
        np.where(silent, until > first + within, some),
        stop,
    )


def _style(view: View, ref: Ints, low: Ints, high: Ints, arrived: Bools) -> Ints:
    """For those who arrived, whether care by A possibly covers or touches the first day at B, ended before, or never was."""
    events, episodes = view.events, view.episodes
    care, size = care_of(view), len(view.agencies)
    here = np.flatnonzero(arrived)
    place = events.youth[ref[here]] * size + events.agency[ref[here]]
    group = episodes.youth[care] * size + episodes.agency[care]
    own = np.isin(group, place)
    care, group = care[own], group[own]
    cover = union(group, episodes.start_min[care], episodes.end_max[care] + 1)
    warm = touches(place, low[here], high[here] + 1, cover)
    out = np.full(ref.size, -1)
    out[here] = np.select([warm, np.isin(place, group)], [0, 1], 2)
    return out


def _styles(style: Ints) -> dict[str, Ints]:
    return {name: np.where(style == at, 1, -1) for at, name in enumerate(_STYLES)}


def _implicit(view: View, within: int, arrivals: Ints) -> Seen:
    """Handovers that only the order of care tells."""
    episodes, size = view.episodes, len(view.agencies)
    care = care_of(view)
    youth, agency = episodes.youth[care], episodes.agency[care]
    ended, after = _next_starts(view, care, within)
    other = agency[ended] != agency[after]
    e, n = care[ended[other]], care[after[other]]
    end_max, low = episodes.end_max[e], episodes.start_min[n]
    sure = union(youth, episodes.start_max[care], episodes.end_min[care])
    free = days_within(sure, episodes.youth[e], end_max, np.maximum(low, end_max)) == 0
    free &= ~np.isin(n * size + episodes.agency[e], arrivals)
    e, n = e[free], n[free]
    alike = [episodes.agency[e], n, episodes.end_min[e], episodes.end_max[e]]
    once = distinct(*packed(alike))
    e, n = e[once], n[once]
    end_min, end_max = episodes.end_min[e], episodes.end_max[e]
    low, high = episodes.start_min[n], episodes.start_max[n]
    lag_min, lag_max = np.maximum(0, low - end_max), high - end_min
    certain = (low >= end_max) & (lag_max <= within)
    near = np.flatnonzero(certain)
    certain[near] = (_others(view, care, e[near], n[near]) == 0) & ~_again(view, care, e[near], n[near])
    return Seen(
        youth=episodes.youth[e],
        outcome="arrived",
        certain=certain,
        start=end_min,
        end=np.maximum(high, end_min + 1),
        days_min=lag_min,
        days_max=lag_max,
        ongoing=np.zeros(e.size, bool),
        agency=episodes.agency[e],
        to_agency=episodes.agency[n],
        sector=episodes.sector[n],
        measures=_styles(np.where(lag_min == 0, 0, 1)),
        evidence=(episodes.end_row[e], episodes.start_row[n]),
    )


def _next_starts(view: View, care: Ints, within: int) -> tuple[Ints, Ints]:
    """Care that ended, and each start that may be the first after that and in time; both as places in `care`."""
    episodes = view.episodes
    youth, low, high = episodes.youth[care], episodes.start_min[care], episodes.start_max[care]
    ended = np.flatnonzero(~episodes.open[care])
    own, end_min, end_max = youth[ended], episodes.end_min[care][ended], episodes.end_max[care][ended]
    # Another surely starts after the end, and by this day: nobody who comes later is the first.
    forced = soonest(youth, low, high, own, end_max)
    begin = first_reaching(youth, high, own, end_min)
    stop = np.searchsorted(pack(youth, low), pack(own, np.minimum(forced, end_max + within)), side="right")
    of, n = ranges(np.where(begin < 0, stop, begin), stop)
    may = (high[n] >= end_min[of]) & (n != ended[of])
    of, n = of[may], n[may]
    # On that day itself the first in order is.
    sure = (low[n] >= end_max[of]) & (high[n] == forced[of])
    first = best(of[sure], n[sure], ended.size, least=True, empty=care.size)
    may = (low[n] < forced[of]) | (n <= first[of])
    return ended[of[may]], n[may]


def _others(view: View, care: Ints, e: Ints, n: Ints) -> Ints:
    """How many other care episodes possibly cover a day between the end of one and the start of the next."""
    episodes = view.episodes
    between = Spans(episodes.youth[e], episodes.end_min[e], episodes.start_max[n])
    count = how_many(episodes.youth[care], episodes.start_min[care], episodes.end_max[care], between)
    real = between.end > between.start
    for row in (e, n):
        inside = (episodes.start_min[row] < between.end) & (episodes.end_max[row] > between.start)
        count = count - (inside & real & (episodes.end_max[row] > episodes.start_min[row]))
    return count


def _again(view: View, care: Ints, e: Ints, n: Ints) -> Bools:
    """Whether the agency whose care ended may itself be the next to start."""
    episodes, size = view.episodes, len(view.agencies)
    group = episodes.youth[care] * size + episodes.agency[care]
    place = episodes.youth[e] * size + episodes.agency[e]
    own = np.isin(group, place)
    care, group = care[own], group[own]
    begun = np.sort(pack(group, episodes.start_min[care]), kind="stable")
    before = np.sort(pack(group, episodes.start_max[care]), kind="stable")
    count = np.searchsorted(begun, pack(place, episodes.start_max[n]), side="right")
    count = count - np.searchsorted(before, pack(place, episodes.end_min[e]), side="left")
    return count - (episodes.start_max[e] >= episodes.end_min[e]) > 0
