"""The three ways in which Huiyin says no; anything else that is raised is a bug and becomes a 500."""

from django.utils.translation import gettext


class Refusal(Exception):
    """This cannot be done."""

    status = 400
    code = "refused"

    def __init__(self, sentence: str = "", **facts: object) -> None:
        super().__init__(sentence or " ".join((self.__doc__ or "").split()))
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What the person reads: the class's docstring in the person's language, filled with the facts."""
        text = gettext(str(self.args[0]))
        return text % self.facts if self.facts else text


class Conflict(Refusal):
    """Something changed while you were working. Please look again."""

    status = 409
    code = "conflict"


class NotAllowed(Refusal):
    """You are not allowed to do this."""

    status = 403
    code = "not_allowed"


class Invalid(Refusal):
    """Something in what you entered needs to be corrected."""

    status = 422
    code = "invalid"
