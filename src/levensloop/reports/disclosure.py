"""A case as it may be seen, decided once, before anything is drawn, printed or written."""

from dataclasses import fields

from levensloop.cohort import Parts, Timeline
from levensloop.errors import UserError, expect
from levensloop.findings import Findings
from levensloop.masking import of_youth
from levensloop.reports.levels import LEVELS, NAMES, Disclosure
from levensloop.reports.notes import Notes
from levensloop.reports.replacing import Disclosed, Replacements, marked
from levensloop.text import catalogue

__all__ = ["Disclosed", "Disclosure", "disclose"]


def disclose(
    timeline: Timeline,
    findings: Findings,
    notes: Notes | None = None,
    by: Disclosure | str = "room",
    *,
    lang: str = "nl",
) -> Disclosed:
    """A case as it may be seen, its tables of the same kind as before.

    Whatever is drawn, printed or written of what comes back says at which level it is shown. What was disclosed
    before stays as it is.

    Parameters
    ----------
    timeline : Timeline
    findings : Findings
        What was detected before; those of the youth are kept.
    notes : Notes, optional
    by : Disclosure or str
        A level will do, if nothing else is to be said.
    lang : {"nl", "en"}
        Of the words that take the place of names.

    Returns
    -------
    Disclosed

    Raises
    ------
    UserError
        If it was disclosed at a level that shows more than is asked for now, or is not the timeline of one youth
        with its findings.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("birth 1990-01-01; ggz care 2005-01-01..2005-06-30 goal_reached")
    >>> seen = disclose(youth["a"], ll.detect(youth), by="training", lang="en")
    >>> seen.timeline.id, seen.timeline.events.to_arrow()["agency"].to_pylist()
    ('A', ['Mental health'])
    """
    expect(timeline, Timeline, "a case")
    expect(findings, Findings, "a case")
    catalogue(lang)
    given = by if isinstance(by, Disclosure) else Disclosure(by)
    own = Findings(*(of_youth(table.to_arrow(), timeline.id) for table in (findings, findings.assessed)))
    said = Notes() if notes is None else notes
    if timeline.shown:
        order = (NAMES, *LEVELS)
        if given.level != LEVELS[0] and order.index(timeline.shown) < order.index(given.level):
            raise UserError("this case shows more already. Hint: disclose it as it was before.")
        return Disclosed(timeline, own, said)
    if given.names:
        parts = {one.name: getattr(timeline, one.name).to_arrow() for one in fields(Parts)}
        return Disclosed(marked(parts, timeline.id, given), own, said)
    return Replacements.of(timeline, own, given, lang).disclosed(timeline, own, said)
