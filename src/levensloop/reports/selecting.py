"""Which youths a review could learn from: proposed with reasons, for a purpose, and chosen by a person."""

import re
from typing import Any, Final

import numpy as np
import pyarrow as pa

from levensloop.arrays import codes, names_in, places
from levensloop.cohort import Cohort
from levensloop.errors import UserError, expect
from levensloop.findings import Findings
from levensloop.schema import words
from levensloop.sorting import distinct
from levensloop.spans import Bools, Ints
from levensloop.tables import Table
from levensloop.text import say

#: A purpose of fewer different words says nothing; more than that no program can judge.
_FEWEST_WORDS: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
#: What tells no concern.
_GOOD: Final = ("WentWell",)
_UPCOMING: Final = "UpcomingLimit"


class Selection(Table):
    """Youths that are proposed, the likeliest first, and the purpose for which that was asked.

    Parameters
    ----------
    table : pyarrow.Table
        `youth`, `agencies` that met the youth, `kinds` of findings, `certain` findings, and whether the youth is
        `affected` (a certain finding) or `at_risk` (only possible ones, or a limit ahead).
    purpose : str
    """

    __slots__ = ("purpose",)

    def __init__(self, table: pa.Table, purpose: str) -> None:
        super().__init__(table)
        self.purpose = purpose

    def tell(self, lang: str = "nl") -> list[str]:
        """The purpose, the reason for each youth, and that a person chooses; youths by their place in the table."""
        lines = [say("select.purpose", lang, {"purpose": self.purpose})]
        for place, row in enumerate(self.to_arrow().to_pylist(), 1):
            state = say("select.affected" if row["affected"] else "select.at_risk", lang)
            values: dict[str, Any] = {**row, "place": place, "state": state}
            lines.append(say("select.reason", lang, values))
        return [*lines, say("select.choice", lang)]


def select_cases(cohort: Cohort, findings: Findings, *, purpose: str, most: int = 10) -> Selection:
    """Propose youths whose life course a review could learn from.

    As the inspectorates chose theirs: youths whom many agencies met, who are affected already or at risk, with findings
    of several kinds. This profiles minors: it asks for a purpose and writes it into what it gives, and it chooses nobody. A
    person chooses.

    Parameters
    ----------
    cohort : Cohort
    findings : Findings
    purpose : str
        Why; in a sentence. It is written into the proposal as it is given: whether it allows this is for a person
        to judge, and the proposal says so.
    most : int
        How many at most.

    Returns
    -------
    Selection
        Those with most kinds of findings first, then most agencies, then most certain findings.

    Raises
    ------
    UserError
        Without a purpose of at least three different words.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("window 2000-01-01..2005-12-31; ggz care 2005-01-01..2005-03-31 no_show")
    >>> chosen = select_cases(youth, ll.detect(youth, ll.Gap()), purpose="yearly review of care after no-show")
    >>> chosen.to_arrow().column("kinds").to_pylist()
    [1]
    """
    expect(cohort, Cohort, "select_cases")
    expect(findings, Findings, "select_cases")
    check_purpose(purpose)
    ids = cohort.youths.to_arrow().column("youth").combine_chunks()
    size = len(ids)
    table = findings.to_arrow()
    names = names_in(table.column("detector"))
    detector, youth = codes(table.column("detector"), names), places(table.column("youth"), ids)
    concern = (youth >= 0) & ~np.isin(detector, [names.index(name) for name in _GOOD if name in names])
    sure = concern & (codes(table.column("certainty"), ("certain",)) == 0)
    sure &= detector != (names.index(_UPCOMING) if _UPCOMING in names else -1)
    kinds = _each(youth[concern], detector[concern], size)
    certain = np.bincount(youth[sure], minlength=size)
    agencies = _agencies(cohort, size)
    order = np.lexsort((np.arange(size), -certain, -agencies, -kinds))
    order = order[kinds[order] > 0][:most]
    affected: Bools = certain[order] > 0
    columns = {
        "youth": ids.take(pa.array(order)).cast(pa.string()),
        "agencies": pa.array(agencies[order]),
        "kinds": pa.array(kinds[order]),
        "certain": pa.array(certain[order]),
        "affected": pa.array(affected),
        "at_risk": pa.array(~affected),
    }
    return Selection(pa.table(columns), purpose.strip())


def check_purpose(purpose: object) -> None:
    """Stop where a purpose is no sentence.

    Raises
    ------
    UserError
        Without at least three different words.

    Examples
    --------
    >>> check_purpose("yearly review of handovers")
    """
    words_of = _WORD.findall(purpose) if isinstance(purpose, str) else ()
    if len({word.casefold() for word in words_of}) < _FEWEST_WORDS:
        raise UserError(
            "say in a sentence for what purpose youths are selected. Hint: purpose='yearly review of handovers at 18'."
        )


def _agencies(cohort: Cohort, size: int) -> Ints:
    """How many agencies met each youth, home left out."""
    events = cohort.view.events
    away = events.sector != words("sectors").index("home")
    return _each(events.youth[away], events.agency[away], size)


def _each(youth: Ints, thing: Ints, size: int) -> Ints:
    """How many different things each youth has."""
    width = int(thing.max(initial=0)) + 1
    return np.bincount(distinct(youth * width + thing) // width, minlength=size)
