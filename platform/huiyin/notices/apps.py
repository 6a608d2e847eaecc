from pathlib import Path

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "huiyin.notices"

    def ready(self) -> None:
        """Register the words of the notices."""
        from huiyin.history import words

        words.register(Path(__file__).parent / "words")
