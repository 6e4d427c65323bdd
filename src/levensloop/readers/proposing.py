"""Propose a layout."""

from pathlib import Path


def propose(path: Path) -> str:
    """Propose."""
    return str(path)
