"""How publishing says no."""

from huiyin.core import errors


class NotForThePublic(errors.Conflict):
    """This matter is confidential or not to be published, and stays out of the public list."""


class NotReviewedYet(errors.Conflict):
    """This matter is still being screened, or was not accepted. Only what was accepted can be published."""


class NoAnswerYet(errors.Conflict):
    """This matter has not been answered yet. Leave the answer empty and add it when the reply is there."""


class TextMissing(errors.Invalid):
    """Write a title and what was asked; a title has at most 200 characters."""


class StillPersonal(errors.Invalid):
    """The text still says who somebody is: %(found)s. Take it out first. Your words are kept below."""


class NotPublished(errors.Conflict):
    """This matter is not published any more."""


class PublicationMoved(errors.Conflict):
    """What is published was changed or taken down since you opened this page. Compare your words below, then send them again."""
