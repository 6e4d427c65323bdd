"""Findings and cohorts as small tables, ready to be told or plotted."""

from levensloop.measures.agreement import agreement
from levensloop.measures.aspects import Aspects, aspects
from levensloop.measures.consecutive import consecutive
from levensloop.measures.evaluate import Evaluation, evaluate
from levensloop.measures.sensitivity import sensitivity

__all__ = ["Aspects", "Evaluation", "agreement", "aspects", "consecutive", "evaluate", "sensitivity"]
