"""Notes as figures mark them.

Figures know events and rows of findings, and nothing of keys, files and sheets: so notes stay with the reports, and
what is to be drawn of them goes down.
"""

from levensloop.cohort import Timeline
from levensloop.figures import Remark
from levensloop.findings import Findings
from levensloop.reports.keys import finding_keys
from levensloop.reports.notes import Note, Notes


def remarks(notes: Notes, timeline: Timeline, findings: Findings) -> tuple[Remark, ...]:
    """The notes as `figures.life_course` draws them, numbered in their order.

    Parameters
    ----------
    notes : Notes
    timeline : Timeline
    findings : Findings
        Those of a whole cohort will do.

    Returns
    -------
    tuple of levensloop.figures.Remark
        What speaks of something that is not there has no target.

    Examples
    --------
    >>> import datetime
    >>> import levensloop as ll
    >>> cohort = ll.testing.sketch(ll.Gap.EXAMPLES[0].sketch)
    >>> found = ll.detect(cohort, ll.Gap())
    >>> said = Note("school", datetime.date(2026, 3, 2), "", "finding", *finding_keys(found), "confirm")
    >>> [(one.number, one.target) for one in remarks(Notes((said,)), cohort["a"], found)]
    [(1, 0)]
    """
    rows = {key: at for at, key in enumerate(finding_keys(findings.of(timeline.id)))}
    events = set(timeline.events.to_arrow().column("event").to_pylist())

    def target(note: Note) -> str | int | None:
        if note.about == "finding":
            return rows.get(note.target or "")
        return note.target if note.target in events else None

    return tuple(
        Remark(
            number=number,
            about=note.about,
            target=target(note),
            stance=note.stance,
            author=note.author,
            date=note.date,
            text=note.text,
        )
        for number, note in enumerate(notes, 1)
    )
