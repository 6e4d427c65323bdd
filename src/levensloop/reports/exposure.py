"""What in a file could tell who somebody is: kinds, places and counts, and never the value itself."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from levensloop.cohort import Cohort
from levensloop.errors import UserError, path_given
from levensloop.glossaries import Glossary, glossary_given
from levensloop.privacy import eleven_proof
from levensloop.reports.unpacking import ENDINGS, Piece, Place, pieces
from levensloop.text import LANGUAGES, say

_WORD: Final = 3
_NUMBER: Final = re.compile(
    r"(?<![\w.,-])(?:\d{9}|\d{3}([ .])\d{3}\1\d{3}|\d{4}([ .])\d{2}\2\d{3})(?![\w-]|[.,]\d)"
)
_POSTCODE: Final = re.compile(r"(?<![\w.,-])[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}(?![\w-])")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<![\w.,/-])(?:(?:\+|00)31[ -]?(?:\(0\))?|0)[1-9](?:[ -]?\d){8}(?![\w-])")
_PATH: Final = re.compile(
    r"(?<!\w)(?:[A-Za-z]:\\\w|\\\\\w+\\|file://|(?<![:/.\w])/(?:home|Users|root|tmp|var|mnt|media|srv|opt|work)/\w)"
)
_BIRTH: Final = re.compile(r"geboren|geboorte|\bgeb\.|\bborn\b|birth|\bdob\b", re.IGNORECASE)
#: Letters that nobody sees, with which a name would be hidden from a search.
_UNSEEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_TOKEN: Final = re.compile(r"\w+(?:[-./]\w+)*")
#: A whole date: 3 March 2005, 2005-03-03, 3-3-2005.
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<day>\d{1,2})\.? (?P<month>[A-Za-z]{3,9})\.? (?P<year>\d{4})(?!\d)",
        r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])",
        r"(?<![\d/.-])(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?![\d/-])",
    )
)
#: A day between two others is no day of birth, whatever stands beside it.
_BOUNDS: Final = re.compile(
    r"(?:tussen|between) \d{1,2} [a-z]+ \d{4} (?:en|and) \d{1,2} [a-z]+ \d{4}", re.IGNORECASE
)
_NEAR: Final = 60  # letters between a date and the word that says that it is a birth


@dataclass(frozen=True, slots=True)
class Trace:
    """Something in a file that could tell who somebody is.

    Parameters
    ----------
    file : str
        Its name; ``file 3`` where the name itself tells.
    place : Place
    kind : str
        ``citizen_number``, ``birth``, ``postcode``, ``mail``, ``phone``, ``name``, ``key``, ``rare_agency``, ``path``,
        ``author``; ``unread`` for a file that nobody looked into.
    count : int
        How many times it stands there.
    """

    file: str
    place: Place
    kind: str
    count: int

    def tell(self, lang: str = "nl") -> str:
        """It in one line, without the value."""
        values = {
            "file": self.file,
            "place": say(
                f"check.at_{self.place.word}", lang, {k: str(v) for k, v in self.place.values.items()}
            ),
            "kind": say(f"check.{self.kind}", lang),
            "n": self.count,
            "hint": say(f"check.hint_{self.kind}", lang),
        }
        return say("check.line", lang, values)


def exposed(
    path: str | Path, *, glossary: Glossary | None = None, cohort: Cohort | None = None
) -> tuple[Trace, ...]:
    """What in a file or folder could tell who somebody is.

    That nothing is found does not say that nobody can be recognised: who knows a youth may know the youth by the
    intervals between events, and a name that no glossary has is not seen.

    Parameters
    ----------
    path : path
        A file, or a folder with all that is in it.
    glossary : Glossary, optional
        Names to look for.
    cohort : Cohort, optional
        The delivery behind it: keys and days of birth of its youths are looked for, and agencies that one of its youths
        alone has met.

    Returns
    -------
    tuple of Trace
        By file and place.

    Examples
    --------
    >>> import tempfile
    >>> page = Path(tempfile.mkdtemp()) / "page.html"
    >>> _ = page.write_text("<p>Call 06-12345678 or mail someone@example.org</p>")
    >>> [(trace.kind, trace.count) for trace in exposed(page)]
    [('mail', 1), ('phone', 1)]
    """
    top = path_given(path, "exposed")
    if not top.exists():
        raise UserError("there is no such file or folder. Hint: name what `present` wrote.")
    files = sorted(one for one in top.rglob("*") if one.is_file()) if top.is_dir() else [top]
    looks = _looks(glossary_given(glossary), cohort)
    found: list[Trace] = []
    for number, file in enumerate(files, 1):
        name = file.relative_to(top).as_posix() if top.is_dir() else file.name
        named = _in(Piece(Place("name"), re.sub(r"[_/.]", " ", name)), looks)
        called = say("check.file", "en", {"n": number}) if named else name
        found += [Trace(called, Place("name"), kind, count) for kind, count in named.items()]
        found += _of(file, called, looks)
    return tuple(found)


_Look = Callable[[str, str], int]


def _of(file: Path, called: str, looks: dict[str, _Look]) -> Iterator[Trace]:
    """The traces in one file, those of one kind and place together."""
    if file.suffix.lower() not in ENDINGS:
        yield Trace(called, Place("whole"), "unread", 1)
        return
    counts: dict[tuple[str, str], Counter[str]] = {}
    places: dict[tuple[str, str], Place] = {}
    try:
        for piece in pieces(file):
            at = piece.place.word, str(dict(piece.place.values))
            places[at] = piece.place
            counts.setdefault(at, Counter()).update(_in(piece, looks))
    except UserError:
        yield Trace(called, Place("whole"), "unread", 1)
        return
    for at, kinds in counts.items():
        yield from (Trace(called, places[at], kind, kinds[kind]) for kind in sorted(kinds))


def _in(piece: Piece, looks: dict[str, _Look]) -> Counter[str]:
    """How often each kind stands in a piece."""
    text, beside = (_plain(part) for part in (piece.text, piece.beside))
    found = Counter({kind: count for kind, look in looks.items() if (count := look(text, beside))})
    if piece.author and text.strip():
        found["author"] += 1
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def _looks(glossary: Glossary | None, cohort: Cohort | None) -> dict[str, _Look]:
    """For each kind a function that counts it in a text and what stands beside it."""
    births = _births(cohort) if cohort is not None else frozenset[date]()
    looks: dict[str, _Look] = {
        "citizen_number": lambda text, _: _proven(text),
        "birth": lambda text, beside: _born(text, beside, births),
        "postcode": lambda text, _: len(_POSTCODE.findall(text)),
        "mail": lambda text, _: len(_MAIL.findall(text)),
        "phone": lambda text, _: len(_PHONE.findall(text)),
        "path": lambda text, _: len(_PATH.findall(text)),
    }
    if glossary is not None:
        looks["name"] = _words(glossary.names)
    if cohort is not None:
        keys = {*cohort, *cohort.identities.to_arrow().column("person").to_pylist()}
        looks["key"] = _words(keys)
        looks["rare_agency"] = _words(_rare(cohort))
    return looks


def _proven(text: str) -> int:
    numbers = [re.sub(r"[ .]", "", found[0]) for found in _NUMBER.finditer(text)]
    return int(eleven_proof(pa.array(numbers, pa.string())).sum()) if numbers else 0


def _words(names: Iterable[str]) -> _Look:
    """Counts whole names, whatever their case; those of one word by looking them up, for there may be many."""
    long = {_plain(name).strip().casefold() for name in names if name and len(name.strip()) >= _WORD}
    single = {name for name in long if _TOKEN.fullmatch(name)}
    phrases = sorted(long - single, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)") if phrases else None

    def look(text: str, _beside: str) -> int:
        lower = text.casefold()
        count = sum(_token(found[0], single) for found in _TOKEN.finditer(lower)) if single else 0
        return count + (len(pattern.findall(lower)) if pattern else 0)

    return look


def _token(token: str, names: set[str]) -> int:
    """How often a name stands in a run of letters: as the whole, else as its parts."""
    return 1 if token in names else sum(part in names for part in re.split(r"[-./]", token))


def _rare(cohort: Cohort) -> list[str]:
    """The agencies that one youth alone has met; none in a cohort of one, where all would be."""
    events = cohort.events.to_arrow()
    if len(cohort) < 2:  # noqa: PLR2004 - of one youth nothing is rare
        return []
    pairs = pa.table({name: events.column(name).cast(pa.string()) for name in ("agency", "youth")})
    met = pairs.group_by("agency").aggregate([("youth", "count_distinct")])
    return met.filter(pc.equal(met.column("youth_count_distinct"), 1)).column("agency").to_pylist()


def _births(cohort: Cohort) -> frozenset[date]:
    youths = cohort.youths.to_arrow()
    known = youths.filter(pc.equal(youths.column("birth_min"), youths.column("birth_max")))
    return frozenset(known.column("birth_min").to_pylist())


@cache
def _months() -> dict[str, int]:
    """The names of the months in every language, whole and short."""
    whole = {say(f"month.{n}", lang).lower(): n for lang in LANGUAGES for n in range(1, 13)}
    return whole | {name[:3]: n for name, n in whole.items()} | {"mrt": 3}


def _dates(text: str) -> Iterator[tuple[date, int, int]]:
    """Every whole date that a text writes, and from where to where it stands."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            told = found.groupdict()
            month = _months().get(told["month"].lower()) or int(
                told["month"] if told["month"].isdigit() else 0
            )
            try:
                yield date(int(told["year"]), month, int(told["day"])), found.start(), found.end()
            except ValueError:
                continue  # 31-31-2005 is no date


def _born(text: str, beside: str, births: frozenset[date]) -> int:
    """Whole dates that are a birth: those of the delivery, and those near a word for it."""
    told = bool(_BIRTH.search(beside))
    bounds = [found.span() for found in _BOUNDS.finditer(text)]
    return sum(
        day in births
        or (
            (told or bool(_BIRTH.search(text[max(0, start - _NEAR) : end + _NEAR])))
            and not any(first <= start and end <= last for first, last in bounds)
        )
        for day, start, end in _dates(text)
    )
