"""What office files are, seen from outside: packed parts, weighed before any of them is unpacked or parsed."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO

from huiyin.congress import errors

MB = 1024 * 1024
#: What one file may weigh as it is sent and unpacked, and how many parts it may have.
MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 10 * MB, 80 * MB, 3000
#: Of how many pieces its text may be: it is the pieces that cost time and memory, not the bytes.
MOST_TAGS = 200_000
#: The part that holds the text of a Word document.
PAPER = "word/document.xml"


def opened(raw: bytes, part: str) -> zipfile.ZipFile:
    """
    Look at the table of contents before anything is unpacked.

    :param part: what a file of its kind always holds
    :raises errors.FileRefused: if it is no such file, carries macros, or would grow beyond all bounds
    """
    if len(raw) > MOST_BYTES:
        raise errors.FileUnreadable
    try:
        packed = zipfile.ZipFile(BytesIO(raw))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise errors.FileUnreadable from error
    entries = packed.infolist()
    names = {entry.filename for entry in entries}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise errors.FileHasMacros
    unpacked = sum(entry.file_size for entry in entries)
    if part not in names or unpacked > MOST_UNPACKED or len(entries) > MOST_PARTS:
        raise errors.FileUnreadable
    return packed


def weigh(packed: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], most: int) -> int:
    """
    How many bytes of text some parts hold, counted before any of it is parsed.

    A part is text by how it begins: the file itself says which name stands for what. Unpacking stops at the stated sizes.
    """
    try:
        texts = [entry for entry in entries if _is_text(packed, entry)]
        weight = sum(entry.file_size for entry in texts)
        if weight > most or sum(packed.read(entry).count(b"<") for entry in texts) > MOST_TAGS:
            raise errors.FileTooFull
    except errors.FileRefused:
        raise
    except Exception as error:  # whatever a broken part makes of the unpacking
        raise errors.FileUnreadable from error
    return weight


def _is_text(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with packed.open(entry) as part:
        return part.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
