from pathlib import Path

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "huiyin.lifecycle"

    def ready(self) -> None:
        """Register the words of the entries."""
        from huiyin.history import words

        words.register(Path(__file__).parent / "words")
