"""The one way set-up says no: a sentence in both languages and exit status 2, never a traceback."""

import sys
from collections.abc import Callable

EXIT_REFUSED = 2


class CannotStart(Exception):
    """Something the person at the keyboard can put right; carries the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


def say(text: str = "") -> None:
    """Write one line to the person who started us, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def refusing(work: Callable[[], int]) -> int:
    """Run `work` and return its exit status; a refusal becomes one line on stderr and status 2."""
    try:
        return work()
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        return EXIT_REFUSED
