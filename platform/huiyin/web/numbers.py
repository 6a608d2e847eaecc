"""Numbers that come back in hidden fields."""


def number_in(text: str) -> int | None:
    """The number that a page wrote, or None for anything else a stranger may send."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
