"""A whole country on one machine or on many: the same verbs over parts that each hold whole youths."""

from levensloop.scale.dataset import Dataset, load
from levensloop.scale.outofcore import run

__all__ = ["Dataset", "load", "run"]
