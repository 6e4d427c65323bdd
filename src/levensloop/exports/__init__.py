"""Tables for other programs."""

from levensloop.exports.files import summary, write

__all__ = ["summary", "write"]
