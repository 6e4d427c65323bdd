"""Deliveries with everything that goes wrong at once: faults, duplicates, corrections, order, shared births."""

import pyarrow as pa
from hypothesis import strategies as st

import levensloop as ll
from helpers import WINDOW, row

ON = ["person", "birth"]
_DATES = [
    "2005-01-01",
    "2005-01-03",
    "2005-01",
    "2005",
    "2006-03-01",
    "2007~",
    "nonsense",
    "2005-02-30",
    None,
]
_KINDS = ["care_start", "care_end", "care", "referral", "school", "contact", "death", "move", "nothing"]
_REFERENCES = [None, None, None, None, "1", "2", "s0:1", "s1:2", "k1", "k2", "1;k2", "nowhere"]
_ROW = st.builds(
    lambda kind, start, agency, who, more: row(kind, start, agency=agency, person=who, **more),
    st.sampled_from(_KINDS),
    st.sampled_from(_DATES),
    st.sampled_from(["ggz", "bjz"]),
    st.sampled_from(["a", "b", "c", "d", ""]),
    st.fixed_dictionaries(
        {
            "birth": st.sampled_from([None, None, None, "1990-01-02", "1991-03-04", "1991"]),
            "end": st.sampled_from([None, None, "2005-06-01", "2004-01-01"]),
            "to_agency": st.sampled_from([None, None, "bjz", "ggz"]),
            "care_id": st.sampled_from([None, None, "k1", "k2"]),
            "status": st.sampled_from([None, None, None, "new", "changed", "withdrawn"]),
            "after": st.sampled_from(_REFERENCES),
            "before": st.sampled_from(_REFERENCES),
            "surname": st.sampled_from([None, "De Vries", "Bos"]),
        }
    ),
)
#: Sources: rows of each.
sources = st.lists(st.lists(_ROW, min_size=1, max_size=7), min_size=1, max_size=4)


def table_of(rows):
    """Rows as a table in the default layout."""
    names = sorted(set().union(*rows))
    return pa.table({name: pa.array([each[name] for each in rows], pa.string()) for name in names})


def read(rows, name):
    """Rows as events of one source."""
    return ll.Events(table_of(rows), window=WINDOW, source=name)


def rebuilt(parts, **how):
    """All linked and merged at once, by key and birth unless told otherwise."""
    whole = ll.Events.concat(parts)
    return ll.merge(whole, ll.link(whole, **(how or {"on": ON})))
