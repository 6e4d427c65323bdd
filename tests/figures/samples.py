"""Timelines to draw: a life course in the spirit of the 2009 report, and made-up ones."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from levensloop import schema
from levensloop.tables import Table


@dataclass(frozen=True)
class Line:
    """A timeline as far as figures look at one."""

    id: str
    events: Table
    episodes: Table
    youths: Table


def day(text):
    return date.fromisoformat(text)


def bounds(text):
    """`1989`, `1990/1993`, `2001-03-04` or `2001-03` as first and last day."""
    if "/" in text:
        low, high = text.split("/")
        return bounds(low)[0], bounds(high)[1]
    if len(text) == 4:
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if len(text) == 7:
        first = day(text + "-01")
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return day(text), day(text)


def event(number, when, agency, sector, kind, what=None, **rest):
    low, high = bounds(when) if isinstance(when, str) else when
    return {
        "event": f"s:{number}",
        "youth": "jorien",
        "agency": agency,
        "sector": sector,
        "kind": kind,
        "start_min": low,
        "start_max": high,
        "precision": "day" if low == high else "range",
        "what": what,
        "about": "youth",
        **rest,
    }


def episode(role, agency, sector, start, end, **rest):
    """`end` as text is the first day after; None is open."""
    low, high = bounds(start) if isinstance(start, str) else start
    ends = (None, None) if end is None else bounds(end) if isinstance(end, str) else end
    return {
        "youth": "jorien",
        "about": "youth",
        "agency": agency,
        "sector": sector,
        "role": role,
        "start_min": low,
        "start_max": high,
        "end_min": ends[0],
        "end_max": ends[1],
        "open": end is None,
        **rest,
    }


def finding(detector, outcome, start, end, **rest):
    return {
        "youth": "jorien",
        "detector": detector,
        "outcome": outcome,
        "certainty": "certain",
        "start": day(start),
        "end": day(end),
        "days_min": (day(end) - day(start)).days,
        "days_max": (day(end) - day(start)).days,
        "ongoing": False,
        "measures": [],
        "evidence": [],
        **rest,
    }


def table(rows, wanted):
    columns = {}
    for field in wanted:
        values = [row.get(field.name) for row in rows]
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        columns[field.name] = pa.array(values, plain).cast(field.type)
    return Table(pa.table(columns, schema=wanted))


def line(events, episodes=(), *, youth="jorien", birth=None, until=None):
    events = [{**row, "youth": youth} for row in events]
    episodes = [{**row, "youth": youth} for row in episodes]
    births = (None, None) if birth is None else bounds(birth)
    person = {
        "youth": youth,
        "birth_min": births[0],
        "birth_max": births[1],
        "observed_until": None if until is None else day(until),
    }
    return Line(
        youth, table(events, schema.EVENTS), table(episodes, schema.EPISODES), table([person], schema.YOUTHS)
    )


def found(rows, youth="jorien"):
    return table([{**row, "youth": youth} for row in rows], schema.FINDINGS)


def jorien():
    """A youth like the report's: dates as bounds, texts in our words."""
    told = [
        ("1989", "Gezin", "home", "birth", "J wordt geboren"),
        ("1990/1993", "Audi-centrum", "health", "assessment", "Hoort goed; spraak en taal blijven achter"),
        ("1991/1995", "Logopedist", "health", "care_start", "Logopedie begint"),
        ("1993/1996", "Hunnebedschool (BaO)", "education", "signal", "Moeite met verandering; gedrag en leren vallen op"),
        ("1993/1999", "Logopedist", "health", "care_end", "Logopedie stopt"),
        ("1994/2000", "Rechter", "justice", "court", "Geen veroordeling in de zaak waarin J slachtoffer was"),
        ("1996/2000", "Diepeldoorn (BaO)", "education", "school_start", "Naar een andere basisschool"),
        ("1999/2001", "Huisarts", "health", "signal", "Vermoeden van PDD/NOS"),
        ("2000/2001", "GGZ", "mental_health", "referral", "Verwezen door de huisarts"),
        ("2001", "GGZ", "mental_health", "diagnosis", "Diagnose PDD/NOS"),
        ("2001", "Terra College (VMBO)", "education", "school_start", "Naar het VMBO"),
        ("2002/2005", "Terra College (VMBO)", "education", "dropout", "Valt uit: niveau te hoog"),
        ("2001/2005", "GGZ", "mental_health", "contact", "Let op het psychosociale, niet op wat in onderwijs kan"),
        ("2001/2005", "Scholen", "education", "contact", "Kunnen de begeleiding niet geven; partners niet betrokken"),
        ("2001/2005", "Ouders", "home", "coordination", "Ouders brengen instellingen bij elkaar"),
        ("2005", "RMC", "municipality", "report", "Aangemeld na uitval"),
        ("2005/2006", "Opleiding", "education", "refusal", "Geen stageplaats, dus niet ingeschreven"),
        ("2005/2006", "AKA-opleiding", "education", "school_start", "Begint met AKA"),
        ("2005-06/2007", "AKA-opleiding", "education", "dropout", "Niet afgerond: geen stageplaats"),
        ("2005-06/2007", "Gezin", "home", "signal", "Spanning thuis; J wil op zichzelf wonen"),
        ("2005-06/2007", "AWBZ-indicatie", "health", "application", "Nodig om zelfstandig te wonen"),
        ("2005-06/2007", "PGB werkbegeleiding", "work_income", "refusal", "Gaat niet samen met de AWBZ-indicatie"),
        ("2005-06/2007", "Wajong (UWV)", "work_income", "application", "Aanvraag; het besluit laat op zich wachten"),
        ("2005-06/2007", "Begeleid wonen", "youth_care", "refusal", "Geen plaats: nog te jong"),
        ("2006/2007", "Gezin", "home", "family", "Woont thuis, zonder opleiding of werk"),
        ("2007", "ITJ", "other", "review", "De levensloop is onderzocht"),
    ]  # fmt: skip
    rest = {
        4: {"initiative": "school"}, 8: {"initiative": "gp"}, 9: {"initiative": "gp", "to_agency": "GGZ"},
        15: {"initiative": "parents"}, 16: {"problem": "early_school_leaving"},
        17: {"reason": "missing_prerequisite"}, 20: {"initiative": "youth"}, 21: {"initiative": "youth"},
        22: {"reason": "incompatible_provision"}, 24: {"reason": "too_young"}, 26: {"initiative": "agency"},
    }  # fmt: skip
    events = [event(at, *row, **rest.get(at, {})) for at, row in enumerate(told, 1)]
    episodes = [
        episode("care", "Logopedist", "health", "1991/1995", "1993/1999", start_event="s:3", end_event="s:5"),
        episode("school", "Hunnebedschool (BaO)", "education", "1993/1996", "1996/2000", start_event="s:4"),
        episode("school", "Diepeldoorn (BaO)", "education", "1996/2000", "2001", start_event="s:7"),
        episode("school", "Terra College (VMBO)", "education", "2001", "2002/2005", start_event="s:11"),
        episode("care", "GGZ", "mental_health", "2001", "2005", start_event="s:13"),
        episode("school", "AKA-opleiding", "education", "2005/2006", "2005-06/2007", start_event="s:18"),
    ]
    return line(events, episodes, birth="1989", until="2008-01-01")


def jorien_findings():
    return found([
        finding("Gap", "unexplained", "1993-01-01", "2002-01-01", certainty="possible", days_min=0),
        finding(
            "Waiting", "ongoing", "2005-06-01", "2008-01-01", agency="Wajong (UWV)", sector="work_income",
            days_min=1, days_max=944, ongoing=True, evidence=["s:23"], certainty="possible",
        ),
        finding(
            "Handover", "arrived", "2000-07-01", "2001-07-02", agency="Huisarts", to_agency="GGZ", days_min=0,
            days_max=730, certainty="possible",
        ),
        finding(
            "AgeLimit", "too_young", "2006-09-01", "2007-07-02", agency="Begeleid wonen", sector="youth_care",
            rule="youthcare_wjz", days_min=0, days_max=944, evidence=["s:24"],
        ),
        finding("OutOfView", "unexplained", "2002-01-01", "2003-01-01", certainty="possible", days_min=0),
    ])  # fmt: skip


AGENCIES = [
    ("VMBO De Brug", "education"), ("PrO Het Anker", "education"), ("Leerplicht", "municipality"),
    ("Crisisopvang", "youth_care"), ("Gezinscoach", "youth_care"), ("Huisarts", "health"), ("GGD", "health"),
    ("GGZ Jeugd", "mental_health"), ("Raad v.d. Kinderbescherming", "justice"), ("Politie", "justice"),
    ("UWV", "work_income"), ("Gezin", "home"), ("Woonbegeleiding Noord", "housing"),
]  # fmt: skip
TEXTS = [
    "Melding verzuim bij leerplicht", "Overstap naar praktijkonderwijs", "Plaatsing in crisisopvang",
    "Ziekmelding; lichamelijke klachten zonder oorzaak", "Schorsing na incident in de klas", "Start gezinscoach",
    "Behandeling gestopt: niet verschenen", "Aanvraag indicatie afgewezen", "Huisbezoek; zorgen over jonger zusje",
    None, "Overleg met ouders, school en de wijkagent over een plan dat voor iedereen te doen is en dat standhoudt",
]  # fmt: skip
ODD = [
    "meervoudigepersoonlijkheidsproblematieken", "שלום ילד עם משפחה", "طفل مع العائلة", "blij 😀🚀 en 中文",
    "a/b-c/d-e/f-g/h-i/j-k/l-m/n-o/p", "x" * 300, "$\\alpha$ en $x^2$ 100% _onder_", "regel\nmet\tstukjes\u0007",
    "woord " * 120, "a", "e" + "\u0301" * 12 + " zalgo",
]  # fmt: skip
KINDS = [
    "contact", "signal", "referral", "care_start", "refusal", "dropout", "report", "assessment", "consultation",
    "absence", "diagnosis", "school_start", "care_end", "evaluation", "court",
]  # fmt: skip
STARTERS = [None, None, "parents", "youth", "school", "gp", "agency", "municipality", "court", "other"]


def made(number, *, seed=1, days=1600, odd=0.0, exact=0.8, cluster=0.1):
    """`number` events over `days` days, with episodes and findings."""
    dice = random.Random(seed)  # noqa: S311 - made-up lives, no secrets
    first = day("2001-01-01")
    events = []
    for at in range(number):
        agency, sector = dice.choice(AGENCIES)
        when = first + timedelta(days=dice.randrange(max(1, days)))
        if events and dice.random() < cluster:
            when = events[-1]["start_min"]
        width = 0 if dice.random() < exact else dice.choice([6, 29, 90, 364, 700])
        text = dice.choice(ODD if dice.random() < odd else TEXTS)
        if dice.random() < odd / 3:
            agency = dice.choice(ODD[:5])
        kind = dice.choice(KINDS)
        row = event(at, (when, when + timedelta(days=width)), agency, sector, kind, text)
        row["initiative"] = dice.choice(STARTERS)
        row["reason"] = dice.choice([None, "too_young", "no_place"]) if kind == "refusal" else None
        row["about"] = "mother" if dice.random() < 0.05 else "youth"
        row["disputed"] = ["reason"] if dice.random() < 0.05 else []
        events.append(row)
    episodes, findings = [], []
    for _ in range(max(1, number // 4)):
        agency, sector = dice.choice(AGENCIES)
        begin = first + timedelta(days=dice.randrange(max(1, days)))
        stop = begin + timedelta(days=dice.randrange(20, max(21, days // 2)))
        fuzz = timedelta(days=dice.choice([0, 0, 0, 30, 200]))
        role = dice.choice(["care", "care", "school", "wait", "measure", "work"])
        end = None if dice.random() < 0.15 else (stop, stop + fuzz)
        episodes.append(episode(role, agency, sector, (begin, begin + fuzz / 4), end, start_event="s:0"))
    for _ in range(min(12, number // 3)):
        agency, sector = dice.choice(AGENCIES)
        begin = first + timedelta(days=dice.randrange(max(1, days)))
        stop = begin + timedelta(days=dice.randrange(1, max(2, days // 3)))
        detector, outcome = dice.choice([
            ("Gap", "unexplained"), ("Gap", "waiting"), ("OutOfView", "unexplained"), ("Waiting", "started"),
            ("Waiting", "ongoing"), ("Handover", "arrived"), ("Handover", "lost"), ("AgeLimit", "dropped"),
            ("Novel", "something_new"),
        ])  # fmt: skip
        sure = dice.random() < 0.7
        findings.append(
            finding(
                detector, outcome, begin.isoformat(), stop.isoformat(), agency=agency,
                to_agency=dice.choice(AGENCIES)[0], sector=sector if detector == "Waiting" else None,
                certainty="certain" if sure else "possible", rule="youthcare_wjz" if detector == "AgeLimit" else None,
                days_min=0 if not sure else (stop - begin).days, ongoing=outcome == "ongoing", norm_days=None,
            )
        )  # fmt: skip
    birth = dice.choice(["1988-05-03", "1988", "1987/1990", None])
    until = (first + timedelta(days=days + 60)).isoformat()
    return line(events, episodes, youth=f"k{seed}", birth=birth, until=until), found(findings, f"k{seed}")
