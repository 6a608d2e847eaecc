"""The language of the page under way: Chinese, unless English was chosen."""

from __future__ import annotations

from django.utils.translation import get_language


def is_english() -> bool:
    """Whether the page is read in English; outside a page nobody reads it, and what is written is Chinese."""
    return (get_language() or "zh").startswith("en")
