"""The language of the page under way: Chinese, unless English was chosen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext


def is_english() -> bool:
    """Whether the page is read in English; outside a page nobody reads it, and what is written is Chinese."""
    return (get_language() or "zh").startswith("en")


class LocallyNamed:
    """A row whose name is Chinese, as the diagram or the rules have it; those that are shipped have another in English."""

    name: Any

    @property
    def local_name(self) -> str:
        """Its name in the reader's language: the shipped ones' stand among the words of the pages."""
        return gettext(self.name)
