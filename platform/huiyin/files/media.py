"""Read what a stranger uploads: by its bytes, within limits, written anew without metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps

from huiyin.core import errors

pillow_heif.register_heif_opener()

MAX_PHOTO_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONG_SIDE, SMALL_SIDE = 2048, 480
MAX_VOICE_BYTES = 10 * 1024 * 1024
MAX_SEALED_BYTES = 20 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF", "BMP")


class PhotoRejected(errors.Invalid):
    """This file is not a photo that can be read. Please choose a JPEG, PNG, WebP or HEIC picture of at most 20 MB."""


class SealedRejected(errors.Invalid):
    """This file is not a plain PDF. Please choose one of at most 20 MB, without password, scripts or embedded files."""


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
            if opened.mode != "P":
                # Small first: everything after works on a few megabytes, whatever was sent.
                opened.thumbnail((LONG_SIDE, LONG_SIDE))
            image = _on_white(ImageOps.exif_transpose(opened))
    except PhotoRejected:
        raise
    except Exception as error:
        # Decoders of a stranger's bytes raise whatever they stumble over: OSError, EOFError, SyntaxError, struct.error, …
        raise PhotoRejected from error
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    return Clean(_jpeg(image, LONG_SIDE), _jpeg(image, SMALL_SIDE), "image/jpeg", ".jpg")


def _on_white(image: Image.Image) -> Image.Image:
    """A JPEG knows no transparency; a screenshot's should not turn black."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")


def _jpeg(image: Image.Image, side: int) -> bytes:
    copy = image.copy()
    copy.thumbnail((side, side))
    # A fresh picture from the pixels alone: nothing that stood beside them comes along.
    bare = Image.new("RGB", copy.size)
    bare.paste(copy)
    out = BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


#: (magic bytes by their place, media type, suffix): the clips that telephones make.
VOICES: tuple[tuple[dict[int, tuple[bytes, ...]], str, str], ...] = (
    ({0: (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")}, "audio/mpeg", ".mp3"),
    # Pictures (HEIC, AVIF) begin with `ftyp` too: the brand behind it tells.
    (
        {
            4: (b"ftyp",),
            8: (
                b"M4A ",
                b"M4B ",
                b"mp41",
                b"mp42",
                b"isom",
                b"iso2",
                b"iso4",
                b"iso5",
                b"iso6",
                b"3gp",
                b"dash",
            ),
        },
        "audio/mp4",
        ".m4a",
    ),
    ({0: (b"OggS",)}, "audio/ogg", ".ogg"),
    ({0: (b"RIFF",), 8: (b"WAVE",)}, "audio/wav", ".wav"),
    ({0: (b"#!AMR",)}, "audio/amr", ".amr"),
    ({0: (b"\x1aE\xdf\xa3",)}, "audio/webm", ".webm"),
)
#: Shorter than any clip with a sound in it.
MIN_VOICE_BYTES = 32


def read_voice(raw: bytes) -> Clean:
    """
    Recognise a clip by its magic bytes.

    :raises VoiceRejected: if it is too large, too short or of no known kind
    """
    if MIN_VOICE_BYTES <= len(raw) <= MAX_VOICE_BYTES:
        for magic, media_type, suffix in VOICES:
            if all(raw.startswith(texts, offset) for offset, texts in magic.items()):
                return Clean(raw, b"", media_type, suffix)
    raise VoiceRejected


#: Where a reader looks for the header and the end of a PDF (ISO 32000-1, annex H.3.4), and what a letter never has in it.
PDF_EDGE = 1024
PDF_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|Encrypt)\b"
)
PDF_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def is_pdf(raw: bytes) -> bool:
    """Whether a file says of itself that it is a PDF."""
    return b"%PDF-" in raw[:PDF_EDGE]


def read_sealed(raw: bytes) -> Clean:
    """
    Recognise a PDF that is a letter or a scan: it has its header and its end, and names nothing active.

    A seal is a picture or a signature over the very bytes, so they are kept as they are. What hides in a compressed
    stream is not looked for: the file is only ever handed out to be saved, never shown inside a page.

    :raises SealedRejected: if it is too large, no PDF, locked, or has something active in it
    """
    plain = PDF_NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), raw[: MAX_SEALED_BYTES + 1])
    is_whole = is_pdf(raw) and b"%%EOF" in raw[-PDF_EDGE:]
    if len(raw) > MAX_SEALED_BYTES or not is_whole or PDF_ACTIVE.search(plain):
        raise SealedRejected
    return Clean(raw, b"", "application/pdf", ".pdf")
