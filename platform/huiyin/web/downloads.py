"""Files that are made when they are asked for, and how a browser is told to save them."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse

_OFFICE = "application/vnd.openxmlformats-officedocument"
#: ending -> what the file is
TYPES = {
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
}


def download(raw: bytes, name: str) -> FileResponse:
    """The bytes to be saved as `name`, which ends in xlsx or docx."""
    kind = TYPES[name.rpartition(".")[2]]
    return FileResponse(BytesIO(raw), as_attachment=True, filename=name, content_type=kind)
