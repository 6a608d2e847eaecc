from pathlib import Path

from django.apps import AppConfig


class CongressConfig(AppConfig):
    name = "huiyin.congress"

    def ready(self) -> None:
        """Register the recorders of the congress's field kinds, the words, what co-signers see and must agree to."""
        from huiyin.cases import querysets, recording
        from huiyin.congress import converting, recorders, signing  # noqa: F401  the recorders register themselves
        from huiyin.history import words

        words.register(Path(__file__).parent / "words")
        if signing.cases_to_sign not in querysets.also_seen:
            querysets.also_seen.append(signing.cases_to_sign)
        if signing.all_signers_agree not in recording.may_withdraw_checks:
            recording.may_withdraw_checks.append(signing.all_signers_agree)
