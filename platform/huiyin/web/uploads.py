"""Files of a posted page become staged attachments, whose ids take the files' place in the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from huiyin.core import errors
from huiyin.files import services as files
from huiyin.files.media import MAX_PHOTO_BYTES as LIMIT
from huiyin.files.media import is_pdf
from huiyin.forms.document import Document

#: The most files of one field, where its form does not say less.
MOST = 9
#: field kind -> (suffix of its file input, kind of attachment)
_FILE_INPUTS = {
    "photos": ("", "photo"),
    "voice": ("", "voice"),
    "progress": (".photos", "photo"),
    "visit": (".photos", "photo"),
    "transcription": (".proof", "photo"),
}
#: Where a PDF is taken in place of pictures: what a scanner makes of a paper.
_TAKES_PDF = frozenset({"transcription"})


def _unclean(request: HttpRequest, document: Document) -> dict[str, str]:
    """A sentence beside each field of the form in which characters were sent that nobody can type or see."""
    names = {name.partition(".")[0] for name in request.unclean}
    return {
        name: _("“%(label)s”里有看不见的字符，已经去掉，请核对后再提交") % {"label": item.label}
        for name, item in document.fields.items()
        if name in names
    }


def posted_with_files(
    request: HttpRequest, document: Document, now: datetime
) -> tuple[QueryDict, dict[str, str]]:
    """
    The posted answers with uploads replaced by ids, and a sentence per field that can't be read.

    Ids of uploads from an earlier, refused post come back in the page's hidden inputs and are kept.
    """
    posted: QueryDict = request.POST.copy()
    problems = _unclean(request, document)
    for name, item in document.fields.items():
        if item.kind.name not in _FILE_INPUTS:
            continue
        suffix, kind = _FILE_INPUTS[item.kind.name]
        ids: list[Any] = posted.getlist(f"{name}{suffix}")
        room = max(document.schema["properties"][name].get("maxItems", MOST) - len(ids), 0)
        uploads = request.FILES.getlist(f"{name}{suffix}")
        if len(uploads) > room:
            # Reading a picture costs far more than sending one: what is too many is not even opened.
            problems[name] = _("“%(label)s”最多 %(limit)s 个") % {
                "label": item.label,
                "limit": room + len(ids),
            }
        for upload in uploads[:room]:
            try:
                raw = upload.read(LIMIT + 1)
                is_scan = item.kind.name in _TAKES_PDF and is_pdf(raw)
                ids.append(files.stage(kind="scan" if is_scan else kind, raw=raw, now=now).public_id)
            except errors.Invalid as refusal:
                problems[name] = refusal.sentence
        posted.setlist(f"{name}{suffix}", ids)
    return posted, problems
