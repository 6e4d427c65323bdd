"""Nothing is lost, and no order shows: the laws that hold for any delivery, however untidy."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

import levensloop as ll
from strategies import checked, cohort_of, deliveries, shuffled
from untidy import read, rebuilt, sources

#: Columns that name rows of files.
_NAMED_BY_ROW = {"event", "sources", "start_event", "end_event", "evidence"}


def check_conservation(cohort, delivered):
    """Every row has a fate, every entry one, and the entries told are the sources of the events."""
    entries = cohort.records.to_arrow().to_pylist()
    assert {(entry["source"], entry["record"]) for entry in entries} == {
        (name, number) for name, rows in delivered.items() for number in range(1, len(rows) + 1)
    }
    assert max(Counter((e["source"], e["record"], e["part"]) for e in entries).values()) == 1
    assert {entry["fate"] for entry in entries} <= {"event", "merged", "rejected", "ignored"}
    told = Counter()
    for entry in entries:
        assert (entry["event"] is not None) == (entry["fate"] in ("event", "merged"))
        assert (entry["reason"] is not None) == (entry["fate"] in ("rejected", "ignored"))
        if entry["event"] is not None:
            own = f"{entry['source']}:{entry['record']}"
            assert (entry["event"] == own) == (entry["fate"] == "event")
            told[entry["event"], own] += 1
    named = Counter(
        (event["event"], source)
        for event in cohort.events.to_arrow().to_pylist()
        for source in event["sources"]
    )
    assert told == named
    for source in cohort.sources.to_arrow().to_pylist():
        assert source["rows_read"] == len(delivered[source["source"]])


@checked
@given(sources, st.data())
def test_no_row_is_lost_by_any_order_of_files_rows_and_updates(delivered, data):
    rows = {f"s{at}": data.draw(st.permutations(own)) for at, own in enumerate(delivered)}
    names = data.draw(st.permutations(list(rows)))
    parts = [read(rows[name], name) for name in names]
    first = data.draw(st.integers(1, len(parts)))
    cohort = rebuilt(parts[:first])
    check_conservation(cohort, {name: rows[name] for name in names[:first]})
    for at in range(first, len(parts)):
        cohort = ll.update(cohort, parts[at])
        check_conservation(cohort, {name: rows[name] for name in names[: at + 1]})


def but_for_names_of_rows(table):
    """The rows of a table without the columns that name rows of files."""
    kept = [name for name in table.column_names if name not in _NAMED_BY_ROW]
    return table.select(kept).to_pylist()


def found_by(cohort):
    """What five detectors find."""
    rules = ll.rulebook("nl")
    return ll.detect(cohort, ll.Gap(), ll.OutOfView(), ll.Waiting(rules), ll.Handover(), ll.AgeLimit(rules))


def check_equal_but_for_rows(one, other):
    for name in ("events", "episodes", "youths"):
        tables = (getattr(each, name).to_arrow() for each in (one, other))
        first, second = (but_for_names_of_rows(table) for table in tables)
        assert first == second, name
    findings = [but_for_names_of_rows(found_by(each).to_arrow()) for each in (one, other)]
    assert findings[0] == findings[1]


@checked
@given(deliveries(), st.integers(0, 1000))
def test_files_and_rows_in_another_order_give_the_same_events_episodes_and_findings(delivery, seed):
    check_equal_but_for_rows(cohort_of(delivery), cohort_of(shuffled(delivery, seed)))


@checked
@given(sources, st.randoms(use_true_random=False))
def test_so_does_an_untidy_delivery_that_does_not_refer_to_rows(delivered, dice):
    plain = [[each | {"after": None, "before": None} for each in rows] for rows in delivered]
    named = [(f"s{at}", rows) for at, rows in enumerate(plain)]
    mixed = [(name, dice.sample(rows, len(rows))) for name, rows in named]
    dice.shuffle(mixed)
    one, other = (rebuilt([read(rows, name) for name, rows in each]) for each in (named, mixed))
    check_equal_but_for_rows(one, other)
