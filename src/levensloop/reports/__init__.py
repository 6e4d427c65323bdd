"""Papers to hand around: the case of one youth."""

from levensloop.reports.case import Case, case

__all__ = ["Case", "case"]
