"""Papers to hand around: the case of one youth, a folder of cases, and who could be worth a review."""

from levensloop.reports.case import Case, case
from levensloop.reports.comparing import Compared, compare
from levensloop.reports.present import present
from levensloop.reports.selecting import Selection, select_cases

__all__ = ["Case", "Compared", "Selection", "case", "compare", "present", "select_cases"]
