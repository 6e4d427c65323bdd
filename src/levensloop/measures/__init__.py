"""Findings and cohorts as small tables, ready to be told or plotted."""

from levensloop.measures.consecutive import consecutive

__all__ = ["consecutive"]
