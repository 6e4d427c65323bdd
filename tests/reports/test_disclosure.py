"""What of a case may be seen: at each level, in every file that is made of it."""

import csv
import getpass
import re
import tempfile
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pypdf import PdfReader

import levensloop as ll
from figures.quality import quality
from helpers import cohort, events, row
from levensloop.cohort import Parts, Timeline
from levensloop.errors import UserError
from levensloop.reports import Disclosure, Note, Notes, disclose, finding_keys
from levensloop.reports.levels import LEVELS, level_told
from levensloop.text import LANGUAGES, say
from outputs import said, unpacked

JORIEN = Path(__file__).parents[2] / "data" / "sample" / "jorien"
PAPERS = (".pdf", ".pptx", ".xlsx", "-chronology.xlsx", "-chronology.csv", "-replies")
KEY = "kq77-jorrit"
NUMBER = "999990019"
PEOPLE = ll.privacy.Glossary({"Anja de Boer": "gezinsvoogd", "Truus": "tante", "Jorrit": "jongere"})
AGENCIES = ("De Bascule", "Stichting Het Anker", "Praktijk Dam & Zn", "Zonnehoek", "Wilgenhof")
MARK = "Hoort dit hier?"
SECRET = b"a secret of ours"


def _row(kind, start, end=None, **more):
    return row(kind, start, end, person=KEY, birth="1992-05-14", municipality="Emmen", **more)


@pytest.fixture(scope="module")
def hostile():
    """Names, keys and numbers wherever a delivery can hold them."""
    ggz = [
        _row("referral", "2005-03-02", agency="Praktijk Dam & Zn", sector="health", to_agency="De Bascule",
             what=f"Jorrit wil hulp bij Bascule, zegt Anja de Boer ({KEY})", initiative="gp"),
        _row("care", "2005-06-07", "2006-02-28", agency="De Bascule", by_whom="T. Smit, psychiater", reason="no_show",
             why="Truus belt De Bascule over Jorrit", care_id=NUMBER, care_type="bascule_klinisch", problem="bascule"),
        _row("care", "2010-05-14", "2010-09-30", agency="De Bascule", care_id="T1"),
    ]  # fmt: skip
    others = [
        _row("care", "2005-06-07", "2006-03-31", agency="De Bascule", reason="client_left", care_id=NUMBER,
             result="ANJA DE BOER is tevreden"),
        _row("school", "2004-08-23", "2006-07-21", agency="Zonnehoek", sector="education", shared_with="De Bascule;Wilgenhof",
             what=f"<b>naar Zonnehoek</b> {KEY.upper()}"),
        _row("voice", "2006-04-11", agency="Stichting Het Anker", sector="youth_care", by_whom="Jorrit",
             what="Ik, Jorrit, wil weg bij Het Anker"),
        _row("measure", "2006-10-02", "2007-10-02", agency="Stichting Het Anker", sector="youth_care", by_whom="Anja de Boer",
             result="het anker en de bascule overleggen"),
    ]  # fmt: skip
    found = cohort(events(ggz, f"bascule_{KEY}"), events(others, "dossier-truus"))
    return found, ll.detect(found)


@pytest.fixture(scope="module")
def jorien():
    read = ll.read(JORIEN, pseudonymise=False)
    merged = ll.merge(read, ll.link(read))
    return merged, ll.detect(merged)


def _notes(whole, findings):
    """A note on a fact and one on a finding, with names in them."""
    event = whole[KEY].events.to_arrow().column("event")[0].as_py()
    key = finding_keys(findings.of(KEY))[0]
    when = date(2009, 3, 17)
    return Notes((
        Note("Zonnehoek", when, f"{MARK} Zonnehoek weet dit van Truus.", "fact", event, "dispute"),
        Note("ouders", when, f"{MARK} Anja de Boer was er.", "finding", key, "dismiss"),
    ))  # fmt: skip


def _lines(table):
    return table.to_arrow().to_pylist()


@pytest.fixture(scope="module")
def written(hostile, jorien, tmp_path_factory):
    """Every file of both cases, at each level, as text by level and name."""
    out = tmp_path_factory.mktemp("levels")
    made = {}
    for level in LEVELS:
        may = Disclosure(level, PEOPLE, SECRET)
        folder = out / level
        whole, found = hostile
        ll.reports.present(
            whole, found, [KEY], folder / "hostile", papers=PAPERS, notes=_notes(whole, found), level=may
        )
        if level != "room":
            ll.reports.present(*jorien, ["jorien"], folder / "jorien", papers=PAPERS[:2], level=may)
        made[level] = folder
    return made


@pytest.fixture(scope="module")
def texts(written):
    return {level: said(folder) for level, folder in written.items()}


def _standing(texts, words):
    """Which words stand in which files, as words of their own."""
    patterns = {word: re.compile(rf"(?<![a-z0-9]){re.escape(word.lower())}(?![a-z0-9])") for word in words}
    return {
        (name, word) for name, text in texts.items() for word, one in patterns.items() if one.search(text)
    }


WHO = (KEY, "Jorrit", "Anja", "de Boer", "Truus", "T. Smit", NUMBER, "Emmen", "dossier")


@pytest.mark.parametrize("level", LEVELS)
def test_no_key_and_no_name_of_the_glossary_stands_in_any_file(texts, level):
    own = {name: text for name, text in texts[level].items() if name.startswith("hostile")}
    assert len(own) > 10
    assert _standing(own, WHO) == set()
    assert not any(part in text for text in own.values() for part in KEY.split("-"))


@pytest.mark.parametrize("level", LEVELS[1:])
def test_no_agency_stands_in_any_file(texts, level, jorien):
    own = {name: text for name, text in texts[level].items() if name.startswith("hostile")}
    short = ("Bascule", "Het Anker", "Dam & Zn", "Dam &amp; Zn", "bascule_klinisch")
    assert _standing(own, (*AGENCIES, *short)) == set()
    named = set(jorien[0].events.to_arrow().column("agency").to_pylist())
    labels = {words["nl"] for words in ll.schema.vocabulary()["sectors"].values()}
    # What our own sentences say too, is no name: parents are a family, and a school is a school.
    common = {"Gezin", "Scholen", "Huisarts", "Opleiding", "Rechtbank"} | labels
    assert len(named - common) > 8
    theirs = {name: text for name, text in texts[level].items() if name.startswith("jorien")}
    assert _standing(theirs, named - common) == set()


def test_in_the_room_agencies_are_named(texts):
    page = texts["room"]["hostile/case-1.html"]
    assert "de bascule" in page
    assert "[gezinsvoogd]" in page
    assert MARK.lower() in page


def _forms(day):
    """A day as our files could write it."""
    yield day.isoformat()
    for lang in LANGUAGES:
        month = say(f"month.{day.month}", lang)
        short = "mrt" if (lang, day.month) == ("nl", 3) else month[:3]
        yield from (f"{day.day} {name} {day.year}" for name in (month, short))
        yield from (f"{name} {day.year}" for name in (month, short))


def _dates(text):
    """Whatever looks like a day or a month of a year."""
    named = re.findall(r"(?<![a-z0-9])(?:(\d{1,2}) )?([a-z]+) (\d{4})(?![a-z0-9])", text)
    found = {f"{month} {year}" for _, month, year in named}
    found |= {f"{day} {month} {year}" for day, month, year in named}
    return found | set(re.findall(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", text))


def _days(timeline, findings):
    columns = [
        timeline.events.to_arrow().column(name) for name in ("start_min", "start_max", "end_min", "end_max")
    ]
    columns += [findings.to_arrow().column(name) for name in ("start", "end")]
    days = {day for column in columns for day in column.to_pylist() if day}
    return days | {day - timedelta(1) for day in days} | {date(1992, 5, 14), date(2009, 3, 17)}


def test_no_day_stands_in_a_publication_and_no_free_text(texts, hostile):
    whole, found = hostile
    shown = disclose(whole[KEY], found, by=Disclosure("publication", secret=SECRET))
    days = _days(whole[KEY], found) | _days(shown.timeline, shown.findings)
    forms = {form.lower() for day in days for form in _forms(day)}
    own = {name: text for name, text in texts["publication"].items() if name.startswith("hostile")}
    assert [(name, day) for name, text in own.items() for day in forms & _dates(text)] == []
    assert not any(MARK.lower() in text or "wil hulp" in text for text in own.values())
    assert forms & _dates(texts["training"]["hostile/case-1.html"])


def _printed(folder, level):
    """The level in Dutch must stand in each of these: a text for every page, slide, sheet and row."""
    told = {lang: level_told(level, lang) for lang in LANGUAGES}
    for path in sorted(folder.rglob("*")):
        for text in _PAGES.get(path.suffix, lambda _: ())(path):
            yield path.name, text.replace(told["en"], told["nl"])


def _slides(path):
    for slide in Presentation(str(path)).slides:
        yield " ".join(_shown(slide.shapes))


def _shown(shapes):
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _shown(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text


def _sheets(path):
    for sheet in openpyxl.load_workbook(path):
        yield from (sheet.oddHeader.left.text or "", sheet.oddFooter.left.text or "")


def _lines_of(path):
    text = path.read_text("utf-8-sig")
    if path.parent.name.endswith("-replies"):
        return [text]
    return [" ".join(line) for line in csv.reader(text.splitlines(), delimiter=";")][1:]


def _pages(path):
    page = path.read_text("utf-8")
    if path.name == "index.html":
        return [page]
    return [page, *(text for key, text in unpacked(path).items() if not key.startswith("table/"))]


_PAGES = {
    ".pdf": lambda path: [" ".join(page.extract_text().split()) for page in PdfReader(path).pages],
    ".pptx": _slides,
    ".xlsx": _sheets,
    ".csv": _lines_of,
    ".html": _pages,
}


@pytest.mark.parametrize("level", LEVELS)
def test_the_level_stands_on_every_page(written, level):
    told = level_told(level, "nl")
    places = list(_printed(written[level] / "hostile", level))
    assert len(places) > 30
    assert [place for place, text in places if told not in text] == []


def test_names_are_shown_by_a_deliberate_act_only_and_it_is_said(hostile, tmp_path):
    whole, found = hostile
    given = Disclosure(names=True)
    ll.reports.present(whole, found, [KEY], tmp_path, papers=(".pdf", ".xlsx"), level=given)
    page = (tmp_path / "case-1.html").read_text("utf-8")
    assert "Anja de Boer" in page
    assert KEY in page
    assert "Sleutels zijn weggelaten" not in page
    told = level_told("names", "nl")
    assert [place for place, text in _printed(tmp_path, "names") if told not in text] == []


def test_the_room_is_the_default_everywhere(hostile, tmp_path):
    whole, found = hostile
    assert ll.reports.case(whole[KEY], found).timeline.shown == "room"
    assert Disclosure().shown == "room"
    ll.reports.present(whole, found, [KEY], tmp_path / "cases")
    ll.reports.reply_sheets(whole[KEY], found, tmp_path / "replies")
    ll.reports.save_chronology(whole[KEY], found, tmp_path / "one.xlsx")
    for name, text in said(tmp_path).items():
        assert "instellingen staan er met hun naam" in text, name
        assert KEY not in text, name
        assert "t. smit" not in text, name


def _moved(hostile, secret):
    whole, found = hostile
    return disclose(whole[KEY], found, _notes(whole, found), Disclosure("publication", PEOPLE, secret))


def test_days_move_by_whole_weeks_and_lengths_order_and_ages_stay(hostile):
    whole, found = hostile
    shown = _moved(hostile, SECRET)
    before, after = _lines(whole[KEY].events), _lines(shown.timeline.events)
    columns = ("start_min", "start_max", "end_min", "end_max")
    moves = {
        new[name] - old[name]
        for old, new in zip(before, after, strict=True)
        for name in columns
        if old[name] is not None
    }
    (own,) = _lines(whole[KEY].youths)
    (youth,) = _lines(shown.timeline.youths)
    moves |= {youth["birth_min"] - own["birth_min"], youth["observed_until"] - own["observed_until"]}
    moves |= {
        new["start"] - old["start"]
        for old, new in zip(_lines(found.of(KEY)), _lines(shown.findings), strict=True)
    }
    moves |= {new.date - old.date for old, new in zip(_notes(whole, found), shown.notes, strict=True)}
    (move,) = moves
    assert move.days % 7 == 0
    assert 56 <= abs(move.days) <= 364

    def age(day, birth):
        return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))

    # One event falls on the eighteenth birthday itself.
    ages = [
        [age(one["start_min"], birth) for one in rows]
        for rows, birth in ((before, own["birth_min"]), (after, youth["birth_min"]))
    ]
    assert ages[0] == ages[1]
    assert 18 in ages[0]


def test_the_secret_decides_by_how_much(hostile):
    one, again, other = (_moved(hostile, secret) for secret in (SECRET, SECRET, b"another secret"))
    assert one.timeline == again.timeline
    assert one.findings.to_arrow().equals(again.findings.to_arrow())
    assert one.notes == again.notes
    assert one.timeline.events != other.timeline.events


def test_what_follows_from_a_law_on_a_day_is_left_out_where_days_are_not_true(jorien):
    whole, found = jorien
    shown = {
        level: disclose(whole["jorien"], found, by=Disclosure(level, secret=SECRET)).findings
        for level in LEVELS
    }
    rules = {
        level: [(one["rule"], one["over_norm"]) for one in _lines(seen)] for level, seen in shown.items()
    }
    assert any(rule for rule, _ in rules["training"])
    assert set(rules["publication"]) == {(None, None)}
    measured = {word for one in _lines(shown["publication"]) for word, _ in one["measures"] or ()}
    assert not any("norm" in word or "right" in word for word in measured)
    lengths = {level: [one["days_max"] for one in _lines(seen)] for level, seen in shown.items()}
    assert lengths["room"] == lengths["training"] == lengths["publication"]


@pytest.mark.parametrize("days", [1, 40, 200])
def test_a_short_time_is_told_in_years_too(days):
    rows = [row("contact", "2005-03-03", birth="1990-02-01")]
    rows.append(row("care", "2005-03-03", (date(2005, 3, 3) + timedelta(days)).isoformat(), reason="no_show"))
    whole = cohort(events(rows))
    shown = disclose(whole["y"], ll.detect(whole), by=Disclosure("publication", secret=SECRET))
    months = {say(f"month.{month}", lang)[:3] for month in range(1, 13) for lang in LANGUAGES} | {"mrt"}
    for lang in LANGUAGES:
        (page,) = ll.figures.life_course(shown.timeline, shown.findings, lang=lang)
        told = [page.scene.description, page.scene.caption, *(stop.text for stop in page.scene.stops)]
        told += [mark.text for mark in page.scene.marks if hasattr(mark, "text")]
        told += [line["date"] for line in _lines(ll.figures.figure_table(page))]
        told += [stop.text for stop in ll.figures.strip(shown.timeline, lang=lang).scene.stops]
        assert not any(re.search(rf"\b(?:{'|'.join(months)})", text) for text in told)
        whole_life = ll.figures.whole_life(shown.timeline, shown.findings, lang=lang)
        assert not re.search(rf"\b(?:{'|'.join(months)})", whole_life.scene.description)


def _at_the_foot(page, least):
    (line,) = page.scene.of("level")
    assert level_told("publication", "en").startswith(line.text.rstrip("\u2026"))
    assert quality(page, min_px=least) == {}


@pytest.mark.parametrize(("size", "least"), [("wall", 24), ("a4", 11), ((800, 450), 11)])
def test_the_level_fits_at_the_foot_of_every_sheet(hostile, size, least):
    whole, found = hostile
    shown = disclose(whole[KEY], found, by=Disclosure("publication", secret=SECRET), lang="en")
    for page in ll.figures.life_course(shown.timeline, shown.findings, lang="en", size=size):
        _at_the_foot(page, least)


def test_the_level_fits_below_a_whole_life(jorien):
    whole, found = jorien
    shown = disclose(whole["jorien"], found, by=Disclosure("publication", secret=SECRET), lang="en")
    _at_the_foot(ll.figures.whole_life(shown.timeline, shown.findings, lang="en"), 11)


def test_a_note_on_what_is_not_there_names_nothing(hostile):
    whole, found = hostile
    lost = Notes((Note("ouders", date(2009, 3, 17), "Hier.", "fact", "de_bascule:99", "dispute"),))
    (kept,) = disclose(whole[KEY], found, lost).notes
    (hidden,) = disclose(whole[KEY], found, lost, "training").notes
    assert (kept.target, hidden.target) == ("de_bascule:99", "?")


def test_a_column_that_nobody_knows_to_be_harmless_is_empty(hostile):
    whole, found = hostile
    timeline = whole[KEY]
    parts = {one.name: getattr(timeline, one.name).to_arrow() for one in fields(Parts)}
    more = parts["events"].append_column("email", pa.array(["a@b.nl"] * len(timeline.events)))
    shown = disclose(Timeline(Parts(**parts | {"events": more}), KEY), found).timeline
    assert set(shown.events.to_arrow().column("email").to_pylist()) == {None}
    assert set(shown.youths.to_arrow().column("municipality").to_pylist()) == {None}


@pytest.mark.parametrize("level", LEVELS)
def test_notes_stay_with_what_they_speak_of(hostile, level):
    whole, found = hostile
    made = ll.reports.case(whole[KEY], found, _notes(whole, found), level=Disclosure(level, PEOPLE, SECRET))
    assert made.notes.faults(made.timeline, made.seen) == ()
    assert [note.stance for note in made.notes] == ["dispute", "dismiss"]
    evidence = {event for one in _lines(made.seen) for event in one["evidence"]}
    assert evidence <= {one["event"] for one in _lines(made.timeline.events)}


def test_what_sources_dispute_is_told_in_the_room_without_the_rest_of_their_rows(hostile):
    whole, found = hostile
    room = disclose(whole[KEY], found, by=Disclosure("room", PEOPLE)).timeline
    assert any(one["disputed"] for one in _lines(room.events))
    rows = [dict(one["row"]) for one in _lines(room.records)]
    assert rows
    assert all(set(one) <= {"reason", "end", "start"} for one in rows)
    assert len(disclose(whole[KEY], found, by="training").timeline.records) == 0


def test_disclosing_again_neither_shows_more_nor_pretends_to_show_less(hostile):
    whole, found = hostile
    once = disclose(whole[KEY], found, by="training")
    again = disclose(once.timeline, once.findings, by="room")
    assert again.timeline is once.timeline
    assert len(again.findings) == len(once.findings)
    with pytest.raises(UserError, match="shows more already"):
        disclose(once.timeline, once.findings, by=Disclosure("publication", secret=SECRET))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"level": "lobby"}, "room, training, publication"),
        ({"level": "publication"}, "a secret"),
        ({"level": "training", "names": True}, "hides agencies"),
    ],
)
def test_what_does_not_go_together_is_refused(given, told):
    with pytest.raises(UserError, match=told):
        Disclosure(**given)


def test_the_secret_is_not_told():
    assert "ours" not in repr(Disclosure("publication", secret="ours"))  # noqa: S106 - made up


def test_a_source_named_after_nobody_keeps_its_name():
    whole = cohort(events([row("contact", "2005-01-01", person="pieter", care_id="k1")], "wijkteam"))
    (kept,) = _lines(disclose(whole["pieter"], ll.Findings.empty()).timeline.events)
    assert (kept["event"], kept["care_id"]) == ("wijkteam:1", "k1")
    (hidden,) = _lines(disclose(whole["pieter"], ll.Findings.empty(), by="training").timeline.events)
    assert (hidden["event"], hidden["care_id"]) == ("s1:1", "c1")


NAMES = ("Zonnehoek", "Wilgenhof", "De Bascule")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*NAMES, "zag", "en", "[", "]", "Bascule", ",", "\u200d"]), max_size=12))
def test_no_agency_is_left_in_any_text(words):
    text = " ".join(words) or "zag"
    rows = [
        row("contact", f"2005-01-{at:02}", agency=name, what=text, sector="other")
        for at, name in enumerate(NAMES, 1)
    ]
    whole = cohort(events(rows))
    shown = disclose(whole["y"], ll.Findings.empty(), by="training").timeline
    told = " ".join(one["what"] or "" for one in _lines(shown.events))
    assert not any(name in told for name in ("Zonnehoek", "Wilgenhof", "Bascule"))


def test_metadata_tell_no_path_no_user_and_no_key(written, hostile, tmp_path):
    whole, found = hostile
    figure = ll.reports.case(whole[KEY], found, level=Disclosure("room", PEOPLE)).pages[0]
    for ending in ("svg", "png"):
        figure.savefig(tmp_path / f"page.{ending}")
    paths = [path for path in (*written["publication"].rglob("*"), *tmp_path.iterdir()) if path.is_file()]
    user = getpass.getuser()
    hidden = [KEY, SECRET.decode(), str(JORIEN.parents[2]), str(Path.home()), tempfile.gettempdir()]
    hidden += [user] if len(user) > 4 else []  # a short one is a word that formats use
    for path in paths:
        raw = [path.read_bytes()]
        if path.suffix in {".xlsx", ".pptx"}:
            with ZipFile(path) as held:
                raw += [held.read(name) for name in held.namelist()]
                core = held.read("docProps/core.xml").decode()
            assert not re.search(r"<(?:dc:creator|cp:lastModifiedBy)>[^<]", core), path.name
        elif path.suffix == ".pdf":
            assert not {"/Author", "/Creator", "/Producer"} & set(PdfReader(path).metadata or ()), path.name
        for word in hidden:
            assert not any(word.encode() in part for part in raw), (path.name, word)


def test_a_voice_stays_where_its_words_may_not_be_seen():
    life = "birth 1990-01-01; ggz care 2005-01-03..2005-06-30\nfamily voice 2005-03-02{}"
    for spoken, told in (
        (' what="I want to stay"', {"room": "I want to stay", "publication": "(left out)"}),
        ("", {"room": "(the words are not in the data)", "publication": "(left out)"}),
    ):
        youth = ll.testing.sketch(life.format(spoken))["a"]
        for level, words in told.items():
            may = Disclosure(level, secret=SECRET)
            rows = ll.reports.case(youth, level=may, lang="en").tables("en")["voices"]
            assert rows[-1][2] == words
