import datetime as dt

import pytest

from levensloop.readers.layouts import TableLayout, load, packaged, parse


def one(text):
    layout = parse(text, "ggz.toml")
    assert len(layout.tables) == 1
    return layout.tables[0]


def test_what_a_layout_says():
    table = one("""
        name = "ggz"
        delimiter = ";"
        encoding = "cp1252"
        sheet = "Blad1"
        skip_rows = 2
        date_formats = ["%d-%m-%Y", "excel", "JJJJMM00"]
        end = "exclusive"
        empty_end = "unknown"
        window = [1998-01-01, "2007-06-30"]
        ages = [0, 18]
        constants = { agency = "GGZ", shared_with = ["School", "GP"] }
        columns = { person = "Nr" }
        codes.reason = { 31 = "as_planned", X = "" }
        aliases.agency = { "G.G.Z." = "GGZ" }
    """)
    assert (table.delimiter, table.encoding, table.sheet, table.skip_rows) == (";", "cp1252", "Blad1", 2)
    assert (table.end_exclusive, table.unknown_end, table.usable) == (True, True, True)
    assert table.window == (dt.date(1998, 1, 1), dt.date(2007, 6, 30))
    assert table.ages == (0, 18)
    event = table.events[0]
    assert event.constants == {"agency": "GGZ", "shared_with": "School;GP"}
    assert event.codes == {"reason": {"31": "as_planned", "X": ""}}


def test_events_say_over_the_table_and_the_table_over_the_layout():
    layout = parse(
        """
        constants = { agency = "A", sector = "health", kind = "care" }
        columns = { person = "Nr", what = "W" }
        codes.reason = { a = "died", b = "moved" }
        [[table]]
        file = "One*.csv"
        constants = { agency = "B", what = "same" }
        columns = { sector = "S" }
        codes.reason = { a = "other" }
        [[table.event]]
        constants = { kind = "referral", sector = "justice" }
        columns = { start = "x" }
        [[table.event]]
        columns = { start = "y", kind = "K" }
        [[table]]
        file = "two.csv"
        ignore = true
        """,
        "x.toml",
    )
    assert layout.faults == ()
    first, second = layout.table_for("ONE of all.CSV").events
    assert first.columns == {"person": "Nr", "start": "x"}
    assert first.constants == {"agency": "B", "what": "same", "kind": "referral", "sector": "justice"}
    assert second.columns == {"person": "Nr", "sector": "S", "start": "y", "kind": "K"}
    assert second.constants == {"agency": "B", "what": "same"}
    assert first.codes == {"reason": {"a": "other", "b": "moved"}}
    assert layout.table_for("two.csv").ignore
    assert layout.table_for("three.csv") is None


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ("colums = {}", "colums", "did you mean 'columns'?"),
        ("zzz = 1", "zzz", "the keys are: "),
        ("columns = { persoon = 'x' }", "columns.persoon", "did you mean 'person'"),
        ("constants = { x = 'x' }", "constants.x", "the keys are: "),
        ("codes = { kinds = { a = 'care' } }", "codes.kinds", "did you mean 'kind'?"),
        ("codes = { kind = 'care' }", "codes.kind", "write kind as a table"),
        ("columns = 'x'", "columns", "write columns as a table"),
        ("columns = { person = true }", "columns.person", "write it between quotes"),
        ("aliases = []", "aliases", "write aliases as tables"),
        ("end = 'exclusve'", "end", "write inclusive or exclusive"),
        ("empty_end = 3", "empty_end", "write open or unknown"),
        ("delimiter = ';;'", "delimiter", "write ';'"),
        ("delimiter = 7", "delimiter", "write delimiter as text"),
        ("encoding = 'ansi1252'", "encoding", "write utf-8"),
        ("encoding = 'base64'", "encoding", "write utf-8"),
        ("skip_rows = -1", "skip_rows", "write skip_rows = 0"),
        ("skip_rows = true", "skip_rows", "write skip_rows as a whole number"),
        ("date_formats = '%d'", "date_formats", "write date_formats = "),
        ("date_formats = ['%Q']", "date_formats", "write formats such as"),
        ("window = [1998-01-01]", "window", "write window = "),
        ("window = [2007-01-01, 1998-01-01]", "window", "write window = "),
        ("window = ['soon', 1998-01-01]", "window", "write window as "),
        ("window = 7", "window", "write window = "),
        ("ages = [18, 0]", "ages", "write ages = "),
        ("ages = 'all'", "ages", "write ages = "),
        ("event = 1", "event", "write [[event]]"),
        ("event = [{ colums = {} }]", "event[1].colums", "did you mean 'columns'?"),
        ("table = [{ ignore = true }]", "table[1].file", "file = "),
        ("table = [{ file = 'a', ignore = 'yes' }]", "table[1].ignore", "write ignore as true or false"),
        ("columns.kind = 'K'\nconstants.kind = 'care'", "columns.kind", "keep one of the two"),
        ("x = ", None, "correct the line that is named"),
    ],
)
def test_a_layout_that_is_not_understood_is_not_used(text, key, hint):
    layout = parse(text, "ggz.toml")
    assert not any(table.usable for table in layout.tables)
    fault = layout.faults[0]
    assert (fault.file, fault.column, fault.code) == ("ggz.toml", key, "bad_layout")
    assert fault.hint.startswith(hint)


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ("constants = { kind = 'refferal' }", "constants.kind", "did you mean 'referral'"),
        ("codes = { reason = { 31 = 'as_plan' } }", "codes.reason.31", "did you mean 'as_planned'?"),
        ("codes = { sector = { x = 'qqq' } }", "codes.sector.x", "the words are: education"),
    ],
)
def test_an_unknown_word_is_a_fault_of_its_own_rows_only(text, key, hint):
    layout = parse(text, "ggz.toml")
    assert layout.tables[0].usable
    assert (layout.faults[0].column, layout.faults[0].code) == (key, "bad_layout")
    assert layout.faults[0].hint.startswith(hint)


def test_each_fault_is_told_once():
    layout = parse("ages = 3\n[[table]]\nfile = 'a'\n[[table]]\nfile = 'b'\n", "x.toml")
    assert [fault.column for fault in layout.faults] == ["ages"]


def test_where_layouts_are_found(tmp_path, monkeypatch):
    (tmp_path / "own.toml").write_text("name = 'own'\ndelimiter = ';'\n")
    assert load("own.toml", tmp_path).tables[0].delimiter == ";"
    assert load("own", tmp_path).tables[0].delimiter == ";"
    assert load(tmp_path / "own.toml").tables[0].delimiter == ";"
    monkeypatch.chdir(tmp_path)
    assert load("own").tables[0].delimiter == ";"


@pytest.mark.parametrize("name", packaged())
def test_packaged_layouts_have_no_faults(name):
    layout = load(name)
    assert layout.faults == ()
    assert all(table.usable for table in layout.tables)


def test_a_layout_that_is_not_there_or_is_no_text(tmp_path):
    missing = load("ssda930")
    assert missing.faults[0].hint == "did you mean 'ssda903'?"
    assert not missing.tables[0].usable
    assert "packaged" in load("zzzzzz").faults[0].hint
    (tmp_path / "bad.toml").write_bytes(b"name = '\xff'")
    assert "UTF-8" in load(tmp_path / "bad.toml").faults[0].message


def test_a_table_without_layout_fits_every_file():
    assert TableLayout().matches("anything.csv")
