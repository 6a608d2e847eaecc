"""Pictures and clips made on the spot."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pillow_heif
from PIL import Image

GPS = {1: "N", 2: (28.0, 55.0, 12.0), 3: "E", 4: (118.0, 52.0, 30.0)}


def picture(width: int = 80, height: int = 40) -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def jpeg(image: Image.Image | None = None, *, orientation: int = 1, gps: bool = False) -> bytes:
    image, exif = image or picture(), Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = orientation, "Huawei", "P40 of 周全"
    if gps:
        exif.get_ifd(0x8825).update(GPS)
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"secret comment", quality=95)
    return out.getvalue()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def heic(image: Image.Image | None = None) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Apple"
    exif.get_ifd(0x8825).update(GPS)
    out = BytesIO()
    pillow_heif.from_pillow(image or picture()).save(out, exif=exif.tobytes())
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A small file whose header promises a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + chunk(b"IEND", b"")
    )


def ftyp(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00" + b"\x00" * 64


VOICES = {
    "mp3 with a tag": (b"ID3\x04\x00" + b"\x00" * 64, "audio/mpeg", ".mp3"),
    "mp3": (b"\xff\xfb\x90\x00" + b"\x00" * 64, "audio/mpeg", ".mp3"),
    "mp3 of version 2": (b"\xff\xf3\x90\x00" + b"\x00" * 64, "audio/mpeg", ".mp3"),
    "m4a": (ftyp(b"M4A "), "audio/mp4", ".m4a"),
    "m4a of android": (ftyp(b"mp42"), "audio/mp4", ".m4a"),
    "3gp": (ftyp(b"3gp4"), "audio/mp4", ".m4a"),
    "ogg": (b"OggS" + b"\x00" * 64, "audio/ogg", ".ogg"),
    "wav": (b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 64, "audio/wav", ".wav"),
    "amr": (b"#!AMR\n" + b"\x00" * 64, "audio/amr", ".amr"),
    "webm": (b"\x1aE\xdf\xa3" + b"\x00" * 64, "audio/webm", ".webm"),
}
