"""What the pages refuse."""

from __future__ import annotations

from huiyin.core import errors


class LetterUnreadable(errors.Conflict):
    """The template of the letter cannot be read. Ask the platform's administrator to put a Word file (.docx) in its place."""
