from pathlib import Path

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiyin.cases"

    def ready(self) -> None:
        """Register the recorders of the field kinds and the words of the entries."""
        from huiyin.cases import recorders  # noqa: F401  registers itself, and needs the models
        from huiyin.history import words

        words.register(Path(__file__).parent / "words")
