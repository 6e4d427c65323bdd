"""Papers to hand around: the case of one youth, a folder of cases, and who could be worth a review."""

from levensloop.reports.case import Case, case
from levensloop.reports.chronology import chronology_rows, read_chronology, save_chronology
from levensloop.reports.comparing import Compared, compare
from levensloop.reports.disclosure import Disclosed, Disclosure, disclose
from levensloop.reports.discussion import Topic, discussion
from levensloop.reports.exposure import Trace, exposed
from levensloop.reports.keys import finding_keys
from levensloop.reports.learning import Learning
from levensloop.reports.notes import Note, Notes
from levensloop.reports.present import present
from levensloop.reports.reading_notes import read_notes
from levensloop.reports.replies import ReplySheet, ReplySheets, reply_sheets
from levensloop.reports.selecting import Selection, select_cases

__all__ = [
    "Case",
    "Compared",
    "Disclosed",
    "Disclosure",
    "Learning",
    "Note",
    "Notes",
    "ReplySheet",
    "ReplySheets",
    "Selection",
    "Topic",
    "Trace",
    "case",
    "chronology_rows",
    "compare",
    "disclose",
    "discussion",
    "exposed",
    "finding_keys",
    "present",
    "read_chronology",
    "read_notes",
    "reply_sheets",
    "save_chronology",
    "select_cases",
]
