from pathlib import Path

from django.apps import AppConfig


class OpinionConfig(AppConfig):
    name = "huiyin.opinion"

    def ready(self) -> None:
        """Register the words of the entries and notices."""
        from huiyin.history import words

        words.register(Path(__file__).parent / "words")
