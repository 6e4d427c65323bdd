"""Keys of persons become keyed hashes, and a timeline can be masked before it is shown.

The key stays with whoever reads; without it nobody can lead a pseudonym back, and with the same
key the same person has the same pseudonym in the next delivery. All of this is pseudonymisation,
not anonymisation: who knows a youth can know the youth by the intervals between events.
"""

from pathlib import Path

from levensloop.cohort import Timeline
from levensloop.findings import Findings
from levensloop.glossaries import Glossary
from levensloop.masking import Masked, masked, unmasked
from levensloop.pseudonyms import eleven_proof, looks_like_citizen_numbers, pseudonyms, secret

__all__ = [
    "Glossary",
    "Masked",
    "eleven_proof",
    "looks_like_citizen_numbers",
    "mask",
    "pseudonyms",
    "secret",
    "unmask",
]


def mask(
    timeline: Timeline,
    findings: Findings,
    *,
    key: bytes | str | Path,
    glossary: Glossary | None = None,
    lang: str = "nl",
) -> Masked:
    """A timeline and its findings without keys, names of agencies and people, and true dates.

    Agencies are called by their sector, numbered if there are several; people by their role; names
    in free text by their labels in the glossary. All dates of the youth are moved by one number of
    whole weeks that follows from the key, so that every interval, and with it every finding, stays
    what it was: detect first and mask then, for ages at fixed limits and rules by date would come out
    otherwise. Keys, files, rows as delivered, municipality and district are left out.

    This is pseudonymisation: names that the glossary does not have stay in free text, and intervals
    can be recognised.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        What was detected; those of the youth are kept.
    key : bytes, str or Path
        See `secret`. It is written nowhere.
    glossary : Glossary, optional
        Names and what stands for them.
    lang : str
        Of the sectors and roles: ``nl`` or ``en``.

    Returns
    -------
    Masked
        `timeline` and `findings`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> import levensloop as ll
    >>> table = pa.table({"person": ["jorien"], "agency": ["De Bascule"], "sector": ["mental_health"],
    ...     "kind": ["contact"], "start": ["2005-03-02"], "what": ["Jorien called"], "by_whom": ["A. Bos, psychiater"]})
    >>> events = ll.Events(table)
    >>> cohort = ll.merge(events, ll.link(events))
    >>> shown = mask(cohort["jorien"], ll.detect(cohort), key=b"ours", glossary=Glossary({"Jorien": "youth"}))
    >>> row, = shown.timeline.events.to_arrow().to_pylist()
    >>> row["agency"], row["what"], row["by_whom"]
    ('GGZ', '[youth] called', 'psychiater')
    """
    return masked(timeline, findings, glossary or Glossary({}), secret(key), lang)


def unmask(
    timeline: Timeline, findings: Findings, *, key: bytes | str | Path, glossary: Glossary | None = None
) -> Masked:
    """Undo in a masked timeline what can be undone: dates, and the names that the glossary has.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        As `mask` gave them.
    key : bytes, str or Path
        The key with which they were masked.
    glossary : Glossary, optional
        The glossary with which they were masked.

    Returns
    -------
    Masked
        With true dates; what was left out stays away, and the youth keeps the pseudonym.
    """
    return unmasked(timeline, findings, glossary or Glossary({}), secret(key))
