"""Short keys by which people and files speak of a finding."""

import re
from collections import Counter
from hashlib import sha256
from typing import Any, Final

from levensloop.errors import expect
from levensloop.findings import Findings

#: What a finding is. Evidence is left out: the ids of events follow from the names and the order of files.
_SAYS: Final = ("detector", "outcome", "agency", "to_agency", "sector", "start", "end", "rule")
_LENGTH: Final = 8


def finding_keys(findings: Findings) -> list[str]:
    """A short key of each finding, the same for any order of files and rows.

    Keys tell the findings of one youth apart; findings that say the same are numbered. A key follows from
    detector, outcome, agencies, sector, days and rule, so that masked findings have keys of their own.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of str
        Row by row; nothing of a person's key is in them.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    >>> [key.partition("-")[0] for key in finding_keys(ll.detect(youth, ll.Gap()))]
    ['Gap']
    """
    expect(findings, Findings, "finding_keys")
    seen: Counter[tuple[str, str]] = Counter()
    keys: list[str] = []
    for row in findings.to_arrow().select(["youth", *_SAYS]).to_pylist():
        key = _key(row)
        seen[row["youth"], key] += 1
        again = seen[row["youth"], key]
        keys.append(key if again == 1 else f"{key}-{again}")
    return keys


def _key(row: dict[str, Any]) -> str:
    says = "\x1f".join("" if row[name] is None else str(row[name]) for name in _SAYS)
    name = re.sub(r"[^A-Za-z0-9]", "", row["detector"] or "")
    return f"{name}-{sha256(says.encode()).hexdigest()[:_LENGTH]}"
