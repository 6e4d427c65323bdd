"""Small cohorts for tests."""

import datetime as dt

import pyarrow as pa

import levensloop as ll

WINDOW = (dt.date(2000, 1, 1), dt.date(2010, 12, 31))


def events(rows, source="a", window=WINDOW):
    """Events of rows in the default layout."""
    names = sorted({"person", "agency", "kind", "start"}.union(*rows))
    table = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    return ll.Events(table, window=window, source=source)


def cohort(*parts):
    """A cohort of one or more `events`."""
    whole = ll.Events.concat(parts)
    return ll.merge(whole, ll.link(whole))


def row(kind, start, end=None, **more):
    """One row about youth ``y`` at the agency ``ggz``."""
    return {
        "person": "y",
        "agency": "ggz",
        "sector": "mental_health",
        "kind": kind,
        "start": start,
        "end": end,
    } | more


#: Rows of two youths.
TWO = [
    row("care", "2005-01-01", "2005-02-01", person="b", birth="1990-01-01"),
    row("care", "2005", person="a", reason="no_show"),
    row("referral", "2004-01", person="a", to_agency="bjz"),
]
