"""Read what a stranger uploads: by its bytes, within limits, written anew without metadata."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from huiyin.core import errors

pillow_heif.register_heif_opener()

MAX_PHOTO_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONG_SIDE, SMALL_SIDE = 2048, 480
MAX_VOICE_BYTES = 10 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF", "BMP")


class PhotoRejected(errors.Invalid):
    """This file is not a photo that can be read. Please choose a JPEG, PNG, WebP or HEIC picture of at most 20 MB."""


class VoiceRejected(errors.Invalid):
    """This file is not a recording that can be read. Please choose an MP3, M4A, AMR, OGG, WAV or WebM clip of at most 10 MB."""


@dataclass(frozen=True)
class Clean:
    """What is kept of an upload."""

    data: bytes
    small: bytes
    media_type: str
    suffix: str


def read_photo(raw: bytes) -> Clean:
    """
    Decode a photo, turn it upright, shrink it and write it as a JPEG without metadata (no position, no device).

    :raises PhotoRejected: if it is too large, too many pixels, or not a picture of a known format
    """
    if len(raw) > MAX_PHOTO_BYTES:
        raise PhotoRejected
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PhotoRejected
            opened.draft("RGB", (LONG_SIDE, LONG_SIDE))
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoRejected from error
    return Clean(_jpeg(image, LONG_SIDE), _jpeg(image, SMALL_SIDE), "image/jpeg", ".jpg")


def _jpeg(image: Image.Image, side: int) -> bytes:
    copy = image.copy()
    copy.thumbnail((side, side))
    # A fresh picture from the pixels alone: nothing that stood beside them comes along.
    bare = Image.new("RGB", copy.size)
    bare.paste(copy)
    out = BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


#: (offset, magic bytes, media type, suffix): the clips that telephones make.
VOICES = (
    (0, b"ID3", "audio/mpeg", ".mp3"),
    (0, b"\xff\xfb", "audio/mpeg", ".mp3"),
    (0, b"\xff\xf3", "audio/mpeg", ".mp3"),
    (4, b"ftyp", "audio/mp4", ".m4a"),
    (0, b"OggS", "audio/ogg", ".ogg"),
    (8, b"WAVE", "audio/wav", ".wav"),
    (0, b"#!AMR", "audio/amr", ".amr"),
    (0, b"\x1aE\xdf\xa3", "audio/webm", ".webm"),
)


def read_voice(raw: bytes) -> Clean:
    """
    Recognise a clip by its magic bytes.

    :raises VoiceRejected: if it is too large or of no known kind
    """
    for offset, magic, media_type, suffix in VOICES:
        if raw[offset : offset + len(magic)] == magic and 0 < len(raw) <= MAX_VOICE_BYTES:
            return Clean(raw, b"", media_type, suffix)
    raise VoiceRejected
