"""A first form that is sent: all that is wrong with it at once, and one matter for a page that is sent twice."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from huiyin.core import canonical
from huiyin.files import services as files
from huiyin.forms import answers as forms
from huiyin.forms.document import Document


def key_of(key: str, values: Mapping[str, object]) -> str:
    """
    One page sent twice is one matter; the same page with other words, after the back button, is another.

    Uploads are staged again under other ids when they are sent again: photos are left out, and a clip, which may stand for
    the words, is known by its content.
    """
    said = {name: value for name, value in values.items() if name != "photos"}
    if "voice" in said:
        said["voice"] = files.contents(said["voice"])
    return f"web:{sha256(key.encode() + canonical.encode(said)).hexdigest()}"


def problems_of(document: Document, values: Mapping[str, object]) -> dict[str, str]:
    """What else is wrong besides a file, so that it is all said at once."""
    try:
        forms.check(document, values)
    except forms.AnswersRejected as rejected:
        return rejected.problems
    return {}
