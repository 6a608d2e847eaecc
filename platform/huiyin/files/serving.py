"""How the bytes of an attachment are handed out; whether they may be was decided before, by the right of sight of its subject."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from huiyin.files.models import Attachment


def serve(row: Attachment, size: str, caches: str = "private") -> FileResponse:
    """
    The file, or its small picture where it has one.

    :param size: `full` or `small`
    :param caches: who may keep it for a day: `private`, the reader's browser alone, or `public`
    """
    kind = Attachment.Kind(row.kind)
    answer = FileResponse(
        row.stored(size).open("rb"),
        content_type=row.media_type,
        as_attachment=kind.is_paper,
        filename=_("%(kind)s.pdf") % {"kind": kind.label} if kind.is_paper else "",
    )
    answer["Cache-Control"] = f"{caches}, max-age=86400"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
