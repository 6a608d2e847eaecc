from pathlib import Path

from django.apps import AppConfig


class CongressConfig(AppConfig):
    name = "huiyin.congress"

    def ready(self) -> None:
        """Register the recorders of the congress's field kinds, the words, what forms offer, what co-signers see and agree to."""
        from huiyin.cases import querysets, recording
        from huiyin.cases.present import choices
        from huiyin.congress import converting, present, recorders, signing  # noqa: F401  the recorders register themselves
        from huiyin.congress.services import drafting
        from huiyin.history import words

        words.register(Path(__file__).parent / "words")
        for seen in (signing.cases_to_sign, signing.cases_to_vote_on):
            if seen not in querysets.also_seen:
                querysets.also_seen.append(seen)
        if signing.all_signers_agree not in recording.may_withdraw_checks:
            recording.may_withdraw_checks.append(signing.all_signers_agree)
        if drafting.enqueue_answer not in recording.after_reply:
            recording.after_reply.append(drafting.enqueue_answer)
        if present.choices_of not in choices.sources:
            choices.sources.append(present.choices_of)
