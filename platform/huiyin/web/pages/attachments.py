"""Photos and clips, by right of sight of their case."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from huiyin.cases.models import Case
from huiyin.files import serving
from huiyin.files.models import Attachment
from huiyin.web import codes, ranges


@require_safe
def attachment(request: HttpRequest, attachment_id: str, size: str = "full") -> HttpResponseBase:
    """Send an attachment of a case that the actor, or the asker in this browser, may see."""
    row = get_object_or_404(
        Attachment, public_id=attachment_id, subject_kind="case", committed_at__isnull=False
    )
    seen = Case.objects.visible_to(request.actor).filter(pk=row.subject_id).exists()
    if not seen:
        case = get_object_or_404(Case, pk=row.subject_id)
        if codes.asker_of(request, case) is None:
            raise Http404
    return ranges.partly(request, serving.serve(row, size), row.stored(size))
