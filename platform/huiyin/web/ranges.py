"""A part of a file, as a player asks for it: iOS plays no clip from a server that can only send the whole."""

from __future__ import annotations

import re

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

#: One range: from a place on, between two places, or the last so many bytes.
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{1,15})?-(?P<last>[0-9]{1,15})?")


def partly(request: HttpRequest, whole: FileResponse, stored: FieldFile) -> HttpResponseBase:
    """
    The part of a file that the request names (RFC 9110, section 14.2), else the whole of it.

    Several ranges at once, and `If-Range`, which needs a validator that we never gave, are answered with the whole, as
    the standard allows.
    """
    whole["Accept-Ranges"] = "bytes"
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None or found[0] == "bytes=-" or "If-Range" in request.headers:
        return whole
    size = stored.size
    if found["first"] is None:
        first, last = max(size - int(found["last"]), 0), size - 1
    else:
        first, last = int(found["first"]), min(int(found["last"] or size), size - 1)
    if first > last:
        whole.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with stored.open("rb") as opened:
        opened.seek(first)
        part = HttpResponse(opened.read(last - first + 1), status=206, headers=dict(whole.items()))
    whole.close()
    part["Content-Range"], part["Content-Length"] = f"bytes {first}-{last}/{size}", str(last - first + 1)
    return part
