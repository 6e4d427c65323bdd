"""Hypothesis strategies: small deliveries with every kind of doubt about their dates."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import levensloop as ll

#: As the profile in force says; merging a cohort takes longer than Hypothesis likes.
checked = settings(
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

FIRST = date(2003, 1, 1)
DAYS = 300

#: Each agency delivers one sector, so that a youth alone and a youth among many read alike.
AGENCIES = {
    "Ambulant": "youth_care",
    "Bureau": "youth_care",
    "Clinic": "mental_health",
    "Doctor": "health",
    "Engine": "education",
    "Family": "home",
}
OUTSIDER = "Zorghuis"  # referred to, but it delivers nothing
REASONS = ("goal_reached", "as_planned", "client_left", "age_limit", "moved", "transferred")
CARE = ("care", "care", "care_start", "care_end")
WAITS = ("referral", "report", "application", "indication", "waitlist")
POINTS = ("signal", "contact", "intake", "assessment", "refusal", "transfer")
OTHERS = ("school", "school_start", "school_end", "work", "benefit", "measure", "absence", "evaluation")


@dataclass(frozen=True)
class Delivered:
    """One source: its rows in the default layout and its window, both days inclusive."""

    name: str
    window: tuple[date, date]
    rows: tuple[dict[str, str | None], ...]
    ages: tuple[int, int] | None = None


@dataclass(frozen=True)
class Delivery:
    """What a test hands to levensloop."""

    sources: tuple[Delivered, ...] = field(default_factory=tuple)

    def only(self, person: str) -> "Delivery":
        """The same windows with the rows of one person."""
        return Delivery(
            tuple(
                replace(source, rows=tuple(row for row in source.rows if row["person"] == person))
                for source in self.sources
            )
        )

    def shifted(self, days: int) -> "Delivery":
        """Every date moved by a number of days; births too."""
        move = timedelta(days)
        return Delivery(
            tuple(
                replace(
                    source,
                    window=(source.window[0] + move, source.window[1] + move),
                    rows=tuple(
                        row | {name: _shifted(row[name], move) for name in ("birth", "start", "end")}
                        for row in source.rows
                    ),
                )
                for source in self.sources
            )
        )


def _shifted(text: str | None, move: timedelta) -> str | None:
    if text is None:
        return None
    return "/".join((date.fromisoformat(part) + move).isoformat() for part in text.split("/"))


def day(offset: int) -> date:
    return FIRST + timedelta(offset)


def written(low: date, high: date) -> str:
    """A known day as a date, anything else as an EDTF range."""
    return low.isoformat() if low == high else f"{low.isoformat()}/{high.isoformat()}"


def slack(exact: int = 3) -> st.SearchStrategy[int]:
    """How many days a date may be off: mostly none."""
    return st.sampled_from([0] * exact + [1, 4, 12, 40])


@st.composite
def births(draw: st.DrawFn, age: int) -> str | None:
    """A birth whose birthday at `age` falls in the middle of it all."""
    if draw(st.integers(0, 3)) == 0:
        return None
    born = day(draw(st.integers(60, DAYS - 60)))
    born = born.replace(year=born.year - age)
    return written(born, born + timedelta(draw(slack())))


@st.composite
def rows(
    draw: st.DrawFn, person: str, birth: str | None, agency: str, kinds: tuple[str, ...]
) -> dict[str, str | None]:
    """One row: any kind, a start that may be fuzzy, an end that may be fuzzy or missing."""
    kind = draw(st.sampled_from(kinds))
    low = draw(st.integers(0, DAYS - 1))
    high = low + draw(slack())
    end = None
    if kind in ("care", "school", "work", "benefit", "measure") and draw(st.integers(0, 4)):
        last = low + draw(st.sampled_from([0, 3, 10, 30, 80]))
        end = written(day(last), day(last + draw(slack())))
    elif kind == "waitlist" and draw(st.booleans()):
        last = low + draw(st.sampled_from([0, 10, 60]))
        end = written(day(last), day(last + draw(slack())))
    others = [name for name in (*AGENCIES, OUTSIDER) if name != agency]
    to_agency = None
    if kind in (*WAITS, "transfer"):
        to_agency = draw(st.sampled_from([*others[:3], OUTSIDER, None]))
    ends = end is not None or kind in ("care_end", "school_end", "refusal", "move")
    return {
        "person": person,
        "birth": birth,
        "agency": agency,
        "sector": AGENCIES[agency],
        "kind": kind,
        "start": written(day(low), day(high)),
        "end": end,
        "to_agency": to_agency,
        "care_id": draw(st.sampled_from([None, None, "k1"])),
        "reason": draw(st.sampled_from([None, *REASONS])) if ends else None,
        "about": draw(st.sampled_from(["youth"] * 9 + ["mother"])),
    }


@st.composite
def deliveries(
    draw: st.DrawFn,
    *,
    kinds: tuple[str, ...] = CARE + WAITS + POINTS + OTHERS,
    agencies: tuple[str, ...] = tuple(AGENCIES),
    youths: int = 3,
    most: int = 8,
    age: int = 23,
) -> Delivery:
    """One to three sources over a few youths, each source with a window of its own."""
    born = {f"y{at}": draw(births(age)) for at in range(draw(st.integers(1, youths)))}
    parts = []
    for at in range(draw(st.integers(1, 3))):
        own = draw(st.lists(st.sampled_from(agencies), min_size=1, max_size=3, unique=True))
        own_rows = [
            draw(rows(person, birth, draw(st.sampled_from(own)), kinds))
            for person, birth in born.items()
            for _ in range(draw(st.integers(1, most)))
        ]
        first = draw(st.sampled_from([-10, -10, 0, 60]))
        last = draw(st.sampled_from([DAYS + 50, DAYS + 50, DAYS, DAYS - 60]))
        parts.append(Delivered(f"s{at}", (day(first), day(last)), tuple(own_rows)))
    return Delivery(tuple(parts))


def cohort_of(delivery: Delivery, **how: object) -> ll.Cohort:
    """The merged cohort of a delivery; `how` goes to `merge`."""
    parts = []
    for source in delivery.sources:
        if source.rows:
            names = list(source.rows[0])
            table = pa.table(
                {name: pa.array([row[name] for row in source.rows], pa.string()) for name in names}
            )
            parts.append(ll.Events(table, window=source.window, source=source.name))
    events = ll.Events.concat(parts)
    return ll.merge(events, ll.link(events), **how)


def shuffled(delivery: Delivery, seed: int) -> Delivery:
    """The same rows and sources in another order."""
    import random

    dice = random.Random(seed)  # noqa: S311 - a shuffle, no secret
    sources = [
        replace(source, rows=tuple(dice.sample(source.rows, len(source.rows)))) for source in delivery.sources
    ]
    dice.shuffle(sources)
    return Delivery(tuple(sources))
